package stream

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"article41"

	"github.com/parquet-go/parquet-go"
)

// asked shows the whole question in the verdict.
func asked(_ context.Context, q article41.Query) (article41.Sifted, error) {
	return article41.Sifted{Verdict: fmt.Sprintf("%s|%v|%s|%s|%v|%s|%v", q.Name, q.Names, q.Kind, q.Born, q.Countries, q.Gender, q.Identifiers)}, nil
}

func screened(t testing.TB, table []byte) []Answer {
	t.Helper()
	if !Tabular(table) {
		t.Fatal("this is a table")
	}
	var out file
	if _, err := Batch(t.Context(), Lines(bytes.NewReader(table), int64(len(table))), &out, Earlier{}, asked, Options{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	var answers []Answer
	for dec := json.NewDecoder(&out); ; {
		var a Answer
		if err := dec.Decode(&a); err == io.EOF {
			return answers
		} else if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
}

const inWords = "Ann Lee|[A. Lee Li An]|person|1962|[ml fr]|f|[AB12]"

func TestTable(t *testing.T) {
	answers := screened(t, []byte("id;name;aliases;kind;birth_date;country;gender;passport;amount\n"+
		"c-1;Ann Lee;A. Lee|Li An;person;1962;ml,fr;f;AB12;9\n"+
		";Bob Roe\n"+
		"c-3;;;;;;;;\n"+
		"c-4;Eve;;robot\n"+
		"c-5;\"Eve\n"))
	if len(answers) != 5 {
		t.Fatalf("%d answers: %+v", len(answers), answers)
	}
	if a := answers[0]; a.ID != `"c-1"` || a.Sifted == nil || a.Verdict != inWords {
		t.Errorf("%+v", a)
	}
	if a := answers[1]; a.ID != `"row 3"` || a.Sifted == nil {
		t.Errorf("a row without an id: %+v", a)
	}
	for i, want := range map[int]string{2: "row 4 of the table: name: nothing to screen", 3: "row 5 of the table: kind", 4: "row 6 of the table"} {
		if a := answers[i]; a.Sifted != nil || !strings.Contains(a.Error, want) {
			t.Errorf("row %d: %+v, want %q", i, a, want)
		}
	}
	if answers[2].ID != `"c-3"` {
		t.Errorf("a row that cannot be used lost its id: %+v", answers[2])
	}
}

func TestParquetTable(t *testing.T) {
	type row struct {
		ID      string   `parquet:"id"`
		Name    string   `parquet:"name"`
		Aliases []string `parquet:"aliases"`
		Kind    string   `parquet:"kind"`
		Born    string   `parquet:"birth_date"`
		Country []string `parquet:"country"`
		Gender  string   `parquet:"gender"`
		Pass    string   `parquet:"passport"`
	}
	var b bytes.Buffer
	if err := parquet.Write(&b, []row{{"c-1", "Ann Lee", []string{"A. Lee", "Li An"}, "person", "1962", []string{"ml", "fr"}, "f", "AB12"}, {ID: "c-2", Name: "Bob"}}); err != nil {
		t.Fatal(err)
	}
	if answers := screened(t, b.Bytes()); len(answers) != 2 || answers[0].Sifted == nil || answers[0].Verdict != inWords || answers[1].ID != `"c-2"` {
		t.Fatalf("%+v", answers)
	}
}

// A table that breaks off ends the batch with its error, not as if it were whole.
func TestBrokenTable(t *testing.T) {
	var out file
	if _, err := Batch(t.Context(), Lines(strings.NewReader("who\nAnn\n"), 8), &out, Earlier{}, asked, Options{}); err == nil || !strings.Contains(err.Error(), `no column "name"`) {
		t.Fatalf("%v", err)
	}
	for text, want := range map[string]bool{"": false, ` {"id":1}`: false, "\ufeff{": false, "id,name\n": true, "PAR1": true, "PK\x03\x04": true} {
		if Tabular([]byte(text)) != want {
			t.Errorf("%q", text)
		}
	}
}

// Whatever a table holds, each of its rows is a line that ReadRow takes or refuses
// with a word, and the batch has an answer to each.
func FuzzLines(f *testing.F) {
	f.Add([]byte("id,name\n1,Ann\n,\n2,\"B\n"))
	f.Add([]byte("name;kind\nAnn;robot\n\x00;\xff\n"))
	f.Fuzz(func(t *testing.T, table []byte) {
		if len(table) >= 4 && (string(table[:4]) == "PAR1" || string(table[:4]) == "PK\x03\x04") {
			return // other readers, with targets of their own in package watch
		}
		all, err := io.ReadAll(Lines(bytes.NewReader(table), int64(len(table))))
		if err != nil {
			return
		}
		for _, l := range bytes.Split(bytes.TrimSuffix(all, []byte("\n")), []byte("\n")) {
			if len(l) == 0 {
				continue
			}
			if r, err := ReadRow(l); r.ID == "" {
				t.Fatalf("%q has no id (%v)", l, err)
			}
		}
	})
}
