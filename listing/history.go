package listing

import (
	"bytes"
	"cmp"
	"encoding/json"
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
	pack  *pack // what all of them say
}

// History is what is held of one list: its versions by date, and what each says
// of each entry.
type History struct {
	Source record.SourceID
	chains map[string]*chain // by origin
	pack   *pack
}

// chain is the versions of one origin, kept as changes: what a version says of
// an entry is the latest statement at or before its date.
type chain struct {
	origin   string
	versions []record.List // by date
	said     map[string][]statement
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

// Add takes one more entry of the ledger into the fold. What a version says of an
// entry is kept as it is and read when it is asked for.
func (h *Histories) Add(e record.Entry) error {
	switch e.Kind {
	case record.KindList:
		var l record.List
		if err := e.Decode(&l); err != nil {
			return err
		}
		h.AddList(l)
	case record.KindListed:
		list, ref, on, origin, ok := readListedFact(e.Fact)
		if !ok || !json.Valid(e.Body) {
			return fmt.Errorf("%w: entry %d (%s): not what a list says of an entry", record.ErrInvalid, e.Position, e.Fact)
		}
		h.say(list, origin, ref, on, e.Position, e.Body)
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
	b, err := record.Encode(l)
	if err != nil {
		panic(err) // a Listed holds nothing that JSON cannot write
	}
	h.say(l.List, origin, l.Ref, l.Version, 0, b)
}

func (h *Histories) say(list record.SourceID, origin, ref string, on date.Day, at record.Position, body []byte) {
	c := h.chain(list, origin)
	st := statement{on: on, gone: bytes.HasSuffix(body, goneEnd), dropped: bytes.Contains(body, droppedField), position: at}
	if !st.gone { // nothing more is said of what is gone
		st.block, st.from, st.to = h.pack.add(body)
	}
	said := c.said[ref]
	i, held := slices.BinarySearchFunc(said, on, onDay)
	// A copy shares what is held, so it is never written to.
	next := make([]statement, 0, len(said)+1)
	next = append(append(next, said[:i]...), st)
	if held {
		i++
	}
	c.said[ref] = append(next, said[i:]...)
}

// In the canonical form "gone" stands last where it is said, as no other field
// is then; inside a text its quotation marks would be escaped.
var (
	goneEnd      = []byte(`"gone":true}`)
	droppedField = []byte(`"dropped":[`)
)

func onDay(s statement, d date.Day) int { return s.on.Compare(d) }

func (h *Histories) withdraw(f record.FactID) {
	list, ref, on, origin, listed := readListedFact(f)
	for _, l := range h.lists {
		for _, c := range l.chains {
			c.versions = slices.DeleteFunc(c.versions, func(v record.List) bool { return ListFact(v) == f })
			if listed && l.Source == list && c.origin == origin {
				c.said[ref] = slices.DeleteFunc(slices.Clone(c.said[ref]), func(s statement) bool { return s.on == on })
			}
		}
	}
}

func (h *Histories) chain(list record.SourceID, origin string) *chain {
	if h.lists == nil {
		p := newPack()
		h.lists, h.pack = map[record.SourceID]*History{}, &p
	}
	l := h.lists[list]
	if l == nil {
		l = &History{Source: list, chains: map[string]*chain{}, pack: h.pack}
		h.lists[list] = l
	}
	c := l.chains[origin]
	if c == nil {
		c = &chain{origin: origin, said: map[string][]statement{}}
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

// Len is how many entries ever stood on the lists.
func (h *Histories) Len() int {
	n := 0
	for _, l := range h.lists {
		for _, c := range l.chains {
			n += len(c.said)
		}
	}
	return n
}

// Has reports whether the reference ever stood in a held version.
func (h *History) Has(ref string) bool {
	for _, c := range h.chains {
		if _, ok := c.said[ref]; ok {
			return true
		}
	}
	return false
}

// At is what the held version says of the entry, and whether it holds it. What
// damage hid in an imported version is filled from the record's, if it has the
// entry by that date (see [Carry]).
func (h *History) At(v record.List, ref string) (record.Listed, bool) {
	st, on := h.stated(v, ref)
	if !on {
		return record.Listed{}, false
	}
	return h.read(v, ref, st), true
}

// stated is where it lies what the version says.
func (h *History) stated(v record.List, ref string) (statement, bool) {
	c := h.chains[v.Origin]
	if c == nil {
		return statement{}, false
	}
	return c.at(v.Date, ref)
}

// read reads what a version states.
func (h *History) read(v record.List, ref string, st statement) record.Listed {
	e := h.pack.listed(st)
	if own := h.chains[Recorded]; len(e.Dropped) > 0 && v.Origin == Imported && own != nil {
		if was, stood := own.at(v.Date, ref); stood {
			e = Carry(h.pack.listed(was), e)
		}
	}
	return e
}

// Each hands on all entries of a held version, in the order in which they lie,
// which is the fastest.
func (h *History) Each(v record.List, yield func(record.Listed) error) error {
	c := h.chains[v.Origin]
	if c == nil {
		return nil
	}
	type held struct {
		ref string
		st  statement
	}
	var all []held
	for ref := range c.said {
		if st, on := c.at(v.Date, ref); on {
			all = append(all, held{ref, st})
		}
	}
	slices.SortFunc(all, func(a, b held) int {
		return cmp.Or(cmp.Compare(a.st.block, b.st.block), cmp.Compare(a.st.from, b.st.from))
	})
	for _, x := range all {
		if err := yield(h.read(v, x.ref, x.st)); err != nil {
			return err
		}
	}
	return nil
}

// Entries are all entries of a held version, in order of reference.
func (h *History) Entries(v record.List) []record.Listed {
	var out []record.Listed
	h.Each(v, func(e record.Listed) error {
		out = append(out, e)
		return nil
	})
	slices.SortFunc(out, byRef)
	return out
}

// at is what the chain states of the entry on the day; false if it does not
// stand on the list then.
func (c *chain) at(day date.Day, ref string) (statement, bool) {
	said := c.said[ref]
	i, held := slices.BinarySearchFunc(said, day, onDay)
	if !held {
		i--
	}
	if i < 0 || said[i].gone {
		return statement{}, false
	}
	return said[i], true
}

// readListedFact reads what [ListedFact] wrote. A reference may hold slashes, the
// rest does not.
func readListedFact(f record.FactID) (list record.SourceID, ref string, on date.Day, origin string, ok bool) {
	rest, ok := strings.CutPrefix(string(f), "listed/")
	if !ok {
		return
	}
	first, last := strings.IndexByte(rest, '/'), strings.LastIndexByte(rest, '/')
	if first < 0 || last <= first {
		return "", "", on, "", false
	}
	day := strings.LastIndexByte(rest[:last], '/')
	if day <= first {
		return "", "", on, "", false
	}
	on, err := date.ParseDay(rest[day+1 : last])
	return record.SourceID(rest[:first]), rest[first+1 : day], on, rest[last+1:], err == nil
}
