package curated

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"article41/date"
	"article41/record"
)

// tiny is a whole record in small: two measures, a panel, a renewal, a draft
// that failed, a listing, a rule, an Assembly vote and a list.
func tiny() map[string]string {
	seats := "seat,member,holder,from,to,permanent,source,sureness,note\n"
	for i, m := range strings.Fields("CHN FRA RUS GBR USA BOL EGY ETH ITA JPN KAZ SEN SWE UKR URY") {
		seats += fmt.Sprintf("seat-%d,%s,,2017-01-01,2019-12-31,%v,lib,verified,\n", i, m, i < 5)
	}
	return map[string]string{
		"version.yaml": "number: 1\nversion: 2019-12-31\n",
		"sources.yaml": `- {id: lib, title: The library, also: [library]}
- {id: press, title: The press}
- {id: memory, title: Nobody}
`,
		"measures.csv": "word,type,name,note\ntravel-ban,measure,travel ban,\nassets-freeze,measure,assets freeze,\npanel,body,panel,\ncommittee,body,committee,\n",
		"seats.csv":    seats,
		"votes/resolutions.csv": `resolution,draft,date,meeting,mode,yes,no,abstain,not_voting,source,sureness,note
S/RES/2374 (2017),,2017-09-05,S/PV.8040,vote,15,0,0,,lib,verified,
S/RES/2432 (2018),S/2018/801,2018-08-30,S/PV.8336,vote,13,0,2,,lib (row 4); press,verified,
S/RES/2403 (2018),,2018-02-06,S/PV.8175,without-vote,,,,,lib,verified,
`,
		"votes/failed.csv": `draft,date,meeting,yes,no,abstain,not_voting,outcome,blocked_by,rivals,source,sureness,note
S/2018/156,2018-02-26,S/PV.8190,11,2,2,,veto,RUS,,lib,verified,
`,
		"votes/rollcalls.csv": `vote,yes,no,abstain,not_participating,absent,source,sureness,note
S/RES/2432 (2018),FRA GBR USA BOL EGY ETH ITA JPN KAZ SEN SWE UKR URY,,CHN RUS,,,lib,verified,
`,
		"assembly/votes.csv":   "resolution,session,title,date,yes,no,abstain,source,sureness,note\nA/RES/68/262,68,Territorial integrity,2014-03-27,100,11,58,lib,verified,\n",
		"assembly/ballots.csv": "resolution,state,vote,source,sureness\nA/RES/68/262,FRA,yes,lib,verified\nA/RES/68/262,RUS,no,lib,unverified\n",
		"rules.yaml": `- id: aid
  word: assets-freeze
  decision: S/RES/2374 (2017)
  from: 2018-01-01
  text: aid is no breach
  cite: verified lib
`,
		"lists/un.jsonl": `{"kind":"list","fact":"x","body":{"list":"un","date":"2018-10-29","basis":"stated","digest":"` + strings.Repeat("00", 32) + `","content":"` + strings.Repeat("00", 32) + `","count":1,"origin":"record"}}
{"kind":"listed","fact":"y","body":{"list":"un","ref":"TTi.001","version":"2018-10-29","names":[{"text":"Somebody","quality":"primary"}]}}
`,
		"regimes/tiny.yaml": `id: tiny
name: Tiny regime
type: sanctions
purpose: to be read by a test
founding: S/RES/2374 (2017)
territories: [MLI]
prefixes: [TT]
known_through: 2019-12-31
known_through_cite: verified lib
criteria:
  - {letter: a, text: conduct, cite: unverified memory}
context:
  - {on: 2018-05-01, text: something happened, cite: verified press page 3}
claims:
  - {about: the regime, says: something, speaker: somebody, hedge: stated, source: press, sureness: verified}
components:
  - {id: travel-ban, type: measure, name: travel ban, word: travel-ban, binds: listed, cite: verified lib}
  - {id: assets-freeze, type: measure, name: assets freeze, word: assets-freeze, binds: listed, cite: verified lib}
  - {id: panel, type: body, name: panel, word: panel, cite: verified lib}
  - {id: committee, type: body, name: committee, word: committee, oversees: [travel-ban, assets-freeze], cite: verified lib}
cites:
  - verified lib
decisions:
  - symbol: S/RES/2374 (2017)
    effects:
      - {do: impose, what: [travel-ban, assets-freeze], paragraph: "1", term: one year from adoption, cite: verified lib}
      - {do: establish, what: [panel], term: 13 months from adoption, cite: verified lib}
      - {do: establish, what: [committee], cite: verified lib}
  - symbol: S/2018/156
    effects:
      - {do: extend, what: [travel-ban], until: 2020-08-31, cite: verified lib}
  - symbol: S/RES/2432 (2018)
    vote:
      penholders: [FRA]
      cites: [verified press]
      acts:
        - {on: 2018-08-29, what: in blue, cite: verified press}
      statements:
        - {member: CHN, says: it abstained, cite: verified press}
      claims:
        - {about: the panel, says: otherwise, speaker: somebody, hedge: stated, source: press, sureness: verified}
    effects:
      - {do: extend, what: [travel-ban, assets-freeze], until: 2019-08-31, cite: verified lib}
      - {do: extend, what: [panel], until: 2019-09-30, cite: verified lib}
    claims:
      - {about: panel until, says: 2019-09-03, speaker: a newspaper, hedge: stated, source: press, sureness: verified}
  - symbol: S/2019/700
    vote:
      date: 2019-08-29
      tally: 13-1-1
      ballots: {"no": [RUS], abstain: [CHN]}
      cites: [verified press]
    effects:
      - {do: extend, what: [panel], until: 2020-09-30, cite: verified press}
listings:
  - ref: TTi.001
    name: Somebody
    sort: person
    steps:
      - {do: list, on: 2018-10-01, by: S/RES/2432 (2018), measures: [travel-ban], cite: verified lib}
      - {do: delist, on: 2019-06-01, cause: decision, cite: verified lib}
    cites: [verified lib]
`,
	}
}

func folderOf(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestTinyRecordIsSound(t *testing.T) {
	rec, problems := Read(folderOf(tiny()))
	for _, p := range problems {
		t.Error(p)
	}
	kinds := map[record.Kind]int{}
	for _, e := range rec.Entries {
		kinds[e.Kind]++
		if err := e.Validate(); err != nil {
			t.Errorf("%s: %v", e.Fact, err)
		}
	}
	want := map[record.Kind]int{record.KindSource: 3, record.KindSeat: 15, record.KindVote: 5, record.KindRegime: 1, record.KindCoverage: 1, record.KindEffects: 4,
		record.KindListing: 1, record.KindRule: 1, record.KindAssembly: 1, record.KindList: 1, record.KindListed: 1}
	for k, n := range want {
		if kinds[k] != n {
			t.Errorf("%d entries of kind %s, want %d", kinds[k], k, n)
		}
	}
	if rec.Edition.Entries != len(rec.Entries) || rec.Edition.Number != 1 || rec.Edition.Digest.IsZero() {
		t.Errorf("edition %+v of %d entries", rec.Edition, len(rec.Entries))
	}
}

// TestKnownDays: each fact is known from the day it was public, no earlier.
func TestKnownDays(t *testing.T) {
	rec, _ := Read(folderOf(tiny()))
	known := map[record.FactID]date.Day{}
	for _, e := range rec.Entries {
		known[e.Fact] = e.Known
	}
	for fact, want := range map[record.FactID]string{
		"source/lib": "1946-01-17", "vote/S/RES/2374": "2017-09-05", "vote/S/2018/156": "2018-02-26", "vote/S/2019/700": "2019-08-29",
		"regime/tiny": "2017-09-05", "coverage/tiny": "2017-09-05", "effects/tiny/S/RES/2432": "2018-08-30", "effects/tiny/S/2019/700": "2019-08-29",
		"listing/un/TTi.001": "2018-10-01", "rule/aid": "2018-01-01", "assembly/A/RES/68/262": "2014-03-27",
		"list/un/2018-10-29/record": "2018-10-29", "listed/un/TTi.001/2018-10-29/record": "2018-10-29",
	} {
		if got, ok := known[fact]; !ok || got.String() != want {
			t.Errorf("%s is known from %v, want %s", fact, got, want)
		}
	}
}

// TestBadInput: every wrong edit is a problem at its own place that says what is
// wrong. The marker is on the line at fault.
func TestBadInput(t *testing.T) {
	const regimes, resolutions, failed, rolls = "regimes/tiny.yaml", "votes/resolutions.csv", "votes/failed.csv", "votes/rollcalls.csv"
	for _, c := range []struct {
		why, file, old, new, marker, says string
	}{
		// The bad inputs that the record must refuse, each in a table and in YAML.
		{"a malformed symbol in a table", resolutions, "S/RES/2374 (2017),,", "S/RES/x,,", "S/RES/x", "symbol"},
		{"a malformed symbol in YAML", regimes, "symbol: S/2018/156", "symbol: S_2018_156", "S_2018_156", "symbol"},
		{"a resolution under a wrong year", resolutions, "S/RES/2374 (2017),,", "S/RES/2374 (2016),,", "(2016)", "is of 2017"},
		{"a resolution dated in another year than its number's", resolutions, "2017-09-05", "2018-01-05", "2018-01-05", "is dated 2018-01-05"},
		{"an impossible tally in a table", resolutions, "vote,15,0,0", "vote,15,0,1", "vote,15,0,1", "more than the 15 seats"},
		{"an impossible tally in YAML", regimes, "tally: 13-1-1", "tally: 14-1-1", "symbol: S/2019/700", "more than the 15 seats"},
		{"a tally that is none", regimes, "tally: 13-1-1", "tally: 13-1", "tally: 13-1", "want yes-no-abstain"},
		{"until before since", regimes, "until: 2019-08-31", "until: 2017-08-31", "until: 2017-08-31", "is before 2018-08-30"},
		{"a renewal after expiry", regimes, "term: one year from adoption", "until: 2018-08-01", "do: extend, what: [travel-ban, assets-freeze]", "set gap: true"},
		{"a renewal that begins after the term", regimes, "until: 2019-08-31", "from: 2018-10-01, until: 2019-08-31", "from: 2018-10-01", "set gap: true"},
		{"an effect that begins before its decision", regimes, "until: 2019-08-31", "from: 2018-08-01, until: 2019-08-31", "from: 2018-08-01", "when it was decided"},
		{"a member that did not sit, in a roll call", rolls, "FRA GBR", "DEU GBR", "DEU GBR", "DEU did not sit in the Council on 2018-08-30"},
		{"a member that did not sit, in YAML", regimes, `"no": [RUS]`, `"no": [DEU]`, "symbol: S/2019/700", "DEU did not sit in the Council on 2019-08-29"},
		{"a member that did not sit, in the column of blockers", failed, "veto,RUS", "veto,DEU", "veto,DEU", "DEU did not sit"},
		{"a state that is none", rolls, "FRA GBR", "FRX GBR", "FRX GBR", "no ISO 3166"},
		{"a member twice in one roll call", rolls, "CHN RUS", "CHN FRA", "CHN FRA", "FRA stands under yes and under abstain"},
		{"a roll call against its tally", rolls, "FRA GBR USA", "GBR USA", "GBR USA", ""},
		{"more named than the tally has", regimes, `"no": [RUS]`, `"no": [RUS, USA]`, "symbol: S/2019/700", "the tally says 13-1-1"},
		{"a listing by a draft that was not adopted", regimes, "by: S/RES/2432 (2018)", "by: S/2019/700", "by: S/2019/700", "was not adopted"},
		{"a rule by a draft that was not adopted", "rules.yaml", "S/RES/2374 (2017)", "S/2018/156", "id: aid", "no adopted decision"},
		{"a renewal of what only a failed draft would have imposed", regimes, "do: establish, what: [panel], term: 13 months", "do: review, what: [travel-ban], term: 13 months", "do: extend, what: [panel], until: 2019-09-30", "which nothing before it imposed"},

		// Words.
		{"an unknown deed", regimes, "do: impose", "do: enact", "do: enact", "want impose, extend"},
		{"an unknown deed of a failed draft", regimes, "do: extend, what: [travel-ban], until: 2020-08-31", "do: prolong, what: [travel-ban], until: 2020-08-31", "do: prolong", "want impose, extend"},
		{"a term in words we cannot count", regimes, "term: one year from adoption", "term: a good while", "a good while", "want a count of months or years"},
		{"an end with a term", regimes, "do: establish, what: [committee]", "do: end, what: [committee], until: 2020-01-01", "do: end", "sets no term"},
		{"a component that the regime does not have", regimes, "what: [panel], until: 2019-09-30", "what: [team], until: 2019-09-30", "what: [team]", `no component "team"`},
		{"an effect on nothing", regimes, "what: [panel], until: 2019-09-30", "what: [], until: 2019-09-30", "what: []", "names no component"},
		{"a measure that binds nobody we know", regimes, "word: travel-ban, binds: listed", "word: travel-ban, binds: everybody", "binds: everybody", "want listed, territory or trade"},
		{"a forgotten binds, where names are listed", regimes, "word: travel-ban, binds: listed", "word: travel-ban", "id: travel-ban", "want listed, territory or trade"},
		{"a word that is no measure", regimes, "word: assets-freeze, binds", "word: embargo, binds", "word: embargo", "not in measures.csv"},
		{"a body's word on a measure", regimes, "word: assets-freeze, binds", "word: panel, binds", "word: panel, binds", "is the word of a body"},
		{"a committee for what is not there", regimes, "oversees: [travel-ban, assets-freeze]", "oversees: [arms]", "oversees: [arms]", "does not have"},
		{"a step that is none", regimes, "do: delist", "do: remove", "do: remove", "want list, delist"},
		{"a removal without a cause", regimes, "on: 2019-06-01, cause: decision", "on: 2019-06-01", "do: delist", "needs its cause"},
		{"a cause that is none", regimes, "cause: decision", "cause: mercy", "cause: mercy", "want decision, lapse"},
		{"steps out of order", regimes, "do: delist, on: 2019-06-01", "do: delist, on: 2018-06-01", "do: delist", "stands after one of"},
		{"a step between a later day and its own", regimes, "do: delist, on: 2019-06-01", "do: delist, on: 2019-06-01, between: 2019-07-01", "do: delist", "between an earlier one"},
		{"a step on a measure that the regime does not have", regimes, "measures: [travel-ban]", "measures: [arms]", "measures: [arms]", `no measure "arms"`},
		{"a mode that is none", resolutions, "without-vote", "by-acclaim", "by-acclaim", "want vote, without-vote"},
		{"an outcome that is none", failed, ",veto,", ",vetoed,", ",vetoed,", "want adopted, veto"},
		{"a ballot that is none", "assembly/ballots.csv", "FRA,yes", "FRA,aye", "FRA,aye", "want yes, no, abstain or absent"},
		{"a state that votes twice", "assembly/ballots.csv", "RUS,no", "FRA,no", "FRA,no", "votes twice"},

		{"a territory that is no state", regimes, "territories: [MLI]", "territories: [MLX]", "territories:", "not known"},
		{"a territory by its name", regimes, "territories: [MLI]", "territories: [Mali]", "territories:", "want the code MLI"},
		{"a penholder that is no state", regimes, "penholders: [FRA]", "penholders: [FRX]", "symbol: S/RES/2432", "not known"},
		{"a speaker's state that is none", regimes, "member: CHN", "member: CHX", "member: CHX", "not known"},
		{"an effect known before its decision", regimes, "until: 2019-08-31", "known: 2018-01-01, until: 2019-08-31", "known: 2018-01-01", "when it was decided"},
		{"an averting day for a draft that averts nothing", regimes, "do: establish, what: [committee], cite", "do: revive, what: [committee], averted_until: {S/2018/156: 2019-01-01}, cite", "averted_until", "which averted_by does not"},

		// Sources.
		{"an effect without a source", regimes, "until: 2019-09-30, cite: verified lib", "until: 2019-09-30", "until: 2019-09-30", "names no source"},
		{"a source that nobody named", regimes, "verified press page 3", "verified gazette page 3", "gazette", `source "gazette" is not in sources.yaml`},
		{"a sureness that is none", regimes, "text: conduct, cite: unverified memory", "text: conduct, cite: certain memory", "text: conduct", "want verified, unverified or unknown"},
		{"a table's row without a source", resolutions, ",,lib,verified,\nS/RES/2432", ",,,verified,\nS/RES/2432", "S/RES/2374", "names no source"},
		{"a claim without a speaker", regimes, "speaker: a newspaper, ", "", "about: panel until", "needs a speaker"},
		{"a claim on the whole regime without a source", regimes, "about: the regime, says: something, speaker: somebody, hedge: stated, source: press", "about: the regime, says: something, speaker: somebody, hedge: stated, source: gazette", "about: the regime", "gazette"},
		{"a claim on a vote without a hedge", regimes, "says: otherwise, speaker: somebody, hedge: stated", "says: otherwise, speaker: somebody", "about: the panel", "needs a speaker and a hedge"},
		{"a statement of nobody's", regimes, "says: it abstained, cite: verified press", "says: it abstained, cite: verified gazette", "member: CHN", "gazette"},

		// Places and order.
		{"a founding decision that the record does not have", regimes, "founding: S/RES/2374 (2017)", "founding: S/RES/2375 (2017)", "founding:", "no such vote"},
		{"a decision without a vote or a day", regimes, "symbol: S/2018/156", "symbol: S/2018/157", "S/2018/157", "neither in the tables of votes nor dated here"},
		{"decisions out of order", failed, "2018-02-26", "2016-02-26", "", ""},
		{"a decision twice", regimes, "symbol: S/2018/156", "symbol: S/RES/2374 (2017)", "", "stands twice"},
		{"a predecessor that is not there", regimes, "territories: [MLI]", "territories: [MLI]\npredecessors: [older]", "id: tiny", `"older"`},
		{"an averting draft that is not there", regimes, "do: establish, what: [committee], cite", "do: revive, what: [committee], averted_by: [S/2018/999], cite", "averted_by", "no such vote"},
		{"a position that says neither", regimes, "do: establish, what: [committee], cite", "do: revive, what: [committee], contested: [{claimant: A, says: b, holds: perhaps, cite: verified lib}], cite", "holds: perhaps", "holds: in-force or not-in-force"},
		{"a key that nobody reads", regimes, "purpose: to be", "porpoise: to be", "porpoise", "unknown field"},
		{"a file under another name than its regime", regimes, "id: tiny", "id: teeny", "id: teeny", "must be called regimes/teeny.yaml"},
		{"no day through which the chain is known", regimes, "known_through: 2019-12-31\n", "", "id: tiny", "known_through is missing"},
		{"a vote twice", resolutions, "S/RES/2403 (2018),,2018-02-06", "S/RES/2374 (2017),,2017-09-05", "", "stands already at"},
		{"a row with a cell too many", resolutions, "S/PV.8040,vote", "S/PV.8040,x,vote", "S/PV.8040", "cells, want"},
		{"an open quote", resolutions, "S/PV.8336,vote", "S/PV.\"8336,vote", "8336", "quote"},
		{"a day that does not exist", resolutions, "2018-02-06", "2018-02-30", "2018-02-30", "want YYYY-MM-DD"},
		{"a column missing", rolls, "vote,yes", "id,yes", "id,yes", `no column "vote"`},
		{"a roll call of no vote", rolls, "S/RES/2432 (2018)", "S/RES/2433 (2018)", "S/RES/2433", "neither resolutions.csv nor failed.csv"},
		{"a seat that ends before it begins", "seats.csv", "seat-3,GBR,,2017-01-01,2019-12-31", "seat-3,GBR,,2017-01-01,2016-12-31", "seat-3", "is before from"},
		{"private matter in a list", "lists/un.jsonl", `"version":"2018-10-29",`, `"version":"2018-10-29","addresses":[{"street":"x"}],`, "addresses", "private"},
		{"a line of a list that is no JSON", "lists/un.jsonl", `{"kind":"listed"`, `{kind:"listed"`, "{kind:", "invalid"},
		{"a version that does not rise", "version.yaml", "number: 1", "number: 0", "number: 0", "only rises"},
	} {
		files := tiny()
		if strings.Count(files[c.file], c.old) == 0 {
			t.Errorf("%s: %s holds no %q", c.why, c.file, c.old)
			continue
		}
		files[c.file] = strings.Replace(files[c.file], c.old, c.new, 1)
		line := 0
		for n, l := range strings.Split(files[c.file], "\n") {
			if c.marker != "" && strings.Contains(l, c.marker) {
				line = n + 1
				break
			}
		}
		if c.marker != "" && line == 0 {
			t.Errorf("%s: the marker %q is not in the file", c.why, c.marker)
			continue
		}
		_, problems := Read(folderOf(files))
		hit := false
		for _, p := range problems {
			hit = hit || (c.marker == "" || p.File == c.file && p.Line == line) && strings.Contains(p.What, c.says)
		}
		if !hit {
			t.Errorf("%s: want %s:%d: …%s…, have %v", c.why, c.file, line, c.says, problems)
		}
		if !slices.IsSortedFunc(problems, func(a, b Problem) int { return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line) }) {
			t.Errorf("%s: not in order: %v", c.why, problems)
		}
	}
}

// TestEveryProblemAtOnce: nothing stops at the first.
func TestEveryProblemAtOnce(t *testing.T) {
	files := tiny()
	for _, e := range [][3]string{
		{"regimes/tiny.yaml", "do: delist", "do: remove"}, {"regimes/tiny.yaml", "until: 2019-08-31", "until: 2017-08-31"}, {"votes/failed.csv", "veto,RUS", "veto,DEU"},
		{"votes/resolutions.csv", "without-vote", "by-acclaim"}, {"assembly/ballots.csv", "FRA,yes", "FRA,aye"}, {"rules.yaml", "verified lib", "verified gazette"},
		{"lists/un.jsonl", `{"kind":"listed"`, `{"kind":"unlisted"`}, {"seats.csv", "seat-3,GBR", "seat-3,UKI"},
	} {
		files[e[0]] = strings.Replace(files[e[0]], e[1], e[2], 1)
	}
	_, problems := Read(folderOf(files))
	of := map[string]int{}
	for _, p := range problems {
		of[p.File]++
		if p.Line == 0 || !strings.HasPrefix(p.String(), fmt.Sprintf("%s:%d: ", p.File, p.Line)) {
			t.Errorf("no place: %s", p)
		}
	}
	for _, f := range []string{"regimes/tiny.yaml", "votes/failed.csv", "votes/resolutions.csv", "assembly/ballots.csv", "rules.yaml", "lists/un.jsonl", "seats.csv"} {
		if of[f] == 0 {
			t.Errorf("nothing on %s: %v", f, problems)
		}
	}
	if of["regimes/tiny.yaml"] < 2 {
		t.Errorf("the second slip of one file is not told: %v", problems)
	}
}

// TestMissingFiles: the folder's parts that every record needs.
func TestMissingFiles(t *testing.T) {
	for _, name := range []string{"version.yaml", "sources.yaml", "measures.csv", "seats.csv", "rules.yaml", "regimes/tiny.yaml"} {
		files := tiny()
		delete(files, name)
		_, problems := Read(folderOf(files))
		if !slices.ContainsFunc(problems, func(p Problem) bool { return strings.HasPrefix(name, p.File) }) {
			t.Errorf("without %s: %v", name, problems)
		}
	}
}

// FuzzRead: whatever a regime's file holds, the reader does not panic, and what
// it refuses has a place in the folder.
func FuzzRead(f *testing.F) {
	f.Add(tiny()["regimes/tiny.yaml"])
	for _, s := range []string{"", "id: [", "decisions: [{symbol: S/RES/1}]", "id: tiny\ncomponents: [1]", "- - -", "{", "id: tiny\ndecisions:\n  - effects: [{do: impose}]", "? ", "&a [*a]", "!!binary x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		files := tiny()
		files["regimes/tiny.yaml"] = text
		_, problems := Read(folderOf(files))
		for _, p := range problems {
			if p.File == "" || p.What == "" || p.Line < 0 {
				t.Fatalf("%+v", p)
			}
		}
	})
}

// TestShippedRecordIsSound: the record that ships has no problem, and reading it
// twice gives the same.
func TestShippedRecordIsSound(t *testing.T) {
	first, problems := Read(os.DirFS("../../data"))
	for _, p := range problems {
		t.Error(p)
	}
	again, _ := Read(os.DirFS("../../data"))
	if first.Edition != again.Edition {
		t.Errorf("read twice: %+v and %+v", first.Edition, again.Edition)
	}
}
