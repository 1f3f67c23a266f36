package api

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func ids(t *testing.T, target string) []string {
	t.Helper()
	w := send(handler(t), "GET", target, "")
	if w.Code != 200 {
		t.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
	out := []string{}
	for _, r := range parsed(t, w).at("results").list() {
		out = append(out, r.(map[string]any)["id"].(string))
	}
	return out
}

// TestSearch turns each parameter of contract 4.3 once.
func TestSearch(t *testing.T) {
	for _, c := range []struct{ why, target, want string }{
		{"a word of a name", "/search/default?q=heron", "ofac-103"},
		{"every word must be there", "/search/default?q=blue+zvezda", ""},
		{"the words in any order and case", "/search/default?q=TRADING+zvezda", "ofac-101"},
		{"marks do not count", "/search/default?q=zizkov", "ofac-104"},
		{"another script", "/search/default?q=Звезда+trading", "ofac-101"},
		{"a word's beginning", "/search/default?q=zvez*", "ofac-101"},
		{"a word that must not be there", "/search/us_ofac_sdn?q=-heron+NOT+quoted+-ag", "ofac-101"},
		{"an id", "/search/default?q=ofac-103", "ofac-103"},
		{"odd signs are passed over", "/search/default?q=%22blue%22+%28heron%29+%26%26+%5B", "ofac-103"},
		{"a typo", "/search/default?q=Blue+Herron", ""},
		{"a typo, fuzzily", "/search/us_ofac_sdn?q=Blue+Herron&fuzzy=true", "ofac-103"},
		{"simple is read", "/search/default?q=heron&simple=true", "ofac-103"},
		{"its schema", "/search/default?q=heron&schema=Vessel", "ofac-103"},
		{"what it descends from", "/search/default?q=heron&schema=Vehicle", "ofac-103"},
		{"another schema", "/search/default?q=heron&schema=Person", ""},
		{"a country by name", "/search/us_ofac_sdn?countries=Russia&sort=id:asc", "ofac-104 ofac-105"},
		{"two countries, both wanted", "/search/us_ofac_sdn?countries=ru&countries=ml&filter_op=AND", ""},
		{"two countries, either", "/search/us_ofac_sdn?countries=ru&countries=ml&sort=id", "ofac-104 ofac-105"},
		{"a topic", "/search/us_ofac_sdn?topics=sanction&q=heron", "ofac-103"},
		{"another topic", "/search/us_ofac_sdn?topics=role.pep&q=heron", ""},
		{"a dataset", "/search/default?datasets=us_ofac_sdn&q=heron", "ofac-103"},
		{"a filter of a property", "/search/us_ofac_sdn?filter=properties.birthDate:1961-02-03&sort=id:desc", "ofac-105 ofac-104"},
		{"a filter of a group", "/search/us_ofac_sdn?filter=genders:male&sort=id:desc&limit=1", "ofac-105"},
		{"the next page", "/search/us_ofac_sdn?filter=genders:male&sort=id:desc&limit=1&offset=1", "ofac-104"},
		{"past the end", "/search/us_ofac_sdn?offset=9000", ""},
		{"excluded", "/search/default?q=heron&exclude_dataset=us_ofac_sdn", ""},
		{"included", "/search/default?q=heron&include_dataset=sanctions", "ofac-103"},
		{"an excluded schema", "/search/us_ofac_sdn?exclude_schema=Person&sort=id", "ofac-101 ofac-103"},
		{"changed since", "/search/us_ofac_sdn?changed_since=2026-02-28&sort=id", "ofac-103 ofac-104"},
		{"targets are all there is", "/search/us_ofac_sdn?target=true&q=heron", "ofac-103"},
		{"so there is nothing else", "/search/us_ofac_sdn?target=false&q=heron", ""},
		{"sorted by caption", "/search/us_ofac_sdn?sort=caption:asc&limit=2", "ofac-103 ofac-105"},
		{"one that left its list", "/search/default?q=kuzma", ""},
		{"the same on a day when it stood", "/search/default?q=kuzma&as_of=2025-01-01", "ofac-102"},
		{"an empty scope", "/search/default?include_dataset=atlantis", ""},
	} {
		if got := strings.Join(ids(t, c.target), " "); got != c.want {
			t.Errorf("%s: %s: got %q, want %q", c.why, c.target, got, c.want)
		}
	}
}

func TestSearchShape(t *testing.T) {
	j := parsed(t, send(handler(t), "GET", "/search/us_ofac_sdn", ""))
	j.at("total", "value").is(4.0)
	j.at("total", "relation").is("eq")
	j.at("limit").is(10.0)
	j.at("offset").is(0.0)
	for _, f := range facetsDefault {
		j.at("facets", f, "label")
	}
	if len(j.at("facets").v.(map[string]any)) != 3 {
		t.Error("not the three facets that are the default")
	}
	ru := j.at("facets", "countries", "values").where("name", "ru")
	ru.at("count").is(2.0)
	ru.at("label").is("Russian Federation")
	j.at("facets", "datasets", "values", 0, "name").is("us_ofac_sdn")
	j = parsed(t, send(handler(t), "GET", "/search/us_ofac_sdn?limit=0&facets=schema&facets=genders&facets=identifiers", ""))
	if len(j.at("results").list()) != 0 {
		t.Error("limit 0 gives results")
	}
	j.at("facets", "schema", "values").where("name", "Vessel").at("count").is(1.0)
	j.at("facets", "genders", "values", 0, "name").is("male")
	if len(j.at("facets", "identifiers", "values").list()) != 0 {
		t.Error("identifiers are given out")
	}
}

func TestSearchErrors(t *testing.T) {
	for target, status := range map[string]int{
		"/search/atlantis":                               404,
		"/search/default?limit=501":                      422,
		"/search/default?limit=-1":                       422,
		"/search/default?limit=x":                        422,
		"/search/default?offset=9500":                    422,
		"/search/default?schema=Ghost":                   400,
		"/search/default?sort=zeal:asc":                  400,
		"/search/default?sort=caption:up":                400,
		"/search/default?filter=zeal:x":                  400,
		"/search/default?filter=caption":                 400,
		"/search/default?filter_op=XOR":                  422,
		"/search/default?facets=zeal":                    422,
		"/search/default?fuzzy=perhaps":                  422,
		"/search/default?target=perhaps":                 422,
		"/search/default?changed_since=now":              422,
		"/search/default?as_of=2023-02-30":               422,
		"/search/default?q=" + strings.Repeat("x", 2001): 422,
	} {
		w := send(handler(t), "GET", target, "")
		if w.Code != status {
			t.Errorf("%.60s: %d, want %d: %.200s", target, w.Code, status, w.Body)
		}
		parsed(t, w).at("detail")
	}
}

// TestNested: contract 4.4; a listing is an entity of its own that points at its
// target.
func TestNested(t *testing.T) {
	get := func(target string) tree { return parsed(t, send(handler(t), "GET", target, "")) }
	e := get("/entities/ofac-103")
	s := e.at("properties", "sanctions", 0)
	s.at("schema").is("Sanction")
	s.at("id").is("ofac-103-sanction")
	s.at("properties", "entity", 0).is("ofac-103")
	s.at("properties", "program", 0).is("TEST")
	if _, ok := get("/entities/ofac-103?nested=false").at("properties").v.(map[string]any)["sanctions"]; ok {
		t.Error("nested=false nests")
	}
	get("/entities/ofac-103-sanction").at("properties", "entity", 0, "caption").is("BLUE HERON")
	get("/entities/ofac-103-sanction?nested=false").at("properties", "entity", 0).is("ofac-103")
	a := get("/entities/ofac-103/adjacent")
	a.at("entity", "id").is("ofac-103")
	p := a.at("adjacent", "sanctions")
	p.at("results", 0, "schema").is("Sanction")
	p.at("total", "value").is(1.0)
	p.at("limit").is(10.0)
	p.at("offset").is(0.0)
	get("/entities/ofac-103/adjacent/sanctions").at("results", 0, "id").is("ofac-103-sanction")
	get("/entities/ofac-103-sanction/adjacent/entity").at("results", 0, "id").is("ofac-103")
	if n := len(get("/entities/ofac-103/adjacent/sanctions?offset=1").at("results").list()); n != 0 {
		t.Error("a page past the end has results")
	}
	get("/entities/ofac-103/adjacent/owner").at("total", "value").is(0.0)
	for target, status := range map[string]int{
		"/entities/ofac-103/adjacent/zeal":               404,
		"/entities/ofac-999/adjacent":                    404,
		"/entities/ofac-999-sanction":                    404,
		"/entities/ofac-103/adjacent?limit=x":            422,
		"/entities/ofac-103?nested=x":                    422,
		"/entities/UN-MLi.005/adjacent?as_of=2023-08-01": 308,
	} {
		w := send(handler(t), "GET", target, "")
		if w.Code != status {
			t.Errorf("%s: %d, want %d", target, w.Code, status)
		}
		if to := w.Header().Get("Location"); status == 308 && !strings.HasSuffix(to, "/adjacent?as_of=2023-08-01") {
			t.Errorf("redirected to %s", to)
		}
	}
}

// TestReconcile asks as OpenRefine does.
func TestReconcile(t *testing.T) {
	h := handler(t)
	m := parsed(t, send(h, "GET", "/reconcile/us_ofac_sdn", ""))
	m.at("versions", 1).is("0.2")
	m.at("view", "url").is("http://example.com/entities/{{id}}")
	m.at("suggest", "entity", "service_url").is("http://example.com/reconcile/us_ofac_sdn")
	m.at("suggest", "property", "service_path").is("/suggest/property")
	m.at("defaultTypes").where("id", "Person")
	queries := `{"q0":{"query":"Blue Heron","type":"Vessel","limit":1},"q1":{"query":"Iyad Ag Ghali","type":["Person"],"properties":[{"pid":"birthDate","v":"1961-02-03"},{"p":"nationality","v":["ru"]}]}}`
	form := "queries=" + url.QueryEscape(queries)
	for why, w := range map[string]*httptest.ResponseRecorder{
		"a form":     send(h, "POST", "/reconcile/default", form, "Content-Type: application/x-www-form-urlencoded"),
		"an address": send(h, "GET", "/reconcile/default?"+form, ""),
	} {
		if w.Code != 200 {
			t.Fatalf("%s: %d %s", why, w.Code, w.Body)
		}
		j := parsed(t, w)
		r := j.at("q0", "result", 0)
		r.at("id").is("ofac-103")
		r.at("match").is(true)
		if score := r.at("score").v.(float64); score < 90 || score > 100 {
			t.Errorf("score %v of 100", score)
		}
		r.at("type", 0, "id").is("Vessel")
		r.at("features", 0, "id").is("name_match")
		j.at("q1", "result").where("id", "ofac-105")
	}
	s := parsed(t, send(h, "GET", "/reconcile/default/suggest/entity?prefix=blue+he", ""))
	s.at("result", 0, "id").is("ofac-103")
	parsed(t, send(h, "GET", "/reconcile/default/suggest/property?prefix=birth", "")).at("result").where("id", "birthDate")
	parsed(t, send(h, "GET", "/reconcile/default/suggest/type?prefix=ves", "")).at("result", 0, "id").is("Vessel")
	for target, status := range map[string]int{
		"/reconcile/atlantis":                                   404,
		"/reconcile/atlantis/suggest/entity":                    404,
		"/reconcile/default/suggest/zeal":                       404,
		"/reconcile/default?queries=%7B":                        400,
		"/reconcile/default?queries=[1]":                        400,
		"/reconcile/default?queries=" + strings.Repeat("[", 40): 400,
		"/reconcile/default?queries=" + url.QueryEscape(`{"q":{"query":"x","type":"Ghost"}}`): 400,
		"/reconcile/default?queries=" + url.QueryEscape(`{"q":{"query":"x","limit":501}}`):    422,
		"/reconcile/default?queries=%zz": 400,
	} {
		if w := send(h, "GET", target, ""); w.Code != status {
			t.Errorf("%s: %d, want %d: %s", target, w.Code, status, w.Body)
		}
	}
	var many strings.Builder
	for i := range 101 {
		many.WriteString(strings.Repeat("x", i) + `":{"query":"a"},"`)
	}
	if w := send(h, "POST", "/reconcile/default", "queries="+url.QueryEscape(`{"`+strings.TrimSuffix(many.String(), `,"`)+`}`), "Content-Type: application/x-www-form-urlencoded"); w.Code != 400 {
		t.Errorf("101 queries: %d", w.Code)
	}
	if w := send(h, "POST", "/reconcile/default", "queries="+strings.Repeat("x", maxBody), "Content-Type: application/x-www-form-urlencoded"); w.Code != 413 {
		t.Errorf("a form too large: %d", w.Code)
	}
}

// TestDelta: contract 4.6, 7. What a client gets by applying the steps is what
// the dataset is.
func TestDelta(t *testing.T) {
	h := handler(t)
	cat := parsed(t, send(h, "GET", "/catalog", ""))
	for _, name := range []string{"us_ofac_sdn", "un_sc_sanctions"} {
		d := cat.at("datasets").where("name", name)
		index := send(h, "GET", strings.TrimPrefix(d.at("delta_url").v.(string), "http://example.com"), "")
		versions := parsed(t, index).at("versions").v.(map[string]any)
		if _, ok := versions[d.at("version").v.(string)]; !ok {
			t.Fatalf("%s: its version %v is none of %v", name, d.at("version").v, versions)
		}
		held := map[string]string{}
		ops := map[string]int{}
		for v, at := range sorted(versions) {
			w := send(h, "GET", strings.TrimPrefix(at.(string), "http://example.com"), "")
			if w.Code != 200 || w.Header().Get("Content-Type") != linesType {
				t.Fatalf("%s: %d %v", v, w.Code, w.Header())
			}
			for _, l := range strings.Split(strings.TrimSpace(w.Body.String()), "\n") {
				var op struct {
					Op     string
					Entity struct {
						ID         string
						Caption    string
						LastChange *string `json:"last_change"`
					}
				}
				if l == "" {
					continue
				}
				if err := json.Unmarshal([]byte(l), &op); err != nil {
					t.Fatalf("%s: %v", l, err)
				}
				ops[op.Op]++
				if op.Op == "DEL" {
					delete(held, op.Entity.ID)
				} else {
					held[op.Entity.ID] = op.Entity.Caption
				}
			}
		}
		if name == "us_ofac_sdn" && (ops["ADD"] != 5 || ops["MOD"] != 1 || ops["DEL"] != 1) {
			t.Errorf("%s: %v, want one that left, one amended, one that came", name, ops)
		}
		whole := send(h, "GET", strings.TrimPrefix(d.at("entities_url").v.(string), "http://example.com"), "")
		lines := strings.Split(strings.TrimSpace(whole.Body.String()), "\n")
		if len(versions) < mostDeltas && len(lines) != len(held) {
			t.Errorf("%s: the steps lead to %d entities, there are %d", name, len(held), len(lines))
		}
	}
	for _, target := range []string{"/datasets/atlantis/delta", "/datasets/atlantis/entities", "/datasets/default/delta/2020", "/datasets/atlantis/delta/x"} {
		if w := send(h, "GET", target, ""); w.Code != 404 {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
}

func TestCompressed(t *testing.T) {
	h := handler(t)
	plain := send(h, "GET", "/algorithms", "")
	w := send(h, "GET", "/algorithms", "", "Accept-Encoding: br, gzip;q=0.5")
	if w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Vary") == "" {
		t.Fatalf("not compressed: %v", w.Header())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || string(b) != plain.Body.String() {
		t.Errorf("another text: %v %.100s", err, b)
	}
	for why, c := range map[string][2]string{
		"a small body":               {"/healthz", "gzip"},
		"a client that wants none":   {"/algorithms", "gzip;q=0, identity"},
		"a client that says nothing": {"/algorithms", ""},
	} {
		if w := send(h, "GET", c[0], "", "Accept-Encoding: "+c[1]); w.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s is compressed", why)
		}
	}
	w = send(h, "GET", "/api/v1/regimes/mali", "", "Accept-Encoding: gzip")
	tag := w.Header().Get("ETag")
	if !strings.HasPrefix(tag, "W/") {
		t.Errorf("tag %s of a compressed answer is strong", tag)
	}
	w = send(h, "GET", "/api/v1/regimes/mali", "", "Accept-Encoding: gzip", "If-None-Match: "+tag)
	if w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("the same again: %d, %d bytes", w.Code, w.Body.Len())
	}
}
