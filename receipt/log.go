package receipt

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/mod/sumdb/tlog"

	"article41/record"
	"article41/shelf"
)

// Log is the one append-only log of an installation: a leaf for each entry of the
// ledger, and one for each receipt, which tells nothing but a salted commitment; that
// of a receipt in a document on the shelf holds the document's digest too ([Kept]).
//
// It is a Merkle tree as in RFC 6962, so that a signed head of it ([Checkpoint])
// fixes all that was said before: an inclusion proof shows that a receipt was
// among it, a consistency proof that nothing was taken out since. Its hashes lie
// on the shelf in tiles of 256, so it is in every backup, and any store keeps it.
// Several processes may append: the head's version decides who was first.
type Log struct {
	shelf shelf.Store

	mu      sync.Mutex
	head    logHead
	version int64          // of the head's item; 0: none yet
	edge    map[int][]byte // by level, the tile that is not full
	peaks   []tlog.Hash    // of the whole trees that the leaves make, the largest first
	signers History
	signs   atomic.Pointer[string]  // the key of them that signs now; not under mu: who signs waits for no write
	open    part                    // the stretch that the next receipts join, if head.Open
	full    map[tileID][]byte       // some full tiles, for proofs
	leaves  map[record.Digest]int64 // of the receipts that the index does not have yet
	known   int64                   // leaves up to here are indexed, or in leaves
}

// logHead is where the log stands.
type logHead struct {
	Size     int64           `json:"size"`
	Root     string          `json:"root"`     // base64, as tlog prints it
	Position record.Position `json:"position"` // of the ledger, up to which its entries are leaves
	// Open is the first leaf of the stretch of receipts that ends the log and that
	// the next ones join; 0: none.
	Open int64 `json:"open,omitempty"`
	// Indexed is the first leaf that the index does not have.
	Indexed int64 `json:"indexed,omitempty"`
}

// part says what a stretch of leaves is.
type part struct {
	First    int64           `json:"first"`
	Count    int64           `json:"count"`
	Position record.Position `json:"position,omitempty"` // of its first entry; 0: receipts
	// Commitments are those of its receipts, 32 bytes each.
	Commitments []byte `json:"commitments,omitempty"`
	// Handover is the note of a change of keys, which is one leaf.
	Handover string `json:"handover,omitempty"`
	// Kept is the document on the shelf that the one receipt of this stretch lies in.
	Kept *Kept `json:"kept,omitempty"`
}

// leaf is the leaf of a receipt of the stretch.
func (p part) leaf(c record.Digest) tlog.Hash { return p.Kept.leaf(c) }

// each calls yield for each receipt's commitment and its leaf.
func (p part) each(yield func(record.Digest, int64) error) error {
	for i := int64(0); int(i+1)*len(record.Digest{}) <= len(p.Commitments); i++ {
		if err := yield(record.Digest(p.Commitments[int(i)*len(record.Digest{}):int(i+1)*len(record.Digest{})]), p.First+i); err != nil {
			return err
		}
	}
	return nil
}

type tileID struct {
	level int
	n     int64
}

const (
	headKind shelf.Kind = "log-head"
	tileKind shelf.Kind = "log-tile"
	partKind shelf.Kind = "log-part"
	headID   shelf.ID   = "head"

	tileHeight = 8
	tileWidth  = 1 << tileHeight
	// chunk is how many of the ledger's entries one write makes leaves: some 80 tiles.
	// Receipts wait for no more than that.
	chunk = 20_000
	// keptTiles bounds the full tiles held in memory: 8 MB.
	keptTiles = 1000
	// mostTogether bounds the receipts of one write; stretch, those that a stretch of
	// receipts has before the next ones begin another.
	mostTogether = 10_000
	stretch      = 256
)

func (t tileID) id() shelf.ID     { return shelf.ID(fmt.Sprintf("%d-%012d", t.level, t.n)) }
func partID(first int64) shelf.ID { return shelf.ID(fmt.Sprintf("%016d", first)) }
func heads(s shelf.Store) shelf.Drawer[logHead] {
	return shelf.Drawer[logHead]{Store: s, Kind: headKind}
}
func parts(s shelf.Store) shelf.Drawer[part] { return shelf.Drawer[part]{Store: s, Kind: partKind} }

// OpenLog opens the log on a shelf, or begins one.
func OpenLog(ctx context.Context, s shelf.Store) (*Log, error) {
	l := &Log{shelf: s}
	if err := l.load(ctx); err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return l, nil
}

// load reads the head and the tiles that are not full; l.mu is held or l is new.
func (l *Log) load(ctx context.Context) error {
	head, version, err := heads(l.shelf).Read(ctx, headID)
	if errors.Is(err, record.ErrNotFound) {
		head, version, err = logHead{}, 0, nil
	}
	if err != nil {
		return err
	}
	edge := map[int][]byte{}
	for level, n := 0, head.Size; n > 0; level, n = level+1, n>>tileHeight {
		width := n % tileWidth
		if width == 0 {
			continue
		}
		t := tileID{level, n / tileWidth}
		it, err := l.shelf.Item(ctx, tileKind, t.id())
		if err != nil {
			return fmt.Errorf("tile %s: %w", t.id(), err)
		}
		if int64(len(it.Body)) < width*tlog.HashSize {
			return fmt.Errorf("%w: tile %s has %d bytes, %d are due", record.ErrInvalid, t.id(), len(it.Body), width*tlog.HashSize)
		}
		edge[level] = it.Body[:width*tlog.HashSize]
	}
	var open part
	if head.Open > 0 {
		if open, _, err = parts(l.shelf).Read(ctx, partID(head.Open)); err != nil {
			return fmt.Errorf("the stretch from leaf %d: %w", head.Open, err)
		}
	}
	var by History
	err = signers(l.shelf).Each(ctx, func(_ shelf.ID, _ int64, s Signer) error { by = append(by, s); return nil })
	if err != nil {
		return err
	}
	if _, again, err := heads(l.shelf).Read(ctx, headID); err == nil && again != version {
		return l.load(ctx) // another process wrote in between
	}
	l.forget(head.Indexed)
	l.head, l.version, l.edge, l.open, l.signers, l.full = head, version, edge, open, by, map[tileID][]byte{}
	now := by.signer()
	l.signs.Store(&now)
	l.peaks, err = l.reader(ctx).ReadHashes(peaksOf(head.Size))
	return err
}

// entryLeaf is the leaf of a ledger's entry, receiptLeaf that of a receipt.
func entryLeaf(p record.Position, d record.Digest) tlog.Hash {
	var b [1 + 8 + len(d)]byte
	b[0] = 'E'
	binary.BigEndian.PutUint64(b[1:], uint64(p))
	copy(b[9:], d[:])
	return tlog.RecordHash(b[:])
}

// grown is what an append adds: the state after it and the changes to write.
type grown struct {
	head    logHead
	edge    map[int][]byte
	peaks   []tlog.Hash
	changes map[tileID][]byte
}

func (l *Log) grow() *grown {
	g := &grown{head: l.head, edge: map[int][]byte{}, peaks: slices.Clone(l.peaks), changes: map[tileID][]byte{}}
	for level, b := range l.edge {
		g.edge[level] = append(make([]byte, 0, tileWidth*tlog.HashSize), b...)
	}
	return g
}

// add appends one leaf: to the tile of its level, and the root of a full tile to
// the level above.
func (g *grown) add(h tlog.Hash) {
	n := g.head.Size
	g.head.Size++
	peak := h
	for i := n; i&1 == 1; i >>= 1 {
		last := len(g.peaks) - 1
		peak, g.peaks = tlog.NodeHash(g.peaks[last], peak), g.peaks[:last]
	}
	g.peaks = append(g.peaks, peak)
	for level := 0; ; level++ {
		b := append(g.edge[level], h[:]...)
		t := tileID{level, n / tileWidth}
		g.changes[t] = b
		if len(b) < tileWidth*tlog.HashSize {
			g.edge[level] = b
			return
		}
		delete(g.edge, level)
		h, n = tileRoot(b), n/tileWidth
	}
}

func tileRoot(b []byte) tlog.Hash {
	hashes := make([]tlog.Hash, len(b)/tlog.HashSize)
	for i := range hashes {
		copy(hashes[i][:], b[i*tlog.HashSize:])
	}
	for len(hashes) > 1 {
		for i := range len(hashes) / 2 {
			hashes[i] = tlog.NodeHash(hashes[2*i], hashes[2*i+1])
		}
		hashes = hashes[:len(hashes)/2]
	}
	return hashes[0]
}

// root is the hash of the whole tree.
func (g *grown) root() tlog.Hash {
	root := tlog.Hash(sha256.Sum256(nil)) // of no leaves
	for i, peak := range slices.Backward(g.peaks) {
		if i == len(g.peaks)-1 {
			root = peak
		} else {
			root = tlog.NodeHash(peak, root)
		}
	}
	return root
}

// peaksOf are where the hashes lie of the whole trees that so many leaves make.
func peaksOf(leaves int64) (at []int64) {
	for level := 62; level >= 0; level-- {
		if n := leaves >> level; n&1 == 1 {
			at = append(at, tlog.StoredHashIndex(level, n-1))
		}
	}
	return at
}

// reader reads hashes from tiles.
func (l *Log) reader(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			t := tlog.TileForIndex(tileHeight, index)
			b, err := l.tile(ctx, tileID{t.L, t.N})
			if err != nil {
				return nil, err
			}
			if len(b) < t.W*tlog.HashSize {
				return nil, fmt.Errorf("%w: tile %s has %d bytes, %d are due", record.ErrInvalid, tileID{t.L, t.N}.id(), len(b), t.W*tlog.HashSize)
			}
			if out[i], err = tlog.HashFromTile(t, b[:t.W*tlog.HashSize], index); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

func (l *Log) tile(ctx context.Context, t tileID) ([]byte, error) {
	if b := l.full[t]; b != nil {
		return b, nil
	}
	it, err := l.shelf.Item(ctx, tileKind, t.id())
	if err != nil {
		return nil, err
	}
	if len(it.Body) == tileWidth*tlog.HashSize {
		if len(l.full) >= keptTiles {
			clear(l.full)
		}
		l.full[t] = it.Body
	}
	return it.Body, nil
}

// write makes g the log's state, with what the caller adds. record.ErrConflict:
// another process was first, and the log was read anew.
func (l *Log) write(ctx context.Context, g *grown, more ...shelf.Change) error {
	g.head.Root = g.root().String()
	changes := append(more, heads(l.shelf).Change(headID, l.version, g.head))
	for t, b := range g.changes {
		changes = append(changes, shelf.Change{Kind: tileKind, ID: t.id(), Version: shelf.Any, Body: b})
	}
	if _, err := l.shelf.Write(ctx, changes...); err != nil {
		if errors.Is(err, record.ErrConflict) {
			return errors.Join(err, l.load(ctx))
		}
		return err
	}
	l.head, l.edge, l.peaks, l.version = g.head, g.edge, g.peaks, l.version+1
	if slices.ContainsFunc(more, func(c shelf.Change) bool { return c.Kind == signerKind }) {
		return l.load(ctx)
	}
	return nil
}

// again does an append until no other process was first.
func again(do func() error) error {
	for tries := 0; ; tries++ {
		if err := do(); !errors.Is(err, record.ErrConflict) || tries > 100 {
			return err
		}
	}
}

// Follow makes leaves of the ledger's entries that are none yet, brings the index
// after the log, and lets receipts in between.
func (l *Log) Follow(ctx context.Context, ledger record.Store) error {
	head, err := ledger.Head(ctx)
	for more := true; err == nil && more; {
		more, err = l.followSome(ctx, ledger, head.Position)
	}
	for more := true; err == nil && more; {
		more, err = l.index(ctx)
	}
	return err
}

func (l *Log) followSome(ctx context.Context, ledger record.Store, end record.Position) (more bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	err = again(func() error {
		if l.head.Position >= end {
			return nil
		}
		from := l.head.Position + 1
		to := min(end, l.head.Position+chunk)
		g := l.grow()
		p := part{First: g.head.Size, Position: from, Count: int64(to - from + 1)}
		err := ledger.Scan(ctx, from, to, func(e record.Entry) error {
			g.add(entryLeaf(e.Position, e.Digest()))
			return nil
		})
		if err != nil {
			return err
		}
		g.head.Position, g.head.Open = to, 0
		if err := l.write(ctx, g, parts(l.shelf).Change(partID(p.First), 0, p)); err != nil {
			return fmt.Errorf("log the ledger's entries %d to %d: %w", from, to, err)
		}
		return nil
	})
	return l.head.Position < end, err
}

// commit makes leaves of the commitments of receipts that the key signed. It returns
// when they are on the shelf, ten thousand in a write. ErrSigner: the key is not, or
// no longer, the one that signs.
func (l *Log) commit(ctx context.Context, by string, commitments []record.Digest) error {
	for some := range slices.Chunk(commitments, mostTogether) {
		if err := l.commitSome(ctx, by, some); err != nil {
			return fmt.Errorf("log %d receipts: %w", len(some), err)
		}
	}
	return nil
}

func (l *Log) commitSome(ctx context.Context, by string, commitments []record.Digest) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return again(func() error {
		if err := fits(l.signers.signer(), by); err != nil {
			return err
		}
		g := l.grow()
		p := part{First: g.head.Size}
		if g.head.Open > 0 && l.open.Count < stretch {
			p = l.open
			p.Commitments = slices.Clone(p.Commitments)
		}
		fresh := part{First: g.head.Size}
		for _, c := range commitments {
			fresh.Commitments = append(fresh.Commitments, c[:]...)
			g.add(fresh.leaf(c))
		}
		p.Count += int64(len(commitments))
		p.Commitments = append(p.Commitments, fresh.Commitments...)
		g.head.Open = p.First
		// The head's version, in the same write, says that nobody else joined it.
		if err := l.write(ctx, g, parts(l.shelf).Change(partID(p.First), shelf.Any, p)); err != nil {
			return err
		}
		l.open = p
		l.remember(fresh)
		return nil
	})
}

// Tree is the log's size and root.
func (l *Log) Tree(ctx context.Context) (tlog.Tree, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tree(ctx, l.head.Size)
}

func (l *Log) tree(ctx context.Context, size int64) (tlog.Tree, error) {
	root, err := tlog.TreeHash(size, l.reader(ctx))
	return tlog.Tree{N: size, Hash: root}, err
}

// Had says whether this is the tree that the log had when it was of that size.
func (l *Log) Had(ctx context.Context, t tlog.Tree) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.N > l.head.Size {
		return false, nil
	}
	here, err := l.tree(ctx, t.N)
	return here == t, err
}

// Refresh reads what other processes appended.
func (l *Log) Refresh(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, version, err := heads(l.shelf).Read(ctx, headID); err == nil && version == l.version {
		return nil
	}
	return l.load(ctx)
}

// inclusion is the path from a receipt's leaf to the root of the log as it stands,
// and the keys that signed up to there.
func (l *Log) inclusion(ctx context.Context, commitment record.Digest) (p Proof, tree tlog.Tree, by History, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p.Leaf, err = l.find(ctx, commitment)
	if err == nil && p.Leaf >= l.head.Size { // another process logged it
		err = l.load(ctx)
	}
	if err == nil {
		p.Kept, err = l.kept(ctx, p.Leaf)
	}
	if err == nil {
		tree, err = l.tree(ctx, l.head.Size)
	}
	if err == nil {
		p.Path, err = tlog.ProveRecord(tree.N, p.Leaf, l.reader(ctx))
	}
	return p, tree, l.signers, err
}

// Consistency proves that the log as it stands is an older one with more behind.
func (l *Log) Consistency(ctx context.Context, older int64) (tree tlog.Tree, path tlog.TreeProof, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if older < 1 || older > l.head.Size {
		return tree, nil, fmt.Errorf("%w: the log has %d leaves", record.ErrInvalid, l.head.Size)
	}
	if tree, err = l.tree(ctx, l.head.Size); err != nil {
		return tree, nil, err
	}
	path, err = tlog.ProveTree(tree.N, older, l.reader(ctx))
	return tree, path, err
}
