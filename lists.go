package article41

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/regime"
)

// lists are the histories of the published lists.
type lists struct {
	listing.Histories
}

func (l *lists) copy() lists { return lists{l.Histories.Clone()} }

// ListUse is one list as an answer used it.
type ListUse struct {
	List record.SourceID `json:"list"`
	// Version is the date of the version that counts: the newest of the day asked
	// about or before, known by then. Null: not held for that day.
	Version *date.Day `json:"version"`
	Newest  *date.Day `json:"newest"` // the newest version held and known
	Entries int       `json:"entries"`
	Origin  string    `json:"origin"` // record: compiled into ours; import: a user's file
	Basis   string    `json:"basis,omitempty"`
	// Complaints counts what could not be read, or was not given, when the version
	// was read.
	Complaints int    `json:"complaints,omitempty"`
	Damaged    bool   `json:"damaged,omitempty"`
	Partial    bool   `json:"partial,omitempty"`
	Digest     string `json:"digest,omitempty"`
	Note       string `json:"note,omitempty"`
	// Checked is the day on which the list was last seen to be its publisher's
	// newest. Failed and Stale say, in words, that it may not be.
	Checked *date.Day `json:"checked,omitempty"`
	Failed  string    `json:"failed,omitempty"`
	Stale   string    `json:"stale,omitempty"`
}

// usesNow works out which lists, in which versions, an answer of the day rests on.
func (s *state) usesNow(at record.At, only []record.SourceID) []ListUse {
	out := []ListUse{}
	for _, id := range s.lists.Sources() {
		if len(only) > 0 && !slices.Contains(only, id) {
			continue
		}
		u := ListUse{List: id}
		versions := s.lists.List(id).Versions(at.KnownAt)
		if len(versions) == 0 {
			u.Note = "no version of this list was known by " + at.KnownAt.Text()
			out = append(out, u)
			continue
		}
		u.Newest = &versions[len(versions)-1].Date
		s.fresh(&u, at.KnownAt)
		i, exact := slices.BinarySearchFunc(versions, at.AsOf, func(v record.List, d date.Day) int { return v.Date.Compare(d) })
		if !exact {
			i--
		}
		if i < 0 {
			u.Note = "not held for that day: the first version is of " + versions[0].Date.Text() + "; entries are told by the listing days they carry"
			i = 0
		} else {
			u.Version = &versions[i].Date
			if i+1 < len(versions) && !exact {
				u.Note = "between the versions of " + versions[i].Date.Text() + " and " + versions[i+1].Date.Text()
			}
			if missed := s.world(at.KnownAt).missed(id, versions[i].Date, at); missed != "" {
				u.Note = strings.TrimPrefix(u.Note+"; identifiers as of "+versions[i].Date.Text()+"; "+missed, "; ")
			}
		}
		v := versions[i]
		u.Complaints = len(v.Complaints)
		u.Entries, u.Origin, u.Damaged, u.Partial, u.Digest, u.Basis = v.Count, v.Origin, v.Damaged, v.Partial, v.Digest.String(), v.Basis
		out = append(out, u)
	}
	return out
}

// missed tells of amendments of a list that our record knows of, made after the
// version that counts and by the day: that version does not hold them.
func (w *world) missed(list record.SourceID, since date.Day, at record.At) string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(w.regimes)) {
		for _, c := range w.regimes[id].Context {
			on := c.On.To
			if c.Amends == nil || c.Amends.List != list || !on.After(since) || on.After(at.AsOf) || on.After(at.KnownAt) {
				continue
			}
			out = append(out, fmt.Sprintf("%s amended on %s, not held", counted(c.Amends.Entries, "entry", "entries"), on.Text()))
		}
	}
	return strings.Join(out, "; ")
}

// Lists answers how fresh each list is.
func (a *Archive) Lists(ctx context.Context, at record.At) ([]ListUse, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return nil, err
	}
	return s.uses(at, nil), nil
}

// regimeOf is the regime whose list prefix a UN reference carries: the letters
// before the "i" or "e" of "MLi.005".
func (w *world) regimeOf(list record.SourceID, ref string) record.RegimeID {
	if l, ok := w.listings[entryKey{list, ref}]; ok {
		return l.Regime
	}
	if list != unList {
		return ""
	}
	head, _, ok := strings.Cut(ref, ".")
	if !ok || len(head) < 2 {
		return ""
	}
	return w.prefixes[head[:len(head)-1]]
}

// unList is the Council's own list, whose entries our record knows the law of.
const unList record.SourceID = "un"

// entry is one entry as the law sees it, from what was known by the day.
func (s *state) entry(w *world, list record.SourceID, ref string, known date.Day) (regime.Listed, bool) {
	l := regime.Listed{List: list, Ref: ref, Regime: w.regimeOf(list, ref)}
	own, curated := w.listings[entryKey{list, ref}]
	refs := []string{ref}
	if curated {
		l.Name, l.Sort, l.Conditional = own.Name, own.Sort, own.Conditional
		for _, st := range own.Steps {
			if !st.On.After(known) {
				l.Steps = append(l.Steps, st)
			}
		}
		refs = append(slices.Clone(own.Former), ref)
	}
	spans := s.lists.List(list).Joined(refs, known)
	for _, sp := range spans {
		l.Seen = append(l.Seen, regime.Presence{From: sp.First, To: sp.Last, Gone: sp.Gone})
		said := sp.Said[len(sp.Said)-1]
		if l.ListedOn.IsZero() || (!said.ListedOn.IsZero() && said.ListedOn.Before(l.ListedOn)) {
			l.ListedOn = said.ListedOn
		}
		for _, v := range sp.Said {
			l.Only = append(l.Only, regime.Limit{From: v.Version, Words: v.Only})
		}
		if !curated || l.Name == "" {
			l.Name, l.Sort = listing.Caption(said), said.Sort
		}
	}
	return l, len(spans) > 0 || len(l.Steps) > 0
}

// entriesOf are the UN list's entries of a regime.
func (s *state) entriesOf(w *world, at record.At, id record.RegimeID) []regime.Listed {
	w.once.Do(func() {
		w.entries = map[record.RegimeID][]regime.Listed{}
		refs := map[string]bool{}
		for _, r := range s.lists.List(unList).Refs() {
			refs[r] = true
		}
		former := map[string]bool{}
		for k, l := range w.listings {
			if k.list == unList {
				refs[k.ref] = true
				for _, f := range l.Former {
					former[f] = true
				}
			}
		}
		for r := range refs {
			if former[r] {
				continue
			}
			if l, ok := s.entry(w, unList, r, w.known); ok {
				w.entries[l.Regime] = append(w.entries[l.Regime], l)
			}
		}
		for _, es := range w.entries {
			slices.SortFunc(es, func(a, b regime.Listed) int { return cmp.Compare(a.Ref, b.Ref) })
		}
	})
	return w.entries[id]
}
