package web_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"article41/account"
)

// TestShared: what a briefing gives to other sites is well formed, and carries what
// was corrected: the card, oEmbed, the embed, Atom, JSON Feed and schema.org.
func TestShared(t *testing.T) {
	now := noon()
	h, d := readers(t, func() time.Time { return now }, account.Anyone())
	body := func(fix string) string {
		return "---\ntitle: Of a vote\nlead: The lead.\nby: us\nlang: fr\ncard: S/2023/638\n---\nA claim" + fix + ". [@SCR]\n\n{{vote S/2023/638}}\n"
	}
	for i, fix := range []string{"", ", mended"} {
		now = now.Add(time.Hour)
		e, err := d.Editing("of-a-vote", now)
		if i == 0 {
			e.Version, err = 0, nil
		}
		if err == nil {
			err = d.Save(t.Context(), "of-a-vote", e.Version, body(fix), "ed", now)
		}
		if err == nil {
			e, err = d.Editing("of-a-vote", now)
		}
		if err == nil {
			err = d.Publish(t.Context(), "of-a-vote", e.Version, time.Time{}, map[int]string{1: "The <claim> was wrong."}[i], "ed", now)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	get := func(path string) []byte {
		t.Helper()
		w := ask(h, "GET", path, nil)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: status %d", path, w.Code)
		}
		return w.Body.Bytes()
	}
	m, err := png.Decode(bytes.NewReader(get("/briefings/of-a-vote/card.png")))
	if err != nil || m.Bounds().Dx() != 1200 || m.Bounds().Dy() != 630 {
		t.Errorf("the card: %v", err)
	}
	first := ask(h, "GET", "/briefings/of-a-vote/card.png", nil)
	r := httptest.NewRequest("GET", "/briefings/of-a-vote/card.png", nil)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	again := httptest.NewRecorder()
	h.ServeHTTP(again, r)
	if first.Header().Get("ETag") == "" || again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("the card's ETag %q: asked again it is answered with %d", first.Header().Get("ETag"), again.Code)
	}
	colours := map[any]bool{}
	for x := 700; x < 1200; x += 4 {
		for y := 60; y < 300; y += 4 {
			colours[m.At(x, y)] = true
		}
	}
	if len(colours) < 4 {
		t.Errorf("where the vote is drawn the card has %d colours", len(colours))
	}
	var o struct {
		Version, Type, HTML string
		Width, Height       int
		Corrections         []struct{ Says string }
	}
	if err := json.Unmarshal(get("/oembed?url="+url.QueryEscape("http://example.com/briefings/of-a-vote")), &o); err != nil || o.Version != "1.0" || o.Type != "rich" || o.HTML == "" || o.Width == 0 ||
		len(o.Corrections) != 1 || o.Corrections[0].Says != "The <claim> was wrong." {
		t.Errorf("oEmbed: %+v %v", o, err)
	}
	if embed := string(get("/briefings/of-a-vote/embed")); !strings.Contains(embed, "The &lt;claim&gt; was wrong.") || !strings.Contains(embed, `lang="fr"`) {
		t.Error("the embed does not carry the correction")
	}
	var atom struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(get("/briefings.atom"), &atom); err != nil || atom.ID == "" || atom.Title == "" || len(atom.Entries) != 2 {
		t.Fatalf("Atom: %+v %v", atom, err)
	}
	for _, e := range atom.Entries {
		if _, err := time.Parse(time.RFC3339, e.Updated); err != nil || e.ID == "" || e.Title == "" {
			t.Errorf("an entry of Atom: %+v %v", e, err)
		}
	}
	if !strings.Contains(string(get("/briefings.atom")), "was wrong.") {
		t.Error("Atom does not carry the correction")
	}
	var feed struct {
		Version, Title string
		Items          []struct {
			ID, URL  string
			HTML     string    `json:"content_html"`
			Modified time.Time `json:"date_modified"`
		}
	}
	if err := json.Unmarshal(get("/briefings.json"), &feed); err != nil || feed.Version != "https://jsonfeed.org/version/1.1" || feed.Title == "" || len(feed.Items) != 2 || feed.Items[0].ID == "" || feed.Items[0].HTML == "" || feed.Items[0].Modified.IsZero() {
		t.Errorf("JSON Feed: %+v %v", feed, err)
	}
	page := string(get("/briefings/of-a-vote"))
	_, data, _ := strings.Cut(page, `<script type="application/ld+json">`)
	data, _, _ = strings.Cut(data, "</script>")
	var ld map[string]any
	if err := json.Unmarshal([]byte(data), &ld); err != nil || ld["@type"] != "NewsArticle" || ld["inLanguage"] != "fr" || ld["correction"] == nil || ld["datePublished"] == nil || ld["image"] == nil {
		t.Errorf("schema.org: %v %v", ld, err)
	}
	if !strings.Contains(page, `lang="fr"`) || !strings.Contains(page, "minute de lecture") || !strings.Contains(page, "Rectifications") {
		t.Error("the page of a French briefing is not French")
	}
}

// TestAnEditorsDay: a new decision is offered as a draft with its facts filled in; it
// is scheduled, published by the clock and unpublished with its reason.
func TestAnEditorsDay(t *testing.T) {
	now := noon()
	h, d := readers(t, func() time.Time { return now }, account.Local())
	desk := ask(h, "GET", "/desk/briefings", nil).Body.String()
	if !strings.Contains(desk, "Begin a draft") {
		t.Fatal("nothing is offered")
	}
	w := ask(h, "POST", "/desk/briefings", url.Values{"of": {"S/RES/2781 (2025)"}, "slug": {"south-sudan-2025"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("status %d %s", w.Code, w.Body)
	}
	e, err := d.Editing("south-sudan-2025", now)
	if err != nil || !strings.Contains(e.Source, "9 for, 0 against, 6 abstaining") || !strings.Contains(e.Source, "{{vote S/RES/2781") || !strings.Contains(e.Source, "It extends: travel ban") || e.Preview == nil {
		t.Fatalf("the draft: %v %q", err, e.Source)
	}
	if page := ask(h, "GET", "/desk/briefings/south-sudan-2025", nil).Body.String(); !strings.Contains(page, "Preview") || strings.Contains(page, "does not hold what belongs here") {
		_, fault, _ := strings.Cut(page, "does not hold what belongs here")
		t.Errorf("the preview cannot be drawn: %.300s", fault)
	}
	text := "---\ntitle: Nine votes\nlead: L\nby: us\n---\nNine voted for it. [@SCR]\n"
	do := func(v url.Values) int {
		t.Helper()
		e, err := d.Editing("south-sudan-2025", now)
		if err != nil {
			t.Fatal(err)
		}
		v.Set("version", fmt.Sprint(e.Version))
		return ask(h, "POST", "/desk/briefings/south-sudan-2025", v).Code
	}
	show := func() int { return ask(h, "GET", "/briefings/south-sudan-2025", nil).Code }
	if c := do(url.Values{"do": {"save"}, "text": {text}}); c != 303 || show() != 404 {
		t.Errorf("a draft: %d, shown with %d", c, show())
	}
	if c := do(url.Values{"do": {"publish"}, "at": {now.Add(time.Hour).UTC().Format("2006-01-02T15:04")}}); c != 303 || show() != 404 {
		t.Errorf("scheduled: %d, shown with %d", c, show())
	}
	if now = now.Add(time.Hour); show() != 200 {
		t.Errorf("its time has come: %d", show())
	}
	if c := do(url.Values{"do": {"unpublish"}}); c != 400 {
		t.Errorf("unpublished without a reason: %d", c)
	}
	if c := do(url.Values{"do": {"unpublish"}, "note": {"It was early."}}); c != 303 || show() != 404 {
		t.Errorf("unpublished: %d, shown with %d", c, show())
	}
}
