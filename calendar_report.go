package article41

import (
	"fmt"

	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

// latest is how long after its day a report still counts as the one that was due,
// in days: it goes to the committee first and is published weeks later.
const latest = 120

// reports are the days by which adopted decisions ask a body for a report. They
// hang on the mandate: where it ended before the day nothing is due.
func reports(w *world, c *regime.Chain, at record.At) []Due {
	var out []Due
	for _, k := range c.Decisions {
		on, counts := decided(w, k, at)
		if !counts {
			continue
		}
		for _, e := range k.Effects.Effects {
			for _, r := range e.Reports {
				if len(e.What) == 0 {
					continue
				}
				body := e.What[0]
				comp, _ := c.Component(body)
				d := Due{UID: fmt.Sprintf("report.%s.%s.%s.%s@article41", c.ID, string(k.Decision), body, r.Type), Kind: DueReport, Day: r.By, Status: DueAhead,
					Regime: c.ID, Component: body, Symbol: k.Decision, Sure: r.Cite.Sure, Cites: []record.Cite{r.Cite},
					Assumption: "The day is the last on which the report may reach " + recipient(r) + "; it is published later."}
				if e.Paragraph != "" {
					d.Paragraph = &e.Paragraph
				}
				d.Title = fmt.Sprintf("%s: %s report of the %s due by %s under %s", short(c), r.Type, comp.Name, d.Day.Text(), symbol.Paragraph{Doc: k.Decision, Para: e.Paragraph})
				if s, err := c.On(at, body); err == nil && (s.Status == regime.Terminated || s.Status == regime.Lapsed) && s.Until != nil && s.Until.Before(r.By) {
					d.Status = DueCancelled
					d.Title += "; the mandate had ended on " + s.Until.Text()
				} else if got, ok := handedIn(c, body, r, on, date.Min(at.AsOf, at.KnownAt)); ok {
					d.Status = DueIn
					d.Title += "; " + got.Symbol.String() + " of " + got.On.Text()
					if got.Cite.Sure != record.Verified {
						d.Title += " (unverified)"
					}
					d.Cites = append(d.Cites, got.Cite)
				} else if r.By.Before(at.AsOf) {
					d.Status = DueUnknown
					d.Title += "; whether it came is not in the record"
				}
				d.Title += "."
				d.coverage(c, at)
				out = append(out, d)
			}
		}
	}
	return out
}

func recipient(r record.ReportDue) string {
	if r.To == "" {
		return "the Council"
	}
	return r.To
}

// handedIn is the report of the record that answers the request: of that body and
// sort, after the decision and not long after the day.
func handedIn(c *regime.Chain, body record.ComponentID, due record.ReportDue, decided, known date.Day) (record.Report, bool) {
	for _, r := range c.Reports {
		if r.Body == body && r.Type == due.Type && r.On.From.After(decided) && !r.On.From.After(due.By.AddDays(latest)) && !r.On.From.After(known) {
			return r, true
		}
	}
	return record.Report{}, false
}
