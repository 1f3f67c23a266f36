package eu

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"article41/listing"
	"article41/record"
)

// FuzzRead: whatever the bytes, the reader answers with an error or with
// entries that can go into the ledger.
func FuzzRead(f *testing.F) {
	fsf, table := fixture(f, "fsf.xml"), fixture(f, "32099R0001.csv")
	for _, doc := range []string{
		fsf, table, fsf[:len(fsf)/2], strings.ReplaceAll(table, `"`, ""), strings.ReplaceAll(fsf, "</", "<"), table[:len(table)/2],
		"", "<html>", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "\x1f\x8b\x08\x00", "\xff\xfe<\x00", whole(person("EU.1.1", "<birthdate year='1'/>")),
		strings.ReplaceAll(table, "(a)", "(or"),
	} {
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
		if len(entries) == 0 || len(entries) != list.Count || list.Partial && !partial || list.Damaged != (len(list.Complaints) > 0) || list.List == "" {
			t.Errorf("%d entries, list %+v", len(entries), list)
		}
		seen := map[string]bool{}
		for _, e := range entries {
			if e.Ref == "" || seen[e.Ref] || e.List != list.List {
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
