package main

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestOperation: what is measured and logged of a screening names nobody, and
// the program stops when it is told to.
func TestOperation(t *testing.T) {
	t.Chdir(t.TempDir())
	free := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return l.Addr().String()
	}
	metrics, profiles := free(), free()
	base, errs, stop, ended := started(t, "--metrics-addr", metrics, "--pprof-addr", profiles, "--log-requests")
	for range 600 {
		if strings.Contains(errs.text(), "for=metrics") {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	get := func(url string) string {
		t.Helper()
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != 200 {
			t.Errorf("%s: %d", url, resp.StatusCode)
		}
		return string(b)
	}
	get(base + "search/default?q=Tzvetanka")
	get(base + "v2/search?name=Tzvetanka&type=person")
	resp, err := http.Post(base+"api/v1/screen", "application/json", strings.NewReader(`{"name":"Tzvetanka"}`))
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("%v %v", err, resp)
	}
	resp.Body.Close()
	text := get("http://" + metrics + "/metrics")
	for _, want := range []string{`article41_answers_total{route="POST /api/v1/screen",status="200"} 1`, `article41_list_age_days{list="un"}`,
		`article41_working 0`, `article41_answer_seconds_count{route="GET /search/{dataset}"} 1`, "article41_ledger_position", "go_goroutines"} {
		if !strings.Contains(text, want) {
			t.Errorf("metrics do not say %s", want)
		}
	}
	get("http://" + profiles + "/debug/pprof/cmdline")
	log := errs.text()
	if !strings.Contains(log, `route="POST /api/v1/screen" status=200`) {
		t.Errorf("the log does not tell the request: %s", log)
	}
	for what, s := range map[string]string{"metrics": text, "the log": log} {
		if strings.Contains(s, "Tzvetanka") {
			t.Errorf("a name stands in %s", what)
		}
	}
	stop()
	select {
	case code := <-ended:
		if code != exitAnswered {
			t.Errorf("exit %d: %s", code, errs.text())
		}
	case <-time.After(20 * time.Second):
		t.Error("it does not stop")
	}
	if _, err := net.DialTimeout("tcp", metrics, time.Second); err == nil {
		t.Error("the metrics outlive the program")
	}
	if o := asks(t, t.TempDir(), "serve", "--addr", "127.0.0.1:0", "--pprof-addr", "0.0.0.0:0"); o.code != exitUse {
		t.Errorf("profiles for everybody: exit %d", o.code)
	}
}
