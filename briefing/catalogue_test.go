package briefing_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"article41/briefing"
)

// TestCatalogueIsWhole: every string stands in every language, in the plural forms
// that the language has, with the same arguments.
func TestCatalogueIsWhole(t *testing.T) {
	rows := catalogueRows(t)
	if got := fmt.Sprint(rows[0][2:]); got != fmt.Sprint(briefing.Languages) {
		t.Fatalf("columns %s, languages %v", got, briefing.Languages)
	}
	verb := regexp.MustCompile(`%[ds]`)
	forms, seen := map[string][]string{}, map[string]bool{}
	for _, row := range rows[1:] {
		key := row[0] + "/" + row[1]
		if seen[key] {
			t.Errorf("%s stands twice", key)
		}
		seen[key] = true
		forms[row[0]] = append(forms[row[0]], row[1])
		args := verb.FindAllString(row[2], -1)
		for i, text := range row[2:] {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s is empty in %s", key, rows[0][i+2])
			}
			if got := verb.FindAllString(text, -1); !slices.Equal(got, args) {
				t.Errorf("%s takes %v in %s, and %v in English", key, got, rows[0][i+2], args)
			}
		}
	}
	for key, have := range forms {
		if counted := slices.Contains(have, "one") || slices.Contains(have, "other"); counted && !(slices.Contains(have, "one") && slices.Contains(have, "other") && len(have) == 2) {
			t.Errorf("%s has the forms %v", key, have)
		}
	}
	for _, l := range briefing.Languages { // whole numbers below a million need one and other
		for n := range 2000 {
			if f := plural.Cardinal.MatchPlural(language.Make(string(l)), n, 0, 0, 0, 0); f != plural.One && f != plural.Other {
				t.Fatalf("%s wants another plural form for %d", l, n)
			}
		}
	}
	for _, x := range []struct {
		l    briefing.Lang
		n    int
		want string
	}{{"en", 0, "0 comments"}, {"en", 1, "1 comment"}, {"fr", 0, "0 commentaire"}, {"fr", 1, "1 commentaire"}, {"fr", 2, "2 commentaires"}} {
		if got := x.l.Count("comments", x.n); got != x.want {
			t.Errorf("%s, %d: %q, want %q", x.l, x.n, got, x.want)
		}
	}
	for _, why := range briefing.Reasons() {
		for _, l := range briefing.Languages {
			if l != briefing.English && why.Words(l) == why.Words(briefing.English) {
				t.Errorf("the reason %s is English in %s", why, l)
			}
		}
	}
}

// TestKeysAreInTheCatalogue: what the code and the pages ask the catalogue for is in
// it, and what is in it is asked for.
func TestKeysAreInTheCatalogue(t *testing.T) {
	asked := regexp.MustCompile(`\.(?:Say|Count)\("([^"]+)"`)
	var text strings.Builder
	for _, glob := range []string{"*.go", "../web/*.templ", "../web/*.go", "../follow/*.go"} {
		for _, f := range files(t, glob) {
			if strings.HasSuffix(f, "_templ.go") || strings.HasSuffix(f, "_test.go") {
				continue
			}
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			text.Write(b)
		}
	}
	all := text.String()
	held, begun := map[string]bool{}, regexp.MustCompile(`"([a-z]+(?:-[a-z]+)*-)(?:"|%)`).FindAllStringSubmatch(all, -1)
	for _, row := range catalogueRows(t)[1:] {
		held[row[0]] = true
		if !strings.Contains(all, `"`+row[0]+`"`) && !strings.Contains(all, `"`+row[0]+" ") && !slices.ContainsFunc(begun, func(m []string) bool { return strings.HasPrefix(row[0], m[1]) }) {
			t.Errorf("nothing asks for %q", row[0])
		}
	}
	for _, m := range asked.FindAllStringSubmatch(all, -1) {
		if !held[m[1]] && !strings.HasSuffix(m[1], "-") { // else a beginning: the code adds the rest
			t.Errorf("there is no string %q", m[1])
		}
	}
}

func catalogueRows(t *testing.T) [][]string {
	t.Helper()
	f, err := os.Open("strings.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestNoBareWords: the pages of briefings, comments and their desks hold no word of
// their own: what people read stands in the catalogue. The story check's answers and
// the blocks quote the record, which is in English.
func TestNoBareWords(t *testing.T) {
	own := regexp.MustCompile(`>\s*([A-Za-zÀ-ÿ][^<>{}\n]*)<|(?:aria-label|title|placeholder)="([^"{}]*[A-Za-z][^"]*)"`)
	line := regexp.MustCompile(`^\s*([A-Z][a-z]+(?: [a-z]+)*[.,:;]?)\s*$`)
	allowed := []string{"Atom", "JSON Feed", "j", "k", "a", "r", "P"}
	for _, f := range []string{"../web/desk.templ", "../web/briefing_form.templ", "../web/briefing.templ"} {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		page := string(b)
		if i := strings.Index(page, "templ block("); i >= 0 {
			page = page[:i] // what follows shows the record
		}
		for n, l := range strings.Split(page, "\n") {
			trim := strings.TrimSpace(l)
			if strings.HasPrefix(trim, "//") || strings.HasPrefix(trim, "if ") || strings.HasPrefix(trim, "for ") {
				continue
			}
			for _, m := range own.FindAllStringSubmatch(l, -1) {
				if word := strings.TrimSpace(m[1] + m[2]); !slices.Contains(allowed, word) && !strings.Contains(m[2], "Atom") && word != "Briefings" {
					t.Errorf("%s:%d: %q stands in no catalogue", f, n+1, word)
				}
			}
			if m := line.FindStringSubmatch(l); m != nil {
				t.Errorf("%s:%d: %q stands in no catalogue", f, n+1, m[1])
			}
		}
	}
}

func files(t *testing.T, glob string) []string {
	t.Helper()
	out, err := filepath.Glob(glob)
	if err != nil || len(out) == 0 {
		t.Fatalf("%s: no files (%v)", glob, err)
	}
	return out
}
