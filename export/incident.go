package export

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"article41/record"
)

// IncidentsCSV writes incidents with a row for each claim: a speaker, a hedge and
// its own numbers, so that no spreadsheet adds up what must not be.
func IncidentsCSV(w io.Writer, ins []record.Incident) error {
	out := csv.NewWriter(w)
	out.Write([]string{"incident", "title", "when", "place", "country", "lat", "lon", "precision", "violations", "claim", "about", "speaker", "hedge", "says", "counts", "low", "best", "high", "source", "place_in_source", "sureness", "licence", "errata"})
	for _, in := range ins {
		for _, c := range in.Claims {
			out.Write(harmless([]string{string(in.ID), in.Title, in.When.String(), in.Place.Name, string(in.Place.Country), degrees(in.Place.Lat), degrees(in.Place.Lon), in.Place.Precision, strings.Join(in.Acts, " "),
				c.ID, c.About, c.Speaker, string(c.Hedge), c.Says, c.Counts, whole(c.Low), whole(c.Best), whole(c.High), c.Source, c.Place, string(c.Sure), in.Licence, errata(in.Errata)}))
		}
	}
	out.Flush()
	return out.Error()
}

// errata are corrections in one cell: what each said, what it says, and why.
func errata(es []record.Erratum) string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = e.On.String() + " " + e.What + ": “" + e.Was + "” became “" + e.Is + "”: " + e.Why
	}
	return strings.Join(out, " | ")
}

// harmless keeps a spreadsheet from running a cell: one that begins like a formula
// gets an apostrophe before it. A negative number is none.
func harmless(cells []string) []string {
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			if _, err := strconv.ParseFloat(c, 64); err != nil {
				cells[i] = "'" + c
			}
		}
	}
	return cells
}

func degrees(p *float64) string {
	if p == nil {
		return ""
	}
	return strconv.FormatFloat(*p, 'f', -1, 64)
}

func whole(p *int) string {
	if p == nil {
		return ""
	}
	return strconv.Itoa(*p)
}

// IncidentSchema is an incident in the words of schema.org: an Event that Claims
// are about, each with its author. Verdict scales (ClaimReview) do not fit hedges
// and are not used: the hedge stands in the claim's text.
func IncidentSchema(in record.Incident, link string) map[string]any {
	event := map[string]any{"@type": "Event", "@id": link, "name": in.Title, "startDate": in.When.From.String(), "endDate": in.When.To.String(),
		"location": place(in.Place)}
	claims := []map[string]any{}
	for _, c := range in.Claims {
		m := map[string]any{"@type": "Claim", "@id": link + "#claim-" + c.ID, "text": c.Says + " (" + string(c.Hedge) + ")", "author": map[string]any{"@type": "Organization", "name": c.Speaker}, "about": map[string]any{"@id": link}}
		if !c.On.IsZero() {
			m["datePublished"] = c.On.String()
		}
		if c.Source != "" {
			m["appearance"] = map[string]any{"@type": "CreativeWork", "name": strings.TrimSpace(c.Source + " " + c.Place)}
		}
		claims = append(claims, m)
	}
	for _, e := range in.Errata {
		claims = append(claims, map[string]any{"@type": "CorrectionComment", "about": map[string]any{"@id": link}, "datePublished": e.On.String(), "text": errata([]record.Erratum{e})})
	}
	out := map[string]any{"@context": "https://schema.org", "@graph": append([]map[string]any{event}, claims...)}
	if in.Licence != "" {
		event["description"] = "Licence: " + in.Licence
	}
	return out
}

func place(p record.IncidentPlace) map[string]any {
	m := map[string]any{"@type": "Place", "name": p.Name}
	if p.Country != "" {
		m["address"] = map[string]any{"@type": "PostalAddress", "addressCountry": string(p.Country)}
	}
	if p.Lat != nil && p.Lon != nil {
		m["geo"] = map[string]any{"@type": "GeoCoordinates", "latitude": *p.Lat, "longitude": *p.Lon}
	}
	return m
}

// FindingsCSV writes findings with a row for each person they name, so that no act
// or reply stands with another; one row where nobody is named.
func FindingsCSV(w io.Writer, fs []record.Finding) error {
	out := csv.NewWriter(w)
	out.Write([]string{"finding", "incidents", "title", "by", "on", "standard_of_proof", "claims", "evidence", "criteria", "named", "acts", "reply", "replied_on", "answer", "sources", "errata"})
	for _, f := range fs {
		named := f.Named
		if len(named) == 0 {
			named = []record.NamedPerson{{}}
		}
		var incidents, meets, sources []string
		for _, id := range f.Incidents {
			incidents = append(incidents, string(id))
		}
		for _, m := range f.Meets {
			meets = append(meets, string(m.Regime)+"/"+m.Letter)
		}
		for _, c := range f.Cites {
			sources = append(sources, c.Source)
		}
		for _, n := range named {
			row := []string{string(f.ID), strings.Join(incidents, " "), f.Title, f.By, f.On.String(), f.Level, strings.Join(f.Claims, " "), strings.Join(f.Evidence, " "), strings.Join(meets, " "), n.Name, strings.Join(n.Acts, "; "), "", "", "", strings.Join(sources, "; "), errata(f.Errata)}
			if n.Reply != nil {
				row[11], row[13] = n.Reply.Sort, n.Reply.Says
				if !n.Reply.On.IsZero() {
					row[12] = n.Reply.On.String()
				}
			}
			out.Write(harmless(row))
		}
	}
	out.Flush()
	return out.Error()
}
