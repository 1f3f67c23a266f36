package web_test

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	getForms = regexp.MustCompile(`(?s)<form\b[^>]*method="get"[^>]*>.*?</form>`)
	controls = regexp.MustCompile(`(?s)<(input|select)\b([^>]*)>(.*?</select>)?`)
	options  = regexp.MustCompile(`<option value="([^"]*)"( selected)?`)
)

// attr is an attribute of a tag, and whether it has it.
func attr(tag, name string) (string, bool) {
	m := regexp.MustCompile(`\b` + name + `(?:="([^"]*)")?(?:\s|/|$)`).FindStringSubmatch(tag)
	if m == nil {
		return "", false
	}
	return html.UnescapeString(m[1]), true
}

// control is one field of a form: what it would send, and what else it could.
type control struct {
	name    string
	values  []string // sent as it stands
	choices []string
}

func controlsOf(form string) (out []control) {
	for _, m := range controls.FindAllStringSubmatch(form, -1) {
		name, ok := attr(m[2], "name")
		if !ok {
			continue
		}
		c := control{name: name}
		value, _ := attr(m[2], "value")
		kind, _ := attr(m[2], "type")
		_, checked := attr(m[2], "checked")
		switch {
		case m[1] == "select":
			for i, o := range options.FindAllStringSubmatch(m[3], -1) {
				v := html.UnescapeString(o[1])
				c.choices = append(c.choices, v)
				if o[2] != "" || i == 0 && !strings.Contains(m[3], " selected") {
					c.values = []string{v}
				}
			}
		case kind == "checkbox" || kind == "radio":
			c.choices = []string{value}
			if checked {
				c.values = []string{value}
			}
		default:
			c.values = []string{value}
		}
		if i := len(out) - 1; i >= 0 && out[i].name == name {
			out[i].values, out[i].choices = append(out[i].values, c.values...), append(out[i].choices, c.choices...)
			continue
		}
		out = append(out, c)
	}
	return out
}

// What a reader could write into a field that offers no choices.
var written = map[string]string{"as_of": "2023-08-01", "known_at": "2023-09-15", "from": "2001", "to": "2023", "q": "sanctions", "sponsor": "FRA", "country": "MLI", "a": "FRA", "b": "JPN", "states": "FRA,MLI,RUS",
	"first": "MLI", "second": "RUS", "state": "MLI", "before": "2018-2020", "after": "2021-2023", "year": "2022", "seats": "15", "quota": "9", "vetoes": "5", "block": "2", "votes": "S/2023/638,S/2023/639", "topic": "Mali",
	"pole": "USA", "blocs": "3", "regime": "mali", "/incidents from": "2022-01-01", "/incidents to": "2022-12-31"}

// TestEveryFilterSurvives: whatever a form of a page can be filled with stands in
// the lasting address of the page that it leads to, and each form of that page that
// leads to the same address has it still.
func TestEveryFilterSurvives(t *testing.T) {
	houses := everyHouse(t)
	forms, tried := map[string]bool{}, map[string]bool{}
	for _, p := range looked {
		if p.post != nil || p.house != "record" && p.house != "customers" && p.house != "followers" {
			continue
		}
		d := houses[p.house]
		at, _, _ := strings.Cut(d.address(p.path), "?")
		for _, form := range getForms.FindAllString(gunzip(t, request(d, p, "example.com").Result()), -1) {
			action, ok := attr(form[:strings.Index(form, ">")], "action")
			if action == "" || !ok {
				action = at
			}
			all := controlsOf(form)
			for _, c := range all {
				if c.name == "as_of" || c.name == "known_at" || c.name == "page" {
					continue
				}
				var values []string
				for _, v := range c.choices {
					if v != "" && (len(c.values) == 0 || v != c.values[0]) {
						values = append(values, v)
					}
				}
				if len(c.choices) == 0 {
					values = append(values, written[action+" "+c.name], written[c.name])
					values = slices.DeleteFunc(append(values, c.values...), func(v string) bool { return v == "" })
					if len(values) == 0 {
						t.Errorf("%s: nothing is known to write into %q", action, c.name)
					}
				}
				if tried[action+" "+c.name] || len(values) == 0 {
					continue
				}
				tried[action+" "+c.name] = true
				code, value, body := 0, "", ""
				for _, value = range values { // of a year without roll calls there is no page
					q := url.Values{}
					for _, o := range all {
						if o.name == c.name {
							q.Set(c.name, value)
							continue
						}
						for _, v := range o.values {
							q.Add(o.name, v)
						}
					}
					w := request(d, lookedPage{path: action + "?" + q.Encode()}, "example.com")
					if code, body = w.Code, gunzip(t, w.Result()); code == 200 {
						break
					}
				}
				if code == 404 && c.name == "body" {
					continue // roll calls of the Assembly are imported, not shipped
				}
				if code != 200 {
					t.Errorf("%s with %s=%s: %d %s", action, c.name, value, code, h1(body))
					continue
				}
				lasting := ""
				for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
					if u := html.UnescapeString(m[1]); strings.Contains(body, `href="`+m[1]+`">Lasting address`) {
						lasting = u
					}
				}
				if u, err := url.Parse(lasting); err != nil || u.Query().Get(c.name) != value {
					t.Errorf("%s: %s=%s is not in the lasting address %q", action, c.name, value, lasting)
				}
				for _, again := range getForms.FindAllString(body, -1) {
					to, _ := attr(again[:strings.Index(again, ">")], "action")
					if to != action && to != "" {
						continue
					}
					kept := false
					for _, o := range controlsOf(again) {
						for _, v := range o.values {
							kept = kept || o.name == c.name && v == value
						}
					}
					if !kept {
						t.Errorf("%s: a form of the page with %s=%s loses it: %.200s", action, c.name, value, again)
					}
				}
			}
			forms[action] = true
		}
	}
	t.Logf("%d fields of forms to %d addresses", len(tried), len(forms))
	if len(tried) < 30 {
		t.Error("hardly a field was tried: this test has lost the forms")
	}
}
