package web_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"article41"
	"article41/council"
	"article41/record"
)

// TestFeeds reads each feed with other readers than those that wrote it: ids are
// unique, stay when it is read again on another day, and hold no day asked about.
func TestFeeds(t *testing.T) {
	for _, c := range []struct{ path, first string }{
		{"/regimes/mali/feed", "Panel of Experts on Mali: lapsed since 1 October 2023"},
		{"/votes", "S/"},
		{"/regimes", ": "},
		{"/members/FRA/feed", "France "},
		{"/listings/MLi.005/feed", "MLi.005: "},
		{"/calendar", "unless renewed"},
		{"/changes", " was stated"},
	} {
		t.Run(c.path, func(t *testing.T) {
			var atom struct {
				XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
				ID      string   `xml:"id"`
				Updated string   `xml:"updated"`
				Link    []struct {
					Href string `xml:"href,attr"`
					Rel  string `xml:"rel,attr"`
				} `xml:"link"`
				Entry []struct {
					ID      string `xml:"id"`
					Title   string `xml:"title"`
					Updated string `xml:"updated"`
				} `xml:"entry"`
			}
			r, body := answer(t, "GET", c.path+".atom", nil)
			if err := xml.Unmarshal([]byte(body), &atom); err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/atom+xml") {
				t.Fatalf("%v, %s: %.300s", err, r.Header.Get("Content-Type"), body)
			}
			var feed struct {
				Version string `json:"version"`
				FeedURL string `json:"feed_url"`
				Items   []struct {
					ID, Title string
				} `json:"items"`
			}
			r, body = answer(t, "GET", c.path+".json", nil)
			if err := json.Unmarshal([]byte(body), &feed); err != nil || r.Header.Get("Content-Type") != "application/feed+json" || !strings.Contains(feed.Version, "jsonfeed.org") {
				t.Fatalf("%v: %.300s", err, body)
			}
			if len(atom.Link) != 2 || atom.Link[1].Rel != "self" || !strings.HasSuffix(atom.Link[1].Href, c.path+".atom") || !strings.HasSuffix(feed.FeedURL, c.path+".json") {
				t.Errorf("the feed does not say where it is: %+v, %q", atom.Link, feed.FeedURL)
			}
			if len(atom.Entry) == 0 || len(atom.Entry) != len(feed.Items) || !strings.Contains(atom.Entry[0].Title, c.first) {
				t.Fatalf("%d items, %d in the other form; the first is %.1q", len(atom.Entry), len(feed.Items), atom.Entry)
			}
			seen := map[string]bool{}
			for i, e := range atom.Entry {
				if _, err := time.Parse(time.RFC3339, e.Updated); err != nil || seen[e.ID] || e.ID != feed.Items[i].ID || strings.Contains(e.ID, "as_of=") {
					t.Errorf("item %d: %+v; in the other form %+v", i, e, feed.Items[i])
				}
				if c.path != "/changes" && i > 0 && e.Updated > atom.Entry[i-1].Updated {
					t.Errorf("item %d is newer than the one before", i)
				}
				seen[e.ID] = true
			}
			// The log of changes is in the order of the ledger, which is not that of days.
			if atom.Updated < atom.Entry[0].Updated {
				t.Errorf("the feed is of %s, its first item of %s", atom.Updated, atom.Entry[0].Updated)
			}
		})
	}
	if r, _ := answer(t, "GET", "/regimes/nowhere/feed.atom", nil); r.StatusCode != 404 {
		t.Errorf("a regime that is not: %d", r.StatusCode)
	}
	for path, feed := range map[string]string{"/": "/changes", "/regimes": "/regimes", "/members/FRA": "/members/FRA/feed", "/listings/MLi.005": "/listings/MLi.005/feed", "/regimes/mali": "/regimes/mali/feed", "/votes": "/votes", "/calendar": "/calendar"} {
		_, body := answer(t, "GET", path, nil)
		if n := len(regexp.MustCompile(`<link rel="alternate"[^>]* href="`+feed+`\.(atom|json)"`).FindAllString(body, -1)); n != 2 {
			t.Errorf("%s names %d feeds", path, n)
		}
	}
}

// TestChangesOpenWithTheNewest: the feed of changes begins with the end of the log,
// also of one list.
func TestChangesOpenWithTheNewest(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []article41.LogFilter{{}, {List: "un"}} {
		log, err := a.NewestChanges(t.Context(), record.At{}, 1, f)
		if err != nil || len(log.Changes) != 1 {
			t.Fatal(err)
		}
		var feed struct{ Items []struct{ ID, Title string } }
		_, body := answer(t, "GET", "/changes.json?list="+string(f.List), nil)
		if err := json.Unmarshal([]byte(body), &feed); err != nil || len(feed.Items) != 100 {
			t.Fatalf("%v, %d items", err, len(feed.Items))
		}
		if got, want := feed.Items[0], log.Changes[0]; got.Title != want.Sentence || !strings.HasSuffix(got.ID, fmt.Sprintf("#%d", want.Cursor)) {
			t.Errorf("list %q: the feed begins with %+v, the newest is %d: %s", f.List, got, want.Cursor, want.Sentence)
		}
	}
}

// TestRegionFilter: the votes of a region are those whose item is filed there, on the
// page, in its feed and in no other region; the rest is said to have none.
func TestRegionFilter(t *testing.T) {
	count := regexp.MustCompile(`of ([0-9,]+), newest first`)
	total := 0
	for _, c := range council.Regions {
		_, body := answer(t, "GET", "/votes?region="+string(c), nil)
		m := count.FindStringSubmatch(plain(body))
		if m == nil {
			t.Fatalf("%s: no votes", c)
		}
		n, _ := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
		total += n
	}
	_, body := answer(t, "GET", "/votes", nil)
	if m := count.FindStringSubmatch(plain(body)); m == nil || strings.ReplaceAll(m[1], ",", "") != strconv.Itoa(total) {
		t.Errorf("the regions and none hold %d votes, the page %v", total, m)
	}
	for path, c := range map[string]struct{ holds, lacks string }{
		"/votes?region=africa&vetoed_by=RUS":      {"S/2023/638", "S/2022/720"},
		"/votes?region=none&from=2000&to=2000":    {"S/RES/1325", "S/RES/1312"},
		"/votes.atom?region=africa&vetoed_by=RUS": {"S/2023/638", "S/2022/720"},
		"/votes/S/2023/638":                       {"Region Africa source sc-voting, verified", ""},
		"/votes/S/RES/1325":                       {"No region in the record", ""},
	} {
		_, body := answer(t, "GET", path, nil)
		if text := plain(body); !strings.Contains(text, c.holds) || c.lacks != "" && strings.Contains(text, c.lacks) {
			t.Errorf("%s: want %q and not %q", path, c.holds, c.lacks)
		}
	}
	if r, _ := answer(t, "GET", "/votes?region=atlantis", nil); r.StatusCode != 400 {
		t.Errorf("a region that is none: %d", r.StatusCode)
	}
}
