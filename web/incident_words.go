package web

import (
	"strings"

	"article41/date"
	"article41/monitor"
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

func answered(n record.NamedPerson) string {
	if n.Reply == nil {
		return "No reply is recorded."
	}
	return capital(monitor.ReplyWords(*n.Reply))
}

// linkWords is since when a link holds, and who says so how firmly.
func linkWords(l record.IncidentLink) string {
	var parts []string
	if !l.On.IsZero() {
		parts = append(parts, l.On.Text())
	}
	switch {
	case l.By != "" && l.Hedge != "":
		parts = append(parts, string(l.Hedge)+" by "+l.By)
	case l.By != "":
		parts = append(parts, "by "+l.By)
	}
	return strings.Join(parts, "; ")
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
