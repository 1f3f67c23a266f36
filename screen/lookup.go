package screen

import "article41/name"

// A lookup knows, for one reading of a query's name and one segment, every token
// of the dictionary that may take part in a meeting.
type lookup struct {
	seg     *segment
	query   name.Reading
	mark    []uint32 // token → its place in metas, plus one
	visit   []uint32 // token → the last round it was looked at
	round   uint32
	metas   []meta
	singles []single
	units   []unit
	qWords  uint32 // the query's tokens that must be met: words and halves
	qPlain  uint32 // of them, those by which rows can be found
	initial bool   // the query holds an initial
	buf     [4 * 48]byte
}

type meta struct {
	token uint32
	first int32 // its meetings in singles, -1 ends
	met   uint32
	join  bool // it may be part of joined, split or shifted tokens
}

// single is a meeting of one query token with one token of the dictionary.
type single struct {
	likeness float32
	next     int32
	query    int8
	how      name.How
}

// unit is a joined, split or shifted meeting: if it is what meets the query's
// tokens in mask, then the row holds this token.
type unit struct {
	mask  uint32
	token uint32
}

func (l *lookup) start(seg *segment, q name.Reading) {
	l.seg, l.query = seg, q
	n := len(seg.dict.tokens)
	if len(l.mark) < n {
		l.mark, l.visit = make([]uint32, n+n/8), make([]uint32, n+n/8)
		l.round = 0
	}
	l.metas, l.singles, l.units = l.metas[:0], l.singles[:0], l.units[:0]
	l.qWords, l.qPlain, l.initial = 0, 0, false
	for i := range q {
		switch q[i].Class {
		case name.Word:
			l.qWords |= 1 << i
			l.qPlain |= 1 << i
		case name.Abd:
			l.qWords |= 1 << i
		case name.Initial:
			l.initial = true
		}
	}
	for i := range q {
		l.find(i)
	}
	l.findJoins()
}

// end forgets the marks, so that the arrays can be used again.
func (l *lookup) end() {
	for i := range l.metas {
		l.mark[l.metas[i].token] = 0
	}
	l.seg, l.query = nil, nil
}

func (l *lookup) meta(t uint32) *meta {
	if m := l.mark[t]; m != 0 {
		return &l.metas[m-1]
	}
	l.metas = append(l.metas, meta{token: t, first: -1})
	l.mark[t] = uint32(len(l.metas))
	return &l.metas[len(l.metas)-1]
}

// nextRound starts a set of tokens looked at.
func (l *lookup) nextRound() {
	l.round++
	if l.round == 0 {
		clear(l.visit)
		l.round = 1
	}
}

// find looks up everything that the query's token i meets by itself.
func (l *lookup) find(i int) {
	q, d := &l.query[i], &l.seg.dict
	l.nextRound()
	try := func(id uint32) {
		if l.visit[id] == l.round {
			return
		}
		l.visit[id] = l.round
		if s, h := name.Meet(q, &d.tokens[id]); s > 0 {
			m := l.meta(id)
			l.singles = append(l.singles, single{s, m.first, int8(i), h})
			m.first = int32(len(l.singles) - 1)
			m.met |= 1 << i
		}
	}
	group := func(id uint32) {
		if l.visit[id] == l.round {
			return
		}
		for f := d.tokens[id].Fold; int(id) < len(d.tokens) && d.tokens[id].Fold == f; id++ {
			try(id)
		}
	}
	d.withFold(q.Fold, try)
	if q.Class == name.Form || q.Class == name.Number || q.Class == name.Initial {
		return
	}
	shape, edits := shapeOf(q.Fold), 1
	if len(q.Fold) >= 6 {
		edits = 2
	}
	eachDrop(q.Fold, func(h uint32) {
		for _, id := range d.drops.at(h) {
			if l.visit[id] != l.round && !apart(shape, d.shapes[id], edits) {
				group(id)
			}
		}
	})
	if q.Skel != "" {
		for _, id := range d.skels.at(hashOf(q.Skel)) {
			if d.tokens[id].Skel == q.Skel {
				try(id)
			}
		}
		eachSkelDrop(q.Skel, func(h uint32) {
			for _, id := range d.skelDropsOther.at(h) {
				try(id)
			}
			if q.Script != name.Latin {
				for _, id := range d.skelDropsLatin.at(h) {
					try(id)
				}
			}
		})
	}
	variants, nicknames := name.GroupWords(q.Group)
	for _, w := range variants {
		d.withFold(w, try)
	}
	for _, w := range nicknames {
		d.withFold(w, try)
	}
}

// near calls f with every token whose fold is within one edit of s.
func (l *lookup) near(s string, f func(id uint32)) {
	d := &l.seg.dict
	l.nextRound()
	shape := shapeOf(s)
	eachDropOne(s, func(h uint32) {
		for _, id := range d.drops.at(h) {
			if l.visit[id] == l.round || apart(shape, d.shapes[id], 1) {
				continue
			}
			l.visit[id] = l.round
			if name.Edits(d.tokens[id].Fold, s, 1) <= 1 {
				for f0 := d.tokens[id].Fold; int(id) < len(d.tokens) && d.tokens[id].Fold == f0; id++ {
					f(id)
				}
			}
		}
	})
}

// joined notes that tokens may take part in a join that meets mask; rows are
// found by those in by.
func (l *lookup) joined(mask uint32, fold string, find bool) {
	l.seg.dict.withFold(fold, func(id uint32) { l.joinedToken(mask, id, find) })
}

func (l *lookup) joinedToken(mask, id uint32, find bool) {
	l.meta(id).join = true
	if find {
		l.units = append(l.units, unit{mask, id})
	}
}

// findJoins looks up what name.JoinsInto may find: the same cases in the same
// order.
func (l *lookup) findJoins() {
	d := &l.seg.dict
	q := l.query
	for i := range q {
		if !name.Joinable(&q[i]) {
			continue
		}
		if i+1 < len(q) && name.Joinable(&q[i+1]) && len(q[i].Fold)+len(q[i+1].Fold) >= 4 {
			l.findPair(i)
			if i+2 < len(q) && name.Joinable(&q[i+2]) {
				g := name.Glue(l.buf[:0], q[i].Fold, q[i+1].Fold, q[i+2].Fold)
				d.withFold(string(g), func(id uint32) { l.joinedToken(7<<i, id, true) })
			}
		}
		if q[i].Class != name.Initial {
			l.findSplits(i)
		}
	}
}

// findPair: two query tokens are one token of a row, or two with another border.
func (l *lookup) findPair(i int) {
	d := &l.seg.dict
	p, q := l.query[i].Fold, l.query[i+1].Fold
	mask := uint32(3) << i
	glue := name.Glue(l.buf[:0], p, q)
	n := len(glue)
	plain := append(glue, p...)
	plain = append(plain, q...)
	g, raw := string(plain[:n]), string(plain[n:])
	try := func(id uint32) {
		if name.JoinLikeness(d.tokens[id].Fold, p, q) > 0 {
			l.joinedToken(mask, id, true)
		}
	}
	d.withFold(g, try)
	l.near(g, try)
	if raw != g {
		l.near(raw, try)
	}
	// the border elsewhere
	for s := 1; s < len(g); s++ {
		for over := 0; over < 2; over++ {
			// a letter squeezed at the border belongs to both
			left, right := g[:s], g[s-over:]
			if name.Shifts(p, q, left, right) && left != p && d.hasFold(left) && d.hasFold(right) {
				l.joined(mask, left, true)
				l.joined(mask, right, false)
			}
		}
	}
}

// findSplits: one query token is two or three tokens of a row.
func (l *lookup) findSplits(i int) {
	t := l.query[i].Fold
	if len(t) < 4 {
		return
	}
	d := &l.seg.dict
	mask := uint32(1) << i
	for s := 1; s < len(t); s++ {
		for over := 0; over < 2; over++ {
			p, q := t[:s], t[s-over:]
			if name.JoinLikeness(t, p, q) > 0 && d.hasFold(p) && d.hasFold(q) {
				l.joined(mask, p, true)
				l.joined(mask, q, false)
			}
		}
		if len(t) < 6 {
			continue
		}
		if s >= 2 && len(t)-s >= 3 && d.hasFold(t[:s]) {
			found := false
			l.near(t[s:], func(id uint32) {
				if len(d.tokens[id].Fold) >= 3 {
					found = true
					l.joinedToken(mask, id, false)
				}
			})
			if found {
				l.joined(mask, t[:s], true)
			}
		}
		if s >= 3 && len(t)-s >= 2 && d.hasFold(t[s:]) {
			found := false
			l.near(t[:s], func(id uint32) {
				if len(d.tokens[id].Fold) >= 3 {
					found = true
					l.joinedToken(mask, id, false)
				}
			})
			if found {
				l.joined(mask, t[s:], true)
			}
		}
	}
	l.findThree(mask, t)
}

// findThree: one query token is three of a row, letter by letter.
func (l *lookup) findThree(mask uint32, t string) {
	d := &l.seg.dict
	for s := 1; s+1 < len(t); s++ {
		if !d.hasFold(t[:s]) {
			continue
		}
		for o := 0; o < 2; o++ {
			rest := t[s-o:]
			for e := 1 + o; e < len(rest); e++ {
				if !d.hasFold(rest[:e]) {
					continue
				}
				for p := 0; p < 2; p++ {
					if d.hasFold(rest[e-p:]) {
						l.joined(mask, t[:s], true)
						l.joined(mask, rest[:e], false)
						l.joined(mask, rest[e-p:], false)
					}
				}
			}
		}
	}
}
