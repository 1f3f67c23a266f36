package monitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"article41/account"
	"article41/date"
	"article41/record"
)

// before is what was last published of a draft, withdrawn or not.
type before struct {
	held     bool
	incident record.Incident
	taken    *Taken
	findings map[record.FindingID]record.Finding
	gone     map[record.FindingID]*Taken
}

func (d *Desk) before(ctx context.Context, today date.Day, x Draft) (b before, err error) {
	b.findings, b.gone = map[record.FindingID]record.Finding{}, map[record.FindingID]*Taken{}
	b.incident, b.taken, err = d.Ledger.Last(ctx, today, x.Incident.ID)
	if b.held = err == nil; err != nil && !errors.Is(err, record.ErrNotFound) {
		return b, err
	}
	for _, f := range x.Findings {
		was, taken, err := d.Ledger.LastFinding(ctx, today, f.ID)
		if errors.Is(err, record.ErrNotFound) {
			continue
		} else if err != nil {
			return b, err
		}
		b.findings[f.ID], b.gone[f.ID] = was, taken
	}
	return b, nil
}

// again are the changes of a record that was withdrawn and is published again: that
// it was withdrawn is never lost.
func again(cs []Change, t *Taken) []Change {
	if t == nil {
		return cs
	}
	return append([]Change{{"withdrawn", fmt.Sprintf("withdrawn on %s: %s", t.On, t.Why), "published again"}}, cs...)
}

func (b before) changes(in record.Incident) []Change {
	if !b.held {
		return nil
	}
	return again(Changes(b.incident, in), b.taken)
}

func (b before) findingChanges(f record.Finding) []Change {
	was, held := b.findings[f.ID]
	if !held {
		return nil
	}
	return again(FindingChanges(was, f), b.gone[f.ID])
}

// Corrections are what a draft changes of what was published, each with its place.
func (d *Desk) Corrections(ctx context.Context, now time.Time, x Draft) ([]Change, error) {
	if err := may(ctx, account.ReadDrafts); err != nil {
		return nil, err
	}
	b, err := d.before(ctx, date.DayOf(now), x)
	if err != nil {
		return nil, err
	}
	out := b.changes(x.Incident)
	for _, f := range x.Findings {
		for _, c := range b.findingChanges(f) {
			out = append(out, Change{fmt.Sprintf("finding %s: %s", f.ID, c.What), c.Was, c.Is})
		}
	}
	return out, nil
}

// correct writes the errata of a draft anew, over those that are published: one for
// each change, with the draft's reason. Without a reason it writes none.
func (d *Desk) correct(ctx context.Context, now time.Time, x *Draft) error {
	today := date.DayOf(now)
	b, err := d.before(ctx, today, *x)
	if err != nil || strings.TrimSpace(x.Why) == "" {
		return err
	}
	by := account.Of(ctx).ID
	if b.held {
		x.Incident.Errata = append(slices.Clone(b.incident.Errata), errata(b.changes(x.Incident), today, x.Why, by)...)
	}
	for i, f := range x.Findings {
		if was, held := b.findings[f.ID]; held {
			x.Findings[i].Errata = append(slices.Clone(was.Errata), errata(b.findingChanges(f), today, x.Why, by)...)
		}
	}
	return nil
}

// sound says what keeps a draft from being published.
func (d *Desk) sound(ctx context.Context, now time.Time, x Draft) error {
	today := date.DayOf(now)
	ps := Check(x.Incident, today)
	b, err := d.before(ctx, today, x)
	if err != nil {
		return err
	}
	if b.held {
		ps = append(ps, kept(b.incident, x.Incident)...)
	}
	ps = append(ps, corrected("", b.changes(x.Incident), x.Incident.Errata, b.incident.Errata, today)...)
	seen := map[record.FindingID]bool{}
	for i, f := range x.Findings {
		at := fmt.Sprintf("findings[%d].", i)
		var old *record.Finding
		if was, held := b.findings[f.ID]; held {
			old = &was
			if was.Incidents[0] != x.Incident.ID {
				ps = append(ps, Problem{at + "id", fmt.Sprintf("%s is a published finding about %s: give this one an id of its own", clip(string(f.ID)), was.Incidents[0])})
			}
		}
		if seen[f.ID] {
			ps = append(ps, Problem{at + "id", fmt.Sprintf("%q: want an id of its own", clip(string(f.ID)))})
		}
		seen[f.ID] = true
		for _, p := range CheckFinding(f, old, today) {
			ps = append(ps, Problem{at + p.Field, p.Says})
		}
		ps = append(ps, corrected(at, b.findingChanges(f), f.Errata, b.findings[f.ID].Errata, today)...)
		if len(f.Incidents) > 0 && f.Incidents[0] != x.Incident.ID {
			ps = append(ps, Problem{at + "incidents", "the finding belongs to another incident"})
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

// kept refuses to take out a claim or evidence that was published: it is corrected,
// or the record is withdrawn.
func kept(was, in record.Incident) (ps []Problem) {
	for _, c := range was.Claims {
		if !slices.ContainsFunc(in.Claims, func(o record.Testimony) bool { return o.ID == c.ID }) {
			ps = append(ps, Problem{"claims", fmt.Sprintf("claim %s was published: it is corrected by an erratum, never taken out", clip(c.ID))})
		}
	}
	for _, e := range was.Evidence {
		if !slices.ContainsFunc(in.Evidence, func(o record.Evidence) bool { return o.ID == e.ID }) {
			ps = append(ps, Problem{"evidence", fmt.Sprintf("evidence %s was published: it is corrected by an erratum, never taken out", clip(e.ID))})
		}
	}
	return ps
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

// leaks reports whether a withheld name stands in the public part, however it is
// spelt: capitals, marks and the white space between its words do not hide it. The
// hash of a withheld file stands there only once it is released.
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
		if !e.SHA256.IsZero() && !released(e) && strings.Contains(text, e.SHA256.String()) {
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

// Uncorrected says what changed of an incident that was published without an
// erratum that tells it, and which claims and evidence are gone from it.
func Uncorrected(was, is record.Incident, today date.Day) []Problem {
	return append(kept(was, is), corrected("", Changes(was, is), is.Errata, was.Errata, today)...)
}

// UncorrectedFinding is Uncorrected for a finding.
func UncorrectedFinding(was, is record.Finding, today date.Day) []Problem {
	return corrected("", FindingChanges(was, is), is.Errata, was.Errata, today)
}
