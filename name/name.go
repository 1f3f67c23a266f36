// Package name answers: are these two names spellings of one name?
//
// It prepares a name (Prepare): finds its script, writes it in Latin letters by
// the table of its language, cuts it into tokens and says what each one does in
// the name (Class) and how much it tells (Weight, from a versioned table of how
// rare tokens are). It compares two prepared names (Compare): which token met
// which, how, and a score from 0 to 1.
//
// Main words: a Reading is one way to read a name; a Token's Fold is its plain
// Latin spelling, its Sound has one byte a sound, its Skel keeps consonant
// classes only. Relate compares two tokens; Compare two names.
//
// It does not know who bears a name, nor dates, countries or lists; that is
// package screen's. It holds no list of listed names.
//
//	a := name.Prepare("Сергей Лавров", name.Person, "")
//	b := name.Prepare("LAVROV, Sergey Viktorovich", name.Person, "")
//	name.Compare(a, b).Score // well above 0.7
package name

import (
	"strings"
	"unicode/utf8"
)

// Prepare reads a name. lang is the language of the spelling if it is known
// ("ko" makes Han read as Korean), else empty.
func Prepare(text string, kind Kind, lang string) Prepared {
	return new(Scribe).Prepare(text, kind, lang)
}

// alternatives gives the whole name and, if a stroke parts it ("Al-Qaida/Islamic
// Army"), each part that is long enough to be a name.
func (s *Scribe) alternatives(ps []piece, kind Kind) [][]piece {
	out := append(s.parts, ps)
	if kind == Person || kind == Unknown {
		out = s.maiden(out, ps)
	}
	if kind != Person {
		out = former(out, ps)
	}
	from, letters := 0, 0
	for i := range ps {
		letters += len(ps[i].runes)
		if !ps[i].stroke && (from == 0 || i+1 < len(ps)) {
			continue
		}
		if letters >= 5 && (from > 0 || i+1 < len(ps)) && len(out) < 4 {
			out = append(out, ps[from:i+1])
		}
		from, letters = i+1, 0
	}
	s.parts = out
	return out
}

// maiden adds, of "Anna Zirunga née Petrova", the married name and the maiden name.
func (s *Scribe) maiden(out [][]piece, ps []piece) [][]piece {
	for i := 2; i+1 < len(ps); i++ {
		n := born(ps[i:])
		if n == 0 || i+n >= len(ps) {
			continue
		}
		from := len(s.turned)
		s.turned = append(append(s.turned, ps[:i-1]...), ps[i+n:]...)
		return append(out, ps[:i], s.turned[from:len(s.turned):len(s.turned)])
	}
	return out
}

// born counts the words that stand before a maiden name.
func born(ps []piece) int {
	switch string(ps[0].runes) {
	case "nee", "formerly", "geb", "geborene", "geborne", "born", "roz", "rozena", "урожденная", "урождённая", "урожд", "уроджена":
		return 1
	case "z":
		if len(ps) > 1 && string(ps[1].runes) == "domu" {
			return 2
		}
	}
	return 0
}

// former gives the parts of "Zirunga Trading, formerly Nambasa Mining".
func former(out [][]piece, ps []piece) [][]piece {
	for i := 1; i+1 < len(ps); i++ {
		switch string(ps[i].runes) {
		case "formerly", "previously", "fka", "aka":
			return append(out, ps[:i], ps[i+1:])
		}
	}
	return out
}

// unturn puts "LAST, First Middle" in the order it is spoken.
func (s *Scribe) unturn(ps []piece) []piece {
	at := -1
	for i := range ps {
		if ps[i].comma {
			if at >= 0 {
				return ps
			}
			at = i
		}
	}
	if at < 0 || at+1 >= len(ps) {
		return ps
	}
	from := len(s.turned)
	s.turned = append(append(s.turned, ps[at+1:]...), ps[:at+1]...)
	return s.turned[from:]
}

func (p *Prepared) has(ts []Token, body bool) bool {
	for k, r := range p.Readings {
		if len(r) != len(ts) || p.Body[k] != body {
			continue
		}
		same := true
		for i := range r {
			if r[i].Fold != ts[i].Fold || r[i].Native != ts[i].Native || r[i].Script != ts[i].Script {
				same = false
				break
			}
		}
		if same {
			return true
		}
	}
	return false
}

// A manner is one way to read the scripts of a name.
type manner struct {
	cyrillic, arabic string
	korean           bool // Han as Korean, Hangul as a Korean person's name
	lookalike        bool // a Cyrillic word made of look-alikes only, read as Latin
	foreign          bool // a foreign word as its writers sound it: х is h, 어 is er, ト is t
}

// readings lists the manners worth trying for a name.
func readings(out []manner, ps []piece, kind Kind, lang string) []manner {
	if allLatin(ps) {
		return append(out, manner{cyrillic: "ru", arabic: "ar"}) // of no matter here
	}
	m := manner{cyrillic: cyrillicLanguage(ps), arabic: arabicLanguage(ps)}
	switch lang {
	case "uk", "be", "bg", "sr", "ru":
		m.cyrillic = lang
	case "fa", "ps", "ur":
		m.arabic = "fa"
	}
	out = append(out, m)
	hangul, han, look := 0, 0, true
	for _, p := range ps {
		switch p.script {
		case Hangul:
			hangul += len(p.runes)
		case Han:
			han += len(p.runes)
		}
		if p.script != Cyrillic {
			look = false
			continue
		}
		for _, r := range p.runes {
			if _, ok := homoglyphs()[r]; !ok || r == 'г' || r == 'п' {
				look = false
				break
			}
		}
	}
	k := m
	k.korean = true
	switch {
	case hangul > 0 && kind == Person && hangul <= 8:
		if koreanName(ps) {
			out = append(out, m)
			out[0] = k
			if len(ps) > 1 {
				out = out[:1] // written apart like a name: nothing foreign
			}
		}
	case han > 0 && lang == "ko":
		out = []manner{k}
	case han == 3 && (lang == "" || lang == "zh") && kind == Person && koreanHan(ps):
		out = append(out, k)
	}
	if m.arabic == "ar" && lang == "" && persianDiffers(ps) {
		f := m
		f.arabic = "fa"
		out = append(out, f)
	}
	if m.cyrillic == "ru" && foreignMatters(ps) || hangul > 0 && holds(ps, Hangul, isOpenEo) || holds(ps, Kana, carriesVowel) {
		f := m
		f.foreign = true
		out = append(out, f)
	}
	if look {
		l := m
		l.lookalike = true
		out = append(out, l)
	}
	return out
}

func allLatin(ps []piece) bool {
	for i := range ps {
		if ps[i].script != Latin {
			return false
		}
	}
	return true
}

// holds says whether any word of a script holds such a letter.
func holds(ps []piece, s Script, such func(rune) bool) bool {
	for i := range ps {
		if ps[i].script != s {
			continue
		}
		for _, r := range ps[i].runes {
			if such(r) {
				return true
			}
		}
	}
	return false
}

// koreanName says whether Hangul looks like a Korean's name: two to four
// syllables with a surname first, or a surname standing apart.
func koreanName(ps []piece) bool {
	n := 0
	for _, p := range ps {
		if p.script != Hangul {
			return false
		}
		n += len(p.runes)
	}
	if n < 2 || n > 6 {
		return false
	}
	if len(ps) == 1 {
		return n <= 4 && koreanSurname(string(ps[0].runes[0]))
	}
	return koreanSurname(string(ps[0].runes)) || koreanSurname(string(ps[len(ps)-1].runes))
}

// koreanHan says whether Han may be a Korean's name.
func koreanHan(ps []piece) bool {
	table := hanReadings()
	for _, p := range ps {
		if p.script != Han {
			return false
		}
		for _, r := range p.runes {
			if table[r].korean == 0 {
				return false
			}
		}
	}
	return koreanSurname(string(hanjaSurname(ps[0].runes[0])))
}

// readWord appends the tokens of one word, read in one manner.
func (m manner) readWord(dst []Token, p piece, whole bool, kind Kind) []Token {
	switch p.script {
	case Hangul:
		if m.korean {
			return append(dst, koreanTokens(p.runes, whole, kind)...)
		}
		return append(dst, newToken(spellForeignHangul(p.runes, m.foreign), string(p.runes), HangulTable, Hangul, kind))
	case Han:
		stem, form := cutForm(p.runes, kind)
		if len(stem) > 0 {
			dst = append(dst, m.readHan(stem, whole, kind)...)
		}
		if len(form) > 0 {
			dst = append(dst, m.readHan(form, whole, kind)...)
		}
		return dst
	case Latin:
		leet(p.runes)
	case Arabic:
		return append(dst, m.readArabic(p.runes, kind)...)
	case Cyrillic:
		if m.lookalike {
			w := append([]rune(nil), p.runes...)
			for j, r := range w {
				w[j] = homoglyphs()[r]
			}
			return append(dst, newToken(string(w), "", LookAlike, Latin, kind))
		}
	}
	if p.script == Latin {
		var room [maxFold]byte
		if b, ok := appendPlain(room[:0], p.runes); ok {
			return splitHalves(dst, newToken(string(b), "", NoTable, Latin, kind), kind)
		}
	}
	latin, table := spell(p.runes, p.script, m.cyrillic)
	if m.foreign {
		switch p.script {
		case Cyrillic:
			latin = foreignCyrillic.Replace(latin)
		case Kana:
			latin = spellForeignKana(p.runes)
		}
	}
	t := newToken(latin, "", table, p.script, kind)
	if t.Fold == "" && t.Sound == "" {
		return dst
	}
	return splitHalves(dst, t, kind)
}

// cutForm parts a body's name in Han from the company form that ends it.
func cutForm(word []rune, kind Kind) (stem, form []rune) {
	if kind == Person {
		return word, nil
	}
	text := string(word)
	for _, end := range [...]string{"股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "株式会社", "株式會社"} {
		if rest, ok := strings.CutSuffix(text, end); ok {
			n := utf8.RuneCountInString(rest)
			return word[:n], word[n:]
		}
	}
	return word, nil
}

// splitHalves cuts "nurullah" into nur and allah, "saifuddin" into saif and din,
// "kakazada" into kaka and zada, "abubakar" into abu and bakar, for other
// spellings write them apart. In Cyrillic only -uddin is cut, which no Slavic name
// ends in. Only persons' names are cut. The parts are appended.
func splitHalves(dst []Token, t Token, kind Kind) []Token {
	f := t.Fold
	if kind == Person && t.Script == Cyrillic && t.Table != NoTable && t.Table != LookAlike {
		if stem, ok := strings.CutSuffix(f, "udin"); ok && len(stem) >= 4 && !isVowel(stem[len(stem)-1]) {
			return append(dst, newToken(stem, "", t.Table, Cyrillic, kind), newToken("din", "", t.Table, Cyrillic, kind))
		}
	}
	if kind != Person || t.Table != NoTable {
		return append(dst, t)
	}
	if len(f) == 2 && !strings.ContainsAny(f, "aeiouy'") && words()[f] == nil && groups().of[f] == [2]int16{} && f != "ng" && t.Native == "" {
		// JC is J. C.; no name of two letters has no vowel, but Ng.
		return append(dst, newToken(f[:1], "", NoTable, Latin, kind), newToken(f[1:], "", NoTable, Latin, kind))
	}
	half := func(s string) Token { return newToken(s, "", NoTable, Latin, kind) }
	if rest, ok := strings.CutPrefix(f, "abu"); ok && len(rest) >= 4 && rest[0] != 'l' {
		return append(dst, half("abu"), half(rest))
	}
	for _, end := range []string{"zada", "zade", "zadah", "zadeh", "khel", "khil", "khail", "kheil"} {
		if stem, ok := strings.CutSuffix(f, end); ok && len(stem) >= 3 {
			return append(dst, half(stem), half(end))
		}
	}
	for _, end := range []string{"ulah", "olah", "alah", "ulla"} {
		if stem, ok := strings.CutSuffix(f, end); ok && len(stem) >= 3 && !strings.HasSuffix(stem, "abd") {
			return append(dst, half(stem), half("allah"))
		}
	}
	for _, end := range []string{"uldin", "aldin", "eldin", "udin", "edin", "adin", "eddine", "edine", "udine", "adine", "aldine"} {
		if stem, ok := strings.CutSuffix(f, end); ok && len(stem) >= 3 && (len(stem) > 3 || end[0] == 'u') {
			return append(dst, half(stem), half("din"))
		}
	}
	return append(dst, t)
}

// readArabic cuts the article off and reads Allah's name.
func (m manner) readArabic(word []rune, kind Kind) []Token {
	n := len(word)
	one := func(w []rune) Token {
		latin, table := spell(w, Arabic, m.arabic)
		return newToken(latin, "", table, Arabic, kind)
	}
	allah := func() Token {
		t := newToken("allah", "", arabicTables[m.arabic], Arabic, kind)
		return t
	}
	switch s := string(word); {
	case s == "الله" || s == "اللہ" || s == "الل":
		return []Token{allah()}
	case s == "الدين" || s == "الدین":
		return []Token{newToken("din", "", arabicTables[m.arabic], Arabic, kind)}
	}
	if n > 5 && strings.HasSuffix(string(word), "الله") && string(word[:n-4]) != "عبد" {
		return append(m.readArabic(word[:n-4], kind), allah())
	}
	if n > 6 && (strings.HasSuffix(string(word), "الدين") || strings.HasSuffix(string(word), "الدین")) {
		return append(m.readArabic(word[:n-5], kind), newToken("din", "", arabicTables[m.arabic], Arabic, kind))
	}
	for _, end := range []string{"زاده", "زادة", "خیل", "خيل"} {
		if k := len([]rune(end)); n > k+2 && strings.HasSuffix(string(word), end) {
			return append(m.readArabic(word[:n-k], kind), one(word[n-k:]))
		}
	}
	if n >= 4 && word[0] == 'ا' && word[1] == 'ل' {
		return []Token{newToken("al", "", arabicTables[m.arabic], Arabic, kind), one(word[2:])}
	}
	if n > 5 && (strings.HasPrefix(string(word), "أبو") || strings.HasPrefix(string(word), "ابو")) {
		return append([]Token{one(word[:3])}, m.readArabic(word[3:], kind)...)
	}
	if n > 6 && strings.HasPrefix(string(word), "عبدال") && !strings.HasPrefix(string(word), "عبدالله") {
		return []Token{one(word[:3]), one(word[5:])}
	}
	return []Token{one(word)}
}

// foreignCyrillic writes what Cyrillic can only spell in one way as other
// languages spell it: Хассан is Hassan, Вернер is Werner.
var foreignCyrillic = strings.NewReplacer("kh", "h", "v", "w")

// foreignMatters says whether reading х as h and в as w can find more: a word
// with one such letter in five is found by its other consonants anyway.
func foreignMatters(ps []piece) bool {
	for i := range ps {
		if ps[i].script != Cyrillic {
			continue
		}
		n := 0
		for _, r := range ps[i].runes {
			if r == 'х' || r == 'в' {
				n++
			}
		}
		if n > 0 && n*6 >= len(ps[i].runes) {
			return true
		}
	}
	return false
}
