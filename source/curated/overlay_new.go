package curated

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Adoption is one adopted text as an editor states it: what a regime's file says
// of one decision.
type Adoption struct {
	Regime  record.RegimeID
	Symbol  symbol.Symbol
	Vote    record.Vote // its id and cites are the adoption's
	Effects []record.Effect
	Cite    record.Cite // of the vote, and of each effect that has none of its own
	// KnownThrough, if not zero, is the day up to which the chain was looked at; the
	// same source stands for it.
	KnownThrough date.Day
}

// ParseEffect reads an effect as an editor says it:
//
//	extend travel-ban,assets-freeze until 2027-05-31 paragraph 1
//	establish panel term "13 months from adoption" paragraph 18
//	revive assets-freeze from 2025-09-27 hour 20:00 note "…"
//
// A deed, the components, and then in any order until, from, hour, paragraph,
// term, scope, note, each with a value; final; gap.
func ParseEffect(s string) (record.Effect, error) {
	fail := func(format string, args ...any) (record.Effect, error) {
		return record.Effect{}, fmt.Errorf("%w: effect %q: "+format, append([]any{record.ErrInvalid, s}, args...)...)
	}
	words, err := cut(s)
	if err != nil {
		return fail("%v", err)
	}
	if len(words) < 2 {
		return fail(`want a deed and components, such as "extend travel-ban,assets-freeze until 2027-05-31 paragraph 1"`)
	}
	e := record.Effect{Do: record.Deed(words[0])}
	switch e.Do {
	case record.Impose, record.Extend, record.Amend, record.Ease, record.Suspend, record.Revive, record.Terminate, record.Establish, record.End, record.Review:
	default:
		return fail("deed %q: want %s", e.Do, deedNames)
	}
	for _, w := range strings.Split(words[1], ",") {
		if w = strings.TrimSpace(w); w != "" {
			e.What = append(e.What, record.ComponentID(w))
		}
	}
	if len(e.What) == 0 {
		return fail("%q names no component", words[1])
	}
	for words = words[2:]; len(words) > 0; words = words[1:] {
		switch words[0] {
		case "final":
			e.Final = true
			continue
		case "gap":
			e.Gap = true
			continue
		}
		key := words[0]
		if words = words[1:]; len(words) == 0 {
			return fail("%s: nothing follows it", key)
		}
		var err error
		switch value := words[0]; key {
		case "until":
			e.Until, err = date.ParseDay(value)
		case "from":
			e.From, err = date.ParseDay(value)
		case "hour":
			_, err = time.Parse("15:04", value)
			e.Hour = value
		case "paragraph":
			e.Paragraph = value
		case "term":
			e.Term = value
		case "scope":
			e.Scope = value
		case "note":
			e.Note = value
		default:
			return fail("%q: want until, from, hour, paragraph, term, scope, note, final or gap", key)
		}
		if err != nil {
			return fail("%s: %v", key, err)
		}
	}
	return e, nil
}

// deedNames are the deeds of a regime's effect, for a reader who wrote another.
const deedNames = "impose, extend, amend, ease, suspend, revive, terminate, establish, end or review"

// cut cuts at spaces outside quotes.
func cut(s string) ([]string, error) {
	var out []string
	for s = strings.TrimLeft(s, " \t"); s != ""; s = strings.TrimLeft(s, " \t") {
		if s[0] == '"' {
			end := strings.IndexByte(s[1:], '"')
			if end < 0 {
				return nil, fmt.Errorf("a quote is not closed")
			}
			out, s = append(out, s[1:1+end]), s[end+2:]
			continue
		}
		end := strings.IndexAny(s, " \t")
		if end < 0 {
			end = len(s)
		}
		out, s = append(out, s[:end]), s[end:]
	}
	return out, nil
}

// Write writes the decision as an item of a regime's list of decisions.
func (a Adoption) Write(indent string) string {
	var b strings.Builder
	line := func(depth int, format string, args ...any) {
		fmt.Fprintf(&b, indent+strings.Repeat("  ", depth)+format+"\n", args...)
	}
	line(0, "- symbol: %s", plain(a.Symbol.String()))
	v := a.Vote
	line(1, "vote:")
	field := func(key, value string) {
		if value != "" {
			line(2, "%s: %s", key, plain(value))
		}
	}
	field("draft", v.Draft.String())
	field("title", v.Title)
	field("date", v.Date.String())
	field("published", v.Published.String())
	field("meeting", v.Meeting.String())
	if v.Mode != record.ByVote {
		field("mode", string(v.Mode))
	}
	if t := v.Tally; t != nil {
		counts := fmt.Sprintf("%d-%d-%d", t.Yes, t.No, t.Abstain)
		if t.NotVoting > 0 {
			counts += fmt.Sprintf("-%d", t.NotVoting)
		}
		line(2, "tally: %s", counts)
	}
	if v.Ballots != nil {
		line(2, "ballots:")
		for _, g := range []struct {
			key string
			who []country.Code
		}{{`"yes"`, v.Ballots.Yes}, {`"no"`, v.Ballots.No}, {"abstain", v.Ballots.Abstain}, {"not_participating", v.Ballots.NotParticipating}, {"absent", v.Ballots.Absent}} {
			if len(g.who) > 0 {
				line(3, "%s: %s", g.key, flow(g.who))
			}
		}
	}
	if len(v.Penholders) > 0 {
		line(2, "penholders: %s", flow(v.Penholders))
	}
	line(2, "cites:")
	line(3, "- %s", writeCite(a.Cite))
	if len(a.Effects) > 0 {
		line(1, "effects:")
	}
	for _, e := range a.Effects {
		line(2, "- {%s}", strings.Join(a.effect(e), ", "))
	}
	return b.String()
}

func (a Adoption) effect(e record.Effect) []string {
	f := []string{"do: " + plain(string(e.Do)), "what: " + flow(e.What)}
	add := func(key, value string) {
		if value != "" {
			f = append(f, key+": "+value)
		}
	}
	quoted := func(key, value string) {
		if value != "" {
			add(key, quotedText(value))
		}
	}
	quoted("paragraph", e.Paragraph)
	add("from", e.From.String())
	quoted("hour", e.Hour)
	add("until", e.Until.String())
	quoted("term", e.Term)
	if e.Final {
		add("final", "true")
	}
	if e.Gap {
		add("gap", "true")
	}
	quoted("scope", e.Scope)
	quoted("note", e.Note)
	c := e.Cite
	if c == (record.Cite{}) {
		c = a.Cite
	}
	return append(f, "cite: "+writeCite(c))
}

// simple text can stand in YAML as it is, in a list too.
var simple = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9./()-]*( [A-Za-z0-9(][A-Za-z0-9./()-]*)*$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// reserved words are no text where they stand alone.
var reserved = regexp.MustCompile(`^(?i:true|false|null|yes|no|on|off|y|n|nan|inf)$`)

func plain(s string) string {
	if simple.MatchString(s) && !reserved.MatchString(s) {
		return s
	}
	return quotedText(s)
}

func quotedText(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return strings.TrimSpace(b.String())
}

func flow[T ~string](list []T) string {
	var out []string
	for _, x := range list {
		out = append(out, plain(string(x)))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func writeCite(c record.Cite) string {
	short := strings.TrimSpace(string(c.Sure) + " " + c.Source + " " + c.Place)
	if c.Note == "" && simple.MatchString(short) && !strings.Contains(c.Source, " ") {
		return short
	}
	f := []string{"source: " + plain(c.Source), "sureness: " + plain(string(c.Sure))}
	if c.Place != "" {
		f = append(f, "place: "+quotedText(c.Place))
	}
	if c.Note != "" {
		f = append(f, "note: "+quotedText(c.Note))
	}
	return "{" + strings.Join(f, ", ") + "}"
}
