package export

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"article41/country"
	"article41/record"
)

// ftmEntity is an entity in the FollowTheMoney form.
type ftmEntity struct {
	ID         string              `json:"id"`
	Caption    string              `json:"caption"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
	Datasets   []string            `json:"datasets"`
	Target     *bool               `json:"target,omitempty"`
}

func (e *ftmEntity) add(property string, values ...string) {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			e.Properties[property] = append(e.Properties[property], v)
		}
	}
}

// ftmSchemas are the schemas by the sort of an entry.
func ftmSchema(sort string) string {
	switch sort {
	case "person":
		return "Person"
	case "entity":
		return "Organization"
	case "vessel":
		return "Vessel"
	case "aircraft":
		return "Airplane"
	}
	return "LegalEntity"
}

// writeEntities writes each entry as an entity, its designation as a Sanction and
// its links as Ownership or UnknownLink, an entity a line.
func writeEntities(w io.Writer, all Entries) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return all(func(l record.Listed) error {
		for _, e := range ftmOf(l) {
			if err := enc.Encode(e); err != nil {
				return err
			}
		}
		return nil
	})
}

func ftmOf(l record.Listed) []ftmEntity {
	id := func(ref string) string { return string(l.List) + "-" + ref }
	listed := true
	e := ftmEntity{ID: id(l.Ref), Schema: ftmSchema(l.Sort), Properties: map[string][]string{}, Datasets: []string{string(l.List)}, Target: &listed}
	row := RowOf(l)
	e.Caption = row.Name
	e.add("name", row.Name)
	for _, n := range l.Names {
		switch {
		case n.Text == row.Name:
		case n.Quality == record.Low:
			e.add("weakAlias", n.Text)
		case n.Quality == record.Formerly:
			e.add("previousName", n.Text)
		default:
			e.add("alias", n.Text)
		}
	}
	if l.Sort == "person" {
		for _, b := range l.Births {
			if on := b.On.String(); on != "" && !strings.ContainsAny(on, "~/") {
				e.add("birthDate", on)
			}
		}
		e.add("birthPlace", row.BirthPlaces...)
		e.add("deathDate", l.Died)
		e.add("nationality", codes(l.Nationalities)...)
		e.add("gender", l.Gender)
		e.add("title", l.Titles...)
		e.add("position", l.Positions...)
	} else {
		e.add("country", codes(l.Nationalities)...)
	}
	for _, d := range l.Documents {
		switch kind := strings.ToLower(d.Type); {
		case strings.Contains(kind, "passport") && l.Sort == "person":
			e.add("passportNumber", d.Number)
		case strings.Contains(kind, "imo") && l.Sort == "vessel":
			e.add("imoNumber", d.Number)
		case strings.Contains(kind, "mmsi") && l.Sort == "vessel":
			e.add("mmsi", d.Number)
		default:
			e.add("idNumber", d.Number)
		}
	}
	e.add("address", row.Addresses...)
	e.add("notes", l.Comments)
	e.add("topics", "sanction")
	out := []ftmEntity{e}
	s := ftmEntity{ID: id(l.Ref) + "-sanction", Caption: "Listed", Schema: "Sanction", Properties: map[string][]string{}, Datasets: e.Datasets}
	s.add("entity", e.ID)
	s.add("program", l.Programme...)
	s.add("authorityId", l.Ref)
	s.add("listingDate", l.ListedOn.String())
	s.add("provisions", l.Only...)
	out = append(out, s)
	for i, r := range l.Links {
		k := ftmEntity{ID: e.ID + "-link-" + strconv.Itoa(i), Caption: r.Kind, Properties: map[string][]string{}, Datasets: e.Datasets}
		switch r.Kind {
		case "owned by", "parent company", "vessel owner":
			k.Schema = "Ownership"
			k.add("owner", id(r.To))
			k.add("asset", e.ID)
		case "owns", "subsidiary":
			k.Schema = "Ownership"
			k.add("owner", e.ID)
			k.add("asset", id(r.To))
		default:
			k.Schema = "UnknownLink"
			k.add("subject", e.ID)
			k.add("object", id(r.To))
			k.add("role", r.Kind)
		}
		k.add("percentage", r.Percent)
		k.add("startDate", r.From)
		k.add("endDate", r.Until)
		out = append(out, k)
	}
	return out
}

// codes are countries as the form wants them, two small letters; what is no
// country this program knows stays in words.
func codes(names []string) []string {
	out := make([]string, 0, len(names))
	for _, n := range names {
		if c, err := country.Parse(n); err == nil {
			if two := c.Alpha2(); two != "" {
				out = append(out, strings.ToLower(two))
				continue
			}
		}
		out = append(out, n)
	}
	return out
}
