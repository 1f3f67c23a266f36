//go:build unix

package postgrestest

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Kill ends every process of the server with SIGKILL: no checkpoint, no goodbye.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	killed := s.signal(syscall.SIGKILL)
	if len(killed) == 0 {
		t.Fatal("no process of PostgreSQL is found in /proc")
	}
	// Gone when nobody of that number is left: one that is dead and not yet waited
	// for still counts as running for pg_ctl.
	for end := time.Now().Add(10 * time.Second); len(killed) > 0; time.Sleep(time.Millisecond) {
		killed = slices.DeleteFunc(killed, func(pid int) bool { return syscall.Kill(pid, 0) != nil })
		if time.Now().After(end) {
			t.Fatalf("PostgreSQL is killed and %v do not end", killed)
		}
	}
}

// Hang stops every process of the server where it is, as a disk does that no
// longer answers, and returns what lets them go on.
func (s *Server) Hang() (goOn func()) {
	s.signal(syscall.SIGSTOP)
	return func() { s.signal(syscall.SIGCONT) }
}

// signal reaches all processes of the server: those that work in its folder.
func (s *Server) signal(sig syscall.Signal) (reached []int) {
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, l := range links {
		if at, err := os.Readlink(l); err != nil || at != filepath.Join(s.dir, "data") {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(l)))
		if err == nil && syscall.Kill(pid, sig) == nil {
			reached = append(reached, pid)
		}
	}
	return reached
}
