package ofac

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"article41/record"
)

func advancedFixture(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "sdn_advanced.xml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Every field that matters for matching and law, by what an analyst would look for.
func TestAdvancedXML(t *testing.T) {
	list, entries, err := Read(strings.NewReader(advancedFixture(t)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if list.Date.String() != "2026-03-09" || list.Basis != "stated" || list.Count != 4 || list.Damaged {
		t.Errorf("the list: %+v", list)
	}
	var got []string
	say := func(format string, args ...any) { got = append(got, fmt.Sprintf(format, args...)) }
	for _, e := range entries {
		say("%s %s %v listed %s", e.Ref, e.Sort, e.Programme, e.ListedOn)
		for _, n := range e.Names {
			say("  %s: %s %q %s", n.Quality, n.Text, n.Parts, n.Note)
		}
		for _, b := range e.Births {
			say("  born %s %s %s", b.On, b.City, b.Country)
		}
		for _, a := range e.Addresses {
			say("  at %s|%s|%s|%s|%s", a.Street, a.City, a.Zip, a.Country, a.Note)
		}
		for _, d := range e.Documents {
			say("  %s %s %s %s %s", d.Type, d.Number, d.Country, d.Issued, d.Note)
		}
		for _, l := range e.Links {
			say("  %s %s %s", l.Kind, l.To, l.Note)
		}
		for _, x := range e.Extra {
			say("  %s = %s", x.Name, x.Value)
		}
		say("  %v %s %v %s", e.Nationalities, e.Gender, e.Positions, e.Comments)
	}
	want := `27001 person [MALI-EO13882 SDGT] listed 2019-12-20
  primary: Max Otto MUSTERMANN ["MUSTERMANN" "Max Otto"] 
  original: ماكس موسترمان ["موسترمان" "ماكس"] in the script: Arabic
  low: THE SAMPLE [] 
  fka: MUSTER [] 
  born 1961  
  born ~1974/1976  
  born 1975-01-01  
  born  Pyongyang Korea, North
  at 1 Quay|Bamako|123|Mali|Arabic: باماكو
  Passport AO 123 Mali 2002-11-01 expires 2012; Testland Police; fraudulent
  Digital Currency Address - XBT 1BoatSLRHtKNngkdXEeobR76b53LETtpyT   
  linked to SEA CO. 
  Secondary sanctions risk: = section 1 of an order
  A Later Characteristic = of which the reader does not know
  list = SDN List
  legal_basis = Executive Order 13882 (Mali)
  sanctions_type = Block
  [Korea, North] male [Minister of Ports Colonel] Known to travel; (Linked To: SEA CO.)
27002 entity [SDGT] listed 2020-01-10
  primary: SEA & CO., LTD. [] 
  owned or controlled by 27001 
  list = SDN List
  [] male [] 
27003 vessel [IRAN] listed 2020-01-10`
	text := strings.Join(got, "\n")
	if len(text) < 200 || !strings.HasPrefix(text, strings.Split(want, "\n")[0]) {
		t.Fatalf("%s", text)
	}
	for _, line := range strings.Split(strings.Replace(want, "  [] male [] \n", "", 1), "\n") {
		if !slices.Contains(got, line) {
			t.Errorf("lacks %q", line)
		}
	}
	for _, line := range []string{"  IMO 9187629 Panama  ", "  MMSI 323456789   ", "  Call Sign CL2192   ", "  vessel owner Sea Owner Co ", "  formerly acting for or on behalf of 27002 to 2019",
		"  vessel_type = Tug", "  vessel_flag = Panama", "  tonnage = 640", "  gross_registered_tonnage = 212",
		"27004 aircraft [IRAN] listed 2020-01-10", "  Aircraft Tail Number EP-GOL   "} {
		if !slices.Contains(got, line) {
			t.Errorf("lacks %q", line)
		}
	}
	if t.Failed() {
		t.Log("\n" + text)
	}
}

// What is pointed to and is not there is named; what the end of the file cut is refused.
func TestAdvancedXMLFaults(t *testing.T) {
	whole := advancedFixture(t)
	with := func(old, now string) string {
		if !strings.Contains(whole, old) {
			t.Fatalf("the fixture has no %q", old)
		}
		return strings.Replace(whole, old, now, 1)
	}
	for _, c := range []struct {
		reason, doc string
		err         error
		said        string
	}{
		{"cut behind a party", whole[:strings.Index(whole, `<DistinctParty FixedRef="27003">`)], ErrCut, "after 2 entries"},
		{"cut among the relations", whole[:strings.Index(whole, `<ProfileRelationship ID="2"`)], ErrCut, "after 4 entries"},
		{"a number that cannot be read", with(`FixedRef="27002"><Comment />`, `FixedRef="x"><Comment />`), ErrCut, `"x"`},
		{"a party without a name", with(`SEA &amp; CO., LTD.`, ``), ErrCut, "no name"},
		{"an entry of nobody", with(`ID="2" ProfileID="27002"`, `ID="2" ProfileID="9"`), ErrCut, `of the party "9"`},
		{"two parties under one number", with(`FixedRef="27003"><Comment />`, `FixedRef="27002"><Comment />`), record.ErrInvalid, "entry 27002 stands at line"},
		{"an entity bomb", with(`<Sanctions `, `<!DOCTYPE a [<!ENTITY b "c">]><Sanctions `), record.ErrInvalid, "document type declaration"},
		{"an entity that is not declared", with(`Minister`, `&lol;Minister`), nil, ""},
		{"a party without an entry", with(`ID="4" ProfileID="27004"`, `ID="4" ProfileID="27003"`), nil, "27004: SanctionsEntry none stands behind the party"},
		{"a place that is not there", with(`<VersionLocation LocationID="500" />`, `<VersionLocation LocationID="9" />`), nil, `27001: Location no Location "9"`},
		{"a word that is not there", with(`FeatureTypeID="900"`, `FeatureTypeID="901"`), nil, `27001: FeatureType no reference value "901"`},
		{"a programme that is not UTF-8", with(`MALI-EO13882`, "MALI\xff"), nil, "unreadable as published"},
		{"a day that is none", with(`<Month>12</Month><Day>20</Day>`, `<Month>13</Month><Day>20</Day>`), nil, "not a date: \"2019-13-20\""},
		{"a relation to nobody", with(`To-ProfileID="27001"`, `To-ProfileID="9"`), nil, "one of them is not in the list"},
		{"an unknown section", with(`<ProfileRelationships>`, `<Later><a/></Later><ProfileRelationships>`), nil, "unknown element <Later>"},
	} {
		list, entries, err := Read(strings.NewReader(c.doc), Options{})
		if c.err != nil {
			if !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.said) || entries != nil {
				t.Errorf("%s: %v", c.reason, err)
			}
			continue
		}
		said := ""
		for _, k := range list.Complaints {
			said += k.Place + " " + k.Problem + "\n"
		}
		if err != nil || len(entries) != 4 || !strings.Contains(said, c.said) || list.Damaged != (c.said != "") {
			t.Errorf("%s: %v\n%s", c.reason, err, said)
		}
	}
	// Accepted by hand, the parties that were read load without what stood behind.
	cut := whole[:strings.Index(whole, "<SanctionsEntries>")]
	list, entries, err := Read(strings.NewReader(cut), Options{AcceptPartial: true})
	if err != nil || len(entries) != 4 || !list.Partial || len(entries[0].Dropped) == 0 {
		t.Errorf("a cut list accepted by hand: %v %+v", err, list)
	}
	for name, doc := range map[string]string{
		"in a party":     strings.Replace(whole, "Known to travel", strings.Repeat("x", 1<<20), 1),
		"in a reference": strings.Replace(whole, ">Panama<", ">"+strings.Repeat("x", 1<<20)+"<", 1),
		"without an end": whole[:strings.Index(whole, "Known to travel")] + strings.Repeat("x", 1<<20),
	} {
		if _, _, err := Read(strings.NewReader(doc), Options{MaxEntry: 1 << 14}); err == nil || !strings.Contains(err.Error(), "larger than 16384 bytes") {
			t.Errorf("a giant %s: %v", name, err)
		}
	}
	if _, _, err := Read(strings.NewReader(whole), Options{List: "ofac-other"}); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("another list: %v", err)
	}
}
