package screen

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"

	"article41/name"
)

// A dictionary holds every distinct token of a segment and finds the tokens
// that a query's token may meet. It finds all of them: name.Relate says what
// meeting requires, and each way has its lookup here.
//
//   - equal Folds: a hash table of folds;
//   - within one or two edits: both sides drop letters, and share a result
//     (deletion neighbourhood, of the first seven letters);
//   - equal Skels: a table of the distinct skeletons;
//   - Skels within one edit, across scripts: all such skeletons are looked up, for
//     consonant classes are few.
//
// Tokens that begin with the same letters share their deletions, tokens with one
// skeleton share its lookups: so the tables hold groups of tokens.
type dictionary struct {
	tokens             // sorted by Fold, so equal folds lie together
	shapes []uint64    // by token: which letters and how many, see shapeOf; one more ends the last group
	byFold bucketTable // hash of Fold → first token with it
	folds  bitmap      // bits by hash of Fold: most of what is no token is told by it
	ends   []uint64    // by hash of the first or last letters of Fold: how long such folds are, a bit a length
	drops  bucketTable // hash of first letters less some → first token that begins so

	skels   bucketTable // hash of Skel → skeletons
	others  uint32      // the skeletons below it have tokens that are not in Latin
	foreign bitmap      // bits by hash of these, as folds has them
	classes string      // the consonant classes that skeletons are made of
	// skeleton → its tokens, those in Latin from skelOff[2*s] on, others from
	// skelOff[2*s+1] on: across scripts a Latin word is compared with others only.
	skelOff, skelTok []uint32
	timbres          []name.Timbre // by place in skelTok: what can be told of the token's sounds, which lie in this order
}

// hashOf is a polynomial hash, so that the hash of a word less some letters
// follows from the hashes of its beginnings.
func hashOf(s string) uint32 {
	h := uint64(0)
	for i := 0; i < len(s); i++ {
		h = h*hashBase + uint64(s[i])
	}
	return finish(h)
}

const hashBase = 0x9E3779B97F4A7C55

func finish(h uint64) uint32 {
	h ^= h >> 32
	h *= 0xD6E8FEB86659FD93
	return uint32(h >> 32)
}

// powers of the hash's base
var powers = func() (p [64]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * hashBase
	}
	return
}()

// beginnings holds the unfinished hashes of a word's beginnings.
type beginnings [64]uint64

func (b *beginnings) of(s string) {
	for i := 0; i < len(s); i++ {
		b[i+1] = b[i]*hashBase + uint64(s[i])
	}
}

// part is the unfinished hash of s[i:j].
func (b *beginnings) part(i, j int) uint64 { return b[j] - b[i]*powers[j-i] }

const dropPrefix = 7

// mostLess is how many hashes lessOf gives at most.
const mostLess = 1 + dropPrefix + dropPrefix*(dropPrefix-1)/2

// dropsOf gives the hashes by which the group of a fold is found: two letters
// less count if the fold has six letters or more (below that two edits never
// meet). Words of less than three letters meet by equality or sound only.
func dropsOf(hs *[mostLess]uint32, fold string) []uint32 { return lessOf(hs, fold, len(fold) >= 6) }

// lessOf gives the hashes of a fold's first letters, of them less one letter and,
// if two is set, less two. Most letters less that leave the same are left out.
func lessOf(hs *[mostLess]uint32, fold string, two bool) []uint32 {
	if len(fold) < 3 {
		return nil
	}
	p := fold[:min(len(fold), dropPrefix)]
	n := len(p)
	var b beginnings
	b.of(p)
	hs[0] = finish(b[n])
	k := 1
	for i := 0; i < n; i++ {
		if i == 0 || p[i] != p[i-1] {
			hs[k] = finish(b[i]*powers[n-i-1] + b.part(i+1, n))
			k++
		}
	}
	if !two {
		return hs[:k]
	}
	for i := 0; i < n; i++ {
		if i > 0 && p[i] == p[i-1] {
			continue // the one before, in its place
		}
		for j := i + 1; j < n; j++ {
			if j > i+1 && p[j] == p[j-1] || j == i+1 && i > 0 && p[j] == p[i-1] {
				continue
			}
			hs[k] = finish((b[i]*powers[j-i-1]+b.part(i+1, j))*powers[n-j-1] + b.part(j+1, n))
			k++
		}
	}
	return hs[:k]
}

// skelsNear appends the hashes of a skeleton and of each that is within one edit
// of it, for those of three classes and more. Classes are few, so all are named.
func skelsNear(hs []uint32, skel, classes string) []uint32 {
	n := len(skel)
	if n < 3 || n > 60 {
		return hs
	}
	var b beginnings
	b.of(skel)
	hs = append(hs, finish(b[n]))
	for i := 0; i <= n; i++ {
		head, rest, tail := b[i]*hashBase, b.part(i, n), powers[n-i]
		next := byte(0)
		if i < n {
			next = skel[i]
			rest1, tail1 := b.part(i+1, n), powers[n-i-1]
			if n > 3 {
				hs = append(hs, finish(b[i]*tail1+rest1)) // one lost
			}
			for k := range len(classes) {
				if c := classes[k]; c != next {
					hs = append(hs, finish((head+uint64(c))*tail1+rest1)) // one changed
				}
			}
			if i+1 < n && next != skel[i+1] {
				x := (head+uint64(skel[i+1]))*hashBase + uint64(next)
				hs = append(hs, finish(x*powers[n-i-2]+b.part(i+2, n))) // two swapped
			}
		}
		for k := range len(classes) {
			if c := classes[k]; c != next { // which is the same as behind it
				hs = append(hs, finish((head+uint64(c))*tail+rest)) // one added
			}
		}
	}
	return hs
}

// tokenKey is what makes two tokens the same entry of a dictionary.
type tokenKey struct {
	fold, sound, native string
	class               name.Class
	script              name.Script
	vowels              name.Vowels
	table               name.Table
	soft                bool
	weight              float32
}

func keyOf(t *name.Token) tokenKey {
	return tokenKey{t.Fold, t.Sound, t.Native, t.Class, t.Script, t.Vowels, t.Table, t.Soft, t.Weight}
}

// shapeOf is what can be told of a token without touching it: its letters as
// bits and its length (see apart), whether it is a word that must be met, whether it
// is plain (in Latin, in no group of variants), and a hash of its skeleton.
func shapeOf(t *name.Token) uint64 {
	m := lettersOf(t.Fold)
	if t.Class == name.Word || t.Class == name.Abd {
		m |= shapeMust
	}
	if t.Script == name.Latin && t.Group == [2]int16{} && t.Class != name.Initial && t.Class != name.Form && t.Class != name.Number {
		m |= shapePlain
	}
	return m | uint64(hashOf(t.Skel)&0xFFFF)<<48
}

// The bits of a shape: 0 to 25 the letters a to z, 26 anything else, 27 to 33 and 43
// to 47 the letters of twiceLetters that stand there twice or more; 34 to 39 the
// length; the flags; from 48 on the skeleton.
const (
	letterBits = 1<<34 - 1 | 31<<43
	shapePlain = 1 << 40
	shapeMust  = 1 << 41
	// its first letters are not those of the token before: a group of the drops
	// begins here
	shapeBegins = 1 << 42
)

// twiceLetters are those that names repeat most.
const twiceLetters = "aiounrelmskt"

// twice has the bit of each letter that stands there again.
var twice = func() (m [26]uint64) {
	for i := range twiceLetters {
		bit := 27 + i
		if bit > 33 {
			bit += 43 - 34
		}
		m[twiceLetters[i]-'a'] = 1 << bit
	}
	return
}()

func lettersOf(s string) uint64 {
	m := uint64(0)
	for i := 0; i < len(s); i++ {
		if c := s[i] - 'a'; c < 26 {
			m |= 1<<c | -(m>>c&1)&twice[c]
		} else {
			m |= 1 << 26
		}
	}
	return m | uint64(min(len(s), 63))<<34
}

// apart says that two words of these shapes are more than n edits apart: an edit
// gives and takes one letter at most.
func apart(a, b uint64, n int) bool {
	gap := int(a>>34&63) - int(b>>34&63)
	x := (a ^ b) & letterBits
	return gap > n || -gap > n || bits.OnesCount64(x&a) > n || bits.OnesCount64(x&b) > n
}

// strangers says that two tokens of these shapes cannot meet.
func strangers(a, b uint64) bool {
	return a&b&shapePlain != 0 && a>>48 != b>>48 && apart(a, b, 2)
}

// index builds the lookups over tokens that are already sorted.
func (d *dictionary) index() {
	n := uint32(d.len())
	d.markShapes()
	d.markFolds()
	d.markEnds()
	d.byFold = newBucketTable(0.5, int(n), int(n), func(part, parts int, emit func(h, id uint32)) {
		from, to := share(int(n), part, parts)
		for id := from; id < to; id++ {
			if id == 0 || d.fold(id-1) != d.fold(id) {
				emit(hashOf(d.fold(id)), id)
			}
		}
	})
	// What lies in one bucket is read in vain but for one: a small table can afford
	// more of them.
	sparse := 0.0625
	if n < manyTokens {
		sparse = 0.25
	}
	d.drops = newBucketTable(sparse, int(n), 25*int(n), func(part, parts int, emit func(h, id uint32)) {
		from, to := share(int(n), part, parts)
		var hs [mostLess]uint32
		for id := from; id < to; id++ {
			if d.shapes[id]&shapeBegins != 0 {
				for _, h := range dropsOf(&hs, d.fold(id)) {
					emit(h, id)
				}
			}
		}
	})
	d.indexSkeletons()
	d.laySounds()
	d.markClasses()
	d.markForeign()
	d.markTimbres()
}

// manyTokens is from how many tokens on the memory of a dictionary counts for more
// than its speed.
const manyTokens = 100_000

// markShapes fills shapes.
func (d *dictionary) markShapes() {
	n := d.len()
	d.shapes = make([]uint64, n+1)
	var t name.Token
	last := ""
	for i := range n {
		d.read(&t, uint32(i))
		d.shapes[i] = shapeOf(&t)
		f := t.Fold[:min(len(t.Fold), dropPrefix)]
		if i == 0 || f != last {
			d.shapes[i] |= shapeBegins
		}
		last = f
	}
	d.shapes[n] = shapeBegins
}

// indexSkeletons groups tokens by skeleton. The skeletons that have tokens in
// other scripts come first.
func (d *dictionary) indexSkeletons() {
	known := map[string]uint32{}
	of := make([]uint32, d.len()) // token → its place in skelOff
	var texts []string
	number := func(latin bool) {
		for id := range uint32(len(of)) {
			if c := d.class(id); (d.script(id) == name.Latin) != latin || c == name.Form || c == name.Number {
				continue
			}
			skel := d.skel(id)
			if skel == "" {
				continue
			}
			s, ok := known[skel]
			if !ok {
				s = uint32(len(texts))
				known[skel] = s
				texts = append(texts, skel)
			}
			of[id] = 2*s + 1
			if latin {
				of[id]--
			}
		}
	}
	for i := range of {
		of[i] = noToken
	}
	number(false)
	d.others = uint32(len(texts))
	number(true)
	d.skelOff = make([]uint32, 2*len(texts)+1)
	n := uint32(0)
	for _, k := range of {
		if k != noToken {
			d.skelOff[k+1]++
			n++
		}
	}
	for i := 1; i < len(d.skelOff); i++ {
		d.skelOff[i] += d.skelOff[i-1]
	}
	d.skelTok = make([]uint32, n)
	next := append([]uint32(nil), d.skelOff...)
	for id, k := range of {
		if k != noToken {
			d.skelTok[next[k]] = uint32(id)
			next[k]++
		}
	}
	for k := range len(d.skelOff) - 1 {
		if g := d.skelTok[d.skelOff[k]:d.skelOff[k+1]]; len(g) > 1 {
			slices.SortFunc(g, d.bySound)
		}
	}
	// Most skeletons asked for are not there: few share a bucket.
	d.skels = newBucketTable(2, len(texts), len(texts), func(part, parts int, emit func(h, id uint32)) {
		from, to := share(len(texts), part, parts)
		for s := from; s < to; s++ {
			emit(hashOf(texts[s]), s)
		}
	})
}

// bySound orders the tokens of a skeleton so that what begins alike lies together.
func (d *dictionary) bySound(a, b uint32) int {
	if c := cmp.Compare(d.vowels(a), d.vowels(b)); c != 0 {
		return c
	}
	if c := strings.Compare(d.sound(a), d.sound(b)); c != 0 {
		return c
	}
	return cmp.Compare(a, b)
}

// laySounds lays the sounds in the order of skelTok, those of tokens without a
// skeleton last.
func (d *dictionary) laySounds() {
	var b strings.Builder
	b.Grow(len(d.sounds))
	lay := func(id uint32) {
		at := uint32(b.Len())
		b.WriteString(d.sound(id))
		d.head(id)[1] = at
	}
	laid := newBitmap(d.len())
	for _, id := range d.skelTok {
		lay(id)
		laid.set(id)
	}
	for id := range uint32(d.len()) {
		if !laid.has(id) {
			lay(id)
		}
	}
	d.sounds = b.String()
}

// markTimbres fills timbres.
func (d *dictionary) markTimbres() {
	d.timbres = make([]name.Timbre, len(d.skelTok))
	var t name.Token
	last := ""
	for i, id := range d.skelTok {
		d.read(&t, id)
		d.timbres[i] = name.TimbreOf(&t)
		if i > 0 {
			d.timbres[i] = d.timbres[i].After(d.timbres[i-1], t.Sound, last)
		}
		last = t.Sound
	}
}

// markForeign fills foreign, eight bits or more a skeleton.
func (d *dictionary) markForeign() {
	n := 64
	for n < 8*int(d.others) {
		n *= 2
	}
	d.foreign = newBitmap(n)
	for s := range d.others {
		d.foreign.set(hashOf(d.skeleton(s)) & uint32(n-1))
	}
}

// markClasses fills classes.
func (d *dictionary) markClasses() {
	var seen [256]bool
	for s := range uint32(len(d.skelOff) / 2) {
		text := d.skeleton(s)
		for i := range len(text) {
			seen[text[i]] = true
		}
	}
	var b []byte
	for c := range seen {
		if seen[c] {
			b = append(b, byte(c))
		}
	}
	d.classes = string(b)
}

// skeleton is the text of a skeleton: that of any of its tokens.
func (d *dictionary) skeleton(s uint32) string { return d.skel(d.skelTok[d.skelOff[2*s]]) }

// sortTokens orders tokens by fold and the rest of their key, and returns where
// each went. Halves are sorted at once and put together.
func sortTokens(ts []name.Token) (order, place []uint32) {
	type placed struct {
		begins uint64 // the fold's first eight letters
		id     uint32
	}
	all := make([]placed, len(ts))
	compare := func(a, b placed) int {
		switch {
		case a.begins != b.begins:
			return cmp.Compare(a.begins, b.begins)
		case tokenLess(&ts[a.id], &ts[b.id]):
			return -1
		case tokenLess(&ts[b.id], &ts[a.id]):
			return 1
		}
		return cmp.Compare(a.id, b.id)
	}
	const halves = 2
	inParts(halves, func(p int) {
		from, to := share(len(ts), p, halves)
		for i := from; i < to; i++ {
			var first [8]byte
			copy(first[:], ts[i].Fold)
			all[i] = placed{binary.BigEndian.Uint64(first[:]), i}
		}
		slices.SortFunc(all[from:to], compare)
	})
	order, place = make([]uint32, 0, len(ts)), make([]uint32, len(ts))
	_, half := share(len(ts), 0, halves)
	for a, b := all[:half], all[half:]; len(a)+len(b) > 0; {
		from := &a
		if len(a) == 0 || len(b) > 0 && compare(b[0], a[0]) < 0 {
			from = &b
		}
		id := (*from)[0].id
		*from = (*from)[1:]
		place[id] = uint32(len(order))
		order = append(order, id)
	}
	return order, place
}

func tokenLess(a, b *name.Token) bool {
	if a.Fold != b.Fold {
		return a.Fold < b.Fold
	}
	if c := strings.Compare(a.Native, b.Native); c != 0 {
		return c < 0
	}
	if c := strings.Compare(a.Sound, b.Sound); c != 0 {
		return c < 0
	}
	if a.Class != b.Class {
		return a.Class < b.Class
	}
	if a.Script != b.Script {
		return a.Script < b.Script
	}
	if a.Vowels != b.Vowels {
		return a.Vowels < b.Vowels
	}
	if a.Table != b.Table {
		return a.Table < b.Table
	}
	if a.Soft != b.Soft {
		return b.Soft
	}
	return a.Weight < b.Weight
}

// withFold calls f with every token that has this fold.
func (d *dictionary) withFold(fold string, f func(id uint32)) {
	d.byFold.each(hashOf(fold), func(id uint32) bool {
		if d.fold(id) != fold {
			return true
		}
		for ; int(id) < d.len() && d.fold(id) == fold; id++ {
			f(id)
		}
		return false
	})
}

// mayHave says whether a fold with this hash may be there.
func (d *dictionary) mayHave(h uint32) bool { return d.folds.has(h & uint32(len(d.folds)*64-1)) }

// markFolds fills the bits for mayHave, eight or more a token.
func (d *dictionary) markFolds() {
	n := 64
	for n < 8*d.len() {
		n *= 2
	}
	d.folds = newBitmap(n)
	for i := range uint32(d.len()) {
		d.folds.set(hashOf(d.fold(i)) & uint32(n-1))
	}
}

// endLetters is how many letters of a fold's beginning and end are told in ends.
const endLetters = 3

// markEnds fills ends, by eight tokens a place.
func (d *dictionary) markEnds() {
	n := 64
	for n < d.len()/8 && n < 1<<14 {
		n *= 2
	}
	d.ends = make([]uint64, n)
	for i := range uint32(d.len()) {
		if f := d.fold(i); len(f) >= endLetters {
			bit := uint64(1) << len(f) // at most mostFold
			*d.end(f[:endLetters], 0) |= bit
			*d.end(f[len(f)-endLetters:], 1) |= bit
		}
	}
}

// end is the place of some first letters (0) or last letters (1) in ends.
func (d *dictionary) end(letters string, last uint32) *uint64 {
	return &d.ends[(hashOf(letters)^last)&uint32(len(d.ends)-1)]
}

// mayJoin says whether there may be a fold that name.JoinLikeness finds p and q
// in: it begins with p or ends with q, and is little longer or shorter than both.
func (d *dictionary) mayJoin(p, q string) bool {
	if len(p) < endLetters || len(q) < endLetters {
		return true
	}
	n := len(p) + len(q)
	if n-2 > mostFold {
		return false
	}
	return (*d.end(p[:endLetters], 0)|*d.end(q[len(q)-endLetters:], 1))>>(n-2)&0xF != 0
}

// hasFold says whether any token has this fold.
func (d *dictionary) hasFold(fold string) (has bool) {
	if h := hashOf(fold); d.mayHave(h) {
		d.byFold.each(h, func(id uint32) bool {
			has = d.fold(id) == fold
			return !has
		})
	}
	return has
}
