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
		{"an ordinal of any size is a number", "74th Brigade", "75th Brigade", Organisation, false},
		{"and meets it", "122nd Brigade", "122 Brigade", Organisation, true},
		{"troops are told apart by any number", "21st Mechanised Division", "22nd Mechanised Division", Organisation, false},
		{"a number has its letter", "Ocean 12A", "Ocean 12B", Vessel, false},
		{"which may stand apart", "Ocean 12A", "Ocean 12 A", Vessel, true},
		{"a ship's IMO number is no part of its name", "Zirunga Star IMO 9074729", "Zirunga Star", Vessel, true},
		{"but seven digits that are none are", "Zirunga Star IMO 9074728", "Zirunga Star", Vessel, false},
		{"every word meets, by its initial or whole", "J. R. Kabongo", "Jean Robert Kabongo", Person, true},
		{"two initials written as one word", "JP Kabongo", "Jean-Pierre Kabongo", Person, true},
		{"of a common name that is not enough", "M. A. Khan", "Mohammed Ahmed Khan", Person, false},
		{"Ng is a surname", "Ng Zirunga", "Nora Gilda Zirunga", Person, false},
		{"a name before marriage, in Polish", "Anna Nowak z domu Zirunga", "Anna Zirunga", Person, true},
		{"a former name", "Maria Zirunga (formerly Petrenko)", "Maria Petrenko", Person, true},
		{"a company's former name", "Zirunga Trading, formerly Nambasa Mining", "Nambasa Mining", Company, true},
		{"the form in Han is cut off", "東方技術有限公司", "東方技術", Company, true},
		{"and told from another name", "東方技術有限公司", "西方技術有限公司", Company, false},
		{"in Korean", "지룽가 주식회사", "지룽가", Company, true},
		{"east is not west", "Eastern Trading Company", "Western Trading Company", Company, false},
		{"David in Hebrew has a vav", "דוד לוי", "David Levy", Person, true},
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
