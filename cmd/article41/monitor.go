package main

import (
	"context"
	"crypto/rand"

	"article41"
	"article41/monitor"
)

// incidentDesk is where incidents are worked on: drafts and notices on the shelf
// of the database, sealed under the keys beside it.
func (a *app) incidentDesk(ctx context.Context, arc *article41.Archive) (*monitor.Desk, error) {
	s, err := a.shelf()
	if err != nil {
		return nil, err
	}
	v, err := a.vault(ctx)
	if err != nil {
		return nil, err
	}
	return &monitor.Desk{Shelf: s, Vault: v, Ledger: arc.Ledger(), Random: rand.Reader}, nil
}
