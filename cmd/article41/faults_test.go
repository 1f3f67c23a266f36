package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"article41"
	"article41/date"
	"article41/record"
	"article41/sheet"
	"article41/sqlite"
)

// one is an entry of a made list: its number and its name.
type one struct {
	n    int
	name string
}

// shape is one form in which a publisher's list comes, as far as a small list of
// our own needs it.
type shape struct {
	list  record.SourceID
	form  string
	file  string
	head  string
	entry func(one) string
	foot  string
}

func csvRow(columns map[int]string, n int) string {
	cells := make([]string, n)
	for i, s := range columns {
		cells[i] = s
	}
	return strings.Join(cells, ",") + "\r\n"
}

// shapes are all that the program reads.
var shapes = []shape{
	{"un", "XML", "consolidated.xml", `<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="2026-03-05T00:00:01.000Z"><INDIVIDUALS>`, func(e one) string {
		return fmt.Sprintf("\n<INDIVIDUAL><DATAID>%d</DATAID><FIRST_NAME>%s</FIRST_NAME><UN_LIST_TYPE>Test</UN_LIST_TYPE><REFERENCE_NUMBER>TLi.%03d</REFERENCE_NUMBER><LISTED_ON>2019-12-19</LISTED_ON></INDIVIDUAL>", e.n, e.name, e.n)
	}, "</INDIVIDUALS><ENTITIES></ENTITIES></CONSOLIDATED_LIST>"},
	{"ofac", "CSV", "sdn.csv", "", func(e one) string {
		return csvRow(map[int]string{0: fmt.Sprint(e.n), 1: `"` + e.name + `"`, 2: "individual", 3: "SDNTK", 11: "-0- "}, 12)
	}, "\x1a\r\n"},
	{"ofac", "XML", "sdn.xml", `<?xml version="1.0"?><sdnList>`, func(e one) string {
		return fmt.Sprintf("\n<sdnEntry><uid>%d</uid><lastName>%s</lastName><sdnType>Entity</sdnType><programList><program>SDNTK</program></programList></sdnEntry>", e.n, e.name)
	}, "</sdnList>"},
	{"ofac", "Advanced XML", "sdn_advanced.xml", `<?xml version="1.0"?><Sanctions><ReferenceValueSets><PartySubTypeValues><PartySubType ID="1">Vessel</PartySubType></PartySubTypeValues><SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType></SanctionsTypeValues><AliasTypeValues><AliasType ID="1">Name</AliasType></AliasTypeValues></ReferenceValueSets><DistinctParties>`, func(e one) string {
		return fmt.Sprintf("\n"+`<DistinctParty FixedRef="%d"><Profile ID="%d" PartySubTypeID="1"><Identity ID="1"><Alias AliasTypeID="1" Primary="true"><DocumentedName><DocumentedNamePart><NamePartValue>%s</NamePartValue></DocumentedNamePart></DocumentedName></Alias></Identity></Profile></DistinctParty>`, e.n, e.n, e.name)
	}, `</DistinctParties><SanctionsEntries><SanctionsEntry ProfileID="100"><SanctionsMeasure SanctionsTypeID="1"><Comment>SDNTK</Comment></SanctionsMeasure></SanctionsEntry></SanctionsEntries></Sanctions>`},
	{"ofac-nonsdn", "CSV", "cons_prim.csv", "", func(e one) string {
		return csvRow(map[int]string{0: fmt.Sprint(e.n), 1: `"` + e.name + `"`, 2: "individual", 3: "NS-PLC", 11: "-0- "}, 12)
	}, "\x1a\r\n"},
	{"us-csl", "CSV", "us-csl.csv", "_id,source,entity_number,type,programs,name,alt_names\n", func(e one) string {
		return fmt.Sprintf("a%d,Denied Persons List (DPL) - BIS,%d,Individual,,\"%s\",\n", e.n, e.n, e.name)
	}, ""},
	{"uk", "CSV", "uk.csv", "Report Date: 05-Mar-2026\nUnique ID,Name 6,Name 1,Name type,Regime Name,Designation Type,Designation source\n", func(e one) string {
		return fmt.Sprintf("TST%04d,\"%s\",,Primary Name,Test,Individual,UK\n", e.n, e.name)
	}, ""},
	{"uk", "XML", "uk.xml", `<?xml version="1.0"?><Designations><DateGenerated>05/03/2026</DateGenerated>`, func(e one) string {
		return fmt.Sprintf("\n<Designation><UniqueID>TST%04d</UniqueID><Names><Name><Name6>%s</Name6><NameType>Primary Name</NameType></Name></Names><RegimeName>Test</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip></Designation>", e.n, e.name)
	}, "</Designations>"},
	{"uk-ofsi", "CSV", "conlist.csv", "Last Updated,05/03/2026\nName 6,Name 1,Group Type,Alias Type,Regime,Listed On,Group ID\n", func(e one) string {
		return fmt.Sprintf("\"%s\",,Individual,Primary name,Test,01/02/2020,%d\n", e.name, e.n)
	}, ""},
	{"eu", "XML", "eu.xml", `<?xml version="1.0"?><export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-03-05T00:00:00.000+01:00">`, func(e one) string {
		return fmt.Sprintf("\n"+`<sanctionEntity euReferenceNumber="EU.%d.1" logicalId="%d"><regulation programme="TST" numberTitle="2020/1" logicalId="1"/><subjectType code="person" classificationCode="P"/><nameAlias wholeName="%s" strong="true"/></sanctionEntity>`, e.n, e.n, e.name)
	}, "</export>"},
	{"eu-journal", "CSV", "32099R0001.csv", "celex,recordId,annex,measure,schema,name\n", func(e one) string {
		return fmt.Sprintf("32099R0001,%d,I,Asset freeze,Person,\"%s\"\n", e.n, e.name)
	}, ""},
	{"ca", "XML", "ca.xml", `<?xml version="1.0"?><data-set>`, func(e one) string {
		return fmt.Sprintf("\n<record><Country>Testland</Country><LastName>%s</LastName><GivenName>B</GivenName><Schedule>1</Schedule><Item>%d</Item></record>", e.name, e.n)
	}, "</data-set>"},
	{"ch", "XML", "ch.xml", `<?xml version="1.0"?><swiss-sanctions-list list-type="whole-list" date="2026-03-05">`, func(e one) string {
		return fmt.Sprintf("\n"+`<target ssid="%d"><individual><identity main="true"><name name-type="primary-name" quality="good"><name-part order="1" name-part-type="whole-name"><value>%s</value></name-part></name></identity></individual></target>`, e.n, e.name)
	}, "</swiss-sanctions-list>"},
	{"ftm", "JSON lines", "entities.ftm.json", "", func(e one) string {
		return fmt.Sprintf(`{"id":"tl-%d","schema":"Person","caption":"x","properties":{"name":["%s"]},"last_seen":"2026-03-05T06:00:00","target":true}`+"\n", e.n, e.name)
	}, ""},
	{"house", "CSV", "house.csv", "id,name\n", func(e one) string { return fmt.Sprintf("t%d,\"%s\"\n", e.n, e.name) }, ""},
}

func (s shape) of(from, to int) string {
	var b strings.Builder
	b.WriteString(s.head)
	for i := from; i < to; i++ {
		b.WriteString(s.entry(one{i, fmt.Sprintf("Testman%d Probe", i)}))
	}
	return b.String() + s.foot
}

func (s shape) is(form string) bool { return strings.Contains(s.form, form) }

// aGigabyte is a list whose third entry has a name of a gigabyte, gzipped member by
// member so that it is small until it is read.
func (s shape) aGigabyte(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	pack := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	before, after, ok := strings.Cut(s.of(100, 102)[:len(s.of(100, 102))-len(s.foot)]+s.entry(one{102, "\x00HERE"}), "\x00HERE")
	if !ok {
		t.Fatal("no place for it")
	}
	out.Write(pack(before))
	piece := pack(strings.Repeat("x", 16<<20))
	for range 64 {
		out.Write(piece)
	}
	out.Write(pack(after + s.foot))
	return out.Bytes()
}

// TestEveryReaderAndEveryFault runs every reader through what publishers and the
// ways from them do to a file. Each is a clear error, in bounded memory, and leaves
// the version held as it was.
func TestEveryReaderAndEveryFault(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	store, err := sqlite.Open(ctx, filepath.Join(dir, "faults.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	rec, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 6, 17, 0, 0, 0, time.UTC)
	arc, err := article41.Open(ctx, store, rec, now)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{world: world{now: func() time.Time { return now }}}
	at := record.At{AsOf: date.DayOf(now), KnownAt: date.DayOf(now)}
	// try brings a list in and answers with its error.
	try := func(s shape, doc []byte, day string) error {
		src, err := sourceOf(s.list)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, s.file)
		if err := os.WriteFile(path, doc, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err = a.take(ctx, arc, src, path, sheet.Options{Date: date.MustDay(day), DateBasis: "given"}, 0)
		if unable, ok := err.(errUnable); ok {
			return unable.error
		}
		return err
	}
	held := func(list record.SourceID) string {
		use, err := arc.OnList(ctx, at, list, true, func(record.Listed) error { return nil })
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%s %d", use.Version, use.Entries)
	}
	position := func() record.Position {
		head, err := store.Head(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return head.Position
	}
	const entries = 40
	for _, s := range shapes {
		t.Run(string(s.list)+" "+s.form, func(t *testing.T) {
			list := s.list
			if list == "eu-journal" {
				list = "eu-32099r0001" // one table alone is a list of its own
			}
			// Another form of the same list is another version, some entries longer.
			whole := s.of(100, 100+entries+len(s.form))
			if err := try(s, []byte(whole), "2026-03-05"); err != nil && !errors.Is(err, record.ErrConflict) {
				t.Fatalf("the list as it should be: %v", err)
			}
			before, head := held(list), position()
			last := s.of(100, 100+entries)
			inside := len(last) - len(s.foot) - len(s.entry(one{100, "Testman100 Probe"}))/2
			xml := "<?xml version=\"1.0\"?>"
			bomb := xml + `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY a "&lol;&lol;&lol;&lol;&lol;&lol;"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>`
			wide := utf16.Encode([]rune(whole))
			utf := []byte{0xFF, 0xFE}
			for _, u := range wide {
				utf = append(utf, byte(u), byte(u>>8))
			}
			type fault struct {
				reason string
				doc    []byte
				says   []string // each of them, but for the list's id, which all say
				is     error
			}
			faults := []fault{
				{"nothing", nil, []string{"empty"}, record.ErrInvalid},
				{"nothing but space", []byte(" \r\n\t\n"), []string{"nothing but space"}, record.ErrInvalid},
				{"an HTML page that came with status 200", []byte("<!DOCTYPE html><html><body>Please accept our cookies</body></html>"), []string{"HTML page"}, record.ErrInvalid},
				{"the same behind a byte order mark, gzipped", gzipped(t, "\xEF\xBB\xBF\n <html><head>"), []string{"HTML page"}, record.ErrInvalid},
				{"an error in JSON with status 200", []byte(`{"error":"quota exceeded"}`), nil, record.ErrInvalid},
				{"random bytes", []byte(strings.Repeat("\x00\x9c\xfe\x13\x88", 999)), nil, record.ErrInvalid},
				{"an entity bomb", []byte(bomb + strings.Replace(strings.TrimPrefix(whole, xml), "Testman100", "&b;", 1)), nil, record.ErrInvalid},
				{"cut inside an entry", []byte(last[:inside]), []string{"line "}, record.ErrInvalid},
				{"a gigabyte in one element", s.aGigabyte(t), []string{"larger than", "line "}, record.ErrInvalid},
				{"one reference, two entries", []byte(s.head + s.entry(one{100, "One Probe"}) + s.entry(one{101, "Two Probe"}) + s.entry(one{100, "Three Probe"}) + s.foot), []string{"line ", "100"}, record.ErrInvalid},
				{"shrunk by half", []byte(s.of(100, 100+entries/3)), []string{"The version held before stays"}, article41.ErrShrunk},
			}
			if s.is("CSV") && (s.list == "uk" || s.list == "uk-ofsi") {
				faults = slices.DeleteFunc(faults, func(f fault) bool { return f.reason == "one reference, two entries" }) // rows of one reference are one entry
			}
			if s.is("XML") {
				faults = append(faults, fault{"an encoding that nobody knows", []byte(strings.Replace(strings.Replace(whole, ` encoding="UTF-8"`, "", 1), `version="1.0"`, `version="1.0" encoding="x-made-up"`, 1)), []string{"encoding"}, record.ErrInvalid})
			}
			for _, other := range shapes {
				if other.list != s.list {
					faults = append(faults, fault{"the list " + string(other.list) + " (" + other.form + ") in its name", []byte(other.of(100, 100+entries)), nil, record.ErrInvalid})
				}
			}
			for _, f := range faults {
				var m0, m1 runtime.MemStats
				runtime.ReadMemStats(&m0)
				err := try(s, f.doc, "2026-03-06")
				runtime.ReadMemStats(&m1)
				if err == nil || !errors.Is(err, f.is) {
					t.Errorf("%s: %v", f.reason, err)
					continue
				}
				for _, says := range append(f.says, strings.TrimSuffix(string(s.list), "-journal")) {
					if !strings.Contains(err.Error(), says) {
						t.Errorf("%s: the error does not say %q: %v", f.reason, says, err)
					}
				}
				if len(err.Error()) > 2000 {
					t.Errorf("%s: the error has %d bytes", f.reason, len(err.Error()))
				}
				if mb := (m1.TotalAlloc - m0.TotalAlloc) >> 20; mb > 64 {
					t.Errorf("%s: %d MB were taken from memory", f.reason, mb)
				}
				if now := held(list); now != before || position() != head {
					t.Errorf("%s: the version held was %s and is %s", f.reason, before, now)
				}
			}
			// What another system saved otherwise is the same list.
			src, _ := sourceOf(s.list)
			want, _, err := src.read(strings.NewReader(whole), sheet.Options{Name: s.file})
			if err != nil {
				t.Fatal(err)
			}
			for reason, doc := range map[string][]byte{"in UTF-16, but JSON is in UTF-8": utf, "gzipped": gzipped(t, whole), "behind a byte order mark": append([]byte("\xEF\xBB\xBF"), whole...)} {
				if s.list == "ftm" && strings.Contains(reason, "JSON") {
					continue
				}
				if got, _, err := src.read(bytes.NewReader(doc), sheet.Options{Name: s.file}); err != nil || got.Content != want.Content {
					t.Errorf("%s: %v", reason, err)
				}
			}
			// A byte that is no UTF-8 costs a field, which is named, or the row.
			spoilt := strings.Replace(whole, "Testman101 Probe", "Testman\xe9\xff101 Probe", 1)
			got, read, err := src.read(strings.NewReader(spoilt), sheet.Options{Name: s.file})
			switch {
			case err != nil && (!errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), "line ")):
				t.Errorf("a byte that is no UTF-8: %v", err)
			case err == nil && !got.Damaged && !strings.Contains(fmt.Sprint(read[1].Names), "é"):
				t.Errorf("a byte that is no UTF-8 was taken for a name: %q", read[1].Names)
			}
		})
	}
}

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
