package listing

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"article41/date"
	"article41/record"
)

// Statement is one fact to append to the ledger.
type Statement struct {
	Fact  record.FactID
	Known date.Day // the version's date: from then on it was published
	Body  record.Body
}

// Import is what bringing in a version of a list appends, and what it changed
// against the held version that comes before it in date.
type Import struct {
	Statements []Statement
	Added      int
	Changed    int
	Removed    int
	Against    date.Day // that version's date; zero: none is held, all are added
	// Again: the same content of the same date is held already; nothing to append.
	Again bool
}

// Changes says what must be appended so that the ledger holds this version too;
// the statement of the version comes first, then those of its entries in order of
// reference. It is [Compare] for a list that lies in memory.
func Changes(held *History, list record.List, entries []record.Listed) (Import, error) {
	var said []Statement
	c, err := Compare(held, list, func(s Statement) error {
		said = append(said, s)
		return nil
	})
	if err != nil {
		return Import{}, err
	}
	if c.Held() {
		return Import{Again: true}, nil
	}
	for _, e := range entries {
		if err := c.Add(e); err != nil {
			return Import{}, err
		}
	}
	in, err := c.Close(list)
	if err != nil || in.Again {
		return in, err
	}
	last := len(said) - 1
	in.Statements = append(in.Statements, said[last])
	said = said[:last]
	slices.SortStableFunc(said, func(a, b Statement) int { return cmp.Compare(a.Body.(record.Listed).Ref, b.Body.(record.Listed).Ref) })
	in.Statements = append(in.Statements, said...)
	return in, nil
}

// Comparison is a version of a list on its way in, entry by entry. What it holds
// does not grow with what the entries say, only with their references.
type Comparison struct {
	held           *History
	chain          *chain
	list           record.List
	yield          func(Statement) error
	earlier, later *record.List
	same           bool // a version of the date is held already
	seen           map[string]struct{}
	in             Import
}

// Compare begins to compare a version with what is held, and hands on what must
// be appended: each entry's statements as it comes, the version's own last. Of
// the list its source, date, origin, digest and whether it is cut to low bytes
// must be known. Only versions of the same origin are looked at: a user's own
// file is kept whole beside the stripped history of the record.
//
// The version is stated as changes against the nearest earlier one. If a later
// one is held, whatever the new version would now change in it is stated again
// for it: an older list brought in after a newer one changes history, never
// what the newer one says. A version of a date that is held already replaces
// it. What damage hid in a version stands as the version before it had it (see
// [Carry]).
func Compare(held *History, list record.List, yield func(Statement) error) (*Comparison, error) {
	if list.Date.IsZero() {
		return nil, fmt.Errorf("%w: list %s: it has no date", record.ErrInvalid, list.List)
	}
	if held == nil {
		held = &History{Source: list.List}
	}
	c := held.chains[list.Origin]
	if c == nil {
		c = &chain{origin: list.Origin}
	}
	x := &Comparison{held: held, chain: c, list: list, yield: yield, seen: map[string]struct{}{}}
	at, same := slices.BinarySearchFunc(c.versions, list.Date, func(v record.List, d date.Day) int { return v.Date.Compare(d) })
	x.same = same
	if at > 0 {
		x.earlier = &c.versions[at-1]
		x.in.Against = x.earlier.Date
	}
	if rest := c.versions[at:]; same && len(rest) > 1 {
		x.later = &rest[1]
	} else if !same && len(rest) > 0 {
		x.later = &rest[0]
	}
	return x, nil
}

// Held reports whether the same bytes of the same date are held already.
func (x *Comparison) Held() bool {
	v, ok := x.version()
	return ok && v.Digest == x.list.Digest && !v.Digest.IsZero()
}

// version is the held version of the same date.
func (x *Comparison) version() (record.List, bool) {
	i := slices.IndexFunc(x.chain.versions, func(v record.List) bool { return v.Date == x.list.Date })
	if i < 0 {
		return record.List{}, false
	}
	return x.chain.versions[i], true
}

// Add takes one entry of the version.
func (x *Comparison) Add(e record.Listed) error {
	if e.Ref == "" {
		return fmt.Errorf("%w: list %s: an entry without a reference", record.ErrInvalid, x.list.List)
	}
	if _, twice := x.seen[e.Ref]; twice {
		return fmt.Errorf("%w: list %s: entry %s stands in it twice", record.ErrInvalid, x.list.List, e.Ref)
	}
	x.seen[e.Ref] = struct{}{}
	e.List, e.Version, e.Gone = x.list.List, x.list.Date, false
	return x.state(e.Ref, &e)
}

// Close ends the version: what it lacks is gone, unless it is cut. The list is
// the same with what is known of it only now.
func (x *Comparison) Close(list record.List) (Import, error) {
	if v, ok := x.version(); ok && (v.Content == list.Content || v.Digest == list.Digest && !v.Digest.IsZero()) {
		return Import{Again: true}, nil
	}
	x.list.Partial = list.Partial
	var rest []string
	for ref := range x.chain.said {
		if _, on := x.seen[ref]; !on {
			rest = append(rest, ref)
		}
	}
	slices.Sort(rest)
	for _, ref := range rest {
		if err := x.state(ref, nil); err != nil {
			return Import{}, err
		}
	}
	return x.in, x.yield(Statement{ListFact(list), list.Date, list})
}

// state hands on what must be stated of one entry; nil if the version lacks it.
func (x *Comparison) state(ref string, now *record.Listed) error {
	said := x.chain.said[ref]
	var was record.Listed
	var before statement
	stood := false
	if x.earlier != nil {
		before, stood = x.chain.at(x.earlier.Date, ref)
	}
	// The bytes are compared first: of a large list most entries are as they were.
	equal := stood && now != nil && !before.dropped && x.held.says(before, *now)
	if stood && !equal {
		was = x.held.pack.listed(before)
	}
	var next record.Listed // what this version is to say
	differs := true
	switch {
	case equal:
		next, differs = *now, false
	case now != nil && !stood:
		next = *now
		x.in.Added++
	case now != nil:
		next = *now
		narrowed := x.list.Narrowed || x.chain.narrowed(was.Version)
		if !Same(was, *now, narrowed) {
			x.in.Changed++
			next = Carry(was, *now)
		} else if len(was.Dropped) == 0 || len(now.Dropped) > 0 {
			next, differs = was, false
		} // else: what damage hid in the version before is told here
	case stood && x.list.Partial:
		next, differs = was, false // cut: that it is missing says nothing
	case stood:
		x.in.Removed++
		next = gone(x.list, ref)
	default:
		next, differs = gone(x.list, ref), false
	}
	restate := x.same && statedOn(said, x.list.Date) // the version it replaces said something
	if differs || restate {
		next.Version = x.list.Date
		if err := x.yield(Statement{ListedFact(next, x.list.Origin), x.list.Date, next}); err != nil {
			return err
		}
	}
	// What the later version says rests on the statements before it.
	if x.later == nil || statedOn(said, x.later.Date) || !differs && !restate {
		return nil
	}
	if then, on := x.chain.at(x.later.Date, ref); on {
		l := x.held.pack.listed(then)
		l.Version = x.later.Date
		return x.yield(Statement{ListedFact(l, x.list.Origin), x.later.Date, l})
	}
	if !next.Gone {
		l := gone(*x.later, ref)
		return x.yield(Statement{ListedFact(l, x.list.Origin), x.later.Date, l})
	}
	return nil
}

// says reports whether the statement holds the very bytes of the entry.
func (h *History) says(st statement, e record.Listed) bool {
	e.Version = st.on
	b, err := record.Encode(e)
	return err == nil && bytes.Equal(b, h.pack.body(st))
}

func gone(l record.List, ref string) record.Listed {
	return record.Listed{List: l.List, Ref: ref, Version: l.Date, Gone: true}
}

func statedOn(said []statement, day date.Day) bool {
	return slices.ContainsFunc(said, func(s statement) bool { return s.on == day })
}

// Entry makes the statement an entry of the ledger.
func (s Statement) Entry(source record.SourceID) (record.Entry, error) {
	return record.State(s.Fact, source, s.Known, s.Body)
}

// narrowed reports whether the version of the day was cut to low bytes.
func (c *chain) narrowed(day date.Day) bool {
	return slices.ContainsFunc(c.versions, func(v record.List) bool { return v.Date == day && v.Narrowed })
}
