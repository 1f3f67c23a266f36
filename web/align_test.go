package web_test

import (
	"encoding/csv"
	"strings"
	"testing"
)

// Each page's table comes as a file too, whole rows under one head.
func TestAlignmentFiles(t *testing.T) {
	for path, rows := range map[string]int{
		"/alignment.csv?a=FRA&b=JPN&votes=S/2023/638,S/2023/639": 5, "/alignment.csv?a=MLI": 50, "/alignment/mali.csv": 60, "/alignment/ideals.csv": 200,
		"/alignment/map.csv?year=2023": 15, "/alignment/drift.csv": 191, "/alignment/blocs.csv?year=2023": 15, "/power.csv": 8, "/power/record.csv": 50,
	} {
		r, body := answer(t, "GET", path, nil)
		if r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/csv") {
			t.Errorf("%s: status %d, %s", path, r.StatusCode, r.Header.Get("Content-Type"))
			continue
		}
		all, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil || len(all)-1 < rows {
			t.Errorf("%s: %d rows, want at least %d (%v)", path, len(all)-1, rows, err)
		}
	}
	if r, _ := answer(t, "GET", "/alignment.csv?a=atlantis", nil); r.StatusCode != 400 {
		t.Errorf("a state that is none: status %d", r.StatusCode)
	}
}

// A chart names what it counts, and what is missing stands on its page.
func TestChartsSayWhatTheyCount(t *testing.T) {
	for path, want := range map[string][]string{
		"/alignment?a=FRA&b=RUS":        {"percentile bootstrap", "votes,", "What is missing", "Not counted", "Of the General Assembly"},
		"/alignment/mali":               {"What is not known", "unverified", "one of 7", "coup 2020", "MINUSMA ends", "foreign policy alone", "doi:10.7910/DVN/LEJUQZ"},
		"/alignment/map?year=2023":      {"Stress", "Classical scaling of 64 votes"},
		"/alignment/drift":              {"own move", "Interval", "191 states", "What is missing"},
		"/alignment/expected?year=2023": {"Wilson", "Minority index"},
		"/power":                        {"421/2145", "4/2145", "36112/1594323", "exact, not sampled"},
		"/power/record":                 {"by this member’s no alone", "What is missing"},
	} {
		_, body := answer(t, "GET", path, nil)
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s does not say %q", path, w)
			}
		}
	}
}
