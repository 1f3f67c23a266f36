package screen

import (
	"encoding/binary"
	"math"
	"runtime"
	"strings"
	"sync"
	"unsafe"

	"article41/name"
)

// A segment is an index over some subjects in flat arrays. A row is one reading
// of one name of a subject; rows of a subject lie together.
type segment struct {
	dict   dictionary
	memory memory

	rowOff  []uint32 // row → its tokens in rowTok
	rowTok  []uint32
	rowSubj []uint32
	rowInfo []uint32 // index of the name in its subject, and the flags below
	subjRow []uint32 // subject → its first row; one more at the end

	// Every row is found under each of its words; and, apart, under its anchors:
	// its two rarest words in this segment (see search.go).
	postOff, post     []uint32
	anchorOff, anchor []uint32

	subjOff []uint32 // subject → its record in facts
	facts   string   // the subjects, packed (record.go)
	kinds   []byte   // subject → kind

	ids         bucketTable // hash of the ID → subject
	identifiers bucketTable // hash of a plain identifier → subject
}

const (
	rowBody  = 1 << 31 // read as a body's name
	rowWeak  = 1 << 30 // of a weak alias: never opens a hit
	rowWhich = 1<<24 - 1
)

// newSegment prepares subjects on all processors and packs them.
func newSegment(subjects []Subject) *segment {
	s := &segment{}
	workers := runtime.GOMAXPROCS(0)
	if len(subjects) < 2000 {
		workers = 1
	}
	parts := make([]*part, workers)
	var wg sync.WaitGroup
	for w := range parts {
		lo, hi := w*len(subjects)/workers, (w+1)*len(subjects)/workers
		wg.Add(1)
		go func() {
			defer wg.Done()
			parts[w] = preparePart(subjects[lo:hi])
		}()
	}
	wg.Wait()
	// One dictionary of all parts' tokens.
	var all []name.Token
	known := map[tokenKey]uint32{}
	maps := make([][]uint32, workers)
	for w, p := range parts {
		maps[w] = make([]uint32, len(p.tokens))
		if w == 0 {
			all, known = p.tokens, p.known
			for i := range maps[w] {
				maps[w][i] = uint32(i)
			}
			continue
		}
		for i := range p.tokens {
			k := keyOf(&p.tokens[i])
			id, ok := known[k]
			if !ok {
				id = uint32(len(all))
				known[k] = id
				all = append(all, p.tokens[i])
			}
			maps[w][i] = id
		}
	}
	known = nil
	place := sortTokens(all)
	s.dict.tokens = all
	rows, toks, factLen := 0, 0, 0
	for _, p := range parts {
		rows += len(p.rowSubj)
		toks += len(p.rowTok)
		factLen += len(p.facts)
	}
	s.rowOff = make([]uint32, 0, rows+1)
	s.rowTok = make([]uint32, 0, toks)
	s.rowSubj = make([]uint32, 0, rows)
	s.rowInfo = make([]uint32, 0, rows)
	s.subjRow = make([]uint32, 0, len(subjects)+1)
	s.subjOff = make([]uint32, 0, len(subjects)+1)
	s.kinds = make([]byte, 0, len(subjects))
	var facts strings.Builder
	facts.Grow(factLen)
	for w, p := range parts {
		base := uint32(len(s.kinds))
		baseTok, baseRow, baseFact := uint32(len(s.rowTok)), uint32(len(s.rowSubj)), uint32(facts.Len())
		for _, t := range p.rowTok {
			s.rowTok = append(s.rowTok, place[maps[w][t]])
		}
		for i := range p.rowSubj {
			s.rowOff = append(s.rowOff, p.rowOff[i]+baseTok)
			s.rowSubj = append(s.rowSubj, p.rowSubj[i]+base)
		}
		s.rowInfo = append(s.rowInfo, p.rowInfo...)
		for i := range p.kinds {
			s.subjRow = append(s.subjRow, p.subjRow[i]+baseRow)
			s.subjOff = append(s.subjOff, p.subjOff[i]+baseFact)
		}
		s.kinds = append(s.kinds, p.kinds...)
		facts.Write(p.facts)
		parts[w] = nil
	}
	s.rowOff = append(s.rowOff, uint32(len(s.rowTok)))
	s.subjRow = append(s.subjRow, uint32(len(s.rowSubj)))
	s.subjOff = append(s.subjOff, uint32(facts.Len()))
	s.facts = facts.String()
	compactStrings(s.dict.tokens)
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

// part is what one worker prepares.
type part struct {
	tokens                           []name.Token
	known                            map[tokenKey]uint32
	rowOff, rowTok, rowSubj, rowInfo []uint32
	subjRow, subjOff                 []uint32
	kinds, facts                     []byte
}

func preparePart(subjects []Subject) *part {
	p := &part{known: map[tokenKey]uint32{}}
	var scribe name.Scribe
	for i := range subjects {
		sub := &subjects[i]
		p.subjRow = append(p.subjRow, uint32(len(p.rowSubj)))
		p.subjOff = append(p.subjOff, uint32(len(p.facts)))
		p.kinds = append(p.kinds, byte(sub.Kind))
		p.facts = appendRecord(p.facts, sub)
		for k, n := range sub.Names {
			if k > rowWhich {
				break
			}
			pr := scribe.Prepare(n.Text, sub.Kind, n.Lang)
			for r, reading := range pr.Readings {
				p.rowOff = append(p.rowOff, uint32(len(p.rowTok)))
				p.rowSubj = append(p.rowSubj, uint32(i))
				info := uint32(k)
				if pr.Body[r] {
					info |= rowBody
				}
				if n.Strength == Weak {
					info |= rowWeak
				}
				p.rowInfo = append(p.rowInfo, info)
				for t := range reading {
					p.rowTok = append(p.rowTok, p.token(&reading[t]))
				}
			}
		}
	}
	return p
}

func (p *part) token(t *name.Token) uint32 {
	k := keyOf(t)
	id, ok := p.known[k]
	if !ok {
		id = uint32(len(p.tokens))
		p.known[k] = id
		p.tokens = append(p.tokens, *t)
	}
	return id
}

// compactStrings lays the tokens' texts into one string, so that they do not
// keep their names alive.
func compactStrings(ts []name.Token) {
	var b strings.Builder
	for i := range ts {
		b.WriteString(ts[i].Fold)
		b.WriteString(ts[i].Sound)
		b.WriteString(ts[i].Skel)
		b.WriteString(ts[i].Native)
	}
	all, at := b.String(), 0
	cut := func(s *string) {
		n := len(*s)
		*s = all[at : at+n]
		at += n
	}
	for i := range ts {
		cut(&ts[i].Fold)
		cut(&ts[i].Sound)
		cut(&ts[i].Skel)
		cut(&ts[i].Native)
	}
}

func (s *segment) row(r uint32) []uint32 { return s.rowTok[s.rowOff[r]:s.rowOff[r+1]] }

// indexRows builds the postings.
func (s *segment) indexRows() {
	n := len(s.dict.tokens)
	s.postOff, s.anchorOff = make([]uint32, n+1), make([]uint32, n+1)
	rows := len(s.rowSubj)
	anchors := make([][2]uint32, rows)
	for r := 0; r < rows; r++ {
		anchors[r] = [2]uint32{noToken, noToken}
		if s.rowInfo[r]&rowWeak != 0 {
			continue
		}
		for i, t := range s.row(uint32(r)) {
			if posted(s.dict.tokens[t].Class) && !seenBefore(s.row(uint32(r)), i) {
				s.postOff[t+1]++
			}
		}
	}
	for r := 0; r < rows; r++ {
		if s.rowInfo[r]&rowWeak != 0 {
			continue
		}
		best, second := uint32(math.MaxUint32), uint32(math.MaxUint32)
		for i, t := range s.row(uint32(r)) {
			tok := &s.dict.tokens[t]
			if tok.Class != name.Word || seenBefore(s.row(uint32(r)), i) {
				continue
			}
			// Of equally rare words the longer: fewer look like it.
			switch w := s.postOff[t+1]*16 - uint32(min(len(tok.Fold), 15)); {
			case w < best:
				second, anchors[r][1] = best, anchors[r][0]
				best, anchors[r][0] = w, t
			case w < second:
				second, anchors[r][1] = w, t
			}
		}
		if anchors[r][1] == noToken {
			anchors[r][1] = anchors[r][0] // a single anchor stands for both
		}
		for _, a := range anchors[r] {
			if a != noToken {
				s.anchorOff[a+1]++
			}
		}
	}
	for i := 1; i <= n; i++ {
		s.postOff[i] += s.postOff[i-1]
		s.anchorOff[i] += s.anchorOff[i-1]
	}
	s.post = make([]uint32, s.postOff[n])
	s.anchor = make([]uint32, s.anchorOff[n])
	next := append([]uint32(nil), s.postOff[:n]...)
	nextAnchor := append([]uint32(nil), s.anchorOff[:n]...)
	for r := 0; r < rows; r++ {
		if s.rowInfo[r]&rowWeak != 0 {
			continue
		}
		for i, t := range s.row(uint32(r)) {
			if posted(s.dict.tokens[t].Class) && !seenBefore(s.row(uint32(r)), i) {
				s.post[next[t]] = uint32(r)
				next[t]++
			}
		}
		for _, a := range anchors[r] {
			if a != noToken {
				s.anchor[nextAnchor[a]] = uint32(r)
				nextAnchor[a]++
			}
		}
	}
}

const noToken = math.MaxUint32

// posted says whether rows are found by tokens of a class: by those that a word
// may meet.
func posted(c name.Class) bool {
	return c != name.Form && c != name.Number
}

func seenBefore(ts []uint32, i int) bool {
	for _, t := range ts[:i] {
		if t == ts[i] {
			return true
		}
	}
	return false
}

func (s *segment) indexSubjects() {
	s.ids = newBucketTable(0.5, len(s.kinds), func(emit func(h, id uint32)) {
		for i := range s.kinds {
			emit(hashOf(string(s.id(uint32(i)))), uint32(i))
		}
	})
	s.identifiers = newBucketTable(0.5, len(s.kinds), func(emit func(h, id uint32)) {
		for i := range s.kinds {
			rec := s.record(uint32(i))
			rec.eachIdentifier(func(x Identifier) {
				if v := plain(x.Value); len(v) >= 4 {
					emit(hashOf(v), uint32(i))
				}
			})
		}
	})
}

func (s *segment) postings(t uint32) []uint32 { return s.post[s.postOff[t]:s.postOff[t+1]] }
func (s *segment) anchored(t uint32) []uint32 { return s.anchor[s.anchorOff[t]:s.anchorOff[t+1]] }

// A record packs a subject: strings with their lengths before them.
func appendRecord(b []byte, s *Subject) []byte {
	b = appendText(b, string(s.ID))
	b = appendText(b, s.List)
	b = appendText(b, s.Gender)
	b = binary.AppendUvarint(b, uint64(len(s.Names)))
	for _, n := range s.Names {
		flags := byte(n.Strength) << 1
		if n.Script {
			flags |= 1
		}
		b = append(b, flags)
		b = appendText(b, n.Text)
		b = appendText(b, n.Lang)
	}
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
	b = binary.AppendUvarint(b, uint64(len(s.Countries)))
	for _, c := range s.Countries {
		b = appendText(b, c)
	}
	b = binary.AppendUvarint(b, uint64(len(s.Identifiers)))
	for _, x := range s.Identifiers {
		b = appendText(b, x.Kind)
		b = appendText(b, x.Country)
		b = appendText(b, x.Value)
	}
	return b
}

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
	return Name{Strength: Strength(f >> 1), Script: f&1 != 0, Text: p.text(), Lang: p.text()}
}

func (p *packed) skipNames() {
	for n := p.number(); n > 0; n-- {
		p.oneName()
	}
}

func (p packed) eachIdentifier(f func(Identifier)) {
	p.text()
	p.text()
	p.text()
	p.skipNames()
	for n := p.number(); n > 0; n-- {
		p.flag()
		p.text()
		p.text()
	}
	for n := p.number(); n > 0; n-- {
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

// nameAt gives one name of a subject.
func (s *segment) nameAt(i uint32, which int) Name {
	p := s.record(i)
	p.text()
	p.text()
	p.text()
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
	out := Subject{Kind: name.Kind(s.kinds[i])}
	out.ID, out.List, out.Gender = SubjectID(p.text()), p.text(), p.text()
	for n := p.number(); n > 0; n-- {
		out.Names = append(out.Names, p.oneName())
	}
	for n := p.number(); n > 0; n-- {
		about := p.flag() == 1
		out.Births = append(out.Births, Birth{From: p.text(), To: p.text(), About: about})
	}
	for n := p.number(); n > 0; n-- {
		out.Countries = append(out.Countries, p.text())
	}
	for n := p.number(); n > 0; n-- {
		out.Identifiers = append(out.Identifiers, Identifier{p.text(), p.text(), p.text()})
	}
	return out
}

// size is how many bytes the segment holds, for the speed table.
func (s *segment) size() int {
	n := 4 * (len(s.rowOff) + len(s.rowTok) + len(s.rowSubj) + len(s.rowInfo) + len(s.subjRow) + len(s.postOff) + len(s.post) +
		len(s.anchorOff) + len(s.anchor) + len(s.subjOff) + len(s.dict.skelOff) + len(s.dict.skelTok))
	n += 12 * len(s.dict.timbres) // and where their sounds begin
	for _, t := range s.tables() {
		n += 4 * (len(t.Off) + len(t.IDs))
	}
	for i := range s.dict.tokens {
		t := &s.dict.tokens[i]
		n += 8 + tokenBytes + len(t.Fold) + len(t.Sound) + len(t.Skel) + len(t.Native)
	}
	return n + len(s.facts) + len(s.kinds)
}

const tokenBytes = int(unsafe.Sizeof(name.Token{}))

func (s *segment) tables() []*bucketTable {
	return []*bucketTable{&s.dict.fold, &s.dict.drops, &s.dict.skels, &s.ids, &s.identifiers}
}
