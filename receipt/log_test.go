package receipt_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"article41/date"
	"article41/postgrestest"
	"article41/receipt"
	"article41/record"
	"article41/shelf"
)

var key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))

// ledger is a fresh database with n entries.
func ledger(t testing.TB, fresh postgrestest.Fresh, n int) postgrestest.Store {
	t.Helper()
	s := fresh(t)()
	grow(t, s, 0, n)
	return s
}

// grow appends n entries numbered from the given one.
func grow(t testing.TB, s record.Store, from, n int) {
	t.Helper()
	id := record.BatchID(fmt.Sprint("b", from))
	for n > 0 {
		some := make([]record.Entry, min(n, 10_000))
		for i := range some {
			some[i] = record.Entry{Fact: record.FactID(fmt.Sprintf("x/%07d", from+i)), Kind: "source", Source: "test",
				Known: date.MustDay("2026-01-02"), Body: json.RawMessage(fmt.Sprintf(`{"n":%d,"of":"a source of the test"}`, from+i))}
		}
		if err := s.Stage(t.Context(), id, some); err != nil {
			t.Fatal(err)
		}
		n, from = n-len(some), from+len(some)
	}
	if _, err := s.Publish(t.Context(), record.Batch{ID: id, Recorded: time.Unix(1, 0)}); err != nil {
		t.Fatal(err)
	}
}

func statement(i int) receipt.Statement {
	return receipt.Statement{Issued: time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC), AsOf: date.MustDay("2023-08-01"), KnownAt: date.MustDay("2026-11-23"), Position: 1,
		Record: "r", Engine: "e", Rarity: "r", Threshold: .7, Query: json.RawMessage(fmt.Sprintf(`{"name":"N%d"}`, i)), Answer: json.RawMessage(`{"hits":[]}`)}
}

// issuer signs with the test's key.
func issuer(t testing.TB, l *receipt.Log) *receipt.Issuer {
	t.Helper()
	i, err := receipt.NewIssuer(t.Context(), func() (ed25519.PrivateKey, error) { return key, nil }, l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// TestLog issues receipts between appends to the ledger: each is in every later
// checkpoint, each checkpoint is consistent with the later ones, and an audit finds
// nothing.
func TestLog(t *testing.T) { postgrestest.Each(t, logged) }

func logged(t *testing.T, fresh postgrestest.Fresh) {
	ctx := t.Context()
	s := ledger(t, fresh, 700)
	l, err := receipt.OpenLog(ctx, s.Shelf())
	if err != nil {
		t.Fatal(err)
	}
	iss := issuer(t, l)
	var all []receipt.Receipt
	var trees []tlog.Tree
	for round := range 6 {
		var some []receipt.Statement
		for i := range 130 {
			some = append(some, statement(round*1000+i))
		}
		for _, together := range [][]receipt.Statement{some[:1], some[1:2], some[2:]} {
			signed, err := iss.Issue(ctx, together...)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, signed...)
		}
		if err := l.Follow(ctx, s); err != nil {
			t.Fatal(err)
		}
		grow(t, s, 700+round*97, 97)
		tree, err := l.Tree(ctx)
		if err != nil {
			t.Fatal(err)
		}
		trees = append(trees, tree)
	}
	for i := 0; i < len(all); i += 37 {
		c, err := all[i].Commitment()
		if err != nil {
			t.Fatal(err)
		}
		p, err := iss.Prove(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Check(all[i]); err != nil {
			t.Errorf("receipt %d: %v", i, err)
		}
		if _, err := p.Check(all[(i+1)%len(all)]); !errors.Is(err, receipt.ErrNotLogged) {
			t.Errorf("another receipt passes with the proof of %d: %v", i, err)
		}
		other := all[i]
		other.Signature = all[(i+1)%len(all)].Signature
		if _, err := p.Check(other); !errors.Is(err, receipt.ErrNotLogged) {
			t.Errorf("another signature passes: %v", err)
		}
	}
	for _, old := range trees {
		now, path, err := l.Consistency(ctx, old.N)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(path, now.N, now.Hash, old.N, old.Hash); err != nil {
			t.Errorf("size %d: %v", old.N, err)
		}
	}
	again, err := receipt.OpenLog(ctx, s.Shelf())
	if err != nil {
		t.Fatal(err)
	}
	if tree, err := again.Tree(ctx); err != nil || tree != trees[len(trees)-1] {
		t.Errorf("read anew the tree is %v, was %v (%v)", tree, trees[len(trees)-1], err)
	}
	a, err := receipt.Check(ctx, s.Shelf(), s)
	if err != nil || len(a.Problems) > 0 || a.Receipts != int64(len(all)) || a.Position == 0 {
		t.Errorf("%+v %v", a, err)
	}
	unknown, _ := (receipt.Receipt{Salt: all[0].Salt, Statement: []byte("{}"), Signature: "x"}).Commitment()
	if _, err := iss.Prove(ctx, unknown); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a receipt that was never issued: %v", err)
	}
}

// TestTwoIssuers share one log, as two processes do.
func TestTwoIssuers(t *testing.T) { postgrestest.Each(t, twoIssuers) }

func twoIssuers(t *testing.T, fresh postgrestest.Fresh) {
	ctx := t.Context()
	s := ledger(t, fresh, 300)
	var issuers []*receipt.Issuer
	var logs []*receipt.Log
	for range 2 {
		l, err := receipt.OpenLog(ctx, s.Shelf())
		if err != nil {
			t.Fatal(err)
		}
		logs = append(logs, l)
		issuers = append(issuers, issuer(t, l))
	}
	var all []receipt.Receipt
	for i := range 40 {
		some, err := issuers[i%2].Issue(ctx, statement(i))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
		if err := logs[i%2].Follow(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range all {
		c, _ := r.Commitment()
		p, err := issuers[(i+1)%2].Prove(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Check(r); err != nil {
			t.Errorf("receipt %d: %v", i, err)
		}
	}
	if a, err := receipt.Check(ctx, s.Shelf(), s); err != nil || len(a.Problems) > 0 {
		t.Errorf("%+v %v", a, err)
	}
}

// tampered is a shelf of which one item is not what was written.
type tampered struct {
	shelf.Store
	kind shelf.Kind
	id   shelf.ID
	do   func([]byte) []byte
}

func (s tampered) Item(ctx context.Context, k shelf.Kind, id shelf.ID) (shelf.Item, error) {
	it, err := s.Store.Item(ctx, k, id)
	if err == nil && k == s.kind && id == s.id {
		it.Body = s.do(bytes.Clone(it.Body))
	}
	return it, err
}

func (s tampered) Items(ctx context.Context, k shelf.Kind, after shelf.ID, limit int) ([]shelf.Item, error) {
	items, err := s.Store.Items(ctx, k, after, limit)
	for i, it := range items {
		if k == s.kind && it.ID == s.id {
			items[i].Body = s.do(bytes.Clone(it.Body))
		}
	}
	return items, err
}

// changedEntry is a ledger of which one entry's body is another.
type changedEntry struct {
	record.Store
	at record.Position
}

func (l changedEntry) Scan(ctx context.Context, from, to record.Position, yield func(record.Entry) error) error {
	return l.Store.Scan(ctx, from, to, func(e record.Entry) error {
		if e.Position == l.at {
			e.Body = bytes.Replace(e.Body, []byte("source"), []byte("sauce_"), 1)
		}
		return yield(e)
	})
}

// TestTampering: whatever is changed behind the program's back is found, with its
// place.
func TestTampering(t *testing.T) { postgrestest.Each(t, tampering) }

func tampering(t *testing.T, fresh postgrestest.Fresh) {
	ctx := t.Context()
	s := ledger(t, fresh, 70_000)
	l, err := receipt.OpenLog(ctx, s.Shelf())
	if err != nil {
		t.Fatal(err)
	}
	iss := issuer(t, l)
	if err := l.Follow(ctx, s); err != nil {
		t.Fatal(err)
	}
	if _, err := iss.Issue(ctx, statement(1)); err != nil {
		t.Fatal(err)
	}
	flip := func(at int) func([]byte) []byte {
		return func(b []byte) []byte { b[at] ^= 1; return b }
	}
	for _, change := range []struct {
		reason string
		shelf  shelf.Store
		ledger record.Store
		want   string
	}{
		{"one entry", s.Shelf(), changedEntry{s, 12_345}, "position 12345 (x/0012344): its bytes are not those that were logged as leaf 12344"},
		{"one byte of a leaf", tampered{s.Shelf(), "log-tile", "0-000000000002", flip(3*32 + 5)}, s, "logged as leaf 515"},
		{"one byte of a hash above", tampered{s.Shelf(), "log-tile", "1-000000000000", flip(9*32 + 1)}, s, "leaves 2304 to 2559 of the log do not give the hash above them"},
		{"the root", tampered{s.Shelf(), "log-head", "head", func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"root":"`), []byte(`"root":"A`), 1)
		}}, s, "the log's head says"},
		{"a shorter log", tampered{s.Shelf(), "log-head", "head", func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"size":70001`), []byte(`"size":69999`), 1)
		}}, s, "the stretches hold 70001 leaves"},
		{"a receipt put in another's place", tampered{s.Shelf(), "log-part", "0000000000070000", func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"commitments":"`), []byte(`"commitments":"AAAA`), 1)
		}}, s, "leaf 70000 is not its leaf"},
	} {
		t.Run(change.reason, func(t *testing.T) {
			a, err := receipt.Check(ctx, change.shelf, change.ledger)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(strings.Join(a.Problems, "\n"), change.want) {
				t.Errorf("%q\nwant a word of %q", a.Problems, change.want)
			}
		})
	}
}

func TestCheckpoint(t *testing.T) {
	tree := tlog.Tree{N: 5, Hash: tlog.Hash{1, 2}}
	text, err := receipt.SignTree(key, tree)
	if err != nil {
		t.Fatal(err)
	}
	pub := key.Public().(ed25519.PublicKey)
	if got, _, err := receipt.OpenCheckpoint(text, pub); err != nil || got != tree {
		t.Fatalf("%v %v", got, err)
	}
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, 32)).Public().(ed25519.PublicKey)
	if _, _, err := receipt.OpenCheckpoint(text, other); !errors.Is(err, receipt.ErrCheckpoint) {
		t.Errorf("another's key: %v", err)
	}
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(text)
		i := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		b[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
		if got, _, err := receipt.OpenCheckpoint(string(b), pub); err == nil && got != tree {
			t.Fatalf("byte %d changed: reads %v", i, got)
		}
	})
}

// TestIssuedTogether: those who ask at once share writes, each gets its own receipt,
// and nobody gets one before it is in the log. Who leaves early holds nobody up.
func TestIssuedTogether(t *testing.T) { postgrestest.Each(t, issuedTogether) }

func issuedTogether(t *testing.T, fresh postgrestest.Fresh) {
	ctx := t.Context()
	s := ledger(t, fresh, 10)
	l, err := receipt.OpenLog(ctx, s.Shelf())
	if err != nil {
		t.Fatal(err)
	}
	iss := issuer(t, l)
	away, leave := context.WithCancel(ctx)
	leave()
	var all sync.WaitGroup
	for i := range 400 {
		all.Go(func() {
			asker := ctx
			if i%10 == 0 {
				asker = away
			}
			r, err := iss.Issue(asker, statement(i))
			if i%10 == 0 && errors.Is(err, context.Canceled) {
				return
			}
			if err != nil {
				t.Error(err)
				return
			}
			c, _ := r[0].Commitment()
			elsewhere, err := receipt.OpenLog(ctx, s.Shelf()) // what a restart would find
			if err != nil {
				t.Error(err)
				return
			}
			p, err := issuer(t, elsewhere).Prove(ctx, c)
			if err != nil {
				t.Errorf("receipt %d was handed out and is not in the log: %v", i, err)
			} else if _, err := p.Check(r[0]); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	a, err := receipt.Check(ctx, s.Shelf(), s)
	if err != nil || len(a.Problems) > 0 || a.Receipts < 360 {
		t.Errorf("%+v %v", a, err)
	}
}

// full is a shelf that takes nothing more from now on.
type full struct {
	shelf.Store
	now bool
}

func (f *full) Write(ctx context.Context, changes ...shelf.Change) (int64, error) {
	if f.now {
		return 0, errors.New("no space left on device")
	}
	return f.Store.Write(ctx, changes...)
}

// TestNoReceiptUnlogged: what cannot be logged is not handed out.
func TestNoReceiptUnlogged(t *testing.T) {
	s := ledger(t, postgrestest.File, 10)
	disk := &full{Store: s.Shelf()}
	l, err := receipt.OpenLog(t.Context(), disk)
	if err != nil {
		t.Fatal(err)
	}
	iss := issuer(t, l)
	disk.now = true
	if r, err := iss.Issue(t.Context(), statement(1)); err == nil || r != nil {
		t.Errorf("handed out %v (%v)", r, err)
	}
}

func BenchmarkProofCheck(b *testing.B) {
	s := ledger(b, postgrestest.File, 5000)
	l, err := receipt.OpenLog(b.Context(), s.Shelf())
	if err != nil {
		b.Fatal(err)
	}
	iss := issuer(b, l)
	some, err := iss.Issue(b.Context(), statement(1))
	if err != nil {
		b.Fatal(err)
	}
	r := some[0]
	c, _ := r.Commitment()
	p, err := iss.Prove(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := r.Verify(); err != nil {
			b.Fatal(err)
		}
		if _, err := p.Check(r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMillion logs and audits a ledger of a million entries.
func BenchmarkMillion(b *testing.B) {
	if testing.Short() {
		b.Skip("did not run: builds a ledger of a million entries")
	}
	s := ledger(b, postgrestest.File, 1_000_000)
	l, err := receipt.OpenLog(b.Context(), s.Shelf())
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := l.Follow(b.Context(), s); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(time.Since(began).Seconds(), "s/log")
	for b.Loop() {
		if a, err := receipt.Check(b.Context(), s.Shelf(), s); err != nil || len(a.Problems) > 0 {
			b.Fatalf("%+v %v", a, err)
		}
	}
}
