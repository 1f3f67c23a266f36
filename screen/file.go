package screen

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"unsafe"

	"article41/name"
)

// An index file holds the arrays of one segment as they lie in memory, little
// endian, so that opening it is one read. It belongs to one engine and one
// rarity table; another refuses it, and the index is built anew.
const fileMagic = "a41inde4"

// ErrFile is a file that is no index, or one of another engine.
var ErrFile = errors.New("screen: not an index file of this engine")

// Write saves the index. A delta segment is folded in first.
func (ix *Index) Write(w io.Writer) error {
	if len(ix.segments) > 1 || ix.dead[0].count() > 0 {
		ix = ix.Compact()
	}
	s := ix.segments[0]
	o := &fileWriter{w: bufio.NewWriterSize(w, 1<<20)}
	o.bytes([]byte(fileMagic))
	o.text(Engine)
	o.text(RarityVersion)
	for _, a := range s.arrays() {
		o.numbers(*a)
	}
	for _, t := range s.tables() {
		o.number(uint64(t.Shift))
		o.number(uint64(t.Bits))
		o.number(uint64(t.Wide))
		o.numbers(t.Off)
		o.bytes(t.IDs)
	}
	o.bytes(s.kinds)
	for _, t := range s.texts() {
		o.bytes(unsafe.Slice(unsafe.StringData(*t), len(*t)))
	}
	o.bytes([]byte(fileMagic))
	if o.err == nil {
		o.err = o.w.Flush()
	}
	return o.err
}

// Compact builds one segment of what is live.
func (ix *Index) Compact() *Index {
	var all []Subject
	for i, s := range ix.segments {
		for j := range s.kinds {
			if !ix.dead[i].has(uint32(j)) {
				all = append(all, s.subject(uint32(j)))
			}
		}
	}
	return Build(all)
}

func (s *segment) arrays() []*[]uint32 {
	return []*[]uint32{&s.dict.heads, &s.dict.skelOff, &s.dict.skelTok, &s.rows, &s.postOff, &s.anchorEnd, &s.post, &s.subjOff}
}

func (s *segment) texts() []*string {
	return []*string{&s.dict.letters, &s.dict.sounds, &s.facts, &s.lists}
}

// Open reads an index file.
func Open(path string) (*Index, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	b := make([]byte, st.Size())
	if _, err := io.ReadFull(f, b); err != nil {
		return nil, err
	}
	return Read(b)
}

// Read opens an index from the bytes of its file. The index keeps the bytes:
// they must not be changed after.
func Read(b []byte) (ix *Index, err error) {
	r := &fileReader{b: b, n: len(b)}
	defer func() {
		if x := recover(); x != nil {
			if x != errShort {
				panic(x)
			}
			ix, err = nil, fmt.Errorf("%w: it is cut or damaged", ErrFile)
		}
	}()
	if string(r.bytes()) != fileMagic {
		return nil, ErrFile
	}
	if e, v := r.text(), r.text(); e != Engine || v != RarityVersion {
		return nil, fmt.Errorf("%w: it was written by %s with %s, this is %s with %s", ErrFile, e, v, Engine, RarityVersion)
	}
	s := &segment{}
	for _, a := range s.arrays() {
		*a = r.numbers()
	}
	for _, t := range s.tables() {
		t.Shift, t.Bits, t.Wide = uint32(r.number()), uint32(r.number()), uint32(r.number())
		t.Off, t.IDs = r.numbers(), r.bytes()
	}
	s.kinds = r.bytes()
	for _, t := range s.texts() {
		*t = r.text()
	}
	if string(r.bytes()) != fileMagic || !s.sound() {
		panic(errShort)
	}
	s.memory = newMemory(s.dict.len())
	s.dict.markShapes()
	s.dict.markFolds()
	s.dict.markEnds()
	s.dict.markClasses()
	s.dict.markForeign()
	s.dict.markTimbres()
	return &Index{segments: []*segment{s}, dead: []bitmap{nil}, live: len(s.kinds)}, nil
}

// sound checks that no number of a file points outside its array, so that a
// damaged file is refused and never read beyond.
func (s *segment) sound() bool {
	if !s.dict.inside() || len(s.rows) >= anchorAlone {
		return false
	}
	n, subjects := uint32(s.dict.len()), uint32(len(s.kinds))
	rising := func(off []uint32, count int, end int) bool {
		if len(off) != count+1 || off[0] != 0 || off[count] != uint32(end) {
			return false
		}
		for i := 1; i < len(off); i++ {
			if off[i] < off[i-1] {
				return false
			}
		}
		return true
	}
	below := func(a []uint32, limit uint32) bool {
		for _, x := range a {
			if x >= limit {
				return false
			}
		}
		return true
	}
	begins, words := newBitmap(len(s.rows)), uint32(len(s.rows))
	for r := uint32(0); r < words; s.readings++ {
		if words-r < rowHead+1 || rowLen(s.rows[r+1]) == 0 || rowLen(s.rows[r+1]) > min(name.MaxTokens, words-r-rowHead) ||
			s.rows[r] >= subjects || !below(s.row(r), n) {
			return false
		}
		begins.set(r)
		r += rowHead + rowLen(s.rows[r+1])
	}
	ok := rising(s.postOff, int(n), len(s.post)) && len(s.anchorEnd) == int(n) && rising(s.subjOff, int(subjects), len(s.facts))
	for t := 0; ok && t < int(n); t++ {
		ok = s.postOff[t] <= s.anchorEnd[t] && s.anchorEnd[t] <= s.postOff[t+1]
	}
	for _, r := range s.post {
		ok = ok && begins.has(r&^anchorAlone)
	}
	ok = ok && below(s.dict.skelTok, n)
	skeletons := uint32(len(s.dict.skelOff) / 2)
	ok = ok && rising(s.dict.skelOff, int(2*skeletons), len(s.dict.skelTok))
	for k := uint32(0); ok && k < skeletons; k++ {
		ok = s.dict.skelOff[2*k] < s.dict.skelOff[2*k+2]
		if s.dict.skelOff[2*k+1] < s.dict.skelOff[2*k+2] {
			ok = ok && s.dict.others == k
			s.dict.others = k + 1
		}
	}
	for i, t := range s.tables() {
		ok = ok && t.sound([]uint32{n, n, skeletons, subjects, subjects}[i])
	}
	return ok
}

type fileWriter struct {
	w   *bufio.Writer
	at  int
	err error
}

func (o *fileWriter) put(b []byte) {
	if o.err == nil {
		_, o.err = o.w.Write(b)
		o.at += len(b)
	}
}

func (o *fileWriter) number(v uint64) { o.put(binary.LittleEndian.AppendUint64(nil, v)) }

func (o *fileWriter) bytes(b []byte) {
	o.number(uint64(len(b)))
	o.put(b)
	o.put(make([]byte, (8-len(b)%8)%8))
}

func (o *fileWriter) text(s string) { o.bytes([]byte(s)) }

func (o *fileWriter) numbers(v []uint32) {
	o.number(uint64(len(v)))
	if littleEndian {
		if len(v) > 0 {
			o.put(unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), 4*len(v)))
		}
	} else {
		for _, x := range v {
			o.put(binary.LittleEndian.AppendUint32(nil, x))
		}
	}
	o.put(make([]byte, (8-4*len(v)%8)%8))
}

var littleEndian = func() bool {
	x := uint16(1)
	return *(*byte)(unsafe.Pointer(&x)) == 1
}()

var errShort = errors.New("short")

type fileReader struct {
	b []byte
	n int
}

func (r *fileReader) take(n uint64) []byte {
	pad := n + (8-n%8)%8
	if n > uint64(len(r.b)) || pad > uint64(len(r.b)) {
		panic(errShort)
	}
	x := r.b[:n:n]
	r.b = r.b[pad:]
	return x
}

func (r *fileReader) number() uint64 { return binary.LittleEndian.Uint64(r.take(8)) }
func (r *fileReader) bytes() []byte  { return r.take(r.number()) }

func (r *fileReader) text() string {
	b := r.bytes()
	return unsafe.String(unsafe.SliceData(b), len(b))
}

func (r *fileReader) numbers() []uint32 {
	n := r.number()
	if n > uint64(len(r.b))/4 {
		panic(errShort)
	}
	b := r.take(4 * n)
	if n == 0 {
		return nil
	}
	if littleEndian && uintptr(unsafe.Pointer(&b[0]))%4 == 0 {
		return unsafe.Slice((*uint32)(unsafe.Pointer(&b[0])), n)
	}
	v := make([]uint32, n)
	for i := range v {
		v[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return v
}
