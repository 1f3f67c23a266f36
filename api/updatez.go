package api

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
)

// updatez answers POST /updatez: it reads what other processes have appended to
// the ledger. Lists are not fetched: who imports them decides when. Without a
// token of the program's own nobody may ask.
func (s *server) updatez(w http.ResponseWriter, r *http.Request) {
	token := r.URL.Query().Get("token")
	if s.Token == "" || s.Refresh == nil || subtle.ConstantTimeCompare([]byte(token), []byte(s.Token)) != 1 {
		s.fail(w, r, refused(http.StatusForbidden, "Invalid token."))
		return
	}
	sync, err := truth(r.URL.Query(), "sync")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if sync == nil || !*sync {
		if !s.refreshing.start(s, context.WithoutCancel(r.Context()), "updatez") {
			writeJSON(w, http.StatusOK, map[string]string{"status": "ok"}) // one is under way
			return
		}
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
		return
	}
	if err := s.Refresh(r.Context()); err != nil && !errors.Is(err, context.Canceled) {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}
