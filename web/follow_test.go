package web_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"article41/account"
	"article41/briefing"
	"article41/date"
	"article41/follow"
	"article41/shelf"
	"article41/sqlite"
	"article41/web"
)

// post is the mail of a test: letters that came, and whether the server takes any.
type post struct {
	letters []follow.Letter
	down    bool
}

func (p *post) send(_ context.Context, l follow.Letter) error {
	if p.down {
		return errors.New("the mail server is away")
	}
	p.letters = append(p.letters, l)
	return nil
}

// followers is the site with letters, asked by anyone on a day that the test moves.
func followers(t testing.TB, now *time.Time) (http.Handler, *follow.Desk, *post, shelf.Store) {
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
	o := web.Options{Today: func() date.Day { return date.DayOf(*now) }, Now: func() time.Time { return *now }, Version: "test",
		Failed: func(ref string, err error) { t.Errorf("reference %s: %v", ref, err) }}
	p := &post{}
	const origin = "https://sanctions.example.org"
	d := follow.Open(follow.Options{Store: stores[0].Shelf(), Vault: account.NewVault(stores[1].Shelf(), account.Master{1}, rand.Reader), Random: rand.Reader,
		Mail: p.send, Site: origin, Feed: web.Feeds(a, o, origin),
		Words: func(lang string) follow.Words { return briefing.ParseLang(lang) }})
	o.Follow = d
	return as(account.Anyone(), web.New(a, o)), d, p, stores[0].Shelf()
}

func following(t testing.TB, h http.Handler, feed, email string) {
	t.Helper()
	if w := ask(h, "POST", "/follow", url.Values{"feed": {feed}, "email": {email}}); w.Code != 200 || !strings.Contains(w.Body.String(), "Look into your mail") || strings.Contains(w.Body.String(), email) {
		t.Fatalf("%s: %d %s", feed, w.Code, w.Body)
	}
}

var linked = regexp.MustCompile(`https://sanctions\.example\.org(/follow/[0-9a-f.]+)`)

// TestFollowByMail: the calendar is followed from its own page: confirmed by a link,
// told once of what is new and of what is near, and ended by a link, which erases.
func TestFollowByMail(t *testing.T) {
	now := time.Date(2023, 8, 1, 17, 0, 0, 0, time.UTC)
	h, d, p, store := followers(t, &now)
	page := ask(h, "GET", "/calendar?regime=mali", nil).Body.String()
	if !strings.Contains(page, `href="/follow?feed=/calendar%3Fregime%3Dmali"`) {
		t.Fatal("the calendar does not lead to its letters")
	}
	if w := ask(h, "GET", "/follow?feed=/calendar%3Fregime%3Dmali", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "/calendar.atom?regime=mali") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	following(t, h, "/calendar?regime=mali", "ada@example.net")
	if n, err := d.Tell(t.Context(), now); n != 0 || err != nil || len(p.letters) != 1 {
		t.Fatalf("before it is confirmed: %d letters, %v", n, err)
	}
	first := p.letters[0]
	link := linked.FindStringSubmatch(first.Body)
	if first.To != "ada@example.net" || link == nil || first.Stop != link[0] {
		t.Fatalf("the letter to confirm: %+v", first)
	}
	if err := shelf.Each(t.Context(), store, "following", func(i shelf.Item) error {
		if strings.Contains(string(i.Body), "ada") {
			t.Errorf("the address can be read: %s", i.Body)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	// To look confirms nothing: mail programs open links on their own.
	if w := ask(h, "GET", link[1], nil); w.Code != 200 || !strings.Contains(w.Body.String(), "Confirm that you follow") || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if n, _ := d.Tell(t.Context(), now); n != 0 {
		t.Fatal("a letter goes to who did not confirm")
	}
	if w := ask(h, "POST", link[1], url.Values{"do": {"confirm"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if n, err := d.Tell(t.Context(), now); n != 0 || err != nil {
		t.Fatalf("what stood there already is told: %d, %v", n, err)
	}
	now = time.Date(2023, 8, 25, 17, 0, 0, 0, time.UTC)
	p.down = true
	if n, err := d.Tell(t.Context(), now); n != 0 || err == nil {
		t.Fatalf("the server is away: %d, %v", n, err)
	}
	p.down = false
	if n, err := d.Tell(t.Context(), now); n != 1 || err != nil {
		t.Fatalf("after it came back: %d, %v", n, err)
	}
	news := p.letters[1]
	if !strings.Contains(news.Body, "Within 7 days") || !strings.Contains(news.Body, "31 August 2023") || !strings.Contains(news.Body, link[0]) || news.Stop != link[0] {
		t.Errorf("the letter: %+v", news)
	}
	if n, err := d.Tell(t.Context(), now); n != 0 || err != nil {
		t.Errorf("it is told twice: %d, %v", n, err)
	}
	for range 2 { // who presses it again is not told that something is wrong
		if w := ask(h, "POST", link[1], url.Values{"List-Unsubscribe": {"One-Click"}}); w.Code != 200 || !strings.Contains(w.Body.String(), "No further letters") {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if err := shelf.Each(t.Context(), store, "following", func(i shelf.Item) error { t.Errorf("kept after the end: %s", i.Body); return nil }); err != nil {
		t.Fatal(err)
	}
	if w := ask(h, "GET", link[1], nil); w.Code != 404 {
		t.Errorf("the link answers %d after the end", w.Code)
	}
}

// TestFollowWhatFor: any feed can be followed, nothing else, and nobody can have an
// address flooded.
func TestFollowWhatFor(t *testing.T) {
	now := noon()
	h, d, p, _ := followers(t, &now)
	for _, feed := range []string{"/votes?region=africa&vetoed_by=RUS", "/regimes", "/regimes/mali/feed", "/members/FRA/feed", "/listings/QDi.006/feed", "/calendar", "/changes"} {
		if w := ask(h, "GET", "/follow?feed="+url.QueryEscape(feed), nil); w.Code != 200 {
			t.Errorf("%s: %d", feed, w.Code)
		}
	}
	for feed, want := range map[string]int{"": 400, "/": 404, "/about": 404, "/regimes/nowhere/feed": 404, "https://elsewhere.example/votes": 400, "//elsewhere.example/votes": 400, "/votes?region=atlantis": 400, "/votes?q=" + strings.Repeat("x", 600): 400, "votes": 400, "/../votes": 404} {
		if w := ask(h, "GET", "/follow?feed="+url.QueryEscape(feed), nil); w.Code != want {
			t.Errorf("%.60q: %d, want %d", feed, w.Code, want)
		}
	}
	for _, email := range []string{"", "nobody", "a@b", "a@example.org\r\nBcc: b@example.org", "Ada <a@example.org>"} {
		if w := ask(h, "POST", "/follow", url.Values{"feed": {"/votes"}, "email": {email}}); w.Code != 400 || !strings.Contains(w.Body.String(), `href="#email"`) {
			t.Errorf("%q: %d", email, w.Code)
		}
	}
	for range 8 {
		following(t, h, "/votes", "victim@example.net")
	}
	if len(p.letters) != 3 {
		t.Errorf("%d letters go to an address that confirmed none; want 3", len(p.letters))
	}
	now = now.Add(4 * 24 * time.Hour)
	if _, err := d.Tell(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	for _, l := range p.letters {
		if w := ask(h, "GET", linked.FindStringSubmatch(l.Body)[1], nil); w.Code != 404 {
			t.Errorf("an unconfirmed one is kept: %d", w.Code)
		}
	}
	if w := ask(h, "GET", "/follow/0011223344556677."+strings.Repeat("0", 32), nil); w.Code != 404 {
		t.Errorf("a link that was guessed: %d", w.Code)
	}
	if w := ask(site(t), "GET", "/follow?feed=/votes", nil); w.Code != 404 || !strings.Contains(w.Body.String(), "sends no letters") {
		t.Errorf("without a mail server: %d", w.Code)
	}
}

// TestFollowInFrench: who asks in French is answered, written to and let go in French.
func TestFollowInFrench(t *testing.T) {
	now := noon()
	h, _, p, _ := followers(t, &now)
	says := func(w *httptest.ResponseRecorder, want ...string) {
		t.Helper()
		body := w.Body.String()
		for _, x := range append(want, `<html lang="fr">`, `name="lang" value="fr"`) {
			if !strings.Contains(strings.ReplaceAll(body, "\u00a0", " "), x) {
				t.Errorf("%q is not said: %d %.3000s", x, w.Code, body)
			}
		}
	}
	says(ask(h, "GET", "/follow?feed=/votes&lang=fr", nil), "Suivre par courriel : ", "Envoyez-moi le lien", "Gardée scellée")
	says(ask(h, "POST", "/follow", url.Values{"feed": {"/votes"}, "lang": {"fr"}, "email": {"nobody"}}), "Il y a un problème", "nom@example.org")
	if w := ask(h, "POST", "/follow", url.Values{"feed": {"/votes"}, "lang": {"fr"}, "email": {"ada@example.net"}}); !strings.Contains(w.Body.String(), "Regardez votre courrier") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if len(p.letters) != 1 || !strings.HasPrefix(p.letters[0].Subject, "Veuillez confirmer") {
		t.Fatalf("%+v", p.letters)
	}
	link := linked.FindStringSubmatch(p.letters[0].Body)[1]
	says(ask(h, "GET", link, nil), "Confirmez que vous suivez", "effacez mon adresse")
	if w := ask(h, "POST", link, url.Values{"List-Unsubscribe": {"One-Click"}}); !strings.Contains(w.Body.String(), "votre adresse est effacée") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func houseOfFollowers(t testing.TB) dwelling {
	now := noon()
	h, _, p, _ := followers(t, &now)
	following(t, h, "/calendar", "ada@example.net")
	return dwelling{h, map[string]string{"follow": linked.FindStringSubmatch(p.letters[0].Body)[1]}}
}
