package country

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"article41/date"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		why, in string
		want    Code
	}{
		{"alpha-3", "MLI", "MLI"},
		{"alpha-3 in lower case", "mli", "MLI"},
		{"alpha-2", "ml", "MLI"},
		{"M49 with its leading zero", "004", "AFG"},
		{"short name", "Mali", "MLI"},
		{"accents do not matter", "COTE D'IVOIRE", "CIV"},
		{"typographic apostrophe", "Côte d’Ivoire", "CIV"},
		{"dotless and dotted i", "TÜRKİYE", "TUR"},
		{"the name it bore", "Turkey", "TUR"},
		{"the name it bore, Burma", "Burma", "MMR"},
		{"Zaire is the Congo of Kinshasa", "Zaire", "COD"},
		{"plain Congo is the Congo of Brazzaville", "Congo", "COG"},
		{"Upper Volta", "Upper Volta", "BFA"},
		{"Dahomey", "Dahomey", "BEN"},
		{"Ceylon", "Ceylon", "LKA"},
		{"United Arab Republic", "United Arab Republic", "EGY"},
		{"Byelorussian SSR", "Byelorussian SSR", "BLR"},
		{"USSR is not Russia", "USSR", "SUN"},
		{"Soviet Union in full", "Union of Soviet Socialist Republics", "SUN"},
		{"the China seat, by the earlier holder's name", "Republic of China", "CHN"},
		{"Taiwan is a place", "Taiwan", "TWN"},
		{"article in front", "The Gambia", "GMB"},
		{"article behind", "Gambia (the)", "GMB"},
		{"ampersand", "Trinidad & Tobago", "TTO"},
		{"Eswatini's former name", "Swaziland", "SWZ"},
		{"North Macedonia's former name", "The former Yugoslav Republic of Macedonia", "MKD"},
		{"source's misspelling", "Ethipia", "ETH"},
		{"Holy See", "Holy See", "VAT"},
		{"Kosovo", "Kosovo", "XKX"},
		{"dots in an abbreviation", "U.S.A.", "USA"},
	} {
		got, err := Parse(c.in)
		if err != nil || got != c.want {
			t.Errorf("%s: Parse(%q) = %q, %v; want %q", c.why, c.in, got, err, c.want)
		}
	}
}

func TestParseSaysWhatIsNear(t *testing.T) {
	_, err := Parse("Malli")
	if err == nil || !strings.Contains(err.Error(), "Mali (MLI)") {
		t.Errorf("near name not offered: %v", err)
	}
	for _, s := range []string{"", "  ", "the", "Korea", "Atlantis", "ZZZ"} {
		if c, err := Parse(s); err == nil {
			t.Errorf("Parse(%q) = %q; want an error", s, c)
		}
	}
}

func TestNameAtTheTime(t *testing.T) {
	for _, c := range []struct {
		why  string
		code Code
		on   string
		want string
	}{
		{"Burma before the change", "MMR", "1989-06-17", "Burma"},
		{"Myanmar the day after", "MMR", "1989-06-18", "Myanmar"},
		{"Turkey on the Council of 2009", "TUR", "2009-05-01", "Turkey"},
		{"Türkiye from June 2022", "TUR", "2022-06-02", "Türkiye"},
		{"United Arab Republic on the Council of 1961", "EGY", "1961-06-01", "United Arab Republic"},
		{"Zaire on the Council of 1990", "COD", "1990-01-01", "Zaire"},
		{"Byelorussian SSR on the Council of 1974", "BLR", "1974-01-01", "Byelorussian Soviet Socialist Republic"},
		{"Malaya before Malaysia", "MYS", "1960-01-01", "Federation of Malaya"},
		{"no day means today's", "MMR", "", "Myanmar"},
		{"a spelling without days is never the name", "USA", "2020-01-01", "United States"},
	} {
		var on date.Day
		if c.on != "" {
			on = date.MustDay(c.on)
		}
		if got := c.code.Name(on); got != c.want {
			t.Errorf("%s: %s on %s is %q; want %q", c.why, c.code, c.on, got, c.want)
		}
	}
	if got := Code("CHN").FullName(date.MustDay("1971-10-24")); got != "Republic of China" {
		t.Errorf("holder of the China seat on 1971-10-24: %q", got)
	}
	if got := Code("CHN").FullName(date.MustDay("1971-10-25")); got != "People's Republic of China" {
		t.Errorf("holder of the China seat on 1971-10-25: %q", got)
	}
}

func TestMember(t *testing.T) {
	for _, c := range []struct {
		why  string
		code Code
		on   string
		want bool
	}{
		{"founding member from the first day", "FRA", "1945-10-24", true},
		{"Mali is admitted", "MLI", "1960-09-28", true},
		{"Mali the day before", "MLI", "1960-09-27", false},
		{"Syria within the United Arab Republic", "SYR", "1960-01-01", false},
		{"Syria again", "SYR", "1961-10-13", true},
		{"Indonesia while withdrawn", "IDN", "1965-06-01", false},
		{"Indonesia again", "IDN", "1966-09-28", true},
		{"South Sudan", "SSD", "2011-07-14", true},
		{"the German Democratic Republic after accession", "DDR", "1990-10-03", false},
		{"Kosovo never", "XKX", "2024-01-01", false},
		{"the Holy See is an observer", "VAT", "2024-01-01", false},
		{"an unknown code never", "ZZZ", "2024-01-01", false},
	} {
		if got := Member(c.code, date.MustDay(c.on)); got != c.want {
			t.Errorf("%s: Member(%s, %s) = %v", c.why, c.code, c.on, got)
		}
	}
}

// The Charter's register: how many Members there were at the end of a year.
func TestMembershipCounts(t *testing.T) {
	for on, want := range map[string]int{
		"1945-12-31": 51, "1950-12-31": 60, "1955-12-31": 76, "1960-12-31": 99,
		"1970-12-31": 127, "1980-12-31": 154, "1990-12-31": 159, "1991-12-31": 166,
		"1993-12-31": 184, "2000-12-31": 189, "2006-12-31": 192, "2011-12-31": 193, "2026-12-31": 193,
	} {
		n := 0
		for _, s := range All() {
			if Member(s.Code, date.MustDay(on)) {
				n++
			}
		}
		if n != want {
			t.Errorf("%s: %d Members; want %d", on, n, want)
		}
	}
}

func TestTableIsWhole(t *testing.T) {
	all := All()
	members := 0
	for _, s := range all {
		if s.Kind == MemberState {
			members++
			if len(s.Alpha2) != 2 || len(s.M49) != 3 || s.Group == "" || len(s.Membership) == 0 {
				t.Errorf("%s: a Member State lacks a code, group or membership: %+v", s.Code, s)
			}
		}
		if s.Source == "" || s.Sureness == "" {
			t.Errorf("%s: no source or sureness", s.Code)
		}
		for _, c := range append(s.Predecessors, s.Successors...) {
			if _, ok := Of(c); !ok {
				t.Errorf("%s: predecessor or successor %s is not in the table", s.Code, c)
			}
		}
		for _, d := range s.Names {
			if d.Source == "" || d.Sureness == "" {
				t.Errorf("%s: name %q has no source or sureness", s.Code, d.Name)
			}
		}
		for i, d := range s.Names {
			for _, e := range s.Names[i+1:] {
				dated := !(d.From.IsZero() && d.To.IsZero()) && !(e.From.IsZero() && e.To.IsZero())
				if dated && overlap(d.Span, e.Span) {
					t.Errorf("%s: names %q and %q share days", s.Code, d.Name, e.Name)
				}
			}
		}
	}
	if members != 193 {
		t.Errorf("%d Member States; want 193", members)
	}
}

func overlap(a, b Span) bool {
	startsBeforeEnd := func(x, y Span) bool { return y.To.IsZero() || x.From.IsZero() || !x.From.After(y.To) }
	return startsBeforeEnd(a, b) && startsBeforeEnd(b, a)
}

func TestReadRefuses(t *testing.T) {
	head := "code,alpha2,m49,kind,name,full,membership,group,predecessor,successor,lat,lon,source,sureness,note\n"
	names := "code,kind,name,from,to,source,sureness,note\n"
	mali := "MLI,ML,466,member,Mali,Republic of Mali,1960-09-28/,African,,,12.6,-8,x,verified,\n"
	for why, in := range map[string][2]string{
		"a code twice":               {head + mali + mali, names},
		"a code in lower case":       {head + strings.Replace(mali, "MLI", "mli", 1), names},
		"an unknown kind":            {head + strings.Replace(mali, "member", "realm", 1), names},
		"a latitude off the globe":   {head + strings.Replace(mali, "12.6", "126", 1), names},
		"an end before a beginning":  {head + strings.Replace(mali, "1960-09-28/", "1960-09-28/1959-01-01", 1), names},
		"an impossible day":          {head + strings.Replace(mali, "1960-09-28", "1960-02-30", 1), names},
		"a name of an unknown code":  {head + mali, names + "ZZZ,alias,Zed,,,x,verified,\n"},
		"an unknown kind of name":    {head + mali, names + "MLI,nick,Zed,,,x,verified,\n"},
		"one name meaning two codes": {head + mali + strings.ReplaceAll(strings.ReplaceAll(mali, "MLI", "XML"), "466", "467"), names},
	} {
		if _, err := read(in[0], in[1]); err == nil {
			t.Errorf("%s: accepted", why)
		}
	}
	if _, err := read(head+mali, names); err != nil {
		t.Errorf("a good table: %v", err)
	}
}

func TestGroups(t *testing.T) {
	seated := []Code{"CHN", "FRA", "GBR", "RUS", "USA", "ALB", "BRA", "ECU", "GAB", "GHA", "JPN", "MLT", "MOZ", "CHE", "ARE"}
	if got := A3(seated); len(got) != 3 || got[0] != "GAB" || got[1] != "GHA" || got[2] != "MOZ" {
		t.Errorf("A3 of 2023: %v", got)
	}
	if len(P5(seated)) != 5 || len(E10(seated)) != 10 || len(P3()) != 3 {
		t.Errorf("P5 %v, E10 %v", P5(seated), E10(seated))
	}
}

// Every spelling in the tables, in any case, leads back to its own code.
func TestEverySpellingParses(t *testing.T) {
	all := All()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(all).Draw(t, "state")
		n := rapid.SampledFrom(s.spellings()).Draw(t, "spelling")
		if fold(n) == "" {
			return
		}
		for _, v := range []string{n, strings.ToUpper(n), strings.ToLower(n), " " + n + " ", "the " + n} {
			if c, err := Parse(v); err != nil || c != s.Code {
				t.Fatalf("Parse(%q) = %q, %v; want %s", v, c, err, s.Code)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"Mali", "466", "Côte d’Ivoire", "\x00", "((", "ı"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err == nil {
			if _, ok := Of(c); !ok {
				t.Fatalf("Parse(%q) = %q, which is not in the table", s, c)
			}
		}
	})
}
