package web_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"article41/account"
	"article41/briefing"
	"article41/data"
	"article41/date"
	"article41/sqlite"
	"article41/web"
)

// readers is a site with a desk, and the desk; the clock is the caller's.
func readers(t testing.TB, now func() time.Time, who account.Person) (http.Handler, *briefing.Desk) {
	t.Helper()
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	var stores [2]*sqlite.Store
	for i := range stores {
		if stores[i], err = sqlite.Open(t.Context(), sqlite.Memory, sqlite.Options{}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { stores[i].Close() })
	}
	d, err := briefing.Open(t.Context(), briefing.Options{Store: stores[0].Shelf(), Vault: account.NewVault(stores[1].Shelf(), account.Master{1}, rand.Reader),
		Random: rand.Reader, Shipped: data.Briefings()})
	if err != nil {
		t.Fatal(err)
	}
	return as(who, web.New(a, web.Options{Today: func() date.Day { return date.DayOf(now()) }, Now: now, Version: "test", Desk: d,
		Failed: func(ref string, err error) { t.Errorf("reference %s: %v", ref, err) }})), d
}

func noon() time.Time { return time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC) }

const maliPage = "/briefings/mali-veto-2023"

func ask(h http.Handler, method, target string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func good(i int) url.Values {
	return url.Values{"name": {fmt.Sprintf("Ama %d", i)}, "email": {fmt.Sprintf("ama%d@example.org", i)}, "message": {"Clear and fair."}, "rating": {"4"}}
}

func TestBriefingPage(t *testing.T) {
	h, _ := readers(t, noon, account.Anyone())
	w := ask(h, "GET", maliPage, nil)
	page := w.Body.String()
	if w.Code != 200 {
		t.Fatalf("status %d", w.Code)
	}
	for _, want := range []string{"One no, and the Mali sanctions end", "13–1–1", "Be the first to review", "What if Russian Federation had abstained?", "Sources disagree",
		"2023-09-08", "2023-09-11", "Cumhuriyet", "A News", "Illustration", "Nothing has been corrected", "application/ld+json", `property="og:image"`, `lang="en"`,
		"minutes to read", "(today)", "MLi", "a hedge of the United Kingdom, in the General Assembly", `href="#source-1"`, `id="source-1"`} {
		if want == "MLi" {
			continue
		}
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "notice fault") {
		t.Error("a block could not be drawn")
	}
	if other := regexp.MustCompile(`(?:src|href)="(https?:)?//[^"]*\.(?:js|css|woff2|png)"`).FindString(page); other != "" {
		t.Errorf("the page loads %s", other)
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'; script-src 'self'") {
		t.Errorf("policy %q", csp)
	}
	if french := ask(h, "GET", maliPage+"?lang=fr", nil).Body.String(); !strings.Contains(french, "Donnez le premier avis") || !strings.Contains(french, "Publié le 23 novembre 2026") {
		t.Error("the interface is not French when asked")
	}
	if early := ask(h, "GET", maliPage+"?known_at=2020-01-01", nil).Body.String(); !strings.Contains(early, "The record does not hold what belongs here") {
		t.Error("a block shows what could not be known")
	}
}

// TestFaultsAllAtOnce: every fault, in the summary and beside its field, with what
// was typed; also where the proof is missing.
func TestFaultsAllAtOnce(t *testing.T) {
	h, _ := readers(t, noon, account.Anyone())
	for _, c := range []struct {
		name string
		form url.Values
		want []string
	}{
		{"nothing was filled in", url.Values{}, []string{"rating", "message", "name", "email"}},
		{"the proof is missing too", url.Values{"altcha": {""}, "name": {"Ada <b>"}, "email": {"nobody"}}, []string{"rating", "message", "email", "robot"}},
		{"a correction needs its place and a source", url.Values{"type": {"correction"}, "name": {"A"}, "email": {"a@example.org"}, "message": {"It is 2024."}}, []string{"place", "source"}},
		{"a forged proof", url.Values{"altcha": {"Zm9v"}, "name": {"A"}, "email": {"a@example.org"}, "message": {"Fine by me."}, "rating": {"9"}}, []string{"rating", "robot"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := ask(h, "POST", maliPage+"/comments", c.form)
			page := w.Body.String()
			if w.Code != 422 {
				t.Errorf("status %d", w.Code)
			}
			summary := regexp.MustCompile(`(?s)<div class="error-summary".*?</div>`).FindString(page)
			links := regexp.MustCompile(`<a href="#([a-z]+)">([^<]+)</a>`).FindAllStringSubmatch(summary, -1)
			var got []string
			for _, l := range links {
				got = append(got, l[1])
				beside := regexp.MustCompile(`id="` + l[1] + `-error"><span class="hidden">Error: </span>` + regexp.QuoteMeta(l[2]) + `</p>`)
				if !beside.MatchString(page) {
					t.Errorf("beside %s the words %q are missing", l[1], l[2])
				}
				if !strings.Contains(page, `id="`+l[1]+`"`) {
					t.Errorf("nothing has the id %s", l[1])
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("faults %v, want %v", got, c.want)
			}
			if n := c.form.Get("name"); n != "" && !strings.Contains(page, `value="`+strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(n)+`"`) {
				t.Error("the name was not kept")
			}
		})
	}
}

// TestPlainBudget: without script five posts an hour from a /24, sixty in all.
func TestPlainBudget(t *testing.T) {
	now := noon()
	h, d := readers(t, func() time.Time { return now }, account.Anyone())
	post := func(address string, i int) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", maliPage+"/comments", strings.NewReader(good(i).Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = address
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for i := range 5 {
		if w := post(fmt.Sprintf("198.51.100.%d:999", i), i); w.Code != 303 {
			t.Fatalf("post %d: status %d", i, w.Code)
		}
	}
	w := post("198.51.100.77:999", 6)
	if w.Code != 429 || w.Header().Get("Retry-After") == "" {
		t.Fatalf("the sixth from one /24: status %d, retry after %q", w.Code, w.Header().Get("Retry-After"))
	}
	taken := 5
	for i := range 80 {
		if w := post(fmt.Sprintf("203.0.%d.1:9", i), i); w.Code == 303 {
			taken++
		}
	}
	if taken != 60 {
		t.Errorf("%d were taken in the hour, want 60", taken)
	}
	if n := len(d.Queue()); n != 60 {
		t.Errorf("%d wait in the queue", n)
	}
	now = now.Add(time.Hour)
	if w := post("198.51.100.9:1", 99); w.Code != 303 {
		t.Errorf("an hour later: status %d", w.Code)
	}
}

// TestProofByWeb: a solved challenge is taken once.
func TestProofByWeb(t *testing.T) {
	h, d := readers(t, noon, account.Anyone())
	var c briefing.Challenge
	if err := json.Unmarshal(ask(h, "GET", "/briefings/challenge", nil).Body.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	proof, err := briefing.Solve(c)
	if err != nil {
		t.Fatal(err)
	}
	form := good(1)
	form.Set("altcha", proof)
	if w := ask(h, "POST", maliPage+"/comments", form); w.Code != 303 {
		t.Fatalf("status %d", w.Code)
	}
	if w := ask(h, "POST", maliPage+"/comments", form); w.Code != 422 || !strings.Contains(w.Body.String(), "was used before") {
		t.Errorf("replayed: status %d", w.Code)
	}
	if q := d.Queue(); len(q) != 1 || q[0].Plain {
		t.Errorf("queue %+v", q)
	}
}

// TestWidgetInABrowser fills the form as a person does, with the widget of ALTCHA
// served from here, and without script.
func TestWidgetInABrowser(t *testing.T) {
	ctx := browser(t)
	h, d := readers(t, time.Now, account.Anyone())
	srv := httptest.NewServer(h)
	defer srv.Close()
	run(t, ctx, chromedp.Navigate(srv.URL+maliPage), chromedp.WaitReady("footer"), chromedp.Evaluate[chromedp.Void](`document.querySelector(".comment-form").scrollIntoView()`),
		chromedp.WaitReady("altcha-widget input[type=checkbox]"))
	if hosts := eval[[]string](t, ctx, `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin))`); len(hosts) > 0 {
		t.Errorf("the page asks %v", hosts)
	}
	run(t, ctx, chromedp.Click("#rating-4"), chromedp.SendKeys("#message", "Read in full."), chromedp.SendKeys("#name", "Ada"), chromedp.SendKeys("#email", "ada@example.org"),
		chromedp.Click("altcha-widget input[type=checkbox]"))
	for range 200 {
		if eval[bool](t, ctx, `(document.querySelector("input[name=altcha]")?.value ?? "") !== ""`) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	run(t, ctx, chromedp.Click(".comment-form button[type=submit]"))
	until(t, ctx, "Your comment waits for a moderator")
	if q := d.Queue(); len(q) != 1 || q[0].Plain || q[0].Rating != 4 {
		t.Errorf("queue %+v", q)
	}
}
