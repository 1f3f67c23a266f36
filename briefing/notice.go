package briefing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"article41/account"
	"article41/record"
	"article41/shelf"
)

// noticeDays is how long moderators have to decide on a notice.
const noticeDays = 7

// Notice is a reader's report of a comment. It is decided, with reasons, by its
// deadline.
type Notice struct {
	ID      ID        `json:"id"`
	Comment ID        `json:"comment"`
	At      time.Time `json:"at"`
	Due     time.Time `json:"due"`
	Reason  Reason    `json:"reason"`
	Sealed  []byte    `json:"sealed,omitempty"` // what was written, and an e-mail address if given
	Decided time.Time `json:"decided,omitzero"`
	Kept    bool      `json:"kept,omitempty"` // the comment stays
	By      string    `json:"by,omitempty"`
	Words   string    `json:"words,omitempty"` // the reasons of the decision
	Lang    Lang      `json:"lang,omitempty"`  // of whoever gave it
}

type noticeText struct {
	Says  string `json:"says"`
	Email string `json:"email,omitempty"`
}

type keptNotice struct {
	Notice
	noticeText
	version int64
}

func (n Notice) subject() account.Subject { return account.Subject("notice/" + string(n.ID)) }

// Left is how long there is until the deadline; negative: it has passed.
func (n Notice) Left(now time.Time) time.Duration { return n.Due.Sub(now) }

func (d *Desk) takeNotice(ctx context.Context, it shelf.Item) error {
	if it.Gone {
		delete(d.notices, ID(it.ID))
		return nil
	}
	n, err := shelf.Drawer[Notice]{Kind: kindNotice}.Value(it)
	if err != nil {
		return err
	}
	k := &keptNotice{Notice: n, version: it.Version}
	if err := d.unseal(ctx, n.subject(), n.Sealed, &k.noticeText); err != nil {
		return fmt.Errorf("notice %s: %w", n.ID, err)
	}
	d.notices[n.ID] = k
	return nil
}

// Report takes a reader's notice of a comment that is shown. The token leads to
// its decision.
func (d *Desk) Report(ctx context.Context, comment ID, why Reason, says, email, address string, l Lang, now time.Time) (token string, err error) {
	d.mu.RLock()
	h := d.comments[comment]
	d.mu.RUnlock()
	if h == nil || h.State != Approved {
		return "", fmt.Errorf("%w: there is no such comment on show", record.ErrNotFound)
	}
	if why.Words(English) == "" {
		return "", fmt.Errorf("%w: choose what is wrong with the comment", record.ErrInvalid)
	}
	if len([]rune(says)) > maxMessage || email != "" && !isEmail(email) {
		return "", fmt.Errorf("%w: at most %d letters, and an e-mail address in the form name@example.org or none", record.ErrInvalid, maxMessage)
	}
	counted, err := d.spend(ctx, reports, address, now)
	if err != nil {
		return "", err
	}
	id, err := d.newID(now)
	if err != nil {
		return "", err
	}
	n := Notice{ID: id, Comment: comment, At: now.UTC().Truncate(time.Second), Reason: why, Lang: l}
	n.Due = n.At.Add(noticeDays * 24 * time.Hour)
	if n.Sealed, err = d.seal(ctx, n.subject(), noticeText{strings.TrimSpace(says), strings.TrimSpace(email)}); err != nil {
		return "", err
	}
	if _, err := d.Store.Write(ctx, shelf.Drawer[Notice]{Kind: kindNotice}.Change(shelf.ID(id), 0, n), counted.kept()); err != nil {
		return "", fmt.Errorf("keep a notice: %w", err)
	}
	return string(id) + "." + d.mac("notice "+string(id)), d.Follow(ctx)
}

// InNotices is a notice as a moderator sees it, with the comment it is about.
type InNotices struct {
	Notice
	Says    string  `json:"says"`
	Version int64   `json:"version"`
	About   InQueue `json:"about"`
}

// Notices are those that wait, the nearest deadline first.
func (d *Desk) Notices() []InNotices {
	d.mu.RLock()
	var out []InNotices
	for _, k := range d.notices {
		if k.Decided.IsZero() {
			out = append(out, InNotices{Notice: k.Notice, Says: k.Says, Version: k.version})
		}
	}
	d.mu.RUnlock()
	for i := range out {
		out[i].About, _ = d.One(out[i].Comment) // gone: an empty one
	}
	slices.SortFunc(out, func(a, b InNotices) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	return out
}

// Noticed answers the private link of a notice.
func (d *Desk) Noticed(token string) (Notice, error) {
	id, mac, _ := strings.Cut(token, ".")
	d.mu.RLock()
	defer d.mu.RUnlock()
	k := d.notices[ID(id)]
	if k == nil || d.mac("notice "+id) != mac {
		return Notice{}, fmt.Errorf("%w: this private link leads to no notice", record.ErrNotFound)
	}
	return k.Notice, nil
}

// Settle decides a notice: the comment stays, or it is removed for the reason.
func (d *Desk) Settle(ctx context.Context, id ID, version int64, keep bool, why Reason, words, by string, now time.Time) error {
	d.mu.RLock()
	k := d.notices[id]
	var h *held
	if k != nil {
		h = d.comments[k.Comment]
	}
	d.mu.RUnlock()
	if k == nil {
		return fmt.Errorf("%w: there is no notice %s", record.ErrNotFound, clip(string(id)))
	}
	if !k.Decided.IsZero() {
		return fmt.Errorf("%w: another moderator has decided this notice", record.ErrConflict)
	}
	if strings.TrimSpace(words) == "" {
		return fmt.Errorf("%w: a notice is decided with reasons", record.ErrInvalid)
	}
	n := k.Notice
	n.Decided, n.Kept, n.By, n.Words = now.UTC().Truncate(time.Second), keep, by, strings.TrimSpace(words)
	do := "notice: remove"
	if keep {
		do = "notice: keep"
	}
	l, err := d.log(LogEntry{By: by, Do: do, Comment: n.Comment, About: string(n.ID), Reason: why, Note: words}, now)
	if err != nil {
		return err
	}
	changes := []shelf.Change{shelf.Drawer[Notice]{Kind: kindNotice}.Change(shelf.ID(id), version, n), l}
	if !keep && h != nil && h.State == Approved {
		if why.Words(English) == "" {
			return fmt.Errorf("%w: a comment is not removed without a reason from the table", record.ErrInvalid)
		}
		c := h.Comment
		c.State, c.Decided, c.By, c.Reason, c.Note = Removed, n.Decided, by, why, n.Words
		changes = append(changes, d.drawer().Change(shelf.ID(c.ID), h.version, c))
	}
	if _, err := d.Store.Write(ctx, changes...); err != nil {
		return fmt.Errorf("notice %s: %w", id, err)
	}
	if err := d.Follow(ctx); err != nil {
		return err
	}
	if d.Mail != nil && k.Email != "" {
		if err := d.Mail(ctx, k.Email, cmp.Or(n.Lang, English).Say("mail-notice"), n.Words+"\n"); err != nil {
			return fmt.Errorf("the decision stands, but whoever gave notice could not be told: %w", err)
		}
	}
	return nil
}
