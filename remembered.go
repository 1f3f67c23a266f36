package article41

import (
	"slices"
	"strings"
	"sync"

	"article41/date"
	"article41/instrument"
	"article41/record"
	"article41/regime"
)

// remembered is what screenings by the million would else work out for each row
// anew, though it is the same for all of a day: which versions of the lists count,
// and where an entry stands. Each is a pure answer of one fold and two days, so it
// is never wrong; it is bounded, and begun anew when full.
type remembered struct {
	mu    sync.Mutex
	used  map[usedKey][]ListUse
	stood map[stoodKey]stood
	late  map[lateKey][]ListChange
}

type lateKey struct {
	on date.Day
	n  int
}

type usedKey struct {
	asOf, known date.Day
	only        string
}

type stoodKey struct {
	entry       entryKey
	asOf, known date.Day
}

// stood is an entry and where it stands.
type stood struct {
	entry       regime.Listed
	known       bool // anything was known of it by the day
	standing    regime.Standing
	authorities []instrument.Standing
}

// Bounds of what is remembered.
const (
	maxUsed  = 64
	maxStood = 20_000
	maxLate  = 64
)

// uses are the lists and their versions that count for the question.
func (s *state) uses(at record.At, only []record.SourceID) []ListUse {
	var b strings.Builder
	for _, l := range only {
		b.WriteString(string(l))
		b.WriteByte('\n')
	}
	key := usedKey{at.AsOf, at.KnownAt, b.String()}
	s.remembered.mu.Lock()
	held, ok := s.remembered.used[key]
	s.remembered.mu.Unlock()
	if !ok {
		held = s.usesNow(at, only)
		s.remembered.mu.Lock()
		if len(s.remembered.used) >= maxUsed || s.remembered.used == nil {
			s.remembered.used = map[usedKey][]ListUse{}
		}
		s.remembered.used[key] = held
		s.remembered.mu.Unlock()
	}
	return append(make([]ListUse, 0, len(held)), held...) // the caller's own
}

// stands is where an entry stands under the law of the Council and of others.
func (s *state) stands(w *world, at record.At, key entryKey) stood {
	k := stoodKey{key, at.AsOf, at.KnownAt}
	s.remembered.mu.Lock()
	out, ok := s.remembered.stood[k]
	s.remembered.mu.Unlock()
	if !ok {
		if out.entry, out.known = s.entry(w, key.list, key.ref, at.KnownAt); out.known {
			out.standing = w.Stand(at, out.entry)
			out.authorities = s.authorities(w, at, key, out.entry, out.standing)
		}
		s.remembered.mu.Lock()
		if len(s.remembered.stood) >= maxStood || s.remembered.stood == nil {
			s.remembered.stood = map[stoodKey]stood{}
		}
		s.remembered.stood[k] = out
		s.remembered.mu.Unlock()
	}
	out.standing.Law = append(make([]regime.State, 0, len(out.standing.Law)), out.standing.Law...)
	out.authorities = slices.Clone(out.authorities)
	return out
}
