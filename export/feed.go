package export

import (
	"html"
	"io"
	"time"

	"github.com/gorilla/feeds"
)

// Story is one item of a feed: a briefing, or whatever has an address, a title and
// a day on which it last changed.
type Story struct {
	ID, Address, Title, Lead, By, HTML string
	Published, Updated                 time.Time
}

// Feed is what is syndicated as Atom or JSON Feed.
type Feed struct {
	Title, Lead, Address string
	Updated              time.Time
	Stories              []Story
}

// made is the feed for the printer; lead writes a text as its summary.
func (f Feed) made(lead func(string) string) *feeds.Feed {
	out := &feeds.Feed{Id: f.Address, Title: f.Title, Description: f.Lead, Link: &feeds.Link{Href: f.Address}, Updated: f.Updated}
	for _, s := range f.Stories {
		out.Items = append(out.Items, &feeds.Item{Id: s.ID, Title: s.Title, Description: lead(s.Lead), Content: s.HTML, Link: &feeds.Link{Href: s.Address},
			Author: &feeds.Author{Name: s.By}, Created: s.Published, Updated: s.Updated})
	}
	return out
}

// WriteAtom writes the feed in RFC 4287. The printer calls summaries HTML, so a
// lead is written as HTML that says the same.
func WriteAtom(w io.Writer, f Feed) error { return f.made(html.EscapeString).WriteAtom(w) }

// WriteJSONFeed writes the feed as JSON Feed.
func WriteJSONFeed(w io.Writer, f Feed) error {
	return f.made(func(s string) string { return s }).WriteJSON(w)
}
