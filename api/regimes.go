package api

import (
	"article41"
	"article41/country"
	"article41/record"
	"article41/regime"
)

// regimes answers for every regime in the record, ended ones too.
func (s *server) regimes(a *ask) (any, error) {
	return s.Statuses(a.Context(), a.at)
}

// status is the same, or only what reached a territory.
func (s *server) status(a *ask) (any, error) {
	text := a.params.Get("territory")
	if text == "" {
		return s.Statuses(a.Context(), a.at)
	}
	code, err := country.Parse(text)
	if err != nil {
		return nil, wrong("territory", told(err), "an ISO 3166 code or a name, such as SSD or South Sudan")
	}
	return s.Over(a.Context(), a.at, code)
}

// regimeStatus is the document that the command status prints.
func (s *server) regimeStatus(a *ask) (any, error) {
	return s.Status(a.Context(), a.at, record.RegimeID(a.PathValue("id")))
}

// regimeDocument is a regime whole: the status document, with the regime's
// description and history beside it.
type regimeDocument struct {
	standing
	record.Regime
	Decisions []article41.RegimeStep  `json:"decisions"`
	Listings  []article41.RegimeEntry `json:"listings"`
	Lanes     []regime.Lane           `json:"lanes"`
	Conflicts []record.Claim          `json:"conflicts"`
}

// standing puts the status one level below the description, so that where both
// have a name, a type and a purpose the description's is printed, once.
type standing struct{ article41.Status }

func (s *server) regime(a *ask) (any, error) {
	r, err := s.Regime(a.Context(), a.at, record.RegimeID(a.PathValue("id")))
	if err != nil {
		return nil, err
	}
	return regimeDocument{standing{r.Status}, r.Regime, r.Decisions, r.Listings, r.Lanes, r.Claims}, nil
}
