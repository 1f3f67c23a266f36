package watch

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

	"article41/record"
)

// Formats are those that alerts are written in, by name, each with its media type.
var Formats = map[string]string{
	"jsonl":   "application/x-ndjson",
	"csv":     "text/csv; charset=utf-8",
	"parquet": "application/vnd.apache.parquet",
	"ftm":     "application/x-ndjson",
}

// MediaType is the media type of a format, or an error that names those there are.
func MediaType(format string) (media string, err error) {
	media, ok := Formats[format]
	if !ok {
		names := make([]string, 0, len(Formats))
		for f := range Formats {
			names = append(names, f)
		}
		slices.Sort(names)
		return "", fmt.Errorf("%w: format %q: want one of %s", record.ErrInvalid, format, strings.Join(names, ", "))
	}
	return media, nil
}

// Write writes alerts in a format: jsonl (an alert a line, whole), csv and parquet
// (a row an alert), ftm (a FollowTheMoney Note an alert, on the entry it is about:
// a link between customer and entry would say more than an alert does).
func (d *Desk) Write(ctx context.Context, w io.Writer, format string, all []Alert) error {
	if _, err := MediaType(format); err != nil {
		return err
	}
	buf := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	take, end := func(t Told) error { return enc.Encode(t) }, func() error { return nil }
	switch format {
	case "ftm":
		take = func(t Told) error { return enc.Encode(noteOf(t)) }
	case "csv":
		out := csv.NewWriter(buf)
		out.Write(rowNames)
		take = func(t Told) error { return out.Write(alertRow(t).cells()) }
		end = func() error { out.Flush(); return out.Error() }
	case "parquet":
		out := parquet.NewGenericWriter[tableRow](buf, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(50_000))
		take = func(t Told) error { _, err := out.Write([]tableRow{alertRow(t)}); return err }
		end = out.Close
	}
	for _, a := range all {
		t, err := d.Tell(ctx, a)
		if err == nil {
			err = take(t)
		}
		if err != nil {
			return err
		}
	}
	if err := end(); err != nil {
		return err
	}
	return buf.Flush()
}

// tableRow is an alert in one row; several values stand in a list, in CSV between
// semicolons.
type tableRow struct {
	Alert       string   `parquet:"alert"`
	State       string   `parquet:"state,dict"`
	Why         string   `parquet:"why,dict"`
	CustomerID  string   `parquet:"customer_id"`
	Customer    string   `parquet:"customer"`
	Asked       string   `parquet:"asked"`
	Entry       string   `parquet:"entry"`
	Caption     string   `parquet:"caption"`
	Matched     string   `parquet:"matched"`
	Stands      string   `parquet:"stands"`
	Bound       bool     `parquet:"bound"`
	Meets       bool     `parquet:"meets"`
	Score       float64  `parquet:"score"`
	Class       string   `parquet:"class,dict"`
	For         []string `parquet:"for,list"`
	Against     []string `parquet:"against,list"`
	ListVersion string   `parquet:"list_version,dict"`
	Policy      string   `parquet:"policy,dict"`
	Engine      string   `parquet:"engine,dict"`
	Opened      string   `parquet:"opened"`
	Changed     string   `parquet:"changed"`
	Decided     string   `parquet:"decided"`
	DecidedBy   string   `parquet:"decided_by,dict"`
	Second      string   `parquet:"second,dict"`
	Reason      string   `parquet:"reason"`
}

// rowNames are the names of a row's cells, which Parquet and CSV share.
var rowNames = func() (out []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[tableRow]()) {
		name, _, _ := strings.Cut(f.Tag.Get("parquet"), ",")
		out = append(out, name)
	}
	return out
}()

func alertRow(t Told) tableRow {
	e := Evidence{Customer: "erased"}
	if t.Evidence != nil {
		e = *t.Evidence
	}
	r := tableRow{Alert: string(t.ID), State: string(t.State), Why: t.Why, CustomerID: string(e.CustomerID), Customer: e.Customer, Asked: e.Asked,
		Entry: string(t.Entry), Caption: t.Caption, Matched: e.Matched.Text, Stands: t.Stands, Bound: t.Standing.Alive, Meets: t.Meets, Score: t.Score, Class: t.Class,
		ListVersion: t.Changed.Version, Policy: t.Changed.Policy, Engine: t.Changed.Engine, Opened: stamp(t.Opened.At), Changed: stamp(t.Changed.At)}
	for _, x := range e.For {
		r.For = append(r.For, x.Kind+": "+x.Detail)
	}
	for _, x := range e.Against {
		r.Against = append(r.Against, x.Kind+": "+x.Detail)
	}
	if n := len(t.Decisions); n > 0 {
		last := t.Decisions[n-1]
		r.Decided, r.DecidedBy, r.Second = stamp(last.At), last.Name, last.Second
	}
	if n := len(e.Reasons); n > 0 {
		r.Reason = e.Reasons[n-1].Says
	}
	return r
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// cells are the row as texts that a spreadsheet takes for texts.
func (r tableRow) cells() []string {
	v := reflect.ValueOf(r)
	out := make([]string, v.NumField())
	for i := range out {
		switch x := v.Field(i).Interface().(type) {
		case string:
			out[i] = Cell(x)
		case bool:
			out[i] = strconv.FormatBool(x)
		case float64:
			out[i] = strconv.FormatFloat(x, 'f', 3, 64)
		case []string:
			out[i] = Cell(strings.Join(x, "; "))
		}
	}
	return out
}

// Cell is a text that a spreadsheet takes for a text: one that begins as a formula
// does gets an apostrophe in front, as names come from strangers.
func Cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// note is an alert in the FollowTheMoney form.
type note struct {
	ID         string              `json:"id"`
	Caption    string              `json:"caption"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
	Datasets   []string            `json:"datasets"`
}

func noteOf(t Told) note {
	r := alertRow(t)
	list, ref, _ := strings.Cut(r.Entry, ":")
	caption := "Screening alert, " + r.State + ": " + r.Customer + " / " + r.Caption
	says := []string{"A name met a name; that they are one bearer is not said.", "Customer: " + strings.TrimSpace(r.CustomerID+" "+r.Customer), "Asked: " + r.Asked, "Met: " + r.Matched,
		"Score: " + strconv.FormatFloat(r.Score, 'f', 3, 64) + ", " + r.Class, "Entry: " + r.Stands}
	for _, x := range r.For {
		says = append(says, "For: "+x)
	}
	for _, x := range r.Against {
		says = append(says, "Against: "+x)
	}
	if r.Decided != "" {
		says = append(says, "Decided "+r.Decided+" by "+r.DecidedBy+": "+r.State)
	}
	if r.Reason != "" {
		says = append(says, "Reason: "+r.Reason)
	}
	return note{ID: "alert-" + r.Alert, Caption: caption, Schema: "Note", Datasets: []string{"alerts"}, Properties: map[string][]string{
		"name": {caption}, "entity": {list + "-" + ref}, "description": {strings.Join(says, "\n")}, "createdAt": {r.Opened}, "modifiedAt": {r.Changed},
	}}
}
