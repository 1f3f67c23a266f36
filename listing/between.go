package listing

import (
	"iter"
	"slices"
	"strings"

	"article41/record"
)

// Between is what one version of a list says otherwise than an older one: who was
// listed, who is gone, and whose entry was amended.
type Between struct {
	Listed, Delisted, Amended []string // references, in order
	// Whole: amendments were looked for. Two versions of different origins (ours,
	// a user's file) are compared by who stands on them alone.
	Whole bool
}

// Empty reports whether nothing differs.
func (b Between) Empty() bool { return len(b.Listed)+len(b.Delisted)+len(b.Amended) == 0 }

// Between compares two held versions by what they state, reading only the entries
// that the newer one states anew. Whom a cut version lacks was not delisted.
func (h *History) Between(older, newer record.List) Between {
	b := Between{Whole: older.Origin == newer.Origin}
	for ref := range h.ever(older.Origin, newer.Origin) {
		was, stood := h.stated(older, ref)
		is, stands := h.stated(newer, ref)
		switch {
		case stands && !stood && !older.Partial:
			b.Listed = append(b.Listed, ref)
		case stood && !stands && !newer.Partial:
			b.Delisted = append(b.Delisted, ref)
		case stood && stands && b.Whole && is.on.After(was.on): // stated anew
			c := h.chains[newer.Origin]
			if len(Amended(h.pack.listed(was), h.pack.listed(is), c.narrowed(is.on) || c.narrowed(was.on))) > 0 {
				b.Amended = append(b.Amended, ref)
			}
		}
	}
	for _, refs := range [][]string{b.Listed, b.Delisted, b.Amended} {
		slices.SortFunc(refs, strings.Compare)
	}
	return b
}

// ever are the references of the origins, in no order.
func (h *History) ever(origins ...string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i, o := range origins {
			c := h.chains[o]
			if c == nil || i > 0 && o == origins[0] {
				continue
			}
			for ref := range c.said {
				if first := h.chains[origins[0]]; i > 0 && first != nil && first.said[ref] != nil {
					continue
				}
				if !yield(ref) {
					return
				}
			}
		}
	}
}
