package watch

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"article41/record"
	"article41/screen"
	"article41/shelf"
)

// Policy is what of a house's screening policy the desk needs.
type Policy struct {
	Name      string  `json:"name"`      // with its version: it stands on every alert and proof
	Threshold float64 `json:"threshold"` // the score from which an alert opens
	FourEyes  bool    `json:"four_eyes"` // a decision wants a second reviewer
}

// Standard is the policy of a desk that was told none.
func Standard() Policy { return Policy{Name: "standard/1", Threshold: screen.DefaultThreshold} }

// Validate says what is wrong with a policy.
func (p Policy) Validate() error {
	switch {
	case strings.TrimSpace(p.Name) == "" || len(p.Name) > maxID:
		return fault("name", "want a name with a version, such as house/3")
	case !(p.Threshold >= 0.5 && p.Threshold <= 1): // NaN is neither
		return fault("threshold", "want a score from 0.5 to 1; the engine's own is %.2f", screen.DefaultThreshold)
	}
	return nil
}

const policyID shelf.ID = "policy"

// ReadPolicy is the policy kept on the shelf, so that all who screen by it screen
// by the same; Standard if none is.
func ReadPolicy(ctx context.Context, s shelf.Store) (Policy, error) {
	p, _, err := shelf.Drawer[Policy]{Store: s, Kind: stateKind}.Read(ctx, policyID)
	if errors.Is(err, record.ErrNotFound) {
		return Standard(), nil
	}
	return p, err
}

// KeepPolicy puts a policy in the place of the one before. Another threshold makes
// the next screening one of every customer, and needs another name: what stands on
// an alert must tell by what it was opened.
func KeepPolicy(ctx context.Context, s shelf.Store, p Policy) error {
	if err := p.Validate(); err != nil {
		return err
	}
	d := shelf.Drawer[Policy]{Store: s, Kind: stateKind}
	was, version, err := d.Read(ctx, policyID)
	if errors.Is(err, record.ErrNotFound) {
		was, err = Standard(), nil
	}
	if err != nil {
		return err
	}
	if was == p {
		return nil
	}
	if was.Name == p.Name {
		return fmt.Errorf("%w: policy: %q is held with threshold %.2f and four eyes %v: give the changed one another name or version", record.ErrInvalid, p.Name, was.Threshold, was.FourEyes)
	}
	_, err = s.Write(ctx, d.Change(policyID, version, p))
	return err
}
