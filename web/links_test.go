package web_test

import (
	"html"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	hrefs = regexp.MustCompile(`<a\b[^>]*\bhref="([^"]*)"`)
	ids   = regexp.MustCompile(`\bid="([^"]*)"`)
)

// TestNoDeadLink follows the links of the site from its first page, with the record
// that the program ships: each leads to a page or a file that answers, and each
// fragment to a place on it. Of the pages of one kind, such as the votes, or the
// suppositions about a vote, it follows some hundreds, with -short a dozen; in the
// soak (ARTICLE41_SOAK=1) all but those that differ by their query only.
func TestNoDeadLink(t *testing.T) {
	most, asked := 400, 40
	switch {
	case os.Getenv("ARTICLE41_SOAK") == "1":
		most = 1 << 30
	case testing.Short():
		most, asked = 12, 4
	}
	h := site(t)
	places := map[string]map[string]bool{} // of each address that was followed
	seen, byKind, from := map[string]bool{"/": true}, map[string]int{}, map[string]string{}
	type toPlace struct{ on, address, place string }
	var wanted []toPlace
	queue := []string{"/"}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", at, nil))
		if w.Code != 200 && strings.HasPrefix(at, "/alignment") && strings.Contains(at, "as_of=") {
			continue // of many a day nothing can be computed, and the page says so
		}
		if w.Code != 200 {
			t.Errorf("%s, linked on %s: %d", at, from[at], w.Code)
			continue
		}
		places[at] = map[string]bool{}
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		body := w.Body.String()
		for _, m := range ids.FindAllStringSubmatch(body, -1) {
			places[at][html.UnescapeString(m[1])] = true
		}
		for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
			link, err := url.Parse(html.UnescapeString(m[1]))
			if err != nil {
				t.Errorf("%s: the link %q is none: %v", at, m[1], err)
				continue
			}
			if link.IsAbs() || strings.HasPrefix(link.Path, "/api/") {
				continue // elsewhere; the twins are held by TestEveryTwinAnswers of cmd
			}
			place := link.Fragment
			link.Fragment = ""
			to := link.String()
			if to == "" {
				to = at
			}
			if place != "" {
				wanted = append(wanted, toPlace{at, to, place})
			}
			if seen[to] {
				continue
			}
			seen[to] = true
			k := kind(link)
			if byKind[k]++; byKind[k] > most || link.RawQuery != "" && byKind[k] > asked {
				continue
			}
			from[to] = at
			queue = append(queue, to)
		}
	}
	for _, p := range wanted {
		if on, followed := places[p.address]; followed && !on[p.place] {
			on[p.place] = true // said once
			t.Errorf("%s: the link to %s#%s leads to no such place", p.on, p.address, p.place)
		}
	}
	t.Logf("%d pages and files followed, %d addresses seen", len(places), len(seen))
	if len(places) < 50 {
		t.Error("hardly anything is linked: this test has lost the site")
	}
}

// kind is what an address has in common with others of its page: its first part,
// how many follow, and what it asks.
func kind(u *url.URL) string {
	parts := strings.Split(u.Path, "/")
	var asks []string
	for k := range u.Query() {
		asks = append(asks, k)
	}
	slices.Sort(asks)
	return parts[1] + strings.Repeat("/", len(parts)) + "?" + strings.Join(asks, "&")
}
