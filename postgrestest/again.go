package postgrestest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"article41/postgres"
	"article41/sqlite"
)

// serverOf names, to the second run of a package's tests, the folder of the server
// that it rests on.
const serverOf = "ARTICLE41_TEST_POSTGRES"

// again is what a second run holds.
type again struct {
	sync.Mutex
	server    *Server
	addresses map[string]string // of the databases, by the path that stands for each
}

var secondRun = sync.OnceValue(func() *again { return &again{addresses: map[string]string{}} })

// Open opens the database at the path, or begins one: a SQLite file, or SQLite in
// memory; in the second run that [Again] makes, a database of PostgreSQL that
// stands for it.
func Open(t testing.TB, path string) Store {
	t.Helper()
	dir := os.Getenv(serverOf)
	if dir == "" {
		return opened(t)(sqlite.Open(context.Background(), path, sqlite.Options{}))
	}
	second := secondRun()
	second.Lock()
	defer second.Unlock()
	if second.server == nil {
		second.server = &Server{dir: dir, port: 5432, bin: programs(t)}
	}
	address, is := second.addresses[path]
	if !is || path == sqlite.Memory {
		address = second.server.Database(t)
		second.addresses[path] = address
	}
	s, err := postgres.Open(context.Background(), address, postgres.Options{Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Second says whether this is the second run that [Again] makes.
func Second() bool { return os.Getenv(serverOf) != "" }

// Again runs the tests of its package whose names fit a second time, in a process
// of their own, with PostgreSQL under whatever they [Open]. The test that calls it
// is called TestOnPostgres.
func Again(t *testing.T, names string) {
	t.Helper()
	if Second() {
		t.Fatal("a second run within the second run")
	}
	if testing.Short() {
		t.Skip("did not run: the tests a second time, on PostgreSQL; left out by -short")
	}
	server := StartAt(t, Place{Hasty: true})
	args := []string{"-test.run=" + names, "-test.skip=^TestOnPostgres$", "-test.timeout=15m"}
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Env = append(os.Environ(), serverOf+"="+server.dir)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Errorf("on PostgreSQL: %v\n| %s", err, strings.ReplaceAll(string(out), "\n", "\n| "))
	}
	// PostgreSQL brings three databases along.
	made, err := os.ReadDir(filepath.Join(server.dir, "data", "base"))
	if err != nil || len(made) <= 3 {
		t.Errorf("none of the tests opened a database (%v)", err)
	}
	t.Logf("%d databases", len(made)-3)
}
