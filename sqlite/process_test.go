package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"article41/record"
	"article41/recordtest"
	"article41/sqlite"
)

// The tests of several processes start this binary again, with the part that it
// is to play in its environment. Parts speak a line at a time.
const partEnv = "ARTICLE41_TEST_PART"

func TestMain(m *testing.M) {
	if part := os.Getenv(partEnv); part != "" {
		if err := play(context.Background(), strings.Split(part, "|")); err != nil {
			fmt.Println("error", err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// pieces is how many calls of Stage the import of a killed process makes.
const (
	pieces    = 10
	pieceSize = 600
)

func play(ctx context.Context, part []string) error {
	s, err := sqlite.Open(ctx, part[1], sqlite.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	name := part[2]
	t := new(testing.T) // Entries fails on it only if the test itself is wrong
	switch part[0] {
	case "import": // one large batch; says each step before it takes it
		for i := range pieces {
			entries := recordtest.Entries(t, fmt.Sprint(name, "/", i), pieceSize, 300)
			fmt.Println("stage", i)
			if err := s.Stage(ctx, "import", entries); err != nil {
				return err
			}
		}
		fmt.Println("publish")
		if _, err := s.Publish(ctx, record.Batch{ID: "import", Recorded: time.Now()}); err != nil {
			return err
		}
		fmt.Println("published")
		_, err := io.Copy(io.Discard, os.Stdin) // waits to be killed
		return err
	case "turns": // appends one batch for each line it reads
		in := bufio.NewScanner(os.Stdin)
		for n := 0; in.Scan(); n++ {
			after, err := strconv.Atoi(in.Text())
			if err != nil {
				return err
			}
			position := record.Position(after)
			r, err := record.Append(ctx, s, record.Batch{ID: "same id", After: &position, Recorded: time.Now()},
				recordtest.Entries(t, fmt.Sprint(name, n), 1+n*37%90, 50))
			if err != nil {
				return err
			}
			fmt.Println(r.Last())
		}
		return in.Err()
	case "race": // appends as fast as it can; on a conflict it reads again
		conflicts := 0
		for n := 0; n < 25; {
			head, err := s.Head(ctx)
			if err != nil {
				return err
			}
			_, err = record.Append(ctx, s, record.Batch{ID: "same id", After: &head.Position, Recorded: time.Now()},
				recordtest.Entries(t, fmt.Sprint(name, n), 8, 50))
			switch {
			case err == nil:
				n++
			case errors.Is(err, record.ErrConflict):
				conflicts++
			default:
				return err
			}
		}
		fmt.Println("conflicts", conflicts)
	case "stage": // a long import
		chunk := recordtest.Entries(t, name, 10_000, 800)
		fmt.Println("begun")
		begin := time.Now()
		for range 30 {
			if err := s.Stage(ctx, "import", chunk); err != nil {
				return err
			}
		}
		fmt.Println("staged", time.Since(begin))
		begin = time.Now()
		_, err := s.Publish(ctx, record.Batch{ID: "import", Recorded: time.Now()})
		fmt.Println("published", time.Since(begin))
		return err
	case "append":
		if _, err := s.Head(ctx); err != nil {
			return err
		}
		fmt.Println("read")
		_, err := record.Append(ctx, s, record.Batch{ID: "one", Recorded: time.Now()}, recordtest.Entries(t, name, 8, 50))
		return err
	}
	return nil
}

// process is one of these, running.
type process struct {
	*exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

func start(t testing.TB, change func(*exec.Cmd), part ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(self)}
	p.Env = append(os.Environ(), partEnv+"="+strings.Join(part, "|"))
	p.Stderr = os.Stderr
	if change != nil {
		change(p.Cmd)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if p.in, err = p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewScanner(out)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.ProcessState == nil {
			p.Process.Kill()
			p.Wait()
		}
	})
	return p
}

// line is the next line that the process says, or "" if it ended.
func (p *process) line() string {
	if p.lines.Scan() {
		return p.lines.Text()
	}
	return ""
}

// end reads what is left and waits.
func (p *process) end(t testing.TB) []string {
	t.Helper()
	p.in.Close()
	var said []string
	for l := p.line(); l != ""; l = p.line() {
		said = append(said, l)
	}
	if err := p.Wait(); err != nil {
		t.Fatalf("%v: %q", err, said)
	}
	return said
}
