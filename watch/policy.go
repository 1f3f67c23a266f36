package watch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"article41/policy"
	"article41/record"
	"article41/screen"
	"article41/shelf"
)

const (
	policyKind shelf.Kind = "policy"
	policyID   shelf.ID   = "screening"
)

// ReadPolicy is the house's screening policy as kept on the shelf, so that all who
// screen on it screen by the same; the shipped one if none is.
func ReadPolicy(ctx context.Context, s shelf.Store) (policy.Policy, error) {
	p, _, err := shelf.Drawer[policy.Policy]{Store: s, Kind: policyKind}.Read(ctx, policyID)
	if errors.Is(err, record.ErrNotFound) {
		return policy.Default(), nil
	}
	return p, err
}

// lowest is the lowest score from which an alert may open: below it everybody
// meets somebody.
const lowest = 0.5

// KeepPolicy puts a policy in the place of the one before. The next screening is
// then one of every customer. One that was changed needs another name or version:
// what stands on an alert must tell by what it was opened.
func KeepPolicy(ctx context.Context, s shelf.Store, p policy.Policy) error {
	if p.Threshold != 0 && !(p.Threshold >= lowest && p.Threshold <= 1) { // NaN is neither
		return fault("threshold", "want a score from %.1f to 1; the engine's own is %.2f", lowest, screen.DefaultThreshold)
	}
	d := shelf.Drawer[policy.Policy]{Store: s, Kind: policyKind}
	was, version, err := d.Read(ctx, policyID)
	if errors.Is(err, record.ErrNotFound) {
		was, err = policy.Default(), nil
	}
	if err != nil {
		return err
	}
	held, is := was.Used(), p.Used()
	if held == is {
		return nil
	}
	if held.Title() == is.Title() {
		return fmt.Errorf("%w: policy: %s is held with other words (digest %.12s): give the changed one another name or version", record.ErrInvalid, held.Title(), held.Digest)
	}
	_, err = s.Write(ctx, d.Change(policyID, version, p))
	return err
}

// Threshold is the score from which a hit counts.
func (d *Desk) Threshold() float64 {
	if d.policy.Threshold > 0 {
		return d.policy.Threshold
	}
	return screen.DefaultThreshold
}

// searches says whether the policy wants the entry's list searched.
func (d *Desk) searches(id screen.SubjectID) bool {
	return len(d.policy.Lists) == 0 || slices.Contains(d.policy.Lists, listOf(id))
}

func listOf(id screen.SubjectID) record.SourceID {
	list, _, _ := strings.Cut(string(id), ":")
	return record.SourceID(list)
}

// judged is what an alert's hit means under the policy. Where nothing binds the
// entry any more, what it meant stands: a lapse closes no alert.
func (d *Desk) judged(a Alert) policy.Decision {
	if !a.Standing.Alive {
		return a.Does
	}
	return d.policy.Judge(policy.Hit{List: listOf(a.Entry), Score: a.Score, Match: true, Measures: a.Standing.Measures})
}
