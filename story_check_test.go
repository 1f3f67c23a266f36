package article41_test

import (
	"os"
	"strings"
	"testing"

	"article41/briefing"
	"article41/date"
	"article41/record"
)

// TestStory lays a short story of our own, in the manner of a news page, beside
// the record.
func TestStory(t *testing.T) {
	text, err := os.ReadFile("testdata/veto-story.txt")
	if err != nil {
		t.Fatal(err)
	}
	day := date.MustDay("2026-11-23")
	got, err := openShipped(t).Story(t.Context(), record.At{AsOf: day, KnownAt: day}, string(text), date.Day{})
	if err != nil {
		t.Fatal(err)
	}
	if testing.Verbose() {
		for _, l := range got.Laid {
			t.Logf("%-11s %-18s %q: %s", l.Kind, l.Verdict, l.Words, l.Says)
		}
		t.Log(got.Unread)
	}
	for _, c := range []struct {
		words   string
		verdict briefing.Verdict
		says    string
	}{
		{"13 out of 15", briefing.Agrees, "13 of 15 members in favour"},
		{"sanctions against Mali", briefing.Differs, "eight listed individuals"},
		{"in retaliation", briefing.Unheld, "in blue the night before the vote"},
		{"one of the few nations that backed it", briefing.Agrees, "A/RES/ES-11/6 of 23 February 2023: Mali was one of seven against"},
		{"one of the few nations that backed it", briefing.Differs, "A/RES/ES-11/1 of 2 March 2022: Mali abstained"},
		{"Russia vetoed", briefing.Agrees, "veto"},
		{"China abstained", briefing.Agrees, "S/2023/638: China: abstain"},
		{"Japan voted against", briefing.Agrees, "S/2023/639: Japan: no"},
		{"Aug. 30, 2023", briefing.Agrees, "put to the vote on 30 August 2023"},
		{"31 August 2024", briefing.Agrees, "measures until 31 August 2024"},
		{"30 September 2023", briefing.Differs, "panel until 30 September 2024"},
		{"2017", briefing.Agrees, "S/RES/2374"},
		{"eight individuals", briefing.Agrees, "8 listings"},
		{"11 September 2023", briefing.Agrees, "2023-09-08"},
		{"reportedly", briefing.Unheld, "A hedge of"},
		{"Nebenzia", briefing.Agrees, "Russian Federation"},
	} {
		found := false
		for _, l := range got.Laid {
			if strings.HasPrefix(l.Words, c.words) && l.Verdict == c.verdict && strings.Contains(l.Says, c.says) {
				found = true
				if l.Words != string(text[l.From:l.To]) {
					t.Errorf("%q stands elsewhere: %q", l.Words, text[l.From:l.To])
				}
				if l.Verdict != briefing.Unheld && len(l.Cites) == 0 {
					t.Errorf("%q: %s without a source", l.Words, l.Verdict)
				}
			}
		}
		if !found {
			t.Errorf("%q: want %s: … %s …", c.words, c.verdict, c.says)
		}
	}
	if len(got.Unread) == 0 || !strings.Contains(got.Unread[len(got.Unread)-1], "wonder what comes next") {
		t.Errorf("what could not be read: %q", got.Unread)
	}
}
