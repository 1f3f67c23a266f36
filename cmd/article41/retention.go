package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"article41/account"
	"article41/date"
	"article41/door"
	"article41/record"
)

// retention is how serve erases what is due by the schedule.
type retention struct {
	every    time.Duration
	schedule string // a file; empty: the program's own
}

func (r *retention) flags(f *pflag.FlagSet) {
	f.DurationVar(&r.every, "retention-every", 24*time.Hour, "erase this `often` whose time is over by the schedule, as article41 erase --due does, holds apart; 0 leaves it to you")
	f.StringVar(&r.schedule, "retention-schedule", "", "the schedule, a CSV `file` with the columns class and years (default the program's own)")
}

// read reads the schedule; nil where nothing is to be erased by itself.
func (r *retention) read() (account.Schedule, error) {
	if r.every == 0 {
		return nil, nil
	}
	if r.every < time.Minute {
		return nil, errUse{fmt.Errorf("--retention-every %s: want a minute or more, or 0", r.every)}
	}
	return readSchedule(r.schedule)
}

// retain erases what is due at the time, and puts what it did on record.
func (a *app) retain(ctx context.Context, now time.Time, who string, sched account.Schedule) (account.Erased, error) {
	v, err := a.vault(ctx)
	if err != nil {
		return account.Erased{}, err
	}
	done, err := v.EraseDue(ctx, date.DayOf(now), sched)
	if err != nil || len(done.Classes) == 0 {
		return done, err
	}
	var what []string
	for _, class := range slices.Sorted(maps.Keys(done.Classes)) {
		what = append(what, fmt.Sprintf("%s: %d", class, done.Classes[class]))
	}
	return done, a.erased(context.WithoutCancel(ctx), now, who, "due, "+strings.Join(what, ", "))
}

// erased puts an erasure on record: what sort of thing it was, never of whom.
func (a *app) erased(ctx context.Context, now time.Time, who, what string) error {
	s, err := a.shelf()
	if err != nil {
		return err
	}
	return door.Record(ctx, s, door.Deed{At: now.UTC(), Who: who, Method: "ERASE", Path: what, Status: http.StatusOK, Request: rand.Text()[:16]})
}

// retainEvery runs the schedule now and then again and again, by the clock it is
// given. Where no keys are, nothing personal is, and none are made for this.
func (a *app) retainEvery(ctx context.Context, r retention, sched account.Schedule, log *slog.Logger) {
	if sched == nil {
		return
	}
	t := time.NewTicker(r.every)
	defer t.Stop()
	for {
		if a.keysBegun() {
			done, err := a.retain(ctx, a.now(), "serve", sched)
			switch {
			case ctx.Err() != nil, errors.Is(err, record.ErrConflict): // another server was first, or somebody changed a hold: next time
			case err != nil:
				log.Error("what is due could not be erased; next time again", "error", err)
			case len(done.Classes) > 0 || done.Held > 0:
				log.Info("retention", "erased", done.Classes, "held", done.Held)
			}
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// keysBegun says whether there are keys: open, in a database, or in their file.
func (a *app) keysBegun() bool {
	return a.sealing.opened() != nil || strings.Contains(a.sealing.keys, "://") || exists(a.keysName())
}
