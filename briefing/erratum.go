package briefing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

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
}

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
	c := h.Comment
	c.Erratum = eid
	err = d.write(ctx, c, version, LogEntry{By: by, Do: "draft erratum", Comment: id, About: string(eid)}, now,
		shelf.Drawer[Erratum]{Kind: kindErratum}.Change(shelf.ID(eid), 0, e))
	return e, err
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

// Conclude accepts or declines a draft erratum, with words to its author.
func (d *Desk) Conclude(ctx context.Context, id ID, version int64, accept bool, words, by string, now time.Time) error {
	d.mu.RLock()
	k := d.errata[id]
	var h *held
	if k != nil {
		h = d.comments[k.Comment]
	}
	d.mu.RUnlock()
	switch {
	case k == nil:
		return fmt.Errorf("%w: there is no erratum %s", record.ErrNotFound, clip(string(id)))
	case k.State != "draft":
		return fmt.Errorf("%w: another editor has concluded this erratum", record.ErrConflict)
	case strings.TrimSpace(words) == "":
		return fmt.Errorf("%w: its author is told how it ended, so say it", record.ErrInvalid)
	}
	e := k.Erratum
	e.State, e.Decided, e.Decider, e.Words = "declined", now.UTC().Truncate(time.Second), by, strings.TrimSpace(words)
	if accept {
		e.State = "accepted"
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
	return d.tell(ctx, h, "Your correction was "+e.State, e.Words)
}
