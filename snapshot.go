package article41

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/screen"
)

// A start need not replay the ledger: folds are kept in it as snapshots, by
// position and by the engine that made them, and read back at once. They are
// never the truth: one that is missing, damaged or of another engine is made anew.

// foldEngine names the form of a kept fold. Count it up when the form or what a
// fold takes from an entry changes.
const foldEngine = "article41-fold-1"

// keepAfter is how much is appended before a snapshot is worth making anew.
const keepAfter = 1000

// largestKept bounds the index that is made only to be kept, by entries: a larger
// one is kept when somebody asked for it.
const largestKept = 200_000

// kept are the positions up to which snapshots know the ledger.
type kept struct{ fold, names atomic.Uint64 }

// Keep keeps snapshots of the folds, if the ledger has grown much since the last
// ones. Whoever appended much calls it, and a server that has warmed up.
func (a *Archive) Keep(ctx context.Context) error {
	if a.store == nil {
		return nil
	}
	s := a.now.Load()
	if s.head.Position >= record.Position(a.kept.fold.Load())+keepAfter {
		b, err := a.fold(ctx, s)
		if err == nil {
			err = a.store.KeepSnapshot(ctx, record.Snapshot{Name: "fold", Engine: foldEngine, Position: s.head.Position, Bytes: sum(b)})
		}
		if err != nil {
			return fmt.Errorf("keep a snapshot of the fold: %w", err)
		}
		a.kept.fold.Store(uint64(s.head.Position))
	}
	if !s.names.built.Load() && s.lists.Len() > largestKept {
		return nil
	}
	if s.screens(); s.head.Position >= record.Position(a.kept.names.Load())+keepAfter {
		if err := a.keepNames(ctx, s); err != nil {
			return fmt.Errorf("keep a snapshot of the index of names: %w", err)
		}
	}
	return nil
}

// fold writes the state: the entries that are no list's as they are, which
// statements have the last word, and the histories of the lists.
func (a *Archive) fold(ctx context.Context, s *state) ([]byte, error) {
	var b []byte
	b = append(b, s.head.Digest[:]...)
	var own []byte
	n := uint64(0)
	for _, r := range s.own {
		err := a.store.Scan(ctx, r.first, r.last, func(e record.Entry) error {
			if e.IsSealed() {
				return nil
			}
			n++
			own = binary.AppendUvarint(own, uint64(e.Position))
			own = binary.AppendUvarint(own, e.Public)
			own = binary.AppendVarint(own, e.Recorded.UnixMilli())
			for _, f := range []string{string(e.Fact), string(e.Kind), string(e.Source), e.Known.String(), string(e.Body)} {
				own = binary.AppendUvarint(own, uint64(len(f)))
				own = append(own, f...)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	b = append(binary.AppendUvarint(b, n), own...)
	for _, m := range []map[record.FactID]record.Digest{s.digests, s.laid} {
		b = binary.AppendUvarint(b, uint64(len(m)))
		for _, id := range slices.Sorted(maps.Keys(m)) {
			b = append(binary.AppendUvarint(b, uint64(len(id))), id...)
			d := m[id]
			b = append(b, d[:]...)
		}
	}
	return s.lists.AppendTo(b)
}

// restore begins from the kept fold that lies nearest before the head, if there
// is one that can be read.
func (a *Archive) restore(ctx context.Context, head record.Head) {
	snap, err := a.store.Snapshot(ctx, "fold", foldEngine, head.Position)
	if err != nil {
		return
	}
	b, ok := unsum(snap.Bytes)
	if !ok {
		return
	}
	s, err := unfold(b)
	if err != nil || snap.Position == head.Position && s.head.Digest != head.Digest {
		return
	}
	s.head.Position = snap.Position
	a.kept.fold.Store(uint64(snap.Position))
	if s.head.Position == head.Position {
		s.head = head
	}
	s.snapshot = func() (*screen.Index, record.Position) { return a.keptNames(snap.Position) }
	a.now.Store(s)
}

var errCutFold = errors.New("the snapshot is cut")

func unfold(b []byte) (*state, error) {
	s := newState()
	short := false
	take := func(n uint64) []byte {
		if n > uint64(len(b)) {
			short, b = true, nil
			return nil
		}
		x := b[:n:n]
		b = b[n:]
		return x
	}
	number := func() uint64 {
		n, size := binary.Uvarint(b)
		if size <= 0 {
			short, b = true, nil
			return 0
		}
		b = b[size:]
		return n
	}
	text := func() []byte { return take(number()) }
	digest := func() (d record.Digest) {
		copy(d[:], take(uint64(len(d))))
		return d
	}
	s.head.Digest = digest()
	for n := number(); n > 0 && !short; n-- {
		e := record.Entry{Position: record.Position(number()), Public: number()}
		at, size := binary.Varint(b)
		if size <= 0 {
			return nil, errCutFold
		}
		b = b[size:]
		e.Recorded = time.UnixMilli(at).UTC()
		e.Fact, e.Kind, e.Source = record.FactID(text()), record.Kind(text()), record.SourceID(text())
		known, err := date.ParseDay(string(text()))
		if err != nil {
			return nil, err
		}
		e.Known, e.Body = known, text()
		if err := s.take(e); err != nil {
			return nil, err
		}
	}
	for _, m := range []map[record.FactID]record.Digest{s.digests, s.laid} {
		for n := number(); n > 0 && !short; n-- {
			id := record.FactID(text())
			m[id] = digest()
		}
	}
	if short {
		return nil, errCutFold
	}
	h, rest, err := listing.FromBytes(b)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, errCutFold
	}
	s.lists = lists{h}
	return s, nil
}

// sum puts a checksum behind the bytes; unsum takes it off, if it is right.
func sum(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli()))
}

func unsum(b []byte) ([]byte, bool) {
	if len(b) < 4 {
		return nil, false
	}
	body, end := b[:len(b)-4], b[len(b)-4:]
	return body, binary.LittleEndian.Uint32(end) == crc32.Checksum(body, castagnoli())
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }
