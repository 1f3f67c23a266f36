package api

import (
	"encoding/json"
	"testing"
)

func TestAlignment(t *testing.T) {
	h := handler(t)
	get := func(target string, want int) map[string]any {
		t.Helper()
		w := send(h, "GET", target, "")
		if w.Code != want {
			t.Fatalf("%s: status %d, want %d: %.300s", target, w.Code, want, w.Body)
		}
		var out map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	g := get("/api/v1/alignment?a=FRA&b=JPN&votes=S/2023/638,S/2023/639", 200)
	if g["n"] != 2.0 || g["raw"] != 0.5 || g["lijphart"] != 0.75 || g["s"] != 0.5 || g["kappa"] != 0.5 || g["fractions"].(map[string]any)["pi"] != "3/7" {
		t.Errorf("France and Japan: %v", g)
	}
	// Twice the same position: chance leaves nothing to correct, which is null, not 1.
	if g := get("/api/v1/alignment?a=FRA&b=USA&votes=S/2023/638", 200); g["kappa"] != nil || g["pi"] != nil || g["raw"] != 1.0 {
		t.Errorf("one vote: %v", g)
	}
	p := get("/api/v1/power?rule=1966", 200)
	if s := p["shapley_shubik"].(map[string]any)["permanent"].(map[string]any); s["fraction"] != "421/2145" {
		t.Errorf("Shapley-Shubik: %v", s)
	}
	if p := get("/api/v1/power?seats=24&quota=14&vetoes=11", 200); p["seats"] != 24.0 || p["elected_seats"] != 13.0 {
		t.Errorf("reform: %v", p)
	}
	if x := get("/api/v1/alignment/mali", 200); len(x["assembly"].([]any)) != 8 || len(x["not_known"].([]any)) == 0 {
		t.Errorf("Mali: %v", x["sentence"])
	}
	if x := get("/api/v1/alignment/ideals?states=MLI,RUS&from=2020", 200); len(x["lines"].([]any)) != 2 || x["source"] == "" {
		t.Errorf("ideal points: %v", x)
	}
	if d := get("/api/v1/alignment/drift?pole=RUS", 200); d["n"].(float64) < 180 {
		t.Errorf("drift: %v", d["sentence"])
	}
	get("/api/v1/alignment/map?year=2023", 200)
	get("/api/v1/alignment/blocs?year=2023", 200)
	get("/api/v1/alignment/expected?year=2023", 200)
	get("/api/v1/power/record?from=1991", 200)
	for _, bad := range []string{"alignment", "alignment?a=FRA&b=atlantis", "alignment?a=P5", "alignment?a=FRA&b=JPN&body=ICJ", "alignment?a=FRA&b=JPN&from=2020&to=2010",
		"alignment?a=FRA&b=JPN&from=soon", "power?rule=1967", "power?seats=31", "power?quota=none", "alignment/drift?before=2020-2018", "alignment/map?year=never", "alignment/ideals?states=MLI,"} {
		get("/api/v1/"+bad, 400)
	}
	get("/api/v1/alignment?a=FRA&b=JPN&votes=S/2099/1", 404)
	get("/api/v1/alignment/map?body=GA&year=2010", 404)
}
