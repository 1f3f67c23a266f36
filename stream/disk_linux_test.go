package stream

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"

	"article41/sqlite"
)

// small is a folder on a disk of its own, with room for so many bytes.
func small(t testing.TB, bytes int64) string {
	t.Helper()
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("did not run: only root may mount a small disk (tmpfs)")
		}
		t.Skip("did not run: only root may mount a small disk (tmpfs)")
	}
	dir, err := os.MkdirTemp("", "article41-disk-") // not the test's: others must be able to enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(dir) })
	switch err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprint("mode=755,size=", bytes)); {
	case errors.Is(err, syscall.EPERM):
		t.Skipf("did not run: the kernel refuses root a small disk (mount tmpfs): %v", err)
	case err != nil:
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fill takes all the room of the disk and returns what gives it back.
func fill(t testing.TB, dir string) (free func()) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	at := int64(0)
	for piece := int64(16 << 20); piece >= 4<<10; {
		switch err := syscall.Fallocate(int(f.Fd()), 0, at, piece); {
		case err == nil:
			at += piece
		case errors.Is(err, syscall.ENOSPC):
			piece /= 2
		case !errors.Is(err, syscall.EINTR):
			t.Fatal("fill the disk: ", err)
		}
	}
	return func() {
		if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
			t.Error(err)
		}
	}
}

// The database and the server within this program lie on one disk, which is full:
// nothing is acknowledged meanwhile. Once there is room, rows are taken in and
// answered again, though the server may hold no more messages until it is started
// anew.
func TestFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: fills a disk; left out by -short")
	}
	dir := small(t, 64<<20)
	store, err := sqlite.Open(t.Context(), filepath.Join(dir, "q.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	bus, err := Embedded(filepath.Join(dir, "stream"), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	var told atomic.Int64
	l := &Line{Queue: "q", Store: store.Queue(), Bus: bus, Cover: plain{}, Failed: func(error) { told.Add(1) }}
	run(t, l, echo)
	given := 0
	give := func() bool {
		ok := handIn(t, bus, lines(given, given+100))
		if ok {
			given += 100
		}
		return ok
	}
	until(t, "rows taken in", give)
	answered(t, l, int64(given))
	for range 3 {
		free := fill(t, dir)
		refusals := 0
		for range 400 { // what the files hold in reserve is used up first
			if refusals == 5 {
				break
			}
			if !give() {
				refusals++
			}
		}
		if refusals < 5 {
			t.Error("rows are taken in without end on a full disk")
		}
		free()
		before := given
		until(t, "rows taken in, now that there is room", give)
		if given == before {
			t.Error("nothing was taken in")
		}
	}
	if got := ids(t, answered(t, l, int64(given))); len(got) != given || got[ID(strconv.Itoa(given-1))].Verdict == "" {
		t.Fatalf("%d answers to %d rows", len(got), given)
	}
	if told.Load() == 0 {
		t.Error("nobody was told")
	}
	t.Logf("%d rows, each answered once, with a disk that was full three times; %d errors were told", given, told.Load())
}
