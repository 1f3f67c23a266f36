package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"article41/country"
	"article41/date"
	"article41/screen"
)

// matchBody is the body of a /match. Params and filters are what motiva adds to
// the contract: parameters of the address for the body or one query, and values
// that a field must have.
type matchBody struct {
	Queries map[string]*example `json:"queries"`
	Weights map[string]*float64 `json:"weights"`
	Config  map[string]any      `json:"config"`
	Params  params              `json:"params"`
}

// example is an entity as far as the asker knows it.
type example struct {
	ID         *string             `json:"id"`
	Schema     *string             `json:"schema"`
	Properties map[string]values   `json:"properties"`
	Filters    map[string][]values `json:"filters"`
	Params     params              `json:"params"`
}

// params are parameters of the address as they stand in a body.
type params map[string]values

// into lays them over those of the address. The days stay the address's: one
// answer speaks of one day.
func (p params) into(q url.Values) {
	for name, vs := range p {
		if name != "as_of" && name != "known_at" && vs != nil {
			q[name] = vs
		}
	}
}

// filtersOf reads a query's filters: each array wants one of its values, all
// arrays of a field must be met.
func (t *terms) filtersOf(in map[string][]values) (out []filter, err error) {
	for field, all := range sorted(in) {
		if !t.isField(field) {
			return nil, refused(http.StatusBadRequest, "Invalid filter field: %s", field)
		}
		for _, any := range all {
			if len(any) > 0 {
				out = append(out, filter{field: field, values: any})
			}
		}
	}
	return out, nil
}

// values are a property's values: one, or several. Numbers and truth values are
// taken as they are written; null says nothing; of a nested entity its id counts.
type values []string

func (v *values) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case 'n':
		return nil
	case '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*v = append(*v, s)
	case '[':
		var all []json.RawMessage
		if err := json.Unmarshal(b, &all); err != nil {
			return err
		}
		for _, one := range all {
			if one[0] == '[' {
				return &json.UnmarshalTypeError{Value: "array", Field: "properties"}
			}
			if err := v.UnmarshalJSON(one); err != nil {
				return err
			}
		}
	case '{':
		var nested struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(b, &nested); err != nil {
			return err
		}
		if nested.ID != "" {
			*v = append(*v, nested.ID)
		}
	default:
		*v = append(*v, string(b))
	}
	return nil
}

// understood is an example as read: what is searched, and what is echoed.
type understood struct {
	schema     schema
	query      screen.Query
	id         *string
	properties map[string][]string
}

// mostValues bounds the values of one query; each name costs a search.
const mostValues = 50

// understand reads an example leniently, as the contract does: a country becomes
// its code, a date keeps its precision, and what is no value of its property, or
// no property of the schema, is dropped.
func (t terms) understand(e *example) (understood, error) {
	if e.Schema == nil {
		return understood{}, unreadable("missing", "Field required", nil, "body", "queries", "schema")
	}
	s, ok := t.schemata[*e.Schema]
	if !ok {
		return understood{}, refused(http.StatusBadRequest, "Cannot parse example entity: No such schema: %s", *e.Schema)
	}
	if !s.matchable && s.name != "Thing" {
		return understood{}, refused(http.StatusBadRequest, "Cannot parse example entity: Schema is not matchable: %s", s.name)
	}
	u := understood{schema: s, id: e.ID, query: screen.Query{Kind: s.kind}, properties: map[string][]string{}}
	total := 0
	for _, prop := range slices.Sorted(maps.Keys(e.Properties)) {
		how, known := s.properties[prop]
		if !known {
			continue
		}
		for _, text := range e.Properties[prop] {
			text = strings.Join(strings.Fields(text), " ")
			if total++; text == "" || total > mostValues {
				continue
			}
			if text, ok = u.take(how, text); ok && !slices.Contains(u.properties[prop], text) {
				u.properties[prop] = append(u.properties[prop], text)
			}
		}
	}
	if total > mostValues {
		return understood{}, refused(http.StatusBadRequest, "Cannot parse example entity: %d values, limit: %d", total, mostValues)
	}
	if len(u.query.Names) == 0 {
		u.nameFromParts()
	}
	return u, nil
}

// take puts one value where it counts and returns it cleaned; false drops it.
func (u *understood) take(how use, text string) (string, bool) {
	switch how {
	case useName:
		if !slices.Contains(u.query.Names, text) {
			u.query.Names = append(u.query.Names, text)
		}
	case useBirth, useDate:
		day, ok := partialDate(text)
		if ok && how == useBirth {
			u.query.Births = append(u.query.Births, screen.Birth{From: day})
		}
		return day, ok
	case useCountry, usePlace:
		code, err := country.Parse(text)
		if err != nil {
			return "", false
		}
		if how == useCountry {
			u.query.Countries = append(u.query.Countries, string(code))
		}
		return countryCode(code), true
	case useGender:
		g := genderOf(text)
		if g != "" && u.query.Gender == "" {
			u.query.Gender = g
		}
		return g, g != ""
	case useIdentifier:
		u.query.Identifiers = append(u.query.Identifiers, screen.Identifier{Value: text})
	}
	return text, true
}

// nameFromParts builds a name where only its parts were given.
func (u *understood) nameFromParts() {
	var parts []string
	for _, p := range []string{"firstName", "secondName", "middleName", "fatherName", "lastName"} {
		if v := u.properties[p]; len(v) > 0 {
			parts = append(parts, v[0])
		}
	}
	if len(parts) > 0 {
		full := strings.Join(parts, " ")
		u.query.Names = []string{full}
		u.properties["name"] = []string{full}
	}
}

// countryCode is how FollowTheMoney writes a state: alpha-2 in small letters, or
// alpha-3 where there is none.
func countryCode(c country.Code) string {
	if a := c.Alpha2(); a != "" {
		return strings.ToLower(a)
	}
	return strings.ToLower(string(c))
}

func genderOf(text string) string {
	switch strings.ToLower(text) {
	case "m", "male", "man":
		return "male"
	case "f", "female", "woman":
		return "female"
	case "other":
		return "other"
	}
	return ""
}

// partialDate reads a year, a month or a day, also in front of a time of day.
func partialDate(text string) (string, bool) {
	if i := strings.IndexAny(text, "T "); i == len("2006-01-02") {
		text = text[:i]
	}
	a, err := date.ParseAbout(text)
	if err != nil || strings.ContainsAny(text, "/~") {
		return "", false
	}
	return a.String(), true
}

// bodyFault tells where a body that is JSON does not fit.
func bodyFault(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		loc := []any{"body"}
		for _, part := range strings.Split(kind.Field, ".") {
			if part != "" {
				loc = append(loc, part)
			}
		}
		return unreadable("type_error", fmt.Sprintf("A %s stands where another type is wanted", kind.Value), nil, loc...)
	}
	return unreadable("json_invalid", "JSON decode error: "+err.Error(), nil, "body")
}
