package curated

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

func TestParseEffect(t *testing.T) {
	d := date.MustDay
	for s, want := range map[string]record.Effect{
		"extend travel-ban until 2027-05-31":                               {Do: record.Extend, What: []record.ComponentID{"travel-ban"}, Until: d("2027-05-31")},
		" extend  travel-ban,panel  paragraph 1(a) until 2027-05-31 ":      {Do: record.Extend, What: []record.ComponentID{"travel-ban", "panel"}, Until: d("2027-05-31"), Paragraph: "1(a)"},
		`establish panel term "13 months from adoption" paragraph 18`:      {Do: record.Establish, What: []record.ComponentID{"panel"}, Term: "13 months from adoption", Paragraph: "18"},
		`extend panel until 2027-05-31 final gap note "a last, short one"`: {Do: record.Extend, What: []record.ComponentID{"panel"}, Until: d("2027-05-31"), Final: true, Gap: true, Note: "a last, short one"},
		`revive assets-freeze from 2025-09-27 hour 20:00`:                  {Do: record.Revive, What: []record.ComponentID{"assets-freeze"}, From: d("2025-09-27"), Hour: "20:00"},
		"terminate travel-ban":                                             {Do: record.Terminate, What: []record.ComponentID{"travel-ban"}},
	} {
		if got, err := ParseEffect(s); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
	for s, says := range map[string]string{
		"":                                   "want a deed",
		"extend":                             "want a deed",
		"extend panel until":                 "until: nothing follows",
		"extend panel until 31 May 2027":     "want YYYY-MM-DD",
		"extend panel until 2027-02-30":      "want YYYY-MM-DD",
		"extend panel for 12 months":         `"for": want until`,
		`extend panel note "no end`:          "a quote is not closed",
		"revive panel hour 8pm":              "hour",
		"extend panel until 2027-05-31 soon": "soon: nothing follows",
	} {
		if _, err := ParseEffect(s); !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", s, err, says)
		}
	}
}

// adoption is one of everything, in words that YAML could misread.
func adoption(regime record.RegimeID, on string) Adoption {
	cite := record.Cite{Source: "UN-press", Place: "SC/16400", Sure: record.Verified}
	return Adoption{Regime: regime, Symbol: "S/RES/9001",
		Vote: record.Vote{Draft: "S/2026/300", Title: `A title: "quoted", # no comment`, Date: date.MustDay(on), Published: date.MustDay(on), Meeting: "S/PV.10160",
			Mode: record.ByVote, Tally: &record.Tally{Yes: 9, Abstain: 5, NotVoting: 1},
			Ballots: &record.Ballots{Yes: []country.Code{"FRA", "USA"}, No: nil, Abstain: []country.Code{"CHN"}}, Penholders: []country.Code{"USA"}},
		Effects: []record.Effect{
			{Do: record.Extend, What: []record.ComponentID{"travel-ban", "panel"}, Paragraph: "1", Until: date.MustDay("2099-05-31"), Note: "so: they say #1", Cite: cite},
			{Do: record.Amend, What: []record.ComponentID{"panel"}, Term: "one year from adoption", From: date.MustDay(on), Hour: "20:00", Final: true, Gap: true, Scope: "yes",
				Cite: record.Cite{Source: "agencies", Place: "a paper, page 3", Sure: record.Unverified, Note: "{n}"}},
		}, Cite: cite}
}

// TestWriteDecision: what is written is read back as it was said.
func TestWriteDecision(t *testing.T) {
	for _, indent := range []string{"", "  ", "    "} {
		a := adoption("x", "2026-05-29")
		var got []decisionDoc
		text := a.Write(indent)
		if err := yaml.UnmarshalWithOptions([]byte(text), &got, yaml.Strict()); err != nil || len(got) != 1 {
			t.Fatalf("%v\n%s", err, text)
		}
		want := decisionDoc{Symbol: a.Symbol, Vote: &a.Vote, Effects: a.Effects}
		want.Vote.Cites = []record.Cite{a.Cite}
		want.Vote.Mode = "" // a vote is what is meant where nothing is said
		if !reflect.DeepEqual(got[0], want) {
			t.Errorf("%s\nread back as %+v\nwant %+v", text, got[0], want)
		}
	}
	bare := Adoption{Symbol: "S/RES/9001", Vote: record.Vote{Date: date.MustDay("2026-05-29"), Mode: record.WithoutVote}, Cite: record.Cite{Source: "memory", Sure: record.Unverified}}
	if got, want := bare.Write("  "), "  - symbol: S/RES/9001\n    vote:\n      date: 2026-05-29\n      mode: without-vote\n      cites:\n        - unverified memory\n"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func nobody(symbol.Symbol) date.Day { return date.Day{} }

// TestAddDecision: into every file of the record, as its newest decision and as
// its oldest; no other line changes.
func TestAddDecision(t *testing.T) {
	files, err := filepath.Glob("../../data/regimes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no regimes", err)
	}
	when := map[symbol.Symbol]date.Day{}
	for _, e := range shippedRecord(t).Entries {
		if e.Kind == record.KindVote {
			var v record.Vote
			if err := e.Decode(&v); err != nil {
				t.Fatal(err)
			}
			when[v.ID], when[v.Draft] = v.Date, v.Date
		}
	}
	day := func(s symbol.Symbol) date.Day { return when[s] }
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		id := strings.TrimSuffix(filepath.Base(f), ".yaml")
		var before regimeDoc
		if err := yaml.Unmarshal(text, &before); err != nil {
			t.Fatal(f, err)
		}
		for _, on := range []string{"2099-01-01", "1946-02-01"} {
			out, line, err := AddDecision(text, adoption(record.RegimeID(id), on), day)
			if err != nil {
				t.Errorf("%s: %v", f, err)
				continue
			}
			lines := strings.Split(string(out), "\n")
			if !strings.Contains(lines[line-1], "- symbol: S/RES/9001") {
				t.Errorf("%s on %s: line %d is %q", f, on, line, lines[line-1])
			}
			var after regimeDoc
			if err := yaml.Unmarshal(out, &after); err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			at := slices.IndexFunc(after.Decisions, func(d decisionDoc) bool { return d.Symbol == "S/RES/9001" })
			if want := map[bool]int{true: len(before.Decisions), false: 0}[on > "2000"]; at != want || len(after.Decisions) != len(before.Decisions)+1 {
				t.Errorf("%s on %s: at place %d of %d, want %d", f, on, at, len(after.Decisions), want)
			}
			n := strings.Count(adoption("", on).Write(""), "\n")
			if rest := strings.Join(slices.Concat(lines[:line-1], lines[line-1+n:]), "\n"); rest != string(text) {
				t.Errorf("%s on %s: other lines changed", f, on)
			}
			if _, _, err := AddDecision(out, adoption(record.RegimeID(id), on), day); err == nil || !strings.Contains(err.Error(), "stands here already") {
				t.Errorf("%s: a second time: %v", f, err)
			}
		}
	}
}

func TestAddDecisionToOverlay(t *testing.T) {
	a := adoption("mali", "2026-05-29")
	out, line, err := AddDecision(nil, a, nobody)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	if lines[1] != "id: mali" || lines[2] != "decisions:" || line != 4 || !strings.HasPrefix(lines[3], "  - symbol: S/RES/9001") {
		t.Errorf("line %d of\n%s", line, out)
	}
	a.Symbol, a.Vote.Date, a.KnownThrough = "S/RES/9000", date.MustDay("2026-05-01"), date.MustDay("2026-05-02")
	out, line, err = AddDecision(out, a, nobody)
	if err != nil {
		t.Fatal(err)
	}
	lines = strings.Split(string(out), "\n")
	if lines[2] != "known_through: 2026-05-02" || lines[3] != "known_through_cite: verified UN-press SC/16400" || line != 6 || !strings.HasPrefix(lines[5], "  - symbol: S/RES/9000") {
		t.Errorf("line %d of\n%s", line, out)
	}
}

// TestKnownThrough: raised in its place, never lowered.
func TestKnownThrough(t *testing.T) {
	text := "id: mali\nname: x\nknown_through: 2026-04-30\n# why\nknown_through_cite:\n  source: computed\n  sureness: verified\n\n# decisions of the Council\ndecisions:\n  - symbol: S/RES/2374 (2017)\n    on: 2017-09-05\n# the listed\nlistings: []\n"
	a := adoption("mali", "2026-05-29")
	a.KnownThrough = date.MustDay("2026-05-29")
	out, line, err := AddDecision([]byte(text), a, nobody)
	if err != nil {
		t.Fatal(err)
	}
	want := "id: mali\nname: x\nknown_through: 2026-05-29\n# why\nknown_through_cite: verified UN-press SC/16400\n\n# decisions of the Council\ndecisions:\n  - symbol: S/RES/2374 (2017)\n    on: 2017-09-05\n" +
		a.Write("  ") + "# the listed\nlistings: []\n"
	if string(out) != want || line != 11 {
		t.Errorf("line %d of\n%s\nwant\n%s", line, out, want)
	}
	a.KnownThrough = date.MustDay("2026-04-29")
	if _, _, err := AddDecision([]byte(text), a, nobody); err == nil || !strings.Contains(err.Error(), "line 3: the chain is known through 2026-04-30 already") {
		t.Errorf("lowered: %v", err)
	}
	for why, text := range map[string]string{
		"another regime's":  "id: libya-2\n",
		"no mapping":        "- mali\n",
		"no YAML":           "id: [",
		"two documents":     "id: mali\n---\nid: mali\n",
		"a list in one row": "id: mali\ndecisions: [{symbol: S/RES/1}]\n",
		"half a coverage":   "id: mali\nknown_through: 2026-04-30\n",
	} {
		a.KnownThrough = date.MustDay("2026-05-29")
		if _, _, err := AddDecision([]byte(text), a, nobody); !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: %v", why, err)
		}
	}
}

func TestEdited(t *testing.T) {
	base := fstest.MapFS{"a/x.yaml": {Data: []byte("old")}, "b.yaml": {Data: []byte("b")}}
	for name, want := range map[string]string{"a/x.yaml": "a/x.yaml=new b.yaml=b", "a/y.yaml": "a/x.yaml=old a/y.yaml=new b.yaml=b", "c/z.yaml": "a/x.yaml=old b.yaml=b c/z.yaml=new"} {
		fsys := Edited(base, name, []byte("new"))
		var got []string
		err := fs.WalkDir(fsys, ".", func(n string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := fs.ReadFile(fsys, n)
			got = append(got, n+"="+string(b))
			return err
		})
		if slices.Sort(got); err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %q, %v; want %s", name, got, err, want)
		}
		if found, err := fs.Glob(fsys, filepath.ToSlash(filepath.Dir(name))+"/*.yaml"); err != nil || !slices.Contains(found, name) {
			t.Errorf("%s is not among %v (%v)", name, found, err)
		}
	}
	rec, problems := ReadOverlay(Edited(fstest.MapFS{}, "regimes/south-sudan.yaml", []byte(renewal)), shippedRecord(t))
	if len(rec.Entries) != 2 || len(problems) != 0 {
		t.Errorf("a first file in an empty overlay: %v, %v", facts(rec), problems)
	}
}
