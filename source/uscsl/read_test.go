package uscsl

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/shareddata"
)

const header = "_id,source,entity_number,type,programs,name,title,addresses,start_date,end_date,call_sign,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,ids\n"

const (
	sdn = "Specially Designated Nationals (SDN) - Treasury Department"
	mbs = "Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department"
	dpl = "Denied Persons List (DPL) - Bureau of Industry and Security"
)

const whole = header +
	`27001,` + sdn + `,27001,Individual,MALI-EO13882; SDGT,"MUSTERMANN, Max Otto, Jr.","Minister; Colonel","Bamako, ML; 7 Quay, Gao, 123, ML; KP",,,,,"Stays; (Linked To: SEA & CO., LTD.)",u,"MUSTER, M.; MAX;",ML; KP,1975-06-14; circa 1974; 1970 to 1972,ML,"Gao, Mali; Kidal","JO, 2014-08-30, 2009-08-31, K475336, Passport; 2010-01-01, 77, Passport; Male, Gender; BE 454,419,759, V.A.T. Number; section 1, of an order, Secondary sanctions risk:; a; b, Issuer Name"` + "\n" +
	`27003,` + mbs + `,27003,Vessel,X,"BOAT, ONE",,,,,CL2192,Sea Owner Co,,u,,,,,,"IMO 9187629, Vessel Registration Identification"` + "\n" +
	`0afe,` + dpl + `,,,,I. ASH,,"UPON THE DATE, SEAGOVILLE, TX, 75159, US",2003-06-19,2056-06-29,,,F.R. UPDATED,u,ASH; and ASHE,,,,,` + "\n"

func TestOneOfEachKind(t *testing.T) {
	day := date.MustDay("2022-04-01")
	list, entries, err := Read(strings.NewReader(whole), Options{Date: day, DateBasis: "import-day", Name: "consolidated.csv"})
	if err != nil || list.Damaged || list.Count != 3 || list.Date != day || list.Basis != "import-day" || list.List != Source {
		t.Fatalf("%v %+v", err, list)
	}
	about := func(s string) date.About {
		a, err := date.ParseAbout(s)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for i, want := range []record.Listed{
		{
			List: Source, Ref: "SDN-27001", Version: day, Sort: "person", Programme: []string{"SDN", "MALI-EO13882", "SDGT"},
			Names: []record.Name{
				{Text: "Max Otto MUSTERMANN Jr.", Parts: []string{"MUSTERMANN", "Max Otto", "Jr."}, Quality: record.Primary},
				{Text: "M. MUSTER", Parts: []string{"MUSTER", "M."}, Quality: record.Unrated},
				{Text: "MAX", Quality: record.Unrated},
			},
			Births: []record.Birth{{On: about("1975-06-14")}, {On: about("~1974")}, {On: about("1970/1972")}, {City: "Gao", Country: "Mali"}, {City: "Kidal"}},
			Gender: "male", Nationalities: []string{"ML", "KP"}, Positions: []string{"Minister", "Colonel"},
			Addresses: []record.Address{{Street: "Bamako", Country: "ML"}, {Street: "7 Quay, Gao, 123", Country: "ML"}, {Country: "KP"}},
			Documents: []record.Document{
				{Type: "Passport", Number: "K475336", Country: "JO", Issued: "2009-08-31", Note: "expires 2014-08-30"},
				{Type: "Passport", Number: "77", Note: "date 2010-01-01"},
				{Type: "V.A.T. Number", Number: "BE 454,419,759"},
			},
			Comments: "Stays; (Linked To: SEA & CO., LTD.)",
			Links:    []record.Relation{{To: "SEA & CO., LTD.", Kind: "linked to"}},
			Extra:    []record.Extra{{Name: "Secondary sanctions risk:", Value: "section 1, of an order"}, {Name: "Issuer Name", Value: "a; b"}, {Name: "source", Value: sdn}},
		},
		{
			List: Source, Ref: "NS-MBS-27003", Version: day, Sort: "vessel", Programme: []string{"NS-MBS", "X"},
			Names:     []record.Name{{Text: "BOAT, ONE", Quality: record.Primary}},
			Documents: []record.Document{{Type: "Call Sign", Number: "CL2192"}, {Type: "IMO", Type2: "Vessel Registration Identification", Number: "9187629"}},
			Links:     []record.Relation{{To: "Sea Owner Co", Kind: "vessel owner"}},
			Extra:     []record.Extra{{Name: "source", Value: mbs}},
		},
		{
			List: Source, Ref: "DPL-0afe", Version: day, Programme: []string{"DPL"},
			Names:     []record.Name{{Text: "I. ASH", Quality: record.Primary}, {Text: "ASH", Quality: record.Also}, {Text: "ASHE", Quality: record.Also}},
			ListedOn:  date.MustDay("2003-06-19"),
			Addresses: []record.Address{{Street: "UPON THE DATE, SEAGOVILLE, TX, 75159", Country: "US"}},
			Comments:  "F.R. UPDATED",
			Extra:     []record.Extra{{Name: "source", Value: dpl}, {Name: "end_date", Value: "2056-06-29"}},
		},
	} {
		got, err := record.Encode(entries[i])
		if err != nil {
			t.Fatal(err)
		}
		expected, err := record.Encode(want)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, expected) {
			t.Errorf("entry\n%s\nwant\n%s", got, expected)
		}
	}
}

func TestNotThisList(t *testing.T) {
	for name, c := range map[string]struct{ doc, want string }{
		"an empty file":          {"", "empty"},
		"nothing but space":      {" \n", "nothing but space"},
		"an HTML page":           {"<!DOCTYPE html><html>502</html>", "HTML page"},
		"the JSON of the list":   {`{"results":[]}`, "not the CSV"},
		"XML":                    {"<sdnList/>", "not the CSV"},
		"OFAC's sdn.csv":         {"36,\"AEROCARIBBEAN AIRLINES\",-0- ,\"CUBA\",-0- \n", "no column _id"},
		"only a header":          {header, "no entry"},
		"gzip of nothing":        {"\x1f\x8b", "gzip"},
		"one reference twice":    {whole + `x,` + sdn + `,27001,Individual,,OTHER,,,,,,,,,,,,,,` + "\n", "stands at line 2 and again at line 5"},
		"an endless quoted cell": {header + `1,"` + strings.Repeat("x", 2<<20), "larger than"},
	} {
		_, entries, err := Read(strings.NewReader(c.doc), Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) || entries != nil || !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: %d entries, error %v; want an error with %q", name, len(entries), err, c.want)
		}
	}
	if _, _, err := Read(strings.NewReader(whole), Options{MaxBytes: 300}); err == nil || !strings.Contains(err.Error(), "the list is larger than 300") {
		t.Errorf("a list over the bound: %v", err)
	}
}

func TestACutListIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		doc  string
		left int
	}{
		"inside a row":                {whole[:len(whole)-20], 3},
		"inside a quotation":          {whole[:strings.Index(whole, "Kidal")], 1},
		"a row without a number":      {whole + `,` + sdn + strings.Repeat(",", 18) + "\n", 3},
		"a row without a source list": {whole + `1,,1` + strings.Repeat(",", 17) + "\n", 3},
	} {
		_, _, err := Read(strings.NewReader(c.doc), Options{})
		if !errors.Is(err, ErrCut) || !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: %v", name, err)
		}
		list, entries, err := Read(strings.NewReader(c.doc), Options{AcceptPartial: true})
		if err != nil || !list.Partial || len(entries) != c.left {
			t.Errorf("%s, accepted: %v, %d entries, %+v", name, err, len(entries), list)
		}
	}
}

func TestDamageIsNamed(t *testing.T) {
	row := `1,` + sdn + `,27009,Entity,,%,,,,,,,,,,,,,,` + "\n"
	end := strings.SplitAfterN(whole, "\n", 3)[2]
	for name, c := range map[string]struct {
		row, name, want string
	}{
		"a name that is no UTF-8":       {strings.Replace(row, "%", "MUST\xffER", 1), "", "not UTF-8"},
		"a control character":           {strings.Replace(row, "%", "MUST\x19ER", 1), "", "U+0019"},
		"an apostrophe of Windows-1252": {strings.Replace(row, "%", "Xi\u0092an", 1), "Xi’an", "read as '’'"},
		"a column too many":             {strings.Replace(row, "%", "MUSTER,GMBH", 1), "", "21 columns, not 20"},
		"a stray quotation mark":        {strings.Replace(row, "%", `MUST"ER`, 1), "", `bare "`},
		"an unknown type":               {strings.Replace(strings.Replace(row, "%", "MUSTER", 1), "Entity", "Robot", 1), "MUSTER", "unknown type"},
		"a date that is none":           {strings.Replace(row, "%,,,", "MUSTER,,,32/13/1999", 1), "MUSTER", "not a date"},
		"the same row twice":            {strings.Repeat(strings.Replace(row, "%", "MUSTER", 1), 2), "MUSTER", "kept once"},
	} {
		list, entries, err := Read(strings.NewReader(header+c.row+end), Options{})
		if err != nil || !list.Damaged || list.Partial || len(entries) != 3 {
			t.Errorf("%s: %v, %d entries", name, err, len(entries))
			continue
		}
		e := entries[0]
		if c.name == "" && (len(e.Names) > 0 || len(e.Dropped) == 0) || c.name != "" && (len(e.Names) != 1 || e.Names[0].Text != c.name) {
			t.Errorf("%s: %+v", name, e)
		}
		if !slices.ContainsFunc(list.Complaints, func(k record.Complaint) bool {
			return strings.Contains(k.Problem, c.want) && strings.HasPrefix(k.Place, "line ")
		}) {
			t.Errorf("%s: complaints %+v", name, list.Complaints)
		}
	}
}

func real(t testing.TB) []byte {
	t.Helper()
	f, err := os.Open(shareddata.Path(t, filepath.Join("data", "other-lists", "us_csl_consolidated_2022-04.csv.gz")))
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

// 14,160 rows, one of them (Bank of Kunlun) twice.
func TestTheRealListLoads(t *testing.T) {
	list, entries, err := Read(bytes.NewReader(real(t)), Options{Date: date.MustDay("2022-04-01")})
	if err != nil || len(entries) != 14159 || list.Partial || len(list.Complaints) != 4 {
		t.Fatalf("%v, %d entries, %+v", err, len(entries), list.Complaints)
	}
	lists := map[string]int{}
	for _, e := range entries {
		lists[e.Programme[0]]++
		if len(e.Names) == 0 || e.Names[0].Quality != record.Primary {
			t.Errorf("%s: no primary name", e.Ref)
		}
		for _, b := range e.Births {
			if b.Note != "" {
				t.Errorf("%s: a date of birth that is none: %q", e.Ref, b.Note)
			}
		}
	}
	for list, want := range map[string]int{"SDN": 10026, "EL": 2001, "DTC": 727, "DPL": 462, "SSI": 290, "UVL": 201, "ISN": 163, "PLC": 78, "MEU": 71, "CMIC": 68, "CAP": 52, "NS-MBS": 17, "FSE": 3} {
		if lists[list] != want {
			t.Errorf("%s: %d entries, want %d", list, lists[list], want)
		}
	}
	i := slices.IndexFunc(entries, func(e record.Listed) bool { return e.Ref == "SDN-27154" })
	if i < 0 || entries[i].Names[0].Text != "Mohamed Ould MATALY" || !slices.Equal(entries[i].Programme, []string{"SDN", "MALI-EO13882"}) {
		t.Errorf("SDN 27154 is not Mali's")
	}
}

// FuzzRead: whatever the bytes, the reader answers with an error or with
// entries that can go into the ledger.
func FuzzRead(f *testing.F) {
	for _, doc := range []string{
		whole, whole[:len(whole)/2], strings.ReplaceAll(whole, `"`, ""), strings.ReplaceAll(whole, "\n", "\r"), "", header,
		"<html>", "\x1f\x8b\x08\x00", "\xff\xfe_\x00", header + "1,\"\n", strings.ReplaceAll(whole, ";", ""),
	} {
		f.Add([]byte(doc), false)
		f.Add([]byte(doc), true)
	}
	f.Fuzz(func(t *testing.T, doc []byte, partial bool) {
		list, entries, err := Read(bytes.NewReader(doc), Options{AcceptPartial: partial, MaxBytes: 1 << 20, MaxEntry: 1 << 16, MaxElement: 1 << 14})
		if err != nil {
			if entries != nil {
				t.Error("an error and entries")
			}
			return
		}
		if len(entries) == 0 || len(entries) != list.Count || list.Partial && !partial || list.Damaged != (len(list.Complaints) > 0) {
			t.Errorf("%d entries, list %+v", len(entries), list)
		}
		seen := map[string]bool{}
		for _, e := range entries {
			if e.Ref == "" || seen[e.Ref] {
				t.Errorf("reference %q", e.Ref)
			}
			seen[e.Ref] = true
			for _, n := range e.Names {
				if n.Text == "" || !utf8.ValidString(n.Text) || strings.ContainsAny(n.Text, "\x00\x19\n\t") {
					t.Errorf("%s: name %q (%s)", e.Ref, n.Text, n.Quality)
				}
			}
			b, err := record.Encode(e)
			if err != nil || !utf8.Valid(b) || bytes.Contains(b, []byte(`\u0000`)) {
				t.Errorf("%s: %v %q", e.Ref, err, b)
			}
		}
		if d := listing.Diff(entries, entries, list, list); len(d.Listed)+len(d.Amended)+len(d.Delisted) > 0 {
			t.Errorf("a list differs from itself: %+v", d)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	doc := real(b)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Read(bytes.NewReader(doc), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
