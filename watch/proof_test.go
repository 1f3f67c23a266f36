package watch_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"article41/policy"
	"article41/postgrestest"
	"article41/receipt"
	"article41/shelf"
	"article41/sqlite"
	"article41/watch"
)

func TestProof(t *testing.T) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	s := postgrestest.Open(t, sqlite.Memory)
	d := watch.New(s.Shelf(), vault(t), house)
	add(t, d, person("7", "Ivan Petrovich Kuznetsov"), person("8", "Somebody"))
	log, err := receipt.OpenLog(t.Context(), s.Shelf())
	if err != nil {
		t.Fatal(err)
	}
	by, err := receipt.NewIssuer(t.Context(), func() (ed25519.PrivateKey, error) { return key, nil }, log, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	l := newLists(1, listed("un:A.1", "Ivan Petrovich Kuznetsov"))
	if _, err := d.Prove(t.Context(), l, noon, by); !errors.Is(err, watch.ErrBehind) {
		t.Fatalf("nobody was screened yet: %v", err)
	}
	screened(t, d, l)
	first, err := d.Prove(t.Context(), l, noon, by)
	if err != nil {
		t.Fatal(err)
	}
	if p := first.Proof; p.Customers != 2 || p.Alerts[watch.Open] != 1 || p.Bound != 1 || p.Mark.Policy != "test/1" || p.Previous != "" || len(p.Mark.Lists) != 1 {
		t.Errorf("%+v", p)
	}
	st, err := first.Signed.Verify()
	if err != nil || st.Position != 1 || len(st.Lists) != 1 {
		t.Fatalf("%v %+v", err, st)
	}
	var told watch.Proof
	if err := json.Unmarshal(st.Answer, &told); err != nil || told.Base != first.Proof.Base {
		t.Errorf("%v %+v", err, told)
	}
	if b, _ := json.Marshal(first); strings.Contains(string(b), "Kuznetsov") {
		t.Error("a proof names somebody")
	}
	// A day on which nothing changed is proven too, and tells of the one before.
	l.asOf = l.asOf.Next()
	screened(t, d, l)
	second, err := d.Prove(t.Context(), l, noon.Add(24*time.Hour), by)
	if err != nil {
		t.Fatal(err)
	}
	if p := second.Proof; p.Previous != first.Digest || p.Base != first.Proof.Base || p.Opened != 0 || second.Signed == nil {
		t.Errorf("%+v", p)
	}
	// Another customer is another base, and until it is screened nothing is proven.
	add(t, d, person("9", "Nobody"))
	if _, err := d.Prove(t.Context(), l, noon.Add(25*time.Hour), by); !errors.Is(err, watch.ErrBehind) {
		t.Errorf("a customer that nobody screened: %v", err)
	}
	screened(t, d, l)
	third, err := d.Prove(t.Context(), l, noon.Add(26*time.Hour), by)
	if err != nil || third.Proof.Base == second.Proof.Base || third.Proof.Customers != 3 {
		t.Errorf("%v %+v", err, third.Proof)
	}
	if _, err := d.Prove(t.Context(), l.with(listed("un:A.2", "X Y")), noon.Add(27*time.Hour), by); !errors.Is(err, watch.ErrBehind) {
		t.Errorf("lists that nobody screened against: %v", err)
	}
	all, err := d.Proofs(t.Context(), noon.Add(time.Hour))
	if err != nil || len(all) != 2 {
		t.Errorf("%v: %d proofs", err, len(all))
	}
	// Each is a leaf of the log, and an audit says which was changed or taken away.
	for _, p := range all {
		c, err := p.Signed.Commitment()
		if err != nil || c.String() != p.Commitment {
			t.Fatalf("%v %v %v", err, c, p.Commitment)
		}
		place, err := by.Prove(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := place.Check(*p.Signed); err != nil || place.Kept == nil || place.Kept.Kind != "watch-proof" {
			t.Errorf("%v %+v", err, place)
		}
		place.Kept = nil
		if _, err := place.Check(*p.Signed); !errors.Is(err, receipt.ErrNotLogged) {
			t.Errorf("it passes for a receipt that is kept nowhere: %v", err)
		}
	}
	audit := func(want string) {
		t.Helper()
		a, err := receipt.Check(t.Context(), s.Shelf(), s)
		if err != nil || a.Kept != 3 || strings.Join(a.Problems, "; ") != want {
			t.Errorf("%v %+v, want %q", err, a, want)
		}
	}
	audit("")
	const id = "2026-11-24T12:00:00.000Z"
	it, err := s.Shelf().Item(t.Context(), "watch-proof", id)
	if err != nil {
		t.Fatal(err)
	}
	change := func(c shelf.Change) {
		c.Kind, c.ID, c.Version = it.Kind, it.ID, shelf.Any
		if _, err := s.Shelf().Write(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	change(shelf.Change{Body: bytes.Replace(it.Body, []byte(`"customers":2`), []byte(`"customers":9`), 1)})
	audit("watch-proof " + id + ": its bytes are not those that were logged as leaf 1")
	change(shelf.Change{Gone: true})
	audit("watch-proof " + id + " is gone; it was logged as leaf 1")
}

func TestPolicy(t *testing.T) {
	s := openShelf(t)
	if p, err := watch.ReadPolicy(t.Context(), s); err != nil || p.Used() != policy.Default().Used() {
		t.Fatalf("%v %+v", err, p)
	}
	for _, p := range []policy.Policy{named("x", "1", .2), named("x", "1", 1.2), named(policy.Default().Name, policy.Default().Version, .9)} {
		if err := watch.KeepPolicy(t.Context(), s, p); err == nil {
			t.Errorf("%+v is taken", p)
		}
	}
	strict := named("house", "2", .96)
	if err := watch.KeepPolicy(t.Context(), s, strict); err != nil {
		t.Fatal(err)
	}
	if p, err := watch.ReadPolicy(t.Context(), s); err != nil || p.Used() != strict.Used() {
		t.Errorf("%v %+v", err, p)
	}
	// Another policy screens every customer again, and its name stands on what changed.
	v := vault(t)
	l := newLists(1, listed("un:A.1", "Ivan Petrovich Kuznetsov"))
	loose := watch.New(s, v, house)
	add(t, loose, person("7", "Ivan Petrovic Kuznecov"))
	screened(t, loose, l)
	a := one(t, loose, "7 un:A.1")
	if a.Score >= .96 {
		t.Fatalf("score %v: the names are too near for this test", a.Score)
	}
	other := watch.New(s, v, strict)
	if out := screened(t, other, l); out.Customers != 1 {
		t.Errorf("%+v", out)
	}
	if a := one(t, other, "7 un:A.1"); a.Meets || a.Changed.Policy != "house/2" || a.Opened.Policy != "test/1" {
		t.Errorf("%+v", a.Alert)
	}
}
