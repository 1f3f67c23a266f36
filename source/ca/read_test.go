package ca

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
	"unicode/utf8"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/shareddata"
	"article41/sheet"
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
	list, entries, err := Read(strings.NewReader(fixture(t, "ca.xml")), Options{Date: date.MustDay("2025-05-25")})
	if err != nil || list.Damaged || list.List != Source || list.Basis != "given" || list.Count != 4 {
		t.Fatalf("%v, %d entries, %+v", err, len(entries), list)
	}
	var got strings.Builder
	for _, e := range entries {
		b, err := record.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "%s\n", b)
	}
	golden := filepath.Join("testdata", "ca.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if held := fixture(t, "ca.golden"); got.String() != held {
		t.Errorf("%swant\n%s", got.String(), held)
	}
	var zipped bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	io.WriteString(zw, fixture(t, "ca.xml"))
	zw.Close()
	for name, dress := range map[string]string{"gzip": zipped.String(), "a byte order mark": "\uFEFF" + fixture(t, "ca.xml"), "carriage returns": strings.ReplaceAll(fixture(t, "ca.xml"), "\n", "\r\n")} {
		if other, _, err := Read(strings.NewReader(dress), Options{}); err != nil || other.Content != list.Content {
			t.Errorf("%s: %v %+v", name, err, other)
		}
	}
}

func TestInputs(t *testing.T) {
	whole := func(records string) string { return "<data-set>" + records + "</data-set>" }
	rec := func(item, more string) string {
		return "<record><Country>Testland</Country><LastName>A</LastName><GivenName>B</GivenName><Schedule>1</Schedule><Item>" + item + "</Item>" + more + "</record>"
	}
	for _, c := range []struct {
		reason, doc string
		opt         Options
		entries     int
		err         error
		said        string
	}{
		{"an empty file", "", Options{}, 0, record.ErrInvalid, "empty"},
		{"nothing but space", "  \n", Options{}, 0, record.ErrInvalid, "nothing but space"},
		{"an HTML page in the right name", "<html><body>", Options{}, 0, record.ErrInvalid, "HTML page"},
		{"JSON", `{"a":1}`, Options{}, 0, record.ErrInvalid, "it begins with"},
		{"another list", "<export/>", Options{}, 0, record.ErrInvalid, "its root is <export>"},
		{"an entity bomb", `<!DOCTYPE x [<!ENTITY a "b">]>` + whole(rec("1", "")), Options{}, 0, record.ErrInvalid, "document type declaration"},
		{"no record", whole(""), Options{}, 0, record.ErrInvalid, "no entry"},
		{"cut behind a record", "<data-set>" + rec("1", ""), Options{}, 0, ErrCut, "after 1 entries"},
		{"cut inside a record", "<data-set>" + rec("1", "") + rec("2", "")[:50], Options{}, 0, ErrCut, "after 1 entries"},
		{"the same, accepted by hand", "<data-set>" + rec("1", "") + rec("2", "")[:50], Options{AcceptPartial: true}, 1, nil, "after 1 entries"},
		{"a record that names nobody", whole(rec("1", "") + "<record><Country>Testland</Country></record>"), Options{}, 0, ErrCut, "without a name"},
		{"two records under one item", whole(rec("1", "") + rec("1", "<Aliases>C</Aliases>")), Options{}, 0, record.ErrInvalid, "and differs"},
		{"the same, accepted by hand", whole(rec("1", "") + rec("1", "<Aliases>C</Aliases>")), Options{AcceptPartial: true}, 1, nil, "left out"},
		{"one record twice", whole(rec("1", "") + rec("1", "")), Options{}, 1, nil, "kept once"},
		{"a giant element", whole(rec("1", "<Aliases>"+strings.Repeat("x", 300_000)+"</Aliases>")), Options{MaxEntry: 100_000}, 0, record.ErrInvalid, "larger than 100000 bytes"},
		{"a list larger than it may be", whole(rec("1", "")), Options{MaxBytes: 50}, 0, record.ErrInvalid, "larger than 50 bytes"},
		{"a control character", whole(rec("1", "<Aliases>a\x01</Aliases>")), Options{}, 1, nil, "Aliases"},
		{"bytes that are no UTF-8", whole(rec("1", "<Aliases>Jos\xe9</Aliases>")), Options{}, 1, nil, "Aliases"},
		{"a date in words", whole(rec("1", "<DateOfBirth>born in the early 1970s</DateOfBirth>")), Options{}, 1, nil, "not a date"},
		{"a day of listing that is none", whole(rec("1", "<DateOfListing>soon</DateOfListing>")), Options{}, 1, nil, "not a date"},
		{"an element of a later day", whole(rec("1", "<Nickname>N</Nickname>")), Options{}, 1, nil, ""},
		{"an unknown element among the records", whole(rec("1", "") + "<x/>"), Options{}, 1, nil, "passed over"},
		{"a person beside a body", whole(rec("1", "<Entity>E</Entity>")), Options{}, 1, nil, "beside a body"},
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

func TestBirths(t *testing.T) {
	for _, c := range []struct{ reason, in, want string }{
		{"a day", "1971-03-04", "1971-03-04"}, {"a month", "1971-03", "1971-03"}, {"a year", "1971", "1971"},
		{"a span", "1963-1964", "1963/1964"}, {"as Excel had it", "Sep-99", "1999-09"}, {"two years", "1963 or 1964", "1963 1964"},
		{"two days", "1965-07-15 OR 1969-09-28", "1965-07-15 1969-09-28"}, {"in words", "early 1970s", ""},
	} {
		p := &page{Page: sheet.Page{Of: &sheet.Reading{}, Entry: &record.Listed{}}, x: &reading{}}
		p.born("", c.in)
		var got []string
		for _, b := range p.Entry.Births {
			got = append(got, b.On.String())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v", c.reason, got)
		}
	}
}

// The real lists: every record is an entry.
func TestTheRealLists(t *testing.T) {
	for _, want := range []struct {
		file                    string
		count, persons, vessels int
		complaints              int
	}{{"canada_2025.xml.gz", 4759, 3334, 109, 1}, {"canada_sema_2022.xml.gz", 2606, 2069, 0, 0}} {
		b, err := os.ReadFile(shareddata.Path(t, "data/other-lists/"+want.file))
		if err != nil {
			t.Fatal(err)
		}
		list, entries, err := Read(bytes.NewReader(b), Options{})
		if err != nil {
			t.Errorf("%s: %v", want.file, err)
			continue
		}
		sorts := map[string]int{}
		for _, e := range entries {
			sorts[e.Sort]++
		}
		if list.Count != want.count || sorts["person"] != want.persons || sorts["vessel"] != want.vessels || len(list.Complaints) != want.complaints || list.Partial {
			t.Errorf("%s: %d entries, %v, %v", want.file, list.Count, sorts, list.Complaints)
		}
	}
}

// FuzzRead: whatever the bytes, the reader answers with an error or with
// entries that can go into the ledger.
func FuzzRead(f *testing.F) {
	whole := fixture(f, "ca.xml")
	for _, doc := range []string{whole, whole[:len(whole)/2], strings.ReplaceAll(whole, "</", "<"), "", "<html>", "<!DOCTYPE x>", "\x1f\x8b\x08\x00", "\xff\xfe<\x00"} {
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
				if n.Text == "" || !utf8.ValidString(n.Text) || strings.ContainsAny(n.Text, "\x00\x19\n\t") || n.Quality == "" {
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
	raw, err := os.ReadFile(shareddata.Path(b, "data/other-lists/canada_2025.xml.gz"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Read(bytes.NewReader(raw), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
