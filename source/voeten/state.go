package voeten

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
	"sync"

	"article41/country"
	"article41/date"
)

//go:embed cow.csv
var cowCSV string

// line is one Correlates of War number: the state it is, and the one it was.
type line struct {
	code, before country.Code
	until        date.Day
}

// The table is packed in the binary and held by a test, so a fault in it is a
// fault of the program.
var lines = sync.OnceValue(func() map[string]line {
	out := map[string]line{}
	rows, err := csv.NewReader(strings.NewReader(cowCSV)).ReadAll()
	if err != nil {
		panic(err)
	}
	for _, r := range rows[1:] {
		l := line{code: country.Code(r[1]), before: country.Code(r[2])}
		if r[3] != "" {
			l.until = date.MustDay(r[3])
		}
		out[r[0]] = l
	}
	return out
})

// StateOf is the state of a Correlates of War number on a day.
func StateOf(cow string, on date.Day) (country.Code, error) {
	l, ok := lines()[cow]
	if !ok {
		return "", fmt.Errorf("no state has the Correlates of War number %q", cow)
	}
	if l.before != "" && !on.After(l.until) {
		return l.before, nil
	}
	return l.code, nil
}
