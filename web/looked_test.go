package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"article41/account"
	"article41/briefing"
	"article41/date"
	"article41/monitortest"
	"article41/record"
	"article41/watch"
	"article41/web"
)

// lookedPage is a page that is opened in a browser: an address of one of the
// houses of [everyHouse], what is posted there if anything, and what is then done
// on it. What stands in braces is filled in by the house.
type lookedPage struct {
	route, name, house, path string
	post                     url.Values
	js                       string // leaves a summary of faults on the page
}

// looked has a row for each page of the route table, at least one.
var looked = []lookedPage{
	{route: "GET /{$}", name: "home", house: "record", path: "/"},
	{route: "GET /{$}", name: "home-2018", house: "record", path: "/?as_of=2018-08-29&known_at=2018-08-29"},
	{route: "GET /regimes", name: "regimes", house: "record", path: "/regimes"},
	{route: "GET /regimes/{id}", name: "mali", house: "record", path: "/regimes/mali"},
	{route: "GET /regimes/{id}", name: "mali-in-force", house: "record", path: "/regimes/mali?as_of=2023-08-15"},
	{route: "GET /regimes/{id}", name: "iran", house: "record", path: "/regimes/iran-1737"},
	{route: "GET /regimes/{id}", name: "dprk", house: "record", path: "/regimes/dprk"},
	{route: "GET /regimes/{id}", name: "south-sudan", house: "record", path: "/regimes/south-sudan"},
	{route: "GET /regimes/{id}", name: "al-shabaab", house: "record", path: "/regimes/al-shabaab"},
	{route: "GET /regimes/{id}/law", name: "law", house: "record", path: "/regimes/mali/law"},
	{route: "GET /votes", name: "votes", house: "record", path: "/votes"},
	{route: "GET /votes", name: "votes-chosen", house: "record", path: "/votes?sponsor=FRA&margin=1"},
	{route: "GET /votes/{symbol...}", name: "vote", house: "record", path: "/votes/S/2023/638"},
	{route: "GET /votes/{symbol...}", name: "whatif", house: "record", path: "/votes/S/2023/638?vote=RUS:abstain"},
	{route: "GET /votes/{symbol...}", name: "old-vote", house: "record", path: "/votes/S/RES/218"},
	{route: "GET /members/{code}", name: "member", house: "record", path: "/members/LBY"},
	{route: "GET /members/{code}", name: "member-permanent", house: "record", path: "/members/RUS"},
	{route: "GET /calendar", name: "calendar", house: "record", path: "/calendar"},
	{route: "GET /screen", name: "screen", house: "record", path: "/screen?as_of=2023-08-01"},
	{route: "POST /screen", name: "hits", house: "record", path: "/screen", post: url.Values{"name": {"Хука Хука Аг Альхусейни"}, "as_of": {"2023-08-01"}}},
	{route: "POST /screen", name: "no-hits", house: "record", path: "/screen", post: url.Values{"name": {"Wilhelmina Quackenbush"}}},
	{route: "POST /find", name: "not-found", house: "record", path: "/find", post: url.Values{"q": {"S/2099/1"}}},
	{route: "GET /listings/{ref}", name: "listing", house: "record", path: "/listings/QDi.006"},
	{route: "GET /listings/{ref}", name: "listing-lapsed", house: "record", path: "/listings/MLi.005"},
	{route: "GET /incidents", name: "incidents", house: "record", path: "/incidents"},
	{route: "GET /incidents/{id}", name: "incident", house: "record", path: "/incidents/moura-2022"},
	{route: "GET /alignment", name: "alignment", house: "record", path: "/alignment"},
	{route: "GET /alignment/mali", name: "alignment-mali", house: "record", path: "/alignment/mali"},
	{route: "GET /alignment/ideals", name: "alignment-ideals", house: "record", path: "/alignment/ideals"},
	{route: "GET /alignment/map", name: "alignment-map", house: "record", path: "/alignment/map"},
	{route: "GET /alignment/drift", name: "alignment-drift", house: "record", path: "/alignment/drift"},
	{route: "GET /alignment/blocs", name: "alignment-blocs", house: "record", path: "/alignment/blocs"},
	{route: "GET /alignment/expected", name: "alignment-expected", house: "record", path: "/alignment/expected"},
	{route: "GET /power", name: "power", house: "record", path: "/power"},
	{route: "GET /power/record", name: "power-record", house: "record", path: "/power/record"},
	{route: "GET /sources", name: "sources", house: "record", path: "/sources"},
	{route: "GET /glossary", name: "glossary", house: "record", path: "/glossary"},
	{route: "GET /about", name: "about", house: "record", path: "/about"},
	{route: "GET /check", name: "check", house: "record", path: "/check"},
	{route: "POST /check", name: "checked", house: "record", path: "/check", post: url.Values{"text": {"On 30 August 2023 the Council voted on sanctions against Mali: 13 out of 15 were in favor. Russia reportedly vetoed it. So it goes."}}},
	{route: "GET /", name: "nowhere", house: "record", path: "/nowhere"},

	{route: "GET /sign-in", name: "sign-in", house: "door", path: "/sign-in"},
	{route: "POST /sign-in", name: "sign-in-wrong", house: "door", path: "/sign-in", post: url.Values{"login": {"ann"}, "password": {"wrong"}}},
	{route: "GET /sign-in/away", name: "sign-in-away", house: "door", path: "/sign-in/away"},
	{route: "GET /sign-in/return", name: "sign-in-return", house: "door", path: "/sign-in/return?error=access_denied"},

	{route: "GET /screen/batch", name: "batch", house: "customers", path: "/screen/batch"},
	{route: "POST /screen/batch", name: "batch-refused", house: "customers", path: "/screen/batch", post: url.Values{"as_of": {"2023-08-01"}}},
	{route: "GET /screen/batch/{job}", name: "batch-done", house: "customers", path: "/screen/batch/{job}"},
	{route: "GET /alerts", name: "alerts", house: "customers", path: "/alerts"},
	{route: "GET /alerts/{id}", name: "alert", house: "customers", path: "/alerts/{alert}"},
	{route: "POST /alerts/{id}", name: "alert-faults", house: "customers", path: "/alerts/{alert}", post: url.Values{"evidence": {"older"}}},
	{route: "GET /alerts/{id}", name: "alert-decided", house: "customers", path: "/alerts/{decided}"},

	{route: "GET /follow", name: "follow", house: "followers", path: "/follow?feed=/votes%3Fregion%3Dafrica"},
	{route: "GET /follow", name: "follow-fr", house: "followers", path: "/follow?feed=/votes%3Fregion%3Dafrica&lang=fr"},
	{route: "POST /follow", name: "follow-faults", house: "followers", path: "/follow", post: url.Values{"feed": {"/votes"}, "email": {"nobody"}}},
	{route: "POST /follow", name: "follow-asked", house: "followers", path: "/follow", post: url.Values{"feed": {"/votes"}, "email": {"bea@example.net"}}},
	{route: "GET /follow/{token}", name: "follow-confirm", house: "followers", path: "{follow}"},
	{route: "GET /calendar", name: "calendar-mail", house: "followers", path: "/calendar?regime=mali&as_of=2023-08-01"},

	{route: "GET /briefings", name: "briefings", house: "readers", path: "/briefings"},
	{route: "GET /briefings/{slug}", name: "briefing", house: "readers", path: maliPage},
	{route: "GET /briefings/{slug}", name: "briefing-fr", house: "readers", path: maliPage + "?lang=fr"},
	{route: "GET /briefings/{slug}", name: "briefing-embed", house: "readers", path: maliPage + "/embed"},
	{route: "GET /briefings/{slug}", name: "briefing-faults", house: "readers", path: maliPage, js: `document.querySelector(".comment-form button[type=submit]").click()`},
	{route: "GET /briefings/{slug}/comments/{id}/report", name: "report", house: "readers", path: maliPage + "/comments/{shown}/report"},
	{route: "GET /comments/{token}", name: "mine", house: "readers", path: "/comments/{token}"},
	{route: "GET /notices/{token}", name: "notice", house: "readers", path: "/notices/{notice}"},
	{route: "GET /desk/briefings", name: "desk", house: "readers", path: "/desk/briefings"},
	{route: "GET /desk/briefings/{slug}", name: "editing", house: "readers", path: "/desk/briefings/s-2023-639"},
	{route: "GET /desk/comments", name: "queue", house: "readers", path: "/desk/comments"},
	{route: "GET /desk/errata", name: "errata", house: "readers", path: "/desk/errata"},
	{route: "GET /desk/log", name: "log", house: "readers", path: "/desk/log"},

	{route: "GET /reply", name: "reply", house: "writer", path: "/reply?about=moura-2022"},
	{route: "POST /reply", name: "reply-faults", house: "writer", path: "/reply", post: url.Values{"sort": {"reply"}, "name": {"N. N."}}},
	{route: "POST /reply/follow", name: "reply-followed", house: "writer", path: "/reply/follow", post: url.Values{"ref": {"{reference}"}}},
	{route: "GET /desk/incidents/new", name: "incident-new", house: "writer", path: "/desk/incidents/new"},
	{route: "POST /desk/incidents/save", name: "incident-faults", house: "writer", path: "/desk/incidents/save", post: url.Values{"title": {"Raid"}, "claim.0.low": {"some"}, "country": {"Atlantis"}}},
	{route: "GET /desk/incidents/drafts/{id}", name: "incident-draft", house: "writer", path: "/desk/incidents/drafts/{draft}"},
	{route: "GET /desk/incidents/drafts/{id}/edit", name: "incident-edit", house: "writer", path: "/desk/incidents/drafts/{draft}/edit"},
	{route: "GET /desk/incidents/drafts/{id}", name: "incident-custody", house: "writer", path: "/desk/incidents/drafts/{custody}"},
	{route: "GET /desk/incidents/drafts/{id}", name: "incident-correction", house: "writer", path: "/desk/incidents/drafts/{correction}"},
	{route: "GET /desk/incidents/drafts/{id}/edit", name: "incident-correct", house: "writer", path: "/desk/incidents/drafts/{correction}/edit"},
	{route: "POST /desk/incidents/drafts/{id}/evidence", name: "incident-file-refused", house: "writer", path: "/desk/incidents/drafts/{custody}/evidence", post: url.Values{"version": {"1"}}},
	{route: "GET /incidents/{id}", name: "incident-corrected", house: "writer", path: "/incidents/sampletown-2024"},
	{route: "POST /desk/incidents/again", name: "incident-again", house: "writer", path: "/desk/incidents/again", post: url.Values{"id": {"moura-2022"}}},
	{route: "GET /desk/incidents", name: "incident-desk", house: "publisher", path: "/desk/incidents"},
	{route: "GET /desk/incidents/drafts/{id}", name: "incident-review", house: "publisher", path: "/desk/incidents/drafts/{review}"},
	{route: "GET /desk/incidents/report", name: "incident-report", house: "publisher", path: "/desk/incidents/report"},
	{route: "POST /desk/incidents/report", name: "incident-report-made", house: "publisher", path: "/desk/incidents/report", post: url.Values{"finding": {"moura-2022-ohchr"}, "title": {"On Moura"}}},
	{route: "GET /desk/incidents/case", name: "incident-case", house: "publisher", path: "/desk/incidents/case"},
	{route: "POST /desk/incidents/case", name: "incident-case-made", house: "publisher", path: "/desk/incidents/case", post: url.Values{"finding": {"moura-2022-ohchr"}, "proposed": {"Somebody Else"}, "regime": {"mali"}}},
}

// TestEveryRouteIsLookedAt: no page of the route table is forgotten, and no row is
// of a page that is no more.
func TestEveryRouteIsLookedAt(t *testing.T) {
	have, rows, names := web.Pages(), map[string]bool{}, map[string]bool{}
	for _, p := range looked {
		rows[p.route] = true
		if !slices.Contains(have, p.route) {
			t.Errorf("%s is no page any more", p.route)
		}
		if names[p.name] {
			t.Errorf("two pages are called %s", p.name)
		}
		names[p.name] = true
	}
	for _, pattern := range have {
		if strings.HasPrefix(pattern, "GET ") && !rows[pattern] {
			t.Errorf("%s is looked at by no row", pattern)
		}
	}
}

// TestEveryLookedPageIsOne: what is looked at in a browser is the page that the row
// names, not the page of an error. A draft of what is published is begun and then
// gone to.
func TestEveryLookedPageIsOne(t *testing.T) {
	answers := map[string]int{"incident-again": 303, "nowhere": 404, "not-found": 404, "sign-in-wrong": 401, "sign-in-away": 502, "sign-in-return": 401,
		"batch-refused": 400, "alert-faults": 400, "reply-faults": 400, "follow-faults": 400, "incident-faults": 400, "incident-file-refused": 409}
	houses := everyHouse(t)
	for _, p := range looked {
		method, form := "GET", url.Values(nil)
		if p.post != nil {
			method, form = "POST", houses[p.house].form(p.post)
		}
		w := ask(houses[p.house], method, houses[p.house].address(p.path), form)
		want := max(answers[p.name], 200)
		if w.Code != want {
			t.Errorf("%s: %s %s: %d, want %d", p.name, method, p.path, w.Code, want)
		}
		if w.Code != http.StatusSeeOther && p.name != "briefing-embed" && !strings.Contains(w.Body.String(), "<h1") {
			t.Errorf("%s has no first line", p.name)
		}
	}
}

// dwelling is a site as somebody sees it, with the words that stand in addresses.
type dwelling struct {
	http.Handler
	words map[string]string
}

// everyRegime has a row for the page of each regime.
func everyRegime(t testing.TB) (out []lookedPage) {
	t.Helper()
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	all, err := a.Statuses(t.Context(), record.At{AsOf: today, KnownAt: today})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		out = append(out, lookedPage{name: string(s.Regime), house: "record", path: "/regimes/" + string(s.Regime)})
	}
	return out
}

// request asks for a page as a browser does; a page that is kept is kept for its
// host.
func request(h http.Handler, p lookedPage, host string) *httptest.ResponseRecorder {
	method, form := "GET", url.Values(nil)
	path := p.path
	if d, ok := h.(dwelling); ok {
		path = d.address(path)
		if p.post != nil {
			form = d.form(p.post)
		}
	}
	if p.post != nil {
		method = "POST"
	}
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Host = host
	r.Header.Set("Accept-Encoding", "gzip")
	if p.post != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code >= 500 && w.Code != 502 {
		panic(fmt.Sprintf("%s: %d", p.path, w.Code))
	}
	return w
}

func (d dwelling) address(path string) string {
	for k, v := range d.words {
		path = strings.ReplaceAll(path, "{"+k+"}", v)
	}
	return path
}

func (d dwelling) form(f url.Values) url.Values {
	out := url.Values{}
	for k, vs := range f {
		for _, v := range vs {
			out.Add(k, d.address(v))
		}
	}
	return out
}

// everyHouse is the sites on which the pages stand, each with what its pages need.
func everyHouse(t testing.TB) map[string]dwelling {
	t.Helper()
	houses := map[string]dwelling{"record": {site(t), nil}, "door": {atTheDoor(t), nil}, "customers": houseOfCustomers(t), "readers": houseOfReaders(t)}
	houses["followers"] = houseOfFollowers(t)
	houses["writer"], houses["publisher"] = houseOfIncidents(t)
	return houses
}

// closedDoor lets nobody in, and the issuer it names is away.
type closedDoor struct{}

func (closedDoor) OutsideName() string { return "The ministry" }

func (closedDoor) In(context.Context, string, string, string) error { return account.ErrSignIn }

func (closedDoor) Away(context.Context, string) (string, error) { return "", errors.New("no answer") }

func (closedDoor) Back(context.Context, url.Values) (string, error) {
	return "", fmt.Errorf("%w: the ministry refused", account.ErrVouch)
}

func (closedDoor) Out(context.Context) error { return nil }

func atTheDoor(t testing.TB) http.Handler {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	return as(account.Anyone(), web.New(a, web.Options{Today: func() date.Day { return today }, Version: "test", Sign: closedDoor{}}))
}

func houseOfCustomers(t testing.TB) dwelling {
	sees, d := watching(t, fourEyes())
	h := sees(account.Local())
	waiting, err := d.Alerts(t.Context(), watch.Alert.Waits)
	if err != nil || len(waiting) < 2 {
		t.Fatalf("%d alerts: %v", len(waiting), err)
	}
	job := upload(t, h, "a.csv", []byte(table), "2023-08-01").Header.Get("Location")
	finished(t, h, job)
	last := waiting[len(waiting)-1]
	if w := ask(h, "POST", "/alerts/"+string(last.ID), url.Values{"verdict": {"not-same"}, "reason": {"another year of birth"}, "evidence": {last.Evidence}}); w.Code != http.StatusSeeOther {
		t.Fatalf("decide an alert: %d %s", w.Code, w.Body)
	}
	return dwelling{h, map[string]string{"job": strings.TrimPrefix(job, "/screen/batch/"), "alert": string(waiting[0].ID), "decided": string(last.ID)}}
}

// houseOfReaders has a briefing with comments shown, one waiting, one reported, and
// a correction in hand; and a briefing that is being written.
func houseOfReaders(t testing.TB) dwelling {
	h, d := readers(t, noon, account.Local())
	words := map[string]string{}
	var last briefing.ID
	for i := range 7 {
		form := good(i)
		if i == 6 {
			form = url.Values{"name": {"Ama"}, "email": {"a@example.org"}, "message": {"It is 2024."}, "type": {"correction"}, "place": {"30 September 2023"}, "source": {"S/2023/638"}}
		}
		got, err := d.Post(t.Context(), "mali-veto-2023", briefing.Form{Name: form.Get("name"), Email: form.Get("email"), Message: form.Get("message"), Rating: form.Get("rating"), Type: form.Get("type"),
			Place: form.Get("place"), Source: form.Get("source"), Address: fmt.Sprintf("10.0.%d.1", i)}, noon())
		if err != nil || got.Token == "" {
			t.Fatal(err, got.Faults)
		}
		last, words["token"] = got.ID, got.Token
		if i < 6 {
			q, _ := d.One(got.ID)
			if err := d.Judge(t.Context(), briefing.Judgement{Comment: got.ID, Version: q.Version, Do: briefing.Approve, By: "m"}, noon()); err != nil {
				t.Fatal(err)
			}
		}
		if i == 5 {
			if words["notice"], err = d.Report(t.Context(), got.ID, "abuse", "It insults.", "", "10.9.9.9", briefing.English, noon()); err != nil {
				t.Fatal(err)
			}
		}
	}
	q, _ := d.One(last)
	if _, err := d.Draft(t.Context(), q.ID, q.Version, "m", noon()); err != nil {
		t.Fatal(err)
	}
	if w := ask(h, "POST", "/desk/briefings", url.Values{"of": {"S/2023/639"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("begin a draft: %d %s", w.Code, w.Body)
	}
	words["shown"] = string(d.Thread("mali-veto-2023", 1, noon()).Comments[0].ID)
	return dwelling{h, words}
}

// TestADraftOfferedSaysWhatIsMissing: the desk offers a draft of a vote, and says
// that its meaning is still to be written.
func TestADraftOfferedSaysWhatIsMissing(t *testing.T) {
	h, d := readers(t, noon, account.Local())
	if w := ask(h, "POST", "/desk/briefings", url.Values{"of": {"S/2023/639"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("begin a draft: %d %s", w.Code, w.Body)
	}
	if e, err := d.Editing("s-2023-639", noon()); err != nil || len(e.Problems) != 1 || !strings.Contains(e.Problems[0], "Write here what it means") {
		t.Errorf("the draft offered: %v %q", err, e.Problems)
	}
}

// houseOfIncidents is one desk as the writer of drafts sees it, and as who reviews
// and publishes them does.
func houseOfIncidents(t testing.TB) (writer, publisher dwelling) {
	h := atTheDesk(t)
	words := map[string]string{"draft": h.Enter(t, "ann", monitortest.Entered())}
	other := monitortest.Entered()
	other.Set("id", "sampletown-two")
	words["review"] = h.Enter(t, "ann", other)
	if code, text := h.Step(t, "ann", words["review"], "submit", ""); code != http.StatusSeeOther {
		t.Fatalf("%d: %.600s", code, text)
	}
	third := monitortest.Entered()
	third.Set("id", "sampletown-three")
	words["custody"] = h.Enter(t, "ann", third)
	if code, text := h.Upload(t, "ann", words["custody"], "", map[string]string{"keep": "yes", "note": "handed over by a witness"}, "photo.jpg", []byte("\x89PNG\r\n\x1a\n a picture")); code != http.StatusSeeOther {
		t.Fatalf("%d: %.600s", code, text)
	}
	fourth := monitortest.Entered()
	fourth.Set("id", "sampletown-2024")
	h.Publish(t, fourth)
	fourth.Set("claim.0.low", "4")
	fourth.Set("finding.0.level", "reported")
	fourth.Set("why", "The interview was read again.")
	h.Publish(t, fourth)
	fourth.Set("title", "Raid on Sampletown by men in uniform")
	words["correction"] = h.Enter(t, "ann", fourth)
	_, text := h.Ask(t, "", "POST", "/reply", url.Values{"sort": {"correction"}, "about": {"moura-2022"}, "name": {"N. N."}, "text": {"the place is spelt otherwise"}})
	m := regexp.MustCompile(`id="reference">([a-z2-7]{24})<`).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no reference: %.600s", text)
	}
	words["reference"] = m[1]
	return dwelling{as(h.Person("ann"), h.Faces), words}, dwelling{as(h.Person("ben"), h.Faces), words}
}
