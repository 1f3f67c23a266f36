package article41_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"article41"
	"article41/date"
	"article41/record"
	"article41/source/curated"
)

// TestOverlayWithdraws: an installation takes an entry of the record back, and
// gives it back again, without the ledger growing in between.
func TestOverlayWithdraws(t *testing.T) {
	shipped := shippedRecord(t)
	a, err := article41.Open(ctx, openStore(t, t.TempDir()+"/a.db"), shipped, noon)
	if err != nil {
		t.Fatal(err)
	}
	found := func() bool {
		r, err := a.Carried(ctx, asOf("2023-10-01"), "mali")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Carriers {
			if c.ID == "ch-mali" {
				return true
			}
		}
		return false
	}
	over, problems := curated.ReadOverlay(fstest.MapFS{"withdraw.yaml": &fstest.MapFile{Data: []byte("- {fact: instrument/ch-mali, reason: not used in this house}\n")}},
		curated.Record{Edition: shipped.Edition, Entries: shipped.Entries})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	lay := func(o article41.Shipped) record.Position {
		t.Helper()
		if err := a.Lay(ctx, o, noon); err != nil {
			t.Fatal(err)
		}
		return a.Basis().Position
	}
	if !found() {
		t.Fatal("the instrument is not in the record")
	}
	laid := article41.Shipped{Edition: over.Edition, Entries: over.Entries}
	first := lay(laid)
	if found() {
		t.Error("what was withdrawn still answers")
	}
	if again := lay(laid); again != first {
		t.Errorf("the same overlay again grew the ledger from %d to %d", first, again)
	}
	out := lay(article41.Shipped{})
	if !found() {
		t.Error("the overlay is out, and its withdrawal stands")
	}
	if again := lay(article41.Shipped{}); again != out {
		t.Errorf("no overlay again grew the ledger from %d to %d", out, again)
	}
	if third := lay(laid); found() || third == out {
		t.Error("laid a second time it withdraws nothing")
	}
}

// TestFollowsNoNewerProgram: a program that runs while a newer one writes says so
// and goes on answering from before.
func TestFollowsNoNewerProgram(t *testing.T) {
	store := openStore(t, t.TempDir()+"/a.db")
	shipped := shippedRecord(t)
	a, err := article41.Open(ctx, store, shipped, noon)
	if err != nil {
		t.Fatal(err)
	}
	before := a.Basis()
	newer := shipped
	newer.Edition.Number++
	newer.Edition.Version = "2027-01-01"
	if _, err := article41.Open(ctx, store, newer, noon); err != nil {
		t.Fatal(err)
	}
	if err := a.Follow(ctx); !errors.Is(err, record.ErrNewer) {
		t.Errorf("%v, want that a newer program wrote", err)
	}
	if a.Basis() != before {
		t.Errorf("it answers from %+v, not from before", a.Basis())
	}
	if _, err := a.Status(ctx, record.At{AsOf: date.MustDay("2023-08-31"), KnownAt: date.MustDay("2023-08-31")}, "mali"); err != nil {
		t.Error(err)
	}
}
