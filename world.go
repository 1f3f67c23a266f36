package article41

import (
	"sync"

	"article41/align"
	"article41/council"
	"article41/date"
	"article41/instrument"
	"article41/record"
	"article41/regime"
)

// world is the law and the listings known by a day.
type world struct {
	*regime.World
	council  *council.Council
	regimes  map[record.RegimeID]record.Regime
	listings map[entryKey]record.Listing
	sources  map[string]record.Source
	assembly []record.Assembly
	owned    owned // as the record itself has them
	prefixes map[string]record.RegimeID
	book     *instrument.Book // the law of other authorities
	near     sync.Map         // entryKey → []entryKey: whom ties are looked for among
	known    date.Day

	decidedOnce sync.Once
	decided     []Decision // of each draft of the council, in its order

	callsOnce sync.Once
	calls     *align.Votes

	once    sync.Once
	entries map[record.RegimeID][]regime.Listed
}

type entryKey struct {
	list record.SourceID
	ref  string
}

// worldsKept bounds how many days' worlds a state keeps.
const worldsKept = 32

// world is the fold of the facts known by the day. A later-known fact never
// changes an earlier day's world.
func (s *state) world(known date.Day) *world {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w, ok := s.worlds[known]; ok {
		return w
	}
	w := s.fold(known)
	if len(s.worlds) >= worldsKept {
		clear(s.worlds)
	}
	s.worlds[known] = w
	return w
}

func (s *state) fold(known date.Day) *world {
	w := &world{regimes: map[record.RegimeID]record.Regime{}, listings: map[entryKey]record.Listing{}, sources: map[string]record.Source{},
		prefixes: map[string]record.RegimeID{}, known: known}
	withdrawn := map[record.FactID]bool{}
	latest := func(id record.FactID) (version, bool) {
		vs := s.facts[id]
		for i := len(vs) - 1; i >= 0; i-- {
			if !vs[i].known.After(known) {
				return vs[i], true
			}
		}
		return version{}, false
	}
	for _, id := range s.order {
		if v, ok := latest(id); ok {
			if x, ok := v.body.(*record.Withdrawal); ok {
				withdrawn[x.Fact] = true
			}
		}
	}
	var drafts, votes []council.Draft // the record's own, and imported ones
	var calls, rolls []record.Assembly
	var seats []record.Seat
	chains := map[record.RegimeID]*regime.Chain{}
	chain := func(id record.RegimeID) *regime.Chain {
		if chains[id] == nil {
			chains[id] = &regime.Chain{}
		}
		return chains[id]
	}
	var order []record.RegimeID
	var rules []regime.Rule
	var instruments []record.Instrument
	for _, id := range s.order {
		v, ok := latest(id)
		if !ok || withdrawn[id] {
			continue
		}
		switch b := v.body.(type) {
		case *record.Vote:
			if importedFrom(id) != "" {
				votes = append(votes, council.Draft{Vote: *b, Known: v.known})
				continue
			}
			drafts = append(drafts, council.Draft{Vote: *b, Known: v.known})
		case *record.Seat:
			seats = append(seats, *b)
		case *record.Regime:
			w.regimes[b.ID] = *b
			c := chain(b.ID)
			c.Regime, c.Known = *b, v.known
			order = append(order, b.ID)
			for _, p := range b.Prefixes {
				w.prefixes[p] = b.ID
			}
		case *record.Effects:
			c := chain(b.Regime)
			c.Decisions = append(c.Decisions, regime.Decision{Effects: *b, Known: v.known})
		case *record.Coverage:
			chain(record.RegimeID(b.Chain)).Through = b.Through
		case *record.Rule:
			rules = append(rules, regime.Rule{Rule: *b, Known: v.known})
		case *record.Instrument:
			instruments = append(instruments, *b)
		case *record.Listing:
			w.listings[entryKey{b.List, b.Ref}] = *b
		case *record.Source:
			w.sources[b.ID] = *b
		case *record.Assembly:
			if importedFrom(id) != "" {
				calls = append(calls, *b)
				continue
			}
			if b.RollCall != "" { // a row of a data set; align_votes.go tells which is the same vote
				rolls = append(rolls, *b)
				continue
			}
			w.assembly = append(w.assembly, *b)
		}
	}
	drafts, w.assembly, w.owned = join(drafts, w.assembly, votes, calls)
	w.assembly = append(w.assembly, rolls...)
	w.council = council.Fold(drafts, seats)
	var cs []regime.Chain
	for _, id := range order {
		cs = append(cs, *chains[id])
	}
	w.World = regime.Fold(w.council, cs, rules)
	w.book = instrument.Fold(instruments)
	return w
}
