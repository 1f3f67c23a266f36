package name

import "strings"

// spell writes one settled word in Latin letters by the table of its language
// and says which table that was ("" for Latin itself).
func spell(word []rune, s Script, lang string) (latin, table string) {
	switch s {
	case Latin, NoScript:
		return latinLetters().spell(word), ""
	case Cyrillic:
		return cyrillic()[lang].spell(word), "Cyrillic (" + lang + ")"
	case Greek:
		w := greek().spell(word)
		if strings.HasPrefix(w, "nt") {
			w = w[1:]
		}
		return w, "Greek"
	case Armenian:
		return armenian().spell(word), "Armenian"
	case Georgian:
		return georgian().spell(word), "Georgian"
	case Arabic:
		return arabic()[lang].spell(word), "Arabic (" + lang + ")"
	case Hebrew:
		return spellHebrew(word), "Hebrew"
	case Kana:
		return spellKana(word), "Kana"
	case Thai:
		return strings.ReplaceAll(thai().spell(thaiOrder(word)), "*", ""), "Thai"
	case Abugida:
		return spellAbugida(word), "Indic"
	}
	return string(word), s.String()
}

func spellHebrew(word []rune) string {
	// A final he is a vowel; an initial vav before a consonant is v.
	if n := len(word); n > 2 && word[n-1] == 'ה' {
		word = append(append([]rune(nil), word[:n-1]...), 'א')
	}
	s := hebrew().spell(word)
	return strings.ReplaceAll(s, "א", "'")
}

func spellKana(word []rune) string {
	s := kana().spell(word)
	// A small tsu doubles the next sound, a long mark the last: both are dropped,
	// for doubled letters are never told apart.
	return strings.NewReplacer("*", "", "-", "").Replace(s)
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
// there because a consonant may not stand alone.
func spellForeignHangul(word []rune) string {
	var b strings.Builder
	for i, r := range word {
		s := syllable(r, i > 0)
		if strings.HasSuffix(s, "eu") && len(s) > 2 {
			s = s[:len(s)-2]
		}
		b.WriteString(s)
	}
	return b.String()
}

// koreanSyllable writes a syllable of a Korean name the way lists do.
func koreanSyllable(r rune) string {
	s := syllable(r, false)
	s = strings.ReplaceAll(s, "yeo", "yo")
	s = strings.ReplaceAll(s, "eo", "o")
	s = strings.ReplaceAll(s, "eu", "u")
	return s
}
