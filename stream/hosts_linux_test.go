package stream

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// host is a machine of the test's network, or "" for this one. It is a network
// namespace of that name, joined by a pair of virtual cables to a bridge.
type host string

func (h host) within() []string {
	if h == "" {
		return nil
	}
	return []string{"ip", "netns", "exec", string(h)}
}

func (h host) address() string {
	if h == "" {
		return "127.0.0.1"
	}
	return "10.41.0.1" + string(h[1:])
}

// hosts are h1 to h4, on a network of their own. It runs in a process whose
// network and mounts are its own too ([apart]), so that nothing is left behind.
func hosts(t testing.TB) (all [4]host) {
	t.Helper()
	ip := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			t.Fatalf("ip %v: %v: %s", args, err, out)
		}
	}
	if err := errors.Join(syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""),
		os.MkdirAll("/run/netns", 0o755), syscall.Mount("tmpfs", "/run/netns", "tmpfs", 0, "")); err != nil {
		t.Fatal(err)
	}
	ip("link", "set", "lo", "up")
	ip("link", "add", "bridge41", "type", "bridge")
	ip("addr", "add", "10.41.0.1/24", "dev", "bridge41")
	ip("link", "set", "bridge41", "up")
	for i := range all {
		h := fmt.Sprint("h", i+1)
		all[i] = host(h)
		ip("netns", "add", h)
		ip("link", "add", "cable-"+h, "type", "veth", "peer", "name", "eth0", "netns", h)
		ip("link", "set", "cable-"+h, "master", "bridge41", "up")
		ip("-n", h, "addr", "add", all[i].address()+"/24", "dev", "eth0")
		ip("-n", h, "link", "set", "eth0", "up")
		ip("-n", h, "link", "set", "lo", "up")
	}
	return all
}

// cut takes the host off the network, without a word to those who speak with it,
// and returns what plugs it in again.
func (h host) cut(t testing.TB) (plug func()) {
	t.Helper()
	set := func(to string) {
		t.Helper()
		if out, err := exec.Command("ip", "link", "set", "cable-"+string(h), to).CombinedOutput(); err != nil {
			t.Errorf("ip link set: %v: %s", err, out)
		}
	}
	set("down")
	return func() { set("up") }
}

// apart runs the test that calls it once more, in a process with a network and
// mounts of its own, and says whether this is that process. Where the kernel
// refuses such a process the test did not run.
func apart(t *testing.T) bool {
	t.Helper()
	if os.Getenv("ARTICLE41_TEST_APART") == t.Name() {
		return true
	}
	missing := t.Skipf
	if os.Getenv("CI") == "true" {
		missing = t.Fatalf
	}
	if _, err := exec.LookPath("ip"); err != nil {
		missing("did not run: there is no ip here (Debian: apt-get install iproute2)")
	}
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=0")
	c.Env = append(os.Environ(), "ARTICLE41_TEST_APART="+t.Name())
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = os.Stderr
	switch err := c.Start(); {
	case errors.Is(err, syscall.EPERM):
		t.Skipf("did not run: the kernel refuses this user a network of its own (unshare --net --mount): %v", err)
	case err != nil:
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if l := strings.TrimSpace(lines.Text()); !strings.HasPrefix(l, "=== ") && !strings.HasPrefix(l, "--- ") && l != "PASS" && l != "FAIL" {
			t.Log(l)
		}
	}
	if err := c.Wait(); err != nil {
		t.Fatalf("in a network of its own: %v", err)
	}
	return false
}
