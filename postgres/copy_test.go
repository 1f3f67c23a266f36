package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"article41/postgrestest"
	"article41/record"
	"article41/recordtest"
	"article41/shelf"
	"article41/sqlite"
)

func file(t *testing.T) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// There and back again, with a break on the way, and then further.
func TestCopy(t *testing.T) {
	a, b, pg := file(t), file(t), openAt(t, postgrestest.Database(t))
	add := func(n, edition int) {
		_, err := record.Append(t.Context(), a, record.Batch{ID: "x", Edition: uint64(edition), Recorded: recordtest.Noon.Add(time.Duration(n) * time.Minute)},
			recordtest.Entries(t, fmt.Sprint("x", n), n, 200))
		if err != nil {
			t.Fatal(err)
		}
	}
	add(3, 1)
	add(6000, 1)
	add(1, 2)
	stop := errors.New("broken off")
	if _, err := record.Copy(t.Context(), breaking{a, 3, stop}, pg, nil); !errors.Is(err, stop) {
		t.Fatalf("the break: %v", err)
	}
	if h, _ := pg.Head(t.Context()); h.Position != 3 {
		t.Fatalf("after the break the copy holds %d entries", h.Position)
	}
	for range 2 { // the second finds nothing to do
		if _, err := record.Copy(t.Context(), a, pg, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := record.Copy(t.Context(), pg, b, nil); err != nil {
			t.Fatal(err)
		}
	}
	add(2, 2)
	have, err := record.Copy(t.Context(), a, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := a.Head(t.Context()); have != want || have.Position != 6006 {
		t.Fatalf("the copy's head %+v, want %+v", have, want)
	}
	if err := record.Verify(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	// Another ledger is not overwritten, nor is one that goes further.
	if _, err := record.Copy(t.Context(), pg, a, nil); !errors.Is(err, record.ErrConflict) {
		t.Errorf("a target that holds more: %v", err)
	}
	other := file(t)
	if _, err := record.Append(t.Context(), other, record.Batch{ID: "o"}, recordtest.Entries(t, "other", 3, 10)); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Copy(t.Context(), a, other, nil); !errors.Is(err, record.ErrConflict) {
		t.Errorf("a target that holds another ledger: %v", err)
	}
}

// breaking fails in a scan that begins after the position.
type breaking struct {
	record.Store
	after record.Position
	err   error
}

func (b breaking) Scan(ctx context.Context, from, to record.Position, yield func(record.Entry) error) error {
	if from > b.after {
		return b.err
	}
	return b.Store.Scan(ctx, from, to, yield)
}

func TestCopyShelf(t *testing.T) {
	a, b := file(t).Shelf(), openAt(t, postgrestest.Database(t)).Shelf()
	for i := range 700 {
		if _, err := a.Write(t.Context(), shelf.Change{Kind: "note", ID: shelf.ID(fmt.Sprint(i)), Body: []byte{0, byte(i)}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Write(t.Context(), shelf.Change{Kind: "note", ID: "5", Version: 1, Gone: true}); err != nil {
		t.Fatal(err)
	}
	if n, err := shelf.Copy(t.Context(), a, b); err != nil || n != 699 {
		t.Fatalf("%d items, %v", n, err)
	}
	if err := shelf.Same(t.Context(), a, b); err != nil {
		t.Fatal(err)
	}
	if _, err := shelf.Copy(t.Context(), a, b); !errors.Is(err, record.ErrConflict) {
		t.Errorf("onto a shelf that is not empty: %v", err)
	}
	if _, err := b.Write(t.Context(), shelf.Change{Kind: "note", ID: "7", Version: 1, Body: []byte("other")}); err != nil {
		t.Fatal(err)
	}
	if err := shelf.Same(t.Context(), a, b); !errors.Is(err, record.ErrConflict) {
		t.Errorf("another body: %v", err)
	}
}
