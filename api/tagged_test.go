package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"article41/account"
	"article41/date"
)

// TestTagsOfTheContract: an answer of yente's reads has a tag of its own, who has it
// is told so, another day or question has another, and an error has none.
func TestTagsOfTheContract(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	s := New(a, options()).(*server)
	h := as(s, account.Local())
	get := func(target, have string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", target, nil)
		if have != "" {
			r.Header.Set("If-None-Match", have)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	seen := map[string]string{}
	for _, target := range []string{"/search/default?q=heron", "/search/default?q=egret", "/algorithms"} {
		w := get(target, "")
		tag := w.Header().Get("ETag")
		if w.Code != http.StatusOK || tag == "" || seen[tag] != "" {
			t.Errorf("%s: %d, tag %q, which is %q's too", target, w.Code, tag, seen[tag])
		}
		seen[tag] = target
		if w := get(target, tag); w.Code != http.StatusNotModified || w.Body.Len() > 0 || w.Header().Get("ETag") != tag {
			t.Errorf("%s, asked again: %d with %d bytes", target, w.Code, w.Body.Len())
		}
		s.Today = func() date.Day { return date.MustDay("2026-01-02") }
		if w := get(target, tag); w.Code != http.StatusOK {
			t.Errorf("%s, on another day: %d", target, w.Code)
		}
		s.Today = options().Today
	}
	for _, target := range []string{"/entities/nobody", "/search/nowhere?q=heron", "/search/default?q=heron&limit=x"} {
		if w := get(target, "*"); w.Code < 400 || w.Header().Get("ETag") != "" {
			t.Errorf("%s: %d with the tag %q", target, w.Code, w.Header().Get("ETag"))
		}
	}
}

// TestFindingsByPage: the pages of findings hold each once, and a made-up cursor is
// refused.
func TestFindingsByPage(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	h := as(New(a, options()), account.Local())
	type answer struct {
		Findings []struct{ ID string }
		Next     *string
	}
	page := func(target string) (out answer) {
		w := send(h, "GET", target, "")
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", target, w.Code, w.Body)
		}
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	all := page("/api/v1/findings")
	if len(all.Findings) < 2 || all.Next != nil {
		t.Fatalf("%d findings, next %v", len(all.Findings), all.Next)
	}
	var ids []string
	for next := ""; ; {
		p := page("/api/v1/findings?limit=1&cursor=" + next)
		for _, f := range p.Findings {
			ids = append(ids, f.ID)
		}
		if p.Next == nil {
			break
		}
		next = url.QueryEscape(*p.Next)
	}
	for i, f := range all.Findings {
		if len(ids) != len(all.Findings) || ids[i] != f.ID {
			t.Fatalf("by page %q, at once %+v", ids, all.Findings)
		}
	}
	for _, bad := range []string{"?cursor=nowhere", "?limit=0", "?limit=x"} {
		if w := send(h, "GET", "/api/v1/findings"+bad, ""); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
}
