package stream

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"article41/queue"
	"article41/record"

	"github.com/nats-io/nats.go/jetstream"
)

// inFlight is how many rows the workers of a queue may have in hand together.
const inFlight = 8 * queue.MaxRows

// Work screens the rows of the queue until the context ends: it fetches a group,
// screens it, commits the answers, and only then acknowledges the messages. Any
// number of programs may work on one queue. While the bus is out of reach, or has
// no leader, rows are found in the database ([Line.sweep]).
func (l *Line) Work(ctx context.Context, sift Sift, workers int) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var all sync.WaitGroup
	all.Go(func() { l.sweep(ctx, sift, workers) })
	defer all.Wait()
	var c jetstream.Consumer
	for c == nil {
		var err error
		if c, err = l.consumer(ctx); err != nil {
			l.failed(fmt.Errorf("work on queue %s: %w", l.Queue, err))
			if !pause(ctx, time.Second) {
				return
			}
		}
	}
	// Two groups at a time: one is screened while the other is committed.
	for range 2 {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := l.workGroup(ctx, c, sift, workers); err != nil {
					l.Bus.silent.Add(1)
					l.failed(err)
					pause(ctx, 200*time.Millisecond)
				}
			}
		})
	}
}

func (l *Line) consumer(ctx context.Context) (jetstream.Consumer, error) {
	s, err := l.Bus.rows(ctx, l.Queue)
	if err != nil {
		return nil, err
	}
	return s.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: "workers", AckPolicy: jetstream.AckExplicitPolicy, AckWait: 30 * time.Second,
		MaxAckPending: inFlight, MaxDeliver: -1, Replicas: l.Bus.copies,
	})
}

func (l *Line) workGroup(ctx context.Context, c jetstream.Consumer, sift Sift, workers int) error {
	batch, err := c.Fetch(queue.MaxRows, jetstream.FetchMaxWait(wait))
	if err != nil {
		return fmt.Errorf("fetch rows of queue %s: %w", l.Queue, err)
	}
	var messages []jetstream.Msg
	for m := range batch.Messages() {
		messages = append(messages, m)
	}
	if err := batch.Error(); err != nil && len(messages) == 0 && !errors.Is(err, jetstream.ErrNoMessages) {
		return fmt.Errorf("fetch rows of queue %s: %w", l.Queue, err)
	}
	if len(messages) == 0 {
		return nil
	}
	l.hands.Add(1)
	defer l.hands.Add(-1)
	rows := make([]queue.Row, len(messages))
	for i, m := range messages {
		if rows[i] = delivered(m.Data()); rows[i].Seq > 0 {
			l.brought(rows[i].Seq)
		}
	}
	faults, err := l.settle(ctx, rows, sift, workers)
	if err != nil {
		return err // not acknowledged: they come again
	}
	for i, m := range messages {
		if faults[i] != nil {
			l.failed(faults[i])
			err = m.NakWithDelay(time.Second)
		} else {
			err = m.Ack()
		}
		if err != nil {
			l.failed(fmt.Errorf("acknowledge a row: %w", err)) // it comes again and is settled already
		}
	}
	return nil
}

// delivered is the row of a message; of one that is not ours it is row 0, which
// there never is, and which settles nothing.
func delivered(data []byte) queue.Row {
	if len(data) < 8 || data[0] >= 0x80 {
		return queue.Row{}
	}
	return queue.Row{Seq: int64(binary.BigEndian.Uint64(data)), Body: data[8:]}
}

// settle screens rows and commits their answers. It says for each row which error
// of ours left it without one.
func (l *Line) settle(ctx context.Context, rows []queue.Row, sift Sift, workers int) (faults []error, err error) {
	answers := make([]queue.Answer, len(rows))
	faults = make([]error, len(rows))
	var all sync.WaitGroup
	next := make(chan int, len(rows))
	for i := range rows {
		next <- i
	}
	close(next)
	for range workers {
		all.Go(func() {
			for i := range next {
				if rows[i].Seq > 0 {
					answers[i], faults[i] = l.answer(ctx, rows[i], sift)
				}
			}
		})
	}
	all.Wait()
	var settle []queue.Answer
	for i, f := range faults {
		if f == nil {
			settle = append(settle, answers[i])
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		// Tried again here, where the answers are at hand: what is not acknowledged
		// comes again much later.
		if _, err = l.Store.Settle(ctx, l.Queue, settle); err == nil || errors.Is(err, record.ErrInvalid) || !pause(ctx, 5*wait) {
			return faults, err
		}
		l.failed(err)
	}
}

// answer screens one row. A row that cannot be screened, because of what it
// is, is answered with an error; an error of ours is returned and tried again.
func (l *Line) answer(ctx context.Context, row queue.Row, sift Sift) (a queue.Answer, err error) {
	a.Seq = row.Seq
	text, err := l.Cover.Open(ctx, row.Body)
	if err != nil {
		return a, fmt.Errorf("row %d: %w", a.Seq, err)
	}
	r, err := ReadRow(text)
	out := Answer{ID: r.ID}
	if err == nil {
		err = sifted(ctx, r, sift, &out)
	}
	if err != nil {
		if !errors.Is(err, record.ErrInvalid) {
			return a, fmt.Errorf("row %d: %w", a.Seq, err)
		}
		out.Error = err.Error()
	}
	a.Body, err = out.bytes()
	return a, err
}

// sifted screens one row; a panic on it becomes the row's error, so that a
// poisonous row cannot stop the line.
func sifted(ctx context.Context, r Row, sift Sift, out *Answer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: the row could not be screened: the engine failed on it; please report it", record.ErrInvalid)
		}
	}()
	s, err := sift(ctx, r.Query)
	if err == nil {
		out.Sifted = &s
	}
	return err
}

// Relay copies the answers, in their order, from the database to the subject
// article41.QUEUE.answers. A message's sequence is the answer's place, which the
// server is told to expect: several relays cannot repeat or reorder one.
func (l *Line) Relay(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := l.relay(ctx)
		if err != nil {
			l.failed(fmt.Errorf("relay the answers of queue %s: %w", l.Queue, err))
			pause(ctx, time.Second)
		}
		if n == 0 && !pause(ctx, wait) {
			return nil
		}
	}
	return nil
}

func (l *Line) relay(ctx context.Context) (int, error) {
	s, err := l.Bus.answers(ctx, l.Queue, 1)
	if err != nil {
		return 0, err
	}
	info, err := s.Info(ctx)
	if err != nil {
		return 0, err
	}
	sent := info.State.LastSeq
	all, err := l.Store.Answers(ctx, l.Queue, int64(sent), queue.MaxRows)
	if err != nil {
		return 0, err
	}
	var acks []jetstream.PubAckFuture
	for _, a := range all {
		f, err := l.Bus.js.PublishAsync(subject(l.Queue, "answers"), a.Body, jetstream.WithExpectLastSequence(uint64(a.Settled-1)))
		if err != nil {
			return 0, err
		}
		acks = append(acks, f)
	}
	for _, f := range acks {
		select {
		case <-f.Ok():
		case err := <-f.Err():
			var api *jetstream.APIError
			if errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence {
				return len(all), nil // another relay is ahead
			}
			return 0, err
		case <-ctx.Done():
			return 0, nil
		}
	}
	return len(all), nil
}

// pause waits, and says whether the context still lives.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
