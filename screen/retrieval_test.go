package screen

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"article41/name"
)

type asked struct {
	query string
	want  []SubjectID
}

// plainName is how peerbench map compares names: letters and digits, lower case.
func plainName(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mapped gives the persons of one fixture that peerbench map finds on the list:
// by primary name, else by alias; several by the year of birth.
func mapped(t testing.TB, l unList, fixture string) []asked {
	prim, alias := map[string][]int{}, map[string][]int{}
	for i, p := range l.Persons {
		n := plainName(p.N1 + p.N2 + p.N3 + p.N4)
		prim[n] = append(prim[n], i)
		for _, a := range p.IAlias {
			if n := plainName(a.Name); n != "" {
				alias[n] = append(alias[n], i)
			}
		}
		if n := plainName(p.Original); n != "" {
			alias[n] = append(alias[n], i)
		}
	}
	untreated := csvRows(t, "data/names/positives_un_untreated.csv")[1:]
	use := csvRows(t, "data/names/positives_un_"+fixture+".csv")[1:]
	var out []asked
	for i, row := range untreated {
		c := prim[plainName(row[0])]
		if len(c) == 0 {
			c = alias[plainName(row[0])]
		}
		if len(c) > 1 {
			var k []int
			for _, j := range c {
				for _, b := range l.Persons[j].Births {
					y := b.Year
					if y == "" && len(b.Date) >= 4 {
						y = b.Date[:4]
					}
					if y != "" && strings.HasPrefix(row[5], y) {
						k = append(k, j)
						break
					}
				}
			}
			if len(k) > 0 {
				c = k
			}
		}
		if len(c) == 0 {
			continue
		}
		a := asked{query: use[i][0]}
		for _, j := range c {
			a.want = append(a.want, SubjectID("UN-"+l.Persons[j].DataID))
		}
		out = append(out, a)
	}
	return out
}

// originals asks for each person by its original-script spelling.
func originals(l unList) []asked {
	var out []asked
	for _, p := range l.Persons {
		if strings.TrimSpace(p.Original) != "" {
			out = append(out, asked{p.Original, []SubjectID{SubjectID("UN-" + p.DataID)}})
		}
	}
	return out
}

// recall counts how often the right subject comes first at the threshold, and
// how often it is among the ten.
func recall(ix *Index, as []asked, missed func(asked, []Hit)) (first, found int) {
	for _, a := range as {
		hits := ix.Search(Query{Names: []string{a.query}, Kind: name.Person})
		at := slices.IndexFunc(hits, func(h Hit) bool { return slices.Contains(a.want, h.ID) })
		if at == 0 {
			first++
		} else if missed != nil {
			missed(a, hits)
		}
		if at >= 0 {
			found++
		}
	}
	return
}

func TestRetrievalFaults(t *testing.T) {
	l := readUN(t, unCurrent)
	ix := Build(unSubjects(l, false))
	byID := map[SubjectID]string{}
	for _, p := range l.Persons {
		byID[SubjectID("UN-"+p.DataID)] = p.primary()
	}
	show := func(a asked, hits []Hit) {
		var top []string
		for _, h := range hits[:min(3, len(hits))] {
			top = append(top, h.Matched.Text)
		}
		e := ix.Explain(Query{Names: []string{a.query}, Kind: name.Person}, a.want[0])
		t.Logf("missed %q want %q got %q: %s", a.query, byID[a.want[0]], top, e.Words())
	}
	for _, f := range []string{"untreated", "treated"} {
		as := mapped(t, l, f)
		first, found := recall(ix, as, show)
		t.Logf("%s: %d asked, first %d, among ten %d", f, len(as), first, found)
		if float64(first) < 0.995*float64(len(as)) {
			t.Errorf("%s: %d of %d come first, the floor is 0.995", f, first, len(as))
		}
	}
	as := originals(l)
	first, found := recall(ix, as, show)
	t.Logf("original script: %d asked, first %d, among ten %d", len(as), first, found)
	if float64(first) < 0.9*float64(len(as)) {
		t.Errorf("original script: %d of %d come first, the floor is 0.9", first, len(as))
	}
}
