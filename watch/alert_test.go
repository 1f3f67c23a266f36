package watch_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"article41/account"
	"article41/record"
	"article41/screen"
	"article41/shelf"
	"article41/watch"
)

func TestAnAlertOpensOnce(t *testing.T) {
	d := desk(t, house, person("1", "Houka Houka Ag Alhousseini"), person("2", "Wilhelmina Quackenbush"))
	l := newLists(1, listed("un:MLi.005", "HOUKA HOUKA AG ALHOUSSEINI"), listed("un:QDi.001", "Somebody Else"))
	out := screened(t, d, l)
	if out.Opened != 1 || out.Customers != 2 {
		t.Fatalf("%+v", out)
	}
	a := one(t, d, "1 un:MLi.005")
	if a.State != watch.Open || a.Evidence.Asked != "Houka Houka Ag Alhousseini" || a.Opened.Version != "2026-11-20" || a.Opened.Policy != "test/1" || a.Opened.Engine != screen.Engine {
		t.Errorf("%+v", a)
	}
	if err := d.Full(t.Context()); err != nil {
		t.Fatal(err)
	}
	if out := screened(t, d, l); out.Opened+out.Reopened+out.Changed != 0 || out.Customers != 2 {
		t.Errorf("screened again in full: %+v", out)
	}
}

func TestDecisionsStandAsLongAsTheirEvidence(t *testing.T) {
	base := listed("un:A.1", "Ivan Petrovich Kuznetsov")
	for _, c := range []struct {
		name string
		to   []watch.Entry
		want watch.State
		why  string
	}{
		{"nothing changed", nil, watch.NotSame, ""},
		{"a new alias that met nobody", []watch.Entry{listed("un:A.1", "Ivan Petrovich Kuznetsov", "Abu Hamza")}, watch.NotSame, ""},
		{"a weak alias", []watch.Entry{listed("un:A.1", "Ivan Petrovich Kuznetsov", "~Ivan")}, watch.NotSame, ""},
		{"a birth that the customer can be held against", []watch.Entry{born(base, "1961-02-03")}, watch.Open, "the evidence changed since it was decided"},
		{"the measures lapsed", []watch.Entry{lapsed(base, "2023-08-31")}, watch.NotSame, ""},
		{"another entry of the same name", []watch.Entry{listed("un:A.2", "Ivan Petrovich Kuznetsov")}, watch.NotSame, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ivan := person("7", "Ivan Petrovich Kuznetsov")
			ivan.Born = "1961-02-03"
			d := desk(t, house, ivan)
			l := newLists(1, base)
			screened(t, d, l)
			decide(t, d, "7 un:A.1", watch.NotSame, amina)
			l = l.with(c.to...)
			screened(t, d, l)
			a := one(t, d, "7 un:A.1")
			if a.State != c.want || a.Why != c.why {
				t.Errorf("%s (%s), want %s (%s)", a.State, a.Why, c.want, c.why)
			}
			if len(a.Decisions) != 1 || a.Evidence.Reasons[0].Says != "another birth year in the passport" {
				t.Errorf("the decision is not kept: %+v", a)
			}
			// Back to what was decided on: the decision stands again.
			l = l.with(base)
			screened(t, d, l)
			if a := one(t, d, "7 un:A.1"); a.State != watch.NotSame {
				t.Errorf("back on the old evidence: %s (%s)", a.State, a.Why)
			}
		})
	}
}

func TestALapseIsShownAndDeletesNothing(t *testing.T) {
	d := desk(t, house, person("7", "Ivan Petrovich Kuznetsov"))
	e := listed("un:A.1", "Ivan Petrovich Kuznetsov")
	l := newLists(1, e)
	screened(t, d, l)
	out := screened(t, d, l.with(lapsed(e, "2023-08-31")))
	if out.Standing != 1 || out.Entries != 0 || out.Changed != 1 {
		t.Errorf("%+v", out)
	}
	a := one(t, d, "7 un:A.1")
	if a.Stands != "lapsed since 1 September 2023" || a.Standing.Alive || a.State != watch.Open {
		t.Errorf("%s, %+v", a.Stands, a.Alert)
	}
	// Nobody new is alerted of by it, until it binds again.
	add(t, d, person("8", "Ivan Petrovich Kuznetsov"))
	l = l.with(lapsed(e, "2023-08-31"))
	l.position += 5
	screened(t, d, l)
	if n := len(all(t, d)); n != 1 {
		t.Fatalf("%d alerts", n)
	}
	screened(t, d, l.with(e))
	if a := one(t, d, "8 un:A.1"); a.State != watch.Open || !a.Standing.Alive {
		t.Errorf("bound again: %+v", a)
	}
}

func TestMergers(t *testing.T) {
	ivan := "Ivan Petrovich Kuznetsov"
	into := func(e watch.Entry, also ...screen.SubjectID) watch.Entry { e.Also = also; return e }
	t.Run("an entry goes on under another reference: the decision goes with it", func(t *testing.T) {
		d := desk(t, house, person("7", ivan))
		l := newLists(1, listed("un:A.1", ivan))
		screened(t, d, l)
		decide(t, d, "7 un:A.1", watch.NotSame, amina)
		screened(t, d, l.with(lapsed(listed("un:A.1", ivan), "2026-01-01"), into(listed("un:B.1", ivan), "un:A.1")))
		b, a := one(t, d, "7 un:B.1"), one(t, d, "7 un:A.1")
		if b.State != watch.NotSame || a.State != watch.Merged || a.Into != b.ID || len(b.Evidence.Reasons) != 1 {
			t.Errorf("B %s (%s, %v), A %s into %s", b.State, b.Why, b.Evidence.Reasons, a.State, a.Into)
		}
	})
	t.Run("the same name under a reference that says nothing of the old one opens", func(t *testing.T) {
		d := desk(t, house, person("7", ivan))
		l := newLists(1, listed("un:A.1", ivan))
		screened(t, d, l)
		decide(t, d, "7 un:A.1", watch.NotSame, amina)
		screened(t, d, l.with(lapsed(listed("un:A.1", ivan), "2026-01-01"), listed("un:B.1", ivan)))
		if b := one(t, d, "7 un:B.1"); b.State != watch.Open {
			t.Errorf("%s", b.State)
		}
	})
	t.Run("the merged entry says more: it opens", func(t *testing.T) {
		c := person("7", ivan)
		c.Born = "1961"
		d := desk(t, house, c)
		l := newLists(1, listed("un:A.1", ivan))
		screened(t, d, l)
		decide(t, d, "7 un:A.1", watch.NotSame, amina)
		screened(t, d, l.with(lapsed(listed("un:A.1", ivan), "2026-01-01"), into(born(listed("un:B.1", ivan), "1961-03-04"), "un:A.1")))
		if b := one(t, d, "7 un:B.1"); b.State != watch.Open || len(b.Decisions) != 1 {
			t.Errorf("%s %+v", b.State, b.Decisions)
		}
	})
	t.Run("two decisions that disagree: neither stands", func(t *testing.T) {
		d := desk(t, house, person("7", ivan))
		l := newLists(1, listed("un:A.1", ivan), listed("un:B.1", ivan))
		screened(t, d, l)
		decide(t, d, "7 un:A.1", watch.TrueHit, amina)
		decide(t, d, "7 un:B.1", watch.NotSame, boris)
		l = l.with(lapsed(listed("un:A.1", ivan), "2026-01-01"), into(listed("un:B.1", ivan), "un:A.1"))
		screened(t, d, l)
		if b := one(t, d, "7 un:B.1"); b.State != watch.Open || b.Why != "decisions on merged entries disagree" {
			t.Errorf("%s (%s)", b.State, b.Why)
		}
		decide(t, d, "7 un:B.1", watch.TrueHit, amina)
		if b := one(t, d, "7 un:B.1"); b.State != watch.TrueHit {
			t.Errorf("after a new decision: %s (%s)", b.State, b.Why)
		}
	})
	t.Run("a customer goes on under another number", func(t *testing.T) {
		d := desk(t, house, person("7", ivan))
		l := newLists(1, listed("un:A.1", ivan))
		screened(t, d, l)
		decide(t, d, "7 un:A.1", watch.NotSame, amina)
		c := person("70", ivan)
		c.Former = []watch.CustomerID{"7"}
		add(t, d, c)
		screened(t, d, l)
		if a := one(t, d, "70 un:A.1"); a.State != watch.NotSame {
			t.Errorf("%s (%s)", a.State, a.Why)
		}
	})
}

func TestFourEyes(t *testing.T) {
	p := house
	p.FourEyes = true
	d := desk(t, p, person("7", "Ivan Petrovich Kuznetsov"))
	screened(t, d, newLists(1, listed("un:A.1", "Ivan Petrovich Kuznetsov")))
	if a := decide(t, d, "7 un:A.1", watch.NotSame, amina); a.State != watch.Proposed {
		t.Fatalf("%s", a.State)
	}
	a := one(t, d, "7 un:A.1")
	if _, err := d.Decide(t.Context(), a.ID, "", watch.NotSame, "I agree with myself", amina, noon); !errors.Is(err, watch.ErrSame) {
		t.Errorf("the same person: %v", err)
	}
	if a := decide(t, d, "7 un:A.1", watch.TrueHit, boris); a.State != watch.Proposed {
		t.Errorf("another verdict is only proposed too: %s", a.State)
	}
	if a := decide(t, d, "7 un:A.1", watch.TrueHit, amina); a.State != watch.TrueHit || !strings.HasPrefix(a.Decisions[2].Second, "u-1") {
		t.Errorf("%s %+v", a.State, a.Decisions)
	}
}

func TestDecideRefuses(t *testing.T) {
	d := desk(t, house, person("7", "Ivan Petrovich Kuznetsov"))
	screened(t, d, newLists(1, listed("un:A.1", "Ivan Petrovich Kuznetsov")))
	a := one(t, d, "7 un:A.1")
	for _, c := range []struct {
		name    string
		id      watch.AlertID
		seen    string
		verdict watch.State
		reason  string
		want    error
	}{
		{"no such alert", "nobody", "", watch.NotSame, "x", record.ErrNotFound},
		{"no verdict of ours", a.ID, "", "cleared", "x", record.ErrInvalid},
		{"without a reason", a.ID, "", watch.NotSame, "  ", record.ErrInvalid},
		{"a reason without end", a.ID, "", watch.NotSame, strings.Repeat("x", 5000), record.ErrInvalid},
		{"on evidence that is no more", a.ID, "older", watch.NotSame, "x", record.ErrConflict},
	} {
		if _, err := d.Decide(t.Context(), c.id, c.seen, c.verdict, c.reason, amina, noon); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// What is personal lies sealed: neither the names, nor the customer's number, nor a
// reason can be read on the shelf; and after an erasure nobody reads it.
func TestSealedAndErased(t *testing.T) {
	s, v := openShelf(t), vault(t)
	d := watch.New(s, v, house)
	add(t, d, person("cust-4711", "Ivan Petrovich Kuznetsov"))
	l := newLists(1, listed("un:A.1", "KUZNETSOV, Ivan P."), listed("un:A.2", "Ivan Petrovich Kuznecov"))
	screened(t, d, l)
	decide(t, d, "cust-4711 un:A.2", watch.NotSame, amina)
	items, err := s.Since(t.Context(), 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[shelf.Kind]int{}
	for _, it := range items {
		kinds[it.Kind]++
		for _, secret := range []string{"Petrovich Kuznetsov", "cust-4711", "passport"} {
			if bytes.Contains(it.Body, []byte(secret)) || strings.Contains(string(it.ID), secret) {
				t.Errorf("%s %s shows %q", it.Kind, it.ID, secret)
			}
		}
	}
	if kinds["customer"] != 1 || kinds["alert"] == 0 {
		t.Fatalf("%v", kinds)
	}
	if err := d.Remove(t.Context(), "cust-4711", true); err != nil {
		t.Fatal(err)
	}
	if out := screened(t, d, l); out.Changed == 0 {
		t.Errorf("%+v", out)
	}
	a := one(t, d, "erased un:A.2")
	if a.Evidence != nil || a.Meets || a.State != watch.NotSame || len(a.Decisions) != 1 {
		t.Errorf("%+v", a)
	}
	added, err := d.Add(t.Context(), person("cust-9", "Olga"), person("cust-4711", "Ivan"))
	if err != nil || len(added.Erased) != 1 || added.Erased[0] != 1 || added.New != 1 {
		t.Errorf("one who was erased among others: %+v %v", added, err)
	}
	if _, err := d.Customer(t.Context(), "cust-4711"); !errors.Is(err, record.ErrNotFound) && !errors.Is(err, account.ErrErased) {
		t.Errorf("who was erased comes back: %v", err)
	}
	if err := d.Remove(t.Context(), "nobody", false); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestWhitelist(t *testing.T) {
	d := desk(t, house, person("7", "Ivan Petrovich Kuznetsov"), person("8", "Nobody Atall"))
	l := newLists(1, listed("un:A.1", "Ivan Petrovich Kuznetsov"))
	rows, err := watch.ReadWhitelist(strings.NewReader("customer id,list,entry id,reason,who,when\n" +
		"7,un,A.1,born in 1990,O. Officer,2024-05-06\n8,un,A.1,x,y,2024-05-06\n9,un,A.1,x,y,2024-05-06\n7,un,A.9,x,y,2024-05-06\n7,un,A.1,,y,2024-05-06\n7,un,A.1,x,y,sometime\n"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err = d.Whitelist(t.Context(), l, rows, noon)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{watch.WhitelistTaken, watch.WhitelistNothing, "no such customer is kept", "no such entry is held", "reason: want 1 to 4096 bytes", "when: want a day as 2024-01-31, or a time"}
	for i, w := range want {
		if rows[i].Outcome != w {
			t.Errorf("row %d: %q, want %q", rows[i].Row, rows[i].Outcome, w)
		}
	}
	screened(t, d, l)
	a := one(t, d, "7 un:A.1")
	if a.State != watch.NotSame || a.Decisions[0].Name != "O. Officer" || a.Evidence.Reasons[0].Says != "born in 1990" || a.Decisions[0].At.Format("2006-01-02") != "2024-05-06" {
		t.Errorf("%+v %+v", a.Alert, a.Evidence)
	}
	screened(t, d, l.with(listed("un:A.1", "Ivan Petrovic Kuznetsov")))
	if a := one(t, d, "7 un:A.1"); a.State != watch.Open {
		t.Errorf("other evidence: %s", a.State)
	}
}
