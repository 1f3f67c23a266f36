package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"article41/date"
	"article41/record"
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

func BenchmarkBackup(b *testing.B) {
	if testing.Short() {
		b.Skip("did not run: builds a ledger of a million entries")
	}
	s := filled(b, 1_000_000)
	n := 0
	for b.Loop() {
		if err := s.Backup(b.Context(), filepath.Join(b.TempDir(), fmt.Sprint(n, ".db"))); err != nil {
			b.Fatal(err)
		}
		n++
	}
}
