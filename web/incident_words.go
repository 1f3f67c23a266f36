package web

import (
	"strings"

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

// whereWhen is when and where it was, as precisely as the source knows.
func whereWhen(a *ask, v incidentView) string {
	p := v.Incident.Incident.Place
	parts := []string{capital(v.When.Text()), p.Name}
	if p.Within != "" {
		parts = append(parts, p.Within)
	}
	if p.Country != "" {
		parts = append(parts, p.Country.Name(a.At.AsOf))
	}
	return strings.Join(parts, ", ") + "."
}
