package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"article41"
	"article41/account"
	"article41/api"
	"article41/monitor"
	"article41/monitortest"
	"article41/web"
)

// wholeServer is a house whose faces are those of serve: pages and JSON, with
// briefings, comments, customers and receipts.
func wholeServer(t testing.TB) *monitortest.House {
	t.Helper()
	return monitortest.New(t, func(arc *article41.Archive, desk *monitor.Desk) http.Handler {
		a := &app{world: world{in: strings.NewReader(""), out: io.Discard, err: io.Discard, now: monitortest.Now, getenv: func(string) string { return "" }}}
		ctx := context.Background()
		if err := a.open(ctx, filepath.Join(t.TempDir(), "rest.db"), true); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { a.close() })
		readers, err := a.briefings(ctx, arc, letters{}, a.log())
		if err != nil {
			t.Fatal(err)
		}
		all, err := a.receipts(ctx)
		if err != nil {
			t.Fatal(err)
		}
		pages := web.New(arc, web.Options{Today: monitortest.Today, Version: "test", Monitor: desk, Now: monitortest.Now, Desk: readers, Watch: a.watchers(), Receipts: all,
			Failed: func(ref string, err error) { t.Errorf("reference %s: %v", ref, err) }})
		answers := api.New(arc, api.Options{Today: monitortest.Today, Version: "test", Now: monitortest.Now, Briefings: readers, Watch: a.watchers(), Receipts: all})
		return route(answers, pages)
	})
}

// mayRead are the answers in which who may read what is withheld is shown it.
var mayRead = []string{"GET /desk/incidents/drafts/{id}", "GET /desk/incidents/drafts/{id}/edit", "POST /desk/incidents/drafts/{id}", "POST /desk/incidents/save",
	"POST /desk/incidents/drafts/{id}/evidence", "POST /desk/incidents/drafts/{id}/evidence/{evidence}"}

// allPatterns are all addresses of the server, read from the tables of both faces.
func allPatterns() []string {
	out := slices.Concat(web.Patterns(), slices.Collect(maps.Keys(api.Actions())))
	slices.Sort(out)
	return out
}

var holed = regexp.MustCompile(`\{[^}]*\}`)

// targets are addresses that a pattern matches: with each id in its holes, or, if
// it has none, with each query behind it.
func targets(pattern string, ids, queries []string) (method string, out []string) {
	method, path, _ := strings.Cut(pattern, " ")
	path = strings.ReplaceAll(path, "{$}", "")
	if !holed.MatchString(path) {
		for _, q := range queries {
			out = append(out, path+q)
		}
		return method, out
	}
	for _, id := range ids {
		out = append(out, holed.ReplaceAllString(strings.ReplaceAll(path, "{evidence}", "w2"), id))
	}
	return method, out
}

// everybody are all that can ask; of a short run, somebody of each sort.
func everybody(h *monitortest.House) []string {
	if testing.Short() {
		return []string{"", "reader", "editor"}
	}
	return h.Everybody()
}

// posts are bodies that any address may be sent: what names the draft, what a
// stranger would try, and nothing.
func posts(draft string) []struct{ kind, body string } {
	const coded = "application/x-www-form-urlencoded"
	everything := url.Values{"draft": {draft}, "version": {"2"}, "do": {"submit"}, "finding": {"sampletown-2025-f1"}, "proposed": {"somebody"}, "regime": {"mali"}, "keep": {"moura-2022"}, "other": {"nowhere"}, "why": {"x"},
		"ref": {strings.Repeat("a", 24)}, "answer": {"x"}, "about": {"sampletown-two"}, "q": {"Sampletown"}, "name": {"Sampletown"}, "text": {"Men came at dawn at Sampletown."}, "sort": {"notice"}}
	return []struct{ kind, body string }{
		{coded, ""}, {coded, everything.Encode()},
		{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"version\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"do\"\r\n\r\ncheck\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nMen came.\r\n--x--\r\n"},
		{"application/json", `{"name":"Sampletown","text":"Men came at dawn at Sampletown.","queries":{"q":{"schema":"Person","properties":{"name":["Sampletown daughter"]}}}}`},
	}
}

// withheldHouse is a house in which one incident with a withheld part was
// published and another is a draft.
func withheldHouse(t testing.TB, change func(url.Values)) (h *monitortest.House, published, open string) {
	t.Helper()
	h = wholeServer(t)
	first, second := monitortest.Entered(), monitortest.Entered()
	second.Set("id", "sampletown-two")
	for _, f := range []url.Values{first, second} {
		change(f)
	}
	published, open = h.Publish(t, first), h.Enter(t, "ann", second)
	if first.Has("withheld.names") {
		// A file whose name, content and note hold what is withheld, kept sealed.
		code, text := h.Upload(t, "ann", open, "", map[string]string{"keep": "yes", "note": monitortest.PlantedNote}, monitortest.Planted+".txt", []byte(monitortest.PlantedNote))
		if code != http.StatusSeeOther {
			t.Fatalf("%d: %.2000s", code, text)
		}
		code, text = h.Ask(t, "ann", "POST", "/desk/incidents/drafts/"+open+"/evidence/w2", url.Values{"do": {"take"}, "version": {h.Version(t, "ann", open)}})
		if code != http.StatusOK || !strings.Contains(text, monitortest.PlantedNote) {
			t.Fatalf("the file does not come out to who may have it, so the test would prove nothing: %d: %.2000s", code, text)
		}
	}
	return h, published, open
}

// asIs leaves the form alone; without takes what is withheld out of it.
func asIs(url.Values) {}

func without(f url.Values) {
	for k := range f {
		if strings.HasPrefix(k, "withheld.") || strings.HasPrefix(k, "sealed.") {
			f.Del(k)
		}
	}
}

// The withheld name is looked for byte by byte at every address of both faces, as
// everybody: all addresses are read from the tables of routes, so a new one is
// walked by itself.
func TestAWithheldNameNeverComesOut(t *testing.T) {
	h, published, open := withheldHouse(t, asIs)
	if _, text := h.Ask(t, "ben", "GET", "/desk/incidents/drafts/"+published, nil); len(monitortest.Found(text)) < 3 {
		t.Fatal("who may read it does not see it: the test would prove nothing")
	}
	ids := []string{published, open, "sampletown-2025", "sampletown-two", "sampletown-2025-f1"}
	queries := []string{"", "?q=daughter&name=Sampletown", "?cursor=sampletown-two&limit=1", "?from=never"}
	asked := 0
	look := func(who, pattern, target, method, kind, body string) {
		t.Helper()
		asked++
		code, text := h.Send(t, who, method, target, body, kind)
		if f := monitortest.Found(text); len(f) > 0 && !(h.Person(who).May(account.ReadWithheld) && slices.Contains(mayRead, pattern)) {
			t.Errorf("%v as %q: %s %s (%d) holds it", f, who, method, target, code)
		}
	}
	walk := func(want string) {
		for _, p := range allPatterns() {
			method, all := targets(p, ids, queries)
			if method != want {
				continue
			}
			for _, who := range everybody(h) {
				for _, target := range all {
					if method == http.MethodGet {
						look(who, p, target, method, "", "")
						continue
					}
					for _, b := range posts(open) {
						look(who, p, target, method, b.kind, b.body)
					}
				}
			}
		}
	}
	walk(http.MethodGet)
	queries = queries[:1]
	walk(http.MethodPost)
	if least := 10 * len(allPatterns()); asked < least {
		t.Errorf("only %d answers were searched, want %d", asked, least)
	}
	t.Logf("%d answers of %d addresses were searched", asked, len(allPatterns()))
}

// A withheld name in the open part is refused, and the refusal does not say it.
func TestAWithheldNameIsRefusedInTheOpenPart(t *testing.T) {
	h := wholeServer(t)
	leak := monitortest.Entered()
	leak.Set("summary", "Told by ZOUBÉIDA n testname.")
	id := h.Enter(t, "ann", leak)
	code, text := h.Step(t, "ann", id, "submit", "")
	if code != http.StatusConflict || !strings.Contains(text, "withheld name stands in the part") {
		t.Errorf("a withheld name in the open part went to review: %d", code)
	}
}

// Two installations, alike but for what is withheld: whoever may not read it gets
// the same answers from both, to the byte. So neither a size, a count, a cursor,
// an order nor a header tells that anything is withheld.
func TestWhatIsWithheldChangesNoAnswer(t *testing.T) {
	with, published, open := withheldHouse(t, asIs)
	bare, published2, open2 := withheldHouse(t, without)
	if published != published2 || open != open2 {
		t.Fatal("the two houses have other ids: the test would prove nothing")
	}
	ids := []string{open, "sampletown-2025", "sampletown-two"}
	compared := 0
	for _, p := range allPatterns() {
		if p == "POST /v2/data/refresh" || p == "POST /updatez" {
			continue // answers by what another request is doing just then
		}
		method, all := targets(p, ids, []string{"", "?q=daughter", "?limit=1"})
		for _, who := range everybody(with) {
			if with.Person(who).May(account.ReadWithheld) {
				continue
			}
			for _, target := range all {
				tries := posts(open)[1:2]
				for _, b := range tries {
					before1, before2 := with.Reads(), bare.Reads()
					c1, t1 := with.Send(t, who, method, target, b.body, b.kind)
					c2, t2 := bare.Send(t, who, method, target, b.body, b.kind)
					compared++
					if c1 != c2 || len(t1) != len(t2) || steady(t1) != steady(t2) {
						t.Errorf("%q: %s %s: %d with %d bytes, and %d with %d bytes without anything withheld", who, method, target, c1, len(t1), c2, len(t2))
					}
					if with.Reads()-before1 != bare.Reads()-before2 {
						t.Errorf("%q: %s %s reads the shelf more often: how long it takes would tell", who, method, target)
					}
				}
			}
		}
	}
	if least := 5 * len(allPatterns()); compared < least {
		t.Errorf("only %d answers were compared, want %d", compared, least)
	}
}

var passing = regexp.MustCompile(`[A-Za-z0-9_+/=-]{20,}|\b[0-9a-f]{8,}\b|\b\d{4}-\d\d-\d\dT[0-9:.]+Z`)

// steady is an answer without what differs at each asking: nonces, references,
// instants.
func steady(text string) string { return passing.ReplaceAllString(text, "*") }

// Whether a draft exists cannot be told: its id, and that of the incident in it,
// answer to whoever may not read drafts as one that is nowhere, by the same bytes
// and the same reads of the shelf.
func TestADraftsIDAnswersAsOneThatIsNowhere(t *testing.T) {
	h, _, open := withheldHouse(t, asIs)
	pairs := [][2]string{{open, strings.Repeat("a", len(open))}, {"sampletown-two", "sampletown-owt"}, {"sampletown-two-f1", "sampletown-owt-f1"}}
	for _, p := range allPatterns() {
		if !holed.MatchString(strings.ReplaceAll(p, "{$}", "")) {
			continue
		}
		for _, who := range everybody(h) {
			if h.Person(who).May(account.ReadDrafts) {
				continue
			}
			for _, pair := range pairs {
				var answers [2]string
				var reads [2]int64
				for i, id := range pair {
					method, all := targets(p, []string{id}, []string{""})
					before := h.Reads()
					code, text := h.Send(t, who, method, all[0], posts(id)[1].body, posts(id)[1].kind)
					reads[i] = h.Reads() - before
					answers[i] = fmt.Sprint(code, len(text), steady(strings.ReplaceAll(text, id, "ID")))
				}
				if answers[0] != answers[1] || reads[0] != reads[1] {
					t.Errorf("%q: %s tells %s from %s:\n%.300s\n%.300s", who, p, pair[0], pair[1], answers[0], answers[1])
				}
			}
		}
	}
}
