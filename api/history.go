package api

import (
	"context"
	"fmt"
	"strconv"

	"article41"
	"article41/date"
	"article41/record"
)

// Owners is asked who owns or controls an entry.
type Owners interface {
	Ownership(ctx context.Context, at record.At, list record.SourceID, ref string) (article41.Ownership, error)
}

// Logs is asked for the change log and an entry's history.
type Logs interface {
	Changes(ctx context.Context, at record.At, after uint64, limit int, f article41.LogFilter) (article41.Log, error)
	History(ctx context.Context, at record.At, list record.SourceID, ref string, private bool) (article41.EntryHistory, error)
}

func (s *server) changes(a *ask) (any, error) {
	var after uint64
	limit := 0
	if text := a.params.Get("after"); text != "" {
		n, err := strconv.ParseUint(text, 10, 63)
		if err != nil {
			return nil, wrong("after", fmt.Sprintf("%q is no cursor", text), "the next of an earlier answer, such as 1200")
		}
		after = n
	}
	if text := a.params.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, wrong("limit", fmt.Sprintf("%q is no count", text), "a number from 1 to 1000")
		}
		limit = n
	}
	at := a.at
	if a.params.Get("known_at") == "" {
		at.KnownAt = date.Day{} // all, or a list that is dated tomorrow would be passed over for good
	}
	return s.Changes(a.Context(), at, after, limit, article41.LogFilter{Kind: record.Kind(a.params.Get("kind")), List: record.SourceID(a.params.Get("list"))})
}

func (s *server) history(a *ask) (any, error) {
	list := record.SourceID(a.params.Get("list"))
	if list == "" {
		list = councilList
	}
	return s.History(a.Context(), a.at, list, a.PathValue("ref"), false)
}

func (s *server) ownership(a *ask) (any, error) {
	list := record.SourceID(a.params.Get("list"))
	if list == "" {
		list = councilList
	}
	return s.Ownership(a.Context(), a.at, list, a.PathValue("ref"))
}
