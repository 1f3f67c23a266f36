package un

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/shareddata"
)

// The counts of ../shared/data/README.md.
var realLists = []struct {
	day               string
	count             int
	damaged, narrowed bool
}{
	{"2017-06-20", 1024, false, false}, {"2017-06-30", 1024, false, false}, {"2017-07-03", 1021, false, false},
	{"2018-06-07", 1098, false, false}, {"2018-06-21", 1100, false, false}, {"2018-10-29", 1093, false, false},
	{"2020-11-23", 1018, false, false}, {"2020-11-24", 1018, false, false}, {"2020-11-30", 1018, false, false},
	{"2020-12-01", 1006, false, false}, {"2022-09-15", 952, false, false}, {"2024-09-21", 875, false, false},
	{"2024-10-16", 877, true, false}, {"2025-08-16", 879, true, true},
	// One replacement character stands in TAi.068's original-script name.
	{"2025-11-15", 1000, true, false}, {"2025-11-18", 1000, true, false}, {"2025-11-20", 1000, true, false},
	{"2026-02-27", 1003, true, false},
}

func TestEveryRealListLoads(t *testing.T) {
	dir := shareddata.Path(t, "data/un-list")
	files, _ := filepath.Glob(filepath.Join(dir, "*.xml.gz"))
	if len(files) != len(realLists) {
		t.Errorf("%d lists in the shared data, %d in this test", len(files), len(realLists))
	}
	for _, want := range realLists {
		list, entries := load(t, want.day)
		if list.Date.String() != want.day || list.Basis != "stated" || len(entries) != want.count || list.Count != want.count ||
			list.Damaged != want.damaged || list.Narrowed != want.narrowed || list.Partial || list.Digest.IsZero() {
			t.Errorf("%s: date %s (%s), %d entries, damaged %v, narrowed %v, partial %v; want %+v", want.day, list.Date, list.Basis, len(entries), list.Damaged, list.Narrowed, list.Partial, want)
		}
		mali := 0
		for _, e := range entries {
			if strings.HasPrefix(e.Ref, "ML") {
				mali++
			}
			if _, ok := Regime(e.Ref); !ok {
				t.Errorf("%s: %s: no regime", want.day, e.Ref)
			}
			if e.ListedOn.IsZero() || len(e.Programme) != 1 || len(e.Updated) > 0 && e.Updated[0].IsZero() {
				t.Errorf("%s: %s: listed on %s, programme %q, updated %v", want.day, e.Ref, e.ListedOn, e.Programme, e.Updated)
			}
			if !want.narrowed && !hasPrimary(e) {
				t.Errorf("%s: %s: no primary name", want.day, e.Ref)
			}
		}
		held := want.day >= "2020-11-23" && want.day <= "2022-09-15"
		if held && mali != 8 || !held && mali != 0 {
			t.Errorf("%s: %d entries of Mali", want.day, mali)
		}
	}
}

func hasPrimary(e record.Listed) bool {
	return slices.ContainsFunc(e.Names, func(n record.Name) bool { return n.Quality == record.Primary })
}

// domain.md 3.5
func TestMalisEight(t *testing.T) {
	want := `MLi.001 listed 2018-12-20 updated [2020-01-14] only [travel-ban] primary:Ahmoudou Ag Asriw good:Amadou Ag Isriw low:Ahmedou low:Ahmadou low:Isrew low:Isereoui low:Isriou born 1982-01-01
MLi.002 listed 2018-12-20 updated [] only [travel-ban] primary:Mahamadou Ag Rhissa good:Mohamed Talhandak born 1983-01-01
MLi.003 listed 2018-12-20 updated [2020-01-14] only [travel-ban] primary:Mohamed Ousmane Ag Mohamedoune good:Ousmane Mahamadou good:Mohamed Ousmane born 1972-04-16
MLi.004 listed 2019-07-10 updated [2019-12-19 2020-01-14] only [travel-ban assets-freeze] primary:AHMED AG ALBACHAR good:Intahmadou Ag Albachar born 1963-12-31
MLi.005 listed 2019-07-10 updated [2019-12-19 2020-01-14] only [travel-ban assets-freeze] primary:HOUKA HOUKA AG ALHOUSSEINI good:Mohamed Ibn Alhousseyni good:Muhammad Ibn Al-Husayn low:Houka Houka born 1962-01-01 1963-01-01 1964-01-01
MLi.006 listed 2019-07-10 updated [2019-12-19 2020-01-14] only [travel-ban assets-freeze] primary:MAHRI SIDI AMAR BEN DAHA good:Yoro Ould Daha good:Yoro Ould Daya good:Sidi Amar Ould Daha low:Yoro born 1978-01-01
MLi.007 listed 2019-07-10 updated [2019-12-19 2020-01-14] only [travel-ban assets-freeze] primary:MOHAMED BEN AHMED MAHRI good:Mohammed Rougi good:Mohamed Ould Ahmed Deya good:Mohamed Ould Mahri Ahmed Daya low:Mohamed Rougie low:Mohamed Rouggy low:Mohamed Rouji born 1979-01-01
MLi.008 listed 2019-07-10 updated [2019-12-19 2020-01-14] only [travel-ban assets-freeze] primary:MOHAMED OULD MATALY born 1958`
	for _, dated := range []string{"2020-11-23", "2022-09-15"} {
		_, entries := load(t, dated)
		var lines []string
		for _, e := range entries {
			if !strings.HasPrefix(e.Ref, "MLi.") {
				continue
			}
			line := fmt.Sprintf("%s listed %s updated %v only %v", e.Ref, e.ListedOn, e.Updated, e.Only)
			for _, n := range e.Names {
				line += fmt.Sprintf(" %s:%s", n.Quality, n.Text)
			}
			line += " born"
			for _, b := range e.Births {
				if !b.On.IsZero() {
					line += " " + b.On.String()
				}
			}
			lines = append(lines, line)
		}
		slices.Sort(lines)
		if got := strings.Join(lines, "\n"); got != want {
			t.Errorf("list of %s:\n%s\nwant\n%s", dated, got, want)
		}
	}
}

// list wraps entries in a whole list.
func xmlList(entries ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="2024-03-05T23:59:59.1-05:00"><INDIVIDUALS>` +
		strings.Join(entries, "\n") + `</INDIVIDUALS><ENTITIES></ENTITIES></CONSOLIDATED_LIST>`
}

func person(ref, rest string) string {
	return "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Jan</FIRST_NAME><SECOND_NAME>Novak</SECOND_NAME><REFERENCE_NUMBER>" + ref + "</REFERENCE_NUMBER><LISTED_ON>2015-07-01-04:00</LISTED_ON>" + rest + "</INDIVIDUAL>"
}

func readOne(t *testing.T, doc string) (record.List, record.Listed) {
	t.Helper()
	list, entries, err := Read(strings.NewReader(doc), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Fatalf("%d entries, want 1", len(entries))
	}
	return list, entries[0]
}

func TestZoneNeverMovesADay(t *testing.T) {
	for _, c := range []struct{ stated, want string }{
		{"2026-02-27T00:00:09.554Z", "2026-02-27"},
		{"2017-06-20T19:04:40.335-04:00", "2017-06-20"},
		{"2025-08-16T23:00:05.233Z", "2025-08-16"},
		{"2020-11-23", "2020-11-23"},
	} {
		list, e := readOne(t, strings.Replace(xmlList(person("QDi.001", "")), "2024-03-05T23:59:59.1-05:00", c.stated, 1))
		if list.Date.String() != c.want || list.Basis != "stated" || e.Version != list.Date {
			t.Errorf("%s: list of %s (%s), entry of %s; want %s", c.stated, list.Date, list.Basis, e.Version, c.want)
		}
		if e.ListedOn.String() != "2015-07-01" {
			t.Errorf("listed on %s, want 2015-07-01", e.ListedOn)
		}
	}
}

func TestDateOfAListThatStatesNone(t *testing.T) {
	given := date.MustDay("2024-05-06")
	for name, c := range map[string]struct{ attr, date, basis string }{
		"no attribute":         {``, "2024-05-06", "given"},
		"an unreadable date":   {` dateGenerated="yesterday"`, "2024-05-06", "given"},
		"a day that is not":    {` dateGenerated="2024-02-31T00:00:00Z"`, "2024-05-06", "given"},
		"the stated one wins":  {` dateGenerated='2023-01-02T00:00:00Z'`, "2023-01-02", "stated"},
		"another attribute is": {` generated="2023-01-02"`, "2024-05-06", "given"},
	} {
		doc := strings.Replace(xmlList(person("QDi.001", "")), ` dateGenerated="2024-03-05T23:59:59.1-05:00"`, c.attr, 1)
		list, _, err := Read(strings.NewReader(doc), Options{Date: given})
		if err != nil || list.Date.String() != c.date || list.Basis != c.basis {
			t.Errorf("%s: %s (%s), %v; want %s (%s)", name, list.Date, list.Basis, err, c.date, c.basis)
		}
		list, _, err = Read(strings.NewReader(doc), Options{})
		if err != nil || c.basis == "given" && (!list.Date.IsZero() || list.Basis != "") {
			t.Errorf("%s, none given: %s (%s), %v", name, list.Date, list.Basis, err)
		}
	}
}

func TestSameListInAnyDress(t *testing.T) {
	doc := xmlList(person("QDi.001", `<NAME_ORIGINAL_SCRIPT>صدام</NAME_ORIGINAL_SCRIPT><THIRD_NAME/><TITLE><VALUE>Dr &amp; Mr</VALUE></TITLE>`))
	want, _ := readOne(t, doc)
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(doc, "UTF-8", "UTF-16", 1))
	if err != nil {
		t.Fatal(err)
	}
	big, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(doc)
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	zw.Write([]byte(doc))
	zw.Close()
	for name, dress := range map[string]string{
		"byte order mark":     "\uFEFF" + doc,
		"UTF-16, little end":  utf16,
		"UTF-16, big end":     big,
		"gzip":                zipped.String(),
		"single quotes":       strings.ReplaceAll(doc, `"`, `'`),
		"no declaration":      doc[strings.Index(doc, "?>")+2:],
		"one element a line":  strings.ReplaceAll(doc, "><", ">\r\n      <"),
		"comments in between": strings.ReplaceAll(doc, "<TITLE>", "<!-- <INDIVIDUAL> & --><TITLE>"),
		"a CDATA section":     strings.Replace(doc, "Dr &amp; Mr", "<![CDATA[Dr & Mr]]>", 1),
		"spaces in tags":      strings.ReplaceAll(doc, "</VALUE>", "</VALUE >"),
	} {
		list, entries, err := Read(strings.NewReader(dress), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if list.Content != want.Content || list.Damaged || list.Date != want.Date {
			t.Errorf("%s: not the same list: %+v %+v", name, list, entries)
		}
	}
}

func TestNotThisList(t *testing.T) {
	for name, c := range map[string]struct{ doc, want string }{
		"an empty file":       {"", "empty"},
		"an HTML page":        {"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "HTML page"},
		"HTML without a type": {"<html><head></head></html>", "HTML page"},
		"another list's XML":  {`<?xml version="1.0"?><sdnList xmlns="x"><sdnEntry/></sdnList>`, "root is <sdnList>"},
		"text":                {"name,listed\nJan,2015\n", "not the UN list"},
		"JSON":                {`{"CONSOLIDATED_LIST":{}}`, "not the UN list"},
		"an entity bomb":      {`<?xml version="1.0"?><!DOCTYPE CONSOLIDATED_LIST [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + xmlList(person("QDi.001", "")), "document type"},
		"no entry":            {xmlList(), "no entry"},
		"gzip of nothing":     {"\x1f\x8b", "gzip"},
		"another encoding":    {`<?xml version="1.0" encoding="EBCDIC"?><CONSOLIDATED_LIST/>`, "ebcdic"},
		"a comment for ever":  {"<!--" + strings.Repeat("x", 400<<10), "larger than"},
		"two entries one ref": {xmlList(person("QDi.001", ""), person("QDi.001", "")), "stands at line 1 and again at line 2"},
		"one entry two refs":  {xmlList(person("QDi.001", "<REFERENCE_NUMBER>QDi.002</REFERENCE_NUMBER>")), "two references"},
		"nothing but <":       {strings.Replace(xmlList(person("QDi.001", "")), "<INDIVIDUALS>", strings.Repeat("<", 30000), 1), "complaints"},
		"depth without end":   {xmlList(person("QDi.001", strings.Repeat("<A>", 40))), "nested deeper"},
	} {
		_, entries, err := Read(strings.NewReader(c.doc), Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) || entries != nil {
			t.Errorf("%s: %d entries, error %v; want an error with %q", name, len(entries), err, c.want)
		}
		if name != "gzip of nothing" && !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: error %v is not of the kind invalid", name, err)
		}
	}
}

func TestBounds(t *testing.T) {
	big := strings.Repeat("word ", 100)
	for name, c := range map[string]struct {
		opt  Options
		want string
	}{
		"one element": {Options{MaxElement: 200}, "element COMMENTS1 is larger than 200 bytes"},
		"one entry":   {Options{MaxEntry: 400}, "entry that begins at line 1 is larger than 400 bytes"},
		"the whole":   {Options{MaxBytes: 300}, "the list is larger than 300 bytes"},
	} {
		_, _, err := Read(strings.NewReader(xmlList(person("QDi.001", "<COMMENTS1>"+big+"</COMMENTS1>"))), c.opt)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	_, e := readOne(t, xmlList(person("QDi.001", strings.Repeat("<INDIVIDUAL_ALIAS><ALIAS_NAME>a1;b2;c3;d4</ALIAS_NAME></INDIVIDUAL_ALIAS>", 50)+
		"<INDIVIDUAL_ALIAS><ALIAS_NAME>"+strings.ReplaceAll(numbered(3000), ";", "</ALIAS_NAME></INDIVIDUAL_ALIAS><INDIVIDUAL_ALIAS><ALIAS_NAME>")+"</ALIAS_NAME></INDIVIDUAL_ALIAS>"+
		"<INDIVIDUAL_ALIAS><ALIAS_NAME>"+numbered(3000)+"</ALIAS_NAME></INDIVIDUAL_ALIAS>")))
	if len(e.Names) != maxNames || len(e.Dropped) != 2 {
		t.Errorf("%d names, dropped %v", len(e.Names), e.Dropped)
	}
	// A megabyte of zeros packs into a kilobyte: the bound counts what comes out.
	var bomb bytes.Buffer
	zw := gzip.NewWriter(&bomb)
	zw.Write([]byte(`<CONSOLIDATED_LIST>`))
	zw.Write(bytes.Repeat([]byte(" "), 1<<20))
	zw.Close()
	if _, _, err := Read(&bomb, Options{MaxBytes: 1 << 16}); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("gzip bomb: %v", err)
	}
}

// endless gives one byte for ever and counts what was taken.
type endless struct {
	b     byte
	taken int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.b
	}
	e.taken += len(p)
	return len(p), nil
}

func TestAnEndlessElementIsRefusedEarly(t *testing.T) {
	for name, head := range map[string]string{
		"in a field":           strings.SplitAfter(xmlList(person("QDi.001", "<COMMENTS1>")), "<COMMENTS1>")[0],
		"in a comment":         "<CONSOLIDATED_LIST><!--",
		"in a CDATA section":   "<CONSOLIDATED_LIST><INDIVIDUAL><GENDER><![CDATA[",
		"in a tag":             strings.SplitAfter(xmlList(person("QDi.001", "<COMMENTS1>")), "<COMMENTS1>")[0] + "<",
		"between two elements": "<CONSOLIDATED_LIST>",
	} {
		more := &endless{b: 'x'}
		_, _, err := Read(io.MultiReader(strings.NewReader(head), more), Options{MaxBytes: 8 << 20})
		if err == nil || !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		if limit := 1 << 20; more.taken > limit && name != "between two elements" {
			t.Errorf("%s: read %d bytes before it refused", name, more.taken)
		}
	}
}

func TestNamesAreFoundInBoundedTime(t *testing.T) {
	// Each would be read once for every parenthesis without a bound.
	for _, s := range []string{strings.Repeat("(;)", maxAlias/3), strings.Repeat("(", maxAlias), "ا" + strings.Repeat(" (a;b)", maxAlias/6)} {
		if n := len(namesIn(s)); n > maxAlias {
			t.Errorf("%d names", n)
		}
	}
}

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "name %d;", i)
	}
	return b.String()
}

func TestCut(t *testing.T) {
	whole := xmlList(person("QDi.001", ""), person("QDi.002", ""), person("QDi.003", "<COMMENTS1>x</COMMENTS1>"))
	for name, c := range map[string]struct {
		doc  string
		want []string // what a partial reading gives
	}{
		"the root does not close":      {strings.TrimSuffix(whole, "</CONSOLIDATED_LIST>"), []string{"QDi.001", "QDi.002", "QDi.003"}},
		"it ends within an entry":      {whole[:strings.Index(whole, "<COMMENTS1>")+12], []string{"QDi.001", "QDi.002"}},
		"an entry without a reference": {strings.Replace(whole, "<REFERENCE_NUMBER>QDi.002</REFERENCE_NUMBER>", "", 1), []string{"QDi.001", "QDi.003"}},
		"an empty reference":           {strings.Replace(whole, "QDi.002", "", 1), []string{"QDi.001", "QDi.003"}},
		"a reference of no form":       {strings.Replace(whole, "QDi.002", "QDi\x12002", 1), []string{"QDi.001", "QDi.003"}},
	} {
		_, entries, err := Read(strings.NewReader(c.doc), Options{})
		if !errors.Is(err, ErrCut) || entries != nil {
			t.Errorf("%s: %d entries, error %v, want ErrCut", name, len(entries), err)
		}
		list, entries, err := Read(strings.NewReader(c.doc), Options{AcceptPartial: true})
		if err != nil || !list.Partial || len(list.Complaints) == 0 {
			t.Errorf("%s, accepted: partial %v, %d complaints, %v", name, list.Partial, len(list.Complaints), err)
		}
		var refs []string
		for _, e := range entries {
			refs = append(refs, e.Ref)
		}
		if !slices.Equal(refs, c.want) {
			t.Errorf("%s, accepted: %q, want %q", name, refs, c.want)
		}
	}
}

func TestCutGzip(t *testing.T) {
	var zipped bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	zw.Write([]byte(xmlList(person("QDi.001", ""), person("QDi.002", "<COMMENTS1>"+numbered(2000)+"</COMMENTS1>"))))
	zw.Close()
	half := zipped.Bytes()[:zipped.Len()/2]
	if _, _, err := Read(bytes.NewReader(half), Options{}); !errors.Is(err, ErrCut) {
		t.Errorf("%v, want ErrCut", err)
	}
	list, entries, err := Read(bytes.NewReader(half), Options{AcceptPartial: true})
	if err != nil || len(entries) != 1 || !list.Partial {
		t.Errorf("accepted: %d entries, %v", len(entries), err)
	}
}

func TestDamaged(t *testing.T) {
	for name, c := range map[string]struct {
		rest       string
		complaints string // what the list's complaints must hold
		says       func(record.Listed) string
		want       string
	}{
		"a bare ampersand is text": {`<TITLE><VALUE>A & B</VALUE></TITLE>`, `bare "&"`,
			func(e record.Listed) string { return strings.Join(e.Titles, "|") }, "A & B"},
		"an unknown entity is text": {`<TITLE><VALUE>A &nbsp; B</VALUE></TITLE>`, `bare "&"`,
			func(e record.Listed) string { return strings.Join(e.Titles, "|") }, "A &nbsp; B"},
		"a stray < is text": {`<TITLE><VALUE>A < B <3> c</VALUE></TITLE>`, `stray "<"`,
			func(e record.Listed) string { return strings.Join(e.Titles, "|") }, "A < B <3> c"},
		"a control byte drops the field": {"<TITLE><VALUE>A \x19 B</VALUE><VALUE>Général هـ هـ</VALUE></TITLE><NAME_ORIGINAL_SCRIPT>صدام حسين المجيد عبد الله</NAME_ORIGINAL_SCRIPT>", "U+0019",
			func(e record.Listed) string { return strings.Join(e.Titles, "|") + e.Dropped[0].Place }, "Général هـ هـtitles: VALUE, line 1"},
		"invalid UTF-8 drops the field": {"<TITLE><VALUE>Jer\xF4me</VALUE></TITLE>", "not UTF-8",
			func(e record.Listed) string { return fmt.Sprint(e.Titles, len(e.Dropped)) }, "[] 1"},
		"a field that is not closed": {`<GENDER>Male<SUBMITTED_BY>Mali</SUBMITTED_BY>`, "GENDER is not closed",
			func(e record.Listed) string { return e.Gender + " " + e.Submitted }, "male Mali"},
		"a date that is none": {`<LAST_DAY_UPDATED><VALUE>2020-02-30</VALUE><VALUE>2020-03-01</VALUE></LAST_DAY_UPDATED>`, "not a date",
			func(e record.Listed) string { return fmt.Sprint(e.Updated) }, "[2020-03-01]"},
		"a close that closes nothing": {`</TITLE><GENDER>Female</GENDER>`, "closes nothing",
			func(e record.Listed) string { return e.Gender }, "female"},
		"text outside any field": {`oops<GENDER>Female</GENDER>`, "outside any field",
			func(e record.Listed) string { return e.Gender }, "female"},
	} {
		list, e := readOne(t, xmlList(person("QDi.001", c.rest)))
		if !list.Damaged || !strings.Contains(fmt.Sprint(list.Complaints), c.complaints) || !strings.Contains(fmt.Sprint(list.Complaints), "line 1") {
			t.Errorf("%s: damaged %v, complaints %v; want %q", name, list.Damaged, list.Complaints, c.complaints)
		}
		if got := c.says(e); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if listing.Caption(e) != "Jan Novak" {
			t.Errorf("%s: caption %q", name, listing.Caption(e))
		}
	}
}

func TestAnUnreadableSlotLeavesNoHalfName(t *testing.T) {
	doc := strings.Replace(xmlList(person("QDi.001", "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Jan N.</ALIAS_NAME></INDIVIDUAL_ALIAS>")), "<FIRST_NAME>Jan", "<FIRST_NAME>J\x19n", 1)
	_, e := readOne(t, doc)
	if hasPrimary(e) || listing.Caption(e) != "Jan N." {
		t.Errorf("names %v", e.Names)
	}
	if !slices.Contains(e.Extra, record.Extra{Name: "SECOND_NAME", Value: "Novak"}) {
		t.Errorf("the readable slot is lost: %v", e.Extra)
	}
}

func TestAnEntryThatIsNotClosed(t *testing.T) {
	doc := strings.Replace(xmlList(person("QDi.001", ""), person("QDi.002", "")), "</INDIVIDUAL>", "", 1)
	list, entries, err := Read(strings.NewReader(doc), Options{})
	if err != nil || len(entries) != 2 || !list.Damaged {
		t.Fatalf("%d entries, damaged %v, %v", len(entries), list.Damaged, err)
	}
}

func TestAReferenceInACommentIsNoEntry(t *testing.T) {
	_, entries := load(t, "2025-11-15")
	mentioned := 0
	for _, e := range entries {
		if e.Ref == "QDi.317" {
			t.Error("QDi.317 stands only in another entry's comment")
		}
		if strings.Contains(e.Comments, "QDi.317") {
			mentioned++
		}
	}
	if mentioned == 0 {
		t.Error("no comment mentions QDi.317: the test proves nothing")
	}
}

func TestEveryFieldIsKept(t *testing.T) {
	_, e := readOne(t, xmlList(person("QDi.001", `
		<VERSIONNUM>1</VERSIONNUM><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE><GENDER>MALE</GENDER><SUBMITTED_BY>Mali</SUBMITTED_BY><SUBMITTED_ON>2009-07-17</SUBMITTED_ON>
		<COMMENTS1>Tall.
			Walks.</COMMENTS1><LIST_TYPE><VALUE>UN List</VALUE></LIST_TYPE><NATIONALITY><VALUE>Mali</VALUE><VALUE>Niger</VALUE></NATIONALITY>
		<DESIGNATION><VALUE>Judge</VALUE></DESIGNATION><TITLE><VALUE>Cadi</VALUE></TITLE>
		<LAST_DAY_UPDATED><VALUE></VALUE><VALUE>2020-01-14</VALUE></LAST_DAY_UPDATED>
		<INDIVIDUAL_ADDRESS><STREET>1 Road</STREET><CITY>Gao</CITY><STATE_PROVINCE>Gao region</STATE_PROVINCE><ZIP_CODE>12</ZIP_CODE><COUNTRY>Mali</COUNTRY><NOTE>old</NOTE></INDIVIDUAL_ADDRESS>
		<INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS>
		<INDIVIDUAL_PLACE_OF_BIRTH><STREET>Ward 3</STREET><CITY>Ariaw</CITY><COUNTRY>Mali</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
		<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><TYPE_OF_DOCUMENT2>diplomatic</TYPE_OF_DOCUMENT2><NUMBER>A1</NUMBER><ISSUING_COUNTRY>Mali</ISSUING_COUNTRY><CITY_OF_ISSUE>Gao</CITY_OF_ISSUE><DATE_OF_ISSUE>2011-10-11</DATE_OF_ISSUE><NOTE>n</NOTE></INDIVIDUAL_DOCUMENT>
		<INDIVIDUAL_DOCUMENT><NUMBER>B2</NUMBER><COUNTRY_OF_ISSUE>Niger</COUNTRY_OF_ISSUE></INDIVIDUAL_DOCUMENT>
		<SORT_KEY>k</SORT_KEY><SORT_KEY_LAST_MOD/><NEW_FIELD><PART>p</PART></NEW_FIELD>`)))
	got, err := record.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"list":"un","ref":"QDi.001","version":"2024-03-05","data_id":"1","sort":"person","programme":["Al-Qaida"],` +
		`"names":[{"text":"Jan Novak","parts":["Jan","Novak"],"quality":"primary"}],"births":[{"city":"Ariaw","country":"Mali"}],` +
		`"nationalities":["Mali","Niger"],"gender":"male","titles":["Cadi"],"positions":["Judge"],"listed_on":"2015-07-01","updated":["2020-01-14"],"submitted_by":"Mali",` +
		`"addresses":[{"street":"1 Road","city":"Gao","state":"Gao region","zip":"12","country":"Mali","note":"old"}],` +
		`"documents":[{"type":"Passport","type2":"diplomatic","number":"A1","country":"Mali","city":"Gao","issued":"2011-10-11","note":"n"},{"number":"B2","country":"Niger"}],` +
		`"comments":"Tall. Walks.","extra":[{"name":"VERSIONNUM","value":"1"},{"name":"SUBMITTED_ON","value":"2009-07-17"},{"name":"LIST_TYPE","value":"UN List"},{"name":"INDIVIDUAL_PLACE_OF_BIRTH/STREET","value":"Ward 3"},{"name":"SORT_KEY","value":"k"},{"name":"NEW_FIELD/PART","value":"p"}]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
