package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// TestEveryRead walks the reads of the own API: each takes the coordinates and
// refuses a wrong one, has a tag by which it is not answered twice, may be read by
// pages of any origin, and refuses what it does not know.
func TestEveryRead(t *testing.T) {
	h := handler(t)
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	walked := 0
	for pattern := range New(a, options()).(*server).reads {
		questions := askedOf[pattern]
		if len(questions) == 0 {
			continue // heldElsewhere says why
		}
		walked++
		target := questions[0]
		with := func(q string) string {
			if strings.Contains(target, "?") {
				return target + "&" + q
			}
			return target + "?" + q
		}
		w := send(h, "GET", target, "")
		tag := w.Header().Get("ETag")
		if w.Code != http.StatusOK || tag == "" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v", target, w.Code, w.Header())
			continue
		}
		if w := send(h, "GET", target, "", "If-None-Match: "+tag); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s again: %d", target, w.Code)
		}
		for _, q := range []string{"as_of=2026-11-01", "known_at=2026-11-01", "as_of=2026-11-01&known_at=2026-11-02"} {
			w := send(h, "GET", with(q), "")
			if w.Code != http.StatusOK || w.Header().Get("ETag") == tag {
				t.Errorf("%s: %d, ETag %s", with(q), w.Code, w.Header().Get("ETag"))
			}
		}
		for _, q := range []string{"as_of=2026-02-30", "known_at=yesterday", "position=-1", "as_off=2026-11-01", "as_of=2026-11-01&as_of=2026-11-02", "cursor=%00nobody"} {
			w := send(h, "GET", with(q), "")
			if w.Code != http.StatusBadRequest || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("ETag") != "" {
				t.Errorf("%s: %d %v", with(q), w.Code, w.Header())
			}
		}
	}
	if walked < 20 {
		t.Errorf("%d reads walked", walked)
	}
}

// TestPages: page by page the same as all at once, in the same order, and none
// twice, for each list that comes in pages.
func TestPages(t *testing.T) {
	h := handler(t)
	encoded := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, c := range []struct{ target, key, cursor string }{
		{"/api/v1/votes?from=2023&to=2023&limit=", "votes", "cursor"}, {"/api/v1/incidents?limit=", "incidents", "cursor"}, {"/api/v1/changes?kind=list&limit=", "changes", "after"},
	} {
		all := parsed(t, send(h, "GET", c.target+"500", "")).at(c.key).list()
		var paged []any
		next := ""
		for range 300 {
			page := parsed(t, send(h, "GET", c.target+"3"+next, ""))
			got := page.at(c.key).list()
			paged = append(paged, got...)
			to := page.v.(map[string]any)["next"]
			if text, ok := to.(string); ok && text != "" {
				next = "&" + c.cursor + "=" + text
			} else if n, ok := to.(float64); ok && len(got) > 0 {
				next = "&" + c.cursor + "=" + strconv.FormatInt(int64(n), 10)
			} else {
				break
			}
		}
		if len(paged) != len(all) {
			t.Errorf("%s: %d in pages, %d at once", c.target, len(paged), len(all))
		}
		for i := range min(len(paged), len(all)) {
			if a, b := encoded(paged[i]), encoded(all[i]); a != b {
				t.Errorf("%s: row %d differs", c.target, i)
				break
			}
		}
	}
}
