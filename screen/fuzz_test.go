package screen

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"article41/name"
)

var hostile = []string{
	"", " ", "\x00\xff\xfe", strings.Repeat("a", 100_000), strings.Repeat("محمد ", 20_000), strings.Repeat("́", 5000),
	"Pu\u200btin\u200f V\u202eladimir", "Ρutin", "РUТIN Vlаdimir", "김정은 金正恩 バラク", "a/b/c/d/e", "A.B.C.", "....", "1 2 3 4", "N'Golo", "e\u0301\u0301\u0301",
	"𝕍𝕝𝕒𝕕𝕚𝕞𝕚𝕣 ℙ𝕦𝕥𝕚𝕟", "Ｖｌａｄｉｍｉｒ Ｐｕｔｉｎ", "\u202dabc\u202e def",
}

func small() *Index {
	return Build([]Subject{
		{ID: "p", Kind: name.Person, Names: []Name{{Text: "Vladimir Putin"}, {Text: "Владимир Путин"}}},
		{ID: "k", Kind: name.Person, Names: []Name{{Text: "KIM Jong Un"}, {Text: "金正恩", Lang: "ko"}}},
		{ID: "s", Kind: name.Company, Names: []Name{{Text: "Siemens AG"}, {Text: "A.B.C. Company"}}},
		{ID: "v", Kind: name.Vessel, Names: []Name{{Text: "MV Snow Storm 2"}}},
		{ID: "m", Kind: name.Person, Names: []Name{{Text: "محمد عبد الله"}, {Text: "Mohammed Abdullah bin Omar"}}},
		{ID: "u", Kind: name.Unknown, Names: []Name{{Text: "Al-Rashid/Aid Fund"}}},
	})
}

// Any bytes may be asked: no panic, scores within bounds, index and scan agree.
func FuzzSearch(f *testing.F) {
	for _, h := range hostile {
		f.Add(h, byte(1))
	}
	f.Add("Kim Jong-un", byte(0))
	ix := small()
	f.Fuzz(func(t *testing.T, text string, kind byte) {
		q := Query{Names: []string{text}, Kind: name.Kind(kind % 6)}
		same(t, ix, q)
		for _, h := range ix.Search(q) {
			if h.Score < DefaultThreshold || h.Score > 1 {
				t.Errorf("score %v", h.Score)
			}
			ix.Explain(q, h.ID).Words()
		}
	})
}

// Any bytes may be listed.
func FuzzListed(f *testing.F) {
	for _, h := range hostile {
		f.Add(h, "Vladimir Putin", byte(1))
	}
	f.Fuzz(func(t *testing.T, listed, asked string, kind byte) {
		k := name.Kind(kind % 6)
		ix := Build([]Subject{{ID: "x", Kind: k, Names: []Name{{Text: listed}, {Text: asked}}}})
		same(t, ix, Query{Names: []string{asked}, Kind: k})
		same(t, ix, Query{Names: []string{listed}, Kind: k})
	})
}

// A file of any bytes is refused or read, never a crash.
func FuzzIndexFile(f *testing.F) {
	var b bytes.Buffer
	if err := small().Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	f.Add([]byte("a41index"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ix, err := Read(bytes.Clone(data))
		if err == nil {
			ix.Search(Query{Names: []string{"Vladimir Putin"}})
		}
	})
}

func FuzzComparePairs(f *testing.F) {
	f.Add("schema,name1,name2,is_match\nPerson,a b,a b,true\n")
	f.Fuzz(func(t *testing.T, in string) {
		_ = ComparePairs(strings.NewReader(in), &strings.Builder{}, &strings.Builder{}, 0)
	})
}

func TestFileGivesTheSameAnswers(t *testing.T) {
	ix := small().Apply([]Subject{{ID: "n", Kind: name.Person, Names: []Name{{Text: "Newly Listed Person"}}}}, []SubjectID{"s"})
	var b bytes.Buffer
	if err := ix.Write(&b); err != nil {
		t.Fatal(err)
	}
	back, err := Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"Vladimir Putin", "Newly Listed Person", "Siemens", "김정은"} {
		x, y := ix.Search(Query{Names: []string{q}}), back.Search(Query{Names: []string{q}})
		if strings.Join(ids(x), " ") != strings.Join(ids(y), " ") {
			t.Errorf("%q: %v and %v", q, ids(x), ids(y))
		}
	}
	for i := 0; i < b.Len(); i += 97 {
		cut := bytes.Clone(b.Bytes()[:i])
		if _, err := Read(cut); err == nil {
			t.Errorf("a file cut at %d was read", i)
		}
	}
}

// Look-alike letters of other scripts, zero-width signs and wide letters do not
// hide a name.
func TestDisguisesStillHit(t *testing.T) {
	ix := small()
	for _, d := range []string{"Vlаdіmіr Рutіn", "VLАDIMIR РUTIN", "Pu\u200btin V\u200dladimir", "Ｖｌａｄｉｍｉｒ Ｐｕｔｉｎ", "𝕍𝕝𝕒𝕕𝕚𝕞𝕚𝕣 ℙ𝕦𝕥𝕚𝕟", "Vládïmîr Pütîñ", "V1adimir Put1n", "PUTIN, VLADIMIR", "VladimirPutin", "Vladimi rPutin", "\u202eVladimir\u202c Putin"} {
		hs := ix.Search(Query{Names: []string{d}, Kind: name.Person})
		if len(hs) == 0 || hs[0].ID != "p" {
			t.Errorf("%q does not find Vladimir Putin: %v", d, ids(hs))
		}
	}
}

// TestLosslessOnRandomNames: names of few letters, so that edits, joins, splits
// and shifts between them are everywhere, in several scripts.
func TestLosslessOnRandomNames(t *testing.T) {
	word := rapid.StringOfN(rapid.SampledFrom([]rune("aabdehiklmnorstuzj")), 1, 9, -1)
	cyr := rapid.StringOfN(rapid.SampledFrom([]rune("абдеиклмнорстувх")), 2, 8, -1)
	arab := rapid.StringOfN(rapid.SampledFrom([]rune("امحدرسعليونبتالك")), 2, 7, -1)
	hangul := rapid.StringOfN(rapid.SampledFrom([]rune("김이박최정은영수철호남성")), 1, 4, -1)
	han := rapid.StringOfN(rapid.SampledFrom([]rune("金李王张伟明文正恩成")), 1, 4, -1)
	special := rapid.SampledFrom([]string{"al", "bin", "abdul", "Abd al", "V.", "Ltd", "AG", "the", "2", "II", "Haji", "khan", "uddin", "Jr", "Mohammed", "Muhammad", "Bill", "William", "-", ",", "/", "J. R."})
	aName := rapid.Custom(func(t *rapid.T) string {
		var parts []string
		for n := rapid.IntRange(1, 4).Draw(t, "words"); n > 0; n-- {
			switch rapid.IntRange(0, 9).Draw(t, "sort") {
			case 0, 1:
				parts = append(parts, special.Draw(t, "special"))
			case 2:
				parts = append(parts, cyr.Draw(t, "cyrillic"))
			case 3:
				parts = append(parts, arab.Draw(t, "arabic"))
			case 4:
				parts = append(parts, rapid.OneOf(hangul, han).Draw(t, "cjk"))
			default:
				parts = append(parts, word.Draw(t, "word"))
			}
		}
		sep := rapid.SampledFrom([]string{" ", " ", " ", "-", ""}).Draw(t, "separator")
		return strings.Join(parts, sep)
	})
	kind := rapid.SampledFrom([]name.Kind{name.Person, name.Person, name.Person, name.Company, name.Vessel, name.Unknown})
	rapid.Check(t, func(rt *rapid.T) {
		var subjects []Subject
		for i := range rapid.IntRange(1, 60).Draw(rt, "subjects") {
			subjects = append(subjects, Subject{ID: SubjectID(rune('A' + i)), Kind: kind.Draw(rt, "kind"), Names: []Name{{Text: aName.Draw(rt, "name")}}})
		}
		ix := Build(subjects)
		for range 12 {
			q := Query{Names: []string{aName.Draw(rt, "query")}, Kind: kind.Draw(rt, "asked"), Limit: 100}
			if rapid.Bool().Draw(rt, "near") {
				s := subjects[rapid.IntRange(0, len(subjects)-1).Draw(rt, "of")].Names[0].Text
				rs := []rune(s)
				if i := rapid.IntRange(0, len(rs)).Draw(rt, "at"); i < len(rs) {
					s = string(rs[:i]) + rapid.SampledFrom([]string{"", " ", "a", "m"}).Draw(rt, "put") + string(rs[i+rapid.IntRange(0, 1).Draw(rt, "skip"):])
				}
				q.Names[0] = s
			}
			q.Threshold = rapid.SampledFrom([]float64{0, 0, 0, 0.5, 0.65, 0.9}).Draw(rt, "threshold")
			a, na := ix.Find(q)
			b, nb := ix.Scan(q)
			if na != nb || strings.Join(ids(a), " ") != strings.Join(ids(b), " ") {
				rt.Fatalf("%q (%v, %v): index %v, scan %v", q.Names[0], q.Kind, q.Threshold, ids(a), ids(b))
			}
		}
	})
}

// FuzzExplainPair: any two names are explained, in words that can be printed, and
// score alike whichever is asked for.
func FuzzExplainPair(f *testing.F) {
	for _, s := range [][2]string{{"Igor Sechin", "Игорь Сечин"}, {"JP Kabongo", "J. P. \u202eKabongo"}, {"Ocean 12A IMO 9074729", "OCEAN 12 A"}, {"東方有限公司", "Dongfang"}, {"X née Y", "X, formerly Y"}, {"", "\x00\xff"}} {
		f.Add(s[0], s[1], uint8(len(s[0])))
	}
	f.Fuzz(func(t *testing.T, a, b string, kind uint8) {
		k := name.Kind(kind % uint8(name.Aircraft+1))
		there, back := ExplainPair(a, b, k), ExplainPair(b, a, k)
		if there.Score < 0 || there.Score >= 1 || math.IsNaN(there.Score) || math.Abs(there.Score-back.Score) > 1e-6 {
			t.Errorf("%q and %q as %v: %v, the other way %v", a, b, k, there.Score, back.Score)
		}
		if words := there.Words(); !utf8.ValidString(words) {
			t.Errorf("%q and %q as %v: said in letters that are none: %q", a, b, k, words)
		}
	})
}
