package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// OpenRefine asks a reconciliation service which entity a cell means. The words
// are those of the Reconciliation Service API 0.2.

type reconcileType struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (s *server) reconcileTypes() (out []reconcileType) {
	for _, name := range slices.Sorted(maps.Keys(s.terms.schemata)) {
		if sc := s.terms.schemata[name]; sc.matchable && !sc.empty {
			out = append(out, reconcileType{name, name})
		}
	}
	return out
}

// manifest says what the service can be asked.
func (s *server) manifest(r *http.Request, sh *shelf) any {
	base := s.base(r)
	service := base + "/reconcile/" + url.PathEscape(r.PathValue("dataset"))
	title := "Everything"
	for _, d := range sh.held {
		if d.name == r.PathValue("dataset") {
			title = d.title
		}
	}
	suggest := map[string]any{}
	for _, what := range []string{"entity", "type", "property"} {
		suggest[what] = map[string]string{"service_url": service, "service_path": "/suggest/" + what}
	}
	return map[string]any{
		"versions":        []string{"0.1", "0.2"},
		"name":            title + " (article41)",
		"identifierSpace": base + "/entities/",
		"schemaSpace":     "https://followthemoney.tech/explorer/",
		"view":            map[string]string{"url": base + "/entities/{{id}}"},
		"defaultTypes":    s.reconcileTypes(),
		"batchSize":       mostQueries,
		"suggest":         suggest,
	}
}

// cell is one question of OpenRefine.
type cell struct {
	Query      string       `json:"query"`
	Type       reconcileFor `json:"type"`
	Limit      *int         `json:"limit"`
	Properties []struct {
		ID     string `json:"pid"`
		Old    string `json:"p"`
		Values values `json:"v"`
	} `json:"properties"`
}

// reconcileFor is a type's id, or an array of them, or an object with one.
type reconcileFor string

func (f *reconcileFor) UnmarshalJSON(b []byte) error {
	var v values
	if err := v.UnmarshalJSON(b); err != nil {
		return err
	}
	if len(v) > 0 {
		*f = reconcileFor(v[0])
	}
	return nil
}

type reconciled struct {
	ID          string             `json:"id"`
	Name        string             `json:"name"`
	Score       float64            `json:"score"` // of 100
	Match       bool               `json:"match"`
	Type        []reconcileType    `json:"type"`
	Description string             `json:"description"`
	Features    []reconcileFeature `json:"features"`
}

type reconcileFeature struct {
	ID    string  `json:"id"`
	Value float64 `json:"value"`
}

// reconcile answers GET and POST /reconcile/{dataset}: without queries what the
// service is, else which entities they mean. The names travel in a form; where a
// client puts them in the address, the address is not logged.
func (s *server) reconcile(w http.ResponseWriter, r *http.Request) {
	if err := s.readForm(w, r); err != nil {
		s.fail(w, r, err)
		return
	}
	if r.Method == http.MethodPost {
		var left func()
		var err error
		w, left, err = s.enter(w, r)
		defer left()
		if err != nil {
			s.fail(w, r, err)
			return
		}
	}
	q, sh, err := s.params(r, nil)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if _, ok := sh.scope(r.PathValue("dataset")); !ok {
		s.fail(w, r, refused(http.StatusNotFound, "No such dataset."))
		return
	}
	text := r.Form.Get("queries")
	if text == "" {
		writeJSON(w, http.StatusOK, s.manifest(r, sh))
		return
	}
	var cells map[string]cell
	if deep([]byte(text)) {
		s.fail(w, r, refused(http.StatusBadRequest, "Invalid query format: %s", errTooDeep))
		return
	}
	if err := json.Unmarshal([]byte(text), &cells); err != nil {
		s.fail(w, r, refused(http.StatusBadRequest, "Invalid query format: %s", err))
		return
	}
	if len(cells) > mostQueries {
		s.fail(w, r, refused(http.StatusBadRequest, "Too many queries in one batch (limit: %d)", mostQueries))
		return
	}
	out := map[string]any{}
	for key, c := range sorted(cells) {
		found, err := s.reconciled(sh, r.PathValue("dataset"), q, c)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		out[key] = map[string]any{"result": found}
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, out)
}

func (s *server) reconciled(sh *shelf, dataset string, params url.Values, c cell) ([]reconciled, error) {
	schema := string(c.Type)
	if schema == "" {
		schema = "Thing"
	}
	e := example{Schema: &schema, Properties: map[string]values{"name": {c.Query}}}
	for _, p := range c.Properties {
		if p.ID == "" {
			p.ID = p.Old
		}
		e.Properties[p.ID] = append(e.Properties[p.ID], p.Values...)
	}
	u, err := s.terms.understand(&e)
	if err != nil {
		return nil, err
	}
	own := url.Values{"limit": {fmt.Sprint(matchPage)}, "cutoff": {"0.5"}}
	for _, name := range []string{"threshold", "cutoff", "include_dataset", "exclude_dataset", "exclude_schema", "topics", "changed_since", "algorithm", "limit"} {
		if params.Has(name) {
			own[name] = params[name]
		}
	}
	if c.Limit != nil {
		own.Set("limit", fmt.Sprint(*c.Limit))
	}
	want, err := s.wanted(sh, dataset, own)
	if err != nil {
		return nil, err
	}
	all := sh.candidates(&u, &want)
	slices.SortStableFunc(all, before)
	out := []reconciled{}
	for _, f := range all[:min(want.limit, len(all))] {
		one := reconciled{ID: f.id, Name: f.printed.Caption, Score: math.Floor(f.Score*1000) / 10, Match: f.Score >= want.threshold,
			Type: []reconcileType{{f.schema, f.schema}}, Description: describeEntity(f.entity),
			Features: []reconcileFeature{{"name_match", math.Round(max(f.NameScore, 0)*1e4) / 1e4}}}
		out = append(out, one)
	}
	return out, nil
}

// describeEntity tells two bearers of a name apart in a few words.
func describeEntity(e *entity) string {
	var parts []string
	for _, prop := range []string{"birthDate", "nationality", "country", "programId", "program"} {
		if v := e.printed.Properties[prop]; len(v) > 0 {
			parts = append(parts, v[0])
		}
	}
	return strings.Join(append(parts, e.printed.Datasets...), ", ")
}

// readForm reads a form; a body of another kind is no form and is empty.
func (s *server) readForm(w http.ResponseWriter, r *http.Request) error {
	unreadable := func(err error) error {
		return refused(http.StatusBadRequest, "Invalid query format: %s", err)
	}
	var err error
	if r.Form, err = url.ParseQuery(r.URL.RawQuery); err != nil {
		return unreadable(err)
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); r.Method != http.MethodPost || kind != "application/x-www-form-urlencoded" {
		return nil
	}
	b := buffers.Get().(*bytes.Buffer)
	defer giveBack(b)
	b.Reset()
	if err := s.readText(w, r, b); errors.Is(err, errNotText) {
		return unreadable(err)
	} else if err != nil {
		return err
	}
	form, err := url.ParseQuery(b.String())
	if err != nil {
		return unreadable(err)
	}
	for field, values := range form { // what travels in the body comes first
		r.Form[field] = append(values, r.Form[field]...)
	}
	return nil
}

// suggest answers while somebody types: entities, types or properties whose names
// begin so.
func (s *server) suggest(w http.ResponseWriter, r *http.Request) {
	q, sh, err := s.params(r, nil)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	prefix := strings.TrimSpace(q.Get("prefix"))
	limit := searchPage
	if err := within(q, "limit", mostMatches, &limit); err != nil {
		s.fail(w, r, err)
		return
	}
	result := []any{}
	add := func(id, name, description string, notable []reconcileType) {
		if len(result) < limit {
			result = append(result, map[string]any{"id": id, "name": name, "description": description, "notable": notable})
		}
	}
	begins := func(text string) bool { return strings.HasPrefix(strings.ToLower(text), strings.ToLower(prefix)) }
	if _, ok := sh.scope(r.PathValue("dataset")); !ok {
		s.fail(w, r, refused(http.StatusNotFound, "No such dataset."))
		return
	}
	switch what := r.PathValue("what"); what {
	case "entity":
		sel, err := s.selection(sh, r.PathValue("dataset"), q)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if prefix != "" {
			s.phase.words.Store(true)
			for _, e := range sh.seek(prefix+"*", false) {
				if sel.allows(e, sh.terms) {
					add(e.id, e.printed.Caption, describeEntity(e), []reconcileType{{e.schema, e.schema}})
				}
			}
		}
	case "type":
		for _, t := range s.reconcileTypes() {
			if begins(t.ID) {
				add(t.ID, t.Name, "", nil)
			}
		}
	case "property":
		known := map[string][]reconcileType{}
		for name, sc := range sorted(s.terms.schemata) {
			for prop := range sc.properties {
				known[prop] = append(known[prop], reconcileType{name, name})
			}
		}
		for prop, on := range sorted(known) {
			if begins(prop) {
				add(prop, prop, "", on[:1])
			}
		}
	default:
		s.fail(w, r, refused(http.StatusNotFound, "Not Found"))
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"prefix": prefix, "result": result})
}
