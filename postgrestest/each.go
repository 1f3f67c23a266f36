package postgrestest

import (
	"path/filepath"
	"testing"

	"article41/postgres"
	"article41/record"
	"article41/shelf"
	"article41/sqlite"
)

// Store is a database with its ledger and its shelf.
type Store interface {
	record.Store
	Shelf() shelf.Store
}

// Fresh makes an empty database. Each call of handle opens it once more, as another
// process does; what lies in memory has one handle.
type Fresh func(t testing.TB) (handle func() Store)

// Each runs a test of what rests on a store on every kind of it: a SQLite file,
// SQLite in memory, PostgreSQL.
func Each(t *testing.T, test func(t *testing.T, fresh Fresh)) {
	t.Run("file", func(t *testing.T) { test(t, File) })
	t.Run("memory", func(t *testing.T) {
		test(t, func(t testing.TB) func() Store {
			s := opened(t)(sqlite.Open(t.Context(), sqlite.Memory, sqlite.Options{}))
			return func() Store { return s }
		})
	})
	t.Run("postgres", func(t *testing.T) {
		server := Start(t)
		test(t, func(t testing.TB) func() Store {
			address := server.Database(t)
			return func() Store {
				s, err := postgres.Open(t.Context(), address, postgres.Options{Connections: 6})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { s.Close() })
				return s
			}
		})
	})
}

// File is a SQLite file in a folder of its own.
func File(t testing.TB) func() Store {
	path := filepath.Join(t.TempDir(), "a.db")
	return func() Store { return opened(t)(sqlite.Open(t.Context(), path, sqlite.Options{})) }
}

func opened(t testing.TB) func(*sqlite.Store, error) Store {
	return func(s *sqlite.Store, err error) Store {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
}
