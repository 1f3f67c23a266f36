package web

import (
	"bytes"
	"net/http"
	"slices"

	"article41"
	"article41/account"
	"article41/date"
	"article41/export"
	"article41/record"

	"github.com/a-h/templ"
)

// calendarView is what falls due from a day on, month by month, and what fell due
// in the year before and stayed open.
type calendarView struct {
	Regime string // only this one's
	Month  month  // the one that is drawn, with all that falls due in it
	Months []dueMonth
	Open   []article41.Due
	Count  int
	Next   string // the first line
}

type dueMonth struct {
	Name string
	Due  []article41.Due
}

func (s *site) calendar(a *ask) (page, error) {
	first, err := monthAsked(a)
	if err != nil {
		return page{}, err
	}
	yearBefore := a.At.AsOf.AddMonths(-12)
	all, err := s.due(a, date.Min(first, yearBefore), date.Day{})
	if err != nil {
		return page{}, err
	}
	v := calendarView{Regime: a.form.Get("regime"), Month: monthOf(first, a.At.AsOf, all), Next: "Nothing in the record falls due on " + a.At.AsOf.Text() + " or later."}
	for _, d := range all {
		drawn := d.Day.Within(first, first.AddMonths(1).AddDays(-1))
		if d.Day.Before(a.At.AsOf) {
			if d.Status == article41.DueUnknown && !drawn && !d.Day.Before(yearBefore) {
				v.Open = append(v.Open, d)
			}
			continue
		}
		if v.Count++; v.Count == 1 {
			v.Next = "Next: " + d.Title
		}
		if drawn {
			continue
		}
		name := monthName(d.Day)
		if n := len(v.Months); n == 0 || v.Months[n-1].Name != name {
			v.Months = append(v.Months, dueMonth{Name: name})
		}
		m := &v.Months[len(v.Months)-1]
		m.Due = append(m.Due, d)
	}
	slices.Reverse(v.Open)
	return page{Title: "What falls due after " + a.At.AsOf.Text(), Body: calendarPage(a, v), Nav: "/calendar", TwinPairs: []string{"regime", v.Regime}, Feed: &following{"What falls due", "/calendar", []string{"regime", v.Regime}}}, nil
}

// due is the calendar, of one regime if the address says so.
func (s *site) due(a *ask, from, to date.Day) ([]article41.Due, error) {
	all, err := s.q.Calendar(a.Context(), a.At, from, to)
	if err != nil {
		return nil, err
	}
	id := record.RegimeID(a.form.Get("regime"))
	if id == "" {
		return all, nil
	}
	if _, err := s.q.Regime(a.Context(), a.At, id); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(d article41.Due) bool { return !d.Concerns(id) }), nil
}

// monthLink is the page at another month.
func (v calendarView) monthLink(a *ask, to string) templ.SafeURL {
	return templ.SafeURL(a.link("/calendar", "month", to, "regime", v.Regime) + "#month")
}

// debate is the Assembly's on a vetoed draft (A/RES/76/262), if it is bound to
// hold one.
func (s *site) debate(a *ask, v article41.Vote) (*article41.Due, error) {
	if !v.Outcome.IsVeto() || a.At.AsOf.Before(v.Date) {
		return nil, nil
	}
	all, err := s.q.Calendar(a.Context(), a.At, v.Date, v.Date.AddMonths(2))
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.Kind == article41.DueDebate && d.Symbol == v.ID {
			return &d, nil
		}
	}
	return nil, nil
}

// calendarFile is the calendar for a calendar program; it comes back for news.
func (s *site) calendarFile(w http.ResponseWriter, r *http.Request) {
	a, err := read(r, s.o.Today())
	var all []article41.Due
	if err == nil {
		all, err = s.due(a, a.At.AsOf.AddMonths(-12), date.Day{})
	}
	var b bytes.Buffer
	if err == nil {
		err = export.WriteCalendar(&b, all, export.Calendar{Name: "UN sanctions", Stamp: a.Today.At(0, 0), Alarms: []int{28, 7}})
	}
	if err != nil {
		s.show(account.ReadRecord, func(*site, *ask) (page, error) { return page{}, err }).ServeHTTP(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="article41.ics"`)
	h.Set("Cache-Control", "no-cache")
	w.Write(b.Bytes())
}
