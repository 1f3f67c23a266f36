package web

import (
	"context"
	"strconv"

	"article41"
	"article41/date"
	"article41/record"
)

type logQuestions interface {
	Changes(ctx context.Context, at record.At, after uint64, limit int, f article41.LogFilter) (article41.Log, error)
	NewestChanges(ctx context.Context, at record.At, limit int, f article41.LogFilter) (article41.Log, error)
	LatestChanges(ctx context.Context, at record.At, n int) ([]article41.ListChange, error)
	Ownership(ctx context.Context, at record.At, list record.SourceID, ref string) (article41.Ownership, error)
}

// feedItems is how many changes the feed shows.
const feedItems = 100

func (s *site) changesAfter(a *ask) (article41.Log, error) {
	if !a.KnownChosen {
		a.At.KnownAt = date.Day{}
	}
	f := article41.LogFilter{List: record.SourceID(a.form.Get("list"))}
	if text := a.form.Get("after"); text != "" {
		after, err := strconv.ParseUint(text, 10, 63)
		if err != nil {
			return article41.Log{}, record.ErrInvalid
		}
		return s.q.Changes(a.Context(), a.At, after, feedItems, f)
	}
	return s.q.NewestChanges(a.Context(), a.At, feedItems, f)
}
