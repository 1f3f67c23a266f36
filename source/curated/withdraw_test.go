package curated

import (
	"strings"
	"testing"

	"article41/record"
)

func TestWithdraw(t *testing.T) {
	base, problems := Read(folderOf(tiny()))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	lay := func(text string) (Record, []Problem) {
		return ReadOverlay(folderOf(map[string]string{"withdraw.yaml": text}), base)
	}
	over, problems := lay("- {fact: listing/un/TTi.001, reason: named in error}\n- {fact: effects/tiny/S/2019/700, reason: not read}\n")
	if len(problems) > 0 || len(over.Entries) != 2 {
		t.Fatalf("%v %v", over.Entries, problems)
	}
	for _, e := range over.Entries {
		if e.Kind != record.KindWithdrawal || !strings.HasPrefix(string(e.Fact), "withdrawal/") || e.Source != OverlaySource {
			t.Errorf("%+v", e)
		}
	}
	if over.Entries[0].Known.String() != "2018-10-01" {
		t.Errorf("taken back from %s, want from the first day on which it was known", over.Entries[0].Known)
	}
	for _, c := range []struct{ why, text, says string }{
		{"a fact that the record does not state", "- {fact: listing/un/TTi.002, reason: x}", "states no such fact"},
		{"no reason", "- {fact: listing/un/TTi.001}", "needs its reason"},
		{"a regime others rest on", "- {fact: regime/tiny, reason: x}", "can be withdrawn"},
		{"twice", "- {fact: rule/aid, reason: x}\n- {fact: rule/aid, reason: y}", "withdrawn twice"},
		{"what a later decision extends", "- {fact: effects/tiny/S/RES/2374, reason: x}", "which nothing before it imposed"},
	} {
		_, problems := lay(c.text)
		found := false
		for _, p := range problems {
			found = found || strings.Contains(p.What, c.says)
		}
		if !found {
			t.Errorf("%s: %v, want %q", c.why, problems, c.says)
		}
	}
}
