package article41

import (
	"fmt"
	"strconv"
	"strings"

	"article41/align"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// The questions about roll calls as an address asks them: pages and JSON take the
// same parameters. get returns "" for one that is not given.

// FilterOf reads body, from, to, topic, votes and consensus.
func FilterOf(get func(string) string) (align.Filter, error) {
	f := align.Filter{Topic: strings.TrimSpace(get("topic"))}
	var err error
	if f.Body, err = align.ParseBody(get("body")); err != nil {
		return f, err
	}
	for _, d := range []struct {
		name string
		last bool
		to   *date.Day
	}{{"from", false, &f.From}, {"to", true, &f.To}} {
		if t := get(d.name); t != "" {
			if *d.to, err = date.ParseEdge(t, d.last); err != nil {
				return f, fmt.Errorf("%w: %s: %w", record.ErrInvalid, d.name, err)
			}
		}
	}
	for _, one := range strings.FieldsFunc(get("votes"), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if strings.TrimSpace(one) == "" {
			continue
		}
		s, err := symbol.Parse(one)
		if err != nil {
			return f, fmt.Errorf("%w: votes: %w", record.ErrInvalid, err)
		}
		f.IDs = append(f.IDs, s)
	}
	switch c := get("consensus"); c {
	case "", "no", "false", "0":
	case "yes", "true", "1", "on":
		f.Consensus = true
	default:
		return f, fmt.Errorf("%w: consensus %q: want yes or no", record.ErrInvalid, c)
	}
	return f, nil
}

// AlignQueryOf reads two sides, a and b, and the filter; b may be missing.
func AlignQueryOf(get func(string) string) (AlignQuery, error) {
	var q AlignQuery
	var err error
	if q.A, err = align.ParseSide(get("a")); err != nil {
		return q, err
	}
	if get("b") != "" {
		if q.B, err = align.ParseSide(get("b")); err != nil {
			return q, err
		}
	} else if !q.A.One() {
		return q, fmt.Errorf("%w: %s: want one state, or a second side", record.ErrInvalid, q.A.Name)
	}
	q.Filter, err = FilterOf(get)
	return q, err
}

// MapQueryOf reads a year, or a filter, of one body: the Council unless said.
func MapQueryOf(get func(string) string) (MapQuery, error) {
	f, err := FilterOf(get)
	if f.Body == "" {
		f.Body = align.Council
	}
	q := MapQuery{Filter: f}
	if y := get("year"); y != "" && err == nil {
		q.Year, err = whole("year", y, 1946, 2100)
	}
	return q, err
}

// WholeOf reads a whole number between bounds; missing is fallback.
func WholeOf(get func(string) string, name string, fallback, least, most int) (int, error) {
	if get(name) == "" {
		return fallback, nil
	}
	return whole(name, get(name), least, most)
}

func whole(name, text string, least, most int) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%w: %s %q: want a whole number from %d to %d", record.ErrInvalid, name, text, least, most)
	}
	return n, nil
}

// DriftQueryOf reads pole, state, before, after, by and body.
func DriftQueryOf(get func(string) string) (DriftQuery, error) {
	or := func(name, fallback string) string {
		if t := get(name); t != "" {
			return t
		}
		return fallback
	}
	q := DriftQuery{By: DriftBy(or("by", string(ByIdeals)))}
	var err error
	if q.Pole, err = stateOf("pole", or("pole", "RUS")); err != nil {
		return q, err
	}
	if q.State, err = stateOf("state", or("state", "MLI")); err != nil {
		return q, err
	}
	if q.Before, err = ParseYears(or("before", span(shiftBefore))); err != nil {
		return q, err
	}
	if q.After, err = ParseYears(or("after", span(shiftAfter))); err != nil {
		return q, err
	}
	q.Body, err = align.ParseBody(get("body"))
	return q, err
}

func stateOf(name, text string) (country.Code, error) {
	c, err := country.Parse(text)
	if err != nil {
		return "", fmt.Errorf("%w: %s: %w", record.ErrInvalid, name, err)
	}
	return c, nil
}

// StatesOf reads several states, by comma; missing is fallback.
func StatesOf(get func(string) string, name string, fallback ...country.Code) ([]country.Code, error) {
	if strings.TrimSpace(get(name)) == "" {
		return fallback, nil
	}
	var out []country.Code
	for _, part := range strings.Split(get(name), ",") {
		c, err := stateOf(name, part)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// VotingRuleOf reads a rule by its year, or a reform by seats, quota, vetoes and block.
func VotingRuleOf(get func(string) string) (align.Rule, error) {
	reform := false
	for _, k := range []string{"seats", "quota", "vetoes", "block"} {
		reform = reform || get(k) != ""
	}
	if !reform {
		if get("rule") == "" {
			return align.Rule1966(), nil
		}
		return align.RuleOf(get("rule"))
	}
	var n [4]int
	for i, k := range []struct {
		name     string
		fallback int
	}{{"seats", 15}, {"quota", 9}, {"vetoes", 5}, {"block", 1}} {
		var err error
		if n[i], err = WholeOf(get, k.name, k.fallback, 0, 100); err != nil {
			return align.Rule{}, err
		}
	}
	return align.Reform(n[0], n[1], n[2], n[3])
}
