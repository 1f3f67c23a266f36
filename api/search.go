package api

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"article41/country"
	"article41/screen"
)

const (
	searchPage   = 10
	mostOffset   = 9_499
	longestQuery = 2_000 // bytes of q
	// fuzzyScore is the score from which a name met by the matcher is a result
	// of a fuzzy search.
	fuzzyScore = 0.6
)

// searched is the answer to a text search.
type searched struct {
	Results []rawEntity      `json:"results"`
	Facets  map[string]facet `json:"facets"`
	Total   counted          `json:"total"`
	Limit   int              `json:"limit"`
	Offset  int              `json:"offset"`
}

type counted struct {
	Value    int    `json:"value"`
	Relation string `json:"relation"`
}

// facet counts a field's values over all results, before the page is cut.
type facet struct {
	Label  string       `json:"label"`
	Values []facetValue `json:"values"`
}

type facetValue struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// mostValuesShown bounds the values of one facet.
const mostValuesShown = 300

// facetFields are the facets there are, and which are given if none is named.
var (
	facetFields   = []string{"datasets", "schema", "countries", "identifiers", "topics", "genders"}
	facetsDefault = []string{"countries", "topics", "datasets"}
)

// search answers GET /search/{dataset}.
func (s *server) search(w http.ResponseWriter, r *http.Request) {
	q, sh, err := s.params(r, nil)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	out, err := s.searched(sh, r.PathValue("dataset"), q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, out)
}

func (s *server) searched(sh *shelf, dataset string, q url.Values) (searched, error) {
	sel, err := s.selection(sh, dataset, q)
	if err != nil {
		return searched{}, err
	}
	out := searched{Results: []rawEntity{}, Facets: map[string]facet{}, Limit: searchPage, Total: counted{Relation: "eq"}}
	if err := within(q, "limit", mostMatches, &out.Limit); err != nil {
		return out, err
	}
	if err := within(q, "offset", mostOffset, &out.Offset); err != nil {
		return out, err
	}
	wants, err := s.searchFilters(q)
	if err != nil {
		return out, err
	}
	sel.filters = wants
	schema := "Thing"
	if v := q.Get("schema"); v != "" {
		schema = v
	}
	if _, ok := s.terms.schemata[schema]; !ok {
		return out, refused(http.StatusBadRequest, "No such schema: %s", schema)
	}
	fuzzy, err := truth(q, "fuzzy")
	if err != nil {
		return out, err
	}
	if _, err := truth(q, "simple"); err != nil {
		return out, err
	}
	target, err := truth(q, "target")
	if err != nil {
		return out, err
	}
	order, err := s.terms.orderOf(q["sort"])
	if err != nil {
		return out, err
	}
	facets := facetsDefault
	if q.Has("facets") {
		facets = q["facets"]
	}
	for _, f := range facets {
		if !slices.Contains(facetFields, f) {
			return out, unreadable("literal_error", "Input should be one of "+strings.Join(facetFields, ", "), f, "query", "facets")
		}
	}
	text := q.Get("q")
	if len(text) > longestQuery {
		return out, unreadable("string_too_long", fmt.Sprintf("String should have at most %d bytes", longestQuery), nil, "query", "q")
	}
	s.phase.words.Store(true)
	var found []*entity
	if !sel.nothing && (target == nil || *target) { // what stands is a target
		for _, e := range sh.seek(text, fuzzy != nil && *fuzzy) {
			if slices.Contains(s.terms.schemata[e.schema].family, schema) && sel.allows(e, sh.terms) {
				found = append(found, e)
			}
		}
	}
	if len(order) > 0 {
		slices.SortStableFunc(found, sh.terms.by(order))
	}
	out.Total.Value = len(found)
	for _, f := range facets {
		out.Facets[f] = sh.facet(f, found)
	}
	for _, e := range page(found, out.Offset, out.Limit) {
		out.Results = append(out.Results, e.whole())
	}
	return out, nil
}

func page[T any](all []T, offset, limit int) []T {
	from := min(offset, len(all))
	return all[from:min(from+limit, len(all))]
}

// seek are the entities that a text means: an id, words, and if fuzzy what the
// matcher takes for the same name.
func (sh *shelf) seek(text string, fuzzy bool) []*entity {
	c := sh.cards()
	var out []*entity
	seen := map[screen.SubjectID]bool{}
	add := func(id screen.SubjectID) {
		if e := sh.entity(id); e != nil && !seen[id] {
			seen[id] = true
			out = append(out, e)
		}
	}
	for _, at := range c.find(seek(text)) {
		add(c.ids[at])
	}
	if fuzzy && strings.TrimSpace(text) != "" {
		for _, h := range sh.Search(screen.Query{Names: []string{text}, Threshold: fuzzyScore, Limit: mostMatches}) {
			add(h.ID)
		}
	}
	return out
}

// searchFilters reads countries, topics, datasets and filter. Several values of a
// field are alternatives, or with filter_op=AND all wanted; several fields are
// all wanted.
func (s *server) searchFilters(q url.Values) ([]filter, error) {
	all := false
	switch v := q.Get("filter_op"); v {
	case "", "OR":
	case "AND":
		all = true
	default:
		return nil, unreadable("literal_error", "Input should be 'OR' or 'AND'", v, "query", "filter_op")
	}
	values := map[string][]string{}
	for _, field := range []string{"countries", "topics", "datasets"} {
		if vs := slices.DeleteFunc(slices.Clone(q[field]), func(v string) bool { return v == "" }); len(vs) > 0 {
			values[field] = vs
		}
	}
	for _, f := range q["filter"] {
		field, value, ok := strings.Cut(f, ":")
		if !ok || value == "" {
			return nil, refused(http.StatusBadRequest, "Invalid filter: %s", f)
		}
		if !s.terms.isField(field) {
			return nil, refused(http.StatusBadRequest, "Invalid filter field: %s", field)
		}
		values[field] = append(values[field], value)
	}
	var out []filter
	for field, vs := range sorted(values) {
		if field == "countries" {
			for i, v := range vs {
				if code, err := country.Parse(v); err == nil {
					vs[i] = countryCode(code)
				}
			}
		}
		out = append(out, filter{field, vs, all})
	}
	return out, nil
}

// sortKey is a field to sort by.
type sortKey struct {
	field string
	down  bool
}

func (t *terms) orderOf(sorts []string) (out []sortKey, err error) {
	for _, text := range sorts {
		field, way, _ := strings.Cut(text, ":")
		if field == "_score" || field == "score" {
			continue // the order there is
		}
		if !t.isField(field) {
			return nil, refused(http.StatusBadRequest, "Invalid sort field: %s", field)
		}
		if way != "" && way != "asc" && way != "desc" {
			return nil, refused(http.StatusBadRequest, "Invalid sort order: %s", way)
		}
		out = append(out, sortKey{field, way == "desc"})
	}
	return out, nil
}

// by compares entities; one without a value comes last either way.
func (t *terms) by(order []sortKey) func(a, b *entity) int {
	return func(a, b *entity) int {
		for _, k := range order {
			x, y := t.values(a, k.field), t.values(b, k.field)
			switch {
			case len(x) == 0 && len(y) == 0:
				continue
			case len(x) == 0:
				return 1
			case len(y) == 0:
				return -1
			}
			c := strings.Compare(slices.Min(x), slices.Min(y))
			if k.down {
				c = strings.Compare(slices.Max(y), slices.Max(x))
			}
			if c != 0 {
				return c
			}
		}
		return 0
	}
}

func (sh *shelf) facet(field string, found []*entity) facet {
	counts := map[string]int{}
	for _, e := range found {
		for _, v := range sh.terms.values(e, field) {
			counts[v]++
		}
	}
	out := facet{Label: sh.terms.labels[[2]string{"facet", field}], Values: []facetValue{}}
	for _, v := range slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	}) {
		out.Values = append(out.Values, facetValue{v, sh.label(field, v), counts[v]})
	}
	out.Values = out.Values[:min(len(out.Values), mostValuesShown)]
	return out
}

// label is a value as people call it.
func (sh *shelf) label(field, value string) string {
	if l, ok := sh.terms.labels[[2]string{field, value}]; ok {
		return l
	}
	switch field {
	case "countries":
		if code, err := country.Parse(value); err == nil {
			return code.Name(sh.At.AsOf)
		}
	case "datasets":
		for _, d := range sh.held {
			if d.name == value {
				return d.title
			}
		}
	}
	return value
}

// within reads a count that may not pass a limit.
func within(q url.Values, name string, most int, into *int) error {
	text := q.Get(name)
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return unreadable("int_parsing", "Input should be a valid integer, unable to parse string as an integer", text, "query", name)
	case n < 0:
		return unreadable("greater_than_equal", "Input should be greater than or equal to 0", text, "query", name)
	case n > most:
		return unreadable("less_than_equal", fmt.Sprintf("Input should be less than or equal to %d", most), text, "query", name)
	}
	*into = n
	return nil
}

// truth reads a truth value as the contract's server does; nil: not given.
func truth(q url.Values, name string) (*bool, error) {
	yes, no := true, false
	switch text := strings.ToLower(q.Get(name)); text {
	case "":
		return nil, nil
	case "true", "1", "on", "t", "y", "yes":
		return &yes, nil
	case "false", "0", "off", "f", "n", "no":
		return &no, nil
	default:
		return nil, unreadable("bool_parsing", "Input should be a valid boolean, unable to interpret input", text, "query", name)
	}
}
