package web_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"article41"
	"article41/account"
	"article41/data"
	"article41/date"
	"article41/monitor"
	"article41/source/curated"
	"article41/sqlite"
	"article41/web"
)

// planted is a name that must never come out.
const planted = "Zoubeida Ag Testname"

// house is the pages, whose visitors say who they are in a
// header or a cookie, as a door would.
type house struct {
	http.Handler
	pages  http.Handler // before anybody has said who they are
	people map[string]account.Person
}

func newHouse(t testing.TB) *house {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC) }
	store, err := sqlite.Open(context.Background(), sqlite.Memory, sqlite.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := sqlite.Open(context.Background(), sqlite.Memory, sqlite.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close(); keys.Close() })
	rec, err := curated.Unpack(bytes.NewReader(data.Pack))
	if err != nil {
		t.Fatal(err)
	}
	arc, err := article41.Open(context.Background(), store, article41.Shipped{Edition: rec.Edition, Entries: rec.Entries}, now())
	if err != nil {
		t.Fatal(err)
	}
	desk := &monitor.Desk{Shelf: store.Shelf(), Vault: account.NewVault(keys.Shelf(), account.Master{7}, rand.Reader), Ledger: arc.Ledger(), Random: rand.Reader}
	pages := web.New(arc, web.Options{Today: func() date.Day { return today }, Version: "test", Monitor: desk, Now: now,
		Failed: func(ref string, err error) { t.Errorf("reference %s: %v", ref, err) }})
	h := &house{pages: pages, people: map[string]account.Person{}}
	for _, r := range []account.Role{account.Reader, account.Screener, account.Reviewer, account.Editor, account.Publisher, account.Moderator, account.Admin, account.Owner} {
		h.people[string(r)] = account.Person{ID: "u-" + string(r), Name: string(r), Roles: []account.Role{r}}
	}
	h.people["ann"] = account.Person{ID: "u-ann", Name: "Ann", Roles: []account.Role{account.Editor}}
	h.people["ben"] = account.Person{ID: "u-ben", Name: "Ben", Roles: []account.Role{account.Publisher}}
	h.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := r.Header.Get("X-Test-Person")
		if c, err := r.Cookie("person"); err == nil && who == "" {
			who = c.Value
		}
		p, ok := h.people[who]
		if !ok {
			p = account.Anyone()
		}
		r = r.WithContext(account.With(r.Context(), p))
		pages.ServeHTTP(w, r)
	})
	return h
}

// ask is one request; the answer's whole text is given: status, headers, body.
func (h *house) ask(t testing.TB, who, method, target string, form url.Values) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("X-Test-Person", who)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	res := w.Result()
	var head bytes.Buffer
	res.Header.Write(&head)
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, head.String() + html.UnescapeString(string(b))
}

var draftAddress = regexp.MustCompile(`/desk/incidents/drafts/([a-z2-7]{24})`)

func entered() url.Values {
	return url.Values{"title": {"Raid on Sampletown"}, "id": {"sampletown-2025"}, "when": {"2025-03-04"}, "place": {"Sampletown"}, "country": {"MLI"}, "precision": {"town"}, "acts": {"killing"},
		"summary":         {"Men came at dawn."},
		"claim.0.speaker": {"a village head"}, "claim.0.hedge": {"reported"}, "claim.0.about": {"people killed"}, "claim.0.says": {"at least 3 people were killed"}, "claim.0.low": {"3"}, "claim.0.counts": {"killed"}, "claim.0.source": {"interview 1"}, "claim.0.sure": {"verified"},
		"actor.0.name": {"armed men"}, "actor.0.role": {"unidentified"},
		"cite.0.source": {"interview 1"}, "cite.0.sure": {"verified"},
		"finding.0.title": {"Killing of civilians at Sampletown"}, "finding.0.text": {"At least three people were killed."}, "finding.0.by": {"the team"}, "finding.0.on": {"2025-05"}, "finding.0.level": {"credible"}, "finding.0.claims": {"c1"}, "finding.0.source": {"interview 1"}, "finding.0.criteria": {"mali/f: killing of civilians"},
		"withheld.names": {planted}, "withheld.notes": {"the daughter of " + planted + " spoke to us"}, "sealed.0.title": {"photograph of " + planted}, "sealed.0.sha256": {strings.Repeat("ab", 32)}}
}

// step finds the version on a draft's page and takes it further.
func (h *house) step(t *testing.T, who, id, do, note string) (int, string) {
	t.Helper()
	_, text := h.ask(t, who, "GET", "/desk/incidents/drafts/"+id, nil)
	m := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(text)
	if m == nil {
		m = []string{"", "1"}
	}
	return h.ask(t, who, "POST", "/desk/incidents/drafts/"+id, url.Values{"do": {do}, "version": {m[1]}, "note": {note}})
}

func (h *house) enter(t *testing.T, who string, form url.Values) string {
	t.Helper()
	code, text := h.ask(t, who, "POST", "/desk/incidents/save", form)
	m := draftAddress.FindStringSubmatch(text)
	if code != http.StatusSeeOther || m == nil {
		t.Fatalf("%d: %.2000s", code, text)
	}
	return m[1]
}

// The withheld name is looked for byte by byte in every answer to everybody who
// may not read it; and in every public answer, whoever asks.
func TestAWithheldNameNeverComesOut(t *testing.T) {
	h := newHouse(t)
	id := h.enter(t, "ann", entered())
	h.step(t, "ann", id, "submit", "")
	h.step(t, "ben", id, "accept", "read")
	if code, text := h.step(t, "ben", id, "publish", ""); code != http.StatusSeeOther {
		t.Fatalf("%d: %.600s", code, text)
	}
	other := entered()
	other.Set("id", "sampletown-two")
	open := h.enter(t, "ann", other) // stays a draft
	if _, text := h.ask(t, "ben", "GET", "/desk/incidents/drafts/"+id, nil); !strings.Contains(text, planted) {
		t.Error("who may read it does not see it: the test would prove nothing")
	}
	secrets := []string{planted, "Zoubeida", "Testname", url.QueryEscape(planted), strings.ToLower(planted), "the daughter of", strings.Repeat("ab", 32)}
	shut := []string{"", "reader", "screener", "reviewer", "moderator", "admin"}
	everybody := append([]string{"editor", "publisher", "owner", "ann", "ben"}, shut...)
	drafts := []string{"/desk/incidents", "/desk/incidents/new", "/desk/incidents/drafts/" + id, "/desk/incidents/drafts/" + open, "/desk/incidents/drafts/" + open + "/edit", "/desk/incidents/report", "/desk/incidents/case"}
	public := []string{"/", "/regimes", "/regimes/mali", "/votes", "/calendar", "/calendar.ics", "/sources", "/about", "/incidents", "/incidents?q=Zoubeida", "/incidents.csv", "/incidents.csv?q=Sampletown", "/incidents.csv?from=never", "/incidents?q=daughter", "/incidents?q=Sampletown",
		"/incidents/sampletown-2025", "/incidents/sampletown-two", "/incidents/sampletown-2025?as_of=2025-03-04&known_at=2025-03-04", "/incidents/" + open, "/reply", "/reply?about=sampletown-2025", "/briefings", "/briefings.atom", "/briefings.json",
		"/no/such/page", "/entities/" + open}
	look := func(who, method, target string, form url.Values) {
		t.Helper()
		code, text := h.ask(t, who, method, target, form)
		for _, s := range secrets {
			// What the asker typed may be said back to them; only the desk's own copy counts.
			if strings.Contains(text, s) && !strings.Contains(target, s) {
				t.Errorf("%q as %q: %s %s (%d) holds it", s, who, method, target, code)
			}
		}
	}
	for _, who := range everybody {
		for _, target := range public {
			look(who, "GET", target, nil)
		}
	}
	for _, who := range shut {
		for _, target := range drafts {
			look(who, "GET", target, nil)
		}
		for _, post := range []struct {
			target string
			form   url.Values
		}{{"/desk/incidents/save", url.Values{"draft": {open}, "version": {"1"}, "title": {"x"}}}, {"/desk/incidents/drafts/" + open, url.Values{"do": {"submit"}, "version": {"1"}}}, {"/desk/incidents/drafts/" + open, url.Values{"do": {"publish"}, "version": {"9"}}},
			{"/desk/incidents/report", url.Values{"finding": {"sampletown-2025-f1"}}}, {"/desk/incidents/case", url.Values{"finding": {"sampletown-2025-f1"}, "proposed": {"somebody"}, "regime": {"mali"}}},
			{"/desk/incidents/merge", url.Values{"keep": {"moura-2022"}, "other": {"sampletown-2025"}, "why": {"x"}}}, {"/reply/follow", url.Values{"ref": {strings.Repeat("a", 24)}}}, {"/find", url.Values{"q": {"Sampletown"}}}} {
			look(who, "POST", post.target, post.form)
		}
	}
	// A report and a case are made of what is published, whoever makes them.
	look("ben", "POST", "/desk/incidents/report", url.Values{"finding": {"sampletown-2025-f1"}, "title": {"t"}})
	look("ben", "POST", "/desk/incidents/case", url.Values{"finding": {"sampletown-2025-f1"}, "proposed": {"somebody"}, "regime": {"mali"}})
	// Refusals tell nothing either.
	leak := entered()
	leak.Set("id", "sampletown-three")
	leak.Set("summary", "Told by ZOUBÉIDA ag testname.")
	leaking := h.enter(t, "ann", leak)
	code, text := h.step(t, "ann", leaking, "submit", "")
	if code != http.StatusConflict || !strings.Contains(text, "withheld name stands in the part") {
		t.Errorf("a withheld name in the open part went to review: %d", code)
	}
}

// Whether a draft exists cannot be told from the answer.
func TestADraftsAddressTellsNothing(t *testing.T) {
	h := newHouse(t)
	id := h.enter(t, "ann", entered())
	for _, who := range []string{"", "reader", "screener"} {
		c1, t1 := h.ask(t, who, "GET", "/desk/incidents/drafts/"+id, nil)
		c2, t2 := h.ask(t, who, "GET", "/desk/incidents/drafts/"+strings.Repeat("a", 24), nil)
		if c1 != c2 || strings.ReplaceAll(t1, id, "") != strings.ReplaceAll(t2, strings.Repeat("a", 24), "") {
			t.Errorf("%q: a draft that is there answers %d, one that is not %d, or otherwise", who, c1, c2)
		}
	}
}

func TestTheCaseSaysWhatItIsAndWhatIsMissing(t *testing.T) {
	h := newHouse(t)
	_, text := h.ask(t, "ben", "POST", "/desk/incidents/case", url.Values{"finding": {"moura-2022-ohchr"}, "proposed": {"Somebody Else"}, "regime": {"mali"}})
	for _, want := range []string{monitor.CaseMark, "No reply of the one proposed is recorded", "no finding ties specific acts to the one proposed", "no published finding speaks to this criterion", "killing, sexual violence and torture of civilians", "no-store"} {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
			t.Errorf("the case does not say %q", want)
		}
	}
	if code, _ := h.ask(t, "", "POST", "/desk/incidents/case", nil); code != http.StatusUnauthorized {
		t.Errorf("anybody drafts a case: %d", code)
	}
	_, text = h.ask(t, "ben", "POST", "/desk/incidents/report", url.Values{"finding": {"moura-2022-ohchr"}, "title": {"On Moura"}})
	for _, want := range []string{"On Moura", "reasonable grounds to believe", "Human Rights Watch", "203 fighters", "Annex"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q: what contradicts a claim must stay", want)
		}
	}
}

func TestANoticeGoesInAndItsAnswerComesOut(t *testing.T) {
	h := newHouse(t)
	_, text := h.ask(t, "", "POST", "/reply", url.Values{"sort": {"correction"}, "about": {"moura-2022"}, "name": {"N. N."}, "text": {"the place is spelt otherwise"}})
	ref := regexp.MustCompile(`id="reference">([a-z2-7]{24})<`).FindStringSubmatch(text)
	if ref == nil {
		t.Fatalf("no reference: %.600s", text)
	}
	if _, text := h.ask(t, "ben", "GET", "/desk/incidents", nil); !strings.Contains(text, "the place is spelt otherwise") {
		t.Error("the desk does not show it")
	}
	h.ask(t, "ben", "POST", "/desk/incidents/answer", url.Values{"ref": {ref[1]}, "answer": {"We looked again."}})
	_, text = h.ask(t, "", "POST", "/reply/follow", url.Values{"ref": {ref[1]}})
	if !strings.Contains(text, "We looked again.") || strings.Contains(text, "u-ben") {
		t.Error("the sender does not see the answer, or sees who gave it")
	}
	if code, text := h.ask(t, "", "POST", "/reply", url.Values{"sort": {"reply"}, "name": {"x"}}); code != 400 || !strings.Contains(text, "write what you want to say") && !strings.Contains(text, "Write what you want to say") {
		t.Errorf("an empty notice: %d", code)
	}
}

func TestAFormComesBackAsItWasTyped(t *testing.T) {
	h := newHouse(t)
	f := entered()
	f.Set("claim.0.low", "some")
	f.Set("when", "2025-03-04/2025-03-01")
	f.Set("country", "Atlantis")
	code, text := h.ask(t, "ann", "POST", "/desk/incidents/save", f)
	if code != 400 {
		t.Errorf("status %d", code)
	}
	for _, want := range []string{`value="some"`, "is no count", "ends before it begins", "Atlantis", "Men came at dawn."} {
		if !strings.Contains(text, want) {
			t.Errorf("the form does not hold %q", want)
		}
	}
}

// Somebody enters an incident in a real browser; a second person reviews it and
// publishes it; and the withheld name is on no page a reader sees.
func TestBrowserEntersReviewsAndPublishes(t *testing.T) {
	ctx := browser(t)
	h := newHouse(t)
	srv := httptest.NewServer(h)
	defer srv.Close()
	be := func(who string) {
		run(t, ctx, chromedp.Navigate(srv.URL+"/about"), chromedp.WaitReady("footer"), chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.cookie="person=%s; path=/"`, who)))
	}
	fill := func(name, value string) {
		eval[bool](t, ctx, fmt.Sprintf(`(() => { const e = document.getElementById(%q); e.value = %q; return true })()`, name, value))
	}
	be("ann")
	run(t, ctx, chromedp.Navigate(srv.URL+"/desk/incidents/new"), chromedp.WaitReady("footer"))
	for name, v := range entered() {
		if name == "acts" {
			eval[bool](t, ctx, `(() => { document.querySelector('input[name=acts][value=killing]').checked = true; return true })()`)
			continue
		}
		fill(name, v[0])
	}
	run(t, ctx, chromedp.Click("#keep-draft"))
	until(t, ctx, "a draft, seen by those who work on it")
	run(t, ctx, chromedp.Click("#do-submit"))
	until(t, ctx, "waits for review by a second person")
	if eval[bool](t, ctx, `document.querySelector("#do-accept") !== null`) {
		t.Error("the writer is offered to review")
	}
	address := eval[string](t, ctx, `location.pathname`)
	be("ben")
	run(t, ctx, chromedp.Navigate(srv.URL+address), chromedp.WaitReady("footer"), chromedp.Click("#do-accept"))
	until(t, ctx, "ready to be published")
	run(t, ctx, chromedp.Click("#do-publish"))
	until(t, ctx, "as one speaker counts them: a village head: at least 3")
	be("nobody")
	for _, p := range []string{"/incidents", "/incidents/sampletown-2025", "/desk/incidents", address} {
		run(t, ctx, chromedp.Navigate(srv.URL+p), chromedp.WaitReady("footer"))
		if text := eval[string](t, ctx, `document.documentElement.outerHTML`); strings.Contains(text, "Zoubeida") {
			t.Errorf("%s shows the withheld name", p)
		}
	}
}
