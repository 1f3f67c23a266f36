package watch_test

import (
	"crypto/rand"
	"fmt"
	mrand "math/rand"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"article41/account"
	"article41/name"
	"article41/postgrestest"
	"article41/screen"
	"article41/watch"
)

// words are drawn together into names that often come near each other, in several
// scripts and with what joins and splits.
var words = []string{"Ivan", "Iwan", "Иван", "Petrov", "Petrow", "Петров", "Kuznetsov", "Kuznecov", "Кузнецов", "Mohammed", "Muhammad", "محمد", "Ali", "Aly",
	"Al", "Hassan", "Hasan", "Abdul", "Rahman", "Abdulrahman", "Kim", "Jong", "Un", "Jongun", "金", "正恩", "김", "정은", "Trading", "Company", "LLC", "Zvezda", "Star",
	"bin", "abu", "Khalid", "Khaled", "O'Brien", "Brien", "van", "der", "Berg", "Vandenberg", "J", "M"}

func aName() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		n := rapid.IntRange(1, 4).Draw(t, "words")
		var out []string
		for range n {
			out = append(out, rapid.SampledFrom(words).Draw(t, "word"))
		}
		return strings.Join(out, " ")
	})
}

var kinds = []name.Kind{name.Unknown, name.Person, name.Person, name.Person, name.Organisation, name.Company, name.Vessel}

func facts(t *rapid.T) (births []screen.Birth, countries []string, ids []screen.Identifier) {
	if rapid.Bool().Draw(t, "born") {
		births = []screen.Birth{{From: rapid.SampledFrom([]string{"1961", "1961-02-03", "1990-01"}).Draw(t, "birth")}}
	}
	if rapid.Bool().Draw(t, "from") {
		countries = []string{rapid.SampledFrom([]string{"RUS", "PRK", "MLI"}).Draw(t, "country")}
	}
	if rapid.IntRange(0, 3).Draw(t, "id") == 0 {
		ids = []screen.Identifier{{Kind: rapid.SampledFrom([]string{"passport", "", "imo"}).Draw(t, "kind"), Value: rapid.SampledFrom([]string{"AB12345", "IMO 9074729", "9074729", "77"}).Draw(t, "value")}}
	}
	return
}

func anEntry(id int) *rapid.Generator[watch.Entry] {
	return rapid.Custom(func(t *rapid.T) watch.Entry {
		e := listed(fmt.Sprintf("un:E.%d", id), aName().Draw(t, "name"))
		e.Subject.Kind = rapid.SampledFrom(kinds).Draw(t, "kind")
		for range rapid.IntRange(0, 2).Draw(t, "aliases") {
			x := screen.Name{Text: aName().Draw(t, "alias"), Strength: screen.Strong}
			if rapid.Bool().Draw(t, "weak") {
				x.Strength = screen.Weak
			}
			if rapid.IntRange(0, 5).Draw(t, "lang") == 0 {
				x.Lang = "ko"
			}
			e.Subject.Names = append(e.Subject.Names, x)
		}
		e.Subject.Births, e.Subject.Countries, e.Subject.Identifiers = facts(t)
		if rapid.IntRange(0, 4).Draw(t, "lapsed") == 0 {
			e = lapsed(e, "2023-08-31")
		}
		if id > 0 && rapid.IntRange(0, 4).Draw(t, "merged") == 0 {
			e.Also = []screen.SubjectID{screen.SubjectID(fmt.Sprintf("un:E.%d", rapid.IntRange(0, id-1).Draw(t, "from")))}
		}
		return e
	})
}

func aCustomer(id int) *rapid.Generator[watch.Customer] {
	return rapid.Custom(func(t *rapid.T) watch.Customer {
		c := person(fmt.Sprint(id), aName().Draw(t, "name"))
		c.Kind = rapid.SampledFrom(kinds).Draw(t, "kind")
		for range rapid.IntRange(0, 2).Draw(t, "aliases") {
			c.Aliases = append(c.Aliases, aName().Draw(t, "alias"))
		}
		var births []screen.Birth
		births, c.Countries, c.Identifiers = facts(t)
		if births != nil {
			c.Born = births[0].From
		}
		return c
	})
}

// current is what the alerts say of today: which customers meet which bound
// entries, on what evidence.
func current(t testing.TB, d *watch.Desk) map[string]string {
	t.Helper()
	out := map[string]string{}
	for pair, a := range all(t, d) {
		if a.Meets && a.Standing.Alive {
			out[pair] = fmt.Sprintf("%s %.9f %s", a.Alert.Evidence, a.Score, a.Class)
		}
	}
	return out
}

// Screening only what a change can touch loses nothing: whatever changes in the
// lists and among the customers, the alerts are those that a desk that screens all
// anew comes to; and screening all again at the same desk changes none.
func TestNothingIsLost(t *testing.T) {
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		if runs++; runs > 15 && postgrestest.Second() {
			return // each makes three databases
		}
		key := account.NewVault(openShelf(t), account.Master{1}, rand.Reader)
		d := watch.New(openShelf(t), key, house)
		customers := map[int]watch.Customer{}
		for i := range rapid.IntRange(1, 12).Draw(rt, "customers") {
			customers[i] = aCustomer(i).Draw(rt, "customer")
			add(t, d, customers[i])
		}
		l := newLists(1)
		for i := range rapid.IntRange(1, 8).Draw(rt, "entries") {
			l = l.with(anEntry(i).Draw(rt, "entry"))
		}
		screened(t, d, l)
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			var changed []watch.Entry
			for range rapid.IntRange(0, 3).Draw(rt, "changes") {
				changed = append(changed, anEntry(rapid.IntRange(0, 9).Draw(rt, "which")).Draw(rt, "changed"))
			}
			l = l.with(changed...)
			switch i := rapid.IntRange(0, 12).Draw(rt, "who"); rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0:
				customers[i] = aCustomer(i).Draw(rt, "customer")
				add(t, d, customers[i])
			case 1:
				if _, ok := customers[i]; ok {
					delete(customers, i)
					if err := d.Remove(t.Context(), watch.CustomerID(fmt.Sprint(i)), false); err != nil {
						rt.Fatal(err)
					}
				}
			}
			screened(t, d, l)
		}
		// A decision that a merger carries may make an alert that a fresh desk would
		// not decide; what meets what is the same.
		fresh := watch.New(openShelf(t), key, house)
		for _, c := range customers {
			add(t, fresh, c)
		}
		screened(t, fresh, l)
		if have, want := current(t, d), current(t, fresh); fmt.Sprint(have) != fmt.Sprint(want) {
			rt.Fatalf("changes alone: %v\nall anew:      %v", have, want)
		}
		before := fmt.Sprint(all(t, d))
		if err := d.Full(t.Context()); err != nil {
			rt.Fatal(err)
		}
		if out := screened(t, d, l); out.Opened+out.Reopened+out.Changed != 0 {
			rt.Fatalf("all again changed something: %+v\n%s\n%v", out, before, all(t, d))
		}
	})
}

// Reverse finds whoever would find: over names bent as typists bend them, and the
// weak aliases and readings of package screen.
func TestReverseFindsWhoeverWouldFind(t *testing.T) {
	r := mrand.New(mrand.NewSource(41))
	m := newMaker(41)
	customers := m.customers(4000)
	base := screen.Build(customers)
	n := 300
	if testing.Short() {
		n = 40
	}
	for i := range n {
		c := customers[r.Intn(len(customers))]
		e := screen.Subject{ID: "un:X", Kind: kinds[r.Intn(len(kinds))], Names: []screen.Name{{Text: m.bend(c.Names[0].Text)}, {Text: m.bend(c.Names[0].Text), Strength: screen.Weak}}}
		threshold := []float64{0, 0.7, 0.75, 0.85, 0.65, 0.5}[i%6]
		found := map[screen.SubjectID]bool{}
		for _, id := range base.Reverse(e, threshold) {
			found[id] = true
		}
		ix := screen.Build([]screen.Subject{e})
		for _, c := range customers {
			q := screen.Query{Names: []string{c.Names[0].Text}, Kind: c.Kind, Threshold: threshold}
			if hits := ix.Search(q); len(hits) > 0 && !found[c.ID] {
				t.Errorf("%q (%v) at %v finds %q (%v), and is not found by it", q.Names[0], c.Kind, threshold, e.Names[0].Text, e.Kind)
			}
		}
	}
}
