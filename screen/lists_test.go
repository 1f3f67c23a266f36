package screen

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"

	"article41/name"
	"article41/shareddata"
)

// Small readers of real lists, for tests and the board only; the product's own
// are in source.

func readShared(t testing.TB, rel string) []byte {
	t.Helper()
	b, err := os.ReadFile(shareddata.Path(t, rel))
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(rel, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if b, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func csvRows(t testing.TB, rel string) [][]string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(readShared(t, rel)))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

type unAlias struct {
	Quality string `xml:"QUALITY"`
	Name    string `xml:"ALIAS_NAME"`
}

type unEntry struct {
	DataID   string    `xml:"DATAID"`
	Ref      string    `xml:"REFERENCE_NUMBER"`
	N1       string    `xml:"FIRST_NAME"`
	N2       string    `xml:"SECOND_NAME"`
	N3       string    `xml:"THIRD_NAME"`
	N4       string    `xml:"FOURTH_NAME"`
	Original string    `xml:"NAME_ORIGINAL_SCRIPT"`
	IAlias   []unAlias `xml:"INDIVIDUAL_ALIAS"`
	EAlias   []unAlias `xml:"ENTITY_ALIAS"`
	Births   []struct {
		Date string `xml:"DATE"`
		Year string `xml:"YEAR"`
	} `xml:"INDIVIDUAL_DATE_OF_BIRTH"`
}

func (e unEntry) primary() string {
	return strings.Join(strings.Fields(e.N1+" "+e.N2+" "+e.N3+" "+e.N4), " ")
}

func (e unEntry) aliases() []unAlias { return append(e.IAlias, e.EAlias...) }

type unList struct {
	Persons  []unEntry `xml:"INDIVIDUALS>INDIVIDUAL"`
	Entities []unEntry `xml:"ENTITIES>ENTITY"`
}

func readUN(t testing.TB, rel string) unList {
	t.Helper()
	var l unList
	if err := xml.Unmarshal(readShared(t, rel), &l); err != nil {
		t.Fatal(err)
	}
	return l
}

const unCurrent = "data/un-list/un_consolidated_2026-02-27.xml.gz"

// unSubjects keeps original-script spellings only if asked: the board measures
// finding persons by that field while it is not in the index.
func unSubjects(l unList, original bool) []Subject {
	var out []Subject
	one := func(e unEntry, k name.Kind) {
		s := Subject{ID: SubjectID("UN-" + e.DataID), List: "un", Kind: k, Names: []Name{{Text: e.primary()}}}
		for _, a := range e.aliases() {
			if strings.TrimSpace(a.Name) == "" {
				continue
			}
			n := Name{Text: a.Name, Strength: Strong}
			if strings.EqualFold(strings.TrimSpace(a.Quality), "low") {
				n.Strength = Weak
			}
			s.Names = append(s.Names, n)
		}
		if original && e.Original != "" {
			s.Names = append(s.Names, Name{Text: e.Original, Script: true})
		}
		for _, b := range e.Births {
			if b.Date != "" {
				s.Births = append(s.Births, Birth{From: b.Date})
			} else if b.Year != "" {
				s.Births = append(s.Births, Birth{From: b.Year})
			}
		}
		out = append(out, s)
	}
	for _, e := range l.Persons {
		one(e, name.Person)
	}
	for _, e := range l.Entities {
		one(e, name.Organisation)
	}
	return out
}

func ofacSubjects(t testing.TB, rel string) []Subject {
	var out []Subject
	for _, row := range csvRows(t, rel) {
		if len(row) < 3 || row[0] == "ID" || len(row[0]) < 2 {
			continue
		}
		k := name.Company
		switch strings.TrimSpace(row[2]) {
		case "individual":
			k = name.Person
		case "vessel":
			k = name.Vessel
		case "aircraft":
			k = name.Aircraft
		}
		out = append(out, Subject{ID: SubjectID("OFAC-" + row[0]), List: "ofac", Kind: k, Names: []Name{{Text: row[1]}}})
	}
	return out
}

func cslSubjects(t testing.TB) []Subject {
	var out []Subject
	for _, row := range csvRows(t, "data/other-lists/us_csl_consolidated_2022-04.csv.gz")[1:] {
		k := name.Unknown
		switch strings.ToLower(row[3]) {
		case "individual":
			k = name.Person
		case "entity":
			k = name.Company
		case "vessel":
			k = name.Vessel
		case "aircraft":
			k = name.Aircraft
		}
		s := Subject{ID: SubjectID("CSL-" + row[0]), List: "csl", Kind: k, Names: []Name{{Text: row[5]}}}
		for _, a := range strings.Split(row[22], ";") {
			if strings.TrimSpace(a) != "" {
				s.Names = append(s.Names, Name{Text: a, Strength: Strong})
			}
		}
		out = append(out, s)
	}
	return out
}

func ofsiSubjects(t testing.TB) []Subject {
	var out []Subject
	at := map[string]int{}
	for _, row := range csvRows(t, "data/other-lists/uk_ofsi_conlist_2018-04-13.csv.gz")[2:] {
		if len(row) < 29 {
			continue
		}
		k := name.Company
		switch row[23] {
		case "Individual":
			k = name.Person
		case "Ship":
			k = name.Vessel
		}
		text := strings.Join(strings.Fields(strings.Join([]string{row[1], row[2], row[3], row[4], row[5], row[0]}, " ")), " ")
		n := Name{Text: text, Strength: Strong}
		if strings.Contains(strings.ToLower(row[24]), "low") {
			n.Strength = Weak
		}
		i, ok := at[row[28]]
		if !ok {
			i = len(out)
			at[row[28]] = i
			out = append(out, Subject{ID: SubjectID("OFSI-" + row[28]), List: "ofsi", Kind: k})
		}
		out[i].Names = append(out[i].Names, n)
	}
	return out
}

// allSubjects is the list of the board's second false-hit row.
func allSubjects(t testing.TB) []Subject {
	out := unSubjects(readUN(t, unCurrent), true)
	out = append(out, ofacSubjects(t, "data/other-lists/ofac_sdn_sancbook_a.csv.gz")...)
	out = append(out, cslSubjects(t)...)
	return append(out, ofsiSubjects(t)...)
}
