package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"article41"
	"article41/api"
	"article41/postgrestest"
	"article41/record"
	"article41/shareddata"
)

// replica is a serve of its own on a database.
type replica struct {
	address string
	t       testing.TB
}

func startReplica(t testing.TB, exe, db, keys, signing string) replica {
	t.Helper()
	c := exec.Command(exe, "serve", "--db", db, "--keys", keys, "--signing-key-file", signing, "--addr", "127.0.0.1:0")
	c.Dir = t.TempDir()
	c.Env = append(c.Environ(), "ARTICLE41_MASTER_KEY="+strings.Repeat("41", 32))
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs lockedBuffer
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
		if t.Failed() {
			t.Logf("a replica said:\n%s", errs.text())
		}
	})
	r := bufio.NewReader(out)
	said, err := r.ReadString('\n')
	_, at, ok := strings.Cut(strings.TrimSpace(said), "article41 is at ")
	if !ok {
		t.Fatalf("serve said %q (%v): %s", said, err, errs.text())
	}
	go io.Copy(io.Discard, r)
	return replica{strings.TrimSuffix(at, "/"), t}
}

// ask asks for a page of the JSON, with the position that must have been reached.
func (r replica) ask(path string, least record.Position) (status int, at record.Position, body string) {
	r.t.Helper()
	req, err := http.NewRequest("GET", r.address+path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	if least > 0 {
		req.Header.Set(api.MinPosition, strconv.FormatUint(uint64(least), 10))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	n, _ := strconv.ParseUint(res.Header.Get(api.AtPosition), 10, 64)
	return res.StatusCode, record.Position(n), string(b)
}

// asking asks the replica for a verdict, one question after the other, until it is
// told to stop, and then says how many it asked, how many had no answer, and how
// long the longest took.
func (r replica) asking() (stop func() (asked, failed int, longest time.Duration)) {
	var asked, failed int
	var longest time.Duration
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-over:
				return
			default:
			}
			begin := time.Now()
			res, err := http.Post(r.address+"/api/v1/screen", "application/json", strings.NewReader(`{"name":"Houka Houka Ag Alhousseini"}`))
			if asked++; err != nil || res.StatusCode != http.StatusOK {
				failed++
			}
			if err == nil {
				io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
			longest = max(longest, time.Since(begin))
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return func() (int, int, time.Duration) {
		close(over)
		<-ended
		return asked, failed, longest
	}
}

// Two servers on one PostgreSQL database: what a third program imports, both
// tell of; whoever names the position of it reads it at once; a position that
// does not come is refused with a word. Both answer all the while. The audit reads
// that database too.
func TestReplicas(t *testing.T) {
	list := shareddata.Path(t, "data/un-list/un_consolidated_2022-09-15.xml.gz")
	exe := program(t)
	server := postgrestest.Start(t)
	db, keys := server.Database(t), server.Database(t)
	signing := filepath.Join(t.TempDir(), "article41.key") // those who share a log share the key that signs it
	one, two := startReplica(t, exe, db, keys, signing), startReplica(t, exe, db, keys, signing)
	const lists = "/api/v1/sources?as_of=2022-09-15"
	_, before, _ := one.ask(lists, 0)
	stops := []func() (int, int, time.Duration){one.asking(), two.asking()}
	out, errs, code := command(t, "import", "un", list, "--db", db, "--json")
	committed := time.Now()
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var in article41.Imported
	if err := json.Unmarshal([]byte(out), &in); err != nil || in.Added != 952 {
		t.Fatalf("%s (%v)", out, err)
	}
	store, err := postgresOf(t, db)
	if err != nil {
		t.Fatal(err)
	}
	head, err := store.Head(t.Context())
	if err != nil || head.Position <= before {
		t.Fatalf("%+v (%v), before %d", head, err, before)
	}
	for _, r := range []replica{one, two} {
		status, at, body := r.ask(lists, head.Position)
		if status != http.StatusOK || at != head.Position || !strings.Contains(body, strconv.FormatUint(uint64(head.Position), 10)) {
			t.Errorf("status %d at position %d, want %d: %.300s", status, at, head.Position, body)
		}
	}
	t.Logf("both tell of position %d %s after the import's end", head.Position, time.Since(committed).Round(time.Millisecond))

	// Without the header too, within the next looks of each.
	if _, errs, code := command(t, "import", "un", shareddata.Path(t, "data/un-list/un_consolidated_2017-06-20.xml.gz"), "--db", db); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	committed = time.Now()
	if head, err = store.Head(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, r := range []replica{one, two} {
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			if _, at, _ := r.ask("/api/v1/regimes", 0); at == head.Position {
				break
			}
			if time.Now().After(end) {
				t.Fatal("a replica does not follow")
			}
		}
	}
	t.Logf("both followed to position %d within %s", head.Position, time.Since(committed).Round(time.Millisecond))
	for i, stop := range stops {
		asked, failed, longest := stop()
		if asked == 0 || failed > 0 {
			t.Errorf("server %d: %d of %d questions had no answer while lists were imported", i, failed, asked)
		}
		t.Logf("server %d: %d questions meanwhile, %d without an answer, the longest took %s", i, asked, failed, longest.Round(time.Millisecond))
	}

	status, _, body := one.ask(lists, head.Position+1)
	if status != http.StatusServiceUnavailable || !strings.Contains(body, "did not come") {
		t.Errorf("status %d: %s", status, body)
	}
	if _, errs, code := command(t, "status", "mali", "--db", db, "--min-position", strconv.FormatUint(uint64(head.Position+1), 10)); code != exitUnable || !strings.Contains(errs, "--min-position") {
		t.Errorf("exit %d: %s", code, errs)
	}
	if _, errs, code := command(t, "status", "mali", "--db", db, "--min-position", strconv.FormatUint(uint64(head.Position), 10)); code != 0 {
		t.Errorf("exit %d: %s", code, errs)
	}
	file := filepath.Join(t.TempDir(), "copy.db")
	if _, errs, code := command(t, "copy", db, file); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if out, errs, code := command(t, "audit", "--db", db, "--with", file); code != 0 || !strings.Contains(out, "is sound") || !strings.Contains(out, "agrees") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if _, errs, code := command(t, "backup", "b.db", "--db", db); code != exitUse || !strings.Contains(errs, "pg_dump") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

// Keys that lie in the database itself would be in every dump of it.
func TestKeysLieElsewhere(t *testing.T) {
	db := postgrestest.Database(t)
	_, errs, code := command(t, "key", "list", "--db", db, "--keys", db)
	if code != exitUse || !strings.Contains(errs, "keys lie elsewhere") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func postgresOf(t testing.TB, db string) (record.Store, error) {
	a := &app{world: world{now: time.Now}}
	s, err := a.ledger(t.Context(), db, false)
	if err == nil {
		t.Cleanup(func() { s.Close() })
	}
	return s, err
}
