package stream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"article41/queue"
	"article41/record"
)

// Handed is how a batch reaches the workers of a queue.
type Handed struct {
	Queue queue.Name
	Store queue.Store // where the answers are read
	Bus   *Bus        // by which the rows are handed in
	// Patience is how long neither a worker nor the database may be heard of before
	// the batch ends, to be resumed (zero: half a minute).
	Patience time.Duration
}

// HandOver is [Batch] by the workers of a queue, however many there are: the rows
// go to them in ranges of 500, and their answers into out, in the order of the rows
// and one a row, also for a row that the queue refuses. A batch that was broken off
// is resumed as one of Batch is: rows that were handed over before are answered
// with what they got, since a queue takes a row in once. For that reason a batch
// wants a queue of its own. Options.Workers is how many ranges are under way
// together (zero: eight, as many rows as the workers have in hand).
func HandOver(ctx context.Context, in io.Reader, out Out, e Earlier, h Handed, o Options) (Stats, error) {
	if o.Workers <= 0 {
		o.Workers = inFlight / group
	}
	if h.Patience <= 0 {
		h.Patience = 30 * time.Second
	}
	return batch(ctx, in, out, e, o, h.answer)
}

// maxHanded is how many bytes of rows go over in one message; a server takes a
// megabyte.
const maxHanded = 512 << 10

// answer hands the rows of a range over and collects their answers.
func (h Handed) answer(ctx context.Context, g *work) {
	var handed []*line
	for i := range g.lines {
		l := &g.lines[i]
		if l.fault == nil {
			handed = append(handed, l)
			continue
		}
		if l.answer, g.err = l.refusal(); g.err != nil {
			return
		}
	}
	if g.err = h.hand(ctx, handed); g.err != nil {
		return
	}
	for _, l := range handed {
		if l.answer == nil {
			if g.err = h.collect(ctx, l); g.err != nil {
				g.err = fmt.Errorf("line %d: %w", l.number, g.err)
				return
			}
		}
	}
}

// refusal is the answer to a line that has a fault.
func (l *line) refusal() ([]byte, error) {
	return Answer{ID: l.row.ID, Line: l.number, Error: l.fault.Error()}.bytes()
}

// hand hands rows in until each is taken in or refused; a refused one is answered.
func (h Handed) hand(ctx context.Context, rows []*line) error {
	heard := time.Now()
	for len(rows) > 0 {
		n, size := 0, 0
		var texts [][]byte
		for n < len(rows) && n < Intake && (n == 0 || size+len(rows[n].text) < maxHanded) {
			text := bytes.TrimSpace(rows[n].text)
			texts, size, n = append(texts, text), size+len(text)+1, n+1
		}
		acks, err := Submit(ctx, h.Bus, h.Queue, texts)
		if err != nil {
			if ctx.Err() != nil || time.Since(heard) > h.Patience {
				return err
			}
			if !pause(ctx, 10*wait) { // a worker is replaced, or a server between
				return context.Cause(ctx)
			}
			continue
		}
		heard = time.Now()
		var left []*line
		for i, a := range acks {
			switch l := rows[i]; a.State {
			case taken, again:
			case refused:
				l.fault = errors.New(a.Error)
				if l.answer, err = l.refusal(); err != nil {
					return err
				}
			default:
				left = append(left, l)
			}
		}
		if len(left) > 0 && !pause(ctx, 10*wait) {
			return context.Cause(ctx)
		}
		rows = append(left, rows[n:]...)
	}
	return nil
}

// collect waits for the answer of one row and reads it.
func (h Handed) collect(ctx context.Context, l *line) error {
	heard := time.Now()
	for {
		a, err := h.Store.Answered(ctx, h.Queue, string(l.row.ID))
		if err == nil {
			return l.answered(a.Body)
		}
		if errors.Is(err, record.ErrNotFound) {
			heard = time.Now() // the database is there; the row waits for a worker
		} else if ctx.Err() != nil || time.Since(heard) > h.Patience {
			return fmt.Errorf("read its answer from queue %s: %w", h.Queue, err)
		}
		if !pause(ctx, wait/2) {
			return context.Cause(ctx)
		}
	}
}

// answered makes a queue's answer the answer of a line: the queue knows no lines.
func (l *line) answered(body []byte) error {
	rest, ours := bytes.CutPrefix(body, []byte(`{"id":`+string(l.row.ID)))
	var a struct {
		Hits  []json.RawMessage `json:"hits"`
		Error string            `json:"error"`
	}
	if err := json.Unmarshal(body, &a); err != nil || !ours {
		return fmt.Errorf("%w: the queue has another row's answer under the id %s", record.ErrInvalid, l.row.ID)
	}
	if a.Error != "" {
		l.fault = errors.New(a.Error)
	}
	l.hit = len(a.Hits) > 0
	own := fmt.Appendf(nil, `{"id":%s,"line":%d`, l.row.ID, l.number)
	if l.repeat > 0 && l.fault == nil {
		own = fmt.Appendf(own, `,"repeats":%d`, l.repeat)
	}
	l.answer = append(own, rest...)
	return nil
}
