package web

import (
	"bytes"
	"context"
	"net/http"
	"strconv"

	"article41"
	"article41/account"
	"article41/date"
	"article41/export"
	"article41/record"
)

type logQuestions interface {
	Changes(ctx context.Context, at record.At, after uint64, limit int, f article41.LogFilter) (article41.Log, error)
	Ownership(ctx context.Context, at record.At, list record.SourceID, ref string) (article41.Ownership, error)
}

// feedItems is how many changes the feed shows.
const feedItems = 100

// changesFeed is the newest changes as an Atom feed, or those after a cursor.
func (s *site) changesFeed(w http.ResponseWriter, r *http.Request) {
	a, err := read(r, s.o.Today())
	var log article41.Log
	if err == nil {
		log, err = s.changesAfter(a)
	}
	var b bytes.Buffer
	if err == nil {
		site := "http://" + r.Host
		if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
			site = "https://" + r.Host
		}
		err = export.WriteAtom(&b, export.ChangesFeed(log, site, a.Today.At(0, 0)))
	}
	if err != nil {
		s.show(account.ReadRecord, func(*site, *ask) (page, error) { return page{}, err }).ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(b.Bytes())
}

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
	// The last ones: how many there are is told by an answer about the first.
	first, err := s.q.Changes(a.Context(), a.At, 0, 1, f)
	if err != nil || first.Newest <= feedItems {
		return s.q.Changes(a.Context(), a.At, 0, feedItems, f)
	}
	return s.q.Changes(a.Context(), a.At, first.Newest-feedItems, feedItems, f)
}
