package monitor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"article41/account"
	"article41/date"
	"article41/record"
	"article41/shelf"
)

// MaxKept bounds a file that is kept sealed; a larger one is kept by reference.
const MaxKept = 5 << 20

const fileKind shelf.Kind = "evidence-file"

type keptFile struct {
	Sealed []byte `json:"sealed"`
}

func (d *Desk) files() shelf.Drawer[keptFile] {
	return shelf.Drawer[keptFile]{Store: d.Shelf, Kind: fileKind}
}

// fileID is a file's place on the shelf: of the draft and the evidence, never of the
// hash, which could be guessed.
func fileID(id DraftID, evidence string) shelf.ID { return shelf.ID(string(id) + "/" + evidence) }

// TakeIn takes a file in as withheld evidence of a draft: by its hash, with the
// first step of its custody. keep seals the file itself on the shelf; else it is
// kept by reference. With until it is embargoed: not released before that day, and as
// well guarded. A file that is dangerous is refused, with the reason. What
// is only to be handled with care is said in the warnings.
func (d *Desk) TakeIn(ctx context.Context, now time.Time, id DraftID, version int64, name string, b []byte, keep bool, note string, until date.Day) (Draft, record.Evidence, []string, error) {
	x, err := d.custodian(ctx, id, version)
	if err != nil {
		return x, record.Evidence{}, nil, err
	}
	e, warn, err := Examine(name, b)
	if err != nil {
		return x, e, nil, err
	}
	Under(&e, until)
	if utf8.RuneCountInString(note) > 1000 {
		return x, e, nil, fmt.Errorf("%w: a note has at most 1000 letters", record.ErrInvalid)
	}
	if keep && len(b) > MaxKept {
		return x, e, nil, fmt.Errorf("%w: %s has %d bytes, and at most %d are kept sealed: keep it by reference, with its hash", record.ErrInvalid, name, len(b), MaxKept)
	}
	if x.Withheld == nil {
		x.Withheld = new(Withheld)
	}
	w := x.Withheld
	if i := slices.IndexFunc(w.Evidence, func(o record.Evidence) bool { return o.SHA256 == e.SHA256 }); i >= 0 {
		return x, e, nil, fmt.Errorf("%w: this file is evidence %s already", record.ErrConflict, w.Evidence[i].ID)
	}
	for n := len(w.Evidence) + 1; e.ID == "" || slices.ContainsFunc(w.Evidence, func(o record.Evidence) bool { return o.ID == e.ID }); n++ {
		e.ID = fmt.Sprintf("w%d", n)
	}
	did, with := "received; kept by reference", []shelf.Change(nil)
	if keep {
		did = "received; kept sealed"
		sealed, err := d.Vault.Seal(ctx, withheldOf(id), b)
		if err != nil {
			return x, e, nil, err
		}
		// In one write with the draft: of two that take a file in at once, one is told.
		with = append(with, d.files().Change(fileID(id, e.ID), shelf.Any, keptFile{sealed}))
	}
	e.Custody = []record.Custody{custody(ctx, now, did, note)}
	for _, w := range warn {
		e.Custody = append(e.Custody, custody(ctx, now, "careful: "+w, ""))
	}
	w.Evidence = append(w.Evidence, e)
	x.handled(ctx, now, "took in evidence "+e.ID)
	x, err = d.keep(ctx, x, with...)
	return x, e, warn, err
}

// custodian reads a draft for who may change what is withheld of it.
func (d *Desk) custodian(ctx context.Context, id DraftID, version int64) (Draft, error) {
	for _, a := range []account.Action{account.WriteDrafts, account.ReadWithheld} {
		if err := may(ctx, a); err != nil {
			return Draft{}, err
		}
	}
	return d.whole(ctx, id, version)
}

// handled notes a change of a draft: whoever made it cannot review it, and what was
// reviewed has to be reviewed again.
func (x *Draft) handled(ctx context.Context, now time.Time, did string) {
	if who := account.Of(ctx).ID; !slices.Contains(x.Editors, who) {
		x.Editors = append(x.Editors, who)
	}
	x.State = Drafting
	x.log(ctx, now, did, "")
}

func custody(ctx context.Context, now time.Time, did, note string) record.Custody {
	return record.Custody{On: now.UTC().Format(time.RFC3339), Who: account.Of(ctx).ID, Did: did, Note: note}
}

// Handle adds a step to the custody of a piece of evidence. With the bytes of the
// file (b not nil) it is compared with its hash: one that changed is flagged in
// the log, and the error says so; nothing else is changed.
func (d *Desk) Handle(ctx context.Context, now time.Time, id DraftID, version int64, evidence, did, note string, b []byte) (Draft, error) {
	x, err := d.custodian(ctx, id, version)
	if err != nil {
		return x, err
	}
	if did, note = strings.TrimSpace(did), strings.TrimSpace(note); did == "" || utf8.RuneCountInString(did+note) > 1000 {
		return x, fmt.Errorf("%w: say what was done with it, in at most 1000 letters", record.ErrInvalid)
	}
	if strings.HasPrefix(did, releasing) {
		return x, fmt.Errorf("%w: a release is a step of its own", record.ErrInvalid)
	}
	e := x.evidence(evidence)
	if e == nil {
		return x, fmt.Errorf("%w: the draft has no evidence %q", record.ErrNotFound, clip(evidence))
	}
	var differs error
	if b != nil {
		if differs = Same(*e, b); differs != nil {
			did = "checked: THE HASH DIFFERS"
		} else {
			did += "; the hash is the same"
		}
	}
	e.Custody = append(e.Custody, custody(ctx, now, did, note))
	x.handled(ctx, now, "custody of "+evidence+": "+did)
	if x, err = d.keep(ctx, x); err != nil {
		return x, err
	}
	return x, differs
}

// Release puts a piece of withheld evidence in the part that is to be published:
// its hash, a title that is fit for the public, and its custody without the notes.
// The piece as it was, the notes and the file stay withheld, and what is done with
// the file from then on is noted there. As any change it wants a second person.
func (d *Desk) Release(ctx context.Context, now time.Time, id DraftID, version int64, evidence, title, why string) (Draft, error) {
	x, err := d.custodian(ctx, id, version)
	if err != nil {
		return x, err
	}
	title, why = strings.TrimSpace(title), strings.TrimSpace(why)
	e := x.evidence(evidence)
	switch {
	case e == nil:
		return x, fmt.Errorf("%w: the draft has no evidence %q", record.ErrNotFound, clip(evidence))
	case slices.ContainsFunc(x.Incident.Evidence, func(o record.Evidence) bool { return o.ID == evidence }):
		return x, fmt.Errorf("%w: evidence %s is released already", record.ErrConflict, evidence)
	case title == "" || why == "":
		return x, fmt.Errorf("%w: give a title that may be read by all, and say why it is released", record.ErrInvalid)
	case utf8.RuneCountInString(title+why) > 1000:
		return x, fmt.Errorf("%w: a title and a reason have at most 1000 letters together", record.ErrInvalid)
	case e.Until.After(date.DayOf(now)):
		return x, fmt.Errorf("%w: evidence %s is under embargo: not before %s", record.ErrConflict, evidence, e.Until.Text())
	}
	e.Custody = append(e.Custody, custody(ctx, now, releasing+why, ""))
	open := *e
	open.Title, open.Layer, open.Ref, open.Until, open.Custody = title, record.LayerPublic, "", date.Day{}, nil
	for _, c := range e.Custody {
		c.Note = ""
		open.Custody = append(open.Custody, c)
	}
	x.Incident.Evidence = append(x.Incident.Evidence, open)
	x.handled(ctx, now, "released evidence "+evidence)
	return d.keep(ctx, x)
}

// Under puts evidence that is kept back under an embargo until the day, or without
// one withholds it for good.
func Under(e *record.Evidence, until date.Day) {
	e.Layer, e.Until = record.LayerWithheld, until
	if !until.IsZero() {
		e.Layer = record.LayerEmbargoed
	}
}

const releasing = "released: "

func released(e record.Evidence) bool {
	return slices.ContainsFunc(e.Custody, func(c record.Custody) bool { return strings.HasPrefix(c.Did, releasing) })
}

// evidence is a piece of the draft; what is withheld comes first, as there its
// custody goes on after it is released.
func (x *Draft) evidence(id string) *record.Evidence {
	var all []*[]record.Evidence
	if x.Withheld != nil {
		all = append(all, &x.Withheld.Evidence)
	}
	all = append(all, &x.Incident.Evidence)
	for _, es := range all {
		for i := range *es {
			if (*es)[i].ID == id {
				return &(*es)[i]
			}
		}
	}
	return nil
}

// File hands a sealed file out to who may read what is withheld; who took it is
// noted in its custody, and a file that is not the one that was taken in is none.
func (d *Desk) File(ctx context.Context, now time.Time, id DraftID, version int64, evidence string) ([]byte, record.Evidence, error) {
	none := record.Evidence{}
	x, err := d.custodian(ctx, id, version)
	if err != nil {
		return nil, none, err
	}
	e := x.evidence(evidence)
	if e == nil || len(evidence) > 100 {
		return nil, none, fmt.Errorf("%w: the draft has no evidence %q", record.ErrNotFound, clip(evidence))
	}
	k, _, err := d.files().Read(ctx, fileID(id, evidence))
	if errors.Is(err, record.ErrNotFound) {
		return nil, none, fmt.Errorf("%w: no file of evidence %q is kept here", record.ErrNotFound, clip(evidence))
	} else if err != nil {
		return nil, none, err
	}
	b, err := d.Vault.Open(ctx, withheldOf(id), k.Sealed)
	if err != nil {
		return nil, none, err
	}
	if err := Same(*e, b); err != nil {
		return nil, none, err
	}
	e.Custody = append(e.Custody, custody(ctx, now, "handed out", ""))
	x.log(ctx, now, "took out evidence "+evidence, "")
	_, err = d.keep(ctx, x)
	return b, *e, err
}

// sameFiles holds evidence to its hash through a change of a draft: the custody
// stays, another hash is another file, and what was handled is not dropped.
func sameFiles(now, was []record.Evidence) error {
	for _, o := range was {
		if len(o.Custody) > 0 && !slices.ContainsFunc(now, func(e record.Evidence) bool { return e.ID == o.ID }) {
			return fmt.Errorf("%w: evidence %s has a custody and stays; what is withheld is erased as a whole", record.ErrConflict, o.ID)
		}
	}
	for i := range now {
		for _, o := range was {
			if o.ID != now[i].ID {
				continue
			}
			if o.SHA256 != now[i].SHA256 {
				return fmt.Errorf("%w: evidence %s: its hash was %s and is now %s: another file is another piece of evidence, with an id of its own", record.ErrConflict, o.ID, o.SHA256, now[i].SHA256)
			}
			now[i].Custody = o.Custody
			if now[i].Type == "" {
				now[i].Type = o.Type
			}
			if now[i].Ref == "" {
				now[i].Ref = o.Ref
			}
			now[i].Size = o.Size
		}
	}
	return nil
}
