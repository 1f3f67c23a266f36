package web

import (
	"context"

	"article41"
	"article41/record"
)

// sourceQuestions is asked if the archive can answer it: which sources the
// record names.
type sourceQuestions interface {
	Sources(context.Context, record.At) ([]record.Source, error)
}

func (s *site) sources(a *ask) (page, error) {
	lists, err := s.q.Lists(a.Context(), a.At)
	if err != nil {
		return page{}, err
	}
	var from []record.Source
	if q, ok := s.q.(sourceQuestions); ok {
		if from, err = q.Sources(a.Context(), a.At); err != nil {
			return page{}, err
		}
	}
	return page{Title: "Sources and method", Body: sourcesPage(a, from, lists, s.q.Basis()), Nav: "/sources", Twin: "/lists"}, nil
}

func (s *site) about(a *ask) (page, error) {
	return page{Title: "About", Body: aboutPage(a, s.q.Basis(), s.o.Version), Twin: "-"}, nil
}

func held(lists []article41.ListUse) string {
	n := 0
	for _, l := range lists {
		if l.Version != nil || l.Newest != nil {
			n++
		}
	}
	return count(n, "list", "lists")
}
