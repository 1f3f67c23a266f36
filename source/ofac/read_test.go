package ofac

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

var update = flag.Bool("update", false, "write the golden files")

// sdnRow writes a row of sdn.csv as OFAC does; "" is the null.
func sdnRow(number string, cells ...string) string {
	out := number
	for i := range columns - 1 {
		if i < len(cells) && cells[i] != "" {
			out += `,"` + cells[i] + `"`
		} else {
			out += ",-0- "
		}
	}
	return out + "\r\n"
}

func person(number, name, remarks string) string {
	return sdnRow(number, name, "individual", "MALI-EO13882", "", "", "", "", "", "", "", remarks)
}

func set(files map[string]string) fstest.MapFS {
	fs := fstest.MapFS{}
	for name, text := range files {
		fs[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fs
}

// whole is a small set of ours with every file.
var whole = map[string]string{
	"SDN.CSV": person("27001", "MUSTERMANN, Max Otto, Jr.", "DOB 14 Jun 1975; alt. DOB circa 1974; POB Pyongyang, Korea, North; nationality Mali; "+
		"alt. nationality Korea, North; citizen Congo, Democratic Republic of the; Gender Male; Passport AO 123 (Italy) issued 1 Nov 2002 expires 30 Oct 2012; "+
		"a.k.a. ''ABD, Al'; f.k.a. 'MAX'; Digital Currency Address - XBT 1BoatSLRHtKNngkdXEeobR76b53LETtpyT; Linked To: SEA & CO., LTD.; Head of the Os") +
		sdnRow("27002", "SEA & CO., LTD.", "", "SDGT] [IFSR] [MALI-EO13882") +
		sdnRow("27003", "BOAT ONE", "vessel", "IRAN", "", "CL2192", "Tug", "640", "212", "Panama", "Sea Owner Co", "Vessel Registration Identification IMO 9187629; MMSI 572469210; Former Vessel Flag Malta.") +
		sdnRow("27004", "EP-GOM", "aircraft", "SDGT", "", "", "", "", "", "", "", "Aircraft Model IL76-TD; Aircraft Tail Number EP-GOM.") + "\x1a\r\n",
	"ALT.CSV":          "27001,1,\"aka\",\"MUSTER, M.\",-0- \r\n27002,2,\"fka\",\"OLD SEA\",-0- \r\n27002,3,\"nka\",\"NEW SEA\",-0- \r\n\x1a\r\n",
	"ADD.CSV":          "27002,1,\"1 Quay\",\"Bamako 123\",\"Mali\",-0- \r\n27001,2,-0- ,-0- ,-0- ,-0- \r\n\x1a\r\n",
	"SDN_COMMENTS.CSV": "27001,\"tern Port; Email Address a@example.org.\"\r\n\x1a\r\n",
}

func find(t *testing.T, entries []record.Listed, ref string) record.Listed {
	t.Helper()
	for _, e := range entries {
		if e.Ref == ref {
			return e
		}
	}
	t.Fatalf("no entry %s", ref)
	return record.Listed{}
}

func TestTheWholeSet(t *testing.T) {
	day := date.MustDay("2024-05-06")
	list, entries, err := ReadSet(set(whole), Options{Date: day})
	if err != nil {
		t.Fatal(err)
	}
	if list.List != SDN || list.Date != day || list.Basis != "given" || list.Count != 4 || list.Damaged || list.Digest.IsZero() || list.Content.IsZero() {
		t.Errorf("list %+v", list)
	}
	e := find(t, entries, "27001")
	want := record.Listed{
		List: SDN, Ref: "27001", Version: day, Sort: "person", Programme: []string{"MALI-EO13882"},
		Names: []record.Name{
			{Text: "Max Otto MUSTERMANN Jr.", Parts: []string{"MUSTERMANN", "Max Otto", "Jr."}, Quality: record.Primary},
			{Text: "M. MUSTER", Parts: []string{"MUSTER", "M."}, Quality: record.Good},
			{Text: "Al 'ABD", Parts: []string{"'ABD", "Al"}, Quality: record.Low},
			{Text: "MAX", Quality: record.Low, Note: "f.k.a."},
		},
		Births: []record.Birth{
			{On: date.Exactly(date.MustDay("1975-06-14"))},
			{On: mustAbout("~1974")},
			{City: "Pyongyang", Country: "Korea, North"},
		},
		Nationalities: []string{"Mali", "Korea, North", "Congo, Democratic Republic of the"},
		Gender:        "male",
		Documents: []record.Document{
			{Type: "Passport", Number: "AO 123", Country: "Italy", Issued: "1 Nov 2002", Note: "expires 30 Oct 2012"},
			{Type: "Digital Currency Address - XBT", Number: "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"},
		},
		Links: []record.Relation{{To: "SEA & CO., LTD.", Kind: "linked to"}},
		Extra: []record.Extra{{Name: "Email Address", Value: "a@example.org"}},
	}
	if !strings.Contains(e.Comments, "Head of the Ostern Port; Email") {
		t.Errorf("the remarks do not go on in the middle of the word: %q", e.Comments)
	}
	e.Comments = ""
	if got, want := encode(t, e), encode(t, want); got != want {
		t.Errorf("entry\n%s\nwant\n%s", got, want)
	}
	firm := find(t, entries, "27002")
	if !slices.Equal(firm.Programme, []string{"SDGT", "IFSR", "MALI-EO13882"}) || firm.Sort != "entity" || firm.Names[0].Text != "SEA & CO., LTD." ||
		firm.Names[1].Quality != record.Formerly || firm.Names[2].Note != "nka" || firm.Addresses[0] != (record.Address{Street: "1 Quay", City: "Bamako 123", Country: "Mali"}) {
		t.Errorf("firm %+v", firm)
	}
	ship := find(t, entries, "27003")
	if ship.Sort != "vessel" || ship.Documents[0] != (record.Document{Type: "Call Sign", Number: "CL2192"}) ||
		ship.Documents[1] != (record.Document{Type: "IMO", Type2: "Vessel Registration Identification", Number: "9187629"}) ||
		ship.Documents[2] != (record.Document{Type: "MMSI", Number: "572469210"}) || ship.Links[0] != (record.Relation{To: "Sea Owner Co", Kind: "vessel owner"}) ||
		len(ship.Nationalities) > 0 || len(ship.Extra) != 5 {
		t.Errorf("ship %+v", ship)
	}
	if plane := find(t, entries, "27004"); plane.Sort != "aircraft" || plane.Documents[0] != (record.Document{Type: "Aircraft Tail Number", Number: "EP-GOM"}) {
		t.Errorf("aircraft %+v", plane)
	}
}

func mustAbout(s string) date.About {
	a, err := date.ParseAbout(s)
	if err != nil {
		panic(err)
	}
	return a
}

func encode(t *testing.T, e record.Listed) string {
	t.Helper()
	b, err := record.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheSameSetInAnyDress(t *testing.T) {
	want, _, err := ReadSet(set(whole), Options{})
	if err != nil {
		t.Fatal(err)
	}
	small := map[string]string{"readme.txt": "x"}
	var zipped bytes.Buffer
	zw := zip.NewWriter(&zipped)
	for name, text := range whole {
		var gz bytes.Buffer
		w := gzip.NewWriter(&gz)
		w.Write([]byte(text))
		w.Close()
		small[strings.ToLower(name)+".gz"] = gz.String()
		f, _ := zw.Create(strings.ToLower(name))
		f.Write([]byte(text))
	}
	zw.Close()
	again, _, err := ReadSet(set(small), Options{})
	if err != nil || again.Content != want.Content || again.Digest != want.Digest {
		t.Errorf("gzipped, in small letters: %v %+v", err, again)
	}
	again, _, err = Read(&zipped, Options{})
	if err != nil || again.Content != want.Content || again.Digest != want.Digest {
		t.Errorf("zip: %v %+v", err, again)
	}
}

func TestWhatWasNotGivenIsSaid(t *testing.T) {
	long := strings.Repeat("word ", 195) + "; Passport 12345"
	long += strings.Repeat("6", longest-len(long)) // breaks off in the number
	list, entries, err := Read(strings.NewReader(person("27001", "MUSTERMANN, Max", long)+person("27002", "ELSE, Any", "DOB 1975.")), Options{})
	if err != nil || !list.Damaged || len(list.Complaints) != 4 {
		t.Fatalf("%v %+v", err, list.Complaints)
	}
	for i, want := range []string{"alt.csv", "add.csv", "sdn_comments.csv"} {
		if list.Complaints[i].Place != want {
			t.Errorf("complaint %+v, want %s", list.Complaints[i], want)
		}
	}
	if len(entries[0].Documents) > 0 || len(entries[0].Dropped) != 1 {
		t.Errorf("half a passport's number was read: %+v", entries[0])
	}
}

func TestNotThisList(t *testing.T) {
	ok := person("27001", "MUSTERMANN, Max", "")
	xmlOf := func(inner string) string {
		return `<?xml version="1.0"?><sdnList xmlns="x"><publshInformation><Publish_Date>04/06/2018</Publish_Date></publshInformation>` + inner + `</sdnList>`
	}
	for name, c := range map[string]struct{ doc, want string }{
		"an empty file":         {"", "empty"},
		"nothing but space":     {" \n", "nothing but space"},
		"an HTML page":          {"<!DOCTYPE html><html>502</html>", "HTML page"},
		"HTML behind a line":    {"\n <HTML>", "HTML page"},
		"the UN's XML":          {"<CONSOLIDATED_LIST/>", "root is <CONSOLIDATED_LIST>"},
		"an empty Advanced XML": {"<Sanctions/>", "no entry"},
		"an entity bomb":        {`<!DOCTYPE sdnList [<!ENTITY a "aa">]><sdnList/>`, "document type"},
		"another CSV":           {"name,listed\nJan,2015\n", "not a list of OFAC"},
		"JSON":                  {`{"sdnList":1}`, "not a list of OFAC"},
		"only alt.csv":          {"36,12,\"aka\",\"AERO\",-0- \n", "alt.csv"},
		"only add.csv":          {"36,12,-0- ,\"Havana\",\"Cuba\",-0- \n", "add.csv"},
		"add.csv with a header": {"ID,Col_B,Address,City,Country,\n36,12,-0- ,\"Havana\",\"Cuba\",-0- \n", "add.csv"},
		"only a header":         {"ID,Name,Type\n", "no entry"},
		"XML without an entry":  {xmlOf(""), "no entry"},
		"gzip of nothing":       {"\x1f\x8b", "gzip"},
		"a zip of nothing":      {"PK\x03\x04", "zip"},
		"one number twice":      {ok + person("27001", "ELSE, Any", ""), "stands at line 1 and again at line 2"},
		"one uid twice":         {xmlOf(`<sdnEntry><uid>1</uid><lastName>A</lastName><sdnType>Entity</sdnType></sdnEntry><sdnEntry><uid>1</uid><lastName>B</lastName><sdnType>Entity</sdnType></sdnEntry>`), "entry 1 stands at"},
		"the non-SDN list":      {sdnRow("9639", "MUSTER", "individual", "NS-PLC"), "read them as ofac-nonsdn"},
	} {
		_, entries, err := Read(strings.NewReader(c.doc), Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) || entries != nil {
			t.Errorf("%s: %d entries, error %v; want an error with %q", name, len(entries), err, c.want)
		}
		if err != nil && !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: error %v is not of the kind invalid", name, err)
		}
	}
	if _, _, err := Read(strings.NewReader(sdnRow("1", "X", "", "SDNTK")), Options{List: NonSDN}); err == nil || !strings.Contains(err.Error(), "read it as ofac") {
		t.Errorf("the SDN list in the non-SDN's name: %v", err)
	}
	if _, _, err := Read(strings.NewReader(ok), Options{List: "un"}); err == nil {
		t.Error("a list that is not OFAC's was read")
	}
	if _, _, err := ReadSet(set(map[string]string{"alt.csv": ""}), Options{}); err == nil || !strings.Contains(err.Error(), "no sdn.csv") {
		t.Errorf("a set without its primary file: %v", err)
	}
}

func TestACutListIsRefused(t *testing.T) {
	two := person("27001", "MUSTERMANN, Max", "DOB 1975.") + person("27002", "ELSE, Any", "DOB 1980.")
	entry := func(n int) string {
		return fmt.Sprintf("<sdnEntry><uid>%d</uid><lastName>NAME</lastName><sdnType>Entity</sdnType></sdnEntry>", n)
	}
	head := `<sdnList><publshInformation><Publish_Date>04/06/2018</Publish_Date><Record_Count>2</Record_Count></publshInformation>`
	for name, c := range map[string]struct {
		doc  string
		left int // entries if accepted
	}{
		"inside a row":                  {two[:len(two)-60], 2},
		"inside a quotation":            {two[:len(two)-8], 2},
		"a number that cannot be read":  {two + "x" + person("27003", "THIRD, A", ""), 2},
		"a quotation that takes a line": {strings.Replace(two, `"DOB 1975."`, `"DOB 1975.`, 1), 1},
		"XML that ends in an entry":     {head + entry(1) + "<sdnEntry><uid>2</uid>", 1},
		"XML without its end":           {head + entry(1) + entry(2), 2},
		"fewer entries than it says":    {head + entry(1) + "</sdnList>", 1},
		"XML without a number":          {head + entry(1) + "<sdnEntry><lastName>X</lastName></sdnEntry></sdnList>", 1},
	} {
		_, _, err := Read(strings.NewReader(c.doc), Options{})
		if !errors.Is(err, ErrCut) || !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: %v", name, err)
		}
		list, entries, err := Read(strings.NewReader(c.doc), Options{AcceptPartial: true})
		if err != nil || !list.Partial || !list.Damaged || len(entries) != c.left {
			t.Errorf("%s, accepted: %v, %d entries, %+v", name, err, len(entries), list)
		}
	}
}

func TestDamageIsNamed(t *testing.T) {
	first := person("27002", "ELSE, Any", "")
	for name, c := range map[string]struct {
		doc   string
		names int
		want  string // in a complaint
	}{
		"a row with a column too few":   {first + "27001,\"MUSTERMANN, Max\",\"individual\",\"SDGT\"\r\n" + "\x1a\r\n", 1, "4 columns, not 12"},
		"a column too many":             {first + strings.Replace(person("27001", "MUSTERMANN, Max", ""), ",", ",extra,", 1), 0, "13 columns"},
		"a stray quotation mark":        {"27001,\"MUSTERMANN, Max\",\"individual\",\"SD\"GT\",-0- \r\n" + person("27002", "ELSE, Any", ""), 1, "extraneous or missing"},
		"a name that is no UTF-8":       {person("27001", "MUST\xffER", "") + person("27002", "ELSE, Any", ""), 0, "SDN_Name"},
		"a control character in a name": {person("27001", "MUST\x19ER", "") + person("27002", "ELSE, Any", ""), 0, "U+0019"},
		"an unknown type":               {sdnRow("27001", "MUSTER", "robot", "SDGT") + person("27002", "ELSE, Any", ""), 1, "unknown type"},
		"a row twice, word for word":    {person("27001", "MUSTER", "x") + person("27001", "MUSTER", "x") + person("27002", "ELSE, Any", ""), 1, "word for word"},
		"a short row before the end":    {person("27002", "ELSE, Any", "") + "27001,\"MUSTER\",-0- \r\n\x1a\r\n", 1, "3 columns"},
	} {
		list, entries, err := Read(strings.NewReader(c.doc), Options{})
		if err != nil || !list.Damaged || list.Partial || len(entries) != 2 {
			t.Errorf("%s: %v, %d entries", name, err, len(entries))
			continue
		}
		e := find(t, entries, "27001")
		if len(e.Names) != c.names || c.names == 0 && len(e.Dropped) == 0 {
			t.Errorf("%s: names %+v, dropped %+v", name, e.Names, e.Dropped)
		}
		if !slices.ContainsFunc(list.Complaints, func(k record.Complaint) bool {
			return strings.Contains(k.Place+": "+k.Problem, c.want) && strings.Contains(k.Place, "line ")
		}) {
			t.Errorf("%s: complaints %+v", name, list.Complaints)
		}
	}
}

func TestRowsThatBelongToNothing(t *testing.T) {
	files := map[string]string{"sdn.csv": person("1", "MUSTER, M", ""),
		"alt.csv": "1,1,\"aka\",\"ONE\",-0- \n2,2,\"aka\",\"TWO\",-0- \n1,3,\"aka\"\n1,4,\"zka\",\"FOUR\",-0- \n",
		"add.csv": "1,1,-0- ,\"Oslo\",\"Norway\",-0"}
	list, entries, err := ReadSet(set(files), Options{})
	if err != nil || len(list.Complaints) != 5 {
		t.Fatalf("%v %+v", err, list.Complaints)
	}
	e := entries[0]
	if len(e.Names) != 3 || e.Names[2].Quality != record.Unrated || len(e.Dropped) != 1 || e.Addresses[0] != (record.Address{City: "Oslo", Country: "Norway"}) {
		t.Errorf("%+v", e)
	}
	for file, text := range map[string]string{"alt.csv": "36,12,-0- ,\"Havana\",\"Cuba\",-0- \n", "add.csv": "1,1,\"Quay", "sdn_comments.csv": "<html>"} {
		files := map[string]string{"sdn.csv": person("1", "MUSTER, M", ""), file: text}
		if _, _, err := ReadSet(set(files), Options{}); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestBounds(t *testing.T) {
	big := strings.Repeat("word ", 200<<10)
	for name, c := range map[string]struct {
		doc, want string
		o         Options
	}{
		"a cell":     {person("1", "MUSTER", "") + person("2", big, ""), "larger than 4096 bytes", Options{MaxEntry: 4096}},
		"an element": {"<sdnList><sdnEntry><uid>1</uid><lastName>" + big, "larger than 4096 bytes", Options{MaxEntry: 4096}},
		"a name":     {"<sdnList><" + strings.Repeat("x", 1<<20), "larger than 4096 bytes", Options{MaxEntry: 4096}},
		"the list":   {person("1", "MUSTER", "") + person("2", big, ""), "the list is larger than 65536", Options{MaxBytes: 65536}},
		"a comment":  {"<sdnList><!--" + big, "larger than 4096", Options{MaxEntry: 4096}},
	} {
		_, _, err := Read(strings.NewReader(c.doc), c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var many strings.Builder
	for i := range sheet.MaxEntries + 2 {
		fmt.Fprintf(&many, "%d,A,,,,,,,,,,\n", i)
	}
	if _, _, err := Read(strings.NewReader(many.String()), Options{}); err == nil || !strings.Contains(err.Error(), "more than 200000 entries") {
		t.Errorf("a list without end: %v", err)
	}
	list, entries, err := Read(strings.NewReader(person("1", "MUSTER", strings.Repeat("x", 500))), Options{MaxElement: 100})
	if err != nil || entries[0].Comments != "" || len(entries[0].Dropped) != 1 || !list.Damaged {
		t.Errorf("a long cell: %v %+v", err, entries)
	}
}

func TestXML(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("testdata", "sdn.xml"))
	if err != nil {
		t.Fatal(err)
	}
	list, entries, err := Read(bytes.NewReader(doc), Options{Date: date.MustDay("2024-05-06")})
	if err != nil || list.Damaged || list.Date != date.MustDay("2018-04-06") || list.Basis != "stated" || len(entries) != 3 {
		t.Fatalf("%v %+v", err, list)
	}
	var got strings.Builder
	for _, e := range entries {
		fmt.Fprintln(&got, encode(t, e))
	}
	golden := filepath.Join("testdata", "sdn.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("entries\n%swant\n%s", got.String(), want)
	}
	latin := bytes.Replace(doc, []byte("utf-8"), []byte("EBCDIC"), 1)
	if _, _, err := Read(bytes.NewReader(latin), Options{}); err == nil || !strings.Contains(err.Error(), "EBCDIC") {
		t.Errorf("another encoding: %v", err)
	}
	spoilt := bytes.Replace(doc, []byte("MUSTERMANN"), []byte("MUSTER\x19\xff"), 1)
	list, entries, err = Read(bytes.NewReader(spoilt), Options{})
	if err != nil || !list.Damaged || len(entries[0].Dropped) == 0 {
		t.Errorf("a spoilt name: %v %+v", err, list)
	}
	bare := bytes.Replace(doc, []byte("SEA &amp; CO"), []byte("SEA & CO"), 1)
	again, _, err := Read(bytes.NewReader(bare), Options{})
	first, _, _ := Read(bytes.NewReader(doc), Options{})
	if err != nil || again.Content != first.Content {
		t.Errorf("a bare &: %v", err)
	}
}
