package listing

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"article41/date"
	"article41/record"
)

var d = date.MustDay

func entry(ref, name string) record.Listed {
	return record.Listed{List: "un", Ref: ref, Sort: "person", Names: []record.Name{{Text: name, Quality: record.Primary}}}
}

func dated(day string, entries ...record.Listed) (record.List, []record.Listed) {
	for i := range entries {
		entries[i].Version = d(day)
	}
	return record.List{List: "un", Date: d(day), Basis: "stated", Origin: Imported, Count: len(entries),
		Content: Contents(entries), Digest: record.Digest{1, byte(len(day))}}, entries
}

// ledger is what an importer does with Changes: it appends the statements and
// folds them again.
type ledger struct {
	t       interface{ Fatal(...any) }
	entries []record.Entry
}

func (l *ledger) fold() *Histories {
	h, err := Fold(slices.Values(l.entries))
	if err != nil {
		l.t.Fatal(err)
	}
	return h
}

func (l *ledger) bring(list record.List, entries []record.Listed) Import {
	in, err := Changes(l.fold().List(list.List), list, entries)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, s := range in.Statements {
		e, err := s.Entry("un")
		if err != nil {
			l.t.Fatal(err)
		}
		l.entries = append(l.entries, e)
	}
	return in
}

func contents(entries []record.Listed) string {
	var out []string
	for _, e := range entries {
		out = append(out, fmt.Sprintf("%s=%s/%s", e.Ref, Caption(e), e.Comments))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// Whatever the order in which versions are brought in, each date answers with
// what its own last version said.
func TestEveryOrderOfImportsTellsTheSameHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &ledger{t: t}
		model := map[string][]record.Listed{}
		days := []string{"2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01", "2024-01-01"}
		for range rapid.IntRange(1, 8).Draw(t, "imports") {
			day := rapid.SampledFrom(days).Draw(t, "day")
			var entries []record.Listed
			for _, ref := range []string{"QDi.001", "QDi.002", "QDi.003", "QDe.001"} {
				if v := rapid.IntRange(0, 3).Draw(t, ref); v > 0 {
					e := entry(ref, "name "+ref)
					e.Comments = fmt.Sprint("text ", v)
					entries = append(entries, e)
				}
			}
			list, entries := dated(day, entries...)
			list.Digest = record.Digest(list.Content)
			held, again := model[day]
			in := l.bring(list, entries)
			if same := again && contents(held) == contents(entries); in.Again != same || same && len(in.Statements) > 0 {
				t.Fatalf("%s: again %v with %d statements, want %v", day, in.Again, len(in.Statements), same)
			}
			if !in.Again {
				added, changed, removed := expected(model, day, entries)
				if in.Added != added || in.Changed != changed || in.Removed != removed {
					t.Fatalf("%s: +%d ~%d -%d, want +%d ~%d -%d", day, in.Added, in.Changed, in.Removed, added, changed, removed)
				}
			}
			model[day] = entries
			if in := l.bring(list, entries); !in.Again || len(in.Statements) > 0 {
				t.Fatalf("%s: a second import appends %d statements", day, len(in.Statements))
			}
			h := l.fold().List("un")
			versions := h.Versions(date.Day{})
			if len(versions) != len(model) {
				t.Fatalf("%d versions held, want %d", len(versions), len(model))
			}
			for _, v := range versions {
				if got, want := contents(h.Entries(v)), contents(model[v.Date.String()]); got != want {
					t.Fatalf("after %s, the list of %s: %s, want %s", day, v.Date, got, want)
				}
			}
		}
	})
}

// expected counts against the nearest earlier held version.
func expected(model map[string][]record.Listed, day string, entries []record.Listed) (added, changed, removed int) {
	var before []record.Listed
	for _, have := range slices.Sorted(maps.Keys(model)) {
		if have < day {
			before = model[have]
		}
	}
	was, now := index(before), index(entries)
	for ref, e := range now {
		if w, on := was[ref]; !on {
			added++
		} else if w.Comments != e.Comments {
			changed++
		}
	}
	for ref := range was {
		if _, on := now[ref]; !on {
			removed++
		}
	}
	return added, changed, removed
}

func TestChangesAreKeptSmall(t *testing.T) {
	l := &ledger{t: t}
	a, b, c := entry("QDi.001", "A"), entry("QDi.002", "B"), entry("QDi.003", "C")
	if in := l.bring(dated("2020-01-01", a, b)); in.Added != 2 || len(in.Statements) != 3 || !in.Against.IsZero() {
		t.Errorf("first: %+v", in)
	}
	in := l.bring(dated("2022-01-01", a, c))
	if in.Added != 1 || in.Removed != 1 || in.Changed != 0 || in.Against != d("2020-01-01") {
		t.Errorf("second: %+v", in)
	}
	var facts []string
	for _, s := range in.Statements {
		facts = append(facts, string(s.Fact))
	}
	if got := strings.Join(facts, " "); got != "list/un/2022-01-01/import listed/un/QDi.002/2022-01-01/import listed/un/QDi.003/2022-01-01/import" {
		t.Errorf("facts: %s", got)
	}
	// Between the two B was already gone and A had another name: what 2022 says
	// of A must be said again, and of B, C nothing new.
	other := entry("QDi.001", "A, otherwise")
	if in := l.bring(dated("2021-01-01", other)); in.Changed != 1 || in.Removed != 1 || len(in.Statements) != 4 {
		t.Errorf("older after newer: %+v", in)
	}
}

func TestAnImportBesideTheRecord(t *testing.T) {
	l := &ledger{t: t}
	list, entries := dated("2022-01-01", entry("QDi.001", "A"))
	list.Origin, list.Stripped = Recorded, true
	l.bring(list, entries)
	full := entry("QDi.001", "A")
	full.Addresses = []record.Address{{City: "Gao"}}
	if in := l.bring(dated("2022-01-01", full)); in.Added != 1 || in.Again {
		t.Errorf("a user's own file beside the record: %+v", in)
	}
	h := l.fold().List("un")
	if v := h.Versions(date.Day{}); len(v) != 1 || v[0].Origin != Imported {
		t.Fatalf("versions %+v", v)
	}
	if e := h.OnList("QDi.001", d("2023-01-01"), date.Day{}).Entry; e == nil || len(e.Addresses) != 1 {
		t.Errorf("the imported content must stand: %+v", e)
	}
}

func TestACutListRemovesNobody(t *testing.T) {
	l := &ledger{t: t}
	l.bring(dated("2020-01-01", entry("QDi.001", "A"), entry("QDi.002", "B")))
	list, entries := dated("2021-01-01", entry("QDi.001", "A"))
	list.Partial = true
	if in := l.bring(list, entries); in.Removed != 0 {
		t.Errorf("%+v", in)
	}
	if a := l.fold().List("un").OnList("QDi.002", d("2021-06-01"), date.Day{}); a.Presence != On {
		t.Errorf("%+v", a)
	}
}

func TestAFirstCutListSaysNothingOfOthers(t *testing.T) {
	l := &ledger{t: t}
	list, entries := dated("2021-01-01", entry("QDi.001", "A"))
	list.Partial = true
	l.bring(list, entries)
	h := l.fold().List("un")
	if a := h.OnList("QDi.002", d("2021-06-01"), date.Day{}); a.Presence != NotHeld || a.Version != list.Date {
		t.Errorf("%+v", a)
	}
	if diff := Diff([]record.Listed{entry("QDi.002", "B")}, entries, record.List{}, list); len(diff.Delisted) > 0 {
		t.Errorf("delisted by a cut list: %+v", diff.Delisted)
	}
}

func TestADamagedImportIsFilledFromTheRecord(t *testing.T) {
	l := &ledger{t: t}
	list, entries := dated("2020-01-01", entry("QDi.001", "Sa’d"))
	list.Origin, list.Stripped = Recorded, true
	l.bring(list, entries)
	damaged := entry("QDi.001", "")
	damaged.Names = []record.Name{{Text: "Jan", Quality: record.Good}}
	damaged.Dropped = []record.Complaint{{Place: "names: FIRST_NAME, line 1"}}
	list, entries = dated("2021-01-01", damaged)
	list.Narrowed = true
	l.bring(list, entries)
	h := l.fold().List("un")
	a := h.OnList("QDi.001", d("2021-02-01"), date.Day{})
	if a.Version != list.Date || Caption(*a.Entry) != "Sa’d" || len(a.Entry.Names) != 2 || len(a.Entry.Dropped) != 1 {
		t.Errorf("%+v", a.Entry)
	}
}

func TestDamageIsCarriedOverAndMended(t *testing.T) {
	l := &ledger{t: t}
	good := entry("QDi.001", "Sa’d Novak")
	good.Names = append(good.Names, record.Name{Text: "Jan", Quality: record.Good}, record.Name{Text: "صدام", Quality: record.Original})
	good.Comments = "Judge. “Old.”"
	good.Died = "reportedly deceased"
	damaged := entry("QDi.001", "")
	damaged.Names = []record.Name{{Text: "Jan", Quality: record.Good}}
	damaged.Dropped = []record.Complaint{{Place: "names: FIRST_NAME, line 1"}, {Place: "names: NAME_ORIGINAL_SCRIPT, line 2"}, {Place: "comments: COMMENTS1, line 3"}}
	narrow := func(day string, e record.Listed) (record.List, []record.Listed) {
		list, entries := dated(day, e)
		list.Narrowed, list.Damaged = true, true
		return list, entries
	}

	// Damaged first: what it could not show is told by the next good version,
	// though that is no amendment.
	l.bring(narrow("2020-01-01", damaged))
	if in := l.bring(dated("2021-01-01", good)); in.Changed != 0 {
		t.Errorf("%+v", in)
	}
	e := l.fold().List("un").OnList("QDi.001", d("2021-06-01"), date.Day{}).Entry
	if Caption(*e) != "Sa’d Novak" || e.Comments == "" || len(e.Names) != 3 {
		t.Errorf("after the good version: %+v", e)
	}

	// Damaged after: nothing changes, and a true change keeps the rest.
	if in := l.bring(narrow("2022-01-01", damaged)); in.Changed != 0 || len(in.Statements) != 1 {
		t.Errorf("%+v", in)
	}
	moved := damaged
	moved.Nationalities = []string{"Mali"}
	if in := l.bring(narrow("2023-01-01", moved)); in.Changed != 1 {
		t.Errorf("%+v", in)
	}
	e = l.fold().List("un").OnList("QDi.001", d("2023-06-01"), date.Day{}).Entry
	if Caption(*e) != "Sa’d Novak" || e.Comments != good.Comments || e.Died != good.Died || len(e.Names) != 3 || len(e.Nationalities) != 1 || len(e.Dropped) != 3 {
		t.Errorf("after the damaged amendment: %+v", e)
	}
	// A good version after it that adds a name in another script is an amendment.
	more := good
	more.Nationalities = []string{"Mali"}
	if in := l.bring(dated("2024-01-01", more)); in.Changed != 0 {
		t.Errorf("mended, not amended: %+v", in)
	}
	more.Names = append(slices.Clone(more.Names), record.Name{Text: "حسين", Quality: record.Original})
	if in := l.bring(dated("2025-01-01", more)); in.Changed != 1 {
		t.Errorf("a name added between two good versions: %+v", in)
	}
}

func TestChangesRefuses(t *testing.T) {
	list, entries := dated("2020-01-01", entry("QDi.001", "A"))
	list.Date = date.Day{}
	if _, err := Changes(nil, list, entries); err == nil {
		t.Error("a list without a date")
	}
	if _, err := Changes(nil, record.List{List: "un", Date: d("2020-01-01")}, append(entries, entries...)); err == nil || !strings.Contains(err.Error(), "QDi.001") {
		t.Errorf("an entry twice: %v", err)
	}
	if _, err := Changes(nil, record.List{List: "un", Date: d("2020-01-01")}, []record.Listed{{}}); err == nil {
		t.Error("an entry without a reference")
	}
}

func TestWithdrawnFactsAreGone(t *testing.T) {
	l := &ledger{t: t}
	l.bring(dated("2020-01-01", entry("QDi.001", "A")))
	l.bring(dated("2021-01-01", entry("QDi.001", "B")))
	for _, f := range []record.FactID{"list/un/2021-01-01/import", "listed/un/QDi.001/2021-01-01/import"} {
		e, err := record.State("withdrawal/"+f, "curated", d("2021-02-01"), record.Withdrawal{Fact: f, Reason: "wrong file"})
		if err != nil {
			t.Fatal(err)
		}
		l.entries = append(l.entries, e)
	}
	h := l.fold().List("un")
	if a := h.OnList("QDi.001", d("2022-01-01"), date.Day{}); a.Version != d("2020-01-01") || Caption(*a.Entry) != "A" {
		t.Errorf("%+v", a)
	}
}
