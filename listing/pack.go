package listing

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"

	"github.com/klauspost/compress/s2"

	"article41/date"
	"article41/record"
)

// statement is what a version says of an entry, as it is held: where its bytes
// lie, and what of it is asked without reading them.
type statement struct {
	on       date.Day // the version's
	gone     bool
	dropped  bool // it may name a field that could not be read
	block    uint32
	from, to uint32          // in the block
	position record.Position // of the ledger; 0 if it was not read from one
}

// pack keeps the bytes of statements, compressed in blocks: a million entries
// lie in some 200 MB, where they would take gigabytes once decoded. What is
// packed never changes, so a copy shares the blocks that are full.
type pack struct {
	full  [][]byte // compressed
	open  []byte   // the last block, as it grows
	cache *opened
}

// blockBytes is how much is compressed at once: large enough to compress well,
// small enough that one entry is read in some ten microseconds.
const blockBytes = 32 << 10

func newPack() pack { return pack{cache: &opened{blocks: map[*byte][]byte{}}} }

// copy shares the full blocks and the memory of those that were opened.
func (p *pack) copy() pack {
	return pack{full: slices.Clip(p.full), open: bytes.Clone(p.open), cache: p.cache}
}

// add keeps the bytes and says where.
func (p *pack) add(body []byte) (block, from, to uint32) {
	if len(p.open) > 0 && len(p.open)+len(body) > blockBytes {
		p.full = append(p.full, pressed(p.open))
		p.open = nil // not reused: statements read from it may still lie open
	}
	from = uint32(len(p.open))
	p.open = append(p.open, body...)
	return uint32(len(p.full)), from, uint32(len(p.open))
}

// pressed compresses a block into no more room than it takes.
func pressed(b []byte) []byte { return bytes.Clone(s2.EncodeBetter(nil, b)) }

// body gives the bytes back. They must not be changed.
func (p *pack) body(s statement) []byte {
	if int(s.block) == len(p.full) {
		return p.open[s.from:s.to]
	}
	return p.cache.block(p.full[s.block])[s.from:s.to]
}

// listed reads a statement.
func (p *pack) listed(s statement) record.Listed {
	var l record.Listed
	// Add has seen that it is JSON; a field of another type is left as it is.
	_ = json.Unmarshal(p.body(s), &l)
	return l
}

// opened are the blocks read last, decompressed, by where they lie compressed:
// copies share them, and two copies may go on differently.
type opened struct {
	mu     sync.Mutex
	blocks map[*byte][]byte
	order  []*byte
}

// openedKept bounds them, to some two megabytes.
const openedKept = 64

func (o *opened) block(packed []byte) []byte {
	key := &packed[0]
	o.mu.Lock()
	b, ok := o.blocks[key]
	o.mu.Unlock()
	if ok {
		return b
	}
	b, err := s2.Decode(nil, packed)
	if err != nil {
		panic("listing: a block that was whole when it was packed cannot be opened: " + err.Error())
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, ok := o.blocks[key]; !ok {
		if len(o.order) == openedKept {
			delete(o.blocks, o.order[0])
			o.order = append(o.order[:0], o.order[1:]...)
		}
		o.blocks[key], o.order = b, append(o.order, key)
	}
	return b
}
