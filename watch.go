package article41

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/regime"
	"article41/screen"
	"article41/watch"
)

// Watched is the register as customers are screened against it: package watch asks
// it for entries, and for what they rest on.
type Watched struct{ *Register }

var _ watch.Lists = Watched{}

// Watched answers with the lists of the day, as known by then.
func (a *Archive) Watched(ctx context.Context, day date.Day) (watch.Lists, error) {
	r, err := a.Register(ctx, record.At{AsOf: day, KnownAt: day})
	return Watched{r}, err
}

// Mark is what the lists rest on.
func (w Watched) Mark() watch.Mark {
	m := watch.Mark{AsOf: w.At.AsOf, Position: w.At.Position, Record: w.Basis.Record, Engine: screen.Engine, Rarity: screen.RarityVersion, Lists: []watch.Version{}}
	for _, l := range w.Lists() {
		m.Lists = append(m.Lists, watch.Version{List: l.List, Version: l.Version, Digest: l.Digest, Entries: l.Entries})
	}
	return m
}

// Changed are the entries of which something was stated since. Where the law or
// the day changed, or a list was not held before, any entry may stand otherwise.
func (w Watched) Changed(was watch.Mark) ([]screen.SubjectID, bool) {
	is := w.Mark()
	if was.AsOf != is.AsOf || was.Record != is.Record || was.Position > is.Position || w.state.ruledSince(was.Position) ||
		!slices.EqualFunc(was.Lists, is.Lists, func(a, b watch.Version) bool {
			return a.List == b.List && (a.Version == nil) == (b.Version == nil)
		}) {
		return nil, false
	}
	var out []screen.SubjectID
	for _, k := range w.state.since(was.Position) {
		out = append(out, subjectID(k.list, k.ref))
	}
	return out, true
}

// ruledSince reports whether anything but listings was stated after the position
// in the record or in an overlay.
func (s *state) ruledSince(position record.Position) bool {
	for _, vs := range s.facts {
		last := vs[len(vs)-1]
		if _, listing := last.body.(*record.Listing); last.position > position && !listing {
			return true
		}
	}
	return false
}

// Entry tells of one entry; false if nothing of it was known by the day.
func (w Watched) Entry(id screen.SubjectID) (watch.Entry, bool) { return w.entry(id, true) }

// entry tells of an entry; its measures, which follow every authority's law, only
// if they are wanted.
func (w Watched) entry(id screen.SubjectID, measures bool) (watch.Entry, bool) {
	sub, ok := w.state.screens().index.Subject(id)
	if !ok {
		return watch.Entry{}, false
	}
	s, at := w.state, w.At
	key := entryOf(id)
	l, ok := s.entry(w.world, key.list, key.ref, at.KnownAt)
	if !ok {
		return watch.Entry{}, false
	}
	st := w.world.Stand(at, l)
	out := watch.Entry{Subject: sub, Caption: l.Name, Standing: watch.Standing{Alive: st.Alive(), Status: st.Status, From: st.From, Until: st.Until, Cause: st.Cause}}
	if _, err := w.world.World.Regime(l.Regime); err != nil && len(l.Seen) > 0 {
		on := s.lists.List(key.list).OnList(key.ref, at.AsOf, at.KnownAt)
		out.Standing.Alive = stillListed(on, l, at)
		if on.Entry != nil {
			for _, x := range on.Entry.Extra { // a collection tells which ids were merged into one
				if x.Name == "referent" {
					out.Also = append(out.Also, subjectID(key.list, x.Value))
				}
			}
		}
	}
	for _, m := range st.Law {
		says := m.Name + ": " + strings.ReplaceAll(string(m.Status), "-", " ")
		if m.Until != nil && m.Status == regime.InForce {
			says += " until " + m.Until.String()
		}
		out.Standing.Law = append(out.Standing.Law, says)
	}
	if measures {
		var only []string
		if key.list != unList {
			only = s.newest(key, at.KnownAt).Only
		}
		// On a day between two versions that differ the entry counts as standing.
		out.Standing.Measures = measured(key.list, out.Standing.Alive, st.Law, s.authorities(w.world, at, key, l, st), only)
	}
	if own, ok := w.world.listings[key]; ok {
		for _, f := range own.Former {
			out.Also = append(out.Also, subjectID(key.list, f))
		}
	}
	return out, true
}

// stillListed says whether an entry counts whose law our record does not know: the
// list itself is the word. On a day between two versions that differ the entry may
// have stood on it.
func stillListed(on listing.Answer, l regime.Listed, at record.At) bool {
	switch on.Presence {
	case listing.Off:
		return false
	case listing.NotHeld:
		return !l.ListedOn.IsZero() && !l.ListedOn.After(at.AsOf)
	}
	return true
}

// Each calls yield for every entry.
func (w Watched) Each(yield func(watch.Entry) error) error {
	for id := range w.state.screens().index.IDs() {
		if e, ok := w.entry(id, false); ok {
			if err := yield(e); err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
		}
	}
	return nil
}
