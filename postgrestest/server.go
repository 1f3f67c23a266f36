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
	Place
	dir  string
	port int
	bin  string
	made atomic.Int64
}

// Place is where a server runs. The zero value is a new folder, reached by a
// socket in it.
type Place struct {
	Dir    string   // its files go to a new folder in this one
	Listen string   // an IP address at which it is reached instead
	Within []string // a command that runs it, such as ip netns exec HOST
	Hasty  bool     // it syncs nothing, for tests that kill nothing
}

// Start runs a server until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	return StartAt(t, Place{})
}

// StartAt is Start at a place.
func StartAt(t testing.TB, p Place) *Server {
	t.Helper()
	bin := programs(t)
	dir, err := os.MkdirTemp(p.Dir, "article41-pg-") // short: the path of a socket has a limit
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &Server{Place: p, dir: dir, port: 5432, bin: bin}
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
	if p.Listen != "" {
		f, err := os.OpenFile(filepath.Join(dir, "data", "pg_hba.conf"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintln(f, "host all all samenet trust"); err != nil || f.Close() != nil {
			t.Fatal("allow the test's hosts: ", err)
		}
	}
	s.Up(t)
	t.Cleanup(func() { s.stop("immediate") })
	return s
}

// Up starts the server, at first or after Kill; one that runs is left alone.
func (s *Server) Up(t testing.TB) {
	t.Helper()
	if s.command("pg_ctl", "-D", filepath.Join(s.dir, "data"), "status").Run() == nil {
		return
	}
	// On a socket in its own folder; no port is taken on the machine itself.
	set := fmt.Sprintf("-c listen_addresses='%s' -c unix_socket_directories='%s' -c max_connections=400", s.Listen, s.dir)
	if s.Hasty {
		set += " -c fsync=off -c full_page_writes=off -c max_wal_size=4GB"
	}
	s.run(t, "pg_ctl", "-D", filepath.Join(s.dir, "data"), "-w", "-l", filepath.Join(s.dir, "log"), "-o", set, "start")
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
	host := s.dir
	if s.Listen != "" {
		host = s.Listen
	}
	return fmt.Sprintf("postgres:///%s?host=%s&port=%d&user=article41", name, host, s.port)
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
	all := append(append([]string{}, s.Within...), append([]string{path}, args...)...)
	c := exec.Command(all[0], all[1:]...)
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
