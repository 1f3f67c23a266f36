package name

import (
	"math"
	"strconv"
	"strings"
	"sync"
)

// RarityVersion names the table of token counts in this binary. Every score
// depends on it and on nothing that is loaded, so that loading one list never
// moves another list's scores.
const RarityVersion = "rarity-2026-11b"

type rarity struct {
	person, body           map[string]int
	bare                   map[string]int // consonants of scripts without vowels
	persons, bodies, bares float64
}

var rarityTable = sync.OnceValue(func() rarity {
	t := rarity{person: map[string]int{}, body: map[string]int{}, bare: map[string]int{}}
	for _, row := range rows("rarity.csv") {
		p, _ := strconv.Atoi(row[1])
		b, _ := strconv.Atoi(row[2])
		if row[0] == "#total" {
			t.persons, t.bodies = float64(p), float64(b)
			continue
		}
		if f, ok := strings.CutPrefix(row[0], "~"); ok {
			t.bare[f] = p
			continue
		}
		if row[0] == "#bare" {
			t.bares = float64(p)
			continue
		}
		if p > 0 {
			t.person[row[0]] = p
		}
		if b > 0 {
			t.body[row[0]] = b
		}
	}
	return t
})

// Bits is how much a token tells: log2 of one over its share among tokens.
func Bits(fold string, kind Kind) float64 {
	t := rarityTable()
	n, total := t.person[fold], t.persons
	if kind != Person {
		n, total = t.body[fold], t.bodies
	}
	return math.Log2(total / (float64(n) + 0.7))
}

// weigh gives a token its weight: about 1 for a rare word, less for common
// ones, little for what never decides.
func weigh(t Token, kind Kind) float32 {
	switch t.Class {
	case Particle:
		return 0.06
	case Title:
		return 0.04
	case Form:
		return 0.05
	case Initial:
		return 0.15
	case Abd:
		return 0.20
	case Number:
		return 0.30
	}
	w := 0.0
	if t.Vowels == Absent {
		r := rarityTable()
		w = math.Log2(r.bares/(float64(r.bare[t.Fold])+0.7)) / bitsPerWeight
	} else {
		w = Bits(t.Fold, kind) / bitsPerWeight
	}
	if t.Vowels != Sure || t.Native != "" {
		// One spelling stands for several words, so it tells less.
		w *= 0.9
	}
	if (t.Script == Hangul || t.Script == Han) && !t.transcribed() {
		w = min(w, 0.6) // one of a few hundred syllables
	}
	return float32(math.Round(max(0.35, min(1.2, w))*1000) / 1000)
}

// transcribed says whether a token is a foreign word in Han or Hangul, of three
// signs or more: 贝拉克 tells as much as Barack.
func (t *Token) transcribed() bool { return t.Vowels == Near && len(t.Native) >= 9 }
