package name

import "testing"

// The default threshold of package screen, which this package does not know.
const threshold = 0.70

func TestRulesOfNames(t *testing.T) {
	for _, c := range []struct {
		reason, a, b string
		kind         Kind
		same         bool
	}{
		{"a sun letter takes the article's l over", "Айман аз-Завахири", "Ayman al-Zawahiri", Person, true},
		{"in Latin too", "Ayman ash-Sharif", "Ayman al-Sharif", Person, true},
		{"uddin is cut off in Cyrillic as in Latin", "Сираджуддин Хаккани", "Sirajuddin Haqqani", Person, true},
		{"ould is a particle in Cyrillic as in Latin", "Мохамед Ульд Матали", "Mohamed Ould Mataly", Person, true},
		{"so is von", "Урсула фон дер Ляйен", "Ursula von der Leyen", Person, true},
		{"a final he is a vowel where it stands for ta marbuta", "اسامه بن لادن", "Usama bin Laden", Person, true},
		{"kana carries the consonants of a foreign name by vowels of its own", "セルゲイ・ラブロフ", "Sergey Lavrov", Person, true},
		{"an initial beside one name is not everybody of that name", "M. Saeed", "Said", Person, false},
		{"an alias of three letters is no company with more in its name", "Ana Muller", "ANA", Company, false},
		{"one letter is no company's name", "x", "X-Face", Company, false},
		{"a number of three digits names its bearer", "Shipping Brigade 103 of Azov", "Shipping Brigade 104 of Azov", Company, false},
	} {
		a, b := Prepare(c.a, c.kind, ""), Prepare(c.b, c.kind, "")
		if got := Compare(a, b).Score; got >= threshold != c.same {
			t.Errorf("%s: %q and %q score %.3f", c.reason, c.a, c.b, got)
		}
	}
}

// az is an article before a z only.
func TestSunArticlesStandBeforeTheirLetter(t *testing.T) {
	for text, want := range map[string]Class{"Ayman az Zawahiri": Particle, "Ayman az Sharif": Word, "Ayman ash Sharif": Particle, "Nguyen An Binh": Word} {
		if got := Prepare(text, Person, "").Readings[0][1].Class; got != want {
			t.Errorf("%q: the second word is a %v, want %v", text, got, want)
		}
	}
}
