// Package screen answers: whom of the listed may this name be, and why?
package screen

import (
	"sort"

	"article41/name"
)

// Engine names the matching rules; scores of two engines are not comparable.
const Engine = "article41-match-1"

// RarityVersion names the table of token rarity that scores depend on.
const RarityVersion = name.RarityVersion

// Index holds prepared subjects. It is never changed once built, so any number
// of goroutines may read it.
type Index struct {
	subjects []Subject
	prepared [][]name.Prepared
}

// Build makes an index of subjects.
func Build(subjects []Subject) *Index {
	ix := &Index{subjects: subjects}
	for i := range subjects {
		var ps []name.Prepared
		for _, n := range subjects[i].Names {
			ps = append(ps, name.Prepare(n.Text, subjects[i].Kind, n.Lang))
		}
		ix.prepared = append(ix.prepared, ps)
	}
	return ix
}

// Len is how many subjects the index holds.
func (ix *Index) Len() int { return len(ix.subjects) }

// Search returns the subjects that the query may mean, the likeliest first; ties go by ID.
func (ix *Index) Search(q Query) []Hit {
	threshold, limit := q.Threshold, q.Limit
	if threshold <= 0 {
		threshold = DefaultThreshold
	}
	if limit <= 0 {
		limit = DefaultLimit
	}
	var hits []Hit
	for i := range ix.subjects {
		if h, ok := ix.score(&q, i, threshold); ok {
			hits = append(hits, h)
		}
	}
	sort.Slice(hits, func(i, j int) bool {
		if hits[i].Score != hits[j].Score {
			return hits[i].Score > hits[j].Score
		}
		return hits[i].ID < hits[j].ID
	})
	return hits[:min(len(hits), limit)]
}

func (ix *Index) score(q *Query, i int, threshold float64) (Hit, bool) {
	s := &ix.subjects[i]
	if !q.Kind.MayBe(s.Kind) {
		return Hit{}, false
	}
	h := Hit{ID: s.ID, NameScore: -1}
	for _, t := range q.Names {
		p := name.Prepare(t, q.Kind, "")
		for k := range s.Names {
			if s.Names[k].Strength == Weak {
				continue
			}
			if r := name.Compare(p, ix.prepared[i][k]); r.Score > h.NameScore {
				h.NameScore, h.Matched = r.Score, s.Names[k]
			}
		}
	}
	var identified bool
	h.For, h.Against, identified = weigh(q, s)
	h.Score = joinEvidence(max(h.NameScore, 0), h.For, h.Against, identified)
	if h.NameScore < threshold && !identified || h.Score < threshold {
		return h, false
	}
	h.Match = true
	h.Class = classOf(h.NameScore, h.For, h.Against, identified)
	return h, true
}

// Apply returns a new index with subjects changed or added and others removed;
// the old one stays usable.
func (ix *Index) Apply(changed []Subject, removed []SubjectID) *Index {
	drop := map[SubjectID]bool{}
	for _, id := range removed {
		drop[id] = true
	}
	for i := range changed {
		drop[changed[i].ID] = true
	}
	var all []Subject
	for _, s := range ix.subjects {
		if !drop[s.ID] {
			all = append(all, s)
		}
	}
	return Build(append(all, changed...))
}
