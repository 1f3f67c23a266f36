package monitor

import (
	"cmp"
	"context"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"article41/account"
	"article41/date"
	"article41/record"
	"article41/shelf"
)

// DeskSource is the id under which what an installation publishes itself stands
// in the ledger.
const DeskSource record.SourceID = "desk"

// ErrDenied says that whoever asks may not do it, by the table of roles.
var ErrDenied = errors.New("not allowed")

// Ledger is where a desk publishes to, and what it asks of what is published.
type Ledger interface {
	// Publish appends; the ledger takes all or nothing.
	Publish(ctx context.Context, now time.Time, known date.Day, ins []record.Incident, fs []record.Finding) error
	// Withdraw takes facts back that this desk published; it refuses others'.
	Withdraw(ctx context.Context, now time.Time, known date.Day, facts []record.FactID, why string) error
	// Published is an incident as it stands, with its findings.
	Published(ctx context.Context, day date.Day, id record.IncidentID) (record.Incident, []record.Finding, error)
	// Last and LastFinding are what was last published, and its withdrawal if it
	// does not stand any more.
	Last(ctx context.Context, day date.Day, id record.IncidentID) (record.Incident, *Taken, error)
	LastFinding(ctx context.Context, day date.Day, id record.FindingID) (record.Finding, *Taken, error)
}

// Desk keeps what is worked on: drafts, their reviews, what is withheld, and the
// notices of those named. Everything in a draft is sealed under a key of its own,
// and what is withheld under another, so each can be erased alone.
type Desk struct {
	Shelf  shelf.Store
	Vault  *account.Vault
	Ledger Ledger
	Random io.Reader // crypto/rand.Reader outside tests
}

// DraftID names a draft; it is not personal.
type DraftID string

// DraftState is how far a draft is.
type DraftState string

const (
	Drafting  DraftState = "draft"
	InReview  DraftState = "in review"
	Accepted  DraftState = "accepted"
	Published DraftState = "published"
)

// Draft is an incident with its findings as they are worked on.
type Draft struct {
	ID       DraftID          `json:"id"`
	Version  int64            `json:"version"`
	State    DraftState       `json:"state"`
	Incident record.Incident  `json:"incident"`
	Findings []record.Finding `json:"findings"`
	Embargo  date.Day         `json:"embargo,omitzero"` // not published before
	Why      string           `json:"why,omitempty"`    // why it changes what was published: the reason of its errata
	Editors  []string         `json:"editors"`          // ids of those who wrote in it
	Log      []Step           `json:"log"`
	// Withheld is there for those who may read it; Holds says that there is some.
	Withheld *Withheld `json:"withheld,omitempty"`
	Holds    bool      `json:"holds_withheld"`
}

// Step is one thing done to a draft or a notice: who (an account's id) and when.
type Step struct {
	At   time.Time `json:"at"`
	Who  string    `json:"who"`
	Did  string    `json:"did"`
	Note string    `json:"note,omitempty"`
}

// Withheld is what never leaves: names of those at risk, notes, files.
type Withheld struct {
	// Names are looked for in the public part before it is published.
	Names    []string          `json:"names"`
	Notes    string            `json:"notes"`
	Evidence []record.Evidence `json:"evidence"`
	Seen     []Step            `json:"seen"` // who opened it, by day
}

func (w Withheld) empty() bool {
	return len(w.Names)+len(w.Evidence) == 0 && strings.TrimSpace(w.Notes) == ""
}

// keptDraft is a draft as it lies on the shelf.
type keptDraft struct {
	State    DraftState `json:"state"`
	Sealed   []byte     `json:"sealed"`
	Withheld []byte     `json:"withheld,omitempty"`
}

// draftContent is what is sealed of a draft.
type draftContent struct {
	Incident record.Incident  `json:"incident"`
	Findings []record.Finding `json:"findings"`
	Embargo  date.Day         `json:"embargo,omitzero"`
	Why      string           `json:"why,omitempty"`
	Editors  []string         `json:"editors"`
	Log      []Step           `json:"log"`
}

const draftKind shelf.Kind = "incident-draft"

func (d *Desk) drawer() shelf.Drawer[keptDraft] {
	return shelf.Drawer[keptDraft]{Store: d.Shelf, Kind: draftKind}
}

func contentOf(id DraftID) account.Subject  { return account.Subject("draft/" + id) }
func withheldOf(id DraftID) account.Subject { return account.Subject("withheld/" + id) }

func may(ctx context.Context, a account.Action) error {
	if account.Of(ctx).May(a) {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrDenied, a)
}

func (d *Desk) newID() (string, error) {
	var b [15]byte
	if _, err := io.ReadFull(d.Random, b[:]); err != nil {
		return "", err
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:])), nil
}

// Drafts are all drafts, newest change first, without what is withheld.
func (d *Desk) Drafts(ctx context.Context) ([]Draft, error) {
	if err := may(ctx, account.ReadDrafts); err != nil {
		return nil, err
	}
	var out []Draft
	err := d.drawer().Each(ctx, func(id shelf.ID, version int64, k keptDraft) error {
		x, err := d.open(ctx, DraftID(id), version, k, false)
		if errors.Is(err, account.ErrErased) {
			return nil
		}
		out = append(out, x)
		return err
	})
	slices.SortStableFunc(out, func(a, b Draft) int { return cmp.Compare(last(b.Log).UnixNano(), last(a.Log).UnixNano()) })
	return out, err
}

func last(log []Step) time.Time {
	if len(log) == 0 {
		return time.Time{}
	}
	return log[len(log)-1].At
}

// Draft is one draft, with what is withheld for those who may read it.
func (d *Desk) Draft(ctx context.Context, id DraftID) (Draft, error) {
	if err := may(ctx, account.ReadDrafts); err != nil {
		return Draft{}, err
	}
	k, version, err := d.drawer().Read(ctx, shelf.ID(id))
	if err != nil {
		return Draft{}, draftError(err)
	}
	return d.open(ctx, id, version, k, account.Of(ctx).May(account.ReadWithheld))
}

// draftError tells nothing of a draft but that it cannot be had.
func draftError(err error) error {
	if errors.Is(err, record.ErrNotFound) {
		return fmt.Errorf("%w: there is no such draft", record.ErrNotFound)
	}
	return err
}

func (d *Desk) open(ctx context.Context, id DraftID, version int64, k keptDraft, withheld bool) (Draft, error) {
	plain, err := d.Vault.Open(ctx, contentOf(id), k.Sealed)
	if err != nil {
		return Draft{}, err
	}
	var c draftContent
	if err := json.Unmarshal(plain, &c); err != nil {
		return Draft{}, fmt.Errorf("draft %s: %w", id, err)
	}
	out := Draft{ID: id, Version: version, State: k.State, Incident: c.Incident, Findings: c.Findings, Embargo: c.Embargo, Why: c.Why, Editors: c.Editors, Log: c.Log, Holds: len(k.Withheld) > 0}
	if !withheld || !out.Holds {
		return out, nil
	}
	if plain, err = d.Vault.Open(ctx, withheldOf(id), k.Withheld); errors.Is(err, account.ErrErased) {
		return out, nil
	} else if err != nil {
		return Draft{}, err
	}
	out.Withheld = new(Withheld)
	if err := json.Unmarshal(plain, out.Withheld); err != nil {
		return Draft{}, fmt.Errorf("what is withheld of draft %s: %w", id, err)
	}
	return out, nil
}

// keep seals and writes a draft, made from its version, with what belongs to the
// same change.
func (d *Desk) keep(ctx context.Context, x Draft, with ...shelf.Change) (Draft, error) {
	plain, err := json.Marshal(draftContent{x.Incident, x.Findings, x.Embargo, x.Why, x.Editors, x.Log})
	if err != nil {
		return x, err
	}
	k := keptDraft{State: x.State}
	if k.Sealed, err = d.Vault.Seal(ctx, contentOf(x.ID), plain); err != nil {
		return x, err
	}
	if x.Withheld != nil && !x.Withheld.empty() {
		if plain, err = json.Marshal(x.Withheld); err != nil {
			return x, err
		}
		if k.Withheld, err = d.Vault.Seal(ctx, withheldOf(x.ID), plain); err != nil {
			return x, err
		}
	}
	if _, err := d.Shelf.Write(ctx, append(with, d.drawer().Change(shelf.ID(x.ID), x.Version, k))...); err != nil {
		if errors.Is(err, record.ErrConflict) {
			return x, fmt.Errorf("%w: somebody changed this draft meanwhile: open it again, then make your change", record.ErrConflict)
		}
		return x, err
	}
	x.Version = max(x.Version, 0) + 1
	x.Holds = len(k.Withheld) > 0
	return x, nil
}

// whole reads a draft for a change: all of it, whoever asks, since a change must
// lose nothing. What the asker may not read goes back sealed again, unseen.
func (d *Desk) whole(ctx context.Context, id DraftID, version int64) (Draft, error) {
	k, held, err := d.drawer().Read(ctx, shelf.ID(id))
	if err != nil {
		return Draft{}, draftError(err)
	}
	if held != version {
		return Draft{}, fmt.Errorf("%w: somebody changed this draft meanwhile: open it again, then make your change", record.ErrConflict)
	}
	return d.open(ctx, id, held, k, true)
}

func (x *Draft) log(ctx context.Context, now time.Time, did, note string) {
	x.Log = append(x.Log, Step{At: now.UTC().Truncate(time.Second), Who: account.Of(ctx).ID, Did: did, Note: note})
}

// Save writes a draft: a new one without an id, else a change of the version that
// the writer saw. Whatever was reviewed has to be reviewed again. withheld nil
// leaves what is withheld as it is; only who may read it may change it.
func (d *Desk) Save(ctx context.Context, now time.Time, x Draft, withheld *Withheld) (Draft, error) {
	if err := may(ctx, account.WriteDrafts); err != nil {
		return Draft{}, err
	}
	if w := x.Incident.When; w.To.Before(w.From) {
		return Draft{}, Problems([]Problem{{"when", fmt.Sprintf("ends on %s, before it begins on %s", w.To, w.From)}})
	}
	next := Draft{}
	if x.ID == "" {
		id, err := d.newID()
		if err != nil {
			return Draft{}, err
		}
		next.ID = DraftID(id)
	} else {
		held, err := d.whole(ctx, x.ID, x.Version)
		if err != nil {
			return Draft{}, err
		}
		next = held
	}
	if err := sameFiles(x.Incident.Evidence, next.Incident.Evidence); err != nil {
		return Draft{}, err
	}
	if withheld != nil && next.Withheld != nil {
		if err := sameFiles(withheld.Evidence, next.Withheld.Evidence); err != nil {
			return Draft{}, err
		}
	}
	did := "changed"
	if next.Version == 0 {
		did = "entered"
	}
	next.State, next.Incident, next.Findings, next.Embargo, next.Why = Drafting, x.Incident, x.Findings, x.Embargo, strings.TrimSpace(x.Why)
	if withheld != nil {
		if err := may(ctx, account.ReadWithheld); err != nil {
			return Draft{}, err
		}
		if next.Withheld != nil {
			withheld.Seen = next.Withheld.Seen
		}
		next.Withheld = withheld
	}
	if who := account.Of(ctx).ID; !slices.Contains(next.Editors, who) {
		next.Editors = append(next.Editors, who)
	}
	next.log(ctx, now, did, "")
	return d.keep(ctx, next)
}

// Opened notes that somebody read what is withheld, once a day for each.
func (d *Desk) Opened(ctx context.Context, now time.Time, id DraftID) error {
	if may(ctx, account.ReadWithheld) != nil {
		return nil
	}
	k, version, err := d.drawer().Read(ctx, shelf.ID(id))
	if err != nil {
		return draftError(err)
	}
	x, err := d.open(ctx, id, version, k, true)
	if err != nil || x.Withheld == nil {
		return err
	}
	who, at := account.Of(ctx).ID, now.UTC().Truncate(24*time.Hour)
	if slices.ContainsFunc(x.Withheld.Seen, func(s Step) bool { return s.Who == who && s.At.Equal(at) }) {
		return nil
	}
	x.Withheld.Seen = append(x.Withheld.Seen, Step{At: at, Who: who, Did: "opened"})
	_, err = d.keep(ctx, x)
	return err
}

// Submit hands a draft to review; what is wrong with it is said first. Each change
// of what was published gets an erratum with the draft's reason.
func (d *Desk) Submit(ctx context.Context, now time.Time, id DraftID, version int64) (Draft, error) {
	if err := may(ctx, account.WriteDrafts); err != nil {
		return Draft{}, err
	}
	x, err := d.whole(ctx, id, version)
	if err != nil {
		return Draft{}, err
	}
	if x.State != Drafting {
		return Draft{}, fmt.Errorf("%w: the draft is %s already", record.ErrConflict, x.State)
	}
	if err := d.correct(ctx, now, &x); err != nil {
		return Draft{}, err
	}
	if err := d.sound(ctx, now, x); err != nil {
		return Draft{}, err
	}
	x.State = InReview
	x.log(ctx, now, "handed to review", "")
	return d.keep(ctx, x)
}

// Review accepts a draft or hands it back. Whoever wrote in it cannot: a second
// person has to.
func (d *Desk) Review(ctx context.Context, now time.Time, id DraftID, version int64, accept bool, note string) (Draft, error) {
	if err := may(ctx, account.ReviewFindings); err != nil {
		return Draft{}, err
	}
	x, err := d.whole(ctx, id, version)
	if err != nil {
		return Draft{}, err
	}
	switch {
	case x.State != InReview:
		return Draft{}, fmt.Errorf("%w: the draft is not in review", record.ErrConflict)
	case slices.Contains(x.Editors, account.Of(ctx).ID):
		return Draft{}, fmt.Errorf("%w: you wrote in this draft: a second person has to review it", ErrDenied)
	case !accept && strings.TrimSpace(note) == "":
		return Draft{}, fmt.Errorf("%w: say what has to change", record.ErrInvalid)
	}
	x.State = Drafting
	did := "handed back"
	if accept {
		x.State, did = Accepted, "accepted"
	}
	x.log(ctx, now, did, note)
	return d.keep(ctx, x)
}

// Publish puts the public part of an accepted draft in the ledger.
func (d *Desk) Publish(ctx context.Context, now time.Time, id DraftID, version int64) (Draft, error) {
	if err := may(ctx, account.Publish); err != nil {
		return Draft{}, err
	}
	x, err := d.whole(ctx, id, version)
	if err != nil {
		return Draft{}, err
	}
	if x.State != Accepted {
		return Draft{}, fmt.Errorf("%w: only what a second person accepted is published; this draft is %q", record.ErrConflict, x.State)
	}
	today := date.DayOf(now)
	if x.Embargo.After(today) {
		return Draft{}, fmt.Errorf("%w: under embargo: not before %s", record.ErrConflict, x.Embargo.Text())
	}
	if err := d.sound(ctx, now, x); err != nil {
		return Draft{}, err
	}
	// The shelf first: if the ledger then refuses, the draft says so and can be
	// published again; the other way round two people could publish two versions.
	x.State = Published
	x.log(ctx, now, "published", "")
	if x, err = d.keep(ctx, x); err != nil {
		return Draft{}, err
	}
	if err := d.Ledger.Publish(ctx, now, today, []record.Incident{x.Incident}, x.Findings); err != nil {
		x.State = Accepted
		x.log(ctx, now, "was not published: the ledger refused it", "")
		_, keep := d.keep(ctx, x)
		return Draft{}, errors.Join(err, keep)
	}
	return x, nil
}

// Erase destroys the key of what is withheld of a draft: nobody reads it again.
func (d *Desk) Erase(ctx context.Context, id DraftID) error {
	if err := may(ctx, account.EraseSubjects); err != nil {
		return err
	}
	return d.Vault.Erase(ctx, withheldOf(id))
}
