package align_test

import (
	"fmt"
	"testing"

	"article41/align"
	"article41/council"
	"article41/country"
)

// twoCamps are forty votes of two camps of three; in the last vote one of the
// second camp crosses over.
func twoCamps() *align.Votes {
	var calls []align.Call
	for i := range 40 {
		v := map[country.Code]council.Ballot{"FRA": y, "GBR": y, "USA": y, "CHN": n, "RUS": n, "MLI": n}
		if i%4 == 0 {
			for _, s := range []country.Code{"CHN", "RUS", "MLI"} {
				v[s] = a
			}
		}
		if i == 39 {
			v["MLI"] = y
		}
		calls = append(calls, call(fmt.Sprintf("S/RES/%d", 100+i), fmt.Sprintf("20%02d-06-01", 1+i/2), v))
	}
	return align.Fold(calls)
}

func TestBlocsFindTheCamps(t *testing.T) {
	v := twoCamps()
	set, _ := v.Select(align.Filter{})
	b := v.Blocs(set, 0, 20, 1)
	if len(b.Blocs) != 2 || len(b.Blocs[0].States) != 3 || b.Blocs[0].Stability < 0.95 || b.Silhouette < 0.8 {
		t.Errorf("%+v", b)
	}
	if again := v.Blocs(set, 0, 20, 1); again.Silhouette != b.Silhouette || again.Blocs[1].Stability != b.Blocs[1].Stability {
		t.Error("the same seed gave other blocs")
	}
}

func TestSurprisesFindTheCrossing(t *testing.T) {
	v := twoCamps()
	set, _ := v.Select(align.Filter{})
	s := v.Surprises(set)
	if len(s) != 40 || s[0].Call.ID != "S/RES/139" || s[0].Ballots[0].State != "MLI" || s[0].Ballots[0].Chance > 0.3 {
		t.Errorf("least expected: %s, %+v", s[0].Call.ID, s[0].Ballots)
	}
}

func TestDriftsRankTheMover(t *testing.T) {
	var calls []align.Call
	for i := range 60 {
		late := i >= 30
		v := map[country.Code]council.Ballot{"RUS": n, "USA": y, "CHN": n, "MLI": y}
		if late {
			v["MLI"] = n
		}
		on := "2015-06-01"
		if late {
			on = "2022-06-01"
		}
		calls = append(calls, call(fmt.Sprintf("S/RES/%d", 100+i), on, v))
	}
	v := align.Fold(calls)
	d := v.Drifts("RUS", v.Year(align.Council, 2015), v.Year(align.Council, 2022), 200, 1)
	if len(d) != 3 || d[0].State != "MLI" || d[0].Change != 1 || !d[0].Clear || d[1].Clear {
		t.Errorf("%+v", d)
	}
}

func TestEventsHaveSources(t *testing.T) {
	list := align.EventsOf("MLI")
	if len(list) < 5 {
		t.Fatalf("%d events", len(list))
	}
	for _, e := range list {
		if e.Cite.Source == "" || e.What == "" || e.Short == "" || e.On.IsZero() {
			t.Errorf("%+v", e)
		}
	}
}
