package door

import (
	"context"
	"errors"
	"time"

	"article41/account"
	"article41/record"
	"article41/shelf"
)

// use is what this server knows of a key's day.
type use struct {
	day  string // UTC
	left int64  // taken from the quota and not used yet
	more int64  // used and not written down yet, of a key without a quota
	last time.Time
}

// share is how much of a quota a server takes at once: so much may lie unused with a
// server that is not asked, until it gives it back.
func share(quota int64) int64 { return max(1, min(quota/100, 1000)) }

// count counts one request of the key, and says how long it has to wait. The quota is
// that of all servers on the shelf together; the rate is this server's own.
func (d *Door) count(ctx context.Context, k account.Key, now time.Time) (time.Duration, error) {
	if wait := d.limits.after(k.ID, now, k.Rate); wait > 0 {
		return wait, nil
	}
	if d.fromShare(k, now, 0) {
		return 0, nil
	}
	got, err := d.Register.Spend(ctx, k.ID, now, day(now), share(k.Quota), k.Quota)
	if err != nil {
		return 0, err
	}
	if got > 0 && d.fromShare(k, now, got) {
		return 0, nil
	}
	return now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now), nil
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// fromShare takes one use from what this server has, after it got more.
func (d *Door) fromShare(k account.Key, now time.Time, got int64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.uses[k.ID]
	if u.day != day(now) {
		u = use{day: day(now)}
	}
	u.left += got
	u.last = now
	switch {
	case k.Quota == 0:
		u.more++
	case u.left > 0:
		u.left--
	default:
		return false
	}
	d.uses[k.ID] = u
	return true
}

// Keep writes down how keys were used since the last call, gives back what of their
// quotas lies unused here, and throws ended sessions away. The program calls it every
// second, and at its end.
func (d *Door) Keep(ctx context.Context) error {
	d.mu.Lock()
	used := d.uses
	d.uses = map[string]use{}
	now := d.Now()
	sweep := now.Sub(d.swept) >= time.Hour
	if sweep {
		d.swept = now
	}
	d.mu.Unlock()
	var failed error
	for id, u := range used {
		if u.left == 0 && u.more == 0 {
			continue
		}
		if _, err := d.Register.Spend(ctx, id, u.last, u.day, u.more-u.left, 0); err != nil {
			failed = errors.Join(failed, err)
			d.mu.Lock()
			if again := d.uses[id]; again.day == "" || again.day == u.day {
				again.day, again.left, again.more = u.day, again.left+u.left, again.more+u.more
				d.uses[id] = again
			}
			d.mu.Unlock()
		}
	}
	if sweep {
		failed = errors.Join(failed, d.sweep(ctx, now))
	}
	return failed
}

// sweep throws away the sessions that ended.
func (d *Door) sweep(ctx context.Context, now time.Time) error {
	drawer := shelf.Drawer[session]{Store: d.Sessions, Kind: sessionKind}
	var over []shelf.Change
	err := drawer.Each(ctx, func(id shelf.ID, version int64, s session) error {
		if s.over(now) {
			over = append(over, drawer.Remove(id, version))
		}
		return nil
	})
	for _, c := range over {
		if err != nil {
			break
		}
		if _, err = d.Sessions.Write(ctx, c); errors.Is(err, record.ErrConflict) { // another server was first
			err = nil
		}
	}
	return err
}
