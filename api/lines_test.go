package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"article41/record"
)

// TestBatchLines: an answer a line, in order, errors in their place, and a last
// line that counts.
func TestBatchLines(t *testing.T) {
	in := strings.Join([]string{
		`{"id":"a","name":"Blue Heron","kind":"vessel"}`,
		``,
		`{"id":7,"name":"Tzvetanka Brouwershaven"}`,
		`{"name":"x","brithday":"1970"}`,
		`{"name":`,
		`{"name":"` + strings.Repeat("x", longestLine) + `"}`,
		`{"id":"b","name":"x","born":"soon"}`,
		`{"name":"` + "\xff" + `"}`,
		strings.Repeat("[", 40) + strings.Repeat("]", 40),
		`{"id":"z","name":"Iyad Ag Ghali","threshold":0.9}`, // without a line's end
	}, "\n")
	w := send(handler(t), "POST", "/api/v1/screen/batch?as_of=2026-05-01", in)
	if w.Code != 200 || w.Header().Get("Content-Type") != linesType {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	var rows []tree
	for _, l := range strings.Split(strings.TrimSpace(w.Body.String()), "\n") {
		var v any
		if err := json.Unmarshal([]byte(l), &v); err != nil {
			t.Fatalf("%v: %.200s", err, l)
		}
		rows = append(rows, tree{t, v})
	}
	if len(rows) != 10 {
		t.Fatalf("%d lines, want nine answers and the count", len(rows))
	}
	for i, row := range rows[:9] {
		row.at("line").is(float64(i + 1))
	}
	rows[0].at("id").is("a")
	rows[0].at("screening", "hits", 0, "id").is("103")
	rows[0].at("screening", "as_of").is("2026-05-01")
	rows[1].at("id").is(7.0)
	for i, want := range map[int]struct {
		status float64
		field  string
	}{2: {400, "brithday"}, 3: {400, ""}, 4: {413, ""}, 5: {400, "born"}, 6: {400, ""}, 7: {400, ""}} {
		rows[i].at("error", "status").is(want.status)
		if want.field != "" {
			rows[i].at("error", "errors", 0, "field").is(want.field)
		}
	}
	rows[8].at("id").is("z")
	sum := rows[9]
	sum.at("done").is(true)
	sum.at("lines").is(9.0)
	sum.at("errors").is(6.0)
	sum.at("with_hits").is(2.0)
	for target, status := range map[string]int{"?zeal=1": 400, "?as_of=x": 400, "?position=99999999": 404} {
		if w := send(handler(t), "POST", "/api/v1/screen/batch"+target, ""); w.Code != status {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
}

// TestBatchIsStreamed: an answer comes while the next question is not sent yet.
func TestBatchIsStreamed(t *testing.T) {
	srv := httptest.NewServer(handler(t))
	defer srv.Close()
	r, w := io.Pipe()
	req, _ := http.NewRequest("POST", srv.URL+"/api/v1/screen/batch", r)
	go io.WriteString(w, `{"name":"Blue Heron"}`+"\n")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewReader(resp.Body)
	for range 3 {
		if l, err := lines.ReadString('\n'); err != nil || !strings.Contains(l, `"103"`) {
			t.Fatalf("%v %.100s", err, l)
		}
		io.WriteString(w, `{"name":"Blue Heron"}`+"\n")
	}
	w.Close()
	rest, err := io.ReadAll(lines)
	if err != nil || !strings.Contains(string(rest), `"done":true,"lines":4`) {
		t.Errorf("%v %.2000s", err, rest)
	}
}

// TestBatchCut: a batch that breaks off says so.
func TestBatchCut(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	at := record.At{AsOf: today, KnownAt: today}
	var out strings.Builder
	broken := errors.New("the line is dead")
	sum, err := ScreenLines(context.Background(), a, at, io.MultiReader(strings.NewReader(`{"name":"x y"}`+"\n"), errorReader{broken}), &out)
	if !errors.Is(err, broken) || sum.Done || !strings.Contains(out.String(), `"done":false,"lines":1`) || strings.Contains(out.String(), "dead") {
		t.Errorf("%v %+v %s", err, sum, out.String())
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if sum, err := ScreenLines(ctx, a, at, strings.NewReader(`{"name":"x y"}`), io.Discard); !errors.Is(err, context.Canceled) || sum.Done {
		t.Errorf("%v %+v", err, sum)
	}
	sum, err = screenLines(context.Background(), a, at, strings.NewReader(strings.Repeat(`{"name":"x y"}`+"\n", 5)), io.Discard, 3, func() error { return nil })
	if err == nil || sum.Lines != 3 {
		t.Errorf("a batch that is too long: %v %+v", err, sum)
	}
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

// TestPayments: one request, an answer a party.
func TestPayments(t *testing.T) {
	h := handler(t)
	for _, file := range []string{"pacs008.xml", "mt103.txt"} {
		b, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		w := send(h, "POST", "/api/v1/payments/screen?as_of=2026-05-01&lists=un&lists=ofac", string(b), "Content-Type: application/xml")
		if w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: %d %s", file, w.Code, w.Body)
		}
		j := parsed(t, w)
		j.at("transactions").is(1.0)
		p := j.at("parties")
		d := p.where("role", "debtor")
		d.at("names", 0).is("Iyad Ag Ghali")
		d.at("hits").where("list", "un").at("law", 0, "sentence")
		ship := p.where("role", "vessel")
		ship.at("hits", 0, "id").is("103")
		c := p.where("role", "creditor")
		if len(c.at("hits").list()) != 0 || !strings.HasPrefix(c.at("verdict").v.(string), "Not found in these lists as of") {
			t.Errorf("%s: %v", file, c.v)
		}
		j.at("territories").where("code", "SSD").at("regimes", 0).is("south-sudan")
		if v := j.at("verdict").v.(string); !strings.HasPrefix(v, "2 of ") {
			t.Errorf("%s: %s", file, v)
		}
	}
	for why, c := range map[string]struct {
		target, body string
		status       int
	}{
		"no payment":           {"", "hello", 400},
		"nothing":              {"", "", 400},
		"half a message":       {"", "<Document><CdtTrfTxInf>", 400},
		"not text":             {"", "<a>\xff</a>", 400},
		"too large":            {"", "<a>" + strings.Repeat("x", maxBody), 413},
		"a threshold past one": {"?threshold=2", "<a/>", 400},
		"no such parameter":    {"?name=x", "<a/>", 400},
		"no such list":         {"?lists=atlantis", "{4:\n:59:SOMEBODY\n-}", 400},
	} {
		if w := send(h, "POST", "/api/v1/payments/screen"+c.target, c.body); w.Code != c.status || parsed(t, w).at("status").v != float64(c.status) {
			t.Errorf("%s: %d %s", why, w.Code, w.Body)
		}
	}
}

// TestThresholdOfNothing: 0 is a threshold and not the default.
func TestThresholdOfNothing(t *testing.T) {
	h := handler(t)
	hits := func(threshold string) int {
		j := parsed(t, send(h, "POST", "/api/v1/screen", `{"name":"Blue Wagtail","kind":"vessel","limit":100`+threshold+`}`))
		if threshold != "" {
			j.at("threshold").is(0.0)
		}
		return len(j.at("hits").list())
	}
	if n := hits(""); n != 0 {
		t.Fatalf("%d hits at the default serve no test", n)
	}
	if hits(`,"threshold":0`) == 0 {
		t.Error("a threshold of 0 is taken for the default")
	}
}
