package watch_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"article41/watch"
)

// TestAlertsAsFiles: each format holds each alert with what was compared and
// decided, and none says that two bearers are one.
func TestAlertsAsFiles(t *testing.T) {
	d := desk(t, house, person("1", "=Houka Houka Ag Alhousseini"), person("2", "Wilhelmina Quackenbush"), person("3", "Somebody Else"))
	screened(t, d, newLists(1, listed("un:MLi.005", "HOUKA HOUKA AG ALHOUSSEINI"), listed("un:QDi.001", "Somebody Else")))
	decide(t, d, "3 un:QDi.001", watch.NotSame, amina)
	all, err := d.Alerts(t.Context(), nil)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d alerts, %v", len(all), err)
	}
	file := func(format string) []byte {
		var b bytes.Buffer
		if err := d.Write(t.Context(), &b, format, all); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}

	rows, err := csv.NewReader(bytes.NewReader(file("csv"))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v: %q", err, rows)
	}
	cell := func(row int, column string) string {
		for i, c := range rows[0] {
			if c == column {
				return rows[row][i]
			}
		}
		t.Fatalf("no column %q", column)
		return ""
	}
	if got := cell(1, "customer"); got != "'=Houka Houka Ag Alhousseini" {
		t.Errorf("a spreadsheet takes %q for a formula", got)
	}
	if cell(2, "state") != "not-same" || cell(2, "reason") != "another birth year in the passport" || cell(2, "decided_by") == "" || cell(1, "decided") != "" {
		t.Errorf("%q", rows)
	}

	type some struct {
		Customer string   `parquet:"customer"`
		Reason   string   `parquet:"reason"`
		Score    float64  `parquet:"score"`
		Against  []string `parquet:"against,list"`
	}
	whole := file("parquet")
	table, err := parquet.Read[some](bytes.NewReader(whole), int64(len(whole)))
	if err != nil || len(table) != 2 || table[0].Customer != "=Houka Houka Ag Alhousseini" || table[1].Reason != "another birth year in the passport" || table[1].Score < 0.7 {
		t.Errorf("%v: %+v", err, table)
	}

	for _, format := range []string{"jsonl", "ftm"} {
		lines := strings.Split(strings.TrimSpace(string(file(format))), "\n")
		if len(lines) != 2 || !strings.Contains(lines[1], "another birth year in the passport") {
			t.Errorf("%s: %q", format, lines)
		}
		for _, l := range lines {
			var e struct {
				ID, Schema string
				Properties map[string][]string
			}
			if err := json.Unmarshal([]byte(l), &e); err != nil || e.ID == "" {
				t.Errorf("%v: %s", err, l)
			}
			if format == "ftm" && (e.Schema != "Note" || len(e.Properties["entity"]) != 1 || !strings.HasPrefix(e.Properties["entity"][0], "un-")) {
				t.Errorf("%s", l)
			}
		}
	}
	if err := d.Write(t.Context(), &bytes.Buffer{}, "pdf", all); err == nil || !strings.Contains(err.Error(), `"pdf": want one of csv, ftm, jsonl, parquet`) {
		t.Errorf("%v", err)
	}
}
