package ftm

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"article41/listing"
	"article41/record"
)

// readerOf is a file in memory.
type readerOf struct{ bytes.Buffer }

func (r *readerOf) reader() *bytes.Reader { return bytes.NewReader(r.Bytes()) }

// FuzzRead: whatever the bytes, the reader answers with an error or with
// entries that can go into the ledger.
func FuzzRead(f *testing.F) {
	whole := fixture(f, "entities.ftm.json")
	for _, doc := range []string{
		whole, whole[:len(whole)/2], "", "<html>", "\x1f\x8b\x08\x00", "\n\n", strings.ReplaceAll(whole, `"`, `\"`),
		`{"id":"a","schema":"Person","properties":{"name":"X"}}`, `{"id":"a","schema":"Person","properties":{"name":[{"id":"a"}]}}`,
		`{"id":"a","schema":"Person","properties":{"sanctions":[{"id":"s","schema":"Sanction","properties":{"programId":["x"]}},{"schema":"Address"},[],null,3.5,"\ud800"]}}`,
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
		if len(entries) == 0 || len(entries) != list.Count || list.Partial && !partial || list.Damaged != (len(list.Complaints) > 0) || list.Content != listing.Contents(entries) {
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

// FuzzValues: a property's values are those that encoding/json finds.
func FuzzValues(f *testing.F) {
	for _, s := range []string{`["a","b\n\"c"]`, `"x"`, `[]`, `null`, `[ 1 , {"a":["]"]} , [ "," ] ,true]`, `[{}]`, ` [ ] `} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var read any
		if json.Unmarshal(b, &read) != nil {
			return
		}
		vs := valuesOf(bytes.Trim(b, " \t\r\n"))
		want, isList := read.([]any)
		if !isList && read != nil {
			want = append(want, read)
		}
		if len(vs) != len(want) {
			t.Fatalf("%q: %d values, want %d", b, len(vs), len(want))
		}
		for i, v := range vs {
			switch w := want[i].(type) {
			case string:
				if strings.ToValidUTF8(v.text, "\uFFFD") != strings.ToValidUTF8(w, "\uFFFD") && utf8.Valid(b) {
					t.Errorf("%q: %q, want %q", b, v.text, w)
				}
			case map[string]any:
				var got map[string]any
				if json.Unmarshal(v.nested, &got) != nil || !reflect.DeepEqual(got, w) {
					t.Errorf("%q: %s", b, v.nested)
				}
			default:
				if !v.other {
					t.Errorf("%q: %+v", b, v)
				}
			}
		}
	})
}
