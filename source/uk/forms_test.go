package uk

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"article41/date"
	"article41/record"
)

var sameDay = cmp.Comparer(func(a, b date.Day) bool { return a == b })

// document makes an OpenDocument spreadsheet of rows, as office programs write it.
func document(t testing.TB, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content(rows)} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(f, text)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func content(rows [][]string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="UK Sanctions List">`)
	for _, r := range rows {
		b.WriteString("<table:table-row>")
		for i := 0; i < len(r); i++ {
			n := 1
			for i+n < len(r) && r[i+n] == r[i] {
				n++
			}
			fmt.Fprintf(&b, `<table:table-cell table:number-columns-repeated="%d">`, n)
			if r[i] != "" {
				b.WriteString("<text:p>")
				xml.EscapeText(&b, []byte(r[i]))
				b.WriteString("</text:p>")
			}
			b.WriteString("</table:table-cell>")
			i += n - 1
		}
		b.WriteString(`<table:table-cell table:number-columns-repeated="16000"/></table:table-row>`)
	}
	b.WriteString(`<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>`)
	return b.String()
}

// TestOpenDocument: the same rows as CSV and as ODS make the same entries.
func TestOpenDocument(t *testing.T) {
	b, err := os.ReadFile("testdata/uksl.csv")
	if err != nil {
		t.Fatal(err)
	}
	in := csv.NewReader(bytes.NewReader(b))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	l1, want, err := Read(bytes.NewReader(b), Options{})
	if err != nil {
		t.Fatal(err)
	}
	l2, got, err := Read(bytes.NewReader(document(t, rows)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if l1.Date != l2.Date || l1.Count != l2.Count || len(want) == 0 {
		t.Errorf("%+v\n%+v", l1, l2)
	}
	for i := range want {
		want[i].Dropped, got[i].Dropped = nil, nil // they name lines
	}
	if diff := cmp.Diff(want, got, sameDay); diff != "" {
		t.Error(diff)
	}
}

const ours = `<?xml version="1.0" encoding="utf-8"?>
<Designations>
<DateGenerated>13/02/2026</DateGenerated>
<Designation>
 <LastUpdated>18/12/2025</LastUpdated><DateDesignated>20/12/2018</DateDesignated><UniqueID>MAL0099</UniqueID><OFSIGroupID>19999</OFSIGroupID><UNReferenceNumber>MLi.099</UNReferenceNumber>
 <Names><Name><Name6>MUSTERMANN</Name6><Name1>Max</Name1><NameType>Primary Name</NameType></Name>
 <Name><Name6>MUSTER</Name6><NameType>Alias</NameType><AliasStrength>Low quality</AliasStrength></Name></Names>
 <NonLatinNames><NonLatinName><NameNonLatinScript>Макс</NameNonLatinScript></NonLatinName></NonLatinNames>
 <RegimeName>Mali</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip><DesignationSource>UN</DesignationSource>
 <SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed><OtherInformation>Keeps bees.</OtherInformation>
 <Addresses><Address><AddressLine1>7 Quay</AddressLine1><AddressCountry>Mali</AddressCountry></Address><Address><AddressLine1>8 Quay</AddressLine1><AddressCountry>Niger</AddressCountry></Address></Addresses>
 <IndividualDetails><Individual><DOBs><DOB>dd/mm/1978</DOB><DOB>01/02/1979</DOB></DOBs><Nationalities><Nationality>Mali</Nationality><Nationality>Niger</Nationality></Nationalities>
 <PassportDetails><Passport><PassportNumber>AA77</PassportNumber><PassportAdditionalInformation>Mali</PassportAdditionalInformation></Passport></PassportDetails></Individual></IndividualDetails>
</Designation>
<Designation><UniqueID>DPR0001</UniqueID><LastUpdated>18/12/2025</LastUpdated><DateDesignated>19/10/2017</DateDesignated><Names><Name><Name6>TONG BOAT</Name6><NameType>Primary Name</NameType></Name></Names>
 <RegimeName>Democratic People's Republic of Korea</RegimeName><IndividualEntityShip>Ship</IndividualEntityShip><ShipDetails><Ship><ShipIMONumber>8937675</ShipIMONumber></Ship></ShipDetails></Designation>
</Designations>`

func TestXML(t *testing.T) {
	l, entries, err := Read(strings.NewReader(ours), Options{List: Source})
	if err != nil || l.Count != 2 || l.Date != date.MustDay("2026-02-13") {
		t.Fatalf("%v %+v", err, l)
	}
	e := entries[0]
	if e.Ref != "MAL0099" || e.Sort != "person" || len(e.Names) != 3 || e.Names[0].Text != "Max MUSTERMANN" || e.ListedOn != date.MustDay("2018-12-20") {
		t.Errorf("%+v", e)
	}
	if len(e.Births) != 2 || len(e.Addresses) != 2 || len(e.Nationalities) != 2 || len(e.Documents) == 0 || e.Documents[0].Number != "AA77" {
		t.Errorf("births %v\naddresses %v\nnationalities %v\ndocuments %v", e.Births, e.Addresses, e.Nationalities, e.Documents)
	}
	weak := false
	for _, n := range e.Names {
		weak = weak || n.Text == "MUSTER" && n.Quality == record.Low
	}
	if !weak {
		t.Errorf("the weak alias is not weak: %+v", e.Names)
	}
	if s := entries[1]; s.Sort != "vessel" || len(s.Documents) != 1 || s.Documents[0].Number != "8937675" {
		t.Errorf("%+v", s)
	}
}

func TestFormsRefused(t *testing.T) {
	for _, c := range []struct{ why, text, word string }{
		{"it breaks off", ours[:len(ours)-20], "breaks off"},
		{"it breaks off in an entry", ours[:700], "breaks off"},
		{"another root", "<?xml version=\"1.0\"?><sdnList><sdnEntry/></sdnList>", "sdnList"},
		{"no entry", "<?xml version=\"1.0\"?><Designations></Designations>", "header"},
		{"an entity bomb", `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><Designations><Designation><UniqueID>&b;</UniqueID></Designation></Designations>`, "entity"},
		{"too much in one element", "<?xml version=\"1.0\"?><Designations><Designation><UniqueID>" + strings.Repeat("A", 2<<20), "larger"},
		{"too deep", "<?xml version=\"1.0\"?><Designations><Designation>" + strings.Repeat("<a>", 50), "deep"},
	} {
		_, _, err := Read(strings.NewReader(c.text), Options{})
		if !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
	whole := content([][]string{{"Name 6", "Unique ID"}})
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, _ := z.Create("content.xml")
	fmt.Fprint(f, whole[:len(whole)-150])
	z.Close()
	if _, _, err := Read(&b, Options{}); err == nil {
		t.Error("a cut ODS was read")
	}
}

func FuzzForms(f *testing.F) {
	f.Add([]byte(ours))
	f.Add(document(f, [][]string{{"Name 6", "Name 1", "Unique ID", "Name type", "Designation Type", "Regime Name"}, {"A", "B", "MAL0001", "Alias", "Individual", "Mali"}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, entries, err := Read(bytes.NewReader(b), Options{MaxBytes: 1 << 20, MaxEntry: 1 << 16, MaxElement: 1 << 14})
		if err == nil && (l.Count != len(entries) || l.Count == 0) {
			t.Errorf("%d entries, the list says %d", len(entries), l.Count)
		}
	})
}
