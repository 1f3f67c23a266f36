package api

import (
	"article41"
	"article41/date"
	"article41/record"
)

// councilList is where a reference is looked for if no list is named.
const councilList record.SourceID = "un"

func (s *server) listing(a *ask) (any, error) {
	list := record.SourceID(a.params.Get("list"))
	if list == "" {
		list = councilList
	}
	return s.Entry(a.Context(), a.at, list, a.PathValue("ref"), false)
}

type listsDocument struct {
	AsOf    date.Day            `json:"as_of"`
	KnownAt date.Day            `json:"known_at"`
	Lists   []article41.ListUse `json:"lists"`
	Basis   article41.Basis     `json:"basis"`
}

func (s *server) lists(a *ask) (any, error) {
	uses, err := s.Lists(a.Context(), a.at)
	if err != nil {
		return nil, err
	}
	return listsDocument{a.at.AsOf, a.at.KnownAt, uses, s.basis(a)}, nil
}

// basis is what an answer rests on: the record and the overlay as they were at
// the position asked for, or the newest.
func (s *server) basis(a *ask) article41.Basis {
	if a.at.Position == 0 {
		return s.Basis()
	}
	reg, err := s.Register(a.Context(), a.at)
	if err != nil { // the question itself fails in the same way
		return article41.Basis{Position: a.at.Position}
	}
	return reg.Basis
}

type sourcesDocument struct {
	listsDocument
	Sources []record.Source `json:"sources"`
}

func (s *server) sources(a *ask) (any, error) {
	lists, err := s.lists(a)
	if err != nil {
		return nil, err
	}
	out := sourcesDocument{listsDocument: lists.(listsDocument), Sources: []record.Source{}}
	out.Sources, err = s.Questions.Sources(a.Context(), a.at)
	return out, err
}
