package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"article41/record"
)

// problem is an error of the own API: problem details of RFC 9457 with the
// fields that are wrong and, for each, what would be right.
type problem struct {
	Type      string  `json:"type"`
	Title     string  `json:"title"`
	Status    int     `json:"status"`
	Detail    string  `json:"detail,omitempty"`
	Instance  string  `json:"instance,omitempty"`
	Errors    []fault `json:"errors,omitempty"`
	Reference string  `json:"reference,omitempty"`
}

// fault is one thing wrong in a request.
type fault struct {
	Field  string `json:"field"` // a parameter, or a path into the body such as queries[3].born
	Detail string `json:"detail"`
	Want   string `json:"want,omitempty"`
}

func (p *problem) Error() string {
	t := p.Title
	if p.Detail != "" {
		t += ": " + p.Detail
	}
	for _, f := range p.Errors {
		t += "; " + f.Field + ": " + f.Detail
	}
	return t
}

// kinds names each status once: the type's last part and the title.
var kinds = map[int][2]string{
	http.StatusBadRequest:            {"invalid-request", "The request cannot be read as a question"},
	http.StatusUnauthorized:          {"sign-in-needed", "Whoever asks this must say who they are"},
	http.StatusForbidden:             {"not-allowed", "Whoever asks may not do this"},
	http.StatusTooManyRequests:       {"too-many", "Too many requests"},
	http.StatusNotFound:              {"not-found", "The record does not hold what was asked for"},
	http.StatusMethodNotAllowed:      {"method-not-allowed", "This address does not take this method"},
	http.StatusRequestTimeout:        {"too-slow", "The body did not arrive in time"},
	http.StatusConflict:              {"conflict", "The ledger moved meanwhile"},
	http.StatusRequestEntityTooLarge: {"too-large", "The body is too large"},
	http.StatusInternalServerError:   {"unexpected", "Something went wrong here"},
	http.StatusServiceUnavailable:    {"unavailable", "The question could not be answered in time"},
}

func newProblem(status int, detail string, faults ...fault) *problem {
	k := kinds[status]
	return &problem{Type: own + "problems/" + k[0], Title: k[1], Status: status, Detail: detail, Errors: faults}
}

func wrong(field, detail, want string) *problem {
	return newProblem(http.StatusBadRequest, field+": "+detail, fault{field, detail, want})
}

// problemOf maps an error to what may be told of it. The text of an error of an
// unknown kind stays here: the log has it under the reference.
func (s *server) problemOf(r *http.Request, err error) *problem {
	var p *problem
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, record.ErrNotFound):
		return newProblem(http.StatusNotFound, told(err))
	case errors.Is(err, record.ErrInvalid):
		return newProblem(http.StatusBadRequest, told(err))
	case errors.Is(err, record.ErrConflict):
		return newProblem(http.StatusConflict, told(err))
	case errors.As(err, &large):
		return newProblem(http.StatusRequestEntityTooLarge, fmt.Sprintf("a body may have %d bytes", large.Limit))
	case errors.Is(err, os.ErrDeadlineExceeded):
		return newProblem(http.StatusRequestTimeout, fmt.Sprintf("a body must have arrived within %s", s.bodyTime))
	case errors.Is(err, errCut):
		return newProblem(http.StatusBadRequest, errCut.Error())
	case errors.Is(err, errBusy):
		return newProblem(http.StatusServiceUnavailable, errBusy.Error())
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return newProblem(http.StatusServiceUnavailable, "")
	}
	p = newProblem(http.StatusInternalServerError, "The error is in the log under this reference.")
	p.Reference = s.keep(r, err)
	return p
}

// told is an error's text without the kind that wraps it.
func told(err error) string {
	t := err.Error()
	for _, kind := range []error{record.ErrNotFound, record.ErrInvalid, record.ErrConflict} {
		t = strings.TrimPrefix(t, kind.Error()+": ")
	}
	return t
}

// keep logs an unknown error and gives the reference under which it is found.
// The address goes without its query string, which may carry a name.
func (s *server) keep(r *http.Request, err error) string {
	var b [6]byte
	rand.Read(b[:])
	ref := hex.EncodeToString(b[:])
	s.Log.Error("unexpected error", "reference", ref, "method", r.Method, "path", r.URL.Path, "error", err)
	return ref
}

func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := *s.problemOf(r, err)
	p.Instance = r.URL.Path
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.Encode(p)
	h := w.Header()
	h.Del("ETag")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	w.Write(b.Bytes())
}

// problemType is what stands at the address that a problem's type is.
func (s *server) problemType(a *ask) (any, error) {
	for status, k := range kinds {
		if k[0] == a.PathValue("type") {
			return newProblem(status, ""), nil
		}
	}
	return nil, newProblem(http.StatusNotFound, "there is no such type of problem")
}

// nowhere answers for what has no route below the own API.
func (s *server) nowhere(w http.ResponseWriter, r *http.Request) {
	allowReads(w)
	if methods := s.methods(r); len(methods) > 0 {
		w.Header().Set("Allow", strings.Join(methods, ", "))
		detail := "use " + strings.Join(methods, " or ")
		if r.URL.Path == own+"screen" {
			detail += ": a screened name travels in the body, never in the address"
		}
		s.refuse(w, r, newProblem(http.StatusMethodNotAllowed, detail))
		return
	}
	s.refuse(w, r, newProblem(http.StatusNotFound, "there is no such address; docs/api.md lists them all"))
}
