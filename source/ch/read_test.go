package ch

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
	list, entries, err := Read(strings.NewReader(fixture(t, "ch.xml")), Options{Date: date.MustDay("2025-05-25")})
	if err != nil || list.Damaged || list.List != Source || list.Basis != "stated" || list.Date.String() != "2026-01-05" || list.Count != 3 {
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
	golden := filepath.Join("testdata", "ch.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if held := fixture(t, "ch.golden"); got.String() != held {
		t.Errorf("%swant\n%s", got.String(), held)
	}
	var zipped bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	io.WriteString(zw, fixture(t, "ch.xml"))
	zw.Close()
	for name, dress := range map[string]string{"gzip": zipped.String(), "a byte order mark": "\uFEFF" + fixture(t, "ch.xml"), "carriage returns": strings.ReplaceAll(fixture(t, "ch.xml"), "\n", "\r\n")} {
		if other, _, err := Read(strings.NewReader(dress), Options{}); err != nil || other.Content != list.Content {
			t.Errorf("%s: %v %+v", name, err, other)
		}
	}
}

func TestInputs(t *testing.T) {
	whole := func(inside string) string { return "<swiss-sanctions-list>" + inside + "</swiss-sanctions-list>" }
	tgt := func(id, more string) string {
		return `<target ssid="` + id + `"><individual><identity main="true"><name name-type="primary-name"><name-part order="1"><value>N ` + id + `</value></name-part></name></identity>` + more + `</individual></target>`
	}
	for _, c := range []struct {
		reason, doc string
		opt         Options
		entries     int
		err         error
		said        string
	}{
		{"an empty file", "", Options{}, 0, record.ErrInvalid, "empty"},
		{"an HTML page in the right name", "<html><body>", Options{}, 0, record.ErrInvalid, "HTML page"},
		{"another list", "<export/>", Options{}, 0, record.ErrInvalid, "its root is <export>"},
		{"an entity bomb", `<!DOCTYPE x [<!ENTITY a "b">]>` + whole(tgt("1", "")), Options{}, 0, record.ErrInvalid, "document type declaration"},
		{"no target", whole(""), Options{}, 0, record.ErrInvalid, "no entry"},
		{"only targets taken off", whole(strings.Replace(tgt("1", ""), "</individual>", `</individual><modification modification-type="de-listed"/>`, 1)), Options{}, 0, record.ErrInvalid, "no entry"},
		{"cut behind a target", "<swiss-sanctions-list>" + tgt("1", ""), Options{}, 0, ErrCut, "after 1 entries"},
		{"cut inside a target", "<swiss-sanctions-list>" + tgt("1", "") + tgt("2", "")[:50], Options{}, 0, ErrCut, "after 1 entries"},
		{"the same, accepted by hand", "<swiss-sanctions-list>" + tgt("1", "") + tgt("2", "")[:50], Options{AcceptPartial: true}, 1, nil, "after 1 entries"},
		{"a part of the list", strings.Replace(whole(tgt("1", "")), ">", ` list-type="delta">`, 1), Options{}, 0, ErrCut, "not the whole list"},
		{"a target without a number", whole(tgt("1", "") + tgt("", "")), Options{}, 0, ErrCut, "number cannot be read"},
		{"one number for two targets", whole(tgt("1", "") + tgt("1", "<justification>x</justification>")), Options{}, 0, record.ErrInvalid, "and differs"},
		{"one target twice", whole(tgt("1", "") + tgt("1", "")), Options{}, 1, nil, "kept once"},
		{"a giant element", whole(tgt("1", "<justification>"+strings.Repeat("x", 300_000)+"</justification>")), Options{MaxEntry: 100_000}, 0, record.ErrInvalid, "larger than 100000 bytes"},
		{"a list larger than it may be", whole(tgt("1", "")), Options{MaxBytes: 50}, 0, record.ErrInvalid, "larger than 50 bytes"},
		{"a control character", whole(tgt("1", "<justification>a\x01</justification>")), Options{}, 1, nil, "justification"},
		{"a date that is none", whole(strings.Replace(tgt("1", ""), "<name ", `<day-month-year day="31" month="2" year="1960"/><name `, 1)), Options{}, 1, nil, "not a date"},
		{"a place that is not there", whole(strings.Replace(tgt("1", ""), "<name ", `<address place-id="7"/><name `, 1)), Options{}, 1, nil, "no such place"},
		{"an ordinance that is not there", whole(strings.Replace(tgt("1", ""), "<individual>", `<sanctions-set-id>7</sanctions-set-id><individual>`, 1)), Options{}, 1, nil, "no ordinance"},
		{"a target of no kind", whole(tgt("1", "") + `<target ssid="2"/>`), Options{}, 2, nil, "neither"},
		{"a list's date that is none", strings.Replace(whole(tgt("1", "")), ">", ` date="today">`, 1), Options{}, 1, nil, "not a date"},
		{"an element of a later day", whole(tgt("1", "<nickname>N</nickname>")), Options{}, 1, nil, ""},
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

// FuzzRead: whatever the bytes, the reader answers with an error or with
// entries that can go into the ledger.
func FuzzRead(f *testing.F) {
	whole := fixture(f, "ch.xml")
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
	doc := fixture(b, "ch.xml")
	from, to := strings.Index(doc, "<target "), strings.Index(doc, "<place ")
	var many strings.Builder
	many.WriteString(doc[:from])
	for i := range 2000 {
		many.WriteString(strings.ReplaceAll(doc[from:to], `<target ssid="10`, fmt.Sprintf(`<target ssid="1%d0`, i)))
	}
	many.WriteString(doc[to:])
	b.ReportAllocs()
	b.SetBytes(int64(many.Len()))
	for b.Loop() {
		if list, _, err := Read(strings.NewReader(many.String()), Options{}); err != nil || list.Count != 6000 {
			b.Fatal(err, list.Count)
		}
	}
}
