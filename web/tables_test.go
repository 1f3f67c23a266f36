package web_test

import (
	"encoding/csv"
	"html"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"article41/record"
	"article41/symbol"
)

// rowsOf reads a table of the package, whose header is as wanted.
func rowsOf(t *testing.T, file string, header ...string) [][]string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(rows[0], header) {
		t.Fatalf("%s: the columns are %q, want %q", file, rows[0], header)
	}
	for i, r := range rows {
		for j, cell := range r {
			if cell != strings.TrimSpace(cell) || strings.Contains(cell, "  ") {
				t.Errorf("%s:%d: %s: stray space in %q", file, i+1, header[j], cell)
			}
		}
	}
	return rows[1:]
}

// sourced checks that a row names its source and how sure it is; a symbol leads to
// our page of it, or to the document.
func sourced(t *testing.T, where, source, sure string) {
	t.Helper()
	if sure != string(record.Verified) && sure != string(record.Unverified) {
		t.Errorf("%s: sureness %q", where, sure)
	}
	if source == "" {
		t.Errorf("%s names no source", where)
	}
	for _, one := range strings.Split(source, "; ") {
		sym, err := symbol.Parse(one)
		switch {
		case err == nil && sym.Link() == "":
			t.Errorf("%s: %s leads nowhere", where, one)
		case err == nil && strings.HasPrefix(one, "S/RES/"):
			if r, _ := answer(t, "GET", "/votes/"+strings.ReplaceAll(one, " ", "%20"), nil); r.StatusCode != 200 {
				t.Errorf("%s: the record has no vote on %s: %d", where, one, r.StatusCode)
			}
		case err != nil && regexp.MustCompile(`^[A-Z]{1,2}/`).MatchString(one):
			t.Errorf("%s: %q is no symbol: %v", where, one, err)
		}
	}
}

func TestGlossaryTable(t *testing.T) {
	own, err := os.ReadFile("../docs/words.md")
	if err != nil {
		t.Fatal(err)
	}
	slugs, forms := map[string]bool{}, map[string]string{}
	for _, r := range rowsOf(t, "glossary.csv", "slug", "term", "forms", "meaning", "source", "sureness") {
		slug, term := r[0], r[1]
		if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(slug) || slugs[slug] {
			t.Errorf("%s: no slug, or one that stands twice", slug)
		}
		slugs[slug] = true
		mine := map[string]bool{strings.ToLower(term): true}
		for _, f := range strings.Split(r[2], ";") {
			if f != "" {
				mine[strings.ToLower(f)] = true
			}
		}
		for f := range mine {
			if other, ok := forms[f]; ok {
				t.Errorf("%q is a form of %s and of %s", f, other, slug)
			}
			forms[f] = slug
		}
		if !strings.HasSuffix(r[3], ".") || strings.HasSuffix(r[3], "..") {
			t.Errorf("%s: the meaning is no sentence: %q", slug, r[3])
		}
		sourced(t, slug, r[4], r[5])
		if r[4] == "docs/words.md" && !strings.Contains(string(own), term) && !regexp.MustCompile(`(?im)^\| [^|]*\b(`+regexp.QuoteMeta(term)+`|`+slug+`)\b`).Match(own) {
			t.Errorf("%s: docs/words.md does not hold %q", slug, term)
		}
	}
	if len(slugs) < 30 {
		t.Errorf("%d words", len(slugs))
	}
}

// TestGlossaryPage: the page has every row, with its meaning, each source leading
// somewhere, and how sure it is.
func TestGlossaryPage(t *testing.T) {
	rows := rowsOf(t, "glossary.csv", "slug", "term", "forms", "meaning", "source", "sureness")
	_, body := answer(t, "GET", "/glossary", nil)
	if got := h1(body); !strings.HasPrefix(got, strconv.Itoa(len(rows))+" words") {
		t.Errorf("%q, and the table has %d", got, len(rows))
	}
	for _, r := range rows {
		_, rest, ok := strings.Cut(body, `<div id="`+r[0]+`">`)
		item, _, _ := strings.Cut(rest, "</div>")
		text := plain(html.UnescapeString(item))
		if !ok || !strings.HasPrefix(text, r[1]+" "+r[3]) || strings.HasSuffix(text, "unverified") != (r[5] == "unverified") {
			t.Errorf("%s: shown as %q", r[0], text)
		}
		for _, from := range strings.Split(r[4], "; ") {
			if sym, err := symbol.Parse(from); err == nil && !strings.Contains(item, `>`+sym.String()+`</a>`) {
				t.Errorf("%s: its source %s is not linked", r[0], from)
			} else if err != nil && from != "docs/words.md" && !strings.Contains(text, from) {
				t.Errorf("%s: its source %q is not named: %q", r[0], from, text)
			}
		}
	}
	// What a page explains is what the table says.
	_, body = answer(t, "GET", "/regimes/mali", nil)
	found := 0
	for _, r := range rows {
		if i := strings.Index(body, `id="term-`+r[0]+`"`); i >= 0 {
			found++
			if meaning, _, _ := strings.Cut(body[i:], "</span>"); !strings.HasSuffix(html.UnescapeString(meaning), ">"+r[3]) {
				t.Errorf("%s is explained as %q", r[0], meaning)
			}
		}
	}
	if found < 5 {
		t.Errorf("a regime's page explains %d words", found)
	}
}

// Every path that a regime of the record names has its steps, each with a clock and
// a source, and no step is of another path.
func TestDelistingTable(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	at := record.At{AsOf: today, KnownAt: today}
	all, err := a.Statuses(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, s := range all {
		r, err := a.Regime(t.Context(), at, s.Regime)
		if err != nil {
			t.Fatal(err)
		}
		if r.Delisting != "" && r.Delisting != "none" {
			used[r.Delisting] = true
		}
	}
	have, steps := map[string]bool{}, map[string]bool{}
	for _, r := range rowsOf(t, "delisting.csv", "path", "step", "within", "source", "place", "sureness") {
		have[r[0]] = true
		if !used[r[0]] {
			t.Errorf("no regime of the record has the path %q", r[0])
		}
		if steps[r[0]+r[1]] || !strings.HasSuffix(r[1], ".") {
			t.Errorf("%s: %q stands twice, or is no sentence", r[0], r[1])
		}
		steps[r[0]+r[1]] = true
		if r[2] == "" {
			t.Errorf("%s: %q has no clock, nor says that there is none", r[0], r[1])
		}
		if _, err := symbol.Parse(r[3]); err != nil {
			t.Errorf("%s: %v", r[0], err)
		}
		sourced(t, r[0], r[3], r[5])
	}
	for path := range used {
		if !have[path] {
			t.Errorf("the path %q has no steps", path)
		}
	}
	// Each regime's page has the steps of its path and none of another's, with the clock,
	// the source and how sure it is; of a day before they were decided, none.
	rows := rowsOf(t, "delisting.csv", "path", "step", "within", "source", "place", "sureness")
	for _, s := range all {
		r, err := a.Regime(t.Context(), at, s.Regime)
		if err != nil {
			t.Fatal(err)
		}
		_, body := answer(t, "GET", "/regimes/"+string(s.Regime), nil)
		body = html.UnescapeString(body)
		_, before := answer(t, "GET", "/regimes/"+string(s.Regime)+"?as_of=2006-01-01&known_at=2026-11-23", nil)
		before = html.UnescapeString(before)
		for _, row := range rows {
			i := strings.Index(body, row[1])
			if (i >= 0) != (row[0] == r.Delisting) {
				t.Errorf("%s, whose path is %q, and the step %q of %s", s.Regime, r.Delisting, row[1], row[0])
			}
			if strings.Contains(before, row[1]) {
				t.Errorf("%s tells for 2006 a step decided later: %q", s.Regime, row[1])
			}
			if i < 0 {
				continue
			}
			item, _, _ := strings.Cut(body[i:], "</li>")
			text := plain(item)
			if !strings.Contains(text, row[2]) || !strings.Contains(text, row[3]) || !strings.Contains(text, row[4]) || strings.Contains(text, "unverified") != (row[5] == "unverified") {
				t.Errorf("%s: the step %q is shown as %q; want %v", s.Regime, row[1], text, row[2:])
			}
		}
		if says := strings.Contains(before, "The record holds no procedure of that day"); says != (r.Delisting != "" && r.Delisting != "none") {
			t.Errorf("%s: whether there was no procedure in 2006: %v", s.Regime, says)
		}
	}
	// An unverified step says so on the page.
	if _, body := answer(t, "GET", "/regimes/isil-aq", nil); !regexp.MustCompile(`(?s)4 months, up to 2 more.{0,400}class="unverified"`).MatchString(body) {
		t.Error("the Ombudsperson's clock is shown without saying that it is unverified")
	}
}
