package monitor

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Who is meant by the words around a hedge: the closed lists of a language, and no
// more grammar than they give.

// passive reports whether the verb at i is one: a form of "be" before it, with
// nothing but adverbs between.
func (s sentence) passive(i int) bool {
	for i--; i >= 0 && s.t.isAdverb(s.w[i].low); i-- {
	}
	return i >= 0 && s.t.is("be", s.w[i].low)
}

// joined reports whether nothing but white space stands between a word and the
// one before, or the full stop of a single letter ("U.N. team").
func (s sentence) joined(i int) bool {
	if i <= 0 || i >= len(s.w) {
		return i < len(s.w)
	}
	gap := strings.TrimSpace(s.text[s.w[i-1].to:s.w[i].from])
	return gap == "" || gap == "." && utf8.RuneCountInString(s.w[i-1].low) == 1
}

// phraseAfter is the name that begins at word i.
func (s sentence) phraseAfter(i int) string {
	if i >= len(s.w) || i > 0 && !s.joined(i) {
		return ""
	}
	end := i
	for k := i; k < len(s.w) && k < i+12; k++ {
		w := s.w[k].low
		if k > i && !s.joined(k) || s.t.is("stop", w) {
			break
		}
		and := w == "and" || w == "et"
		if and && (k+1 >= len(s.w) || !s.names(k+1)) {
			break
		}
		if k > i && !and && (s.t.is("telling", w) || s.t.rows[w] != nil && !s.names(k)) {
			break
		}
		end = k + 1
	}
	if end == i {
		return ""
	}
	return s.t.bare(s.text[s.w[i].from:s.w[end-1].to])
}

// names reports whether a word may go on a name: a capital, or an article.
func (s sentence) names(i int) bool {
	r, _ := utf8.DecodeRuneInString(s.text[s.w[i].from:])
	return unicode.IsUpper(r) || s.t.is("article", s.w[i].low) || strings.HasPrefix(s.w[i].low, "l'")
}

// phraseBefore is the subject of the verb at word i.
func (s sentence) phraseBefore(i int) string {
	end := s.subjectEnd(i)
	if end > 0 && !s.joinedAll(end, i) {
		return s.inserted(end) // "X, who …, believes": the name stands before the commas
	}
	if end > 1 && (s.w[end-1].low == "who" || s.w[end-1].low == "which" || s.w[end-1].low == "qui") {
		end--
	}
	return s.clause(end)
}

// subjectEnd is the word behind the subject of the verb at i: what stands between
// are auxiliaries, adverbs and negations.
func (s sentence) subjectEnd(i int) int {
	for i > 0 && (s.t.isAdverb(s.w[i-1].low) || s.t.is("aux", s.w[i-1].low)) {
		i--
	}
	return i
}

func (s sentence) joinedAll(from, to int) bool {
	for k := max(from, 1); k <= to && k < len(s.w); k++ {
		if !s.joined(k) {
			return false
		}
	}
	return true
}

// clause is the phrase that ends before word end: back to a comma or a word that
// opens a clause.
func (s sentence) clause(end int) string {
	from := end
	for from > 0 && end-from < 12 {
		w := s.w[from-1].low
		if from < end && !s.joined(from) {
			break
		}
		and := (w == "and" || w == "et") && from < end && from > 1 && s.names(from) && s.names(from-2)
		if s.t.is("open", w) && !and && !(w == "for" && from < end && s.names(from)) {
			break
		}
		from--
	}
	if from == end {
		return ""
	}
	return s.t.bare(s.text[s.w[from].from:s.w[end-1].to])
}

// inserted is the name before an insertion between commas.
func (s sentence) inserted(end int) string {
	k := end - 1
	for k > 0 && s.joined(k) {
		k--
	}
	if k <= 0 {
		return ""
	}
	return s.clause(k)
}

// attribution is whom the sentence quotes: "according to X", "X said", "said X".
func (s sentence) attribution() string {
	for i, w := range s.w {
		if w.low == "to" && i > 0 && s.w[i-1].low == "according" || s.t.code == "fr" && (w.low == "selon" || w.low == "d'après") {
			if p := s.phraseAfter(i + 1); p != "" && !strings.HasPrefix(p, "toute ") { // "selon toute vraisemblance" names nobody
				return p
			}
		}
	}
	for i, w := range s.w {
		if !s.t.is("telling", w.low) || s.passive(i) || i+1 < len(s.w) && s.w[i+1].low == "to" && (w.low == "said" || w.low == "reported") {
			continue
		}
		before := ""
		if end := s.subjectEnd(i); i > 0 && s.joined(i) && s.joinedAll(end+1, i) && s.joined(end) {
			before = s.clause(end)
		}
		if before != "" && !s.t.is("pronoun", before) {
			return before
		}
		if p := s.phraseAfter(i + 1); p != "" && !s.t.is("pronoun", p) && s.names(i+1) {
			return p
		}
		if before != "" {
			return before
		}
	}
	return ""
}
