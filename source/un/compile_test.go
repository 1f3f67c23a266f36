package un

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/shareddata"
)

func TestStripLeavesNoPrivateMatter(t *testing.T) {
	_, e := readOne(t, xmlList(person("QDi.001", `<COMMENTS1>Reportedly deceased in 2011. A long sentence.</COMMENTS1>
		<INDIVIDUAL_ADDRESS><STREET>1 Road</STREET></INDIVIDUAL_ADDRESS><INDIVIDUAL_DOCUMENT><NUMBER>A0123456</NUMBER></INDIVIDUAL_DOCUMENT>
		<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Jan N., born 1 Jan. 1953 (Oman passport no.03825239)</ALIAS_NAME></INDIVIDUAL_ALIAS>
		<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Jo</ALIAS_NAME><NOTE>nom de guerre</NOTE></INDIVIDUAL_ALIAS>
		<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Jay</ALIAS_NAME><NOTE>phone 0123456</NOTE></INDIVIDUAL_ALIAS>
		<DESIGNATION><VALUE>Judge</VALUE><VALUE>`+strings.Repeat("He directs many things and people. ", 5)+`</VALUE></DESIGNATION><VERSIONNUM>1</VERSIONNUM>`)))
	before, _ := record.Encode(e)
	s := listing.Public(e)
	after, _ := record.Encode(s)
	for _, secret := range []string{"Road", "A0123456", "03825239", "0123456", "sentence", "directs", "VERSIONNUM"} {
		if bytes.Contains(after, []byte(secret)) {
			t.Errorf("%q is still there: %s", secret, after)
		}
	}
	for _, fact := range []string{"nom de guerre", "Jan N.", "Judge", "reportedly deceased, 2011", "2015-07-01"} {
		if !bytes.Contains(after, []byte(fact)) {
			t.Errorf("%q is gone: %s", fact, after)
		}
	}
	if again, _ := record.Encode(e); !bytes.Equal(before, again) {
		t.Error("Strip changed what it was given")
	}
	if again, _ := record.Encode(listing.Public(s)); !bytes.Equal(again, after) {
		t.Error("stripping twice gives another entry")
	}
}

func compiled(t *testing.T, dir string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Compile(dir, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// folded reads a compiled history back.
func folded(t testing.TB, lines []byte) *listing.History {
	t.Helper()
	var h listing.Histories
	sc := bufio.NewScanner(bytes.NewReader(lines))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var line Line
		if err := json.Unmarshal(sc.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		switch line.Kind {
		case record.KindList:
			var l record.List
			if err := json.Unmarshal(line.Body, &l); err != nil {
				t.Fatal(err)
			}
			h.AddList(l)
		case record.KindListed:
			var l record.Listed
			if err := json.Unmarshal(line.Body, &l); err != nil {
				t.Fatal(err)
			}
			h.AddListed(l, listing.Recorded)
		default:
			t.Fatalf("kind %q", line.Kind)
		}
	}
	return h.List(Source)
}

func TestTheCompiledHistory(t *testing.T) {
	lines := compiled(t, shareddata.Path(t, "data/un-list"))
	if len(lines) > 3<<20 {
		t.Errorf("%d bytes", len(lines))
	}
	if m := regexp.MustCompile(`"(addresses|documents|comments)":|[Pp]assport n|[0-9]{8,}`).Find(regexp.MustCompile(`"(digest|content)":"[0-9a-f]{64}"`).ReplaceAll(lines, nil)); m != nil {
		t.Errorf("private matter: %s", m)
	}
	h := folded(t, lines)
	versions := h.Versions(date.Day{})
	if len(versions) != len(realLists) {
		t.Fatalf("%d versions", len(versions))
	}
	for i, v := range versions {
		if v.Date.String() != realLists[i].day || v.Count != realLists[i].count || len(h.Entries(v)) != v.Count || !v.Stripped || v.Origin != listing.Recorded {
			t.Errorf("list of %s: %d entries, %d by the fold, want %+v", v.Date, v.Count, len(h.Entries(v)), realLists[i])
		}
		for _, e := range h.Entries(v) {
			if !hasPrimary(e) { // also in the list cut to low bytes: carried from the one before
				t.Errorf("list of %s: %s has no primary name: %v", v.Date, e.Ref, e.Names)
			}
		}
	}
	for _, c := range []struct{ ref, asOf, knownAt, want string }{
		{"MLi.005", "2017-01-01", "2026-11-23", "not held"},
		{"MLi.005", "2018-10-29", "2026-11-23", "not on the list"},
		{"MLi.005", "2019-07-09", "2026-11-23", "not on the list"},
		{"MLi.005", "2019-07-10", "2026-11-23", "on the list"}, // listed on, between two versions
		{"MLi.001", "2018-12-19", "2026-11-23", "not on the list"},
		{"MLi.001", "2018-12-20", "2026-11-23", "on the list"},
		{"MLi.005", "2022-09-15", "2026-11-23", "on the list"},
		{"MLi.005", "2023-10-01", "2026-11-23", "removed between two versions"},
		{"MLi.005", "2023-10-01", "2023-10-01", "on the list"}, // the last word known that day
		{"MLi.005", "2024-09-21", "2026-11-23", "not on the list"},
		{"IRi.001", "2022-09-15", "2026-11-23", "on the list"},
		{"IRi.001", "2025-01-01", "2026-11-23", "not on the list"},
		{"IRi.001", "2025-09-28", "2026-11-23", "added between two versions"}, // its listing day is of 2006
		{"IRi.001", "2025-11-16", "2026-11-23", "on the list"},
		{"QDi.317", "2025-11-15", "2026-11-23", "not on the list"},
		{"QDi.317", "2025-11-01", "2026-11-23", "removed between two versions"},
		{"QDi.001", "2026-11-01", "2026-11-23", "on the list"},
	} {
		a := h.OnList(c.ref, date.MustDay(c.asOf), date.MustDay(c.knownAt))
		if string(a.Presence) != c.want || a.Entry == nil {
			t.Errorf("%s as of %s known at %s: %q, want %q", c.ref, c.asOf, c.knownAt, a.Presence, c.want)
		}
	}
	// An original-script name that the cut list lost is there as of its date.
	a := h.OnList("IQi.001", date.MustDay("2025-08-20"), date.MustDay("2025-09-01"))
	if a.Entry == nil || !slices.ContainsFunc(a.Entry.Names, func(n record.Name) bool { return n.Quality == record.Original }) {
		t.Errorf("IQi.001 as of 2025-08-20: %+v", a.Entry)
	}
}

func TestCompileTwiceGivesTheSameBytes(t *testing.T) {
	dir := t.TempDir()
	write := func(name, doc string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	at := func(day, doc string) string { return strings.Replace(doc, "2024-03-05T23:59:59.1-05:00", day, 1) }
	write("b.xml", at("2024-02-01", xmlList(person("QDi.001", ""), person("QDi.002", "<GENDER>Male</GENDER>"))))
	write("a.xml", at("2024-03-01", xmlList(person("QDi.002", "<GENDER>Male</GENDER>"), person("QDi.003", ""))))
	write("c.xml", at("2024-03-01", xmlList(person("QDi.002", "<GENDER>Male</GENDER>"), person("QDi.003", "<TITLE><VALUE>A & B</VALUE></TITLE>"))))
	one, two := compiled(t, dir), compiled(t, dir)
	if !bytes.Equal(one, two) {
		t.Error("not the same bytes")
	}
	h := folded(t, one)
	if v := h.Versions(date.Day{}); len(v) != 2 || v[1].Name != "a.xml" {
		t.Errorf("versions %+v", v)
	}
	if got := strings.Count(string(one), `"kind":"listed"`); got != 4 { // two, then one more and one gone
		t.Errorf("%d statements, want 4:\n%s", got, one)
	}
	if err := Compile(t.TempDir(), &bytes.Buffer{}); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("an empty folder: %v", err)
	}
	write("d.xml", "<html/>")
	if err := Compile(dir, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "d.xml") {
		t.Errorf("a file that is no list: %v", err)
	}
}
