package api

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"article41/name"
	"article41/screen"
)

// cards are the entities that stand on a shelf's day, by the words of what is
// said of them: what a text search and a facet look at. They are made when first
// asked for, and hold ids only, so that a big list is not kept printed whole.
type cards struct {
	ids   []screen.SubjectID // of living entities, in order
	words map[string][]int32 // word → places in ids, rising
	named map[string][]int32 // the same for the words of names alone
}

// cards of the shelf.
func (sh *shelf) cards() *cards {
	sh.carded.Do(func() {
		c := &cards{words: map[string][]int32{}, named: map[string][]int32{}}
		var scribe name.Scribe
		put := func(in map[string][]int32, word string, at int32) {
			if l := in[word]; len(l) == 0 || l[len(l)-1] != at {
				in[word] = append(l, at)
			}
		}
		for _, id := range sh.Subjects() {
			sub, ok := sh.Subject(id)
			if !ok || !sub.Alive {
				continue
			}
			e := sh.terms.print(sub)
			at := int32(len(c.ids))
			c.ids = append(c.ids, id)
			for _, w := range wordsOf(&scribe, strings.Join(append([]string{e.id}, e.referents...), " ")) {
				put(c.words, w, at)
			}
			for prop, vs := range e.printed.Properties {
				isName := sh.terms.schemata[e.schema].properties[prop] == useName || prop == "weakAlias"
				for _, v := range vs {
					for _, w := range wordsOf(&scribe, v) {
						if put(c.words, w, at); isName {
							put(c.named, w, at)
						}
					}
				}
			}
		}
		sh.kept = c
	})
	return sh.kept
}

// wordsOf are the words of a text as they are looked up: small letters without
// marks, and of a word in another script its Latin spelling too.
func wordsOf(scribe *name.Scribe, text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }) {
		plain := plainWord(w)
		if plain == "" {
			continue
		}
		out = append(out, plain)
		if strings.IndexFunc(plain, func(r rune) bool { return r >= 0x250 }) < 0 {
			continue
		}
		for _, reading := range scribe.Prepare(w, name.Unknown, "").Readings {
			for _, t := range reading {
				if t.Fold != "" && !slices.Contains(out, t.Fold) {
					out = append(out, t.Fold)
				}
			}
		}
	}
	return out
}

func plainWord(w string) string {
	ascii := true
	for i := range len(w) {
		ascii = ascii && w[i] < 0x80
	}
	if ascii {
		return strings.ToLower(w)
	}
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(w)))
}

// sought is a text query: words that must be there and words that must not.
// A word that ends in * may go on.
type sought struct {
	must, never [][]string // each: spellings of one word
}

// seek reads a text query. Quotes, brackets and operators other than a minus or
// NOT in front of a word are passed over, so no text is an error.
func seek(q string) (out sought) {
	scribe, not := new(name.Scribe), false
	for _, part := range strings.Fields(q) {
		switch part {
		case "AND", "OR", "*":
			continue
		case "NOT":
			not = true
			continue
		}
		minus := strings.HasPrefix(part, "-")
		open := strings.HasSuffix(part, "*")
		ws := wordsOf(scribe, part)
		for i, w := range ws {
			spellings := []string{w}
			if strings.IndexFunc(w, func(r rune) bool { return r >= 0x250 }) >= 0 {
				spellings = ws[i:] // its own letters, then its Latin spellings
			}
			if open && i == len(ws)-1 {
				spellings = append(slices.Clone(spellings), w+"*")
			}
			if not || minus {
				out.never = append(out.never, spellings)
			} else {
				out.must = append(out.must, spellings)
			}
			if len(spellings) > 1 {
				break
			}
		}
		not = false
	}
	return out
}

// all are the places of every card.
func (c *cards) all() []int32 {
	out := make([]int32, len(c.ids))
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// find are the places where every word stands and none that must not, in order;
// those that have all words in their names come first.
func (c *cards) find(q sought) []int32 {
	if len(q.must) == 0 && len(q.never) == 0 {
		return c.all()
	}
	collect := func(in map[string][]int32) []int32 {
		var out []int32
		if len(q.must) == 0 {
			out = c.all()
		}
		for i, spellings := range q.must {
			here := postings(in, spellings)
			if i == 0 {
				out = here
				continue
			}
			out = slices.DeleteFunc(out, func(p int32) bool { _, ok := slices.BinarySearch(here, p); return !ok })
		}
		for _, spellings := range q.never {
			gone := postings(c.words, spellings)
			out = slices.DeleteFunc(out, func(p int32) bool { _, ok := slices.BinarySearch(gone, p); return ok })
		}
		return out
	}
	named := collect(c.named)
	out := slices.Clone(named)
	for _, p := range collect(c.words) {
		if _, ok := slices.BinarySearch(named, p); !ok {
			out = append(out, p)
		}
	}
	return out
}

// postings are the places of any of the spellings, rising.
func postings(in map[string][]int32, spellings []string) []int32 {
	var out []int32
	for _, w := range spellings {
		begin, open := strings.CutSuffix(w, "*")
		if !open {
			out = append(out, in[w]...)
			continue
		}
		for have, at := range in {
			if strings.HasPrefix(have, begin) {
				out = append(out, at...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
