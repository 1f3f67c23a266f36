package main

import (
	"encoding/json"
	"html"
	"net/http/httptest"
	"regexp"
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

// TestEveryTwinAnswers: the JSON that each page offers is there, and is JSON.
func TestEveryTwinAnswers(t *testing.T) {
	h := wholeServer(t)
	offered := regexp.MustCompile(`href="(/api/v1[^"]*)">This answer as JSON`)
	for _, path := range []string{"/", "/?as_of=2018-08-29", "/regimes", "/regimes/mali", "/regimes/mali/law", "/votes?sponsor=FRA&margin=1&from=1990&q=peace", "/votes?region=africa&vetoed_by=RUS", "/votes/S/2023/638", "/votes/S/2023/638?vote=RUS:abstain",
		"/members/MLI", "/calendar?month=2027-06&regime=isil-aq", "/listings/MLi.005?as_of=2023-08-01&known_at=2023-08-15", "/incidents?country=MLI", "/incidents/moura-2022", "/alignment?a=MLI", "/alignment/mali", "/alignment/ideals",
		"/alignment/map?year=2023", "/alignment/drift?as_of=1990-05-31", "/alignment/blocs?year=2023", "/alignment/expected?year=2023", "/power?seats=15&quota=9&vetoes=0", "/power/record", "/sources", "/briefings", "/briefings/mali-veto-2023"} {
		code, page := h.Ask(t, "", "GET", path, nil)
		m := offered.FindStringSubmatch(page)
		if code != 200 || m == nil {
			t.Errorf("%s: %d, and no twin", path, code)
			continue
		}
		r := httptest.NewRequest("GET", html.UnescapeString(m[1]), nil)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: its twin %s answers %d: %.200s", path, m[1], w.Code, w.Body)
		}
	}
}
