package screen

import (
	"sync/atomic"

	"article41/name"
)

// A memory holds what some words met in a dictionary, for names are made of few
// words and the same are asked again and again. A word is kept in one place only
// and forgotten when another takes it. What is kept depends on the word and the
// dictionary alone, so a search gives the same with and without it. Any number
// of goroutines may use it.
type memory []atomic.Pointer[remembered]

type remembered struct {
	token name.Token
	met   []meeting
	few   [fewMeetings]meeting // where met lies if it is no more: one allocation, not two
}

const fewMeetings = 8

// meeting is a token of the dictionary that a word meets.
type meeting struct {
	token    uint32
	likeness float32
	how      name.How
}

// A word that meets more is not kept: memory is bounded by the two.
const (
	memoryPlaces   = 1 << 14
	memoryMeetings = 1 << 11
)

// newMemory makes one for a dictionary of n tokens.
func newMemory(n int) memory {
	places := 16
	for places < n/2 && places < memoryPlaces {
		places *= 2
	}
	return make(memory, places)
}

func (m memory) place(t *name.Token) *atomic.Pointer[remembered] {
	return &m[int(hashOf(t.Fold)+uint32(t.Table))&(len(m)-1)]
}

func (m memory) recall(t *name.Token) ([]meeting, bool) {
	r := m.place(t).Load()
	if r == nil || r.token != *t {
		return nil, false
	}
	return r.met, true
}

func (m memory) keep(t *name.Token, met []meeting) {
	if len(met) > memoryMeetings {
		return
	}
	r := &remembered{token: *t}
	r.met = append(r.few[:0], met...)
	m.place(t).Store(r)
}
