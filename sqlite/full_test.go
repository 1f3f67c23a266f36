package sqlite_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"article41/record"
	"article41/recordtest"
	"article41/sqlite"
)

// fill appends batches until there is no room, and checks that nothing is lost.
// It returns a batch that is staged and could not be published, if there is one.
func fill(t *testing.T, s *sqlite.Store) (left record.BatchID, entries int) {
	t.Helper()
	for n := 0; ; n++ {
		id := record.BatchID(fmt.Sprint("b", n))
		before, err := s.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		batch := recordtest.Entries(t, string(id), 1+n%50, 900)
		staged := s.Stage(t.Context(), id, batch)
		err = staged
		if err == nil {
			_, err = s.Publish(t.Context(), record.Batch{ID: id, Recorded: recordtest.Noon})
		}
		if err == nil {
			continue
		}
		if !errors.Is(err, sqlite.ErrFull) || !strings.Contains(err.Error(), "the disk is full") {
			t.Fatalf("batch %d: the error is not clear: %v", n, err)
		}
		if after := verify(t, s); after != before {
			t.Fatalf("batch %d: the head moved from %+v to %+v", n, before, after)
		}
		if n == 0 {
			t.Fatal("there was no room at all: this shows nothing")
		}
		if staged != nil {
			return "", 0
		}
		return id, len(batch)
	}
}

// resume checks that work goes on once there is room.
func resume(t *testing.T, s *sqlite.Store, left record.BatchID, entries int) {
	t.Helper()
	before := verify(t, s)
	if left != "" {
		if _, err := s.Publish(t.Context(), record.Batch{ID: left, Recorded: recordtest.Noon}); err != nil {
			t.Fatalf("publish what was staged, now that there is room: %v", err)
		}
	}
	if _, err := record.Append(t.Context(), s, record.Batch{ID: "room", Recorded: recordtest.Noon}, recordtest.Entries(t, "room", 2500, 900)); err != nil {
		t.Fatal(err)
	}
	if head := verify(t, s); head.Position != before.Position+record.Position(entries)+2500 {
		t.Fatalf("position %d", head.Position)
	}
}

func TestFullFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := openAt(t, path, sqlite.Options{})
	if err := s.OnWriter(t.Context(), "PRAGMA max_page_count = 200"); err != nil {
		t.Fatal(err)
	}
	left, entries := fill(t, s)
	verify(t, openAt(t, path, sqlite.Options{})) // others may read meanwhile
	if err := s.OnWriter(t.Context(), "PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	resume(t, s, left, entries)
}

// A staging that finds the disk full half way leaves the batch as it was.
func TestFullWhileStaging(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "ledger.db"), sqlite.Options{})
	all := recordtest.Entries(t, "import", 9000, 300)
	if err := s.Stage(t.Context(), "import", all[:100]); err != nil {
		t.Fatal(err)
	}
	if err := s.OnWriter(t.Context(), "PRAGMA max_page_count = 500"); err != nil {
		t.Fatal(err)
	}
	if err := s.Stage(t.Context(), "import", all[100:]); !errors.Is(err, sqlite.ErrFull) {
		t.Fatalf("have %v", err)
	}
	if err := s.OnWriter(t.Context(), "PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	if err := s.Stage(t.Context(), "import", all[100:]); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Publish(t.Context(), record.Batch{ID: "import", Recorded: recordtest.Noon}); err != nil || r.Count != 9000 {
		t.Fatalf("%+v, %v", r, err)
	}
	i := 0
	if err := s.Scan(t.Context(), 0, 0, func(e record.Entry) error {
		if e.Fact != all[i].Fact || !bytes.Equal(e.Body, all[i].Body) {
			t.Fatalf("position %d holds %s", e.Position, e.Fact)
		}
		i++
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	verify(t, s)
}

// After a failed staging the batch is not published as it happens to stand.
func TestHalfStagedBatchIsNotPublished(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := openAt(t, path, sqlite.Options{})
	if err := s.OnWriter(t.Context(), "PRAGMA max_page_count = 500"); err != nil {
		t.Fatal(err)
	}
	if err := s.Stage(t.Context(), "import", recordtest.Entries(t, "import", 9000, 300)); !errors.Is(err, sqlite.ErrFull) {
		t.Fatalf("have %v", err)
	}
	if _, err := s.Publish(t.Context(), record.Batch{ID: "import"}); !errors.Is(err, record.ErrInvalid) {
		t.Fatalf("have %v", err)
	}
	if head := verify(t, s); head != (record.Head{}) {
		t.Fatalf("head %+v", head)
	}
	if n := rowsOf(t, path, "entry"); n != 0 {
		t.Fatalf("%d rows are left of a discarded batch", n)
	}
}

func TestConnectionThatMayNotWrite(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "ledger.db"), sqlite.Options{})
	if err := s.OnWriter(t.Context(), "PRAGMA query_only = 1"); err != nil {
		t.Fatal(err)
	}
	_, err := record.Append(t.Context(), s, record.Batch{ID: "a"}, recordtest.Entries(t, "a", 1, 1))
	if !errors.Is(err, sqlite.ErrReadOnly) {
		t.Fatalf("have %v", err)
	}
	verify(t, s)
}
