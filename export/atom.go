package export

import (
	"fmt"
	"io"
	"time"

	"github.com/gorilla/feeds"

	"article41"
)

// Feed says what a feed of changes is called.
type Feed struct {
	Title string
	Site  string    // address of the site, with no slash behind it
	Self  string    // address of the feed itself
	Now   time.Time // for a feed without changes
}

// WriteAtom writes a stretch of the change log as an Atom feed (RFC 4287), newest
// first. An entry's id is its cursor, so a reader that comes back meets none
// twice; who wants every change and in order asks for the log itself.
func WriteAtom(w io.Writer, log article41.Log, f Feed) error {
	out := &feeds.AtomFeed{Xmlns: "http://www.w3.org/2005/Atom", Title: f.Title, Id: f.Self, Updated: f.Now.UTC().Format(time.RFC3339),
		Author: &feeds.AtomAuthor{AtomPerson: feeds.AtomPerson{Name: "article41"}},
		Link:   &feeds.AtomLink{Href: f.Self, Rel: "self"}}
	for i := len(log.Changes) - 1; i >= 0; i-- {
		c := log.Changes[i]
		at := c.Recorded.UTC().Format(time.RFC3339)
		if c.Recorded.IsZero() {
			at = c.Known.At(0, 0).UTC().Format(time.RFC3339)
		}
		if i == len(log.Changes)-1 {
			out.Updated = at
		}
		id := fmt.Sprintf("%s/changes.atom#%d", f.Site, c.Cursor)
		href := fmt.Sprintf("%s/api/v1/changes?after=%d&limit=1", f.Site, c.Cursor-1)
		out.Entries = append(out.Entries, &feeds.AtomEntry{Title: c.Sentence, Id: id, Updated: at,
			Links:   []feeds.AtomLink{{Href: href, Rel: "alternate"}},
			Content: &feeds.AtomContent{Content: c.Sentence, Type: "text"}})
	}
	s, err := feeds.ToXML(out)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, s)
	return err
}
