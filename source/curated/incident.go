package curated

import (
	"io/fs"
	"strings"

	"article41/date"
	"article41/record"
)

// incidentDoc is one file of data/monitor: an incident with who says what of it,
// and the findings that rest on those claims. What the words in it mean is
// checked by package monitor, in a test of the whole record.
type incidentDoc struct {
	Incident record.Incident  `yaml:"incident"`
	Findings []record.Finding `yaml:"findings,omitempty"`
}

func (r *reader) readIncidents() {
	files, _ := fs.Glob(r.fsys, "monitor/*.yaml")
	for _, name := range files {
		var d incidentDoc
		if !r.yaml(name, &d) {
			continue
		}
		r.incident(name, d)
	}
}

func (r *reader) incident(file string, d incidentDoc) {
	lines, in := r.lines(file), d.Incident
	if string(in.ID)+".yaml" != strings.TrimPrefix(file, "monitor/") {
		r.complain(file, lines.of("$.incident.id"), "id %q: the file must be called monitor/%s.yaml", in.ID, in.ID)
	}
	if len(in.Cites) == 0 {
		r.complain(file, lines.of("$.incident.id"), "the incident names no source: add cites")
	}
	for _, c := range in.Cites {
		r.cited(file, lines.of("$.incident.cites"), "the incident", c)
	}
	claims := map[string]bool{}
	for i, c := range in.Claims {
		line := lines.of("$.incident.claims[%d].id", i)
		if c.ID == "" || claims[c.ID] {
			r.complain(file, line, "claim %q: want an id of its own", c.ID)
		}
		claims[c.ID] = true
		r.citedClaim(file, line, c.Claim)
	}
	for i, l := range in.Links {
		r.cited(file, lines.of("$.incident.links[%d].kind", i), "the link", l.Cite)
	}
	for i, c := range in.Context {
		r.cited(file, lines.of("$.incident.context[%d].on", i), "the context", c.Cite)
	}
	for i, p := range in.Replies {
		r.cited(file, lines.of("$.incident.replies[%d].of", i), "the reply", p.Cite)
	}
	r.state(file, lines.of("$.incident.id"), record.FactID("incident/"+string(in.ID)), aboutDay(in.When), in)
	for i, f := range d.Findings {
		line := lines.of("$.findings[%d].id", i)
		if len(f.Cites) == 0 {
			r.complain(file, line, "finding %s names no source: add cites", f.ID)
		}
		for _, c := range f.Cites {
			r.cited(file, line, "finding "+string(f.ID), c)
		}
		for _, id := range f.Claims {
			if !claims[id] {
				r.complain(file, line, "finding %s rests on claim %q, which the incident does not have", f.ID, id)
			}
		}
		r.state(file, line, record.FactID("finding/"+string(f.ID)), aboutDay(f.On), f)
	}
}

// aboutDay is the last day that a date may be: what is said of a month is known
// at its end.
func aboutDay(a date.About) knownDay { return knownOn(a.To) }
