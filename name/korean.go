package name

import "sync"

type surnames struct {
	hangul, han map[string]bool
	hanja       map[rune]rune // Han character → Hangul syllable as a surname
}

var surnameTable = sync.OnceValue(func() surnames {
	s := surnames{map[string]bool{}, map[string]bool{}, map[rune]rune{}}
	for _, row := range rows("hangul_surnames.csv") {
		s.hangul[row[0]] = true
	}
	for _, row := range rows("han_surnames.csv") {
		s.han[row[0]] = true
	}
	for _, row := range rows("hanja_surnames.csv") {
		if r := []rune(row[0])[0]; s.hanja[r] == 0 {
			s.hanja[r] = []rune(row[1])[0]
		}
	}
	return s
})

func koreanSurname(s string) bool { return surnameTable().hangul[s] }

func hanjaSurname(r rune) rune {
	if h, ok := surnameTable().hanja[r]; ok {
		return h
	}
	return hanReadings()[r].korean
}

// koreanTokens makes a token of each syllable: lists write Kim Jong Un, Kim
// Jong-un and Kim Jongun, and joined tokens are found again.
func koreanTokens(word []rune, whole bool, kind Kind) []Token {
	var ts []Token
	for _, r := range word {
		t := newToken(koreanSyllable(r), string(r), KoreanTable, Hangul, kind)
		t.Vowels = Sure
		ts = append(ts, t)
	}
	return ts
}

// readHan reads Han characters as Mandarin or as Korean.
func (m manner) readHan(word []rune, whole bool, kind Kind) []Token {
	table := hanReadings()
	if m.korean {
		var ts []Token
		for i, r := range word {
			h := table[r].korean
			if i == 0 {
				h = hanjaSurname(r)
			}
			if h == 0 {
				continue
			}
			t := newToken(koreanSyllable(h), "", KoreanHan, Han, kind)
			t.Vowels = Sure
			ts = append(ts, t)
		}
		return ts
	}
	one := func(w []rune) Token {
		latin := ""
		for _, r := range w {
			if p := table[r].pinyin; p != "" {
				latin += p
			} else if scriptOf(r) == Kana {
				latin += spellKana([]rune{r})
			} else {
				latin += string(r)
			}
		}
		t := newToken(latin, string(w), Pinyin, Han, kind)
		if len(w) <= 2 {
			t.Vowels = Sure // a Chinese name; longer words write foreign sounds
		}
		return t
	}
	// 习近平 is the surname and a given name of one or two characters.
	if whole && kind == Person && len(word) >= 2 && len(word) <= 4 {
		n := 1
		if len(word) > 2 && surnameTable().han[string(word[:2])] {
			n = 2
		}
		if surnameTable().han[string(word[:n])] {
			return []Token{one(word[:n]), one(word[n:])}
		}
	}
	return []Token{one(word)}
}
