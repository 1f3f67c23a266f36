package briefing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"article41/date"
	"article41/record"
	"article41/shelf"
)

// Text is a briefing as it is kept: what an editor is working on, and every
// version that was, is or will be public. No version is changed or dropped.
type Text struct {
	Slug      Slug      `json:"slug"`
	Draft     string    `json:"draft,omitempty"` // empty: nothing is being worked on
	Edited    time.Time `json:"edited,omitzero"`
	By        string    `json:"by,omitempty"`
	Versions  []Version `json:"versions,omitempty"` // by From
	Withdrawn time.Time `json:"withdrawn,omitzero"` // unpublished since
	Why       string    `json:"why,omitempty"`
	Closed    bool      `json:"closed,omitempty"` // for comments, by hand
}

// Version is one public version of a text.
type Version struct {
	From time.Time `json:"from"` // in the future: scheduled
	By   string    `json:"by"`
	Note string    `json:"note,omitempty"` // what changed; the first has none
	Text string    `json:"text"`
}

// kept is a text in memory with its versions read.
type kept struct {
	Text
	read    []Briefing // of Versions
	version int64      // on the shelf; 0: shipped
	shipped *kept      // what the program came with under the same slug
}

func shipped(s Slug, text string) (*kept, error) {
	b, err := Parse(text)
	if err != nil {
		return nil, err
	}
	if b.Published.IsZero() {
		return nil, fmt.Errorf("%w: a shipped briefing says when it was published", record.ErrInvalid)
	}
	k := &kept{Text: Text{Slug: s, Versions: []Version{{From: b.Published.At(0, 0), By: b.By, Text: text}}}, read: []Briefing{b}}
	k.shipped = k
	return k, nil
}

// current is the index of the version that is public; -1: none is.
func (k *kept) current(now time.Time) int {
	i := -1
	for j, v := range k.Versions {
		if !v.From.After(now) || k.version == 0 {
			i = j // what was shipped is public whatever the clock says
		}
	}
	return i
}

func (k *kept) public(now time.Time) bool { return k.Withdrawn.IsZero() && k.current(now) >= 0 }

func (k *kept) live(now time.Time) Briefing {
	if i := k.current(now); i >= 0 {
		return k.read[i]
	}
	return Briefing{}
}

func (k *kept) published(now time.Time) time.Time {
	if len(k.Versions) == 0 {
		return now
	}
	return k.Versions[0].From
}

// takeText folds one text in; d.mu is held.
func (d *Desk) takeText(it shelf.Item) error {
	s := Slug(it.ID)
	old := d.texts[s]
	if it.Gone {
		if old != nil && old.shipped != nil {
			d.texts[s] = old.shipped
		} else {
			delete(d.texts, s)
		}
		return nil
	}
	t, err := shelf.Drawer[Text]{Kind: kindText}.Value(it)
	if err != nil {
		return err
	}
	k := &kept{Text: t, version: it.Version}
	if old != nil {
		k.shipped = old.shipped
	}
	for _, v := range t.Versions {
		b, err := Parse(v.Text)
		if err != nil {
			return fmt.Errorf("briefing %s, version of %s: %w", s, v.From.Format(time.DateOnly), err)
		}
		k.read = append(k.read, b)
	}
	d.texts[s] = k
	return nil
}

// Public is a briefing as readers see it.
type Public struct {
	Slug Slug `json:"slug"`
	Briefing
	Published   time.Time    `json:"published"`
	Updated     time.Time    `json:"updated"`
	Versions    int          `json:"versions"`
	Corrections []Correction `json:"all_corrections"` // of its head, and what each later version changed
}

// PublishedOn and UpdatedOn are the days in New York.
func (p Public) PublishedOn() date.Day { return date.DayOf(p.Published) }

// UpdatedOn is the day of the newest change.
func (p Public) UpdatedOn() date.Day { return date.DayOf(p.Updated) }

func (k *kept) asPublic(now time.Time) Public {
	i := k.current(now)
	p := Public{Slug: k.Slug, Briefing: k.read[i], Published: k.Versions[0].From, Updated: k.Versions[i].From, Versions: i + 1}
	if u := p.Briefing.Updated; !u.IsZero() && u.After(date.DayOf(p.Updated)) {
		p.Updated = u.At(0, 0)
	}
	p.Corrections = append([]Correction{}, p.Fixes...)
	for _, v := range k.Versions[1 : i+1] {
		p.Corrections = append(p.Corrections, Correction{On: date.DayOf(v.From), Says: v.Note})
	}
	slices.SortStableFunc(p.Corrections, func(a, b Correction) int { return b.On.Compare(a.On) })
	return p
}

// Briefing is the briefing as readers see it, or record.ErrNotFound.
func (d *Desk) Briefing(s Slug, now time.Time) (Public, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	k := d.texts[s]
	if k == nil || !k.public(now) {
		return Public{}, fmt.Errorf("%w: there is no briefing %q", record.ErrNotFound, clip(string(s)))
	}
	return k.asPublic(now), nil
}

// Briefings are all that readers see, the newest first.
func (d *Desk) Briefings(now time.Time) []Public {
	d.mu.RLock()
	defer d.mu.RUnlock()
	out := []Public{}
	for _, k := range d.texts {
		if k.public(now) {
			out = append(out, k.asPublic(now))
		}
	}
	slices.SortFunc(out, func(a, b Public) int { return cmp.Or(b.Published.Compare(a.Published), cmp.Compare(a.Slug, b.Slug)) })
	return out
}

// Changed tells the state of what readers see of a briefing: it grows with every
// change, so a page made from it can be kept as long as it stays.
func (d *Desk) Changed() int64 {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.seq
}

// InEditing is a text as an editor sees it.
type InEditing struct {
	Text
	Version  int64  // to write from
	State    string // draft, scheduled, published, unpublished
	Problems []string
	Preview  *Briefing // of the draft, or of the newest version
	Source   string    // the draft, or the newest version's text
	Pictures []string  // the files that were uploaded for it
	Shipped  bool      // it came with the program and was not touched since
}

// Editing is one text with its draft.
func (d *Desk) Editing(s Slug, now time.Time) (InEditing, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	k := d.texts[s]
	if k == nil {
		return InEditing{}, fmt.Errorf("%w: there is no briefing or draft %q", record.ErrNotFound, clip(string(s)))
	}
	return d.editing(k, now), nil
}

// AllEditing are all texts, those last worked on first.
func (d *Desk) AllEditing(now time.Time) []InEditing {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []InEditing
	for _, k := range d.texts {
		out = append(out, d.editing(k, now))
	}
	slices.SortFunc(out, func(a, b InEditing) int { return cmp.Or(b.Edited.Compare(a.Edited), cmp.Compare(a.Slug, b.Slug)) })
	return out
}

func (d *Desk) editing(k *kept, now time.Time) InEditing {
	e := InEditing{Text: k.Text, Version: k.version, Source: k.Text.Draft, Shipped: k.version == 0, State: "draft"}
	n := len(k.Versions)
	switch {
	case !k.Withdrawn.IsZero():
		e.State = "unpublished"
	case n > 0 && k.Versions[n-1].From.After(now) && !e.Shipped:
		e.State = "scheduled"
	case n > 0:
		e.State = "published"
	}
	if e.Source == "" && n > 0 {
		e.Source = k.Versions[n-1].Text
	}
	b, err := Parse(e.Source)
	if err != nil {
		e.Problems = append(e.Problems, told(err))
	} else {
		e.Preview = &b
	}
	e.Problems = append(e.Problems, Lint(e.Source, d.Hedges)...)
	if e.Preview != nil {
		e.Problems = append(e.Problems, d.lacks(*e.Preview, k.Slug)...)
	}
	for name := range d.pictures[k.Slug] {
		e.Pictures = append(e.Pictures, name)
	}
	slices.Sort(e.Pictures)
	return e
}

// Save keeps a draft. What is wrong with it is told and does not keep it from being
// saved.
func (d *Desk) Save(ctx context.Context, s Slug, version int64, text, by string, now time.Time) error {
	if len(text) > maxText {
		return fmt.Errorf("%w: a briefing of %d bytes, at most %d", record.ErrInvalid, len(text), maxText)
	}
	return d.edit(ctx, s, version, by, "save a draft", "", now, func(t *Text) error {
		t.Draft, t.Edited, t.By = strings.ReplaceAll(text, "\r\n", "\n"), now.UTC(), by
		return nil
	})
}

// Publish makes the draft public at once, or, with a time, then. A text that was
// public before is not changed in silence: the note says what changed and is
// listed with the corrections.
func (d *Desk) Publish(ctx context.Context, s Slug, version int64, at time.Time, note, by string, now time.Time) error {
	return d.edit(ctx, s, version, by, "publish", note, now, func(t *Text) error {
		if t.Draft == "" {
			if t.Withdrawn.IsZero() {
				return fmt.Errorf("%w: there is no draft to publish", record.ErrInvalid)
			}
			t.Withdrawn, t.Why = time.Time{}, "" // again as it was
			return nil
		}
		b, err := Parse(t.Draft)
		if err != nil {
			return err
		}
		d.mu.RLock()
		faults := append(Lint(t.Draft, d.Hedges), d.lacks(b, s)...)
		d.mu.RUnlock()
		if len(faults) > 0 {
			return fmt.Errorf("%w: %s", record.ErrInvalid, strings.Join(faults, "; "))
		}
		if len(t.Versions) > 0 && t.Versions[len(t.Versions)-1].From.After(now) { // what was scheduled was never public
			t.Versions = t.Versions[:len(t.Versions)-1]
		}
		if len(t.Versions) > 0 && strings.TrimSpace(note) == "" {
			return fmt.Errorf("%w: say what changed: readers see it with the corrections", record.ErrInvalid)
		}
		from := now.UTC()
		if at.After(now) {
			from = at.UTC()
		}
		t.Versions = append(t.Versions, Version{From: from, By: by, Note: strings.TrimSpace(note), Text: t.Draft})
		t.Draft, t.Withdrawn, t.Why = "", time.Time{}, ""
		return nil
	})
}

// Unpublish takes a briefing off the pages; its versions stay.
func (d *Desk) Unpublish(ctx context.Context, s Slug, version int64, why, by string, now time.Time) error {
	return d.edit(ctx, s, version, by, "unpublish", why, now, func(t *Text) error {
		if strings.TrimSpace(why) == "" {
			return fmt.Errorf("%w: say why it is unpublished", record.ErrInvalid)
		}
		t.Withdrawn, t.Why = now.UTC(), strings.TrimSpace(why)
		return nil
	})
}

// CloseComments closes or opens the comments of a briefing by hand.
func (d *Desk) CloseComments(ctx context.Context, s Slug, version int64, closed bool, by string, now time.Time) error {
	return d.edit(ctx, s, version, by, map[bool]string{true: "close comments", false: "open comments"}[closed], "", now, func(t *Text) error {
		t.Closed = closed
		return nil
	})
}

func (d *Desk) edit(ctx context.Context, s Slug, version int64, by, do, note string, now time.Time, change func(*Text) error) error {
	if !d.TakesComments() {
		return fmt.Errorf("%w: without a database briefings cannot be edited", record.ErrInvalid)
	}
	if _, err := ParseSlug(string(s)); err != nil {
		return err
	}
	d.mu.RLock()
	k := d.texts[s]
	d.mu.RUnlock()
	t := Text{Slug: s}
	if k != nil {
		t = k.Text
		t.Versions = slices.Clone(t.Versions)
	} else if do != "save a draft" {
		return fmt.Errorf("%w: there is no briefing or draft %q", record.ErrNotFound, clip(string(s)))
	}
	if err := change(&t); err != nil {
		return err
	}
	l, err := d.log(LogEntry{By: by, Do: do, About: string(s), Note: note}, now)
	if err != nil {
		return err
	}
	if _, err := d.Store.Write(ctx, shelf.Drawer[Text]{Kind: kindText}.Change(shelf.ID(s), version, t), l); err != nil {
		return fmt.Errorf("briefing %s: %w", s, err)
	}
	return d.Follow(ctx)
}
