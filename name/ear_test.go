package name

import (
	"testing"

	"pgregory.net/rapid"
)

// What the ear rules out never meets by its sounds: relateLetters without its
// edits is the measure.
func TestEarRulesOutOnlyWhatCannotMeet(t *testing.T) {
	scripts := []Script{Latin, Latin, Cyrillic, Arabic, Hebrew, Kana, Hangul, Han}
	word := rapid.StringOfN(rapid.SampledFrom([]rune("abcdefghijklmnopqrstuvwxyzaeiouSCXGTDZJQNW'")), 1, 9, -1)
	token := func(rt *rapid.T, sound string) Token {
		tok := Token{Sound: sound, Fold: "?", Script: rapid.SampledFrom(scripts).Draw(rt, "script")}
		tok.Vowels = tok.Script.vowels()
		if tok.Script == Han || tok.Script == Hangul {
			tok.Vowels = rapid.SampledFrom([]Vowels{Near, Sure}).Draw(rt, "vowels")
		}
		tok.Skel = string(appendSkeleton(nil, []byte(sound)))
		return tok
	}
	ruledOut := 0
	rapid.Check(t, func(rt *rapid.T) {
		s := word.Draw(rt, "sound")
		b := []byte(s)
		for range rapid.IntRange(0, 4).Draw(rt, "changes") {
			i := rapid.IntRange(0, len(b)-1).Draw(rt, "at")
			switch c := word.Draw(rt, "other")[0]; {
			case rapid.Bool().Draw(rt, "put"):
				b[i] = c
			case len(b) > 1:
				b = append(b[:i:i], b[i+1:]...)
			}
		}
		a, z := token(rt, s), token(rt, string(b))
		var e Ear
		e.Set(&a)
		if e.MayMeet(TimbreOf(&z), z.Sound, a.Skel == z.Skel) {
			return
		}
		ruledOut++
		a.Fold, z.Fold = "aa", "zz" // no edits
		if s, h := relateLetters(&a, &z); s >= likenessFloor {
			rt.Fatalf("%s (%v) and %s (%v) are ruled out and meet: %v %v", a.Sound, a.Script, z.Sound, z.Script, s, h)
		}
	})
	if ruledOut == 0 {
		t.Error("the ear rules nothing out")
	}
}
