package name

import "strings"

// spell writes one settled word in Latin letters by the table of its language
// and says which table that was.
func spell(word []rune, s Script, lang string) (latin string, table Table) {
	switch s {
	case Latin, NoScript:
		return latinLetters().spell(word), NoTable
	case Cyrillic:
		return cyrillic()[lang].spell(word), cyrillicTables[lang]
	case Greek:
		w := greek().spell(word)
		if strings.HasPrefix(w, "nt") {
			w = w[1:]
		}
		return w, GreekTable
	case Armenian:
		return armenian().spell(word), ArmenianTable
	case Georgian:
		return georgian().spell(word), GeorgianTable
	case Arabic:
		return apart(arabic()[lang].spell, word), arabicTables[lang]
	case Hebrew:
		return spellHebrew(word), HebrewTable
	case Kana:
		return spellKana(word), KanaTable
	case Thai:
		return strings.ReplaceAll(thai().spell(thaiOrder(word)), "*", ""), ThaiTable
	case Abugida:
		return spellAbugida(word), IndicTable
	}
	return string(word), OtherTable
}

// appendPlain appends a word of plain letters, which are spelled as they are, for
// latin.csv names others only.
func appendPlain(b []byte, word []rune) (plain []byte, ok bool) {
	for _, r := range word {
		if r >= 0x80 {
			return b, false
		}
		b = append(b, byte(r))
	}
	return b, true
}

func spellHebrew(word []rune) string {
	// A final he is a vowel; an initial vav before a consonant is v.
	if n := len(word); n > 2 && word[n-1] == 'ה' {
		word = append(append([]rune(nil), word[:n-1]...), 'א')
	}
	return apart(hebrew().spell, word)
}

// apart spells letter by letter and keeps two letters from looking like one
// sound: ت and ه are t and h, not th.
func apart(spell func([]rune) string, word []rune) string {
	var b strings.Builder
	last := byte(0)
	for i := 0; i < len(word); i++ {
		n := 1
		if i+1 < len(word) && (word[i+1] == '\'' || word[i+1] == word[i]) {
			n = 2
		}
		s := spell(word[i : i+n])
		i += n - 1
		if s == "" {
			continue
		}
		if s == "h" && strings.IndexByte("tskdgzcph", last) >= 0 || s == "s" && last == 't' {
			b.WriteByte('\'')
		}
		b.WriteString(s)
		last = s[len(s)-1]
	}
	return b.String()
}

func spellKana(word []rune) string {
	s := kana().spell(word)
	// A small tsu doubles the next sound, a long mark the last: both are dropped,
	// for doubled letters are never told apart.
	return strings.NewReplacer("*", "", "-", "").Replace(s)
}

// carriesVowel knows the kana that write a bare consonant of a foreign word, with
// a vowel only because kana has no consonant alone.
func carriesVowel(r rune) bool {
	return strings.ContainsRune("クグスズトドフブプムルヴ", r)
}

// spellForeignKana writes a foreign word in kana without the vowels that only
// carry a consonant: トランプ is tranp. Before a vowel or an n they are said.
func spellForeignKana(word []rune) string {
	var b strings.Builder
	from := 0
	if len(word) > 2 && word[0] == 'ウ' && word[1] == 'ラ' {
		b.WriteByte('v') // ウラジーミル
		from = 1
	}
	for i, r := range word {
		if r == 'ン' && i+1 < len(word) && strings.ContainsRune("バビブベボパピプペポマミムメモ", word[i+1]) {
			b.WriteString(spellKana(word[from:i]))
			b.WriteByte('m') // n before a sound of the lips
			from = i + 1
			continue
		}
		if !carriesVowel(r) || i+1 < len(word) && strings.ContainsRune("ァアィイゥウェエォオャュョヮンー", word[i+1]) {
			continue
		}
		s := spellKana(word[from : i+1])
		b.WriteString(s[:len(s)-1])
		from = i + 1
	}
	b.WriteString(spellKana(word[from:]))
	return b.String()
}

// thaiOrder puts the vowels that are written before their consonant behind it.
func thaiOrder(word []rune) []rune {
	out := append([]rune(nil), word...)
	for i := 0; i+1 < len(out); i++ {
		if out[i] >= 'เ' && out[i] <= 'ไ' && scriptOf(out[i+1]) == Thai {
			out[i], out[i+1] = out[i+1], out[i]
			i++
		}
	}
	// A silenced letter is not sounded.
	for i := 1; i < len(out); i++ {
		if out[i] == '์' {
			out = append(out[:i-1], out[i+1:]...)
			i--
		}
	}
	return out
}

// spellAbugida writes the "a" that a bare consonant carries, but not at the end.
func spellAbugida(word []rune) string {
	table := abugidas()
	var b strings.Builder
	for i, r := range word {
		l, ok := table[r]
		if !ok {
			b.WriteRune(r)
			continue
		}
		b.WriteString(l.latin)
		if l.part != "consonant" || i+1 == len(word) {
			continue
		}
		switch next := table[word[i+1]]; {
		case next.part == "consonant", next.part == "vowel", next.part == "sign" && next.latin == "n":
			b.WriteByte('a')
		}
	}
	return b.String()
}

// cyrillicLanguage tells by its letters which language a name is spelled in.
func cyrillicLanguage(ps []piece) string {
	lang := "ru"
	for _, p := range ps {
		if p.script != Cyrillic {
			continue
		}
		for _, r := range p.runes {
			switch r {
			case 'ї', 'є', 'ґ':
				return "uk"
			case 'ў':
				return "be"
			case 'ј', 'љ', 'њ', 'ђ', 'ћ', 'џ', 'ѓ', 'ќ', 'ѕ':
				return "sr"
			case 'і':
				lang = "uk"
			case 'ъ':
				if lang == "ru" {
					lang = "bg"
				}
			case 'ы', 'э', 'ё':
				if lang == "uk" {
					return "be"
				}
				return "ru"
			}
		}
	}
	return lang
}

// arabicLanguage tells Persian and its neighbours from Arabic.
func arabicLanguage(ps []piece) string {
	for _, p := range ps {
		for _, r := range p.runes {
			switch r {
			case 'پ', 'چ', 'ژ', 'گ', 'ک', 'ی':
				return "fa"
			}
		}
	}
	return "ar"
}

// syllable writes one Hangul syllable by its parts.
func syllable(r rune, before bool) string {
	i := int(r - 0xAC00)
	if i < 0 || i >= 11172 {
		return string(r)
	}
	j := jamo()
	ini, med, fin := j["initial"][i/588], j["medial"][i%588/28], j["final"][i%28]
	if before && ini == "r" && fin == "" {
		ini = "r"
	}
	return ini + med + fin
}

// spellForeignHangul writes a foreign word in Hangul: the vowel "eu" is only
// there because a consonant may not stand alone, and an l sounds as one letter
// though it is written as two.
//
// English "er" is written as the vowel "eo", so an open "eo" may hold an r.
func spellForeignHangul(word []rune, rhotic bool) string {
	j := jamo()
	var b strings.Builder
	last := ""
	for k, r := range word {
		i := int(r - 0xAC00)
		if i < 0 || i >= 11172 {
			b.WriteRune(r)
			continue
		}
		ini, med, fin := j["initial"][i/588], j["medial"][i%588/28], j["final"][i%28]
		if ini == "r" && strings.HasSuffix(last, "l") {
			ini = ""
		}
		if med == "eu" {
			med = ""
		}
		if rhotic && isOpenEo(r) && (k+1 == len(word) || !startsWithLiquid(word[k+1])) {
			med, fin = strings.Replace(med, "eo", "e", 1), "r"
		}
		last = ini + med + fin
		b.WriteString(last)
	}
	if b.Len() == 0 {
		return "eu"
	}
	return b.String()
}

// isOpenEo knows the Hangul syllables that end in the vowel "eo" or "weo".
func isOpenEo(r rune) bool {
	i := r - 0xAC00
	return i >= 0 && i < 11172 && i%28 == 0 && (i%588/28 == 4 || i%588/28 == 14)
}

// startsWithLiquid says whether a Hangul syllable begins with r or with a vowel.
func startsWithLiquid(r rune) bool {
	i := r - 0xAC00
	return i >= 0 && i < 11172 && (i/588 == 5 || i/588 == 11)
}

// koreanSyllable writes a syllable of a Korean name the way lists do.
func koreanSyllable(r rune) string {
	s := syllable(r, false)
	s = strings.ReplaceAll(s, "yeo", "yo")
	s = strings.ReplaceAll(s, "eo", "o")
	s = strings.ReplaceAll(s, "eu", "u")
	return s
}

// persianDiffers says whether a name holds a letter that Persian and its
// neighbours sound in another way.
func persianDiffers(ps []piece) bool {
	for _, p := range ps {
		for _, r := range p.runes {
			switch r {
			case 'ض', 'ذ', 'ث':
				return true
			}
		}
	}
	return false
}
