package api

import (
	"net/http"
	"strings"

	"article41/account"
)

// guard is the one place where a route's action is checked, by the table of roles.
func (s *server) guard(pattern string, action account.Action, next http.Handler) http.Handler {
	refuse := func(w http.ResponseWriter, r *http.Request, status int, detail string) {
		s.refuse(w, r, newProblem(status, detail))
	}
	if _, path, _ := strings.Cut(pattern, " "); !strings.HasPrefix(path, own) {
		refuse = func(w http.ResponseWriter, r *http.Request, status int, detail string) {
			s.fail(w, r, refused(status, "%s", detail))
		}
	}
	if _, path, _ := strings.Cut(pattern, " "); strings.HasPrefix(path, "/v2/") || path == "/ping" {
		refuse = func(w http.ResponseWriter, r *http.Request, status int, detail string) {
			s.watchmanFail(w, r, refused(status, "%s", detail))
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := account.Of(r.Context())
		action := action
		if describes[pattern] && r.URL.RawQuery == "" {
			action = account.ReadRecord
		}
		switch {
		case p.May(action):
			next.ServeHTTP(w, r)
		case p.ID == account.Anyone().ID:
			hangUp(w, r)
			w.Header().Set("WWW-Authenticate", `Bearer realm="article41"`)
			refuse(w, r, http.StatusUnauthorized, "to "+string(action)+", send a key: Authorization: Bearer a41_…")
		default:
			hangUp(w, r)
			refuse(w, r, http.StatusForbidden, "no role of this key or account may "+string(action))
		}
	})
}

// describes are the routes that say what they are when they are asked nothing: a
// client such as OpenRefine reads that before it can send a key. It is public, as
// what is written of them in docs/api.md is.
var describes = map[string]bool{"GET /reconcile/{dataset}": true}

// hangUp ends the connection after a refusal whose body was not read: the server
// would otherwise wait for it, however slowly it comes, before it answers.
func hangUp(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 {
		w.Header().Set("Connection", "close")
	}
}

// Actions are what each route asks for, by its pattern.
func Actions() map[string]account.Action {
	s := &server{mux: http.NewServeMux()}
	s.routes()
	return s.actions
}
