package screen

import (
	"encoding/binary"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"article41/name"
)

// A segment is an index over some subjects in flat arrays. A row is one reading
// of one name of a subject; its number is where it begins in rows: the subject,
// its head (the flags below, how many tokens, which of the subject's names), then
// its tokens.
type segment struct {
	dict   dictionary
	memory memory

	rows     []uint32
	readings int // how many rows there are

	// Every row is found under each of its words: token → rows in post from
	// postOff. The first of these, to anchorEnd, have the token as an anchor: one of
	// the row's two rarest words in this segment (see search.go).
	postOff, anchorEnd, post []uint32

	subjOff []uint32 // subject → its record in facts
	facts   string   // the subjects, packed (appendRecord)
	lists   string   // the texts of Subject.List, packed: a record has their number
	kinds   []byte   // subject → kind

	ids         bucketTable // hash of the ID → subject
	identifiers bucketTable // hash of a plain identifier → subject
}

const (
	rowBody  = 1 << 31 // read as a body's name
	rowWeak  = 1 << 30 // of a weak alias: never opens a hit
	rowWhich = 1<<16 - 1
	rowHead  = 2 // numbers before a row's tokens

	// anchorAlone marks a row in post that has this anchor only.
	anchorAlone = 1 << 31
)

// Rows are three numbers long or more, so a set of rows holds a third of them.
func rowMark(r uint32) uint32 { return r / 3 }

func rowLen(head uint32) uint32     { return head >> 16 & 31 }
func rowKind(head uint32) name.Kind { return name.Kind(head >> 21 & 15) }

// eachRow calls f with every row.
func (s *segment) eachRow(f func(r uint32)) {
	for r := uint32(0); r < uint32(len(s.rows)); r += rowHead + rowLen(s.rows[r+1]) {
		f(r)
	}
}

// newSegment prepares subjects on all processors and packs them.
func newSegment(subjects []Subject) *segment {
	s := &segment{}
	workers := runtime.GOMAXPROCS(0)
	if len(subjects) < 2000 {
		workers = 1
	}
	lists := numberLists(subjects)
	for _, l := range lists.texts {
		s.lists = string(appendText([]byte(s.lists), l))
	}
	parts := make([]*part, workers)
	var wg sync.WaitGroup
	for w := range parts {
		lo, hi := w*len(subjects)/workers, (w+1)*len(subjects)/workers
		wg.Add(1)
		go func() {
			defer wg.Done()
			parts[w] = preparePart(subjects[lo:hi], lists.number)
		}()
	}
	wg.Wait()
	// One dictionary of all parts' tokens.
	maps := make([][]uint32, workers)
	for w, p := range parts[1:] {
		maps[w+1] = make([]uint32, len(p.tokens))
		for i := range p.tokens {
			maps[w+1][i] = parts[0].token(&p.tokens[i])
		}
		p.tokens, p.known = nil, nil
	}
	all := parts[0].tokens
	maps[0] = make([]uint32, len(all))
	for i := range maps[0] {
		maps[0][i] = uint32(i)
	}
	order, place := sortTokens(all)
	s.dict.tokens = packTokens(all, order)
	words, factLen := 0, 0
	for _, p := range parts {
		words += len(p.rows)
		factLen += len(p.facts)
	}
	s.rows = make([]uint32, 0, words)
	s.subjOff = make([]uint32, 0, len(subjects)+1)
	s.kinds = make([]byte, 0, len(subjects))
	var facts strings.Builder
	facts.Grow(factLen)
	for w, p := range parts {
		base, baseFact := uint32(len(s.kinds)), uint32(facts.Len())
		for r := uint32(0); r < uint32(len(p.rows)); {
			end := r + rowHead + rowLen(p.rows[r+1])
			s.rows = append(s.rows, p.rows[r]+base, p.rows[r+1])
			for _, t := range p.rows[r+rowHead : end] {
				s.rows = append(s.rows, place[maps[w][t]])
			}
			r = end
		}
		s.readings += p.readings
		for _, off := range p.subjOff {
			s.subjOff = append(s.subjOff, off+baseFact)
		}
		s.kinds = append(s.kinds, p.kinds...)
		facts.Write(p.facts)
		parts[w] = nil
	}
	s.subjOff = append(s.subjOff, uint32(facts.Len()))
	s.facts = facts.String()
	s.memory = newMemory(len(all))
	wg.Add(1)
	go func() {
		defer wg.Done()
		s.dict.index()
	}()
	s.indexRows()
	s.indexSubjects()
	wg.Wait()
	return s
}

// listNumbers numbers the lists that subjects are of, in their order.
type listNumbers struct {
	texts  []string
	number map[string]uint32
}

func numberLists(subjects []Subject) listNumbers {
	l := listNumbers{number: map[string]uint32{}}
	for i := range subjects {
		t := subjects[i].List
		if i > 0 && t == subjects[i-1].List {
			continue
		}
		if _, ok := l.number[t]; !ok {
			l.number[t] = uint32(len(l.texts))
			l.texts = append(l.texts, t)
		}
	}
	return l
}

// part is what one worker prepares.
type part struct {
	tokens       []name.Token
	known        []uint32 // by hash: the place in tokens, plus one
	rows         []uint32
	readings     int
	subjOff      []uint32
	kinds, facts []byte
}

func preparePart(subjects []Subject, lists map[string]uint32) *part {
	p := &part{known: make([]uint32, 1<<10)}
	var scribe name.Scribe
	for i := range subjects {
		sub := &subjects[i]
		p.subjOff = append(p.subjOff, uint32(len(p.facts)))
		p.kinds = append(p.kinds, byte(sub.Kind))
		p.facts = appendRecord(p.facts, sub, lists[sub.List])
		for k, n := range sub.Names {
			if k > rowWhich {
				break
			}
			pr := scribe.Prepare(n.Text, sub.Kind, n.Lang)
			for r, reading := range pr.Readings {
				head := uint32(k) | uint32(len(reading))<<16 | uint32(sub.Kind)&15<<21
				if pr.Body[r] {
					head |= rowBody
				}
				if n.Strength == Weak {
					head |= rowWeak
				}
				p.rows = append(p.rows, uint32(i), head)
				for t := range reading {
					p.rows = append(p.rows, p.token(&reading[t]))
				}
				p.readings++
			}
		}
	}
	return p
}

// token gives the place of a token among those that differ.
func (p *part) token(t *name.Token) uint32 {
	if 2*len(p.tokens) >= len(p.known) {
		p.known = make([]uint32, 2*len(p.known))
		for i := range p.tokens {
			p.known[p.slot(&p.tokens[i])] = uint32(i) + 1
		}
	}
	slot := p.slot(t)
	if p.known[slot] == 0 {
		p.tokens = append(p.tokens, *t)
		p.known[slot] = uint32(len(p.tokens))
	}
	return p.known[slot] - 1
}

// slot is where a token is known, or would be.
func (p *part) slot(t *name.Token) uint32 {
	h := hashOf(t.Fold) + uint32(len(t.Sound))*0x9E3779B1 + uint32(t.Class)<<8 + uint32(t.Table)<<16
	for {
		h &= uint32(len(p.known) - 1)
		if k := p.known[h]; k == 0 || keyOf(&p.tokens[k-1]) == keyOf(t) {
			return h
		}
		h++
	}
}

func (s *segment) row(r uint32) []uint32 {
	return s.rows[r+rowHead : r+rowHead+rowLen(s.rows[r+1])]
}

// indexRows builds the postings.
func (s *segment) indexRows() {
	n := s.dict.len()
	// how many rows each token has, and of how many it is an anchor
	counts, anchored := make([]uint32, n), make([]uint32, n)
	s.eachRow(func(r uint32) {
		s.eachPosted(r, func(t uint32) { counts[t]++ })
	})
	anchors := make([][2]uint32, 0, s.readings)
	s.eachRow(func(r uint32) {
		a := s.anchorsOf(r, counts)
		anchors = append(anchors, a)
		for _, t := range a {
			if t != noToken {
				anchored[t]++
			}
		}
	})
	s.postOff = make([]uint32, n+1)
	for t, c := range counts {
		s.postOff[t+1] = s.postOff[t] + c
		// From here on they are the places of the next row.
		counts[t], anchored[t] = s.postOff[t]+anchored[t], s.postOff[t]
	}
	s.post = make([]uint32, s.postOff[n])
	k := 0
	s.eachRow(func(r uint32) {
		a := anchors[k]
		k++
		s.eachPosted(r, func(t uint32) {
			if t != a[0] && t != a[1] {
				s.post[counts[t]] = r
				counts[t]++
				return
			}
			x := r
			if a[1] == noToken {
				x |= anchorAlone
			}
			s.post[anchored[t]] = x
			anchored[t]++
		})
	})
	s.anchorEnd = anchored
}

// eachPosted calls f with the tokens by which a row is found, each once.
func (s *segment) eachPosted(r uint32, f func(t uint32)) {
	if s.rows[r+1]&rowWeak != 0 {
		return
	}
	toks := s.row(r)
	for i, t := range toks {
		if posted(s.dict.class(t)) && !slices.Contains(toks[:i], t) {
			f(t)
		}
	}
}

// anchorsOf gives a row's anchors by how many rows each token has.
func (s *segment) anchorsOf(r uint32, counts []uint32) [2]uint32 {
	anchors := [2]uint32{noToken, noToken}
	best, second := uint32(math.MaxUint32), uint32(math.MaxUint32)
	s.eachPosted(r, func(t uint32) {
		if s.dict.class(t) != name.Word {
			return
		}
		// Of equally rare words the longer: fewer look like it.
		switch w := counts[t]*16 - uint32(min(len(s.dict.fold(t)), 15)); {
		case w < best:
			second, anchors[1] = best, anchors[0]
			best, anchors[0] = w, t
		case w < second:
			second, anchors[1] = w, t
		}
	})
	return anchors
}

const noToken = math.MaxUint32

// posted says whether rows are found by tokens of a class: by those that a word
// may meet.
func posted(c name.Class) bool {
	return c != name.Form && c != name.Number
}

func (s *segment) indexSubjects() {
	s.ids = newBucketTable(0.25, len(s.kinds), len(s.kinds), func(part, parts int, emit func(h, id uint32)) {
		from, to := share(len(s.kinds), part, parts)
		for i := from; i < to; i++ {
			emit(hashOf(string(s.id(i))), i)
		}
	})
	identifiers := 0
	for i := range s.kinds {
		rec := s.record(uint32(i))
		rec.eachIdentifier(func(Identifier) { identifiers++ })
	}
	s.identifiers = newBucketTable(0.5, len(s.kinds), identifiers, func(part, parts int, emit func(h, id uint32)) {
		from, to := share(len(s.kinds), part, parts)
		for i := from; i < to; i++ {
			rec := s.record(i)
			rec.eachIdentifier(func(x Identifier) {
				if v := plain(x.Value); len(v) >= 4 {
					emit(hashOf(v), i)
				}
			})
		}
	})
}

// postings are the rows of a token, its anchored rows first with their marks.
func (s *segment) postings(t uint32) []uint32 { return s.post[s.postOff[t]:s.postOff[t+1]] }
func (s *segment) anchored(t uint32) []uint32 { return s.post[s.postOff[t]:s.anchorEnd[t]] }

// A record packs a subject: strings with their lengths before them, the number of
// its list, and a byte that says which of its other facts follow.
func appendRecord(b []byte, s *Subject, list uint32) []byte {
	b = appendText(b, string(s.ID))
	b = binary.AppendUvarint(b, uint64(list))
	has := byte(0)
	for i, there := range [...]bool{s.Gender != "", len(s.Births) > 0, len(s.Countries) > 0, len(s.Identifiers) > 0} {
		if there {
			has |= 1 << i
		}
	}
	b = append(b, has)
	if has&hasGender != 0 {
		b = appendText(b, s.Gender)
	}
	b = binary.AppendUvarint(b, uint64(len(s.Names)))
	for _, n := range s.Names {
		flags := byte(n.Strength) << 2
		if n.Script {
			flags |= nameScript
		}
		if n.Lang != "" {
			flags |= nameLang
		}
		b = append(b, flags)
		b = appendText(b, n.Text)
		if n.Lang != "" {
			b = appendText(b, n.Lang)
		}
	}
	if has&hasBirths != 0 {
		b = binary.AppendUvarint(b, uint64(len(s.Births)))
		for _, x := range s.Births {
			about := byte(0)
			if x.About {
				about = 1
			}
			b = append(b, about)
			b = appendText(b, x.From)
			b = appendText(b, x.To)
		}
	}
	if has&hasCountries != 0 {
		b = binary.AppendUvarint(b, uint64(len(s.Countries)))
		for _, c := range s.Countries {
			b = appendText(b, c)
		}
	}
	if has&hasIdentifiers != 0 {
		b = binary.AppendUvarint(b, uint64(len(s.Identifiers)))
		for _, x := range s.Identifiers {
			b = appendText(b, x.Kind)
			b = appendText(b, x.Country)
			b = appendText(b, x.Value)
		}
	}
	return b
}

// What follows in a record, and what is said of one name.
const (
	hasGender = 1 << iota
	hasBirths
	hasCountries
	hasIdentifiers

	nameScript = 1
	nameLang   = 2
)

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// packed reads a record without copying its texts.
type packed struct{ rest string }

func (s *segment) record(i uint32) packed {
	return packed{s.facts[s.subjOff[i]:s.subjOff[i+1]]}
}

func (p *packed) number() int {
	v, shift := uint64(0), 0
	for i := 0; i < len(p.rest); i++ {
		c := p.rest[i]
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			p.rest = p.rest[i+1:]
			return int(v)
		}
		shift += 7
	}
	p.rest = ""
	return 0
}

func (p *packed) text() string {
	n := p.number()
	if n > len(p.rest) {
		n = len(p.rest)
	}
	s := p.rest[:n]
	p.rest = p.rest[n:]
	return s
}

func (p *packed) flag() byte {
	if p.rest == "" {
		return 0
	}
	c := p.rest[0]
	p.rest = p.rest[1:]
	return c
}

func (p *packed) oneName() Name {
	f := p.flag()
	n := Name{Strength: Strength(f >> 2), Script: f&nameScript != 0, Text: p.text()}
	if f&nameLang != 0 {
		n.Lang = p.text()
	}
	return n
}

// opened is what stands before a record's names.
type opened struct {
	id, gender string
	list       int
	has        byte
}

func (p *packed) open() (o opened) {
	o.id, o.list, o.has = p.text(), p.number(), p.flag()
	if o.has&hasGender != 0 {
		o.gender = p.text()
	}
	return o
}

// count is the number of what follows if the record has it.
func (p *packed) count(has byte, what byte) int {
	if has&what == 0 {
		return 0
	}
	return p.number()
}

func (p packed) eachIdentifier(f func(Identifier)) {
	o := p.open()
	if o.has&hasIdentifiers == 0 {
		return
	}
	for n := p.number(); n > 0; n-- {
		p.oneName()
	}
	for n := p.count(o.has, hasBirths); n > 0; n-- {
		p.flag()
		p.text()
		p.text()
	}
	for n := p.count(o.has, hasCountries); n > 0; n-- {
		p.text()
	}
	for n := p.number(); n > 0; n-- {
		f(Identifier{p.text(), p.text(), p.text()})
	}
}

func (s *segment) id(i uint32) SubjectID {
	p := s.record(i)
	return SubjectID(p.text())
}

// list gives the text of a list's number.
func (s *segment) list(number int) string {
	p := packed{s.lists}
	for ; number > 0 && p.rest != ""; number-- {
		p.text()
	}
	return p.text()
}

// nameAt gives one name of a subject.
func (s *segment) nameAt(i uint32, which int) Name {
	p := s.record(i)
	p.open()
	n := p.number()
	for k := 0; k < n; k++ {
		x := p.oneName()
		if k == which {
			return x
		}
	}
	return Name{}
}

// subject unpacks a whole subject.
func (s *segment) subject(i uint32) Subject {
	p := s.record(i)
	o := p.open()
	out := Subject{ID: SubjectID(o.id), List: s.list(o.list), Gender: o.gender, Kind: name.Kind(s.kinds[i])}
	for n := p.number(); n > 0; n-- {
		out.Names = append(out.Names, p.oneName())
	}
	for n := p.count(o.has, hasBirths); n > 0; n-- {
		about := p.flag() == 1
		out.Births = append(out.Births, Birth{From: p.text(), To: p.text(), About: about})
	}
	for n := p.count(o.has, hasCountries); n > 0; n-- {
		out.Countries = append(out.Countries, p.text())
	}
	for n := p.count(o.has, hasIdentifiers); n > 0; n-- {
		out.Identifiers = append(out.Identifiers, Identifier{p.text(), p.text(), p.text()})
	}
	return out
}

// size is how many bytes the segment holds, for the speed table.
func (s *segment) size() int {
	n := 0
	for _, a := range s.arrays() {
		n += 4 * len(*a)
	}
	for _, t := range s.tables() {
		n += 4*len(t.Off) + len(t.IDs)
	}
	d := &s.dict
	n += 4*len(d.timbres) + 8*(len(d.shapes)+len(d.folds)+len(d.ends)+len(d.foreign)) + len(d.letters) + len(d.sounds)
	return n + len(s.facts) + len(s.lists) + len(s.kinds)
}

func (s *segment) tables() []*bucketTable {
	return []*bucketTable{&s.dict.byFold, &s.dict.drops, &s.dict.skels, &s.ids, &s.identifiers}
}
