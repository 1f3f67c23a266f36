package name

import "unicode"

// Script is the writing system of a token.
type Script uint8

const (
	NoScript Script = iota
	Latin
	Cyrillic
	Greek
	Armenian
	Georgian
	Arabic
	Hebrew
	Hangul
	Han
	Kana
	Abugida // the Indic scripts: consonants that carry an "a"
	Thai
	OtherScript
)

var scriptWords = [...]string{"", "Latin", "Cyrillic", "Greek", "Armenian", "Georgian", "Arabic",
	"Hebrew", "Hangul", "Han", "Kana", "Indic", "Thai", "other"}

func (s Script) String() string { return scriptWords[min(int(s), len(scriptWords)-1)] }

// scriptOf tells the script of one letter; digits and signs have none.
func scriptOf(r rune) Script {
	switch {
	case r < 0x80:
		if r|0x20 >= 'a' && r|0x20 <= 'z' {
			return Latin
		}
		return NoScript
	case r < 0x250 || r >= 0x1E00 && r < 0x1F00:
		if unicode.IsLetter(r) {
			return Latin
		}
		return NoScript
	case r >= 0x250 && r < 0x2B0:
		return Latin
	case r >= 0x370 && r < 0x400 || r >= 0x1F00 && r < 0x2000:
		return Greek
	case r >= 0x400 && r < 0x530 || r >= 0x1C80 && r < 0x1C90:
		return Cyrillic
	case r >= 0x531 && r < 0x590:
		return Armenian
	case r >= 0x5D0 && r < 0x600 || r >= 0xFB1D && r < 0xFB50:
		return Hebrew
	case r >= 0x620 && r < 0x660 || r >= 0x66E && r < 0x6E5 || r >= 0x6EE && r < 0x700 || r >= 0x750 && r < 0x780 ||
		r >= 0xFB50 && r < 0xFE00 || r >= 0xFE70 && r < 0xFEFF:
		return Arabic
	case r >= 0x900 && r < 0xD80:
		return Abugida
	case r >= 0xE00 && r < 0xE80:
		return Thai
	case r >= 0x10A0 && r < 0x1100 || r >= 0x1C90 && r < 0x1CC0 || r >= 0x2D00 && r < 0x2D30:
		return Georgian
	case r >= 0xAC00 && r < 0xD7A4:
		return Hangul
	case r >= 0x3041 && r < 0x3100 || r >= 0x31F0 && r < 0x3200:
		return Kana
	case r >= 0x3400 && r < 0xA000 || r >= 0xF900 && r < 0xFB00 || r >= 0x20000 && r < 0x32000 || r == '々':
		return Han
	}
	if unicode.IsLetter(r) {
		return OtherScript
	}
	return NoScript
}

// Vowels says how far the vowels of a token can be trusted.
type Vowels uint8

const (
	Sure   Vowels = iota // written as sounded
	Near                 // a foreign word written by what sounds near
	Absent               // not written
)

func (s Script) vowels() Vowels {
	switch s {
	case Arabic, Hebrew:
		return Absent
	case Kana, Thai, Hangul, Han:
		return Near
	}
	return Sure
}
