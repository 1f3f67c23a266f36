package screen

import (
	"math/bits"
	"slices"
	"strings"
	"sync"

	"article41/name"
)

// A name meets a row at the default threshold only if no word is left over on
// one of the two sides, for words left over on both contradict each other and
// cost more than the threshold allows (name.Score). So either
//
//   - every word of the query is met: then the rows that hold a meeting of one
//     of them, the cheapest, are enough; or
//   - every word of the row is met while words of the query are left over: then
//     at least two words met (a person's name of which only one word met is far
//     below), and the row is found by its anchors, its two rarest words.
//     If all words of the query but one are looked up, one anchor is met by a
//     word that was, or both by one join, and joins are all looked up.
//
// So a person of two words needs one lookup, of three words two. Where more was
// looked up, fewer rows are looked at: in the first case those that hold a meeting
// of two of the query's words, in the second those of which both anchors are met.
//
// Bodies may meet by one word: there all words are looked up. Below fullThreshold
// none of this holds and all rows of all met tokens are looked at; below
// scanThreshold every row is.
const (
	fullThreshold = 0.68
	scanThreshold = 0.60
)

// searcher holds what a search needs for a while; they are used again.
type searcher struct {
	look   lookup
	scribe name.Scribe
	row    name.Reading
	edges  []name.Edge
	align  name.Alignment
	rows   marks
	// rows found and not yet tried, with their marks
	pending []uint32
	found   []found
	stats   Stats
	// reverse: score as if the row asked and the query were listed (Index.Reverse).
	reverse bool
}

type found struct {
	score float64
	seg   uint32
	subj  uint32
	row   uint32
}

// Stats counts what a search looked at.
type Stats struct {
	Tokens   int // tokens that meet a word of the query, or may
	Looked   int // tokens looked at
	Compared int // tokens compared with a word of the query
	Sounds   int // sounds measured against a word of the query
	Rows     int // rows looked at
	Scored   int // rows scored
}

var searchers = sync.Pool{New: func() any { return &searcher{} }}

// Search returns the subjects that the query may mean, the likeliest first; ties
// go by ID. A name that alone reaches the threshold is always returned, Match
// says whether it still does with the other facts.
func (ix *Index) Search(q Query) []Hit {
	hits, _ := ix.Find(q)
	return hits
}

// Find is Search that also says how many subjects there were before the limit.
func (ix *Index) Find(q Query) (hits []Hit, total int) {
	return ix.find(&q, false)
}

// Scan answers as Find does by comparing the query with every name: the measure
// that the index is tested and timed against.
func (ix *Index) Scan(q Query) (hits []Hit, total int) {
	return ix.find(&q, true)
}

// Work tells how much a search has to look at.
func (ix *Index) Work(q Query) Stats {
	s := &searcher{}
	for _, text := range q.Names {
		p := name.Prepare(text, q.Kind, "")
		for k := range p.Readings {
			for i, seg := range ix.segments {
				s.search(seg, uint32(i), ix.dead[i], q.Kind, p.Readings[k], p.Body[k], DefaultThreshold)
			}
		}
	}
	return s.stats
}

func (ix *Index) find(q *Query, scan bool) ([]Hit, int) {
	threshold := q.Threshold
	if threshold <= 0 {
		threshold = DefaultThreshold
	}
	s := searchers.Get().(*searcher)
	defer searchers.Put(s)
	s.found, s.stats = s.found[:0], Stats{}
	for _, text := range q.Names {
		p := s.scribe.Prepare(text, q.Kind, "")
		for k := range p.Readings {
			for i, seg := range ix.segments {
				if scan || threshold < scanThreshold {
					s.scan(seg, uint32(i), ix.dead[i], q.Kind, p.Readings[k], p.Body[k], threshold)
				} else {
					s.search(seg, uint32(i), ix.dead[i], q.Kind, p.Readings[k], p.Body[k], threshold)
				}
			}
		}
	}
	ix.addIdentified(q, s)
	return ix.rank(q, s, threshold)
}

// search finds the rows of one segment that one reading meets.
func (s *searcher) search(seg *segment, at uint32, dead bitmap, kind name.Kind, q name.Reading, body bool, threshold float64) {
	l := &s.look
	full := threshold < fullThreshold
	l.start(seg, q, full || body)
	s.rows.room(len(seg.rows)/3 + 1)
	s.stats.Tokens += len(l.metas)
	s.pending = s.pending[:0]
	wants := wanted{seg, at, dead, kind, body, threshold, full}
	switch {
	case full:
		n := len(l.metas) // rows bring up more tokens
		for i := 0; i < n; i++ {
			s.pending = append(s.pending, seg.postings(l.metas[i].token)...)
		}
		s.tryPending(&wants, false)
	default:
		s.findQueryMet()
		s.tryPending(&wants, false)
		if body || bits.OnesCount32(l.qPlain) > 2 {
			s.findRowMet()
			s.tryPending(&wants, true)
		}
	}
	s.stats.Looked, s.stats.Compared = s.stats.Looked+l.looked, s.stats.Compared+l.comparisons
	s.stats.Sounds += l.ear.Measured
	l.end()
}

// wanted says what a search of one segment wants of its rows.
type wanted struct {
	seg       *segment
	at        uint32 // the segment's number
	dead      bitmap
	kind      name.Kind
	body      bool
	threshold float64
	full      bool // below fullThreshold
}

// tryPending tries the rows that were found. It first reads the heads of many, so
// that the machine fetches them at once.
func (s *searcher) tryPending(w *wanted, anchored bool) {
	s.stats.Rows += len(s.pending)
	n := 0
	for _, r := range s.pending {
		r &^= anchorAlone
		if head := w.seg.rows[r+1]; (head&rowBody != 0) == w.body && head&rowWeak == 0 && w.kind.MayBe(rowKind(head)) {
			s.pending[n] = r
			n++
		}
	}
	for i := 0; i < n; i += 32 {
		part := s.pending[i:min(i+32, n)]
		for _, r := range part {
			for _, t := range w.seg.row(r) {
				s.look.touched += w.seg.dict.shapes[t] + uint64(s.look.mark[t])
			}
		}
		for _, r := range part {
			s.try(w, r, anchored)
		}
	}
	s.pending = s.pending[:0]
}

// findQueryMet finds the rows in which every word of the query may be met: they
// hold a meeting of its cheapest word, and of the next if that was looked up.
func (s *searcher) findQueryMet() {
	l := &s.look
	var cost [name.MaxTokens]int
	l.rowCosts(&cost)
	best := l.cheapest(&cost, 0)
	if others := l.qPlain & l.full &^ (1 << best); others != 0 {
		second := l.cheapest(&cost, 1<<best)
		if cost[second] < joinCost*cost[best] {
			l.eachRow(best, func(rows []uint32) {
				for _, r := range rows {
					s.rows.add(rowMark(r &^ anchorAlone))
				}
			})
			l.eachRow(second, func(rows []uint32) {
				for _, r := range rows {
					if s.rows.drop(rowMark(r &^ anchorAlone)) {
						s.pending = append(s.pending, r)
					}
				}
			})
			s.rows.clear()
			return
		}
	}
	l.eachRow(best, func(rows []uint32) { s.pending = append(s.pending, rows...) })
}

// joinCost is how many rows of a list are read in the time one row is tried.
const joinCost = 40

// eachRow calls f with the rows in which the query's word may be met, by itself
// or joined.
func (l *lookup) eachRow(word int, f func(rows []uint32)) {
	n := len(l.metas)
	for i := 0; i < n; i++ {
		if l.metas[i].met&(1<<word) != 0 {
			f(l.seg.postings(l.metas[i].token))
		}
	}
	for _, u := range l.units {
		if u.mask&(1<<word) != 0 && (l.mark[u.token] == 0 || l.metas[l.mark[u.token]-1].met&(1<<word) == 0) {
			f(l.seg.postings(u.token))
		}
	}
}

// findRowMet finds the rows of which every word may be met, by their anchors:
// both must be met, if all that may meet them was looked up and the row has two.
func (s *searcher) findRowMet() {
	l := &s.look
	anchored := func(t uint32) {
		for _, r := range l.seg.anchored(t) {
			both := l.every && r&anchorAlone == 0
			if !s.rows.add(rowMark(r&^anchorAlone)) == both {
				s.pending = append(s.pending, r)
			}
		}
	}
	n := len(l.metas)
	for i := 0; i < n; i++ {
		if l.metas[i].met != 0 || l.metas[i].join {
			anchored(l.metas[i].token)
		}
	}
	for _, t := range l.loose {
		if k := l.mark[t]; k == 0 || int(k) > n || l.metas[k-1].met == 0 && !l.metas[k-1].join {
			anchored(t)
		}
	}
	s.rows.clear()
}

// try scores one row if it can reach the threshold.
func (s *searcher) try(w *wanted, r uint32, anchored bool) {
	l, seg := &s.look, w.seg
	toks := seg.row(r)
	met, open, join := uint32(0), 0, false
	joins := w.full || !anchored
	if anchored {
		for _, t := range toks {
			if k := l.mark[t]; k != 0 && l.metas[k-1].join {
				joins = true
				break
			}
		}
	}
	for _, t := range toks {
		m := &noMeta
		if k, want := l.mark[t], l.qWords|l.qLoose; k != 0 && want&^l.metas[k-1].done == 0 {
			m = &l.metas[k-1]
		} else if k != 0 || want&^l.full != 0 {
			m = l.compared(t, want)
		}
		met |= m.met
		join = join || m.join
		if m.met == 0 && seg.dict.shapes[t]&shapeMust != 0 {
			if anchored && !joins {
				return // found by its anchor: every word must be met
			}
			open++
		}
	}
	if !w.full && open > 0 && l.qWords&^met != 0 {
		if !join {
			return
		}
		// Words are left over on both sides: only joined tokens can help.
		s.row = seg.reading(s.row, toks)
		s.edges = name.JoinsInto(s.edges[:0], l.query, s.row)
		if len(s.edges) == 0 {
			return
		}
	}
	subj := seg.rows[r]
	if w.dead.has(subj) {
		return
	}
	s.stats.Scored++
	s.row = seg.reading(s.row, toks)
	s.edges = s.edges[:0]
	everything := uint32(1)<<len(l.query) - 1
	for j, t := range toks {
		for k := l.compared(t, everything).first; k >= 0; k = l.singles[k].next {
			x := &l.singles[k]
			s.edges = append(s.edges, name.Edge{A: x.query, AN: 1, B: int8(j), BN: 1, Likeness: x.likeness, How: x.how})
		}
	}
	if join { // of tokens that take part in one, each is marked
		s.edges = name.JoinsInto(s.edges, l.query, s.row)
	}
	s.score(w.at, subj, r, l.query, w.body, w.threshold)
}

// reading gives the tokens of a row.
func (s *segment) reading(buf name.Reading, toks []uint32) name.Reading {
	if cap(buf) < name.MaxTokens {
		buf = make(name.Reading, name.MaxTokens)
	}
	buf = buf[:len(toks)]
	for i, t := range toks {
		s.dict.read(&buf[i], t)
	}
	return buf
}

func (s *searcher) score(at, subj, r uint32, q name.Reading, body bool, threshold float64) {
	asks, listed := q, s.row
	if s.reverse {
		asks, listed = s.row, q
		s.edges = name.EdgesInto(s.edges[:0], asks, listed)
	}
	name.Align(&s.align, s.edges, asks, listed)
	if x := name.Score(asks, listed, &s.align, body); x >= threshold {
		s.found = append(s.found, found{x, at, subj, r})
	}
}

// scan scores every row by comparing all tokens.
func (s *searcher) scan(seg *segment, at uint32, dead bitmap, kind name.Kind, q name.Reading, body bool, threshold float64) {
	seg.eachRow(func(r uint32) {
		subj, head := seg.rows[r], seg.rows[r+1]
		if (head&rowBody != 0) != body || head&rowWeak != 0 || dead.has(subj) || !kind.MayBe(name.Kind(seg.kinds[subj])) {
			return
		}
		s.row = seg.reading(s.row, seg.row(r))
		s.edges = name.EdgesInto(s.edges[:0], q, s.row)
		s.score(at, subj, r, q, body, threshold)
	})
}

// addIdentified adds the subjects that share an identifier with the query,
// whatever their names.
func (ix *Index) addIdentified(q *Query, s *searcher) {
	for _, x := range q.Identifiers {
		v := plain(x.Value)
		if len(v) < 4 {
			continue
		}
		for i, seg := range ix.segments {
			seg.identifiers.each(hashOf(v), func(subj uint32) bool {
				if !ix.dead[i].has(subj) && q.Kind.MayBe(name.Kind(seg.kinds[subj])) {
					s.found = append(s.found, found{-1, uint32(i), subj, noRow})
				}
				return true
			})
		}
	}
}

const noRow = 1<<32 - 1

// rank keeps each subject's best row, weighs the other facts and sorts.
func (ix *Index) rank(q *Query, s *searcher, threshold float64) ([]Hit, int) {
	limit := q.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	slices.SortFunc(s.found, func(a, b found) int {
		switch {
		case a.seg != b.seg:
			return int(a.seg) - int(b.seg)
		case a.subj != b.subj:
			if a.subj < b.subj {
				return -1
			}
			return 1
		case a.score != b.score:
			if a.score > b.score {
				return -1
			}
			return 1
		case a.row < b.row:
			return -1
		case a.row > b.row:
			return 1
		}
		return 0
	})
	n := 0
	for i := range s.found {
		f := s.found[i]
		if n > 0 && s.found[n-1].seg == f.seg && s.found[n-1].subj == f.subj {
			continue
		}
		s.found[n] = f
		n++
	}
	s.found = s.found[:n]
	if n == 0 {
		return nil, 0
	}
	facts := len(q.Births)+len(q.Countries)+len(q.Identifiers) > 0 || q.Gender != ""
	if !facts && n > limit {
		// Names alone: the best can be told before anything is unpacked.
		slices.SortFunc(s.found, func(a, b found) int {
			switch {
			case a.score > b.score:
				return -1
			case a.score < b.score:
				return 1
			}
			return strings.Compare(string(ix.segments[a.seg].id(a.subj)), string(ix.segments[b.seg].id(b.subj)))
		})
		s.found = s.found[:limit]
	}
	hits := make([]Hit, 0, len(s.found))
	total := n
	for _, f := range s.found {
		h, ok := ix.hit(q, f, threshold, facts)
		if ok {
			hits = append(hits, h)
		} else {
			total--
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return hits[:min(len(hits), limit)], total
}

// hit joins the name's score with the other facts.
func (ix *Index) hit(q *Query, f found, threshold float64, facts bool) (Hit, bool) {
	seg := ix.segments[f.seg]
	h := Hit{ID: seg.id(f.subj), NameScore: max(f.score, 0)}
	identified := false
	if f.row != noRow {
		h.Matched = seg.nameAt(f.subj, int(seg.rows[f.row+1]&rowWhich))
	} else {
		h.Matched = seg.nameAt(f.subj, 0)
	}
	if facts {
		sub := seg.subject(f.subj)
		h.For, h.Against, identified = weigh(q, &sub)
		if f.row == noRow {
			if !identified {
				return h, false // another identifier with the same hash
			}
			h.NameScore = bestName(q, &sub)
		}
	}
	h.Score = joinEvidence(h.NameScore, h.For, h.Against, identified)
	h.Match = h.Score >= threshold
	h.Class = classOf(h.NameScore, h.For, h.Against, identified)
	return h, true
}

// bestName scores the query's names against all of a subject's.
func bestName(q *Query, s *Subject) float64 {
	best := 0.0
	for _, t := range q.Names {
		p := name.Prepare(t, q.Kind, "")
		for _, n := range s.Names {
			if n.Strength != Weak {
				best = max(best, name.Compare(p, name.Prepare(n.Text, s.Kind, n.Lang)).Score)
			}
		}
	}
	return best
}
