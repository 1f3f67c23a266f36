package briefing

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"article41/record"
	"article41/shelf"
)

// Reason is a code of reasons.csv.
type Reason string

//go:embed reasons.csv
var reasonsFile string

type reasonRow struct {
	Code   Reason
	Phrase map[Lang]string
}

var reasonTable = sync.OnceValue(func() []reasonRow {
	r := csv.NewReader(strings.NewReader(reasonsFile))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic(err) // the table is ours and held by a test
	}
	var out []reasonRow
	for _, row := range rows[1:] {
		x := reasonRow{Reason(row[0]), map[Lang]string{}}
		for i, t := range row[1:] {
			x.Phrase[Lang(rows[0][i+1])] = t
		}
		out = append(out, x)
	}
	return out
})

// Reasons are the codes in the order of the table.
func Reasons() (out []Reason) {
	for _, r := range reasonTable() {
		out = append(out, r.Code)
	}
	return out
}

// Words is the reason in a sentence.
func (r Reason) Words(l Lang) string {
	for _, x := range reasonTable() {
		if x.Code == r {
			return cmp.Or(x.Phrase[l], x.Phrase[English])
		}
	}
	return ""
}

// Deed is what a moderator does with a comment. No deed edits its words.
type Deed string

// The deeds.
const (
	Approve Deed = "approve"
	Reject  Deed = "reject"
	Remove  Deed = "remove"
	Hold    Deed = "hold"
	Release Deed = "release"
)

// Judgement is one deed of a moderator, made from a version of the comment: who
// decides second gets record.ErrConflict.
type Judgement struct {
	Comment ID
	Version int64
	Do      Deed
	Reason  Reason
	Note    string
	By      string // account id
}

// LogEntry is one line of the moderators' log. It holds no word of a comment.
type LogEntry struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Do      string    `json:"do"`
	Comment ID        `json:"comment,omitempty"`
	About   string    `json:"about,omitempty"` // another matter: a briefing, a notice, a ban
	Reason  Reason    `json:"reason,omitempty"`
	Note    string    `json:"note,omitempty"`
	Days    int       `json:"days,omitempty"` // of a ban; 0 lifted it
}

// Deed is what was done, in words.
func (e LogEntry) Deed(l Lang) string {
	switch {
	case e.Do == "ban" && e.Days == 0:
		return l.Say("do-lift")
	case e.Do == "ban":
		return l.Count("do-ban-"+e.About, e.Days)
	}
	return l.Say("do-" + e.Do)
}

func (d *Desk) log(e LogEntry, now time.Time) (shelf.Change, error) {
	e.At = now.UTC()
	id, err := d.newID(now)
	if err != nil {
		return shelf.Change{}, err
	}
	return shelf.Drawer[LogEntry]{Kind: kindLog}.Change(shelf.ID(id), 0, e), nil
}

// Log is what moderators did, newest first.
func (d *Desk) Log(ctx context.Context, most int) ([]LogEntry, error) {
	var out []LogEntry
	if !d.TakesComments() {
		return out, nil
	}
	err := shelf.Drawer[LogEntry]{Store: d.Store, Kind: kindLog}.Each(ctx, func(_ shelf.ID, _ int64, e LogEntry) error {
		out = append(out, e)
		return nil
	})
	slices.SortStableFunc(out, func(a, b LogEntry) int { return b.At.Compare(a.At) })
	return out[:min(len(out), most)], err
}

// Judge does what a moderator decided.
func (d *Desk) Judge(ctx context.Context, j Judgement, now time.Time) error {
	d.mu.RLock()
	h := d.comments[j.Comment]
	d.mu.RUnlock()
	if h == nil || !d.TakesComments() {
		return fmt.Errorf("%w: there is no comment %s", record.ErrNotFound, j.Comment)
	}
	c := h.Comment
	switch {
	case c.State == Erased:
		return fmt.Errorf("%w: the comment was erased by its author", record.ErrInvalid)
	case (j.Do == Reject || j.Do == Remove) && j.Reason.Words(English) == "":
		return fmt.Errorf("%w: a comment is not refused without a reason from the table", record.ErrInvalid)
	case j.Do == Reject && c.State == Approved:
		return fmt.Errorf("%w: the comment is shown: remove it instead", record.ErrInvalid)
	case j.Do == Remove && c.State != Approved:
		return fmt.Errorf("%w: the comment is not shown: reject it instead", record.ErrInvalid)
	}
	decide := func(to State) {
		c.State, c.Decided, c.By, c.Reason, c.Note, c.Appeal = to, now.UTC().Truncate(time.Second), j.By, j.Reason, strings.TrimSpace(j.Note), nil
	}
	switch j.Do {
	case Approve:
		j.Reason = ""
		decide(Approved)
	case Reject:
		decide(Rejected)
	case Remove:
		decide(Removed)
	case Hold:
		c.Hold = true
	case Release:
		c.Hold = false
	default:
		return fmt.Errorf("%w: there is no deed %q", record.ErrInvalid, j.Do)
	}
	if err := d.write(ctx, c, j.Version, LogEntry{By: j.By, Do: string(j.Do), Comment: c.ID, Reason: j.Reason, Note: j.Note}, now); err != nil {
		return err
	}
	if j.Do == Release && c.Erase {
		return d.Erase(ctx, d.token(c.ID), now)
	}
	if j.Do == Approve || j.Do == Reject || j.Do == Remove {
		l := h.lang()
		return d.tell(ctx, h, l.Say("mail-judged"), strings.TrimSpace(l.Say("state-"+string(c.State))+"\n"+c.Reason.Words(l)+"\n"+c.Note))
	}
	return nil
}

func (h *held) lang() Lang { return cmp.Or(h.Comment.Lang, English) }

// tell writes to a comment's author, if mails are sent at all.
func (d *Desk) tell(ctx context.Context, h *held, subject, says string) error {
	if d.Mail == nil || h.Email == "" {
		return nil
	}
	if err := d.Mail(ctx, h.Email, subject, says+"\n\n"+h.lang().Say("mail-private")+" "+d.Site+"/comments/"+d.mailed(h.ID)+"\n"); err != nil {
		return fmt.Errorf("the decision stands, but its author could not be told: %w", err)
	}
	return nil
}

// write keeps a changed comment and the log's line, both or neither.
func (d *Desk) write(ctx context.Context, c Comment, version int64, e LogEntry, now time.Time, more ...shelf.Change) error {
	l, err := d.log(e, now)
	if err != nil {
		return err
	}
	if _, err := d.Store.Write(ctx, append(more, d.drawer().Change(shelf.ID(c.ID), version, c), l)...); err != nil {
		return fmt.Errorf("comment %s: %w", c.ID, err)
	}
	return d.Follow(ctx)
}

// Flag is what a moderator should see first, in words.
func (l Lang) Flag(f string) string {
	key, arg, _ := strings.Cut(f, " ")
	switch n, err := strconv.Atoi(arg); {
	case arg == "":
		return l.Say(key)
	case err == nil:
		return l.Count(key, n)
	}
	return l.Say(key, arg)
}

// InQueue is a comment as a moderator sees it. The e-mail address is not shown to
// moderators either.
type InQueue struct {
	Comment
	Name    string `json:"name"`
	Message string `json:"message"`
	Place   string `json:"place,omitempty"`
	Source  string `json:"source,omitempty"`
	Appeal  string `json:"appeal,omitempty"`
	Version int64  `json:"version"`
	Earlier int    `json:"earlier"` // other comments under the same address
	Refused int    `json:"refused"` // of these, not shown or removed
}

// Queue is what waits: appeals first, then comments without flags, oldest first;
// what came too fast last.
func (d *Desk) Queue() []InQueue {
	return d.sorted(func(h *held) bool { return h.State == Waiting || h.appeal != "" })
}

// Shelved is every comment that was decided, newest first.
func (d *Desk) Shelved(most int) []InQueue {
	out := d.sorted(func(h *held) bool { return h.State != Waiting && h.State != Unconfirmed && h.appeal == "" })
	slices.SortStableFunc(out, func(a, b InQueue) int { return b.Decided.Compare(a.Decided) })
	return out[:min(len(out), most)]
}

// One is a comment of the queue.
func (d *Desk) One(id ID) (InQueue, error) {
	found := d.sorted(func(h *held) bool { return h.ID == id })
	if len(found) == 0 {
		return InQueue{}, fmt.Errorf("%w: there is no comment %s", record.ErrNotFound, clip(string(id)))
	}
	return found[0], nil
}

func (d *Desk) sorted(want func(*held) bool) []InQueue {
	d.mu.RLock()
	defer d.mu.RUnlock()
	all, refused := map[string]int{}, map[string]int{}
	for _, h := range d.comments {
		all[h.Who]++
		if h.State == Rejected || h.State == Removed {
			refused[h.Who]++
		}
	}
	out := []InQueue{}
	for _, h := range d.comments {
		if want(h) {
			out = append(out, InQueue{Comment: h.Comment, Name: h.Name, Message: h.Message, Place: h.Place, Source: h.Source, Appeal: h.appeal, Version: h.version,
				Earlier: max(0, all[h.Who]-1), Refused: refused[h.Who]})
		}
	}
	rank := func(q InQueue) int {
		switch {
		case q.Appeal != "":
			return 0
		case slices.ContainsFunc(q.Flags, func(f string) bool {
			return strings.HasPrefix(f, "flag-quick") || strings.HasPrefix(f, "flag-old-stamp") || f == "flag-no-stamp"
		}):
			return 2
		}
		return 1
	}
	slices.SortFunc(out, func(a, b InQueue) int {
		return cmp.Or(rank(a)-rank(b), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	return out
}
