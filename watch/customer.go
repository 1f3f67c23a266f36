package watch

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"article41/country"
	"article41/date"
	"article41/name"
	"article41/record"
	"article41/screen"
)

// CustomerID is the number a house gives its customer. It is kept sealed: it may
// be an address or a number of a document.
type CustomerID string

// Customer is a person, a firm or a ship that a house watches.
type Customer struct {
	ID          CustomerID          `json:"id"`
	Kind        name.Kind           `json:"kind"`
	Name        string              `json:"name"`
	Aliases     []string            `json:"aliases,omitempty"`
	Born        string              `json:"birth_date,omitempty"` // YYYY, YYYY-MM, YYYY-MM-DD, a span, ~ for about
	Countries   []string            `json:"countries,omitempty"`  // codes or names
	Gender      string              `json:"gender,omitempty"`
	IMO         string              `json:"imo,omitempty"`
	Identifiers []screen.Identifier `json:"identifiers,omitempty"`
	// Former are the numbers of customers that were merged into this one: what was
	// decided on them is looked at for this one.
	Former []CustomerID `json:"former_ids,omitempty"`
}

// Bounds of what is taken as a customer; the longest listed name has a tenth.
const (
	maxName  = 2 << 10
	maxNames = 100
	maxFacts = 100
	maxID    = 400
)

// Fault is what is wrong with one field. It does not repeat the value, which may
// be personal.
type Fault struct {
	Field string `json:"field"`
	Says  string `json:"says"`
}

func (f Fault) Error() string { return f.Field + ": " + f.Says }

// Unwrap tells its kind: what was given cannot be read.
func (f Fault) Unwrap() error { return record.ErrInvalid }

func fault(field, says string, args ...any) error { return Fault{field, fmt.Sprintf(says, args...)} }

// Validate says what is wrong with a customer, by field.
func (c Customer) Validate() error {
	if c.ID == "" || len(c.ID) > maxID || !utf8.ValidString(string(c.ID)) {
		return fault("id", "want 1 to %d bytes of text", maxID)
	}
	_, err := c.query()
	return err
}

// query is the customer as a question to the lists.
func (c Customer) query() (screen.Query, error) {
	q := screen.Query{Kind: c.Kind, Limit: allHits}
	if strings.TrimSpace(c.Name) == "" {
		return q, fault("name", "nothing to screen")
	}
	if len(c.Aliases) >= maxNames {
		return q, fault("aliases", "%d names, at most %d", len(c.Aliases), maxNames-1)
	}
	for i, n := range append([]string{c.Name}, c.Aliases...) {
		field := "name"
		if i > 0 {
			field = "aliases"
		}
		switch {
		case strings.TrimSpace(n) == "":
			continue
		case len(n) > maxName:
			return q, fault(field, "%d bytes, at most %d", len(n), maxName)
		case !utf8.ValidString(n):
			return q, fault(field, "not UTF-8")
		case !strings.ContainsFunc(n, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
			return q, fault(field, "no letter and no digit: nothing that can be compared")
		}
		if !slices.Contains(q.Names, n) {
			q.Names = append(q.Names, n)
		}
	}
	if c.Born != "" {
		b, err := date.ParseAbout(c.Born)
		if err != nil {
			return q, fault("birth_date", "want YYYY, YYYY-MM or YYYY-MM-DD")
		}
		from, to, _ := strings.Cut(strings.TrimPrefix(b.String(), "~"), "/")
		q.Births = []screen.Birth{{From: from, To: to, About: b.Circa}}
	}
	if len(c.Countries) > maxFacts || len(c.Identifiers) > maxFacts || len(c.Former) > maxFacts {
		return q, fault("identifiers", "at most %d of each", maxFacts)
	}
	for _, s := range c.Countries {
		code, err := country.Parse(s)
		if err != nil {
			return q, fault("country", "no state is known by this code or name: want such as FR, FRA or France")
		}
		q.Countries = append(q.Countries, string(code))
	}
	switch strings.ToLower(c.Gender) {
	case "":
	case "m", "male", "f", "female":
		q.Gender = c.Gender
	case "other", "x", "unknown", "u", "nonbinary", "non-binary", "diverse": // kept; lists know none, so nothing is compared
	default:
		return q, fault("gender", "want m, f, other or unknown, or nothing")
	}
	q.Identifiers = append(q.Identifiers, c.Identifiers...)
	if c.IMO != "" {
		q.Identifiers = append(q.Identifiers, screen.Identifier{Kind: "imo", Value: c.IMO})
	}
	for _, x := range q.Identifiers {
		if len(x.Kind)+len(x.Country)+len(x.Value) > maxID || !utf8.ValidString(x.Kind+x.Country+x.Value) {
			return q, fault("identifiers", "want at most %d bytes of text each", maxID)
		}
	}
	return q, nil
}

// allHits is a limit that no screening of one customer reaches.
const allHits = 1 << 30

// subject is the customer as the index keeps it: found by what it would ask.
func subject(id customerKey, q screen.Query) screen.Subject {
	s := screen.Subject{ID: screen.SubjectID(id), Kind: q.Kind, Births: q.Births, Countries: q.Countries, Gender: q.Gender, Identifiers: q.Identifiers}
	for _, n := range q.Names {
		s.Names = append(s.Names, screen.Name{Text: n, Strength: screen.Strong})
	}
	return s
}

// asks is the question of an indexed customer: what subject made of it.
func asks(s screen.Subject) screen.Query {
	q := screen.Query{Kind: s.Kind, Births: s.Births, Countries: s.Countries, Gender: s.Gender, Identifiers: s.Identifiers, Limit: allHits}
	for _, n := range s.Names {
		q.Names = append(q.Names, n.Text)
	}
	return q
}
