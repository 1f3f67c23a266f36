package api

import (
	"bytes"
	"sync"
	"testing"

	"article41/account"
	"article41/date"
	"article41/record"
)

// TestShelves asks for many days from many sides: the answers agree with those of
// a handler that asks for one, and no more days are kept than are meant to be.
func TestShelves(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Gate = Gate{Working: 40} // all who ask are answered: the gate has its own tests
	s := New(a, o).(*server)
	const body = `{"queries":{"q":{"schema":"Person","properties":{"name":["Houka Houka Ag Alhousseini"]}}}}`
	ask := func(h *server, day date.Day) []byte {
		return send(as(h, account.Local()), "POST", "/match/default?as_of="+day.String(), body).Body.Bytes()
	}
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			day := date.MustDay("2023-08-20").AddDays(i % 20)
			if got, want := ask(s, day), ask(New(a, options()).(*server), day); !bytes.Equal(got, want) {
				t.Errorf("%s: %s, alone: %s", day, got, want)
			}
		})
	}
	wg.Wait()
	if n := len(s.shelves.kept); n > mostShelves {
		t.Errorf("%d days are kept, at most %d should", n, mostShelves)
	}
	for k := range s.shelves.kept {
		if k.Position != a.Basis().Position {
			t.Errorf("kept %v rests on another ledger", k)
		}
	}
}

// TestPrintedOnce: an entity's bytes are made once and shared.
func TestPrintedOnce(t *testing.T) {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	s := New(a, options()).(*server)
	sh, err := s.shelf(t.Context(), record.At{AsOf: today, KnownAt: today})
	if err != nil {
		t.Fatal(err)
	}
	first := sh.entity("ofac:103")
	if first == nil || sh.entity("ofac:103") != first {
		t.Error("an entity is printed twice")
	}
	if sh.entity("ofac:nothing") != nil {
		t.Error("a subject that is not there has an entity")
	}
}

// TestTables: every property's use is known, every schema's family is in the
// table, and what /algorithms says of weights is a number for each feature that
// an explanation can name.
func TestTables(t *testing.T) {
	terms := readTerms()
	uses := map[use]bool{useName: true, usePart: true, useBirth: true, useDate: true, useCountry: true, usePlace: true, useGender: true, useIdentifier: true, useEntity: true, useText: true}
	for _, s := range terms.schemata {
		for p, u := range s.properties {
			if !uses[u] {
				t.Errorf("%s.%s: no such use: %q", s.name, p, u)
			}
		}
		for _, f := range s.family {
			if _, ok := terms.schemata[f]; !ok {
				t.Errorf("%s extends %s, which the table lacks", s.name, f)
			}
		}
	}
	for _, r := range rows("properties.csv") {
		if _, ok := terms.schemata[r[1]]; !ok {
			t.Errorf("property %s of schema %s, which the table lacks", r[0], r[1])
		}
	}
	named := map[string]bool{}
	for _, f := range terms.features {
		named[f.name] = true
	}
	for _, kind := range []string{"birth", "country", "gender", "identifier"} {
		for _, against := range []bool{false, true} {
			if f := featureOf(kind, against); !named[f] {
				t.Errorf("feature %s is in no row of features.csv", f)
			}
		}
	}
	names := map[string]bool{}
	for list, d := range terms.datasets {
		if names[d.name] || names[d.id] {
			t.Errorf("%s: a name stands twice", list)
		}
		names[d.name], names[d.id] = true, true
	}
	for _, pair := range []struct {
		a, b string
		want bool
	}{{"Company", "Organization", true}, {"Person", "LegalEntity", true}, {"Thing", "Vessel", true}, {"Person", "Company", false}, {"Vehicle", "Airplane", true}} {
		if got := terms.related(pair.a, pair.b); got != pair.want {
			t.Errorf("%s and %s related: %v", pair.a, pair.b, got)
		}
	}
}
