package article41_test

import (
	"strings"
	"testing"

	"article41/briefing"
	"article41/date"
	"article41/record"
)

// TestStoryCountsFromItsDay: days counted from the day that a story states agree with
// the vote or differ from it, and without that day they are told to be unread.
func TestStoryCountsFromItsDay(t *testing.T) {
	day := date.MustDay("2026-11-23")
	arc := openShipped(t)
	none := date.Day{}
	for _, c := range []struct {
		text, words string
		verdict     briefing.Verdict
		says        string
		written     date.Day // as given by who asks
	}{
		{"Published 31 August 2023\n\nRussia vetoed the Mali draft S/2023/638 on Wednesday.", "on Wednesday", briefing.Agrees, "30 August 2023", none},
		{"Published 31 August 2023\n\nRussia vetoed the Mali draft S/2023/638 on Tuesday.", "on Tuesday", briefing.Differs, "29 August 2023", none},
		{"Published 30 April 2024\n\nEight months ago Russia vetoed the Mali draft S/2023/638.", "Eight months ago", briefing.Agrees, "30 August 2023", none},
		{"Publié le 30 avril 2024\n\nIl y a huit mois, la Russie a opposé son veto au projet S/2023/638 sur le Mali.", "Il y a huit mois", briefing.Agrees, "30 August 2023", none},
		{"Published 29 March 2024\n\nMoscow vetoed S/2024/255 yesterday.", "yesterday", briefing.Agrees, "28 March 2024", none},
		{"Published 30 April 2024\n\nFour months ago Moscow vetoed S/2024/255.", "Four months ago", briefing.Differs, "28 March 2024", none},
		{"Russia vetoed the Mali draft S/2023/638 last Wednesday.", "last Wednesday", briefing.Unheld, "does not state its own day", none},
	} {
		got, err := arc.Story(t.Context(), record.At{AsOf: day, KnownAt: day}, c.text, c.written)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, l := range got.Laid {
			found = found || l.Words == c.words && l.Verdict == c.verdict && strings.Contains(l.Says, c.says)
		}
		if !found {
			t.Errorf("%q in %q: want %s, … %s …: %+v", c.words, c.text, c.verdict, c.says, got.Laid)
		}
	}
}
