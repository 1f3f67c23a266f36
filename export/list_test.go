package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"article41/date"
	"article41/record"
	"article41/source/ftm"
)

func listed() []record.Listed {
	born, _ := date.ParseAbout("1970-05-01")
	return []record.Listed{
		{List: "test", Ref: "T-1", Version: date.MustDay("2026-01-05"), Sort: "person", Gender: "male", Nationalities: []string{"Mali"}, Positions: []string{"Colonel; of the guard"},
			Names:  []record.Name{{Text: "Moussa Testman", Quality: record.Primary}, {Text: "Abu Test", Quality: record.Low}, {Text: "Musa Testman", Quality: record.Good}},
			Births: []record.Birth{{On: born, City: "Gao"}}, Programme: []string{"TL"}, ListedOn: date.MustDay("2019-12-19"),
			Documents: []record.Document{{Type: "Passport", Number: "A1", Country: "ML"}}},
		{List: "test", Ref: "T-2", Version: date.MustDay("2026-01-05"), Sort: "entity", Names: []record.Name{{Text: "=Mining(1)", Quality: record.Primary}},
			Links: []record.Relation{{To: "T-1", Kind: "owned by", Percent: "51"}}},
	}
}

func all(yield func(record.Listed) error) error {
	for _, e := range listed() {
		if err := yield(e); err != nil {
			return err
		}
	}
	return nil
}

func write(t *testing.T, format string) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	if err := WriteList(&b, format, all); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestWriteListJSONLines(t *testing.T) {
	dec := json.NewDecoder(write(t, "jsonl"))
	for _, want := range listed() {
		var got record.Listed
		if err := dec.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b date.Day) bool { return a == b })); diff != "" {
			t.Error(diff)
		}
	}
}

func TestWriteListCSV(t *testing.T) {
	rows, err := csv.NewReader(write(t, "csv")).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatal(err, rows)
	}
	cell := func(row int, name string) string {
		for i, c := range rows[0] {
			if c == name {
				return rows[row][i]
			}
		}
		t.Fatal("no column", name)
		return ""
	}
	for _, c := range []struct {
		why, column, want string
		row               int
	}{
		{"the name", "name", "Moussa Testman", 1}, {"strong aliases apart", "aliases", "Musa Testman", 1}, {"from weak ones", "weak_aliases", "Abu Test", 1},
		{"a semicolon in a value is none between values", "positions", "Colonel, of the guard", 1}, {"the day", "listed_on", "2019-12-19", 1},
		{"no formula", "name", "'=Mining(1)", 2}, {"a link with its share", "links", "owned by T-1 (51 percent)", 2},
	} {
		if got := cell(c.row, c.column); got != c.want {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
}

// TestWriteListParquet reads the file back.
func TestWriteListParquet(t *testing.T) {
	b := write(t, "parquet")
	rows, err := parquet.Read[Row](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || len(rows) != 2 {
		t.Fatal(err, rows)
	}
	if rows[0].Name != "Moussa Testman" || !cmp.Equal(rows[0].Aliases, []string{"Musa Testman"}) || rows[1].Links[0] != "owned by T-1 (51 percent)" {
		t.Errorf("%+v", rows)
	}
}

// TestWriteListFtM reads the entities back with the reader of that form.
func TestWriteListFtM(t *testing.T) {
	l, entries, err := ftm.Read(bytes.NewReader(write(t, "ftm").Bytes()), ftm.Options{Date: date.MustDay("2026-01-05")})
	if err != nil || l.Count != 2 || l.Damaged {
		t.Fatal(err, l.Count, l.Complaints)
	}
	p, f := entries[0], entries[1]
	if p.Sort != "person" || p.Names[0].Text != "Moussa Testman" || p.ListedOn != date.MustDay("2019-12-19") || p.Births[0].On.String() != "1970-05-01" || len(p.Documents) != 1 {
		t.Errorf("%+v", p)
	}
	if len(f.Links) != 1 || f.Links[0].Kind != "owned by" || f.Links[0].To != "test-T-1" || f.Links[0].Percent != "51" {
		t.Errorf("%+v", f.Links)
	}
}

func TestWriteListRefuses(t *testing.T) {
	if err := WriteList(&bytes.Buffer{}, "xls", all); !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), "parquet") {
		t.Errorf("an unknown format: %v", err)
	}
	full := errors.New("disk full")
	for _, format := range ListFormats {
		if err := WriteList(writer(func([]byte) (int, error) { return 0, full }), format, all); !errors.Is(err, full) {
			t.Errorf("%s: a writer that fails: %v", format, err)
		}
	}
}
