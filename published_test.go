package article41_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"article41/date"
	"article41/monitor"
	"article41/record"
)

// published are the incidents and findings of the curated record as the last edition
// shipped them.
type published struct {
	Incidents []record.Incident `json:"incidents"`
	Findings  []record.Finding  `json:"findings"`
}

const publishedFile = "testdata/published.json"

// TestWhatShippedChangesByErratumOnly: an incident or a finding that an edition of
// the record shipped is changed by an erratum that says what it said, what it says
// now and why, never in its YAML alone. -update takes down what is new or corrected
// and nothing else.
func TestWhatShippedChangesByErratumOnly(t *testing.T) {
	now, was := published{}, published{}
	for _, e := range shippedRecord(t).Entries {
		switch e.Kind {
		case record.KindIncident:
			var v record.Incident
			if err := e.Decode(&v); err != nil {
				t.Fatal(err)
			}
			now.Incidents = append(now.Incidents, v)
		case record.KindFinding:
			var v record.Finding
			if err := e.Decode(&v); err != nil {
				t.Fatal(err)
			}
			now.Findings = append(now.Findings, v)
		}
	}
	if len(now.Incidents) == 0 {
		t.Fatal("the record ships no incident")
	}
	if b, err := os.ReadFile(publishedFile); err == nil {
		err = json.Unmarshal(b, &was)
		if err != nil {
			t.Fatal(err)
		}
	} else if !*update {
		t.Fatal(err)
	}
	today := date.MustDay("9999-12-31") // the day an erratum bears is the linter's to judge
	for _, o := range was.Incidents {
		i := slices.IndexFunc(now.Incidents, func(n record.Incident) bool { return n.ID == o.ID })
		if i < 0 {
			t.Errorf("incident %s was published and is gone: it is withdrawn with a reason, never taken out", o.ID)
			continue
		}
		for _, p := range monitor.Uncorrected(o, now.Incidents[i], today) {
			t.Errorf("incident %s: %s %s", o.ID, p.Field, p.Says)
		}
	}
	for _, o := range was.Findings {
		i := slices.IndexFunc(now.Findings, func(n record.Finding) bool { return n.ID == o.ID })
		if i < 0 {
			t.Errorf("finding %s was published and is gone: it is withdrawn with a reason, never taken out", o.ID)
			continue
		}
		for _, p := range monitor.UncorrectedFinding(o, now.Findings[i], today) {
			t.Errorf("finding %s: %s %s", o.ID, p.Field, p.Says)
		}
	}
	b, err := json.MarshalIndent(now, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	b = append(b, '\n')
	switch held, _ := os.ReadFile(publishedFile); {
	case t.Failed() || bytes.Equal(held, b):
	case *update:
		if err := os.WriteFile(publishedFile, b, 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is older than the record: go test . -run %s -update", publishedFile, t.Name())
	}
}
