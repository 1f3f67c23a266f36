package monitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"article41/date"
	"article41/record"
)

// sound says what keeps a draft from being published.
func (d *Desk) sound(ctx context.Context, now time.Time, x Draft) error {
	today := date.DayOf(now)
	ps := Check(x.Incident, today)
	was, before, err := d.Ledger.Published(ctx, today, x.Incident.ID)
	held := err == nil
	if err != nil && !errors.Is(err, record.ErrNotFound) {
		return err
	}
	if held {
		ps = append(ps, corrected(x.Incident, was)...)
	}
	for i, f := range x.Findings {
		var old *record.Finding
		for k := range before {
			if before[k].ID == f.ID {
				old = &before[k]
			}
		}
		for _, p := range CheckFinding(f, old, today) {
			ps = append(ps, Problem{fmt.Sprintf("findings[%d].%s", i, p.Field), p.Says})
		}
		if len(f.Incidents) > 0 && f.Incidents[0] != x.Incident.ID {
			ps = append(ps, Problem{fmt.Sprintf("findings[%d].incidents", i), "the finding belongs to another incident"})
		}
		if len(f.Incidents) == 1 {
			ps = append(ps, resting(i, f, x.Incident)...)
		}
	}
	if leaks(x) {
		ps = append(ps, Problem{"withheld", "a withheld name stands in the part that is to be published: take it out there"})
	}
	return Problems(ps)
}

// resting says which claims and evidence a finding names that its incident has not.
func resting(i int, f record.Finding, in record.Incident) (ps []Problem) {
	for _, id := range f.Claims {
		if !slices.ContainsFunc(in.Claims, func(c record.Testimony) bool { return c.ID == id }) {
			ps = append(ps, Problem{fmt.Sprintf("findings[%d].claims", i), fmt.Sprintf("the incident has no claim %q", clip(id))})
		}
	}
	for _, id := range f.Evidence {
		if !slices.ContainsFunc(in.Evidence, func(e record.Evidence) bool { return e.ID == id }) {
			ps = append(ps, Problem{fmt.Sprintf("findings[%d].evidence", i), fmt.Sprintf("the incident has no public evidence %q", clip(id))})
		}
	}
	return ps
}

// corrected refuses a change of what was published without an erratum: adding is
// free, changing shows.
func corrected(in, was record.Incident) []Problem {
	if len(in.Errata) < len(was.Errata) || !slices.Equal(in.Errata[:len(was.Errata)], was.Errata) {
		return []Problem{{"errata", "earlier errata stay as they were"}}
	}
	changed := in.Title != was.Title || in.Summary != was.Summary || in.When != was.When || !reflect.DeepEqual(in.Place, was.Place)
	claims := map[string]record.Testimony{}
	for _, c := range in.Claims {
		claims[c.ID] = c
	}
	for _, c := range was.Claims {
		if now, ok := claims[c.ID]; !ok {
			return []Problem{{"claims", fmt.Sprintf("claim %s was published: it is corrected by an erratum, never taken out", clip(c.ID))}}
		} else if !reflect.DeepEqual(now, c) {
			changed = true
		}
	}
	if changed && len(in.Errata) == len(was.Errata) {
		return []Problem{{"errata", "what was published is changed: add an erratum that says what it said, what it says now, and why"}}
	}
	for i, e := range in.Errata[len(was.Errata):] {
		if e.What == "" || e.Is == "" || e.Why == "" || e.On.IsZero() {
			return []Problem{{fmt.Sprintf("errata[%d]", len(was.Errata)+i), "an erratum says on which day, what, what it says now, and why"}}
		}
	}
	return nil
}

// leaks reports whether a withheld name stands in the public part, however it is
// spelt: capitals, marks and the white space between its words do not hide it.
func leaks(x Draft) bool {
	if x.Withheld == nil {
		return false
	}
	public, err := json.Marshal(struct {
		record.Incident
		Findings []record.Finding
	}{x.Incident, x.Findings})
	if err != nil {
		return true
	}
	text := plain(string(public))
	for _, n := range x.Withheld.Names {
		if n = plain(n); utf8.RuneCountInString(n) > 2 && strings.Contains(text, n) {
			return true
		}
	}
	for _, e := range x.Withheld.Evidence {
		if !e.SHA256.IsZero() && strings.Contains(text, e.SHA256.String()) {
			return true
		}
	}
	return false
}

func plain(s string) string {
	s = strings.ToLower(norm.NFKD.String(s))
	var b strings.Builder
	space := true
	for _, r := range s {
		switch {
		case r >= 0x300 && r <= 0x36f:
		case r == '-' || r == '\'' || r == '’' || r == '.' || r == ',' || r == ' ' || r == '\n' || r == '\t' || r == 0xa0:
			if !space {
				b.WriteByte(' ')
			}
			space = true
		default:
			b.WriteRune(r)
			space = false
		}
	}
	return strings.TrimSpace(b.String())
}
