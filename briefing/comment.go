package briefing

import (
	"regexp"
	"strings"
	"time"

	"article41/account"
)

// ID names a comment, a notice or an erratum.
type ID string

// State is where a comment stands.
type State string

// The states.
const (
	Unconfirmed State = "unconfirmed" // waits for its author to follow the link in the mail
	Waiting     State = "waiting"
	Approved    State = "approved"
	Rejected    State = "rejected"
	Removed     State = "removed" // was approved once
	Erased      State = "erased"  // by its author; nothing of it is left
)

// Comment is a comment as it is kept. What its author wrote and who that is lies
// sealed in it.
type Comment struct {
	ID       ID        `json:"id"`
	Briefing Slug      `json:"briefing"`
	Type     Type      `json:"type"`
	ReplyTo  ID        `json:"reply_to,omitempty"`
	Rating   int       `json:"rating,omitempty"`
	Aspects  Aspects   `json:"aspects,omitzero"`
	Lang     Lang      `json:"lang,omitempty"`
	At       time.Time `json:"at"`
	State    State     `json:"state"`
	Plain    bool      `json:"plain,omitempty"` // came without proof of work
	Flags    []string  `json:"flags,omitempty"` // what a moderator should see first
	Who      string    `json:"who,omitempty"`   // keyed hash of the e-mail address
	Sealed   []byte    `json:"sealed,omitempty"`
	// Confirmed: its author followed a link that came by mail, so the address is theirs.
	Confirmed bool `json:"confirmed,omitempty"`

	Decided time.Time `json:"decided,omitzero"`
	By      string    `json:"by,omitempty"` // the moderator
	Reason  Reason    `json:"reason,omitempty"`
	Note    string    `json:"note,omitempty"`   // for the author
	Appeal  []byte    `json:"appeal,omitempty"` // sealed
	Appeals int       `json:"appeals,omitempty"`
	Hold    bool      `json:"hold,omitempty"`  // legal hold: nothing of it is destroyed
	Erase   bool      `json:"erase,omitempty"` // its author asked to erase it during a hold
	Erratum ID        `json:"erratum,omitempty"`
}

// Written is what is sealed in a comment.
type Written struct {
	Name    string `json:"name"`
	Email   string `json:"email"`
	Message string `json:"message"`
	Place   string `json:"place,omitempty"`
	Source  string `json:"source,omitempty"`
	Network string `json:"network,omitempty"` // keyed hash of the network it came from
}

// subject is whom a comment's sealed matter is about: each comment has a key of
// its own, so one can be erased without the others of the same hand.
func (c Comment) subject() account.Subject { return account.Subject("comment/" + string(c.ID)) }

// held is a comment in memory: opened, with its version on the shelf.
type held struct {
	Comment
	Written
	appeal  string
	version int64
	// The message as HTML, without and with its links.
	quiet, linked string
}

// linkDelay is how long after approval links of a comment are only text: whoever
// posts for the links gets nothing of them at first, and nobody's rank later.
const linkDelay = 7 * 24 * time.Hour

func (h *held) render() {
	text := autolink.ReplaceAllString(noPrivate(h.Message), "$1<$2>")
	h.quiet = clean(noPrivate(h.Message), quietPolicy())
	h.linked = clean(text, commentPolicy())
}

// autolink finds bare addresses; Markdown links those in angle brackets.
var autolink = regexp.MustCompile(`(^|[\s(])(https?://[^\s<>()"']+[^\s<>()"'.,;:!?])`)

// Shown is a comment as readers see it.
type Shown struct {
	ID       ID        `json:"id"`
	Type     Type      `json:"type"`
	Name     string    `json:"name"`
	HTML     string    `json:"html"`
	Text     string    `json:"text"`
	Place    string    `json:"place,omitempty"`
	Source   string    `json:"source,omitempty"`
	Rating   int       `json:"rating,omitempty"`
	Aspects  Aspects   `json:"aspects,omitzero"`
	Lang     Lang      `json:"lang,omitempty"`
	At       time.Time `json:"at"`
	Approved time.Time `json:"approved"`
	Gone     bool      `json:"gone,omitempty"` // removed; shown because it was answered
	Replies  []Shown   `json:"replies"`
}

func (h *held) shown(now time.Time) Shown {
	s := Shown{ID: h.ID, Type: h.Type, At: h.At, Approved: h.Decided, Replies: []Shown{}, Lang: h.Comment.Lang}
	if h.State != Approved {
		s.Gone = true
		return s
	}
	s.Name, s.Text, s.Place, s.Source, s.Rating, s.Aspects = noPrivate(h.Name), h.Message, noPrivate(h.Place), noPrivate(h.Source), h.Rating, h.Aspects
	s.HTML = h.quiet
	if now.Sub(h.Decided) >= linkDelay {
		s.HTML = h.linked
	}
	return s
}

// Thread is what stands below a briefing.
type Thread struct {
	Open     bool    `json:"open"`
	Count    int     `json:"count"` // approved, replies among them
	Rating   Average `json:"rating"`
	Comments []Shown `json:"comments"` // of this page, newest first; replies oldest first
	Page     int     `json:"page"`
	Pages    int     `json:"pages"`
}

// threadPage is how many threads a page shows.
const threadPage = 50

// links counts addresses in a text.
func countLinks(s string) int { return strings.Count(s, "http://") + strings.Count(s, "https://") }
