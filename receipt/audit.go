package receipt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"article41/record"
	"article41/shelf"
)

// Audit is what was found when a log was read against the ledger it is of.
type Audit struct {
	Size     int64           `json:"size"`     // leaves
	Position record.Position `json:"position"` // entries of the ledger that are leaves
	Receipts int64           `json:"receipts"`
	Kept     int64           `json:"kept"` // of these, in documents on the shelf, which were compared
	Root     string          `json:"root"`
	Problems []string        `json:"problems,omitempty"` // each with its place, the first ones
	// WrongRows are those of the index of receipts, which [RepairIndex] makes anew.
	WrongRows int `json:"wrong_rows,omitempty"`
}

// mostProblems bounds what an audit lists.
const mostProblems = 10

// auditor walks the ledger beside the leaves of the log.
type auditor struct {
	log   *Log
	ctx   context.Context
	found Audit
	parts []part
	// handovers are the changes of keys among the leaves.
	handovers []part
	tile      []byte // of level 0
	tileNo    int64
}

func (a *auditor) say(format string, args ...any) {
	if len(a.found.Problems) < mostProblems {
		a.found.Problems = append(a.found.Problems, fmt.Sprintf(format, args...))
	}
}

// Check reads a whole ledger and its log once and says where they do not hold
// together: an entry whose bytes are not those that were logged, a leaf or a hash
// that was changed, a receipt that points elsewhere. The ledger's own chain is
// checked in the same pass; what it finds is among the problems.
func Check(ctx context.Context, s shelf.Store, ledger record.Store) (Audit, error) {
	l := &Log{shelf: s}
	a := &auditor{log: l, ctx: ctx, tileNo: -1}
	if err := l.load(ctx); err != nil {
		if !errors.Is(err, record.ErrNotFound) && !errors.Is(err, record.ErrInvalid) {
			return a.found, err
		}
		a.say("the log: %v", err)
		return a.found, nil
	}
	a.found.Size, a.found.Position = l.head.Size, l.head.Position
	if err := a.readParts(); err != nil {
		return a.found, err
	}
	head, err := ledger.Head(ctx)
	if err != nil {
		return a.found, err
	}
	if head.Position < l.head.Position {
		a.say("the ledger ends at position %d; entries up to %d were logged and are gone", head.Position, l.head.Position)
	}
	a.checkSigners()
	entries := slices.DeleteFunc(slices.Clone(a.parts), func(p part) bool { return p.Position == 0 })
	at := 0
	err = record.Verify(ctx, ledger, func(e record.Entry, d record.Digest) error {
		for at < len(entries) && e.Position >= entries[at].Position+record.Position(entries[at].Count) {
			at++
		}
		if at == len(entries) || e.Position < entries[at].Position {
			return nil // not logged yet
		}
		leaf := entries[at].First + int64(e.Position-entries[at].Position)
		kept, err := a.leaf(leaf)
		if err != nil {
			return err
		}
		if kept != entryLeaf(e.Position, d) {
			a.say("position %d (%s): its bytes are not those that were logged as leaf %d", e.Position, e.Fact, leaf)
		}
		return nil
	})
	if err != nil {
		if ctx.Err() != nil {
			return a.found, err
		}
		a.say("the ledger: %v", err)
	}
	if err := a.checkIndex(); err != nil {
		return a.found, err
	}
	return a.found, a.checkTree()
}

// readParts checks that the stretches cover every leaf once.
func (a *auditor) readParts() error {
	next := int64(0)
	err := parts(a.log.shelf).Each(a.ctx, func(id shelf.ID, _ int64, p part) error {
		if p.First != next || p.Count <= 0 {
			a.say("leaf %d: the next stretch begins at leaf %d with %d leaves", next, p.First, p.Count)
		}
		next = p.First + p.Count
		if p.Handover != "" {
			if err := a.checkHandover(p); err != nil {
				return err
			}
		} else if p.Position == 0 {
			a.found.Receipts += p.Count
			if err := a.checkReceipts(p); err != nil {
				return err
			}
			if p.Kept != nil {
				a.found.Kept++
				if err := a.checkKept(p); err != nil {
					return err
				}
			}
			p.Commitments = nil
		}
		a.parts = append(a.parts, p)
		return nil
	})
	if next != a.found.Size {
		a.say("the stretches hold %d leaves, the log's head says %d", next, a.found.Size)
	}
	return err
}

// leaf is the hash kept for a leaf; the zero hash if its tile is not there.
func (a *auditor) leaf(n int64) (tlog.Hash, error) {
	var h tlog.Hash
	if no := n / tileWidth; no != a.tileNo {
		b, err := a.body(tileID{0, no})
		if err != nil {
			return h, err
		}
		a.tile, a.tileNo = b, no
	}
	if at := int(n%tileWidth) * tlog.HashSize; at+tlog.HashSize <= len(a.tile) {
		copy(h[:], a.tile[at:])
	}
	return h, nil
}

// body is a tile's bytes; nothing, and a problem, if it is gone.
func (a *auditor) body(t tileID) ([]byte, error) {
	it, err := a.log.shelf.Item(a.ctx, tileKind, t.id())
	if errors.Is(err, record.ErrNotFound) {
		a.say("tile %s of the log is gone", t.id())
		return nil, nil
	}
	return it.Body, err
}

// checkReceipts compares each receipt of a stretch with its leaf.
func (a *auditor) checkReceipts(p part) error {
	if int64(len(p.Commitments)) != p.Count*int64(len(record.Digest{})) {
		a.say("leaves %d to %d: %d bytes of receipts for %d leaves", p.First, p.First+p.Count-1, len(p.Commitments), p.Count)
	}
	return p.each(func(c record.Digest, leaf int64) error {
		kept, err := a.leaf(leaf)
		if err == nil && kept != p.leaf(c) {
			a.say("receipt %s: leaf %d is not its leaf", c, leaf)
		}
		return err
	})
}

// checkHandover compares a change of keys with its leaf.
func (a *auditor) checkHandover(p part) error {
	kept, err := a.leaf(p.First)
	if err == nil && (p.Count != 1 || kept != handoverLeaf(p.Handover)) {
		a.say("leaf %d is not that of the change of keys kept for it", p.First)
	}
	a.handovers = append(a.handovers, p)
	return err
}

// checkSigners compares the keys with the changes of keys that were logged.
func (a *auditor) checkSigners() {
	by := a.log.signers
	for i, s := range by {
		switch {
		case i == 0 && (s.Handover != "" || s.First != 0):
			a.say("the first signing key %s is not the first", s.Key)
		case i > 0 && (i > len(a.handovers) || a.handovers[i-1].Handover != s.Handover || a.handovers[i-1].First != s.First || by[i-1].End == nil || *by[i-1].End != s.First):
			a.say("the signing key %s from leaf %d: the log holds no such change of keys", s.Key, s.First)
		case i > 0 && !strings.HasPrefix(s.Handover, handoverTitle+"\n"+by[i-1].Key+"\n"+s.Key+"\n"+strconv.FormatInt(s.First, 10)+"\n"):
			a.say("the signing key %s from leaf %d: the change of keys names others", s.Key, s.First)
		}
	}
	if n := max(0, len(by)-1); len(a.handovers) > n {
		a.say("leaf %d: a change of keys of which the list of signing keys says nothing", a.handovers[n].First)
	}
}

// checkTree computes every hash above the leaves again.
func (a *auditor) checkTree() error {
	below := a.found.Size
	for level := 0; below > 0; level++ {
		above := below / tileWidth // full tiles of this level: hashes of the next
		var next []byte
		no := int64(-1)
		for n := range above {
			b, err := a.body(tileID{level, n})
			if err != nil {
				return err
			}
			if len(b) != tileWidth*tlog.HashSize {
				a.say("tile %s of the log has %d bytes, %d are due", tileID{level, n}.id(), len(b), tileWidth*tlog.HashSize)
				continue
			}
			if n/tileWidth != no {
				no = n / tileWidth
				if next, err = a.body(tileID{level + 1, no}); err != nil {
					return err
				}
			}
			root := tileRoot(b)
			if i := int(n%tileWidth) * tlog.HashSize; i+tlog.HashSize > len(next) || !bytes.Equal(next[i:i+tlog.HashSize], root[:]) {
				a.say("leaves %d to %d of the log do not give the hash above them, in tile %s",
					n<<(tileHeight*(level+1)), (n+1)<<(tileHeight*(level+1))-1, tileID{level + 1, no}.id())
			}
		}
		below = above
	}
	if a.found.Size == 0 {
		return nil
	}
	tree, err := a.log.tree(a.ctx, a.found.Size)
	switch {
	case errors.Is(err, record.ErrNotFound), errors.Is(err, record.ErrInvalid):
		a.say("the root cannot be computed: %v", err)
	case err != nil:
		return err
	default:
		if a.found.Root = tree.Hash.String(); a.found.Root != a.log.head.Root {
			a.say("the leaves give the root %s, the log's head says %s", a.found.Root, a.log.head.Root)
		}
	}
	return nil
}
