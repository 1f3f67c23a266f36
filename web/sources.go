package web

import "article41"

func (s *site) sources(a *ask) (page, error) {
	lists, err := s.q.Lists(a.Context(), a.At)
	if err != nil {
		return page{}, err
	}
	from, err := s.q.Sources(a.Context(), a.At)
	if err != nil {
		return page{}, err
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
