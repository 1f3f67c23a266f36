package watch

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"article41/record"
	"article41/screen"
	"article41/shelf"
)

// Whitelisted is one row of a whitelist kept elsewhere: a customer and an entry
// that somebody found not to be the same.
type Whitelisted struct {
	Row      int        `json:"row"`
	Customer CustomerID `json:"-"`
	Entry    string     `json:"entry"` // list:reference
	Reason   string     `json:"-"`
	Who      string     `json:"-"`
	When     time.Time  `json:"-"`
	// Outcome is what became of it, in words.
	Outcome string `json:"outcome"`
	Err     error  `json:"-"`
}

// What became of a row.
const (
	WhitelistTaken   = "taken: not the same, on the evidence as it stands"
	WhitelistAgain   = "held already"
	WhitelistNothing = "the two do not meet today: nothing to decide; if they ever do, an alert opens"
	fromWhitelist    = "whitelist"
)

// ReadWhitelist reads a CSV of columns customer id, list, entry id, reason, who,
// when (a day or an RFC 3339 time), with a header or in this order.
func ReadWhitelist(in io.Reader) ([]Whitelisted, error) {
	r := csv.NewReader(in)
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	at := map[string]int{"customer": 0, "list": 1, "entry": 2, "reason": 3, "who": 4, "when": 5}
	words := map[string]string{"customer": "customer", "customer_id": "customer", "list": "list", "entry": "entry", "entry_id": "entry",
		"id": "entry", "reason": "reason", "who": "who", "by": "who", "when": "when", "date": "when"}
	var out []Whitelisted
	for n := 1; ; n++ {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: whitelist, row %d: %w", record.ErrInvalid, n, err)
		}
		if n == 1 && strings.Contains(strings.ToLower(cells[0]), "customer") {
			clear(at)
			for i, c := range cells {
				if w := words[strings.ReplaceAll(strings.ToLower(strings.TrimSpace(strings.TrimPrefix(c, "\ufeff"))), " ", "_")]; w != "" {
					at[w] = i
				}
			}
			for _, want := range []string{"customer", "list", "entry", "reason", "who", "when"} {
				if _, ok := at[want]; !ok {
					return nil, fmt.Errorf("%w: whitelist: no column %q", record.ErrInvalid, want)
				}
			}
			continue
		}
		cell := func(w string) string {
			if i := at[w]; i < len(cells) {
				return strings.TrimSpace(cells[i])
			}
			return ""
		}
		x := Whitelisted{Row: n, Customer: CustomerID(cell("customer")), Entry: cell("list") + ":" + cell("entry"), Reason: cell("reason"), Who: cell("who")}
		switch {
		case x.Customer == "" || cell("list") == "" || cell("entry") == "":
			x.Err = fault("row", "want a customer, a list and an entry")
		case x.Reason == "" || len(x.Reason) > maxReason:
			x.Err = fault("reason", "want 1 to %d bytes", maxReason)
		case x.Who == "" || len(x.Who) > maxID:
			x.Err = fault("who", "want 1 to %d bytes", maxID)
		default:
			if x.When, err = time.Parse(time.DateOnly, cell("when")); err != nil {
				if x.When, err = time.Parse(time.RFC3339, cell("when")); err != nil {
					x.Err = fault("when", "want a day as 2024-01-31, or a time")
				}
			}
		}
		out = append(out, x)
	}
}

// Whitelist takes over decisions made elsewhere. Each is bound to the evidence as
// it stands now: when that changes, the alert opens. It tells of every row.
func (d *Desk) Whitelist(ctx context.Context, l Lists, rows []Whitelisted, now time.Time) ([]Whitelisted, error) {
	d.run.Lock()
	defer d.run.Unlock()
	if err := d.follow(ctx); err != nil {
		return nil, err
	}
	r := round{Desk: d, lists: l, mark: d.mark(l), now: now.UTC().Truncate(time.Millisecond), out: &Screened{}, say: func(Progress) {}}
	for i := range rows {
		if rows[i].Err != nil {
			rows[i].Outcome = rows[i].Err.Error()
			continue
		}
		says, err := r.whitelist(ctx, rows[i])
		if err != nil {
			return rows, fmt.Errorf("row %d: %w", rows[i].Row, err)
		}
		rows[i].Outcome = says
	}
	return rows, r.flush(ctx)
}

func (r *round) whitelist(ctx context.Context, w Whitelisted) (string, error) {
	k := r.key(w.Customer)
	c, _, err := r.customer(ctx, k)
	if errors.Is(err, record.ErrNotFound) {
		return "no such customer is kept", nil
	}
	if err != nil {
		return "", err
	}
	e, ok := r.lists.Entry(screen.SubjectID(w.Entry))
	if !ok {
		return "no such entry is held", nil
	}
	q, err := c.query()
	if err != nil {
		return "", err
	}
	q.Threshold = r.Threshold()
	ix := screen.Build([]screen.Subject{e.Subject})
	hits := ix.Search(q)
	if len(hits) == 0 || !hits[0].Match {
		return WhitelistNothing, nil
	}
	if err := r.flush(ctx); err != nil {
		return "", err
	}
	f := finding{k, q, hits[0], ix.Explain(q, hits[0].ID).Query}
	dec := Decision{Verdict: NotSame, Evidence: r.commitment(f), By: "whitelist", Name: w.Who, At: w.When, From: fromWhitelist}
	id := alertID(k, e.Subject.ID)
	r.mu.Lock()
	was, held := r.alerts.all[id]
	r.mu.Unlock()
	next := was
	if !held {
		next = Alert{ID: id, Customer: k, Entry: e.Subject.ID, State: Open}
	}
	if len(next.Decisions) > 0 && next.State == NotSame {
		return WhitelistAgain, nil
	}
	next.Caption, next.Standing, next.Meets = e.Caption, e.Standing, true
	next.Score, next.Class, next.Evidence = f.hit.Score, f.hit.Class, dec.Evidence
	next.Decisions = append(next.Decisions[:len(next.Decisions):len(next.Decisions)], dec)
	if err := r.put(ctx, was, next, &f); err != nil {
		return "", err
	}
	if err := r.flush(ctx); err != nil {
		return "", err
	}
	// The reason is sealed with the evidence.
	a, version, err := r.drawer().Read(ctx, shelf.ID(id))
	if err != nil {
		return "", err
	}
	ev, _, err := r.evidence(ctx, a)
	if err != nil {
		return "", err
	}
	ev.Reasons = append(ev.Reasons, Reason{w.Who, w.When, w.Reason})
	if err := r.seal(ctx, &a, ev); err != nil {
		return "", err
	}
	_, err = r.shelf.Write(ctx, r.drawer().Change(shelf.ID(id), version, a))
	return WhitelistTaken, err
}
