package voeten

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"article41/align"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/shareddata"
	"article41/symbol"
)

const head = "rcid,session,date,unres,amend,para,short,me,2,365,432,678,679\n"

func TestRead(t *testing.T) {
	votes, complaints, err := Read(strings.NewReader("\ufeff"+head+
		"5036,64,2009-12-18,R/64/157,NA,NA,Order,0,3,1,1,9,1\n"+
		"1959,34,1979-12-14,R/34/93D,0,1,APARTHEID,1,3,1,8,1,9\n"+
		"3,1,1946-01-01,R/1/66,1,0,RULES,0,3,2,9,9,\n"), Options{})
	if err != nil || len(complaints) > 0 || len(votes) != 3 {
		t.Fatal(votes, complaints, err)
	}
	for i, c := range []struct {
		why        string
		resolution symbol.Symbol
		part       string
		yes, no    string
		absent     string
	}{
		{"a whole resolution stands under its symbol", "A/RES/64/157", "", "MLI RUS YEM", "USA", ""},
		{"the Soviet Union before it was Russia; the old Yemen's line; absence", "A/RES/34/93D", "paragraph", "SUN YEM", "USA", "MLI"},
		{"before session 31 the number is not the resolution's", "GA/ROLLCALL/3", "amendment", "", "USA", ""},
	} {
		v := votes[i]
		if v.Resolution != c.resolution || v.Part != c.part || words(v.Ballots.Yes) != c.yes || words(v.Ballots.No) != c.no || words(v.Ballots.Absent) != c.absent {
			t.Errorf("%s: %+v %+v", c.why, v, v.Ballots)
		}
	}
}

func words(codes []country.Code) string {
	s := ""
	for _, c := range codes {
		s += " " + string(c)
	}
	return strings.TrimSpace(s)
}

func TestReadComplains(t *testing.T) {
	for _, c := range []struct {
		why, in    string
		rows, said int
		refused    bool
	}{
		{"a row is short", head + "1,64,2009-12-18\n5,64,2009-12-18,R/64/1,0,0,x,0,1,1,1,9,1\n", 1, 1, false},
		{"a vote that is none", head + "5,64,2009-12-18,R/64/1,0,0,x,0,7,1,1,9,1\n", 1, 1, false},
		{"a day that is none", head + "5,64,2009-13-18,,0,0,x,0,1,1,1,9,1\n6,64,2009-12-18,,0,0,x,0,1,1,1,9,1\n", 1, 1, false},
		{"a number twice", head + "5,64,2009-12-18,,0,0,x,0,1,1,1,9,1\n5,64,2009-12-18,,0,0,x,0,1,1,1,9,1\n", 1, 1, false},
		{"two lines of one state", head + "5,64,1990-12-18,,0,0,x,0,1,1,1,1,3\n", 1, 1, false},
		{"a state nobody knows", strings.Replace(head, "432", "1432", 1), 0, 0, true},
		{"another form", "rcid,country,vote\n3,US,yes\n", 0, 0, true},
		{"nothing", "", 0, 0, true},
		{"a head and no row", head, 0, 0, true},
		{"a cut gzip file", "\x1f\x8b\x08", 0, 0, true},
	} {
		votes, complaints, err := Read(strings.NewReader(c.in), Options{})
		if len(votes) != c.rows || len(complaints) != c.said || (err != nil) != c.refused {
			t.Errorf("%s: %d rows, complaints %v, error %v", c.why, len(votes), complaints, err)
		}
		if err != nil && !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: %v is not of the kind invalid", c.why, err)
		}
	}
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(bytes.Repeat([]byte("x"), 4096))
	w.Close()
	if _, _, err := Read(&z, Options{MostBytes: 100}); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("a file that unpacks to more than may be read: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(head + "5,64,2009-12-18,R/64/1,0,0,x,0,1,1,1,9,1\n")
	f.Add("ccode,year,idealpointall\n432,2020,-0.3\n")
	f.Fuzz(func(t *testing.T, in string) {
		votes, _, err := Read(strings.NewReader(in), Options{MostBytes: 1 << 20})
		if (err == nil) != (len(votes) > 0) {
			t.Fatalf("%d votes and error %v", len(votes), err)
		}
		for _, v := range votes {
			if _, err := symbol.Parse(string(v.Resolution)); err != nil {
				t.Fatal(err)
			}
		}
		ReadIdeals(strings.NewReader(in), Options{MostBytes: 1 << 20})
	})
}

// The lines of cow.csv are states of ours.
func TestLines(t *testing.T) {
	for n, l := range lines() {
		for _, c := range []country.Code{l.code, l.before} {
			if _, ok := country.Of(c); !ok && c != "" {
				t.Errorf("number %s: %s is not in the table of states", n, c)
			}
		}
	}
	if c, _ := StateOf("365", date.MustDay("1991-12-23")); c != "SUN" {
		t.Errorf("the day before: %s", c)
	}
}

// The file of roll calls is read whole, and its ballots add up to those stated.
func TestRealRollCalls(t *testing.T) {
	f, err := os.Open(shareddata.Path(t, "data/assembly-votes/voeten_unvotes_wide_1946_2020.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	votes, complaints, err := Read(f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	ballots := 0
	seen := map[string]bool{}
	for _, v := range votes {
		b := v.Ballots
		ballots += len(b.Yes) + len(b.No) + len(b.Abstain)
		if seen[v.RollCall] {
			t.Errorf("roll call %s stands twice", v.RollCall)
		}
		seen[v.RollCall] = true
	}
	if len(votes) != 6299 || ballots != 707515+112602+66692 {
		t.Errorf("%d roll calls, %d ballots; the file has 6299 and 886809", len(votes), ballots)
	}
	for _, c := range complaints {
		t.Errorf("%s: %s", c.Place, c.Problem)
	}
}

// Our import of the ideal points and the published file are identical, number by
// number; the shipped table holds the same 32 bits of what it holds.
func TestRealIdeals(t *testing.T) {
	path := shareddata.Path(t, "data/assembly-votes/IdealpointsJuly2025.csv.gz")
	open := func() io.Reader {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.NewReader(b)
	}
	points, err := ReadIdeals(open(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(open())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	if len(points) != len(rows)-1 {
		t.Fatalf("%d points of %d rows", len(points), len(rows)-1)
	}
	numbers := 0
	for i, row := range rows[1:] {
		p := points[i]
		if p.Line != row[at["ccode"]] || strconv.Itoa(p.Year) != row[at["year"]] {
			t.Fatalf("row %d is %s of %d, ours %s of %d", i, row[at["ccode"]], p.Year, p.Line, p.Year)
		}
		if iso := row[at["iso3c"]]; iso != "" && iso != "YAR" && iso != "YUG" && p.State != "SUN" && iso != "TWN" && iso != string(p.State) {
			t.Errorf("row %d: the file calls it %s, we %s", i, iso, p.State)
		}
		same := func(column string, got *float64) {
			cell := row[at[column]]
			if cell == "NA" || cell == "" {
				if got != nil {
					t.Errorf("row %d, %s: %v, the file has nothing", i, column, *got)
				}
				return
			}
			want, err := strconv.ParseFloat(cell, 64)
			if err != nil || got == nil || *got != want {
				t.Errorf("row %d, %s: %v, the file has %s", i, column, got, cell)
			}
			numbers++
		}
		for tail, e := range map[string]align.Estimate{"all": p.All, "fp": p.Foreign} {
			same("idealpoint"+tail, e.Point)
			same("nvotes"+tail, e.Votes)
			for k, q := range []string{"qo", "q5", "q10", "q50", "q90", "q95", "q100"} {
				same(q+tail, e.Quantiles[k])
			}
		}
		same("idealpointlegacy", p.Legacy.Point)
	}
	t.Logf("%d rows, %d numbers, identical", len(points), numbers)

	var b bytes.Buffer
	if err := align.WriteTable(&b, points); err != nil {
		t.Fatal(err)
	}
	shipped, err := os.ReadFile("../../align/idealpoints.csv")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), shipped) {
		t.Error("align/idealpoints.csv is not what article41 compile ideals makes of the published file")
	}
	table, err := align.ReadTable(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range table {
		i := slices.IndexFunc(points, func(p align.Ideal) bool { return p.Line == s.Line && p.Year == s.Year })
		for k, x := range [][2]*float64{{s.All.Point, points[i].All.Point}, {s.Foreign.Point, points[i].Foreign.Point}} {
			if (x[0] == nil) != (x[1] == nil) || x[0] != nil && *x[0] != *x[1] && float32(*x[0]) != float32(*x[1]) {
				t.Fatalf("%s of %d, series %d: shipped %v, published %v", s.State, s.Year, k, x[0], x[1])
			}
		}
	}
}
