package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"article41/record"
)

// selection is which entities may be a result: what /match and /search read from
// their addresses alike.
type selection struct {
	scope    map[record.SourceID]bool // nil: every list
	nothing  bool                     // the scope is empty
	schemas  []string                 // excluded
	entities []string                 // excluded, by id or referent
	changed  string                   // only entities changed since
	topics   []string                 // any of them
	filters  []filter                 // all of them
}

// filter wants a field to have any of the values, or with all every one.
type filter struct {
	field  string
	values []string
	all    bool
}

// selection reads the parameters, in the scope of a dataset.
func (s *server) selection(sh *shelf, dataset string, q url.Values) (selection, error) {
	out := selection{changed: q.Get("changed_since"), entities: q["exclude_entity_ids"], schemas: q["exclude_schema"], topics: q["topics"]}
	if out.changed != "" && !isMoment(out.changed) {
		return out, unreadable("string_pattern_mismatch", "String should be YYYY-MM-DD[Thh[:mm[:ss]]]", out.changed, "query", "changed_since")
	}
	if len(out.entities) > mostExcluded {
		return out, unreadable("too_long", fmt.Sprintf("List should have at most %d items", mostExcluded), nil, "query", "exclude_entity_ids")
	}
	lists, ok := sh.scope(dataset)
	if !ok {
		return out, refused(http.StatusNotFound, "No such dataset.")
	}
	out.scope = sh.narrow(lists, q["include_dataset"], q["exclude_dataset"])
	out.nothing = out.scope != nil && len(out.scope) == 0
	return out, nil
}

// isMoment reads YYYY-MM-DD[Thh[:mm[:ss]]].
func isMoment(text string) bool {
	const full = "0000-00-00T00:00:00"
	if n := len(text); n != 10 && n != 13 && n != 16 && n != 19 {
		return false
	}
	for i := range len(text) {
		if digit := text[i] >= '0' && text[i] <= '9'; digit != (full[i] == '0') || !digit && text[i] != full[i] {
			return false
		}
	}
	return true
}

// allows reports whether an entity may be a result.
func (sel *selection) allows(e *entity, t *terms) bool {
	if !e.alive || sel.scope != nil && !sel.scope[e.list] || e.changed <= sel.changed && sel.changed != "" {
		return false
	}
	if len(sel.topics) > 0 && !slices.Contains(sel.topics, "sanction") || slices.Contains(sel.schemas, e.schema) {
		return false
	}
	for _, id := range sel.entities {
		if id == e.id || slices.Contains(e.referents, id) {
			return false
		}
	}
	for _, f := range sel.filters {
		if !f.meets(t.values(e, f.field)) {
			return false
		}
	}
	return true
}

func (f filter) meets(have []string) bool {
	for _, v := range f.values {
		switch met := slices.ContainsFunc(have, func(h string) bool { return strings.EqualFold(h, v) }); {
		case met && !f.all:
			return true
		case !met && f.all:
			return false
		}
	}
	return f.all
}

// groups are FollowTheMoney's names for what several properties hold.
var groups = map[string][]use{
	"countries":   {useCountry, usePlace},
	"names":       {useName},
	"genders":     {useGender},
	"dates":       {useBirth, useDate},
	"identifiers": {useIdentifier},
}

// isField reports whether entities can be filtered and sorted by a field.
func (t *terms) isField(field string) bool {
	field = strings.TrimPrefix(field, "properties.")
	if _, ok := groups[field]; ok {
		return true
	}
	switch field {
	case "id", "caption", "schema", "datasets", "dataset", "referents", "first_seen", "last_seen", "last_change":
		return true
	}
	for _, s := range t.schemata {
		if _, ok := s.properties[field]; ok {
			return true
		}
	}
	return false
}

// values are what an entity has in a field: one of its own, a property, or a
// group of properties.
func (t *terms) values(e *entity, field string) []string {
	p := e.printed
	one := func(s *string) []string {
		if s == nil {
			return nil
		}
		return []string{*s}
	}
	switch field {
	case "id":
		return append([]string{p.ID}, p.Referents...)
	case "caption":
		return []string{p.Caption}
	case "schema":
		return []string{p.Schema}
	case "dataset", "datasets":
		return p.Datasets
	case "referents":
		return p.Referents
	case "first_seen":
		return one(p.FirstSeen)
	case "last_seen":
		return one(p.LastSeen)
	case "last_change":
		return one(p.LastChange)
	}
	field = strings.TrimPrefix(field, "properties.")
	uses, ok := groups[field]
	if !ok {
		return p.Properties[field]
	}
	var out []string
	for prop, vs := range sorted(p.Properties) {
		if !slices.Contains(uses, t.schemata[p.Schema].properties[prop]) {
			continue
		}
		for _, v := range vs {
			if !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out
}
