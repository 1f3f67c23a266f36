package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"article41"
	"article41/postgres"
	"article41/queue"
	"article41/record"
	"article41/stream"
)

// batch are the flags of a worker that goes through a file.
type batch struct {
	in, out, dead string
	sql           string
	again         bool
	workers       int
}

// answering answers the rows of a batch: [stream.Batch] or [stream.HandOver].
type answering func(context.Context, io.Reader, stream.Out, stream.Earlier, stream.Options) (stream.Stats, error)

func workerCommand(a *app) *cobra.Command {
	var q asked
	var b batch
	var l line
	c := &cobra.Command{
		Use:   "worker --in FILE --out FILE [--queue NAME] | worker --queue NAME",
		Short: "Screen rows by the million: JSON lines in, one answer a line out; or work on a queue",
		Long: "worker screens every row of a file of JSON lines: {\"id\": …, \"name\": …} with, where known, aliases,\n" +
			"kind, birth_date, country, gender. Each row comes out once, with its id, in the order of the rows; a\n" +
			"row that cannot be read comes out with an error. A run that was broken off, by kill -9 too, goes on\n" +
			"where its answers end. - is standard input or output. A file may be a table too, CSV, XLSX or Parquet,\n" +
			"with the columns of watch add: id, name, aliases, kind, birth_date, country, gender, identifiers.\n\n" +
			"With --queue it takes rows in from programs that send them over NATS (subject article41.NAME.intake, a\n" +
			"line a row; the reply comes after the commit), screens them, and hands the answers on in order\n" +
			"(subject article41.NAME.answers, and article41 answers). Any number of workers share a queue: on one\n" +
			"PostgreSQL database and one NATS cluster, or on one machine.\n\n" +
			"With --queue, --nats, --in and --out the file's rows go to the workers of that queue, in ranges of 500,\n" +
			"and their answers into the file, one a row in the order of the rows. Rows from a database: --in\n" +
			"postgres://… and --sql, a query whose columns are called as the members of a row.",
		Example: "  article41 worker --in payments.jsonl --out answers.jsonl --dead refused.jsonl\n" +
			"  article41 worker --in postgres://bank/customers --sql 'SELECT id, name FROM customer ORDER BY id' --out answers.jsonl\n" +
			"  article41 worker --queue payments --listen 127.0.0.1:4222\n" +
			"  article41 worker --queue night-1 --nats nats://127.0.0.1:4222 --in customers.parquet --out answers.jsonl",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if l.queue != "" && b.in == "" && b.out == "" {
				return a.work(c.Context(), q, l, b.workers)
			}
			if err := b.valid(l); err != nil {
				return err
			}
			answer, closing, err := a.answering(c.Context(), q, l)
			if err != nil {
				return err
			}
			defer closing()
			stats, err := a.batch(c.Context(), b, answer)
			if err != nil {
				return err
			}
			if q.asJSON && b.out != "-" {
				return a.writeJSON(stats)
			}
			fmt.Fprintf(a.err, "%d rows answered, %d of them by an earlier run; in this run %d with hits, %d in error, %d repeated\n",
				stats.Rows, stats.Resumed, stats.Hits, stats.Errors, stats.Repeats)
			return nil
		},
	}
	q.flags(c)
	l.flags(c)
	l.kafkaFlags(c)
	c.Flags().StringVar(&l.listen, "listen", "", "let other programs reach the server within this one at this `address`, such as 127.0.0.1:4222")
	c.Flags().StringVar(&l.dir, "stream-dir", "", "the `folder` of that server's files (default the database's name and .stream)")
	c.Flags().StringVar(&b.in, "in", "", "the `file` of rows: JSON lines, CSV, XLSX or Parquet; or postgres://…, with --sql")
	c.Flags().StringVar(&b.sql, "sql", "", "the `query` whose rows are screened, in an order that is the same each time")
	c.Flags().StringVar(&b.out, "out", "", "the `file` of answers; if it is there, the run goes on after its last whole line")
	c.Flags().StringVar(&b.dead, "dead", "", "a `file` to which rows that cannot be read are added, with the reason")
	c.Flags().BoolVar(&b.again, "again", false, "write the answers anew, though there are some")
	c.Flags().IntVar(&b.workers, "workers", 0, "how many to screen at the same time (default one a core); with --in and --queue how many ranges are under way (default eight)")
	return c
}

func (b batch) valid(l line) error {
	fromDatabase := postgres.IsAddress(b.in)
	switch {
	case b.in == "" || b.out == "":
		return errUse{errors.New("worker needs --in and --out, or --queue")}
	case l.queue != "" && l.nats == "":
		return errUse{errors.New("--in and --out with --queue hand rows to workers that run: give --nats, the address they are reached by")}
	case fromDatabase && b.sql == "":
		return errUse{errors.New("--in names a database: give --sql, a query with columns id and name")}
	case !fromDatabase && b.sql != "":
		return errUse{errors.New("--sql is asked of a database: give --in postgres://…")}
	}
	if l.queue != "" {
		return l.valid()
	}
	return nil
}

// answering screens in this program, or by the workers of a queue.
func (a *app) answering(ctx context.Context, q asked, l line) (answer answering, closing func(), err error) {
	at, err := a.at(q)
	if err != nil {
		return nil, nil, err
	}
	if l.queue != "" && (q.asOf != "" || q.knownAt != "") {
		return nil, nil, errUse{errors.New("the workers of a queue answer as of the days they were started with: give --as-of and --known-at to them")}
	}
	arc, err := a.archive(ctx, q, false)
	if err != nil {
		return nil, nil, err
	}
	if l.queue == "" {
		arc.Warm(at)
		sift := func(ctx context.Context, query article41.Query) (article41.Sifted, error) {
			return arc.Sift(ctx, at, query)
		}
		return func(ctx context.Context, in io.Reader, out stream.Out, e stream.Earlier, o stream.Options) (stream.Stats, error) {
			return stream.Batch(ctx, in, out, e, sift, o)
		}, func() {}, nil
	}
	h := stream.Handed{Queue: queue.Name(l.queue)}
	if h.Store, err = a.queues(); err != nil {
		return nil, nil, err
	}
	if h.Bus, err = stream.Connect(l.nats, l.copies); err != nil {
		return nil, nil, errUnable{err}
	}
	return func(ctx context.Context, in io.Reader, out stream.Out, e stream.Earlier, o stream.Options) (stream.Stats, error) {
		return stream.HandOver(ctx, in, out, e, h, o)
	}, h.Bus.Close, nil
}

func (a *app) batch(ctx context.Context, b batch, answer answering) (stream.Stats, error) {
	in, err := a.source(ctx, b)
	if err != nil {
		return stream.Stats{}, err
	}
	defer in.Close()
	o := stream.Options{Workers: b.workers, Told: a.progress(b)}
	if b.dead != "" {
		dead, err := os.OpenFile(b.dead, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return stream.Stats{}, errUnable{err}
		}
		defer dead.Close()
		o.Dead = dead
	}
	if b.out == "-" {
		return answer(ctx, in, unsynced{a.out}, stream.Earlier{}, o)
	}
	flags := os.O_CREATE | os.O_RDWR
	if b.again {
		flags |= os.O_TRUNC
	}
	out, err := os.OpenFile(b.out, flags, 0o600)
	if err != nil {
		return stream.Stats{}, errUnable{err}
	}
	defer out.Close()
	earlier, err := stream.Resume(out)
	if err != nil {
		return stream.Stats{}, errUnable{fmt.Errorf("%s: %w; --again writes it anew", b.out, err)}
	}
	if err := out.Truncate(earlier.Bytes); err != nil {
		return stream.Stats{}, errUnable{err}
	}
	if _, err := out.Seek(earlier.Bytes, io.SeekStart); err != nil {
		return stream.Stats{}, errUnable{err}
	}
	stats, err := answer(ctx, in, out, earlier, o)
	if err != nil && stats.Rows == earlier.Rows && errors.Is(err, record.ErrInvalid) {
		err = errUnable{fmt.Errorf("%s: %w; --again writes it anew", b.out, err)}
	}
	return stats, errors.Join(err, out.Close())
}

// source opens the rows of a file, or of a query.
func (a *app) source(ctx context.Context, b batch) (io.ReadCloser, error) {
	if b.sql == "" {
		return a.rows(b.in)
	}
	in, err := postgres.Rows(ctx, b.in, b.sql)
	if err != nil {
		return nil, errUnable{err}
	}
	return in, nil
}

// rows opens the rows: lines of JSON as they are, a table as such lines.
func (a *app) rows(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(a.in), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, errUnable{err}
	}
	first := make([]byte, 512)
	n, err := f.ReadAt(first, 0)
	st, failed := f.Stat()
	if failed != nil || err != nil && err != io.EOF || !st.Mode().IsRegular() || !stream.Tabular(first[:n]) {
		return f, nil // lines, or what can be read only once
	}
	return struct {
		io.Reader
		io.Closer
	}{stream.Lines(f, st.Size()), f}, nil
}

// unsynced is a pipe or a terminal: written is done.
type unsynced struct{ io.Writer }

func (unsynced) Sync() error { return nil }

// progress says on standard error, every five seconds, how far a batch is.
func (a *app) progress(b batch) func(stream.Stats) {
	begin := a.now()
	said := begin
	return func(s stream.Stats) {
		now := a.now()
		if now.Sub(said) < 5*time.Second {
			return
		}
		said = now
		fmt.Fprintf(a.err, "%s: %d rows answered, %.0f a second\n", b.in, s.Rows, float64(s.Rows-s.Resumed)/now.Sub(begin).Seconds())
	}
}
