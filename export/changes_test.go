package export

import (
	"bytes"
	"encoding/xml"
	"testing"

	"article41"
	"article41/date"
)

// TestChangesFeed reads the feed with another reader than the one that wrote it.
func TestChangesFeed(t *testing.T) {
	log := article41.Log{Changes: []article41.Logged{
		{Cursor: 7, Known: date.MustDay("2026-01-05"), Sentence: "un TLi.001 Testman <Probe> & sons: listed"},
		{Cursor: 8, Recorded: noon, Known: date.MustDay("2026-01-06"), Sentence: "un TLi.002: delisted"},
	}}
	var b bytes.Buffer
	if err := WriteAtom(&b, ChangesFeed(log, "http://localhost:8041", noon)); err != nil {
		t.Fatal(err)
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Updated string   `xml:"updated"`
		Link    []struct {
			Href string `xml:"href,attr"`
			Rel  string `xml:"rel,attr"`
		} `xml:"link"`
		Entry []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
			Link    struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(b.Bytes(), &feed); err != nil {
		t.Fatal(err)
	}
	if len(feed.Entry) != 2 || feed.Entry[0].ID != "http://localhost:8041/changes.atom#8" || feed.Entry[1].Title != log.Changes[0].Sentence ||
		feed.Entry[1].Updated == "" || feed.Updated != feed.Entry[0].Updated || feed.Entry[0].Link.Href != "http://localhost:8041/api/v1/changes?after=7&limit=1" {
		t.Errorf("%+v\n%s", feed, b.String())
	}
	if len(feed.Link) != 2 || feed.Link[1].Rel != "self" || feed.Link[1].Href != "http://localhost:8041/changes.atom" {
		t.Errorf("links of the feed: %+v", feed.Link)
	}
}
