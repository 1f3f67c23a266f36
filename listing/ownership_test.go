package listing

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"article41/date"
	"article41/record"
)

func TestOwned(t *testing.T) {
	day := date.MustDay("2026-01-05")
	listed := func(id string) (bool, bool) { return id[0] == 'L', id[0] == '?' }
	own := func(owner, asset, percent string) Holding {
		return Holding{Owner: owner, Asset: asset, Percent: percent}
	}
	for _, c := range []struct {
		why          string
		holdings     []Holding
		ofac, eu, uk Controlled
	}{
		{"a listed owner of more than half", []Holding{own("L1", "T", "51")}, IsControlled, IsControlled, IsControlled},
		{"just half: enough for OFAC, not more than half for the others", []Holding{own("L1", "T", "50%")}, IsControlled, CannotSay, CannotSay},
		{"two listed owners, half together", []Holding{own("L1", "T", "25"), own("L2", "T", "25")}, IsControlled, CannotSay, CannotSay},
		{"a missing percentage proves nothing", []Holding{own("L1", "T", "")}, CannotSay, CannotSay, CannotSay},
		{"a span that begins below", []Holding{own("L1", "T", "25-75")}, CannotSay, CannotSay, CannotSay},
		{"a span that begins above", []Holding{own("L1", "T", "51 to 75")}, IsControlled, IsControlled, IsControlled},
		{"nobody named", nil, CannotSay, CannotSay, CannotSay},
		{"others hold more than half: no listed owner can reach it by shares", []Holding{own("N1", "T", "60"), own("L1", "T", "40")}, NotControlled, CannotSay, CannotSay},
		{"others hold half: a listed one may hold the rest", []Holding{own("N1", "T", "50")}, CannotSay, CannotSay, CannotSay},
		{"through a firm that a listed one owns", []Holding{own("L1", "A", "70"), own("A", "T", "60")}, IsControlled, IsControlled, IsControlled},
		{"through a firm of which it owns too little to be proved", []Holding{own("L1", "A", "30"), own("A", "T", "60")}, CannotSay, CannotSay, CannotSay},
		{"a cycle", []Holding{own("A", "T", "60"), own("T", "A", "60")}, CannotSay, CannotSay, CannotSay},
		{"a cycle beside a listed owner", []Holding{own("A", "T", "40"), own("T", "A", "60"), own("L1", "T", "55")}, IsControlled, IsControlled, IsControlled},
		{"it ended before", []Holding{{Owner: "L1", Asset: "T", Percent: "80", Until: "2025-12-31"}}, CannotSay, CannotSay, CannotSay},
		{"it ends later", []Holding{{Owner: "L1", Asset: "T", Percent: "80", Until: "2026-02"}}, IsControlled, IsControlled, IsControlled},
		{"it ends some day of this year", []Holding{{Owner: "L1", Asset: "T", Percent: "80", Until: "2026"}}, CannotSay, CannotSay, CannotSay},
		{"it began some day of this year", []Holding{{Owner: "L1", Asset: "T", Percent: "80", From: "2026"}}, CannotSay, CannotSay, CannotSay},
		{"a date that cannot be read proves nothing", []Holding{{Owner: "L1", Asset: "T", Percent: "80", From: "last spring"}}, CannotSay, CannotSay, CannotSay},
		{"nor control", []Holding{{Owner: "L1", Asset: "T", Control: true, From: "last spring"}}, CannotSay, CannotSay, CannotSay},
		{"shares that contradict one another", []Holding{own("L1", "T", "60"), own("N1", "T", "60")}, CannotSay, CannotSay, CannotSay},
		{"two sources, two shares: the smaller is proved", []Holding{own("L1", "T", "60"), own("L1", "T", "20")}, CannotSay, CannotSay, CannotSay},
		{"it begins later", []Holding{{Owner: "L1", Asset: "T", Percent: "80", From: "2027"}}, CannotSay, CannotSay, CannotSay},
		{"control without shares", []Holding{{Owner: "L1", Asset: "T", Control: true}}, CannotSay, IsControlled, IsControlled},
		{"a name that several bear", []Holding{own("?1", "T", "80")}, CannotSay, CannotSay, CannotSay},
		{"the same owner twice is not added up", []Holding{own("L1", "T", "30"), own("L1", "T", "25")}, CannotSay, CannotSay, CannotSay},
	} {
		for i, want := range []Controlled{c.ofac, c.eu, c.uk} {
			got := Owned("T", c.holdings, listed, OwnershipRules()[i], day)
			if got.Answer != want {
				t.Errorf("%s: %s says %s (%s), want %s", c.why, got.Authority, got.Answer, got.Why, want)
			}
			if got.Why == "" || got.Answer == IsControlled && len(got.Path) == 0 {
				t.Errorf("%s: %s gives no reason or no path: %+v", c.why, got.Authority, got)
			}
		}
	}
}

// TestOwnedNeverGuesses: over whatever web of links an answer comes, and it keeps
// what a reader relies on.
func TestOwnedNeverGuesses(t *testing.T) {
	day := date.MustDay("2026-01-05")
	listed := func(id string) bool { return id[0] == 'L' }
	known := func(id string) (bool, bool) { return listed(id), id[0] == '?' }
	nobody := func(id string) (bool, bool) { return false, id[0] == '?' }
	more := func(id string) (bool, bool) { return listed(id) || id == "N1" || id == "A", id[0] == '?' }
	rapid.Check(t, func(t *rapid.T) {
		node := rapid.SampledFrom([]string{"T", "A", "B", "C", "L1", "L2", "N1", "N2", "?1"})
		date := rapid.SampledFrom([]string{"", "", "", "2020", "2026", "2027-01-01", "once"})
		var all, bare []Holding
		for range rapid.IntRange(0, 14).Draw(t, "links") {
			h := Holding{Owner: node.Draw(t, "owner"), Asset: node.Draw(t, "asset"), Percent: rapid.SampledFrom([]string{"", "10", "50", "51", "100", "25-75", ">50", "some"}).Draw(t, "percent"),
				From: date.Draw(t, "from"), Until: date.Draw(t, "until")}
			bare = append(bare, Holding{Owner: h.Owner, Asset: h.Asset, From: h.From, Until: h.Until})
			h.Control = rapid.IntRange(0, 6).Draw(t, "control") == 0
			all = append(all, h)
		}
		turned := rapid.Permutation(all).Draw(t, "another order")
		further := append(slices.Clone(all), Holding{Owner: node.Draw(t, "a further owner"), Asset: node.Draw(t, "of"), Percent: rapid.SampledFrom([]string{"", "10", "51", "100"}).Draw(t, "further percent")})
		for _, r := range OwnershipRules() {
			got := Owned("T", all, known, r, day)
			switch got.Answer {
			case IsControlled:
				if len(got.Path) == 0 || got.Path[0].Asset != "T" || !slices.ContainsFunc(got.Path, func(h Holding) bool { return listed(h.Owner) }) {
					t.Fatalf("controlled, and no path leads to a listed owner: %+v", got)
				}
			case NotControlled:
				if got.AtMost < got.AtLeast || r.Control {
					t.Fatalf("what cannot be excluded is excluded: %+v", got)
				}
			case CannotSay:
			default:
				t.Fatal(got)
			}
			if o := Owned("T", bare, known, r, day); o.Answer != CannotSay {
				t.Fatalf("without one percentage: %+v", o)
			}
			if o := Owned("T", all, nobody, r, day); o.Answer == IsControlled {
				t.Fatalf("nobody is listed: %+v", o)
			}
			if o := Owned("T", all, more, r, day); got.Answer == IsControlled && o.Answer == NotControlled {
				t.Fatalf("not controlled once more owners are listed: %+v, before %+v", o, got)
			}
			if o := Owned("T", further, known, r, day); got.Answer == IsControlled && o.Answer == NotControlled {
				t.Fatalf("not controlled by one link more: %+v, before %+v", o, got)
			}
			if o := Owned("T", turned, known, r, day); o.Answer != got.Answer || o.AtLeast != got.AtLeast && o.Answer != IsControlled {
				t.Fatalf("the order of the links decides: %+v, %+v", o, got)
			}
		}
	})
}

func TestHoldingOf(t *testing.T) {
	for _, c := range []struct{ kind, want string }{
		{"owned by", "X>T"}, {"owns", "T>X"}, {"parent company", "X>T"}, {"subsidiary", "T>X"}, {"vessel owner", "X>T"},
		{"director of", ""}, {"linked to", ""}, {"family", ""}, {"previous vessel owner", ""},
	} {
		h, ok := HoldingOf("T", record.Relation{To: "X", Kind: c.kind})
		if got := fmt.Sprintf("%s>%s", h.Owner, h.Asset); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s: %v %s, want %s", c.kind, ok, got, c.want)
		}
	}
}
