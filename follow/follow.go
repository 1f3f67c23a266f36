// Package follow keeps who follows a feed by e-mail, and writes to them.
//
// A reader names a feed of the site, such as /votes?region=africa, and an address.
// Nothing is sent there but one letter with a link until its holder confirms by
// that link; the same link ends it, and what was kept of the address is erased. The
// address is sealed (package account): the shelf holds no readable one.
//
// A letter tells the stories that are new since the last. Which those are is kept
// before the letter goes out, so that two processes on one shelf do not send it
// twice; if it cannot be sent, it is tried again the next time.
package follow

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"
	"time"

	"article41/account"
	"article41/record"
	"article41/shelf"
)

// Bounds of what strangers can have sent to an address that may not be theirs.
const (
	Wait        = 3 * 24 * time.Hour // an unconfirmed one is forgotten after it
	pendingOne  = 3                  // unconfirmed for one address
	pendingAll  = 500                // unconfirmed in all
	storiesSent = 20                 // in one letter; the rest is counted
	storiesKept = 500                // remembered as told
	refusedMost = 5                  // letters refused for good in a row, then the address is forgotten
	maxFeed     = 500
	maxAddress  = 254
)

// ErrRefused is wrapped by Options.Mail where the letter will never be taken, such
// as for an address that is no more.
var ErrRefused = errors.New("refused for good")

// Words are the words of a language.
type Words interface {
	Say(key string, args ...any) string
}

// Story is one item of a feed.
type Story struct {
	ID, Address, Title, Lead string
	Updated                  time.Time
}

// Feed is what is followed, as it stands.
type Feed struct {
	Title   string
	Stories []Story
}

// Letter is a mail. Stop is the address that ends the following, for the header
// List-Unsubscribe (RFC 8058).
type Letter struct{ To, Subject, Body, Stop string }

// Options are what a desk is given.
type Options struct {
	Store  shelf.Store
	Vault  *account.Vault
	Random io.Reader
	Mail   func(context.Context, Letter) error
	Words  func(lang string) Words // of letters
	Site   string                  // how this site's addresses begin in letters: "https://example.org"
	// Feed answers what stands at the address of a feed without its ending.
	Feed func(ctx context.Context, address string) (Feed, error)
}

// Desk keeps the followings. It holds nothing itself; several processes may share
// its shelf.
type Desk struct{ o Options }

// Open makes a desk.
func Open(o Options) *Desk { return &Desk{o} }

// Following is one feed followed by one address.
type Following struct {
	Feed      string    `json:"feed"`
	Title     string    `json:"title"`
	Who       string    `json:"who"` // keyed hash of the address
	Sealed    []byte    `json:"sealed"`
	At        time.Time `json:"at"`
	Confirmed bool      `json:"confirmed"`
	Lang      string    `json:"lang,omitempty"`    // of its letters; stories keep their own
	Told      []string  `json:"told,omitempty"`    // hashes of the stories that it knows
	Refused   int       `json:"refused,omitempty"` // letters refused for good in a row
}

const kind shelf.Kind = "following"

func (d *Desk) drawer() shelf.Drawer[Following] {
	return shelf.Drawer[Following]{Store: d.o.Store, Kind: kind}
}

func subject(id shelf.ID) account.Subject { return account.Subject("following/" + string(id)) }

// token opens the page of one following; only letters hold it.
func (d *Desk) token(id shelf.ID) string {
	return string(id) + "." + d.o.Vault.Blind("following", string(id))
}

func (d *Desk) find(ctx context.Context, token string) (shelf.ID, Following, int64, error) {
	id, _, _ := strings.Cut(token, ".")
	if !hmac.Equal([]byte(token), []byte(d.token(shelf.ID(id)))) {
		return "", Following{}, 0, fmt.Errorf("%w: nothing is followed by this link", record.ErrNotFound)
	}
	f, version, err := d.drawer().Read(ctx, shelf.ID(id))
	if errors.Is(err, record.ErrNotFound) {
		err = fmt.Errorf("%w: nothing is followed by this link any more", record.ErrNotFound)
	}
	return shelf.ID(id), f, version, err
}

// Fault says what is wrong with an e-mail address, or nil.
func Fault(to string) error {
	to = strings.TrimSpace(to)
	if p, err := mail.ParseAddress(to); err != nil || p.Address != to || len(to) > maxAddress || strings.ContainsAny(to, "\r\n<>") || !strings.Contains(to[strings.LastIndex(to, "@"):], ".") {
		return fmt.Errorf("%w: write one e-mail address, in the form name@example.org", record.ErrInvalid)
	}
	return nil
}

// Title is what the feed at an address is called, or why there is none.
func (d *Desk) Title(ctx context.Context, feed string) (string, error) {
	if len(feed) > maxFeed {
		return "", fmt.Errorf("%w: the address of the feed is longer than %d bytes", record.ErrInvalid, maxFeed)
	}
	f, err := d.o.Feed(ctx, feed)
	return strings.TrimPrefix(f.Title, "article41: "), err
}

// Ask begins a following and sends the letter that confirms it. Whether the address
// follows it already is told to nobody: the answer is the same.
func (d *Desk) Ask(ctx context.Context, feed, to, lang string, now time.Time) error {
	to = strings.TrimSpace(to)
	if err := Fault(to); err != nil {
		return err
	}
	title, err := d.Title(ctx, feed)
	if err != nil {
		return err
	}
	who := d.o.Vault.Blind("follower", strings.ToLower(to))
	pending, mine, known := 0, 0, false
	err = d.drawer().Each(ctx, func(id shelf.ID, _ int64, f Following) error {
		switch {
		case f.Confirmed:
			known = known || f.Who == who && f.Feed == feed
		case now.Sub(f.At) > Wait:
		default:
			pending++
			if f.Who == who {
				mine++
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if known || mine >= pendingOne {
		return nil
	}
	if pending >= pendingAll {
		return fmt.Errorf("%w: too many wait to be confirmed; try again tomorrow, or take the feed", record.ErrInvalid)
	}
	b := make([]byte, 8)
	if _, err := io.ReadFull(d.o.Random, b); err != nil {
		return err
	}
	id := shelf.ID(hex.EncodeToString(b))
	f := Following{Feed: feed, Title: title, Who: who, Lang: lang, At: now.UTC().Truncate(time.Second)}
	if f.Sealed, err = d.o.Vault.Seal(ctx, subject(id), []byte(to)); err != nil {
		return err
	}
	if _, err := d.o.Store.Write(ctx, d.drawer().Change(id, 0, f)); err != nil {
		return err
	}
	link := d.o.Site + "/follow/" + d.token(id)
	l := d.o.Words(lang)
	return d.o.Mail(ctx, Letter{To: to, Subject: l.Say("letter-confirm", title), Stop: link,
		Body: l.Say("letter-asked") + "\n\n" + title + "\n" + d.o.Site + feed + "\n\n" + l.Say("letter-open") + "\n" + link + "\n\n" + l.Say("letter-not-you") + "\n"})
}

// At is the following that a link leads to.
func (d *Desk) At(ctx context.Context, token string) (Following, error) {
	_, f, _, err := d.find(ctx, token)
	return f, err
}

// Confirm begins the letters; what stands in the feed now is taken as known.
func (d *Desk) Confirm(ctx context.Context, token string) error {
	id, f, version, err := d.find(ctx, token)
	if err != nil || f.Confirmed {
		return err
	}
	what, err := d.o.Feed(ctx, f.Feed)
	if err != nil {
		return err
	}
	f.Confirmed = true
	f.Told = told(nil, what.Stories)
	_, err = d.o.Store.Write(ctx, d.drawer().Change(id, version, f))
	return err
}

// End stops the letters and erases what was kept of the address. Who ended it once
// may do so again.
func (d *Desk) End(ctx context.Context, token string) error {
	id, _, version, err := d.find(ctx, token)
	if errors.Is(err, record.ErrNotFound) && strings.HasSuffix(err.Error(), "any more") {
		return nil
	}
	if err != nil {
		return err
	}
	return d.forget(ctx, id, version)
}

func (d *Desk) forget(ctx context.Context, id shelf.ID, version int64) error {
	if _, err := d.o.Store.Write(ctx, d.drawer().Remove(id, version)); err != nil {
		return err
	}
	return d.o.Vault.Erase(ctx, subject(id))
}

func hash(s Story) string {
	sum := sha256.Sum256([]byte(s.ID + "\n" + s.Updated.UTC().Format(time.RFC3339)))
	return hex.EncodeToString(sum[:8])
}

// told adds the stories to those that are known, and forgets the oldest.
func told(known []string, stories []Story) []string {
	for _, s := range stories {
		if h := hash(s); !slices.Contains(known, h) {
			known = append(known, h)
		}
	}
	return known[max(0, len(known)-storiesKept):]
}

// Tell sends to each who confirmed what is new in the feed, and forgets those who
// did not in time. An error of one does not keep the others from their letters.
func (d *Desk) Tell(ctx context.Context, now time.Time) (sent int, err error) {
	type held struct {
		id      shelf.ID
		version int64
		Following
	}
	var all []held
	if err := d.drawer().Each(ctx, func(id shelf.ID, version int64, f Following) error {
		all = append(all, held{id, version, f})
		return nil
	}); err != nil {
		return 0, err
	}
	feeds := map[string]Feed{}
	var errs []error
	for _, f := range all {
		if !f.Confirmed {
			if now.Sub(f.At) > Wait {
				errs = append(errs, d.forget(ctx, f.id, f.version))
			}
			continue
		}
		what, ok := feeds[f.Feed]
		if !ok {
			if what, err = d.o.Feed(ctx, f.Feed); err != nil {
				errs = append(errs, fmt.Errorf("follow %s: %w", f.Feed, err))
				continue
			}
			feeds[f.Feed] = what
		}
		did, err := d.tell(ctx, f.id, f.version, f.Following, what)
		if did {
			sent++
		}
		errs = append(errs, err)
	}
	return sent, errors.Join(errs...)
}

func (d *Desk) tell(ctx context.Context, id shelf.ID, version int64, f Following, what Feed) (bool, error) {
	fresh := slices.DeleteFunc(slices.Clone(what.Stories), func(s Story) bool { return slices.Contains(f.Told, hash(s)) })
	if len(fresh) == 0 {
		return false, nil
	}
	was := f.Told
	f.Told = told(slices.Clone(was), what.Stories)
	refusedBefore := f.Refused
	f.Refused = 0
	if _, err := d.o.Store.Write(ctx, d.drawer().Change(id, version, f)); errors.Is(err, record.ErrConflict) {
		return false, nil // another process sends it, or it was just ended
	} else if err != nil {
		return false, err
	}
	err := d.send(ctx, id, f, what.Title, fresh)
	refused := errors.Is(err, ErrRefused)
	if refused {
		f.Refused = refusedBefore + 1
	}
	switch {
	case refused && f.Refused >= refusedMost:
		return false, errors.Join(err, d.forget(ctx, id, version+1))
	case err != nil:
		f.Told = was
		_, undo := d.o.Store.Write(ctx, d.drawer().Change(id, version+1, f))
		return false, errors.Join(err, undo)
	}
	return true, nil
}

func (d *Desk) send(ctx context.Context, id shelf.ID, f Following, title string, fresh []Story) error {
	to, err := d.o.Vault.Open(ctx, subject(id), f.Sealed)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, s := range fresh[:min(storiesSent, len(fresh))] {
		fmt.Fprintf(&b, "%s\n", oneLine(s.Title))
		if s.Lead != "" && s.Lead != s.Title {
			fmt.Fprintf(&b, "%s\n", oneLine(s.Lead))
		}
		fmt.Fprintf(&b, "%s\n\n", s.Address)
	}
	l := d.o.Words(f.Lang)
	if more := len(fresh) - storiesSent; more > 0 {
		fmt.Fprintf(&b, "%s %s\n\n", l.Say("letter-more", more), d.o.Site+f.Feed)
	}
	link := d.o.Site + "/follow/" + d.token(id)
	fmt.Fprintf(&b, "%s\n%s\n%s %s\n", l.Say("letter-follows", title), d.o.Site+f.Feed, l.Say("letter-stop"), link)
	head := oneLine(fresh[0].Title)
	if len(fresh) > 1 {
		head = l.Say("letter-news", len(fresh), title)
	}
	return d.o.Mail(ctx, Letter{To: string(to), Subject: head, Body: b.String(), Stop: link})
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
