package main

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestErratumStory: a reader's correction becomes a draft erratum with one click, the
// linter refuses what is wrong with it, an accepted one stands in the record of this
// installation, and its author is told how it ended.
func TestErratumStory(t *testing.T) {
	t.Chdir(t.TempDir())
	base, _, _, _ := started(t)
	do := func(method, path string, form url.Values) (int, string, string) {
		t.Helper()
		r, err := http.NewRequest(method, base+strings.TrimPrefix(path, "/"), strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, resp.Header.Get("Location"), string(b)
	}
	code, mine, page := do("POST", "/briefings/mali-veto-2023/comments", url.Values{"name": {"Ada"}, "email": {"ada@example.org"}, "type": {"correction"},
		"place": {"six years after it had asked for it"}, "source": {"S/2023/605: a letter"}, "message": {"It is \"six years\", see the letter: {a}"}})
	if code != 303 {
		t.Fatalf("status %d %s", code, page)
	}
	find := func(page, re string) string {
		t.Helper()
		m := regexp.MustCompile(re).FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("no %s in %.3000s", re, page)
		}
		return m[1]
	}
	version := func(page string) string { return find(page, `name="version" value="(\d+)"`) }
	_, _, queue := do("GET", "/desk/comments", nil)
	if code, _, page = do("POST", "/desk/comments/"+find(queue, `action="/desk/comments/([^"]+)"`), url.Values{"version": {version(queue)}, "do": {"erratum"}}); code != 303 {
		t.Fatalf("made a draft: status %d %s", code, page)
	}
	if _, _, page = do("GET", mine, nil); !strings.Contains(page, "It is a draft erratum now") {
		t.Error("its author does not see that it is a draft")
	}
	_, _, desk := do("GET", "/desk/errata", nil)
	id, text := find(desk, `action="/desk/errata/([^"]+)"`), find(desk, `(?s)name="overlay"[^>]*>(.*?)</textarea>`)
	text = html.UnescapeString(text)
	if !strings.Contains(text, "id: mali") || !strings.Contains(text, "six years after it had asked for it") || !strings.Contains(text, "the first United Nations sanctions regime ended by a veto") {
		t.Errorf("the draft is\n%s", text)
	}
	answer := func(do, overlay, words string) url.Values {
		return url.Values{"version": {version(desk)}, "do": {do}, "overlay": {overlay}, "words": {words}}
	}
	if code, _, page = do("POST", "/desk/errata/"+id, answer("lint", text, "")); code != 200 || !strings.Contains(page, "nothing against it") {
		t.Errorf("the draft does not pass the linter: %d %s", code, page)
	}
	if code, _, page = do("POST", "/desk/errata/"+id, answer("accept", strings.Replace(text, "source: memory", "source: nowhere", 1), "Thanks.")); code != 422 || !strings.Contains(page, "nowhere") || !strings.Contains(page, `value="Thanks."`) {
		t.Errorf("an unknown source passes: %d", code)
	}
	if _, err := os.Stat("overlay/regimes/mali.yaml"); err == nil {
		t.Error("what was refused was written")
	}
	if code, _, page = do("POST", "/desk/errata/"+id, answer("accept", text, "Mended, thank you.")); code != 303 {
		t.Fatalf("accepted: status %d %s", code, page)
	}
	if b, err := os.ReadFile("overlay/regimes/mali.yaml"); err != nil || string(b) != text {
		t.Errorf("the overlay holds %q (%v)", b, err)
	}
	if out, errs, code := command(t, "check", "--overlay", "overlay"); code != 0 || !strings.Contains(out, "0 problems") {
		t.Errorf("check --overlay: %d %s %s", code, out, errs)
	}
	if _, _, page = do("GET", "/api/v1/regimes/mali", nil); !strings.Contains(page, "six years after it had asked for it") || !strings.Contains(page, "+overlay") {
		t.Error("the record does not say it")
	}
	if _, _, page = do("GET", mine, nil); !strings.Contains(page, "It was accepted.") || !strings.Contains(page, "Mended, thank you.") || !strings.Contains(page, `href="/regimes/mali"`) {
		t.Error("its author is not told how it ended")
	}
	if _, _, page = do("GET", mine+"?lang=fr", nil); !strings.Contains(page, "Elle a été acceptée.") || !strings.Contains(page, "Elle figure désormais dans le registre de ce site.") {
		t.Error("nor in French")
	}
}
