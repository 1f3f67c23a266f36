package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"article41/briefing"
	"article41/record"
)

// commentForm is the form below a briefing, with what was typed and what is wrong
// with it.
type commentForm struct {
	Fields   briefing.Form
	Faults   []briefing.Fault
	Tried    bool   // it was sent before: fields without a fault look good
	Replying string // the name of whoever is answered
	hollow   bool   // its parts are holes, to be filled in later
}

// formParts are the form's parts in their order.
var formParts = []string{"stamp", "reply_to", "rating", "aspects", "type", "place", "source", "message", "name", "email", "robot"}

// part is one part of the form.
func (f commentForm) part(l briefing.Lang, name string) templ.Component {
	if f.hollow {
		return templ.Raw(hole(name))
	}
	switch x := f.Fields; name {
	case "faults":
		return faultLinks(f.Faults)
	case "stamp":
		return hiddenField("stamp", x.Stamp)
	case "reply_to":
		if x.ReplyTo != "" {
			return hiddenField("reply_to", x.ReplyTo)
		}
	case "rating":
		if x.ReplyTo == "" {
			return stars(l, f, "rating", "rating", x.Rating, false)
		}
	case "aspects":
		if x.ReplyTo == "" {
			return aspectFields(l, f)
		}
	case "type":
		return typeField(l, f)
	case "place":
		return textField(l, f, "place", "place", "place-hint", x.Place, "text", "", 300)
	case "source":
		return textField(l, f, "source", "source-field", "source-hint", x.Source, "text", "", 500)
	case "message":
		return messageField(l, f)
	case "name":
		return textField(l, f, "name", "name", "name-hint", x.Name, "text", "name", 80)
	case "email":
		return textField(l, f, "email", "email", "email-hint", x.Email, "email", "email", 254)
	case "robot":
		return robotField(l, f)
	}
	return templ.NopComponent
}

func (s *site) emptyForm(a *ask, l briefing.Lang) commentForm {
	f := commentForm{Fields: briefing.Form{Lang: l}}
	if s.o.Desk.TakesComments() {
		f.Fields.Stamp = s.o.Desk.Limits.Stamp(s.now())
	}
	return f
}

// replying is the name of whoever a form answers; empty: nobody who is shown.
func (s *site) replying(id string) string {
	if id == "" {
		return ""
	}
	c, err := s.o.Desk.One(briefing.ID(id))
	if err != nil || c.State != briefing.Approved {
		return ""
	}
	return c.Name
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
		return page{Title: f.Lang.Say("too-many"), Lang: string(f.Lang), Status: http.StatusTooManyRequests, Private: true, NoIndex: true, Twin: "-", Retry: budget.Retry,
			Body: failurePage(a, failure{Title: f.Lang.Say("too-many"), Says: f.Lang.Count("too-many-says", int(budget.Retry.Minutes())+1)})}, nil
	case briefing.IsClosed(err):
		return page{}, fmt.Errorf("%w: comments on this briefing are closed", record.ErrInvalid)
	case err != nil && got.Token == "":
		return page{}, err
	case err != nil: // kept, but a mail could not be sent
		s.tell(newReference(), err)
	}
	if len(got.Faults) == 0 {
		if got.Token == "" {
			return page{Title: f.Lang.Say("thank-you"), Lang: string(f.Lang), Private: true, NoIndex: true, Twin: "-", Body: thanksPage(f.Lang, slug)}, nil
		}
		return page{Moved: "/comments/" + got.Token}, nil
	}
	return s.again(a, slug, commentForm{Fields: f, Faults: got.Faults, Tried: true, Replying: s.replying(f.ReplyTo)})
}

// mineView is an author's private page.
type mineView struct {
	briefing.Mine
	Token string
	L     briefing.Lang
	Says  string
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
	return s.minePage(a, mineView{Mine: m, Token: token, L: uiLang(a, string(m.Comment.Lang))}), nil
}

func (s *site) minePage(a *ask, v mineView) page {
	return page{Title: v.L.Say("state-" + string(v.State)), Lang: string(v.L), Body: minePage(a, v), Head: briefingSheet(), Private: true, NoIndex: true, Twin: "-"}
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
	return page{Title: uiLang(a, "en").Say("report-title"), Lang: string(uiLang(a, "en")), Body: reportPage(uiLang(a, "en"), c), Head: briefingSheet(), Fresh: true, NoIndex: true, Twin: "-"}, nil
}

func (s *site) report(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	token, err := s.o.Desk.Report(a.Context(), briefing.ID(a.PathValue("id")), briefing.Reason(a.form.Get("reason")), a.form.Get("says"), strings.TrimSpace(a.form.Get("email")), a.RemoteAddr, uiLang(a, "en"), s.now())
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
	return page{Title: uiLang(a, string(n.Lang)).Say("your-notice"), Lang: string(uiLang(a, string(n.Lang))), Body: noticedPage(uiLang(a, string(n.Lang)), n), Head: briefingSheet(), Private: true, NoIndex: true, Twin: "-"}, nil
}
