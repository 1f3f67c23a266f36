package article41

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"article41/date"
	"article41/monitor"
	"article41/policy"
	"article41/record"
	"article41/screen"
)

// Shipped is the curated record that ships with a program.
type Shipped struct {
	Edition record.Edition
	Entries []record.Entry
}

// Archive answers questions from one ledger. It is safe for concurrent use.
type Archive struct {
	store   record.Store // nil: answers from the shipped record alone
	shipped Shipped
	alone   []record.Entry // without a store: the shipped record and what lies over it
	grow    sync.Mutex     // one Follow at a time
	now     atomic.Pointer[state]
	past    past // earlier positions that questions pinned
	policy  atomic.Pointer[policy.Policy]
	kept    kept // up to where snapshots know the ledger
}

// Open brings the ledger up to the shipped record and folds it. Only facts that
// the ledger does not hold yet, or holds otherwise, are appended. A ledger to
// which a program with a newer record wrote is refused with record.ErrNewer; one
// whose newer record came by a bundle ([Archive.Update]) is not, and answers from
// that. With a nil store the archive answers from the shipped record and can
// neither import nor be updated.
func Open(ctx context.Context, store record.Store, shipped Shipped, now time.Time) (*Archive, error) {
	a := &Archive{store: store, shipped: shipped}
	if store == nil {
		return a, a.foldShipped(nil)
	}
	head, err := store.Head(ctx)
	if err != nil {
		return nil, fmt.Errorf("head of the ledger: %w", err)
	}
	if mine := shipped.Edition.Number; head.Edition > mine { // before an entry is read that this program might misread
		return nil, fmt.Errorf("%w: a program wrote to it that ships edition %d of the record, this one ships edition %d: use a newer article41", record.ErrNewer, head.Edition, mine)
	}
	a.restore(ctx, head)
	if _, err := a.ship(ctx, shipped, nil, now); err != nil {
		return nil, fmt.Errorf("bring the ledger up to the shipped record: %w", err)
	}
	return a, nil
}

// foldShipped folds the shipped record and what lies over it.
func (a *Archive) foldShipped(over []record.Entry) error {
	s := newState()
	a.alone = slices.Concat(a.shipped.Entries, over)
	for i, e := range a.alone {
		e.Position = record.Position(i + 1)
		if err := s.add(e); err != nil {
			return err
		}
		s.head.Position = e.Position
	}
	s.edition, s.head.Edition = a.shipped.Edition, a.shipped.Edition.Number
	a.now.Store(s)
	return nil
}

// ship appends what the record states and the ledger does not, and over it the
// overlay; it answers how many facts those of the record were. The batch carries
// the number of the program's own record, also where the record came by a bundle,
// so that the ledger stays open to every program that could write to it before.
// If another process came between, it looks again.
func (a *Archive) ship(ctx context.Context, next Shipped, over *Shipped, now time.Time) (facts int, err error) {
	for tries := 0; ; tries++ {
		if err := a.Follow(ctx); err != nil {
			return 0, err
		}
		facts, err := a.shipOnce(ctx, next, over, now)
		if err == nil {
			return facts, a.Follow(ctx)
		}
		if tries == 8 || !isConflict(err) {
			return 0, err
		}
	}
}

func (a *Archive) shipOnce(ctx context.Context, next Shipped, over *Shipped, now time.Time) (facts int, err error) {
	s := a.now.Load()
	var add []record.Entry
	if n, held := next.Edition, s.edition; n.Number > held.Number || n.Number == held.Number && n.Digest != held.Digest {
		for _, e := range next.Entries {
			if s.digests[e.Fact] != e.Digest() {
				add = append(add, e)
			}
		}
		facts = len(add)
		mark, err := record.State("edition/"+record.FactID(n.Version), curated, date.DayOf(now), n)
		if err != nil {
			return 0, err
		}
		add = append(add, mark)
	}
	laid, err := a.lay(ctx, s, add, over, now)
	if err != nil {
		return 0, err
	}
	if add = append(add, laid...); len(add) == 0 {
		return 0, nil
	}
	b := record.Batch{ID: record.BatchID(fmt.Sprintf("edition-%d-%d", next.Edition.Number, now.UnixNano())),
		Edition: a.shipped.Edition.Number, Recorded: now, After: &s.head.Position}
	_, err = record.Append(ctx, a.store, b, add)
	return facts, err
}

// Follow reads what was appended since, by this process or another, and swaps
// the new fold in without a pause in answering.
func (a *Archive) Follow(ctx context.Context) error {
	if a.store == nil {
		return nil
	}
	a.grow.Lock()
	defer a.grow.Unlock()
	head, err := a.store.Head(ctx)
	if err != nil {
		return fmt.Errorf("head of the ledger: %w", err)
	}
	old := a.now.Load()
	if old != nil && old.head == head {
		return nil
	}
	if mine := a.shipped.Edition.Number; head.Edition > mine { // a newer program wrote meanwhile
		return fmt.Errorf("%w: a program wrote to it that ships edition %d of the record, this one ships edition %d: it goes on answering from before; use a newer article41", record.ErrNewer, head.Edition, mine)
	}
	next := newState()
	from := record.Position(1)
	if old != nil {
		next, from = old.copy(), old.head.Position+1
	}
	next.head = head
	if head.Position >= from {
		if err := a.store.Scan(ctx, from, head.Position, next.add); err != nil {
			return fmt.Errorf("read the ledger from position %d: %w", from, err)
		}
	}
	next.snapshot = func() (*screen.Index, record.Position) { return a.keptNames(head.Position) }
	if old != nil && old.names.built.Load() {
		next.names.index, next.names.at = old.names.index, old.names.at
		next.screens() // before the swap, so that no question waits for it
	}
	a.now.Store(next)
	return nil
}

// Warm builds what the first question would else wait for.
func (a *Archive) Warm(at record.At) {
	s := a.now.Load()
	s.world(at.KnownAt)
	s.screens()
}

// at is the state a question rests on.
func (a *Archive) at(ctx context.Context, q record.At) (*state, error) {
	s := a.now.Load()
	if q.Position == 0 || q.Position == s.head.Position {
		return s, nil
	}
	if q.Position > s.head.Position {
		return nil, fmt.Errorf("%w: position %d: the ledger ends at %d", record.ErrNotFound, q.Position, s.head.Position)
	}
	a.past.Lock()
	defer a.past.Unlock() // one fold of the past at a time: each costs a ledger's memory
	if p := a.past.find(q.Position); p != nil {
		return p, nil
	}
	p := newState()
	p.snapshot = func() (*screen.Index, record.Position) { return a.keptNames(q.Position) }
	if a.store == nil {
		p.snapshot = nil
		p.edition = a.shipped.Edition
		for i, e := range a.alone[:q.Position] {
			e.Position = record.Position(i + 1)
			if err := p.add(e); err != nil {
				return nil, err
			}
		}
	} else if err := a.store.Scan(ctx, 1, q.Position, p.add); err != nil {
		return nil, fmt.Errorf("read the ledger up to position %d: %w", q.Position, err)
	}
	p.head.Position = q.Position
	a.past.keep(p)
	return p, nil
}

// past are the few earlier positions asked for last.
type past struct {
	sync.Mutex
	states []*state // newest use last
}

// pastKept bounds how many ledgers of the past lie in memory.
const pastKept = 3

func (p *past) find(at record.Position) *state {
	i := slices.IndexFunc(p.states, func(s *state) bool { return s.head.Position == at })
	if i < 0 {
		return nil
	}
	s := p.states[i]
	p.states = append(slices.Delete(p.states, i, i+1), s)
	return s
}

func (p *past) keep(s *state) {
	if len(p.states) == pastKept {
		p.states = slices.Delete(p.states, 0, 1)
	}
	p.states = append(p.states, s)
}

// Basis is what an answer rests on; every answer carries it.
type Basis struct {
	Record   string          `json:"record"`   // version of the curated record
	Edition  uint64          `json:"edition"`  // its number
	Position record.Position `json:"position"` // of the ledger
	// Overlay says what this installation added to the record or corrected in it,
	// if it did: how many facts, and the overlay's digest.
	Overlay string `json:"overlay,omitempty"`
}

// basis names an overlay in the record's version too, so that wherever that is
// shown it cannot be taken for the record as published.
func (s *state) basis() Basis {
	b := Basis{Record: s.edition.Version, Edition: s.edition.Number, Position: s.head.Position}
	if s.overlay.Entries > 0 {
		b.Record, b.Overlay = b.Record+"+overlay", s.overlay.Version
	}
	return b
}

// Basis is what answers rest on now.
func (a *Archive) Basis() Basis { return a.now.Load().basis() }

// version is one statement of a fact.
type version struct {
	position record.Position
	known    date.Day
	body     any
}

// run is a stretch of positions.
type run struct{ first, last record.Position }

// state is one fold of the ledger; nothing in it changes once it is finished.
type state struct {
	head    record.Head
	edition record.Edition
	overlay record.Edition // of this installation; no entries: none
	facts   map[record.FactID][]version
	order   []record.FactID                 // as first stated
	digests map[record.FactID]record.Digest // as the curated record last stated it
	laid    map[record.FactID]record.Digest // where the overlay has the last word
	lists   lists
	tries   tries
	own     []run // where the entries lie that are no list's
	names   names
	book    *monitor.Book
	// snapshot reads a kept index of an earlier position; nil if there is none to
	// be read.
	snapshot func() (*screen.Index, record.Position)

	remembered remembered

	mu     sync.Mutex
	worlds map[date.Day]*world
}

func newState() *state {
	return &state{facts: map[record.FactID][]version{}, digests: map[record.FactID]record.Digest{}, laid: map[record.FactID]record.Digest{}, worlds: map[date.Day]*world{}, tries: tries{},
		book: monitor.NewBook()}
}

func (s *state) copy() *state {
	n := newState()
	n.head, n.edition, n.overlay, n.order, n.lists = s.head, s.edition, s.overlay, slices.Clone(s.order), s.lists.copy()
	n.book = s.book.Share()
	n.laid, n.tries, n.own = maps.Clone(s.laid), maps.Clone(s.tries), slices.Clone(s.own)
	for id, v := range s.facts {
		n.facts[id] = slices.Clip(v)
	}
	for id, d := range s.digests {
		n.digests[id] = d
	}
	return n
}

// add takes one entry of the ledger in.
func (s *state) add(e record.Entry) error {
	s.note(e)
	if e.Kind == record.KindList || e.Kind == record.KindListed {
		return s.lists.Add(e) // read when asked for: there may be millions
	}
	if e.Kind == record.KindWithdrawal {
		if err := s.lists.Add(e); err != nil {
			return err
		}
	}
	return s.take(e)
}

// take takes in an entry that is no list's.
func (s *state) take(e record.Entry) error {
	if n := len(s.own); n > 0 && s.own[n-1].last+1 == e.Position {
		s.own[n-1].last++
	} else {
		s.own = append(s.own, run{e.Position, e.Position})
	}
	if err := s.book.Add(e); err != nil {
		return err
	}
	body, err := decode(e)
	if err != nil {
		return err
	}
	switch b := body.(type) {
	case nil:
		return nil // a kind this program has no use for, such as a sealed entry
	case *record.Try:
		s.tries[b.List] = append(slices.Clip(s.tries[b.List]), *b)
		return nil
	case *record.Edition:
		if e.Source == overlay {
			s.overlay = *b
		} else {
			s.edition = *b
		}
		return nil
	}
	if _, ok := s.facts[e.Fact]; !ok {
		s.order = append(s.order, e.Fact)
	}
	s.facts[e.Fact] = append(s.facts[e.Fact], version{e.Position, e.Known, body})
	return nil
}

func decode(e record.Entry) (any, error) {
	var b any
	switch e.Kind {
	case record.KindVote:
		b = new(record.Vote)
	case record.KindSeat:
		b = new(record.Seat)
	case record.KindRegime:
		b = new(record.Regime)
	case record.KindEffects:
		b = new(record.Effects)
	case record.KindCoverage:
		b = new(record.Coverage)
	case record.KindRule:
		b = new(record.Rule)
	case record.KindListing:
		b = new(record.Listing)
	case record.KindInstrument:
		b = new(record.Instrument)
	case record.KindSource:
		b = new(record.Source)
	case record.KindAssembly:
		b = new(record.Assembly)
	case record.KindEdition:
		b = new(record.Edition)
	case record.KindWithdrawal:
		b = new(record.Withdrawal)
	case record.KindTry:
		b = new(record.Try)
	default:
		return nil, nil
	}
	return b, e.Decode(b)
}

func isConflict(err error) bool { return errors.Is(err, record.ErrConflict) }
