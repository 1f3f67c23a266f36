package name

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strings"
	"sync"
)

//go:embed tables/*.csv
var tableFiles embed.FS

// rows reads one embedded table without its head row. The tables are part of
// the binary, so a fault in one is a fault of the build.
func rows(file string) [][]string {
	f, err := tableFiles.Open("tables/" + file)
	if err != nil {
		panic(fmt.Sprintf("name: table %s: %v", file, err))
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = 0
	all, err := r.ReadAll()
	if err != nil {
		panic(fmt.Sprintf("name: table %s: %v", file, err))
	}
	return all[1:]
}

// letters is a table from letters (one or two) to Latin.
type letters struct {
	one map[rune]string
	two map[[2]rune]string
}

func readLetters(file string, column int) letters {
	l := letters{map[rune]string{}, map[[2]rune]string{}}
	for _, row := range rows(file) {
		rs := []rune(row[0])
		if len(rs) == 2 {
			l.two[[2]rune{rs[0], rs[1]}] = row[column]
		} else {
			l.one[rs[0]] = row[column]
		}
	}
	return l
}

// spell writes a word by the table; a letter it does not hold is kept.
func (l letters) spell(word []rune) string {
	var b strings.Builder
	for i := 0; i < len(word); i++ {
		if i+1 < len(word) {
			if s, ok := l.two[[2]rune{word[i], word[i+1]}]; ok {
				b.WriteString(s)
				i++
				continue
			}
		}
		if s, ok := l.one[word[i]]; ok {
			b.WriteString(s)
		} else {
			b.WriteRune(word[i])
		}
	}
	return b.String()
}

var (
	latinLetters = sync.OnceValue(func() letters { return readLetters("latin.csv", 1) })
	greek        = sync.OnceValue(func() letters { return readLetters("greek.csv", 1) })
	armenian     = sync.OnceValue(func() letters { return readLetters("armenian.csv", 1) })
	georgian     = sync.OnceValue(func() letters { return readLetters("georgian.csv", 1) })
	hebrew       = sync.OnceValue(func() letters { return readLetters("hebrew.csv", 1) })
	thai         = sync.OnceValue(func() letters { return readLetters("thai.csv", 1) })
	kana         = sync.OnceValue(func() letters { return readLetters("kana.csv", 1) })
	cyrillic     = sync.OnceValue(func() map[string]letters {
		m := map[string]letters{}
		for i, lang := range []string{"ru", "uk", "be", "bg", "sr"} {
			m[lang] = readLetters("cyrillic.csv", i+1)
		}
		return m
	})
	arabic = sync.OnceValue(func() map[string]letters {
		return map[string]letters{"ar": readLetters("arabic.csv", 1), "fa": readLetters("arabic.csv", 2)}
	})
	homoglyphs = sync.OnceValue(func() map[rune]rune {
		m := map[rune]rune{}
		for _, row := range rows("homoglyph.csv") {
			m[[]rune(strings.ToLower(row[0]))[0]] = rune(row[1][0])
		}
		return m
	})
	jamo = sync.OnceValue(func() map[string][]string {
		m := map[string][]string{}
		for _, row := range rows("hangul.csv") {
			m[row[0]] = append(m[row[0]], row[2])
		}
		return m
	})
)

type abugidaLetter struct{ part, latin string }

var abugidas = sync.OnceValue(func() map[rune]abugidaLetter {
	m := map[rune]abugidaLetter{}
	for _, row := range rows("abugida.csv") {
		m[[]rune(row[0])[0]] = abugidaLetter{row[1], row[2]}
	}
	return m
})

// hanReading is how one Han character is read.
type hanReading struct {
	pinyin string
	korean rune // the Hangul syllable
}

var hanReadings = sync.OnceValue(func() map[rune]hanReading {
	m := make(map[rune]hanReading, 24000)
	for _, row := range rows("han.csv") {
		h := hanReading{pinyin: row[1]}
		if row[2] != "" {
			h.korean = []rune(row[2])[0]
		}
		m[[]rune(row[0])[0]] = h
	}
	return m
})
