package watch

import (
	"context"

	"article41/shelf"
)

// Told is an alert as it is told to whoever may read it.
type Told struct {
	Alert
	Evidence *Evidence `json:"compared"` // null: the customer was erased
	Stands   string    `json:"stands"`   // the standing in words
	Sealed   []byte    `json:"sealed,omitempty"`
}

// Tell opens an alert's evidence.
func (d *Desk) Tell(ctx context.Context, a Alert) (Told, error) {
	if a.Sealed == nil {
		kept, _, err := d.drawer().Read(ctx, shelf.ID(a.ID))
		if err != nil {
			return Told{}, err
		}
		a = kept
	}
	e, erased, err := d.evidence(ctx, a)
	if err != nil {
		return Told{}, err
	}
	t := Told{Alert: a, Stands: a.Standing.Words()}
	t.Alert.Sealed = nil
	if !erased {
		t.Evidence = &e
	}
	return t, nil
}
