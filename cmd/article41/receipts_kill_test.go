package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"article41/receipt"
)

// running is the program serving as a process of its own.
type running struct {
	url string
	cmd *exec.Cmd
}

// begin starts serve and waits until it says where it is.
func begin(t *testing.T, exe, db string, more ...string) running {
	t.Helper()
	c := exec.Command(exe, append([]string{"serve", "--db", db, "--overlay", "none", "--addr", "127.0.0.1:0"}, more...)...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		c.Process.Kill()
		c.Wait()
		t.Fatalf("serve did not start: %v: %s", err, errs.String())
	}
	return running{strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(line, "article41 is at ")), "/"), c}
}

// kill ends it as a power cut would, for the processes.
func (r running) kill() {
	r.cmd.Process.Kill()
	r.cmd.Wait()
}

// handed is a receipt that a client has whole.
type handed struct {
	Receipt    receipt.Receipt `json:"receipt"`
	Commitment string          `json:"commitment"`
}

// TestKilledReceipts kills the server at random moments while clients ask for
// receipts: every receipt that a client holds is in the log after the restart, with
// a proof that leads from it to a checkpoint.
func TestKilledReceipts(t *testing.T) {
	exe := program(t)
	kills := 20
	if os.Getenv("ARTICLE41_SOAK") != "" {
		kills = 200
	}
	random := rand.New(rand.NewSource(41))
	db := filepath.Join(t.TempDir(), "kill.db")
	makeDB(t, db)
	var mu sync.Mutex
	var held []handed
	total, cut := 0, 0
	for round := range kills {
		server := begin(t, exe, db)
		for _, h := range held {
			r, err := http.Get(server.url + "/api/v1/receipts/" + h.Commitment)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(r.Body)
			r.Body.Close()
			var p receipt.Proof
			if err := json.Unmarshal(text, &p); err != nil || r.StatusCode != http.StatusOK {
				t.Fatalf("kill %d: a receipt that was handed out is lost: %s %.300s", round, r.Status, text)
			}
			if _, err := p.Check(h.Receipt); err != nil {
				t.Errorf("kill %d: %v", round, err)
			}
		}
		total, held = total+len(held), nil
		var clients sync.WaitGroup
		asked := make(chan struct{}, 1)
		for c := range 6 {
			clients.Go(func() {
				for n := 0; ; n++ {
					body := fmt.Sprintf(`{"name":"Nobody Of Number %d %d %d","receipt":true}`, round, c, n)
					if c == 0 { // several at once
						body = fmt.Sprintf(`{"queries":[{"name":"Somebody %d"},{"name":"Somebody Else %d"}],"receipt":true}`, n, round)
					}
					r, err := http.Post(server.url+"/api/v1/screen", "application/json", strings.NewReader(body))
					if err != nil {
						return
					}
					text, err := io.ReadAll(r.Body)
					r.Body.Close()
					if err != nil { // the kill cut it off: nobody holds it
						mu.Lock()
						cut++
						mu.Unlock()
						return
					}
					if r.StatusCode == http.StatusServiceUnavailable { // turned away for now
						continue
					}
					var one struct {
						handed
						Answers []handed `json:"answers"`
					}
					if err := json.Unmarshal(text, &one); err != nil || r.StatusCode != http.StatusOK {
						t.Errorf("%s: %.300s", r.Status, text)
						return
					}
					mu.Lock()
					if one.Answers == nil {
						one.Answers = []handed{one.handed}
					}
					held = append(held, one.Answers...)
					mu.Unlock()
					select {
					case asked <- struct{}{}:
					default:
					}
				}
			})
		}
		<-asked // the search's tables are built
		time.Sleep(time.Duration(random.Int63n(int64(300 * time.Millisecond))))
		server.kill()
		clients.Wait()
	}
	if total == 0 {
		t.Fatal("no receipt was handed out")
	}
	out, errs, code := command(t, "audit", "--db", db)
	if code != 0 || !strings.Contains(out, "is sound") {
		t.Errorf("audit: exit %d: %s%s", code, out, errs)
	}
	t.Logf("%d kills: %d receipts handed out, each in the log; %d answers cut off on the way", kills, total, cut)
}
