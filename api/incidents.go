package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"article41"
	"article41/country"
	"article41/date"
	"article41/export"
	"article41/monitor"
	"article41/record"
)

// Monitoring is asked for what was seen and who says so. It answers only what is
// published: drafts and withheld matter are not in the ledger.
type Monitoring interface {
	Incidents(ctx context.Context, at record.At, f monitor.Filter) (monitor.Found, error)
	Incident(ctx context.Context, at record.At, id record.IncidentID) (article41.Incident, error)
	Findings(ctx context.Context, at record.At, about record.IncidentID) ([]record.Finding, error)
	Finding(ctx context.Context, at record.At, id record.FindingID) (record.Finding, []record.Finding, error)
	Reports(ctx context.Context, at record.At, id record.RegimeID) ([]article41.PanelReport, error)
}

var incidentParams = []string{"q", "country", "violation", "source", "year", "hedge", "regime", "from", "to", "merged", "limit", "cursor"}

const (
	incidentsPage    = 50
	incidentsPageMax = 500
)

type incidentsDocument struct {
	AsOf    date.Day `json:"as_of"`
	KnownAt date.Day `json:"known_at"`
	monitor.Found
	Basis article41.Basis `json:"basis"`
}

func (s *server) incidents(a *ask) (any, error) {
	f := monitor.Filter{Words: a.params.Get("q"), Violation: a.params.Get("violation"), Source: record.SourceID(a.params.Get("source")), Year: a.params.Get("year"),
		Hedge: record.Hedge(a.params.Get("hedge")), Regime: record.RegimeID(a.params.Get("regime")), Merged: a.params.Get("merged") == "yes",
		After: record.IncidentID(a.params.Get("cursor")), Limit: incidentsPage}
	if t := a.params.Get("country"); t != "" {
		c, err := country.Parse(t)
		if err != nil {
			return nil, wrong("country", told(err), "an ISO 3166 code or a name, such as MLI or Mali")
		}
		f.Country = c
	}
	for _, d := range []struct {
		name string
		to   *date.Day
	}{{"from", &f.From}, {"to", &f.To}} {
		if t := a.params.Get(d.name); t != "" {
			v, err := date.ParseDay(t)
			if err != nil {
				return nil, wrong(d.name, "this is not a day of the calendar", "a day as YYYY-MM-DD")
			}
			*d.to = v
		}
	}
	if t := a.params.Get("limit"); t != "" {
		n, err := strconv.Atoi(t)
		if err != nil || n < 1 || n > incidentsPageMax {
			return nil, wrong("limit", "this is no number of incidents", "a whole number from 1 to 500")
		}
		f.Limit = n
	}
	if f.After != "" {
		if _, err := s.Incident(a.Context(), a.at, f.After); errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrInvalid) {
			return nil, wrong("cursor", "this is no cursor of this address", "the value of next in the page before, unchanged")
		} else if err != nil {
			return nil, err
		}
	}
	found, err := s.Incidents(a.Context(), a.at, f)
	if err != nil {
		return nil, err
	}
	return incidentsDocument{a.at.AsOf, a.at.KnownAt, found, s.basis(a)}, nil
}

func (s *server) incident(a *ask) (any, error) {
	in, err := s.Incident(a.Context(), a.at, record.IncidentID(a.PathValue("id")))
	switch form := a.params.Get("form"); {
	case err != nil:
		return nil, err
	case form == "":
		return in, nil
	case form == "schema.org":
		return export.IncidentSchema(in.Incident, "/incidents/"+string(in.ID)), nil
	}
	return nil, wrong("form", "there is no such form", "schema.org, or nothing")
}

type findingsDocument struct {
	Findings []record.Finding `json:"findings"`
	Next     *string          `json:"next"` // the cursor of the page after; null: there is none
	Basis    article41.Basis  `json:"basis"`
}

// findingDocument is a finding and how it stood before.
type findingDocument struct {
	record.Finding
	Before []record.Finding `json:"before"`
	Basis  article41.Basis  `json:"basis"`
}

type reportsDocument struct {
	Reports []article41.PanelReport `json:"reports"`
	Basis   article41.Basis         `json:"basis"`
}

func (s *server) findings(a *ask) (any, error) {
	fs, err := s.Findings(a.Context(), a.at, record.IncidentID(a.params.Get("incident")))
	if err != nil {
		return nil, err
	}
	limit := incidentsPage
	if t := a.params.Get("limit"); t != "" {
		n, err := strconv.Atoi(t)
		if err != nil || n < 1 || n > incidentsPageMax {
			return nil, wrong("limit", "this is no number of findings", fmt.Sprintf("a whole number from 1 to %d", incidentsPageMax))
		}
		limit = n
	}
	if after := a.params.Get("cursor"); after != "" {
		i := slices.IndexFunc(fs, func(f record.Finding) bool { return string(f.ID) == after })
		if i < 0 {
			return nil, wrong("cursor", "this is no cursor of this address", "the value of next in the page before, unchanged")
		}
		fs = fs[i+1:]
	}
	out := findingsDocument{Findings: fs[:min(limit, len(fs))], Basis: s.basis(a)}
	if len(fs) > limit {
		out.Next = new(string(fs[limit-1].ID))
	}
	return out, nil
}

func (s *server) finding(a *ask) (any, error) {
	f, before, err := s.Finding(a.Context(), a.at, record.FindingID(a.PathValue("id")))
	if err != nil {
		return nil, err
	}
	return findingDocument{f, append([]record.Finding{}, before...), s.basis(a)}, nil
}

func (s *server) panelReports(a *ask) (any, error) {
	rs, err := s.Reports(a.Context(), a.at, record.RegimeID(a.PathValue("id")))
	if err != nil {
		return nil, err
	}
	return reportsDocument{rs, s.basis(a)}, nil
}
