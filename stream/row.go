// Package stream screens rows by the million: JSON lines in, JSON lines out,
// every row answered exactly once.
//
// A [Row] is one line: an id of the sender's, a name, and what else is known of
// its bearer. An [Answer] is one line with the same id. [Batch] works through a
// file: its answers come in the order of the rows, so a run that was killed goes
// on after its last whole line, and nothing is lost or doubled. A row that cannot
// be read is answered too, with an error in place of a verdict.
//
// The package screens nothing itself; it is handed a function that does.
//
//	stats, err := stream.Batch(ctx, in, out, stream.Earlier{}, sift, stream.Options{})
package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"article41"
	"article41/record"
)

// ID is the sender's name for a row: a JSON string or whole number, kept as it
// was written.
type ID string

// MarshalJSON writes the id as it came.
func (id ID) MarshalJSON() ([]byte, error) {
	if id == "" {
		return []byte("null"), nil
	}
	return []byte(id), nil
}

// UnmarshalJSON takes a string or a whole number.
func (id *ID) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	if len(b) > maxID {
		return fmt.Errorf("%w: id: %d bytes, want at most %d", record.ErrInvalid, len(b), maxID)
	}
	var text string
	var number json.Number
	if json.Unmarshal(b, &text) == nil && text != "" || json.Unmarshal(b, &number) == nil && !strings.ContainsAny(number.String(), ".eE") {
		*id = ID(b)
		return nil
	}
	return fmt.Errorf("%w: id: %s: want a string that is not empty, or a whole number", record.ErrInvalid, b)
}

const (
	maxID  = 400       // bytes
	maxRow = 256 << 10 // bytes of a line
)

// Row is one line to screen.
type Row struct {
	ID    ID
	Query article41.Query
}

// fields are the members of a row that count; all others are the sender's own
// and are passed over. Where two spellings stand for one thing, both are read.
type fields struct {
	ID          ID              `json:"id"`
	Name        string          `json:"name"`
	Names       texts           `json:"names"`
	Aliases     texts           `json:"aliases"`
	Kind        string          `json:"kind"`
	Schema      string          `json:"schema"`
	Type        string          `json:"type"`
	Born        string          `json:"born"`
	BirthDate   string          `json:"birth_date"`
	Gender      string          `json:"gender"`
	Country     texts           `json:"country"`
	Countries   texts           `json:"countries"`
	Nationality texts           `json:"nationality"`
	Lists       []string        `json:"lists"`
	Threshold   *float64        `json:"threshold"`
	Limit       int             `json:"limit"`
	Identifiers texts           `json:"identifiers"`
	Fault       string          `json:"article41_fault"` // of a row of a table: see Lines
	Query       json.RawMessage `json:"query"`           // refused: see ReadRow
}

// texts is a string or a list of strings.
type texts []string

func (t *texts) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		if one != "" {
			*t = texts{one}
		}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(t))
}

// ReadRow reads one line. Its id comes back even where the rest is wrong, so that
// the row can be answered.
func ReadRow(line []byte) (Row, error) {
	if len(line) > maxRow {
		return Row{}, fmt.Errorf("%w: the line has %d bytes, want at most %d", record.ErrInvalid, len(line), maxRow)
	}
	var f fields
	if err := json.Unmarshal(line, &f); err != nil {
		var only struct {
			ID ID `json:"id"`
		}
		_ = json.Unmarshal(line, &only) // what of it can be read
		return Row{ID: only.ID}, noRow(err)
	}
	r := Row{ID: f.ID, Query: article41.Query{
		Name: f.Name, Names: append(f.Names, f.Aliases...), Kind: first(f.Kind, f.Schema, f.Type), Born: first(f.Born, f.BirthDate),
		Gender: f.Gender, Countries: append(append(f.Countries, f.Country...), f.Nationality...), Threshold: f.Threshold, Limit: f.Limit,
		Identifiers: f.Identifiers,
	}}
	for _, l := range f.Lists {
		r.Query.Lists = append(r.Query.Lists, record.SourceID(l))
	}
	switch {
	case f.ID == "":
		return r, fmt.Errorf("%w: id: missing; every row needs one, to tell its answer by", record.ErrInvalid)
	case f.Fault != "":
		return r, f.fault()
	case !utf8.Valid(line): // it was read, with other letters in place of those
		return r, fmt.Errorf("%w: the line is not UTF-8", record.ErrInvalid)
	case f.Query != nil:
		return r, fmt.Errorf("%w: query: a row has its name and the rest beside its id, not within", record.ErrInvalid)
	}
	return r, nil
}

// noRow says why a line is no row, in words of the line.
func noRow(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%w: the line is not JSON: %v, at byte %d", record.ErrInvalid, syntax, syntax.Offset)
	case errors.As(err, &kind) && kind.Field == "":
		return fmt.Errorf("%w: the line is a JSON %s, and a row is an object: {\"id\": …, \"name\": …}", record.ErrInvalid, kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("%w: %s: a %s cannot stand here", record.ErrInvalid, kind.Field, kind.Value)
	}
	return err // of an ID
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// Answer is one line of the answers.
type Answer struct {
	ID   ID    `json:"id"`
	Line int64 `json:"line,omitempty"` // of the batch, from 1
	// Repeats is the line that had the same id and the same content before.
	Repeats int64 `json:"repeats,omitempty"`
	*article41.Sifted
	Error string `json:"error,omitempty"` // in place of a verdict: what is wrong with the row
}

// bytes is the answer's line, with its end.
func (a Answer) bytes() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(a)
	return b.Bytes(), err
}
