package api

import "net/http"

// healthz says that the program runs.
func (s *server) healthz(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// readyz says that there is something to match against.
func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	sh, err := s.shelfOf(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if sh.Len() == 0 {
		s.fail(w, r, refused(http.StatusServiceUnavailable, "Index not ready."))
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}
