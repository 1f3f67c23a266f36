package api

import (
	"net/url"
	"slices"
	"strings"

	"article41/date"
	"article41/screen"
)

// watchmanEntity is an entity as Watchman prints it. Addresses, numbers and
// contacts are not given out and are null.
type watchmanEntity struct {
	Name         string             `json:"name"`
	Type         string             `json:"entityType"`
	List         string             `json:"sourceList"`
	ID           string             `json:"sourceID"`
	Person       *watchmanPerson    `json:"person"`
	Business     *watchmanBody      `json:"business"`
	Organization *watchmanBody      `json:"organization"`
	Aircraft     *watchmanCraft     `json:"aircraft"`
	Vessel       *watchmanCraft     `json:"vessel"`
	Contact      watchmanContact    `json:"contact"`
	Addresses    []struct{}         `json:"addresses"`
	Crypto       []struct{}         `json:"cryptoAddresses"`
	Affiliations []struct{}         `json:"affiliations"`
	Sanctions    *watchmanSanctions `json:"sanctionsInfo"`
	Historical   []watchmanWas      `json:"historicalInfo"`
	SourceData   any                `json:"sourceData"`
}

// watchmanMatch is a result: the entity, flat, and how well it met.
type watchmanMatch struct {
	watchmanEntity
	Match   float64             `json:"match"`
	Details *screen.Explanation `json:"details,omitempty"`
}

type watchmanPerson struct {
	Name          string     `json:"name"`
	AltNames      []string   `json:"altNames"`
	Gender        string     `json:"gender"`
	BirthDate     *string    `json:"birthDate"` // a whole day only: a year is no 1 January
	PlaceOfBirth  string     `json:"placeOfBirth"`
	DeathDate     *string    `json:"deathDate"`
	Titles        []string   `json:"titles"`
	GovernmentIDs []struct{} `json:"governmentIDs"`
}

type watchmanBody struct {
	Name          string     `json:"name"`
	AltNames      []string   `json:"altNames"`
	Created       *string    `json:"created"`
	Dissolved     *string    `json:"dissolved"`
	GovernmentIDs []struct{} `json:"governmentIDs"`
}

type watchmanCraft struct {
	Name     string   `json:"name"`
	AltNames []string `json:"altNames"`
	Flag     string   `json:"flag"`
}

type watchmanContact struct {
	Emails   []string `json:"emailAddresses"`
	Phones   []string `json:"phoneNumbers"`
	Faxes    []string `json:"faxNumbers"`
	Websites []string `json:"websites"`
}

type watchmanSanctions struct {
	Programs    []string `json:"programs"`
	Secondary   bool     `json:"secondary"`
	Description string   `json:"description"`
}

// watchmanWas is something that Watchman's own fields have no place for: a former
// name, a birth known by the year.
type watchmanWas struct {
	Type  string  `json:"type"`
	Value string  `json:"value"`
	Date  *string `json:"date"`
}

// watchmanSource is the record behind a result: what Watchman loses of the law.
type watchmanSource struct {
	ID        string              `json:"id"` // as under /entities
	Reference string              `json:"reference"`
	Listed    []string            `json:"listed_on"`
	Said      map[string][]string `json:"properties"`
	Law       rawMessage          `json:"law"`
}

func (sh *shelf) watchmanEntity(e *entity, asked string) watchmanEntity {
	p := e.printed.Properties
	_, ref, _ := strings.Cut(string(e.subject), ":")
	out := watchmanEntity{Name: e.printed.Caption, ID: ref, List: string(e.list), Sanctions: &watchmanSanctions{Programs: append(slices.Clone(p["programId"]), p["program"]...)}}
	for _, d := range sh.held {
		if d.List == e.list {
			out.List = d.watchmanName()
		}
	}
	for _, b := range lawSentences(e) {
		out.Sanctions.Description = strings.TrimSpace(out.Sanctions.Description + " " + b)
	}
	var others []string
	for _, prop := range []string{"name", "alias", "weakAlias"} {
		for _, n := range p[prop] {
			if n != out.Name {
				others = append(others, n)
			}
		}
	}
	for _, n := range p["previousName"] {
		out.Historical = append(out.Historical, watchmanWas{Type: "Former Name", Value: n})
	}
	switch e.schema {
	case "Person":
		out.Type = "person"
		out.Person = &watchmanPerson{Name: out.Name, AltNames: others, Gender: one(p["gender"]), BirthDate: wholeDay(p["birthDate"]),
			PlaceOfBirth: one(p["birthPlace"]), DeathDate: wholeDay(p["deathDate"]), Titles: p["title"]}
		for _, b := range p["birthDate"] {
			if out.Person.BirthDate == nil || !strings.HasPrefix(*out.Person.BirthDate, b) {
				out.Historical = append(out.Historical, watchmanWas{Type: "Birth Date", Value: b})
			}
		}
	case "Vessel", "Airplane":
		craft := &watchmanCraft{Name: out.Name, AltNames: others, Flag: one(p["country"])}
		if out.Type, out.Vessel = "vessel", craft; e.schema == "Airplane" {
			out.Type, out.Vessel, out.Aircraft = "aircraft", nil, craft
		}
	default:
		// Lists do not tell firms from other bodies: a body is what was asked for.
		body := &watchmanBody{Name: out.Name, AltNames: others}
		if out.Type, out.Organization = "organization", body; asked == "business" {
			out.Type, out.Organization, out.Business = "business", nil, body
		}
	}
	out.SourceData = watchmanSource{e.id, ref, p["createdAt"], p, rawMessage(e.law[len(`,"law":`):])}
	return out
}

// lawSentences are the sentences of what binds an entity.
func lawSentences(e *entity) (out []string) {
	for _, b := range e.bound {
		out = append(out, b.Sentence)
	}
	return out
}

// watchmanEcho is the question as it was understood.
func watchmanEcho(kind string, ask *watchmanQuestion, q url.Values) watchmanEntity {
	p := ask.properties
	out := watchmanEntity{Name: q.Get("name"), Type: kind, List: q.Get("source"), ID: q.Get("sourceID")}
	var others []string
	for _, n := range ask.query.Names {
		if n != strings.Join(strings.Fields(out.Name), " ") {
			others = append(others, n)
		}
	}
	switch kind {
	case "person":
		out.Person = &watchmanPerson{Name: out.Name, AltNames: others, Gender: one(p["gender"]), BirthDate: wholeDay(p["birthDate"]), Titles: q["titles"]}
	case "business":
		out.Business = &watchmanBody{Name: out.Name, AltNames: others}
	case "organization":
		out.Organization = &watchmanBody{Name: out.Name, AltNames: others}
	case "vessel":
		out.Vessel = &watchmanCraft{Name: out.Name, AltNames: others, Flag: one(p["flag"])}
	case "aircraft":
		out.Aircraft = &watchmanCraft{Name: out.Name, AltNames: others, Flag: one(p["country"])}
	}
	return out
}

func one(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// wholeDay is the first value that is a day, as an instant.
func wholeDay(values []string) *string {
	for _, v := range values {
		if _, err := date.ParseDay(v); err == nil {
			t := v + "T00:00:00Z"
			return &t
		}
	}
	return nil
}
