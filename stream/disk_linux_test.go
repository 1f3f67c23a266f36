package stream

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"

	"article41/sqlite"
)

// disk is one of the test's own.
type disk struct {
	dir  string
	slow func(writes int) // lets it do so many writes a second; 0: as many as it can
}

// mounted is a folder on a file system of the test's own.
func mounted(t testing.TB, mount func(dir string) error) string {
	t.Helper()
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("did not run: only root may mount a disk")
		}
		t.Skip("did not run: only root may mount a disk")
	}
	dir, err := os.MkdirTemp("", "article41-disk-") // not the test's: others must be able to enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(dir) })
	switch err := mount(dir); {
	case errors.Is(err, syscall.EPERM) && os.Getenv("CI") == "true":
		t.Fatalf("did not run: the kernel refuses root a disk of the test's own: %v", err)
	case errors.Is(err, syscall.EPERM):
		t.Skipf("did not run: the kernel refuses root a disk of the test's own: %v", err)
	case err != nil:
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

// small makes disks with room for so many bytes.
func small(bytes int64) func(testing.TB) disk {
	return func(t testing.TB) disk {
		return disk{dir: mounted(t, func(dir string) error {
			return syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprint("mode=755,size=", bytes))
		})}
	}
}

// slowable makes a disk whose writes the kernel can hold back, each of them: a
// file system of its own on a loop device, which the block layer throttles.
func slowable(t testing.TB) disk {
	t.Helper()
	const throttle = "/sys/fs/cgroup/blkio/blkio.throttle.write_iops_device"
	image := filepath.Join(t.TempDir(), "image")
	if err := os.WriteFile(image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(image, 1<<30); err != nil {
		t.Fatal(err)
	}
	dir := mounted(t, func(dir string) error {
		if _, err := os.Stat(throttle); err != nil {
			return fmt.Errorf("no control group here holds writes back: %v: %w", err, syscall.EPERM)
		}
		if out, err := exec.Command("mkfs.ext4", "-q", image).CombinedOutput(); err != nil {
			return fmt.Errorf("mkfs.ext4: %w: %s", err, out)
		}
		if out, err := exec.Command("mount", "-o", "loop", image, dir).CombinedOutput(); err != nil {
			return fmt.Errorf("mount -o loop: %v: %s: %w", err, out, syscall.EPERM)
		}
		return nil
	})
	var at syscall.Stat_t
	if err := syscall.Stat(dir, &at); err != nil {
		t.Fatal(err)
	}
	slow := func(writes int) {
		t.Helper()
		if err := os.WriteFile(throttle, fmt.Appendf(nil, "%d:%d %d", at.Dev>>8&0xfff, at.Dev&0xff, writes), 0); err != nil {
			t.Error("hold back writes: ", err)
		}
	}
	slow(0)
	t.Cleanup(func() { slow(0) })
	return disk{dir: dir, slow: slow}
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

// The database and the server within this program lie on one disk, which is slow
// at each write: rows are acknowledged late or not, and each has one answer.
func TestSlowDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: waits for a slow disk; left out by -short")
	}
	disk := slowable(t)
	store, err := sqlite.Open(t.Context(), filepath.Join(disk.dir, "q.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	bus, err := Embedded(filepath.Join(disk.dir, "stream"), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	l := &Line{Queue: "q", Store: store.Queue(), Bus: bus, Cover: plain{}, Failed: func(error) {}}
	run(t, l, echo)
	given := 0
	late := 0
	for _, writes := range []int{20, 2} {
		disk.slow(writes)
		for range 4 {
			if handIn(t, bus, lines(given, given+100)) {
				given += 100
			} else {
				late++
			}
		}
		disk.slow(0)
		until(t, "rows taken in, now that the disk is quick", func() bool { return handIn(t, bus, lines(given, given+100)) })
		given += 100
	}
	if late == 0 {
		t.Error("two writes a second are enough for all: the disk was not slow")
	}
	if all := answered(t, l, int64(given)); len(all) != given || len(ids(t, all)) != given {
		t.Fatalf("%d answers to %d rows", len(all), given)
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
	dir := small(64 << 20)(t).dir
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
