package watch

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"article41/shelf"
)

// Told is an alert as it is told to whoever may read it.
type Told struct {
	Alert
	Evidence *Evidence `json:"compared"` // null: the customer was erased
	Stands   string    `json:"stands"`   // the standing in words
	Sealed   []byte    `json:"sealed,omitempty"`
}

// Tell opens an alert's evidence.
func (d *Desk) Tell(ctx context.Context, a Alert) (Told, error) {
	if a.Sealed == nil {
		kept, _, err := d.drawer().Read(ctx, shelf.ID(a.ID))
		if err != nil {
			return Told{}, err
		}
		a = kept
	}
	e, erased, err := d.evidence(ctx, a)
	if err != nil {
		return Told{}, err
	}
	t := Told{Alert: a, Stands: a.Standing.Words()}
	t.Alert.Sealed = nil
	if !erased {
		t.Evidence = &e
	}
	return t, nil
}

// WriteJSON writes alerts as JSON lines, one an alert.
func (d *Desk) WriteJSON(ctx context.Context, w io.Writer, all []Alert) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, a := range all {
		t, err := d.Tell(ctx, a)
		if err != nil {
			return err
		}
		if err := enc.Encode(t); err != nil {
			return err
		}
	}
	return nil
}

// WriteCSV writes alerts as a table for spreadsheets.
func (d *Desk) WriteCSV(ctx context.Context, w io.Writer, all []Alert) error {
	c := csv.NewWriter(w)
	c.Write([]string{"alert", "state", "why", "customer_id", "customer", "asked", "entry", "caption", "matched", "stands", "bound", "meets", "score", "class",
		"for", "against", "list_version", "policy", "engine", "opened", "changed", "decided", "decided_by", "second", "reason"})
	for _, a := range all {
		t, err := d.Tell(ctx, a)
		if err != nil {
			return err
		}
		e := Evidence{Customer: "erased"}
		if t.Evidence != nil {
			e = *t.Evidence
		}
		var last Decision
		reason := ""
		if n := len(a.Decisions); n > 0 {
			last = a.Decisions[n-1]
		}
		if n := len(e.Reasons); n > 0 {
			reason = e.Reasons[n-1].Says
		}
		decided := ""
		if !last.At.IsZero() {
			decided = last.At.Format(time.RFC3339)
		}
		var pro, con []string
		for _, x := range e.For {
			pro = append(pro, x.Kind+": "+x.Detail)
		}
		for _, x := range e.Against {
			con = append(con, x.Kind+": "+x.Detail)
		}
		row := []string{string(a.ID), string(a.State), a.Why, string(e.CustomerID), e.Customer, e.Asked, string(a.Entry), a.Caption, e.Matched.Text, t.Stands,
			strconv.FormatBool(a.Standing.Alive), strconv.FormatBool(a.Meets), strconv.FormatFloat(a.Score, 'f', 3, 64), a.Class,
			strings.Join(pro, "; "), strings.Join(con, "; "), a.Changed.Version, a.Changed.Policy, a.Changed.Engine,
			a.Opened.At.Format(time.RFC3339), a.Changed.At.Format(time.RFC3339), decided, last.Name, last.Second, reason}
		for i := range row {
			row[i] = Cell(row[i])
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// Cell is a text that a spreadsheet takes for a text: one that begins as a formula
// does gets an apostrophe in front, as names come from strangers.
func Cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
