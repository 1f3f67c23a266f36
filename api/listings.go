package api

import (
	"iter"
	"maps"
	"slices"

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
	basis := s.Basis()
	if a.at.Position != 0 {
		basis.Position = a.at.Position
	}
	return listsDocument{a.at.AsOf, a.at.KnownAt, uses, basis}, nil
}

// sorted walks a map in the order of its keys, so that answers and errors do not
// change from run to run.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
