package listing

import (
	"regexp"
	"strings"
	"unicode"
)

// Whoever saves a text with one byte a character, keeping only the low byte of
// each, leaves Latin-1 text whole and turns every other script into rubbish:
// صدام becomes 5/'E, and a curly apostrophe the control byte 0x19. A reader
// must tell the two apart; a comparison must not take the loss for an
// amendment.

// Narrow is what such a cut leaves of the text, one rune a byte.
func Narrow(s string) string {
	if !Wide(s) {
		return s
	}
	return strings.Map(func(r rune) rune { return r & 0xFF }, s)
}

// Wide reports whether the text has a character that the cut would change.
func Wide(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r > 0xFF })
}

// Printable reports whether a text of such a list is free of control bytes and
// of signs that names, numbers and sentences do not use.
func Printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r < 0x20 && r != '\n' || r >= 0x7F && r < 0xA0 || strings.ContainsRune("<>^|~©¯¬¦", r)
	})
}

// Legible reports whether a text of a list that was cut to low bytes can be
// taken for what was published. It errs on the side of "no": a text that is
// refused is named as dropped, one that is wrongly kept becomes a false name.
//
// Three signs betray a cut: a control byte (curly quotes, dashes, capital
// Cyrillic), a sign that names and sentences do not use, and a word without a
// single small letter that mixes letters with digits or inner punctuation, as
// Arabic (U+0621…U+064A → "!"…"J") and Cyrillic (U+0410…U+044F → 0x10…"O") do.
func Legible(s string) bool {
	if !Printable(s) {
		return false
	}
	s = quoted.ReplaceAllString(s, "$1$2$3")
	for w := range strings.FieldsSeq(s) {
		if !legibleWord(w) {
			return false
		}
	}
	return true
}

var (
	// A pair of plain quotes around words; a cut آ is a lone one.
	quoted = regexp.MustCompile(`(^|[\s(])"([^"\s](?:[^"]*[^"\s])?)"($|[\s),.;:])`)
	// Words of letters and digits that no Arabic is cut to: K to Z are its marks,
	// which open no word. "M23", "2ND", "KPE.018".
	numbered = regexp.MustCompile(`^(?:[K-Z][0-9]{1,3}|[0-9]+(?:ST|ND|RD|TH)|[A-Z]{2}[EI]\.[0-9]{3}|[0-9]-[K-Z])$`)
	late     = regexp.MustCompile(`[K-Z]`)
)

func legibleWord(w string) bool {
	var small, letters, digits, odd, high int
	for _, r := range w {
		switch {
		case r >= 'a' && r <= 'z':
			small++
			letters++
		case r >= 'A' && r <= 'Z':
			letters++
		case r >= '0' && r <= '9':
			digits++
		case r >= 0xC0 && unicode.IsLetter(r):
			high++
			letters++
		case strings.ContainsRune("!\"#$%*+=?@[]\\_{}`", r), r >= 0xA0:
			odd++
		}
	}
	core := strings.Trim(w, "()[]\"',.;:")
	switch {
	case small > 0:
		// One small Latin letter is proof enough: none of these scripts is cut to
		// a word that holds one, beside the signs refused above.
		return true
	case core == "":
		return w == "," || w == ";" || w == ":" || w == "."
	case odd > 0, high > 0 && letters == high:
		return false
	case letters > 0 && digits > 0:
		return numbered.MatchString(core)
	case letters > 0 && strings.ContainsAny(core, ",:;"):
		return false
	case letters > 0 && strings.Contains(core, "/"):
		return late.MatchString(core)
	case letters > 0 && strings.ContainsAny(w[:1], "-,."):
		return false
	case letters == 0 && digits > 0:
		return !strings.ContainsAny(core, "':;(") && !strings.HasPrefix(w, "'")
	}
	return true
}
