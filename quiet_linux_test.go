package article41_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// TestStartDialsNothing starts serve without a flag in a network of its own that
// has a loopback and nothing else, asks for a page, and reads the kernel's counts:
// who tried to connect, to send a datagram (a name look-up), or to reach an
// address without a route.
func TestStartDialsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: builds and starts the program; left out by -short")
	}
	dir := t.TempDir()
	build(t, dir)
	failed := make(chan error, 1)
	// The network belongs to the thread, and ends with it: it is never unlocked.
	go func() {
		runtime.LockOSThread()
		failed <- quiet(t, dir)
	}()
	err := <-failed
	if errors.Is(err, errTogether) && os.Getenv("CI") != "true" {
		t.Skipf("did not run: %v; that no other package dials is held by TestLayers", err)
	}
	if err != nil {
		t.Error(err)
	}
}

var errTogether = errors.New("no network of its own may be made here")

func quiet(t *testing.T, dir string) error {
	if err := alone(); err != nil {
		return err
	}
	c := exec.Command(filepath.Join(dir, "article41"), "serve")
	c.Dir, c.Env = dir, clean(dir)
	s, err := start(c)
	if err != nil {
		return err
	}
	defer s.stop()
	before, err := tries()
	if err != nil || before != 0 {
		return fmt.Errorf("at its start it tried to reach somebody %d times (%v)", before, err)
	}
	if err := ask(s.address, "/"); err != nil {
		return err
	}
	// One connection is the test's own.
	if after, err := tries(); err != nil || after != 1 {
		return fmt.Errorf("for one page it tried to reach somebody %d times (%v)", after-1, err)
	}
	if err := s.stop(); err != nil {
		return err
	}
	if after, err := tries(); err != nil || after != 1 {
		return fmt.Errorf("while it stopped it tried to reach somebody %d times (%v)", after-1, err)
	}

	// The counts do count: a connection and a datagram that go nowhere.
	for i, network := range []string{"tcp", "udp"} {
		if c, err := net.Dial(network, "192.0.2.1:53"); err == nil {
			c.Close()
			return fmt.Errorf("this network was to have no way out")
		}
		if n, err := tries(); err != nil || n != 2+i {
			return fmt.Errorf("a try by %s was not counted: %d tries (%v)", network, n, err)
		}
	}
	return nil
}

// alone gives this thread a network of its own with its loopback up.
func alone() error {
	if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
		return fmt.Errorf("%w: %w", errTogether, err)
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	request := struct { // struct ifreq
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}{flags: syscall.IFF_UP | syscall.IFF_RUNNING}
	copy(request.name[:], "lo")
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request))); errno != 0 {
		return fmt.Errorf("loopback: %w", errno)
	}
	return nil
}

// ask gets a page on this thread: http.Get would dial on another, and so in
// another network.
func ask(address, path string) error {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer c.Close()
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", path, address)
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", path, r.Status)
	}
	return nil
}

// tries is how often somebody in this thread's network opened a connection, sent
// a datagram, or found no route.
func tries() (int, error) {
	count := 0
	v4, err := os.ReadFile("/proc/thread-self/net/snmp")
	if err != nil {
		return 0, err
	}
	// Two lines a protocol: the names, then the numbers.
	lines := strings.Split(strings.TrimSpace(string(v4)), "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		names, numbers := strings.Fields(lines[i]), strings.Fields(lines[i+1])
		for j, name := range names {
			switch names[0] + name {
			case "Ip:OutNoRoutes", "Tcp:ActiveOpens", "Udp:OutDatagrams":
				n, err := strconv.Atoi(numbers[j])
				if err != nil {
					return 0, err
				}
				count += n
			}
		}
	}
	v6, err := os.ReadFile("/proc/thread-self/net/snmp6")
	if err != nil && !os.IsNotExist(err) {
		return 0, err
	}
	for line := range strings.Lines(string(v6)) {
		if f := strings.Fields(line); len(f) == 2 && (f[0] == "Ip6OutNoRoutes" || f[0] == "Udp6OutDatagrams") {
			n, err := strconv.Atoi(f[1])
			if err != nil {
				return 0, err
			}
			count += n
		}
	}
	return count, nil
}
