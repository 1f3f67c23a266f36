package screen

import (
	"encoding/binary"
	"math/bits"

	"article41/name"
)

// A lookup knows, for one reading of a query's name and one segment, which
// tokens of the dictionary may take part in a meeting. For the words in full it
// knows all of them; other tokens are compared when a row brings them up.
type lookup struct {
	seg     *segment
	query   name.Reading
	shapes  [name.MaxTokens]uint64
	full    uint32   // the query's tokens that were looked up in the whole dictionary
	mark    []uint32 // token → its place in metas, plus one
	tried   marks    // tokens looked at in this round
	groups  marks    // groups of tokens looked at in this round
	metas   []meta
	singles []single
	units   []unit
	ear     name.Ear
	fresh   []meeting // what the word being looked up meets
	// groups of tokens that begin alike, and tokens, that may be near a word
	groupsMet, close []uint32
	hashes           []uint32 // of skeletons near one
	rooms            []room   // of these
	loose            []uint32 // tokens that particles and titles of the query meet
	qWords           uint32   // the query's words and halves of names
	qPlain           uint32   // of them, the words: rows can be found by them
	qLoose           uint32   // the query's particles and titles, which may be words of a row
	every            bool     // all that an anchor may meet was looked up
	buf              [4 * 48]byte
	tok              name.Token // the token being compared
	touched          uint64     // what was read ahead
	// what was done, for Stats
	looked, comparisons int
}

type meta struct {
	token uint32
	first int32  // its meetings in singles, -1 ends
	met   uint32 // the query's tokens it meets
	done  uint32 // the query's tokens it was compared with
	join  bool   // it may be part of joined, split or shifted tokens
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

// start looks up what a search needs: every word if all is set; else the words
// in which the search has to find rows (search.go says why these are enough).
func (l *lookup) start(seg *segment, q name.Reading, all bool) {
	l.seg, l.query = seg, q
	n := seg.dict.len()
	if len(l.mark) < n {
		l.mark = make([]uint32, n+n/8)
	}
	l.tried.room(n)
	l.groups.room(max(n, len(seg.dict.skelOff)))
	l.metas, l.singles, l.units, l.loose = l.metas[:0], l.singles[:0], l.units[:0], l.loose[:0]
	l.qWords, l.qPlain, l.qLoose, l.full, l.every = 0, 0, 0, 0, all
	l.looked, l.comparisons, l.ear.Measured = 0, 0, 0
	for i := range q {
		l.shapes[i] = shapeOf(&q[i])
		switch q[i].Class {
		case name.Word:
			l.qWords |= 1 << i
			l.qPlain |= 1 << i
		case name.Abd:
			l.qWords |= 1 << i
		case name.Particle, name.Title:
			l.qLoose |= 1 << i
		}
	}
	if all {
		// An initial meets every word it begins: it is compared with each row.
		for i := range q {
			if q[i].Class != name.Initial {
				l.find(i)
			}
		}
		l.findJoins()
	} else {
		l.startWords()
	}
	for k := range l.metas {
		l.metas[k].done = l.full
	}
}

// startWords looks up the words that are remembered, and all others but the
// dearest; that one too where the rows to follow would be many.
func (l *lookup) startWords() {
	words := bits.OnesCount32(l.qPlain)
	for i := range l.query {
		if l.qPlain&(1<<i) != 0 {
			l.recall(i)
		}
	}
	skip := -1
	if rest := l.qPlain &^ l.full; words > 1 && bits.OnesCount32(rest) > 1 {
		skip = l.dearest(rest)
	} else if words > 1 && rest != 0 {
		skip = bits.TrailingZeros32(rest)
	}
	for i := range l.query {
		if i != skip && (l.qPlain&^l.full)&(1<<i) != 0 {
			l.find(i)
		}
	}
	l.findJoins()
	if words > 2 {
		// What else may meet an anchor: halves of names, and words that stand as
		// particles or titles in the query.
		for i := range l.query {
			switch l.query[i].Class {
			case name.Abd:
				l.find(i)
			case name.Particle, name.Title:
				l.seg.dict.withFold(l.query[i].Fold, func(id uint32) { l.loose = append(l.loose, id) })
			}
		}
	}
	if skip >= 0 {
		if l.rowsToFollow(words > 2) < manyRows {
			return
		}
		l.find(skip)
	}
	l.every = words > 2
}

// manyRows is how many rows cost as much as looking up one more word.
const manyRows = 200

// tokensToTry estimates what looking up a word costs, in tokens.
func (l *lookup) tokensToTry(i int) int {
	q, d := &l.query[i], &l.seg.dict
	n := 0
	d.skels.each(hashOf(q.Skel), func(s uint32) bool {
		n += int(d.skelOff[2*s+2] - d.skelOff[2*s])
		return true
	})
	if q.Script != name.Latin {
		n *= 4 // and the skeletons near it
	}
	// Of those near it by letters a few are asked for.
	n += dropPrefix * d.drops.count(hashOf(q.Fold[:min(len(q.Fold), dropPrefix)]))
	return n
}

// rowsToFollow estimates how many rows a search would look at.
func (l *lookup) rowsToFollow(anchors bool) int {
	var cost [name.MaxTokens]int
	l.rowCosts(&cost)
	n := cost[l.cheapest(&cost, 0)]
	if anchors {
		for i := range l.metas {
			if l.metas[i].met != 0 || l.metas[i].join {
				n += len(l.seg.anchored(l.metas[i].token))
			}
		}
	}
	return n
}

// rowCosts counts, for each word that was looked up, the rows of its meetings.
func (l *lookup) rowCosts(cost *[name.MaxTokens]int) {
	for i := range l.metas {
		n := len(l.seg.postings(l.metas[i].token))
		for m := l.metas[i].met; m != 0; m &= m - 1 {
			cost[bits.TrailingZeros32(m)] += n
		}
	}
	for _, u := range l.units {
		n := len(l.seg.postings(u.token))
		for m := u.mask; m != 0; m &= m - 1 {
			cost[bits.TrailingZeros32(m)] += n
		}
	}
}

// cheapest is the query's word, of those looked up and not in but, whose
// meetings have the fewest rows; 0 if there is none.
func (l *lookup) cheapest(cost *[name.MaxTokens]int, but uint32) int {
	best := -1
	for i := range l.query {
		if l.qPlain&l.full&^but&(1<<i) != 0 && (best < 0 || cost[i] < cost[best]) {
			best = i
		}
	}
	return max(best, 0)
}

// dearest estimates which of some words costs the most to look up and to follow.
func (l *lookup) dearest(words uint32) int {
	d := &l.seg.dict
	worst, high := -1, 0
	for ; words != 0; words &= words - 1 {
		i := bits.TrailingZeros32(words)
		cost := l.tokensToTry(i)
		d.withFold(l.query[i].Fold, func(id uint32) { cost += 4 * len(l.seg.postings(id)) })
		if worst < 0 || cost > high {
			worst, high = i, cost
		}
	}
	return worst
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
	l.metas = append(l.metas, meta{token: t, first: -1, done: l.full})
	l.mark[t] = uint32(len(l.metas))
	return &l.metas[len(l.metas)-1]
}

// compared gives a token's meta after comparing it with the query's tokens in
// want that it was not compared with yet.
func (l *lookup) compared(t, want uint32) *meta {
	m := &noMeta
	if k := l.mark[t]; k != 0 {
		m = &l.metas[k-1]
		want &^= m.done
	} else {
		want &^= l.full // looked up, and not found
	}
	if want == 0 {
		return m
	}
	d := &l.seg.dict
	shape := d.shapes[t]
	for w := want; w != 0; w &= w - 1 {
		if i := bits.TrailingZeros32(w); strangers(shape, l.shapes[i]) {
			want &^= 1 << i
		}
	}
	if want == 0 {
		return m
	}
	m = l.meta(t)
	m.done |= want
	d.read(&l.tok, t)
	for ; want != 0; want &= want - 1 {
		i := bits.TrailingZeros32(want)
		if s, h := name.Meet(&l.query[i], &l.tok); s > 0 {
			l.add(m, i, s, h)
		}
	}
	return m
}

// noMeta is that of a token that meets nothing.
var noMeta = meta{first: -1}

func (l *lookup) add(m *meta, i int, s float32, h name.How) {
	l.singles = append(l.singles, single{s, m.first, int8(i), h})
	m.first = int32(len(l.singles) - 1)
	m.met |= 1 << i
}

// find looks up everything that the query's token i meets by itself.
func (l *lookup) find(i int) {
	if l.full&(1<<i) != 0 || l.recall(i) {
		return
	}
	l.fresh = l.fresh[:0]
	l.findAll(i)
	l.tried.clear()
	l.seg.memory.keep(&l.query[i], l.fresh)
	l.addAll(i, l.fresh)
}

// recall takes what the query's token i meets from memory.
func (l *lookup) recall(i int) bool {
	met, ok := l.seg.memory.recall(&l.query[i])
	if ok {
		l.addAll(i, met)
	}
	return ok
}

func (l *lookup) addAll(i int, met []meeting) {
	for _, m := range met {
		l.add(l.meta(m.token), i, m.likeness, m.how)
	}
	l.full |= 1 << i
}

// findAll puts in fresh what the query's token i meets.
func (l *lookup) findAll(i int) {
	q, d := &l.query[i], &l.seg.dict
	try := func(id uint32) {
		if !l.tried.add(id) {
			return
		}
		l.comparisons++
		d.read(&l.tok, id)
		if s, h := name.Meet(q, &l.tok); s > 0 {
			l.fresh = append(l.fresh, meeting{id, s, h})
		}
	}
	d.withFold(q.Fold, try)
	if q.Class == name.Form || q.Class == name.Number || q.Class == name.Initial {
		return
	}
	if q.Fold != "" {
		d.withFold(q.Fold[:1], try) // its initial
	}
	shape, edits := l.shapes[i], 1
	if len(q.Fold) >= 6 {
		edits = 2
	}
	l.within(q.Fold, shape, edits, try)
	if q.Skel != "" {
		l.findSkeletons(q, try)
	}
	variants, nicknames := name.GroupWords(q.Group)
	for _, w := range variants {
		d.withFold(w, try)
	}
	for _, w := range nicknames {
		d.withFold(w, try)
	}
}

// findSkeletons tries the tokens with the same skeleton and, across scripts,
// those one class apart: only those that the ear does not rule out, for what is
// within a few edits or in a group is found elsewhere.
func (l *lookup) findSkeletons(q *name.Token, try func(id uint32)) {
	d := &l.seg.dict
	l.ear.Set(q)
	l.rooms = l.rooms[:0]
	own := uint32(noToken)
	d.skels.each(hashOf(q.Skel), func(s uint32) bool {
		if d.skeleton(s) != q.Skel {
			return true
		}
		own = s
		l.rooms = append(l.rooms, room{2 * s, 2*s + 2, 0})
		return false
	})
	// A skeleton that only shares a hash is tried in vain, which costs less than to
	// read it.
	latin := q.Script == name.Latin
	l.hashes = skelsNear(l.hashes[:0], q.Skel, d.classes)
	tagBits, mask := d.skels.tagBits(), d.skels.mask()
	foreign := uint32(64*len(d.foreign) - 1)
	for _, h := range l.hashes {
		if latin && !d.foreign.has(h&foreign) {
			continue
		}
		from, to, tag := d.skels.at(h)
		for i := from; i < to; i++ {
			x := d.skels.tagged(i)
			if (x^tag)&tagBits != 0 {
				continue
			}
			s := x & mask
			switch {
			case s == own || latin && s >= d.others || !l.groups.add(s):
			case latin:
				l.rooms = append(l.rooms, room{2*s + 1, 2*s + 2, 0})
			default:
				l.rooms = append(l.rooms, room{2 * s, 2*s + 2, 0})
			}
		}
	}
	l.groups.clear()
	// What is read of one room follows from what was read of it before: so the rooms
	// are gone through step by step.
	for i := range l.rooms {
		x := &l.rooms[i]
		x.from, x.to = d.skelOff[x.from], d.skelOff[x.to]
	}
	for i := range l.rooms {
		if x := &l.rooms[i]; x.from < x.to {
			x.sound = d.skelTok[x.from]
			l.touched += uint64(d.timbres[x.from])
		}
	}
	for i := range l.rooms {
		if x := &l.rooms[i]; x.from < x.to {
			x.sound = d.head(x.sound)[1] // their sounds lie in a row
		}
	}
	l.close = l.close[:0]
	for i, x := range l.rooms {
		l.looked += int(x.to - x.from)
		l.ear.Another()
		at, same := x.sound, own != noToken && i == 0
		for k := x.from; k < x.to; k++ {
			m := d.timbres[k]
			end := at + uint32(m.Sounds())
			if l.ear.MayMeet(m, d.sounds[at:end], same) {
				l.close = append(l.close, d.skelTok[k])
			}
			at = end
		}
	}
	for _, id := range l.close {
		l.touched += uint64(d.head(id)[0])
	}
	for _, id := range l.close {
		try(id)
	}
}

// room is where the tokens of a skeleton lie, and their sounds.
type room struct{ from, to, sound uint32 }

// within calls f with every token whose fold is within so many edits, 1 or 2, of a
// fold with this shape. It goes over what may be in rounds, so that the machine
// fetches many at once.
func (l *lookup) within(fold string, shape uint64, edits int, f func(id uint32)) {
	d := &l.seg.dict
	l.groupsMet, l.close = l.groupsMet[:0], l.close[:0]
	var hs, from, to [mostLess]uint32
	less := lessOf(&hs, fold, edits == 2)
	for i, h := range less {
		from[i], to[i], hs[i] = d.drops.at(h)
	}
	tagBits, mask := d.drops.tagBits(), d.drops.mask()
	wide, ids := int(d.drops.Wide), d.drops.IDs
	for k, tag := range less {
		for at, end := int(from[k])*wide, int(to[k])*wide; at < end; at += wide {
			if x := binary.LittleEndian.Uint32(ids[at:]); (x^tag)&tagBits == 0 {
				if id := x & mask; l.groups.add(id) {
					l.groupsMet = append(l.groupsMet, id)
				}
			}
		}
	}
	l.groups.clear()
	for i := 0; i < len(l.groupsMet); i += 32 {
		part := l.groupsMet[i:min(i+32, len(l.groupsMet))]
		for _, id := range part {
			l.touched += d.shapes[id]
		}
		for _, id := range part {
			for other := d.shapes[id]; ; {
				if l.looked++; !apart(shape, other, edits) {
					l.close = append(l.close, id)
				}
				id++
				if other = d.shapes[id]; other&shapeBegins != 0 {
					break
				}
			}
		}
	}
	for i := 0; i < len(l.close); i += 32 {
		part := l.close[i:min(i+32, len(l.close))]
		for _, id := range part {
			l.touched += uint64(d.head(id)[0])
		}
		for _, id := range part {
			if f := d.fold(id); f != "" {
				l.touched += uint64(f[0])
			}
		}
	}
	for _, id := range l.close {
		if name.Edits(d.fold(id), fold, edits) <= edits {
			f(id)
		}
	}
}

// near calls f with every token whose fold is within one edit of s.
func (l *lookup) near(s string, f func(id uint32)) { l.within(s, lettersOf(s), 1, f) }

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
		if name.JoinLikeness(d.fold(id), p, q) > 0 {
			l.joinedToken(mask, id, true)
		}
	}
	if d.mayJoin(p, q) {
		d.withFold(g, try)
		l.near(g, try)
		if raw != g {
			l.near(raw, try)
		}
	}
	// the border elsewhere
	if len(g) > 60 {
		return
	}
	var b beginnings
	b.of(g)
	for s := 1; s < len(g); s++ {
		if !d.mayHave(finish(b[s])) {
			continue
		}
		for over := 0; over < 2; over++ {
			// a letter squeezed at the border belongs to both
			left, right := g[:s], g[s-over:]
			if d.mayHave(finish(b.part(s-over, n))) && name.Shifts(p, q, left, right) && left != p && d.hasFold(left) && d.hasFold(right) {
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
	var b beginnings
	b.of(t)
	for s := 1; s < len(t); s++ {
		left := d.mayHave(finish(b[s]))
		if !left && !d.mayHave(finish(b.part(s, len(t)))) {
			continue
		}
		for over := 0; over < 2; over++ {
			p, q := t[:s], t[s-over:]
			if left && name.JoinLikeness(t, p, q) > 0 && d.hasFold(p) && d.hasFold(q) {
				l.joined(mask, p, true)
				l.joined(mask, q, false)
			}
		}
		if len(t) < 6 {
			continue
		}
		if s >= 2 && len(t)-s >= 3 && left && d.hasFold(t[:s]) {
			found := false
			l.near(t[s:], func(id uint32) {
				if len(d.fold(id)) >= 3 {
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
				if len(d.fold(id)) >= 3 {
					found = true
					l.joinedToken(mask, id, false)
				}
			})
			if found {
				l.joined(mask, t[s:], true)
			}
		}
	}
	l.findThree(mask, t, &b)
}

// findThree: one query token is three of a row, letter by letter.
func (l *lookup) findThree(mask uint32, t string, b *beginnings) {
	d := &l.seg.dict
	for s := 1; s+1 < len(t); s++ {
		if !d.mayHave(finish(b[s])) || !d.hasFold(t[:s]) {
			continue
		}
		for o := 0; o < 2; o++ {
			rest := t[s-o:]
			for e := 1 + o; e < len(rest); e++ {
				if !d.mayHave(finish(b.part(s-o, s-o+e))) || !d.hasFold(rest[:e]) {
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
