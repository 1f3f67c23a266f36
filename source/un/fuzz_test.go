package un

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
	alias := `<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Hay’at (HTS) (هيئة; Hayat b) Tahrir)</ALIAS_NAME><DATE_OF_BIRTH>1966 - 1968</DATE_OF_BIRTH><NOTE>original script: Абу</NOTE></INDIVIDUAL_ALIAS>`
	whole := xmlList(person("QDi.001", `<COMMENTS1>Reportedly killed on 1 May 2011. (Travel Ban)</COMMENTS1><NAME_ORIGINAL_SCRIPT>صدام</NAME_ORIGINAL_SCRIPT>`+alias),
		`<ENTITY><FIRST_NAME>A &amp; B &#x41;</FIRST_NAME><REFERENCE_NUMBER>KPe.001 </REFERENCE_NUMBER><ENTITY_ADDRESS><COUNTRY/></ENTITY_ADDRESS></ENTITY>`)
	for _, doc := range []string{
		whole, "", "<", "<html>", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "\x1f\x8b\x08\x00",
		string(cutToLowBytes(whole)), whole[:len(whole)/2], strings.ReplaceAll(whole, "&amp;", "&"),
		strings.ReplaceAll(whole, "</INDIVIDUAL>", ""), strings.ReplaceAll(whole, "</", "<"), "\xff\xfe<\x00C\x00",
		strings.ReplaceAll(whole, "QDi.001", "QDi.001</REFERENCE_NUMBER><REFERENCE_NUMBER>QDi.002"),
		strings.ReplaceAll(whole, "<COMMENTS1>", "<COMMENTS1><![CDATA[<&]]><X><Y>z</Y></X><!-- -->"),
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
		if len(entries) == 0 || len(entries) != list.Count || list.Partial && !partial || list.Narrowed && !list.Damaged && strings.Contains(string(doc), "NAME_ORIGINAL_SCRIPT>x") {
			t.Errorf("%d entries, list %+v", len(entries), list)
		}
		seen := map[string]bool{}
		for _, e := range entries {
			if !reference.MatchString(e.Ref) || seen[e.Ref] {
				t.Errorf("reference %q", e.Ref)
			}
			seen[e.Ref] = true
			for _, n := range e.Names {
				if n.Text == "" || !utf8.ValidString(n.Text) || strings.ContainsAny(n.Text, "\x00\x19\n\t") || n.Quality == "" {
					t.Errorf("%s: name %q (%s)", e.Ref, n.Text, n.Quality)
				}
			}
			b, err := record.Encode(listing.Public(e))
			if err != nil || !utf8.Valid(b) || bytes.Contains(b, []byte(`\u0000`)) {
				t.Errorf("%s: %v %q", e.Ref, err, b)
			}
		}
		if d := listing.Diff(entries, entries, list, list); len(d.Listed)+len(d.Amended)+len(d.Delisted) > 0 {
			t.Error("a list differs from itself")
		}
	})
}
