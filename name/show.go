package name

import (
	"strings"
	"unicode"
)

// Trace is Prepare for those who explain: Show then gives the words as they were
// written.
func Trace(text string, kind Kind, lang string) Prepared {
	s := Scribe{trace: true}
	return s.Prepare(text, kind, lang)
}

// Show gives n tokens of a reading from one on as they were written, and in
// brackets what was read of them where that is another thing: another script, a
// part of a word, a number, a company form. Without a Trace it gives what was read.
func (p *Prepared) Show(reading, from, n int) string {
	r := p.Readings[reading]
	var words []string
	for i := from; i < from+n; {
		j := i + 1
		for j < from+n && r[j].with(&r[i]) {
			j++
		}
		part := i > 0 && r[i-1].with(&r[i]) || j < len(r) && r[j].with(&r[i])
		words = append(words, p.show(r[i:j], part))
		i = j
	}
	return strings.Join(words, " ")
}

// with says whether two tokens are of one written word.
func (t *Token) with(other *Token) bool {
	return t.upto > 0 && t.from == other.from && t.upto == other.upto
}

// show is Show of the tokens of one word; part if it has more of them.
func (p *Prepared) show(ts []Token, part bool) string {
	var read []string
	for i := range ts {
		read = append(read, ts[i].Show())
	}
	all, t := strings.Join(read, " "), &ts[0]
	if t.upto == 0 || t.Native != "" {
		return all
	}
	written := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
			return -1 // what hides or turns letters
		}
		return r
	}, p.read[t.from:t.upto])
	if part || t.Foreign() || t.Class == Form && all != t.Fold || t.Class == Number && all != written {
		return written + " (" + all + ")"
	}
	return written
}
