package briefing

import (
	"context"
	"crypto/hmac"
	"fmt"
	"slices"
	"strings"
	"time"

	"article41/record"
	"article41/shelf"
)

// A comment's author has a private page. Its address is a capability: the
// comment's id and a MAC over it; nothing about it is kept.
//
// There are two of them. Whoever posts gets the first, and it reaches that one
// comment: anybody can type anybody's e-mail address. The second goes out by mail
// alone, so its holder reads the mail of that address: it confirms the comment and
// reaches all others under the same address.

func (d *Desk) token(id ID) string { return string(id) + "." + d.mac("author "+string(id)) }

func (d *Desk) mailed(id ID) string { return string(id) + "." + d.mac("mailed "+string(id)) }

// link is the comment that a private link leads to, and whether it came by mail.
type link struct {
	*held
	mailed bool
}

// reaches reports whether the link speaks for o.
func (l link) reaches(o *held) bool { return o.ID == l.ID || l.mailed && l.Who != "" && o.Who == l.Who }

func (d *Desk) mine(token string) (link, error) {
	none := fmt.Errorf("%w: this private link leads to no comment", record.ErrNotFound)
	if !d.TakesComments() {
		return link{}, none
	}
	name, _, _ := strings.Cut(token, ".")
	id := ID(name)
	mailed := hmac.Equal([]byte(token), []byte(d.mailed(id)))
	if !mailed && !hmac.Equal([]byte(token), []byte(d.token(id))) {
		return link{}, none
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	if h := d.comments[id]; h != nil {
		return link{h, mailed}, nil
	}
	return link{}, none
}

// Mine is what an author sees on the private page.
type Mine struct {
	Comment
	Written
	Appealed string
	Erratum  *Erratum
	Others   int  // further comments that the link reaches, under the same e-mail address
	ByMail   bool // the link came by mail: it can confirm
}

// Mine answers a private link.
func (d *Desk) Mine(token string) (Mine, error) {
	h, err := d.mine(token)
	if err != nil {
		return Mine{}, err
	}
	m := Mine{Comment: h.Comment, Written: h.Written, Appealed: h.appeal, ByMail: h.mailed}
	d.mu.RLock()
	defer d.mu.RUnlock()
	if e := d.errata[h.Erratum]; e != nil {
		m.Erratum = &e.Erratum
	}
	for _, o := range d.comments {
		if o.ID != h.ID && h.reaches(o) {
			m.Others++
		}
	}
	return m, nil
}

// Confirmed takes a comment that waited for its author into the queue, by the link
// in the mail.
func (d *Desk) Confirmed(ctx context.Context, token string, now time.Time) error {
	h, err := d.mine(token)
	if err != nil || h.State != Unconfirmed {
		return err
	}
	if !h.mailed {
		return fmt.Errorf("%w: a comment is confirmed by the link in the mail, not by this one", record.ErrInvalid)
	}
	c := h.Comment
	c.State, c.Confirmed = Waiting, true
	return d.write(ctx, c, h.version, LogEntry{By: "author", Do: "confirm", Comment: c.ID}, now)
}

const maxAppeals = 2

// Appeal asks a moderator to look again at a comment that was refused.
func (d *Desk) Appeal(ctx context.Context, token, text string, now time.Time) error {
	h, err := d.mine(token)
	if err != nil {
		return err
	}
	c := h.Comment
	text = strings.TrimSpace(text)
	switch {
	case c.State != Rejected && c.State != Removed:
		return fmt.Errorf("%w: there is no decision to appeal from", record.ErrInvalid)
	case h.appeal != "" || c.Appeals >= maxAppeals:
		return fmt.Errorf("%w: this was appealed already", record.ErrInvalid)
	case blank(text) || len([]rune(text)) > maxMessage:
		return fmt.Errorf("%w: say in 1 to %d letters why the decision is wrong", record.ErrInvalid, maxMessage)
	}
	if c.Appeal, err = d.seal(ctx, c.subject(), text); err != nil {
		return err
	}
	c.Appeals++
	c.Confirmed = c.Confirmed || h.mailed
	return d.write(ctx, c, h.version, LogEntry{By: "author", Do: "appeal", Comment: c.ID}, now)
}

// Export is what is kept of a comment and its author; by a link that came by mail,
// the comments under the same e-mail address too.
type Export struct {
	Comments []Exported `json:"comments"`
	Bans     []Ban      `json:"bans"`
}

// Exported is one comment with what was sealed in it.
type Exported struct {
	Comment
	Written
	Appealed string `json:"appeal_text,omitempty"`
}

// Export answers the author's own data.
func (d *Desk) Export(token string) (Export, error) {
	h, err := d.mine(token)
	if err != nil {
		return Export{}, err
	}
	out := Export{Comments: []Exported{}, Bans: []Ban{}}
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, o := range d.comments {
		if h.reaches(o) {
			c := o.Comment
			c.Sealed, c.Appeal = nil, nil
			out.Comments = append(out.Comments, Exported{c, o.Written, o.appeal})
		}
	}
	slices.SortFunc(out.Comments, func(a, b Exported) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, key := range []string{h.Who, networkKey(h.Network)} {
		if b, ok := d.bans[key]; ok && (h.mailed && key == h.Who || b.Comment == h.ID) {
			out.Bans = append(out.Bans, b)
		}
	}
	return out, nil
}

// Erase destroys all comments that the link reaches: their keys, so that no copy of
// them can be read, and what is kept of them. A comment under legal hold is no longer
// shown and is erased when the hold ends.
func (d *Desk) Erase(ctx context.Context, token string, now time.Time) error {
	h, err := d.mine(token)
	if err != nil {
		return err
	}
	d.mu.RLock()
	var all []*held
	for _, o := range d.comments {
		if o.State != Erased && h.reaches(o) {
			all = append(all, o)
		}
	}
	d.mu.RUnlock()
	for _, o := range all {
		c := o.Comment
		if c.Hold {
			c.Erase = true
			if c.State == Approved {
				c.State, c.Decided, c.By = Removed, now.UTC().Truncate(time.Second), "author"
			}
			if err := d.write(ctx, c, o.version, LogEntry{By: "author", Do: "erase, after the hold", Comment: c.ID}, now); err != nil {
				return err
			}
			continue
		}
		if err := d.Vault.Erase(ctx, c.subject()); err != nil {
			return err
		}
		gone := Comment{ID: c.ID, Briefing: c.Briefing, Type: c.Type, ReplyTo: c.ReplyTo, At: c.At, State: Erased, Decided: now.UTC().Truncate(time.Second), By: "author"}
		if err := d.forget(ctx, c.Erratum); err != nil {
			return err
		}
		if err := d.write(ctx, gone, shelf.Any, LogEntry{By: "author", Do: "erase", Comment: c.ID}, now); err != nil {
			return err
		}
	}
	return nil
}

// forget takes an author's words out of an erratum that was not accepted; one that
// was is part of what the record says.
func (d *Desk) forget(ctx context.Context, id ID) error {
	d.mu.RLock()
	k := d.errata[id]
	d.mu.RUnlock()
	if k == nil || k.State == "accepted" {
		return nil
	}
	e := k.Erratum
	e.Place, e.Says, e.Source, e.Overlay, e.State = "", "", "", "", "erased"
	_, err := d.Store.Write(ctx, shelf.Drawer[Erratum]{Kind: kindErratum}.Change(shelf.ID(id), k.version, e))
	return err
}
