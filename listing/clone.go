package listing

import (
	"maps"
	"slices"
	"strings"

	"article41/record"
)

// Clone copies the histories, so that entries can be added to the copy while
// others read the original.
func (h *Histories) Clone() Histories {
	out := Histories{lists: make(map[record.SourceID]*History, len(h.lists))}
	for id, l := range h.lists {
		n := &History{Source: id, chains: make(map[string]*chain, len(l.chains))}
		for origin, c := range l.chains {
			said := maps.Clone(c.said)
			for ref, s := range said {
				said[ref] = slices.Clone(s)
			}
			n.chains[origin] = &chain{origin, slices.Clone(c.versions), said}
		}
		out.lists[id] = n
	}
	return out
}

// OriginOf reads the origin from the id of a Listed fact.
func OriginOf(f record.FactID) string {
	return string(f)[strings.LastIndexByte(string(f), '/')+1:]
}
