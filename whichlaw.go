package article41

import (
	"context"
	"slices"
	"strings"

	"article41/date"
	"article41/instrument"
	"article41/listing"
	"article41/name"
	"article41/record"
	"article41/regime"
	"article41/screen"
)

// Which law binds: a resolution binds States; a bank is bound by the law of its
// own authority. An answer about an entry says for the Council and for every
// authority whose instrument carries the regime where the entry stands, also that
// nothing can be said because that list is not loaded.

// mostNear bounds how many entries of other lists are looked at as the same target.
const mostNear = 100

// near are the entries whose names come near one of the entry's strong names: the
// candidates for a tie, from the index of all lists. An entry of another list
// bears the names of the Council's, so this finds it without reading every list.
func (s *state) near(w *world, key entryKey, l record.Listed) []entryKey {
	if known, ok := w.near.Load(key); ok {
		return known.([]entryKey)
	}
	q := screen.Query{Kind: kindOf(l.Sort), Threshold: screen.DefaultThreshold, Limit: mostNear}
	for _, n := range l.Names {
		if n.Quality != record.Low && n.Quality != record.Original && len(q.Names) < 20 {
			q.Names = append(q.Names, n.Text)
		}
	}
	out := []entryKey{}
	if len(q.Names) > 0 {
		for _, h := range s.screens().index.Search(q) {
			if k := entryOf(h.ID); k.list != key.list {
				out = append(out, k)
			}
		}
	}
	w.near.Store(key, out)
	return out
}

// unReferences are the references of the Council's list that an entry of another
// one gives.
func unReferences(l record.Listed) []string {
	var out []string
	for _, x := range l.Extra {
		if x.Name == "un_reference" && x.Value != "" && !slices.Contains(out, x.Value) {
			out = append(out, x.Value)
		}
	}
	return out
}

// nameKeys are an entry's strong names, each as its tokens in no order.
func nameKeys(l record.Listed) []string {
	var out []string
	for _, n := range l.Names {
		if n.Quality == record.Low || n.Quality == record.Original {
			continue
		}
		p := name.Prepare(n.Text, kindOf(l.Sort), "")
		if len(p.Readings) == 0 || len(p.Readings[0]) < 2 {
			continue // one token names nobody
		}
		var tokens []string
		for _, t := range p.Readings[0] {
			tokens = append(tokens, t.Fold)
		}
		slices.Sort(tokens)
		if k := strings.Join(tokens, " "); !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// authorities answers where an entry stands under the law of every authority, the
// Council first.
func (s *state) authorities(w *world, at record.At, key entryKey, l regime.Listed, st regime.Standing) []instrument.Standing {
	t := instrument.Target{List: key.list, Ref: key.ref, Sort: l.Sort, Held: map[record.SourceID]date.Day{}}
	held := s.lists.Sources()
	for _, list := range w.book.Lists() {
		if slices.Contains(held, list) {
			if versions := s.lists.List(list).Versions(at.KnownAt); len(versions) > 0 {
				t.Held[list] = date.Day{}
				for _, v := range versions {
					if !v.Date.After(at.AsOf) && !v.Partial { // what a cut version lacks says nothing
						t.Held[list] = v.Date
					}
				}
			}
		}
	}
	un := st
	names := s.newest(key, at.KnownAt)
	t.Programme = names.Programme
	switch {
	case key.list == unList:
		t.UN, t.Regime = []string{key.ref}, l.Regime
		if own, ok := w.listings[key]; ok {
			t.UN = append(t.UN, own.Former...)
		}
	default:
		if d, id := w.book.Designated(key.list, key.ref); len(d) > 0 {
			t.UN, t.Regime = d, id
		} else if refs := unReferences(names); len(refs) > 0 {
			t.UN = refs
		} else {
			t.UN = s.sameName(w, key, names)
		}
		un = regime.Standing{}
		for _, ref := range t.UN {
			if e, ok := s.entry(w, unList, ref, at.KnownAt); ok {
				un = w.Stand(at, e)
				t.Regime, l = e.Regime, e
				names = s.newest(entryKey{unList, ref}, at.KnownAt)
				break
			}
		}
		if t.Regime == "" {
			if rs := w.book.Regimes(key.list, t.Programme); len(rs) == 0 {
				return nil // no instrument of the record: the list speaks for itself
			}
		}
	}
	t.UNBinds = un.Alive()
	t.Sightings = s.sightings(w, at, key, t, names)
	out := []instrument.Standing{ofCouncil(un, t, l)}
	return append(out, w.book.Stand(at, t)...)
}

// newest is what the newest version known says of an entry.
func (s *state) newest(key entryKey, known date.Day) record.Listed {
	spans := s.lists.List(key.list).Spans(key.ref, known)
	if len(spans) == 0 {
		return record.Listed{}
	}
	said := spans[len(spans)-1].Said
	return said[len(said)-1]
}

// sameName are the entries of the Council's list that bear the name of an entry
// of another list whose programme is for their regime.
func (s *state) sameName(w *world, key entryKey, l record.Listed) []string {
	ids := w.book.Regimes(key.list, l.Programme)
	if len(ids) == 0 {
		return nil
	}
	mine := nameKeys(l)
	var out []string
	for _, k := range s.near(w, key, l) {
		if k.list != unList || !slices.Contains(ids, w.regimeOf(unList, k.ref)) {
			continue
		}
		other := s.newest(k, w.known)
		if slices.ContainsFunc(nameKeys(other), func(k string) bool { return slices.Contains(mine, k) }) && !bornApart(l, other) {
			out = append(out, k.ref)
		}
	}
	if len(out) > 1 {
		return nil // two bear it: which one is not for us to say
	}
	return out
}

// bornApart says that both carry years of birth and none of them agree.
func bornApart(a, b record.Listed) bool {
	stated := false
	for _, x := range a.Births {
		for _, y := range b.Births {
			if x.On.IsZero() || y.On.IsZero() {
				continue
			}
			stated = true
			if x.On.Overlaps(y.On, 2) || x.On.From.Year() == y.On.From.Year() {
				return false
			}
		}
	}
	return stated
}

// sightings are what the loaded lists show of the target on the day.
func (s *state) sightings(w *world, at record.At, key entryKey, t instrument.Target, un record.Listed) []instrument.Sighting {
	ties := map[entryKey]string{}
	var order []entryKey
	add := func(k entryKey, tie string) {
		if _, ok := ties[k]; !ok && k.list != unList {
			ties[k] = tie
			order = append(order, k)
		}
	}
	if key.list != unList {
		tie := instrument.TieItself
		if slices.ContainsFunc(unReferences(s.newest(key, at.KnownAt)), func(r string) bool { return slices.Contains(t.UN, r) }) {
			tie = instrument.TieReference
		}
		add(key, tie)
	}
	for _, x := range w.book.All() {
		for _, d := range x.Designations {
			if d.Ref != "" && slices.ContainsFunc(d.UN, func(r string) bool { return slices.Contains(t.UN, r) }) {
				add(entryKey{d.List, d.Ref}, instrument.TieRecord)
			}
		}
	}
	if len(t.UN) > 0 {
		mine, lists := nameKeys(un), w.book.Lists()
		for _, k := range s.near(w, entryKey{unList, t.UN[0]}, un) {
			if !slices.Contains(lists, k.list) {
				continue
			}
			other := s.newest(k, at.KnownAt)
			switch refs := unReferences(other); {
			case slices.ContainsFunc(refs, func(r string) bool { return slices.Contains(t.UN, r) }):
				add(k, instrument.TieReference)
			case len(refs) == 0 && !bornApart(un, other) && slices.Contains(w.book.Regimes(k.list, other.Programme), t.Regime) &&
				slices.ContainsFunc(nameKeys(other), func(n string) bool { return slices.Contains(mine, n) }):
				add(k, instrument.TieName)
			}
		}
	}
	held := s.lists.Sources()
	var out []instrument.Sighting
	for _, k := range order {
		if !slices.Contains(held, k.list) {
			continue
		}
		on := s.lists.List(k.list).OnList(k.ref, at.AsOf, at.KnownAt)
		if len(s.lists.List(k.list).Spans(k.ref, at.KnownAt)) == 0 {
			continue
		}
		x := instrument.Sighting{List: k.list, Ref: k.ref, On: on.Presence == listing.On || on.Presence == listing.Removed, Tie: ties[k]}
		if v := on.Version; !v.IsZero() {
			x.Version = &v
		}
		if l := s.newest(k, at.KnownAt); l.Ref != "" {
			x.Programme, x.Only = l.Programme, l.Only
		}
		if on.Entry != nil {
			x.Programme, x.Only = on.Entry.Programme, on.Entry.Only
		}
		out = append(out, x)
	}
	return out
}

// ofCouncil is the Council's own line.
func ofCouncil(st regime.Standing, t instrument.Target, l regime.Listed) instrument.Standing {
	out := instrument.Standing{Authority: "UN", Law: []instrument.State{}, Sightings: []instrument.Sighting{}, Note: st.Note}
	if len(t.UN) == 0 {
		out.Status, out.Sentence = instrument.NotListed, "no entry of the UN list is tied to it"
		return out
	}
	out.Entry = l.Ref
	if out.Entry == "" {
		out.Entry = t.UN[0]
	}
	until := ""
	if st.Until != nil {
		until = " " + st.Until.Text()
	}
	out.Status = st.Status
	switch {
	case st.Status == regime.StandsListed:
		var on []string
		for _, m := range st.Law {
			switch m.Status {
			case regime.InForce:
				w := m.Name + " in force"
				if m.Until != nil {
					w += " until " + m.Until.Text()
				}
				on = append(on, w)
			case regime.Contested, regime.Suspended:
				on = append(on, m.Name+" "+string(m.Status))
			case regime.Unknown:
				on = append(on, m.Name+" unknown, presumed in force")
			}
		}
		out.Status, out.Sentence = strongestLaw(st.Law), "listed as "+out.Entry
		if len(on) > 0 {
			out.Sentence += ": " + strings.Join(on, ", ")
		}
	case st.Cause == "lapse":
		out.Status, out.Sentence = string(regime.Lapsed), "lapsed"+until
	case st.Cause == "termination":
		out.Status, out.Sentence = string(regime.Terminated), "terminated, last day"+until
	case st.Status == regime.WasListed:
		out.Sentence = "no longer listed; last day" + until
		if until == "" {
			out.Sentence = "no longer listed"
		}
	case st.Status == regime.StandsNotYet:
		out.Sentence = "not yet listed"
	case st.Status == regime.StandsNamed:
		out.Sentence = "named with a condition, not listed"
	case st.Status == "":
		out.Status, out.Sentence = instrument.NotHeld, "its entry "+out.Entry+" is not held"
	default:
		out.Sentence = st.Status
	}
	return out
}

func strongestLaw(law []regime.State) string {
	for _, want := range []regime.Status{regime.Contested, regime.InForce, regime.Unknown, regime.Suspended} {
		if slices.ContainsFunc(law, func(s regime.State) bool { return s.Status == want }) {
			return string(want)
		}
	}
	return regime.StandsListed
}

// bound is the answer in one line: "UN: lapsed 31 August 2023; EU: …".
func bound(of []instrument.Standing) string {
	parts := make([]string, 0, len(of))
	for _, s := range of {
		parts = append(parts, s.Authority+": "+s.Sentence)
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "; ") + "."
}

// Carried is who carries a regime of the Council on, on a day.
type Carried struct {
	Regime   record.RegimeID      `json:"regime"`
	Name     string               `json:"name"`
	AsOf     date.Day             `json:"as_of"`
	KnownAt  date.Day             `json:"known_at"`
	UN       Status               `json:"un"`
	Carriers []instrument.Carrier `json:"carriers"`
	// Absent are the authorities of which the record holds no instrument for the
	// regime on the day. It does not say that they have none.
	Absent   []string `json:"absent"`
	Sentence string   `json:"sentence"`
	Basis    Basis    `json:"basis"`
}

// Carried answers who carries a regime on: the Council's own status, and every
// instrument of the record with its parts and acts.
func (a *Archive) Carried(ctx context.Context, at record.At, id record.RegimeID) (Carried, error) {
	un, err := a.Status(ctx, at, id)
	if err != nil {
		return Carried{}, err
	}
	s, err := a.at(ctx, at)
	if err != nil {
		return Carried{}, err
	}
	w := s.world(at.KnownAt)
	out := Carried{Regime: un.Regime, Name: un.Name, AsOf: at.AsOf, KnownAt: at.KnownAt, UN: un, Carriers: w.book.Carriers(at, un.Regime), Basis: s.basis()}
	held := s.lists.Sources()
	parts := []string{"UN: " + strings.TrimSuffix(un.Sentence, ".")}
	for i, c := range out.Carriers {
		for _, l := range c.Lists {
			if slices.Contains(held, l) && len(s.lists.List(l).Versions(at.KnownAt)) > 0 {
				out.Carriers[i].Loaded = append(out.Carriers[i].Loaded, l)
			}
		}
		parts = append(parts, c.Authority+": "+strings.TrimSuffix(c.Sentence, "."))
	}
	out.Absent = []string{}
	for _, authority := range []string{"EU", "UK", "US", "CH"} {
		if !slices.ContainsFunc(out.Carriers, func(c instrument.Carrier) bool { return c.Authority == authority }) {
			out.Absent = append(out.Absent, authority)
		}
	}
	switch n := len(out.Absent); {
	case len(out.Carriers) == 0:
		parts = append(parts, "no instrument of another authority is in the record")
	case n > 0:
		parts = append(parts, strings.Join(out.Absent, ", ")+": no instrument in the record")
	}
	out.Sentence = strings.Join(parts, "; ") + "."
	return out, nil
}
