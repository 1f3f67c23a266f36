package article41

import (
	"context"
	"slices"

	"article41/date"
	"article41/listing"
	"article41/record"
)

// ListChange is how a version of a list differs from the one held before it.
type ListChange struct {
	List     record.SourceID `json:"list"`
	Version  date.Day        `json:"version"`
	Before   date.Day        `json:"before"`
	Origin   string          `json:"origin"`
	Listed   []EntryName     `json:"listed"`
	Delisted []EntryName     `json:"delisted"`
	Amended  []EntryName     `json:"amended"`
	// Whole is false where amendments were not looked for: the two versions came
	// from different hands.
	Whole bool `json:"amendments_compared"`
}

// EntryName is an entry by its reference and the name it is filed under.
type EntryName struct {
	Ref     string `json:"id"`
	Caption string `json:"caption"`
}

// latestLook bounds how many versions of one list are compared for an answer.
const latestLook = 8

// LatestChanges answers the newest n changes between dated versions of the lists
// held, by the day asked about and as known, newest first. Versions that differ in
// nothing are passed over.
func (a *Archive) LatestChanges(ctx context.Context, at record.At, n int) ([]ListChange, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return nil, err
	}
	return s.latestChanges(date.Min(at.AsOf, at.KnownAt), n), nil
}

// latestChanges compares the versions of a fold held by the day, once.
func (s *state) latestChanges(on date.Day, n int) []ListChange {
	key := lateKey{on, n}
	s.remembered.mu.Lock()
	held, ok := s.remembered.late[key]
	s.remembered.mu.Unlock()
	if ok {
		return slices.Clone(held)
	}
	out := []ListChange{}
	for _, id := range s.lists.Sources() {
		h := s.lists.List(id)
		vs := h.Versions(on)
		found := 0
		for i := len(vs) - 1; i > 0 && i >= len(vs)-latestLook && found < n; i-- {
			b := h.Between(vs[i-1], vs[i])
			if b.Empty() {
				continue
			}
			found++
			names := func(v record.List, refs []string) []EntryName {
				es := []EntryName{}
				for _, ref := range refs {
					e, _ := h.At(v, ref)
					es = append(es, EntryName{ref, listing.Caption(e)})
				}
				return es
			}
			out = append(out, ListChange{id, vs[i].Date, vs[i-1].Date, vs[i].Origin, names(vs[i], b.Listed), names(vs[i-1], b.Delisted), names(vs[i], b.Amended), b.Whole})
		}
	}
	slices.SortStableFunc(out, func(x, y ListChange) int { return y.Version.Compare(x.Version) })
	out = slices.Clip(out[:min(n, len(out))])
	s.remembered.mu.Lock()
	defer s.remembered.mu.Unlock()
	if len(s.remembered.late) >= maxLate || s.remembered.late == nil {
		s.remembered.late = map[lateKey][]ListChange{}
	}
	s.remembered.late[key] = out
	return slices.Clone(out)
}
