package listing

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"article41/date"
	"article41/record"
)

// Origins of a held version: a file that the user imported, and the history
// that the curated record carries (stripped of private fields).
const (
	Imported = "import"
	Recorded = "record"
)

// Histories are the held versions of every list.
type Histories struct {
	lists map[record.SourceID]*History
}

// History is what is held of one list: its versions by date, and what each says
// of each entry.
type History struct {
	Source record.SourceID
	chains map[string]*chain // by origin
}

// chain is the versions of one origin, kept as changes: what a version says of
// an entry is the latest statement at or before its date.
type chain struct {
	origin   string
	versions []record.List // by date
	said     map[string][]record.Listed
}

// ListFact is the stable id of a version of a list.
func ListFact(l record.List) record.FactID {
	return record.FactID(fmt.Sprintf("list/%s/%s/%s", l.List, l.Date, l.Origin))
}

// ListedFact is the stable id of what a version says of an entry.
func ListedFact(e record.Listed, origin string) record.FactID {
	return record.FactID(fmt.Sprintf("listed/%s/%s/%s/%s", e.List, e.Ref, e.Version, origin))
}

// Fold reads the histories back from the ledger's entries, in its order; other
// kinds of entry are passed over. A later entry of the same fact replaces the
// earlier one, and a withdrawal takes it back.
func Fold(entries iter.Seq[record.Entry]) (*Histories, error) {
	h := &Histories{}
	for e := range entries {
		if err := h.Add(e); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// Add takes one more entry of the ledger into the fold.
func (h *Histories) Add(e record.Entry) error {
	switch e.Kind {
	case record.KindList:
		var l record.List
		if err := e.Decode(&l); err != nil {
			return err
		}
		h.AddList(l)
	case record.KindListed:
		_, tail, _ := strings.Cut(string(e.Fact), "/")
		origin := tail[strings.LastIndexByte(tail, '/')+1:]
		var l record.Listed
		if err := e.Decode(&l); err != nil {
			return err
		}
		h.AddListed(l, origin)
	case record.KindWithdrawal:
		var w record.Withdrawal
		if err := e.Decode(&w); err != nil {
			return err
		}
		h.withdraw(w.Fact)
	}
	return nil
}

// AddList takes a version of a list, as decoded.
func (h *Histories) AddList(l record.List) {
	c := h.chain(l.List, l.Origin)
	at, held := slices.BinarySearchFunc(c.versions, l.Date, func(v record.List, d date.Day) int { return v.Date.Compare(d) })
	if held {
		c.versions[at] = l
	} else {
		c.versions = slices.Insert(c.versions, at, l)
	}
}

// AddListed takes what a version says of an entry, as decoded.
func (h *Histories) AddListed(l record.Listed, origin string) {
	c := h.chain(l.List, origin)
	said := c.said[l.Ref]
	at, held := slices.BinarySearchFunc(said, l.Version, func(s record.Listed, d date.Day) int { return s.Version.Compare(d) })
	if held {
		said[at] = l
	} else {
		c.said[l.Ref] = slices.Insert(said, at, l)
	}
}

func (h *Histories) withdraw(f record.FactID) {
	for _, l := range h.lists {
		for _, c := range l.chains {
			c.versions = slices.DeleteFunc(c.versions, func(v record.List) bool { return ListFact(v) == f })
			if !strings.HasPrefix(string(f), "listed/"+string(l.Source)+"/") {
				continue
			}
			for ref, said := range c.said {
				c.said[ref] = slices.DeleteFunc(said, func(e record.Listed) bool { return ListedFact(e, c.origin) == f })
			}
		}
	}
}

func (h *Histories) chain(list record.SourceID, origin string) *chain {
	if h.lists == nil {
		h.lists = map[record.SourceID]*History{}
	}
	l := h.lists[list]
	if l == nil {
		l = &History{Source: list, chains: map[string]*chain{}}
		h.lists[list] = l
	}
	c := l.chains[origin]
	if c == nil {
		c = &chain{origin: origin, said: map[string][]record.Listed{}}
		l.chains[origin] = c
	}
	return c
}

// Sources are the lists of which a version is held, in order.
func (h *Histories) Sources() []record.SourceID {
	return slices.Sorted(maps.Keys(h.lists))
}

// List is the history of one list; an empty one if nothing is held of it.
func (h *Histories) List(id record.SourceID) *History {
	if l := h.lists[id]; l != nil {
		return l
	}
	return &History{Source: id}
}

// Refs are the references that ever stood in a held version, in order.
func (h *History) Refs() []string {
	all := map[string]bool{}
	for _, c := range h.chains {
		for ref := range c.said {
			all[ref] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// Versions are the held versions known on the day (zero: all), by date. Where
// two origins hold the same date, the imported one stands.
func (h *History) Versions(knownAt date.Day) []record.List {
	var out []record.List
	for _, origin := range slices.Sorted(maps.Keys(h.chains)) { // "import" before "record"
		for _, v := range h.chains[origin].versions {
			if knownAt.IsZero() || !v.Date.After(knownAt) {
				out = append(out, v)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b record.List) int { return a.Date.Compare(b.Date) })
	return slices.CompactFunc(out, func(a, b record.List) bool { return a.Date == b.Date })
}

// At is what the held version says of the entry, and whether it holds it. What
// damage hid in an imported version is filled from the record's, if it has the
// entry by that date (see [Carry]).
func (h *History) At(v record.List, ref string) (record.Listed, bool) {
	c := h.chains[v.Origin]
	if c == nil {
		return record.Listed{}, false
	}
	e, on := c.at(v.Date, ref)
	if own := h.chains[Recorded]; on && len(e.Dropped) > 0 && v.Origin == Imported && own != nil {
		if was, stood := own.at(v.Date, ref); stood {
			e = Carry(was, e)
		}
	}
	return e, on
}

// Entries are all entries of a held version, in order of reference.
func (h *History) Entries(v record.List) []record.Listed {
	c := h.chains[v.Origin]
	if c == nil {
		return nil
	}
	var out []record.Listed
	for _, ref := range slices.Sorted(maps.Keys(c.said)) {
		if e, on := h.At(v, ref); on {
			out = append(out, e)
		}
	}
	return out
}

func (c *chain) at(day date.Day, ref string) (record.Listed, bool) {
	said := c.said[ref]
	i, held := slices.BinarySearchFunc(said, day, func(s record.Listed, d date.Day) int { return s.Version.Compare(d) })
	if !held {
		i--
	}
	if i < 0 || said[i].Gone {
		return record.Listed{}, false
	}
	return said[i], true
}
