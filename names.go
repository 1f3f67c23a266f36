package article41

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"article41/country"
	"article41/date"
	"article41/name"
	"article41/record"
	"article41/screen"
)

// names is the index over every name of every entry, made when first asked: from
// that of the state before, from a snapshot, or from nothing.
type names struct {
	once  sync.Once
	built atomic.Bool
	index *screen.Index
	at    record.Position // the index knows all up to here
}

// screens is the state's index.
func (s *state) screens() *names {
	s.names.once.Do(func() {
		s.names.make(s)
		s.names.at = s.head.Position
		s.names.built.Store(true)
	})
	return &s.names
}

// subjectID names an entry in the index; entryOf reads it back. No list's id
// holds a colon.
func subjectID(list record.SourceID, ref string) screen.SubjectID {
	return screen.SubjectID(string(list) + ":" + ref)
}

func entryOf(id screen.SubjectID) entryKey {
	list, ref, _ := strings.Cut(string(id), ":")
	return entryKey{record.SourceID(list), ref}
}

// has reports whether the index knows the entry.
func (n *names) has(id screen.SubjectID) bool {
	_, ok := n.index.Subject(id)
	return ok
}

// A delta of the index is searched beside the whole; larger than this share of
// it, the whole is made anew.
const largestDelta = 10

// make makes the index for a state whose names.index is that of an earlier one,
// or nil.
func (n *names) make(s *state) {
	if n.index == nil && s.snapshot != nil {
		n.index, n.at = s.snapshot()
	}
	if n.index != nil {
		keys := s.since(n.at)
		if len(keys) == 0 {
			return
		}
		if len(keys)+n.index.Delta() <= n.index.Len()/largestDelta {
			var changed []screen.Subject
			var gone []screen.SubjectID
			for _, k := range keys {
				if sub, ok := s.subject(k); ok {
					changed = append(changed, sub)
				} else {
					gone = append(gone, subjectID(k.list, k.ref))
				}
			}
			n.index = n.index.Apply(changed, gone)
			return
		}
	}
	n.index = screen.Build(s.subjects())
}

// since are the entries of which something was stated after the position.
func (s *state) since(position record.Position) []entryKey {
	var out []entryKey
	seen := map[entryKey]bool{}
	add := func(k entryKey) {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	for list, ref := range s.lists.Since(position) {
		add(entryKey{list, ref})
	}
	for _, id := range s.order {
		vs := s.facts[id]
		if last := vs[len(vs)-1]; last.position > position {
			if l, ok := last.body.(*record.Listing); ok {
				add(entryKey{l.List, l.Ref})
			}
		}
	}
	return out
}

// subjects are all that the index holds.
func (s *state) subjects() []screen.Subject {
	var out []screen.Subject
	for _, list := range s.lists.Sources() {
		for _, ref := range s.lists.List(list).Lying() {
			if sub, ok := s.listedSubject(entryKey{list, ref}); ok {
				out = append(out, sub)
			}
		}
	}
	known := make(map[screen.SubjectID]bool, len(out))
	for i := range out {
		known[out[i].ID] = true
	}
	for _, id := range s.order {
		vs := s.facts[id]
		if l, ok := vs[len(vs)-1].body.(*record.Listing); ok && !known[subjectID(l.List, l.Ref)] {
			out = append(out, ownSubject(l))
		}
	}
	slices.SortStableFunc(out, func(a, b screen.Subject) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// subject is one entry as the index holds it; false if it holds none.
func (s *state) subject(k entryKey) (screen.Subject, bool) {
	if sub, ok := s.listedSubject(k); ok {
		return sub, true
	}
	for _, id := range s.order {
		vs := s.facts[id]
		if l, ok := vs[len(vs)-1].body.(*record.Listing); ok && l.List == k.list && l.Ref == k.ref {
			return ownSubject(l), true
		}
	}
	return screen.Subject{}, false
}

// ownSubject is an entry of which our own record alone tells.
func ownSubject(l *record.Listing) screen.Subject {
	return screen.Subject{ID: subjectID(l.List, l.Ref), List: string(l.List), Kind: kindOf(l.Sort), Names: []screen.Name{{Text: l.Name}}}
}

// listedSubject is an entry as all versions of its list tell of it.
func (s *state) listedSubject(k entryKey) (screen.Subject, bool) {
	sub := screen.Subject{ID: subjectID(k.list, k.ref), List: string(k.list)}
	targeted := true
	for _, sp := range s.lists.List(k.list).Spans(k.ref, date.Day{}) {
		for _, l := range sp.Said {
			describe(&sub, l)
			// A collection also carries people and firms that are only named in
			// the links of its targets; they are no hits.
			targeted = !slices.Contains(l.Extra, record.Extra{Name: "target", Value: "false"})
		}
	}
	return sub, len(sub.Names) > 0 && targeted
}

// namesEngine names what the index depends on: the matching, and how an entry
// becomes a subject. Count it up when [describe] changes.
const namesEngine = screen.Engine + " " + screen.RarityVersion + " 4"

// keptNames reads the snapshot of the index that lies nearest before the
// position; nil if there is none that this program can read.
func (a *Archive) keptNames(at record.Position) (*screen.Index, record.Position) {
	snap, err := a.store.Snapshot(context.Background(), "names", namesEngine, at)
	if err != nil {
		return nil, 0
	}
	b, ok := unsum(snap.Bytes)
	if !ok {
		return nil, 0
	}
	index, err := screen.Read(b)
	if err != nil {
		return nil, 0
	}
	a.kept.names.Store(uint64(snap.Position))
	return index, snap.Position
}

// keepNames keeps a snapshot of the state's index.
func (a *Archive) keepNames(ctx context.Context, s *state) error {
	n := s.screens()
	var b bytes.Buffer
	b.Grow(n.index.Size() + n.index.Size()/8)
	if err := n.index.Write(&b); err != nil {
		return err
	}
	err := a.store.KeepSnapshot(ctx, record.Snapshot{Name: "names", Engine: namesEngine, Position: s.head.Position, Bytes: sum(b.Bytes())})
	if err == nil {
		a.kept.names.Store(uint64(s.head.Position))
	}
	return err
}

func kindOf(sort string) name.Kind {
	switch sort {
	case "person":
		return name.Person
	case "entity":
		return name.Organisation
	case "vessel":
		return name.Vessel
	case "aircraft":
		return name.Aircraft
	}
	return name.Unknown
}

// describe adds what one version of a list says to a subject; the newest comes
// last, and only what is not there yet is added.
func describe(sub *screen.Subject, l record.Listed) {
	sub.Kind = kindOf(l.Sort)
	for _, n := range l.Names {
		x := screen.Name{Text: n.Text, Script: n.Quality == record.Original, Lang: n.Lang, Strength: screen.Strong}
		switch n.Quality {
		case record.Primary:
			x.Strength = screen.Primary
		case record.Low:
			x.Strength = screen.Weak
		}
		if i := slices.IndexFunc(sub.Names, func(o screen.Name) bool { return o.Text == x.Text }); i >= 0 {
			sub.Names[i].Strength = min(sub.Names[i].Strength, x.Strength)
		} else {
			sub.Names = append(sub.Names, x)
		}
	}
	for _, b := range l.Births {
		iso := strings.TrimPrefix(b.On.String(), "~")
		if iso == "" {
			continue
		}
		from, to, _ := strings.Cut(iso, "/")
		x := screen.Birth{From: from, To: to, About: b.On.Circa}
		if !slices.Contains(sub.Births, x) {
			sub.Births = append(sub.Births, x)
		}
	}
	for _, c := range l.Nationalities {
		if code, err := country.Parse(c); err == nil && !slices.Contains(sub.Countries, string(code)) {
			sub.Countries = append(sub.Countries, string(code))
		}
	}
	if l.Gender != "" {
		sub.Gender = l.Gender
	}
	for _, d := range l.Documents {
		x := screen.Identifier{Kind: d.Type, Value: d.Number}
		if code, err := country.Parse(d.Country); err == nil {
			x.Country = string(code)
		}
		if x.Value != "" && !slices.Contains(sub.Identifiers, x) {
			sub.Identifiers = append(sub.Identifiers, x)
		}
	}
}
