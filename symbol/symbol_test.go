package symbol_test

import (
	"testing"

	"pgregory.net/rapid"

	"article41/symbol"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"a resolution with its year", "S/RES/2374 (2017)", "S/RES/2374 (2017)"},
		{"without it", "S/RES/2374", "S/RES/2374 (2017)"},
		{"in small letters", "s/res/2374", "S/RES/2374 (2017)"},
		{"no space before the year", "S/RES/2374(2017)", "S/RES/2374 (2017)"},
		{"a number whose year the table does not hold", "S/RES/2817", "S/RES/2817"},
		{"a draft", "S/2023/638", "S/2023/638"},
		{"an old draft", "S/7091", "S/7091"},
		{"a meeting", "S/PV.9408", "S/PV.9408"},
		{"a resumed meeting", "S/PV.8336 (Resumption 1)", "S/PV.8336 (Resumption 1)"},
		{"a revision", "s/2020/785/rev.1", "S/2020/785/Rev.1"},
		{"the Assembly", "A/RES/76/262", "A/RES/76/262"},
		{"an emergency session", "A/RES/ES-11/6", "A/RES/ES-11/6"},
		{"a presidential statement", "S/PRST/2001/14", "S/PRST/2001/14"},
		{"a press release", "SC/12979", "SC/12979"},
	} {
		s, err := symbol.Parse(c.in)
		if err != nil || s.String() != c.want {
			t.Errorf("%s: %q, %v, want %q", c.why, s, err, c.want)
		}
	}
	for _, s := range []string{"", "2374", "S", "S/", "S/RES/", "S/RES/abc", "S/RES/0", "S/RES/2374 (2016)", "S//638", "../../etc", "S/2023/638; DROP", "X/1"} {
		if got, err := symbol.Parse(s); err == nil {
			t.Errorf("%q read as %q", s, got)
		}
	}
}

func TestYear(t *testing.T) {
	for n, want := range map[int]int{1: 1946, 15: 1946, 16: 1947, 218: 1965, 724: 1991, 725: 1991, 726: 1992, 2374: 2017, 2806: 2025, 2811: 2025, 2812: 2026, 2816: 2026, 2817: 0, 9999: 0, 0: 0} {
		if got := symbol.Year(n); got != want {
			t.Errorf("resolution %d: %d, want %d", n, got, want)
		}
	}
}

func TestParagraph(t *testing.T) {
	doc := symbol.Must("S/RES/2374")
	for para, want := range map[string][2]string{
		"":    {"S/RES/2374 (2017)", ""},
		"4":   {"S/RES/2374 (2017) para 4", "#op4"},
		"5-7": {"S/RES/2374 (2017) paras 5-7", "#op5-7"},
		"pp3": {"S/RES/2374 (2017) para pp3", "#pp3"},
	} {
		p := symbol.Paragraph{Doc: doc, Para: para}
		if p.String() != want[0] || p.Anchor() != want[1] {
			t.Errorf("%q: %q %q", para, p.String(), p.Anchor())
		}
	}
}

func TestPrintParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := symbol.Resolution(rapid.IntRange(1, 3000).Draw(t, "number"))
		back, err := symbol.Parse(s.String())
		if err != nil || back != s {
			t.Fatalf("%s back as %s, %v", s, back, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"S/RES/2374 (2017)", "S/PV.8336 (Resumption 1)", "A/RES/ES-11/6", "S/2020/785/Rev.1", "S/PV.49 (Draft 2)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		s, err := symbol.Parse(in)
		if err != nil {
			return
		}
		back, err := symbol.Parse(s.String())
		if err != nil || back != s {
			t.Fatalf("%q is %q, which prints as %q and reads as %q, %v", in, string(s), s.String(), string(back), err)
		}
	})
}
