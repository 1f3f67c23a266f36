package api

import (
	"strings"
	"testing"
)

// TestMali is the first story, asked over HTTP.
func TestMali(t *testing.T) {
	h := handler(t)
	for _, c := range []struct {
		why, tail string
		check     func(tree)
	}{
		{"the initial term", "regimes/mali/status?as_of=2018-08-29", func(j tree) {
			m := j.at("measures").where("id", "travel-ban")
			m.at("status").is("in-force")
			m.at("imposed_by", "symbol").is("S/RES/2374 (2017)")
			m.at("extended_by").is(nil)
		}},
		{"extended by 2590", "regimes/mali/status?as_of=2022-08-29", func(j tree) {
			m := j.at("measures").where("id", "assets-freeze")
			m.at("extended_by", "symbol").is("S/RES/2590 (2021)")
			m.at("until").is("2022-08-31")
		}},
		{"the last day", "status/mali?as_of=2023-08-31", func(j tree) {
			j.at("status").is("in-force")
			j.at("measures").where("id", "travel-ban").at("until").is("2023-08-31")
			j.at("bodies").where("id", "panel").at("until").is("2023-09-30")
		}},
		{"the day after: lapsed, and the drafts that failed", "regimes/mali?as_of=2023-09-01", func(j tree) {
			j.at("id").is("mali")
			j.at("regime").is("mali")
			j.at("status").is("lapsed")
			m := j.at("measures").where("id", "travel-ban")
			m.at("status").is("lapsed")
			failed := m.at("ended", "not_renewed")
			failed.where("symbol", "S/2023/638").at("reason").is("veto")
			failed.where("symbol", "S/2023/639").at("short").is(8.0)
			j.at("bodies").where("id", "panel").at("status").is("in-force")
			if len(j.at("decisions").list()) < 6 || len(j.at("lanes").list()) == 0 {
				t.Error("a regime's document has no history")
			}
		}},
		{"not yet known to have lapsed", "regimes/mali/status?as_of=2023-09-01&known_at=2023-08-15", func(j tree) {
			j.at("measures").where("id", "travel-ban").at("status").is("unknown")
		}},
		{"every regime, as an array", "regimes?as_of=2023-08-31", func(j tree) {
			j.where("regime", "mali").at("status").is("in-force")
		}},
		{"the same under the command's name", "status?as_of=2023-08-31", func(j tree) {
			j.where("regime", "mali").at("status").is("in-force")
		}},
		{"a territory by name", "status?territory=south%20sudan&as_of=2019-01-01", func(j tree) {
			j.where("regime", "south-sudan").at("status").is("in-force")
		}},
		{"the veto", "votes/S/2023/638", func(j tree) {
			j.at("outcome", "reason").is("veto")
			j.at("outcome", "tally").is("13-1-1")
			if len(j.at("rollcall").list()) != 15 {
				t.Error("not fifteen ballots")
			}
		}},
		{"a resolution by its own symbol", "votes/S/RES/2374", func(j tree) { j.at("id").is("S/RES/2374 (2017)") }},
		{"a resolution with its year", "votes/S/RES/2374%20(2017)", func(j tree) { j.at("id").is("S/RES/2374 (2017)") }},
		{"what if Russia had abstained", "votes/S/2023/638?vote=RUS:abstain&as_of=2024-03-01", func(j tree) {
			j.at("actual", "outcome", "reason").is("veto")
			j.at("counterfactual", "outcome", "tally").is("13-0-2")
			m := j.at("counterfactual", "measures").where("id", "travel-ban")
			m.at("status").is("in-force")
			m.at("until").is("2024-08-31")
			if n := len(j.at("counterfactual", "listings").list()); n != 8 {
				t.Errorf("%d listings live, want 8", n)
			}
			if n := len(j.at("actual", "listings").list()); n != 0 {
				t.Errorf("%d listings live in truth, want 0", n)
			}
			if len(j.at("assumes").list()) == 0 {
				t.Error("nothing is said to be assumed")
			}
		}},
		{"what if the rival had been adopted", "votes/S/2023/638?adopt=S/2023/639&as_of=2024-03-01", func(j tree) {
			j.at("counterfactual", "measures").where("id", "travel-ban").at("status").is("in-force")
			j.at("counterfactual", "bodies").where("id", "panel").at("status").is("terminated")
		}},
		{"a listing", "listings/MLi.005?as_of=2023-08-31", func(j tree) {
			j.at("standing", "status").is("listed")
			j.at("regime").is("mali")
		}},
		{"a listing of another list", "listings/103?list=ofac", func(j tree) { j.at("caption").is("BLUE HERON") }},
		{"a member that vetoed", "members/RUS", func(j tree) {
			j.at("code").is("RUS")
			j.at("permanent").is(true)
			j.at("vetoes").where("id", "S/2023/638")
		}},
		{"a state that measures reached", "members/south%20sudan?as_of=2019-01-01", func(j tree) {
			j.at("permanent").is(false)
			j.at("measures").where("regime", "south-sudan")
		}},
		{"what ends next", "calendar?as_of=2023-08-30", func(j tree) {
			j.at("from").is("2023-08-30")
			j.at("due").where("regime", "mali").at("day").is("2023-08-31")
		}},
		{"one regime's calendar", "calendar?as_of=2023-08-30&from=2023-09-01&to=2023-12-31&regime=mali", func(j tree) {
			for i := range j.at("due").list() {
				j.at("due", i, "regime").is("mali")
			}
			j.at("due").where("day", "2023-09-30")
		}},
		{"sources", "sources", func(j tree) { j.at("lists").where("list", "ofac") }},
		{"lists", "lists", func(j tree) {
			j.at("lists").where("list", "ofac").at("version").is("2026-03-01")
			j.at("basis", "record")
		}},
	} {
		w := send(h, "GET", "/api/v1/"+c.tail, "")
		if w.Code != 200 {
			t.Errorf("%s: status %d: %s", c.why, w.Code, w.Body)
			continue
		}
		if ct := w.Header().Get("Content-Type"); ct != "application/json" {
			t.Errorf("%s: content type %q", c.why, ct)
		}
		if w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Header().Get("ETag") == "" {
			t.Errorf("%s: no CORS or no ETag: %v", c.why, w.Header())
		}
		t.Run(c.why, func(t *testing.T) { c.check(parsed(t, w)) })
	}
}

func TestWhatIfBody(t *testing.T) {
	h := handler(t)
	body := `{"symbol":"S/2023/638","votes":{"RUS":"abstain"},"as_of":"2024-03-01"}`
	byBody := send(h, "POST", "/api/v1/whatif", body)
	byAddress := send(h, "GET", "/api/v1/votes/S/2023/638?vote=RUS=abstain&as_of=2024-03-01", "")
	if byBody.Code != 200 || byBody.Body.String() != byAddress.Body.String() {
		t.Errorf("a body and an address differ: %d %.200s", byBody.Code, byBody.Body)
	}
}

func TestVotesPages(t *testing.T) {
	h := handler(t)
	for _, order := range []string{"newest", "oldest"} {
		var paged []string
		tail := "/api/v1/votes?regime=mali&limit=3&order=" + order
		next := ""
		for range 20 {
			j := parsed(t, send(h, "GET", tail+next, ""))
			for _, v := range j.at("votes").list() {
				paged = append(paged, v.(map[string]any)["id"].(string))
			}
			c, ok := j.at("next").v.(string)
			if !ok {
				break
			}
			next = "&cursor=" + c
		}
		var whole []string
		for _, v := range parsed(t, send(h, "GET", "/api/v1/votes?regime=mali&limit=500&order="+order, "")).at("votes").list() {
			whole = append(whole, v.(map[string]any)["id"].(string))
		}
		if len(whole) < 8 || strings.Join(paged, " ") != strings.Join(whole, " ") {
			t.Errorf("%s: pages give %v, the whole is %v", order, paged, whole)
		}
	}
	for why, tail := range map[string]string{
		"vetoes of one member":   "votes?by=RUS&from=2023-08-01&to=2023-08-31",
		"an outcome":             "votes?reason=veto&from=2023-08-01&to=2023-08-31",
		"a region":               "votes?region=africa&by=RUS&from=2023-08-01&to=2023-08-31",
		"a word in the symbol":   "votes?topic=2023/638",
		"a month for a day":      "votes?reason=veto&from=2023-08&to=2023-08",
		"the second page of one": "votes?from=2023-08-30&to=2023-08-30&topic=S/2023/63&order=newest&limit=1&page=2",
		"the day of two drafts":  "votes?reason=veto&from=2023-08-30&to=2023-08-30",
	} {
		found := parsed(t, send(h, "GET", "/api/v1/"+tail, "")).at("votes")
		if n := len(found.list()); n != 1 {
			t.Errorf("%s: %d votes, want 1", why, n)
		}
		found.where("id", "S/2023/638")
	}
}

func TestScreen(t *testing.T) {
	h := handler(t)
	ask := func(body string) tree {
		t.Helper()
		w := send(h, "POST", "/api/v1/screen", body)
		if w.Code != 200 {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Error("an answer with a name may be kept")
		}
		return parsed(t, w)
	}
	hit := ask(`{"name":"Houka Houka Ag Alhousseini","as_of":"2023-08-01"}`).at("hits").where("id", "MLi.005")
	hit.at("law").where("id", "travel-ban").at("status").is("in-force")
	hit.at("law").where("id", "assets-freeze").at("imposed_by", "paragraph").is("4")
	ask(`{"name":"Houka Houka Ag Alhousseini","as_of":"2023-10-01"}`).at("hits").where("id", "MLi.005").at("status").is("was-listed")
	none := ask(`{"name":"Tzvetanka Brouwershaven"}`)
	if len(none.at("hits").list()) != 0 || !strings.HasPrefix(none.at("verdict").v.(string), "Not found in these lists as of") {
		t.Errorf("a stranger: %v", none.at("verdict").v)
	}
	batch := ask(`{"queries":[{"name":"Blue Heron","kind":"vessel"},{"name":"Houka Houka Ag Alhousseini"}],"as_of":"2023-08-01"}`).at("answers")
	if len(batch.list()) != 2 {
		t.Fatal("a batch of two has not two answers")
	}
	batch.at(1, "as_of").is("2023-08-01")
	batch.at(1, "query", "name").is("Houka Houka Ag Alhousseini")
}

func TestETag(t *testing.T) {
	h := handler(t)
	get := func(target, tag string) (int, string) {
		w := send(h, "GET", target, "", "If-None-Match: "+tag)
		if w.Code == 304 && w.Body.Len() > 0 {
			t.Error("a 304 has a body")
		}
		return w.Code, w.Header().Get("ETag")
	}
	_, tag := get("/api/v1/regimes/mali/status", "")
	for why, c := range map[string]struct {
		target, tag string
		code        int
	}{
		"the same question":      {"/api/v1/regimes/mali/status", tag, 304},
		"one tag of several":     {"/api/v1/regimes/mali/status", `"x", W/` + tag, 304},
		"another day":            {"/api/v1/regimes/mali/status?as_of=2020-01-01", tag, 200},
		"known on another day":   {"/api/v1/regimes/mali/status?known_at=2020-01-01", tag, 200},
		"another regime":         {"/api/v1/regimes/yemen/status", tag, 200},
		"any, and there is one":  {"/api/v1/regimes/yemen/status", "*", 200},
		"any, but there is none": {"/api/v1/regimes/atlantis/status", "*", 404},
	} {
		if code, _ := get(c.target, c.tag); code != c.code {
			t.Errorf("%s: status %d, want %d", why, code, c.code)
		}
	}
	a, _ := archive()
	head := a.Basis().Position
	pinned := send(h, "GET", "/api/v1/lists?position=1", "")
	if pinned.Code != 200 || len(parsed(t, pinned).at("lists").list()) != 0 {
		t.Errorf("at position 1 lists are held: %d %.200s", pinned.Code, pinned.Body)
	}
	if now := send(h, "GET", "/api/v1/lists", ""); now.Header().Get("ETag") == pinned.Header().Get("ETag") {
		t.Error("two positions share a tag")
	}
	parsed(t, send(h, "GET", "/api/v1/lists", "")).at("basis", "position").is(float64(head))
}
