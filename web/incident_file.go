package web

import (
	"net/http"

	"article41/account"
	"article41/export"
	"article41/monitor"
	"article41/record"
)

// mostRowsFile bounds the incidents of one file.
const mostRowsFile = 5000

// incidentFile hands out what a filter leaves, a row for each claim. It holds what
// is published, and nothing else.
func (s *site) incidentFile(w http.ResponseWriter, r *http.Request) {
	a, err := read(r, s.o.Today())
	if err == nil {
		err = admits(a, account.ReadRecord)
	}
	var v incidentsView
	if err == nil {
		v, err = readIncidentFilter(a)
	}
	var found monitor.Found
	if err == nil {
		v.Filter.Limit = mostRowsFile
		found, err = s.q.Incidents(a.Context(), a.At, v.Filter)
	}
	var ins []record.Incident
	for _, b := range found.Rows {
		in, e := s.q.Incident(a.Context(), a.At, b.ID)
		if err = e; err != nil {
			break
		}
		ins = append(ins, in.Incident)
	}
	if err != nil {
		p := s.failed(a, err)
		http.Error(w, p.Title, p.Status)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="incidents.csv"`)
	h.Set("Cache-Control", "no-cache")
	if err := export.IncidentsCSV(w, ins); err != nil {
		s.tell(newReference(), err)
	}
}
