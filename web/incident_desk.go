package web

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"article41"
	"article41/account"
	"article41/monitor"
	"article41/record"
)

// incidentRoutes are the addresses at which incidents are worked on. Everything at
// them is private: kept by no cache, and in no feed and no search.
var incidentRoutes = []route{
	{"GET /desk/incidents", account.ReadDrafts, (*site).incidentDesk},
	{"GET /desk/incidents/new", account.WriteDrafts, (*site).deskNew},
	{"POST /desk/incidents/save", account.WriteDrafts, (*site).deskSave},
	{"GET /desk/incidents/drafts/{id}", account.ReadDrafts, (*site).deskDraft},
	{"GET /desk/incidents/drafts/{id}/edit", account.WriteDrafts, (*site).deskEdit},
	{"POST /desk/incidents/drafts/{id}", account.ReadDrafts, (*site).deskStep},
	{"POST /desk/incidents/again", account.WriteDrafts, (*site).deskAgain},
	{"POST /desk/incidents/merge", account.Publish, (*site).deskMerge},
	{"POST /desk/incidents/withdraw", account.Publish, (*site).deskWithdraw},
	{"GET /desk/incidents/report", account.ReadDrafts, (*site).deskReport},
	{"POST /desk/incidents/report", account.ReadDrafts, (*site).deskPrinted},
	{"GET /desk/incidents/case", account.ReadDrafts, (*site).deskCaseForm},
	{"POST /desk/incidents/case", account.ReadDrafts, (*site).deskCase},
	{"POST /desk/incidents/answer", account.ReviewFindings, (*site).deskAnswer},
	{"GET /reply", account.ReadRecord, (*site).replyForm},
	{"POST /reply", account.ReadRecord, (*site).replySent},
	{"POST /reply/follow", account.ReadRecord, (*site).replyFollowed},
}

// theDesk is the desk, if this installation has one.
func (s *site) theDesk() (*monitor.Desk, error) {
	if s.o.Monitor == nil {
		return nil, fmt.Errorf("%w: this server answers from the shipped record alone; drafts and notices need a database", record.ErrNotFound)
	}
	return s.o.Monitor, nil
}

func (s *site) instant() time.Time {
	if s.o.Now != nil {
		return s.o.Now()
	}
	d := s.o.Today()
	return time.Date(d.Year(), d.Month(), d.Day(), 17, 0, 0, 0, time.UTC)
}

// private is a page of the desk.
func private(title string, p page) page {
	p.Title, p.Private, p.NoIndex, p.Twin, p.Nav = title, true, true, "-", "/incidents"
	return p
}

type workView struct {
	Drafts  []monitor.Draft
	Notices []monitor.Notice
	May     map[account.Action]bool
}

func mays(a *ask) map[account.Action]bool {
	out := map[account.Action]bool{}
	for _, x := range []account.Action{account.WriteDrafts, account.ReviewFindings, account.Publish, account.ReadWithheld} {
		out[x] = account.Of(a.Context()).May(x)
	}
	return out
}

func (s *site) incidentDesk(a *ask) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	v := workView{May: mays(a)}
	if v.Drafts, err = d.Drafts(a.Context()); err != nil {
		return page{}, err
	}
	if v.May[account.ReviewFindings] {
		if v.Notices, err = d.Notices(a.Context()); err != nil {
			return page{}, err
		}
	}
	return private("Drafts", page{Body: workPage(a, v)}), nil
}

// draftView is a draft, its form, and what was wrong.
type draftView struct {
	monitor.Draft
	Form   *draftForm
	May    map[account.Action]bool
	Mine   bool // the reader wrote in it
	Alone  bool // whoever asks is the local owner: everybody on this machine is one person here
	Blanks int
	// Changes are what it changes of what was published; Published that it was.
	Changes   []monitor.Change
	Published bool
}

// releasable is the withheld evidence that is not in the part to be published yet.
func (v draftView) releasable() (out []record.Evidence) {
	for _, e := range v.Withheld.Evidence {
		if !slices.ContainsFunc(v.Incident.Evidence, func(o record.Evidence) bool { return o.ID == e.ID }) {
			out = append(out, e)
		}
	}
	return out
}

func (s *site) deskNew(a *ask) (page, error) {
	if _, err := s.theDesk(); err != nil {
		return page{}, err
	}
	f := draftFormOf(monitor.Draft{})
	f.Set("precision", "town")
	return s.editPage(a, monitor.Draft{}, f, 1), nil
}

func (s *site) editPage(a *ask, x monitor.Draft, f *draftForm, blanks int) page {
	v := draftView{Draft: x, Form: f, May: mays(a), Blanks: blanks}
	if _, _, err := s.o.Monitor.Ledger.Last(a.Context(), a.Today, x.Incident.ID); err == nil {
		v.Published = true
	}
	p := private("Enter an incident", page{Body: draftFormPage(a, v)})
	if len(f.Problems) > 0 {
		p.Status, p.Title = 400, "Incident: "+count(len(f.Problems), "field needs", "fields need")+" another look"
	}
	return p
}

func (s *site) deskEdit(a *ask) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	x, err := d.Draft(a.Context(), monitor.DraftID(a.PathValue("id")))
	if err != nil {
		return page{}, err
	}
	return s.editPage(a, x, draftFormOf(x), 1), nil
}

// deskAgain opens a published incident to be corrected.
func (s *site) deskAgain(a *ask) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	id := record.IncidentID(strings.TrimSpace(a.form.Get("id")))
	in, fs, err := d.Ledger.Published(a.Context(), a.Today, id)
	if errors.Is(err, record.ErrNotFound) { // withdrawn: it is entered again over what stood there
		in, _, err = d.Ledger.Last(a.Context(), a.Today, id)
	}
	if err != nil {
		return page{}, err
	}
	x, err := d.Save(a.Context(), s.instant(), monitor.Draft{Incident: in, Findings: fs}, nil)
	if err != nil {
		return page{}, err
	}
	return page{Moved: "/desk/incidents/drafts/" + string(x.ID) + "/edit"}, nil
}

// deskSave writes what was entered. A form with something unreadable comes back as
// it was typed; one that is only unfinished is kept as a draft.
func (s *site) deskSave(a *ask) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	f := &draftForm{Values: a.form}
	x, withheld := f.draft()
	x.ID = monitor.DraftID(a.form.Get("draft"))
	x.Version, _ = strconv.ParseInt(a.form.Get("version"), 10, 64)
	if a.form.Get("do") == "more" {
		f.Problems = nil
		return s.editPage(a, x, f, 3), nil
	}
	if len(f.Problems) > 0 {
		return s.editPage(a, x, f, 1), nil
	}
	if x.ID != "" {
		held, err := d.Draft(a.Context(), x.ID)
		if err != nil {
			return page{}, err
		}
		x = merged(x, held)
	}
	if !account.Of(a.Context()).May(account.ReadWithheld) {
		withheld = nil
	}
	saved, err := d.Save(a.Context(), s.instant(), x, withheld)
	switch {
	case errors.Is(err, record.ErrConflict), errors.Is(err, record.ErrInvalid):
		f.wrong("title", "%s", words(err))
		return s.editPage(a, x, f, 1), nil
	case err != nil:
		return page{}, err
	}
	return page{Moved: "/desk/incidents/drafts/" + string(saved.ID)}, nil
}

func (s *site) deskDraft(a *ask) (page, error) { return s.draftShown(a, "") }

// draftShown is the page of one draft, with what could not be done to it, if
// anything.
func (s *site) draftShown(a *ask, trouble string) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	id := monitor.DraftID(a.PathValue("id"))
	if err := d.Opened(a.Context(), s.instant(), id); err != nil && !errors.Is(err, account.ErrErased) {
		return page{}, err
	}
	x, err := d.Draft(a.Context(), id)
	if err != nil {
		return page{}, err
	}
	v := draftView{Draft: x, May: mays(a), Mine: slices.Contains(x.Editors, account.Of(a.Context()).ID), Alone: account.Of(a.Context()).ID == account.Local().ID}
	if v.Changes, err = d.Corrections(a.Context(), s.instant(), x); err != nil {
		return page{}, err
	}
	var ps []string
	if trouble != "" {
		ps = strings.Split(trouble, "; ")
	}
	p := private("Draft", page{Body: draftPage(a, v, ps)})
	if trouble != "" {
		p.Status = 409
	}
	return p, nil
}

// deskStep takes a draft further: to review, through it, or out.
func (s *site) deskStep(a *ask) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	id := monitor.DraftID(a.PathValue("id"))
	version, _ := strconv.ParseInt(a.form.Get("version"), 10, 64)
	var x monitor.Draft
	switch a.form.Get("do") {
	case "submit":
		x, err = d.Submit(a.Context(), s.instant(), id, version)
	case "accept":
		x, err = d.Review(a.Context(), s.instant(), id, version, true, strings.TrimSpace(a.form.Get("note")))
	case "back":
		x, err = d.Review(a.Context(), s.instant(), id, version, false, strings.TrimSpace(a.form.Get("note")))
	case "custody":
		x, err = d.Handle(a.Context(), s.instant(), id, version, a.form.Get("evidence"), a.form.Get("did"), a.form.Get("note"), nil)
	case "release":
		x, err = d.Release(a.Context(), s.instant(), id, version, a.form.Get("evidence"), a.form.Get("title"), a.form.Get("why"))
	case "publish":
		x, err = d.Publish(a.Context(), s.instant(), id, version)
	default:
		err = fmt.Errorf("%w: nothing to do was chosen", record.ErrInvalid)
	}
	switch {
	case errors.Is(err, record.ErrInvalid), errors.Is(err, record.ErrConflict), errors.Is(err, monitor.ErrDenied):
		return s.draftShown(a, words(err))
	case err != nil:
		return page{}, err
	case x.State == monitor.Published && a.form.Get("do") == "publish":
		return page{Moved: "/incidents/" + string(x.Incident.ID)}, nil
	}
	return page{Moved: "/desk/incidents/drafts/" + string(id)}, nil
}

func (s *site) deskMerge(a *ask) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	keep, other := record.IncidentID(strings.TrimSpace(a.form.Get("keep"))), record.IncidentID(strings.TrimSpace(a.form.Get("other")))
	if err := d.Merge(a.Context(), s.instant(), keep, other, strings.TrimSpace(a.form.Get("why"))); errors.Is(err, record.ErrConflict) {
		return page{}, fmt.Errorf("%w: %s", record.ErrInvalid, words(err))
	} else if err != nil {
		return page{}, err
	}
	return page{Moved: "/incidents/" + string(keep)}, nil
}

func (s *site) deskWithdraw(a *ask) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	id := record.IncidentID(strings.TrimSpace(a.form.Get("id")))
	if err := d.Withdraw(a.Context(), s.instant(), id, record.FindingID(strings.TrimSpace(a.form.Get("finding"))), a.form.Get("why")); errors.Is(err, record.ErrConflict) {
		return page{}, fmt.Errorf("%w: %s", record.ErrInvalid, words(err))
	} else if err != nil {
		return page{}, err
	}
	return page{Moved: "/incidents/" + string(id)}, nil
}

func (s *site) deskAnswer(a *ask) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	if err := d.Answer(a.Context(), s.instant(), a.form.Get("ref"), a.form.Get("answer")); err != nil {
		return page{}, err
	}
	return page{Moved: "/desk/incidents#notices"}, nil
}

// replyView is the form for whoever is named, or what became of their notice.
type replyView struct {
	Notice   monitor.Notice
	Problems []problem
	Sent     string // the reference, once
	Followed bool
}

func (v replyView) problem(field string) string {
	for _, p := range v.Problems {
		if p.Field == field {
			return p.Says
		}
	}
	return ""
}

func (s *site) replyForm(a *ask) (page, error) {
	v := replyView{Notice: monitor.Notice{About: record.IncidentID(clip(a.form.Get("about"))), Sort: "reply"}}
	return page{Title: "You are named here", Body: replyPage(a, v), Nav: "/incidents", Twin: "-", NoIndex: true}, nil
}

func (s *site) replySent(a *ask) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	v := replyView{Notice: monitor.Notice{About: record.IncidentID(strings.TrimSpace(a.form.Get("about"))), Sort: a.form.Get("sort"), Name: a.form.Get("name"), Contact: a.form.Get("contact"), Text: a.form.Get("text")}}
	p := private("You are named here", page{})
	v.Sent, err = d.Receive(a.Context(), s.instant(), v.Notice)
	switch {
	case errors.Is(err, record.ErrInvalid), errors.Is(err, record.ErrConflict):
		for _, t := range strings.Split(strings.TrimSuffix(words(err), "."), "; ") {
			field, says, _ := strings.Cut(t, ": ")
			v.Problems = append(v.Problems, problem{strings.ToLower(field), capital(says) + "."})
		}
		p.Status = 400
	case err != nil:
		return page{}, err
	}
	p.Body = replyPage(a, v)
	return p, nil
}

func (s *site) replyFollowed(a *ask) (page, error) {
	d, err := s.theDesk()
	if err != nil {
		return page{}, err
	}
	n, err := d.Followed(a.Context(), a.form.Get("ref"))
	if err != nil {
		return page{}, err
	}
	return private("Your notice", page{Body: replyPage(a, replyView{Notice: n, Followed: true})}), nil
}

// pickView is what a report or a case is built from: published findings.
type pickView struct {
	Findings []pickFinding
	Regimes  []article41.Status
	Problem  string
}

type pickFinding struct {
	record.Finding
	Incident string
}

func (s *site) picks(a *ask) (v pickView, err error) {
	fs, err := s.q.Findings(a.Context(), a.At, "")
	if err != nil {
		return v, err
	}
	for _, f := range fs {
		v.Findings = append(v.Findings, pickFinding{f, string(f.Incidents[0])})
	}
	v.Regimes, err = s.q.Statuses(a.Context(), a.At)
	return v, err
}

func (s *site) deskReport(a *ask) (page, error) {
	v, err := s.picks(a)
	return private("Build a report", page{Body: reportFormPage(a, v)}), err
}

// picked are the findings that were chosen, and their incidents.
func (s *site) picked(a *ask) (fs []record.Finding, ins []record.Incident, err error) {
	seen := map[record.IncidentID]bool{}
	for _, id := range a.form["finding"] {
		f, _, err := s.q.Finding(a.Context(), a.At, record.FindingID(id))
		if err != nil {
			return nil, nil, err
		}
		fs = append(fs, f)
		for _, i := range f.Incidents {
			if seen[i] {
				continue
			}
			seen[i] = true
			in, err := s.q.Incident(a.Context(), a.At, i)
			if err != nil {
				return nil, nil, err
			}
			ins = append(ins, in.Incident)
		}
	}
	if len(fs) == 0 {
		return nil, nil, fmt.Errorf("%w: choose at least one finding", record.ErrInvalid)
	}
	return fs, ins, nil
}

func (s *site) deskPrinted(a *ask) (page, error) {
	fs, ins, err := s.picked(a)
	if err != nil {
		return page{}, err
	}
	r := monitor.BuildReport(clipTo(a.form.Get("title"), 200), clipTo(a.form.Get("mandate"), 400), ins, fs)
	return private(r.Title, page{Body: printedPage(a, r)}), nil
}

func (s *site) deskCaseForm(a *ask) (page, error) {
	v, err := s.picks(a)
	return private("Draft a statement of case", page{Body: caseFormPage(a, v)}), err
}

func (s *site) deskCase(a *ask) (page, error) {
	fs, ins, err := s.picked(a)
	if err != nil {
		return page{}, err
	}
	proposed := clipTo(strings.TrimSpace(a.form.Get("proposed")), 200)
	if proposed == "" {
		return page{}, fmt.Errorf("%w: say who is to be proposed", record.ErrInvalid)
	}
	r, err := s.q.Regime(a.Context(), a.At, record.RegimeID(a.form.Get("regime")))
	if err != nil {
		return page{}, err
	}
	return private("Draft statement of case", page{Body: casePage(a, monitor.BuildCase(proposed, r.Regime, fs, ins))}), nil
}

func clipTo(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
