package api

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"article41/account"
	"article41/watch"
)

// taker is an address that takes a body, and what its contract answers to what.
type taker struct {
	path string
	head string // lines of the request's header beside the usual
	key  string // of the contract's error
	// What is answered to a body that is no text, too deep, no JSON.
	notText, deep, notJSON int
}

var takers = []taker{
	{"/match/default", "", "detail", 422, 422, 422},
	{"/api/v1/screen", "", "title", 400, 400, 400},
	{"/api/v1/whatif", "", "title", 400, 400, 400},
	{"/api/v1/check", "", "title", 400, 400, 400},
	{"/api/v1/payments/screen", "", "title", 400, 400, 400},
	{"/api/v1/customers/remove", "", "title", 400, 400, 400},
	{"/api/v1/alerts/nothing/decision", "", "title", 400, 400, 400},
	{"/reconcile/default", "Content-Type: application/x-www-form-urlencoded\r\n", "detail", 400, 400, 400},
}

// TestHostileBodies sends to each address that takes a body what nobody should send,
// over a socket of its own: each is answered in the form of its contract.
func TestHostileBodies(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Watch = func(context.Context) (*watch.Desk, error) { return newDesk(t), nil }
	serve := func(bodyTime time.Duration) *httptest.Server {
		s := New(a, o).(*server)
		s.bodyTime = cmp.Or(bodyTime, s.bodyTime)
		srv := httptest.NewServer(as(s, account.Local()))
		t.Cleanup(srv.Close)
		return srv
	}
	// Whoever drips is soon left; what is merely large has its time on a busy machine.
	patient, hasty := serve(0), serve(100*time.Millisecond)
	ask := func(t *testing.T, srv *httptest.Server, text string) (*http.Response, []byte) {
		t.Helper()
		c, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(30 * time.Second))
		go fmt.Fprint(c, text) // the answer may come before all is sent
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatalf("%.80q: %v", text, err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, body
	}
	for _, at := range takers {
		form := func(body string) string {
			if strings.HasPrefix(at.path, "/reconcile") {
				return "queries=" + body
			}
			return body
		}
		for why, c := range map[string]struct {
			text string
			want int
		}{
			"a length too large":      {fmt.Sprintf("Content-Length: %d\r\n\r\n{", maxBody+1), 413},
			"a body too large":        {fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", maxBody+1, strings.Repeat("a", maxBody+1)), 413},
			"a body that drips":       {"Content-Length: 100\r\n\r\n{", 408},
			"no text":                 {sized(form("{\"a\":\"\xff\xfe\"}")), at.notText},
			"too deep":                {sized(form(strings.Repeat("[", 100_000))), at.deep},
			"no JSON":                 {sized(form("<{]>")), at.notJSON},
			"a number for an object":  {sized(form("17")), at.notJSON},
			"chunks that are none":    {"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
			"two lengths":             {"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400},
			"an encoding nobody has":  {"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
			"a header with no colon":  {"Content-Length 2\r\n\r\n{}", 400},
			"a space before a colon":  {"Content-Length : 2\r\n\r\n{}", 400},
			"another method entirely": {"X: y\r\n\r\n", 405},
		} {
			t.Run(at.path+" "+why, func(t *testing.T) {
				method := "POST"
				if c.want == 405 {
					method = "DELETE"
				}
				srv := patient
				if c.want == 408 {
					srv = hasty
				}
				resp, body := ask(t, srv, method+" "+at.path+" HTTP/1.1\r\nHost: x\r\n"+at.head+c.text)
				if resp.StatusCode != c.want {
					t.Fatalf("%d, want %d", resp.StatusCode, c.want)
				}
				// What is no HTTP is answered by the server below, in its own words.
				if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain") {
					if c.want != 501 && !strings.Contains(why, "length") && !strings.Contains(why, "colon") {
						t.Errorf("no contract's answer: %v", resp.Header)
					}
					return
				}
				var said map[string]any
				if err := json.Unmarshal(body, &said); err != nil || said[at.key] == nil {
					t.Errorf("%v %v", said, err)
				}
			})
		}
	}
}

// TestHostileLines: of a stream each line that nobody should send fails by itself, and
// those about it are answered.
func TestHostileLines(t *testing.T) {
	as, _ := house(t)
	h := as(reviewer("amina"))
	bad := []string{"{\"id\":\"b\",\"name\":\"\xff\xfe\"}", strings.Repeat("[", 100_000), "<{]>", "17", `{"id":"b","name":["x"]}`, `{"id":"b","nom":"x"}`, `{"id":"b","name":"..."}`,
		`{"id":"b","name":"` + strings.Repeat("a", 100_000) + `"}`}
	var body strings.Builder
	for i, line := range bad {
		fmt.Fprintf(&body, "{\"id\":\"good-%d\",\"kind\":\"person\",\"name\":\"Iyad Ag Ghali\"}\n%s\n", i, line)
	}
	t.Run("customers", func(t *testing.T) {
		// A line too long refuses all that is behind it too, with its number.
		if w := send(h, "POST", "/api/v1/customers", body.String()); w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "line 4: more than 65536 bytes; of those before it 2 were kept") {
			t.Errorf("%d %.200s", w.Code, w.Body)
		}
		var lines []string
		for line := range strings.Lines(body.String()) {
			if len(line) < 65536 {
				lines = append(lines, line)
			}
		}
		w := send(h, "POST", "/api/v1/customers", strings.Join(lines, ""))
		if w.Code != http.StatusOK {
			t.Fatalf("%d %.300s", w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "Go ") {
			t.Errorf("in the words of the program's language: %s", w.Body)
		}
		j := parsed(t, w)
		j.at("new").is(float64(len(bad) - 2)) // two of them came before the line too long
		j.at("unchanged").is(2.0)
		j.at("refused_count").is(float64(len(bad) - 2))
	})
	t.Run("screen/batch", func(t *testing.T) {
		w := send(h, "POST", "/api/v1/screen/batch", body.String())
		lines := strings.Split(strings.TrimSpace(w.Body.String()), "\n")
		// The last line says that all were answered.
		if w.Code != http.StatusOK || len(lines) != 2*len(bad)+1 {
			t.Fatalf("%d, %d answers to %d lines", w.Code, len(lines), 2*len(bad))
		}
		for i, line := range lines[:2*len(bad)] {
			var got map[string]any
			if err := json.Unmarshal([]byte(line), &got); err != nil {
				t.Fatal(err)
			}
			if failed := got["error"] != nil; failed != (i%2 == 1) {
				t.Errorf("line %d: %.200s", i+1, line)
			}
		}
	})
}

func sized(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }

// TestTooMany: a batch above a contract's bound is refused whole, by that contract.
func TestTooMany(t *testing.T) {
	h := handler(t)
	many := func(format string) string {
		var b strings.Builder
		for i := range 10_000 {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for _, c := range []struct {
		target, body, key string
		code              int
	}{
		{"/match/default", `{"queries":{` + many(`"q%d":{"schema":"Person","properties":{"name":"x"}}`) + `}}`, "detail", 400},
		{"/api/v1/screen", `{"queries":[` + many(`{"name":"x%d"}`) + `]}`, "title", 400},
		{"/api/v1/screen", `{"name":"x","lists":[` + many(`"l%d"`) + `]}`, "title", 400},
		{"/reconcile/default", `queries={` + many(`"q%d":{"query":"x"}`) + `}`, "detail", 400},
	} {
		header := []string{}
		if strings.HasPrefix(c.target, "/reconcile") {
			header = []string{"Content-Type: application/x-www-form-urlencoded"}
		}
		w := send(h, "POST", c.target, c.body, header...)
		if w.Code != c.code {
			t.Errorf("%s: %d %.200s", c.target, w.Code, w.Body)
			continue
		}
		parsed(t, w).at(c.key)
	}
}

// TestPathTricks: an address that is written to be read twice leads nowhere, and says
// so in the form of the contract it begins like.
func TestPathTricks(t *testing.T) {
	h := handler(t)
	for _, c := range []struct{ target, key string }{
		{"/match/..%2fdefault", "detail"}, {"/match/default%00", "detail"}, {"/match/%FF%FE", "detail"}, {"/match/default/", "detail"},
		{"/search/..%2f..%2fetc%2fpasswd", "detail"}, {"/entities/..%2f..%2fetc%2fpasswd", "detail"}, {"/entities/%00", "detail"}, {"/entities/%FF", "detail"},
		{"/reconcile/%2e%2e%2fdefault", "detail"}, {"/datasets/%2e%2e%2fx/delta", "detail"}, {"/datasets/default/delta/..%2f..%2fx", "detail"},
		{"/api/v1/regimes/..%2f..%2fx", "title"}, {"/api/v1/regimes/%00", "title"}, {"/api/v1/votes/%FF", "title"}, {"/api/v1/listings/%2e%2e%2f", "title"},
		{"/api/v1/members/%00", "title"}, {"/api/v1/nothing%2fhere", "title"}, {"/v2/search%2f", "error"}, {"/v2/%2e%2e%2fping", "error"}, {"/v2/listinfo/", "error"},
	} {
		method := "GET"
		if strings.HasPrefix(c.target, "/match") {
			method = "POST"
		}
		w := send(h, method, c.target, `{"queries":{"q":`+heron+`}}`)
		if w.Code < 400 || w.Code >= 500 {
			t.Errorf("%s: %d %v", c.target, w.Code, w.Header())
			continue
		}
		parsed(t, w).at(c.key)
	}
}

// TestHostileParameters: a query string that cannot be read, or that says what it
// should not, is refused by the contract it is of.
func TestHostileParameters(t *testing.T) {
	h := handler(t)
	for _, at := range []struct{ target, key string }{
		{"/search/default", "detail"}, {"/entities/UN-6908", "detail"}, {"/catalog", "detail"}, {"/api/v1/votes", "title"}, {"/api/v1/lists", "title"}, {"/v2/search", "error"},
	} {
		for _, q := range []string{"as_of=%zz", "as_of=2023-02-30", "known_at=%00", "as_of=2023-01-01;known_at=x", "as_of=%FF"} {
			w := send(h, "GET", at.target+"?name=x&"+q, "")
			if w.Code < 400 || w.Code >= 500 {
				t.Errorf("%s?%s: %d", at.target, q, w.Code)
				continue
			}
			parsed(t, w).at(at.key)
		}
	}
}
