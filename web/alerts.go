package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"article41/account"
	"article41/record"
	"article41/watch"
)

// alertRoutes are the addresses of the queue of alerts. An alert's id is an alias:
// no address holds a name or a customer's number.
var alertRoutes = []route{
	{"GET /alerts", account.ReadAlerts, (*site).alerts},
	{"GET /alerts/{id}", account.ReadAlerts, (*site).alert},
	{"POST /alerts/{id}", account.DecideAlerts, (*site).alertDecided},
}

// alertStates are the views of the queue.
var alertStates = []struct{ Value, Word string }{
	{"", "waiting"}, {"true-hit", "true hits"}, {"not-same", "not the same"}, {"noted", "noted"}, {"merged", "merged"}, {"all", "all"},
}

// alertsView is one page of the queue.
type alertsView struct {
	State  string
	Alerts []watch.Told
	Counts map[string]int
	Bound  int // waiting, and something binds the entry today
	Total  int
	Page   int
	Policy string
	From   float64
	Eyes   bool
	Proof  *watch.Proven // the newest
}

const alertsShown = 50

// alertFormats are the files that the queue is offered as, by the API.
var alertFormats = []struct{ format, word string }{{"csv", "CSV"}, {"jsonl", "JSON lines"}, {"parquet", "Parquet"}, {"ftm", "FollowTheMoney"}}

// file is the address of the alerts shown, of all pages, as a file.
func (v alertsView) file(format string) string {
	state := v.State
	if state == "" {
		state = "waiting"
	}
	return "/api/v1/alerts/export?" + url.Values{"format": {format}, "state": {state}}.Encode()
}

func (s *site) watchDesk(a *ask) (*watch.Desk, error) {
	if s.o.Watch == nil {
		return nil, fmt.Errorf("%w: this installation keeps no customers, so there are no alerts", record.ErrNotFound)
	}
	return s.o.Watch(a.Context())
}

func (s *site) alerts(a *ask) (page, error) {
	d, err := s.watchDesk(a)
	if err != nil {
		return page{}, err
	}
	v := alertsView{State: a.form.Get("state"), Counts: map[string]int{}, Policy: d.Policy().Used().Title(), Eyes: d.Policy().FourEyes, From: d.Threshold(), Page: 1}
	if n, err := strconv.Atoi(a.form.Get("page")); err == nil && n > 0 && n < 1_000_000 {
		v.Page = n
	}
	all, err := d.Alerts(a.Context(), nil)
	if err != nil {
		return page{}, err
	}
	kept := all[:0:0]
	for _, x := range all {
		v.Counts["all"]++
		state := string(x.State)
		if x.Waits() {
			state = ""
			if x.Standing.Alive && x.Meets {
				v.Bound++
			}
		}
		v.Counts[state]++
		if v.State == "all" || v.State == state {
			kept = append(kept, x)
		}
	}
	v.Total = len(kept)
	for _, x := range kept[min(v.Total, (v.Page-1)*alertsShown):min(v.Total, v.Page*alertsShown)] {
		t, err := d.Tell(a.Context(), x)
		if err != nil {
			return page{}, err
		}
		v.Alerts = append(v.Alerts, t)
	}
	if ps, err := d.Proofs(a.Context(), s.now().AddDate(0, 0, -8)); err != nil {
		return page{}, err
	} else if len(ps) > 0 {
		v.Proof = &ps[len(ps)-1]
	}
	return page{Title: "Alerts", Body: alertsPage(a, v), Nav: "/alerts", Private: true, NoIndex: true, Twin: "/alerts", Head: deskScript()}, nil
}

// first is the queue's first line.
func (v alertsView) first() string {
	switch n := v.Counts[""]; {
	case n == 0:
		return "No alert waits."
	case v.Bound == n:
		return count(n, "alert waits", "alerts wait") + " for a decision."
	default:
		return fmt.Sprintf("%s for a decision; of %d something binds the entry today.", count(n, "alert waits", "alerts wait"), v.Bound)
	}
}

func (v alertsView) pages() int { return (v.Total + alertsShown - 1) / alertsShown }

// alertView is one alert with the form of a decision.
type alertView struct {
	watch.Told
	MayDecide bool
	Verdict   string
	Reason    string
	Problems  []problem
	FourEyes  bool
}

func (s *site) alert(a *ask) (page, error) { return s.alertAgain(a, alertView{}) }

func (s *site) alertAgain(a *ask, v alertView) (page, error) {
	d, err := s.watchDesk(a)
	if err != nil {
		return page{}, err
	}
	x, _, _, err := d.Alert(a.Context(), watch.AlertID(a.PathValue("id")))
	if err != nil {
		return page{}, err
	}
	if v.Told, err = d.Tell(a.Context(), x); err != nil {
		return page{}, err
	}
	v.MayDecide = account.Of(a.Context()).May(account.DecideAlerts) && v.Told.Evidence != nil && x.State != watch.Merged
	v.FourEyes = d.Policy().FourEyes
	p := page{Title: "Alert on " + x.Caption, Body: alertPage(a, v), Nav: "/alerts", Private: true, NoIndex: true, Twin: "/alerts/" + string(x.ID), Head: deskScript()}
	if len(v.Problems) > 0 {
		p.Status = http.StatusBadRequest
	}
	return p, nil
}

// alertDecided takes a decision and goes to the next alert's queue.
func (s *site) alertDecided(a *ask) (page, error) {
	d, err := s.watchDesk(a)
	if err != nil {
		return page{}, err
	}
	v := alertView{Verdict: a.form.Get("verdict"), Reason: a.form.Get("reason")}
	if v.Verdict == "" {
		v.Problems = append(v.Problems, problem{"verdict-not-same", "Choose what you found."})
	}
	if strings.TrimSpace(v.Reason) == "" {
		v.Problems = append(v.Problems, problem{"reason", "Say why: a decision without a reason cannot be looked at again."})
	}
	if len(v.Problems) > 0 {
		return s.alertAgain(a, v)
	}
	id := a.PathValue("id")
	_, err = d.Decide(a.Context(), watch.AlertID(id), a.form.Get("evidence"), watch.State(v.Verdict), v.Reason, account.Of(a.Context()), s.now())
	var f watch.Fault
	switch {
	case errors.As(err, &f):
		field := f.Field
		if field == "verdict" {
			field = "verdict-not-same"
		}
		v.Problems = []problem{{field, capital(f.Says) + "."}}
	case errors.Is(err, watch.ErrSame):
		v.Problems = []problem{{"reason", "The policy wants four eyes: somebody else has to agree."}}
	case errors.Is(err, record.ErrConflict):
		v.Problems = []problem{{"reason", "The alert changed while you looked at it. Here it is as it stands now; look again."}}
	case err != nil:
		return page{}, err
	default:
		return page{Moved: "/alerts/" + id}, nil
	}
	return s.alertAgain(a, v)
}

// alertFirst is an alert's first line.
func (v alertView) first() string {
	name := v.Caption
	switch v.State {
	case watch.TrueHit:
		return "Decided: a true hit on " + name + "."
	case watch.NotSame:
		return "Decided: not the same as " + name + "."
	case watch.Merged:
		return "The entry goes on under another reference."
	case watch.Noted:
		return "A customer's name meets " + name + ". Under the policy nobody has to decide."
	case watch.Proposed:
		return "One reviewer has decided; a second is wanted."
	}
	if !v.Meets {
		return "The customer does not meet " + name + " any more."
	}
	return "A customer's name meets " + name + "."
}

// alertWords are an alert's state for people.
func alertWords(x watch.State) string {
	return map[watch.State]string{watch.Open: "open", watch.Proposed: "waits for a second reviewer", watch.TrueHit: "true hit", watch.NotSame: "not the same", watch.Noted: "noted", watch.Merged: "merged"}[x]
}

// listOf is the list and the reference of an alert's entry.
func listOf(t watch.Alert) (list record.SourceID, ref string) {
	l, ref, _ := strings.Cut(string(t.Entry), ":")
	return record.SourceID(l), ref
}

func (v alertView) lead() string {
	return fmt.Sprintf("%s: %s. Score %.2f, %s.", v.Caption, v.Stands, v.Score, v.Class)
}
