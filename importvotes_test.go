package article41_test

import (
	"slices"
	"testing"

	"article41"
	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// TestImportedVotes: what a user imports fills what the record does not have,
// stands beside what it has, and never replaces it.
func TestImportedVotes(t *testing.T) {
	a, err := article41.Open(ctx, openStore(t, t.TempDir()+"/a.db"), shippedRecord(t), noon)
	if err != nil {
		t.Fatal(err)
	}
	fifteen := func(abstain ...country.Code) *record.Ballots {
		b := &record.Ballots{Abstain: abstain}
		for _, m := range []country.Code{"CHN", "FRA", "RUS", "GBR", "USA", "DZA", "DNK", "GRC", "GUY", "PAK", "PAN", "KOR", "SLE", "SVN", "SOM"} {
			if !slices.Contains(abstain, m) {
				b.Yes = append(b.Yes, m)
			}
		}
		return b
	}
	cite := []record.Cite{{Source: "undl-sc", Place: "record 1", Sure: record.Verified}}
	vote := func(n int, day string, tally record.Tally, b *record.Ballots) record.Entry {
		s := symbol.Resolution(n)
		e, err := record.State(article41.VoteFact("undl-sc", s), "undl-sc", date.MustDay(day), record.Vote{ID: s, Resolution: s, Date: date.MustDay(day),
			Nature: record.Substantive, Mode: record.ByVote, Tally: &tally, Ballots: b, Recorded: record.FateAdopted, Cites: cite})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	ask := func(n int) article41.Vote {
		t.Helper()
		v, err := a.Vote(ctx, asOf("2026-11-23"), symbol.Resolution(n))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	before := ask(2374)
	in := []record.Entry{
		vote(2374, "2017-09-05", record.Tally{Yes: 14, Abstain: 1}, nil),                   // differs: the record says 15-0-0
		vote(2801, "2025-11-14", record.Tally{Yes: 13, Abstain: 2}, fifteen("CHN", "RUS")), // agrees, with a roll call
		vote(2820, "2026-05-20", record.Tally{Yes: 15}, nil),                               // the record has no such row
	}
	got, err := a.TakeVotes(ctx, noon, "undl-sc", in)
	if err != nil {
		t.Fatal(err)
	}
	if got.Added != 3 || got.New != 1 || got.Differ != 1 || got.Agree != 1 || len(got.Differences) != 1 || got.Differences[0] != (article41.VoteDifference{"S/RES/2374", "tally", "15-0-0", "14-0-1"}) {
		t.Errorf("%+v", got)
	}

	after := ask(2374)
	if after.Outcome.Tally != before.Outcome.Tally {
		t.Errorf("the record's tally %s became %s", before.Outcome.Tally, after.Outcome.Tally)
	}
	says := map[string]string{}
	for _, c := range after.Claims {
		if c.About == "tally" {
			says[c.Speaker] = c.Says
		}
	}
	if says["this record"] != "15-0-0" || says["UN Digital Library"] != "14-0-1" {
		t.Errorf("not both sides of the difference: %v", after.Claims)
	}
	if len(before.Claims) > 0 && slices.ContainsFunc(before.Claims, func(c record.Claim) bool { return c.About == "tally" }) {
		t.Error("the difference stood before the import")
	}
	if v := ask(2820); v.Outcome.Reason != council.Adopted || v.Date.String() != "2026-05-20" || v.Cites[0].Source != "undl-sc" {
		t.Errorf("a vote that only the file has: %+v", v.Decision)
	}
	if v := ask(2801); !v.RollKnown || !slices.ContainsFunc(v.Cites, func(c record.Cite) bool { return c.Source == "undl-sc" }) {
		t.Errorf("a roll call that the record had not: known %v, %v", v.RollKnown, v.Cites)
	}

	again, err := a.TakeVotes(ctx, noon, "undl-sc", in)
	if err != nil || again.Same != 3 || again.Added+again.Changed != 0 || again.Position != got.Position {
		t.Errorf("the same file again: %+v %v", again, err)
	}
	in[2] = vote(2820, "2026-05-20", record.Tally{Yes: 14, Abstain: 1}, nil)
	if mended, err := a.TakeVotes(ctx, noon, "undl-sc", in); err != nil || mended.Changed != 1 || ask(2820).Outcome.Tally != "14-0-1" {
		t.Errorf("a corrected file: %+v %v", mended, err)
	}
	if _, err := a.TakeVotes(ctx, noon, "curated", in); err == nil {
		t.Error("an import took the record's own name")
	}
	pinned, err := a.Vote(ctx, record.At{AsOf: date.MustDay("2026-11-23"), KnownAt: date.MustDay("2026-11-23"), Position: got.Position}, "S/RES/2820")
	if err != nil || pinned.Outcome.Tally != "15-0-0" {
		t.Errorf("an earlier position answers anew: %+v %v", pinned.Outcome, err)
	}
}

// TestImportedAssembly: the same for the General Assembly.
func TestImportedAssembly(t *testing.T) {
	a, err := article41.Open(ctx, openStore(t, t.TempDir()+"/a.db"), shippedRecord(t), noon)
	if err != nil {
		t.Fatal(err)
	}
	call := func(s symbol.Symbol, day string, tally record.Tally, no ...country.Code) record.Entry {
		e, err := record.State(article41.VoteFact("undl-ga", s), "undl-ga", date.MustDay(day), record.Assembly{Resolution: s, Date: date.MustDay(day), Tally: &tally,
			Ballots: &record.Ballots{No: no}, Cites: []record.Cite{{Source: "undl-ga", Sure: record.Verified}}})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	got, err := a.TakeVotes(ctx, noon, "undl-ga", []record.Entry{
		call("A/RES/ES-11/6", "2023-02-23", record.Tally{Yes: 141, No: 7, Abstain: 32}, "MLI"),
		call("A/RES/79/1", "2024-09-22", record.Tally{Yes: 143, No: 7, Abstain: 15}),
	})
	if err != nil || got.New != 1 || got.Agree != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	v, err := a.AssemblyVote(ctx, asOf("2026-11-23"), "A/RES/79/1")
	if err != nil || v.Tally.Yes != 143 {
		t.Errorf("%+v %v", v, err)
	}
	if v, err := a.AssemblyVote(ctx, asOf("2026-11-23"), "A/RES/ES-11/6"); err != nil || !slices.Contains(v.Ballots.No, "MLI") || len(v.Cites) < 2 {
		t.Errorf("%+v %v", v, err)
	}
	if _, err := a.AssemblyVote(ctx, asOf("2026-11-23"), "A/RES/1/1"); err == nil {
		t.Error("a vote that nobody has was found")
	}
}
