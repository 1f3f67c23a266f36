package postgres_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"article41/postgres"
	"article41/postgrestest"
	"article41/queue"
	"article41/record"
	"article41/recordtest"
	"article41/shelf"
	"article41/sqlite"

	"github.com/jackc/pgx/v5"
)

func openAt(t testing.TB, address string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), address, postgres.Options{Connections: 6})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestLedger(t *testing.T) {
	server := postgrestest.Start(t)
	at := map[record.Store]string{}
	recordtest.Run(t, func(t testing.TB) record.Store {
		address := server.Database(t)
		s := openAt(t, address)
		at[s] = address
		return s
	}, func(t testing.TB, s record.Store) record.Store { return openAt(t, at[s]) })
}

func TestShelf(t *testing.T) {
	server := postgrestest.Start(t)
	at := map[shelf.Store]string{}
	open := func(t testing.TB, address string) shelf.Store {
		s := openAt(t, address).Shelf()
		at[s] = address
		return s
	}
	recordtest.Shelf(t, func(t testing.TB) shelf.Store { return open(t, server.Database(t)) },
		func(t testing.TB, s shelf.Store) shelf.Store { return open(t, at[s]) })
}

// The same batches give the same digests, to the byte, on both engines.
func TestDigestsAreSQLites(t *testing.T) {
	pg := openAt(t, postgrestest.Database(t))
	lite, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lite.Close()
	for i, n := range []int{1, 7, 2500} {
		entries := recordtest.Entries(t, string(rune('a'+i)), n, 100)
		for _, s := range []record.Store{pg, lite} {
			if _, err := record.Append(t.Context(), s, record.Batch{ID: "b", Recorded: recordtest.Noon}, entries); err != nil {
				t.Fatal(err)
			}
		}
	}
	a, err := pg.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b, err := lite.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if a != b || a.Position != 2508 {
		t.Fatalf("PostgreSQL %+v\nSQLite     %+v", a, b)
	}
}

func TestProgramsThatStartTogetherAtOnce(t *testing.T) {
	address := postgrestest.Database(t)
	done := make(chan error)
	for range 4 {
		go func() {
			s, err := postgres.Open(t.Context(), address, postgres.Options{Connections: 2})
			if err == nil {
				err = s.Close()
			}
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestNewerLayout(t *testing.T) {
	address := postgrestest.Database(t)
	openAt(t, address)
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)`); err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Open(t.Context(), address, postgres.Options{}); !errors.Is(err, record.ErrNewer) {
		t.Fatalf("a newer layout: %v", err)
	}
}

// A wrong address is refused without repeating the password in it.
func TestAddress(t *testing.T) {
	for _, address := range []string{"postgres://me:geheim@host:notaport/db", "postgres://me:geheim@127.0.0.1:1/db?connect_timeout=1"} {
		_, err := postgres.Open(t.Context(), address, postgres.Options{})
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%v", err)
		}
	}
}

// The server dies and comes back: what was published is there, what was only
// staged is not seen, and the same handle goes on.
func TestKilledServer(t *testing.T) {
	server := postgrestest.Start(t)
	address := server.Database(t)
	s := openAt(t, address)
	if _, err := record.Append(t.Context(), s, record.Batch{ID: "one", Recorded: recordtest.Noon}, recordtest.Entries(t, "one", 100, 100)); err != nil {
		t.Fatal(err)
	}
	if err := s.Stage(t.Context(), "two", recordtest.Entries(t, "two", 5000, 100)); err != nil {
		t.Fatal(err)
	}
	server.Kill(t)
	if _, err := s.Publish(t.Context(), record.Batch{ID: "two", Recorded: recordtest.Noon}); err == nil {
		t.Fatal("published on a dead server")
	}
	server.Up(t)
	var r record.Range
	var err error
	for range 50 { // the pool finds its connections dead one by one
		if r, err = s.Publish(t.Context(), record.Batch{ID: "two", Recorded: recordtest.Noon}); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil || r.Last() != 5100 {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := record.Verify(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func TestQueue(t *testing.T) {
	server := postgrestest.Start(t)
	recordtest.Queue(t, func(t testing.TB) queue.Store { return openAt(t, server.Database(t)).Queue() })
}
