package export_test

import (
	"bytes"
	"encoding/csv"
	"testing"

	"article41/date"
	"article41/export"
	"article41/record"
)

func TestFindingsHaveARowForEachPerson(t *testing.T) {
	f := record.Finding{ID: "f1", Incidents: []record.IncidentID{"a", "b"}, Title: "=cmd()", Level: "credible", Named: []record.NamedPerson{
		{Name: "A. N.", Acts: []string{"ordered it", "paid for it"}, Reply: &record.Reply{Of: "A. N.", Sort: "reply", On: date.MustDay("2024-06-02"), Says: "denies it"}},
		{Name: "B. D.", Acts: []string{"drove"}, Reply: &record.Reply{Of: "B. D.", Sort: "not-asked", Says: "risk to a witness"}}}}
	var b bytes.Buffer
	if err := export.FindingsCSV(&b, []record.Finding{f, {ID: "f2"}}); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	col := map[string]int{}
	for i, h := range rows[0] {
		col[h] = i
	}
	for _, w := range []struct {
		row         int
		name, value string
	}{{1, "named", "A. N."}, {1, "acts", "ordered it; paid for it"}, {1, "replied_on", "2024-06-02"}, {2, "named", "B. D."}, {2, "acts", "drove"}, {2, "answer", "risk to a witness"}, {2, "replied_on", ""}, {3, "finding", "f2"}, {3, "named", ""}, {1, "title", "'=cmd()"}, {1, "incidents", "a b"}} {
		if got := rows[w.row][col[w.name]]; got != w.value {
			t.Errorf("row %d, %s: %q, want %q", w.row, w.name, got, w.value)
		}
	}
}
