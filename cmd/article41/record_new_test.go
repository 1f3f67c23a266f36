package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"article41/record"
	"article41/source/curated"
)

// said is a renewal of South Sudan's measures as flags; pairs replace or add.
func saidRenewal(pairs ...string) []string {
	flags := [][2]string{
		{"--regime", "south-sudan"}, {"--symbol", "S/RES/9001"}, {"--date", "2026-05-29"}, {"--meeting", "S/PV.10160"}, {"--tally", "9-0-6"},
		{"--cite", "verified UN-press SC/16400"}, {"--effect", "extend travel-ban,assets-freeze,arms-embargo until 2027-05-31 paragraph 1"},
	}
	for i := 0; i < len(pairs); i += 2 {
		found := false
		for j := range flags {
			if flags[j][0] == pairs[i] {
				flags[j][1], found = pairs[i+1], true
			}
		}
		if !found {
			flags = append(flags, [2]string{pairs[i], pairs[i+1]})
		}
	}
	args := []string{"record", "new"}
	for _, f := range flags {
		if f[1] != "" {
			args = append(args, f[0], f[1])
		}
	}
	return args
}

// TestAdoptionToAnswer: an editor adds a renewal to a copy of the record, signs
// it, and an installation that takes it in answers with it.
func TestAdoptionToAnswer(t *testing.T) {
	b := newBench(t)
	folder := b.path("data")
	if err := os.CopyFS(folder, os.DirFS(filepath.FromSlash("../../data"))); err != nil {
		t.Fatal(err)
	}
	n := shippedNumber(t)
	b.write("data/version.yaml", fmt.Sprintf("number: %d\nversion: with-9001\n", n+1))
	was := b.read("data/" + renewalFile)

	out := b.must(saidRenewal("--data", folder, "--ballots", "abstain CHN RUS PAK", "--known-through", "2026-05-29")...)
	if !strings.Contains(out, "0 problems") || !strings.Contains(out, "In force until 31 May 2027, by S/RES/2206 (2015) para 9, extended by S/RES/9001 para 1") || !strings.Contains(out, "written;") {
		t.Error(out)
	}
	text := b.read("data/" + renewalFile)
	if !strings.Contains(text, "\nknown_through: 2026-05-29\nknown_through_cite: verified UN-press SC/16400\n") ||
		strings.Count(text, "\n") != strings.Count(was, "\n")+11 || !strings.Contains(text, "  - symbol: S/RES/9001\n    vote:\n      date: 2026-05-29\n") {
		t.Errorf("the file has %d lines, had %d:\n%s", strings.Count(text, "\n"), strings.Count(was, "\n"), text[strings.Index(text, "  - symbol: S/RES/2781"):])
	}
	b.refused("a second time", exitUse, "stands here already", saidRenewal("--data", folder)...)

	b.must("record", "keygen", "--out", b.path("desk"))
	b.must("record", "sign", folder, "--private-key", b.path("desk.key"), "--out", b.path("new.a41"))
	b.must("record", "update", b.path("new.a41"), "--key", b.path("desk.pub"), "--db", b.db)
	if got := b.travelBan("2026-06-15"); got != "travel ban: In force until 31 May 2027, by S/RES/2206 (2015) para 9, extended by S/RES/9001 para 1." {
		t.Error(got)
	}
	if got := b.travelBan("2026-06-15", "--known-at", "2026-05-28"); !strings.Contains(got, "Unknown since 1 June 2026") {
		t.Errorf("to somebody who did not know of it yet: %s", got)
	}
	if got := b.travelBan("2027-06-15"); !strings.Contains(got, "Unknown since 1 June 2027") {
		t.Errorf("past its own term: %s", got)
	}

	// What check refuses is refused, with the line, and the file stays as it is.
	text = b.read("data/" + renewalFile)
	out = refusedWith(t, b, saidRenewal("--data", folder, "--symbol", "S/RES/9002", "--date", "2027-06-09", "--effect", "extend travel-ban until 2028-05-31"))
	line := strings.Count(text[:strings.Index(text, "\nlistings:")+1], "\n") + 9 // the ninth line of what was added
	for _, want := range []string{
		fmt.Sprintf("%s:%d: S/RES/9002 of 2027-06-09 extends travel-ban, whose term had ended on 2027-05-31: set gap: true if that is so", filepath.Join(folder, filepath.FromSlash(renewalFile)), line),
		"    - {do: extend, what: [travel-ban], until: 2028-05-31, cite: verified UN-press SC/16400}", "nothing was written"} {
		if !strings.Contains(out, want) {
			t.Errorf("want %q in\n%s", want, out)
		}
	}
	if b.read("data/"+renewalFile) != text {
		t.Error("a refused decision was written")
	}
	b.write("data/"+renewalFile, strings.Replace(text, "founding: S/RES/2206 (2015)", "founded: S/RES/2206 (2015)", 1))
	b.refused("a folder with problems of its own", exitUse, "problems already: mend them first", saidRenewal("--data", folder, "--symbol", "S/RES/9002")...)
}

func refusedWith(t *testing.T, b *bench, args []string) string {
	t.Helper()
	code, out, errs := b.run("", args...)
	if code != exitNothing {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	return out
}

// TestBadAdoptions: each bad input has a clear error with its place, and nothing
// is written.
func TestBadAdoptions(t *testing.T) {
	b := newBench(t)
	folder := b.path("mine")
	file := filepath.Join(folder, filepath.FromSlash(renewalFile))
	for _, c := range []struct {
		why   string
		code  int
		says  string
		pairs []string
	}{
		{"a malformed symbol", exitUse, `--symbol: symbol "S/RES/none": want S/RES/<number>`, []string{"--symbol", "S/RES/none"}},
		{"a symbol of another year", exitUse, "is of 2015, not 2016", []string{"--symbol", "S/RES/2206 (2016)"}},
		{"the effects of a draft", exitUse, "count only once it is adopted", []string{"--symbol", "S/2026/300"}},
		{"an impossible tally", exitNothing, file + ":4: S/RES/9001: tally 14-1-1 adds up to more than the 15 seats of 2026", []string{"--tally", "14-1-1"}},
		{"a tally that is none", exitUse, `--tally: invalid: tally "most": want yes-no-abstain`, []string{"--tally", "most"}},
		{"no such day", exitUse, `--date: day "2026-02-30": want YYYY-MM-DD`, []string{"--date", "2026-02-30"}},
		{"until before it begins", exitNothing, file + ":12: S/RES/9001: until 2026-05-01 is before 2026-05-29", []string{"--effect", "extend travel-ban until 2026-05-01"}},
		{"a renewal after expiry", exitNothing, file + ":12: S/RES/9001 of 2026-06-09 extends travel-ban, whose term had ended on 2026-05-31: set gap: true", []string{"--date", "2026-06-09"}},
		{"a member that did not sit", exitNothing, file + ":4: S/RES/9001: NRU did not sit in the Council on 2026-05-29", []string{"--ballots", "abstain NRU"}},
		{"a state that is none", exitUse, `--ballots: "XXX" is no ISO 3166`, []string{"--ballots", "no XXX"}},
		{"a ballot that is none", exitUse, `--ballots: "maybe": want yes`, []string{"--ballots", "maybe CHN"}},
		{"a regime nobody knows", exitUse, `--regime: not found: no regime "atlantis"`, []string{"--regime", "atlantis"}},
		{"a component the regime has not", exitNothing, `no component "charcoal"`, []string{"--effect", "impose charcoal"}},
		{"an effect that cannot be read", exitUse, `--effect: invalid: effect "extend"`, []string{"--effect", "extend"}},
		{"no source", exitUse, "--cite is missing", []string{"--cite", ""}},
		{"a source nobody knows", exitNothing, `source "hearsay" is not in sources.yaml`, []string{"--cite", "verified hearsay"}},
		{"half a source", exitUse, "want a sureness and a source", []string{"--cite", "verified"}},
		{"another day than the table's", exitNothing, "S/RES/2781", []string{"--symbol", "S/RES/2781", "--tally", "16-0-0"}},
		{"known less far than before", exitUse, "known through", []string{"--known-through", "2020-01-01", "--symbol", "S/RES/9003"}},
	} {
		if c.why == "known less far than before" {
			b.write("mine/"+renewalFile, "id: south-sudan\nknown_through: 2026-05-01\nknown_through_cite: unverified memory\n")
		} else {
			os.RemoveAll(folder)
		}
		b.refused(c.why, c.code, c.says, saidRenewal(append(c.pairs, "--overlay", folder)...)...)
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), "symbol:") {
			t.Errorf("%s: written", c.why)
		}
	}
	os.RemoveAll(folder)
	b.refused("no folder", exitUse, "where to?", saidRenewal()...)
	b.refused("no folder of the record", exitUse, "problems already", saidRenewal("--data", b.path("nowhere"))...)
}

// TestWalk: the questions, a slip answered again, and the answer before it is
// written.
func TestWalk(t *testing.T) {
	b := newBench(t)
	mine := b.path("mine")
	in := strings.Join([]string{
		"south-sudan",
		"S/RES/none", "S/RES/9001", // a slip is asked again
		"", "2026-05-29", // what is needed is asked until it is said
		"S/PV.10160", "9-0-6", "", "", "", "Renewal", "", "USA",
		"verified UN-press SC/16400", "",
		"extend travel-ban", "extend panel untill 2027-07-01", "extend panel until 2027-07-01 paragraph 2", "",
		"no",
	}, "\n") + "\n"
	code, out, errs := b.run(in, "record", "new", "--overlay", mine)
	if code != exitAnswered || !strings.Contains(out, "nothing was written") || exists(filepath.Join(mine, filepath.FromSlash(renewalFile))) {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	for _, want := range []string{`symbol "S/RES/none": want`, "travel-ban: in-force until 2026-05-31", "panel: in-force until 2026-07-01", `"untill": want until`, "write it? (yes or no)"} {
		if !strings.Contains(errs, want) {
			t.Errorf("the walk does not say %q:\n%s", want, errs)
		}
	}
	if strings.Count(errs, "day of adoption") != 2 {
		t.Errorf("an empty day was not asked again:\n%s", errs)
	}
	code, out, errs = b.run(strings.TrimSuffix(in, "no\n")+"yes\n", "record", "new", "--overlay", mine)
	if code != exitAnswered || !strings.Contains(out, "written; lay it over the record: article41 record overlay "+mine) {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	b.must("record", "overlay", mine, "--db", b.db)
	if got := b.must("status", "south-sudan", "--as-of", "2026-07-15", "--db", b.db); !strings.Contains(got, "In force until 1 July 2027, by S/RES/2206 (2015) para 18, extended by S/RES/9001 para 2") {
		t.Error(got)
	}
	code, out, errs = b.run("south-sudan\n", "record", "new", "--overlay", mine)
	if code != exitUse || !strings.Contains(errs, "--symbol is missing") {
		t.Errorf("the input ended early: exit %d\n%s%s", code, out, errs)
	}

	// In JSON, without writing.
	var w written
	args := append(saidRenewal("--symbol", "S/RES/9002", "--date", "2026-05-30", "--overlay", mine), "--json", "--dry-run")
	if err := json.Unmarshal([]byte(b.must(args...)), &w); err != nil || w.Written || w.Line == 0 || len(w.States) != 3 || len(w.Problems) != 0 || !strings.Contains(w.Text, "S/RES/9002") {
		t.Errorf("%+v, %v", w, err)
	}
	if strings.Contains(b.read("mine/"+renewalFile), "S/RES/9002") {
		t.Error("a dry run wrote")
	}
	args = append(saidRenewal("--symbol", "S/RES/9002", "--date", "2026-05-30", "--tally", "16-0-0", "--overlay", mine), "--json")
	if err := json.Unmarshal([]byte(refusedWith(t, b, args)), &w); err != nil || w.Written || len(w.Problems) != 1 || w.Problems[0].Line == 0 {
		t.Errorf("%+v, %v", w, err)
	}
}

// TestRecordIsDocumented: every key of the record's YAML and every column of its
// tables stands in its page.
func TestRecordIsDocumented(t *testing.T) {
	read := func(name string) string {
		b, err := os.ReadFile(filepath.FromSlash("../../" + name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	page, tables := read("docs/record.md"), read("docs/votes-data.md")
	seen := map[reflect.Type]bool{}
	keys := 0
	var walk func(reflect.Type)
	walk = func(r reflect.Type) {
		for r.Kind() == reflect.Pointer || r.Kind() == reflect.Slice || r.Kind() == reflect.Map {
			r = r.Elem()
		}
		if r.Kind() != reflect.Struct || seen[r] || !strings.HasPrefix(r.PkgPath(), "article41/record") {
			return
		}
		seen[r] = true
		for i := range r.NumField() {
			key, _, _ := strings.Cut(r.Field(i).Tag.Get("yaml"), ",")
			if key == "" || key == "-" {
				t.Errorf("%s.%s has no key", r, r.Field(i).Name)
				continue
			}
			keys++
			if !strings.Contains(page, "`"+key+"`") && !strings.Contains(page, "`\""+key+"\"`") {
				t.Errorf("docs/record.md does not say what `%s` is (%s)", key, r)
			}
			walk(r.Field(i).Type)
		}
	}
	for _, b := range []any{record.Regime{}, record.Effects{}, record.Vote{}, record.Listing{}, record.Rule{}, record.Source{}, record.Edition{}} {
		walk(reflect.TypeOf(b))
	}
	for _, r := range []reflect.Type{reflect.TypeFor[record.List](), reflect.TypeFor[record.Listed]()} {
		for i := range r.NumField() {
			key, _, _ := strings.Cut(r.Field(i).Tag.Get("yaml"), ",")
			if private := key == "addresses" || key == "documents" || key == "comments"; !private && !strings.Contains(page, "`"+key+"`") {
				t.Errorf("docs/record.md does not name `%s` (%s)", key, r)
			}
		}
	}
	for _, glob := range []string{"*.csv", "votes/*.csv", "assembly/*.csv"} {
		files, _ := filepath.Glob(filepath.FromSlash("../../data/" + glob))
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			header, _, _ := strings.Cut(string(b), "\n")
			for _, column := range strings.Split(strings.TrimSpace(header), ",") {
				keys++
				if !regexp.MustCompile(`\b` + column + `\b`).MatchString(page + tables) {
					t.Errorf("%s: column %s stands in neither page", f, column)
				}
			}
		}
	}
	if keys < 100 {
		t.Errorf("%d keys: this test has lost the record", keys)
	}
	// The lines of the page that show how are right.
	effect := regexp.MustCompile(`--effect '([^']+)'`).FindStringSubmatch(page)
	if effect == nil {
		t.Fatal("the page shows no effect")
	}
	if _, err := curated.ParseEffect(effect[1]); err != nil {
		t.Error(err)
	}
}
