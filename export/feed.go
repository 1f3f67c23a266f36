package export

import (
	"encoding/json"
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

// Feed is what is syndicated as Atom or JSON Feed. Address is the page that it is
// of, Self its own.
type Feed struct {
	Title, Lead, Address, Self string
	Updated                    time.Time
	Stories                    []Story
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

// atomFeed is the printer's, with the feed's own address beside the page's, which
// RFC 4287, 4.1.1, asks for.
type atomFeed struct {
	*feeds.AtomFeed
	Links []feeds.AtomLink
}

// FeedXml is part of feeds.XmlFeed.
func (f atomFeed) FeedXml() any { return f }

// WriteAtom writes the feed in RFC 4287. The printer calls summaries HTML, so a
// lead is written as HTML that says the same.
func WriteAtom(w io.Writer, f Feed) error {
	out := atomFeed{AtomFeed: (&feeds.Atom{Feed: f.made(html.EscapeString)}).AtomFeed()}
	out.Links, out.Link = []feeds.AtomLink{*out.Link}, nil
	if f.Self != "" {
		out.Links = append(out.Links, feeds.AtomLink{Href: f.Self, Rel: "self", Type: "application/atom+xml"})
	}
	return feeds.WriteXML(out, w)
}

// WriteJSONFeed writes the feed as JSON Feed.
func WriteJSONFeed(w io.Writer, f Feed) error {
	out := (&feeds.JSON{Feed: f.made(func(s string) string { return s })}).JSONFeed()
	out.FeedUrl = f.Self
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(out)
}
