package eu

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"article41/date"
	"article41/listing"
	"article41/record"
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

// The fixtures are ours: fsf.xml in the shape of the Commission's XML, with a bare
// "&", and a table in the shape of the Journal's.
func TestBothLists(t *testing.T) {
	for _, want := range []struct {
		file       string
		list       record.SourceID
		day, basis string
		count      int
	}{{"fsf.xml", Source, "2022-03-18", "stated", 2}, {"32099R0001.csv", "eu-32099r0001", "2026-01-01", "given", 5}} {
		list, entries, err := Read(strings.NewReader(fixture(t, want.file)), Options{Date: date.MustDay("2026-01-01"), Name: want.file})
		if err != nil || list.Damaged || list.List != want.list || list.Date.String() != want.day || list.Basis != want.basis || list.Count != want.count || list.Content != listing.Contents(entries) {
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
		golden := filepath.Join("testdata", strings.TrimSuffix(strings.TrimSuffix(want.file, ".csv"), ".xml")+".golden")
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

func TestTheSameListInAnyDress(t *testing.T) {
	doc := fixture(t, "fsf.xml")
	want, _, err := Read(strings.NewReader(doc), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var zipped, wide bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	io.WriteString(zw, doc)
	zw.Close()
	wide.WriteString("\xFE\xFF")
	for _, u := range utf16.Encode([]rune(strings.Replace(doc, "UTF-8", "UTF-16", 1))) {
		wide.Write([]byte{byte(u >> 8), byte(u)})
	}
	for name, dress := range map[string]string{
		"gzip":              zipped.String(),
		"a byte order mark": "\uFEFF" + doc,
		"UTF-16":            wide.String(),
		"one line":          strings.ReplaceAll(doc, "\n", " "),
		"single quotes":     strings.ReplaceAll(doc, `"`, "'"),
		"no namespace":      strings.Replace(doc, ` xmlns="http://eu.europa.ec/fpi/fsd/export"`, "", 1),
		"a namespace's prefix": strings.NewReplacer("<export xmlns=", "<f:export xmlns:f=", "</export>", "</f:export>", "<sanctionEntity", "<f:sanctionEntity",
			"</sanctionEntity", "</f:sanctionEntity").Replace(doc),
	} {
		list, _, err := Read(strings.NewReader(dress), Options{})
		if err != nil || list.Content != want.Content || list.Date != want.Date || list.Damaged {
			t.Errorf("%s: %v %+v", name, err, list)
		}
	}
}

func whole(inside string) string {
	return `<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2022-03-18T14:52:26.947+01:00">` + inside + `</export>`
}

func person(ref, more string) string {
	return `<sanctionEntity euReferenceNumber="` + ref + `" logicalId="1"><regulation programme="TST" numberTitle="1/2" entryIntoForceDate="2020-01-01"/><subjectType code="person"/><nameAlias wholeName="N ` + ref + `" strong="true"/>` + more + `</sanctionEntity>`
}

func TestInputs(t *testing.T) {
	bomb := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>`
	for _, c := range []struct {
		reason, doc string
		opt         Options
		entries     int
		err         error
		said        string
	}{
		{"an empty file", "", Options{}, 0, record.ErrInvalid, "empty"},
		{"nothing but space", " \n", Options{}, 0, record.ErrInvalid, "nothing but space"},
		{"an HTML error page in the right name", "<!DOCTYPE html><html><body>503", Options{}, 0, record.ErrInvalid, "HTML page"},
		{"the same after an XML declaration", "<?xml version='1.0'?><!DOCTYPE html><html>", Options{}, 0, record.ErrInvalid, "HTML page"},
		{"another publisher's list", "<sdnList><sdnEntry/></sdnList>", Options{}, 0, record.ErrInvalid, "its root is <sdnList>"},
		{"another list with the same root", `<export xmlns="http://example.org"><a/></export>`, Options{}, 0, record.ErrInvalid, "not the EU's list"},
		{"JSON", `{"a":1}`, Options{}, 0, record.ErrInvalid, "it begins with"},
		{"an entity bomb", bomb + whole(person("EU.1.1", "")), Options{}, 0, record.ErrInvalid, "document type declaration"},
		{"no entry", whole(""), Options{}, 0, record.ErrInvalid, "no entry"},
		{"an encoding of its own", `<?xml version="1.0" encoding="KOI8-R"?>` + whole(person("EU.1.1", "")), Options{}, 0, record.ErrInvalid, "KOI8-R"},
		{"cut behind an entry", strings.TrimSuffix(whole(person("EU.1.1", "")), "</export>"), Options{}, 0, ErrCut, "after 1 entries"},
		{"cut inside an entry", whole(person("EU.1.1", "") + person("EU.2.2", ""))[:400], Options{}, 0, ErrCut, "cannot be read on, after 1 entries"},
		{"the same, accepted by hand", whole(person("EU.1.1", "") + person("EU.2.2", ""))[:400], Options{AcceptPartial: true}, 1, nil, "EU.2.2 left out: it is cut"},
		{"no reference", whole(person("EU.1.1", "") + `<sanctionEntity><nameAlias wholeName="A"/></sanctionEntity>`), Options{}, 0, ErrCut, "reference cannot be read"},
		{"no reference, accepted by hand", whole(person("EU.1.1", "") + `<sanctionEntity><nameAlias wholeName="A"/></sanctionEntity>`), Options{AcceptPartial: true}, 1, nil, "reference cannot be read"},
		{"no reference but a logicalId", whole(`<sanctionEntity logicalId="7"><subjectType code="person"/><nameAlias wholeName="A"/></sanctionEntity>`), Options{}, 1, nil, "logicalId 7"},
		{"one regulation says two things of one entry", whole(person("EU.1.1", "") + person("EU.1.1", "<remark>x</remark>")), Options{}, 0, record.ErrInvalid, "and differs"},
		{"the same, accepted by hand", whole(person("EU.1.1", "") + person("EU.1.1", "<remark>x</remark>")), Options{AcceptPartial: true}, 1, nil, "left out"},
		{"one thing twice", whole(person("EU.1.1", "") + person("EU.1.1", "")), Options{}, 1, nil, "kept once"},
		{"a gigabyte in one element", whole(person("EU.1.1", "<remark>"+strings.Repeat("x", 300_000)+"</remark>")), Options{MaxEntry: 100_000}, 0, record.ErrInvalid, "larger than 100000 bytes"},
		{"in one attribute", whole(`<sanctionEntity euReferenceNumber="` + strings.Repeat("x", 300_000) + `"/>`), Options{MaxEntry: 100_000}, 0, record.ErrInvalid, "larger than 100000 bytes"},
		{"an element larger than it may be", whole(person("EU.1.1", "<remark>"+strings.Repeat("x", 2000)+"</remark>")), Options{MaxElement: 1000}, 1, nil, "remark"},
		{"a list larger than it may be", whole(person("EU.1.1", "")), Options{MaxBytes: 100}, 0, record.ErrInvalid, "larger than 100 bytes"},
		{"a control character", whole(person("EU.1.1", "<remark>a\x01b</remark>")), Options{}, 1, nil, "remark"},
		{"bytes that are no UTF-8", whole(person("EU.1.1", "<remark>Jos\xe9</remark>")), Options{}, 1, nil, "remark"},
		{"a date that is none", whole(person("EU.1.1", `<birthdate birthdate="1962-13-40"/>`)), Options{}, 1, nil, "not a date"},
		{"an unknown kind", whole(strings.Replace(person("EU.1.1", ""), `"person"`, `"robot"`, 1)), Options{}, 1, nil, "unknown kind"},
		{"a reference of the UN that is none", whole(strings.Replace(person("EU.1.1", ""), "logicalId", `unitedNationId="Q?" logicalId`, 1)), Options{}, 1, nil, "not a reference of the UN's"},
		{"a list's date that is none", strings.Replace(whole(person("EU.1.1", "")), "2022-03-18", "18.03.2022", 1), Options{}, 1, nil, "generationDate"},
		{"an element of a later day", whole(person("EU.1.1", `<tweet at="now">x</tweet>`)), Options{}, 1, nil, ""},
		{"an unknown element among the entries", whole(person("EU.1.1", "") + "<other><a/></other>"), Options{}, 1, nil, "passed over"},
	} {
		list, entries, err := Read(strings.NewReader(c.doc), c.opt)
		if c.err != nil {
			if !errors.Is(err, c.err) || !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), c.said) || entries != nil {
				t.Errorf("%s: %v", c.reason, err)
			}
			continue
		}
		if err != nil || len(entries) != c.entries || list.Damaged != (c.said != "") || !strings.Contains(fmt.Sprint(list.Complaints), c.said) || list.Partial != c.opt.AcceptPartial {
			t.Errorf("%s: %v, %d entries, %v", c.reason, err, len(entries), list.Complaints)
		}
	}
}

func TestTables(t *testing.T) {
	table := func(rows ...string) string {
		return "celex,recordId,programKey,annex,measure,startDate,reason,schema,name,more\n" + strings.Join(rows, "\n") + "\n"
	}
	row := func(id, name string) string {
		return "32099R0003," + id + ",EU-T,I,Asset freeze,1.2.2020,,Person," + name + ",x"
	}
	for _, c := range []struct {
		reason, doc string
		opt         Options
		entries     int
		err         error
		said        string
	}{
		{"a row", table(row("1", "A")), Options{}, 1, nil, ""},
		{"no row", table(), Options{Name: "32099R0003.csv"}, 0, record.ErrInvalid, "no entry"},
		{"another table", "a,b\n1,2\n", Options{}, 0, record.ErrInvalid, "lacks celex"},
		{"the table of another regulation", table(row("1", "A")), Options{Name: "32017R1770.csv"}, 0, ErrCut, "in the table of 32017R1770"},
		{"a row without its regulation", table(",1,EU-T,I,Asset freeze,,,Person,A,x"), Options{}, 0, ErrCut, "regulation cannot be read"},
		{"a row with a column too few", table(row("1", "A"), "32099R0003,2,EU-T"), Options{}, 0, ErrCut, "3 columns, not 10"},
		{"the same, accepted by hand", table(row("1", "A"), "32099R0003,2,EU-T"), Options{AcceptPartial: true}, 1, nil, "3 columns, not 10"},
		{"a quotation mark that is not closed", table(row("1", "A"), row("2", `"B`)), Options{}, 0, ErrCut, "extraneous or missing"},
		{"one number for two rows", table(row("1", "A"), row("1", "B")), Options{}, 0, record.ErrInvalid, "and differs"},
		{"one row twice", table(row("1", "A"), row("1", "A")), Options{}, 1, nil, "kept once"},
		{"a row without a name", table(row("1", "")), Options{}, 1, nil, "no name"},
		{"a kind of its own", table(strings.Replace(row("1", "A"), "Person", "Robot", 1)), Options{}, 1, nil, "unknown kind"},
		{"a day that is none", table(strings.Replace(row("1", "A"), "1.2.2020", "soon", 1)), Options{}, 1, nil, "not a day"},
		{"a row larger than it may be", table(row("1", strings.Repeat("x", 300_000))), Options{MaxEntry: 100_000}, 0, record.ErrInvalid, "larger than 100000 bytes"},
	} {
		list, entries, err := Read(strings.NewReader(c.doc), c.opt)
		if c.err != nil {
			if !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.said) || entries != nil {
				t.Errorf("%s: %v", c.reason, err)
			}
			continue
		}
		if err != nil || len(entries) != c.entries || list.Damaged != (c.said != "") || !strings.Contains(fmt.Sprint(list.Complaints), c.said) {
			t.Errorf("%s: %v, %d entries, %v", c.reason, err, len(entries), list.Complaints)
		}
	}
}

func TestReadSet(t *testing.T) {
	folder := fstest.MapFS{}
	for _, name := range []string{"32099R0001.csv", "32099R0002.csv"} {
		folder[name] = &fstest.MapFile{Data: []byte(fixture(t, name))}
	}
	folder["README.md"] = &fstest.MapFile{Data: []byte("no table")}
	list, entries, err := ReadSet(folder, Options{})
	if err != nil || list.List != Journal || list.Count != 5 || entries[0].List != Journal || list.Damaged {
		t.Errorf("%v %+v", err, list)
	}
	if _, _, err := ReadSet(fstest.MapFS{"a.csv": {Data: []byte("x")}}, Options{}); !errors.Is(err, record.ErrInvalid) {
		t.Error(err)
	}
	folder["32099R0004.csv"] = &fstest.MapFile{Data: []byte("celex\n")}
	if _, _, err := ReadSet(folder, Options{}); err == nil || !strings.Contains(err.Error(), "32099R0004.csv") {
		t.Error(err)
	}
	if _, _, err := ReadSet(folder, Options{MaxBytes: 500}); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Error(err)
	}
	// The order of rows without a number says nothing of their references.
	text := fixture(t, "32099R0001.csv")
	lines := strings.SplitAfter(strings.TrimSpace(text)+"\n", "\n")
	lines[2], lines[3], lines[4] = lines[4], lines[2], lines[3]
	other, _, err := Read(strings.NewReader(strings.Join(lines, "")), Options{})
	if same, _, _ := Read(strings.NewReader(text), Options{}); err != nil || other.Content != same.Content {
		t.Error(err)
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct{ reason, in, want string }{
		{"a day", "4.2.2022", "2022-02-04"},
		{"a day in words", "23 Feb. 2017", "2017-02-23"},
		{"in full", "9 September 1970", "1970-09-09"},
		{"without a space", "9 Oct.1970", "1970-10-09"},
		{"a month", "March 1963", "1963-03"},
		{"a year", "1963", "1963"},
		{"about a year", "Approximately 1966", "~1966"},
		{"behind it", "1966 circa", "~1966"},
		{"probably", "(probably) 1944", "~1944"},
		{"a span", "Between 1953 and 1958", "1953/1958"},
		{"a span in short", "1966-1967", "1966/1967"},
		{"about a span", "Between 1960 and 1962 (Approximately )", "~1960/1962"},
		{"another calendar", "1343 (Iranian Hijri calendar)", ""},
		{"no day", "30.2.1960", ""},
		{"no month", "9 Foo 1960", ""},
		{"nothing", "", ""},
	} {
		on, ok := when(c.in)
		if on.String() != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q read as %q, %v", c.reason, c.in, on, ok)
		}
	}
}
