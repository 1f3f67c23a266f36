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

// Work screens the rows of the queue until the context ends: it fetches a group,
// screens it, commits the answers, and only then acknowledges the messages. Any
// number of programs may work on one queue.
func (l *Line) Work(ctx context.Context, sift Sift, workers int) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	s, err := l.Bus.rows(ctx, l.Queue)
	if err != nil {
		return err
	}
	c, err := s.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: "workers", AckPolicy: jetstream.AckExplicitPolicy, AckWait: 30 * time.Second,
		MaxAckPending: 8 * queue.MaxRows, MaxDeliver: -1, Replicas: l.Bus.copies,
	})
	if err != nil {
		return fmt.Errorf("work on queue %s: %w", l.Queue, err)
	}
	// Two groups at a time: one is screened while the other is committed.
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			for ctx.Err() == nil {
				if err := l.workGroup(ctx, c, sift, workers); err != nil {
					l.failed(err)
					pause(ctx, 200*time.Millisecond)
				}
			}
		})
	}
	both.Wait()
	return nil
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
	answers := make([]queue.Answer, len(messages))
	faults := make([]error, len(messages))
	var all sync.WaitGroup
	next := make(chan int, len(messages))
	for i := range messages {
		next <- i
	}
	close(next)
	for range workers {
		all.Go(func() {
			for i := range next {
				answers[i], faults[i] = l.answer(ctx, messages[i].Data(), sift)
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
	if _, err := l.Store.Settle(ctx, l.Queue, settle); err != nil {
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

// answer screens one message. A row that cannot be screened, because of what it
// is, is answered with an error; an error of ours is returned and tried again.
func (l *Line) answer(ctx context.Context, data []byte, sift Sift) (a queue.Answer, err error) {
	if len(data) < 8 {
		return a, nil // no message of ours: there is no row 0, so it settles nothing
	}
	a.Seq = int64(binary.BigEndian.Uint64(data))
	text, err := l.Cover.Open(ctx, data[8:])
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

// Sweep hands rows to the workers again that wait though the bus holds nothing:
// those that it lost, and those of a program that died between its commit and
// its publication. It looks every few seconds until the context ends.
func (l *Line) Sweep(ctx context.Context, every time.Duration) error {
	s, err := l.Bus.rows(ctx, l.Queue)
	if err != nil {
		return err
	}
	last := map[int64]bool{} // waiting at the last look
	for attempt := 1; ; attempt++ {
		if !pause(ctx, every) {
			return nil
		}
		now, err := l.sweep(ctx, s, last, attempt)
		if err != nil {
			l.failed(fmt.Errorf("look for lost rows of queue %s: %w", l.Queue, err))
			continue
		}
		last = now
	}
}

func (l *Line) sweep(ctx context.Context, s jetstream.Stream, last map[int64]bool, attempt int) (map[int64]bool, error) {
	now := map[int64]bool{}
	if info, err := s.Info(ctx); err != nil || info.State.Msgs > 0 {
		return now, err
	}
	rows, err := l.Store.Waiting(ctx, l.Queue, 0, 4*queue.MaxRows)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		now[r.Seq] = true
		if last[r.Seq] {
			l.publish(r.Seq, attempt, r.Body)
		}
	}
	return now, nil
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
