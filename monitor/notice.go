package monitor

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"article41/account"
	"article41/record"
	"article41/shelf"
)

// Notice is what somebody named in the record writes to us: a reply, a request to
// correct, or a question what is held. Its reference is known to the sender only;
// with it they see how it was answered.
type Notice struct {
	Ref     string            `json:"ref"`
	Version int64             `json:"version"`
	About   record.IncidentID `json:"about"`
	Sort    string            `json:"sort"` // notice, reply, correction
	Name    string            `json:"name"`
	Contact string            `json:"contact"`
	Text    string            `json:"text"`
	State   NoticeState       `json:"state"`
	Answer  string            `json:"answer,omitempty"`
	Log     []Step            `json:"log"`
}

// NoticeState is how far a notice is.
type NoticeState string

const (
	Received NoticeState = "received"
	Answered NoticeState = "answered"
)

// NoticeSorts are the sorts of notice.
func NoticeSorts() []string { return []string{"reply", "correction", "notice"} }

// mostOpen bounds the notices that wait for an answer, and so what a stranger can
// fill.
const mostOpen = 2000

type keptNotice struct {
	State  NoticeState `json:"state"`
	Sealed []byte      `json:"sealed"`
}

const noticeKind shelf.Kind = "notice"

func (d *Desk) notices() shelf.Drawer[keptNotice] {
	return shelf.Drawer[keptNotice]{Store: d.Shelf, Kind: noticeKind}
}

// The shelf's id is not the reference: who reads the shelf cannot ask as the sender.
func noticeID(ref string) shelf.ID {
	return shelf.ID(record.Commit([]byte("article41 notice"), []byte(ref)).String()[:32])
}

func noticeOf(id shelf.ID) account.Subject { return account.Subject("notice/" + id) }

var refForm = regexp.MustCompile(`^[a-z2-7]{24}$`)

// Receive takes a notice in and answers its reference. Anybody may send one.
func (d *Desk) Receive(ctx context.Context, now time.Time, n Notice) (string, error) {
	n.Text, n.Name, n.Contact = strings.TrimSpace(n.Text), strings.TrimSpace(n.Name), strings.TrimSpace(n.Contact)
	var ps []Problem
	if !slices.Contains(NoticeSorts(), n.Sort) {
		ps = append(ps, Problem{"sort", "want a reply, a correction or a notice"})
	}
	for _, f := range []struct {
		field, text string
		most        int
		needed      string
	}{{"text", n.Text, 10_000, "write what you want to say"}, {"name", n.Name, 200, "who are you?"}, {"contact", n.Contact, 300, ""}, {"about", string(n.About), 100, ""}} {
		switch {
		case f.text == "" && f.needed != "":
			ps = append(ps, Problem{f.field, f.needed})
		case !utf8.ValidString(f.text) || utf8.RuneCountInString(f.text) > f.most:
			ps = append(ps, Problem{f.field, fmt.Sprintf("at most %d letters of text", f.most)})
		}
	}
	if err := Problems(ps); err != nil {
		return "", err
	}
	open := 0
	if err := d.notices().Each(ctx, func(_ shelf.ID, _ int64, k keptNotice) error {
		if k.State == Received {
			open++
		}
		return nil
	}); err != nil {
		return "", err
	}
	if open >= mostOpen {
		return "", fmt.Errorf("%w: too many notices wait for an answer: try again later", record.ErrConflict)
	}
	ref, err := d.newID()
	if err != nil {
		return "", err
	}
	n.Ref, n.State, n.Answer, n.Version = ref, Received, "", 0
	n.Log = []Step{{At: now.UTC().Truncate(time.Second), Who: "sender", Did: "received"}}
	return ref, d.keepNotice(ctx, noticeID(ref), n)
}

func (d *Desk) keepNotice(ctx context.Context, id shelf.ID, n Notice) error {
	plain, err := json.Marshal(n)
	if err != nil {
		return err
	}
	sealed, err := d.Vault.Seal(ctx, noticeOf(id), plain)
	if err != nil {
		return err
	}
	_, err = d.Shelf.Write(ctx, d.notices().Change(id, n.Version, keptNotice{n.State, sealed}))
	return err
}

func (d *Desk) openNotice(ctx context.Context, id shelf.ID, version int64, k keptNotice) (n Notice, err error) {
	plain, err := d.Vault.Open(ctx, noticeOf(id), k.Sealed)
	if err != nil {
		return n, err
	}
	if err := json.Unmarshal(plain, &n); err != nil {
		return n, fmt.Errorf("a notice: %w", err)
	}
	n.Version = version
	return n, nil
}

// Followed is what the sender sees of a notice: its log and the answer.
func (d *Desk) Followed(ctx context.Context, ref string) (Notice, error) {
	none := fmt.Errorf("%w: no notice has this reference", record.ErrNotFound)
	ref = strings.ToLower(strings.TrimSpace(ref))
	if !refForm.MatchString(ref) {
		return Notice{}, none
	}
	id := noticeID(ref)
	k, version, err := d.notices().Read(ctx, id)
	if errors.Is(err, record.ErrNotFound) {
		return Notice{}, none
	} else if err != nil {
		return Notice{}, err
	}
	n, err := d.openNotice(ctx, id, version, k)
	if errors.Is(err, account.ErrErased) {
		return Notice{}, none
	}
	return n, err
}

// Notices are all notices, those that wait first.
func (d *Desk) Notices(ctx context.Context) ([]Notice, error) {
	if err := may(ctx, account.ReviewFindings); err != nil {
		return nil, err
	}
	out := []Notice{}
	err := d.notices().Each(ctx, func(id shelf.ID, version int64, k keptNotice) error {
		n, err := d.openNotice(ctx, id, version, k)
		if errors.Is(err, account.ErrErased) {
			return nil
		}
		out = append(out, n)
		return err
	})
	slices.SortStableFunc(out, func(a, b Notice) int {
		return cmp.Or(-strings.Compare(string(a.State), string(b.State)), a.Log[0].At.Compare(b.Log[0].At))
	})
	return out, err
}

// Answer answers a notice; the log keeps every answer that was given.
func (d *Desk) Answer(ctx context.Context, now time.Time, ref, answer string) error {
	if err := may(ctx, account.ReviewFindings); err != nil {
		return err
	}
	if answer = strings.TrimSpace(answer); answer == "" || utf8.RuneCountInString(answer) > 10_000 {
		return fmt.Errorf("%w: write an answer of at most 10,000 letters", record.ErrInvalid)
	}
	n, err := d.Followed(ctx, ref)
	if err != nil {
		return err
	}
	n.State, n.Answer = Answered, answer
	n.Log = append(n.Log, Step{At: now.UTC().Truncate(time.Second), Who: account.Of(ctx).ID, Did: "answered", Note: answer})
	return d.keepNotice(ctx, noticeID(n.Ref), n)
}

// EraseNotice destroys the key of a notice.
func (d *Desk) EraseNotice(ctx context.Context, ref string) error {
	if err := may(ctx, account.EraseSubjects); err != nil {
		return err
	}
	return d.Vault.Erase(ctx, noticeOf(noticeID(ref)))
}
