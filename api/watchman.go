package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"article41/record"
	"article41/screen"
)

const (
	watchmanPage = 10
	watchmanMost = 100
	// watchmanFloor is the score from which a search that names none answers:
	// below it every name of every list is compared, and most meet a little.
	watchmanFloor = 0.6
)

// watchman wraps a handler of Watchman's contract, whose errors are
// {"error": "…"}.
func (s *server) watchman(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowReads(w)
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.watchmanFail(w, r, fmt.Errorf("panic: %v", p))
			}
		}()
		h(w, r)
	})
}

func (s *server) watchmanFail(w http.ResponseWriter, r *http.Request, err error) {
	var d *detail
	switch {
	case errors.As(err, &d):
		status := d.status
		if status == http.StatusUnprocessableEntity {
			status = http.StatusBadRequest
		}
		writeJSON(w, status, map[string]string{"error": d.text})
	case errors.Is(err, errBusy):
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"error": errBusy.Error()})
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"error": "not answered in time"})
	default:
		writeJSON(w, http.StatusInternalServerError, map[string]string{"error": "unexpected error", "reference": s.keep(r, err)})
	}
}

// watchmanQuestion is a search as its parameters say it.
type watchmanQuestion struct {
	understood
	kind     string // the type asked for
	minMatch float64
	limit    int
	debug    bool
	list     record.SourceID
	ref      string
	echo     watchmanEntity
}

// watchmanUse is what a parameter is good for, and with which types it is read.
type watchmanUse struct {
	types []string
	use   string
}

func watchmanUses() map[string]watchmanUse {
	out := map[string]watchmanUse{}
	for _, r := range rows("watchman_parameters.csv") {
		out[r[0]] = watchmanUse{strings.Fields(r[1]), r[2]}
	}
	return out
}

// watchmanSchemata are the types of the contract, and the schema that each is.
var watchmanSchemata = map[string]string{"": "Thing", "person": "Person", "business": "Organization", "organization": "Organization",
	"aircraft": "Airplane", "vessel": "Vessel"}

// watchmanQuestion reads the address strictly: what no one reads for this type is
// refused, as the contract has it.
func (s *server) watchmanQuestion(sh *shelf, q url.Values) (*watchmanQuestion, error) {
	kind := strings.ToLower(strings.TrimSpace(q.Get("type")))
	schema, ok := watchmanSchemata[kind]
	if !ok {
		return nil, refused(http.StatusBadRequest, "unknown type: %q, want person, business, organization, aircraft or vessel", kind)
	}
	out := &watchmanQuestion{kind: kind, limit: watchmanPage}
	e := example{Schema: &schema, Properties: map[string]values{}}
	var unused []string
	for name, vs := range sorted(q) {
		as := name
		if strings.HasPrefix(name, "gov_") && len(name) > len("gov_") {
			as = "gov_*"
		}
		if name == "as_of" || name == "known_at" {
			continue // ours
		}
		u, ok := s.watchmanUses[as]
		if !ok || len(u.types) > 0 && !slices.Contains(u.types, kind) {
			unused = append(unused, name)
			continue
		}
		vs = slices.DeleteFunc(slices.Clone(vs), func(v string) bool { return strings.TrimSpace(v) == "" })
		switch u.use {
		case "name":
			e.Properties["name"] = append(e.Properties["name"], vs...)
		case "gender":
			e.Properties["gender"] = vs
		case "birth":
			e.Properties["birthDate"] = vs
		case "country":
			if kind == "vessel" {
				e.Properties["flag"] = vs
			} else {
				e.Properties["country"] = vs
			}
		case "identifier":
			for _, v := range vs {
				if as == "gov_*" {
					if _, number, ok := strings.Cut(v, ":"); ok {
						v = number
					}
				}
				out.query.Identifiers = append(out.query.Identifiers, screen.Identifier{Value: v})
			}
		}
	}
	if len(unused) > 0 {
		return nil, refused(http.StatusBadRequest, "extra/unused query parameters: %s", strings.Join(unused, ", "))
	}
	numbers := out.query.Identifiers
	var err error
	if out.understood, err = s.terms.understand(&e); err != nil {
		return nil, refused(http.StatusBadRequest, "%s", err.Error())
	}
	out.query.Identifiers = append(out.query.Identifiers, numbers...)
	if len(out.query.Names) == 0 && len(out.query.Identifiers) == 0 {
		return nil, refused(http.StatusBadRequest, "name is required")
	}
	out.echo = watchmanEcho(kind, out, q)
	return out, out.options(sh, q)
}

// options reads what is not of the entity.
func (w *watchmanQuestion) options(sh *shelf, q url.Values) error {
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return refused(http.StatusBadRequest, "limit: %q is not a count", text)
		}
		w.limit = min(n, watchmanMost)
	}
	if text := q.Get("minMatch"); text != "" {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || !(f >= 0 && f <= 1) {
			return refused(http.StatusBadRequest, "minMatch: %q is not a number from 0 to 1", text)
		}
		w.minMatch = f
	}
	if text := q.Get("debug"); text != "" {
		on, err := strconv.ParseBool(text)
		if err != nil {
			return refused(http.StatusBadRequest, "debug: %q is not true or false", text)
		}
		w.debug = on
	}
	if text := q.Get("format"); text != "" && text != "json" {
		return refused(http.StatusBadRequest, "format: %q is not written here", text)
	}
	w.ref = q.Get("sourceID")
	if text := q.Get("source"); text != "" {
		for _, d := range sh.held {
			if text == d.watchmanName() || text == d.name || text == string(d.List) {
				w.list = d.List
			}
		}
		if w.list == "" {
			return refused(http.StatusBadRequest, "source: no list %q is held", text)
		}
	}
	return nil
}

func (d heldDataset) watchmanName() string { return cmp.Or(d.watchman, string(d.List)) }

// watchmanSearch answers GET /v2/search.
func (s *server) watchmanSearch(w http.ResponseWriter, r *http.Request) {
	q, sh, err := s.params(r, nil)
	if err != nil {
		s.watchmanFail(w, r, err)
		return
	}
	ask, err := s.watchmanQuestion(sh, q)
	if err != nil {
		s.watchmanFail(w, r, err)
		return
	}
	least := ask.minMatch
	if least == 0 {
		least = watchmanFloor
	}
	want := wanted{limit: ask.limit, threshold: least, cutoff: least}
	if ask.list != "" {
		want.scope = map[record.SourceID]bool{ask.list: true}
	}
	all := sh.candidates(&ask.understood, &want)
	slices.SortStableFunc(all, before)
	out := struct {
		Query    watchmanEntity  `json:"query"`
		Entities []watchmanMatch `json:"entities"` // null if there is none
	}{Query: ask.echo}
	for _, f := range all {
		if _, ref, _ := strings.Cut(string(f.ID), ":"); ask.ref != "" && ref != ask.ref || len(out.Entities) == ask.limit {
			continue
		}
		m := watchmanMatch{watchmanEntity: sh.watchmanEntity(f.entity, ask.kind), Match: f.Score}
		if ask.debug {
			e := sh.Explain(ask.query, f.Hit.ID)
			m.Details = &e
		}
		out.Entities = append(out.Entities, m)
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, out)
}

// watchmanLists answers GET /v2/listinfo.
func (s *server) watchmanLists(w http.ResponseWriter, r *http.Request) {
	sh, err := s.shelfOf(r)
	if err != nil {
		s.watchmanFail(w, r, err)
		return
	}
	started, ended := s.started, s.started
	s.refreshing.mu.Lock()
	if !s.refreshing.finished.IsZero() {
		started, ended = s.refreshing.started, s.refreshing.finished
	}
	s.refreshing.mu.Unlock()
	lists, hashes := map[string]int{}, map[string]string{}
	for _, d := range sh.held {
		lists[d.watchmanName()] = d.Entries
		if _, digest, ok := strings.Cut(d.Digest, ":"); ok {
			hashes[d.watchmanName()] = digest
		} else if d.Digest != "" {
			hashes[d.watchmanName()] = d.Digest
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"lists": lists, "listHashes": hashes, "startedAt": started, "endedAt": ended, "version": s.Version})
}

// told is how the reading of the ledger stands.
func (f *refreshing) told() map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string]any{"state": "idle", "trigger": f.trigger, "startedAt": nil, "finishedAt": nil, "duration": "", "lastError": ""}
	if f.running {
		out["state"] = "running"
	}
	if !f.started.IsZero() {
		out["startedAt"] = f.started
	}
	if !f.finished.IsZero() {
		out["finishedAt"], out["duration"] = f.finished, f.finished.Sub(f.started).Round(time.Millisecond).String()
	}
	if f.last != nil {
		out["lastError"] = "the ledger could not be read; the log tells why"
	}
	return out
}

func (s *server) watchmanRefreshed(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, s.refreshing.told())
}

// watchmanRefresh answers POST /v2/data/refresh: it reads what was appended to
// the ledger. Nothing is fetched from publishers.
func (s *server) watchmanRefresh(w http.ResponseWriter, r *http.Request) {
	status := http.StatusAccepted
	if !s.refreshing.start(s, context.WithoutCancel(r.Context()), "api") {
		status = http.StatusConflict
	}
	writeJSON(w, status, s.refreshing.told())
}

func (s *server) watchmanPing(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte("PONG"))
}

// watchmanNowhere answers for what is no address of the contract.
func (s *server) watchmanNowhere(w http.ResponseWriter, r *http.Request) {
	if methods := s.methods(r); len(methods) > 0 {
		w.Header().Set("Allow", strings.Join(methods, ", "))
		s.watchmanFail(w, r, refused(http.StatusMethodNotAllowed, "method not allowed; use %s", strings.Join(methods, " or ")))
		return
	}
	if path := r.URL.Path; strings.HasPrefix(path, "/v2/ingest/") || strings.HasPrefix(path, "/v2/export/") {
		s.watchmanFail(w, r, refused(http.StatusNotFound, "not served here: bring a list in with article41 import, take one out with article41 export"))
		return
	}
	s.watchmanFail(w, r, refused(http.StatusNotFound, "no such address"))
}

// rawMessage keeps JSON that is printed already.
type rawMessage = json.RawMessage
