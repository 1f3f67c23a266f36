package sqlite_test

import (
	"path/filepath"
	"testing"

	"article41/queue"
	"article41/recordtest"
	"article41/shelf"
	"article41/sqlite"
)

func TestShelf(t *testing.T) {
	paths := map[shelf.Store]string{}
	at := func(t testing.TB, path string) shelf.Store {
		s := openAt(t, path, sqlite.Options{}).Shelf()
		paths[s] = path
		return s
	}
	recordtest.Shelf(t, func(t testing.TB) shelf.Store { return at(t, filepath.Join(t.TempDir(), "ledger.db")) },
		func(t testing.TB, s shelf.Store) shelf.Store { return at(t, paths[s]) })
}

func TestShelfInMemory(t *testing.T) {
	recordtest.Shelf(t, func(t testing.TB) shelf.Store { return openAt(t, sqlite.Memory, sqlite.Options{}).Shelf() }, nil)
}

func TestQueue(t *testing.T) {
	recordtest.Queue(t, func(t testing.TB) queue.Store {
		return openAt(t, filepath.Join(t.TempDir(), "ledger.db"), sqlite.Options{}).Queue()
	})
}
