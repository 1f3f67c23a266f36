// Package screen answers: whom of the listed may this name be, and why?
//
// An Index is built from Subjects (who is listed, under which names, with what
// other facts) and answers a Query with Hits, the likeliest first: Search. For
// each hit it can tell which token met which and what spoke against: Explain.
// The index returns exactly what comparing every name would return (Scan), in
// the same order. Small changes are added as a delta segment: Apply.
//
// Main words: the name's score stands apart from the Evidence beside it (births,
// countries, gender, identifiers), and Score joins both by one written rule. A
// Weak alias never opens a hit. Class says what kind of hit it is; "same name,
// nothing else to compare" is one of its own.
//
// It knows nothing of the law (what a listing means is joined on elsewhere), of
// files of publishers, of time and of the network.
//
//	ix := screen.Build(subjects)
//	for _, h := range ix.Search(screen.Query{Names: []string{"Sergei Lavrov"}, Kind: name.Person}) {
//		fmt.Println(h.ID, h.Score, h.Class)
//	}
package screen

import (
	"iter"

	"article41/name"
)

// Engine names the matching rules; scores of two engines are not comparable.
const Engine = "article41-match-6"

// RarityVersion names the table of token rarity that scores depend on.
const RarityVersion = name.RarityVersion

// Index holds prepared subjects. It is never changed once built, so any number
// of goroutines may read it.
type Index struct {
	segments []*segment // the large one first, then at most one delta
	dead     []bitmap   // by segment: subjects replaced or removed since
	live     int
}

// Build makes an index of subjects. Of two subjects with one ID the later counts.
func Build(subjects []Subject) *Index {
	seg := newSegment(subjects)
	ix := &Index{segments: []*segment{seg}, dead: []bitmap{nil}, live: len(subjects)}
	for i := range subjects {
		if last, ok := seg.findLast(subjects[i].ID); ok && last != uint32(i) {
			if ix.dead[0] == nil {
				ix.dead[0] = newBitmap(len(subjects))
			}
			ix.dead[0].set(uint32(i))
			ix.live--
		}
	}
	return ix
}

// Len is how many subjects the index holds.
func (ix *Index) Len() int { return ix.live }

// Names is how many name readings the index holds.
func (ix *Index) Names() int {
	n := 0
	for _, s := range ix.segments {
		n += s.readings
	}
	return n
}

// Size is how many bytes the index's arrays hold.
func (ix *Index) Size() int {
	n := 0
	for _, s := range ix.segments {
		n += s.size()
	}
	return n
}

// Subject gives the subject with an ID as it was indexed.
func (ix *Index) Subject(id SubjectID) (Subject, bool) {
	for i := len(ix.segments) - 1; i >= 0; i-- {
		if j, ok := ix.segments[i].findLast(id); ok && !ix.dead[i].has(j) {
			return ix.segments[i].subject(j), true
		}
	}
	return Subject{}, false
}

// Apply returns a new index with subjects changed or added and others removed;
// the old one stays usable. The changes lie in one small delta segment, which
// each Apply writes anew; when it has grown to a tenth of the whole, build anew.
func (ix *Index) Apply(changed []Subject, removed []SubjectID) *Index {
	out := &Index{segments: ix.segments[:1:1], dead: []bitmap{ix.dead[0].clone(len(ix.segments[0].kinds))}}
	gone := make(map[SubjectID]bool, len(changed)+len(removed))
	for _, id := range removed {
		gone[id] = true
	}
	for i := range changed {
		gone[changed[i].ID] = true
	}
	var delta []Subject
	if len(ix.segments) > 1 {
		old := ix.segments[1]
		for i := range old.kinds {
			if id := old.id(uint32(i)); !gone[id] && !ix.dead[1].has(uint32(i)) {
				delta = append(delta, old.subject(uint32(i)))
			}
		}
	}
	last := make(map[SubjectID]int, len(changed))
	for i := range changed {
		last[changed[i].ID] = i
	}
	for i := range changed {
		if last[changed[i].ID] == i {
			delta = append(delta, changed[i])
		}
	}
	for id := range gone {
		if j, ok := out.segments[0].findLast(id); ok {
			out.dead[0].set(j)
		}
	}
	if len(delta) > 0 {
		out.segments = append(out.segments, newSegment(delta))
		out.dead = append(out.dead, nil)
	}
	out.live = len(out.segments[0].kinds) - out.dead[0].count() + len(delta)
	return out
}

// Delta is how many subjects lie in the delta segment.
func (ix *Index) Delta() int {
	if len(ix.segments) < 2 {
		return 0
	}
	return len(ix.segments[1].kinds)
}

// findLast gives the subject with an ID, the last of several.
func (s *segment) findLast(id SubjectID) (last uint32, ok bool) {
	s.ids.each(hashOf(string(id)), func(i uint32) bool {
		if (!ok || i > last) && s.id(i) == id {
			last, ok = i, true
		}
		return true
	})
	return last, ok
}

// Tokens is how many distinct tokens the index holds.
func (ix *Index) Tokens() int {
	n := 0
	for _, s := range ix.segments {
		n += s.dict.len()
	}
	return n
}

// IDs are the ids of all subjects, in no order.
func (ix *Index) IDs() iter.Seq[SubjectID] {
	return func(yield func(SubjectID) bool) {
		for i, s := range ix.segments {
			for j := range s.kinds {
				if !ix.dead[i].has(uint32(j)) && !yield(s.id(uint32(j))) {
					return
				}
			}
		}
	}
}
