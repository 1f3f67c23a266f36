package api

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"article41/account"
	"article41/policy"
	"article41/sqlite"
	"article41/watch"
)

// house is a server with a desk of its own, as a person of the roles sees it.
func house(t *testing.T) (as func(account.Person) http.Handler, d *watch.Desk) {
	t.Helper()
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	d = newDesk(t)
	o := options()
	o.Watch = func(context.Context) (*watch.Desk, error) { return d, nil }
	h := heldTo(t, New(a, o).(*server))
	return func(p account.Person) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(w, r.WithContext(account.With(r.Context(), p)))
		})
	}, d
}

// newDesk keeps customers in memory.
func newDesk(t *testing.T) *watch.Desk {
	t.Helper()
	open := func() *sqlite.Store {
		s, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	return watch.New(open().Shelf(), account.NewVault(open().Shelf(), account.Master{1}, rand.Reader), policy.Default())
}

func reviewer(id string) account.Person {
	return account.Person{ID: id, Name: id, Roles: []account.Role{account.Reviewer}}
}

func TestCustomersAndAlerts(t *testing.T) {
	as, d := house(t)
	h := as(reviewer("amina"))
	w := send(h, "POST", "/api/v1/customers", `{"id":"c-1","kind":"person","name":"Iyad Ag Ghali","birth_date":"1961-02-03"}
{"id":"c-2","kind":"person","name":"Wilhelmina Quackenbush"}

{"id":"c-3","name":""}
{"id":"c-4","nom":"x"}
not json
{"id":"c-2","kind":"person","name":"Wilhelmina Quackenbush"}
`)
	j := parsed(t, w)
	j.at("new").is(2.0)
	j.at("refused_count").is(3.0)
	j.at("refused").where("line", 4.0).at("field").is("name")
	if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%v", w.Header())
	}
	screenNow(t, d)
	alerts := parsed(t, send(h, "GET", "/api/v1/alerts", ""))
	one := alerts.at("alerts").where("entry", "un:QDi.316")
	one.at("compared", "customer_id").is("c-1")
	one.at("state").is("open")
	id, evidence := one.at("id").v.(string), one.at("evidence").v.(string)
	cursor := parsed(t, send(h, "GET", "/api/v1/alerts/changes", "")).at("next").v.(float64)

	decide := func(h http.Handler, body string) int {
		w := send(h, "POST", "/api/v1/alerts/"+id+"/decision", body)
		return w.Code
	}
	for _, c := range []struct {
		name, body string
		want       int
	}{
		{"no reason", `{"verdict":"not-same","evidence":"` + evidence + `"}`, 400},
		{"no verdict of ours", `{"verdict":"cleared","reason":"x","evidence":"` + evidence + `"}`, 400},
		{"without what was looked at", `{"verdict":"not-same","reason":"x"}`, 400},
		{"on older evidence", `{"verdict":"not-same","reason":"x","evidence":"older"}`, 409},
		{"a field nobody reads", `{"verdict":"not-same","reason":"x","evidence":"` + evidence + `","why":1}`, 400},
		{"decided", `{"verdict":"not-same","reason":"another birth place","evidence":"` + evidence + `"}`, 200},
	} {
		if got := decide(h, c.body); got != c.want {
			t.Errorf("%s: status %d, want %d", c.name, got, c.want)
		}
	}
	told := parsed(t, send(h, "GET", "/api/v1/alerts/"+id, ""))
	told.at("state").is("not-same")
	told.at("decisions", 0, "by").is("amina")
	told.at("compared", "reasons", 0, "says").is("another birth place")
	changes := parsed(t, send(h, "GET", fmt.Sprintf("/api/v1/alerts/changes?after=%.0f", cursor), ""))
	if n := len(changes.at("changes").list()); n != 1 {
		t.Errorf("%d changes since the cursor", n)
	}
	changes.at("changes", 0, "state").is("not-same")

	if w := send(h, "POST", "/api/v1/customers/remove", `{"id":"c-1","erase":true}`); w.Code != 403 {
		t.Errorf("a reviewer erases: %d", w.Code)
	}
	if w := send(as(account.Local()), "POST", "/api/v1/customers/remove", `{"id":"c-1","erase":true}`); w.Code != 200 {
		t.Errorf("the owner does not: %d %s", w.Code, w.Body)
	}
	if got := parsed(t, send(h, "GET", "/api/v1/alerts/"+id, "")).at("compared").v; got != nil {
		t.Errorf("the evidence of an erased customer: %v", got)
	}
	parsed(t, send(h, "GET", "/api/v1/customers", "")).at("customers", 0, "id").is("c-2")
	if w := send(h, "GET", "/api/v1/alerts/nobody", ""); w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
}

// What is kept about customers is for whom the table of roles lets in.
func TestDeskRoles(t *testing.T) {
	as, _ := house(t)
	who := map[string]account.Person{"anyone": account.Anyone(), "screener": {ID: "s", Roles: []account.Role{account.Screener}},
		"editor": {ID: "e", Roles: []account.Role{account.Editor}}, "reviewer": reviewer("r")}
	for _, c := range []struct {
		method, path, body string
		want               map[string]int
	}{
		{"GET", "/api/v1/alerts", "", map[string]int{"anyone": 401, "screener": 200, "editor": 403, "reviewer": 200}},
		{"GET", "/api/v1/customers", "", map[string]int{"anyone": 401, "screener": 200, "editor": 403, "reviewer": 200}},
		{"POST", "/api/v1/customers", "", map[string]int{"anyone": 401, "screener": 200, "editor": 403, "reviewer": 200}},
		{"POST", "/api/v1/alerts/x/decision", `{"verdict":"not-same","reason":"x","evidence":"x"}`, map[string]int{"anyone": 401, "screener": 403, "editor": 403, "reviewer": 404}},
	} {
		for name, want := range c.want {
			if w := send(as(who[name]), c.method, c.path, c.body); w.Code != want {
				t.Errorf("%s %s as %s: %d, want %d: %s", c.method, c.path, name, w.Code, want, strings.TrimSpace(w.Body.String()))
			}
		}
	}
}

func screenNow(t *testing.T, d *watch.Desk) {
	t.Helper()
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	l, err := a.Watched(t.Context(), today)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Screen(t.Context(), l, time.Now(), nil); err != nil {
		t.Fatal(err)
	}
}
