package stream

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"runtime"
	"sync"

	"article41"
	"article41/record"
)

// Sift answers one query; *article41.Archive's method of that name, with the day
// bound to it.
type Sift func(context.Context, article41.Query) (article41.Sifted, error)

// Options may all be left zero.
type Options struct {
	Workers int // at the same time (zero: one a core)
	// Dead, if set, takes each line that could not be read, with its reason, in
	// addition to its answer.
	Dead io.Writer
	// Told, if set, is called after each group of answers was written.
	Told func(Stats)
}

// Stats counts the rows of a batch.
type Stats struct {
	Rows    int64 `json:"rows"`    // answered, with those of an earlier run
	Resumed int64 `json:"resumed"` // of an earlier run
	Hits    int64 `json:"hits"`    // rows of this run with at least one hit
	Errors  int64 `json:"errors"`  // rows of this run that could not be screened
	Repeats int64 `json:"repeats"` // rows of this run that repeat an earlier one
}

// group is how many rows are screened and made durable together.
const group = 500

// Out is where answers go. A file is synced after each group; what an earlier run
// left in it is read first.
type Out interface {
	io.Writer
	Sync() error
}

// Batch answers every row of in, in order, each with one line. The rows that an
// earlier run answered (see [Resume]) are read again, to know their ids, and not
// screened; if they are others, that is record.ErrInvalid.
//
// A row whose id was used before gets an answer that says so ("repeats") if its
// line is the same to the byte, as when a sender delivers twice; with another
// content it gets an error, for nobody could tell the two answers apart.
func Batch(ctx context.Context, in io.Reader, out Out, e Earlier, sift Sift, o Options) (Stats, error) {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return batch(ctx, in, out, e, o, func(ctx context.Context, g *work) { g.screen(ctx, sift) })
}

// batch is Batch with what answers a group left open.
func batch(ctx context.Context, in io.Reader, out Out, e Earlier, o Options, answer func(context.Context, *work)) (Stats, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	groups := make(chan *work, o.Workers)  // to be screened
	ordered := make(chan *work, o.Workers) // to be written
	go func() {
		defer close(groups)
		defer close(ordered)
		if err := readGroups(ctx, in, e, groups, ordered); err != nil {
			cancel(err)
		}
	}()
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(func() {
			for g := range groups {
				answer(ctx, g)
				close(g.ready)
			}
		})
	}
	defer workers.Wait()
	stats := Stats{Rows: e.Rows, Resumed: e.Rows}
	for g := range ordered {
		select {
		case <-g.ready:
		case <-ctx.Done():
			return stats, context.Cause(ctx)
		}
		if g.err != nil {
			cancel(g.err)
			return stats, g.err
		}
		if err := g.write(out, o.Dead, &stats); err != nil {
			cancel(err)
			return stats, err
		}
		if o.Told != nil {
			o.Told(stats)
		}
	}
	return stats, context.Cause(ctx)
}

// work is a group of lines on its way.
type work struct {
	lines []line
	ready chan struct{}
	err   error
}

// line is a row, its number, and later its answer.
type line struct {
	number int64
	text   []byte
	row    Row
	fault  error // why it cannot be screened
	hit    bool
	repeat int64
	answer []byte
}

// seen remembers the ids of a batch and a hash of each row's content: 24 bytes and
// the map's own cost a row.
type seen map[uint64]struct {
	line    int64
	content uint64
}

func readGroups(ctx context.Context, in io.Reader, e Earlier, groups, ordered chan<- *work) error {
	r := bufio.NewReaderSize(in, 1<<20)
	if mark, _ := r.Peek(3); string(mark) == "\ufeff" {
		_, _ = r.Discard(3) // was just seen
	}
	seed, ids := maphash.MakeSeed(), seen{}
	g := &work{ready: make(chan struct{})}
	send := func() error {
		if len(g.lines) == 0 {
			return nil
		}
		for _, c := range []chan<- *work{ordered, groups} {
			select {
			case c <- g:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		g = &work{ready: make(chan struct{})}
		return nil
	}
	var number int64
	before := sha256.New() // of the ids that were answered
	for {
		text, err := readLine(r)
		if err == io.EOF && number < e.Rows {
			return e.otherRows()
		}
		if err == io.EOF {
			return send()
		}
		if err != nil && !errors.Is(err, errLong) {
			return fmt.Errorf("read the rows after line %d: %w", number, err)
		}
		if err == nil && len(bytes.TrimSpace(text)) == 0 {
			continue // an empty line is no row and takes no number
		}
		number++
		l := line{number: number, text: text, fault: err}
		if err == nil {
			l.row, l.fault = ReadRow(text)
		}
		if l.fault == nil {
			id, content := maphash.String(seed, string(l.row.ID)), maphash.Bytes(seed, text)
			if was, ok := ids[id]; ok {
				l.repeat = was.line
				if was.content != content {
					l.fault = fmt.Errorf("%w: id: %s was used on line %d for another row", record.ErrInvalid, l.row.ID, was.line)
				}
			} else {
				ids[id] = struct {
					line    int64
					content uint64
				}{number, content}
			}
		}
		if number <= e.Rows {
			if l.row.ID.into(before); number == e.Rows && [sha256.Size]byte(before.Sum(nil)) != e.ids {
				return e.otherRows()
			}
			continue
		}
		if g.lines = append(g.lines, l); len(g.lines) == group {
			if err := send(); err != nil {
				return err
			}
		}
	}
}

// errLong is an error of one line. Any other error of the reader, of whatever kind,
// is the end of the rows: a table that cannot be read is not one bad row for ever.
var errLong = fmt.Errorf("%w: the line is longer than %d bytes", record.ErrInvalid, maxRow)

// readLine is the next line; one that is too long is skipped to its end.
func readLine(r *bufio.Reader) ([]byte, error) {
	var text []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(text) <= maxRow {
			text = append(text, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(text) == 0:
			return nil, io.EOF
		case err != nil && err != io.EOF:
			return nil, err
		}
		if len(text) > maxRow {
			return text[:100], errLong
		}
		return bytes.TrimRight(text, "\r\n"), nil
	}
}

func (g *work) screen(ctx context.Context, sift Sift) {
	for i := range g.lines {
		l := &g.lines[i]
		a := Answer{ID: l.row.ID, Line: l.number}
		if l.fault == nil {
			var s article41.Sifted
			if s, l.fault = sift(ctx, l.row.Query); l.fault == nil {
				a.Sifted, a.Repeats, l.hit = &s, l.repeat, len(s.Hits) > 0
			}
		}
		if l.fault != nil {
			if ctx.Err() != nil || !errors.Is(l.fault, record.ErrInvalid) {
				g.err = fmt.Errorf("line %d: %w", l.number, l.fault)
				return
			}
			a.Error = l.fault.Error()
		}
		if l.answer, g.err = a.bytes(); g.err != nil {
			return
		}
	}
}

func (g *work) write(out Out, dead io.Writer, stats *Stats) error {
	var all, refused []byte
	for _, l := range g.lines {
		all = append(all, l.answer...)
		stats.Rows++
		switch {
		case l.fault != nil:
			stats.Errors++
			refused = append(refused, l.deadLetter()...)
		case l.repeat > 0:
			stats.Repeats++
		case l.hit:
			stats.Hits++
		}
	}
	if dead != nil && len(refused) > 0 {
		if _, err := dead.Write(refused); err != nil {
			return fmt.Errorf("write the dead letters: %w", err)
		}
	}
	if _, err := out.Write(all); err != nil {
		return fmt.Errorf("write the answers: %w", err)
	}
	if err := out.Sync(); err != nil {
		return fmt.Errorf("write the answers: %w", err)
	}
	return nil
}
