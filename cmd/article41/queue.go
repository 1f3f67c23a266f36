package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"article41"
	"article41/date"
	"article41/queue"
	"article41/record"
	"article41/stream"
)

// line are the flags of a queue and the way to it.
type line struct {
	queue  string
	nats   string
	listen string
	dir    string
	copies int

	kafka             []string // brokers
	kafkaIn, kafkaOut string
	kafkaGroup        string
}

func (l *line) flags(c *cobra.Command) {
	c.Flags().StringVar(&l.queue, "queue", "", "the `name` of the queue, such as payments")
	c.Flags().StringVar(&l.nats, "nats", "", "the `address` of a NATS cluster with JetStream, nats://HOST:PORT,… (default: a server within this program)")
	c.Flags().IntVar(&l.copies, "copies", 3, "how many servers of the cluster keep each message")
}

// bus reaches the cluster, or starts a server within this program.
func (l line) bus() (*stream.Bus, error) {
	if l.nats != "" {
		return stream.Connect(l.nats, l.copies)
	}
	return stream.Embedded(l.dir, l.listen)
}

// queues is the store of queues, in the database that archive opened.
func (a *app) queues() (queue.Store, error) {
	if s, ok := a.store.(interface{ Queue() queue.Store }); ok {
		return s.Queue(), nil
	}
	return nil, errUnable{errors.New("a queue needs a database: name one with --db")}
}

// work runs a worker until the context ends: it takes rows in, screens them and
// hands the answers on.
func (a *app) work(ctx context.Context, q asked, l line, workers int) error {
	if err := l.valid(); err != nil {
		return err
	}
	arc, err := a.archive(ctx, q, true)
	if err != nil {
		return err
	}
	rows, err := a.queues()
	if err != nil {
		return err
	}
	vault, err := a.vault(ctx)
	if err != nil {
		return err
	}
	cover, err := vault.Cover("queue/" + l.queue)
	if err != nil {
		return err
	}
	if l.dir == "" {
		l.dir = defaultDB + ".stream"
		if q.db != "" && exists(q.db) {
			l.dir = q.db + ".stream"
		}
	}
	bus, err := l.bus()
	if err != nil {
		return errUnable{err}
	}
	defer bus.Close()
	// The days move on while a worker runs, unless they were given.
	at := func() record.At {
		at, _ := a.at(q) // read below, before anything starts
		return at
	}
	if _, err := a.at(q); err != nil {
		return err
	}
	arc.Warm(at())
	sift := func(ctx context.Context, query article41.Query) (article41.Sifted, error) {
		return arc.Sift(ctx, at(), query)
	}
	line := &stream.Line{Queue: queue.Name(l.queue), Store: rows, Bus: bus, Cover: cover,
		Failed: func(err error) { fmt.Fprintf(a.err, "article41: %s: tried again: %v\n", l.queue, err) }}
	where := bus.Address()
	if where == "" {
		if where = l.nats; where == "" {
			where = "this program only"
		}
	}
	fmt.Fprintf(a.out, "article41 works on queue %s, reached by %s, as of %s\n", l.queue, where, date.DayOf(a.now()))
	parts := []func(context.Context) error{
		func(ctx context.Context) error { line.Work(ctx, sift, workers); return nil },
		line.Listen,
		line.Relay,
		func(ctx context.Context) error { return a.follow(ctx, arc) },
	}
	k := stream.Kafka{Brokers: l.kafka, Group: l.kafkaGroup, In: l.kafkaIn, Out: l.kafkaOut}
	if k.In != "" {
		parts = append(parts, func(ctx context.Context) error { return k.Consume(ctx, line) })
	}
	if len(k.Brokers) > 0 {
		parts = append(parts, func(ctx context.Context) error { return k.Produce(ctx, line) })
	}
	return together(ctx, parts...)
}

// kafkaFlags are those of a worker that reads and writes topics.
func (l *line) kafkaFlags(c *cobra.Command) {
	c.Flags().StringSliceVar(&l.kafka, "kafka", nil, "the `brokers` of a Kafka, HOST:PORT,…: answers go to a topic of it")
	c.Flags().StringVar(&l.kafkaIn, "kafka-in", "", "take rows in from this `topic` too")
	c.Flags().StringVar(&l.kafkaOut, "kafka-out", "", "the `topic` of the answers; rows that cannot be read go to TOPIC.refused")
	c.Flags().StringVar(&l.kafkaGroup, "kafka-group", "article41", "the consumer `group`")
}

func (l line) valid() error {
	if err := queue.Name(l.queue).Validate(); err != nil {
		return errUse{err}
	}
	if (len(l.kafka) > 0) != (l.kafkaOut != "") || l.kafkaIn != "" && len(l.kafka) == 0 {
		return errUse{errors.New("--kafka and --kafka-out go together, and --kafka-in needs both")}
	}
	return nil
}

// follow keeps the archive at the ledger's head: a list that another program
// imported counts within the second.
func (a *app) follow(ctx context.Context, arc *article41.Archive) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := arc.Follow(ctx); err != nil && ctx.Err() == nil {
				fmt.Fprintln(a.err, "article41: follow the ledger:", err)
			}
		}
	}
}

// together runs all until the context ends or one of them fails.
func together(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, len(parts))
	for _, p := range parts {
		go func() { done <- p(ctx) }()
	}
	var first error
	for range parts {
		if err := <-done; err != nil && first == nil && !errors.Is(err, context.Canceled) {
			first = err
			cancel()
		}
	}
	return first
}

func submitCommand(a *app) *cobra.Command {
	var l line
	var asJSON bool
	c := &cobra.Command{
		Use:   "submit FILE",
		Short: "Hand a file of rows to a queue; each is acknowledged after it is committed",
		Long: "submit reads JSON lines (- is standard input) or a table (CSV, XLSX, Parquet) and hands them to the workers of a queue. It ends\n" +
			"when every row is taken in or refused. Handing in the same file again takes in what was missed:\n" +
			"rows are told apart by their id.",
		Example: "  article41 submit --queue payments --nats nats://127.0.0.1:4222 payments.jsonl",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := queue.Name(l.queue).Validate(); err != nil {
				return errUse{err}
			}
			if l.nats == "" {
				return errUse{errors.New("submit needs --nats, the address that the worker names when it starts")}
			}
			in, err := a.rows(args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			bus, err := stream.Connect(l.nats, l.copies)
			if err != nil {
				return errUnable{err}
			}
			defer bus.Close()
			counts := map[string]int64{}
			err = submit(c.Context(), bus, queue.Name(l.queue), in, func(line int64, ack stream.Ack) {
				counts[ack.State]++
				if ack.Error != "" {
					fmt.Fprintf(a.err, "line %d: %s: %s\n", line, ack.State, ack.Error)
				}
			})
			if asJSON {
				err = errors.Join(err, a.writeJSON(counts))
			} else {
				fmt.Fprintf(a.out, "%d rows taken in, %d taken in before, %d refused\n", counts["taken"], counts["again"], counts["refused"])
			}
			if err != nil {
				return errUnable{err}
			}
			if counts["refused"] > 0 {
				return errNothing
			}
			return nil
		},
	}
	l.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}

// submit hands rows over, some hundred at a time, and again those for which the
// queue had no room.
func submit(ctx context.Context, bus *stream.Bus, q queue.Name, in io.Reader, told func(line int64, ack stream.Ack)) error {
	const atOnce = 250
	r := bufio.NewReaderSize(in, 1<<20)
	var lines [][]byte
	var numbers []int64
	var heard time.Time // when rows were last taken in
	flush := func() error {
		for len(lines) > 0 {
			acks, err := stream.Submit(ctx, bus, q, lines)
			if err != nil && ctx.Err() == nil && time.Since(heard) < 30*time.Second {
				time.Sleep(200 * time.Millisecond) // a worker was there: it, or a server between, is replaced
				continue
			}
			if err != nil {
				return err
			}
			heard = time.Now()
			var again [][]byte
			var theirs []int64
			for i, a := range acks {
				if a.State == "busy" {
					again, theirs = append(again, lines[i]), append(theirs, numbers[i])
					continue
				}
				told(numbers[i], a)
			}
			if lines, numbers = again, theirs; len(lines) > 0 {
				select {
				case <-time.After(200 * time.Millisecond):
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	}
	for number := int64(1); ; number++ {
		text, err := r.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("read the rows after line %d: %w", number-1, err)
		}
		if number == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		if text = bytes.TrimSpace(text); len(text) > 0 {
			lines, numbers = append(lines, text), append(numbers, number)
		}
		if len(lines) >= atOnce || err == io.EOF {
			if err := flush(); err != nil {
				return fmt.Errorf("rows up to line %d: %w", number, err)
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

func answersCommand(a *app) *cobra.Command {
	var q asked
	var name, id string
	var after int64
	c := &cobra.Command{
		Use:     "answers --queue NAME",
		Short:   "The answers of a queue, in the order they were settled, a line each",
		Example: "  article41 answers --queue payments --after 120000 > new.jsonl\n  article41 answers --queue payments --id '\"p-17\"'",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := queue.Name(name).Validate(); err != nil {
				return errUse{err}
			}
			if _, err := a.archive(c.Context(), q, false); err != nil {
				return err
			}
			s, err := a.queues()
			if err != nil {
				return err
			}
			if id != "" {
				one, err := s.Answered(c.Context(), queue.Name(name), id)
				if err == nil {
					_, err = a.out.Write(one.Body)
				}
				return err
			}
			w := bufio.NewWriter(a.out)
			for {
				page, err := s.Answers(c.Context(), queue.Name(name), after, 1000)
				if err != nil {
					return errUnable{err}
				}
				for _, one := range page {
					if _, err := w.Write(one.Body); err != nil {
						return err
					}
					after = one.Settled
				}
				if len(page) == 0 {
					break
				}
			}
			counts, err := s.Counts(c.Context(), queue.Name(name))
			if err != nil {
				return errUnable{err}
			}
			if err := w.Flush(); err != nil {
				return err
			}
			fmt.Fprintf(a.err, "%d rows taken in, %d answered; the last answer is --after %d\n", counts.Taken, counts.Answered, after)
			return nil
		},
	}
	c.Flags().StringVar(&q.db, "db", "", "the database")
	c.Flags().StringVar(&name, "queue", "", "the `name` of the queue")
	c.Flags().Int64Var(&after, "after", 0, "only those after this `place`")
	c.Flags().StringVar(&id, "id", "", "the answer to the row with this `id`, written as in JSON")
	return c
}
