package listing

import (
	"slices"
	"strings"
	"testing"

	"article41/date"
	"article41/record"
)

func TestAmended(t *testing.T) {
	base := func() record.Listed {
		e := entry("QDi.001", "Jan Novak")
		e.Names = append(e.Names, record.Name{Text: "Jo", Quality: record.Low}, record.Name{Text: "Sa’d", Quality: record.Good})
		e.Births = []record.Birth{{On: date.Exactly(d("1960-01-01")), Type: "EXACT"}, {City: "Gao"}}
		e.Addresses = []record.Address{{City: "Tall ‘Afar", Country: "Iraq"}}
		e.Comments = "Text."
		e.Only = []string{"travel-ban"}
		return e
	}
	for _, c := range []struct {
		reason   string
		change   func(old, new *record.Listed)
		narrowed bool
		want     string
	}{
		{"nothing", func(_, _ *record.Listed) {}, false, ""},
		{"another date of the list", func(_, n *record.Listed) { n.Version = d("2020-01-01") }, false, ""},
		{"another order of names", func(_, n *record.Listed) { slices.Reverse(n.Names) }, false, ""},
		{"a name added", func(_, n *record.Listed) { n.Names = append(n.Names, record.Name{Text: "Jay"}) }, false, "names"},
		{"a grade changed", func(_, n *record.Listed) { n.Names[1].Quality = record.Good }, false, "names"},
		{"a date made less precise", func(_, n *record.Listed) { n.Births[0].On, _ = date.ParseAbout("1960") }, false, "births"},
		{"the list's word for a date", func(_, n *record.Listed) { n.Births[0].Type = "" }, false, ""},
		{"measures and an update", func(_, n *record.Listed) {
			n.Only = []string{"travel-ban", "assets-freeze"}
			n.Updated = []date.Day{d("2019-12-19")}
		}, false, "only updated"},
		{"a comment that could not be read", func(_, n *record.Listed) {
			n.Comments, n.Only = "", nil
			n.Dropped = []record.Complaint{{Place: "comments: COMMENTS1, line 2"}}
		}, false, ""},
		{"a comment that is gone", func(_, n *record.Listed) { n.Comments = "" }, false, "comments"},
		{"a name that could not be read", func(_, n *record.Listed) {
			n.Names = n.Names[:2]
			n.Dropped = []record.Complaint{{Place: "names: ALIAS_NAME, line 2"}}
		}, false, ""},
		{"a name that could not be read and one that is gone", func(_, n *record.Listed) {
			n.Names = n.Names[:1]
			n.Dropped = []record.Complaint{{Place: "names: ALIAS_NAME, line 2"}}
		}, false, "names"},
		{"a part of an address that could not be read", func(o, _ *record.Listed) {
			o.Addresses = []record.Address{{Country: "Iraq"}}
			o.Dropped = []record.Complaint{{Place: "addresses: CITY, line 2"}}
		}, false, ""},
		{"another country beside it", func(o, _ *record.Listed) {
			o.Addresses = []record.Address{{Country: "Syria"}}
			o.Dropped = []record.Complaint{{Place: "addresses: CITY, line 2"}}
		}, true, "addresses"},
		{"text cut to low bytes", func(_, n *record.Listed) { n.Positions = nil; n.Names[2].Text = "Sa\x19d" }, true, ""},
		{"the same, where no list is cut", func(_, n *record.Listed) { n.Names[2].Text = "Sa\x19d" }, false, "names"},
		{"a plain name gone from a cut list that lost another", func(_, n *record.Listed) {
			n.Names = n.Names[:1]
			n.Dropped = []record.Complaint{{Place: "names: ALIAS_NAME, line 2"}}
		}, true, ""},
		{"two plain names gone from it", func(o, n *record.Listed) {
			o.Names = append(o.Names, record.Name{Text: "Jay", Quality: record.Low})
			n.Names = n.Names[:1]
			n.Dropped = []record.Complaint{{Place: "names: ALIAS_NAME, line 2"}}
		}, true, "names"},
		{"a cut list that lost nothing there", func(_, n *record.Listed) { n.Names = n.Names[:2] }, true, "names"},
	} {
		old, new := base(), base()
		c.change(&old, &new)
		if got := strings.Join(Amended(old, new, c.narrowed), " "); got != c.want {
			t.Errorf("%s: amended in %q, want %q", c.reason, got, c.want)
		}
		if Same(old, new, c.narrowed) != (c.want == "") {
			t.Errorf("%s: Same disagrees with Amended", c.reason)
		}
	}
}

func TestLegible(t *testing.T) {
	for _, s := range []string{
		"Jan Novak", "JÉRÔME", "Al-Haq, Amin", "AL-QA'IDA", "MIDCO FINANCIAL, S.A.", "M23", "ADF/NALU", `"GODANE"`, `"MUKHTAR, Shaykh"`,
		"KPE.018", "2ND ACADEMY", "Bureau 39", "FÒS REVOLISYONÈ", "as at Feb. 2014", "(ASL)", "1963", "'ABD AL-RAHMAN", "J/V", "", "Hilarion Santos, III (third)",
	} {
		if !Legible(s) {
			t.Errorf("%q can be read", s)
		}
	}
	for _, s := range []string{
		"صدام", "سيف العدل", "رياض محمد حسن", "نور", "أبو دعاء", "عبد الله", "حاجى فیض الله خان نورزى", "شيخ يونس الموريتاني",
		"Умар Сулимов", "Рамзан", "Муслим", "“Kawa”", "Sa’d", "金铁三", "Хусан", "дело", "Dh’rbi – M", "El Harrachi (الحراشي)",
	} {
		if Legible(Narrow(s)) {
			t.Errorf("%q is what %q was cut to", Narrow(s), s)
		}
	}
}

func TestContentIgnoresTheDateOnly(t *testing.T) {
	a, b := entry("QDi.001", "A"), entry("QDi.001", "A")
	b.Version = d("2020-01-01")
	if Content(a) != Content(b) {
		t.Error("the version's date is no content")
	}
	b.Gender = "male"
	if Content(a) == Content(b) {
		t.Error("the gender is")
	}
	x := []record.Listed{entry("QDi.002", "B"), a}
	if Contents(x) != Contents([]record.Listed{a, entry("QDi.002", "B")}) {
		t.Error("the order in the file is no content")
	}
}

func TestCaption(t *testing.T) {
	for want, e := range map[string]record.Listed{
		"Jan Novak": entry("QDi.001", "Jan Novak"),
		"Jo":        {Ref: "QDi.001", Names: []record.Name{{Text: "صدام", Quality: record.Original}, {Text: "weak", Quality: record.Low}, {Text: "Jo", Quality: record.Good}}},
		"weak":      {Ref: "QDi.001", Names: []record.Name{{Text: "weak", Quality: record.Low}}},
		"QDi.001":   {Ref: "QDi.001"},
	} {
		if got := Caption(e); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
