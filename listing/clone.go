package listing

import (
	"maps"
	"slices"

	"article41/record"
)

// Clone copies the histories, so that entries can be added to the copy while
// others read the original. What is held is shared.
func (h *Histories) Clone() Histories {
	out := Histories{lists: make(map[record.SourceID]*History, len(h.lists))}
	if h.pack == nil {
		return Histories{}
	}
	out.pack = new(h.pack.copy())
	for id, l := range h.lists {
		n := &History{Source: id, chains: make(map[string]*chain, len(l.chains)), pack: out.pack}
		for origin, c := range l.chains {
			n.chains[origin] = &chain{origin, slices.Clone(c.versions), maps.Clone(c.said)}
		}
		out.lists[id] = n
	}
	return out
}
