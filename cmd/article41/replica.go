package main

import (
	"context"
	"fmt"
	"time"

	"article41"
	"article41/record"
)

// reachTime bounds how long a command waits for the ledger to come to a position.
const reachTime = 5 * time.Second

// reach waits until the archive holds the position that somebody wrote.
func (a *app) reach(ctx context.Context, arc *article41.Archive, least record.Position) error {
	late := time.After(reachTime)
	for arc.Basis().Position < least {
		select {
		case <-time.After(100 * time.Millisecond):
		case <-late:
			return errUnable{fmt.Errorf("--min-position %d: the ledger holds %s, and no more came within %s", least, entries(arc.Basis().Position), reachTime)}
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := arc.Follow(ctx); err != nil {
			return errUnable{fmt.Errorf("follow the ledger: %w", err)}
		}
	}
	return nil
}
