package house

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
	"unicode/utf16"
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
	list, entries, err := Read(strings.NewReader(fixture(t, "house.csv")), Options{Date: date.MustDay("2026-02-01"), Name: "house.csv"})
	if err != nil || list.Damaged || list.List != Source || list.Basis != "given" || list.Count != 4 || list.Content != listing.Contents(entries) {
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
	golden := filepath.Join("testdata", "house.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if held := fixture(t, "house.golden"); got.String() != held {
		t.Errorf("%swant\n%s", got.String(), held)
	}
}

func TestTheSameListInAnyDress(t *testing.T) {
	doc := fixture(t, "house.csv")
	want, _, err := Read(strings.NewReader(doc), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var zipped, wide bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	io.WriteString(zw, doc)
	zw.Close()
	wide.WriteString("\xFF\xFE")
	for _, u := range utf16.Encode([]rune(doc)) {
		wide.Write([]byte{byte(u), byte(u >> 8)})
	}
	for name, dress := range map[string]string{
		"gzip":                zipped.String(),
		"a byte order mark":   "\uFEFF" + doc,
		"UTF-16":              wide.String(),
		"carriage returns":    strings.ReplaceAll(doc, "\n", "\r\n"),
		"headers in capitals": strings.Replace(doc, "weak_aliases", "Weak_Aliases", 1),
		"empty rows":          doc + ",,,,,,,,,,,,\n\n",
		"empty columns":       strings.Replace(doc, "desk 3\n", "desk 3,,\n", 1),
	} {
		list, _, err := Read(strings.NewReader(dress), Options{})
		if err != nil || list.Content != want.Content {
			t.Errorf("%s: %v %+v", name, err, list)
		}
	}
	tabs := "id\tname\taliases\nH-1\tA B\tC; D\n"
	for name, dress := range map[string]string{"tabs": tabs, "semicolons": "id;name;aliases\nH-1;A B;\"C; D\"\n"} {
		_, entries, err := Read(strings.NewReader(dress), Options{})
		if err != nil || len(entries) != 1 || len(entries[0].Names) != 3 {
			t.Errorf("%s: %v %+v", name, err, entries)
		}
	}
}

func TestInputs(t *testing.T) {
	for _, c := range []struct{ reason, doc, said string }{
		{"an empty file", "", "empty"},
		{"nothing but space", " \n\n", "nothing but space"},
		{"an HTML page in the right name", "<!DOCTYPE html><html>", "HTML page"},
		{"a workbook", "PK\x03\x04xxxx", "save it as CSV"},
		{"JSON", `{"id":"a"}`, "not a table"},
		{"no row", "id,name\n", "no entry"},
		{"no column of names", "id,title\nH,x\n", `column "title" is not known`},
		{"a misspelt column", "id,name,alias\nH,x,y\n", `column "alias" is not known`},
		{"a column without a name", "id,,name\nH,x,y\n", "column 2 cannot be read"},
		{"a column twice", "id,name,name\nH,x,y\n", "stands there twice"},
		{"the header lacks the id", "name\nx\n", "lacks the column id"},
		{"a row without an id", "id,name\nH-1,A\n,B\n", "line 3: id: empty"},
		{"a row without a name", "id,name\nH-1,A\nH-2,\n", "line 3: name: empty"},
		{"one id for two rows", "id,name\nH-1,A\nH-1,B\n", `line 3: id: "H-1" stands at line 2 already`},
		{"a row with a column too many", "id,name\nH-1,A,B\n", "line 2: 3 columns, where the header has 2"},
		{"a row with a column too few", "id,name,note\nH-1,A\n", "line 2: 2 columns, where the header has 3"},
		{"a stray quotation mark", "id,name\nH-1,A\"B\nH-2,C\n", "line 2: the row cannot be read"},
		{"a quotation mark that is not closed", "id,name\nH-1,\"A\nH-2,C\n", "line 2: the row cannot be read, and with it what stands up to line"},
		{"a kind of its own", "id,name,kind\nH-1,A,man\n", `line 2: kind: "man"`},
		{"a date in words", "id,name,born\nH-1,A,May 1962\n", `line 2: born: "May 1962" is no date`},
		{"a date that is none", "id,name,listed_on\nH-1,A,2023-02-29\n", "line 2: listed_on"},
		{"an identifier without a kind", "id,name,identifiers\nH-1,A,12345\n", `line 2: identifiers: "12345"`},
		{"Windows-1252", "id,name\nH-1,Jos\xe9\n", "line 2: name: not UTF-8"},
		{"a control character", "id,name\nH-1,A\x01\n", "line 2: name: holds the character U+0001"},
		{"a cell larger than it may be", "id,name\nH-1," + strings.Repeat("x", 3000) + "\n", "line 2: name: larger than 1000 bytes"},
		{"a row larger than it may be", "id,name\nH-1,\"" + strings.Repeat("x\n", 100_000) + "\"\n", "is larger than 5000 bytes"},
		{"a gzip stream that breaks off", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00", "unexpected EOF"},
	} {
		_, entries, err := Read(strings.NewReader(c.doc), Options{MaxElement: 1000, MaxEntry: 5000})
		if err == nil || entries != nil || !strings.Contains(err.Error(), c.said) || !errors.Is(err, record.ErrInvalid) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v", c.reason, err)
		}
	}
	if _, _, err := Read(strings.NewReader(fixture(t, "house.csv")), Options{MaxBytes: 100}); err == nil || !strings.Contains(err.Error(), "larger than 100 bytes") {
		t.Error(err)
	}
}

// Every wrong row is in the error; accepted by hand, the others load.
func TestAllRowErrorsAtOnce(t *testing.T) {
	doc := "id,name,kind,born\nH-1,A,person,1960\nH-2,B,man,x\n,C,,\nH-4,D,,1960-13\nH-5,E,entity,\n"
	_, _, err := Read(strings.NewReader(doc), Options{})
	var rows *RowErrors
	if !errors.As(err, &rows) || len(rows.Rows) != 4 {
		t.Fatalf("%v", err)
	}
	for _, place := range []string{"line 3: kind", "line 3: born", "line 4: id", "line 5: born"} {
		if !strings.Contains(err.Error(), place) {
			t.Errorf("%q does not say %q", err, place)
		}
	}
	list, entries, err := Read(strings.NewReader(doc), Options{AcceptPartial: true})
	if err != nil || len(entries) != 2 || !list.Partial || !list.Damaged || len(list.Complaints) != 4 {
		t.Errorf("%v %d %+v", err, len(entries), list)
	}
	many := "id,name,kind\n" + strings.Repeat("H,A,man\n", 30)
	if _, _, err := Read(strings.NewReader(many), Options{}); err == nil || !strings.Contains(err.Error(), "and 39 more") {
		t.Error(err)
	}
}

// FuzzRead: whatever the bytes, the reader answers with an error or with
// entries that can go into the ledger.
func FuzzRead(f *testing.F) {
	whole := fixture(f, "house.csv")
	for _, doc := range []string{whole, whole[:len(whole)/2], "", "<html>", "\x1f\x8b\x08\x00", "\xff\xfei\x00", strings.ReplaceAll(whole, ",", ";"), "id,name,identifiers\n1,a,b/c:d\n", strings.ReplaceAll(whole, `"`, "")} {
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
		if len(entries) == 0 || len(entries) != list.Count || list.Damaged != (len(list.Complaints) > 0) || list.Partial && !partial {
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
					t.Errorf("%s: name %q", e.Ref, n.Text)
				}
			}
			b, err := record.Encode(e)
			if err != nil || !utf8.Valid(b) || bytes.Contains(b, []byte(`\u0000`)) {
				t.Errorf("%s: %v %q", e.Ref, err, b)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var doc strings.Builder
	doc.WriteString("id,name,kind,aliases,born,identifiers\n")
	for i := range 20_000 {
		fmt.Fprintf(&doc, "H-%d,Moussa Testman %d,person,TESTMAN Moussa; Abu Probe,1962-05-07,passport/ML: A%d\n", i, i, i)
	}
	b.SetBytes(int64(doc.Len()))
	for b.Loop() {
		if _, _, err := Read(strings.NewReader(doc.String()), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
