package watch_test

import (
	"crypto/rand"
	"maps"
	"strings"
	"testing"
	"time"

	"article41/account"
	"article41/date"
	"article41/name"
	"article41/policy"
	"article41/postgrestest"
	"article41/record"
	"article41/regime"
	"article41/screen"
	"article41/shelf"
	"article41/sqlite"
	"article41/watch"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
var noonDay = date.DayOf(noon)

// lists is a world of entries made by hand.
type lists struct {
	entries  map[screen.SubjectID]watch.Entry
	index    *screen.Index
	position record.Position
	asOf     date.Day
	moved    map[screen.SubjectID]record.Position // when an entry last changed
}

func newLists(position record.Position, entries ...watch.Entry) *lists {
	l := &lists{entries: map[screen.SubjectID]watch.Entry{}, position: position, asOf: date.MustDay("2026-11-23"), moved: map[screen.SubjectID]record.Position{}}
	var subjects []screen.Subject
	for _, e := range entries {
		l.entries[e.Subject.ID] = e
		subjects = append(subjects, e.Subject)
	}
	l.index = screen.Build(subjects)
	return l
}

// with is the world after entries changed or came.
func (l *lists) with(entries ...watch.Entry) *lists {
	all := map[screen.SubjectID]watch.Entry{}
	for id, e := range l.entries {
		all[id] = e
	}
	for _, e := range entries {
		all[e.Subject.ID] = e
	}
	var flat []watch.Entry
	for _, e := range all {
		flat = append(flat, e)
	}
	out := newLists(l.position+1, flat...)
	maps.Copy(out.moved, l.moved)
	for _, e := range entries {
		out.moved[e.Subject.ID] = out.position
	}
	return out
}

// Changed can tell, but for a world of another day.
func (l *lists) Changed(was watch.Mark) (out []screen.SubjectID, ok bool) {
	for id, at := range l.moved {
		if at > was.Position {
			out = append(out, id)
		}
	}
	return out, was.AsOf == l.asOf && was.Position <= l.position && was.Position > 0
}

func (l *lists) Mark() watch.Mark {
	day := date.MustDay("2026-11-20")
	return watch.Mark{AsOf: l.asOf, Position: l.position, Record: "test", Engine: screen.Engine, Rarity: screen.RarityVersion,
		Lists: []watch.Version{{List: "un", Version: &day, Digest: string(rune('a' + l.position%26)), Entries: len(l.entries)}}}
}
func (l *lists) Search(q screen.Query) []screen.Hit { return l.index.Search(q) }
func (l *lists) Explain(q screen.Query, id screen.SubjectID) screen.Explanation {
	return l.index.Explain(q, id)
}
func (l *lists) Entry(id screen.SubjectID) (watch.Entry, bool) { e, ok := l.entries[id]; return e, ok }
func (l *lists) Each(yield func(watch.Entry) error) error {
	for _, e := range l.entries {
		if err := yield(e); err != nil {
			return err
		}
	}
	return nil
}

// listed is a person on a list; a name that begins with ~ is a weak alias.
func listed(id string, names ...string) watch.Entry {
	from := date.MustDay("2018-01-01")
	e := watch.Entry{Subject: screen.Subject{ID: screen.SubjectID(id), List: "un", Kind: name.Person}, Caption: strings.TrimPrefix(names[0], "~"),
		Standing: watch.Standing{Alive: true, Status: "listed", From: &from, Measures: bound("assets-freeze")}}
	for i, n := range names {
		x := screen.Name{Text: strings.TrimPrefix(n, "~"), Strength: screen.Strong}
		if i == 0 {
			x.Strength = screen.Primary
		}
		if strings.HasPrefix(n, "~") {
			x.Strength = screen.Weak
		}
		e.Subject.Names = append(e.Subject.Names, x)
	}
	return e
}

// bound is one measure in force.
func bound(word string) []policy.Measure {
	return []policy.Measure{{Jurisdiction: "UN", Word: word, Status: regime.InForce}}
}

func born(e watch.Entry, day string) watch.Entry {
	e.Subject.Births = []screen.Birth{{From: day}}
	return e
}

func lapsed(e watch.Entry, last string) watch.Entry {
	d := date.MustDay(last)
	e.Standing.Alive, e.Standing.Status, e.Standing.Until, e.Standing.Cause = false, "was-listed", &d, "lapse"
	return e
}

func person(id, name string, aliases ...string) watch.Customer {
	return watch.Customer{ID: watch.CustomerID(id), Kind: 1, Name: name, Aliases: aliases}
}

func vault(t testing.TB) *account.Vault {
	t.Helper()
	return account.NewVault(openShelf(t), account.Master{1}, rand.Reader)
}

func openShelf(t testing.TB) shelf.Store {
	t.Helper()
	return postgrestest.Open(t, sqlite.Memory).Shelf()
}

// house is the shipped policy under a name of the tests.
var house = named("test", "1", 0)

func named(name, version string, threshold float64) policy.Policy {
	p := policy.Default()
	p.Name, p.Version, p.Threshold = name, version, threshold
	return p
}

func desk(t testing.TB, p policy.Policy, customers ...watch.Customer) *watch.Desk {
	t.Helper()
	d := watch.New(openShelf(t), vault(t), p)
	add(t, d, customers...)
	return d
}

func add(t testing.TB, d *watch.Desk, customers ...watch.Customer) {
	t.Helper()
	if _, err := d.Add(t.Context(), customers...); err != nil {
		t.Fatal(err)
	}
}

func screened(t testing.TB, d *watch.Desk, l watch.Lists) watch.Screened {
	t.Helper()
	out, err := d.Screen(t.Context(), l, noon, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// all are the alerts with what was compared, by customer's number and entry.
func all(t testing.TB, d *watch.Desk) map[string]watch.Told {
	t.Helper()
	as, err := d.Alerts(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]watch.Told{}
	for _, a := range as {
		told, err := d.Tell(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		who := "erased"
		if told.Evidence != nil {
			who = string(told.Evidence.CustomerID)
		}
		out[who+" "+string(a.Entry)] = told
	}
	return out
}

func one(t testing.TB, d *watch.Desk, pair string) watch.Told {
	t.Helper()
	a, ok := all(t, d)[pair]
	if !ok {
		t.Fatalf("no alert %s; there are %v", pair, keys(all(t, d)))
	}
	return a
}

func keys[V any](m map[string]V) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

var amina = account.Person{ID: "u-1", Name: "Amina", Roles: []account.Role{account.Reviewer}}
var boris = account.Person{ID: "u-2", Name: "Boris", Roles: []account.Role{account.Reviewer}}

func decide(t testing.TB, d *watch.Desk, pair string, verdict watch.State, by account.Person) watch.Alert {
	t.Helper()
	a := one(t, d, pair)
	out, err := d.Decide(t.Context(), a.ID, a.Alert.Evidence, verdict, "another birth year in the passport", by, noon)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
