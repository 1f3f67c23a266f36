package screen

import "math/bits"

// bitmap is a set of small numbers; nil is empty.
type bitmap []uint64

func newBitmap(n int) bitmap { return make(bitmap, (n+63)/64) }

func (b bitmap) has(i uint32) bool {
	return int(i>>6) < len(b) && b[i>>6]&(1<<(i&63)) != 0
}

func (b bitmap) set(i uint32) { b[i>>6] |= 1 << (i & 63) }

func (b bitmap) clone(n int) bitmap {
	c := newBitmap(n)
	copy(c, b)
	return c
}

func (b bitmap) count() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return
}

// marks is a bitmap that knows what was set, so that it is cheap to clear.
type marks struct {
	bits bitmap
	set  []uint32
}

// room makes place for the numbers below n.
func (m *marks) room(n int) {
	if len(m.bits)*64 < n {
		m.bits = newBitmap(n + n/8)
	}
}

// add says whether i is new.
func (m *marks) add(i uint32) bool {
	if w, bit := &m.bits[i>>6], uint64(1)<<(i&63); *w&bit == 0 {
		*w |= bit
		m.set = append(m.set, i)
		return true
	}
	return false
}

// drop says whether i was there, and takes it out.
func (m *marks) drop(i uint32) bool {
	w, bit := &m.bits[i>>6], uint64(1)<<(i&63)
	was := *w&bit != 0
	*w &^= bit
	return was
}

func (m *marks) clear() {
	for _, i := range m.set {
		m.bits[i>>6] = 0
	}
	m.set = m.set[:0]
}
