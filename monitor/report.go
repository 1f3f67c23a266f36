package monitor

import (
	"cmp"
	"slices"
	"strings"

	"article41/record"
)

// Report is findings put together to be printed: sources as numbered notes, and an
// annex with the hash of every piece of evidence.
type Report struct {
	Title     string           `json:"title"`
	Mandate   string           `json:"mandate,omitempty"`
	Parts     []ReportPart     `json:"parts"`
	Notes     []ReportNote     `json:"notes"`
	Annex     []ReportEvidence `json:"annex"`
	Licences  []string         `json:"licences,omitempty"` // of the records that are quoted
	Standards []Word           `json:"standards"`          // of proof, as they are used in it
}

// ReportPart is one incident with its findings.
type ReportPart struct {
	Incident record.Incident `json:"incident"`
	Findings []ReportFinding `json:"findings"`
	Claims   []ReportClaim   `json:"claims"`
}

// ReportFinding is a finding with the numbers of its notes.
type ReportFinding struct {
	record.Finding
	Notes []int `json:"notes"`
}

// ReportClaim is a claim with the number of its note.
type ReportClaim struct {
	record.Testimony
	Note int `json:"note"`
}

// ReportNote is a source, numbered from 1.
type ReportNote struct {
	N int `json:"n"`
	record.Cite
	Symbol string `json:"symbol,omitempty"`
}

// ReportEvidence is a piece of evidence and the incident it belongs to.
type ReportEvidence struct {
	Incident record.IncidentID `json:"incident"`
	record.Evidence
}

// BuildReport puts the findings and the claims they rest on together, incident by
// incident in the order of their days. A claim keeps its speaker and its hedge.
func BuildReport(title, mandate string, incidents []record.Incident, findings []record.Finding) Report {
	r := Report{Title: strings.TrimSpace(title), Mandate: strings.TrimSpace(mandate), Parts: []ReportPart{}, Notes: []ReportNote{}, Annex: []ReportEvidence{}}
	if r.Title == "" {
		r.Title = "Findings"
	}
	note := func(c record.Cite, symbol string) int {
		for _, n := range r.Notes {
			if n.Cite == c && n.Symbol == symbol {
				return n.N
			}
		}
		r.Notes = append(r.Notes, ReportNote{N: len(r.Notes) + 1, Cite: c, Symbol: symbol})
		return len(r.Notes)
	}
	incidents = slices.Clone(incidents)
	slices.SortStableFunc(incidents, func(a, b record.Incident) int {
		return cmp.Or(a.When.From.Compare(b.When.From), strings.Compare(string(a.ID), string(b.ID)))
	})
	levels := map[string]bool{}
	for _, in := range incidents {
		p := ReportPart{Incident: in}
		rests := map[string]bool{}
		for _, f := range findings {
			if len(f.Incidents) == 0 || f.Incidents[0] != in.ID {
				continue
			}
			x := ReportFinding{Finding: f}
			for _, c := range f.Cites {
				x.Notes = append(x.Notes, note(c, string(f.Report)))
			}
			for _, id := range f.Claims {
				rests[id] = true
			}
			levels[f.Level] = true
			p.Findings = append(p.Findings, x)
		}
		if len(p.Findings) == 0 {
			continue
		}
		for _, c := range in.Claims {
			if rests[c.ID] || contradicts(c, in.Claims, rests) {
				p.Claims = append(p.Claims, ReportClaim{c, note(record.Cite{Source: c.Source, Place: c.Place, Sure: c.Sure, Note: c.Note}, c.Symbol)})
			}
		}
		for _, e := range in.Evidence {
			r.Annex = append(r.Annex, ReportEvidence{in.ID, e})
		}
		if in.Licence != "" && !slices.Contains(r.Licences, in.Licence) {
			r.Licences = append(r.Licences, in.Licence)
		}
		r.Parts = append(r.Parts, p)
	}
	for _, l := range Levels() {
		if levels[l.Code] {
			r.Standards = append(r.Standards, l)
		}
	}
	return r
}

// contradicts reports whether a claim speaks, by another speaker, to a matter that
// the findings rest on: it must not be lost in a report.
func contradicts(c record.Testimony, all []record.Testimony, rests map[string]bool) bool {
	return slices.ContainsFunc(all, func(o record.Testimony) bool { return rests[o.ID] && o.About == c.About && o.Speaker != c.Speaker })
}
