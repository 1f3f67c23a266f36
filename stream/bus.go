package stream

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"article41/queue"
	"article41/record"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Bus carries rows and answers between programs: JetStream of a server within
// this one, or of a cluster. It is transport: JetStream acknowledges before it
// syncs, so nothing is promised on its word (dependencies: nats-server #7564).
type Bus struct {
	conn   *nats.Conn
	js     jetstream.JetStream
	server *server.Server // nil: a cluster's
	copies int
	silent atomic.Int64 // how often it did not take a row, or could not be asked for some
}

// Embedded runs a server in this program, with its files in the folder. With
// listen ("HOST:PORT") other programs may reach it; without, only this one.
func Embedded(dir, listen string) (*Bus, error) {
	o := &server.Options{ServerName: "article41", JetStream: true, StoreDir: dir, DontListen: listen == "", NoSigs: true, NoLog: true}
	if listen != "" {
		if err := setAddress(o, listen); err != nil {
			return nil, err
		}
	}
	s, err := server.NewServer(o)
	if err != nil {
		return nil, fmt.Errorf("start the stream's server: %w", err)
	}
	s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		s.Shutdown()
		return nil, fmt.Errorf("start the stream's server on %q: it is not ready after 20 seconds; is the address taken, or the folder %s in use?", listen, dir)
	}
	b, err := connect("", 1, nats.InProcessServer(s))
	if err != nil {
		s.Shutdown()
		return nil, err
	}
	b.server = s
	return b, nil
}

// Address is where an embedded server listens, or "".
func (b *Bus) Address() string {
	if b.server == nil || b.server.Addr() == nil {
		return ""
	}
	return "nats://" + b.server.Addr().String()
}

// Connect joins a cluster, by one or several addresses with commas between them.
// copies is how many servers keep each message (3 in a cluster of three).
func Connect(address string, copies int, o ...nats.Option) (*Bus, error) {
	return connect(address, max(copies, 1), append(o, nats.RetryOnFailedConnect(false))...)
}

func connect(address string, copies int, o ...nats.Option) (*Bus, error) {
	// A server that was cut off says nothing: it is asked every second, and left
	// when two questions have no reply.
	o = append(o, nats.Name("article41"), nats.MaxReconnects(-1), nats.ReconnectWait(200*time.Millisecond),
		nats.PingInterval(time.Second), nats.MaxPingsOutstanding(2), nats.Timeout(2*time.Second))
	c, err := nats.Connect(address, o...)
	if err != nil {
		return nil, fmt.Errorf("reach the stream's server: %w", err)
	}
	b := &Bus{conn: c, copies: copies}
	b.js, err = jetstream.New(c, jetstream.WithPublishAsyncMaxPending(4*queue.MaxRows),
		jetstream.WithPublishAsyncTimeout(5*time.Second), // else an ack that was lost counts as pending for ever
		jetstream.WithPublishAsyncErrHandler(func(jetstream.JetStream, *nats.Msg, error) { b.silent.Add(1) }))
	if err != nil {
		c.Close()
		return nil, err
	}
	return b, nil
}

// Close leaves the server, and stops an embedded one.
func (b *Bus) Close() {
	b.conn.Close()
	if b.server != nil {
		b.server.Shutdown()
		b.server.WaitForShutdown()
	}
}

// subject is where messages of the queue go: article41.payments.rows.
func subject(q queue.Name, what string) string { return "article41." + string(q) + "." + what }

// rows is the stream of rows to be screened: a work queue, from which a message
// goes when it is acknowledged.
func (b *Bus) rows(ctx context.Context, q queue.Name) (jetstream.Stream, error) {
	return b.stream(ctx, jetstream.StreamConfig{
		Name: "article41-" + string(q) + "-rows", Subjects: []string{subject(q, "rows")}, Retention: jetstream.WorkQueuePolicy,
		Duplicates: 2 * time.Minute, Replicas: b.copies,
	})
}

// answers is the stream of answers. A message's sequence is the answer's place,
// so that several programs that relay answers cannot repeat one.
func (b *Bus) answers(ctx context.Context, q queue.Name, first uint64) (jetstream.Stream, error) {
	s, err := b.js.Stream(ctx, "article41-"+string(q)+"-answers")
	if err == nil || !errors.Is(err, jetstream.ErrStreamNotFound) {
		return s, err
	}
	return b.stream(ctx, jetstream.StreamConfig{
		Name: "article41-" + string(q) + "-answers", Subjects: []string{subject(q, "answers")}, FirstSeq: first,
		MaxAge: 7 * 24 * time.Hour, Duplicates: time.Second, Replicas: b.copies,
	})
}

func (b *Bus) stream(ctx context.Context, c jetstream.StreamConfig) (jetstream.Stream, error) {
	s, err := b.js.CreateOrUpdateStream(ctx, c)
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another program was first
		s, err = b.js.Stream(ctx, c.Name)
	}
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", c.Name, err)
	}
	return s, nil
}

func setAddress(o *server.Options, listen string) error {
	host, port, err := splitAddress(listen)
	if err != nil {
		return fmt.Errorf("%w: %w", record.ErrInvalid, err)
	}
	o.Host, o.Port = host, port
	return nil
}

// Ready makes the queue's streams, or says why the servers cannot hold them: a
// cluster that has just started may lack a leader for a while.
func (b *Bus) Ready(ctx context.Context, q queue.Name) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err := b.rows(ctx, q)
	return err
}
