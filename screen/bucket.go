package screen

import (
	"encoding/binary"
	"math/bits"
	"runtime"
	"sync"
)

// bucketTable maps hashes to lists of numbers: bucket h>>Shift holds the numbers
// from Off[h>>Shift] to Off[h>>Shift+1]. Different keys may share a bucket. What a
// number leaves free of its Wide bytes holds the lowest bits of its key's hash, so
// that most that only share the bucket are told at once; what is left is compared.
type bucketTable struct {
	Shift uint32 // how many bits of a hash do not tell its bucket
	Bits  uint32 // how many bits a number takes
	Wide  uint32 // how many bytes a number and its tag take
	Off   []uint32
	IDs   []byte // and four bytes more, so that any can be read as four
}

// at gives the places of a hash's bucket and the tag of what has this hash: of the
// x at these places those count for which (x^tag)>>Bits is 0, and x&mask is the
// number.
func (t *bucketTable) at(h uint32) (from, to, tag uint32) {
	if len(t.Off) == 0 {
		return 0, 0, 0
	}
	b := h >> t.Shift
	return t.Off[b], t.Off[b+1], h << t.Bits & t.whole()
}

// tagged is the number in a place, with its tag.
func (t *bucketTable) tagged(i uint32) uint32 {
	at := int(i) * int(t.Wide)
	return binary.LittleEndian.Uint32(t.IDs[at:at+4]) & t.whole()
}

// mask has the bits of a number, whole those of its tag too.
func (t *bucketTable) mask() uint32  { return 1<<t.Bits - 1 }
func (t *bucketTable) whole() uint32 { return 1<<(8*t.Wide) - 1 }

// tagBits are those of a number's tag.
func (t *bucketTable) tagBits() uint32 { return t.whole() &^ t.mask() }

// each calls f with the numbers that a hash may stand for, until f says to stop.
func (t *bucketTable) each(h uint32, f func(id uint32) bool) {
	from, to, tag := t.at(h)
	for i := from; i < to; i++ {
		if x := t.tagged(i); (x^tag)>>t.Bits == 0 && !f(x&t.mask()) {
			return
		}
	}
}

// count is how many numbers a hash may stand for.
func (t *bucketTable) count(h uint32) (n int) {
	t.each(h, func(uint32) bool { n++; return true })
	return n
}

// leastTag is how many bits of tag a number has at least.
const leastTag = 4

// newBucketTable builds a table of numbers below limit from what each emits of its
// part of so many; every part is run twice, on a processor of its own, and all emit
// about so many numbers. There are about as many buckets as numbers, or less or
// more by a factor.
func newBucketTable(factor float64, limit, about int, each func(part, parts int, emit func(h, id uint32))) bucketTable {
	width := uint32(1)
	for float64(uint32(1)<<width) < factor*float64(about) && width < 26 {
		width++
	}
	t := bucketTable{Shift: 32 - width, Bits: uint32(bits.Len(uint(max(limit, 2) - 1))), Off: make([]uint32, 1<<width+1)}
	t.Wide = min(4, (t.Bits+leastTag+7)/8)
	parts := 1
	if about > manyNumbers {
		parts = runtime.GOMAXPROCS(0)
	}
	next := make([][]uint32, parts) // by part and bucket: how many, then where the next goes
	inParts(parts, func(p int) {
		n := make([]uint32, 1<<width)
		each(p, parts, func(h, id uint32) { n[h>>t.Shift]++ })
		next[p] = n
	})
	at := uint32(0)
	for b := range t.Off[1:] {
		t.Off[b] = at
		for p := range next {
			next[p][b], at = at, at+next[p][b]
		}
	}
	t.Off[len(t.Off)-1] = at
	t.IDs = make([]byte, int(at)*int(t.Wide)+4)
	inParts(parts, func(p int) {
		n := next[p]
		each(p, parts, func(h, id uint32) {
			b := h >> t.Shift
			at, x := int(n[b])*int(t.Wide), id|h<<t.Bits
			for k := range int(t.Wide) {
				t.IDs[at+k] = byte(x >> (8 * k))
			}
			n[b]++
		})
	})
	return t
}

// manyNumbers is from how many numbers on a table is built in parts.
const manyNumbers = 100_000

// inParts runs f for every part at once.
func inParts(parts int, f func(part int)) {
	var wg sync.WaitGroup
	for p := 1; p < parts; p++ {
		wg.Go(func() { f(p) })
	}
	f(0)
	wg.Wait()
}

// share gives the numbers below n that are a part's.
func share(n, part, parts int) (from, to uint32) {
	return uint32(n * part / parts), uint32(n * (part + 1) / parts)
}

// sound says whether a table that was read holds numbers below limit only.
func (t *bucketTable) sound(limit uint32) bool {
	if t.Shift == 0 || t.Shift >= 32 || t.Bits > 32 || t.Wide < 1 || t.Wide > 4 || len(t.Off) != 1<<(32-t.Shift)+1 || t.Off[0] != 0 ||
		len(t.IDs) != int(t.Off[len(t.Off)-1])*int(t.Wide)+4 {
		return false
	}
	for i := 1; i < len(t.Off); i++ {
		if t.Off[i] < t.Off[i-1] {
			return false
		}
	}
	for i := range t.Off[len(t.Off)-1] {
		if t.tagged(i)&t.mask() >= limit {
			return false
		}
	}
	return true
}
