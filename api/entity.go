package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"article41"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/screen"
)

// entity is one listed person, body or ship as FollowTheMoney has it, printed.
type entity struct {
	id        string
	subject   screen.SubjectID
	schema    string
	list      record.SourceID
	alive     bool
	changed   string // last_change
	referents []string
	names     []string
	printed   *printed
	bound     []bound
	head      []byte // the object without its closing brace and without law
	law       []byte // ,"law":[…]
}

// printed is the shape that is encoded once.
type printed struct {
	ID         string              `json:"id"`
	Caption    string              `json:"caption"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
	Datasets   []string            `json:"datasets"`
	Referents  []string            `json:"referents"`
	Target     bool                `json:"target"`
	FirstSeen  *string             `json:"first_seen"`
	LastSeen   *string             `json:"last_seen"`
	LastChange *string             `json:"last_change"`
}

// bound is one measure that binds the entry, under the key law: the paragraph is
// that of the current term.
type bound struct {
	Regime    record.RegimeID    `json:"regime"`
	Measure   record.ComponentID `json:"measure"`
	Name      string             `json:"name"`
	Status    regime.Status      `json:"status"`
	Since     *date.Day          `json:"since"`
	Until     *date.Day          `json:"until"` // last day in force, this day included; null: open-ended
	Symbol    string             `json:"symbol,omitempty"`
	Paragraph *string            `json:"paragraph"`
	ImposedBy *place             `json:"imposed_by"`
	Presumed  string             `json:"presumed,omitempty"`
	Sentence  string             `json:"sentence"`
}

type place struct {
	Symbol    string  `json:"symbol"`
	Paragraph *string `json:"paragraph"`
}

var schemaOf = map[string]string{"person": "Person", "entity": "Organization", "vessel": "Vessel", "aircraft": "Airplane"}

// print makes the entity of a subject.
func (t *terms) print(sub article41.Subject) *entity {
	d := t.dataset(sub.List)
	p := printed{ID: d.id + "-" + sub.Ref, Caption: sub.Caption, Schema: schemaOf[sub.Sort], Properties: map[string][]string{},
		Datasets: []string{d.name}, Referents: []string{}, Target: sub.Alive,
		FirstSeen: instant(sub.FirstSeen), LastSeen: instant(sub.LastSeen), LastChange: instant(sub.LastChange)}
	if p.Schema == "" {
		p.Schema = "LegalEntity"
	}
	if sub.Said != nil && sub.Said.DataID != "" && sub.List == councilList {
		p.Referents = append(p.Referents, p.ID)
		p.ID = d.id + "-" + sub.Said.DataID
	}
	for _, f := range sub.Former {
		p.Referents = append(p.Referents, d.id+"-"+f)
	}
	add := func(prop, value string) {
		if value = strings.TrimSpace(value); value != "" && !slices.Contains(p.Properties[prop], value) {
			p.Properties[prop] = append(p.Properties[prop], value)
		}
	}
	add("name", sub.Caption)
	if sub.Said != nil {
		describe(*sub.Said, p.Schema == "Person", add)
	}
	if program := t.programs[sub.Regime]; program != "" {
		add("programId", program)
	}
	if sub.Alive {
		add("topics", "sanction")
	}
	e := &entity{id: p.ID, schema: p.Schema, list: sub.List, alive: sub.Alive, referents: p.Referents, names: sub.Names, printed: &p}
	if p.LastChange != nil {
		e.changed = *p.LastChange
	}
	e.head = encoded(p)
	e.head = e.head[:len(e.head)-1]
	e.bound = lawOf(sub.Standing)
	e.law = append([]byte(`,"law":`), encoded(e.bound)...)
	return e
}

// describe adds what the list says, in the contract's properties. Addresses,
// documents and the publisher's comments are private and not here.
func describe(l record.Listed, person bool, add func(prop, value string)) {
	for _, n := range l.Names {
		switch n.Quality {
		case record.Primary:
			add("name", n.Text)
		case record.Low:
			add("weakAlias", n.Text)
		case record.Formerly:
			add("previousName", n.Text)
		default:
			add("alias", n.Text)
		}
	}
	for _, p := range l.Programme {
		add("program", p)
	}
	if !l.ListedOn.IsZero() {
		add("createdAt", l.ListedOn.String())
	}
	for _, u := range l.Updated {
		add("modifiedAt", u.String())
	}
	if !person {
		for _, c := range l.Nationalities {
			if code, err := country.Parse(c); err == nil {
				add("country", countryCode(code))
			}
		}
		return
	}
	for _, b := range l.Births {
		from, to, span := strings.Cut(strings.TrimPrefix(b.On.String(), "~"), "/")
		add("birthDate", from)
		if span {
			add("birthDate", to)
		}
		add("birthPlace", b.City)
		if code, err := country.Parse(b.Country); err == nil {
			add("birthCountry", countryCode(code))
		}
	}
	for _, c := range l.Nationalities {
		if code, err := country.Parse(c); err == nil {
			add("nationality", countryCode(code))
		}
	}
	add("gender", genderOf(l.Gender))
	if day, ok := partialDate(l.Died); ok {
		add("deathDate", day)
	}
	for _, t := range l.Titles {
		add("title", t)
	}
	for _, p := range l.Positions {
		add("position", p)
	}
}

func lawOf(st regime.Standing) []bound {
	out := []bound{}
	for _, m := range st.Law {
		b := bound{Regime: m.Regime, Measure: m.ID, Name: m.Name, Status: m.Status, Since: m.Since, Until: m.Until, Presumed: m.Presumed, Sentence: m.Sentence}
		if m.ImposedBy != nil {
			b.ImposedBy = &place{m.ImposedBy.Symbol.String(), m.ImposedBy.Paragraph}
			b.Symbol, b.Paragraph = b.ImposedBy.Symbol, b.ImposedBy.Paragraph
		}
		if m.ExtendedBy != nil {
			b.Symbol, b.Paragraph = m.ExtendedBy.Symbol.String(), m.ExtendedBy.Paragraph
		}
		out = append(out, b)
	}
	return out
}

// instant is a day as the contract writes times: no zone, midnight.
func instant(d date.Day) *string {
	if d.IsZero() {
		return nil
	}
	t := d.String() + "T00:00:00"
	return &t
}

// encoded is JSON without HTML escapes. What is printed here always encodes.
func encoded(v any) []byte {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}

// subjectOf reads an id of a list whose ids are its own references: the longest
// beginning that the tables know wins, as one list's name may begin another's.
func (t *terms) subjectOf(id string) (screen.SubjectID, bool) {
	var best dataset
	for _, d := range t.datasets {
		if strings.HasPrefix(id, d.id+"-") && len(d.id) > len(best.id) {
			best = d
		}
	}
	if best.id == "" {
		list, ref, ok := strings.Cut(id, "-")
		return screen.SubjectID(list + ":" + ref), ok
	}
	return screen.SubjectID(string(best.list) + ":" + id[len(best.id)+1:]), true
}

// shelfOf is the shelf of the request's days; today's if it names none.
func (s *server) shelfOf(r *http.Request) (*shelf, error) {
	at := record.At{AsOf: s.Today(), KnownAt: s.Today()}
	if r.URL.RawQuery != "" {
		q, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return nil, unreadable("query_invalid", err.Error(), nil, "query")
		}
		if at, err = s.daysOf(q); err != nil {
			return nil, err
		}
	}
	return s.shelf(r.Context(), at)
}

// daysOf reads the two coordinates that this server adds to the contract.
func (s *server) daysOf(q url.Values) (record.At, error) {
	at, err := s.readAt(q.Get("as_of"), q.Get("known_at"), "")
	var p *problem
	if errors.As(err, &p) {
		f := p.Errors[0]
		err = unreadable("date_from_datetime_parsing", f.Detail+"; want "+f.Want, q.Get(f.Field), "query", f.Field)
	}
	return at, err
}
