package watch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"article41/account"
	"article41/policy"
	"article41/record"
	"article41/screen"
	"article41/shelf"
)

// AlertID names an alert. It is made of the customer's alias and the entry, so one
// pair has one alert, whoever finds it first.
type AlertID string

const alertKind shelf.Kind = "alert"

// State is where an alert stands with the reviewers.
type State string

const (
	Open     State = "open"     // nobody has decided on this evidence
	Proposed State = "proposed" // one reviewer has, and the policy wants two
	TrueHit  State = "true-hit"
	NotSame  State = "not-same"
	// Noted: nobody decided, and by the policy nobody has to.
	Noted  State = "noted"
	Merged State = "merged" // the entry goes on under another reference: see Into
)

// Alert is one customer and one entry that its name met. Nothing in it is
// personal but what is sealed.
type Alert struct {
	ID       AlertID          `json:"id"`
	Customer customerKey      `json:"customer"` // an alias
	Entry    screen.SubjectID `json:"entry"`
	Caption  string           `json:"caption"` // of the entry, as its list has it
	State    State            `json:"state"`
	Into     AlertID          `json:"into,omitempty"`
	// Why says why it is open: "new", "the evidence changed", …
	Why      string   `json:"why,omitempty"`
	Meets    bool     `json:"meets"` // the customer met the entry when last screened
	Standing Standing `json:"standing"`
	// Does is what the hit does to a payment under the policy, and by which rule.
	Does  policy.Decision `json:"does"`
	Score float64         `json:"score"`
	Class string          `json:"class"`
	// Evidence is a commitment to the facts that were compared: equal facts, equal
	// commitment, and nothing can be read from it.
	Evidence  string     `json:"evidence"`
	Opened    Seen       `json:"opened"`
	Changed   Seen       `json:"changed"`
	Decisions []Decision `json:"decisions,omitempty"`
	Sealed    []byte     `json:"sealed"`
}

// Seen is when, and on what, an alert was opened or last changed.
type Seen struct {
	At       time.Time       `json:"at"`
	Position record.Position `json:"position"`
	Version  string          `json:"list_version,omitempty"` // of the entry's list
	Policy   string          `json:"policy"`                 // its name and version
	Digest   string          `json:"policy_digest,omitempty"`
	Engine   string          `json:"engine"`
}

// Evidence is what speaks for and against, and the reviewers' reasons: personal,
// so it is sealed.
type Evidence struct {
	CustomerID CustomerID        `json:"customer_id"`
	Customer   string            `json:"customer"` // the name, as kept
	Asked      string            `json:"asked"`    // the customer's name that met
	Matched    screen.Name       `json:"matched"`  // the entry's name that it met
	For        []screen.Evidence `json:"for"`
	Against    []screen.Evidence `json:"against"`
	Reasons    []Reason          `json:"reasons,omitempty"` // in the order they were given
}

// Reason is why somebody decided as they did.
type Reason struct {
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Says string    `json:"says"`
}

// Queue orders alerts for those who work on them: whoever is bound first, open
// before decided, the likeliest first.
func Queue(a, b Alert) int {
	rank := func(x Alert) int {
		n := 0
		if x.State != Open && x.State != Proposed {
			n += 4
		}
		if !x.Standing.Alive {
			n += 2
		}
		if !x.Meets {
			n++
		}
		return n
	}
	if r := rank(a) - rank(b); r != 0 {
		return r
	}
	switch {
	case a.Score > b.Score:
		return -1
	case a.Score < b.Score:
		return 1
	}
	return strings.Compare(string(a.ID), string(b.ID))
}

// Waits says whether a reviewer has work with it.
func (a Alert) Waits() bool { return a.State == Open || a.State == Proposed }

// InState chooses alerts by a word: a state, "waiting" for a reviewer, or "all".
func InState(word string) (func(Alert) bool, error) {
	switch one := State(word); one {
	case "all":
		return nil, nil
	case "waiting":
		return Alert.Waits, nil
	case Open, Proposed, TrueHit, NotSame, Noted, Merged:
		return func(a Alert) bool { return a.State == one }, nil
	}
	return nil, fault("state", "no such state: want waiting, all, open, proposed, true-hit, not-same, noted or merged")
}

func alertID(k customerKey, e screen.SubjectID) AlertID {
	h := sha256.Sum256([]byte(e))
	return AlertID(string(k)[:min(20, len(k))] + "." + hex.EncodeToString(h[:8]))
}

// finding is a customer that meets an entry.
type finding struct {
	customer customerKey
	query    screen.Query
	hit      screen.Hit
	asked    string // the query's name that met best
}

// commitment is the alert's evidence as facts: which names met, and what beside
// them agrees or not. Scores are left out: another engine that weighs the same
// facts otherwise shows no new evidence. So is the entry's reference.
func (d *Desk) commitment(f finding) string {
	facts := []string{f.asked, f.hit.Matched.Text}
	for side, list := range [][]screen.Evidence{f.hit.For, f.hit.Against} {
		var says []string
		for _, e := range list {
			says = append(says, fmt.Sprintf("%d %s %s", side, e.Kind, e.Detail))
		}
		slices.Sort(says)
		facts = append(facts, says...)
	}
	return d.vault.Alias(account.Subject("evidence/" + strings.Join(facts, "\x00")))[:24]
}

// alerts is what is held of the alerts in memory: all but what is sealed.
type alerts struct {
	all        map[AlertID]Alert
	byEntry    map[screen.SubjectID][]AlertID
	byCustomer map[customerKey][]AlertID
	seq        int64
}

func newAlerts() *alerts {
	return &alerts{all: map[AlertID]Alert{}, byEntry: map[screen.SubjectID][]AlertID{}, byCustomer: map[customerKey][]AlertID{}}
}

func (q *alerts) put(a Alert) {
	if _, ok := q.all[a.ID]; !ok {
		q.byEntry[a.Entry] = append(q.byEntry[a.Entry], a.ID)
		q.byCustomer[a.Customer] = append(q.byCustomer[a.Customer], a.ID)
	}
	a.Sealed = nil
	q.all[a.ID] = a
}

// drawer reads and writes alerts.
func (d *Desk) drawer() shelf.Drawer[Alert] {
	return shelf.Drawer[Alert]{Store: d.shelf, Kind: alertKind}
}

// follow takes in what was written to the alerts since.
func (d *Desk) follow(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.alerts == nil {
		head, err := d.head(ctx)
		if err != nil {
			return err
		}
		q := newAlerts()
		err = d.drawer().Each(ctx, func(_ shelf.ID, _ int64, a Alert) error {
			q.put(a)
			return nil
		})
		if err != nil {
			return fmt.Errorf("read the alerts: %w", err)
		}
		q.seq, d.alerts = head, q
	}
	for {
		items, err := d.shelf.Since(ctx, d.alerts.seq, addPage)
		if err != nil {
			return err
		}
		for _, it := range items {
			if it.Kind == alertKind && !it.Gone {
				a, err := d.drawer().Value(it)
				if err != nil {
					return err
				}
				d.alerts.put(a)
			}
			d.alerts.seq = max(d.alerts.seq, it.Seq)
		}
		if len(items) < addPage {
			return nil
		}
	}
}

// Alerts are all alerts that want keeps, in the order of the queue.
func (d *Desk) Alerts(ctx context.Context, want func(Alert) bool) ([]Alert, error) {
	if err := d.follow(ctx); err != nil {
		return nil, err
	}
	d.mu.Lock()
	out := []Alert{}
	for _, a := range d.alerts.all {
		if want == nil || want(a) {
			out = append(out, a)
		}
	}
	d.mu.Unlock()
	slices.SortFunc(out, Queue)
	return out, nil
}

// Alert is one alert with its evidence. Where the customer was erased the evidence
// is empty, and erased says so.
func (d *Desk) Alert(ctx context.Context, id AlertID) (a Alert, e Evidence, erased bool, err error) {
	a, _, err = d.drawer().Read(ctx, shelf.ID(id))
	if err != nil {
		if errors.Is(err, record.ErrNotFound) {
			err = fmt.Errorf("%w: no alert %s", record.ErrNotFound, clip(string(id)))
		}
		return a, e, false, err
	}
	e, erased, err = d.evidence(ctx, a)
	return a, e, erased, err
}

func (d *Desk) evidence(ctx context.Context, a Alert) (e Evidence, erased bool, err error) {
	plain, err := d.vault.Open(ctx, a.Customer.subject(), a.Sealed)
	if errors.Is(err, account.ErrErased) {
		return e, true, nil
	}
	if err != nil {
		return e, false, err
	}
	if err := json.Unmarshal(plain, &e); err != nil {
		return e, false, fmt.Errorf("%w: the evidence of alert %s: %v", record.ErrInvalid, a.ID, err)
	}
	return e, false, nil
}

func (d *Desk) seal(ctx context.Context, a *Alert, e Evidence) error {
	plain, err := json.Marshal(e)
	if err != nil {
		return err
	}
	a.Sealed, err = d.vault.Seal(ctx, a.Customer.subject(), plain)
	return err
}

// Moved is one alert that changed, with where the change stands in the sequence.
type Moved struct {
	Seq int64 `json:"seq"`
	Alert
}

// Since are the alerts changed after a place in the shelf's sequence, and the next
// place: who asks on from there loses nothing and sees nothing twice but an alert
// that changed again. At most limit things written are looked at, so an answer may
// hold fewer alerts, or none; more says whether to ask on.
func (d *Desk) Since(ctx context.Context, seq int64, limit int) (out []Moved, next int64, more bool, err error) {
	items, err := d.shelf.Since(ctx, seq, limit)
	if err != nil {
		return nil, seq, false, err
	}
	out, next = []Moved{}, seq
	for _, it := range items {
		next = max(next, it.Seq)
		if it.Kind != alertKind || it.Gone {
			continue
		}
		a, err := d.drawer().Value(it)
		if err != nil {
			return nil, seq, false, err
		}
		out = append(out, Moved{it.Seq, a})
	}
	return out, next, len(items) == limit, nil
}
