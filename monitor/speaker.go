package monitor

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Who is meant by the words around a hedge: small closed lists of English, and
// no more grammar than they give.

var (
	// telling are verbs by which a sentence quotes somebody.
	telling = []string{"said", "says", "told", "tells", "wrote", "writes", "stated", "states", "noted", "notes", "added", "adds",
		"argued", "argues", "reported", "reports", "announced", "maintains", "maintained", "insisted", "insists"}
	beVerbs  = []string{"is", "are", "was", "were", "be", "been", "being"}
	auxes    = []string{"has", "have", "had", "also", "did", "does", "do", "would", "will", "may", "might", "could", "can", "since", "later", "then", "now", "again", "there", "found"}
	pronouns = []string{"he", "she", "it", "they", "who", "which", "that", "this", "these", "those", "we", "i", "you", "one"}
	// stops end a phrase that names somebody.
	stops = []string{"as", "that", "which", "who", "whom", "whose", "to", "in", "on", "at", "is", "are", "was", "were", "be", "been", "have",
		"has", "had", "said", "says", "but", "when", "while", "because", "since", "after", "before", "during", "with", "by", "if",
		"though", "although", "where", "so", "then", "may", "might", "could", "would", "will", "last", "this", "week", "yesterday", "today"}
	// opens begin a clause, so a phrase in front of a verb does not reach over them.
	opens = []string{"that", "and", "but", "while", "when", "because", "although", "though", "which", "who", "whom", "as", "if", "where", "whereas", "for", "after", "before"}
)

func isPronoun(s string) bool { return slices.Contains(pronouns, strings.ToLower(s)) }

// passive reports whether the verb at i is one: a form of "be" before it, with
// nothing but adverbs between.
func passive(s []word, i int) bool {
	for i--; i >= 0 && isAdverb(s[i].low); i-- {
	}
	return i >= 0 && slices.Contains(beVerbs, s[i].low)
}

func isAdverb(w string) bool {
	return strings.HasSuffix(w, "ly") || w == "also" || w == "never" || w == "not"
}

// phraseAfter is the name that begins at word i.
func phraseAfter(text string, s []word, i int) string {
	if i >= len(s) || i > 0 && !joined(text, s, i) {
		return ""
	}
	end := i
	for k := i; k < len(s) && k < i+12; k++ {
		if k > i && !joined(text, s, k) || slices.Contains(stops, s[k].low) {
			break
		}
		if s[k].low == "and" && (k+1 >= len(s) || !names(text, s[k+1])) {
			break
		}
		if k > i && s[k].low != "and" && (slices.Contains(telling, s[k].low) || hedgeRows()[s[k].low] != nil && !names(text, s[k])) {
			break
		}
		end = k + 1
	}
	if end == i {
		return ""
	}
	return strings.TrimPrefix(text[s[i].from:s[end-1].to], "the ")
}

// names reports whether a word may go on a name: a capital, or an article.
func names(text string, w word) bool {
	r, _ := utf8.DecodeRuneInString(text[w.from:])
	return unicode.IsUpper(r) || w.low == "the" || w.low == "its" || w.low == "a"
}

// phraseBefore is the subject of the verb at word i.
func phraseBefore(text string, s []word, i int) string {
	end := i
	for end > 0 && (isAdverb(s[end-1].low) || slices.Contains(auxes, s[end-1].low)) {
		end--
	}
	if end > 0 && !joinedAll(text, s, end, i) {
		return inserted(text, s, end) // "X, who …, believes": the name stands before the commas
	}
	if end > 1 && (s[end-1].low == "who" || s[end-1].low == "which") {
		end--
	}
	return clause(text, s, end)
}

func joinedAll(text string, s []word, from, to int) bool {
	for k := max(from, 1); k <= to && k < len(s); k++ {
		if !joined(text, s, k) {
			return false
		}
	}
	return true
}

// clause is the phrase that ends before word end: back to a comma or a word that
// opens a clause.
func clause(text string, s []word, end int) string {
	from := end
	for from > 0 && end-from < 12 {
		w := s[from-1]
		if from < end && !joined(text, s, from) {
			break
		}
		if slices.Contains(opens, w.low) && !(w.low == "and" && from < end && from > 1 && names(text, s[from]) && names(text, s[from-2])) &&
			!(w.low == "for" && from < end && names(text, s[from])) {
			break
		}
		from--
	}
	if from == end {
		return ""
	}
	name := text[s[from].from:s[end-1].to]
	if rest, ok := strings.CutPrefix(name, "The "); ok {
		return rest
	}
	return strings.TrimPrefix(name, "the ")
}

// inserted is the name before an insertion between commas.
func inserted(text string, s []word, end int) string {
	k := end - 1
	for k > 0 && joined(text, s, k) {
		k--
	}
	if k <= 0 {
		return ""
	}
	return clause(text, s, k)
}

// attribution is whom the sentence quotes: "according to X", "X said", "said X".
func attribution(text string, s []word) string {
	for i, w := range s {
		if w.low == "to" && i > 0 && s[i-1].low == "according" {
			if p := phraseAfter(text, s, i+1); p != "" {
				return p
			}
		}
	}
	for i, w := range s {
		if !slices.Contains(telling, w.low) || passive(s, i) || i+1 < len(s) && s[i+1].low == "to" && (w.low == "said" || w.low == "reported") {
			continue
		}
		if i > 0 && joined(text, s, i) {
			if p := clause(text, s, i); p != "" && !isPronoun(p) {
				return p
			}
		}
		if p := phraseAfter(text, s, i+1); p != "" && !isPronoun(p) && names(text, s[i+1]) {
			return p
		}
		if i > 0 && joined(text, s, i) {
			if p := clause(text, s, i); isPronoun(p) {
				return p
			}
		}
	}
	return ""
}
