package ofac

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"article41/date"
	"article41/record"
	"article41/shareddata"
)

func plain(t testing.TB, file string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join(shareddata.Path(t, "data/other-lists"), file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The counts of ../shared/data/README.md count lines: the file of 2019 has a
// last row without a line end (+1), the one of November 2022 is the SDN and the
// non-SDN list joined, 58 entries word for word in both (11,567 rows, 11,509
// entries), and those of January 2023 were saved again with a header (-1).
func TestEveryRealListLoads(t *testing.T) {
	for _, want := range []struct {
		file  string
		list  record.SourceID
		day   string
		count int
	}{
		{"ofac_sdn_moov_2018-19.csv.gz", SDN, "", 7379},
		{"ofac_sdn_photoangell.csv.gz", SDN, "", 11509},
		{"ofac_sdn_sancbook_a.csv.gz", SDN, "", 11443},
		{"ofac_sdn_sancbook_b.csv.gz", SDN, "", 11443},
		{"ofac_cons_prim_moov.csv.gz", NonSDN, "", 442},
		{"ofac_consolidated_nonsdn_2018.xml.gz", NonSDN, "2018-04-06", 639},
		{"ofac_consolidated_nonsdn_2022.xml.gz", NonSDN, "2022-03-24", 462},
		{"ofac_consolidated_nonsdn_2024-10.xml.gz", NonSDN, "2024-05-06", 443},
		{"ofac_consolidated_nonsdn_2025-06.xml.gz", NonSDN, "2025-03-28", 443},
		{"ofac_consolidated_nonsdn_2025-09.xml.gz", NonSDN, "2025-06-30", 443},
	} {
		day, basis := "2026-01-01", "import-day"
		list, entries, err := Read(bytes.NewReader(plain(t, want.file)), Options{List: want.list, Date: date.MustDay(day), DateBasis: basis})
		if want.day != "" {
			day, basis = want.day, "stated"
		}
		if err != nil || len(entries) != want.count || list.Count != want.count || list.Partial || list.Date.String() != day || list.Basis != basis || list.List != want.list {
			t.Errorf("%s: %v, %d entries, want %d; %+v", want.file, err, len(entries), want.count, list.Date)
			continue
		}
		for _, k := range list.Complaints {
			if !strings.Contains(k.Problem, "not given") && !strings.Contains(k.Problem, "word for word") {
				t.Errorf("%s: %+v", want.file, k)
			}
		}
		for _, e := range entries {
			if len(e.Names) == 0 || e.Names[0].Quality != record.Primary || len(e.Programme) == 0 || e.Sort == "" || e.Version != list.Date {
				t.Errorf("%s: entry %+v", want.file, e)
			}
			for _, b := range e.Births {
				if b.Note != "" {
					t.Errorf("%s: %s: a date of birth that is none: %q", want.file, e.Ref, b.Note)
				}
			}
		}
	}
}

func TestTheRealSetOf2019Joins(t *testing.T) {
	files := fstest.MapFS{}
	for name, file := range map[string]string{"sdn.csv": "ofac_sdn_moov_2018-19.csv.gz", "alt.csv": "ofac_alt_moov_2018-19.csv.gz", "add.csv": "ofac_add_moov_2018-19.csv.gz"} {
		files[name] = &fstest.MapFile{Data: plain(t, file)}
	}
	list, entries, err := ReadSet(files, Options{Date: date.MustDay("2019-01-05")})
	if err != nil || len(entries) != 7379 {
		t.Fatalf("%v, %d entries", err, len(entries))
	}
	// The comments file is not held: three remarks break off. add.csv lost its
	// last two bytes.
	if len(list.Complaints) != 5 {
		t.Errorf("complaints %+v", list.Complaints)
	}
	names, addresses := 0, 0
	for _, e := range entries {
		for _, n := range e.Names {
			if n.Quality == record.Good || n.Quality == record.Formerly {
				names++
			}
		}
		addresses += len(e.Addresses)
	}
	if names < 9600 || addresses < 8000 {
		t.Errorf("%d strong names, %d addresses", names, addresses)
	}
}

// domain.md 4.5: MALI-EO13882, weak aliases in quotation marks in the remarks.
func TestMalisFive(t *testing.T) {
	_, entries, err := Read(bytes.NewReader(plain(t, "ofac_sdn_sancbook_b.csv.gz")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, e := range entries {
		if slices.Contains(e.Programme, "MALI-EO13882") {
			found[e.Ref] = e.Names[0].Text
			for _, n := range e.Names {
				if n.Quality == record.Low {
					found[e.Ref] += " / " + n.Text
				}
			}
		}
	}
	if len(found) != 5 || found["27154"] != "Mohamed Ould MATALY" || !strings.Contains(found["27155"], " / ") {
		t.Errorf("%v", found)
	}
}

// Facts that the matching of ships, aircraft and coins needs.
func TestIdentifiersOfTheRealList(t *testing.T) {
	_, entries, err := Read(bytes.NewReader(plain(t, "ofac_sdn_photoangell.csv.gz")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	links := 0
	for _, e := range entries {
		for _, d := range e.Documents {
			kind, _, _ := strings.Cut(d.Type, " - ")
			kinds[kind]++
		}
		links += len(e.Links)
	}
	for kind, least := range map[string]int{"IMO": 440, "MMSI": 60, "Digital Currency Address": 200, "Passport": 1700, "Aircraft Tail Number": 60, "Call Sign": 90} {
		if kinds[kind] < least {
			t.Errorf("%d of kind %s, want %d or more", kinds[kind], kind, least)
		}
	}
	if links < 4000 {
		t.Errorf("%d links", links)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	var row strings.Builder
	row.WriteString(person("1", "MUSTER", ""))
	endless := io.MultiReader(strings.NewReader(row.String()+`2,"`), endlessly('x'))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := Read(endless, Options{})
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("an endless cell: %v", err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 32<<20 {
		t.Errorf("an endless cell took %d MiB before it was refused", took>>20)
	}
}

type endlessly byte

func (e endlessly) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}
