package uk

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"article41/date"
	"article41/record"
	"article41/shareddata"
)

var update = flag.Bool("update", false, "write the golden files")

func fixture(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The fixtures are ours: conlist.csv in the layout of 2018 and in Windows-1252,
// uksl.csv with the header of the UK Sanctions List.
func TestBothLists(t *testing.T) {
	for _, want := range []struct {
		file  string
		list  record.SourceID
		day   string
		count int
	}{{"conlist.csv", OFSI, "2018-04-13", 2}, {"uksl.csv", Source, "2026-02-13", 3}} {
		list, entries, err := Read(strings.NewReader(fixture(t, want.file)), Options{Date: date.MustDay("2020-01-01")})
		if err != nil || list.Damaged || list.List != want.list || list.Date.String() != want.day || list.Basis != "stated" || len(entries) != want.count || list.Count != want.count {
			t.Errorf("%s: %v, %d entries, %+v", want.file, err, len(entries), list)
			continue
		}
		var got strings.Builder
		for _, e := range entries {
			b, err := record.Encode(e)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&got, "%s\n", b)
		}
		golden := filepath.Join("testdata", strings.TrimSuffix(want.file, ".csv")+".golden")
		if *update {
			if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if held := fixture(t, filepath.Base(golden)); got.String() != held {
			t.Errorf("%s:\n%swant\n%s", want.file, got.String(), held)
		}
	}
}

// book writes a table as xlsx: shared texts, and inline ones in the first row.
func book(t testing.TB, doc string) []byte {
	t.Helper()
	r := csv.NewReader(strings.NewReader(doc))
	r.FieldsPerRecord = -1
	table, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	quoted := func(s string) string {
		var b bytes.Buffer
		xml.EscapeText(&b, []byte(s))
		return b.String()
	}
	var sheet, texts strings.Builder
	n := 0
	for i, row := range table {
		fmt.Fprintf(&sheet, `<row r="%d">`, i+1)
		for j, cell := range row {
			at := string(rune('A' + j%26))
			if j >= 26 {
				at = string(rune('A'+j/26-1)) + at
			}
			switch {
			case cell == "":
			case i == 0:
				fmt.Fprintf(&sheet, `<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>`, at, i+1, quoted(cell))
			default:
				fmt.Fprintf(&sheet, `<c r="%s%d" t="s"><v>%d</v></c>`, at, i+1, n)
				half := len(cell) / 2
				for half > 0 && cell[half]&0xC0 == 0x80 {
					half--
				}
				fmt.Fprintf(&texts, `<si><r><t>%s</t></r><r><t>%s</t></r></si>`, quoted(cell[:half]), quoted(cell[half:]))
				n++
			}
		}
		sheet.WriteString(`</row>`)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"xl/worksheets/sheet1.xml": `<?xml version="1.0"?><worksheet xmlns="x"><sheetData>` + sheet.String() + `</sheetData></worksheet>`,
		"xl/sharedStrings.xml":     `<sst>` + texts.String() + `</sst>`,
	} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, text)
	}
	z.Close()
	return b.Bytes()
}

func TestTheSameListInAnyDress(t *testing.T) {
	doc := fixture(t, "uksl.csv")
	want, _, err := Read(strings.NewReader(doc), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	io.WriteString(zw, doc)
	zw.Close()
	for name, dress := range map[string]string{
		"gzip":                zipped.String(),
		"a byte order mark":   "\uFEFF" + doc,
		"xlsx":                string(book(t, doc)),
		"line feeds":          strings.ReplaceAll(doc, "\r\n", "\n"),
		"empty columns more":  strings.ReplaceAll(doc, "\r\n", ",,\r\n"),
		"headers in capitals": strings.Replace(doc, "Name type", "NAME TYPE", 1),
	} {
		list, _, err := Read(strings.NewReader(dress), Options{})
		if err != nil || list.Content != want.Content || list.Date != want.Date || list.Damaged {
			t.Errorf("%s: %v %+v", name, err, list)
		}
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct{ reason, in, want string }{
		{"a day, day first", "03/04/1979", "1979-04-03"},
		{"a year", "00/00/1980", "1980"},
		{"a year in letters", "dd/mm/1978", "1978"},
		{"a month", "00/08/1977", "1977-08"},
		{"a month alone", "01/1957", "1957-01"},
		{"a year alone", "1944", "1944"},
		{"a day that is not", "31/02/1980", ""},
		{"no year", "00/00/0", ""},
		{"words", "unknown", ""},
	} {
		a, ok := about(c.in)
		if a.String() != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, want %q", c.reason, a, c.want)
		}
	}
}

func TestNumberedLists(t *testing.T) {
	for _, c := range []struct{ reason, in, want string }{
		{"figures in brackets", "(1) Germany. (2) Morocco", "Germany|Morocco"},
		{"half brackets", "1) Saudi Arabia 2) Qatar", "Saudi Arabia|Qatar"},
		{"letters", "a) French, b) Tunisian", "French|Tunisian"},
		{"a range of two", "(1)-(2) Tunisia (3) Libya", "Tunisia|Tunisia|Libya"},
		{"a range in one bracket", "(1-3) Libya (4) Morocco", "Libya|Libya|Libya|Morocco"},
		{"a range in words", "(1) to (3) Algeria (4) Morocco", "Algeria|Algeria|Algeria|Morocco"},
		{"a dash is nothing", "(1) Tunis (2) - (3) -", "Tunis||"},
		{"no space between", "(1) 203037 (2) 347834(3) 434021161", "203037|347834|434021161"},
		{"no list", "Anser, Wilaya (province) of Jijel", "Anser, Wilaya (province) of Jijel"},
		{"a number in the text", "Sector (2) of the town", "Sector (2) of the town"},
		{"a list that does not begin at one", "(2) Libya", "(2) Libya"},
		{"a list that does not count up", "(1) A (1) B", "(1) A (1) B"},
		{"a range that is a bomb", "(1) A (99) B", "(1) A (99) B"},
	} {
		if got := strings.Join(numbered(c.in), "|"); got != c.want {
			t.Errorf("%s: %q, want %q", c.reason, got, c.want)
		}
	}
}

func TestOtherInformation(t *testing.T) {
	for _, c := range []struct{ reason, in, want string }{
		{"a marker", "(UK Sanctions List Ref):AQD0164 (UN Ref):QDi.129 Father's name", "uk_reference=AQD0164 un_reference=QDi.129"},
		{"two lists of the UN", "(UK Sanctions List Ref):AQD0194 and SOM0003 (UN Ref):QDi.042 and SOi.002 Listed", "uk_reference=AQD0194 uk_reference=SOM0003 un_reference=QDi.042 un_reference=SOi.002"},
		{"capitals are the UN's small letters", "UN Ref.KPI.067.", "un_reference=KPi.067"},
		{"an old reference stays", "UN REF:QE.A.146.14. Also", "un_reference=QE.A.146.14"},
		{"another's reference, with markers", "(UK Sanctions List Ref):DPR0097 asset of X (OFSI ID: 1, UN Reference Number: UN Ref KPe.062)", "uk_reference=DPR0097"},
		{"another's reference, the second", "UN Ref QDe.004. Leads UN Ref QDe.005", "un_reference=QDe.004"},
		{"a mention is no reference", "Leader of AIAI (QDe.002)", ""},
		{"the gender", "(UK Sanctions List Ref):RUS0001 (Gender):Male", "uk_reference=RUS0001 gender=male"},
		{"a ship", "(IMO number):7408873 (Current owners):Sea Co (Flag of ship):North Korea (Year built):1975", "flag_of_ship=North Korea year_built=1975 IMO=7408873 vessel owner:Sea Co"},
		{"a ship, before the markers", "IMO: 8937675. MMSI: 445539000. The", "IMO=8937675 MMSI=445539000"},
		{"a firm", "(Parent company):Big Sea (Subsidiaries):(1) A (2) B (Business Reg No):Tax ID No. 7813491943 (Russia)", "Tax ID No.=7813491943/Russia parent company:Big Sea subsidiary:A subsidiary:B"},
	} {
		e := record.Listed{}
		p := &page{entry: &e, said: map[string]bool{}}
		p.other(c.in)
		var got []string
		for _, x := range e.Extra {
			got = append(got, x.Name+"="+x.Value)
		}
		if e.Gender != "" {
			got = append(got, "gender="+e.Gender)
		}
		for _, d := range e.Documents {
			got = append(got, strings.TrimSuffix(d.Type+"="+d.Number+"/"+d.Country, "/"))
		}
		for _, l := range e.Links {
			got = append(got, l.Kind+":"+l.To)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %s, want %s", c.reason, got, c.want)
		}
	}
}

func TestNotThisList(t *testing.T) {
	doc := fixture(t, "conlist.csv")
	for name, c := range map[string]struct{ doc, want string }{
		"an empty file":           {"", "empty"},
		"nothing but space":       {" \n", "nothing but space"},
		"an HTML page":            {"<!DOCTYPE html><html>502</html>", "HTML page"},
		"the XML of the list":     {"<ArrayOfFinancialSanctionsTarget/>", "not a table"},
		"another CSV":             {"name,listed\nJan,2015\n", "no header"},
		"a header without groups": {"Name 6,Name 1\n", "neither"},
		"a header without names":  {"Name 6,Group ID\n", "lacks the column"},
		"no entry":                {strings.Join(strings.SplitAfterN(doc, "\n", 3)[:2], ""), "no entry"},
		"gzip of nothing":         {"\x1f\x8b", "gzip"},
		"a zip of nothing":        {"PK\x03\x04", "xlsx"},
		"an endless quoted cell":  {doc + `"` + strings.Repeat("x", 2<<20), "larger than"},
	} {
		_, entries, err := Read(strings.NewReader(c.doc), Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) || entries != nil || !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: %d entries, error %v; want an error with %q", name, len(entries), err, c.want)
		}
	}
	for _, o := range []struct {
		opt  Options
		want string
	}{
		{Options{List: Source}, "this is the list uk-ofsi"},
		{Options{List: "un"}, "no list of the United Kingdom"},
		{Options{MaxBytes: 500}, "the list is larger than 500"},
	} {
		if _, _, err := Read(strings.NewReader(doc), o.opt); err == nil || !strings.Contains(err.Error(), o.want) {
			t.Errorf("%+v: %v", o.opt, err)
		}
	}
	big := book(t, doc)
	if _, _, err := Read(bytes.NewReader(big), Options{MaxBytes: 200}); err == nil || !strings.Contains(err.Error(), "larger than 200") {
		t.Errorf("an xlsx over the bound: %v", err)
	}
	if _, _, err := Read(bytes.NewReader(book(t, doc+strings.Repeat("x", 300<<10)+strings.Repeat(",", 28)+"\n")), Options{MaxEntry: 4096}); err == nil || !strings.Contains(err.Error(), "larger than 4096") {
		t.Errorf("an xlsx with a huge text: %v", err)
	}
}

func TestACutListIsRefused(t *testing.T) {
	doc := fixture(t, "conlist.csv")
	for name, c := range map[string]struct {
		doc  string
		left int
	}{
		"inside a row":              {doc[:len(doc)-20], 2},
		"inside a quotation":        {doc[:strings.Index(doc, "Palestine")], 0},
		"a row without a reference": {doc + strings.Repeat(",", 28) + "x\n", 2},
		"a column too few":          {strings.Replace(doc, "TONG BOAT,", "TONG BOAT", 1), 1},
	} {
		_, _, err := Read(strings.NewReader(c.doc), Options{})
		if !errors.Is(err, ErrCut) || !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: %v", name, err)
		}
		list, entries, err := Read(strings.NewReader(c.doc), Options{AcceptPartial: true})
		if c.left == 0 && err == nil || c.left > 0 && (err != nil || !list.Partial || len(entries) != c.left) {
			t.Errorf("%s, accepted: %v, %d entries, %+v", name, err, len(entries), list)
		}
	}
}

func TestDamageIsNamed(t *testing.T) {
	doc := fixture(t, "uksl.csv")
	for name, c := range map[string]struct{ from, to, want string }{
		"a name that is no UTF-8 in a file that is": {"MUSTERMANN", "MUST\xffER", "not UTF-8"},
		"a control character":                       {"MUSTERMANN", "MUST\x19ER", "U+0019"},
		"an unknown kind of entry":                  {"Ship", "Hovercraft", "unknown kind of an entry"},
		"an unknown kind of name":                   {"Primary Name", "Stage Name", "unknown kind of name"},
		"an unknown quality":                        {"Low quality", "So-so", "unknown quality"},
		"a date of birth that is none":              {"00/08/1979", "31/02/1979", "not a date"},
		"a date that is none":                       {"24/02/2022", "2022-24-02", "not a date"},
	} {
		list, entries, err := Read(strings.NewReader(strings.Replace(doc, c.from, c.to, 1)), Options{})
		if err != nil || !list.Damaged || list.Partial || len(entries) != 3 {
			t.Errorf("%s: %v, %d entries", name, err, len(entries))
			continue
		}
		if !slices.ContainsFunc(list.Complaints, func(k record.Complaint) bool {
			return strings.Contains(k.Problem, c.want) && strings.HasPrefix(k.Place, "line ")
		}) {
			t.Errorf("%s: complaints %+v", name, list.Complaints)
		}
		for _, n := range entries[0].Names {
			if strings.Contains(n.Text, "MUST") && strings.Contains(n.Text, "ER") && !strings.Contains(n.Text, "MUSTERMAN") {
				t.Errorf("%s: taken for a name: %q", name, n.Text)
			}
		}
	}
}

func open(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(shareddata.Path(t, "data/other-lists"), file))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEveryRealListLoads(t *testing.T) {
	for _, want := range []struct {
		file                        string
		day                         string
		count, complaints, uns, uks int
	}{
		{"uk_ofsi_conlist_2018-04-13.csv.gz", "2018-04-13", 2106, 0, 670, 0},
		{"uk_ofsi_conlist_2022.xlsx", "2022-05-04", 3430, 2, 943, 3430},
	} {
		list, entries, err := Read(bytes.NewReader(open(t, want.file)), Options{})
		if err != nil || list.List != OFSI || list.Date.String() != want.day || list.Basis != "stated" || len(entries) != want.count || list.Partial || len(list.Complaints) != want.complaints {
			t.Errorf("%s: %v, %d entries, %+v", want.file, err, len(entries), list)
			continue
		}
		uns, uks, unnamed := 0, 0, 0
		for _, e := range entries {
			for _, x := range e.Extra {
				switch x.Name {
				case "un_reference":
					uns++
				case "uk_reference":
					uks++
				}
			}
			if len(e.Names) == 0 || e.Sort == "" || len(e.Programme) == 0 || e.ListedOn.IsZero() || len(e.Updated) == 0 {
				t.Errorf("%s: %+v", want.file, e)
			} else if e.Names[0].Quality != record.Primary {
				unnamed++ // two of 2022 have variations of their primary name only
			}
			for _, n := range e.Names {
				if strings.ContainsAny(n.Text, "\u0091\u0092") || strings.Contains(n.Text, "\uFFFD") {
					t.Errorf("%s: %s: name %q", want.file, e.Ref, n.Text)
				}
			}
		}
		if uns < want.uns || uks < want.uks-10 || unnamed > 2 {
			t.Errorf("%s: %d UN references, %d UK references, %d without a primary name", want.file, uns, uks, unnamed)
		}
	}
}

// The join key is worth something only if the UN's list knows it.
func TestUNReferencesJoin(t *testing.T) {
	f, err := os.Open(shareddata.Path(t, "data/un-list/un_consolidated_2022-09-15.xml.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	un, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	_, entries, err := Read(bytes.NewReader(open(t, "uk_ofsi_conlist_2022.xlsx")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	held, all, mali := 0, 0, 0
	for _, e := range entries {
		for _, x := range e.Extra {
			if x.Name == "un_reference" {
				all++
				if bytes.Contains(un, []byte("<REFERENCE_NUMBER>"+x.Value)) {
					held++
				}
				if strings.HasPrefix(x.Value, "MLi.") {
					mali++
				}
			}
		}
	}
	if 100*held < 98*all || mali != 5 {
		t.Errorf("%d of %d references stand on the UN's list; %d of Mali", held, all, mali)
	}
}

func BenchmarkReadCSV(b *testing.B) { benchmark(b, open(b, "uk_ofsi_conlist_2018-04-13.csv.gz")) }

func BenchmarkReadXLSX(b *testing.B) { benchmark(b, open(b, "uk_ofsi_conlist_2022.xlsx")) }

func benchmark(b *testing.B, doc []byte) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Read(bytes.NewReader(doc), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
