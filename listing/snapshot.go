package listing

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"article41/date"
	"article41/record"
)

// snapshotForm names the byte form of a snapshot; another is not read.
const snapshotForm = "article41 histories 1\n"

// AppendTo appends the histories in a form that [FromBytes] reads back at once,
// however much they hold. It is for a snapshot, never the truth: whoever keeps it
// guards it by a checksum.
func (h *Histories) AppendTo(b []byte) ([]byte, error) {
	var full [][]byte
	if h.pack != nil {
		full = h.pack.full
		if len(h.pack.open) > 0 {
			full = append(slices.Clip(full), pressed(h.pack.open))
		}
	}
	size := 60 * h.Len()
	for _, block := range full {
		size += len(block)
	}
	b = append(slices.Grow(b, size), snapshotForm...)
	b = binary.AppendUvarint(b, uint64(len(full)))
	for _, block := range full {
		b = appendText(b, block)
	}
	b = binary.AppendUvarint(b, uint64(len(h.lists)))
	for _, id := range h.Sources() {
		l := h.lists[id]
		b = appendText(b, []byte(id))
		b = binary.AppendUvarint(b, uint64(len(l.chains)))
		for _, origin := range slices.Sorted(maps.Keys(l.chains)) {
			c := l.chains[origin]
			versions, err := json.Marshal(c.versions)
			if err != nil {
				return nil, fmt.Errorf("snapshot of list %s: %w", id, err)
			}
			b = appendText(appendText(b, []byte(origin)), versions)
			b = binary.AppendUvarint(b, uint64(len(c.said)))
			for _, ref := range slices.Sorted(maps.Keys(c.said)) {
				b = appendText(b, []byte(ref))
				b = binary.AppendUvarint(b, uint64(len(c.said[ref])))
				for _, s := range c.said[ref] {
					b = s.appendTo(b)
				}
			}
		}
	}
	return b, nil
}

func appendText(b, s []byte) []byte { return append(binary.AppendUvarint(b, uint64(len(s))), s...) }

func (s statement) appendTo(b []byte) []byte {
	flags := uint64(0)
	if s.gone {
		flags |= 1
	}
	if s.dropped {
		flags |= 2
	}
	for _, n := range []uint64{uint64(s.on.Year()), uint64(s.on.Month()), uint64(s.on.Day()), flags, uint64(s.block), uint64(s.from), uint64(s.to), uint64(s.position)} {
		b = binary.AppendUvarint(b, n)
	}
	return b
}

// FromBytes reads what AppendTo wrote, and answers with what stands behind it.
// The histories keep the bytes: they must not be changed after.
func FromBytes(b []byte) (h Histories, rest []byte, err error) {
	r := &unpacking{b: b}
	if len(b) < len(snapshotForm) || string(b[:len(snapshotForm)]) != snapshotForm {
		return h, nil, fmt.Errorf("%w: not a snapshot of histories in this program's form", record.ErrInvalid)
	}
	r.b = b[len(snapshotForm):]
	p := newPack()
	h = Histories{lists: map[record.SourceID]*History{}, pack: &p}
	for range r.count() {
		p.full = append(p.full, r.text())
	}
	for range r.count() {
		l := &History{Source: record.SourceID(r.text()), chains: map[string]*chain{}, pack: h.pack}
		h.lists[l.Source] = l
		for range r.count() {
			c := &chain{origin: string(r.text())}
			l.chains[c.origin] = c
			if versions := r.text(); !r.short {
				if err := json.Unmarshal(versions, &c.versions); err != nil {
					return Histories{}, nil, fmt.Errorf("%w: snapshot of list %s: %w", record.ErrInvalid, l.Source, err)
				}
			}
			n := r.count()
			c.said = make(map[string][]statement, n)
			for range n {
				ref := string(r.text())
				said := make([]statement, r.count())
				for i := range said {
					said[i] = r.statement(len(p.full))
				}
				c.said[ref] = said
			}
		}
	}
	if r.short {
		return Histories{}, nil, fmt.Errorf("%w: the snapshot of the histories is cut or damaged", record.ErrInvalid)
	}
	return h, r.b, nil
}

// unpacking reads a snapshot; once something is missing all that follows is
// empty.
type unpacking struct {
	b     []byte
	short bool
}

func (r *unpacking) number() uint64 {
	n, size := binary.Uvarint(r.b)
	if size <= 0 || r.short {
		r.short, r.b = true, nil
		return 0
	}
	r.b = r.b[size:]
	return n
}

// count is a number of things that each take a byte at least.
func (r *unpacking) count() int {
	n := r.number()
	if n > uint64(len(r.b)) {
		r.short, r.b = true, nil
		return 0
	}
	return int(n)
}

func (r *unpacking) text() []byte {
	n := r.count()
	s := r.b[:n:n]
	r.b = r.b[n:]
	return s
}

func (r *unpacking) statement(blocks int) statement {
	var n [8]uint64
	for i := range n {
		n[i] = r.number()
	}
	s := statement{gone: n[3]&1 != 0, dropped: n[3]&2 != 0, block: uint32(n[4]), from: uint32(n[5]), to: uint32(n[6]), position: record.Position(n[7])}
	if d, err := date.New(int(n[0]), time.Month(n[1]), int(n[2])); err == nil {
		s.on = d
	} else {
		r.short = true
	}
	if !s.gone && (int(s.block) >= blocks || s.from > s.to) {
		r.short = true
	}
	return s
}

// Since are the references of which something was stated after the position, by
// list.
func (h *Histories) Since(position record.Position) iter.Seq2[record.SourceID, string] {
	return func(yield func(record.SourceID, string) bool) {
		for _, id := range h.Sources() {
			for _, c := range h.lists[id].chains {
				for ref, said := range c.said {
					if slices.ContainsFunc(said, func(s statement) bool { return s.position > position }) && !yield(id, ref) {
						return
					}
				}
			}
		}
	}
}

// Lying are the references in the order in which they lie, which is the fastest
// to read them all.
func (h *History) Lying() []string {
	type first struct {
		ref string
		st  statement
	}
	var all []first
	seen := map[string]bool{}
	for _, c := range h.chains {
		for ref, said := range c.said {
			if !seen[ref] && len(said) > 0 {
				seen[ref] = true
				all = append(all, first{ref, said[0]})
			}
		}
	}
	slices.SortFunc(all, func(a, b first) int {
		return cmp.Or(cmp.Compare(a.st.block, b.st.block), cmp.Compare(a.st.from, b.st.from), cmp.Compare(a.ref, b.ref))
	})
	refs := make([]string, len(all))
	for i, f := range all {
		refs[i] = f.ref
	}
	return refs
}
