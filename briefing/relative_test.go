package briefing

import (
	"strings"
	"testing"

	"article41/date"
)

// TestRelativeDays: days that a story counts from its own, against the day that it
// states, 31 August 2023, a Thursday.
func TestRelativeDays(t *testing.T) {
	written := writtenOn("A headline\nPublished 31 August 2023\n\nThe text.")
	if written != date.MustDay("2023-08-31") {
		t.Fatalf("the story's own day: %s", written)
	}
	if d := writtenOn("The vote was held on 30 August 2023."); !d.IsZero() {
		t.Errorf("a day in the text was taken for the story's own: %s", d)
	}
	for words, want := range map[string][2]string{
		"yesterday":        {"2023-08-30", "2023-08-30"},
		"hier":             {"2023-08-30", "2023-08-30"},
		"on Wednesday":     {"2023-08-30", "2023-08-30"},
		"last Wednesday":   {"2023-08-30", "2023-08-30"},
		"last Thursday":    {"2023-08-24", "2023-08-24"},
		"on Thursday":      {"2023-08-31", "2023-08-31"},
		"mercredi dernier": {"2023-08-30", "2023-08-30"},
		"two days ago":     {"2023-08-29", "2023-08-29"},
		"two years ago":    {"2021-03-01", "2022-03-02"},
		"il y a huit mois": {"2022-12-16", "2023-01-15"},
		"last week":        {"2023-08-21", "2023-08-27"},
		"last month":       {"2023-07-01", "2023-07-31"},
		"le mois dernier":  {"2023-07-01", "2023-07-31"},
		"last year":        {"2022-01-01", "2022-12-31"},
		"a week ago":       {"2023-08-21", "2023-08-27"},
	} {
		m := relativeText.FindStringSubmatch(words)
		if m == nil || m[0] != words {
			t.Errorf("%q is read as %q", words, m)
			continue
		}
		from, to, ok := relativeDays(strings.ToLower(words), func(i int) string { return strings.ToLower(m[i]) }, written)
		if !ok || from.String() != want[0] || to.String() != want[1] {
			t.Errorf("%q: %s to %s, %v; want %s to %s", words, from, to, ok, want[0], want[1])
		}
	}
}
