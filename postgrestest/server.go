// Package postgrestest starts a real PostgreSQL for a test, in a folder of its
// own, and stops it when the test ends.
//
// The programs are looked for on the PATH and where Debian puts them. Without
// them a test says that it did not run; with CI=true it fails. As root the server
// runs as the user postgres, because it refuses root.
//
//	address := postgrestest.Database(t)
package postgrestest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
)

// Server is one that runs.
type Server struct {
	dir  string
	port int
	bin  string
	made atomic.Int64
}

// Start runs a server until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	bin := programs(t)
	dir, err := os.MkdirTemp("", "article41-pg-") // short: the path of a socket has a limit
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &Server{dir: dir, port: 5432, bin: bin}
	if os.Geteuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Fatalf("did not run: PostgreSQL refuses root and there is no user postgres: %v", err)
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	s.run(t, "initdb", "-D", filepath.Join(dir, "data"), "-U", "article41", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	s.Up(t)
	t.Cleanup(func() { s.stop("immediate") })
	return s
}

// Up starts the server, at first or after Kill.
func (s *Server) Up(t testing.TB) {
	t.Helper()
	// On a socket in its own folder only: no port is taken on the machine.
	s.run(t, "pg_ctl", "-D", filepath.Join(s.dir, "data"), "-w", "-l", filepath.Join(s.dir, "log"),
		"-o", fmt.Sprintf("-c listen_addresses='' -c unix_socket_directories='%s' -c max_connections=200", s.dir), "start")
}

// Kill stops the server as a power cut does: no checkpoint, no goodbye.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	if err := s.stop("immediate"); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) stop(mode string) error {
	out, err := s.command("pg_ctl", "-D", filepath.Join(s.dir, "data"), "-m", mode, "-w", "stop").CombinedOutput()
	if err != nil {
		return fmt.Errorf("pg_ctl stop: %w: %s", err, out)
	}
	return nil
}

// Database is the address of a new, empty database.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test%d", s.made.Add(1))
	s.run(t, "createdb", "-h", s.dir, "-p", strconv.Itoa(s.port), "-U", "article41", name)
	return fmt.Sprintf("postgres:///%s?host=%s&port=%d&user=article41", name, s.dir, s.port)
}

// Database starts a server for one database.
func Database(t testing.TB) string { return Start(t).Database(t) }

func (s *Server) run(t testing.TB, name string, args ...string) {
	t.Helper()
	// To a file, not a pipe: the server keeps what it is given open.
	out, err := os.Create(filepath.Join(s.dir, name+".out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	c := s.command(name, args...)
	c.Stdout, c.Stderr = out, out
	if err := c.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		t.Fatalf("%s: %v\n%s%s", name, err, said, log)
	}
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	path := filepath.Join(s.bin, name)
	if os.Geteuid() == 0 {
		args = append([]string{"-u", "postgres", "--", path}, args...)
		path = "runuser"
	}
	c := exec.Command(path, args...)
	c.Dir = s.dir
	return c
}

// programs is the folder of the server's programs.
func programs(t testing.TB) string {
	t.Helper()
	// Debian's come first: what is on the PATH may be a wrapper.
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(p)
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("did not run: there is no PostgreSQL here (Debian: apt-get install postgresql)")
	}
	t.Skip("did not run: there is no PostgreSQL here (Debian: apt-get install postgresql)")
	return ""
}
