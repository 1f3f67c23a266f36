package web

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"sync"

	"article41/record"
)

//go:embed glossary.csv
var glossaryCSV string

// ownWords is the source of a meaning that is this project's own use of a word.
const ownWords = "docs/words.md"

// word is one term of the field.
type word struct {
	Slug, Term, Meaning, Source string
	Sure                        record.Sureness
}

// glossary are the words in the order of the file, and by the forms in which pages
// write them.
var glossary = sync.OnceValue(func() (g struct {
	words  []word
	byForm map[string]word
}) {
	rows, err := csv.NewReader(strings.NewReader(glossaryCSV)).ReadAll()
	if err != nil {
		panic("web/glossary.csv: " + err.Error()) // embedded, and read by a test
	}
	g.byForm = map[string]word{}
	for _, r := range rows[1:] {
		w := word{Slug: r[0], Term: r[1], Meaning: r[3], Source: r[4], Sure: record.Sureness(r[5])}
		g.words = append(g.words, w)
		for _, form := range append(strings.Split(r[2], ";"), w.Term) {
			if form != "" {
				g.byForm[strings.ToLower(form)] = w
			}
		}
	}
	return g
})

// firstUse is the word behind a text, the first time that a page shows it.
func (a *ask) firstUse(text string) (word, bool) {
	w, ok := glossary().byForm[strings.ToLower(strings.TrimSpace(text))]
	if !ok || a.explained == nil || a.explained[w.Slug] {
		return w, false
	}
	a.explained[w.Slug] = true
	return w, true
}

func (s *site) glossary(a *ask) (page, error) {
	return page{Title: "Glossary", Body: glossaryPage(a, glossary().words), Twin: "-"}, nil
}
