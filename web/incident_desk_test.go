package web_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"article41"
	"article41/monitor"
	"article41/monitortest"
	"article41/web"
)

// atTheDesk is the pages of a house with a desk of incidents.
func atTheDesk(t testing.TB) *monitortest.House {
	return monitortest.New(t, func(arc *article41.Archive, desk *monitor.Desk) http.Handler {
		return web.New(arc, web.Options{Today: monitortest.Today, Version: "test", Monitor: desk, Now: monitortest.Now,
			Failed: func(ref string, err error) { t.Errorf("reference %s: %v", ref, err) }})
	})
}

func TestTheCaseSaysWhatItIsAndWhatIsMissing(t *testing.T) {
	h := atTheDesk(t)
	_, text := h.Ask(t, "ben", "POST", "/desk/incidents/case", url.Values{"finding": {"moura-2022-ohchr"}, "proposed": {"Somebody Else"}, "regime": {"mali"}})
	for _, want := range []string{monitor.CaseMark, "No reply of the one proposed is recorded", "no finding ties specific acts to the one proposed", "no published finding speaks to this criterion", "killing, sexual violence and torture of civilians", "no-store"} {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
			t.Errorf("the case does not say %q", want)
		}
	}
	if code, _ := h.Ask(t, "", "POST", "/desk/incidents/case", nil); code != http.StatusUnauthorized {
		t.Errorf("anybody drafts a case: %d", code)
	}
	_, text = h.Ask(t, "ben", "POST", "/desk/incidents/report", url.Values{"finding": {"moura-2022-ohchr"}, "title": {"On Moura"}})
	for _, want := range []string{"On Moura", "reasonable grounds to believe", "Human Rights Watch", "203 fighters", "Annex"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q: what contradicts a claim must stay", want)
		}
	}
}

func TestANoticeGoesInAndItsAnswerComesOut(t *testing.T) {
	h := atTheDesk(t)
	_, text := h.Ask(t, "", "POST", "/reply", url.Values{"sort": {"correction"}, "about": {"moura-2022"}, "name": {"N. N."}, "text": {"the place is spelt otherwise"}})
	ref := regexp.MustCompile(`id="reference">([a-z2-7]{24})<`).FindStringSubmatch(text)
	if ref == nil {
		t.Fatalf("no reference: %.600s", text)
	}
	if _, text := h.Ask(t, "ben", "GET", "/desk/incidents", nil); !strings.Contains(text, "the place is spelt otherwise") {
		t.Error("the desk does not show it")
	}
	h.Ask(t, "ben", "POST", "/desk/incidents/answer", url.Values{"ref": {ref[1]}, "answer": {"We looked again."}})
	_, text = h.Ask(t, "", "POST", "/reply/follow", url.Values{"ref": {ref[1]}})
	if !strings.Contains(text, "We looked again.") || strings.Contains(text, "u-ben") {
		t.Error("the sender does not see the answer, or sees who gave it")
	}
	if code, text := h.Ask(t, "", "POST", "/reply", url.Values{"sort": {"reply"}, "name": {"x"}}); code != 400 || !strings.Contains(text, "write what you want to say") && !strings.Contains(text, "Write what you want to say") {
		t.Errorf("an empty notice: %d", code)
	}
}

func TestAFormComesBackAsItWasTyped(t *testing.T) {
	h := atTheDesk(t)
	f := monitortest.Entered()
	f.Set("claim.0.low", "some")
	f.Set("when", "2025-03-04/2025-03-01")
	f.Set("country", "Atlantis")
	code, text := h.Ask(t, "ann", "POST", "/desk/incidents/save", f)
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
	h := atTheDesk(t)
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
	for name, v := range monitortest.Entered() {
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
		if f := monitortest.Found(eval[string](t, ctx, `document.documentElement.outerHTML`)); len(f) > 0 {
			t.Errorf("%s shows what is withheld: %v", p, f)
		}
	}
}

// What is entered once comes back as it was entered: two people, each with their
// own acts and reply, and links with their own days, speakers and hedges.
func TestTwoPeopleAndTheirLinksGoThroughTheForm(t *testing.T) {
	h := atTheDesk(t)
	f := monitortest.Entered()
	for k, v := range map[string]string{
		"finding.0.named.0.name": "Aminata N.", "finding.0.named.0.acts": "ordered the raid\npaid for it", "finding.0.named.0.sort": "reply", "finding.0.named.0.replied": "2025-05-03", "finding.0.named.0.answer": "denies it",
		"finding.0.named.1.name": "Boubacar D.", "finding.0.named.1.acts": "drove the men", "finding.0.named.1.sort": "refused", "finding.0.named.1.replied": "2025-05-04",
		"finding.0.link.0.kind": "listing", "finding.0.link.0.to": "MLi.005", "finding.0.link.0.as": "said to have paid", "finding.0.link.0.on": "2025-02-01/2025-03-31", "finding.0.link.0.by": "a trader", "finding.0.link.0.hedge": "alleged", "finding.0.link.0.source": "interview 2", "finding.0.link.0.sure": "unverified",
		"finding.0.also": "moura-2022",
		"link.0.kind":    "report", "link.0.to": "S/2023/578", "link.0.on": "2023-08", "link.0.by": "the panel", "link.0.hedge": "assessed", "link.0.source": "interview 1", "link.0.sure": "verified"} {
		f.Set(k, v)
	}
	id := h.Enter(t, "ann", f)
	_, form := h.Ask(t, "ann", "GET", "/desk/incidents/drafts/"+id+"/edit", nil)
	again := url.Values{}
	for _, m := range regexp.MustCompile(`name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(form, -1) {
		again.Set(m[1], html.UnescapeString(m[2]))
	}
	for _, w := range []string{"finding.0.named.1.name", "finding.0.named.0.answer", "finding.0.link.0.on", "finding.0.link.0.by", "finding.0.also", "link.0.on", "link.0.by"} {
		if again.Get(w) != f.Get(w) {
			t.Errorf("%s comes back as %q, was %q", w, again.Get(w), f.Get(w))
		}
	}
	for _, s := range []struct{ who, do string }{{"ann", "submit"}, {"ben", "accept"}, {"ben", "publish"}} {
		if code, text := h.Step(t, s.who, id, s.do, "read"); code != http.StatusSeeOther {
			t.Fatalf("%s: %d: %.2000s", s.do, code, text[max(0, strings.Index(text, "<h1>")):])
		}
	}
	for _, page := range []string{"/incidents/sampletown-2025", "/incidents/moura-2022"} {
		_, text := h.Ask(t, "", "GET", page, nil)
		for _, want := range []string{"Aminata N., with ordered the raid and paid for it. Replied, 3 May 2025: denies it.", "Boubacar D., with drove the men. Was asked, and declined to answer, 4 May 2025.", "alleged by a trader"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", page, want)
			}
		}
	}
	_, text := h.Ask(t, "ben", "POST", "/desk/incidents/case", url.Values{"finding": {"sampletown-2025-f1"}, "proposed": {"Boubacar D."}, "regime": {"mali"}})
	if !strings.Contains(text, "Acts of the one proposed: drove the men.") || !strings.Contains(text, "also names Aminata N.") {
		t.Error("the case mixes the acts of two people")
	}
}

// What was published is withdrawn, never deleted: it shows with the reason, is in
// no list, and stands again only when it is published again.
func TestAWithdrawnIncidentShowsWhyAndIsNotCounted(t *testing.T) {
	h := atTheDesk(t)
	f := monitortest.Entered()
	h.Publish(t, f)
	withdraw := func(who string, form url.Values) int {
		code, _ := h.Ask(t, who, "POST", "/desk/incidents/withdraw", form)
		return code
	}
	for _, c := range []struct {
		why, who string
		form     url.Values
		code     int
	}{
		{"a writer may not", "ann", url.Values{"id": {"sampletown-2025"}, "why": {"x"}}, http.StatusForbidden},
		{"no reason", "ben", url.Values{"id": {"sampletown-2025"}}, 400},
		{"nothing there", "ben", url.Values{"id": {"nowhere"}, "why": {"x"}}, 404},
		{"not published here", "ben", url.Values{"id": {"moura-2022"}, "why": {"x"}}, 400},
		{"a finding it has not", "ben", url.Values{"id": {"sampletown-2025"}, "finding": {"f9"}, "why": {"x"}}, 404},
		{"it is withdrawn", "ben", url.Values{"id": {"sampletown-2025"}, "why": {"The interview was taken back"}}, 303},
		{"a second time", "ben", url.Values{"id": {"sampletown-2025"}, "why": {"x"}}, 404},
	} {
		if got := withdraw(c.who, c.form); got != c.code {
			t.Errorf("%s: %d, want %d", c.why, got, c.code)
		}
	}
	code, text := h.Ask(t, "", "GET", "/incidents/sampletown-2025", nil)
	for _, want := range []string{"withdrawn on 23 November 2026: The interview was taken back.", "at least 3 people were killed", "A finding was withdrawn"} {
		if code != 200 || !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
			t.Errorf("%d: the page does not say %q", code, want)
		}
	}
	if _, text := h.Ask(t, "", "GET", "/incidents?q=Sampletown", nil); strings.Contains(text, "Raid on Sampletown") {
		t.Error("it is still in the list")
	}
	if _, text := h.Ask(t, "", "GET", "/incidents/sampletown-2025?as_of=2026-11-22&known_at=2026-11-22", nil); strings.Contains(text, "withdrawn on") {
		t.Error("the day before knows of the withdrawal")
	}
	id := h.Enter(t, "ann", f)
	if code, text := h.Step(t, "ann", id, "submit", ""); code != http.StatusConflict || !strings.Contains(text, "needs an erratum") {
		t.Errorf("%d: what was withdrawn comes back without a word", code)
	}
	f.Set("why", "The witness agreed after all")
	h.Publish(t, f) // the same again, word for word
	if _, text := h.Ask(t, "", "GET", "/incidents?q=Sampletown", nil); !strings.Contains(text, "Raid on Sampletown") {
		t.Error("what was published again is not in the list")
	}
	if _, text := h.Ask(t, "", "GET", "/incidents/sampletown-2025", nil); strings.Count(text, "withdrawn on 2026-11-23: The interview was taken back") != 2 || !strings.Contains(text, "The witness agreed after all") {
		t.Error("that it was withdrawn once is lost, of the incident or of its finding")
	}
}

func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("zeros")
	if err == nil {
		_, err = w.Write(make([]byte, 40<<20))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A file comes in over the page by its hash, sealed; a hostile one is refused with
// the reason, and nothing of the draft is lost.
func TestAFileComesInOverThePage(t *testing.T) {
	h := atTheDesk(t)
	id := h.Enter(t, "ann", monitortest.Entered())
	_, before := h.Ask(t, "ann", "GET", "/desk/incidents/drafts/"+id, nil)
	for _, c := range []struct {
		why, name, says string
		file            []byte
	}{
		{"a zip bomb", "a.zip", "zip bomb", bomb(t)},
		{"a drawing with a script", "a.svg", "holds a script", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)},
		{"a page under a picture's name", "a.png", "which can run scripts", []byte("<!doctype html><script>alert(1)</script>")},
		{"a name that is a path", "../../etc/passwd", "holds a path", []byte("x")},
		{"a path of another system", `C:\Users\x.png`, "holds a path", []byte("x")},
		{"a name that reads backwards", "photo\u202egnp.exe", "hides how it reads", []byte("x")},
		{"an empty file", "a.png", "has 0 bytes", nil},
		{"no file", "", "Choose a file", nil},
		{"a web archive that is none", "a.wacz", "this is none", []byte("x")},
		{"a file that is too large", "a.bin", "larger than 16 MB", make([]byte, 17<<20)},
	} {
		code, text := h.Upload(t, "ann", id, "", map[string]string{"keep": "yes"}, c.name, c.file)
		if code != http.StatusConflict || !strings.Contains(html.UnescapeString(text), c.says) {
			t.Errorf("%s: %d, want %q in %.300s", c.why, code, c.says, text[strings.Index(text, "<h1>"):])
		}
	}
	if _, after := h.Ask(t, "ann", "GET", "/desk/incidents/drafts/"+id, nil); after != before {
		t.Error("what was refused left something behind")
	}
	photo := []byte("\x89PNG\r\n\x1a\n and a picture of somebody")
	if code, text := h.Upload(t, "ann", id, "", map[string]string{"keep": "yes", "note": "handed over by a witness"}, "Une photo é.jpg", photo); code != http.StatusSeeOther || !strings.Contains(text, "#custody-w2") {
		t.Fatalf("%d: %.600s", code, text)
	}
	check := func(file []byte, code int, says string) {
		t.Helper()
		if got, text := h.Upload(t, "ann", id, "w2", map[string]string{"do": "check"}, "photo.png", file); got != code || !strings.Contains(html.UnescapeString(text), says) {
			t.Errorf("%d, want %d and %q", got, code, says)
		}
	}
	check(photo, http.StatusSeeOther, "")
	check(append(slices.Clone(photo), '!'), http.StatusConflict, "not the one that was taken in")
	_, text := h.Ask(t, "ann", "GET", "/desk/incidents/drafts/"+id, nil)
	for _, want := range []string{"received; kept sealed by u-ann", "handed over by a witness", "careful: its name says image/jpeg, and its content image/png", "checked; the hash is the same", "checked: THE HASH DIFFERS"} {
		if !strings.Contains(text, want) {
			t.Errorf("the custody does not say %q", want)
		}
	}
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(text)[1]
	code, text := h.Ask(t, "ann", "POST", "/desk/incidents/drafts/"+id+"/evidence/w2", url.Values{"do": {"take"}, "version": {version}})
	for _, want := range []string{"application/octet-stream", "attachment; filename*=utf-8''w2-Une%20photo%20%C3%A9.jpg", "sandbox", "no-store", "nosniff", string(photo)} {
		if code != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%d: the file does not come with %q: %.600s", code, want, text)
		}
	}
	if _, text := h.Ask(t, "ben", "GET", "/desk/incidents/drafts/"+id, nil); !strings.Contains(text, "handed out by u-ann") {
		t.Error("who took it is not noted")
	}
	for _, who := range []string{"", "reader", "reviewer", "admin"} {
		for _, evidence := range []string{"", "w2"} {
			if code, text := h.Upload(t, who, id, evidence, map[string]string{"do": "take"}, "x.png", photo); code != http.StatusForbidden && code != http.StatusUnauthorized || strings.Contains(text, "w2-Une") {
				t.Errorf("%q at %q: %d", who, evidence, code)
			}
		}
	}
	// The form of the draft comes back without the row: what has a custody stays.
	_, text = h.Ask(t, "ann", "GET", "/desk/incidents/drafts/"+id, nil)
	f := monitortest.Entered()
	f.Set("draft", id)
	f.Set("version", regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(text)[1])
	if code, _ := h.Ask(t, "ann", "POST", "/desk/incidents/save", f); code == http.StatusSeeOther {
		t.Error("a form without the row drops evidence with its custody")
	}
}

// A file is taken in without any script.
func TestBrowserTakesAFileIn(t *testing.T) {
	ctx := browser(t)
	h := atTheDesk(t)
	srv := httptest.NewServer(h)
	defer srv.Close()
	id := h.Enter(t, "ann", monitortest.Entered())
	name := filepath.Join(t.TempDir(), "photo.png")
	if err := os.WriteFile(name, []byte("\x89PNG\r\n\x1a\n and a picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.Navigate(srv.URL+"/about"), chromedp.WaitReady("footer"), chromedp.Evaluate[chromedp.Void](`document.cookie="person=ann; path=/"`))
	call(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	run(t, ctx, chromedp.Navigate(srv.URL+"/desk/incidents/drafts/"+id), chromedp.WaitReady("footer"), chromedp.SetUploadFiles("#take-file", []string{name}), chromedp.Click("#take-in"), chromedp.WaitReady("#custody-w2"))
	if _, text := h.Ask(t, "ben", "GET", "/desk/incidents/drafts/"+id, nil); !strings.Contains(text, "received; kept sealed by u-ann") || !strings.Contains(text, "photo.png") {
		t.Error("the file did not come in")
	}
}

// What was published is corrected: a form that is handed in as it came changes
// nothing, and what is changed shows with its old reading wherever it comes out.
func TestBrowserCorrectsWhatWasPublished(t *testing.T) {
	ctx := browser(t)
	h := atTheDesk(t)
	srv := httptest.NewServer(h)
	defer srv.Close()
	run(t, ctx, chromedp.Navigate(srv.URL+"/about"), chromedp.WaitReady("footer"), chromedp.Evaluate[chromedp.Void](`document.cookie="person=ann; path=/"`))
	run(t, ctx, chromedp.Navigate(srv.URL+"/desk/incidents"), chromedp.WaitReady("footer"), chromedp.SendKeys("#again-id", "moura-2022"), chromedp.Click("#open-again"), chromedp.WaitReady("#keep-draft"), chromedp.Click("#keep-draft"))
	until(t, ctx, "a draft, seen by those who work on it")
	if got := eval[string](t, ctx, `document.querySelector("#changes")?.innerText ?? ""`); got != "" {
		t.Errorf("the form changes by itself: %s", got)
	}
	address := eval[string](t, ctx, `location.pathname`)
	run(t, ctx, chromedp.Navigate(srv.URL+address+"/edit"), chromedp.WaitReady("footer"))
	eval[bool](t, ctx, `(() => { document.querySelector('[name="claim.0.low"]').value = "510"; document.querySelector('[name="finding.1.named.0.name"]').value = "Aminata N."; document.querySelector('[name="finding.1.named.0.acts"]').value = "ordered it";
		document.querySelector('[name="finding.1.named.0.sort"]').value = "not-asked"; document.querySelector('[name="finding.1.named.0.answer"]').value = "could not be reached"; return true })()`)
	run(t, ctx, chromedp.Click("#keep-draft"))
	until(t, ctx, "a draft, seen by those who work on it")
	if got := eval[string](t, ctx, `document.querySelector("#changes").innerText`); !strings.Contains(got, "No reason is given yet") || !strings.Contains(got, "claim killed-ohchr, low\t500\t510") {
		t.Errorf("what is changed is not shown: %s", got)
	}
	run(t, ctx, chromedp.Click("#do-submit"), chromedp.WaitReady("#problems"))
	if got := eval[string](t, ctx, `document.querySelector(".problems").innerText`); !strings.Contains(got, "needs an erratum") {
		t.Errorf("it went to review without a reason: %s", got)
	}
	run(t, ctx, chromedp.Navigate(srv.URL+address+"/edit"), chromedp.WaitReady("footer"))
	eval[bool](t, ctx, `(() => { document.querySelector('[name="why"]').value = "The count was read again."; return true })()`)
	run(t, ctx, chromedp.Click("#keep-draft"))
	until(t, ctx, "a draft, seen by those who work on it")
	id := address[strings.LastIndexByte(address, '/')+1:]
	for _, s := range []struct{ who, do string }{{"ann", "submit"}, {"ben", "accept"}, {"ben", "publish"}} {
		if code, text := h.Step(t, s.who, id, s.do, "read"); code != http.StatusSeeOther {
			t.Fatalf("%s: %d: %.2000s", s.do, code, text[max(0, strings.Index(text, "<h1>")):])
		}
	}
	for where, want := range map[string][]string{
		"/incidents/moura-2022": {"claim killed-ohchr, low: it said “500”, it says “510”. Reason: The count was read again.", "named Aminata N.: it said nothing, it says “acts ordered it"},
		"/incidents.csv":        {"claims[killed-ohchr].low: “500” became “510”: The count was read again."},
	} {
		_, text := h.Ask(t, "", "GET", where, nil)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s does not show %q", where, w)
			}
		}
	}
	for where, form := range map[string]url.Values{
		"/desk/incidents/report": {"finding": {"moura-2022-ohchr"}},
		"/desk/incidents/case":   {"finding": {"moura-2022-ohchr"}, "proposed": {"Aminata N."}, "regime": {"mali"}},
	} {
		if _, text := h.Ask(t, "ben", "POST", where, form); !strings.Contains(text, "named Aminata N.: it said nothing") {
			t.Errorf("%s does not show the erratum", where)
		}
	}
}

func TestEvidenceIsReleasedOnThePage(t *testing.T) {
	h := atTheDesk(t)
	id := h.Enter(t, "ann", monitortest.Entered())
	path := "/desk/incidents/drafts/" + id
	form := url.Values{"do": {"release"}, "version": {"1"}, "evidence": {"w1"}, "title": {""}, "why": {"agreed"}}
	if code, text := h.Ask(t, "ann", "POST", path, form); code != http.StatusConflict && code != http.StatusUnprocessableEntity || !strings.Contains(text, "a title that may be read by all") {
		t.Errorf("without a title: %d", code)
	}
	_, text := h.Ask(t, "ann", "GET", path, nil)
	_, version, _ := strings.Cut(text, `name="version" value="`)
	version, _, _ = strings.Cut(version, `"`)
	form.Set("version", version)
	form.Set("title", "A well, 28 March")
	if code, text := h.Ask(t, "ann", "POST", path, form); code != http.StatusSeeOther {
		_, told, _ := strings.Cut(text, `role="alert"`)
		t.Fatalf("%d: %.300s", code, told)
	}
	if _, text := h.Ask(t, "ben", "GET", path, nil); !strings.Contains(text, "A well, 28 March") || !strings.Contains(text, "released: agreed") {
		t.Error("what was released is not shown")
	}
	if code, _ := h.Ask(t, "reader", "POST", path, form); code != http.StatusForbidden && code != http.StatusNotFound {
		t.Errorf("a reader releases: %d", code)
	}
}

func TestAStepOfCustodyIsNotedOnThePage(t *testing.T) {
	h := atTheDesk(t)
	id := h.Enter(t, "ann", monitortest.Entered())
	if code, text := h.Ask(t, "ann", "POST", "/desk/incidents/drafts/"+id, url.Values{"do": {"custody"}, "version": {"1"}, "evidence": {"w1"}, "did": {"copied to a second disk"}}); code != http.StatusSeeOther {
		t.Fatalf("%d: %.600s", code, text)
	}
	if _, text := h.Ask(t, "ben", "GET", "/desk/incidents/drafts/"+id, nil); !strings.Contains(text, "copied to a second disk by u-ann") {
		t.Error("the step is not shown")
	}
	if _, text := h.Ask(t, "reader", "GET", "/desk/incidents/drafts/"+id, nil); strings.Contains(text, "second disk") {
		t.Error("a reader sees the custody")
	}
}

func TestTheListSaysThatATopIsOpen(t *testing.T) {
	if _, text := atTheDesk(t).Ask(t, "", "GET", "/incidents?q=Moura", nil); !strings.Contains(text, "203 to 500 or more") {
		t.Error("the list closes an open top")
	}
}

// TestEmbargoOfEvidenceOnThePage: the day is entered, shown, kept when the draft is
// changed, and holds the release back.
func TestEmbargoOfEvidenceOnThePage(t *testing.T) {
	h := atTheDesk(t)
	form := monitortest.Entered()
	form.Set("sealed.0.until", "2999-01-01")
	id := h.Enter(t, "ann", form)
	path := "/desk/incidents/drafts/" + id
	_, text := h.Ask(t, "ann", "GET", path, nil)
	if !strings.Contains(text, "under embargo, not before 1 January 2999") {
		t.Error("the embargo is not shown")
	}
	if _, again := h.Ask(t, "ann", "GET", path+"/edit", nil); !strings.Contains(again, `value="2999-01-01"`) {
		t.Error("the form loses the embargo")
	}
	_, version, _ := strings.Cut(text, `name="version" value="`)
	version, _, _ = strings.Cut(version, `"`)
	release := url.Values{"do": {"release"}, "version": {version}, "evidence": {"w1"}, "title": {"A well"}, "why": {"agreed"}}
	if code, text := h.Ask(t, "ann", "POST", path, release); code == http.StatusSeeOther || !strings.Contains(text, "under embargo: not before") {
		t.Errorf("released: %d", code)
	}
}

// TestRowsBeyondTheForm: what a form is not read for is said, not dropped.
func TestRowsBeyondTheForm(t *testing.T) {
	h := atTheDesk(t)
	form := monitortest.Entered()
	form.Set("claim.200.says", "one more")
	_, text := h.Ask(t, "ann", "POST", "/desk/incidents/save", form)
	if !strings.Contains(text, "at most 200 rows, and this is row 201") {
		t.Error("a row too many is dropped in silence")
	}
}
