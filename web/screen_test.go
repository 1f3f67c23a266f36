package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestScreening(t *testing.T) {
	for _, c := range []struct {
		name   string
		form   url.Values
		status int
		first  string
		holds  []string
	}{
		{"a listed name, on a day it was bound", url.Values{"name": {"Houka Houka Ag Alhousseini"}, "as_of": {"2023-08-01"}}, 200,
			"This name meets 1 entry listed on 1 August 2023.", []string{"MLi.005", "travel ban", "assets freeze", "para 1", "para 4", "How the name asked about met", "Above: as asked"}},
		{"the same, after the measures lapsed", url.Values{"name": {"Houka Houka Ag Alhousseini"}, "as_of": {"2023-10-01"}}, 200,
			"it meets 1 entry that was listed before", []string{"the measures lapsed", "S/2023/638"}},
		{"a stranger", url.Values{"name": {"Wilhelmina Quackenbush"}, "as_of": {"2023-08-01"}}, 200, "Not found in these lists as of 1 August 2023", []string{"at the threshold of 0.70"}},
		{"a birth that speaks for it", url.Values{"name": {"Houka Houka Ag Alhousseini"}, "as_of": {"2023-08-01"}, "born": {"1962"}}, 200, "meets 1 entry", []string{"Beside the name", "1962 asked"}},
		{"another script", url.Values{"name": {"Хука Хука Аг Альхусейни"}, "as_of": {"2023-08-01"}}, 200, "meets 1 entry", []string{`lang="und-Cyrl"`}},
		{"no name", url.Values{"name": {"  "}}, 400, "Screen a name", []string{"There is a problem", `href="#name"`, "Type the name to screen."}},
		{"a birth that is none", url.Values{"name": {"X Y"}, "born": {"some day"}}, 400, "Screen a name", []string{`id="born-error"`, `value="some day"`, `value="X Y"`}},
		{"a country that is none", url.Values{"name": {"X Y"}, "country": {"Ruritania"}}, 400, "Screen a name", []string{`id="country-error"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, body := answer(t, "POST", "/screen", c.form)
			if r.StatusCode != c.status {
				t.Errorf("status %d, want %d", r.StatusCode, c.status)
			}
			if got := h1(body); !strings.Contains(got, c.first) {
				t.Errorf("the first line is %q; want it to say %q", got, c.first)
			}
			for _, want := range c.holds {
				if !strings.Contains(body, want) {
					t.Errorf("does not hold %q", want)
				}
			}
			if got := r.Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control: %q", got)
			}
			for _, m := range addresses.FindAllStringSubmatch(body, -1) {
				for _, word := range strings.Fields(c.form.Get("name")) {
					if u, _ := url.QueryUnescape(m[1]); len(word) > 2 && strings.Contains(strings.ToLower(u), strings.ToLower(word)) {
						t.Errorf("the address %q holds the name", m[1])
					}
				}
			}
		})
	}
}

func TestScreeningNeverAnswersAnAddress(t *testing.T) {
	_, body := answer(t, "GET", "/screen?name=Houka+Houka+Ag+Alhousseini", nil)
	if strings.Contains(body, "MLi.005") || strings.Contains(body, "Houka Houka Ag Alhousseini\"") {
		t.Error("a name in the address was read")
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct{ name, q, to string }{
		{"a symbol", "s/2023/638", "/votes/S/2023/638"},
		{"a resolution by its number alone", "2374", "/votes/S/RES/2374"},
		{"a resolution as people write it", "UNSCR 2374 (2017)", "/votes/S/RES/2374"},
		{"a resolution in a word", "resolution 2374", "/votes/S/RES/2374"},
		{"a regime by its id", "mali", "/regimes/mali"},
		{"a regime by its id in words", "South Sudan", "/regimes/south-sudan"},
		{"a state that no regime is called after", "France", "/members/FRA"},
		{"a reference", "QDi.006", "/listings/QDi.006"},
		{"nothing", "  ", "/screen"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _ := answer(t, "POST", "/find", url.Values{"q": {c.q}})
			if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != c.to {
				t.Errorf("%d to %q, want %q", r.StatusCode, r.Header.Get("Location"), c.to)
			}
		})
	}
	t.Run("a name is screened on the spot", func(t *testing.T) {
		r, body := answer(t, "POST", "/find", url.Values{"q": {"Houka Houka Ag Alhousseini"}, "as_of": {"2023-08-01"}})
		if r.StatusCode != 200 || !strings.Contains(h1(body), "meets 1 entry") || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d, %q", r.StatusCode, h1(body))
		}
	})
	t.Run("the chosen day is kept", func(t *testing.T) {
		r, _ := answer(t, "POST", "/find", url.Values{"q": {"mali"}, "as_of": {"2023-08-01"}})
		if got := r.Header.Get("Location"); got != "/regimes/mali?as_of=2023-08-01" {
			t.Errorf("to %q", got)
		}
	})
	t.Run("a document without a vote is no name", func(t *testing.T) {
		if r, _ := answer(t, "POST", "/find", url.Values{"q": {"S/2019/636"}}); r.StatusCode != 404 {
			t.Errorf("status %d", r.StatusCode)
		}
	})
}

func TestOtherSitesCannotPost(t *testing.T) {
	r := httptest.NewRequest("POST", "/screen", strings.NewReader("name=Anyone"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	site(t).ServeHTTP(w, r)
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "sent from another site") {
		t.Errorf("status %d", w.Code)
	}
}

func TestTooLargeAForm(t *testing.T) {
	r, body := answer(t, "POST", "/screen", url.Values{"name": {strings.Repeat("a", 100<<10)}})
	if r.StatusCode != 413 || !strings.Contains(body, "too large") {
		t.Errorf("status %d", r.StatusCode)
	}
}

// Whatever somebody sends, nothing of it becomes markup.
func TestHostileInput(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	q := url.QueryEscape(evil)
	pages := map[string]url.Values{
		"/?as_of=" + q: nil, "/votes?q=" + q: nil, "/votes?from=" + q: nil, "/votes?regime=" + q: nil, "/votes/S/2023/638?vote=" + q: nil,
		"/votes/" + url.PathEscape(evil): nil, "/regimes/" + url.PathEscape(evil): nil, "/listings/" + url.PathEscape(evil): nil,
		"/listings/MLi.005?list=" + q: nil, "/members/" + url.PathEscape(evil): nil, "/" + url.PathEscape(evil): nil,
		"/screen": {"name": {evil}, "born": {evil}, "country": {evil}, "kind": {evil}},
		"/find":   {"q": {evil}},
	}
	for path, form := range pages {
		method := "GET"
		if form != nil {
			method = "POST"
		}
		_, body := answer(t, method, path, form)
		if strings.Contains(body, "<script>") || strings.Contains(body, "<img") {
			t.Errorf("%s: input became markup", path)
		}
	}
	r := httptest.NewRequest("GET", "/regimes/mali", nil)
	r.Host = `x"><script>alert(1)</script>`
	w := httptest.NewRecorder()
	site(t).ServeHTTP(w, r)
	if strings.Contains(w.Body.String(), "<script>") {
		t.Error("the host's name became markup")
	}
}
