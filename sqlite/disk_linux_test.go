package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"article41/record"
	"article41/recordtest"
	"article41/sqlite"
)

// tmpfs is a small file system of its own.
func tmpfs(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=3m"); err != nil {
		t.Skipf("did not run: no file system can be mounted here (%v); TestFullFile stands in for it", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestFullDisk(t *testing.T) {
	dir := tmpfs(t)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "ledger.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { s.Close() }()
	fill(t, s)
	before := verify(t, s)
	// A start on the full disk reads, whatever it could not sweep.
	if err := s.Close(); err != nil {
		t.Logf("close on a full disk: %v", err)
	}
	if s, err = sqlite.Open(t.Context(), path, sqlite.Options{}); err != nil {
		t.Fatalf("open on a full disk: %v", err)
	}
	if head := verify(t, s); head != before {
		t.Fatalf("head %+v, want %+v", head, before)
	}
	more := 0
	for ; more < 500; more++ { // closing made room by folding in the log; use it up
		if _, err = record.Append(t.Context(), s, record.Batch{ID: "more"}, recordtest.Entries(t, fmt.Sprint("more", more), 20, 900)); err != nil {
			break
		}
	}
	if !errors.Is(err, sqlite.ErrFull) {
		t.Fatalf("after %d more batches: %v", more, err)
	}
	before = verify(t, s)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Append(t.Context(), s, record.Batch{ID: "room"}, recordtest.Entries(t, "room", 100, 900)); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	if head := verify(t, s); head.Position != before.Position+100 {
		t.Fatalf("position %d, want %d", head.Position, before.Position+100)
	}
}

// Another user's process, which has no right to write, gets a word and no harm
// is done.
func TestFileOfAnotherUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("did not run: only root can start a process of another user; TestConnectionThatMayNotWrite stands in for it")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name         string
		folder, file os.FileMode
	}{
		{"file and folder read-only", 0o755, 0o644},
		{"file read-only", 0o777, 0o644},
		{"file not readable", 0o777, 0o600},
	} {
		dir := t.TempDir()
		os.Chmod(filepath.Dir(dir), 0o755) // TempDir's parent is closed to others
		program := filepath.Join(dir, "program")
		if out, err := exec.Command("cp", self, program).CombinedOutput(); err != nil {
			t.Fatalf("%s", out)
		}
		path := filepath.Join(dir, "ledger.db")
		s := openAt(t, path, sqlite.Options{})
		if _, err := record.Append(t.Context(), s, record.Batch{ID: "a"}, recordtest.Entries(t, "a", 10, 1)); err != nil {
			t.Fatal(err)
		}
		before := verify(t, s)
		s.Close()
		os.Chmod(path, c.file)
		os.Chmod(dir, c.folder)
		p := start(t, func(cmd *exec.Cmd) {
			cmd.Path, cmd.Dir = program, dir
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}, "append", path, "nobody")
		var said []string
		for l := p.line(); l != ""; l = p.line() {
			said = append(said, l)
		}
		err := p.Wait()
		text := strings.Join(said, "; ")
		t.Logf("%s: %s", c.name, text)
		if err == nil || !strings.Contains(text, "cannot be written") && !strings.Contains(text, "cannot be opened") {
			t.Errorf("%s: %v: the error is not clear: %s", c.name, err, text)
		}
		if head := verify(t, openAt(t, path, sqlite.Options{})); head != before {
			t.Errorf("%s: the ledger changed", c.name)
		}
	}
}
