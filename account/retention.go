package account

import (
	"context"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"article41/date"
	"article41/record"
	"article41/shelf"
)

// ErrHeld says that a subject's matter must be kept for now.
var ErrHeld = errors.New("a hold is on this subject: release it first")

// term is until when a subject's matter is kept. It names nobody.
type term struct {
	Class string    `json:"class"`
	Ended *date.Day `json:"ended,omitempty"` // the matter with the subject; null: it goes on
	Hold  string    `json:"hold,omitempty"`  // why it may not be erased, such as a case number
}

const termKind shelf.Kind = "term"

func (v *Vault) terms() shelf.Drawer[term] { return shelf.Drawer[term]{Store: v.keys, Kind: termKind} }

// class is what sort of subject it is: "customer" of "customer/17".
func (s Subject) class() string {
	c, _, _ := strings.Cut(string(s), "/")
	return c
}

func (v *Vault) changeTerm(ctx context.Context, s Subject, do func(*term)) error {
	id := v.id(s)
	t, version, err := v.terms().Read(ctx, id)
	if errors.Is(err, record.ErrNotFound) {
		t, version, err = term{Class: s.class()}, 0, nil
	}
	if err != nil {
		return err
	}
	do(&t)
	_, err = v.keys.Write(ctx, v.terms().Change(id, version, t))
	return err
}

// End says that the matter with the subject ended on a day: its schedule runs
// from there.
func (v *Vault) End(ctx context.Context, s Subject, on date.Day) error {
	return v.changeTerm(ctx, s, func(t *term) { t.Ended = &on })
}

// Resume says that it goes on after all.
func (v *Vault) Resume(ctx context.Context, s Subject) error {
	return v.changeTerm(ctx, s, func(t *term) { t.Ended = nil })
}

// Hold keeps the subject from being erased, by schedule or by hand, until Release.
// why names a case, not a person.
func (v *Vault) Hold(ctx context.Context, s Subject, why string) error {
	if why == "" {
		return fmt.Errorf("%w: a hold needs its reason", record.ErrInvalid)
	}
	return v.changeTerm(ctx, s, func(t *term) { t.Hold = why })
}

// Release ends the hold.
func (v *Vault) Release(ctx context.Context, s Subject) error {
	return v.changeTerm(ctx, s, func(t *term) { t.Hold = "" })
}

func (v *Vault) held(ctx context.Context, id shelf.ID) error {
	t, _, err := v.terms().Read(ctx, id)
	switch {
	case errors.Is(err, record.ErrNotFound):
		return nil
	case err == nil && t.Hold != "":
		return fmt.Errorf("%w (%s)", ErrHeld, t.Hold)
	}
	return err
}

// Schedule is how many years each class is kept after its matter ended. A class
// that is not in it is kept.
type Schedule map[string]int

//go:embed retention.csv
var retention string

// DefaultSchedule is the one in the program.
func DefaultSchedule() (Schedule, error) { return ReadSchedule(strings.NewReader(retention)) }

// ReadSchedule reads a table with the columns class and years.
func ReadSchedule(r io.Reader) (Schedule, error) {
	in := csv.NewReader(r)
	in.Comment = '#'
	in.FieldsPerRecord = 2
	rows, err := in.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%w: the schedule: %w", record.ErrInvalid, err)
	}
	if len(rows) == 0 || rows[0][0] != "class" || rows[0][1] != "years" {
		return nil, fmt.Errorf("%w: the schedule begins with the line class,years", record.ErrInvalid)
	}
	out := Schedule{}
	for i, row := range rows[1:] {
		if row[1] == "" {
			continue
		}
		n, err := strconv.Atoi(row[1])
		if err != nil || n < 0 || n > 200 || row[0] == "" {
			return nil, fmt.Errorf("%w: the schedule, row %d: %q: want a class and whole years", record.ErrInvalid, i+2, row)
		}
		if _, twice := out[row[0]]; twice {
			return nil, fmt.Errorf("%w: the schedule, row %d: %s stands there twice", record.ErrInvalid, i+2, row[0])
		}
		out[row[0]] = n
	}
	return out, nil
}

// Erased counts what a schedule erased, by class.
type Erased struct {
	Classes map[string]int `json:"classes"`
	Held    int            `json:"held"` // due, and kept by a hold
}

// EraseDue destroys the keys of all whose time is over on the day.
func (v *Vault) EraseDue(ctx context.Context, today date.Day, sched Schedule) (Erased, error) {
	out := Erased{Classes: map[string]int{}}
	var due []shelf.Change
	err := v.terms().Each(ctx, func(id shelf.ID, version int64, t term) error {
		years, ok := sched[t.Class]
		if !ok || t.Ended == nil || today.Before(t.Ended.AddMonths(12*years)) {
			return nil
		}
		if t.Hold != "" {
			out.Held++
			return nil
		}
		out.Classes[t.Class]++
		due = append(due, shelf.Change{Kind: keyKind, ID: id, Version: shelf.Any}, v.terms().Remove(id, version))
		return nil
	})
	if err != nil {
		return out, err
	}
	for len(due) > 0 {
		n := min(len(due), shelf.MaxChanges)
		if _, err := v.keys.Write(ctx, due[:n]...); err != nil {
			return out, err
		}
		due = due[n:]
	}
	return out, v.Follow(ctx)
}
