package ftm

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
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

func TestRead(t *testing.T) {
	list, entries, err := Read(strings.NewReader(fixture(t, "entities.ftm.json")), Options{Date: date.MustDay("2026-02-01"), DateBasis: "import-day"})
	if err != nil || list.Damaged || list.List != Source || list.Date.String() != "2026-01-05" || list.Basis != "stated" || list.Count != 6 {
		t.Fatalf("%v, %d entries, %+v", err, len(entries), list)
	}
	if list.Content != listing.Contents(entries) {
		t.Error("the content's digest is not listing's")
	}
	var got strings.Builder
	for _, e := range entries {
		b, err := record.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "%s\n", b)
	}
	golden := filepath.Join("testdata", "entities.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if held := fixture(t, "entities.golden"); got.String() != held {
		t.Errorf("%swant\n%s", got.String(), held)
	}
}

func entry(t *testing.T, doc string, o Options) (record.List, record.Listed) {
	t.Helper()
	list, entries, err := Read(strings.NewReader(doc), o)
	if err != nil {
		t.Fatal(err)
	}
	return list, entries[0]
}

// In a nested file what is told of a subject stands inside it, and the property
// that would point back is left out.
func TestANestedTargetSaysTheSame(t *testing.T) {
	flat := `{"id":"p","schema":"Person","properties":{"name":["A B"],"addressEntity":["a"]}}
{"id":"a","schema":"Address","properties":{"city":["Gao"]}}
{"id":"s","schema":"Sanction","properties":{"entity":["p"],"programId":["X"],"listingDate":["2020-01-02"],"unscId":["MLi.901"]}}
{"id":"i","schema":"Passport","properties":{"holder":["p"],"number":["1"]}}
{"id":"o","schema":"Ownership","properties":{"owner":["p"],"asset":["c"],"percentage":["50"]}}
{"id":"w","schema":"CryptoWallet","properties":{"holder":["p"],"publicKey":["bc1"]}}
`
	nested := `{"id":"p","schema":"Person","properties":{"name":["A B"],"addressEntity":[{"id":"a","schema":"Address","properties":{"city":["Gao"]}}],
"sanctions":[{"id":"s","schema":"Sanction","properties":{"programId":["X"],"listingDate":["2020-01-02"],"unscId":["MLi.901"]}}],
"passport":[{"id":"i","schema":"Passport","properties":{"number":["1"]}}],
"ownershipOwner":[{"id":"o","schema":"Ownership","properties":{"asset":[{"id":"c","schema":"Company","properties":{"name":["C"]}}],"percentage":["50"]}}],
"cryptoWallets":[{"id":"w","schema":"CryptoWallet","properties":{"publicKey":["bc1"]}}]}}`
	_, want := entry(t, flat, Options{})
	list, got := entry(t, strings.ReplaceAll(nested, "\n", ""), Options{})
	sorted := func(e record.Listed) string {
		slices.SortFunc(e.Documents, func(a, b record.Document) int { return strings.Compare(a.Number, b.Number) })
		slices.SortFunc(e.Extra, func(a, b record.Extra) int { return strings.Compare(a.Name+a.Value, b.Name+b.Value) })
		b, _ := record.Encode(e)
		return strings.ReplaceAll(string(b), "; entity: p", "")
	}
	if list.Damaged || sorted(got) != sorted(want) {
		t.Errorf("%+v\n%s\nwant\n%s", list.Complaints, sorted(got), sorted(want))
	}
}

func TestInputs(t *testing.T) {
	p := func(id string, more string) string {
		return `{"id":"` + id + `","schema":"Person","properties":{"name":["N ` + id + `"]` + more + `}}` + "\n"
	}
	gz := func(s string, keep int) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		io.WriteString(w, s)
		w.Close()
		return b.String()[:b.Len()-keep]
	}
	for _, c := range []struct {
		reason, doc string
		opt         Options
		entries     int
		err         error  // of which kind
		said        string // in the error, or in a complaint
	}{
		{"an empty file", "", Options{}, 0, record.ErrInvalid, "empty"},
		{"blank lines only", "\n\n", Options{}, 0, record.ErrInvalid, "nothing but space"},
		{"an HTML error page in the right name", "<!DOCTYPE html><html>\n<body>", Options{}, 0, record.ErrInvalid, "HTML page"},
		{"XML in the wrong name", "<?xml version='1.0'?>\n<a/>", Options{}, 0, record.ErrInvalid, "line 1"},
		{"a line cut in the middle", p("a", "") + p("b", "")[:30], Options{}, 0, ErrCut, "line 2"},
		{"the same, accepted by hand", p("a", "") + p("b", "")[:30], Options{AcceptPartial: true}, 1, nil, "cannot be read"},
		{"a gzip stream that breaks off at a line's end", gz(p("a", ""), 8), Options{}, 0, ErrCut, "breaks off"},
		{"a gzip stream", gz(p("a", ""), 0), Options{}, 1, nil, ""},
		{"a byte order mark", "\uFEFF" + p("a", ""), Options{}, 1, nil, ""},
		{"no line feed at the end", strings.TrimSpace(p("a", "") + p("b", "")), Options{}, 2, nil, ""},
		{"an entity without an id", p("a", "") + `{"schema":"Person","properties":{"name":["X"]}}`, Options{}, 0, ErrCut, "id cannot be read"},
		{"an id with a control character", p("a", "") + p(`\u0001`, ""), Options{}, 0, ErrCut, "id cannot be read"},
		{"an entity without a schema", p("a", "") + `{"id":"b","properties":{"name":["X"]}}`, Options{}, 0, ErrCut, "no schema"},
		{"one id for two entities", p("a", "") + p("a", `,"gender":["male"]`), Options{}, 0, record.ErrInvalid, "line 1 and again at line 2"},
		{"the same, accepted by hand", p("a", "") + p("a", `,"gender":["male"]`), Options{AcceptPartial: true}, 1, nil, "left out"},
		{"the same entity twice", p("a", "") + p("a", ""), Options{}, 1, nil, "kept once"},
		{"a line larger than it may be", p("a", `,"notes":["`+strings.Repeat("x", 3000)+`"]`), Options{MaxEntry: 1000}, 0, record.ErrInvalid, "line 1 is larger"},
		{"a value larger than it may be", p("a", `,"notes":["`+strings.Repeat("x", 3000)+`"]`), Options{MaxElement: 1000}, 1, nil, "larger than 1000"},
		{"a list larger than it may be", p("a", "") + p("b", ""), Options{MaxBytes: 80}, 0, record.ErrInvalid, "larger than 80 bytes"},
		{"more to join than may be held", p("a", "") + `{"id":"s","schema":"Sanction","properties":{"entity":["a"]}}`, Options{MaxHeld: 10}, 0, record.ErrInvalid, "held to be joined"},
		{"bytes that are no UTF-8", p("a", ",\"alias\":[\"Jos\xe9\"]"), Options{}, 1, nil, "not UTF-8"},
		{"a value that is a number", p("a", `,"alias":[7]`), Options{}, 1, nil, "not a text"},
		{"a property that is not a list", p("a", `,"alias":"Z"`), Options{}, 1, nil, ""},
		{"a date that is none", p("a", `,"birthDate":["May"]`), Options{}, 1, nil, "not a date"},
		{"Windows-1252 taken for Latin-1", p("a", `,"alias":["O\u0092Neil"]`), Options{}, 1, nil, `read as '’'`},
		{"a sanction of nobody in the file", p("a", "") + `{"id":"s","schema":"Sanction","properties":{"entity":["z"]}}`, Options{}, 1, nil, "belong to none"},
		{"a link to nobody in the file is no loss", p("a", "") + `{"id":"s","schema":"Ownership","properties":{"owner":["a"],"asset":["z"]}}`, Options{}, 1, nil, ""},
		{"a schema of a later day with a name", p("a", "") + `{"id":"b","schema":"Robot","caption":"R2","properties":{"name":["R2"]}}`, Options{}, 2, nil, "schema Robot"},
		{"and without", p("a", "") + `{"id":"b","schema":"Robot","properties":{}}`, Options{}, 1, nil, "schema Robot"},
		{"no targets", p("a", "") + strings.Replace(p("b", ""), "{", `{"target":false,`, 1), Options{}, 2, nil, ""},
		{"no targets, left out", p("a", "") + strings.Replace(p("b", ""), "{", `{"target":false,`, 1), Options{TargetsOnly: true}, 1, nil, ""},
		{"a wrong type of a field", p("a", "") + `{"id":"b","schema":"Person","caption":"N","datasets":3,"properties":{"name":["N"]}}`, Options{}, 2, nil, "not as it should be"},
	} {
		list, entries, err := Read(strings.NewReader(c.doc), c.opt)
		if c.err != nil {
			if !errors.Is(err, c.err) || !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), c.said) || entries != nil {
				t.Errorf("%s: %v", c.reason, err)
			}
			continue
		}
		if err != nil || len(entries) != c.entries || list.Damaged != (c.said != "") || !strings.Contains(fmt.Sprint(list.Complaints), c.said) {
			t.Errorf("%s: %v, %d entries, %v", c.reason, err, len(entries), list.Complaints)
		}
	}
}

func TestDates(t *testing.T) {
	seen := func(day string) string {
		return `{"id":"a","schema":"Person","caption":"A","properties":{"name":["A"]},"last_seen":"` + day + `"}`
	}
	for _, c := range []struct{ reason, doc, given, basis, want, wantBasis string }{
		{"stated by the newest sight of an entity", seen("2026-01-05T06:00:00"), "2026-02-01", "import-day", "2026-01-05", "stated"},
		{"nothing stated", seen(""), "2026-02-01", "given", "2026-02-01", "given"},
		{"nothing at all", seen(""), "", "", "0001-01-01", ""},
		{"a day after the import is no date of the list", seen("2099-01-05"), "2026-02-01", "import-day", "2026-02-01", "import-day"},
	} {
		o := Options{DateBasis: c.basis}
		if c.given != "" {
			o.Date = date.MustDay(c.given)
		}
		list, e := entry(t, c.doc, o)
		if c.given == "" {
			if !list.Date.IsZero() || list.Basis != "" {
				t.Errorf("%s: %s %s", c.reason, list.Date, list.Basis)
			}
			continue
		}
		if list.Date.String() != c.want || list.Basis != c.wantBasis || e.Version != list.Date {
			t.Errorf("%s: %s %s, entry of %s", c.reason, list.Date, list.Basis, e.Version)
		}
	}
}

// A pipe cannot be read twice: it is held.
func TestAPipe(t *testing.T) {
	r, w := io.Pipe()
	go func() {
		io.WriteString(w, fixture(t, "entities.ftm.json"))
		w.Close()
	}()
	if list, _, err := Read(r, Options{}); err != nil || list.Count != 6 {
		t.Errorf("%v %+v", err, list)
	}
}

// growing is a file that is written to between the two passes.
type growing struct {
	*strings.Reader
	then string
}

func (g *growing) Seek(at int64, whence int) (int64, error) {
	if whence == io.SeekStart {
		g.Reader = strings.NewReader(g.then)
	}
	return g.Reader.Seek(at, whence)
}

func TestAFileThatChangesMeanwhile(t *testing.T) {
	doc := fixture(t, "entities.ftm.json")
	if _, err := Each(&growing{strings.NewReader(doc), doc + doc}, Options{}, func(record.Listed) error { return nil }); !errors.Is(err, record.ErrConflict) {
		t.Error(err)
	}
}

func TestTheCallersErrorComesBack(t *testing.T) {
	full := errors.New("the disk is full")
	if _, err := Each(strings.NewReader(fixture(t, "entities.ftm.json")), Options{}, func(record.Listed) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
}

// The order of lines and of values says nothing in this form.
func TestOrderSaysNothing(t *testing.T) {
	doc := strings.TrimSpace(fixture(t, "entities.ftm.json"))
	want, _, err := Read(strings.NewReader(doc), Options{})
	if err != nil {
		t.Fatal(err)
	}
	ls := strings.Split(doc, "\n")
	slices.Reverse(ls)
	for i, l := range ls {
		var e struct {
			Properties map[string][]string `json:"properties"`
		}
		var all map[string]any
		if l == "" {
			continue
		}
		if json.Unmarshal([]byte(l), &e) != nil || json.Unmarshal([]byte(l), &all) != nil {
			t.Fatal(l)
		}
		for _, vs := range e.Properties {
			slices.Reverse(vs)
		}
		all["properties"] = e.Properties
		b, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		ls[i] = string(b)
	}
	got, _, err := Read(strings.NewReader(strings.Join(ls, "\n")), Options{})
	if err != nil || got.Content != want.Content {
		t.Errorf("%v, %s, want %s", err, got.Content, want.Content)
	}
}

func TestTablesAgree(t *testing.T) {
	for name, s := range schemas() {
		if _, tied := ties()[name]; tied != (s.role == link) {
			t.Errorf("%s: a link in one table only", name)
		}
	}
	places := strings.Fields("name alias weak former short born birthplace birthcountry died nationality country gender title position address entity comment programme document link extra")
	for name, p := range properties() {
		if !slices.Contains(places, p.place) || (p.place == "document" || p.place == "link") != (p.kind != "") {
			t.Errorf("%s: %+v", name, p)
		}
	}
}
