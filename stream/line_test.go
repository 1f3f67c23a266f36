package stream

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"article41"
	"article41/queue"
	"article41/record"
	"article41/sqlite"

	"github.com/nats-io/nats.go"
)

// plain covers nothing: what is sealed is tested where it is sealed.
type plain struct{}

func (plain) Seal(_ context.Context, b []byte) ([]byte, error) { return append([]byte("~"), b...), nil }
func (plain) Open(_ context.Context, b []byte) ([]byte, error) {
	return bytes.TrimPrefix(b, []byte("~")), nil
}
func (plain) Mark(b []byte) []byte { s := sha256.Sum256(b); return s[:] }

func open(t testing.TB) queue.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "q.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.Queue()
}

func embedded(t testing.TB, listen string) *Bus {
	t.Helper()
	b, err := Embedded(t.TempDir(), listen)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// run starts what works on a line and stops it when the test ends.
func run(t testing.TB, l *Line, sift Sift) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := l.Bus.rows(ctx, l.Queue); err != nil {
		t.Fatal(err)
	}
	l.Look = 100 * time.Millisecond
	done := make(chan error, 4)
	parts := []func() error{
		func() error { return l.Listen(ctx) },
		func() error { l.Work(ctx, sift, 2); return nil },
		func() error { return l.Relay(ctx) },
	}
	for _, p := range parts {
		go func() { done <- p() }()
	}
	var once atomic.Bool
	stop = func() {
		if once.Swap(true) {
			return
		}
		cancel()
		for range parts {
			if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
	}
	t.Cleanup(stop)
	return stop
}

// until waits for something that other programs do.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after 30 s: not %s", what)
		}
	}
}

func answered(t testing.TB, l *Line, n int64) []queue.Answer {
	t.Helper()
	until(t, fmt.Sprintf("%d answers", n), func() bool {
		c, err := l.Store.Counts(t.Context(), l.Queue)
		return err == nil && c.Answered >= n
	})
	var all []queue.Answer
	for {
		page, err := l.Store.Answers(t.Context(), l.Queue, int64(len(all)), 1000)
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, page...); len(page) == 0 {
			return all
		}
	}
}

// ids are the senders' ids of answers; each may be there once.
func ids(t testing.TB, answers []queue.Answer) map[ID]Answer {
	t.Helper()
	out := map[ID]Answer{}
	for _, a := range answers {
		var one Answer
		if err := json.Unmarshal(a.Body, &one); err != nil {
			t.Fatalf("%s: %v", a.Body, err)
		}
		if _, twice := out[one.ID]; twice {
			t.Fatalf("row %s has two answers", one.ID)
		}
		out[one.ID] = one
	}
	return out
}

func lines(from, to int) (out [][]byte) {
	for i := from; i < to; i++ {
		out = append(out, fmt.Appendf(nil, `{"id":%d,"name":"Ann %d"}`, i, i))
	}
	return out
}

func TestLine(t *testing.T) {
	bus := embedded(t, "")
	l := &Line{Queue: "payments", Store: open(t), Bus: bus, Cover: plain{}}
	run(t, l, func(ctx context.Context, q article41.Query) (article41.Sifted, error) {
		switch q.Name {
		case "poison":
			panic("boom")
		case "strange":
			return article41.Sifted{}, fmt.Errorf("%w: name: strange", record.ErrInvalid)
		}
		return echo(ctx, q)
	})
	give := append(lines(0, 300), []byte(`{"id":"p","name":"poison"}`), []byte(`{"id":"s","name":"strange"}`),
		[]byte(`{"name":"no id"}`), []byte(`{"id":7,"name":"another"}`), []byte(`{"id":8,"name":"Ann 8"}`), []byte(`{"id":"e","name":" "}`))
	var acks []Ack
	until(t, "a worker that listens", func() bool {
		var err error
		if acks, err = Submit(t.Context(), bus, "payments", give); err != nil && !errors.Is(err, nats.ErrNoResponders) {
			t.Fatal(err)
		}
		return err == nil
	})
	for i, want := range map[int]string{0: taken, 299: taken, 300: taken, 301: taken, 302: refused, 303: refused, 304: again, 305: refused} {
		if acks[i].State != want {
			t.Errorf("row %s: %+v, want %s", give[i], acks[i], want)
		}
	}
	got := ids(t, answered(t, l, 302))
	if len(got) != 302 || got["12"].Verdict != "asked: Ann 12" || !strings.Contains(got[`"p"`].Error, "engine failed") || !strings.Contains(got[`"s"`].Error, "strange") {
		t.Fatalf("%d answers: %+v, %+v", len(got), got[`"p"`], got[`"s"`])
	}
	waiting, err := l.Store.Waiting(t.Context(), "payments", 0, 10)
	if err != nil || len(waiting) != 0 {
		t.Fatalf("what was screened is kept: %v (%v)", waiting, err)
	}
}

// The relay gives every answer once and in order, though two run, and goes on
// with a new stream where the old one is lost.
func TestRelay(t *testing.T) {
	bus := embedded(t, "")
	l := &Line{Queue: "q", Store: open(t), Bus: bus, Cover: plain{}}
	stop := run(t, l, echo)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go l.Relay(ctx)
	if _, err := l.Take(t.Context(), lines(0, 400)); err != nil {
		t.Fatal(err)
	}
	answered(t, l, 400)
	s, err := bus.answers(t.Context(), "q", 1)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "400 relayed", func() bool {
		info, err := s.Info(t.Context())
		return err == nil && info.State.LastSeq == 400
	})
	stop()
	all, err := l.Store.Answers(t.Context(), "q", 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		m, err := s.GetMsg(t.Context(), uint64(a.Settled))
		if err != nil || !bytes.Equal(m.Data, a.Body) {
			t.Fatalf("answer %d was relayed as %q (%v)", a.Settled, m.Data, err)
		}
	}
}

// The bus loses all it had, again and again, and workers come and go; every row
// gets its one answer.
func TestLostBus(t *testing.T) {
	store := open(t)
	const rounds, each = 4, 250
	for i := range rounds {
		bus := embedded(t, "") // in a new folder: nothing of the last one is left
		l := &Line{Queue: "q", Store: store, Bus: bus, Cover: plain{}}
		if _, err := bus.rows(t.Context(), "q"); err != nil {
			t.Fatal(err)
		}
		if i == rounds-1 {
			run(t, l, echo)
		}
		acks, err := l.Take(t.Context(), lines(i*each, (i+1)*each))
		if err != nil || acks[0].State != taken {
			t.Fatalf("%+v (%v)", acks[0], err)
		}
		if i == rounds-1 {
			if got := ids(t, answered(t, l, rounds*each)); len(got) != rounds*each {
				t.Fatalf("%d answers", len(got))
			}
		} else {
			bus.Close()
		}
	}
}

// An error of ours, unlike one of the row's, is tried again until it passes.
func TestErrorsOfOursAreTriedAgain(t *testing.T) {
	l := &Line{Queue: "q", Store: open(t), Bus: embedded(t, ""), Cover: plain{}}
	var told atomic.Int64
	l.Failed = func(error) { told.Add(1) }
	var calls atomic.Int64
	run(t, l, func(ctx context.Context, q article41.Query) (article41.Sifted, error) {
		if calls.Add(1) <= 3 {
			return article41.Sifted{}, errors.New("the disk is slow")
		}
		return echo(ctx, q)
	})
	if _, err := l.Take(t.Context(), lines(0, 3)); err != nil {
		t.Fatal(err)
	}
	for id, a := range ids(t, answered(t, l, 3)) {
		if a.Error != "" {
			t.Errorf("row %s: %s", id, a.Error)
		}
	}
	if told.Load() == 0 {
		t.Error("nobody was told")
	}
}

func TestBackPressure(t *testing.T) {
	l := &Line{Queue: "q", Store: open(t), Bus: embedded(t, ""), Cover: plain{}, Most: 10}
	if _, err := l.Bus.rows(t.Context(), "q"); err != nil {
		t.Fatal(err)
	}
	if acks, err := l.Take(t.Context(), lines(0, 10)); err != nil || acks[9].State != taken {
		t.Fatalf("%+v (%v)", acks, err)
	}
	if acks, err := l.Take(t.Context(), lines(10, 11)); err != nil || acks[0].State != busy {
		t.Fatalf("%+v (%v)", acks, err)
	}
	run(t, l, echo)
	answered(t, l, 10)
	if acks, err := l.Take(t.Context(), lines(10, 11)); err != nil || acks[0].State != taken {
		t.Fatalf("%+v (%v)", acks, err)
	}
}

// BenchmarkLine is the whole way: producers in the same program, intake, commit,
// bus, a screening that costs nothing, commit, acknowledgement.
func BenchmarkLine(b *testing.B) {
	l := &Line{Queue: "q", Store: open(b), Bus: embedded(b, ""), Cover: plain{}}
	run(b, l, echo)
	b.ReportAllocs()
	given := 0
	for b.Loop() {
		if _, err := l.Take(b.Context(), lines(given, given+500)); err != nil {
			b.Fatal(err)
		}
		given += 500
	}
	until(b, "all answered", func() bool {
		c, err := l.Store.Counts(b.Context(), l.Queue)
		return err == nil && c.Answered == int64(given)
	})
	b.ReportMetric(float64(given)/b.Elapsed().Seconds(), "rows/s")
}
