package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"article41/date"
	"article41/record"
	"article41/recordtest"
	"article41/sqlite"
)

// filled is a ledger of n entries.
func filled(t testing.TB, n int) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for from := 0; from < n; from += 10_000 {
		some := make([]record.Entry, min(n-from, 10_000))
		for i := range some {
			some[i] = record.Entry{Fact: record.FactID(fmt.Sprintf("x/%07d", from+i)), Kind: "source", Source: "test", Known: date.MustDay("2026-01-02"),
				Body: fmt.Appendf(nil, `{"n":%d,"of":"an entry about as long as those of a list are, which is some two hundred bytes of names, dates and places"}`, from+i)}
		}
		if err := s.Stage(t.Context(), "b", some); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Publish(t.Context(), record.Batch{ID: "b", Recorded: time.Unix(1, 0)}); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestBackupWhileWriting: a copy made while another writes is of one moment.
func TestBackupWhileWriting(t *testing.T) {
	s := filled(t, 20_000)
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			id := record.BatchID(fmt.Sprint("w", i))
			if _, err := record.Append(context.Background(), s, record.Batch{ID: id, Recorded: time.Unix(2, 0)}, []record.Entry{
				{Fact: record.FactID(fmt.Sprint("y/", i)), Kind: "source", Source: "test", Known: date.MustDay("2026-01-02"), Body: []byte(`{}`)}}); err != nil {
				done <- err
				return
			}
		}
	}()
	for i := range 3 {
		path := filepath.Join(t.TempDir(), fmt.Sprint(i, ".db"))
		if err := s.Backup(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		b, err := sqlite.Open(t.Context(), path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Sound(t.Context()); err != nil {
			t.Error(err)
		}
		if err := record.Verify(t.Context(), b); err != nil {
			t.Error(err)
		}
		if h, err := b.Head(t.Context()); err != nil || h.Position < 20_000 {
			t.Errorf("%+v %v", h, err)
		}
		b.Close()
	}
	close(stop)
	if err := <-done; err != nil {
		t.Errorf("the writer: %v", err)
	}
}

// BenchmarkBackup copies a ledger of a million entries of the length they have in real
// lists, alone and while another writes as fast as it can. Run with -benchtime 1x.
func BenchmarkBackup(b *testing.B) {
	if testing.Short() {
		b.Skip("did not run: builds a ledger of a million entries")
	}
	s := openAt(b, filepath.Join(b.TempDir(), "ledger.db"), sqlite.Options{})
	chunk := recordtest.Entries(b, "million", 10_000, size)
	for range 100 {
		if err := s.Stage(b.Context(), "million", chunk); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := s.Publish(b.Context(), record.Batch{ID: "million", Recorded: recordtest.Noon}); err != nil {
		b.Fatal(err)
	}
	for _, writing := range []bool{false, true} {
		b.Run(map[bool]string{false: "alone", true: "while-writing"}[writing], func(b *testing.B) {
			stop, done := make(chan struct{}), make(chan int, 1)
			if writing {
				go func() {
					n := 0
					defer func() { done <- n }()
					for {
						select {
						case <-stop:
							return
						default:
						}
						if _, err := record.Append(context.Background(), s, record.Batch{ID: record.BatchID(fmt.Sprint("w", n)), Recorded: recordtest.Noon}, chunk[:1000]); err != nil {
							b.Error(err)
							return
						}
						n += 1000
					}
				}()
			}
			n := 0
			for b.Loop() {
				path := filepath.Join(b.TempDir(), fmt.Sprint(n, ".db"))
				if err := s.Backup(b.Context(), path); err != nil {
					b.Fatal(err)
				}
				if at, err := os.Stat(path); err == nil {
					b.ReportMetric(float64(at.Size())/1e6, "MB")
				}
				os.Remove(path)
				n++
			}
			if writing {
				close(stop)
				b.ReportMetric(float64(<-done), "entries-written-meanwhile")
			}
		})
	}
}
