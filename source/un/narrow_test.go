package un

import (
	"bytes"
	"strings"
	"testing"

	"article41/listing"
	"article41/record"
)

// cutToLowBytes does to a document what whoever saved the list of 2025-08-16
// did.
func cutToLowBytes(doc string) []byte {
	var out []byte
	for _, r := range doc {
		out = append(out, byte(r))
	}
	return out
}

// falseNames are the names of the second reading that the first does not have.
func falseNames(good, bad []record.Listed) []string {
	names := map[string]map[string]bool{}
	for _, e := range good {
		if names[e.Ref] == nil {
			names[e.Ref] = map[string]bool{}
		}
		for _, n := range e.Names {
			names[e.Ref][n.Text] = true
		}
	}
	var out []string
	for _, e := range bad {
		for _, n := range e.Names {
			if !names[e.Ref][n.Text] {
				out = append(out, e.Ref+" "+n.Text)
			}
		}
	}
	return out
}

func TestTheListCutToLowBytes(t *testing.T) {
	list, bad := load(t, "2025-08-16")
	if !list.Narrowed || !list.Damaged || len(bad) != 879 {
		t.Fatalf("narrowed %v, damaged %v, %d entries", list.Narrowed, list.Damaged, len(bad))
	}
	// Its names must stand in the lists around it.
	var good []record.Listed
	for _, day := range []string{"2022-09-15", "2024-10-16", "2025-11-15"} {
		_, entries := load(t, day)
		good = append(good, entries...)
	}
	if wrong := falseNames(good, bad); len(wrong) > 0 {
		t.Errorf("names that nobody published: %q", wrong)
	}
	names, originals := 0, 0
	for _, e := range bad {
		names += len(e.Names)
		for _, n := range e.Names {
			if n.Quality == record.Original {
				originals++
			}
		}
	}
	if names < 3400 || originals > 0 {
		t.Errorf("%d names, %d of them in another script; want at least 3400 and none", names, originals)
	}
	lost := 0
	for _, e := range bad {
		lost += len(e.Dropped)
	}
	if lost == 0 || len(list.Complaints) < lost-50 {
		t.Errorf("%d fields dropped, %d complaints", lost, len(list.Complaints))
	}
}

func TestDiffOverTheDamagedList(t *testing.T) {
	oldList, old := load(t, "2025-08-16")
	newList, new := load(t, "2025-11-15")
	d := listing.Diff(old, new, oldList, newList)
	iran, others := 0, []string{}
	for _, e := range d.Listed {
		if strings.HasPrefix(e.Ref, "IR") {
			iran++
		} else {
			others = append(others, e.Ref)
		}
	}
	if len(d.Listed) != 123 || iran != 121 || strings.Join(others, " ") != "HTi.008 HTi.009" {
		t.Errorf("%d listed, %d of Iran's, besides %q", len(d.Listed), iran, others)
	}
	if len(d.Delisted) != 2 || d.Delisted[0].Ref != "QDi.317" || d.Delisted[1].Ref != "QDi.336" {
		t.Errorf("delisted: %v", d.Delisted)
	}
	// Each of these was looked at: the list itself records an update between the
	// two dates.
	want := map[string]string{"QDi.057": "updated addresses", "QDi.065": "updated", "QDi.150": "updated", "QDi.154": "updated comments",
		"QDi.187": "updated comments", "QDi.338": "updated comments", "QDi.372": "updated addresses"}
	for _, a := range d.Amended {
		if got := strings.Join(a.Fields, " "); got != want[a.Ref] {
			t.Errorf("%s amended in %q, want %q", a.Ref, got, want[a.Ref])
		}
		delete(want, a.Ref)
	}
	if len(want) > 0 {
		t.Errorf("not seen: %v", want)
	}
}

func TestAnyListCutToLowBytesIsNoAmendment(t *testing.T) {
	for _, day := range []string{"2017-06-20", "2022-09-15", "2024-09-21", "2026-02-27"} {
		doc := plainList(t, day)
		goodList, good, err := Read(bytes.NewReader(doc), Options{})
		if err != nil {
			t.Fatal(err)
		}
		badList, bad, err := Read(bytes.NewReader(cutToLowBytes(string(doc))), Options{})
		if err != nil {
			t.Errorf("%s: %v", day, err)
			continue
		}
		if !badList.Narrowed {
			t.Errorf("%s: the cut was not seen", day)
		}
		for _, d := range []listing.Difference{listing.Diff(good, bad, goodList, badList), listing.Diff(bad, good, badList, goodList)} {
			if len(d.Listed)+len(d.Delisted)+len(d.Amended) > 0 {
				t.Errorf("%s: %d listed, %d delisted, %d amended", day, len(d.Listed), len(d.Delisted), len(d.Amended))
			}
		}
		if wrong := falseNames(good, bad); len(wrong) > 0 {
			t.Errorf("%s: names that nobody published: %q", day, wrong)
		}
	}
}

func TestCutToLowBytesInSmall(t *testing.T) {
	alias := func(s string) string {
		return "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>" + s + "</ALIAS_NAME></INDIVIDUAL_ALIAS>"
	}
	doc := xmlList(person("QDi.001", "<NAME_ORIGINAL_SCRIPT>صدام</NAME_ORIGINAL_SCRIPT>"+
		alias("Sa’d Novak")+alias("Jérôme Novák")+alias("Умар Сулимов")+alias("Yan (Ян)")+alias("سيف; Seif")+alias("Jan II")+
		`<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1958</YEAR></INDIVIDUAL_DATE_OF_BIRTH><COMMENTS1>Reportedly deceased “in 2011”.</COMMENTS1>`))
	list, entries, err := Read(bytes.NewReader(cutToLowBytes(doc)), Options{})
	if err != nil || !list.Narrowed {
		t.Fatalf("narrowed %v, %v", list.Narrowed, err)
	}
	var names []string
	for _, n := range entries[0].Names {
		names = append(names, n.Text)
	}
	if got := strings.Join(names, "|"); got != "Jan Novak|Jérôme Novák|Seif|Jan II" && got != "Jan Novak|Jérôme Novák|Yan|Seif|Jan II" {
		t.Errorf("names %s", got)
	}
	if e := entries[0]; e.Comments != "" || e.Died != "" || e.Births[0].On.String() != "1958" {
		t.Errorf("comments %q, died %q, births %v", e.Comments, e.Died, e.Births)
	}
	_, good := readOne(t, doc)
	if f := listing.Amended(entries[0], good, true); len(f) > 0 {
		t.Errorf("amended in %q", f)
	}
	good.Births[0].City = "Gao"
	if f := listing.Amended(entries[0], good, true); strings.Join(f, " ") != "births" {
		t.Errorf("a true amendment: %q", f)
	}
}
