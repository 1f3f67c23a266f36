package article41

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"article41/date"
	"article41/listing"
	"article41/record"
)

// Logged is one item of the change log: a public entry of the ledger, in words.
type Logged struct {
	// Cursor is the item's place in the log: 1, 2, 3 … without a gap, for good.
	Cursor   uint64          `json:"cursor"`
	Position record.Position `json:"position"`
	Recorded time.Time       `json:"recorded"` // when the ledger took it in
	Known    date.Day        `json:"known"`    // when its source had published it
	Kind     record.Kind     `json:"kind"`
	Fact     record.FactID   `json:"fact"`
	Source   record.SourceID `json:"source"`
	List     record.SourceID `json:"list,omitempty"`
	Ref      string          `json:"id,omitempty"`
	Caption  string          `json:"caption,omitempty"`
	// Did is listed, amended, delisted or restated for an entry of a list; read for
	// a version of one; checked or failed for a look at one; stated, corrected or
	// withdrawn for a fact of the record.
	Did      string   `json:"did"`
	Fields   []string `json:"fields,omitempty"`
	Sentence string   `json:"sentence"`
}

// Log is a stretch of the change log.
type Log struct {
	Changes []Logged `json:"changes"`
	Next    uint64   `json:"next"` // ask after it for what follows
	Newest  uint64   `json:"newest"`
	More    bool     `json:"more"`
	Basis   Basis    `json:"basis"`
}

// LogFilter narrows a log; cursors stay those of the whole.
type LogFilter struct {
	Kind record.Kind
	List record.SourceID
}

const (
	logDefault = 100
	logMost    = 1000
	// logLook bounds how many items are looked at for one answer of a filtered log.
	logLook = 50_000
)

var errEnough = errors.New("enough")

// Changes answers what came into the ledger after a cursor, in order. Who asks
// again with Next gets what follows: nothing is lost and nothing comes twice, also
// across restarts and whoever wrote. What was published after KnownAt is left out.
func (a *Archive) Changes(ctx context.Context, at record.At, after uint64, limit int, f LogFilter) (Log, error) {
	if limit == 0 {
		limit = logDefault
	}
	if limit < 0 || limit > logMost {
		return Log{}, fmt.Errorf("%w: limit %d: want 1 to %d", record.ErrInvalid, limit, logMost)
	}
	s, err := a.at(ctx, at)
	if err != nil {
		return Log{}, err
	}
	out := Log{Changes: []Logged{}, Next: after, Basis: s.basis()}
	from := record.Position(1)
	public := uint64(0)
	if a.store != nil {
		err = a.store.Ranges(ctx, 0, func(r record.Range) error {
			if r.First > s.head.Position {
				return errEnough
			}
			if public+r.Public <= after {
				from = r.First + record.Position(r.Count)
			}
			public += r.Public
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			return Log{}, fmt.Errorf("changes after %d: %w", after, err)
		}
	} else {
		public = uint64(s.head.Position)
	}
	out.Newest = public
	if after > public {
		return Log{}, fmt.Errorf("%w: cursor %d: the log ends at %d; was another database asked before?", record.ErrNotFound, after, public)
	}
	looked := 0
	take := func(e record.Entry) error {
		if e.Public <= after {
			return nil // sealed ones too: they have no place in the log
		}
		if len(out.Changes) == limit || looked == logLook {
			out.More = true
			return errEnough
		}
		looked++
		out.Next = e.Public
		if !at.KnownAt.IsZero() && e.Known.After(at.KnownAt) || f.Kind != "" && e.Kind != f.Kind {
			return nil
		}
		x, err := s.logged(e)
		if err == nil && (f.List == "" || x.List == f.List) {
			out.Changes = append(out.Changes, x)
		}
		return err
	}
	if a.store != nil {
		if from <= s.head.Position {
			err = a.store.Scan(ctx, from, s.head.Position, take)
		}
	} else {
		for i, e := range a.alone[:s.head.Position] {
			e.Position, e.Public = record.Position(i+1), uint64(i+1)
			if err = take(e); err != nil {
				break
			}
		}
	}
	if err != nil && !errors.Is(err, errEnough) {
		return Log{}, fmt.Errorf("changes after %d: %w", after, err)
	}
	return out, nil
}

// NewestChanges answers the end of the log: the newest items that fit the filter, in
// order. It looks no further back than 50,000 items; Next is where the log ends.
func (a *Archive) NewestChanges(ctx context.Context, at record.At, limit int, f LogFilter) (Log, error) {
	out, err := a.Changes(ctx, at, 0, 1, f)
	if err != nil {
		return Log{}, err
	}
	if limit == 0 {
		limit = logDefault
	}
	newest := out.Newest
	for back := uint64(limit); ; back *= 8 {
		out.Changes, out.Next, out.More = []Logged{}, newest-min(back, newest), true
		for out.More {
			page, err := a.Changes(ctx, at, out.Next, logMost, f)
			if err != nil {
				return Log{}, err
			}
			page.Changes = append(out.Changes, page.Changes...)
			out = page
		}
		if len(out.Changes) >= limit || back >= min(newest, logLook) {
			out.Changes = out.Changes[max(0, len(out.Changes)-limit):]
			return out, nil
		}
	}
}

// logged puts an entry of the ledger in words.
func (s *state) logged(e record.Entry) (Logged, error) {
	x := Logged{Cursor: e.Public, Position: e.Position, Recorded: e.Recorded, Known: e.Known, Kind: e.Kind, Fact: e.Fact, Source: e.Source, Did: "stated"}
	switch e.Kind {
	case record.KindListed:
		x.List, x.Ref = listing.EntryOf(e.Fact)
		t, ok := s.lists.List(x.List).ToldAt(e.Fact, e.Position)
		if !ok { // replaced since: what it says itself
			var l record.Listed
			if err := e.Decode(&l); err != nil {
				return x, err
			}
			t = listing.Telling{Version: l.Version, Did: listing.DidRestate, Caption: listing.Caption(l)}
			if l.Gone {
				t.Did, t.Caption = listing.DidDelist, ""
			}
		}
		x.Did, x.Caption = t.Did, t.Caption
		for _, f := range t.Fields {
			x.Fields = append(x.Fields, f.Name)
		}
		x.Sentence = fmt.Sprintf("%s %s: %s in the version of %s", x.List, strings.TrimSpace(x.Ref+" "+x.Caption), x.Did, t.Version.Text())
		if len(x.Fields) > 0 {
			x.Sentence += " (" + strings.Join(x.Fields, ", ") + ")"
		}
	case record.KindList:
		var l record.List
		if err := e.Decode(&l); err != nil {
			return x, err
		}
		x.List, x.Did = l.List, "read"
		x.Sentence = fmt.Sprintf("%s: the version of %s was read, %d entries", l.List, l.Date.Text(), l.Count)
	case record.KindTry:
		var t record.Try
		if err := e.Decode(&t); err != nil {
			return x, err
		}
		x.List, x.Did, x.Sentence = t.List, "checked", fmt.Sprintf("%s: looked at on %s", t.List, t.On.Text())
		if !t.OK {
			x.Did, x.Sentence = "failed", fmt.Sprintf("%s: the update of %s failed: %s", t.List, t.On.Text(), t.Problem)
		}
	case record.KindWithdrawal:
		var w record.Withdrawal
		if err := e.Decode(&w); err != nil {
			return x, err
		}
		x.Did, x.Sentence = "withdrawn", fmt.Sprintf("%s was withdrawn: %s", w.Fact, w.Reason)
	default:
		if vs := s.facts[e.Fact]; len(vs) > 0 && vs[0].position < e.Position {
			x.Did = "corrected"
		}
		x.Sentence = fmt.Sprintf("%s %s was %s", e.Kind, strings.TrimPrefix(string(e.Fact), string(e.Kind)+"/"), x.Did)
		if e.Kind == record.KindListing {
			var l record.Listing
			if err := e.Decode(&l); err != nil {
				return x, err
			}
			x.List, x.Ref, x.Caption = l.List, l.Ref, l.Name
		}
	}
	return x, nil
}
