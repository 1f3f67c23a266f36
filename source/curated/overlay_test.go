package curated

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"article41/data"
	"article41/record"
)

func shippedRecord(t testing.TB) Record {
	t.Helper()
	rec, err := Unpack(bytes.NewReader(data.Pack))
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// folder is an overlay of files given as name, text, name, text, …
func folder(files ...string) fstest.MapFS {
	f := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		f[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return f
}

func stated(t testing.TB, rec Record, fact record.FactID, into any) {
	t.Helper()
	i := slices.IndexFunc(rec.Entries, func(e record.Entry) bool { return e.Fact == fact })
	if i < 0 {
		t.Fatalf("the overlay does not state %s; it states %v", fact, facts(rec))
	}
	if rec.Entries[i].Source != OverlaySource {
		t.Errorf("%s is stated by %s", fact, rec.Entries[i].Source)
	}
	if err := json.Unmarshal(rec.Entries[i].Body, into); err != nil {
		t.Fatal(err)
	}
}

func facts(rec Record) []record.FactID {
	var out []record.FactID
	for _, e := range rec.Entries {
		out = append(out, e.Fact)
	}
	return out
}

const renewal = `id: south-sudan
decisions:
  - symbol: S/RES/9001
    vote:
      date: 2026-05-29
      meeting: S/PV.10160
      tally: 9-0-6
      cites: [verified UN-press SC/16400]
    effects:
      - {do: extend, what: [travel-ban, assets-freeze, arms-embargo], paragraph: "1", until: 2027-05-31, cite: verified UN-press SC/16400}
`

// TestOverlayOfNothing: the record read back from its entries, linted and stated
// again, is the record to the byte.
func TestOverlayOfNothing(t *testing.T) {
	for _, f := range []fstest.MapFS{folder(), folder("README.md", "mine", ".git/config", "x"), folder("regimes/mali.yaml", "id: mali\n")} {
		rec, problems := ReadOverlay(f, shippedRecord(t))
		if len(rec.Entries) > 0 || len(problems) > 0 {
			t.Errorf("%v\n%v", facts(rec), problems)
		}
	}
}

func TestOverlay(t *testing.T) {
	base := shippedRecord(t)
	read := func(files ...string) Record {
		t.Helper()
		rec, problems := ReadOverlay(folder(files...), base)
		for _, p := range problems {
			t.Error(p)
		}
		if rec.Edition.Entries != len(rec.Entries) || rec.Edition.Version == "" {
			t.Errorf("the edition says %+v of %d entries", rec.Edition, len(rec.Entries))
		}
		return rec
	}

	added := read("regimes/south-sudan.yaml", renewal)
	if got := facts(added); !slices.Equal(got, []record.FactID{"effects/south-sudan/S/RES/9001", "vote/S/RES/9001"}) {
		t.Errorf("a renewal states %v", got)
	}
	var v record.Vote
	stated(t, added, "vote/S/RES/9001", &v)
	if v.Recorded != record.FateAdopted || *v.Tally != (record.Tally{Yes: 9, Abstain: 6}) || v.Meeting != "S/PV.10160" {
		t.Errorf("its vote: %+v", v)
	}
	if known := added.Entries[0].Known.String(); known != "2026-05-29" {
		t.Errorf("the renewal is known from %s", known)
	}
	if again := read("regimes/south-sudan.yaml", renewal); again.Edition != added.Edition {
		t.Error("the same overlay has two editions")
	}

	// A correction of one effect leaves the vote and the rest of the chain alone.
	corrected := read("regimes/south-sudan.yaml", `id: south-sudan
decisions:
  - symbol: S/RES/2471
    effects:
      - {do: extend, what: [travel-ban, assets-freeze, arms-embargo], until: 2020-05-31, cite: verified agencies Sudan Tribune 31 May 2019}
      - {do: extend, what: [panel], until: 2020-06-30, cite: verified agencies Sudan Tribune 31 May 2019}
`)
	if got := facts(corrected); !slices.Equal(got, []record.FactID{"effects/south-sudan/S/RES/2471"}) {
		t.Errorf("a correction states %v", got)
	}
	var e record.Effects
	stated(t, corrected, "effects/south-sudan/S/RES/2471", &e)
	if e.Effects[1].Until.String() != "2020-06-30" || len(e.Claims) != 2 {
		t.Errorf("the correction: %+v", e)
	}

	// A vote: another tally and a penholder; what is not given stays.
	var was record.Vote
	for _, x := range base.Entries {
		if x.Fact == "vote/S/RES/2633" {
			if err := x.Decode(&was); err != nil {
				t.Fatal(err)
			}
		}
	}
	voted := read("regimes/south-sudan.yaml", `id: south-sudan
decisions:
  - symbol: S/RES/2633
    vote: {tally: 10-1-4, ballots: {"no": [CHN]}, penholders: [USA], cites: [unverified memory]}
`)
	if got := facts(voted); !slices.Equal(got, []record.FactID{"vote/S/RES/2633"}) {
		t.Errorf("a vote states %v", got)
	}
	stated(t, voted, "vote/S/RES/2633", &v)
	if v.Tally.Yes != 10 || v.Date != was.Date || v.Draft != was.Draft || len(v.Cites) != len(was.Cites)+1 {
		t.Errorf("the vote: %+v, was %+v", v, was)
	}

	// How far a chain is known, a listing, and a source of one's own.
	more := read("sources.yaml", `- {id: desk, title: The desk's own reading of the meetings}
`, "regimes/mali.yaml", `id: mali
known_through: 2026-11-20
known_through_cite: verified desk
listings:
  - ref: MLi.099
    name: Somebody Else
    sort: person
    steps: [{do: list, on: 2020-01-02, measures: [travel-ban], cite: verified desk}]
    cites: [verified desk]
`)
	if got := facts(more); !slices.Equal(got, []record.FactID{"source/desk", "coverage/mali", "listing/un/MLi.099"}) {
		t.Errorf("states %v", got)
	}

	// A regime of one's own, and a word for it.
	own := read("measures.csv", "word,type,name\nquiet,measure,duty of silence\n", "rules.yaml", `- {id: carve-out, word: quiet, decision: S/RES/2664 (2022), from: 2022-12-09, text: speech that saves lives, cite: unverified memory}
`, "regimes/atlantis.yaml", `id: atlantis
name: Measures on Atlantis
purpose: an exercise
founding: S/RES/9002
known_through: 2026-04-30
known_through_cite: unverified memory
components: [{id: silence, type: measure, name: silence, word: quiet, cite: unverified memory}]
cites: [unverified memory]
decisions:
  - symbol: S/RES/9002
    vote: {date: 2026-03-03, tally: 15-0-0, cites: [unverified memory]}
    effects: [{do: impose, what: [silence], cite: unverified memory}]
`)
	if got := facts(own); !slices.Equal(got, []record.FactID{"regime/atlantis", "coverage/atlantis", "effects/atlantis/S/RES/9002", "rule/carve-out", "vote/S/RES/9002"}) {
		t.Errorf("states %v", got)
	}
}

// TestBadOverlays: what check would refuse is refused, at its line in the
// overlay, though the chain that it breaks lies in the record below.
func TestBadOverlays(t *testing.T) {
	base := shippedRecord(t)
	const head = "id: south-sudan\n# a comment\ndecisions:\n"
	vote := func(date string) string { return "    vote: {date: " + date + ", cites: [unverified memory]}\n" }
	effect := func(do, what, rest string) string {
		return "    effects:\n      - {do: " + do + ", what: [" + what + "], " + rest + "cite: unverified memory}\n"
	}
	for _, c := range []struct {
		why, file, text string
		line            int
		says            string
	}{
		{"a malformed symbol", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/none\n", 4, "S/RES/<number>"},
		{"a symbol with another year", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/2206 (2016)\n", 4, "is of 2015"},
		{"an impossible tally", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n    vote: {date: 2026-05-29, tally: 14-1-1, cites: [unverified memory]}\n", 4, "more than the 15 seats"},
		{"a tally that is none", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n    vote: {date: 2026-05-29, tally: many}\n", 5, "want yes-no-abstain"},
		{"until before it begins", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n" + vote("2026-05-29") + effect("extend", "travel-ban", "until: 2026-05-01, "), 7, "is before 2026-05-29"},
		{"a renewal after expiry", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n" + vote("2026-06-09") + effect("extend", "travel-ban", "until: 2027-05-31, "), 7, "had ended on 2026-05-31: set gap: true"},
		{"a member that did not sit", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n    vote: {date: 2026-05-29, ballots: {abstain: [CHN, NRU]}, cites: [unverified memory]}\n", 4, "NRU did not sit"},
		{"a state that is none", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n    vote: {date: 2026-05-29, ballots: {abstain: [XXX]}, cites: [unverified memory]}\n", 4, "XXX"},
		{"a component that the regime has not", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n" + vote("2026-05-29") + effect("extend", "charcoal", ""), 7, `no component "charcoal"`},
		{"a deed that is none", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n" + vote("2026-05-29") + effect("prolong", "travel-ban", ""), 7, `deed "prolong": want impose`},
		{"no source", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n" + vote("2026-05-29") + "    effects:\n      - {do: extend, what: [travel-ban]}\n", 7, "names no source"},
		{"a source nobody knows", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n" + vote("2026-05-29") + "    effects:\n      - {do: extend, what: [travel-ban], cite: verified hearsay}\n", 7, `source "hearsay"`},
		{"a vote without a day", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n    vote: {cites: [unverified memory]}\n", 4, "give its vote a date"},
		{"neither a vote nor a day", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n" + effect("extend", "travel-ban", ""), 4, "add on: or vote:"},
		{"a decision twice", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n" + vote("2026-05-29") + "  - symbol: S/RES/9001\n" + vote("2026-05-29"), 6, "stands twice"},
		{"a key nobody knows", "regimes/south-sudan.yaml", "id: south-sudan\nsunset: 2027-05-31\n", 2, "sunset"},
		{"no YAML", "regimes/south-sudan.yaml", "id: [\n", 1, ""},
		{"another regime's name", "regimes/sudan.yaml", "id: south-sudan\n", 1, "must be called regimes/south-sudan.yaml"},
		{"half a regime", "regimes/atlantis.yaml", "id: atlantis\n", 1, "a name and a purpose"},
		{"a file that nothing reads", "votes/resolutions.csv", "resolution\n", 0, "a vote stands under its decision"},
		{"a slip in a file's name", "regimes/south-sudan.yml", "id: south-sudan\n", 0, "an overlay is"},
		{"an averting draft nobody knows", "regimes/south-sudan.yaml", head + "  - symbol: S/RES/9001\n" + vote("2026-05-29") + effect("revive", "travel-ban", "averted_by: [S/2026/9999], "), 7, "no such vote"},
	} {
		rec, problems := ReadOverlay(folder(c.file, c.text), base)
		if len(problems) == 0 {
			t.Errorf("%s: taken, as %v", c.why, facts(rec))
			continue
		}
		if !slices.ContainsFunc(problems, func(p Problem) bool {
			return p.File == c.file && p.Line == c.line && strings.Contains(p.What, c.says)
		}) {
			t.Errorf("%s: want %s:%d: …%s…, have %v", c.why, c.file, c.line, c.says, problems)
		}
	}
}

// FuzzOverlay: no file makes the reader panic.
func FuzzOverlay(f *testing.F) {
	f.Add(renewal)
	f.Add("id: south-sudan\ndecisions: []\n")
	f.Add("id: south-sudan\ncomponents:\n  - {id: panel}\nlistings: [{ref: SSi.007}]\n")
	f.Add("decisions:\n  - symbol: S/RES/2206\n    effects: []\n")
	base := Record{}
	for _, e := range shippedRecord(f).Entries {
		if strings.Contains(string(e.Fact), "south-sudan") || e.Kind == record.KindSource {
			base.Entries = append(base.Entries, e)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		ReadOverlay(folder("regimes/south-sudan.yaml", text), base)
	})
}
