package article41

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"article41/date"
	"article41/record"
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
	grow    sync.Mutex // one Follow at a time
	now     atomic.Pointer[state]
	past    sync.Map // record.Position → *state, for questions that pin a position
}

// Open brings the ledger up to the shipped record and folds it. Only facts that
// the ledger does not hold yet, or holds otherwise, are appended. A ledger that
// knows a newer edition is refused with record.ErrNewer. With a nil store the
// archive answers from the shipped record and cannot import.
func Open(ctx context.Context, store record.Store, shipped Shipped, now time.Time) (*Archive, error) {
	a := &Archive{store: store, shipped: shipped}
	if store == nil {
		s := newState()
		for i, e := range shipped.Entries {
			e.Position = record.Position(i + 1)
			if err := s.add(e); err != nil {
				return nil, err
			}
		}
		s.edition = shipped.Edition
		s.head = record.Head{Position: record.Position(len(shipped.Entries)), Edition: shipped.Edition.Number}
		a.now.Store(s)
		return a, nil
	}
	for tries := 0; ; tries++ {
		if err := a.Follow(ctx); err != nil {
			return nil, err
		}
		err := a.ship(ctx, now)
		if err == nil {
			return a, nil
		}
		if tries == 8 || !isConflict(err) { // another process may be at the same
			return nil, fmt.Errorf("bring the ledger up to the shipped record: %w", err)
		}
	}
}

// ship appends what the shipped record states and the ledger does not.
func (a *Archive) ship(ctx context.Context, now time.Time) error {
	s, mine := a.now.Load(), a.shipped.Edition
	switch {
	case s.head.Edition > mine.Number:
		return fmt.Errorf("%w: it holds edition %d of the record, this program ships edition %d: use a newer article41", record.ErrNewer, s.head.Edition, mine.Number)
	case s.head.Edition == mine.Number && s.edition.Digest == mine.Digest:
		return nil
	}
	var add []record.Entry
	for _, e := range a.shipped.Entries {
		if s.digests[e.Fact] != e.Digest() {
			add = append(add, e)
		}
	}
	e, err := record.State("edition/"+record.FactID(mine.Version), "curated", date.DayOf(now), mine)
	if err != nil {
		return err
	}
	b := record.Batch{ID: record.BatchID(fmt.Sprintf("edition-%d-%d", mine.Number, now.UnixNano())), Edition: mine.Number, Recorded: now, After: &s.head.Position}
	if _, err := record.Append(ctx, a.store, b, append(add, e)); err != nil {
		return err
	}
	return a.Follow(ctx)
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
	if old != nil && old.names.built.Load() {
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
	if p, ok := a.past.Load(q.Position); ok {
		return p.(*state), nil
	}
	p := newState()
	if a.store == nil {
		for i, e := range a.shipped.Entries[:q.Position] {
			e.Position = record.Position(i + 1)
			if err := p.add(e); err != nil {
				return nil, err
			}
		}
	} else if err := a.store.Scan(ctx, 1, q.Position, p.add); err != nil {
		return nil, fmt.Errorf("read the ledger up to position %d: %w", q.Position, err)
	}
	p.head.Position = q.Position
	a.past.Store(q.Position, p)
	return p, nil
}

// Basis is what an answer rests on; every answer carries it.
type Basis struct {
	Record   string          `json:"record"`   // version of the curated record
	Edition  uint64          `json:"edition"`  // its number
	Position record.Position `json:"position"` // of the ledger
}

func (s *state) basis() Basis {
	return Basis{s.edition.Version, s.edition.Number, s.head.Position}
}

// Basis is what answers rest on now.
func (a *Archive) Basis() Basis { return a.now.Load().basis() }

// version is one statement of a fact.
type version struct {
	position record.Position
	known    date.Day
	body     any
}

// state is one fold of the ledger; nothing in it changes once it is finished.
type state struct {
	head    record.Head
	edition record.Edition
	facts   map[record.FactID][]version
	order   []record.FactID // as first stated
	digests map[record.FactID]record.Digest
	lists   lists
	names   names

	mu     sync.Mutex
	worlds map[date.Day]*world
}

func newState() *state {
	return &state{facts: map[record.FactID][]version{}, digests: map[record.FactID]record.Digest{}, worlds: map[date.Day]*world{}}
}

func (s *state) copy() *state {
	n := newState()
	n.head, n.edition, n.order, n.lists = s.head, s.edition, slices.Clone(s.order), s.lists.copy()
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
	if e.Source == "curated" {
		s.digests[e.Fact] = e.Digest()
	}
	body, err := decode(e)
	if err != nil {
		return err
	}
	switch b := body.(type) {
	case nil:
		return nil // a kind this program has no use for, such as a sealed entry
	case *record.Edition:
		s.edition = *b
		return nil
	case *record.List, *record.Listed:
		return s.lists.add(e, b)
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
	case record.KindList:
		b = new(record.List)
	case record.KindListed:
		b = new(record.Listed)
	case record.KindSource:
		b = new(record.Source)
	case record.KindAssembly:
		b = new(record.Assembly)
	case record.KindEdition:
		b = new(record.Edition)
	case record.KindWithdrawal:
		b = new(record.Withdrawal)
	default:
		return nil, nil
	}
	return b, e.Decode(b)
}

func isConflict(err error) bool { return errors.Is(err, record.ErrConflict) }
