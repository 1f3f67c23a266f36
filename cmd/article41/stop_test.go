package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// started runs serve in this program, in the current folder, until stop; base ends
// with a slash.
func started(t *testing.T, args ...string) (base string, errs *lockedBuffer, stop func(), ended chan int) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	var out lockedBuffer
	errs, ended = &lockedBuffer{}, make(chan int, 1)
	go func() {
		ended <- run(ctx, world{strings.NewReader(""), &out, errs, func(string) string { return "" }, time.Now},
			append([]string{"serve", "--addr", "127.0.0.1:0"}, args...))
	}()
	at := regexp.MustCompile(`http://\S+`)
	for range 600 {
		if base = at.FindString(out.text()); base != "" {
			return base, errs, stop, ended
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("it does not start: %s %s", out.text(), errs.text())
	return
}

// TestStop: a server that is told to stop says so at /readyz, answers on for as long
// as it was told, and finishes a question that was under way.
func TestStop(t *testing.T) {
	t.Chdir(t.TempDir())
	base, errs, stop, ended := started(t, "--drain", "2s")
	ready := func() int {
		resp, err := http.Get(base + "readyz")
		if err != nil {
			return 0
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	for range 600 {
		if ready() == http.StatusOK {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	r, w := io.Pipe()
	got := make(chan string, 1)
	go func() {
		resp, err := http.Post(base+"api/v1/screen/batch", "application/x-ndjson", r)
		if err != nil {
			got <- err.Error()
			return
		}
		defer resp.Body.Close()
		lines := bufio.NewReader(resp.Body)
		first, err := lines.ReadString('\n')
		if err != nil {
			got <- err.Error()
			return
		}
		got <- first
		rest, err := io.ReadAll(lines)
		got <- fmt.Sprint(string(rest), err)
	}()
	fmt.Fprintln(w, `{"id":"a","name":"Blue Heron"}`)
	if first := <-got; !strings.Contains(first, `"id":"a"`) {
		t.Fatal(first)
	}
	stop()
	saidSo := false
	for range 200 {
		if saidSo = ready() == http.StatusServiceUnavailable; saidSo {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if !saidSo {
		t.Error("/readyz does not say that it is about to stop")
	}
	for range 600 {
		if ready() == 0 { // the listener is closed
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Fprintln(w, `{"id":"b","name":"Blue Heron"}`)
	w.Close()
	if rest := <-got; !strings.Contains(rest, `"id":"b"`) || !strings.Contains(rest, `"done":true`) {
		t.Errorf("what was under way is cut: %s", rest)
	}
	if code := <-ended; code != exitAnswered {
		t.Errorf("exit %d: %s", code, errs.text())
	}
}
