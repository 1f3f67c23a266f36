package web

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"article41/account"
	"article41/date"
	"article41/record"
)

// page is what a handler hands over to be shown.
type page struct {
	Title  string
	Body   templ.Component
	Status int    // 0: 200
	Moved  string // an address to go to instead
	// Private pages hold a name that somebody asked about: they are kept by no
	// cache, and no address leads to them.
	Private   bool
	NoIndex   bool     // pages about people, and pages that are no content
	Twin      string   // tail of the JSON address where it is not the page's own; "-": none
	TwinPairs []string // what its address asks there, where that is not what the page's does
	Nav       string   // which entry of the navigation this is under
	Through   *date.Day
	Lang      string          // of its content; empty: English
	Head      templ.Component // further elements of its head
	Feed      *following      // nil: nothing to follow
	Retry     time.Duration   // with status 429: when to try again
	Fresh     bool            // made anew for each request, such as a form with a stamp
	Whole     []byte          // the page as it is sent, where it was made without the layout
	File      []byte          // handed over to be kept instead of a page, under FileName
	FileName  string
}

// maxForm bounds a posted form: a name and a few facts about its bearer.
const maxForm = 64 << 10

// policy lets a page load its own files and nothing else: no outside host, no
// inline script or style.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guarded sets the headers that every answer carries and bounds what is read.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		r.Body = http.MaxBytesReader(w, r.Body, formLimit(r))
		next.ServeHTTP(w, r)
	})
}

// show answers a request with a page, or with the page of its error.
func (s *site) show(action account.Action, build func(*site, *ask) (page, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := ""
		if keeps(r, action) {
			key = pageKey(r, s.o.Today(), s.q.Basis().Position)
		}
		if key != "" {
			if p := s.kept.find(key); p != nil {
				p.send(w, r)
				return
			}
		}
		a, err := read(r, s.o.Today())
		var p page
		if err == nil {
			err = admits(a, action)
		}
		if err == nil {
			p, err = build(s, a)
		}
		if err != nil {
			p = s.failed(a, err)
		}
		if p.Moved != "" {
			http.Redirect(w, r, p.Moved, http.StatusSeeOther)
			return
		}
		if p.File != nil {
			sendFile(w, p)
			return
		}
		if p.Whole != nil {
			(&rendered{page: p, bytes: p.Whole}).send(w, r)
			return
		}
		b := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(b)
		b.Reset()
		if err := layout(s, a, p).Render(r.Context(), b); err != nil {
			s.tell(newReference(), err)
			http.Error(w, "The page could not be written.", http.StatusInternalServerError)
			return
		}
		out := render(p, bytes.Clone(b.Bytes()))
		if key != "" && !p.Private && !p.Fresh && p.Status == 0 {
			s.kept.keep(key, out)
		}
		out.send(w, r)
	})
}

// send writes the page: an ETag over its bytes, compressed if asked.
func (p *rendered) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	if p.page.NoIndex || p.page.Private {
		h.Set("X-Robots-Tag", "noindex")
	}
	if p.page.Retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int(p.page.Retry.Seconds())+1))
	}
	switch {
	case p.page.Private:
		h.Set("Cache-Control", "no-store")
	case p.page.Status == 0:
		h.Set("ETag", p.tag)
		h.Set("Cache-Control", "no-cache")
		if strings.Contains(r.Header.Get("If-None-Match"), p.tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	default:
		h.Set("Cache-Control", "no-cache")
	}
	b := p.bytes
	if p.packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		b = p.packed
	}
	h.Set("Content-Length", strconv.Itoa(len(b)))
	if p.page.Status != 0 {
		w.WriteHeader(p.page.Status)
	}
	if r.Method != http.MethodHead {
		w.Write(b)
	}
}

var writers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, 5)
	return z
}}

// buffers are those that pages are written in before they are sent.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func squeeze(b []byte) []byte {
	out := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(out)
	out.Reset()
	z := writers.Get().(*gzip.Writer)
	defer writers.Put(z)
	z.Reset(out)
	z.Write(b)
	z.Close()
	return bytes.Clone(out.Bytes())
}

// failed is the page of an error. This is the one place that maps kinds of
// error to a status; the text of an unknown one is never shown.
func (s *site) failed(a *ask, err error) page {
	f := failure{Status: http.StatusInternalServerError, Title: "This page could not be made"}
	switch {
	case errors.As(err, new(errDenied)):
		return s.denied(a, err)
	case errors.As(err, new(*http.MaxBytesError)):
		f = failure{http.StatusRequestEntityTooLarge, "This is too large to be read", fmt.Sprintf("At most %s bytes are read here. Nothing you sent was kept.", number(int(formLimit(a.Request)))), ""}
	case errors.Is(err, record.ErrNotFound):
		f = failure{http.StatusNotFound, "Not in the record", words(err), ""}
	case errors.Is(err, record.ErrInvalid):
		f = failure{http.StatusBadRequest, "This could not be read", words(err), ""}
	default:
		f.Reference = newReference()
		f.Says = "Something went wrong on our side; nothing you sent was kept."
		s.tell(f.Reference, err)
	}
	return page{Title: f.Title, Body: failurePage(a, f), Status: f.Status, NoIndex: true, Twin: "-"}
}

type failure struct {
	Status    int
	Title     string
	Says      string
	Reference string
}

// words is the error's text without the word of its kind.
func words(err error) string {
	t := err.Error()
	for _, kind := range []error{record.ErrNotFound, record.ErrInvalid} {
		t = strings.ReplaceAll(t, kind.Error()+": ", "")
	}
	if t == "" {
		return t
	}
	return strings.ToUpper(t[:1]) + t[1:] + "."
}

func (s *site) tell(reference string, err error) {
	if s.o.Failed != nil {
		s.o.Failed(reference, err)
	}
}

func newReference() string { return rand.Text()[:10] }

func (s *site) nowhere(a *ask) (page, error) {
	return page{}, fmt.Errorf("%w: there is no page at this address", record.ErrNotFound)
}

func (s *site) crossOrigin(a *ask) (page, error) {
	f := failure{http.StatusForbidden, "This form was sent from another site", "For your safety only forms of this site are answered. Open the page here and send it again.", ""}
	return page{Title: f.Title, Body: failurePage(a, f), Status: f.Status, NoIndex: true, Private: true, Twin: "-"}, nil
}
