package account_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"

	"article41/account"
	"article41/postgrestest"
	"article41/record"
	"article41/shelf"
)

func TestVault(t *testing.T) { postgrestest.Each(t, sealed) }

func sealed(t *testing.T, fresh postgrestest.Fresh) {
	handle := fresh(t)
	open := func() shelf.Store { return handle().Shelf() }
	master := account.Master{1}
	v := account.NewVault(open(), master, rand.Reader)
	plain := []byte("Amina Traoré")
	a, err := v.Seal(t.Context(), "customer/1", plain)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(a, []byte("Amina")) {
		t.Fatal("the name can be read")
	}
	again := account.NewVault(open(), master, rand.Reader)
	if p, err := again.Open(t.Context(), "customer/1", a); err != nil || !bytes.Equal(p, plain) {
		t.Fatalf("another handle reads %q (%v)", p, err)
	}
	if _, err := v.Open(t.Context(), "customer/2", a); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a subject nobody sealed for: %v", err)
	}
	if _, err := v.Seal(t.Context(), "customer/2", plain); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Open(t.Context(), "customer/2", a); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("another subject's matter: %v", err)
	}
	for i := range a {
		b := bytes.Clone(a)
		b[i] ^= 1
		if _, err := v.Open(t.Context(), "customer/1", b); !errors.Is(err, record.ErrInvalid) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	other := account.NewVault(open(), account.Master{2}, rand.Reader)
	if _, err := other.Open(t.Context(), "customer/1", a); err == nil {
		t.Error("another master key opens")
	}

	if err := v.Erase(t.Context(), "customer/1"); err != nil {
		t.Fatal(err)
	}
	if err := again.Follow(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]*account.Vault{"the vault that erased": v, "one that followed": again, "a new one": account.NewVault(open(), master, rand.Reader)} {
		if _, err := v.Open(t.Context(), "customer/1", a); !errors.Is(err, account.ErrErased) {
			t.Errorf("%s opens: %v", name, err)
		}
		if _, err := v.Seal(t.Context(), "customer/1", plain); !errors.Is(err, account.ErrErased) {
			t.Errorf("%s seals for who was erased: %v", name, err)
		}
	}
}

func TestReadyMakesManyKeys(t *testing.T) { postgrestest.Each(t, manyKeys) }

func manyKeys(t *testing.T, fresh postgrestest.Fresh) {
	v := account.NewVault(fresh(t)().Shelf(), account.Master{}, rand.Reader)
	if err := v.Ready(t.Context(), "a", "b", "a"); err != nil {
		t.Fatal(err)
	}
	if err := v.Ready(t.Context(), "a", "b", "c"); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Seal(t.Context(), "c", nil); err != nil {
		t.Fatal(err)
	}
}

func TestCover(t *testing.T) { postgrestest.Each(t, covered) }

func covered(t *testing.T, fresh postgrestest.Fresh) {
	a := account.NewVault(fresh(t)().Shelf(), account.Master{1}, rand.Reader)
	b := account.NewVault(fresh(t)().Shelf(), account.Master{1}, rand.Reader) // another machine
	one, err := a.Cover("queue/a")
	if err != nil {
		t.Fatal(err)
	}
	same, _ := b.Cover("queue/a")
	other, _ := a.Cover("queue/b")
	stranger, _ := account.NewVault(fresh(t)().Shelf(), account.Master{2}, rand.Reader).Cover("queue/a")
	plain := []byte("Amina Traoré")
	sealed, err := one.Seal(t.Context(), plain)
	if err != nil || bytes.Contains(sealed, []byte("Amina")) {
		t.Fatalf("%q (%v)", sealed, err)
	}
	if p, err := same.Open(t.Context(), sealed); err != nil || !bytes.Equal(p, plain) {
		t.Fatalf("%q (%v)", p, err)
	}
	if !bytes.Equal(one.Mark(plain), same.Mark(plain)) || bytes.Equal(one.Mark(plain), other.Mark(plain)) || bytes.Equal(one.Mark(plain), one.Mark([]byte("x"))) {
		t.Error("a mark is that of a text and a purpose")
	}
	for name, c := range map[string]*account.Cover{"another purpose": other, "another master key": stranger} {
		if _, err := c.Open(t.Context(), sealed); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
