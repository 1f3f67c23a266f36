package article41

import (
	"context"
	"fmt"

	"article41/date"
	"article41/listing"
	"article41/record"
)

// EntryHistory is all that the held versions of a list said of one entry, and the
// steps of its legal life that our record knows.
type EntryHistory struct {
	List    record.SourceID   `json:"list"`
	ID      string            `json:"id"`
	Caption string            `json:"caption"`
	AsOf    date.Day          `json:"as_of"`
	KnownAt date.Day          `json:"known_at"`
	Told    []listing.Telling `json:"told"`
	Steps   []record.Step     `json:"steps"`
	// Held are the versions looked at: what changed between two of them has no day
	// of its own here.
	Held  []HeldVersion `json:"held"`
	Basis Basis         `json:"basis"`
}

// HeldVersion is a version of a list that is held.
type HeldVersion struct {
	Date    date.Day `json:"date"`
	Origin  string   `json:"origin"`
	Entries int      `json:"entries"`
	Damaged bool     `json:"damaged,omitempty"`
	Partial bool     `json:"partial,omitempty"`
}

// History answers how one entry came, changed and went, as of a day and as known
// on a day: what a version of a later day said is left out.
func (a *Archive) History(ctx context.Context, at record.At, list record.SourceID, ref string, private bool) (EntryHistory, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return EntryHistory{}, err
	}
	w := s.world(at.KnownAt)
	ref = s.reference(list, ref)
	l, ok := s.entry(w, list, ref, at.KnownAt)
	if !ok {
		return EntryHistory{}, fmt.Errorf("%w: no entry %s in list %s known by %s", record.ErrNotFound, ref, list, at.KnownAt)
	}
	until := at.KnownAt
	if at.AsOf.Before(until) {
		until = at.AsOf
	}
	h := s.lists.List(list)
	out := EntryHistory{List: list, ID: ref, Caption: l.Name, AsOf: at.AsOf, KnownAt: at.KnownAt, Told: []listing.Telling{}, Steps: []record.Step{}, Held: []HeldVersion{}, Basis: s.basis()}
	refs := []string{ref}
	if own, ok := w.listings[entryKey{list, ref}]; ok {
		refs = append(refs, own.Former...)
	}
	for _, r := range refs {
		out.Told = append(out.Told, h.Told(r, until, private)...)
	}
	for _, st := range l.Steps {
		if !st.On.After(at.AsOf) {
			out.Steps = append(out.Steps, st)
		}
	}
	for _, v := range h.Versions(until) {
		out.Held = append(out.Held, HeldVersion{v.Date, v.Origin, v.Count, v.Damaged, v.Partial})
	}
	return out, nil
}
