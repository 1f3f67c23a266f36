package web

import (
	"article41/date"
	"article41/record"
)

func dayOrNone(d date.Day) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func manySpeakers(claims []record.Testimony) bool {
	for _, c := range claims {
		if c.Speaker != claims[0].Speaker {
			return true
		}
	}
	return false
}

// saidOn is when a claim was made or published, as precisely as is known.
func saidOn(c record.Testimony) string {
	switch {
	case !c.On.IsZero():
		return "on " + c.On.Text()
	case !c.Known.IsZero():
		return "in " + c.Known.Text()
	}
	return ""
}

func namedBy(x record.Actor) string {
	if x.By == "" {
		return ""
	}
	return ", named so by " + x.By
}

func asWords(as string) string {
	if as == "" {
		return ""
	}
	return " (" + as + ")"
}

func levelSaid(x record.Finding) string {
	if x.LevelSaid == "" || x.LevelSaid == levelWords(x.Level) {
		return ""
	}
	return " (" + x.LevelSaid + ")"
}

func replyWords(r record.Reply) string {
	switch {
	case r.Sort == "none":
		return "no reply by " + r.On.Text() + "."
	case r.Sort == "refused":
		return "declined to answer, " + r.On.Text() + "."
	}
	return r.On.Text() + ": " + r.Says + "."
}

func answered(n record.NamedPerson) string {
	switch {
	case n.Reply == nil || n.Reply.Sort == "none":
		return "No reply is recorded."
	case n.Reply.Sort == "refused":
		return "Asked on " + n.Reply.On.Text() + "; declined to answer."
	}
	return "Answered on " + n.Reply.On.Text() + ": " + n.Reply.Says + "."
}

// labelX is where a span's words begin.
func labelX(r spanRow) float64 {
	for _, x := range []float64{r.Low, r.Best, r.High} {
		if x >= 0 {
			return x
		}
	}
	return spanLeft
}
