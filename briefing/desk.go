package briefing

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"article41/account"
	"article41/record"
	"article41/shelf"
)

// The kinds of this package on the shelf.
const (
	kindText    shelf.Kind = "briefing"
	kindComment shelf.Kind = "comment"
	kindNotice  shelf.Kind = "comment-notice"
	kindBan     shelf.Kind = "comment-ban"
	kindLog     shelf.Kind = "comment-log"
	kindProof   shelf.Kind = "comment-proof"
	kindSpent   shelf.Kind = "comment-count"
	kindErratum shelf.Kind = "erratum"
	kindSecret  shelf.Kind = "comment-secret"
)

// Options are what a desk asks of others.
type Options struct {
	Store  shelf.Store
	Vault  *account.Vault
	Random io.Reader // crypto/rand.Reader outside tests
	// Shipped holds a file <slug>.md for each briefing that came with the program.
	Shipped fs.FS
	// Named finds listed names in a text, to be flagged before approval; nil: none.
	Named func(ctx context.Context, text string) ([]string, error)
	// Mail sends a letter, if the installation was told how; nil: none is sent.
	Mail func(ctx context.Context, to, subject, body string) error
	// Confirm asks each author to follow a link in a mail first; needs Mail.
	Confirm bool
	Site    string // how this site's addresses begin in mails: "https://example.org"
	// Overlay is where accepted errata are laid over the record; nil: nowhere.
	Overlay Overlay
	// Hedges finds hedged words, for Lint; nil: they are not looked for.
	Hedges func(string) []string
}

// Desk keeps briefings and what readers answer. It is safe for concurrent use;
// several processes may share its shelf, each following.
type Desk struct {
	Options
	Proofs *Proofs
	Limits *Limits
	secret []byte

	mu       sync.RWMutex
	seq      int64
	texts    map[Slug]*kept
	comments map[ID]*held
	threads  map[Slug]*thread
	notices  map[ID]*keptNotice
	bans     map[string]Ban
	errata   map[ID]*keptErratum
	pictures map[Slug]map[string]bool
}

// thread is the approved comments of one briefing, newest first.
type thread struct {
	top     []*held
	replies map[ID][]*held // by the comment they answer, oldest first
	count   int
	tally   tally
}

// Open reads the shelf. Without a store it holds what was shipped, and takes no
// comments.
func Open(ctx context.Context, o Options) (*Desk, error) {
	d := &Desk{Options: o, texts: map[Slug]*kept{}, comments: map[ID]*held{}, threads: map[Slug]*thread{},
		notices: map[ID]*keptNotice{}, bans: map[string]Ban{}, errata: map[ID]*keptErratum{}, pictures: map[Slug]map[string]bool{}}
	if err := d.ship(); err != nil {
		return nil, err
	}
	if o.Store == nil || o.Vault == nil {
		return d, nil
	}
	var err error
	if d.secret, err = d.readSecret(ctx); err != nil {
		return nil, fmt.Errorf("the desk's own key: %w", err)
	}
	d.Proofs, d.Limits = NewProofs(d.sub("proof"), o.Random), NewLimits(d.sub("limit"))
	return d, d.Follow(ctx)
}

// TakesComments reports whether there is a shelf to keep them on.
func (d *Desk) TakesComments() bool { return d.secret != nil }

func (d *Desk) ship() error {
	if d.Shipped == nil {
		return nil
	}
	files, err := fs.Glob(d.Shipped, "*.md")
	if err != nil {
		return err
	}
	for _, f := range files {
		b, err := fs.ReadFile(d.Shipped, f)
		if err != nil {
			return err
		}
		s, err := ParseSlug(strings.TrimSuffix(path.Base(f), ".md"))
		if err != nil {
			return err
		}
		k, err := shipped(s, string(b))
		if err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		d.texts[s] = k
	}
	return nil
}

// readSecret is the key under which this site signs; made at the first start.
func (d *Desk) readSecret(ctx context.Context) ([]byte, error) {
	const subject = account.Subject("briefing/site")
	for range 3 {
		it, err := d.Store.Item(ctx, kindSecret, "site")
		if err == nil {
			return d.Vault.Open(ctx, subject, it.Body)
		}
		if !errors.Is(err, record.ErrNotFound) {
			return nil, err
		}
		key := make([]byte, 32)
		if _, err := io.ReadFull(d.Random, key); err != nil {
			return nil, err
		}
		sealed, err := d.Vault.Seal(ctx, subject, key)
		if err != nil {
			return nil, err
		}
		if _, err = d.Store.Write(ctx, shelf.Change{Kind: kindSecret, ID: "site", Body: sealed}); err == nil {
			return key, nil
		} else if !errors.Is(err, record.ErrConflict) {
			return nil, err
		}
	}
	return nil, record.ErrConflict
}

// sub is a key for one use.
func (d *Desk) sub(use string) []byte {
	h := hmac.New(sha256.New, d.secret)
	h.Write([]byte(use))
	return h.Sum(nil)
}

func (d *Desk) mac(text string) string {
	h := hmac.New(sha256.New, d.secret)
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// who is the keyed hash of an e-mail address.
func (d *Desk) who(email string) string {
	return d.mac("who " + strings.ToLower(strings.TrimSpace(email)))
}

func (d *Desk) newID(now time.Time) (ID, error) {
	var b [5]byte
	if _, err := io.ReadFull(d.Random, b[:]); err != nil {
		return "", err
	}
	return ID(strconv.FormatInt(now.UnixMilli(), 36) + "-" + hex.EncodeToString(b[:])), nil
}

// Follow reads what was written since, by this process or another.
func (d *Desk) Follow(ctx context.Context) error {
	if !d.TakesComments() {
		return nil
	}
	const page = 1000
	d.mu.Lock()
	defer d.mu.Unlock()
	touched := map[Slug]bool{}
	defer func() { d.weave(touched) }()
	for {
		items, err := d.Store.Since(ctx, d.seq, page)
		if err != nil {
			return fmt.Errorf("follow the desk: %w", err)
		}
		for _, it := range items {
			if err := d.take(ctx, it, touched); err != nil {
				return err
			}
			d.seq = max(d.seq, it.Seq)
		}
		if len(items) < page {
			return nil
		}
	}
}

// take folds one item in; d.mu is held.
func (d *Desk) take(ctx context.Context, it shelf.Item, touched map[Slug]bool) error {
	switch it.Kind {
	case kindText:
		return d.takeText(it)
	case kindPicture:
		d.takePicture(it)
	case kindComment:
		id := ID(it.ID)
		if old := d.comments[id]; old != nil {
			touched[old.Briefing] = true
		}
		if it.Gone {
			delete(d.comments, id)
			return nil
		}
		c, err := d.drawer().Value(it)
		if err != nil {
			return err
		}
		h, err := d.open(ctx, c, it.Version)
		if err != nil {
			return err
		}
		d.comments[id] = h
		touched[c.Briefing] = true
	case kindNotice:
		return d.takeNotice(ctx, it)
	case kindBan:
		if it.Gone {
			delete(d.bans, string(it.ID))
			return nil
		}
		b, err := shelf.Drawer[Ban]{Kind: kindBan}.Value(it)
		d.bans[string(it.ID)] = b
		return err
	case kindSpent:
		if x, ok := readSpent(it.ID); ok && !it.Gone {
			d.Limits.follow(x)
		}
	case kindProof:
		if it.Gone {
			return nil
		}
		expires, err := shelf.Drawer[int64]{Kind: kindProof}.Value(it)
		d.Proofs.mark(string(it.ID), expires)
		return err
	case kindErratum:
		if it.Gone {
			delete(d.errata, ID(it.ID))
			return nil
		}
		e, err := shelf.Drawer[Erratum]{Kind: kindErratum}.Value(it)
		d.errata[e.ID] = &keptErratum{e, it.Version}
		return err
	}
	return nil
}

func (d *Desk) drawer() shelf.Drawer[Comment] {
	return shelf.Drawer[Comment]{Store: d.Store, Kind: kindComment}
}

// open unseals a comment; one whose key is gone is erased, whatever it says.
func (d *Desk) open(ctx context.Context, c Comment, version int64) (*held, error) {
	h := &held{Comment: c, version: version}
	if len(c.Sealed) == 0 {
		return h, nil
	}
	err := d.unseal(ctx, c.subject(), c.Sealed, &h.Written)
	if errors.Is(err, account.ErrErased) {
		h.State = Erased
		return h, nil
	}
	if err == nil && len(c.Appeal) > 0 {
		err = d.unseal(ctx, c.subject(), c.Appeal, &h.appeal)
	}
	if err != nil {
		return nil, fmt.Errorf("comment %s: %w", c.ID, err)
	}
	h.render()
	return h, nil
}

// weave makes the threads anew of the briefings whose comments changed; d.mu is
// held.
func (d *Desk) weave(touched map[Slug]bool) {
	if len(touched) == 0 {
		return
	}
	fresh := map[Slug]*thread{}
	for s := range touched {
		fresh[s] = &thread{replies: map[ID][]*held{}}
		d.threads[s] = fresh[s]
	}
	for _, h := range d.comments {
		t := fresh[h.Briefing]
		if t == nil || h.State != Approved {
			continue
		}
		t.count++
		t.tally.add(&h.Comment, 1)
		if h.ReplyTo == "" {
			t.top = append(t.top, h)
		} else {
			t.replies[h.ReplyTo] = append(t.replies[h.ReplyTo], h)
		}
	}
	for _, t := range fresh {
		for id, rs := range t.replies {
			slices.SortFunc(rs, older)
			if p := d.comments[id]; p != nil && p.State != Approved {
				t.top = append(t.top, p) // removed or erased, but answered
			}
		}
		slices.SortFunc(t.top, func(a, b *held) int { return older(b, a) })
	}
}

func older(a, b *held) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
}

// Thread is a page of what stands below a briefing; pages count from 1.
func (d *Desk) Thread(s Slug, page int, now time.Time) Thread {
	d.mu.RLock()
	defer d.mu.RUnlock()
	out := Thread{Page: max(1, page), Pages: 1, Comments: []Shown{}}
	out.Open = d.takes(s, now) == nil
	t := d.threads[s]
	if t == nil {
		return out
	}
	out.Count, out.Rating = t.count, t.tally.average()
	out.Pages = max(1, (len(t.top)+threadPage-1)/threadPage)
	out.Page = min(out.Page, out.Pages)
	for _, h := range t.top[(out.Page-1)*threadPage : min(len(t.top), out.Page*threadPage)] {
		c := h.shown(now)
		for _, r := range t.replies[h.ID] {
			c.Replies = append(c.Replies, r.shown(now))
		}
		out.Comments = append(out.Comments, c)
	}
	return out
}

// takes says why a briefing takes no comments; d.mu is held.
func (d *Desk) takes(s Slug, now time.Time) error {
	k := d.texts[s]
	switch {
	case k == nil || !k.public(now):
		return fmt.Errorf("%w: there is no briefing %s", record.ErrNotFound, s)
	case !d.TakesComments():
		return errClosed
	case k.Closed:
		return errClosed
	}
	closed, days, _ := ageLimit(k.live(now).Comments)
	if closed || days > 0 && now.Sub(k.published(now)) > time.Duration(days)*24*time.Hour {
		return errClosed
	}
	return nil
}

var errClosed = fmt.Errorf("%w: comments are closed", record.ErrInvalid)

// IsClosed reports whether an error says that comments are closed.
func IsClosed(err error) bool { return errors.Is(err, errClosed) }
