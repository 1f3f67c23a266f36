package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"unicode/utf8"

	"article41"
	"article41/record"
)

const (
	// longestLine bounds one line of a batch, in bytes.
	longestLine = 64 << 10
	// mostLines bounds a batch that comes over HTTP; a command has no bound.
	mostLines = 1_000_000
)

// lineQuery is one line of a batch: a query, with an id of the asker's own.
type lineQuery struct {
	ID json.RawMessage `json:"id"`
	article41.Query
}

// lineAnswer is the answer to one line, in its place: a screening, or what was
// wrong with the line.
type lineAnswer struct {
	Line      int                  `json:"line"`
	ID        json.RawMessage      `json:"id,omitempty"`
	Screening *article41.Screening `json:"screening,omitempty"`
	Error     *problem             `json:"error,omitempty"`
}

// Lines is what became of a batch; it is its last line, so that a batch that was
// cut short shows.
type Lines struct {
	Done     bool            `json:"done"`
	Lines    int             `json:"lines"`
	Errors   int             `json:"errors"`
	WithHits int             `json:"with_hits"`
	AsOf     string          `json:"as_of"`
	KnownAt  string          `json:"known_at"`
	Basis    article41.Basis `json:"basis"`
	Cut      string          `json:"cut,omitempty"` // why it ended before its end
}

// Screener is asked what a name meets.
type Screener interface {
	Screen(ctx context.Context, at record.At, q article41.Query) (article41.Screening, error)
	Basis() article41.Basis
}

// ScreenLines reads queries as JSON lines and writes an answer a line, in order,
// while it reads: neither side is held in memory. A line that cannot be read or
// asked is answered with an error and the next one goes on. It ends with a line
// that counts them. The error is one of reading, of writing, or of the context.
func ScreenLines(ctx context.Context, s Screener, at record.At, in io.Reader, out io.Writer) (Lines, error) {
	return screenLines(ctx, s, at, in, out, 0, func() error { return nil })
}

func screenLines(ctx context.Context, s Screener, at record.At, in io.Reader, out io.Writer, most int, flush func() error) (Lines, error) {
	if at.Position == 0 {
		at.Position = s.Basis().Position // one batch rests on one ledger
	}
	sum := Lines{AsOf: at.AsOf.String(), KnownAt: at.KnownAt.String(), Basis: s.Basis()}
	sum.Basis.Position = at.Position
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type row struct {
		text []byte
		hit  bool
		bad  bool
	}
	// The order is kept by a queue of places, each filled by a worker of its own.
	places := make(chan chan row, 2*runtime.GOMAXPROCS(0))
	var failed error
	go func() {
		defer close(places)
		r := bufio.NewReaderSize(in, longestLine)
		for n := 1; ctx.Err() == nil; n++ {
			text, tooLong, err := oneLine(r)
			if err != nil && len(text) == 0 && !tooLong {
				if err != io.EOF {
					failed = err
				}
				return
			}
			if len(bytes.TrimSpace(text)) == 0 && !tooLong {
				n--
				continue
			}
			if most > 0 && n > most {
				failed = newProblem(http.StatusBadRequest, fmt.Sprintf("a batch may have %d lines", most))
				return
			}
			place := make(chan row, 1)
			select {
			case places <- place:
			case <-ctx.Done():
				return
			}
			go func() {
				a := answerLine(ctx, s, at, n, text, tooLong)
				place <- row{encoded(a), a.Screening != nil && len(a.Screening.Hits) > 0, a.Error != nil}
			}()
		}
	}()
	w := bufio.NewWriter(out)
	for place := range places {
		one := <-place
		sum.Lines++
		if one.hit {
			sum.WithHits++
		}
		if one.bad {
			sum.Errors++
		}
		w.Write(one.text)
		if err := w.WriteByte('\n'); err != nil {
			return sum, err
		}
		if len(places) == 0 { // the reader waits: who reads us need not
			if err := errors.Join(w.Flush(), flush()); err != nil {
				return sum, err
			}
		}
	}
	if failed == nil {
		failed = ctx.Err()
	}
	if sum.Done = failed == nil; !sum.Done {
		sum.Cut = "the batch could not be read to its end"
		var p *problem
		if errors.As(failed, &p) {
			sum.Cut = p.Detail
		}
	}
	w.Write(encoded(sum))
	w.WriteByte('\n')
	return sum, errors.Join(failed, w.Flush(), flush())
}

// oneLine reads a line; of one that is too long the rest is passed over.
func oneLine(r *bufio.Reader) (text []byte, tooLong bool, err error) {
	b, err := r.ReadSlice('\n')
	text = bytes.Clone(b)
	for errors.Is(err, bufio.ErrBufferFull) {
		tooLong = true
		_, err = r.ReadSlice('\n')
	}
	return text, tooLong, err
}

func answerLine(ctx context.Context, s Screener, at record.At, n int, text []byte, tooLong bool) (out lineAnswer) {
	out.Line = n
	var q lineQuery
	var err error
	switch {
	case tooLong:
		err = newProblem(http.StatusRequestEntityTooLarge, fmt.Sprintf("a line may have %d bytes", longestLine))
	case !utf8.Valid(text):
		err = newProblem(http.StatusBadRequest, "the line is not UTF-8")
	case deep(text):
		err = newProblem(http.StatusBadRequest, fmt.Sprintf("the line nests deeper than %d levels", maxDepth))
	default:
		if err = decode(text, &q); err != nil {
			break
		}
		out.ID = q.ID
		var a article41.Screening
		if a, err = s.Screen(ctx, at, q.Query); err == nil {
			out.Screening = &a
			return out
		}
		err = inField("", err)
	}
	switch {
	case errors.As(err, &out.Error):
	case errors.Is(err, record.ErrInvalid), errors.Is(err, record.ErrNotFound):
		out.Error = newProblem(http.StatusBadRequest, told(err))
	case ctx.Err() != nil:
		out.Error = newProblem(http.StatusServiceUnavailable, "")
	default:
		out.Error = newProblem(http.StatusInternalServerError, "")
	}
	return out
}

// screenLines answers POST /api/v1/screen/batch. The days stand in the address,
// as the body is a stream; no name does.
func (s *server) screenLines(w http.ResponseWriter, r *http.Request) {
	defer s.caught(w, r)
	q, err := paramsOf(r, coordinates)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	at, err := s.readAt(q.Get("as_of"), q.Get("known_at"), q.Get("position"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if at.Position > s.Basis().Position {
		s.refuse(w, r, newProblem(http.StatusNotFound, fmt.Sprintf("the ledger ends at position %d", s.Basis().Position)))
		return
	}
	if !s.streams.enter(r.Context()) {
		w.Header().Set("Retry-After", "5")
		s.refuse(w, r, errBusy)
		return
	}
	defer s.streams.leave(0)
	c := http.NewResponseController(w)
	c.EnableFullDuplex() // an error means that all is read first: the answer is the same
	in := &patient{r.Body, func() { c.SetReadDeadline(deadline(s.bodyTime)) }}
	w.Header().Set("Content-Type", linesType)
	w.Header().Set("Cache-Control", "no-store")
	_, err = screenLines(r.Context(), s, at, in, w, mostLines, func() error {
		c.SetWriteDeadline(deadline(answerTime))
		return ignoreUnsupported(c.Flush())
	})
	if err != nil && r.Context().Err() == nil {
		s.Log.Info("a batch ended before its end", "reason", fmt.Sprintf("%T", err))
	}
}

// ignoreUnsupported passes over what recorders in tests cannot do.
func ignoreUnsupported(err error) error {
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}

// patient sets a deadline before each read: a stream may be long, but not silent.
type patient struct {
	r      io.Reader
	before func()
}

func (p *patient) Read(b []byte) (int, error) {
	p.before()
	return p.r.Read(b)
}
