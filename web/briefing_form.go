package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"article41/briefing"
	"article41/record"
)

// commentForm is the form below a briefing, with what was typed and what is wrong
// with it.
type commentForm struct {
	Fields briefing.Form
	Faults []briefing.Fault
	Stamp  string
	Tried  bool // it was sent before: fields without a fault look good
	Says   string
}

func (s *site) emptyForm(a *ask, l briefing.Lang) commentForm {
	f := commentForm{Fields: briefing.Form{Lang: l}}
	if s.o.Desk.TakesComments() {
		f.Stamp = s.o.Desk.Limits.Stamp(s.now())
	}
	return f
}

// fault is what is wrong with a field; empty: nothing.
func (f commentForm) fault(field string) string {
	for _, x := range f.Faults {
		if x.Field == field {
			return x.Says
		}
	}
	return ""
}

// good reports whether a field was sent and is right.
func (f commentForm) good(field, value string) bool {
	return f.Tried && strings.TrimSpace(value) != "" && f.fault(field) == ""
}

func formOf(a *ask) briefing.Form {
	g := func(k string) string { return strings.ToValidUTF8(a.form.Get(k), "\uFFFD") }
	_, asked := a.form["altcha"]
	return briefing.Form{Name: g("name"), Email: g("email"), Message: g("message"), Rating: g("rating"), Clear: g("clear"), Sourced: g("sourced"), Fair: g("fair"),
		Type: g("type"), Place: g("place"), Source: g("source"), ReplyTo: g("reply_to"), Proof: a.form.Get("altcha"), ProofAsked: asked,
		Trap: g("website"), Stamp: g("stamp"), Address: a.RemoteAddr, Lang: uiLang(a, g("lang"))}
}

// comment takes a post: to the author's private page, or back with every fault.
func (s *site) comment(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	slug := briefing.Slug(a.PathValue("slug"))
	f := formOf(a)
	got, err := s.o.Desk.Post(a.Context(), slug, f, s.now())
	var budget briefing.ErrBudget
	switch {
	case errors.As(err, &budget):
		return page{Title: "Too many posts", Status: http.StatusTooManyRequests, Private: true, NoIndex: true, Twin: "-", Retry: budget.Retry,
			Body: failurePage(a, failure{Title: "Too many posts", Says: fmt.Sprintf("More comments came from your network, or from everywhere, than are taken in an hour. Nothing of yours was kept. There is room again in %s. With script on, the robot check lifts most of this bound.", count(int(budget.Retry.Minutes())+1, "minute", "minutes"))})}, nil
	case briefing.IsClosed(err):
		return page{}, fmt.Errorf("%w: comments on this briefing are closed", record.ErrInvalid)
	case err != nil && got.Token == "":
		return page{}, err
	case err != nil: // kept, but a mail could not be sent
		s.tell(newReference(), err)
	}
	if len(got.Faults) == 0 {
		if got.Token == "" {
			return page{Title: "Thank you", Private: true, NoIndex: true, Twin: "-", Body: thanksPage(slug)}, nil
		}
		return page{Moved: "/comments/" + got.Token}, nil
	}
	p0, err := s.o.Desk.Briefing(slug, s.now())
	if err != nil {
		return page{}, err
	}
	// The form alone, without the article: an answer to a robot has to be cheap.
	v := briefingView{Public: p0, L: f.Lang, Address: "/briefings/" + string(slug), Discuss: true}
	v.Thread = s.o.Desk.Thread(slug, 1, s.now())
	v.Form = commentForm{Fields: f, Faults: got.Faults, Stamp: f.Stamp, Tried: true}
	p := page{Title: v.Title, Nav: "/briefings", Lang: v.Lang, Fresh: true, Body: againPage(a, v), Head: briefingHead(a, v), Twin: "-"}
	p.Title = v.L.Count("problem-title", len(got.Faults)) + ": " + p.Title
	p.Status, p.Private, p.NoIndex = http.StatusUnprocessableEntity, true, true
	return p, nil
}

// mineView is an author's private page.
type mineView struct {
	briefing.Mine
	Token string
	L     briefing.Lang
	Says  string
}

var stateWords = map[briefing.State]string{
	briefing.Unconfirmed: "Your comment waits for you: confirm that it is yours.",
	briefing.Waiting:     "Your comment waits for a moderator.",
	briefing.Approved:    "Your comment is on the page.",
	briefing.Rejected:    "Your comment was not put on the page.",
	briefing.Removed:     "Your comment was removed from the page.",
	briefing.Erased:      "Your comment was erased. Nothing of it is left.",
}

func (s *site) mine(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	token := a.PathValue("token")
	m, err := s.o.Desk.Mine(token)
	if err != nil {
		return page{}, err
	}
	return s.minePage(a, mineView{Mine: m, Token: token, L: briefing.English}), nil
}

func (s *site) minePage(a *ask, v mineView) page {
	return page{Title: stateWords[v.State], Body: minePage(a, v), Head: briefingSheet(), Private: true, NoIndex: true, Twin: "-"}
}

// mineDo is what an author does on the private page.
func (s *site) mineDo(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	token := a.PathValue("token")
	var err error
	switch do := a.form.Get("do"); do {
	case "confirm":
		err = s.o.Desk.Confirmed(a.Context(), token, s.now())
	case "appeal":
		err = s.o.Desk.Appeal(a.Context(), token, a.form.Get("appeal"), s.now())
	case "erase":
		err = s.o.Desk.Erase(a.Context(), token, s.now())
	default:
		err = fmt.Errorf("%w: there is nothing to do called %q", record.ErrInvalid, clip(do))
	}
	if err != nil {
		return page{}, err
	}
	return page{Moved: "/comments/" + token}, nil
}

// reportForm is "report this".
func (s *site) reportForm(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	c, err := s.o.Desk.One(briefing.ID(a.PathValue("id")))
	if err != nil || c.State != briefing.Approved || string(c.Briefing) != a.PathValue("slug") {
		return page{}, fmt.Errorf("%w: there is no such comment on show", record.ErrNotFound)
	}
	return page{Title: "Report a comment", Body: reportPage(a, c), Head: briefingSheet(), Fresh: true, NoIndex: true, Twin: "-"}, nil
}

func (s *site) report(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	token, err := s.o.Desk.Report(a.Context(), briefing.ID(a.PathValue("id")), briefing.Reason(a.form.Get("reason")), a.form.Get("says"), strings.TrimSpace(a.form.Get("email")), a.RemoteAddr, s.now())
	var budget briefing.ErrBudget
	if errors.As(err, &budget) {
		return page{Title: "Too many notices", Status: http.StatusTooManyRequests, Private: true, NoIndex: true, Twin: "-", Retry: budget.Retry,
			Body: failurePage(a, failure{Title: "Too many notices", Says: budget.Error()})}, nil
	}
	if err != nil {
		return page{}, err
	}
	return page{Moved: "/notices/" + token}, nil
}

func (s *site) noticed(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	n, err := s.o.Desk.Noticed(a.PathValue("token"))
	if err != nil {
		return page{}, err
	}
	return page{Title: "Your notice", Body: noticedPage(a, n, s.now()), Head: briefingSheet(), Private: true, NoIndex: true, Twin: "-"}, nil
}
