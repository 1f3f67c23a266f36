package screen

import (
	"cmp"
	"math/bits"
	"slices"
	"sort"
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
	tokens []name.Token // sorted by Fold, so equal folds lie together
	shapes []uint64     // by token: which letters and how many, see shapeOf
	fold   bucketTable  // hash of Fold → first token with it
	folds  bitmap       // bits by hash of Fold: most of what is no token is told by it
	begins bitmap       // the tokens whose first letters differ from those before
	drops  bucketTable  // hash of first letters less some → first token that begins so

	skels   bucketTable // hash of Skel → skeletons
	others  uint32      // the skeletons below it have tokens that are not in Latin
	classes string      // the consonant classes that skeletons are made of
	// skeleton → its tokens, those in Latin from skelOff[2*s] on, others from
	// skelOff[2*s+1] on: across scripts a Latin word is compared with others only.
	skelOff, skelTok []uint32
	timbres          []name.Timbre // by place in skelTok: what can be told of the token's sounds
	soundOff         []uint32      // by place in skelTok: where they begin in sounds
	sounds           string        // the sounds in the order of skelTok, read in a row
}

// bucketTable maps hashes to lists of numbers: bucket h>>Shift holds
// IDs[Off[h>>Shift]:Off[h>>Shift+1]]. Different keys may share a bucket. What a
// number leaves free of its 32 bits holds the lowest bits of its key's hash, so
// that most that only share the bucket are told at once; what is left is compared.
type bucketTable struct {
	Shift uint32 // how many bits of a hash do not tell its bucket
	Bits  uint32 // how many bits a number takes
	Off   []uint32
	IDs   []uint32
}

// at gives the bucket of a hash and the tag of what has this hash: of the
// bucket's x those count for which (x^tag)>>Bits is 0, and x&mask is the number.
func (t *bucketTable) at(h uint32) (bucket []uint32, tag uint32) {
	if len(t.Off) == 0 {
		return nil, 0
	}
	b := h >> t.Shift
	return t.IDs[t.Off[b]:t.Off[b+1]], h << t.Bits
}

// each calls f with the numbers that a hash may stand for, until f says to stop.
func (t *bucketTable) each(h uint32, f func(id uint32) bool) {
	bucket, tag := t.at(h)
	for _, x := range bucket {
		if (x^tag)>>t.Bits == 0 && !f(x&t.mask()) {
			return
		}
	}
}

// count is how many numbers a hash may stand for.
func (t *bucketTable) count(h uint32) (n int) {
	t.each(h, func(uint32) bool { n++; return true })
	return n
}

// mask has the bits of a number.
func (t *bucketTable) mask() uint32 { return 1<<t.Bits - 1 }

// newBucketTable builds a table of numbers below limit from what each emits; each
// is run twice. There are about as many buckets as numbers, or less or more by a
// factor.
func newBucketTable(factor float64, limit int, each func(emit func(h, id uint32))) bucketTable {
	n := 0
	each(func(h, id uint32) { n++ })
	width := uint32(1)
	for float64(uint32(1)<<width) < factor*float64(n) && width < 26 {
		width++
	}
	t := bucketTable{Shift: 32 - width, Bits: uint32(bits.Len(uint(max(limit, 2) - 1))), Off: make([]uint32, 1<<width+1), IDs: make([]uint32, n)}
	each(func(h, id uint32) { t.Off[h>>t.Shift+1]++ })
	for i := 1; i < len(t.Off); i++ {
		t.Off[i] += t.Off[i-1]
	}
	next := t.Off[:len(t.Off)-1]
	each(func(h, id uint32) {
		b := h >> t.Shift
		t.IDs[next[b]] = id | h<<t.Bits
		next[b]++
	})
	// next has moved every offset one bucket on; move them back.
	copy(t.Off[1:], t.Off[:len(t.Off)-1])
	t.Off[0] = 0
	return t
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

// eachDrop emits the hash of a fold's first letters and of them less one letter,
// and less two if the fold has six letters or more (below that two edits never
// meet). Words of less than three letters meet by equality or sound only.
func eachDrop(fold string, emit func(h uint32)) { eachLess(fold, len(fold) >= 6, emit) }

// eachDropOne emits the hash of a fold's first letters and of them less one
// letter: enough to find what is one edit away.
func eachDropOne(fold string, emit func(h uint32)) { eachLess(fold, false, emit) }

func eachLess(fold string, two bool, emit func(h uint32)) {
	if len(fold) < 3 {
		return
	}
	p := fold[:min(len(fold), dropPrefix)]
	n := len(p)
	var b beginnings
	b.of(p)
	emit(finish(b[n]))
	for i := 0; i < n; i++ {
		if i == 0 || p[i] != p[i-1] {
			emit(finish(b[i]*powers[n-i-1] + b.part(i+1, n)))
		}
	}
	if !two {
		return
	}
	for i := 0; i < n; i++ {
		for j := i + 1; j < n; j++ {
			emit(finish((b[i]*powers[j-i-1]+b.part(i+1, j))*powers[n-j-1] + b.part(j+1, n)))
		}
	}
}

// eachSkelNear emits the hash of a skeleton and of each that is within one edit
// of it, for those of three classes and more. Classes are few, so all are named.
func eachSkelNear(skel, classes string, emit func(h uint32)) {
	n := len(skel)
	if n < 3 || n > 60 {
		return
	}
	var b beginnings
	b.of(skel)
	emit(finish(b[n]))
	for i := 0; i <= n; i++ {
		head, rest, tail := b[i]*hashBase, b.part(i, n), powers[n-i]
		if i < n {
			rest1, tail1 := b.part(i+1, n), powers[n-i-1]
			if n > 3 {
				emit(finish(b[i]*tail1 + rest1)) // one lost
			}
			for k := range len(classes) {
				if c := classes[k]; c != skel[i] {
					emit(finish((head+uint64(c))*tail1 + rest1)) // one changed
				}
			}
			if i+1 < n && skel[i] != skel[i+1] {
				x := (head+uint64(skel[i+1]))*hashBase + uint64(skel[i])
				emit(finish(x*powers[n-i-2] + b.part(i+2, n))) // two swapped
			}
		}
		for k := range len(classes) {
			emit(finish((head+uint64(classes[k]))*tail + rest)) // one added
		}
	}
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
// bits and its length (two words within n edits differ in at most n in length and
// 2n in the bits), whether it is a word that must be met, whether it is plain
// (in Latin, in no group of variants), and a hash of its skeleton.
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

const (
	letterBits = 1<<34 - 1
	shapePlain = 1 << 40
	shapeMust  = 1 << 41
)

func lettersOf(s string) uint64 {
	m := uint64(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' {
			m |= 1 << (c - 'a')
		} else {
			m |= 1 << (26 + c&7)
		}
	}
	return m | uint64(min(len(s), 63))<<34
}

// apart says that two words of these shapes are more than n edits apart.
func apart(a, b uint64, n int) bool {
	gap := int(a>>34&63) - int(b>>34&63)
	return gap > n || -gap > n || bits.OnesCount64((a^b)&letterBits) > 2*n
}

// strangers says that two tokens of these shapes cannot meet.
func strangers(a, b uint64) bool {
	return a&b&shapePlain != 0 && a>>48 != b>>48 && apart(a, b, 2)
}

// index builds the lookups over tokens that are already sorted.
func (d *dictionary) index() {
	each := func(f func(t *name.Token, id uint32)) {
		for i := range d.tokens {
			f(&d.tokens[i], uint32(i))
		}
	}
	d.shapes = make([]uint64, len(d.tokens))
	for i := range d.tokens {
		d.shapes[i] = shapeOf(&d.tokens[i])
	}
	d.markFolds()
	d.fold = newBucketTable(0.5, len(d.tokens), func(emit func(h, id uint32)) {
		each(func(t *name.Token, id uint32) {
			if id == 0 || d.tokens[id-1].Fold != t.Fold {
				emit(hashOf(t.Fold), id)
			}
		})
	})
	words := func(f func(t *name.Token, id uint32)) {
		each(func(t *name.Token, id uint32) {
			if t.Class != name.Form && t.Class != name.Number {
				f(t, id)
			}
		})
	}
	d.markBeginnings()
	d.drops = newBucketTable(0.125, len(d.tokens), func(emit func(h, id uint32)) {
		each(func(t *name.Token, id uint32) {
			if d.begins.has(id) {
				eachDrop(t.Fold, func(h uint32) { emit(h, id) })
			}
		})
	})
	d.indexSkeletons(words)
}

// markBeginnings fills the bits of begins.
func (d *dictionary) markBeginnings() {
	d.begins = newBitmap(len(d.tokens) + 1)
	last := ""
	for i := range d.tokens {
		f := d.tokens[i].Fold
		if f = f[:min(len(f), dropPrefix)]; i == 0 || f != last {
			d.begins.set(uint32(i))
		}
		last = f
	}
	d.begins.set(uint32(len(d.tokens)))
}

// indexSkeletons groups tokens by skeleton. The skeletons that have tokens in
// other scripts come first.
func (d *dictionary) indexSkeletons(words func(func(t *name.Token, id uint32))) {
	known := map[string]uint32{}
	of := make([]uint32, len(d.tokens)) // token → its place in skelOff
	var texts []string
	number := func(latin bool) {
		words(func(t *name.Token, id uint32) {
			if (t.Script == name.Latin) != latin || t.Skel == "" {
				return
			}
			s, ok := known[t.Skel]
			if !ok {
				s = uint32(len(texts))
				known[t.Skel] = s
				texts = append(texts, t.Skel)
			}
			of[id] = 2*s + 1
			if latin {
				of[id]--
			}
		})
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
		slices.SortFunc(d.skelTok[d.skelOff[k]:d.skelOff[k+1]], d.bySound)
	}
	// Most skeletons asked for are not there: few share a bucket.
	d.skels = newBucketTable(4, len(texts), func(emit func(h, id uint32)) {
		for s, text := range texts {
			emit(hashOf(text), uint32(s))
		}
	})
	d.markClasses()
	d.markTimbres()
}

// bySound orders the tokens of a skeleton so that what begins alike lies together.
func (d *dictionary) bySound(a, b uint32) int {
	x, y := &d.tokens[a], &d.tokens[b]
	if c := cmp.Compare(x.Vowels, y.Vowels); c != 0 {
		return c
	}
	if c := strings.Compare(x.Sound, y.Sound); c != 0 {
		return c
	}
	return cmp.Compare(a, b)
}

// markTimbres lays out the sounds of the tokens in the order of skelTok.
func (d *dictionary) markTimbres() {
	d.timbres = make([]name.Timbre, len(d.skelTok))
	d.soundOff = make([]uint32, len(d.skelTok)+1)
	n := 0
	for _, id := range d.skelTok {
		n += len(d.tokens[id].Sound)
	}
	var b strings.Builder
	b.Grow(n)
	for i, id := range d.skelTok {
		t := &d.tokens[id]
		d.timbres[i] = name.TimbreOf(t)
		if i > 0 {
			d.timbres[i] = d.timbres[i].After(d.timbres[i-1], t.Sound, d.tokens[d.skelTok[i-1]].Sound)
		}
		b.WriteString(t.Sound)
		d.soundOff[i+1] = uint32(b.Len())
	}
	d.sounds = b.String()
	for i, id := range d.skelTok {
		d.tokens[id].Sound = d.sounds[d.soundOff[i]:d.soundOff[i+1]]
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
func (d *dictionary) skeleton(s uint32) string { return d.tokens[d.skelTok[d.skelOff[2*s]]].Skel }

// sortTokens orders tokens by fold and the rest of their key and returns where
// each went.
func sortTokens(ts []name.Token) (place []uint32) {
	order := make([]uint32, len(ts))
	for i := range order {
		order[i] = uint32(i)
	}
	sort.Slice(order, func(i, j int) bool { return tokenLess(&ts[order[i]], &ts[order[j]]) })
	place = make([]uint32, len(ts))
	sorted := make([]name.Token, len(ts))
	for to, from := range order {
		place[from] = uint32(to)
		sorted[to] = ts[from]
	}
	copy(ts, sorted)
	return place
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
	d.fold.each(hashOf(fold), func(id uint32) bool {
		if d.tokens[id].Fold != fold {
			return true
		}
		for ; int(id) < len(d.tokens) && d.tokens[id].Fold == fold; id++ {
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
	for n < 8*len(d.tokens) {
		n *= 2
	}
	d.folds = newBitmap(n)
	for i := range d.tokens {
		if i == 0 || d.tokens[i].Fold != d.tokens[i-1].Fold {
			d.folds.set(hashOf(d.tokens[i].Fold) & uint32(n-1))
		}
	}
}

// hasFold says whether any token has this fold.
func (d *dictionary) hasFold(fold string) (has bool) {
	if h := hashOf(fold); d.mayHave(h) {
		d.fold.each(h, func(id uint32) bool {
			has = d.tokens[id].Fold == fold
			return !has
		})
	}
	return has
}
