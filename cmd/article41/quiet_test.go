package main

import (
	"bytes"
	"io/fs"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"article41/account"
)

// sown are names that nobody has; none may turn up anywhere but in the answer
// to who asked.
var sown = []string{"Zebulonia", "Quixwhistle", "Ωμεγατρωνίδης", "Ксенопланторов"}

// TestNoNamesAnywhere screens planted names in every way there is, right and
// wrong, and then searches every output: the log, the metrics, and each file of
// the installation.
func TestNoNamesAnywhere(t *testing.T) {
	g := startGuarded(t)
	_, token, err := g.reg.NewKey(t.Context(), time.Now(), account.Key{Label: "hub", Roles: []account.Role{account.Owner}})
	if err != nil {
		t.Fatal(err)
	}
	key := "Authorization: Bearer " + token
	owner, nobody := g.browser(account.Owner), g.browser("")
	name := strings.Join(sown, " ")
	q := url.QueryEscape(name)
	match := `{"queries":{"q":{"schema":"Person","properties":{"name":["` + name + `"]}}}}`
	for _, c := range []struct{ method, path, body string }{
		{"POST", "/api/v1/screen", `{"name":"` + name + `"}`},
		{"POST", "/api/v1/screen", `{"name":"` + name + `","receipt":true}`},
		{"POST", "/api/v1/screen", `{"name":"` + name + `","born":"` + sown[0] + `"}`},
		{"POST", "/api/v1/screen", `{"name":"` + name + `","` + sown[0] + `":1}`},
		{"POST", "/api/v1/screen", `{"name":"` + name},
		{"POST", "/api/v1/screen?name=" + q, ""},
		{"GET", "/api/v1/screen?name=" + q, ""},
		{"GET", "/api/v1/regimes?" + q + "=1", ""},
		{"GET", "/api/v1/regimes/" + url.PathEscape(name), ""},
		{"POST", "/match/default", match},
		{"POST", "/match/default?" + q, match},
		{"POST", "/match/" + url.PathEscape(name), match},
		{"GET", "/search/default?q=" + q, ""},
		{"GET", "/v2/search?name=" + q + "&type=person", ""},
		{"GET", "/v2/search?name=" + q + "&type=" + q, ""},
		{"GET", "/reconcile/default?queries=" + url.QueryEscape(`{"q0":{"query":"`+name+`"}}`), ""},
		{"POST", "/screen", "name=" + q},
		{"POST", "/screen/receipt", "name=" + q},
		{"POST", "/find", "q=" + q},
		{"POST", "/screen", "name=" + q + "&as_of=" + q},
		{"GET", "/screen?name=" + q, ""},
		{"GET", "/" + url.PathEscape(name), ""},
		{"POST", "/sign-in", "login=" + q + "&password=" + q},
	} {
		form := "Content-Type: application/json"
		if !strings.HasPrefix(c.body, "{") {
			form = "Content-Type: application/x-www-form-urlencoded"
		}
		agent := "User-Agent: " + sown[0]
		g.send(nobody, c.method, c.path, c.body, form, key, agent, "X-Request-Id: "+sown[0], "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "Tracestate: vendor="+sown[0], "Baggage: who="+sown[0], "Referer: http://x/"+sown[0])
		g.send(owner, c.method, c.path, c.body, form, agent)
		g.send(nobody, c.method, c.path, c.body, form, agent)
		r, _ := g.send(nobody, c.method, c.path, c.body, form, key)
		for _, h := range []string{"Location", "X-Request-Id", "Set-Cookie", "Link"} {
			lost(t, c.method+" "+c.path[:min(20, len(c.path))]+": header "+h, []byte(r.Header.Get(h)))
		}
	}
	// An account's own name is personal too.
	acc, err := g.reg.NewAccount(t.Context(), time.Now(), account.Account{Issuer: account.Here, Login: sown[0], Name: name, Roles: []account.Role{account.Reader}})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.reg.SetPassword(t.Context(), acc.ID, name); err != nil {
		t.Fatal(err)
	}
	g.send(nobody, "POST", "/sign-in", "login="+sown[0]+"&password="+q, "Content-Type: application/x-www-form-urlencoded")
	time.Sleep(1500 * time.Millisecond) // receipts, uses and follows are written by the second
	lost(t, "the log", []byte(g.log.text()))
	files := 0
	err = filepath.WalkDir(filepath.Dir(g.a.db), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files++
		lost(t, filepath.Base(path), b)
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files: %v", files, err)
	}
	// The search does find: what is put there in the clear.
	if !found([]byte("x " + sown[2] + " y")) {
		t.Error("the search finds nothing")
	}
	w := httptest.NewRecorder()
	promhttp.HandlerFor(g.a.operation.metrics, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "article41") {
		t.Errorf("no metrics: %d %.200s", w.Code, w.Body)
	}
	lost(t, "the metrics", w.Body.Bytes())
	lost(t, "the spans", []byte(g.spans.text()))
	if s := g.spans.text(); !strings.Contains(s, `"name":"POST /match/{dataset}"`) || !strings.Contains(s, `"name":"screen"`) {
		t.Errorf("no spans: %.300s", s)
	}
	if !strings.Contains(g.log.text(), "/api/v1/screen") {
		t.Errorf("the log tells of no request: %.300s", g.log.text())
	}
}

func found(b []byte) bool {
	lower := bytes.ToLower(b)
	for _, n := range sown {
		for _, form := range []string{n, url.QueryEscape(n), url.PathEscape(n)} {
			if bytes.Contains(lower, bytes.ToLower([]byte(form))) {
				return true
			}
		}
	}
	return false
}

func lost(t *testing.T, where string, b []byte) {
	t.Helper()
	if found(b) {
		t.Errorf("%s holds a planted name: %.300q", where, around(b))
	}
}

// around is the place of the first planted name.
func around(b []byte) []byte {
	for _, n := range sown {
		if i := bytes.Index(bytes.ToLower(b), bytes.ToLower([]byte(n))); i >= 0 {
			return b[max(0, i-100):min(len(b), i+150)]
		}
	}
	return b[:min(len(b), 200)]
}
