package main

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestKilledWorker kills the real program at random moments of a batch, and starts
// it again, until it ends: the answers are to the byte those of a run that nobody
// disturbed.
func TestKilledWorker(t *testing.T) {
	exe := program(t)
	dir := t.TempDir()
	db, in := filepath.Join(dir, "a.db"), filepath.Join(dir, "rows.csv")
	makeDB(t, db)
	var rows bytes.Buffer
	rows.WriteString("id,name,birth_date\n")
	for i := range 20_000 {
		fmt.Fprintf(&rows, "c-%d,%s %d,%d\n", i, []string{"Ann Lee", "Houka Houka Ag Alhousseini", "Bob", ""}[i%4], i%7, 1940+i%60)
	}
	if err := os.WriteFile(in, rows.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	worker := func(out string) *exec.Cmd {
		return exec.Command(exe, "worker", "--db", db, "--in", in, "--out", out, "--as-of", "2023-08-01", "--known-at", "2023-08-01")
	}
	whole := filepath.Join(dir, "whole.jsonl")
	timed(t, worker(whole)) // the first keeps the index; the second is the measure
	os.Remove(whole)
	took := timed(t, worker(whole))
	want, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(want, []byte("\n")); n != 20_000 {
		t.Fatalf("%d answers", n)
	}
	kills := 20
	if os.Getenv("ARTICLE41_SOAK") != "" {
		kills = 200
	}
	random := rand.New(rand.NewSource(41))
	begun, halves := 0, 0
	for killed := 0; killed < kills; {
		out := filepath.Join(dir, fmt.Sprintf("out%d.jsonl", killed))
		// Killed several times in one batch, each a part of the way further.
		for range 5 {
			c := worker(out)
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			// Most of a run is its start: wait for some more answers, then a moment.
			more, late := int64(random.Intn(len(want)/4)), time.Now().Add(took+took/4)
			var from int64
			for at := int64(-1); time.Now().Before(late) && at < from+more; time.Sleep(time.Millisecond) {
				st, err := os.Stat(out)
				if err != nil {
					continue
				}
				if at < 0 {
					from = st.Size()
				}
				at = st.Size()
			}
			time.Sleep(time.Duration(random.Intn(20)) * time.Millisecond)
			c.Process.Kill()
			c.Wait()
			killed++
			have, _ := os.ReadFile(out)
			if len(have) > 0 && len(have) < len(want) {
				begun++
				if have[len(have)-1] != '\n' {
					halves++
				}
			}
			if !bytes.HasPrefix(want, have) {
				t.Fatalf("kill %d: what is there is not the beginning of the answers", killed)
			}
		}
		if out, err := worker(out).CombinedOutput(); err != nil {
			t.Fatalf("after kill %d: %v\n%s", killed, err, out)
		}
		have, err := os.ReadFile(out)
		if err != nil || !bytes.Equal(have, want) {
			t.Fatalf("after kill %d: %d bytes, want the same %d (%v)", killed, len(have), len(want), err)
		}
	}
	t.Logf("%d kills, %d of them in the midst of the answers, %d within a line: the same %d bytes each time", kills, begun, halves, len(want))
}
