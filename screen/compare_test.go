package screen

import (
	"strings"
	"testing"

	"article41/name"
)

func TestComparePairsKeepsColumnsAndReports(t *testing.T) {
	in := "schema,name1,name2,is_match,note\nPerson,Vladimir Putin,\"PUTIN, Vladimir\",true,\"kept, too\"\nPerson,Olga Ivanova,Pyotr Sidorov,false,\nCompany,Siemens AG,Siemens Aktiengesellschaft,true\n"
	var out, report strings.Builder
	if err := ComparePairs(strings.NewReader(in), &out, &report, 0); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if lines[0] != "schema,name1,name2,is_match,note,score,match" {
		t.Errorf("head is %q", lines[0])
	}
	for i, want := range []string{",true", ",false", ",true"} {
		if !strings.HasSuffix(lines[i+1], want) {
			t.Errorf("row %d is %q, want it to end in %q", i+1, lines[i+1], want)
		}
	}
	if !strings.Contains(lines[1], "\"kept, too\"") {
		t.Errorf("another column is lost: %q", lines[1])
	}
	if !strings.Contains(report.String(), "F1 1.0000") {
		t.Errorf("report: %s", report.String())
	}
}

func TestComparePairsRefusesOtherFiles(t *testing.T) {
	for _, in := range []string{"", "a,b\n1,2\n", "schema,name1\nPerson,x\n"} {
		if err := ComparePairs(strings.NewReader(in), &strings.Builder{}, &strings.Builder{}, 0); err == nil {
			t.Errorf("%q was taken for pairs", in)
		}
	}
}

// A row too long ends the reading, with its line; what was scored before it is
// there. A short row is no match, and said.
func TestComparePairsLosesNoRow(t *testing.T) {
	var out, report strings.Builder
	err := ComparePairs(strings.NewReader("schema,name1,name2,is_match\nPerson,Ann Lee,\"Ann\nLee\",true\nPerson,Ann Lee\nPerson,Ann,Bob,maybe\nPerson,a,b,true,x,y\nPerson,c,d,true\n"), &out, &report, 0)
	if err == nil || !strings.Contains(err.Error(), "line 6 has 6 columns, the head 4") || strings.Count(out.String(), "Person,") != 3 {
		t.Errorf("%v\n%s", err, out.String())
	}
	out.Reset()
	if err := ComparePairs(strings.NewReader("\uFEFFschema,name1,name2,is_match\nPerson,Ann Lee\nPerson,Ann Lee,Ann Lee,yes\n"), &out, &report, 0); err != nil {
		t.Fatal(err)
	}
	if got := report.String(); !strings.Contains(got, "rows without two names: 1, the first in line 2") || !strings.Contains(got, "not counted below: 2") || !strings.Contains(out.String(), ",false\n") {
		t.Errorf("%s\n%s", got, out.String())
	}
}

func TestEvidenceIsForAndAgainstAndNeverHidesAHit(t *testing.T) {
	ix := Build([]Subject{{ID: "a", Kind: name.Person, Names: []Name{{Text: "Ruslan Dzhabrailov"}, {Text: "Rustik", Strength: Weak}},
		Births: []Birth{{From: "1970"}}, Countries: []string{"ru"}, Gender: "male", Identifiers: []Identifier{{Kind: "passport", Value: "AB 123456"}}}})
	ask := func(q Query) Hit {
		q.Kind = name.Person
		hs := ix.Search(q)
		if len(hs) != 1 {
			t.Fatalf("%+v: %d hits", q, len(hs))
		}
		return hs[0]
	}
	n := []string{"Ruslan Dzhabrailov"}
	alone := ask(Query{Names: n})
	if alone.Class != ClassNameOnly || !alone.Match {
		t.Errorf("name alone: %+v", alone)
	}
	if h := ask(Query{Names: n, Births: []Birth{{From: "1970-05-02"}}}); h.Score <= alone.Score || h.Class != ClassConfirmed {
		t.Errorf("a day within the listed year agrees: %+v", h)
	}
	if h := ask(Query{Names: n, Births: []Birth{{From: "1950-05-02"}}, Countries: []string{"fr"}, Gender: "f"}); h.Match || h.Class != ClassDisputed || len(h.Against) != 3 {
		t.Errorf("facts against must be shown and take the match away, not the hit: %+v", h)
	}
	if h := ask(Query{Names: []string{"Somebody Else"}, Identifiers: []Identifier{{Value: "ab123456"}}}); h.Class != ClassIdentifier || h.Score < 0.9 {
		t.Errorf("an identifier finds whatever the name: %+v", h)
	}
	if hs := ix.Search(Query{Names: []string{"Rustik"}, Kind: name.Person}); len(hs) != 0 {
		t.Errorf("a weak alias opened a hit: %+v", hs)
	}
}

func TestApplyAddsChangesAndRemoves(t *testing.T) {
	old := Build([]Subject{
		{ID: "a", Kind: name.Person, Names: []Name{{Text: "Ruslan Dzhabrailov"}}},
		{ID: "b", Kind: name.Person, Names: []Name{{Text: "Hanna Kovalchuk"}}},
	})
	now := old.Apply([]Subject{{ID: "a", Kind: name.Person, Names: []Name{{Text: "Someone Quite Different"}}}, {ID: "c", Kind: name.Person, Names: []Name{{Text: "Bartholomew Oyelaran"}}}}, []SubjectID{"b"})
	found := func(ix *Index, n string) int { return len(ix.Search(Query{Names: []string{n}, Kind: name.Person})) }
	for _, c := range []struct {
		n          string
		before, as int
	}{{"Ruslan Dzhabrailov", 1, 0}, {"Hanna Kovalchuk", 1, 0}, {"Bartholomew Oyelaran", 0, 1}, {"Someone Quite Different", 0, 1}} {
		if g, w := found(old, c.n), c.before; g != w {
			t.Errorf("the old index finds %q %d times, want %d", c.n, g, w)
		}
		if g, w := found(now, c.n), c.as; g != w {
			t.Errorf("the new index finds %q %d times, want %d", c.n, g, w)
		}
	}
	if now.Len() != 2 {
		t.Errorf("live: %d", now.Len())
	}
	again := now.Apply(nil, []SubjectID{"c"})
	if again.Len() != 1 || found(again, "Bartholomew Oyelaran") != 0 {
		t.Errorf("removed from the delta: %d live", again.Len())
	}
}

func TestEqualNamesWithMoreInCommonRankHigher(t *testing.T) {
	short := ScorePair("Omar Saleh", "Omar Saleh", name.Person)
	long := ScorePair("Omar Saleh Ndiwandele", "Omar Saleh Ndiwandele", name.Person)
	if !(short >= DefaultThreshold && long > short && long < 1) {
		t.Errorf("short %.4f, long %.4f", short, long)
	}
}

func TestExplanationNamesEveryToken(t *testing.T) {
	e := ExplainPair("Сергей Лавров", "LAVROV, Sergey Viktorovich", name.Person)
	if len(e.Meetings) != 2 || len(e.ListedLeft) != 1 || !strings.Contains(e.Words(), "Russian") {
		t.Errorf("%s", e.Words())
	}
}

// A ship is found by its name, by its IMO number whatever it is called now, and a
// number beside its name is never the same name.
func TestVesselsByNameAndNumber(t *testing.T) {
	ix := Build([]Subject{{ID: "v", Kind: name.Vessel, Names: []Name{{Text: "GRACE 1"}}, Identifiers: []Identifier{{Kind: "imo", Value: "IMO 9116412"}}}})
	ask := func(text, imo string) []Hit {
		q := Query{Names: []string{text}, Kind: name.Vessel}
		if imo != "" {
			q.Identifiers = []Identifier{{Kind: "imo", Value: imo}}
		}
		return ix.Search(q)
	}
	for _, c := range []struct {
		text, imo, class string
	}{
		{"M/V Grace I", "", ClassNameOnly},
		{"Grace", "", ClassSimilar},
		{"Grace 2", "", ""},
		{"Adrian Darya", "", ""},
		{"Adrian Darya", "IMO 9116412", ClassIdentifier},
		{"Grace", "IMO 9116412", ClassIdentifier},
	} {
		class := ""
		if hs := ask(c.text, c.imo); len(hs) > 0 {
			class = hs[0].Class
		}
		if class != c.class {
			t.Errorf("%q with %q is %q, want %q", c.text, c.imo, class, c.class)
		}
	}
	if more, less := ask("Grace", "IMO 9999999"), ask("Grace", ""); len(more) != len(less) {
		t.Errorf("with a number more %d are found, without it %d", len(more), len(less))
	}
}
