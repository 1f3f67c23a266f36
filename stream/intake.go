package stream

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"article41/queue"
	"article41/record"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Cover seals rows while they wait. *account.Vault is one, bound to a subject.
type Cover interface {
	Seal(ctx context.Context, plain []byte) ([]byte, error)
	Open(ctx context.Context, sealed []byte) ([]byte, error)
	// Mark is a keyed digest: it tells whether two rows say the same, and nothing
	// to whoever lacks the key.
	Mark(plain []byte) []byte
}

// Line is one queue with all that works on it.
type Line struct {
	Queue queue.Name
	Store queue.Store
	Bus   *Bus
	Cover Cover
	// Most is how many rows may wait; beyond it, producers are told to come again
	// (zero: 200,000).
	Most int64
	// Look is how often Work looks for rows that the bus does not bring (zero: every
	// second).
	Look time.Duration
	// Failed, if set, is told of errors that are tried again.
	Failed func(error)

	hands  atomic.Int64 // groups that Work has in hand
	oldest atomic.Int64 // place of the oldest row that the bus brought since sweep looked; 0: none
}

// Ack is what a producer is told of one row, after the commit.
type Ack struct {
	ID    ID     `json:"id"`
	State string `json:"state"` // taken, again, refused, busy
	Error string `json:"error,omitempty"`
}

// The states of an Ack.
const (
	taken   = "taken"
	again   = "again"
	refused = "refused"
	busy    = "busy"
)

// Intake is how many rows one request may carry.
const Intake = queue.MaxRows

// Take takes rows in and answers after they are committed. A row that cannot be
// read is refused with its reason and is not kept.
func (l *Line) Take(ctx context.Context, lines [][]byte) ([]Ack, error) {
	if len(lines) > Intake {
		return nil, fmt.Errorf("%w: %d rows in one request, at most %d", record.ErrInvalid, len(lines), Intake)
	}
	acks := make([]Ack, len(lines))
	var rows []queue.Row
	var at []int
	for i, text := range lines {
		r, err := ReadRow(text)
		acks[i].ID = r.ID
		if err == nil {
			err = speakable(r)
		}
		if err != nil {
			acks[i].State, acks[i].Error = refused, err.Error()
			continue
		}
		sealed, err := l.Cover.Seal(ctx, text)
		if err != nil {
			return nil, err
		}
		rows = append(rows, queue.Row{ID: string(r.ID), Mark: l.Cover.Mark(text), Body: sealed})
		at = append(at, i)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	full, err := l.full(ctx)
	if err != nil {
		return nil, err
	}
	if full {
		for _, i := range at {
			acks[i].State, acks[i].Error = busy, "too many rows wait; hand it in again in a while"
		}
		return acks, nil
	}
	done, err := l.Store.Take(ctx, l.Queue, rows)
	if err != nil {
		return nil, err
	}
	var lost error // one row that the bus does not take is enough: sweep finds the others waiting
	for j, d := range done {
		a := &acks[at[j]]
		switch d.State {
		case queue.Fresh:
			a.State = taken
			if lost == nil {
				lost = l.publish(d.Seq, rows[j].Body)
			}
		case queue.Again:
			a.State = again
		case queue.Other:
			a.State, a.Error = refused, "another row was taken in under this id"
		}
	}
	if lost != nil {
		l.failed(fmt.Errorf("hand rows to the workers: %w", lost))
	}
	return acks, nil
}

// speakable refuses rows that are known to have no answer.
func speakable(r Row) error {
	if len(bytes.TrimSpace([]byte(r.Query.Name))) == 0 && len(r.Query.Names) == 0 && len(r.Query.Identifiers) == 0 {
		return fmt.Errorf("%w: name: nothing to screen", record.ErrInvalid)
	}
	return nil
}

func (l *Line) full(ctx context.Context) (bool, error) {
	most := l.Most
	if most == 0 {
		most = 200_000
	}
	c, err := l.Store.Counts(ctx, l.Queue)
	return c.Taken-c.Answered >= most, err
}

// publish hands a row to the bus: its place, then its sealed text.
func (l *Line) publish(seq int64, sealed []byte) error {
	data := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(sealed)), uint64(seq))
	_, err := l.Bus.js.PublishAsync(subject(l.Queue, "rows"), append(data, sealed...),
		jetstream.WithMsgID(strconv.FormatInt(seq, 10)), jetstream.WithRetryAttempts(3))
	return err
}

func (l *Line) failed(err error) {
	if l.Failed != nil && !errors.Is(err, context.Canceled) {
		l.Failed(err)
	}
}

// patience is how long the database may take for one commit. Whatever it did
// after that is found when the same rows come again.
const patience = 10 * time.Second

// resubmit is how long a producer waits for its acks before it hands the same rows
// in a second time; then twice as long each time.
const resubmit = 500 * time.Millisecond

// wait is how long a group of rows or answers is gathered for one commit.
const wait = 20 * time.Millisecond

// Listen takes rows in from the subject article41.QUEUE.intake until the context
// ends. A message holds one row or several, a line each; the reply comes after
// the commit and holds one Ack a row, a line each.
func (l *Line) Listen(ctx context.Context) error {
	inbox := make(chan *nats.Msg, 4*Intake)
	sub, err := l.Bus.conn.ChanQueueSubscribe(subject(l.Queue, "intake"), "intake", inbox)
	if err != nil {
		return fmt.Errorf("listen for rows: %w", err)
	}
	defer sub.Unsubscribe()
	for {
		var first *nats.Msg
		select {
		case <-ctx.Done():
			return nil
		case first = <-inbox:
		}
		l.takeMessages(ctx, gather(ctx, first, inbox))
	}
}

// gather waits for more messages: until there are as many rows as one commit
// takes, or for a moment.
func gather(ctx context.Context, first *nats.Msg, inbox <-chan *nats.Msg) []*nats.Msg {
	all := []*nats.Msg{first}
	rows := 1 + bytes.Count(first.Data, []byte("\n"))
	late := time.NewTimer(wait)
	defer late.Stop()
	for rows < Intake {
		select {
		case m := <-inbox:
			all = append(all, m)
			rows += 1 + bytes.Count(m.Data, []byte("\n"))
		case <-late.C:
			return all
		case <-ctx.Done():
			return all
		}
	}
	return all
}

// takeMessages takes the rows of several messages in, at most Intake at once, and
// answers each message.
func (l *Line) takeMessages(ctx context.Context, all []*nats.Msg) {
	var lines [][]byte
	counts := make([]int, len(all))
	for i, m := range all {
		for _, text := range bytes.Split(m.Data, []byte("\n")) {
			if text = bytes.TrimSpace(text); len(text) > 0 {
				lines = append(lines, text)
				counts[i]++
			}
		}
	}
	var acks []Ack
	for len(lines) > 0 {
		n := min(len(lines), Intake)
		some, err := l.Take(ctx, lines[:n])
		if err != nil {
			l.failed(fmt.Errorf("take in %d rows: %w", n, err))
			some = make([]Ack, n)
			for i := range some {
				some[i] = Ack{State: busy, Error: "it could not be taken in now; hand it in again"}
			}
		}
		acks, lines = append(acks, some...), lines[n:]
	}
	for i, m := range all {
		var reply bytes.Buffer
		enc := json.NewEncoder(&reply)
		for _, a := range acks[:counts[i]] {
			_ = enc.Encode(a) // plain fields: cannot fail
		}
		acks = acks[counts[i]:]
		if m.Reply != "" {
			if err := m.Respond(reply.Bytes()); err != nil {
				l.failed(fmt.Errorf("answer a producer: %w", err))
			}
		}
	}
}

// Submit hands rows to a queue over the bus and waits for their acks. What has no
// reply in a while was perhaps lost with the server that carried it, and is handed
// in again until the context ends: a row is taken in once.
func Submit(ctx context.Context, b *Bus, q queue.Name, lines [][]byte) ([]Ack, error) {
	rows := bytes.Join(lines, []byte("\n"))
	var m *nats.Msg
	err := context.DeadlineExceeded
	for while := resubmit; errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil; while = min(2*while, 2*patience) {
		one, cancel := context.WithTimeout(ctx, while)
		m, err = b.conn.RequestWithContext(one, subject(q, "intake"), rows)
		cancel()
	}
	if errors.Is(err, nats.ErrNoResponders) {
		return nil, fmt.Errorf("hand %d rows to queue %s: no worker of that queue is reached there: %w", len(lines), q, err)
	}
	if err != nil {
		return nil, fmt.Errorf("hand %d rows to queue %s: %w", len(lines), q, err)
	}
	var acks []Ack
	dec := json.NewDecoder(bytes.NewReader(m.Data))
	for range lines {
		var a Ack
		if err := dec.Decode(&a); err != nil {
			return acks, fmt.Errorf("%w: the reply of queue %s has %d acks for %d rows", record.ErrInvalid, q, len(acks), len(lines))
		}
		acks = append(acks, a)
	}
	return acks, nil
}

func splitAddress(listen string) (string, int, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", 0, err
	}
	n, err := strconv.Atoi(port)
	if n == 0 {
		n = -1 // the server's word for any free port
	}
	return host, n, err
}
