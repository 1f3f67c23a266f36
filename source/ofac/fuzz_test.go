package ofac

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"article41/listing"
	"article41/record"
)

// FuzzRead: whatever the bytes, the reader answers with an error or with
// entries that can go into the ledger.
func FuzzRead(f *testing.F) {
	xml, err := os.ReadFile(filepath.Join("testdata", "sdn.xml"))
	if err != nil {
		f.Fatal(err)
	}
	csv, model := whole["SDN.CSV"], advancedFixture(f)
	for _, doc := range []string{
		csv, csv[:len(csv)/2], strings.ReplaceAll(csv, `"`, ""), strings.ReplaceAll(csv, "\r\n", ""), string(xml), string(xml[:len(xml)/2]),
		"", "<", "<html>", "\x1f\x8b\x08\x00", "PK\x03\x04", "\x1a", "\xff\xfe1\x00", "1,\"\n", strings.ReplaceAll(string(xml), "</", "<"),
		model, model[:len(model)/2], strings.ReplaceAll(model, "ID=", "="), "<sanctions>",
	} {
		f.Add([]byte(doc), false)
		f.Add([]byte(doc), true)
	}
	f.Fuzz(func(t *testing.T, doc []byte, partial bool) {
		list, entries, err := Read(bytes.NewReader(doc), Options{AcceptPartial: partial, MaxBytes: 1 << 20, MaxEntry: 1 << 16, MaxElement: 1 << 14})
		sound(t, list, entries, err, partial)
	})
}

// FuzzReadSet does the same with the files that are joined.
func FuzzReadSet(f *testing.F) {
	f.Add([]byte(whole["ALT.CSV"]), []byte(whole["ADD.CSV"]), []byte(whole["SDN_COMMENTS.CSV"]))
	f.Add([]byte("27001,1"), []byte("\x1a"), []byte("27001,\""))
	f.Fuzz(func(t *testing.T, alt, add, comments []byte) {
		set := fstest.MapFS{"sdn.csv": {Data: []byte(whole["SDN.CSV"])}, "alt.csv": {Data: alt}, "add.csv": {Data: add}, "sdn_comments.csv": {Data: comments}}
		list, entries, err := ReadSet(set, Options{MaxBytes: 1 << 20, MaxEntry: 1 << 16, MaxElement: 1 << 14})
		sound(t, list, entries, err, false)
	})
}

func sound(t *testing.T, list record.List, entries []record.Listed, err error, partial bool) {
	t.Helper()
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
		if !number.MatchString(e.Ref) || seen[e.Ref] {
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
}
