package main

import (
	"net/http/httptest"
	"testing"
)

// A page of an incident answers in JSON to whoever asks for that, and to nobody
// else.
func TestTwin(t *testing.T) {
	for _, c := range []struct{ why, method, target, accept, want string }{
		{"by its name", "GET", "/incidents/moura-2022.json", "", "/api/v1/incidents/moura-2022"},
		{"by what is accepted", "GET", "/incidents/moura-2022", "application/json", "/api/v1/incidents/moura-2022"},
		{"the list", "GET", "/incidents?q=x", "application/json", "/api/v1/incidents"},
		{"a browser takes both, and gets the page", "GET", "/incidents/moura-2022", "text/html,application/json", ""},
		{"anything at all", "GET", "/incidents/moura-2022", "*/*", ""},
		{"another page", "GET", "/regimes/mali", "application/json", ""},
		{"a form", "POST", "/incidents/moura-2022", "application/json", ""},
	} {
		r := httptest.NewRequest(c.method, c.target, nil)
		r.Header.Set("Accept", c.accept)
		to, ok := twin(r)
		if ok != (c.want != "") || ok && (to.URL.Path != c.want || to.URL.RawQuery != r.URL.RawQuery) {
			t.Errorf("%s: %v", c.why, to)
		}
	}
}
