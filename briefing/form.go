package briefing

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Type is what a comment is.
type Type string

// The types of comments.
const (
	Opinion Type = "opinion"
	Fix     Type = "correction"
	More    Type = "source"
)

// Types in the order in which they are offered.
var Types = []Type{Opinion, Fix, More}

// Aspects of a rating, each from 1 to 5 or not given.
type Aspects struct {
	Clear   int `json:"clear,omitempty"`
	Sourced int `json:"sourced,omitempty"`
	Fair    int `json:"fair,omitempty"`
}

// Form is a comment as posted. It keeps what was typed, also where it is wrong.
type Form struct {
	Name, Email, Message string
	Rating               string
	Clear, Sourced, Fair string
	Type                 string
	Place, Source        string // of a correction, or of a further source
	ReplyTo              string
	Proof                string // what the widget posted
	ProofAsked           bool   // the widget's field was there, filled or not
	Trap                 string // the field that no person sees
	Stamp                string
	Lang                 Lang
	Address              string // of the network, never kept
}

// Fault is one thing wrong in a form: the field's id and what to do.
type Fault struct {
	Field string `json:"field"`
	Says  string `json:"says"`
}

// Limits of a comment, in letters.
const (
	maxName    = 80
	maxEmail   = 254
	minMessage = 3
	maxMessage = 4000
	maxPlace   = 300
	maxSource  = 500
)

// Faults are all that is wrong with the fields, in their order on the page.
func (f Form) Faults() []Fault {
	l := f.Lang
	if l == "" {
		l = English
	}
	var out []Fault
	add := func(field, key string, args ...any) { out = append(out, Fault{field, l.Say(key, args...)}) }
	long := func(field, text string, most int) bool {
		if utf8.RuneCountInString(text) > most {
			add(field, "fault-long", most)
			return true
		}
		return false
	}
	needsRating := f.ReplyTo == "" && (f.Type == "" || f.Type == string(Opinion))
	if r := strings.TrimSpace(f.Rating); r == "" && needsRating {
		add("rating", "fault-rating-missing")
	} else if _, ok := star(r); r != "" && !ok {
		add("rating", "fault-rating")
	}
	for _, a := range []struct{ field, value string }{{"clear", f.Clear}, {"sourced", f.Sourced}, {"fair", f.Fair}} {
		if v := strings.TrimSpace(a.value); v != "" {
			if _, ok := star(v); !ok {
				add(a.field, "fault-rating")
			}
		}
	}
	if f.Type != "" && !slices.Contains(Types, Type(f.Type)) {
		add("type", "fault-type")
	}
	if long("place", f.Place, maxPlace); f.Type == string(Fix) && blank(f.Place) {
		add("place", "fault-place")
	}
	if long("source", f.Source, maxSource); f.Type == string(More) && blank(f.Source) {
		add("source", "fault-source")
	} else if f.Type == string(Fix) && blank(f.Source) {
		add("source", "fault-source")
	}
	switch {
	case blank(f.Message):
		add("message", "fault-message-missing")
	case utf8.RuneCountInString(strings.TrimSpace(f.Message)) < minMessage:
		add("message", "fault-message-short", minMessage)
	default:
		long("message", f.Message, maxMessage)
	}
	switch {
	case blank(f.Name):
		add("name", "fault-name-missing")
	case strings.ContainsFunc(f.Name, unicode.IsControl):
		add("name", "fault-name")
	default:
		long("name", f.Name, maxName)
	}
	switch {
	case blank(f.Email):
		add("email", "fault-email-missing")
	case !isEmail(f.Email):
		add("email", "fault-email")
	}
	return out
}

// blank reports whether there is nothing to see.
func blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsSpace(r) && unicode.IsGraphic(r) }) < 0
}

// star reads a rating of 1 to 5.
func star(s string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	return n, err == nil && n >= 1 && n <= 5
}

// isEmail accepts one bare address with a dot in its host.
func isEmail(s string) bool {
	s = strings.TrimSpace(s)
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > maxEmail || strings.ContainsAny(s, "\r\n<>") {
		return false
	}
	_, host, _ := strings.Cut(s, "@")
	return strings.Contains(strings.Trim(host, "."), ".") && !strings.HasSuffix(host, ".")
}
