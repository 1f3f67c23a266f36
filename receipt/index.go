package receipt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"article41/record"
	"article41/shelf"
)

// The index finds a receipt's leaf by its commitment. Of each block of leaves it has
// a row for each first byte of the commitments in it, sorted, so that a search reads
// one row of some 3 KB for each block and no stretch. It follows the log; the leaves
// behind it are known by heart. It is no evidence: what it says is held against the
// leaf, and an audit makes it anew and compares.

const (
	indexKind shelf.Kind = "log-index"
	// block is how many leaves the rows of one step are of.
	block = 1 << 16
	// mostLeaves is how many leaves a stretch has at most.
	mostLeaves = max(chunk, mostTogether+stretch)
	// rowBytes is an entry of a row: eight bytes of the commitment behind its first,
	// and the leaf's place in the block.
	markBytes, rowBytes = 8, 12
)

func indexID(of byte, first int64) shelf.ID { return shelf.ID(fmt.Sprintf("%02x-%016d", of, first)) }

// stretches calls yield for every stretch that may hold a leaf from first on, until
// it says no.
func stretches(ctx context.Context, s shelf.Store, first int64, yield func(part) (bool, error)) error {
	const page = 100
	after := shelf.ID("")
	if first > mostLeaves {
		after = partID(first - mostLeaves)
	}
	for {
		items, err := s.Items(ctx, partKind, after, page)
		if err != nil {
			return err
		}
		for _, it := range items {
			p, err := parts(s).Value(it)
			if err != nil {
				return err
			}
			if more, err := yield(p); err != nil || !more {
				return err
			}
			after = it.ID
		}
		if len(items) < page {
			return nil
		}
	}
}

// indexOf are the rows of the block that begins at the leaf, by id.
func indexOf(ctx context.Context, s shelf.Store, first int64) (map[shelf.ID][]byte, error) {
	var by [256][][rowBytes]byte
	err := stretches(ctx, s, first, func(p part) (bool, error) {
		err := p.each(func(c record.Digest, leaf int64) error {
			if at := leaf - first; at >= 0 && at < block {
				var e [rowBytes]byte
				copy(e[:], c[1:1+markBytes])
				binary.BigEndian.PutUint32(e[markBytes:], uint32(at))
				by[c[0]] = append(by[c[0]], e)
			}
			return nil
		})
		return p.First < first+block, err
	})
	rows := map[shelf.ID][]byte{}
	for i, entries := range by {
		if len(entries) == 0 {
			continue
		}
		slices.SortFunc(entries, func(a, b [rowBytes]byte) int { return bytes.Compare(a[:], b[:]) })
		row := make([]byte, 0, len(entries)*rowBytes)
		for _, e := range entries {
			row = append(row, e[:]...)
		}
		rows[indexID(byte(i), first)] = row
	}
	return rows, err
}

// index makes the rows of the next block, if it is full. They are made while
// receipts go on, since a full block changes no more, and written in one write.
func (l *Log) index(ctx context.Context) (more bool, err error) {
	l.mu.Lock()
	first, size := l.head.Indexed, l.head.Size
	l.mu.Unlock()
	if size-first < block {
		return false, nil
	}
	rows, err := indexOf(ctx, l.shelf, first)
	if err != nil {
		return false, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	err = again(func() error {
		if l.head.Indexed != first { // another process was first
			return nil
		}
		g := l.grow()
		g.head.Indexed += block
		var changes []shelf.Change
		for _, id := range slices.Sorted(maps.Keys(rows)) {
			changes = append(changes, shelf.Change{Kind: indexKind, ID: id, Version: shelf.Any, Body: rows[id]})
		}
		return l.write(ctx, g, changes...)
	})
	if err != nil {
		return false, fmt.Errorf("index the leaves from %d on: %w", first, err)
	}
	l.forget(l.head.Indexed)
	return true, nil
}

// forget drops the leaves that the index has; l.mu is held.
func (l *Log) forget(indexed int64) {
	maps.DeleteFunc(l.leaves, func(_ record.Digest, leaf int64) bool { return leaf < indexed })
}

// find is the leaf of a receipt; l.mu is held.
func (l *Log) find(ctx context.Context, c record.Digest) (int64, error) {
	if leaf, ok := l.leaves[c]; ok {
		return leaf, nil
	}
	_, version, err := heads(l.shelf).Read(ctx, headID)
	if err == nil && version != l.version { // another process wrote
		err = l.load(ctx)
	}
	if err == nil || errors.Is(err, record.ErrNotFound) { // nothing was ever logged
		err = l.learn(ctx)
	}
	if err != nil {
		return 0, err
	}
	if leaf, ok := l.leaves[c]; ok {
		return leaf, nil
	}
	return l.search(ctx, c)
}

// learn reads the stretches behind the index that are not known by heart yet.
func (l *Log) learn(ctx context.Context) error {
	if l.known >= l.head.Size {
		return nil
	}
	err := stretches(ctx, l.shelf, max(l.known, l.head.Indexed), func(p part) (bool, error) {
		l.remember(p)
		return true, nil
	})
	if err == nil {
		l.known = l.head.Size
	}
	return err
}

// remember keeps the leaves of receipts by heart; l.mu is held.
func (l *Log) remember(p part) {
	if l.leaves == nil {
		l.leaves = map[record.Digest]int64{}
	}
	p.each(func(c record.Digest, leaf int64) error {
		if leaf >= l.head.Indexed {
			l.leaves[c] = leaf
		}
		return nil
	})
	if p.First == l.known {
		l.known += p.Count
	}
}

// search looks a receipt up in the index: one row for each block.
func (l *Log) search(ctx context.Context, c record.Digest) (int64, error) {
	prefix := fmt.Sprintf("%02x-", c[0])
	page := int(min(1000, l.head.Indexed/block))
	for after := shelf.ID(prefix); page > 0; {
		rows, err := l.shelf.Items(ctx, indexKind, after, page)
		if err != nil {
			return 0, err
		}
		for _, row := range rows {
			first, mine := strings.CutPrefix(string(row.ID), prefix)
			if !mine {
				return 0, unknown(c)
			}
			leaf, err := l.searchRow(ctx, row.Body, first, c)
			if !errors.Is(err, record.ErrNotFound) {
				return leaf, err
			}
			after = row.ID
		}
		if len(rows) < page {
			break
		}
	}
	return 0, unknown(c)
}

func unknown(c record.Digest) error { return fmt.Errorf("receipt %s: %w", c, record.ErrNotFound) }

func (l *Log) searchRow(ctx context.Context, row []byte, block string, c record.Digest) (int64, error) {
	var first int64
	if _, err := fmt.Sscanf(block, "%d", &first); err != nil {
		return 0, fmt.Errorf("%w: the row %q of the index of receipts", record.ErrInvalid, block)
	}
	mark := c[1 : 1+markBytes]
	n := len(row) / rowBytes
	at := func(i int) []byte { return row[i*rowBytes : (i+1)*rowBytes] }
	for i := sort.Search(n, func(i int) bool { return bytes.Compare(at(i)[:markBytes], mark) >= 0 }); i < n && bytes.Equal(at(i)[:markBytes], mark); i++ {
		leaf := first + int64(binary.BigEndian.Uint32(at(i)[markBytes:]))
		if is, err := l.isLeaf(ctx, leaf, c); err != nil || is {
			return leaf, err
		}
	}
	return 0, unknown(c)
}

// isLeaf says whether that is the receipt's leaf.
func (l *Log) isLeaf(ctx context.Context, leaf int64, c record.Digest) (bool, error) {
	if leaf >= l.head.Size {
		return false, nil
	}
	kept, err := l.kept(ctx, leaf)
	if err != nil {
		return false, err
	}
	h, err := l.reader(ctx).ReadHashes([]int64{tlog.StoredHashIndex(0, leaf)})
	return err == nil && h[0] == kept.leaf(c), err
}

// wrongRows calls yield for each row of the index up to the leaf that is not what the
// log gives, with what it should be.
func wrongRows(ctx context.Context, s shelf.Store, to int64, yield func(id shelf.ID, first int64, gone bool, row []byte) error) error {
	for first := int64(0); first < to; first += block {
		rows, err := indexOf(ctx, s, first)
		if err != nil {
			return err
		}
		for _, id := range slices.Sorted(maps.Keys(rows)) {
			it, err := s.Item(ctx, indexKind, id)
			gone := errors.Is(err, record.ErrNotFound)
			if err != nil && !gone {
				return err
			}
			if gone || !bytes.Equal(it.Body, rows[id]) {
				if err := yield(id, first, gone, rows[id]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// checkIndex makes the index anew and compares.
func (a *auditor) checkIndex() error {
	to := a.log.head.Indexed
	if to > a.found.Size || to%block != 0 {
		a.say("the index of receipts is said to reach to leaf %d of %d", to, a.found.Size)
		to = a.found.Size / block * block
	}
	return wrongRows(a.ctx, a.log.shelf, to, func(id shelf.ID, first int64, gone bool, _ []byte) error {
		if a.found.WrongRows++; gone {
			a.say("row %s of the index of receipts is gone", id)
		} else {
			a.say("row %s of the index of receipts is not what the leaves from %d on give", id, first)
		}
		return nil
	})
}

// RepairIndex makes the rows of the index anew that are not what the log gives, and
// answers how many. The log itself is not touched: the index is no evidence.
func RepairIndex(ctx context.Context, s shelf.Store) (rows int, err error) {
	l, err := OpenLog(ctx, s)
	if err != nil {
		return 0, err
	}
	err = wrongRows(ctx, s, min(l.head.Indexed, l.head.Size/block*block), func(id shelf.ID, _ int64, _ bool, row []byte) error {
		rows++
		_, err := s.Write(ctx, shelf.Change{Kind: indexKind, ID: id, Version: shelf.Any, Body: row})
		return err
	})
	if err != nil {
		err = fmt.Errorf("repair the index of receipts: %w", err)
	}
	return rows, err
}
