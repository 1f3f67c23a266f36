package stream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"article41/queue"
)

// sweep answers rows that wait though the bus does not bring them: those that it
// lost, those of a program that died between its commit and its publication, and
// all of them while the bus has no leader. It looks every so often until the
// context ends, and screens from the database what was waiting at two looks
//
//   - if the bus brought this program nothing in between, and nothing is in hand, or
//   - if the bus brought rows only that are much younger.
//
// Where the bus failed, as it does while it has no leader, it looks at once, and
// one look is enough. Another worker may have such a row in hand too: one answer
// counts.
func (l *Line) sweep(ctx context.Context, sift Sift, workers int) {
	last := map[int64]bool{} // waiting at the last look
	for {
		silent, alive := l.await(ctx)
		if !alive {
			return
		}
		oldest, idle := l.oldest.Swap(0), l.hands.Load() == 0
		rows, err := l.waiting(ctx)
		if err != nil {
			l.failed(err)
			continue
		}
		now := map[int64]bool{}
		var left []queue.Row
		for _, r := range rows {
			now[r.Seq] = true
			if (silent || last[r.Seq]) && (oldest == 0 && idle || r.Seq < oldest-inFlight) {
				left = append(left, r)
			}
		}
		last = now
		if err := l.workLeft(ctx, left, sift, workers); err != nil {
			l.failed(err)
		} else if oldest == 0 && len(left) > 0 {
			l.workWithout(ctx, sift, workers)
		}
	}
}

// await waits until it is time for a look, or the bus fails. It says whether the
// bus did, and whether the context still lives.
func (l *Line) await(ctx context.Context) (silent, alive bool) {
	before := l.Bus.silent.Load()
	look := cmp.Or(l.Look, time.Second)
	for waited := time.Duration(0); waited < look && !silent; waited += 5 * wait {
		if !pause(ctx, min(5*wait, look)) {
			return false, false
		}
		silent = l.Bus.silent.Load() != before
	}
	return silent, true
}

// workWithout goes on from the database until the bus brings rows again, or there
// has been nothing to do for a while.
func (l *Line) workWithout(ctx context.Context, sift Sift, workers int) {
	for nothing := 0; nothing < 100 && l.oldest.Load() == 0; {
		rows, err := l.waiting(ctx)
		if err == nil {
			err = l.workLeft(ctx, rows, sift, workers)
		}
		if err != nil {
			l.failed(err)
			return // the next look begins anew
		}
		if len(rows) > 0 {
			nothing = 0
			continue
		}
		nothing++
		if !pause(ctx, 5*wait) {
			return
		}
	}
}

func (l *Line) waiting(ctx context.Context) ([]queue.Row, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	rows, err := l.Store.Waiting(ctx, l.Queue, 0, inFlight)
	if err != nil {
		return nil, fmt.Errorf("look for rows of queue %s that wait: %w", l.Queue, err)
	}
	return rows, nil
}

// workLeft answers one group of the rows, chosen anywhere among them, so that
// several programs without a bus seldom screen the same.
func (l *Line) workLeft(ctx context.Context, rows []queue.Row, sift Sift, workers int) error {
	if len(rows) == 0 {
		return nil
	}
	if more := len(rows) - queue.MaxRows; more > 0 {
		from := rand.IntN(more + 1)
		rows = rows[from : from+queue.MaxRows]
	}
	faults, err := l.settle(ctx, rows, sift, workers)
	return errors.Join(append(faults, err)...)
}

// brought notes a row that came by the bus.
func (l *Line) brought(seq int64) {
	for was := l.oldest.Load(); was == 0 || seq < was; was = l.oldest.Load() {
		if l.oldest.CompareAndSwap(was, seq) {
			return
		}
	}
}
