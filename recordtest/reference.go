package recordtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"article41/record"
)

// ledger is what a store must amount to: a plain list, with the byte form and
// the chain written out a second time, apart from package record, so that a
// change of either is noticed. An old database must verify for ever.
type ledger struct {
	entries []record.Entry
	ranges  []record.Range
	head    record.Head
}

func leaf(e record.Entry) [32]byte {
	b := []byte{0}
	b = append(b, "article41 entry 1\n"...)
	for _, field := range []string{string(e.Kind), string(e.Fact), string(e.Source), e.Known.String(), string(e.Body)} {
		b = binary.AppendUvarint(b, uint64(len(field)))
		b = append(b, field...)
	}
	return sha256.Sum256(b)
}

func running(entries []record.Entry) (d [32]byte) {
	for _, e := range entries {
		l := leaf(e)
		d = sha256.Sum256(append(append([]byte{2}, d[:]...), l[:]...))
	}
	return d
}

// add is the range that publishing the entries makes.
func (l *ledger) add(b record.Batch, entries []record.Entry) record.Range {
	at := time.UnixMilli(b.Recorded.UnixMilli()).UTC()
	r := record.Range{
		First:    l.head.Position + 1,
		Count:    uint64(len(entries)),
		Running:  running(entries),
		Head:     l.head.Digest,
		Recorded: at,
	}
	if len(entries) == 0 {
		return r
	}
	for _, e := range entries {
		l.head.Position++
		e.Position, e.Recorded, e.Public = l.head.Position, at, 0
		if e.Kind != record.KindSealed {
			l.head.Public++
			r.Public++
			e.Public = l.head.Public
		}
		l.entries = append(l.entries, e)
	}
	link := append([]byte{3}, l.head.Digest[:]...)
	link = binary.BigEndian.AppendUint64(link, uint64(r.First))
	link = binary.BigEndian.AppendUint64(link, r.Count)
	link = binary.BigEndian.AppendUint64(link, uint64(at.UnixMilli()))
	link = append(link, r.Running[:]...)
	r.Head = sha256.Sum256(link)
	l.head.Digest = r.Head
	l.head.Edition = max(l.head.Edition, b.Edition)
	l.ranges = append(l.ranges, r)
	return r
}

// differ says where the entry is not the one that is wanted.
func differ(have, want record.Entry) error {
	switch {
	case have.Position != want.Position:
		return fmt.Errorf("position %d, want %d", have.Position, want.Position)
	case have.Public != want.Public:
		return fmt.Errorf("position %d: public number %d, want %d", have.Position, have.Public, want.Public)
	case !have.Recorded.Equal(want.Recorded) || have.Recorded.Location() != time.UTC:
		return fmt.Errorf("position %d: recorded %v, want %v", have.Position, have.Recorded, want.Recorded)
	case have.Fact != want.Fact || have.Kind != want.Kind || have.Source != want.Source || have.Known != want.Known:
		return fmt.Errorf("position %d: %s %s %s %s, want %s %s %s %s", have.Position,
			have.Kind, have.Fact, have.Source, have.Known, want.Kind, want.Fact, want.Source, want.Known)
	case !bytes.Equal(have.Body, want.Body):
		return fmt.Errorf("position %d: body %q, want %q", have.Position, have.Body, want.Body)
	}
	return nil
}
