package align

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Body is whose roll calls are counted.
type Body string

const (
	Council  Body = "SC"
	Assembly Body = "GA"
)

// ParseBody reads a body; the empty text is both.
func ParseBody(s string) (Body, error) {
	switch strings.ToUpper(strings.TrimSpace(s)) {
	case "":
		return "", nil
	case "SC", "COUNCIL", "S":
		return Council, nil
	case "GA", "ASSEMBLY", "A":
		return Assembly, nil
	}
	return "", fmt.Errorf("%w: body %q: want SC (the Council) or GA (the Assembly)", record.ErrInvalid, s)
}

// Call is one roll call.
type Call struct {
	ID     symbol.Symbol // of the resolution, or of the draft that became none
	Alias  symbol.Symbol // the draft's own symbol, where ID is the resolution's
	Part   string        // what was put, where that is not the whole text: amendment, paragraph, …
	Body   Body
	On     date.Day
	Year   int // of the Assembly: in which its regular session opened; else of the day
	Title  string
	Topics []string // regimes, issue words
	// Consensus: taken without a vote. Nobody has a position, unless a filter counts
	// such items as a yes of everybody seated.
	Consensus bool
	Casts     []Cast
	// Tally counts yes, abstain and no where the roll call may not hold all of them;
	// nil: not known.
	Tally  *[3]int
	Unsure []country.Code // whose ballot no source was read for
	Source string         // where the roll call was read
}

// counts are the positions taken; false where ballots are missing and the tally
// is not known either.
func (c *Call) counts() ([3]int, bool) {
	var n [3]int
	whole := true
	for _, k := range c.Casts {
		m := markOf(k.Ballot)
		if m <= no {
			n[m]++
		}
		whole = whole && m != unrecorded
	}
	if !whole {
		if c.Tally == nil {
			return n, false
		}
		return *c.Tally, true
	}
	return n, true
}

// Known reports whether any ballot of the roll call is recorded.
func (c *Call) Known() bool {
	return slices.ContainsFunc(c.Casts, func(k Cast) bool { return k.Ballot != council.Unrecorded })
}

// Whole reports whether every ballot is recorded.
func (c *Call) Whole() bool {
	return len(c.Casts) > 0 && !slices.ContainsFunc(c.Casts, func(k Cast) bool { return k.Ballot == council.Unrecorded })
}

// Cast is one state's ballot; Unrecorded where it had a seat and no source names
// its ballot.
type Cast struct {
	State  country.Code
	Ballot council.Ballot
}

// The marks a state can have in a roll call. The first three are positions.
const (
	yes = iota
	abstain
	no
	absent
	aside      // not participating
	obliged    // abstaining as Article 27(3) obliges: no choice, so no position
	unrecorded // seated or a member, and no source names the ballot
	marks
)

func markOf(b council.Ballot) int {
	switch b {
	case council.Yes:
		return yes
	case council.Abstain:
		return abstain
	case council.No:
		return no
	case council.Absent:
		return absent
	case council.NotParticipating:
		return aside
	case council.ObligatoryAbstain:
		return obliged
	}
	return unrecorded
}

// Position is a ballot that says something: yes, abstain or no.
func Position(b council.Ballot) bool { return markOf(b) <= no }

// Votes are roll calls as bit sets. Nothing in it changes.
type Votes struct {
	calls  []Call // the Council's first, each body by day
	states []country.Code
	index  map[country.Code]int
	byID   map[symbol.Symbol][]int
	first  map[Body]int // where a body's calls begin
	words  int
	bits   [][marks][]uint64 // of each state
	met    Set               // calls with a position by anybody
	agreed Set               // calls without a vote
	topics []string          // lower-case text of each call
}

// Set is some of the roll calls, one bit each.
type Set []uint64

// Has reports whether the i-th call is in the set.
func (s Set) Has(i int) bool { return s[i>>6]>>(i&63)&1 == 1 }

func (s Set) add(i int) { s[i>>6] |= 1 << (i & 63) }

// Len is the number of calls in the set.
func (s Set) Len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// span is the range of words that are not empty.
func (s Set) span() (from, to int) {
	for to = len(s); to > 0 && s[to-1] == 0; {
		to--
	}
	for from < to && s[from] == 0 {
		from++
	}
	return from, to
}

// Seat is the state whose line of votes a code stands in: the Russian Federation
// continues the membership of the Soviet Union (its letter of 24 December 1991),
// so their votes are one line. No other predecessor is joined to a successor.
func Seat(c country.Code) country.Code {
	if c == "SUN" {
		return "RUS"
	}
	return c
}

// Fold makes bit sets of roll calls.
func Fold(calls []Call) *Votes {
	v := &Votes{calls: slices.Clone(calls), index: map[country.Code]int{}, byID: map[symbol.Symbol][]int{}, first: map[Body]int{}}
	slices.SortStableFunc(v.calls, func(a, b Call) int {
		if c := strings.Compare(string(b.Body), string(a.Body)); c != 0 {
			return c // SC before GA
		}
		return a.On.Compare(b.On)
	})
	v.words = (len(v.calls) + 63) / 64
	v.met, v.agreed = make(Set, v.words), make(Set, v.words)
	for _, c := range v.calls {
		for _, k := range c.Casts {
			if s := Seat(k.State); v.index[s] == 0 {
				v.states = append(v.states, s)
				v.index[s] = len(v.states) // one more, so that 0 is none
			}
		}
	}
	slices.Sort(v.states)
	v.bits = make([][marks][]uint64, len(v.states))
	backing := make([]uint64, len(v.states)*marks*v.words)
	for i, s := range v.states {
		v.index[s] = i
		for m := range marks {
			v.bits[i][m], backing = backing[:v.words:v.words], backing[v.words:]
		}
	}
	v.topics = make([]string, len(v.calls))
	for i, c := range v.calls {
		if _, ok := v.first[c.Body]; !ok {
			v.first[c.Body] = i
		}
		v.byID[c.ID] = append(v.byID[c.ID], i)
		if c.Alias != "" && c.Alias != c.ID {
			v.byID[c.Alias] = append(v.byID[c.Alias], i)
		}
		v.topics[i] = strings.ToLower(string(c.ID) + "\n" + c.Title + "\n" + strings.Join(c.Topics, "\n"))
		if c.Consensus {
			Set(v.agreed).add(i)
		}
		for _, k := range c.Casts {
			m := markOf(k.Ballot)
			Set(v.bits[v.index[Seat(k.State)]][m]).add(i)
			if m <= no {
				v.met.add(i)
			}
		}
	}
	return v
}

// Len is the number of roll calls.
func (v *Votes) Len() int { return len(v.calls) }

// Call is the i-th roll call.
func (v *Votes) Call(i int) *Call { return &v.calls[i] }

// States are all who stand in a roll call, by code.
func (v *Votes) States() []country.Code { return v.states }

// Ballot is a state's ballot in the i-th call, and whether it stands in it.
func (v *Votes) Ballot(c country.Code, i int) (council.Ballot, bool) {
	at, ok := v.index[Seat(c)]
	if !ok {
		return "", false
	}
	for m := range marks {
		if Set(v.bits[at][m]).Has(i) {
			return ballots[m], true
		}
	}
	return "", false
}

var ballots = [marks]council.Ballot{council.Yes, council.Abstain, council.No, council.Absent, council.NotParticipating, council.ObligatoryAbstain, council.Unrecorded}

// Filter says which roll calls count. Zero fields do not narrow.
type Filter struct {
	Body     Body
	From, To date.Day
	Topic    string          // in the symbol, the title or a topic
	IDs      []symbol.Symbol // exactly these
	// Consensus counts what was adopted without a vote as a yes of all who sat.
	Consensus bool
}

// Year are a body's roll calls of one year: of the Assembly, the session that
// opened in it.
func (v *Votes) Year(b Body, year int) Set {
	out := make(Set, v.words)
	for i := range v.calls {
		if c := &v.calls[i]; c.Body == b && c.Year == year {
			out.add(i)
		}
	}
	return out
}

// Select finds the roll calls of a filter. A symbol that has none is an error
// that says whether the vote is there without its ballots.
func (v *Votes) Select(f Filter) (Set, error) {
	out := make(Set, v.words)
	if len(f.IDs) > 0 {
		for _, id := range f.IDs {
			at := v.byID[id]
			if len(at) == 0 {
				return nil, fmt.Errorf("%w: %s: no roll call of it is held", record.ErrNotFound, id)
			}
			for _, i := range at {
				if f.takes(v, i) {
					out.add(i)
				}
			}
		}
		return out, nil
	}
	for _, b := range []Body{Council, Assembly} {
		first, ok := v.first[b]
		if !ok || f.Body != "" && f.Body != b {
			continue
		}
		last := len(v.calls)
		if b == Council {
			if at, ok := v.first[Assembly]; ok {
				last = at
			}
		}
		calls := v.calls[first:last]
		from, to := 0, len(calls)
		if !f.From.IsZero() {
			from, _ = slices.BinarySearchFunc(calls, f.From, func(c Call, d date.Day) int { return c.On.Compare(d) })
		}
		if !f.To.IsZero() {
			to, _ = slices.BinarySearchFunc(calls, f.To.AddDays(1), func(c Call, d date.Day) int { return c.On.Compare(d) })
		}
		for i := from; i < to; i++ {
			if f.takes(v, first+i) {
				out.add(first + i)
			}
		}
	}
	return out, nil
}

func (f Filter) takes(v *Votes, i int) bool {
	c := &v.calls[i]
	return (f.Body == "" || c.Body == f.Body) && c.On.Within(f.From, f.To) &&
		(f.Topic == "" || strings.Contains(v.topics[i], strings.ToLower(f.Topic)))
}

// Each visits the calls of the set in order.
func (v *Votes) Each(set Set, visit func(i int, c *Call)) {
	for w, word := range set {
		for ; word != 0; word &= word - 1 {
			i := w<<6 + bits.TrailingZeros64(word)
			visit(i, &v.calls[i])
		}
	}
}

var zero date.Day
