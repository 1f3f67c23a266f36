package api

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// ask puts one query under the key q and returns the answer to it.
func askMatch(t *testing.T, params, query string) tree {
	t.Helper()
	w := send(handler(t), "POST", "/match/default?"+params, `{"queries":{"q":`+query+`}}`)
	if w.Code != 200 {
		t.Fatalf("%s: status %d: %s", query, w.Code, w.Body)
	}
	return parsed(t, w).at("responses", "q")
}

const heron = `{"schema":"Vessel","properties":{"name":["Blue Heron"]}}`

// TestMarble replays what Marble's client sends (contract 4.6, 1) and reads what
// it reads.
func TestMarble(t *testing.T) {
	w := send(handler(t), "POST", "/match/default?algorithm=logic-v1&threshold=0.70&cutoff=0.70&limit=30&include_dataset=us_ofac_sdn&include_dataset=un_sc_sanctions&exclude_entity_ids=NK-x&partition=true&index_type=scoped",
		`{"queries":{"6f1b7a0e-9f0c-4c3b-8a42-5a6a5f7f4a10":{"schema":"Person","properties":{"name":["Kuzma Petrov-Vodkin"],"birthDate":["1961-02-03"]},"filters":null,"params":null},
		             "b":{"schema":"Thing","properties":{"name":["Zvezda Maritime Trading"]},"filters":null,"params":null}}}`,
		"Content-Type: application/json", "Authorization: Bearer x")
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if w.Header().Get("X-Batch-Size") != "2" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("headers %v", w.Header())
	}
	j := parsed(t, w)
	j.at("limit").is(30.0)
	// Petrov-Vodkin left the list: today's answer has living entries only.
	if n := len(j.at("responses", "6f1b7a0e-9f0c-4c3b-8a42-5a6a5f7f4a10", "results").list()); n != 0 {
		t.Errorf("%d results for an entry that left its list", n)
	}
	b := j.at("responses", "b")
	b.at("status").is(200.0)
	b.at("total", "value").is(1.0)
	b.at("total", "relation").is("eq")
	r := b.at("results", 0)
	r.at("id").is("ofac-101")
	r.at("match").is(true)
	r.at("schema").is("Organization")
	r.at("caption").is("ZVEZDA MARITIME TRADING LLC")
	r.at("datasets", 0).is("us_ofac_sdn")
	r.at("properties", "name", 0).is("ZVEZDA MARITIME TRADING LLC")
	r.at("properties", "topics", 0).is("sanction")
	r.at("target").is(true)
	r.at("referents").list()
	r.at("first_seen").is("2024-01-10T00:00:00")
	r.at("last_seen").is("2026-03-01T00:00:00")
	r.at("last_change").is("2024-01-10T00:00:00")
	r.at("explanations", "name_match", "query").is("Zvezda Maritime Trading")
	r.at("explanations", "name_match", "candidate").is("ZVEZDA MARITIME TRADING LLC")
	r.at("law").list()
}

// TestResultKeys holds the shape to the contract's words, key by key.
func TestResultKeys(t *testing.T) {
	r := askMatch(t, "as_of=2023-08-01", `{"id":"mine","schema":"Person","properties":{"name":"Houka Houka Ag Alhousseini","birthDate":"1970","nationality":["Mali"],"gender":"M","shoeSize":["44"],"birthPlace":[" Ariaw "]}}`)
	r.at("query", "id").is("mine")
	r.at("query", "schema").is("Person")
	r.at("query", "properties", "nationality", 0).is("ml")
	r.at("query", "properties", "gender", 0).is("male")
	r.at("query", "properties", "birthDate", 0).is("1970")
	r.at("query", "properties", "birthPlace", 0).is("Ariaw")
	if _, ok := r.at("query", "properties").v.(map[string]any)["shoeSize"]; ok {
		t.Error("a property that no schema has is echoed")
	}
	e := r.at("results", 0)
	want := []string{"id", "caption", "schema", "properties", "datasets", "referents", "target", "first_seen", "last_seen", "last_change", "score", "match", "explanations", "law"}
	m := e.v.(map[string]any)
	for _, k := range want {
		if _, ok := m[k]; !ok {
			t.Errorf("a result has no %s", k)
		}
	}
	if len(m) != len(want) {
		t.Errorf("a result has other keys too: %v", m)
	}
	if id := e.at("id").v.(string); !regexp.MustCompile(`^UN-\d{7}$`).MatchString(id) {
		t.Errorf("id %q is not UN-<DATAID>", id)
	}
	e.at("referents", 0).is("UN-MLi.005")
	e.at("datasets", 0).is("un_sc_sanctions")
	e.at("properties", "nationality", 0).is("ml")
	zoneless := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`)
	for _, k := range []string{"first_seen", "last_seen", "last_change"} {
		if s := e.at(k).v.(string); !zoneless.MatchString(s) {
			t.Errorf("%s %q has another form", k, s)
		}
	}
	law := e.at("law").where("measure", "assets-freeze")
	law.at("status").is("in-force")
	law.at("until").is("2023-08-31")
	law.at("symbol").is("S/RES/2649 (2022)")
	law.at("imposed_by", "symbol").is("S/RES/2374 (2017)")
	law.at("imposed_by", "paragraph").is("4")
	for k, v := range e.at("explanations").v.(map[string]any) {
		for _, f := range []string{"score", "detail", "query", "candidate"} {
			if _, ok := v.(map[string]any)[f]; !ok {
				t.Errorf("explanation %s has no %s", k, f)
			}
		}
	}
}

// TestMatchFilters turns each parameter once; found says whether the vessel is
// still a result.
func TestMatchFilters(t *testing.T) {
	for _, c := range []struct {
		why, params, query string
		found              bool
	}{
		{"nothing said", "", heron, true},
		{"its dataset included", "include_dataset=us_ofac_sdn", heron, true},
		{"the collection included", "include_dataset=sanctions", heron, true},
		{"another included", "include_dataset=un_sc_sanctions", heron, false},
		{"an unknown one included: an empty scope", "include_dataset=atlantis", heron, false},
		{"its dataset excluded", "exclude_dataset=us_ofac_sdn", heron, false},
		{"the collection excluded", "exclude_dataset=sanctions", heron, false},
		{"its schema excluded", "exclude_schema=Vessel", heron, false},
		{"another schema excluded", "exclude_schema=Person&exclude_schema=Company", heron, true},
		{"its topic", "topics=role.pep&topics=sanction", heron, true},
		{"another topic", "topics=role.pep", heron, false},
		{"changed since a day before", "changed_since=2026-02-28", heron, true},
		{"changed since the day itself", "changed_since=2026-03-01T00:00:00", heron, false},
		{"its id excluded", "exclude_entity_ids=x&exclude_entity_ids=ofac-103", heron, false},
		{"a name it has by now", "", `{"schema":"Vessel","properties":{"name":["Grey Heron"]}}`, true},
		{"a name it had not yet", "as_of=2025-01-01&known_at=2025-01-01", `{"schema":"Vessel","properties":{"name":["Grey Heron"]}}`, false},
		{"a Thing may be anything", "", `{"schema":"Thing","properties":{"name":["Blue Heron"]}}`, true},
		{"a vehicle may be a vessel", "", `{"schema":"Vehicle","properties":{"name":["Blue Heron"]}}`, true},
		{"a legal entity is no vessel", "", `{"schema":"LegalEntity","properties":{"name":["Blue Heron"]}}`, false},
		{"a person is no vessel", "", `{"schema":"Person","properties":{"name":["Blue Heron"]}}`, false},
		{"a schema no list holds", "", `{"schema":"Security","properties":{"name":["Blue Heron"]}}`, false},
		{"a name among others", "", `{"schema":"Vessel","properties":{"name":["Something Else","Blue Heron"]}}`, true},
		{"a weak alias is no name", "", `{"schema":"Vessel","properties":{"weakAlias":["Blue Heron"]}}`, false},
		{"no properties", "", `{"schema":"Vessel","properties":{}}`, false},
		{"properties null", "", `{"schema":"Vessel","properties":null}`, false},
		{"a threshold above the score", "threshold=1.01&cutoff=0.5", heron, true},
		{"a cutoff above the score", "threshold=1.01&cutoff=1.01", heron, false},
		{"a cutoff of nothing", "threshold=0&cutoff=0", heron, true},
		{"a filter that it meets", "", `{"schema":"Vessel","properties":{"name":["Blue Heron"]},"filters":{"datasets":[["eu_fsf","us_ofac_sdn"]],"topics":[["sanction"]]}}`, true},
		{"a filter of which one array is not met", "", `{"schema":"Vessel","properties":{"name":["Blue Heron"]},"filters":{"datasets":[["us_ofac_sdn"],["eu_fsf"]]}}`, false},
		{"params of its own", "exclude_dataset=us_ofac_sdn", `{"schema":"Vessel","properties":{"name":["Blue Heron"]},"params":{"exclude_dataset":"atlantis","limit":3,"partition":true,"cutoff":null}}`, true},
		{"params of its own that take it out", "", `{"schema":"Vessel","properties":{"name":["Blue Heron"]},"params":{"exclude_schema":"Vessel"}}`, false},
		{"algorithm by its other case", "algorithm=LOGIC-V2", heron, true},
		{"the best algorithm", "algorithm=best", heron, true},
	} {
		t.Run(c.why, func(t *testing.T) {
			got := false
			for _, r := range askMatch(t, c.params, c.query).at("results").list() {
				got = got || r.(map[string]any)["id"] == "ofac-103"
			}
			if got != c.found {
				t.Errorf("found %v, want %v", got, c.found)
			}
		})
	}
}

func TestThreshold(t *testing.T) {
	typo := `{"schema":"Organization","properties":{"name":["Zvesda Maritme Trading LLC"]}}`
	r := askMatch(t, "threshold=0.99&cutoff=0.5", typo)
	r.at("results", 0, "match").is(false)
	r.at("total", "value").is(0.0)
	score := r.at("results", 0, "score").v.(float64)
	if score <= 0.5 || score >= 0.99 {
		t.Fatalf("score %v serves no test", score)
	}
	// At the very score it is a match, also if the cutoff is the same.
	at := askMatch(t, fmt.Sprintf("threshold=%v&cutoff=%v", score, score), typo)
	at.at("results", 0, "match").is(true)
	at.at("total", "value").is(1.0)
}

// TestTotal: the total counts what reached the threshold before the limit cuts.
func TestTotal(t *testing.T) {
	q := `{"schema":"Person","properties":{"name":["Abdul Rahman"]}}`
	all := askMatch(t, "limit=100&threshold=0.6&cutoff=0.6", q)
	n := len(all.at("results").list())
	if n < 3 {
		t.Fatalf("the record has %d of this name, want three for the test to tell anything", n)
	}
	few := askMatch(t, "limit=2&threshold=0.6&cutoff=0.6", q)
	if len(few.at("results").list()) != 2 {
		t.Errorf("limit 2 gives %d", len(few.at("results").list()))
	}
	few.at("total", "value").is(all.at("total", "value").v)
	last := 2.0
	for _, r := range all.at("results").list() {
		s := r.(map[string]any)["score"].(float64)
		if s > last {
			t.Fatal("results are not in order of score")
		}
		last = s
	}
}

// TestCouncilFirst: the same name on two lists; the Council's entry leads, as
// its law is told.
func TestCouncilFirst(t *testing.T) {
	r := askMatch(t, "", `{"schema":"Person","properties":{"name":["IYAD AG GHALI"]}}`).at("results")
	r.at(0, "datasets", 0).is("un_sc_sanctions")
	r.at(1, "datasets", 0).is("us_ofac_sdn")
	r.at(1, "score").is(r.at(0, "score").v)
}

func TestDefaults(t *testing.T) {
	for params, limit := range map[string]float64{"": 5, "limit=0": 5, "limit=500": 500} {
		w := send(handler(t), "POST", "/match/sanctions?"+params, `{"queries":{"q":`+heron+`,"none":null}}`)
		parsed(t, w).at("limit").is(limit)
		if w.Header().Get("X-Batch-Size") != "1" {
			t.Error("a null query is counted")
		}
	}
}

func TestParts(t *testing.T) {
	r := askMatch(t, "as_of=2025-01-01", `{"schema":"Person","properties":{"firstName":["Kuzma"],"lastName":["Petrov-Vodkin"],"birthDate":["1961-02-03T00:00:00","soon"]}}`)
	r.at("query", "properties", "name", 0).is("Kuzma Petrov-Vodkin")
	r.at("query", "properties", "birthDate", 0).is("1961-02-03")
	e := r.at("results").where("id", "ofac-102")
	e.at("properties", "nationality", 0).is("ru")
	e.at("explanations", "birth_date_match", "score")
}

func TestTextIsEscaped(t *testing.T) {
	key := "k\"\\\n\u2028é"
	k, _ := json.Marshal(key)
	w := send(handler(t), "POST", "/match/us_ofac_sdn", `{"queries":{`+string(k)+`:{"schema":"Person","properties":{"name":["QWERTY \"QUOTED\" <TAG> Žižkov"]}}}}`)
	r := parsed(t, w).at("responses", key)
	r.at("results", 0, "id").is("ofac-104")
	r.at("results", 0, "caption").is("QWERTY \"QUOTED\" <TAG>\u2028 Žižkov")
}

// TestMatchErrors replays what the contract refuses.
func TestMatchErrors(t *testing.T) {
	h := handler(t)
	var batch strings.Builder
	for i := range 101 {
		fmt.Fprintf(&batch, `"k%d":%s,`, i, heron)
	}
	for _, c := range []struct {
		why, target, body string
		status            int
		detail            string // a part of it; for 422, of the message
	}{
		{"no such dataset", "/match/atlantis", `{"queries":{"q":` + heron + `}}`, 404, "No such dataset."},
		{"a dataset known elsewhere, not held here", "/match/eu_fsf", `{"queries":{"q":` + heron + `}}`, 404, "No such dataset."},
		{"no such algorithm", "/match/default?algorithm=tarot", `{"queries":{"q":` + heron + `}}`, 400, "Unknown algorithm: tarot"},
		{"no queries", "/match/default", `{"queries":{}}`, 400, "No queries provided."},
		{"only null queries", "/match/default", `{"queries":{"q":null}}`, 400, "No queries provided."},
		{"101 queries", "/match/default", `{"queries":{` + strings.TrimSuffix(batch.String(), ",") + `}}`, 400, "Too many queries in one batch (limit: 100)"},
		{"an unknown schema", "/match/default", `{"queries":{"q":{"schema":"Ghost","properties":{}}}}`, 400, "Cannot parse example entity: No such schema: Ghost"},
		{"a schema that is not matched", "/match/default", `{"queries":{"q":{"schema":"Asset","properties":{}}}}`, 400, "Cannot parse example entity"},
		{"an unknown config key", "/match/default", `{"queries":{"q":` + heron + `},"config":{"zeal":1}}`, 400, "Invalid configuration parameter: zeal"},
		{"too many values", "/match/default", `{"queries":{"q":{"schema":"Person","properties":{"name":[` + strings.Repeat(`"x",`, 50) + `"y"]}}}}`, 400, "Cannot parse example entity: 51 values"},
		{"no schema", "/match/default", `{"queries":{"q":{"properties":{}}}}`, 422, "Field required"},
		{"no key queries", "/match/default", `{}`, 422, "Field required"},
		{"no JSON", "/match/default", `{"queries":`, 422, "JSON decode error"},
		{"queries of another type", "/match/default", `{"queries":[1]}`, 422, "array"},
		{"a name that is an array of arrays", "/match/default", `{"queries":{"q":{"schema":"Person","properties":{"name":[["x"]]}}}}`, 422, "array"},
		{"deep JSON", "/match/default", `{"queries":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, 422, "deeper"},
		{"bytes that are no text", "/match/default", "{\"queries\":{\"\xff\":null}}", 422, "UTF-8"},
		{"a limit past 500", "/match/default?limit=501", `{"queries":{"q":` + heron + `}}`, 422, "less than or equal to 500"},
		{"a limit below nothing", "/match/default?limit=-1", `{"queries":{"q":` + heron + `}}`, 422, "greater than or equal to 0"},
		{"a limit of one query that is none", "/match/default", `{"queries":{"q":{"schema":"Person","properties":{},"params":{"limit":-1}}}}`, 422, "greater than"},
		{"a filter of no field", "/match/default", `{"queries":{"q":{"schema":"Person","properties":{},"filters":{"zeal":[["x"]]}}}}`, 400, "Invalid filter field: zeal"},
		{"filters of another type", "/match/default", `{"queries":{"q":{"schema":"Person","properties":{},"filters":[1]}}}`, 422, "array"},
		{"a limit that is none", "/match/default?limit=few", `{"queries":{"q":` + heron + `}}`, 422, "valid integer"},
		{"a threshold that is none", "/match/default?threshold=high", `{"queries":{"q":` + heron + `}}`, 422, "valid number"},
		{"a threshold that is not a number", "/match/default?threshold=NaN", `{"queries":{"q":` + heron + `}}`, 422, "valid number"},
		{"a moment in another form", "/match/default?changed_since=yesterday", `{"queries":{"q":` + heron + `}}`, 422, "YYYY-MM-DD"},
		{"51 excluded entities", "/match/default?" + strings.Repeat("exclude_entity_ids=x&", 51), `{"queries":{"q":` + heron + `}}`, 422, "at most 50"},
		{"a day that is none", "/match/default?as_of=2023-02-30", `{"queries":{"q":` + heron + `}}`, 422, "YYYY-MM-DD"},
		{"a query string that cannot be read", "/match/default?limit=%zz", `{"queries":{"q":` + heron + `}}`, 422, "invalid"},
		{"a body too large", "/match/default", strings.Repeat(" ", maxBody+1), 413, "too large"},
		{"a long address", "/match/default?x=" + strings.Repeat("y", 60001), `{}`, 414, "too long"},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := send(h, "POST", c.target, c.body)
			if w.Code != c.status {
				t.Fatalf("status %d, want %d: %.200s", w.Code, c.status, w.Body)
			}
			d := parsed(t, w).at("detail")
			text, ok := d.v.(string)
			if c.status == 422 {
				d.at(0, "type")
				d.at(0, "loc", 0)
				text, ok = d.at(0, "msg").v.(string)
			}
			if !ok || !strings.Contains(text, c.detail) {
				t.Errorf("detail %q, want %q", text, c.detail)
			}
		})
	}
	if w := send(h, "GET", "/match/default", ""); w.Code != 405 || parsed(t, w).at("detail").v != "Method Not Allowed" {
		t.Errorf("GET /match: %d %s", w.Code, w.Body)
	}
	if w := send(h, "GET", "/-/version", ""); w.Code != 404 || parsed(t, w).at("detail").v != "Not Found" {
		t.Errorf("what only motiva has: %d %s", w.Code, w.Body)
	}
}

func TestEntities(t *testing.T) {
	get := func(target string) *httptest.ResponseRecorder { return send(handler(t), "GET", target, "") }
	w := get("/entities/ofac-103?algorithm=logic-v1")
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	e := parsed(t, w)
	e.at("schema").is("Vessel")
	e.at("properties", "alias", 0).is("GREY HERON")
	e.at("law").list()
	if w := get("/entities/ofac-102"); w.Code != 404 || parsed(t, w).at("detail").v != "No such entity!" {
		t.Errorf("one that left its list: %d %s", w.Code, w.Body)
	}
	if w := get("/entities/ofac-102?as_of=2025-01-01"); w.Code != 200 {
		t.Errorf("one that was listed on the day: %d %s", w.Code, w.Body)
	}
	for _, id := range []string{"nothing", "ofac-999", "UN-1", "un-", "-", "%2e%2e%2f", "UN-MLi.999"} {
		if w := get("/entities/" + id); w.Code != 404 {
			t.Errorf("%s: %d", id, w.Code)
		}
	}
	w = get("/entities/UN-MLi.005?as_of=2023-08-01")
	to := w.Header().Get("Location")
	if w.Code != 308 || !strings.HasPrefix(to, "/entities/UN-69") || !strings.HasSuffix(to, "?as_of=2023-08-01") {
		t.Fatalf("a referent: %d %q", w.Code, to)
	}
	e = parsed(t, get(to))
	e.at("caption").is("Houka Houka Ag Alhousseini")
	e.at("law").where("measure", "travel-ban").at("status").is("in-force")
	if w := get(strings.TrimSuffix(to, "?as_of=2023-08-01")); w.Code != 404 {
		t.Errorf("a lapsed entry without a day: %d", w.Code)
	}
}

func TestCatalog(t *testing.T) {
	w := send(handler(t), "GET", "/catalog", "")
	j := parsed(t, w)
	d := j.at("datasets").where("name", "default")
	v := d.at("index_version").v.(string)
	if !regexp.MustCompile(`^\d{14}-[a-z]{3}$`).MatchString(v) {
		t.Errorf("index_version %q does not parse as a moment and a tag", v)
	}
	d.at("version").is(v)
	d.at("load").is(true)
	d.at("index_current").is(true)
	d.at("delta_url").is("http://example.com/datasets/default/delta")
	d.at("children", 0).is("sanctions")
	o := j.at("datasets").where("name", "us_ofac_sdn")
	o.at("entity_count").is(4.0)
	if !strings.HasPrefix(o.at("version").v.(string), "20260301000000-") {
		t.Errorf("version %v is not the list's", o.at("version").v)
	}
	j.at("datasets").where("name", "un_sc_sanctions")
	if len(j.at("current").list()) != len(j.at("datasets").list()) || len(j.at("outdated").list()) != 0 {
		t.Error("something is outdated")
	}
	if cc := w.Header().Get("Cache-Control"); cc != "public, max-age=300" {
		t.Errorf("cache control %q", cc)
	}
	for _, tag := range []string{w.Header().Get("ETag"), `"x", ` + w.Header().Get("ETag"), "*"} {
		if w := send(handler(t), "GET", "/manifest", "", "If-None-Match: "+tag); w.Code != 304 || w.Body.Len() > 0 {
			t.Errorf("If-None-Match %s: %d", tag, w.Code)
		}
	}
}

func TestAlgorithmsAndHealth(t *testing.T) {
	h := handler(t)
	j := parsed(t, send(h, "GET", "/algorithms", ""))
	j.at("default").is("best")
	j.at("best").is("logic-v2")
	for _, a := range j.at("algorithms").list() {
		name := a.(map[string]any)["name"].(string)
		if w := send(h, "POST", "/match/default?algorithm="+name, `{"queries":{"q":`+heron+`}}`); w.Code != 200 {
			t.Errorf("%s is offered and refused", name)
		}
	}
	j.at("algorithms", 0, "docs", "features", "name_match", "coefficient").is(1.0)
	for _, p := range []string{"/healthz", "/readyz"} {
		w := send(h, "GET", p, "")
		parsed(t, w).at("status").is("ok")
	}
}
