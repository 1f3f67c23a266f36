package listing

import (
	"iter"
	"slices"

	"article41/date"
	"article41/record"
)

// Presence is whether an entry stood on a list on a day, as far as the held
// versions tell.
type Presence string

const (
	// On: it stands in the newest held version of that day or before.
	On Presence = "on the list"
	// Off: it does not stand in the held versions around that day.
	Off Presence = "not on the list"
	// NotHeld: no version of that day or before is held, or only a cut one that
	// lacks the entry, which says nothing.
	NotHeld Presence = "not held"
	// Removed: it stands in the version before that day and not in the next; on
	// which day it was removed is not in these lists.
	Removed Presence = "removed between two versions"
	// Added: the reverse, and the list gives no listing day that would settle it.
	Added Presence = "added between two versions"
)

// Answer is what the held versions tell of one entry on one day.
type Answer struct {
	Presence Presence `json:"presence"`
	// Version is the date of the list the answer rests on: the newest of the day
	// or before, zero if none is held.
	Version date.Day `json:"version,omitzero"`
	// After and By bound a change whose day is unknown: it came after the version
	// of After and at the latest with the version of By.
	After date.Day `json:"after,omitzero"`
	By    date.Day `json:"by,omitzero"`
	// Entry is what the list said: at Version if it is there, else at the
	// nearest version that holds it. Nil if the reference is unknown.
	Entry *record.Listed `json:"entry,omitempty"`
}

// OnList answers whether the entry stood on the list on the day asked about,
// from the versions known on the other day (zero: all that are held).
//
// A version tells of its own date. Between two versions that both hold the
// entry it stood on the list; where the later one lacks it, the day of its
// removal is unknown ([Removed]). Where only the later one holds it, the
// entry's own "listed on" settles the day, unless it lies before a version that
// did not hold it: then the entry came back, and its return has no day here
// ([Added]). After the newest known version the last word stands.
func (h *History) OnList(ref string, asOf, knownAt date.Day) Answer {
	return h.onList(ref, asOf, h.Versions(knownAt))
}

// OnDay answers the same for every reference that ever stood on the list, in
// order of reference.
func (h *History) OnDay(asOf, knownAt date.Day) iter.Seq2[string, Answer] {
	return func(yield func(string, Answer) bool) {
		versions := h.Versions(knownAt)
		for _, ref := range h.Refs() {
			if !yield(ref, h.onList(ref, asOf, versions)) {
				return
			}
		}
	}
}

func (h *History) onList(ref string, asOf date.Day, versions []record.List) Answer {
	next, exact := slices.BinarySearchFunc(versions, asOf, func(v record.List, d date.Day) int { return v.Date.Compare(d) })
	if exact {
		next++
	}
	var a Answer
	if next == 0 {
		a.Presence = NotHeld
		for _, v := range versions {
			if e, on := h.At(v, ref); on {
				a.Entry = &e
				break
			}
		}
		return a
	}
	prior := versions[next-1]
	a.Version = prior.Date
	e, on := h.At(prior, ref)
	e.Version = prior.Date // not the version that stated it first: that depends on what else is held
	var later *record.List
	if next < len(versions) && !exact {
		later = &versions[next]
	}
	switch {
	case on:
		a.Presence, a.Entry = On, &e
		if later != nil && !later.Partial {
			if _, still := h.stated(*later, ref); !still {
				a.Presence, a.After, a.By = Removed, prior.Date, later.Date
			}
		}
	default:
		a.Presence = Off
		if prior.Partial {
			a.Presence = NotHeld
		}
		if later != nil {
			if e, came := h.At(*later, ref); came {
				a.Entry = &e
				switch since := e.ListedOn; {
				case since.IsZero() || !since.After(prior.Date):
					a.Presence, a.After, a.By = Added, prior.Date, later.Date
				case !since.After(asOf):
					a.Presence = On
				}
				return a
			}
		}
		if e, ok := h.nearest(ref, versions, next-1); ok {
			a.Entry = &e
		}
	}
	return a
}

// nearest is what the closest version that holds the entry says, earlier ones
// first.
func (h *History) nearest(ref string, versions []record.List, from int) (record.Listed, bool) {
	for i := from; i >= 0; i-- {
		if e, on := h.At(versions[i], ref); on {
			return e, true
		}
	}
	for _, v := range versions[from+1:] {
		if e, on := h.At(v, ref); on {
			return e, true
		}
	}
	return record.Listed{}, false
}

// Span is one unbroken stay on the list, as the held versions show it.
type Span struct {
	// Absent is the date of the last version before First that lacked the entry;
	// zero if First is the first held version.
	Absent date.Day `json:"absent,omitzero"`
	First  date.Day `json:"first"` // first version that holds it
	Last   date.Day `json:"last"`  // last one
	// Gone is the date of the first version after Last that lacks it; zero if
	// Last is the newest known version.
	Gone date.Day `json:"gone,omitzero"`
	// Said is what the versions say of it, each with the date from which on.
	Said []record.Listed `json:"said"`
}

// Spans are the entry's stays on the list, by date, from the versions known on
// the day (zero: all).
func (h *History) Spans(ref string, knownAt date.Day) []Span {
	var out []Span
	var before date.Day
	var read statement // the one that was read last, and can only say the same again
	open, bare := false, false
	for _, v := range h.Versions(knownAt) {
		st, on := h.stated(v, ref)
		var e record.Listed
		if on {
			if open && st == read && !st.dropped {
				out[len(out)-1].Last, before = v.Date, v.Date
				continue
			}
			e, read = h.read(v, ref, st), st
		}
		switch {
		case !on && v.Partial:
			continue // cut: that it is missing says nothing
		case on && !open:
			e.Version = v.Date
			out = append(out, Span{Absent: before, First: v.Date, Last: v.Date, Said: []record.Listed{e}})
			open, bare = true, v.Stripped
		case on:
			s := &out[len(out)-1]
			s.Last = v.Date
			last, now := s.Said[len(s.Said)-1], e
			if bare != v.Stripped { // what only one of the two holds is no amendment
				last, now = Public(last), Public(now)
			}
			if Content(last) != Content(now) && !Same(last, now, v.Narrowed) {
				e.Version = v.Date
				s.Said, bare = append(s.Said, e), v.Stripped
			}
		case open:
			out[len(out)-1].Gone = v.Date
			open = false
		}
		before = v.Date
	}
	return out
}

// Joined reads the spans of several references as one history: a person who
// came back under a new one ([record.Listing.Former]).
func (h *History) Joined(refs []string, knownAt date.Day) []Span {
	var out []Span
	for _, ref := range refs {
		out = append(out, h.Spans(ref, knownAt)...)
	}
	slices.SortStableFunc(out, func(a, b Span) int { return a.First.Compare(b.First) })
	return out
}
