package name

import "unicode/utf8"

// A Scribe prepares many names with the same buffers and remembers the words it
// met, for names are made of few words. What it prepares is valid until its next
// Prepare. One goroutine uses it at a time; the zero value is ready.
type Scribe struct {
	runes    []rune
	pieces   []piece
	parts    [][]piece
	turned   []piece
	manners  []manner
	tokens   []Token
	classed  []Token
	readings []Reading
	body     []bool
	key      []byte
	fresh    []Token // of the word being read
	words    []word  // by hash of their keys; one forgets what was in its place
	trace    bool    // tokens tell where they stand
	kept     int     // how many words were put in words since it grew
}

// A word is what a Scribe remembers of one; what is longer is read anew.
type word struct {
	size   uint8 // of the key; 0 if there is no word here
	n      uint8 // how many tokens
	key    [30]byte
	tokens [3]Token
}

// A Scribe remembers fewWords at first and manyWords at most.
const (
	fewWords  = 1 << 8
	manyWords = 1 << 13
)

// Prepare is Prepare with the scribe's buffers.
func (s *Scribe) Prepare(text string, kind Kind, lang string) Prepared {
	s.runes, s.pieces, s.parts, s.turned = s.runes[:0], s.pieces[:0], s.parts[:0], s.turned[:0]
	s.classed, s.readings, s.body = s.classed[:0], s.readings[:0], s.body[:0]
	p := Prepared{Text: text, Kind: kind, Readings: s.readings, Body: s.body}
	ps, read := s.cut(text)
	p.read = read
	if len(ps) == 0 {
		return p
	}
	if len(ps) > 2*MaxTokens {
		ps = ps[:2*MaxTokens]
	}
	for i := range ps[:len(ps)-1] {
		// A stroke between two letters parts no names: M/V, A/S.
		if ps[i].stroke && ps[i].script == Latin && len(ps[i].runes) == 1 && len(ps[i+1].runes) == 1 {
			ps[i].stroke, ps[i].dot = false, true
		}
	}
	for _, part := range s.alternatives(ps, kind) {
		if kind == Unknown {
			s.add(&p, part, Person, lang)
			s.add(&p, part, Organisation, lang)
		} else {
			s.add(&p, part, kind, lang)
		}
	}
	s.readings, s.body = p.Readings, p.Body
	return p
}

// add appends the readings of the pieces as a name of one kind.
func (s *Scribe) add(p *Prepared, ps []piece, kind Kind, lang string) {
	if kind == Person {
		ps = s.unturn(ps)
	}
	s.manners = readings(s.manners[:0], ps, kind, lang)
	for _, how := range s.manners {
		s.tokens = s.read(s.tokens[:0], how, ps, kind)
		ts := s.tokens[:min(len(s.tokens), MaxTokens)]
		from := len(s.classed)
		s.classed = classify(s.classed, ts, kind)
		out := s.classed[from:min(len(s.classed), from+MaxTokens):len(s.classed)]
		if len(out) > 0 && !p.has(out, kind != Person) {
			p.Readings = append(p.Readings, out)
			p.Body = append(p.Body, kind != Person)
		}
	}
}

// read turns pieces into tokens in one manner.
func (s *Scribe) read(ts []Token, m manner, ps []piece, kind Kind) []Token {
	body := kind != Person
	for i := 0; i < len(ps); i++ {
		p := ps[i]
		if p.script == Latin {
			// A.B.C. is one token of a body's name; a person's initials stay apart.
			if body && len(p.runes) == 1 && p.dot {
				from := len(s.runes)
				s.runes = append(s.runes, p.runes...)
				j := i + 1
				for j < len(ps) && len(ps[j].runes) == 1 && ps[j].script == Latin && (ps[j].dot || ps[j-1].dot) {
					s.runes = append(s.runes, ps[j].runes...)
					j++
				}
				i = j - 1
				p.upto = ps[i].upto
				p.runes = s.runes[from:len(s.runes):len(s.runes)]
			}
		}
		n := len(ts)
		ts = append(ts, s.word(p, m, len(ps) == 1, kind)...)
		if s.trace {
			for k := n; k < len(ts); k++ {
				ts[k].from, ts[k].upto = p.from, p.upto
			}
		}
	}
	return ts
}

// word gives the tokens of one word, remembered if it was met before.
func (s *Scribe) word(p piece, m manner, whole bool, kind Kind) []Token {
	flags := byte(p.script)
	for i, b := range [...]bool{m.foreign, m.korean, m.lookalike, whole} {
		if b {
			flags |= 1 << (4 + i)
		}
	}
	s.key = append(s.key[:0], flags, byte(len(m.cyrillic)))
	if kind == Person {
		s.key[1] |= 8
	}
	switch p.script {
	case Cyrillic:
		s.key = append(s.key, m.cyrillic...)
	case Arabic:
		s.key = append(s.key, m.arabic...)
	}
	for _, r := range p.runes {
		s.key = utf8.AppendRune(s.key, r)
	}
	place := s.place()
	if place != nil && string(place.key[:place.size]) == string(s.key) {
		return place.tokens[:place.n]
	}
	s.fresh = m.readWord(s.fresh[:0], p, whole, kind)
	ts := s.fresh
	for i := range ts {
		// What it weighs if it is a word of the name; classify says what it is.
		ts[i].Soft = kind == Person && isSoft(ts[i].Fold, words())
		ts[i].Weight = weigh(ts[i], kind)
	}
	if place != nil && len(ts) <= len(place.tokens) {
		place.size, place.n = uint8(copy(place.key[:], s.key)), uint8(copy(place.tokens[:], ts))
		s.kept++
	}
	return ts
}

// place is where the word of the key is remembered; nil if its key is too long.
func (s *Scribe) place() *word {
	if len(s.key) > len(word{}.key) {
		return nil
	}
	if s.kept >= len(s.words)/2 && len(s.words) < manyWords {
		s.words, s.kept = make([]word, max(fewWords, 4*len(s.words))), 0
	}
	h := uint64(0)
	for _, c := range s.key {
		h = (h ^ uint64(c)) * 0x9E3779B97F4A7C55
		h ^= h >> 32
	}
	return &s.words[h&uint64(len(s.words)-1)]
}
