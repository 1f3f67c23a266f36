package article41

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"article41/align"
	"article41/country"
	"article41/data"
	"article41/date"
	"article41/record"
	"article41/shareddata"
	pack "article41/source/curated"
	"article41/source/voeten"
	"article41/sqlite"
	"article41/symbol"
)

var alignNow = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func alignAt() record.At {
	return record.At{AsOf: date.DayOf(alignNow), KnownAt: date.DayOf(alignNow)}
}

func alignArchive(t testing.TB, store record.Store) *Archive {
	t.Helper()
	rec, err := pack.Unpack(bytes.NewReader(data.Pack))
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(context.Background(), store, Shipped{Edition: rec.Edition, Entries: rec.Entries}, alignNow)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func side(t testing.TB, s string) align.Side {
	t.Helper()
	x, err := align.ParseSide(s)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// The six pairs of the two Mali drafts, from the record itself.
func TestAlignMaliDrafts(t *testing.T) {
	a := alignArchive(t, nil)
	for _, c := range []struct{ a, b, lijphart, s, kappa, pi string }{
		{"FRA", "USA", "1", "1", "1", "1"},
		{"FRA", "JPN", "3/4", "1/2", "1/2", "3/7"},
		{"FRA", "CHN", "3/4", "1/2", "0", "-1/3"},
		{"CHN", "RUS", "1/2", "0", "0", "-1/3"},
		{"FRA", "RUS", "1/4", "-1/2", "-1/2", "-5/7"},
		{"JPN", "RUS", "0", "-1", "-1", "-1"},
	} {
		g, err := a.Align(context.Background(), alignAt(), AlignQuery{A: side(t, c.a), B: side(t, c.b),
			Filter: align.Filter{IDs: []symbol.Symbol{"S/2023/638", "S/2023/639"}}})
		if err != nil {
			t.Fatal(err)
		}
		got := []string{*g.Fractions["lijphart"], *g.Fractions["s"], *g.Fractions["kappa"], *g.Fractions["pi"]}
		if g.N != 2 || !slices.Equal(got, []string{c.lijphart, c.s, c.kappa, c.pi}) {
			t.Errorf("%s %s: n %d, %v", c.a, c.b, g.N, got)
		}
	}
}

// What was published after the day is not counted, nor what was voted after it.
func TestAlignKnowsTheDay(t *testing.T) {
	a := alignArchive(t, nil)
	q := AlignQuery{A: side(t, "FRA"), B: side(t, "RUS"), Resamples: -1}
	before := record.At{AsOf: date.MustDay("2023-08-29"), KnownAt: date.MustDay("2023-08-29")}
	old, err := a.Align(context.Background(), before, q)
	if err != nil {
		t.Fatal(err)
	}
	g, err := a.Align(context.Background(), alignAt(), q)
	if err != nil {
		t.Fatal(err)
	}
	if old.N >= g.N || old.Window.Last.After(before.AsOf) {
		t.Errorf("%d votes by %s, the last of %s; %d by %s", old.N, before.AsOf, old.Window.Last, g.N, alignAt().AsOf)
	}
	if g.Intervals != nil {
		t.Error("an interval that was not asked for")
	}
	q.IDs = []symbol.Symbol{"S/2023/638"}
	if _, err := a.Align(context.Background(), before, q); err == nil {
		t.Error("a vote of the next day was found")
	}
}

func TestShiftOfMali(t *testing.T) {
	a := alignArchive(t, nil)
	x, err := a.Shift(context.Background(), alignAt(), "MLI", "RUS", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[symbol.Symbol]string{
		"A/RES/ES-11/1": "Mali abstained; the Russian Federation voted no, one of five. The Assembly: 141-5-35.",
		"A/RES/ES-11/6": "Mali voted no, one of seven; the Russian Federation voted no, one of seven (unverified). The Assembly: 141-7-32.",
		"A/RES/ES-11/7": "Mali voted no, one of 18 (unverified); how the Russian Federation voted is not in the record. The Assembly: 93-18-65.",
	}
	for _, v := range x.Assembly {
		if w, ok := want[v.Resolution]; ok && v.Sentence != w {
			t.Errorf("%s: %s\nwant %s", v.Resolution, v.Sentence, w)
		}
		switch v.Resolution {
		case "A/RES/ES-11/6":
			if v.Together == nil || !*v.Together || len(v.With) != 7 || !slices.Contains(v.With, country.Code("MLI")) {
				t.Errorf("ES-11/6: together %v with %v", v.Together, v.With)
			}
		case "A/RES/ES-11/1":
			if v.Together == nil || *v.Together {
				t.Errorf("ES-11/1: %v", v.Together)
			}
		case "A/RES/ES-11/3":
			if v.Together != nil {
				t.Error("ES-11/3: Russia's ballot is not in the record, and yet the two are said to stand together")
			}
		}
	}
	if len(x.Assembly) != 8 || len(x.Unknown) == 0 || !strings.Contains(x.Sentence, "no nearer") {
		t.Errorf("%d votes, %d unknown: %s", len(x.Assembly), len(x.Unknown), x.Sentence)
	}
	if d := x.Drift; d == nil || d.Row.OwnRank > 5 || d.Row.Change > 0 {
		t.Errorf("drift %+v", x.Drift)
	}
}

func TestPowerRecord(t *testing.T) {
	a := alignArchive(t, nil)
	p, err := a.PowerRecord(context.Background(), alignAt(), date.Day{}, date.Day{})
	if err != nil {
		t.Fatal(err)
	}
	alone, with := 0, 0
	for _, m := range p.Members {
		alone += m.StoppedAlone
		with += m.StoppedWith
		if !m.Permanent && m.StoppedAlone+m.StoppedWith > 0 {
			t.Errorf("%s has no veto and stopped drafts", m.Name)
		}
	}
	if alone == 0 || with == 0 || alone+with < p.Vetoed || alone > p.Vetoed {
		t.Errorf("%d vetoed, %d alone, %d shares in others", p.Vetoed, alone, with)
	}
	// 30 August 2023: Russia's no stopped 638, and only Russia's other ballot saves it.
	for _, v := range p.Pivotal {
		if v.ID == "S/2023/638" && (len(v.Pivotal) != 1 || v.Pivotal[0].Code != "RUS") {
			t.Errorf("S/2023/638: %+v", v.Pivotal)
		}
	}
}

// The Assembly's roll calls, imported, are counted; a second import adds nothing.
func TestImportRollCalls(t *testing.T) {
	path := shareddata.Path(t, "data/assembly-votes/voeten_unvotes_wide_1946_2020.csv.gz")
	store, err := sqlite.Open(context.Background(), t.TempDir()+"/a.db", sqlite.Options{Now: func() time.Time { return alignNow }})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	a := alignArchive(t, store)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	votes, complaints, err := voeten.Read(f, voeten.Options{})
	if err != nil {
		t.Fatal(err)
	}
	done, err := a.ImportAssembly(context.Background(), alignNow, voeten.Source, votes, complaints)
	if err != nil || done.Added != 6299 {
		t.Fatal(done, err)
	}
	again, err := a.ImportAssembly(context.Background(), alignNow, voeten.Source, votes, complaints)
	if err != nil || again.Again != 6299 || again.Position != done.Position {
		t.Errorf("a second time: %+v %v", again, err)
	}
	q := AlignQuery{A: side(t, "MLI"), B: side(t, "RUS"), Filter: align.Filter{Body: align.Assembly, From: date.MustDay("2011-01-01"), To: date.MustDay("2020-12-31")}}
	g, err := a.Align(context.Background(), alignAt(), q)
	if err != nil {
		t.Fatal(err)
	}
	if g.N < 500 || g.N+g.Left.Absent+g.Left.Unrecorded+g.Left.NotMember != g.Window.Selected {
		t.Errorf("%d counted of %d, %+v", g.N, g.Window.Selected, g.Left)
	}
	// 68/262 stands in our record and in the file: it is one vote.
	q.IDs = []symbol.Symbol{"A/RES/68/262"}
	if g, err = a.Align(context.Background(), alignAt(), q); err != nil || g.Window.Selected != 1 {
		t.Errorf("A/RES/68/262 is counted %d times (%v)", g.Window.Selected, err)
	}
	m, err := a.AlignMap(context.Background(), alignAt(), MapQuery{Filter: align.Filter{Body: align.Assembly}, Year: 2019})
	if err != nil || m.Published == nil || *m.Published < 0.9 || len(m.Points) < 180 {
		t.Errorf("map of 2019: %v %v", m.Sentence, err)
	}
	d, err := a.Drift(context.Background(), alignAt(), DriftQuery{Pole: "RUS", By: ByVotes, Before: [2]int{2010, 2014}, After: [2]int{2015, 2020}, State: "MLI"})
	if err != nil || d.N < 180 {
		t.Errorf("drift by votes: %v %v", d.Sentence, err)
	}
}
