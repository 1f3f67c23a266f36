package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"article41/record"
)

// tagged gives the reads of yente's contract an ETag, and answers who has the answer
// already with 304. Answers depend on the program, the ledger, the day and the
// question alone.
func (s *server) tagged(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		before := s.Basis().Position
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%d\n%s\n%s\n%s", s.Version, s.Basis().Record, before, s.Today(), r.URL.Path, r.URL.RawQuery))
		tag := `"` + hex.EncodeToString(sum[:12]) + `"`
		// "*" asks whether there is any answer at all, which is not known yet.
		if have := r.Header.Get("If-None-Match"); have != "*" && holds(have, tag) {
			w.Header().Set("ETag", tag)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h(&tagging{w, s, before, tag}, r)
	}
}

// tagging sets the tag when the answer begins, if it is one, and rests on the ledger
// that the tag is of.
type tagging struct {
	http.ResponseWriter
	server *server
	before record.Position
	tag    string
}

func (t *tagging) WriteHeader(code int) {
	if code == http.StatusOK && t.server.Basis().Position == t.before {
		t.Header().Set("ETag", t.tag)
	}
	t.ResponseWriter.WriteHeader(code)
}

func (t *tagging) Unwrap() http.ResponseWriter { return t.ResponseWriter }
