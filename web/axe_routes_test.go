package web_test

import (
	"strings"
	"testing"

	"article41/web"
)

// examples has one address for each page of the route table, so that no page is
// forgotten where pages are looked at; "-" says with a reason why there is none.
var examples = map[string]string{
	"GET /{$}":                                   "/",
	"GET /regimes":                               "/regimes",
	"GET /regimes/{id}":                          "/regimes/mali",
	"GET /regimes/{id}/law":                      "/regimes/mali/law",
	"GET /votes":                                 "/votes?sponsor=FRA&margin=1",
	"GET /votes/{symbol...}":                     "/votes/S/2023/638",
	"GET /members/{code}":                        "/members/LBY",
	"GET /calendar":                              "/calendar",
	"GET /screen":                                "/screen?as_of=2023-08-01",
	"GET /listings/{ref}":                        "/listings/QDi.006",
	"GET /incidents":                             "/incidents",
	"GET /incidents/{id}":                        "/incidents/moura-2022",
	"GET /alignment":                             "/alignment",
	"GET /alignment/mali":                        "/alignment/mali",
	"GET /alignment/ideals":                      "/alignment/ideals",
	"GET /alignment/map":                         "/alignment/map",
	"GET /alignment/drift":                       "/alignment/drift",
	"GET /alignment/blocs":                       "/alignment/blocs",
	"GET /alignment/expected":                    "/alignment/expected",
	"GET /power":                                 "/power",
	"GET /power/record":                          "/power/record",
	"GET /sources":                               "/sources",
	"GET /glossary":                              "/glossary",
	"GET /about":                                 "/about",
	"GET /check":                                 "/check",
	"GET /screen/batch":                          "/screen/batch",
	"GET /":                                      "/nowhere",
	"GET /reply":                                 "- needs a desk: incident_desk_test.go",
	"GET /sign-in":                               "- needs a door: cmd/article41",
	"GET /sign-in/away":                          "- leads elsewhere",
	"GET /sign-in/return":                        "- leads elsewhere",
	"GET /screen/batch/{job}":                    "- needs a table: TestDeskFitsEveryWidth",
	"GET /alerts":                                "- needs a desk: TestDeskFitsEveryWidth",
	"GET /alerts/{id}":                           "- needs a desk: TestDeskFitsEveryWidth",
	"GET /comments/{token}":                      "- needs a comment: briefing tests",
	"GET /notices/{token}":                       "- needs a comment: briefing tests",
	"GET /briefings":                             "- needs a desk: briefing tests",
	"GET /briefings/{slug}":                      "- needs a desk: briefing tests",
	"GET /desk/incidents":                        "- needs a desk: incident_desk_test.go",
	"GET /desk/incidents/new":                    "- needs a desk: incident_desk_test.go",
	"GET /desk/incidents/drafts/{id}":            "- needs a draft: incident_desk_test.go",
	"GET /desk/incidents/drafts/{id}/edit":       "- needs a draft: incident_desk_test.go",
	"GET /desk/incidents/again/{id}":             "- needs a desk: incident_desk_test.go",
	"GET /desk/incidents/report":                 "- needs a desk: incident_desk_test.go",
	"GET /desk/incidents/case":                   "- needs a desk: incident_desk_test.go",
	"GET /desk/briefings":                        "- needs a desk: briefing tests",
	"GET /desk/briefings/{slug}":                 "- needs a desk: briefing tests",
	"GET /desk/comments":                         "- needs a desk: briefing tests",
	"GET /desk/errata":                           "- needs a desk: briefing tests",
	"GET /desk/log":                              "- needs a desk: briefing tests",
	"GET /briefings/{slug}/comments/{id}/report": "- needs a comment: briefing tests",
}

// TestEveryRouteIsLookedAt: the route table and the examples hold the same pages,
// and each example is a page, which TestAxe then opens in both themes.
func TestEveryRouteIsLookedAt(t *testing.T) {
	have := web.Actions()
	for pattern := range have {
		if strings.HasPrefix(pattern, "GET ") && examples[pattern] == "" {
			t.Errorf("%s has no example", pattern)
		}
	}
	for pattern, path := range examples {
		if _, ok := have[pattern]; !ok {
			t.Errorf("%s is no page any more", pattern)
		}
		if strings.HasPrefix(path, "-") {
			continue
		}
		if r, body := answer(t, "GET", path, nil); (r.StatusCode == 200) != (pattern != "GET /") || !strings.Contains(body, "<h1") {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

// looked are the pages that TestAxe opens: those pictured, and one of each route.
func looked() []lookedPage {
	var out []lookedPage
	seen := map[string]bool{}
	for _, p := range pictured {
		out = append(out, lookedPage{p.name, p.path, p.post})
		seen[p.path] = p.post == ""
	}
	for pattern, path := range examples {
		if !strings.HasPrefix(path, "-") && !seen[path] {
			out = append(out, lookedPage{pattern, path, ""})
		}
	}
	return out
}

type lookedPage struct{ name, path, post string }
