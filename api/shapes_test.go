package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"article41/account"
)

// askedOf are questions that every address with a JSON answer is asked, so that the
// answer is held to its shape (heldTo): a target, or target and body.
var askedOf = map[string][]string{
	"GET /api/v1/regimes":                     {"/api/v1/regimes"},
	"GET /api/v1/regimes/{id}":                {"/api/v1/regimes/mali"},
	"GET /api/v1/regimes/{id}/status":         {"/api/v1/regimes/mali/status"},
	"GET /api/v1/regimes/{id}/law":            {"/api/v1/regimes/mali/law", "/api/v1/regimes/libya-2/law"},
	"GET /api/v1/regimes/{id}/reports":        {"/api/v1/regimes/mali/reports"},
	"GET /api/v1/status":                      {"/api/v1/status", "/api/v1/status?territory=SSD"},
	"GET /api/v1/status/{id}":                 {"/api/v1/status/mali"},
	"GET /api/v1/votes":                       {"/api/v1/votes"},
	"GET /api/v1/votes/{symbol...}":           {"/api/v1/votes/S/2023/638", "/api/v1/votes/S/2023/638?vote=RUS:abstain"},
	"GET /api/v1/listings/{ref}":              {"/api/v1/listings/MLi.005"},
	"GET /api/v1/listings/{ref}/history":      {"/api/v1/listings/MLi.005/history"},
	"GET /api/v1/listings/{ref}/ownership":    {"/api/v1/listings/MLi.005/ownership"},
	"GET /api/v1/changes":                     {"/api/v1/changes", "/api/v1/changes?limit=1"},
	"GET /api/v1/lists":                       {"/api/v1/lists"},
	"GET /api/v1/sources":                     {"/api/v1/sources"},
	"GET /api/v1/members/{code}":              {"/api/v1/members/RUS", "/api/v1/members/MLI"},
	"GET /api/v1/incidents":                   {"/api/v1/incidents", "/api/v1/incidents?limit=1"},
	"GET /api/v1/findings":                    {"/api/v1/findings"},
	"GET /api/v1/calendar":                    {"/api/v1/calendar"},
	"GET /api/v1/alignment":                   {"/api/v1/alignment?a=FRA&b=RUS", "/api/v1/alignment?a=FRA"},
	"GET /api/v1/alignment/ideals":            {"/api/v1/alignment/ideals"},
	"GET /api/v1/power":                       {"/api/v1/power", "/api/v1/power?rule=1946"},
	"GET /api/v1/power/record":                {"/api/v1/power/record"},
	"GET /api/v1/problems/{type}":             {"/api/v1/problems/not-found"},
	"POST /api/v1/screen":                     {"/api/v1/screen", `{"name":"Iyad Ag Ghali"}`, "/api/v1/screen", `{"queries":[{"name":"Iyad Ag Ghali"}]}`},
	"POST /api/v1/payments/screen":            {"/api/v1/payments/screen", "{4:\n:50K:/1\nIyad Ag Ghali\n:59:Other Person\n:70:M/V BLUE HERON\n-}"},
	"POST /api/v1/whatif":                     {"/api/v1/whatif", `{"symbol":"S/2023/638","adopt":["S/2023/639"],"as_of":"2024-03-01"}`},
	"POST /api/v1/check":                      {"/api/v1/check", `{"text":"On 30 August 2023 Russia vetoed the draft on Mali, S/2023/638, by 13 votes to 1."}`},
	"GET /api/v1/openapi.json":                {"/api/v1/openapi.json"},
	"GET /openapi.json":                       {"/openapi.json"},
	"POST /match/{dataset}":                   {"/match/default", `{"queries":{"q":` + heron + `}}`},
	"GET /search/{dataset}":                   {"/search/default?q=heron"},
	"GET /entities/{id}":                      {"/entities/ofac-103", "/entities/ofac-103?nested=false"},
	"GET /entities/{id}/adjacent":             {"/entities/ofac-103/adjacent"},
	"GET /entities/{id}/adjacent/{property}":  {"/entities/ofac-103/adjacent/sanctions"},
	"GET /reconcile/{dataset}":                {"/reconcile/default", "/reconcile/default?queries=%7B%22q%22%3A%7B%22query%22%3A%22Blue+Heron%22%7D%7D"},
	"POST /reconcile/{dataset}":               {"/reconcile/default", "queries=%7B%22q%22%3A%7B%22query%22%3A%22Blue+Heron%22%7D%7D"},
	"GET /reconcile/{dataset}/suggest/{what}": {"/reconcile/default/suggest/entity?prefix=blue", "/reconcile/default/suggest/type?prefix=p", "/reconcile/default/suggest/property?prefix=b"},
	"GET /datasets/{dataset}/delta":           {"/datasets/default/delta"},
	"GET /catalog":                            {"/catalog"},
	"GET /manifest":                           {"/manifest"},
	"GET /algorithms":                         {"/algorithms"},
	"GET /healthz":                            {"/healthz"},
	"GET /readyz":                             {"/readyz"},
	"GET /v2/search":                          {"/v2/search?name=Blue+Heron", "/v2/search?name=Blue+Heron&type=vessel&debug=true"},
	"GET /v2/listinfo":                        {"/v2/listinfo"},
	"GET /v2/data/refresh":                    {"/v2/data/refresh"},
	"GET /api/v1/alerts":                      {"/api/v1/alerts?state=all"},
	"GET /api/v1/alerts/changes":              {"/api/v1/alerts/changes"},
	"GET /api/v1/alerts/export":               {"/api/v1/alerts/export", "/api/v1/alerts/export?format=csv", "/api/v1/alerts/export?format=parquet", "/api/v1/alerts/export?format=ftm&state=waiting"},
	"GET /api/v1/alerts/proofs":               {"/api/v1/alerts/proofs"},
	"GET /api/v1/customers":                   {"/api/v1/customers"},
	"POST /api/v1/customers/remove":           {"/api/v1/customers/remove", `{"id":"c-2","erase":false}`},
}

// heldElsewhere are the addresses whose answers this test has nothing to ask for
// with, and why; their shape is drawn from the Go type that is encoded.
var heldElsewhere = map[string]string{
	"GET /api/v1/assembly/{symbol...}":        "no Assembly vote is in the record of the tests",
	"GET /api/v1/incidents/{id}":              "by its list, below",
	"GET /api/v1/findings/{id}":               "by its list, below",
	"GET /api/v1/alerts/{id}":                 "TestCustomersAndAlerts",
	"POST /api/v1/alerts/{id}/decision":       "TestCustomersAndAlerts",
	"POST /api/v1/customers":                  "TestCustomersAndAlerts",
	"GET /api/v1/alignment/mali":              "no Assembly votes in the record of the tests",
	"GET /api/v1/alignment/map":               "no Assembly votes in the record of the tests",
	"GET /api/v1/alignment/drift":             "no Assembly votes in the record of the tests",
	"GET /api/v1/alignment/blocs":             "no Assembly votes in the record of the tests",
	"GET /api/v1/alignment/expected":          "no Assembly votes in the record of the tests",
	"GET /api/v1/receipts/{commitment}":       "a log needs a database: the program's tests",
	"GET /api/v1/log/checkpoint":              "a log needs a database: the program's tests",
	"GET /api/v1/log/keys":                    "a log needs a database: the program's tests",
	"GET /api/v1/log/consistency":             "a log needs a database: the program's tests",
	"GET /api/v1/briefings":                   "briefings need a database: the program's tests",
	"GET /api/v1/briefings/{slug}":            "briefings need a database: the program's tests",
	"GET /api/v1/briefings/{slug}/comments":   "briefings need a database: the program's tests",
	"GET /api/v1/comments/{token}":            "briefings need a database: the program's tests",
	"GET /api/v1/moderation":                  "briefings need a database: the program's tests",
	"POST /updatez":                           "TestRefresh",
	"POST /v2/data/refresh":                   "TestRefresh",
	"POST /api/v1/screen/batch":               "lines, TestBatchLines",
	"GET /datasets/{dataset}/delta/{version}": "lines, TestDelta",
	"GET /datasets/{dataset}/entities":        "lines, TestDelta",
}

// TestEveryAnswerHasItsShape asks every address and holds what it answers to the
// document.
func TestEveryAnswerHasItsShape(t *testing.T) {
	as, d := house(t)
	h := as(account.Local())
	send(h, "POST", "/api/v1/customers", `{"id":"c-1","kind":"person","name":"Iyad Ag Ghali"}`+"\n"+`{"id":"c-2","kind":"person","name":"Wilhelmina Quackenbush"}`+"\n"+`{"id":"c-3","kind":"vessel","name":"Blue Heron"}`)
	screenNow(t, d)
	s := &server{mux: http.NewServeMux()}
	s.routes()
	rows := map[string]string{}
	for _, r := range table(t, "openapi_routes.csv") {
		rows[r[0]] = r[3]
	}
	for _, pattern := range s.patterns {
		if rows[pattern] == "Any" {
			t.Errorf("%s: its shape is not said", pattern)
		}
		questions, ok := askedOf[pattern]
		if _, elsewhere := heldElsewhere[pattern]; !ok && !elsewhere && !slices.Contains([]string{"text", "yaml", "html", "file"}, rows[pattern]) {
			t.Errorf("%s is never asked", pattern)
		}
		method, _, _ := strings.Cut(pattern, " ")
		for i := 0; i < len(questions); i++ {
			target, body := questions[i], ""
			if method == "POST" {
				i++
				body = questions[i]
			}
			r := httptest.NewRequest(method, target, strings.NewReader(body))
			if strings.HasPrefix(target, "/reconcile") {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Errorf("%s: %d %.300s", target, w.Code, w.Body)
			}
		}
	}
	for list, key := range map[string]string{"/api/v1/incidents": "incidents", "/api/v1/findings": "findings"} {
		var found map[string]any
		json.Unmarshal(send(h, "GET", list, "").Body.Bytes(), &found)
		all, _ := found[key].([]any)
		for _, x := range all[:min(3, len(all))] {
			id := x.(map[string]any)["id"].(string)
			if w := send(h, "GET", list+"/"+id, ""); w.Code != http.StatusOK {
				t.Errorf("%s: %d", id, w.Code)
			}
		}
		t.Logf("%s: %d", list, len(all))
	}
	// Pages of alerts: each once, in one order, and no cursor that nobody gave.
	seen, cursor := []string{}, ""
	for range 50 {
		page := parsed(t, send(h, "GET", "/api/v1/alerts?limit=1&cursor="+cursor, ""))
		for _, x := range page.at("alerts").list() {
			seen = append(seen, x.(map[string]any)["id"].(string))
		}
		if cursor = page.at("next").v.(string); cursor == "" {
			break
		}
	}
	var whole []string
	for _, x := range parsed(t, send(h, "GET", "/api/v1/alerts", "")).at("alerts").list() {
		whole = append(whole, x.(map[string]any)["id"].(string))
	}
	if len(whole) < 2 || !slices.Equal(seen, whole) {
		t.Errorf("in pages %v, at once %v", seen, whole)
	}
	for _, bad := range []string{"cursor=nobody", "cursor=%FF", "page=1&cursor=" + whole[0]} {
		if w := send(h, "GET", "/api/v1/alerts?"+bad, ""); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
	if w := send(h, "GET", "/api/v1/incidents?limit=1", ""); w.Code == http.StatusOK {
		if all := parsed(t, w).at("incidents").list(); len(all) > 0 {
			id := all[0].(map[string]any)["id"].(string)
			send(h, "GET", "/api/v1/incidents/"+id+"?form=schema.org", "")
		}
	}
}
