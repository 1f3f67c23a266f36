package record

import (
	"fmt"
	"time"
)

// Staging is what a batch has come to so far. Every store rolls it the same way.
type Staging struct {
	Count   uint64
	Public  uint64 // public entries in it
	Running Digest
}

// Add takes one more entry: its number within the batch (from 0), its number
// among the batch's public entries (from 1; 0 for a sealed one) and its digest.
func (s *Staging) Add(e Entry) (number, public uint64, d Digest) {
	number, d = s.Count, e.Digest()
	if !e.IsSealed() {
		s.Public++
		public = s.Public
	}
	s.Count, s.Running = s.Count+1, Roll(s.Running, d)
	return number, public, d
}

// Refuses says why a batch may not be published on this head, or nil. Every batch
// states the edition of the program that writes it: one below the head's is
// refused, zero too, so that an older program cannot append to a newer ledger by
// saying nothing.
func (h Head) Refuses(b Batch) error {
	switch {
	case b.After != nil && *b.After != h.Position:
		return fmt.Errorf("%w: the ledger was read at position %d and has moved to %d", ErrConflict, *b.After, h.Position)
	case b.Edition < h.Edition:
		return fmt.Errorf("%w: it holds edition %d of the record, the batch states %d", ErrNewer, h.Edition, b.Edition)
	}
	return nil
}

// Next is the range that the batch becomes on this head, and the head after it.
// An empty batch changes nothing.
func (h Head) Next(b Batch, s Staging) (Range, Head) {
	r := Range{
		First:    h.Position + 1,
		Count:    s.Count,
		Public:   s.Public,
		Running:  s.Running,
		Head:     h.Digest,
		Recorded: time.UnixMilli(b.Recorded.UnixMilli()).UTC(),
	}
	if r.Count == 0 {
		return r, h
	}
	r.Head = Link(h.Digest, r.First, r.Count, r.Running, r.Recorded)
	return r, Head{Position: r.Last(), Public: h.Public + r.Public, Digest: r.Head, Edition: max(h.Edition, b.Edition)}
}
