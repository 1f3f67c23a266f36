package api

import (
	"context"
	"sync"
	"time"
)

// refreshing is the reading of what was appended to the ledger, as it stands:
// one at a time.
type refreshing struct {
	mu       sync.Mutex
	running  bool
	trigger  string
	started  time.Time
	finished time.Time
	last     error
}

// start begins one in the background; false: one is under way.
func (f *refreshing) start(s *server, ctx context.Context, trigger string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running {
		return false
	}
	f.running, f.trigger, f.started, f.finished, f.last = true, trigger, time.Now().UTC(), time.Time{}, nil
	go func() {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		var err error
		if s.Refresh != nil {
			err = s.Refresh(ctx)
		}
		if err != nil {
			s.Log.Error("refresh failed", "trigger", trigger, "error", err)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.running, f.finished, f.last = false, time.Now().UTC(), err
	}()
	return true
}
