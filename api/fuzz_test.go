package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzBodies sends any bytes as bodies: each is answered in its contract's own
// form, never with a 500, and what is answered is JSON.
func FuzzBodies(f *testing.F) {
	for _, b := range []string{
		`{"queries":{"q":{"schema":"Person","properties":{"name":["x"],"birthDate":"1970","country":[null,1,true,{"id":"z"}]}}}}`,
		`{"queries":{"":{"schema":"Vessel","properties":{"name":"Blue Heron"},"filters":null}},"weights":{"a":null},"config":null}`,
		`{"name":"Houka Houka Ag Alhousseini","born":"~1970","countries":["ML"],"as_of":"2023-08-01"}`,
		`{"symbol":"S/2023/638","votes":{"RUS":"abstain"},"adopt":["S/2023/639"]}`,
		`[`, `{"queries":{"a":{}}}`, `null`, "\x00", `{"queries":{"q":{"schema":"Person","properties":{"name":["\ud800"]}}}}`,
	} {
		f.Add(b)
	}
	h := handler(f)
	f.Fuzz(func(t *testing.T, body string) {
		for _, target := range []string{"/match/default", "/api/v1/screen", "/api/v1/whatif"} {
			w := send(h, "POST", target, body)
			if w.Code >= 500 {
				t.Fatalf("%s: status %d: %s", target, w.Code, w.Body)
			}
			if !json.Valid(w.Body.Bytes()) || !utf8.Valid(w.Body.Bytes()) {
				t.Fatalf("%s: no JSON: %q", target, w.Body)
			}
		}
	})
}

// FuzzAddress sends any path and query string to every route that reads.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"status?territory=ssd", "votes/S/2023/638?vote=RUS:abstain&vote=,&adopt=", "votes?cursor=MjAyMy0wOC0zMCBTLzIwMjMvNjM4",
		"votes?from=0000&to=9999&page=2", "listings/%2e%2e?list=%00", "members/%ff", "calendar?as_of=9999-12-31", "status?as_of=0001-01-01"} {
		f.Add(s)
	}
	h := handler(f)
	f.Fuzz(func(t *testing.T, tail string) {
		if strings.ContainsAny(tail, " \t\r\n\x00#") || len(tail) > 2000 {
			return // no request line
		}
		r, err := http.NewRequest("GET", "http://x/api/v1/"+tail, nil)
		if err != nil {
			return
		}
		w := send(h, "GET", r.URL.RequestURI(), "")
		if w.Code >= 500 {
			t.Fatalf("%s: status %d: %s", tail, w.Code, w.Body)
		}
		if strings.Contains(w.Header().Get("Content-Type"), "json") && !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%s: no JSON: %q", tail, w.Body)
		}
	})
}

// FuzzText: what appendText writes, the standard library reads back the same.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "plain", "\"\\\x00\x1f\u2028\u2029é漢", "\xff\xfe", "a\xc3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		if err := json.Unmarshal(appendText(nil, s), &got); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if want := strings.ToValidUTF8(s, "\ufffd"); utf8.ValidString(s) && got != want {
			t.Fatalf("%q came back as %q", s, got)
		}
	})
}
