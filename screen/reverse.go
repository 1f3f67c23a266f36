package screen

import (
	"slices"
	"strings"
)

// Reverse asks the other way round: which subjects of the index, asked as queries
// of an index that holds sub, would find it? It answers by name alone, or by a
// shared identifier, and may name a subject too many (the other facts, and the
// last digit of a score, are for [Index.Search] to weigh) but none too few: two
// tokens meet alike from either side, each pair of names is scored from the side
// that asks (a name with a word twice scores otherwise from the other), weak
// aliases of sub open nothing here either, and of the index's subjects every name
// counts. So the index must hold no Weak names.
//
// The threshold is that of the name's score; 0 is DefaultThreshold.
func (ix *Index) Reverse(sub Subject, threshold float64) []SubjectID {
	if threshold <= 0 {
		threshold = DefaultThreshold
	}
	threshold -= reverseSlack
	s := searchers.Get().(*searcher)
	s.found, s.stats, s.reverse = s.found[:0], Stats{}, true
	defer func() {
		s.reverse = false
		searchers.Put(s)
	}()
	for _, n := range sub.Names {
		if n.Strength == Weak {
			continue
		}
		p := s.scribe.Prepare(n.Text, sub.Kind, n.Lang)
		for k := range p.Readings {
			for i, seg := range ix.segments {
				if threshold < scanThreshold {
					s.scan(seg, uint32(i), ix.dead[i], sub.Kind, p.Readings[k], p.Body[k], threshold)
				} else {
					s.search(seg, uint32(i), ix.dead[i], sub.Kind, p.Readings[k], p.Body[k], threshold)
				}
			}
		}
	}
	ix.addIdentified(&Query{Kind: sub.Kind, Identifiers: sub.Identifiers}, s)
	out := make([]SubjectID, 0, len(s.found))
	for _, f := range s.found {
		out = append(out, ix.segments[f.seg].id(f.subj))
	}
	slices.SortFunc(out, func(a, b SubjectID) int { return strings.Compare(string(a), string(b)) })
	return slices.Compact(out)
}

// reverseSlack is more than adding the same numbers in another order can move a
// score by.
const reverseSlack = 1e-6
