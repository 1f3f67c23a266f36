package api

import "article41/record"

// regimeLaw answers who carries a regime on.
func (s *server) regimeLaw(a *ask) (any, error) {
	return s.Carried(a.Context(), a.at, record.RegimeID(a.PathValue("id")))
}
