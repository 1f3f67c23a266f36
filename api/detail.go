package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"article41/record"
)

// detail is an error of yente's contract: {"detail": "…"}, or a list of what was
// invalid under status 422.
type detail struct {
	status int
	text   string
	faults []invalid
}

// invalid is one parameter or field that could not be read.
type invalid struct {
	Type  string `json:"type"`
	Loc   []any  `json:"loc"` // "query" or "body", then the way to it
	Msg   string `json:"msg"`
	Input any    `json:"input"`
}

func (d *detail) Error() string { return d.text }

func refused(status int, format string, args ...any) *detail {
	return &detail{status: status, text: fmt.Sprintf(format, args...)}
}

func unreadable(kind, msg string, input any, loc ...any) *detail {
	return &detail{status: http.StatusUnprocessableEntity, text: msg, faults: []invalid{{kind, loc, msg, input}}}
}

// longestURL is the address length from which the contract answers 414.
const longestURL = 60_000

// contract wraps a handler of yente's contract: open to every origin, errors in
// its own form.
func (s *server) contract(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowReads(w)
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.fail(w, r, fmt.Errorf("panic: %v", p))
			}
		}()
		if len(r.URL.Path)+len(r.URL.RawQuery) > longestURL {
			s.fail(w, r, refused(http.StatusRequestURITooLong, "Request URL too long."))
			return
		}
		h(w, r)
	})
}

// fail answers with an error. The text of an unknown one stays here.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var d *detail
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &d):
	case errors.As(err, &large):
		d = refused(http.StatusRequestEntityTooLarge, "Request body too large (limit: %d bytes).", large.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		d = refused(http.StatusRequestTimeout, "The request body did not arrive within %s.", s.bodyTime)
	case errors.Is(err, errNotText), errors.Is(err, errTooDeep):
		d = unreadable("json_invalid", "JSON decode error: "+err.Error(), nil, "body")
	case errors.Is(err, record.ErrNotFound):
		d = refused(http.StatusNotFound, "%s", told(err))
	case errors.Is(err, record.ErrInvalid):
		d = refused(http.StatusBadRequest, "%s", told(err))
	case errors.Is(err, errCut):
		d = refused(http.StatusBadRequest, "%s", errCut.Error())
	case errors.Is(err, errBusy):
		d = refused(http.StatusServiceUnavailable, "%s", errBusy.Error())
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		d = refused(http.StatusServiceUnavailable, "The request was not answered in time.")
	default:
		writeJSON(w, http.StatusInternalServerError, map[string]string{"status": "error", "reference": s.keep(r, err)})
		return
	}
	if d.faults != nil {
		writeJSON(w, d.status, map[string]any{"detail": d.faults})
		return
	}
	writeJSON(w, d.status, map[string]string{"detail": d.text})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		status, b = http.StatusInternalServerError, []byte(`{"status":"error"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(b)
}

// noRoute answers for what is no address of the contract.
func (s *server) noRoute(w http.ResponseWriter, r *http.Request) {
	if methods := s.methods(r); len(methods) > 0 {
		w.Header().Set("Allow", strings.Join(methods, ", "))
		s.fail(w, r, refused(http.StatusMethodNotAllowed, "Method Not Allowed"))
		return
	}
	s.fail(w, r, refused(http.StatusNotFound, "Not Found"))
}
