package main

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"article41"
	"article41/account"
	"article41/api"
	"article41/web"
)

// guarded is a server that more than its own machine reaches, as far as it knows.
type guarded struct {
	t     *testing.T
	a     *app
	url   string
	log   *lockedBuffer
	reg   *account.Register
	spans *lockedBuffer // what a collector was sent
}

const goodPassword = "correct horse battery"

// startGuarded starts serve --sign-in on a port of its own, with one account and
// one key a role.
func startGuarded(t *testing.T) *guarded {
	t.Helper()
	log := &lockedBuffer{}
	a := &app{world: world{out: io.Discard, err: log, now: time.Now, getenv: func(string) string { return "" }}}
	a.operation.metricsAddr, a.operation.requests = "127.0.0.1:0", true // all that can be said of a request
	spans := &lockedBuffer{}
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(spans, r.Body) }))
	t.Cleanup(collector.Close)
	a.operation.tracesTo, a.operation.traced = collector.URL+"/v1/traces", 1
	ctx, stop := context.WithCancel(context.Background())
	arc, err := a.archive(ctx, asked{db: filepath.Join(t.TempDir(), "a.db"), overlay: "none"}, true)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := a.register(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.admission(ctx, &entrance{signIn: true, burst: 1}, "127.0.0.1:0", a.log()); err == nil || !strings.Contains(err.Error(), "nobody could sign in") {
		t.Fatalf("it would start with nobody who could sign in: %v", err)
	}
	g := serveGuarded(t, ctx, stop, a, arc, reg, log)
	g.spans = spans
	return g
}

func serveGuarded(t *testing.T, ctx context.Context, stop func(), a *app, arc *article41.Archive, reg *account.Register, log *lockedBuffer) *guarded {
	t.Helper()
	for _, r := range roles {
		acc, err := reg.NewAccount(ctx, time.Now(), account.Account{Issuer: account.Here, Login: string(r), Roles: []account.Role{r}})
		if err != nil {
			t.Fatal(err)
		}
		if err := reg.SetPassword(ctx, acc.ID, goodPassword); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if a.door, _, err = a.admission(ctx, &entrance{signIn: true, burst: 100_000, rate: 100_000}, "127.0.0.1:0", a.log()); err != nil {
		t.Fatal(err)
	}
	l, err := listen(ctx, "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	s, err := a.service(ctx, arc, letters{})
	if err != nil {
		t.Fatal(err)
	}
	go func() { done <- s.serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		a.close()
	})
	return &guarded{t: t, a: a, url: "http://" + l.Addr().String(), log: log, reg: reg}
}

var roles = []account.Role{account.Reader, account.Screener, account.Reviewer, account.Editor, account.Publisher, account.Moderator, account.Admin, account.Owner}

// browser signs in as the role and keeps its cookies; "" signs in as nobody.
func (g *guarded) browser(role account.Role) *http.Client {
	g.t.Helper()
	jar, _ := cookiejar.New(nil)
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if role == "" {
		return c
	}
	r, err := c.PostForm(g.url+"/sign-in", url.Values{"login": {string(role)}, "password": {goodPassword}})
	if err != nil || r.StatusCode != http.StatusSeeOther {
		g.t.Fatalf("sign in as %s: %v %v", role, r, err)
	}
	r.Body.Close()
	return c
}

func (g *guarded) send(c *http.Client, method, path, body string, header ...string) (*http.Response, string) {
	g.t.Helper()
	r, err := http.NewRequest(method, g.url+path, strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	for _, h := range header {
		k, v, _ := strings.Cut(h, ": ")
		r.Header.Set(k, v)
	}
	resp, err := c.Do(r)
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		g.t.Fatal(err)
	}
	return resp, string(b)
}

var hole = regexp.MustCompile(`\{[^}]*\}`)

// filled is an address that the pattern matches.
func filled(pattern string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	path = strings.ReplaceAll(path, "{$}", "")
	if pattern == "GET /reconcile/{dataset}" {
		path += "?queries={}" // asked nothing, it says what it is: TestManifestIsOpen
	}
	return method, hole.ReplaceAllString(path, "x1")
}

// TestHostile walks every address as everybody, by a session and by a key: nobody
// is answered beyond the table of roles, and nobody is kept from what it gives.
func TestHostile(t *testing.T) {
	g := startGuarded(t)
	actions := api.Actions()
	maps.Copy(actions, web.Actions())
	if len(actions) < 30 {
		t.Fatalf("%d routes", len(actions))
	}
	for pattern, action := range actions { // a route that is added without its row in the table
		if account.Table()[action] == nil {
			t.Errorf("%s: the table of roles has no row %q", pattern, action)
		}
	}
	shut := func(r *http.Response) bool {
		return r.StatusCode == 401 || r.StatusCode == 403 || r.StatusCode == 303 && strings.HasPrefix(r.Header.Get("Location"), "/sign-in?")
	}
	type asker struct {
		name   string
		roles  []account.Role
		client *http.Client
		header []string
	}
	askers := []asker{{"nobody", account.Anyone().Roles, g.browser(""), nil}}
	for _, role := range roles {
		_, token, err := g.reg.NewKey(t.Context(), time.Now(), account.Key{Label: string(role), Roles: []account.Role{role}})
		if err != nil {
			t.Fatal(err)
		}
		askers = append(askers,
			asker{string(role) + " signed in", []account.Role{role}, g.browser(role), nil},
			asker{string(role) + "'s key", []account.Role{role}, g.browser(""), []string{"Authorization: Bearer " + token}})
	}
	for _, pattern := range slices.Sorted(maps.Keys(actions)) {
		action := actions[pattern]
		if action == account.ReadRecord || strings.HasSuffix(pattern, "/sign-out") {
			continue // open to everybody: TestNobodyIsAReader
		}
		method, path := filled(pattern)
		for _, who := range askers {
			may := account.Person{Roles: who.roles}.May(action)
			for _, form := range []string{"application/x-www-form-urlencoded", "application/json"} {
				body := ""
				if method == "POST" {
					body = map[string]string{"application/json": "{}"}[form]
				}
				r, text := g.send(who.client, method, path, body, append([]string{"Content-Type: " + form}, who.header...)...)
				if !may && !shut(r) {
					t.Errorf("%s: %s %s: %d; it is for those who may %s: %.200s", who.name, method, path, r.StatusCode, action, text)
				}
				if may && shut(r) && path != "/updatez" { // which wants the token of yente's contract besides
					t.Errorf("%s: %s %s: %d, and may %s: %.200s", who.name, method, path, r.StatusCode, action, text)
				}
			}
		}
		// Other ways to the same place.
		for _, way := range []struct {
			why, method, path string
			header            []string
		}{
			{"by HEAD", "HEAD", path, nil},
			{"by another method's name", method, path, []string{"X-HTTP-Method-Override: GET", "X-Original-URL: /", "X-Rewrite-URL: /"}},
			{"by a doubled slash", method, "/" + path, nil},
			{"by a dot", method, "/./" + strings.TrimPrefix(path, "/"), nil},
			{"by an escaped letter", method, strings.Replace(path, path[1:2], "%"+hexOf(path[1]), 1), nil},
			{"asking for JSON", method, path, []string{"Accept: application/json"}},
			{"as if from this machine", method, path, []string{"X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1", "Forwarded: for=127.0.0.1"}},
			{"with a key that is none", method, path, []string{"Authorization: Bearer a41_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}},
			{"with a password", method, path, []string{"Authorization: Basic b3duZXI6b3duZXI="}},
			{"with a session that is none", method, path, []string{"Cookie: article41=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}},
		} {
			if way.method == "HEAD" && method != "GET" {
				continue // another route
			}
			if r, text := g.send(g.browser(""), way.method, way.path, "", way.header...); r.StatusCode < 300 {
				t.Errorf("nobody, %s: %s %s: %d: %.200s", way.why, way.method, way.path, r.StatusCode, text)
			}
		}
		// Another site's page rides on the owner's session.
		owner := askers[len(askers)-2].client
		if r, text := g.send(owner, method, path, "", "Origin: https://evil.example", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"); r.StatusCode < 300 {
			t.Errorf("another site's page, as the owner: %s %s: %d: %.200s", method, path, r.StatusCode, text)
		}
	}
}

// TestManifestIsOpen: OpenRefine reads what a service is before it can show a key; who
// asks something needs one.
func TestManifestIsOpen(t *testing.T) {
	g := startGuarded(t)
	nobody := g.browser("")
	for path, want := range map[string]int{"/reconcile/default": 200, "/reconcile/default?queries={}": 401, "/reconcile/default?": 200, "/reconcile/default?x=1": 401, "/reconcile/default/suggest/entity?prefix=a": 401} {
		if r, text := g.send(nobody, "GET", path, ""); r.StatusCode != want {
			t.Errorf("%s: %d, want %d: %.200s", path, r.StatusCode, want, text)
		}
	}
}

func hexOf(b byte) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{digits[b>>4], digits[b&15]})
}
