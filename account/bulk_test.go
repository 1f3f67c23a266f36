package account_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"testing"

	"article41/account"
	"article41/postgrestest"
)

// TestBulkOpensWhatTheVaultDoes: before and after it was read, and an erased one
// stays erased.
func TestBulkOpensWhatTheVaultDoes(t *testing.T) { postgrestest.Each(t, bulk) }

func bulk(t *testing.T, fresh postgrestest.Fresh) {
	s := fresh(t)()
	v := account.NewVault(s.Shelf(), account.Master{1}, rand.Reader)
	sealed := map[account.Subject][]byte{}
	seal := func(who account.Subject) {
		b, err := v.Seal(t.Context(), who, []byte(who))
		if err != nil {
			t.Fatal(err)
		}
		sealed[who] = b
	}
	for i := range 5 {
		seal(account.Subject(fmt.Sprint("customer/", i)))
	}
	if err := v.Erase(t.Context(), "customer/3"); err != nil {
		t.Fatal(err)
	}
	b, err := v.Bulk(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seal("customer/late")
	for who, x := range sealed {
		plain, err := b.Open(t.Context(), who, x)
		if who == "customer/3" {
			if !errors.Is(err, account.ErrErased) {
				t.Errorf("erased: %q %v", plain, err)
			}
			continue
		}
		if err != nil || string(plain) != string(who) {
			t.Errorf("%s: %q %v", who, plain, err)
		}
	}
	if plain, err := b.Open(t.Context(), "customer/1", sealed["customer/2"]); err == nil {
		t.Errorf("another's matter opened: %q", plain)
	}
	if _, err := account.NewVault(s.Shelf(), account.Master{2}, rand.Reader).Bulk(t.Context()); err == nil {
		t.Error("another master key reads the keys")
	}
}
