package eu

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"article41/record"
	"article41/shareddata"
)

const fsfFile = "data/other-lists/eu_fsf_full_1_1_2022-03-18_TRUNCATED.xml.gz"

// The real file of 2022 breaks off inside its 1,045th entity. 20 of those before
// stand there twice, for the Taliban's regulation and for Al-Qaida's.
func TestTheRealList(t *testing.T) {
	b, err := os.ReadFile(shareddata.Path(t, fsfFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(strings.NewReader(string(b)), Options{}); !errors.Is(err, ErrCut) {
		t.Fatalf("a list that breaks off: %v", err)
	}
	list, entries, err := Read(strings.NewReader(string(b)), Options{AcceptPartial: true})
	if err != nil || list.Date.String() != "2022-03-18" || list.Basis != "stated" || !list.Partial {
		t.Fatalf("%v %+v", err, list)
	}
	entities, twice, named := 0, 0, 0
	byRef := map[string]record.Listed{}
	for _, e := range entries {
		n := 0
		for _, x := range e.Extra {
			if x.Name == "regulation" {
				n++
			}
		}
		entities += n
		if n > 1 {
			twice++
		}
		if len(e.Names) > 0 && e.Names[0].Quality == record.Primary && !e.ListedOn.IsZero() {
			named++
		}
		byRef[e.Ref] = e
	}
	if entities != 1044 || twice != 20 || list.Count != 1024 || named != 1024 {
		t.Errorf("%d entities, %d of them by two regulations, in %d entries, %d of them with a name and a day", entities, twice, list.Count, named)
	}
	if len(list.Complaints) != 2 || !strings.Contains(list.Complaints[0].Problem, "EU.2933.67 left out: it is cut") {
		t.Errorf("%d complaints: %+v", len(list.Complaints), list.Complaints[:min(9, len(list.Complaints))])
	}
	e := byRef["EU.27.28"]
	if e.Names[0].Text != "Saddam Hussein Al-Tikriti" || e.Births[0].On.String() != "1937-04-28" || e.Nationalities[0] != "IQ" || e.Programme[0] != "IRQ" {
		t.Errorf("%+v", e)
	}
	if e := byRef["EU.39.56"]; e.Names[0].Text != "Qusay Saddam Hussein Al-Tikriti" || e.Names[1].Lang != "fr" || e.Births[0].On.String() != "1965" || e.Births[0].Country != "" {
		t.Errorf("%+v", e)
	}
	low := 0
	for _, e := range entries {
		for _, n := range e.Names {
			if n.Quality == record.Low {
				low++
			}
			if strings.Contains(strings.ToLower(n.Note), "quality") {
				t.Errorf("%s: %s: %s", e.Ref, n.Text, n.Note)
			}
		}
	}
	if low == 0 {
		t.Error("no low name")
	}
}

// The tables of August 2026: 8,017 rows in 45 tables.
func TestTheRealTables(t *testing.T) {
	folder := shareddata.Path(t, "data/other-lists/eu_journal_consolidated")
	list, entries, err := ReadSet(os.DirFS(folder), Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]int{}
	byRef := map[string]record.Listed{}
	sorts := map[string]int{}
	for _, e := range entries {
		byRef[e.Ref] = e
		sorts[e.Sort]++
	}
	for _, c := range list.Complaints {
		switch {
		case strings.Contains(c.Problem, "kept once"):
			kept["twice"]++
		case strings.Contains(c.Problem, "not a date"):
			kept["dates"]++
		default:
			t.Errorf("%+v", c)
		}
	}
	t.Logf("%d entries, %v, %v", list.Count, kept, sorts)
	if list.Count+kept["twice"] != 8017 || kept["dates"] > 60 || list.Partial {
		t.Errorf("%d entries, %v", list.Count, kept)
	}
	if sorts["vessel"] != 708 || sorts["person"] != 4500 {
		t.Errorf("%v", sorts)
	}
	e := byRef["32017R1770-Ia-1"]
	if e.Names[0].Text != "Malick DIAW" || e.ListedOn.String() != "2022-02-04" || e.Births[0].On.String() != "1979-12-02" || e.Only[0] != "assets-freeze" || e.Programme[0] != "EU-MLI" || e.Documents[0].Number != "B0722922" {
		t.Errorf("%+v", e)
	}
	if alone, entries, err := readFile(filepath.Join(folder, "32017R1770.csv")); err != nil || alone.List != "eu-32017r1770" || len(entries) != 4 {
		t.Errorf("%v %+v", err, alone)
	}
}

func readFile(path string) (record.List, []record.Listed, error) {
	f, err := os.Open(path)
	if err != nil {
		return record.List{}, nil, err
	}
	defer f.Close()
	return Read(f, Options{Name: filepath.Base(path)})
}

func BenchmarkRead(b *testing.B) {
	raw, err := os.ReadFile(shareddata.Path(b, fsfFile))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Read(strings.NewReader(string(raw)), Options{AcceptPartial: true}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadSet(b *testing.B) {
	folder := os.DirFS(shareddata.Path(b, "data/other-lists/eu_journal_consolidated"))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := ReadSet(folder, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
