package article41_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"article41"
	"article41/briefing"
	"article41/date"
	"article41/record"
)

// TestSpeech: what the catalogue makes of the record in English is the record's own
// sentence, for every vote and for every regime on many days; and none of it is left
// in English in French.
func TestSpeech(t *testing.T) {
	arc := openShipped(t)
	now := date.MustDay("2026-11-23")
	at := record.At{AsOf: now, KnownAt: now}
	regimes, err := arc.Statuses(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	all, err := arc.Votes(t.Context(), at, article41.VoteFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if got := briefing.English.Outcome(d.Outcome); got != d.Outcome.Sentence {
			t.Errorf("%s: %q, the record says %q", d.ID, got, d.Outcome.Sentence)
		}
		inFrench(t, string(d.ID), briefing.French.Outcome(d.Outcome))
	}
	seen := 0
	for _, g := range regimes {
		for year := 1966; year <= 2026; year++ {
			on := record.At{AsOf: date.MustDay("2000-09-01").AddMonths(12 * (year - 2000)), KnownAt: now}
			r, err := arc.Regime(t.Context(), on, g.Regime)
			if err != nil {
				continue
			}
			seen++
			if got := briefing.English.Regime(r.Status.Answer); got != r.Status.Sentence {
				t.Fatalf("%s on %s: %q, the record says %q", g.Regime, on.AsOf, got, r.Status.Sentence)
			}
			inFrench(t, string(g.Regime), briefing.French.Regime(r.Status.Answer))
			for _, s := range slices.Concat(r.Status.Measures, r.Status.Authorizations, r.Status.Bodies) {
				if got := briefing.English.State(s, on.AsOf); got != s.Sentence {
					t.Fatalf("%s/%s on %s: %q, the record says %q", g.Regime, s.ID, on.AsOf, got, s.Sentence)
				}
				inFrench(t, string(g.Regime)+"/"+string(s.ID), briefing.French.State(s, on.AsOf))
			}
		}
	}
	if seen < 500 || len(all) < 200 {
		t.Errorf("%d regimes on a day and %d votes were said", seen, len(all))
	}
}

// inFrench reports English words of a French sentence. Names and remarks of the
// record's own stand between isolates.
func inFrench(t *testing.T, of, said string) {
	t.Helper()
	bare := quotes.ReplaceAllString(said, "")
	for _, w := range strings.FieldsFunc(strings.ToLower(bare), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if slices.Contains([]string{"the", "of", "by", "until", "not", "against", "abstaining", "lapsed", "since", "para", "unverified", "voting", "and", "ban", "freeze"}, w) {
			t.Errorf("%s in French, %q: %q", of, w, said)
			return
		}
	}
}

var quotes = regexp.MustCompile(briefing.QuoteOpen + `[^` + briefing.QuoteClose + `]*` + briefing.QuoteClose)
