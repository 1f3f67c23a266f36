package briefing_test

import (
	"os"
	"path/filepath"
	"testing"

	"article41/briefing"
)

// A briefing that is read has an address, a title and words; no text stops the reader.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("../data/briefings/*")
	for _, name := range files {
		if b, err := os.ReadFile(name); err == nil {
			f.Add(string(b))
		}
	}
	for _, s := range []string{"a-slug", "fr-CA", "", "---\ntitle: x\n---\ntext", "---\n- [\n---\n", "# x\n\n{{vote S/2023/638}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if b, err := briefing.Parse(s); err == nil {
			if b.Title == "" || b.Minutes() < 1 {
				t.Fatalf("%+v", b)
			}
		}
		if slug, err := briefing.ParseSlug(s); err == nil && string(slug) != s {
			t.Fatalf("%q reads as the address %q", s, slug)
		}
		if lang := briefing.ParseLang(s); briefing.ParseLang(string(lang)) != lang {
			t.Fatalf("%q is in the language %q, which is not one", s, lang)
		}
	})
}
