package article41

import (
	"context"
	"fmt"
	"strings"
	"time"

	"article41/date"
	"article41/record"
)

// After so many days without a sign that a list is as its publisher has it, an
// answer says that it is stale: since the last successful look at it, or, where
// nobody looks, since its newest version.
const (
	staleChecked   = 7
	staleUnchecked = 30
)

// tries are the attempts to bring lists up to date, each list's by time.
type tries map[record.SourceID][]record.Try

// known are the newest attempt by the day and the newest successful one.
func (t tries) known(list record.SourceID, by date.Day) (last, good record.Try) {
	for _, x := range t[list] {
		if x.On.After(by) {
			continue
		}
		last = x
		if x.OK {
			good = x
		}
	}
	return last, good
}

// Tried keeps in the ledger how an attempt to bring a list up to date ended, so
// that answers can say how fresh the list was, and still say it when they are
// asked for again. What would say the same as the last one of the day is left out.
func (a *Archive) Tried(ctx context.Context, now time.Time, t record.Try) error {
	if a.store == nil {
		return fmt.Errorf("%w: there is no database", record.ErrInvalid)
	}
	t.On = date.DayOf(now)
	t.Problem = strings.ToValidUTF8(t.Problem[:min(len(t.Problem), 500)], "")
	for tries := 0; ; tries++ {
		if err := a.Follow(ctx); err != nil {
			return err
		}
		s := a.now.Load()
		if last, _ := s.tries.known(t.List, t.On); last.On == t.On && last.OK == t.OK && last.Problem == t.Problem {
			return nil
		}
		e, err := record.State(record.FactID("try/"+t.List), t.List, t.On, t)
		if err != nil {
			return err
		}
		b := record.Batch{ID: record.BatchID(fmt.Sprintf("try-%s-%d-%d", t.List, now.UnixNano(), tries)), Edition: a.shipped.Edition.Number, Recorded: now, After: &s.head.Position}
		if _, err = record.Append(ctx, a.store, b, []record.Entry{e}); err == nil {
			return a.Follow(ctx)
		}
		if tries == 8 || !isConflict(err) {
			return fmt.Errorf("note the update of %s: %w", t.List, err)
		}
	}
}

// fresh says of a list how fresh it is.
func (s *state) fresh(u *ListUse, by date.Day) {
	last, good := s.tries.known(u.List, by)
	if !good.On.IsZero() {
		u.Checked = &good.On
	}
	if !last.On.IsZero() && !last.OK {
		u.Failed = fmt.Sprintf("the update of %s failed: %s", last.On.Text(), last.Problem)
	}
	switch {
	case u.Checked != nil:
		if days := by.Sub(*u.Checked); days > staleChecked {
			u.Stale = fmt.Sprintf("not looked at since %s, %d days before", u.Checked.Text(), days)
		}
	case u.Newest != nil:
		if days := by.Sub(*u.Newest); days > staleUnchecked {
			u.Stale = fmt.Sprintf("the newest version held is of %s, %d days before, and nobody looked for a newer one", u.Newest.Text(), days)
		}
	}
}
