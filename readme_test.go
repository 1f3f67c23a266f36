package article41_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestReadme runs every command of the README's sh blocks, in order, in an empty
// folder, against the program built from this tree. What would clone, or run all
// tests inside this one, is only looked up: make -n.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: builds and starts the program; left out by -short")
	}
	page := string(read(t, "README.md"))
	for _, want := range []string{"not affiliated with the United Nations", "](LICENSE)", "](docs/map.md)"} {
		if !strings.Contains(page, want) {
			t.Errorf("README.md does not hold %q", want)
		}
	}
	commands := shellCommands(page)
	if !slices.ContainsFunc(commands, func(c string) bool { return strings.HasPrefix(c, "make run") }) || len(commands) < 5 {
		t.Errorf("README.md shows %d commands, want make run and some questions: %q", len(commands), commands)
	}
	dir := t.TempDir()
	build(t, dir)
	address := ""
	for _, c := range commands {
		t.Run(c, func(t *testing.T) {
			words := strings.Fields(c)
			switch {
			case words[0] == "cd" || words[0] == "git" && words[1] == "clone":
				return
			case words[0] == "make":
				if out, err := exec.Command("make", append([]string{"-n"}, words[1:]...)...).CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
				return
			case c == "go build ./cmd/article41":
				return // is what build has done
			case len(words) > 1 && strings.TrimPrefix(words[0], "./") == "article41" && words[1] == "serve":
				return // TestServe
			}
			if strings.Contains(c, "127.0.0.1:8041") {
				if address == "" {
					address = serve(t, dir).address
				}
				c = strings.ReplaceAll(c, "127.0.0.1:8041", address)
			}
			out, err := shell(t, dir, c)
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if len(out) == 0 {
				t.Error("it says nothing")
			}
		})
	}
}

// TestServe: the program starts without a flag's help from the README, prints
// its address, shows a page, and stops when asked.
func TestServe(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: builds and starts the program; left out by -short")
	}
	dir := t.TempDir()
	build(t, dir)
	s := serve(t, dir)
	r, err := http.Get("http://" + s.address + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK || !strings.Contains(string(body), "</html>") {
		t.Errorf("GET /: %s, %d bytes, %v", r.Status, len(body), err)
	}
	if !strings.Contains(string(body), "ot affiliated with the United Nations") {
		t.Error("the page does not say that it is not affiliated with the United Nations")
	}
	if err := s.stop(); err != nil {
		t.Errorf("after an interrupt: %v", err)
	}
}

// shellCommands are the commands of a page's ```sh blocks: one a line, lines that
// end in a backslash joined, without comments and prompts.
func shellCommands(page string) []string {
	var commands []string
	for _, block := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		for line := range strings.Lines(strings.ReplaceAll(block[1], "\\\n", " ")) {
			line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
			if i := strings.Index(line, "  #"); i >= 0 {
				line = strings.TrimSpace(line[:i])
			}
			if line != "" && !strings.HasPrefix(line, "#") {
				commands = append(commands, line)
			}
		}
	}
	return commands
}

func TestShellCommands(t *testing.T) {
	page := "text\n```sh\n$ make run   # starts\n# a remark\narticle41 screen \\\n  \"A #1\"\n```\n```json\nno\n```\n```sh\nlast\n```\n"
	want := []string{"make run", "article41 screen    \"A #1\"", "last"}
	if got := shellCommands(page); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// build makes the program as a clone would, in the folder.
func build(t *testing.T, dir string) {
	t.Helper()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "article41"), "./cmd/article41").CombinedOutput(); err != nil {
		t.Fatalf("go build ./cmd/article41: %v\n%s", err, out)
	}
}

// clean is an environment without a word for the program, whose name is found in
// the folder.
func clean(dir string) []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ARTICLE41_") })
	return append(env, "HOME="+dir, "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

func shell(t *testing.T, dir, command string) ([]byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", command)
	c.Dir, c.Env = dir, clean(dir)
	return c.CombinedOutput()
}

// server is the program while it serves.
type server struct {
	address string
	stop    func() error // asks it to stop, and waits
}

// serve starts the program in the folder on a free port.
func serve(t *testing.T, dir string) server {
	t.Helper()
	c := exec.Command(filepath.Join(dir, "article41"), "serve", "--addr", "127.0.0.1:0")
	c.Dir, c.Env = dir, clean(dir)
	s, err := start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.stop() })
	return s
}

// start starts the command and waits until it prints its address.
func start(c *exec.Cmd) (server, error) {
	out, err := c.StdoutPipe()
	if err != nil {
		return server{}, err
	}
	var complaints strings.Builder
	c.Stderr = &complaints
	if err := c.Start(); err != nil {
		return server{}, err
	}
	lines := bufio.NewScanner(out)
	stopped := false
	s := server{stop: func() error {
		if stopped {
			return nil
		}
		stopped = true
		_ = c.Process.Signal(os.Interrupt) // if it is gone, Wait says how
		for lines.Scan() {
		}
		return c.Wait()
	}}
	for lines.Scan() {
		if m := regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`).FindStringSubmatch(lines.Text()); m != nil {
			s.address = m[1]
			return s, nil
		}
	}
	return s, fmt.Errorf("it printed no address (%v): %s", c.Wait(), complaints.String())
}
