package main

import (
	"path/filepath"
	"strings"
	"testing"

	"article41/postgres"
	"article41/postgrestest"
	"article41/queue"
	"article41/record"
	"article41/recordtest"
	"article41/shelf"
	"article41/sqlite"
)

// An installation goes to PostgreSQL and back: ledger and shelf are the same, and
// what queues hold is refused while it is unfinished, and counted after.
func TestCopyThereAndBack(t *testing.T) {
	dir := t.TempDir()
	a, b, pg := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db"), postgrestest.Database(t)
	s, err := sqlite.Open(t.Context(), a, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := record.Append(t.Context(), s, record.Batch{ID: "x", Recorded: recordtest.Noon}, recordtest.Entries(t, "x", 700, 200)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Shelf().Write(t.Context(), shelf.Change{Kind: "note", ID: "n", Body: []byte{0, 1, 0xff}}); err != nil {
		t.Fatal(err)
	}
	taken, err := s.Queue().Take(t.Context(), "payments", []queue.Row{{ID: "1", Mark: []byte("m"), Body: []byte("b")}})
	if err != nil {
		t.Fatal(err)
	}
	if out, errs, code := command(t, "copy", a, pg); code == 0 || !strings.Contains(errs, "queue payments: 1 rows wait for an answer") {
		t.Fatalf("a row waits: exit %d, %s%s", code, out, errs)
	}
	p, err := postgres.Open(t.Context(), pg, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if h, err := p.Head(t.Context()); err != nil || h.Position != 0 {
		t.Fatalf("refused, and yet %d entries were copied (%v)", h.Position, err)
	}
	if _, err := s.Queue().Settle(t.Context(), "payments", []queue.Answer{{Seq: taken[0].Seq, Body: []byte("{}\n")}}); err != nil {
		t.Fatal(err)
	}
	out, errs, code := command(t, "copy", a, pg)
	if code != 0 || !strings.Contains(out, "700 entries") || !strings.Contains(out, "queue payments: 1 answers stay in "+a) {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	if out, errs, code := command(t, "copy", pg, b); code != 0 || strings.Contains(out, "queue") {
		t.Fatalf("back: exit %d, %s%s", code, out, errs)
	}
	home, err := sqlite.Open(t.Context(), b, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer home.Close()
	want, _ := s.Head(t.Context())
	for _, c := range []interface {
		record.Store
		Shelf() shelf.Store
	}{p, home} {
		if h, err := c.Head(t.Context()); err != nil || h != want {
			t.Errorf("the copy's head %+v, want %+v (%v)", h, want, err)
		}
		if err := record.Verify(t.Context(), c); err != nil {
			t.Error(err)
		}
		if err := shelf.Same(t.Context(), s.Shelf(), c.Shelf()); err != nil {
			t.Error(err)
		}
	}
}
