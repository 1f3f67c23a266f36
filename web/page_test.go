package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// answer asks the site for one page.
func answer(t testing.TB, method, path string, form url.Values) (*http.Response, string) {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, path, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	site(t).ServeHTTP(w, r)
	return w.Result(), w.Body.String()
}

var firstLine = regexp.MustCompile(`(?s)<h1>(.*?)</h1>`)

// h1 is the first line of a page, without markup.
func h1(body string) string {
	m := firstLine.FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	return plain(m[1])
}

var tag = regexp.MustCompile(`<[^>]*>`)

func plain(s string) string {
	s = tag.ReplaceAllString(s, " ")
	s = strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&amp;", "&").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

// The status and the first line of every page: the answer in a sentence.
var firstLines = []struct {
	name, path string
	status     int
	want       string
}{
	{"today", "/", 200, "On 23 November 2026, "},
	{"any day can be today", "/?as_of=2018-08-29", 200, "On 29 August 2018, "},
	{"regimes", "/regimes", 200, "On 23 November 2026, "},
	{"a lapsed regime", "/regimes/mali", 200, "No measure in force: lapsed after 31 August 2023."},
	{"its last day", "/regimes/mali?as_of=2023-08-31", 200, "until 31 August 2023. This is the last day: “until” includes it, in New York."},
	{"its first day", "/regimes/mali?as_of=2017-09-05", 200, "This is the first day, in New York."},
	{"the panel outlives the measures", "/regimes/mali?as_of=2023-09-01", 200, "the Panel of Experts on Mali runs until 30 September 2023"},
	{"what was known before the vote", "/regimes/mali?as_of=2023-09-01&known_at=2023-08-15", 200, "Unknown, presumed in force"},
	{"a veto", "/votes/S/2023/638", 200, "Not adopted: 13 for, 1 against, 1 abstaining; the no of a permanent member (Russian Federation) is a veto."},
	{"lack of votes", "/votes/S/2023/639", 200, "it fell eight short"},
	{"a resolution, its year written out", "/votes/S/RES/2374%20(2017)", 200, "Adopted: 15 for, 0 against, 0 abstaining."},
	{"a ballot changed", "/votes/S/2023/638?vote=RUS:abstain", 200, "What if Russian Federation had abstained? Adopted: 13 for, 0 against, 2 abstaining."},
	{"a ballot given as it was supposes nothing", "/votes/S/2023/638?vote=RUS:no", 200, "is a veto"},
	{"the rival adopted", "/votes/S/2023/638?adopt=S/2023/639", 200, "What if S/2023/639 had been adopted?"},
	{"votes", "/votes", 200, "vetoed"},
	{"votes of one year", "/votes?from=2023&to=2023&reason=veto", 200, "drafts, 2023 to 2023: 0 adopted, "},
	{"no vote meets", "/votes?q=there+is+no+such+topic", 200, "No vote in the record meets what you asked for."},
	{"a member", "/members/LBY", 200, "On 23 November 2026, 1 regime in force or presumed so concerns Libya."},
	{"the calendar", "/calendar", 200, "Next: "},
	{"the calendar of one regime", "/calendar?regime=al-shabaab", 200, "Next: Al-Shabaab"},
	{"a calendar of no regime", "/calendar?regime=atlantis", 404, "Not in the record"},
	{"a day after which nothing is known to end", "/calendar?as_of=2090-01-01", 200, "Nothing in the record falls due on 1 January 2090 or later."},
	{"the screening form", "/screen", 200, "Screen a name against the lists, as of any day."},
	{"a listing that ended", "/listings/MLi.005", 200, "MLi.005 was listed from 10 July 2019 to 31 August 2023; the measures lapsed."},
	{"a listing that lives", "/listings/MLi.005?as_of=2023-08-01", 200, "Listed as MLi.005 since 10 July 2019: travel ban in force until 31 August 2023; assets freeze in force until 31 August 2023."},
	{"agreement", "/alignment", 200, "France and the Russian Federation took the same position in "},
	{"agreement over two drafts", "/alignment?a=FRA&b=JPN&votes=S/2023/638,S/2023/639", 200, "France and Japan took the same position in 1 of 2 votes (Lijphart 0.75"},
	{"agreement with everybody", "/alignment?a=MLI", 200, "Mali voted most like "},
	{"a group with a state", "/alignment?a=P3&b=RUS&from=2011", 200, "pairs of ballots were the same"},
	{"no vote in common", "/alignment?a=FRA&b=RUS&from=2026-10&body=SC", 200, "no vote in the selection in which both took a position"},
	{"a state that is none", "/alignment?a=atlantis&b=RUS", 400, "This could not be read"},
	{"the sentence about Mali", "/alignment/mali", 200, "Mali moved to where the Russian Federation stands"},
	{"the same before it voted", "/alignment/mali?as_of=2022-03-01", 200, "is not shown by what is held"},
	{"the same as known before the estimates", "/alignment/mali?known_at=2023-03-01", 200, "is not shown by what is held"},
	{"ideal points before they were published", "/alignment/ideals?known_at=2024-01-01", 404, "Not in the record"},
	{"ideal points", "/alignment/ideals", 200, "In 2023 Mali lay 0.12 from the Russian Federation"},
	{"ideal points of too many", "/alignment/ideals?states=MLI,RUS,FRA,USA,GBR,CHN,DEU,JPN,BRA,IND,ZAF,EGY,NGA", 400, "This could not be read"},
	{"a map of a year", "/alignment/map?year=2023", 200, "Map of 15 states from "},
	{"a map without votes", "/alignment/map?body=GA&year=2010", 404, "Not in the record"},
	{"drift", "/alignment/drift", 200, "of 191 states Nicaragua moved most toward the Russian Federation"},
	{"blocs", "/alignment/blocs?year=2023", 200, "blocs of 15 states"},
	{"expected votes", "/alignment/expected?year=2023", 200, "Least expected of "},
	{"power", "/power", 200, "15 seats, 5 with a veto, 9 affirmative votes needed: by Shapley-Shubik a permanent seat has 19.6 %"},
	{"power without a veto", "/power?seats=15&quota=9&vetoes=0", 200, "all seats are worth the same"},
	{"a rule that is none", "/power?seats=40", 400, "This could not be read"},
	{"pivotal", "/power/record", 200, "one ballot alone could have turned the outcome"},
	{"sources", "/sources", 200, "Every fact names its source"},
	{"about", "/about", 200, "article41 tells for any day"},
	{"no such page", "/nowhere", 404, "Not in the record"},
	{"no such regime", "/regimes/atlantis", 404, "Not in the record"},
	{"no such vote", "/votes/S/2099/1", 404, "Not in the record"},
	{"no such listing", "/listings/XXi.999", 404, "Not in the record"},
	{"no such list", "/listings/MLi.005?list=nobody", 404, "Not in the record"},
	{"no such state", "/members/XQX", 404, "Not in the record"},
	{"no symbol", "/votes/what", 400, "This could not be read"},
	{"a day that is none", "/?as_of=2023-02-30", 400, "This could not be read"},
	{"a ballot that is none", "/votes/S/2023/638?vote=RUS:maybe", 400, "This could not be read"},
	{"a vote without a ballot", "/votes/S/2023/638?vote=RUS", 400, "This could not be read"},
	{"a member that did not sit", "/votes/S/2023/638?vote=DEU:no", 400, "This could not be read"},
	{"a page past the last", "/votes?page=9999", 404, "Not in the record"},
	{"a page that is no number", "/votes?page=x", 400, "This could not be read"},
}

func TestFirstLine(t *testing.T) {
	for _, c := range firstLines {
		t.Run(c.name, func(t *testing.T) {
			r, body := answer(t, "GET", c.path, nil)
			if r.StatusCode != c.status {
				t.Errorf("status %d, want %d", r.StatusCode, c.status)
			}
			if got := h1(body); !strings.Contains(got, c.want) {
				t.Errorf("the first line is %q; want it to say %q", got, c.want)
			}
		})
	}
}

var (
	loads     = regexp.MustCompile(`(?:src|srcset|poster|data)="([^"]*)"|<(?:link|image|use|script|iframe)[^>]*href="([^"]*)"`)
	addresses = regexp.MustCompile(`(?:href|action|src)="([^"]*)"`)
	inline    = regexp.MustCompile(`<style|\sstyle="|\son[a-z]+="|javascript:|<script>`)
)

// Every page carries the headers, loads nothing from elsewhere, has no inline
// script or style, says whose it is not, and names its record.
func TestEveryPage(t *testing.T) {
	for _, c := range firstLines {
		t.Run(c.name, func(t *testing.T) {
			r, body := answer(t, "GET", c.path, nil)
			csp := r.Header.Get("Content-Security-Policy")
			if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") || strings.Contains(csp, "*") {
				t.Errorf("Content-Security-Policy: %q", csp)
			}
			for h, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Content-Type": "text/html; charset=utf-8"} {
				if got := r.Header.Get(h); got != want {
					t.Errorf("%s: %q, want %q", h, got, want)
				}
			}
			for _, m := range loads.FindAllStringSubmatch(body, -1) {
				if u := m[1] + m[2]; !strings.HasPrefix(u, "/static/") && !strings.Contains(m[0], `rel="alternate"`) {
					t.Errorf("loads %q", u)
				}
			}
			if m := inline.FindString(body); m != "" {
				t.Errorf("holds %q", m)
			}
			for _, want := range []string{"Not affiliated with the United Nations", "Record of ", "known through", `href="#main"`, `<main id="main"`, `lang="en"`} {
				if !strings.Contains(body, want) {
					t.Errorf("does not hold %q", want)
				}
			}
			if n := strings.Count(body, "<h1"); n != 1 {
				t.Errorf("%d first lines", n)
			}
			if m := regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(body, -1); len(m) > 0 {
				seen := map[string]bool{}
				for _, id := range m {
					if seen[id[1]] {
						t.Errorf("the id %q stands twice", id[1])
					}
					seen[id[1]] = true
				}
			}
			if m := regexp.MustCompile(`@[a-z][A-Za-z]*\(`).FindString(body); m != "" {
				t.Errorf("holds a component that was not drawn: %q", m)
			}
		})
	}
}

// A feed is of whatever day it is asked on.
var feedEnd = regexp.MustCompile(`\.(atom|json)(\?|$)`)

func TestChosenDaysAreCarriedOn(t *testing.T) {
	for _, path := range []string{"/", "/regimes", "/regimes/mali", "/votes/S/2023/638", "/votes", "/listings/MLi.005", "/calendar", "/members/MLI", "/sources"} {
		_, body := answer(t, "GET", path+"?as_of=2023-08-01&known_at=2023-08-15", nil)
		for _, m := range addresses.FindAllStringSubmatch(body, -1) {
			u := strings.ReplaceAll(m[1], "&amp;", "&")
			if !strings.HasPrefix(u, "/") || strings.HasPrefix(u, "/static/") || u == "/about" || feedEnd.MatchString(u) || strings.Contains(body, `action="`+m[1]+`"`) {
				continue
			}
			if !strings.Contains(u, "known_at=2023-08-15") || !strings.Contains(u, "as_of=") {
				// The way back to today leaves the days on purpose.
				if !strings.Contains(body, `href="`+m[1]+`">Back to today`) {
					t.Errorf("%s: the link %q drops the days", path, u)
				}
			}
		}
	}
}

func TestWithoutDaysLinksArePlain(t *testing.T) {
	_, body := answer(t, "GET", "/regimes/mali", nil)
	if !strings.Contains(body, `href="/votes/S/RES/2374"`) {
		t.Error("a link from a page of today carries days nobody chose")
	}
	if !strings.Contains(body, "/regimes/mali?as_of=2026-11-23&amp;known_at=2026-11-23") {
		t.Error("there is no lasting address with both days")
	}
	if !strings.Contains(body, `href="/api/v1/regimes/mali?as_of=2026-11-23&amp;known_at=2026-11-23"`) {
		t.Error("there is no JSON twin")
	}
}

func TestUnchangedPageIsNotSentAgain(t *testing.T) {
	r, _ := answer(t, "GET", "/regimes/mali", nil)
	tag := r.Header.Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	again := httptest.NewRequest("GET", "/regimes/mali", nil)
	again.Header.Set("If-None-Match", tag)
	w := httptest.NewRecorder()
	site(t).ServeHTTP(w, again)
	if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes", w.Code, w.Body.Len())
	}
}

// Every page with all it loads stays within 120 kB over the wire.
func TestWeight(t *testing.T) {
	houses := everyHouse(t)
	heaviest, at := 0, ""
	for _, p := range slices.Concat(looked, everyRegime(t)) {
		n := weigh(t, houses[p.house], request(houses[p.house], p, "example.com"))
		if n > 120_000 {
			t.Errorf("%s %s weighs %d bytes", p.name, p.path, n)
		}
		if n > heaviest {
			heaviest, at = n, p.name
		}
	}
	t.Logf("the heaviest page is %s: %d bytes", at, heaviest)
}

// weigh is how many bytes a page has with all it loads, compressed.
func weigh(t testing.TB, h http.Handler, w *httptest.ResponseRecorder) int {
	t.Helper()
	n, seen := w.Body.Len(), map[string]bool{}
	body := gunzip(t, w.Result())
	get := func(path string) string {
		if seen[path] {
			return ""
		}
		seen[path] = true
		w := request(h, lookedPage{path: path}, "example.com")
		if w.Code != 200 {
			t.Fatalf("%s: %d", path, w.Code)
		}
		n += w.Body.Len()
		return gunzip(t, w.Result())
	}
	for _, m := range regexp.MustCompile(` (?:src|href)="(/static/[^"#]+)`).FindAllStringSubmatch(body, -1) {
		if css := get(m[1]); strings.HasSuffix(m[1], ".css") {
			for _, f := range regexp.MustCompile(`url\((/static/[^)]*-latin-[46]00[^)]*)\)`).FindAllStringSubmatch(css, -1) {
				get(f[1])
			}
		}
	}
	return n
}

func TestAssets(t *testing.T) {
	_, body := answer(t, "GET", "/", nil)
	for _, m := range regexp.MustCompile(`"(/static/[^"]+)"`).FindAllStringSubmatch(body, -1) {
		r, css := answer(t, "GET", m[1], nil)
		if r.StatusCode != 200 || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d, %q", m[1], r.StatusCode, r.Header.Get("Cache-Control"))
		}
		if !regexp.MustCompile(`\.[0-9a-f]{8}\.`).MatchString(m[1]) {
			t.Errorf("%s: no digest in the name", m[1])
		}
		if strings.HasSuffix(m[1], ".css") {
			if strings.Contains(css, "http:") || strings.Contains(css, "https:") || strings.Contains(css, "@import") {
				t.Errorf("%s names another host", m[1])
			}
			for _, f := range regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(css, -1) {
				if r, _ := answer(t, "GET", f[1], nil); r.StatusCode != 200 || r.Header.Get("Content-Type") != "font/woff2" {
					t.Errorf("%s: %d", f[1], r.StatusCode)
				}
			}
		}
	}
	if r, _ := answer(t, "GET", "/static/style.css", nil); r.StatusCode != 404 {
		t.Error("an asset answers without its digest")
	}
}

// A kept page is not answered to a question it does not fit: another day, another
// host, a longer ledger, a posted form.
func TestKeptPages(t *testing.T) {
	h := site(t)
	ask := func(host, path string) string {
		r := httptest.NewRequest("GET", path, nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Body.String()
	}
	first := ask("one.example", "/regimes/mali?as_of=2023-08-31")
	if again := ask("one.example", "/regimes/mali?as_of=2023-08-31"); again != first {
		t.Error("the same question has another answer")
	}
	if other := ask("two.example", "/regimes/mali?as_of=2023-08-31"); strings.Contains(other, "one.example") || !strings.Contains(other, "two.example") {
		t.Error("another host is answered with the first one's address")
	}
	if other := h1(ask("one.example", "/regimes/mali?as_of=2023-09-01")); other == h1(first) {
		t.Error("another day has the same answer")
	}
}

// A printed page says from where and of which day it is; a page whose address
// holds nothing of what was asked says neither.
func TestPrinted(t *testing.T) {
	_, body := answer(t, "GET", "/regimes/mali?as_of=2023-08-31", nil)
	if !strings.Contains(plain(body), "Printed from example.com/regimes/mali?as_of=2023-08-31&known_at=2026-11-23 on 23 November 2026; as of 31 August 2023.") {
		t.Error("the page does not say where it was printed from")
	}
	if _, body := answer(t, "POST", "/screen", url.Values{"name": {"Nobody Atall"}}); strings.Contains(body, "Printed from") {
		t.Error("an answer about a name gives an address")
	}
}

// A member's page says how it voted of late: in its last term by the day, not after.
func TestMemberVotes(t *testing.T) {
	for _, c := range []struct{ why, path, holds, lacks string }{
		{"a permanent member goes on", "/members/RUS", "31 December 1991 on, permanent", "2027"},
		{"its veto is its newest ballot of that day", "/members/RUS?as_of=2023-08-30", "no, a veto S/2023/638 30 August 2023", "S/2023/772"},
		{"an elected member's last term", "/members/MLI", "All votes while it sat, from 2000 to 2001", "while it sat, from 1966"},
		{"before its first term", "/members/MLI?as_of=1965-01-01", "Mali", "How it voted"},
	} {
		_, body := answer(t, "GET", c.path, nil)
		text := plain(body)
		if want := plain(c.holds); !strings.Contains(text, want) || strings.Contains(text, c.lacks) {
			t.Errorf("%s: %s: want %q and not %q", c.why, c.path, want, c.lacks)
		}
	}
}
