package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"article41/account"
	"article41/policy"
	"article41/watch"
)

// deskRoutes are the addresses of what is kept about a house's customers. Nothing
// of it is public: no cache keeps it, and no page of another origin reads it.
var deskRoutes = []struct {
	pattern string
	action  account.Action
	answer  func(*server, *watch.Desk, *ask, []byte) (any, error)
	params  []string
}{
	{"GET " + own + "alerts", account.ReadAlerts, (*server).alerts, []string{"state", "limit", "page", "cursor"}},
	{"GET " + own + "alerts/export", account.ReadAlerts, (*server).exportAlerts, []string{"format", "state"}},
	{"GET " + own + "alerts/changes", account.ReadAlerts, (*server).alertChanges, []string{"after", "limit"}},
	{"GET " + own + "alerts/proofs", account.ReadAlerts, (*server).proofs, []string{"from"}},
	{"GET " + own + "alerts/{id}", account.ReadAlerts, (*server).alert, nil},
	{"POST " + own + "alerts/{id}/decision", account.DecideAlerts, (*server).decide, nil},
	{"GET " + own + "customers", account.KeepCustomers, (*server).customers, []string{"cursor", "limit"}},
	{"POST " + own + "customers/remove", account.KeepCustomers, (*server).removeCustomer, nil},
}

// desk answers a question to the desk; a body is read before, where there is one.
func (s *server) desk(answer func(*server, *watch.Desk, *ask, []byte) (any, error), params []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.caught(w, r)
		w.Header().Set("Cache-Control", "no-store")
		ctx, cancel := context.WithTimeout(r.Context(), answerTime)
		defer cancel()
		v, err := func() (any, error) {
			a := &ask{Request: r.WithContext(ctx)}
			var err error
			if a.params, err = paramsOf(r, params); err != nil {
				return nil, err
			}
			var body bytes.Buffer
			if r.Method == http.MethodPost {
				err := s.readBody(w, r, &body)
				if errors.Is(err, errNotText) || errors.Is(err, errTooDeep) {
					err = newProblem(http.StatusBadRequest, err.Error())
				}
				if err != nil {
					return nil, err
				}
			}
			d, err := s.openDesk(ctx)
			if err != nil {
				return nil, err
			}
			return answer(s, d, a, body.Bytes())
		}()
		var f watch.Fault
		if errors.As(err, &f) {
			err = newProblem(http.StatusBadRequest, f.Error(), fault{f.Field, f.Says, ""})
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		if file, ok := v.(streamed); ok {
			w.Header().Set("Content-Type", file.media)
			w.Header().Set("Content-Disposition", `attachment; filename="`+file.name+`"`)
			c := http.NewResponseController(w)
			out := &steady{w, func() { c.SetWriteDeadline(deadline(answerTime)) }}
			if err := file.write(r.Context(), out); err != nil {
				s.Log.Info("a file ended before its end", "reason", fmt.Sprintf("%T", err))
				panic(http.ErrAbortHandler) // a cut file must not look whole
			}
			return
		}
		s.write(w, r, v)
	})
}

func (s *server) openDesk(ctx context.Context) (*watch.Desk, error) {
	if s.Watch == nil {
		return nil, newProblem(http.StatusNotFound, "this server keeps no customers: it has no database")
	}
	return s.Watch(ctx)
}

// whole reads a whole number from low to high.
func (a *ask) whole(name string, low, high, none int) (int, error) {
	text := a.params.Get(name)
	if text == "" {
		return none, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, wrong(name, "this is no such number", fmt.Sprintf("a whole number from %d to %d", low, high))
	}
	return n, nil
}

type alertsDocument struct {
	Alerts []watch.Told `json:"alerts"`
	Total  int          `json:"total"`
	Next   string       `json:"next"` // the cursor of the next page; empty: this was the last
	Policy policy.Used  `json:"policy"`
}

type proofsDocument struct {
	Proofs []watch.Proven `json:"proofs"`
}

func (s *server) alerts(d *watch.Desk, a *ask, _ []byte) (any, error) {
	state := a.params.Get("state")
	if state == "" {
		state = "waiting"
	}
	want, err := watch.InState(state)
	if err != nil {
		return nil, err
	}
	limit, err := a.whole("limit", 1, 500, 100)
	if err != nil {
		return nil, err
	}
	page, err := a.whole("page", 1, 1_000_000, 1)
	if err != nil {
		return nil, err
	}
	all, err := d.Alerts(a.Context(), want)
	if err != nil {
		return nil, err
	}
	total, from := len(all), (page-1)*limit
	if cursor := a.params.Get("cursor"); cursor != "" {
		// The alert shown last. One that was decided meanwhile no longer waits, so
		// that its place cannot be told.
		if from = 1 + slices.IndexFunc(all, func(x watch.Alert) bool { return string(x.ID) == cursor }); from == 0 || a.params.Has("page") {
			return nil, wrong("cursor", "this is no cursor of this address, or its alert is no longer in this state", "the value of next in the page before, unchanged, and no page beside it; or no cursor, to begin anew")
		}
	}
	all = all[min(total, from):min(total, from+limit)]
	next := ""
	if n := len(all); n > 0 && from+n < total {
		next = string(all[n-1].ID)
	}
	told := []watch.Told{}
	for _, x := range all {
		t, err := d.Tell(a.Context(), x)
		if err != nil {
			return nil, err
		}
		told = append(told, t)
	}
	return alertsDocument{told, total, next, d.Policy().Used()}, nil
}

// exportAlerts answers with alerts as a file, whole: every one in the state.
func (s *server) exportAlerts(d *watch.Desk, a *ask, _ []byte) (any, error) {
	format, state := a.params.Get("format"), a.params.Get("state")
	if format == "" {
		format = "jsonl"
	}
	if state == "" {
		state = "all"
	}
	media, err := watch.MediaType(format)
	if err != nil {
		return nil, wrong("format", "no such format", "jsonl, csv, parquet or ftm")
	}
	want, err := watch.InState(state)
	if err != nil {
		return nil, err
	}
	all, err := d.Alerts(a.Context(), want)
	if err != nil {
		return nil, err
	}
	return streamed{media, "alerts." + format, func(ctx context.Context, w io.Writer) error { return d.Write(ctx, w, format, all) }}, nil
}

// streamed is an answer that is a file, written as it is made.
type streamed struct {
	media, name string
	write       func(context.Context, io.Writer) error
}

// steady sets a deadline before each write: a file may be long, but not silent.
type steady struct {
	w      io.Writer
	before func()
}

func (s *steady) Write(b []byte) (int, error) {
	s.before()
	return s.w.Write(b)
}

// movedAlert is one change: an alert as it stands now.
type movedAlert struct {
	Cursor int64 `json:"cursor"`
	watch.Told
}

type movedDocument struct {
	Changes []movedAlert `json:"changes"`
	Next    int64        `json:"next"`
	More    bool         `json:"more"`
}

func (s *server) alertChanges(d *watch.Desk, a *ask, _ []byte) (any, error) {
	after, err := a.whole("after", 0, 1<<62, 0)
	if err != nil {
		return nil, err
	}
	limit, err := a.whole("limit", 1, 1000, 500)
	if err != nil {
		return nil, err
	}
	moved, next, more, err := d.Since(a.Context(), int64(after), limit)
	if err != nil {
		return nil, err
	}
	out := []movedAlert{}
	for _, m := range moved {
		t, err := d.Tell(a.Context(), m.Alert)
		if err != nil {
			return nil, err
		}
		out = append(out, movedAlert{m.Seq, t})
	}
	return movedDocument{out, next, more}, nil
}

func (s *server) alert(d *watch.Desk, a *ask, _ []byte) (any, error) {
	x, _, _, err := d.Alert(a.Context(), watch.AlertID(a.PathValue("id")))
	if err != nil {
		return nil, err
	}
	return d.Tell(a.Context(), x)
}

// decisionBody is a reviewer's decision. Evidence is that of the alert as it was
// looked at; if it changed since, nothing is decided.
type decisionBody struct {
	Verdict  watch.State `json:"verdict"`
	Reason   string      `json:"reason"`
	Evidence string      `json:"evidence"`
}

func (s *server) decide(d *watch.Desk, a *ask, body []byte) (any, error) {
	var b decisionBody
	if err := decode(body, &b); err != nil {
		return nil, err
	}
	if b.Evidence == "" {
		return nil, wrong("evidence", "missing", "the alert's evidence as it was looked at")
	}
	x, err := d.Decide(a.Context(), watch.AlertID(a.PathValue("id")), b.Evidence, b.Verdict, b.Reason, account.Of(a.Context()), time.Now())
	if err != nil {
		return nil, err
	}
	return d.Tell(a.Context(), x)
}

func (s *server) proofs(d *watch.Desk, a *ask, _ []byte) (any, error) {
	var from time.Time
	if text := a.params.Get("from"); text != "" {
		at, err := s.readAt(text, "", "")
		if err != nil {
			return nil, wrong("from", "this is no day", "a day as YYYY-MM-DD")
		}
		from = at.AsOf.At(0, 0)
	}
	ps, err := d.Proofs(a.Context(), from)
	return proofsDocument{ps}, err
}
