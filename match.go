package article41

import (
	"context"
	"slices"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/regime"
	"article41/screen"
)

// Register is every entry known on one day, ready for matching at speed: the
// index of all their names, and what one of them is, asked for one by one. A
// register never changes, so what is made from it can be kept as long as its
// coordinates are asked for.
type Register struct {
	At    record.At // with the position it rests on
	Basis Basis

	state *state
	world *world
}

// Register answers with the register of the coordinates. It costs little: the
// index is the ledger's own.
func (a *Archive) Register(ctx context.Context, at record.At) (*Register, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return nil, err
	}
	at.Position = s.head.Position
	return &Register{At: at, Basis: s.basis(), state: s, world: s.world(at.KnownAt)}, nil
}

// Len is how many entries have a name in the index, former ones too.
func (r *Register) Len() int { return r.state.screens().index.Len() }

// Search asks the index. Its hits know nothing of days: an entry that is no more,
// or one known only later, is among them, and Subject tells.
func (r *Register) Search(q screen.Query) []screen.Hit { return r.state.screens().index.Search(q) }

// Explain says how a hit came about.
func (r *Register) Explain(q screen.Query, id screen.SubjectID) screen.Explanation {
	return r.state.screens().index.Explain(q, id)
}

// Subjects are the ids of everything in the index, in order; Subject tells what
// was known of each by the day.
func (r *Register) Subjects() []screen.SubjectID {
	return slices.Sorted(r.state.screens().index.IDs())
}

// Versions are the versions of a list that were known by the day, oldest first.
func (r *Register) Versions(list record.SourceID) []record.List {
	return r.state.lists.List(list).Versions(r.At.KnownAt)
}

// Lists are the lists with the version that counts on the day.
func (r *Register) Lists() []ListUse { return r.state.uses(r.At, nil) }

// DataIDs are the references of a list by the publisher's own number, where it
// gives one, from the versions known by the day.
func (r *Register) DataIDs(list record.SourceID) map[string]string {
	h := r.state.lists.List(list)
	out := map[string]string{}
	refs := h.Refs()
	for _, v := range h.Versions(r.At.KnownAt) { // later ones last, so that they stand
		for _, ref := range refs {
			if l, on := h.At(v, ref); on && l.DataID != "" {
				out[l.DataID] = ref
			}
		}
	}
	return out
}

// Subject is one entry on the register's day.
type Subject struct {
	List    record.SourceID
	Ref     string
	Caption string
	Sort    string
	Regime  record.RegimeID
	// Alive says that the entry stands on its list on the day and that something
	// binds it, as far as the record reaches.
	Alive    bool
	Standing regime.Standing
	// Names are the texts under which it was known by then, former ones too.
	Names []string
	// Said is what the list says of it on the day, without what is private; nil
	// if only our own record tells of it.
	Said       *record.Listed
	Former     []string // earlier references of the same bearer
	FirstSeen  date.Day // first version of the list that holds it
	LastSeen   date.Day // last one
	LastChange date.Day // the version since which its content is so
}

// Subject tells of one entry; false if nothing of it was known by the day.
func (r *Register) Subject(id screen.SubjectID) (Subject, bool) {
	s, w, at := r.state, r.world, r.At
	if !s.screens().has(id) {
		return Subject{}, false
	}
	key := entryOf(id)
	l, ok := s.entry(w, key.list, key.ref, at.KnownAt)
	if !ok {
		return Subject{}, false
	}
	out := Subject{List: key.list, Ref: key.ref, Caption: l.Name, Sort: l.Sort, Regime: l.Regime, Standing: w.Stand(at, l)}
	out.Alive = out.Standing.Alive()
	if own, ok := w.listings[key]; ok {
		out.Former = own.Former
	}
	h := s.lists.List(key.list)
	spans := h.Spans(key.ref, at.KnownAt)
	if len(spans) == 0 {
		out.Names = []string{l.Name}
		if out.Standing.From != nil {
			out.FirstSeen = *out.Standing.From
			out.LastChange = out.FirstSeen
		}
		for _, st := range l.Steps {
			if !st.On.After(at.AsOf) && st.On.After(out.LastChange) {
				out.LastChange = st.On
			}
		}
		out.LastSeen = out.LastChange
		return out, true
	}
	for _, sp := range spans {
		for _, said := range sp.Said {
			if out.LastChange.IsZero() || !said.Version.After(at.AsOf) {
				out.LastChange = said.Version
			}
			for _, n := range said.Names {
				out.Names = append(out.Names, n.Text)
			}
		}
	}
	last := spans[len(spans)-1]
	out.FirstSeen, out.LastSeen = spans[0].First, last.Last
	on := h.OnList(key.ref, at.AsOf, at.KnownAt)
	if on.Entry != nil {
		said := listing.Public(*on.Entry)
		out.Said = &said
	}
	if _, err := w.World.Regime(l.Regime); err != nil {
		// No law of ours says whether it is bound: the list itself is the word. On a
		// day between two versions that differ the entry may have stood on it.
		switch on.Presence {
		case listing.Off:
			out.Alive = false
		case listing.NotHeld:
			out.Alive = !l.ListedOn.IsZero() && !l.ListedOn.After(at.AsOf)
		default:
			out.Alive = true
		}
	}
	return out, true
}

// Regime is a regime's name and founding decision as known by the day.
func (r *Register) Regime(id record.RegimeID) (record.Regime, bool) {
	x, ok := r.world.regimes[id]
	return x, ok
}
