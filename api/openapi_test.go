package api

import (
	"bytes"
	"encoding"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/jsonschema-go/jsonschema"

	"article41"
	"article41/briefing"
	"article41/payment"
	"article41/receipt"
	"article41/watch"
)

var update = flag.Bool("update", false, "write openapi.json and openapi.yaml anew")

// shapes are the Go values that answers and bodies are, by the name that
// openapi_routes.csv gives them.
var shapes = map[string]any{
	"Statuses": []article41.Status{}, "Status": article41.Status{}, "RegimeWhole": regimeDocument{}, "Votes": votesDocument{},
	"Vote": article41.Vote{}, "WhatIf": article41.WhatIf{}, "Listing": article41.Entry{}, "Lists": listsDocument{}, "Sources": sourcesDocument{},
	"Member": memberDocument{}, "CalendarPage": calendarDocument{}, "Problem": problem{}, "ScreenBody": screenBody{}, "ScreenQuery": lineQuery{},
	"Screening": article41.Screening{}, "Screenings": screeningsDocument{}, "LineAnswer": lineAnswer{}, "PaymentScreening": article41.PaymentScreening{},
	"WhatIfBody": whatIfBody{}, "SearchAnswer": searched{}, "AdjacentPage": adjacentPage{}, "Catalog": catalogDocument{},
	"WatchmanEntity": watchmanEntity{}, "WatchmanMatch": watchmanMatch{}, "Party": payment.Party{}, "Law": bound{},
	"Carried": article41.Carried{}, "PanelReports": reportsDocument{}, "AssemblyVote": article41.AssemblyVote{}, "EntryHistory": article41.EntryHistory{},
	"Ownership": article41.Ownership{}, "Log": article41.Log{}, "Incidents": incidentsDocument{}, "IncidentWhole": article41.Incident{},
	"Findings": findingsDocument{}, "FindingWhole": findingDocument{}, "Agreement": article41.Agreement{}, "Neighbours": article41.Neighbours{},
	"Shift": article41.Shift{}, "AlignMap": article41.AlignMap{}, "AlignDrift": article41.AlignDrift{}, "IdealSeries": article41.IdealSeries{},
	"AlignBlocs": article41.AlignBlocs{}, "Expectations": article41.Expectations{}, "RulePower": powerDocument{}, "PowerRecord": article41.PowerRecord{},
	"Alerts": alertsDocument{}, "MovedAlerts": movedDocument{}, "Proofs": proofsDocument{}, "AlertTold": watch.Told{}, "DecisionBody": decisionBody{},
	"Customers": customersDocument{}, "CustomerBody": watch.Customer{}, "TakenCustomers": takenCustomers{}, "RemoveBody": removeBody{}, "Removed": removedDocument{},
	"Algorithms": algorithmsDocument{}, "ReceiptProof": receipt.Proof{}, "Checkpoint": checkpointDocument{}, "LogKeys": keysDocument{}, "LogGrowth": receipt.Growth{},
	"StoryBody": storyBody{}, "StoryChecked": briefing.Checked{}, "Briefings": briefingsDocument{}, "BriefingWhole": briefingDocument{},
	"ApiReconciled": reconciled{}, "Thread": briefing.Thread{}, "OwnComments": briefing.Export{}, "Moderation": moderationDocument{},
}

// written are the shapes that no Go value has: they are printed by hand, or are
// open.
var written = map[string]string{
	"Document":        `{"type":"object","required":["openapi","info","paths","components"]}`,
	"AlignmentAnswer": `{"anyOf":[{"$ref":"#/components/schemas/Agreement"},{"$ref":"#/components/schemas/Neighbours"}]}`,
	"SchemaEvent":     `{"type":"object","required":["@context"]}`,
	"IncidentAnswer":  `{"anyOf":[{"$ref":"#/components/schemas/IncidentWhole"},{"$ref":"#/components/schemas/SchemaEvent"}]}`,
	"ReconcileResult": `{"type":"object","required":["result"],"properties":{"result":{"type":"array","items":{"$ref":"#/components/schemas/ApiReconciled"}}}}`,
	"ReconcileAnswer": `{"anyOf":[{"type":"object","required":["name","identifierSpace","schemaSpace","defaultTypes","batchSize"]},{"type":"object","additionalProperties":{"$ref":"#/components/schemas/ReconcileResult"}}]}`,
	"Suggestions":     `{"type":"object","required":["prefix","result"],"properties":{"prefix":{"type":"string"},"result":{"type":["array","null"],"items":{"type":"object","required":["id","name"],"properties":{"id":{"type":"string"},"name":{"type":"string"},"description":{"type":"string"},"notable":{"type":["array","null"]}}}}}}`,
	"Health":          `{"type":"object","required":["status"],"properties":{"status":{"type":"string"}}}`,
	"ScreenAnswer":    `{"anyOf":[{"$ref":"#/components/schemas/Screening"},{"$ref":"#/components/schemas/Screenings"}]}`,
	"Detail":          `{"type":"object","required":["detail"],"properties":{"detail":{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"object"}}]}}}`,
	"WatchmanError":   `{"type":"object","required":["error"],"properties":{"error":{"type":"string"},"reference":{"type":"string"}}}`,
	"Counted":         `{"type":"object","required":["value","relation"],"properties":{"value":{"type":"integer"},"relation":{"type":"string"}}}`,
	"Properties":      `{"type":"object","additionalProperties":{"type":"array"}}`,
	"Entity":          `{"type":"object","required":["id","caption","schema","properties","datasets","referents","target","first_seen","last_seen","last_change"],"properties":{"id":{"type":"string"},"caption":{"type":"string"},"schema":{"type":"string"},"properties":{"$ref":"#/components/schemas/Properties"},"datasets":{"type":"array","items":{"type":"string"}},"referents":{"type":"array","items":{"type":"string"}},"target":{"type":"boolean"},"first_seen":{"type":["string","null"]},"last_seen":{"type":["string","null"]},"last_change":{"type":["string","null"]},"law":{"type":"array","items":{"$ref":"#/components/schemas/Law"}}}}`,
	"ScoredEntity":    `{"type":"object","required":["id","caption","schema","properties","datasets","referents","target","first_seen","last_seen","last_change","score","match","explanations","law"],"properties":{"id":{"type":"string"},"caption":{"type":"string"},"schema":{"type":"string"},"properties":{"$ref":"#/components/schemas/Properties"},"datasets":{"type":"array","items":{"type":"string"}},"referents":{"type":"array","items":{"type":"string"}},"target":{"type":"boolean"},"first_seen":{"type":["string","null"]},"last_seen":{"type":["string","null"]},"last_change":{"type":["string","null"]},"score":{"type":"number"},"match":{"type":"boolean"},"explanations":{"type":"object","additionalProperties":{"type":"object","required":["score","detail","query","candidate"]}},"law":{"type":"array","items":{"$ref":"#/components/schemas/Law"}}}}`,
	"MatchBody":       `{"type":"object","required":["queries"],"properties":{"queries":{"type":"object","maxProperties":100,"additionalProperties":{"type":["object","null"],"required":["schema"],"properties":{"id":{"type":["string","null"]},"schema":{"type":"string"},"properties":{"type":["object","null"]},"filters":{"type":["object","null"]},"params":{"type":["object","null"]}}}},"weights":{"type":["object","null"]},"config":{"type":["object","null"]},"params":{"type":["object","null"]}}}`,
	"MatchAnswer":     `{"type":"object","required":["responses","limit"],"properties":{"limit":{"type":"integer"},"responses":{"type":"object","additionalProperties":{"type":"object","required":["status","results","total","query"],"properties":{"status":{"type":"integer"},"results":{"type":"array","items":{"$ref":"#/components/schemas/ScoredEntity"}},"total":{"$ref":"#/components/schemas/Counted"},"query":{"type":"object","required":["id","schema","properties"]}}}}}}`,
	"AdjacentAnswer":  `{"type":"object","required":["entity","adjacent"],"properties":{"entity":{"$ref":"#/components/schemas/Entity"},"adjacent":{"type":"object","additionalProperties":{"$ref":"#/components/schemas/AdjacentPage"}}}}`,
	"Deltas":          `{"type":"object","required":["versions"],"properties":{"versions":{"type":"object","additionalProperties":{"type":"string"}}}}`,
	"DeltaLine":       `{"type":"object","required":["op","entity"],"properties":{"op":{"type":"string","enum":["ADD","MOD","DEL"]},"entity":{"type":"object"}}}`,
	"WatchmanAnswer":  `{"type":"object","required":["query","entities"],"properties":{"query":{"$ref":"#/components/schemas/WatchmanEntity"},"entities":{"type":["array","null"],"items":{"$ref":"#/components/schemas/WatchmanMatch"}}}}`,
	"WatchmanLists":   `{"type":"object","required":["lists","listHashes","startedAt","endedAt","version"],"properties":{"lists":{"type":"object"},"listHashes":{"type":"object"},"startedAt":{"type":"string"},"endedAt":{"type":"string"},"version":{"type":"string"}}}`,
	"WatchmanRefresh": `{"type":"object","required":["state","trigger","startedAt","finishedAt","duration","lastError"],"properties":{"state":{"type":"string"},"trigger":{"type":"string"},"startedAt":{"type":["string","null"]},"finishedAt":{"type":["string","null"]},"duration":{"type":"string"},"lastError":{"type":"string"}}}`,
}

type object = map[string]any

// drawn collects the shapes of Go values as they are printed.
type drawn struct{ components object }

var textual, printedByHand = reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[json.Marshaler]()

func (d drawn) of(t reflect.Type) object {
	switch {
	case t.Kind() == reflect.Pointer:
		s := d.of(t.Elem())
		if kind, ok := s["type"].(string); ok && s["properties"] == nil {
			return object{"type": []string{kind, "null"}}
		}
		return object{"anyOf": []any{s, object{"type": "null"}}}
	case t.Implements(printedByHand), reflect.PointerTo(t).Implements(printedByHand):
		return object{}
	case t.Implements(textual), reflect.PointerTo(t).Implements(textual):
		return object{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return object{"type": "integer"}
	case reflect.Slice, reflect.Array:
		return object{"type": []string{"array", "null"}, "items": d.of(t.Elem())}
	case reflect.Map:
		return object{"type": []string{"object", "null"}, "additionalProperties": d.of(t.Elem())}
	case reflect.Interface:
		return object{}
	case reflect.Struct:
		if t.Name() == "" {
			return d.fields(t)
		}
		name := strings.ToUpper(t.Name()[:1]) + t.Name()[1:]
		if pkg := t.PkgPath(); pkg != "article41" && pkg != "article41/api" {
			part := pkg[strings.LastIndex(pkg, "/")+1:]
			name = strings.ToUpper(part[:1]) + part[1:] + name
		} else if pkg == "article41/api" {
			name = "Api" + name
		}
		if _, ok := d.components[name]; !ok {
			d.components[name] = object{} // stands for itself while it is drawn
			d.components[name] = d.fields(t)
		}
		return object{"$ref": "#/components/schemas/" + name}
	}
	return object{}
}

// fields draws a struct as encoding/json prints it: embedded fields stand beside
// the others, and give way to those above them.
func (d drawn) fields(t reflect.Type) object {
	props, required, depths := object{}, []string{}, map[string]int{}
	var walk func(t reflect.Type, depth int, must bool)
	walk = func(t reflect.Type, depth int, must bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			tag, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
			ft := f.Type
			if f.Anonymous && tag == "" {
				if ft.Kind() == reflect.Pointer {
					walk(ft.Elem(), depth+1, false)
					continue
				}
				if ft.Kind() == reflect.Struct {
					walk(ft, depth+1, must)
					continue
				}
			}
			if !f.IsExported() || tag == "-" {
				continue
			}
			if tag == "" {
				tag = f.Name
			}
			if at, ok := depths[tag]; ok && at <= depth {
				continue
			}
			depths[tag] = depth
			props[tag] = d.of(ft)
			required = slices.DeleteFunc(required, func(s string) bool { return s == tag })
			if must && !strings.Contains(opts, "omit") {
				required = append(required, tag)
			}
		}
	}
	walk(t, 0, true)
	slices.Sort(required)
	out := object{"type": "object", "properties": props}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

func table(t testing.TB, file string) [][]string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return rows[1:]
}

var parameterSchemas = map[string]object{"day": {"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}$`}, "count": {"type": "integer", "minimum": 0}, "number": {"type": "number"},
	"bool": {"type": "boolean"}, "texts": {"type": "array", "items": object{"type": "string"}}, "text": {"type": "string"}}

var inPath = regexp.MustCompile(`\{(\w+)(?:\.\.\.)?\}`)

// document draws the whole document.
func document(t testing.TB, s *server) object {
	d := drawn{object{}}
	for name, text := range written {
		var o object
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d.components[name] = o
	}
	for name, v := range shapes {
		if reflect.TypeOf(v).Kind() == reflect.Struct {
			d.components[name] = d.fields(reflect.TypeOf(v))
		} else {
			d.components[name] = d.of(reflect.TypeOf(v))
		}
	}
	meaning := map[string][]string{}
	for _, r := range table(t, "openapi_parameters.csv") {
		meaning[r[0]] = r
	}
	parameter := func(name, in string) object {
		p := object{"name": name, "in": in, "schema": parameterSchemas["text"], "description": ""}
		if m, ok := meaning[name]; ok && in == "query" {
			p["schema"], p["description"] = parameterSchemas[m[1]], m[2]
		}
		if in == "path" {
			p["required"] = true
		}
		return p
	}
	body := func(kind string) object {
		switch kind {
		case "text":
			return object{"application/xml": object{"schema": object{"type": "string"}}, "text/plain": object{"schema": object{"type": "string"}}}
		case "yaml", "html":
			return object{map[string]string{"yaml": "application/yaml", "html": "text/html"}[kind]: object{"schema": object{"type": "string"}}}
		case "file":
			text := object{"schema": object{"type": "string"}}
			return object{linesType: text, "text/csv": text, "application/vnd.apache.parquet": object{"schema": object{"type": "string", "format": "binary"}}}
		case "form":
			return object{"application/x-www-form-urlencoded": object{"schema": object{"type": "object", "properties": object{"queries": object{"type": "string"}}}}}
		}
		media := "application/json"
		if of, ok := strings.CutPrefix(kind, "lines "); ok {
			media, kind = linesType, of
		}
		if d.components[kind] == nil {
			t.Errorf("openapi_routes.csv: no shape %q", kind)
		}
		return object{media: object{"schema": object{"$ref": "#/components/schemas/" + kind}}}
	}
	for name, required := range mustHave {
		d.components[name].(object)["required"] = required
	}
	paths, ids := object{}, map[string]bool{}
	for _, r := range table(t, "openapi_routes.csv") {
		method, path, _ := strings.Cut(r[0], " ")
		tag, problem, media := "article41", "Problem", "application/problem+json"
		switch {
		case strings.HasPrefix(path, "/v2/"), path == "/ping":
			tag, problem, media = "Watchman", "WatchmanError", "application/json"
		case !strings.HasPrefix(path, own):
			tag, problem, media = "yente", "Detail", "application/json"
		}
		var params []any
		for _, m := range inPath.FindAllStringSubmatch(path, -1) {
			params = append(params, parameter(m[1], "path"))
		}
		query := strings.Fields(r[1])
		if _, ok := s.reads[r[0]]; ok {
			query = append(slices.Clone(coordinates), query...)
		}
		for _, q := range query {
			params = append(params, parameter(q, "query"))
		}
		id := strings.ToLower(method)
		for _, w := range strings.FieldsFunc(strings.TrimPrefix(path, own), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') }) {
			id += strings.ToUpper(w[:1]) + w[1:]
		}
		if ids[id] {
			id += "AtRoot" // the document stands in two places
		}
		ids[id] = true
		status := "200"
		if r[0] == "POST /v2/data/refresh" {
			status = "202"
		}
		content := body(r[3])
		if r[3] == "text" {
			content = object{"text/plain": object{"schema": object{"type": "string"}}}
		}
		op := object{"summary": r[4], "operationId": id, "tags": []string{tag}, "responses": object{
			status:    object{"description": "the answer", "content": content},
			"default": object{"description": "what was wrong", "content": object{media: object{"schema": object{"$ref": "#/components/schemas/" + problem}}}}}}
		if params != nil {
			op["parameters"] = params
		}
		if r[2] != "" {
			op["requestBody"] = object{"required": true, "content": body(r[2])}
		}
		at := inPath.ReplaceAllString(path, "{$1}")
		if paths[at] == nil {
			paths[at] = object{}
		}
		paths[at].(object)[strings.ToLower(method)] = op
	}
	return object{"openapi": "3.1.0",
		"info": object{"title": "article41", "version": "1", "license": object{"name": "see LICENSE"},
			"description": "What United Nations sanctions were in force on a day, on whom, by which paragraph; screening by name; and what one vote would have changed. Fields may be added; none is taken away or changes its meaning. Not affiliated with the United Nations."},
		"tags": []any{
			object{"name": "article41", "description": "The own API. Every read takes as_of, known_at and position, and carries an ETag."},
			object{"name": "yente", "description": "The contract of OpenSanctions' server, with one key more: law."},
			object{"name": "Watchman", "description": "The contract of Moov Watchman's search."}},
		"paths": paths, "components": object{"schemas": d.components}}
}

// TestOpenAPI holds the document to the routes, to their parameters, and the
// files to the document.
func TestOpenAPI(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	s := New(a, options()).(*server)
	rows := map[string][]string{}
	for _, r := range table(t, "openapi_routes.csv") {
		rows[r[0]] = r
		if !slices.Contains(s.patterns, r[0]) {
			t.Errorf("openapi_routes.csv has a route that is not served: %s", r[0])
		}
	}
	for _, p := range s.patterns {
		r, ok := rows[p]
		if !ok {
			t.Errorf("openapi_routes.csv lacks %s", p)
			continue
		}
		if want, own := s.reads[p]; own && strings.Join(slices.Sorted(slices.Values(strings.Fields(r[1]))), " ") != strings.Join(slices.Sorted(slices.Values(want)), " ") {
			t.Errorf("%s reads %v, openapi_routes.csv says %q", p, want, r[1])
		}
	}
	for _, r := range deskRoutes {
		if row := rows[r.pattern]; row != nil && row[1] != strings.Join(r.params, " ") {
			t.Errorf("%s reads %v, openapi_routes.csv says %q", r.pattern, r.params, row[1])
		}
	}
	for name, u := range s.watchmanUses {
		if len(u.types) > 0 && !strings.Contains(name, "*") && !slices.Contains(strings.Fields(rows["GET /v2/search"][1]), name) {
			t.Errorf("GET /v2/search reads %s, openapi_routes.csv does not say so", name)
		}
	}
	text, err := json.MarshalIndent(document(t, s), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	asYAML, err := yaml.JSONToYAML(text)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		for file, b := range map[string][]byte{"openapi.json": text, "openapi.yaml": asYAML} {
			if err := os.WriteFile(file, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	if !bytes.Equal(text, openapiJSON) || !bytes.Equal(asYAML, openapiYAML) {
		t.Error("openapi.json or openapi.yaml is not fresh: go test ./api -run TestOpenAPI -update")
	}
}

// contracts are the shapes that answers are held to, by route: the document's,
// with every key that it does not know refused.
var contracts = sync.OnceValues(func() (map[string]*jsonschema.Resolved, error) {
	var doc struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]struct{ Schema any }
			}
		}
		Components struct{ Schemas object }
	}
	if err := json.Unmarshal(openapiJSON, &doc); err != nil {
		return nil, err
	}
	var strict func(v any) any
	strict = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				v[k] = strict(x)
			}
			if ref, ok := v["$ref"].(string); ok {
				v["$ref"] = strings.Replace(ref, "#/components/schemas/", "#/$defs/", 1)
			}
			if _, ok := v["properties"].(map[string]any); ok && v["type"] == "object" && v["additionalProperties"] == nil {
				v["additionalProperties"] = false
			}
		case []any:
			for i := range v {
				v[i] = strict(v[i])
			}
		}
		return v
	}
	defs := strict(any(doc.Components.Schemas))
	out := map[string]*jsonschema.Resolved{}
	for path, ops := range doc.Paths {
		for method, op := range ops {
			for _, r := range op.Responses {
				c, ok := r.Content["application/json"]
				if !ok || method == "default" {
					continue
				}
				b, err := json.Marshal(object{"$defs": defs, "allOf": []any{strict(c.Schema)}})
				if err != nil {
					return nil, err
				}
				if strings.Contains(string(b[strings.LastIndex(string(b), `"allOf"`):]), "Detail") || strings.Contains(string(b[strings.LastIndex(string(b), `"allOf"`):]), "WatchmanError") {
					continue
				}
				var sch jsonschema.Schema
				if err := json.Unmarshal(b, &sch); err != nil {
					return nil, fmt.Errorf("%s %s: %w", method, path, err)
				}
				resolved, err := sch.Resolve(nil)
				if err != nil {
					return nil, fmt.Errorf("%s %s: %w", method, path, err)
				}
				out[strings.ToUpper(method)+" "+path] = resolved
			}
		}
	}
	return out, nil
})

// held to the document: every JSON answer that any test gets from handler.
func heldTo(t testing.TB, s *server) http.Handler {
	known, err := contracts()
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		probe := *r
		_, pattern := s.mux.Handler(&probe)
		shape := known[inPath.ReplaceAllString(pattern, "{$1}")]
		if shape == nil || r.Header.Get("Accept-Encoding") != "" {
			s.ServeHTTP(w, r)
			return
		}
		s.ServeHTTP(rec, r)
		if strings.HasPrefix(pattern, "GET "+own+"votes/{") && (r.URL.Query().Has("vote") || r.URL.Query().Has("adopt")) {
			shape = known["POST "+own+"whatif"]
		}
		if rec.Code/100 == 2 && rec.Header().Get("Content-Type") == "application/json" {
			var v any
			if err := json.Unmarshal(rec.Body.Bytes(), &v); err != nil {
				t.Errorf("%s: %v", pattern, err)
			} else if err := shape.Validate(v); err != nil {
				t.Errorf("%s: an answer is not what openapi.json says: %.600s", pattern, err)
			}
		}
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		w.Write(rec.Body.Bytes())
	})
}

// TestShapesRefuse: an answer with a key too many, too few, or of another type is
// not what the document says, or the test above could not fail.
func TestShapesRefuse(t *testing.T) {
	known, err := contracts()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why, route, text string
		fits             bool
	}{
		{"as it is", "GET /api/v1/lists", `{"as_of":"2020-01-01","known_at":"2020-01-01","lists":[],"basis":{"record":"r","edition":1,"position":1}}`, true},
		{"a key too many", "GET /api/v1/lists", `{"as_of":"2020-01-01","known_at":"2020-01-01","lists":[],"basis":{"record":"r","edition":1,"position":1},"zeal":1}`, false},
		{"a key too many further in", "GET /api/v1/lists", `{"as_of":"2020-01-01","known_at":"2020-01-01","lists":[],"basis":{"record":"r","edition":1,"position":1,"zeal":1}}`, false},
		{"a key too few", "GET /api/v1/lists", `{"as_of":"2020-01-01","known_at":"2020-01-01","lists":[]}`, false},
		{"another type", "GET /api/v1/lists", `{"as_of":1,"known_at":"2020-01-01","lists":[],"basis":{"record":"r","edition":1,"position":1}}`, false},
		{"a match without its law", "POST /match/{dataset}", `{"responses":{"q":{"status":200,"results":[{"id":"x"}],"total":{"value":0,"relation":"eq"},"query":{"id":null,"schema":"x","properties":{}}}},"limit":5}`, false},
	} {
		var v any
		if err := json.Unmarshal([]byte(c.text), &v); err != nil {
			t.Fatal(err)
		}
		shape := known[c.route]
		if shape == nil {
			t.Fatalf("%s has no shape", c.route)
		}
		if err := shape.Validate(v); (err == nil) != c.fits {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

// TestDocsPage: the document is served, and a page of it that needs nothing else.
func TestDocsPage(t *testing.T) {
	h := handler(t)
	w := send(h, "GET", "/api/v1/docs", "")
	text := w.Body.String()
	if w.Code != 200 || !strings.Contains(text, "POST /api/v1/screen/batch") || !strings.Contains(text, "GET /v2/search") {
		t.Errorf("%d %.300s", w.Code, text)
	}
	if regexp.MustCompile(`(?i)(src|href)="https?:|<script`).MatchString(text) {
		t.Error("the page asks for something from elsewhere")
	}
	parsed(t, send(h, "GET", "/api/v1/openapi.json", "")).at("openapi").is("3.1.0")
	parsed(t, send(h, "GET", "/openapi.json", "")).at("paths", "/match/{dataset}", "post")
	if w := send(h, "GET", "/api/v1/openapi.yaml", ""); w.Code != 200 || !strings.Contains(w.Body.String(), "openapi: 3.1.0") {
		t.Errorf("%d %.100s", w.Code, w.Body)
	}
}

// mustHave is what a body of ours must have; all else has a default, though the Go type
// does not leave it out.
var mustHave = map[string][]string{"ScreenBody": {}, "StoryBody": {"text"}, "WhatIfBody": {"symbol"}, "RemoveBody": {"id"}}
