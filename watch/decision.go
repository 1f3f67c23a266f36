package watch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"article41/account"
	"article41/policy"
	"article41/record"
	"article41/screen"
	"article41/shelf"
)

// Decision is what a reviewer decided, and on which evidence. The reason is kept
// sealed beside it.
type Decision struct {
	Verdict  State     `json:"verdict"`  // true-hit or not-same
	Evidence string    `json:"evidence"` // the commitment it was made on
	By       string    `json:"by"`       // the person's id
	Name     string    `json:"name"`     // as shown to colleagues
	At       time.Time `json:"at"`
	// Proposed: the policy wants a second reviewer, and none agreed yet.
	Proposed bool `json:"proposed,omitempty"`
	// Second is who agreed, where two were wanted.
	Second   string     `json:"second,omitempty"`
	SecondAt *time.Time `json:"second_at,omitempty"`
	// From is the alert on which it was made, where it came over by a merger or a
	// whitelist.
	From string `json:"from,omitempty"`
}

// maxReason bounds a reason, in bytes.
const maxReason = 4 << 10

// ErrSame says that the second reviewer is the first.
var ErrSame = fmt.Errorf("%w: the policy wants four eyes: somebody else has to agree", record.ErrConflict)

// Decide takes a reviewer's decision on the evidence that the reviewer saw: if the
// alert changed since, record.ErrConflict. The caller has asked whether the person
// may (account.DecideAlerts).
func (d *Desk) Decide(ctx context.Context, id AlertID, seen string, verdict State, reason string, by account.Person, now time.Time) (Alert, error) {
	reason = strings.TrimSpace(reason)
	switch {
	case verdict != TrueHit && verdict != NotSame:
		return Alert{}, fault("verdict", "want true-hit or not-same")
	case reason == "":
		return Alert{}, fault("reason", "say why: a decision without a reason cannot be looked at again")
	case len(reason) > maxReason || !utf8.ValidString(reason):
		return Alert{}, fault("reason", "want at most %d bytes of text", maxReason)
	}
	a, version, err := d.drawer().Read(ctx, shelf.ID(id))
	if errors.Is(err, record.ErrNotFound) {
		return a, fmt.Errorf("%w: no alert %s", record.ErrNotFound, clip(string(id)))
	}
	if err != nil {
		return a, err
	}
	if seen != "" && seen != a.Evidence {
		return a, fmt.Errorf("%w: the evidence changed meanwhile: look at the alert again", record.ErrConflict)
	}
	e, erased, err := d.evidence(ctx, a)
	if err != nil {
		return a, err
	}
	if erased {
		return a, fmt.Errorf("%w: the customer was erased: there is nothing left to decide on", record.ErrConflict)
	}
	next := Decision{Verdict: verdict, Evidence: a.Evidence, By: by.ID, Name: by.Name, At: now.UTC().Truncate(time.Millisecond)}
	a.Decisions = slices.Clone(a.Decisions)
	if last := len(a.Decisions) - 1; d.policy.FourEyes {
		next.Proposed = true
		if last >= 0 && a.Decisions[last].Proposed && a.Decisions[last].Evidence == a.Evidence {
			switch first := a.Decisions[last]; {
			case first.By == by.ID && first.Verdict == verdict:
				return a, ErrSame
			case first.By != by.ID && first.Verdict == verdict:
				next = first
				next.Proposed, next.Second = false, by.ID+" "+by.Name
				at := now.UTC().Truncate(time.Millisecond)
				next.SecondAt = &at
			}
		}
	}
	a.Decisions, a.Why = append(a.Decisions, next), ""
	e.Reasons = append(e.Reasons, Reason{by.Name, next.At, reason})
	if next.SecondAt != nil {
		e.Reasons[len(e.Reasons)-1].At = *next.SecondAt
	}
	a.settle()
	if err := d.seal(ctx, &a, e); err != nil {
		return a, err
	}
	_, err = d.shelf.Write(ctx, d.drawer().Change(shelf.ID(id), version, a))
	return a, err
}

// settle finds the alert's state: a decision stands as long as the evidence it was
// made on. One that was made on another alert, before a merger, stands too, unless
// another speaks against it that its maker cannot have seen: then none stands.
func (a *Alert) settle() {
	if a.State == Merged {
		return
	}
	last := map[string]int{} // by the alert they were made on: the newest on this evidence
	newest := -1
	for i, d := range a.Decisions {
		if d.Evidence == a.Evidence {
			last[d.From], newest = i, i
		}
	}
	if newest < 0 {
		if a.Does.Do == policy.Note {
			a.State, a.Why = Noted, a.Does.Why
			return
		}
		if a.State == Noted {
			a.Why = "what it means under the policy changed"
		}
		a.State = Open
		if len(a.Decisions) > 0 {
			a.Why = "the evidence changed since it was decided"
		}
		return
	}
	stands := newest
	if own, ok := last[""]; ok && own == newest {
		last = nil // its maker had all others before the eyes
	}
	for _, i := range last {
		if a.Decisions[i].Verdict != a.Decisions[stands].Verdict {
			a.State, a.Why = Open, "decisions on merged entries disagree"
			return
		}
		if !a.Decisions[i].Proposed {
			stands = i
		}
	}
	a.State, a.Why = a.Decisions[stands].Verdict, ""
	if a.Decisions[stands].Proposed {
		a.State, a.Why = Proposed, "a second reviewer is wanted"
	}
}

// carry takes over what was decided on another alert, and says whether anything
// came.
func (a *Alert) carry(o Alert) (came bool) {
	for _, d := range o.Decisions {
		if d.From == "" {
			d.From = string(o.ID)
		}
		if d.From != string(a.ID) && !slices.ContainsFunc(a.Decisions, d.same) {
			a.Decisions, came = append(slices.Clip(a.Decisions), d), true
		}
	}
	return came
}

func (d Decision) same(o Decision) bool {
	return d.From == o.From && d.By == o.By && d.At.Equal(o.At) && d.Verdict == o.Verdict && d.Second == o.Second
}

// kin are the alerts whose decisions count for the pair: on other references of
// the entry, or on customers merged into this one. d.mu is held by nobody.
func (d *Desk) kin(k customerKey, former []customerKey, e Entry) (out []Alert) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range append([]customerKey{k}, former...) {
		for _, id := range append([]screen.SubjectID{e.Subject.ID}, e.Also...) {
			if c == k && id == e.Subject.ID {
				continue
			}
			if a, ok := d.alerts.all[alertID(c, id)]; ok {
				out = append(out, a)
			}
		}
	}
	return out
}
