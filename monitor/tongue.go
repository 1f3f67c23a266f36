package monitor

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// tongue is a language in which sentences are read: its closed lists of words, and
// its table of hedges.
type tongue struct {
	code  string
	lists map[string][]string // by the parts of tongues.csv
	rows  map[string][]hedgeRow
}

//go:embed tongues.csv
var tonguesText string

// tongues are the languages that are read, English first.
var tongues = sync.OnceValue(func() []*tongue {
	var out []*tongue
	tables := map[string]string{"en": hedgesText, "fr": hedgesFrenchText}
	for _, c := range cells(tonguesText)[1:] {
		i := slices.IndexFunc(out, func(t *tongue) bool { return t.code == c["lang"] })
		if i < 0 {
			rows, err := readHedges(tables[c["lang"]])
			if err != nil {
				panic(err) // the table is ours and held by a test
			}
			i, out = len(out), append(out, &tongue{c["lang"], map[string][]string{}, rows})
		}
		out[i].lists[c["part"]] = strings.Fields(c["words"])
	}
	return out
})

// is reports whether a word stands in a list of the language.
func (t *tongue) is(part, word string) bool {
	return slices.Contains(t.lists[part], strings.ToLower(word))
}

// isAdverb reports whether a word is an adverb. English tells them by their end;
// French does not: "gouvernement" is none.
func (t *tongue) isAdverb(w string) bool {
	return t.is("adverb", w) || t.code == "en" && strings.HasSuffix(w, "ly")
}

// plain is a word as the table of hedges has it: "n'aurait" is "aurait".
func (t *tongue) plain(w string) string {
	if t.code == "fr" {
		return strings.TrimPrefix(w, "n'")
	}
	return w
}

// bare is a name without the article that it begins with.
func (t *tongue) bare(name string) string {
	articles := []string{"The ", "the "}
	if t.code == "fr" {
		articles = []string{"Le ", "le ", "La ", "la ", "Les ", "les ", "L'", "l'", "L’", "l’"}
	}
	for _, a := range articles {
		if rest, ok := strings.CutPrefix(name, a); ok {
			return rest
		}
	}
	return name
}

// lower is a word as the tables write it.
func lower(s string) string {
	return strings.ReplaceAll(strings.ToLower(norm.NFC.String(s)), "’", "'")
}

// fewWords is how short a sentence may be to be taken for one of the language
// before it, when none of its words tell.
const fewWords = 6

// tongueOf is the language of a sentence by its commonest words; of a short one
// that tells nothing, that of the sentence before; else nothing.
func tongueOf(text string, s []word, before *tongue) *tongue {
	var best *tongue
	most := 0
	for _, t := range tongues() {
		n := 0
		for _, w := range s {
			if t.is("know", w.low) || t.rows[w.low] != nil {
				n++
			}
		}
		if n > most || n == most && n > 0 && t == before {
			best, most = t, n
		}
	}
	if best == nil && len(s) <= fewWords && latin(text[s[0].from:s[len(s)-1].to]) {
		return before
	}
	return best
}

// latin reports whether a text has no letter of another script.
func latin(s string) bool {
	for _, r := range s {
		if r >= 0x370 && (r < 0x1e00 || r > 0x206f) {
			return false
		}
	}
	return true
}
