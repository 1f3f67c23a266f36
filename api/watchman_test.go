package api

import (
	"context"
	"errors"
	"strings"
	"testing"

	"article41/account"
)

// TestWatchman replays what Watchman's Go client sends (contract 4.7) and reads
// what it reads. The client's module cannot be had, so these are written from
// the contract.
func TestWatchman(t *testing.T) {
	h := handler(t)
	for _, c := range []struct{ why, target, id string }{
		{"a vessel", "/v2/search?name=Blue+Heron&type=vessel&limit=10&minMatch=0.75", "103"},
		{"any type", "/v2/search?name=Blue+Heron&type=&minMatch=0.00", "103"},
		{"one list, by Watchman's name", "/v2/search?name=Blue+Heron&type=vessel&source=us_ofac", "103"},
		{"a person with what else is known", "/v2/search?name=Kuzma+Vodkin&altNames=Iyad+Ag+Ghali&type=person&gender=male&birthDate=1961-02-03&titles=Mr&source=us_ofac&gov_passport=RU:123&minMatch=0.7", "105"},
		{"a birth date that is none is passed over", "/v2/search?name=Iyad+Ag+Ghali&type=person&birthDate=soon&source=us_ofac", "105"},
		{"a business", "/v2/search?name=Zvezda+Maritime+Trading&type=business&address=1+Road&requestID=r1", "101"},
		{"by its reference", "/v2/search?name=Zvezda+Maritime&type=organization&sourceID=101&limit=1", "101"},
		{"one that left its list, on a day when it stood", "/v2/search?name=Kuzma+Petrov-Vodkin&type=person&as_of=2025-01-01", "102"},
	} {
		w := send(h, "GET", c.target, "")
		if w.Code != 200 {
			t.Errorf("%s: %d %s", c.why, w.Code, w.Body)
			continue
		}
		j := parsed(t, w)
		e := j.at("entities").where("sourceID", c.id)
		e.at("sourceList").is("us_ofac")
		if m := e.at("match").v.(float64); m < 0.6 || m > 1 {
			t.Errorf("%s: match %v", c.why, m)
		}
		e.at("sourceData", "law").list()
		for _, k := range []string{"name", "entityType", "person", "business", "organization", "aircraft", "vessel", "contact", "addresses",
			"cryptoAddresses", "affiliations", "sanctionsInfo", "historicalInfo", "sourceData"} {
			e.at(k)
			j.at("query", k)
		}
	}
	v := parsed(t, send(h, "GET", "/v2/search?name=Blue+Heron&type=vessel", "")).at("entities", 0)
	v.at("entityType").is("vessel")
	v.at("vessel", "name").is("BLUE HERON")
	v.at("vessel", "altNames", 0).is("GREY HERON")
	v.at("person").is(nil)
	p := parsed(t, send(h, "GET", "/v2/search?name=Iyad+Ag+Ghali&type=person&debug=true", ""))
	p.at("query", "person", "name").is("Iyad Ag Ghali")
	o := p.at("entities").where("sourceList", "us_ofac")
	o.at("person", "birthDate").is("1961-02-03T00:00:00Z")
	o.at("details", "query").is("Iyad Ag Ghali")
	u := p.at("entities").where("sourceList", "un_csl")
	u.at("sourceData", "law", 0, "paragraph")
	none := parsed(t, send(h, "GET", "/v2/search?name=Tzvetanka+Brouwershaven&type=person", ""))
	none.at("entities").is(nil)
	b := parsed(t, send(h, "GET", "/v2/search?name=Zvezda+Maritime+Trading&type=business", "")).at("entities", 0)
	b.at("entityType").is("business")
	b.at("business", "name").is("ZVEZDA MARITIME TRADING LLC")
}

func TestWatchmanErrors(t *testing.T) {
	h := handler(t)
	for _, c := range []struct {
		why, method, target string
		status              int
		text                string
	}{
		{"a parameter that nobody reads", "GET", "/v2/search?name=x&type=person&zeal=1", 400, "extra/unused query parameters: zeal"},
		{"a birth date of a vessel", "GET", "/v2/search?name=x&type=vessel&birthDate=1960", 400, "extra/unused query parameters: birthDate"},
		{"a birth date of no type", "GET", "/v2/search?name=x&birthDate=1960", 400, "extra/unused"},
		{"a name's case", "GET", "/v2/search?Name=x&type=person", 400, "extra/unused"},
		{"no such type", "GET", "/v2/search?name=x&type=ghost", 400, "unknown type"},
		{"nothing to search", "GET", "/v2/search?type=person", 400, "name is required"},
		{"a limit that is none", "GET", "/v2/search?name=x&limit=few", 400, "limit"},
		{"a match that is none", "GET", "/v2/search?name=x&minMatch=2", 400, "minMatch"},
		{"a match that is not a number", "GET", "/v2/search?name=x&minMatch=NaN", 400, "minMatch"},
		{"a list not held", "GET", "/v2/search?name=x&source=eu_csl", 400, "source"},
		{"a format not written", "GET", "/v2/search?name=x&format=senzing", 400, "format"},
		{"debug that is none", "GET", "/v2/search?name=x&debug=perhaps", 400, "debug"},
		{"a day that is none", "GET", "/v2/search?name=x&as_of=2023-02-30", 400, "day"},
		{"too many names", "GET", "/v2/search?type=person" + strings.Repeat("&altNames=x", 51), 400, "51 values"},
		{"a query string that cannot be read", "GET", "/v2/search?name=%zz", 400, "invalid"},
		{"a search by POST", "POST", "/v2/search", 405, "GET"},
		{"an export", "GET", "/v2/export/csv", 404, "not served here: bring a list in with article41 import, take one out with article41 export"},
		{"no such address", "GET", "/v2/nothing", 404, "no such address"},
	} {
		w := send(h, c.method, c.target, "")
		if w.Code != c.status {
			t.Errorf("%s: %d, want %d: %s", c.why, w.Code, c.status, w.Body)
			continue
		}
		if text := parsed(t, w).at("error").v.(string); !strings.Contains(text, c.text) {
			t.Errorf("%s: %q does not say %q", c.why, text, c.text)
		}
	}
}

func TestWatchmanLists(t *testing.T) {
	h := handler(t)
	j := parsed(t, send(h, "GET", "/v2/listinfo", ""))
	j.at("lists", "us_ofac").is(4.0)
	if n := len(j.at("listHashes", "us_ofac").v.(string)); n != 64 {
		t.Errorf("a hash of %d letters", n)
	}
	j.at("startedAt")
	j.at("endedAt")
	j.at("version").is("test")
	if w := send(h, "GET", "/ping", ""); w.Code != 200 || w.Body.String() != "PONG" {
		t.Errorf("ping: %d %s", w.Code, w.Body)
	}
}

// TestRefresh: one refresh at a time, under both contracts; the token guards the
// one that has a token.
func TestRefresh(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	begun, go_on := make(chan bool, 8), make(chan error)
	o.Refresh = func(context.Context) error { begun <- true; return <-go_on }
	o.Token = "secret"
	h := as(New(a, o), account.Local())
	state := func() tree { return parsed(t, send(h, "GET", "/v2/data/refresh", "")).at("state") }
	state().is("idle")
	if w := send(h, "POST", "/v2/data/refresh", ""); w.Code != 202 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	<-begun
	state().is("running")
	if w := send(h, "POST", "/v2/data/refresh", ""); w.Code != 409 {
		t.Errorf("a second one: %d", w.Code)
	}
	if w := send(h, "POST", "/updatez?token=secret", ""); w.Code != 200 {
		t.Errorf("updatez beside it: %d", w.Code)
	}
	go_on <- errors.New("the secret reason")
	for state().v != "idle" {
	}
	last := parsed(t, send(h, "GET", "/v2/data/refresh", ""))
	if text := last.at("lastError").v.(string); text == "" || strings.Contains(text, "secret") {
		t.Errorf("last error %q", text)
	}
	last.at("trigger").is("api")
	go func() { go_on <- nil }()
	if w := send(h, "POST", "/updatez?token=secret&sync=true", ""); w.Code != 200 || parsed(t, w).at("status").v != "ok" {
		t.Errorf("updatez: %d %s", w.Code, w.Body)
	}
	for _, target := range []string{"/updatez", "/updatez?token=wrong"} {
		if w := send(h, "POST", target, ""); w.Code != 403 {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
	if w := send(handler(t), "POST", "/updatez?token=", ""); w.Code != 403 {
		t.Errorf("without a token of the program's own: %d", w.Code)
	}
}
