package briefing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"article41/date"
	"article41/record"
	"article41/shelf"
)

// Erratum is a reader's correction on its way to the record: a draft until an
// editor accepts or declines it. It holds no word of who proposed it; the author
// sees on the private page how it ended.
type Erratum struct {
	ID       ID        `json:"id"`
	Comment  ID        `json:"comment"`
	Briefing Slug      `json:"briefing"`
	Place    string    `json:"place"`  // which words are wrong
	Says     string    `json:"says"`   // what should stand there
	Source   string    `json:"source"` // on what ground
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	State    string    `json:"state"` // draft, accepted, declined
	Decided  time.Time `json:"decided,omitzero"`
	Decider  string    `json:"decider,omitempty"`
	Words    string    `json:"words,omitempty"` // to its author
	File     string    `json:"file,omitempty"`  // of the overlay: what is, or was, proposed to be laid over the record
	Overlay  string    `json:"overlay,omitempty"`
	InRecord bool      `json:"in_record,omitempty"` // it was laid
	Regime   string    `json:"regime,omitempty"`
}

// Overlay is the installation's own facts, a folder that is laid over the record.
type Overlay interface {
	// Propose is a file of the overlay with one more claim about a regime in it.
	Propose(ctx context.Context, id record.RegimeID, c record.Claim) (file, text string, err error)
	// Lay lints the overlay with the file in it, and if nothing is wrong writes and
	// lays it; with check it is linted alone.
	Lay(ctx context.Context, file, text string, check bool) (problems []string, err error)
}

// ErrOverlay is what the linter says of an erratum that was to be laid: nothing was
// written.
type ErrOverlay struct{ Problems []string }

func (e ErrOverlay) Error() string {
	return record.ErrInvalid.Error() + ": " + strings.Join(e.Problems, "; ")
}

// Unwrap is record.ErrInvalid.
func (e ErrOverlay) Unwrap() error { return record.ErrInvalid }

type keptErratum struct {
	Erratum
	version int64
}

// Draft makes a draft erratum of a comment that is a correction, in one step.
func (d *Desk) Draft(ctx context.Context, id ID, version int64, by string, now time.Time) (Erratum, error) {
	d.mu.RLock()
	h := d.comments[id]
	d.mu.RUnlock()
	switch {
	case h == nil:
		return Erratum{}, fmt.Errorf("%w: there is no comment %s", record.ErrNotFound, clip(string(id)))
	case h.Type != Fix:
		return Erratum{}, fmt.Errorf("%w: the comment is no correction", record.ErrInvalid)
	case h.Comment.Erratum != "":
		return Erratum{}, fmt.Errorf("%w: there is a draft erratum of this comment already", record.ErrConflict)
	}
	eid, err := d.newID(now)
	if err != nil {
		return Erratum{}, err
	}
	e := Erratum{ID: eid, Comment: id, Briefing: h.Briefing, Place: h.Place, Says: h.Message, Source: h.Source, At: now.UTC().Truncate(time.Second), By: by, State: "draft"}
	if err := d.propose(ctx, &e, now); err != nil {
		return Erratum{}, err
	}
	c := h.Comment
	c.Erratum = eid
	err = d.write(ctx, c, version, LogEntry{By: by, Do: "draft erratum", Comment: id, About: string(eid)}, now,
		shelf.Drawer[Erratum]{Kind: kindErratum}.Change(shelf.ID(eid), 0, e))
	return e, err
}

// propose writes the draft as a claim about the regime that its briefing is about:
// what a reader says, unverified, beside what stands there. The editor makes of it
// what the source bears out.
func (d *Desk) propose(ctx context.Context, e *Erratum, now time.Time) error {
	if d.Overlay == nil {
		return nil
	}
	d.mu.RLock()
	var about []string
	if k := d.texts[e.Briefing]; k != nil {
		about = k.live(now).About
	}
	d.mu.RUnlock()
	i := slices.IndexFunc(about, func(x string) bool { return !strings.Contains(x, "/") })
	if i < 0 {
		return nil
	}
	one := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	c := record.Claim{About: "erratum: " + one(e.Place), Says: one(e.Says), Speaker: "a reader of this site", Hedge: record.Stated, On: date.DayOf(e.At),
		Source: "memory", Sure: record.Unverified, Note: "the reader's source: " + one(e.Source)}
	file, text, err := d.Overlay.Propose(ctx, record.RegimeID(about[i]), c)
	if errors.Is(err, record.ErrInvalid) || errors.Is(err, record.ErrNotFound) {
		return nil // the editor writes it by hand
	}
	e.Regime, e.File, e.Overlay = about[i], file, text
	return err
}

// InErrata is an erratum with the version to decide from.
type InErrata struct {
	Erratum
	Version int64 `json:"version"`
}

// Errata are all there are, drafts first.
func (d *Desk) Errata() []InErrata {
	d.mu.RLock()
	defer d.mu.RUnlock()
	out := []InErrata{}
	for _, k := range d.errata {
		out = append(out, InErrata{k.Erratum, k.version})
	}
	slices.SortFunc(out, func(a, b InErrata) int {
		if (a.State == "draft") != (b.State == "draft") {
			if a.State == "draft" {
				return -1
			}
			return 1
		}
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// LintErratum is what the linter says against an erratum's overlay.
func (d *Desk) LintErratum(ctx context.Context, x Conclusion) ([]string, error) {
	d.mu.RLock()
	k := d.errata[x.Erratum]
	d.mu.RUnlock()
	if k == nil || d.Overlay == nil || k.File == "" {
		return nil, fmt.Errorf("%w: there is no such erratum, or no overlay to write to", record.ErrNotFound)
	}
	return d.Overlay.Lay(ctx, k.File, strings.ReplaceAll(x.Overlay, "\r\n", "\n"), true)
}

// Conclusion is how a draft erratum ends.
type Conclusion struct {
	Erratum ID
	Version int64
	Accept  bool
	Words   string // to its author
	Overlay string // what is laid over the record with it; empty: nothing
	By      string
}

// Conclude accepts or declines a draft erratum, with words to its author. What the
// linter says against its overlay is [ErrOverlay], and leaves the erratum a draft.
func (d *Desk) Conclude(ctx context.Context, x Conclusion, now time.Time) error {
	d.mu.RLock()
	k := d.errata[x.Erratum]
	var h *held
	if k != nil {
		h = d.comments[k.Comment]
	}
	d.mu.RUnlock()
	switch {
	case k == nil:
		return fmt.Errorf("%w: there is no erratum %s", record.ErrNotFound, clip(string(x.Erratum)))
	case k.State != "draft" || k.version != x.Version:
		return fmt.Errorf("%w: another editor has concluded this erratum", record.ErrConflict)
	case strings.TrimSpace(x.Words) == "":
		return fmt.Errorf("%w: its author is told how it ended, so say it", record.ErrInvalid)
	}
	id, version, accept, words, by := x.Erratum, x.Version, x.Accept, x.Words, x.By
	text := strings.ReplaceAll(x.Overlay, "\r\n", "\n")
	laid := accept && strings.TrimSpace(text) != ""
	if laid {
		if d.Overlay == nil || k.File == "" {
			return fmt.Errorf("%w: there is no overlay to write to", record.ErrInvalid)
		}
		if problems, err := d.Overlay.Lay(ctx, k.File, text, false); err != nil {
			return err
		} else if len(problems) > 0 {
			return ErrOverlay{problems}
		}
	}
	e := k.Erratum
	e.State, e.Decided, e.Decider, e.Words = "declined", now.UTC().Truncate(time.Second), by, strings.TrimSpace(words)
	if accept {
		e.State = "accepted"
	}
	if e.InRecord, e.Overlay = laid, text; !laid {
		e.Overlay = ""
	}
	l, err := d.log(LogEntry{By: by, Do: "erratum " + e.State, Comment: e.Comment, About: string(id), Note: e.Words}, now)
	if err != nil {
		return err
	}
	if _, err := d.Store.Write(ctx, shelf.Drawer[Erratum]{Kind: kindErratum}.Change(shelf.ID(id), version, e), l); err != nil {
		return fmt.Errorf("erratum %s: %w", id, err)
	}
	if err := d.Follow(ctx); err != nil {
		return err
	}
	if h == nil {
		return nil
	}
	l10n := h.lang()
	says := e.Words
	if e.InRecord {
		says += "\n" + l10n.Say("erratum-in-record")
	}
	return d.tell(ctx, h, l10n.Say("mail-erratum-"+e.State), says)
}
