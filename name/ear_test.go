package name

import (
	"math"
	"slices"
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

// What an ear measures of words in their order, each from where it begins to
// differ from the last, is the distance of their sounds.
func TestEarMeasuresSoundDistance(t *testing.T) {
	word := rapid.StringOfN(rapid.SampledFrom([]rune("aeioutdnlrsgNW'wyhq#%")), 0, 7, -1)
	vowels := rapid.SampledFrom([]Vowels{Sure, Near, Absent})
	rapid.Check(t, func(rt *rapid.T) {
		own := Token{Sound: word.Draw(rt, "own"), Vowels: vowels.Draw(rt, "own vowels")}
		vb := vowels.Draw(rt, "vowels")
		others := rapid.SliceOfN(word, 1, 12).Draw(rt, "others")
		slices.Sort(others)
		var e Ear
		e.Set(&own)
		e.tune(vb)
		last, before := "", Timbre(0)
		for i, s := range others {
			m := TimbreOf(&Token{Sound: s, Vowels: vb})
			if i > 0 {
				m = m.After(before, s, last)
			}
			last, before = s, m
			limit := rapid.Int32Range(0, 400).Draw(rt, "limit")
			e.measured = min(e.measured, m.Shared())
			d := soundDistance(own.Sound, s, own.Vowels, vb, 1000)
			if got, want := e.near(s, vb, limit), math.Round(float64(d)*100) <= float64(limit); got != want {
				rt.Fatalf("%q (%v) and %q (%v), %d: %v, the distance says %v", own.Sound, own.Vowels, s, vb, limit, got, want)
			}
		}
	})
}
