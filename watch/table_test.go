package watch_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"article41/record"
	"article41/watch"
)

// rowsOf reads a table whole.
func rowsOf(t testing.TB, data []byte, o watch.Options) (rows []watch.Row, ignored []string, err error) {
	t.Helper()
	ignored, err = watch.Read(bytes.NewReader(data), int64(len(data)), o, func(r watch.Row) error {
		rows = append(rows, r)
		return nil
	})
	return rows, ignored, err
}

const tableText = "\ufeffID;Name;Other names;Date of birth;Nationality;Sex;IMO number;Identifiers;shoe\n" +
	"7;\"Traoré; Amina\";Amina T;1980-05;ML|FR;f;;passport:FR:12AB34567;41\n" +
	"8;MV BLUE HERON;;;;;9074729;lei:529900T8BM49AURSDO55;\n"

func workbookOf(t testing.TB, cells [][]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, r := range cells {
		at, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("Sheet1", at, &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func parquetOf(t testing.TB) []byte {
	t.Helper()
	type row struct {
		ID      string   `parquet:"id"`
		Name    string   `parquet:"name"`
		Aliases []string `parquet:"aliases,list"`
		Born    *string  `parquet:"birth_date,optional"`
		IMO     int64    `parquet:"imo,optional"`
		IDs     []string `parquet:"identifiers"`
	}
	born := "1980-05"
	var b bytes.Buffer
	if err := parquet.Write(&b, []row{{"7", "Traoré; Amina", []string{"Amina T", "A. Traoré"}, &born, 0, []string{"passport:FR:12AB34567"}}, {"8", "MV BLUE HERON", nil, nil, 9074729, nil}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadEveryFormat(t *testing.T) {
	cells := [][]string{{"id", "name", "aliases", "birth_date", "imo", "identifiers"}, {"7", "Traoré; Amina", "Amina T", "1980-05", "", "passport:FR:12AB34567"}, {}, {"8", "MV BLUE HERON", "", "", "9074729", ""}}
	for name, data := range map[string][]byte{"csv": []byte(tableText), "xlsx": workbookOf(t, cells), "parquet": parquetOf(t)} {
		t.Run(name, func(t *testing.T) {
			rows, ignored, err := rowsOf(t, data, watch.Options{})
			if err != nil || len(rows) != 2 {
				t.Fatalf("%v %+v", err, rows)
			}
			a, b := rows[0].Customer, rows[1].Customer
			if rows[0].Err != nil || a.ID != "7" || a.Name != "Traoré; Amina" || a.Aliases[0] != "Amina T" || a.Born != "1980-05" || a.Identifiers[0].Country != "FR" || a.Identifiers[0].Value != "12AB34567" {
				t.Errorf("%v %+v", rows[0].Err, a)
			}
			if rows[1].Err != nil || b.IMO != "9074729" {
				t.Errorf("%v %+v", rows[1].Err, b)
			}
			if name == "csv" && (len(ignored) != 1 || ignored[0] != "shoe" || len(a.Countries) != 2 || a.Gender != "f") {
				t.Errorf("%q %+v", ignored, a)
			}
		})
	}
}

func TestReadNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ name, row, want string }{
		{"no id", ",x", "id: want 1 to 400 bytes"},
		{"no name", "1,", "name: nothing to screen"},
		{"a name of marks", "1,...", "name: no letter"},
		{"no UTF-8", "1,\xff\xfe a", "name: not UTF-8"},
		{"too long a name", "1," + strings.Repeat("a", 3000), "name: 3000 bytes"},
		{"no kind", "1,x,thingy", "kind: want person"},
		{"no day", "1,x,,31/12/1980", "birth_date: want"},
		{"no state", "1,x,,,Ruritania", "country: no state"},
		{"no gender", "1,x,,,,q", "gender: want m, f, other"},
		{"an identifier of nothing", "1,x,,,,,passport:", "identifiers: want such as"},
		{"more cells than columns", "1,x,,,,,,,,", "row: 10 cells"},
		{"a quote that does not close", "1,\"x", "row: line"},
	} {
		rows, _, err := rowsOf(t, []byte("id,name,kind,birth_date,country,gender,identifiers\n"+c.row+"\n"), watch.Options{})
		if err != nil || len(rows) != 1 || rows[0].Err == nil || !strings.HasPrefix(rows[0].Err.Error(), c.want) || !errors.Is(rows[0].Err, record.ErrInvalid) {
			t.Errorf("%s: %v, %+v", c.name, err, rows)
		}
	}
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "empty"},
		{"no name column", "id,nom\n1,x\n", `no column "name"`},
		{"two name columns", "name,full_name\nx,y\n", "a second column"},
		{"too many rows", "name\nx\ny\nz\n", "more than 2 rows"},
		{"no workbook", "PK\x03\x04 nonsense", "no workbook"},
		{"no Parquet", "PAR1 nonsense", "Parquet"},
	} {
		if _, _, err := rowsOf(t, []byte(c.text), watch.Options{Rows: 2, Numbered: true}); !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Whatever the bytes, reading ends, drops no row in silence, and a customer it
// takes is one the desk can keep.
func FuzzRead(f *testing.F) {
	f.Add([]byte(tableText))
	f.Add([]byte("id,name\n1,x\n"))
	f.Add(parquetOf(f))
	f.Add(workbookOf(f, [][]string{{"id", "name"}, {"1", "x"}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, _, err := rowsOf(t, data, watch.Options{Rows: 1000})
		if err != nil {
			return
		}
		for _, r := range rows {
			if r.Number < 2 {
				t.Errorf("row %d", r.Number)
			}
			if r.Err == nil {
				if err := r.Customer.Validate(); err != nil {
					t.Errorf("row %d is taken, and %v", r.Number, err)
				}
				if _, err := json.Marshal(r.Customer); err != nil {
					t.Error(err)
				}
			}
		}
	})
}

func FuzzReadWhitelist(f *testing.F) {
	f.Add("customer id,list,entry id,reason,who,when\n7,un,A.1,born in 1990,O. Officer,2024-05-06\n")
	f.Add("7,un,A.1,x,y,2024-05-06T10:00:00Z\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := watch.ReadWhitelist(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, r := range rows {
			if r.Err == nil && (r.Customer == "" || r.Reason == "" || r.When.IsZero() && r.When.Year() != 1) {
				t.Errorf("%+v", r)
			}
		}
	})
}
