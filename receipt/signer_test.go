package receipt_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"article41/postgrestest"
	"article41/receipt"
	"article41/shelf"
)

func seeded(n byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, 32)) }

// TestRotation changes the signing key twice while two processes sign: what each key
// signed in its time verifies, offline by the handovers and against the history; what
// a key signed after its end is refused, and so is its checkpoint.
func TestRotation(t *testing.T) { postgrestest.Each(t, rotation) }

func rotation(t *testing.T, fresh postgrestest.Fresh) {
	ctx := t.Context()
	s := ledger(t, fresh, 300)
	var mu sync.Mutex
	current := seeded(1)
	read := func() (ed25519.PrivateKey, error) { mu.Lock(); defer mu.Unlock(); return current, nil }
	open := func() (*receipt.Log, *receipt.Issuer) {
		l, err := receipt.OpenLog(ctx, s.Shelf())
		if err != nil {
			t.Fatal(err)
		}
		i, err := receipt.NewIssuer(ctx, read, l, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return l, i
	}
	l, here := open()
	_, there := open() // another process, which is not told
	began := statement(0).Issued
	var all []receipt.Receipt
	issue := func(from *receipt.Issuer, at time.Time) receipt.Receipt {
		t.Helper()
		st := statement(len(all))
		st.Issued = at
		some, err := from.Issue(ctx, st)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
		return some[0]
	}
	checkpoints := map[string]string{}
	for n := byte(1); n <= 3; n++ {
		at := began.Add(time.Duration(n) * time.Hour)
		if n > 1 {
			fresh := seeded(n)
			if _, err := l.Rotate(ctx, at, seeded(n-1), fresh); err != nil {
				t.Fatal(err)
			}
			mu.Lock()
			current = fresh
			mu.Unlock()
		}
		for range 3 {
			if a, b := issue(here, at), issue(there, at); a.Key != b.Key {
				t.Errorf("one process signs with %s, the other with %s", a.Key, b.Key)
			}
		}
		text, err := here.Checkpoint(ctx)
		if err != nil {
			t.Fatal(err)
		}
		checkpoints[all[len(all)-1].Key] = text
	}
	h, err := l.History(ctx)
	if err != nil || len(h) != 3 || *h[0].End != h[1].First || h[2].End != nil || !h.Vouched(1) || !h.Vouched(2) {
		t.Fatalf("%+v %v", h, err)
	}
	for _, text := range checkpoints {
		if _, err := h.Open(text); err != nil {
			t.Error(err)
		}
	}
	for i, r := range all {
		c, _ := r.Commitment()
		p, err := there.Prove(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Check(r); err != nil || len(p.Handovers) != 2-i/6 {
			t.Errorf("receipt %d, %d handovers: %v", i, len(p.Handovers), err)
		}
		r.Proof = &p
		st, err := r.Verify()
		if err != nil {
			t.Fatal(err)
		}
		if by, tree, err := h.Check(r, st); err != nil || by.Key != r.Key || tree.N == 0 {
			t.Errorf("receipt %d: %v", i, err)
		}
	}

	// The old key goes on signing where nobody stops it: in a log of its own.
	first := all[0]
	stolen := ledger(t, fresh, 300)
	l2, err := receipt.OpenLog(ctx, stolen.Shelf())
	if err != nil {
		t.Fatal(err)
	}
	if err := l2.Follow(ctx, stolen); err != nil {
		t.Fatal(err)
	}
	thief, err := receipt.NewIssuer(ctx, func() (ed25519.PrivateKey, error) { return seeded(1), nil }, l2, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		reason string
		at     time.Time
		proof  bool
	}{
		{"dated after the end", began.Add(5 * time.Hour), false},
		{"dated back, its place in the log after the end", began, true},
	} {
		st := statement(99)
		st.Issued = c.at
		made, err := thief.Issue(ctx, st)
		if err != nil {
			t.Fatal(err)
		}
		r := made[0]
		if c.proof {
			id, _ := r.Commitment()
			p, err := thief.Prove(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			r.Proof = &p
		}
		if _, _, err := h.Check(r, st); !errors.Is(err, receipt.ErrRetired) {
			t.Errorf("%s: %v", c.reason, err)
		}
		if c.proof { // with the true handovers beside it, the same is seen offline
			c0, _ := first.Commitment()
			p, _ := here.Prove(ctx, c0)
			r.Proof.Handovers = p.Handovers
			if _, err := r.Proof.Check(r); !errors.Is(err, receipt.ErrRetired) {
				t.Errorf("%s, offline: %v", c.reason, err)
			}
		}
	}
	text, err := thief.Checkpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Open(text); !errors.Is(err, receipt.ErrRetired) {
		t.Errorf("a checkpoint of a key that had ended: %v", err)
	}
	if _, err := receipt.NewIssuer(ctx, func() (ed25519.PrivateKey, error) { return seeded(1), nil }, l, rand.Reader); !errors.Is(err, receipt.ErrSigner) {
		t.Errorf("a process with the old key: %v", err)
	}
	stranger, err := receipt.Issue(seeded(9), statement(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Check(stranger, statement(1)); !errors.Is(err, receipt.ErrSigner) {
		t.Errorf("a key that never signed here: %v", err)
	}
	if _, err := l.Rotate(ctx, began, seeded(3), seeded(1)); err == nil {
		t.Error("a key that had ended begins again")
	}
	if _, err := l.Rotate(ctx, began, seeded(1), seeded(7)); !errors.Is(err, receipt.ErrSigner) {
		t.Errorf("a change by a key that had ended: %v", err)
	}

	// Lost: the new key stands alone, and the history says so.
	if _, err := l.Rotate(ctx, began.Add(9*time.Hour), nil, seeded(4)); err != nil {
		t.Fatal(err)
	}
	if h, err = l.History(ctx); err != nil || len(h) != 4 || h.Vouched(3) {
		t.Errorf("%+v %v", h, err)
	}
	a, err := receipt.Check(ctx, s.Shelf(), s)
	if err != nil || len(a.Problems) > 0 || a.Receipts != int64(len(all)) {
		t.Errorf("%+v %v", a, err)
	}
	for _, c := range []struct {
		reason string
		shelf  shelf.Store
		want   string
	}{
		{"a key put in the place of another", tampered{s.Shelf(), "log-signer", "000001", func(b []byte) []byte {
			return bytes.Replace(b, []byte(h[1].Key), []byte(h[0].Key), 1)
		}}, "names others"},
		{"a changed note", tampered{s.Shelf(), "log-signer", "000002", func(b []byte) []byte {
			return bytes.Replace(b, []byte("handover 1"), []byte("handover 2"), 1)
		}}, "no such change of keys"},
	} {
		if a, err := receipt.Check(ctx, c.shelf, s); err != nil || !strings.Contains(strings.Join(a.Problems, "\n"), c.want) {
			t.Errorf("%s: %q %v", c.reason, a.Problems, err)
		}
	}
}
