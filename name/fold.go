package name

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxRunes bounds how much of a name is read: the rest cannot change whose name
// it is, and a name of 100 kB must not cost more than one of 400 letters.
const MaxRunes = 400

// MaxTokens bounds how many tokens of a name are compared.
const MaxTokens = 24

// maxFold bounds one token; what is longer is cut.
const maxFold = 40

// piece is a run of letters or digits between separators, before it is a token.
type piece struct {
	runes      []rune // lower case, marks stripped
	script     Script
	dot        bool   // a dot followed it
	comma      bool   // a comma followed it
	stroke     bool   // a stroke followed it
	from, upto uint16 // where it stands in the text that cut gives
}

// cut cuts a text where words end. It drops what is invisible (zero width,
// direction and combining marks), and joins what is only typed differently
// (apostrophes, ayn signs, a question mark put for one of them). It also gives the
// text that the pieces are cut from.
func (s *Scribe) cut(text string) (ps []piece, read string) {
	text = headOf(text)
	if cap(s.runes) < 2*len(text)+64 {
		s.runes = make([]rune, 0, 2*len(text)+64)
	}
	out := s.pieces
	cur := s.runes
	from, upto := 0, 0 // of the letters in cur
	flush := func() {
		if len(cur) > 0 {
			out = append(out, piece{runes: cur[:len(cur):len(cur)], from: uint16(from), upto: uint16(upto)})
			cur = cur[len(cur):]
		}
	}
	if !isASCII(text) {
		text = norm.NFKC.String(text)
	}
	for i, r := range text {
		if len(cur) == 0 {
			from = i
		}
		before, written := len(cur), r
		switch {
		case r < 0x80:
		case r < 0x2B0 || r >= 0x370 && r < 0x400 || r >= 0x1E00 && r < 0x2000:
			if s := scriptOf(r); s == Latin || s == Greek {
				r = bare(r)
			}
		}
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			cur = append(cur, r)
		case r >= 'A' && r <= 'Z':
			cur = append(cur, r+'a'-'A')
		case r == ' ':
			flush()
		case scriptOf(r) == Thai || scriptOf(r) == Abugida:
			cur = append(cur, r)
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r), unicode.Is(unicode.Cf, r), r == 'ـ':
			// invisible, or a mark over a letter
		case unicode.Is(unicode.Mc, r):
			cur = append(cur, r)
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if r >= 0x3041 && r <= 0x3096 { // hiragana sounds as katakana
				r += 0x60
			}
			cur = append(cur, unicode.ToLower(r))
		case r == 'ー':
			cur = append(cur, r)
		case isApostrophe(r):
			if len(cur) > 0 && scriptOf(cur[len(cur)-1]) == Hebrew {
				cur = append(cur, '\'')
			}
		case r == '?' || r == '\uFFFD' || r == '*':
			// An unreadable sign inside a word stands for one; elsewhere it ends it.
		case r == '@' && len(cur) > 0:
			cur = append(cur, 'a')
		case r == '$' && len(cur) > 0:
			cur = append(cur, 's')
		case r == '%' && len(cur) > 0 && unicode.IsDigit(cur[len(cur)-1]):
			flush()
			from, before = i, 0
			cur = append(cur, []rune("percent")...)
		case r == '&' || r == '+':
			flush()
			out = append(out, piece{runes: []rune("and"), from: uint16(i), upto: uint16(i + 1)})
		case r == '.':
			n := len(out)
			flush()
			if len(out) > n {
				out[len(out)-1].dot = true
			}
		case r == ',' || r == '،' || r == '、':
			flush()
			if len(out) > 0 {
				out[len(out)-1].comma = true
			}
		case r == '/':
			flush()
			if len(out) > 0 {
				out[len(out)-1].stroke = true
			}
		default:
			flush()
		}
		if len(cur) > before || len(cur) > 0 && unicode.Is(unicode.M, r) {
			upto = i + utf8.RuneLen(written)
		}
		if len(cur) > 120 {
			flush()
		}
	}
	flush()
	for i := range out {
		out[i].script, out[i].runes = settle(out[i].runes)
	}
	s.pieces, s.runes = out, cur
	return out, text
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// bare strips the marks of one Latin or Greek letter. Cyrillic й and Arabic آ are
// letters of their own and keep theirs.
func bare(r rune) rune {
	var buf [8]byte
	d := norm.NFD.AppendString(buf[:0], string(r))
	b, _ := utf8.DecodeRune(d)
	return b
}

func headOf(text string) string {
	if len(text) <= MaxRunes {
		return strings.ToValidUTF8(text, "?")
	}
	n := 0
	for i := range text {
		if n == MaxRunes {
			text = text[:i]
			break
		}
		n++
	}
	return strings.ToValidUTF8(text, "?")
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', '`', '´', 'ʼ', 'ʻ', 'ʿ', 'ʾ', '′', '‛', 'ˈ', '‟', '“', '”', '"', '׳', '״', '＇', 'ʹ', 'ʺ', 'ˮ':
		return r != '"' && r != '“' && r != '”'
	}
	return false
}

// settle decides a word's script and mends letters of another script that only
// look alike: a Cyrillic "о" in a Latin word is an "o", and the other way round.
func settle(word []rune) (Script, []rune) {
	ascii := false
	for _, r := range word {
		if r >= 0x80 {
			ascii = false
			break
		}
		ascii = ascii || r >= 'a' && r <= 'z'
	}
	if ascii {
		return Latin, word
	}
	var count [OtherScript + 1]int
	best := NoScript
	for _, r := range word {
		s := scriptOf(r)
		if s != NoScript {
			count[s]++
			if best == NoScript || count[s] > count[best] {
				best = s
			}
		}
	}
	look := homoglyphs()
	switch {
	case best == Latin || count[Latin] > 0 && count[Latin] == count[best]:
		if count[Cyrillic]+count[Greek]+count[Armenian] == 0 {
			return best, word
		}
		for i, r := range word {
			if l, ok := look[r]; ok {
				word[i] = l
			}
		}
		return Latin, word
	case count[Latin] > 0 && best == Cyrillic:
		// Which way the mixture goes is told by the letters that have no double.
		latinOnly, cyrillicOnly := 0, 0
		for _, r := range word {
			_, double := look[r]
			switch {
			case scriptOf(r) == Cyrillic && !double:
				cyrillicOnly++
			case scriptOf(r) == Latin && !strings.ContainsRune("aeopcyxijskmthbdlqwrn", r):
				latinOnly++
			}
		}
		for i, r := range word {
			if cyrillicOnly == 0 {
				if l, ok := look[r]; ok {
					word[i] = l
				}
			} else if c := strings.IndexRune("aeopcyxikmth", r); c >= 0 {
				word[i] = []rune("аеорсухікмтн")[c]
			}
		}
		if cyrillicOnly == 0 {
			return Latin, word
		}
	case best == Han && count[Kana] > 0:
		return Han, word
	}
	return best, word
}

// leet mends digits typed for letters inside a word ("Ig0r Sech1n").
func leet(word []rune) {
	letters := 0
	if _, ok := ordinal(string(word)); ok {
		return
	}
	for _, r := range word {
		if r >= 'a' && r <= 'z' {
			letters++
		}
	}
	if letters < 2 || letters*2 < len(word) {
		return
	}
	for i, r := range word {
		if r >= '0' && r <= '9' {
			word[i] = rune("oizeasgtbg"[r-'0'])
		}
	}
}

// squeeze writes plain Latin letters only and no letter twice in a row.
func squeeze(s string) string {
	var room [maxFold + 4]byte
	return string(appendSqueezed(room[:0], s, false, false))
}

// appendSqueezed is squeeze into a buffer; it may leave apostrophes out, and may
// keep the length of a doubled vowel ("oo" as "ou", "ee" as "i").
func appendSqueezed(b []byte, s string, plain, long bool) []byte {
	from := len(b)
	for i := 0; i < len(s) && len(b)-from < maxFold; {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if r >= 0x80 {
			b = utf8.AppendRune(b, r)
			continue
		}
		c := byte(r)
		if plain && c == '\'' {
			continue
		}
		if long && i < len(s) && s[i] == c && (c == 'o' || c == 'e') {
			i++
			if c == 'e' {
				c = 'i'
			} else {
				if len(b) == from || b[len(b)-1] != 'o' {
					b = append(b, 'o')
				}
				c = 'u'
			}
		}
		if len(b) > from && b[len(b)-1] == c && c >= 'a' {
			continue
		}
		b = append(b, c)
	}
	return b
}
