package web

import (
	"net/http"
	"slices"
)

// addresses is a mux that remembers what it answers, so that a test walks every
// address there is, pages and files, without a list of its own.
type addresses struct {
	*http.ServeMux
	patterns []string
}

func (m *addresses) Handle(pattern string, h http.Handler) {
	m.patterns = append(m.patterns, pattern)
	m.ServeMux.Handle(pattern, h)
}

func (m *addresses) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	m.Handle(pattern, http.HandlerFunc(h))
}

// addresses are all that the site answers.
func (s *site) addresses() *addresses {
	mux := &addresses{ServeMux: http.NewServeMux()}
	for _, r := range slices.Concat(routes, briefingRoutes, incidentRoutes, batchRoutes, alertRoutes) {
		mux.Handle(r.pattern, s.show(r.action, r.page))
	}
	mux.HandleFunc("GET /calendar.ics", s.calendarFile)
	mux.HandleFunc("GET /incidents.csv", s.incidentFile)
	mux.HandleFunc("POST /screen/receipt", s.receiptFile)
	for path := range alignFiles {
		mux.HandleFunc("GET "+path+".csv", s.alignFile(path))
	}
	s.feedFiles(mux)
	mux.HandleFunc("GET /static/", serveAsset)
	s.briefingFiles(mux)
	s.batchFiles(mux)
	return mux
}

// Patterns are the patterns of all addresses, in order.
func Patterns() []string {
	out := (&site{}).addresses().patterns
	slices.Sort(out)
	return out
}
