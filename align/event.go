package align

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
	"sync"

	"article41/country"
	"article41/date"
	"article41/record"
)

// Event is a day of a state's history that a chart marks. That something moved
// after it is no proof that it moved because of it.
type Event struct {
	State country.Code `json:"state"`
	On    date.Day     `json:"on"`
	What  string       `json:"what"`
	Short string       `json:"short"`
	Cite  record.Cite  `json:"cite"`
}

//go:embed events.csv
var eventsCSV string

var events = sync.OnceValue(func() []Event {
	out, err := readEvents(eventsCSV)
	if err != nil {
		panic(err) // packed in the binary and held by a test
	}
	return out
})

// EventsOf are the days marked for a state.
func EventsOf(c country.Code) []Event {
	out := []Event{}
	for _, e := range events() {
		if e.State == c {
			out = append(out, e)
		}
	}
	return out
}

func readEvents(text string) ([]Event, error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("events.csv: %w", err)
	}
	var out []Event
	for i, r := range rows[1:] {
		on, err := date.ParseDay(r[1])
		if err != nil {
			return nil, fmt.Errorf("events.csv:%d: %w", i+2, err)
		}
		sure := record.Sureness(r[6])
		if sure != record.Verified && sure != record.Unverified {
			return nil, fmt.Errorf("events.csv:%d: sureness %q", i+2, r[6])
		}
		out = append(out, Event{country.Code(r[0]), on, r[2], r[3], record.Cite{Source: r[4], Place: r[5], Sure: sure}})
	}
	return out, nil
}
