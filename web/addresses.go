package web

import (
	"maps"
	"net/http"
	"slices"

	"article41/account"
)

// addresses is a mux that remembers what it answers, so that a test walks every
// address there is, pages and files, without a list of its own.
type addresses struct {
	*http.ServeMux
	site    *site
	actions map[string]account.Action
}

func pages() []route {
	return slices.Concat(routes, briefingRoutes, incidentRoutes, evidenceRoutes, batchRoutes, alertRoutes, followRoutes)
}

// page answers with a page of the site.
func (m *addresses) page(r route) {
	m.actions[r.pattern] = r.action
	m.Handle(r.pattern, m.site.show(r.action, r.page))
}

// file answers with something else, to whoever may; the others get the page that
// says so.
func (m *addresses) file(pattern string, action account.Action, h http.HandlerFunc) {
	m.actions[pattern] = action
	denied := m.site.show(action, func(*site, *ask) (page, error) { return page{}, errDenied{action} })
	m.Handle(pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !account.Of(r.Context()).May(action) {
			denied.ServeHTTP(w, r)
			return
		}
		h(w, r)
	}))
}

// addresses are all that the site answers.
func (s *site) addresses() *addresses {
	mux := &addresses{http.NewServeMux(), s, map[string]account.Action{}}
	for _, r := range pages() {
		mux.page(r)
	}
	mux.file("GET /calendar.ics", account.ReadRecord, s.calendarFile)
	mux.file("GET /incidents.csv", account.ReadRecord, s.incidentFile)
	mux.file("POST /screen/receipt", account.ScreenNames, s.receiptFile)
	for path := range alignFiles {
		mux.file("GET "+path+".csv", account.ReadRecord, s.alignFile(path))
	}
	s.feedFiles(mux)
	mux.file("GET /static/", account.ReadRecord, serveAsset)
	s.briefingFiles(mux)
	s.batchFiles(mux)
	return mux
}

// Pages are the patterns of the addresses that answer with a page, in order.
func Pages() []string {
	var out []string
	for _, r := range pages() {
		out = append(out, r.pattern)
	}
	slices.Sort(out)
	return out
}

// Patterns are the patterns of all addresses, in order.
func Patterns() []string {
	return slices.Sorted(maps.Keys((&site{}).addresses().actions))
}
