package un

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"article41/record"
)

func TestBirthDates(t *testing.T) {
	for _, c := range []struct{ reason, in, want string }{
		{"EXACT with a year is a year", "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1958</YEAR>", "1958"},
		{"EXACT with a day is a day, also 1 January", "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1982-01-01</DATE>", "1982-01-01"},
		{"a zone never moves a day", "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1982-01-01-04:00</DATE>", "1982-01-01"},
		{"about a year", "<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1963</YEAR>", "~1963"},
		{"a span of years", "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1965</FROM_YEAR><TO_YEAR>1970</TO_YEAR>", "1965/1970"},
		{"a span said to be approximate", "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1965</FROM_YEAR><TO_YEAR>1970</TO_YEAR><NOTE>Approximately </NOTE>", "~1965/1970 Approximately"},
		{"half a span", "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1965</FROM_YEAR>", "1965"},
		{"a month in words", "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>April 1963 </NOTE>", "1963-04 April 1963"},
		{"an abbreviated month", "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1973</NOTE>", "1973-11 Nov. 1973"},
		{"a note that is no date", "<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><NOTE>35-45 years old</NOTE>", " 35-45 years old"},
		{"a year with a note", "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1985</YEAR><NOTE>from false passport</NOTE>", "1985 from false passport"},
		{"a placeholder", "<TYPE_OF_DATE/>", "none"},
		{"a type and nothing else", "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE>", "none"},
		{"a span that ends before it begins", "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1975</FROM_YEAR><TO_YEAR>1970</TO_YEAR>", "none"},
		{"a year of three digits", "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>195</YEAR>", "none"},
	} {
		_, e := readOne(t, xmlList(person("QDi.001", "<INDIVIDUAL_DATE_OF_BIRTH>"+c.in+"</INDIVIDUAL_DATE_OF_BIRTH>")))
		got := "none"
		if len(e.Births) == 1 {
			b := e.Births[0]
			got = b.On.String()
			if b.Note != "" {
				got += " " + b.Note
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.reason, got, c.want)
		}
	}
}

func TestMeasuresInTheText(t *testing.T) {
	for _, c := range []struct{ reason, in, want string }{
		{"travel ban only", "Listed pursuant to paragraph 15 of resolution 1970 (Travel Ban). Believed", "travel-ban"},
		{"freeze only, a space inside", "Listed pursuant to paragraph 17 of resolution 1970 ( Asset Freeze).", "assets-freeze"},
		{"both in one", "paragraphs 15 and 17 (Travel Ban,Asset Freeze)", "travel-ban assets-freeze"},
		{"both in two sentences", "paragraph 15 (Travel Ban). Listed on 17 March 2011 pursuant to paragraph 17 (Asset Freeze).", "travel-ban assets-freeze"},
		{"plural", "(Assets Freeze and Travel Ban)", "travel-ban assets-freeze"},
		{"the Houthis' arms embargo", "as subject to paragraph 14 of resolution 2216 (2015) (targeted arms embargo). The", "arms-embargo"},
		{"a mention is no limit", "He asked for an exemption from the travel ban (see below).", ""},
		{"nothing said", "Judge.", ""},
	} {
		if got := strings.Join(measures(c.in), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.reason, got, c.want)
		}
	}
}

func TestDeathAsStated(t *testing.T) {
	for _, c := range []struct{ reason, in, want string }{
		{"with a month", "Reportedly deceased in November 2016. Father's name is Mohamed.", "reportedly deceased, November 2016"},
		{"as of", "Known. Reportedly deceased as of April 2013. INTERPOL", "reportedly deceased, as of April 2013"},
		{"killed on a day", "Reportedly killed in drone strike in Kabul, Afghanistan on 31 July 2022. Photo", "reportedly killed, 31 July 2022"},
		{"confirmed", "Confirmed to have died on 16 Apr. 2004 in northern Niger. Review", "confirmed died, 16 Apr. 2004"},
		{"no year, no date", "Confirmed killed on 17 February in Peshawar, Pakistan. Review 2010", "confirmed killed"},
		{"no hedge", "Secretary. Died on 27 July 2022.", "died, 27 July 2022"},
		{"a status", "(Travel Ban). Believed status/location:deceased. INTERPOL", "believed deceased"},
		{"in French", "QDe.137 au début de 2014. Serait décédé le 2 avril 2024 en République arabe", "reportedly deceased, 2 avril 2024"},
		{"another's death in parentheses", "Close associate of Usama bin Laden (deceased) and facilitator.", ""},
		{"another's, with a reference", "Associated with Droukdel (QDi.232, reported deceased in June 2020).", ""},
		{"another's, in a clause", "usurped the identity of Abid Hammadou, who reportedly died in Chad in 2004.", ""},
		{"what he did", "During May 2015, forces under his command killed children and burned property.", ""},
		{"a sentence to death", "Sentenced to death by the Indonesian Supreme Court.", ""},
		{"the date of the next sentence is not his", "Reportedly deceased. Review was concluded on 8 June 2010.", "reportedly deceased"},
	} {
		if got := death(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.reason, got, c.want)
		}
	}
}

func TestOnlyInTheRealLists(t *testing.T) {
	for _, c := range []struct{ list, ref, only string }{
		{"2026-02-27", "LYi.001", "travel-ban"}, {"2026-02-27", "LYi.006", "travel-ban assets-freeze"},
		// These two had both measures until 2022 and the freeze alone by 2024.
		{"2022-09-15", "LYi.009", "travel-ban assets-freeze"}, {"2024-09-21", "LYi.009", "assets-freeze"}, {"2026-02-27", "LYi.009", "assets-freeze"},
		{"2022-09-15", "LYi.019", "travel-ban assets-freeze"}, {"2024-09-21", "LYi.019", "assets-freeze"}, {"2026-02-27", "LYi.019", "assets-freeze"},
		{"2022-09-15", "YEe.001", "arms-embargo"}, {"2026-02-27", "YEe.001", "arms-embargo"},
		{"2026-02-27", "LYi.026", "travel-ban assets-freeze"}, {"2026-02-27", "QDi.001", ""},
	} {
		_, entries := load(t, c.list)
		at := slices.IndexFunc(entries, func(e record.Listed) bool { return e.Ref == c.ref })
		if at < 0 {
			t.Errorf("%s is not in the list of %s", c.ref, c.list)
		} else if got := strings.Join(entries[at].Only, " "); got != c.only {
			t.Errorf("%s in the list of %s: %q, want %q", c.ref, c.list, got, c.only)
		}
	}
}

// Every entry whose text limits its measures, in any real list, with all the
// forms it took.
func TestWhichEntriesLimitTheirMeasures(t *testing.T) {
	said := map[string]map[string]bool{}
	for _, list := range realLists {
		_, entries := load(t, list.day)
		for _, e := range entries {
			if len(e.Only) > 0 {
				words := strings.Join(e.Only, "+")
				if said[words] == nil {
					said[words] = map[string]bool{}
				}
				said[words][e.Ref] = true
			}
		}
	}
	for words, want := range map[string]string{
		"travel-ban":    "LYi.001 LYi.002 LYi.003 LYi.004 LYi.005 MLi.001 MLi.002 MLi.003",
		"arms-embargo":  "YEe.001",
		"assets-freeze": "LYi.009 LYi.019",
		"travel-ban+assets-freeze": "LYi.006 LYi.007 LYi.008 LYi.009 LYi.010 LYi.011 LYi.012 LYi.013 LYi.014 LYi.015 LYi.016 LYi.017 LYi.018 LYi.019 " +
			"LYi.020 LYi.021 LYi.022 LYi.023 LYi.024 LYi.025 LYi.026 LYi.027 LYi.028 LYi.029 MLi.004 MLi.005 MLi.006 MLi.007 MLi.008",
	} {
		if got := strings.Join(slices.Sorted(maps.Keys(said[words])), " "); got != want {
			t.Errorf("%s: %s\nwant %s", words, got, want)
		}
		delete(said, words)
	}
	if len(said) > 0 {
		t.Errorf("besides: %v", said)
	}
}

func TestRegime(t *testing.T) {
	for ref, want := range map[string]string{"MLi.005": "mali", "QDe.001": "isil-aq", "SOi.001": "al-shabaab", "LRi.001": "liberia-3",
		"XXi.001": "", "MLi.5": "", "": "", "MLx.001": "", "mli.001": "", "QDi.001 ": ""} {
		if got, ok := Regime(ref); string(got) != want || ok != (want != "") {
			t.Errorf("%q: %q, %v; want %q", ref, got, ok, want)
		}
	}
}
