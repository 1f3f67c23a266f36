package api

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"article41/account"
)

// as asks as somebody.
func as(h http.Handler, p account.Person) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(account.With(r.Context(), p)))
	})
}

// TestEveryRouteHasAnAction: a route is open to a role only by the table.
func TestEveryRouteHasAnAction(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	s := New(a, options()).(*server)
	for _, p := range s.patterns {
		if _, ok := account.Table()[s.actions[p]]; !ok {
			t.Errorf("%s: the action %q has no row in the table of roles", p, s.actions[p])
		}
	}
}

func TestScreeningNeedsAKey(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	h := New(a, options())
	const query, match = `{"name":"Blue Heron"}`, `{"queries":{"q":{"schema":"Vessel","properties":{"name":["Blue Heron"]}}}}`
	for _, c := range []struct {
		reason string
		as     account.Person
		status int
	}{
		{"nobody", account.Anyone(), 401},
		{"a reader with an account", account.Person{ID: "u-1", Roles: []account.Role{account.Reader}}, 403},
		{"an editor", account.Person{ID: "u-1", Roles: []account.Role{account.Editor}}, 403},
		{"a screener", account.Person{ID: "k-1", Roles: []account.Role{account.Screener}}, 200},
		{"the owner", account.Local(), 200},
	} {
		t.Run(c.reason, func(t *testing.T) {
			for target, body := range map[string]string{"/api/v1/screen": query, "/match/default": match} {
				w := send(as(h, c.as), "POST", target, body)
				if w.Code != c.status {
					t.Errorf("%s: %d, want %d: %s", target, w.Code, c.status, w.Body)
				}
				if (w.Header().Get("WWW-Authenticate") != "") != (c.status == 401) {
					t.Errorf("%s: WWW-Authenticate: %q", target, w.Header().Get("WWW-Authenticate"))
				}
			}
			if w := send(as(h, c.as), "GET", "/api/v1/regimes/mali", ""); w.Code != 200 {
				t.Errorf("the public record: %d", w.Code)
			}
		})
	}
}

// A body that is refused is not waited for.
func TestRefusedBodyIsNotAwaited(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(New(a, options()))
	defer srv.Close()
	for _, path := range []string{"/match/default", "/api/v1/screen"} {
		c, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(20 * time.Second))
		fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", path)
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || resp.StatusCode != 401 {
			t.Errorf("%s: %v %v", path, resp, err)
		}
	}
}
