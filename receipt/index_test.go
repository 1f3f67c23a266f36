package receipt

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"article41/postgrestest"
	"article41/record"
	"article41/shelf"
)

func numbered(i int) record.Digest { return sha256.Sum256(fmt.Append(nil, i)) }

// loggedAs is a log with so many receipts, of which only the commitments are made.
func loggedAs(t testing.TB, s shelf.Store, receipts int) (*Log, *Issuer) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	l, err := OpenLog(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	i, err := NewIssuer(t.Context(), func() (ed25519.PrivateKey, error) { return key, nil }, l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	some := make([]record.Digest, receipts)
	for n := range some {
		some[n] = numbered(n)
	}
	if err := l.commit(t.Context(), l.signers.signer(), some); err != nil {
		t.Fatal(err)
	}
	return l, i
}

// TestIndex: each receipt is found, in the index and behind it, by the process that
// logged it, by another, and in a log of before there was an index; one that was
// never logged is not; a changed row is found by an audit.
func TestIndex(t *testing.T) { postgrestest.Each(t, indexed) }

func indexed(t *testing.T, fresh postgrestest.Fresh) {
	ctx := t.Context()
	const receipts = 2*block + 3000
	s := fresh(t)()
	mine, _ := loggedAs(t, s.Shelf(), receipts)
	kept := Statement{Issued: time.Unix(1, 0), Query: json.RawMessage(`{}`), Answer: json.RawMessage(`{}`)}
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	open := func() (*Log, *Issuer) {
		l, err := OpenLog(ctx, s.Shelf())
		if err != nil {
			t.Fatal(err)
		}
		i, err := NewIssuer(ctx, func() (ed25519.PrivateKey, error) { return key, nil }, l, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return l, i
	}
	look := func(name string, l *Log) {
		t.Helper()
		for _, n := range []int{0, 1, 255, 9_999, block - 1, block, 2*block - 1, 2 * block, receipts - 1} {
			p, _, _, err := l.inclusion(ctx, numbered(n))
			if err != nil || p.Leaf != int64(n) || p.Kept != nil {
				t.Errorf("%s: receipt %d: leaf %d, %v", name, n, p.Leaf, err)
			}
		}
		if _, _, _, err := l.inclusion(ctx, numbered(receipts)); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("%s: one that was never logged: %v", name, err)
		}
	}
	look("before there is an index, by heart", mine)
	old, _ := open()
	look("before there is an index, read", old)
	if err := mine.Follow(ctx, s); err != nil {
		t.Fatal(err)
	}
	if mine.head.Indexed != 2*block || len(mine.leaves) != 3000 {
		t.Fatalf("indexed up to %d, %d known by heart", mine.head.Indexed, len(mine.leaves))
	}
	look("indexed", mine)
	look("indexed by another process", old)
	newer, by := open()
	look("opened anew", newer)
	// What another logs meanwhile is found, a document's receipt among it.
	var c record.Digest
	err := by.Keep(ctx, kept, func(_ Receipt, d record.Digest) shelf.Change {
		c = d
		return shelf.Change{Kind: "note", ID: "1", Body: []byte("x")}
	})
	if err != nil {
		t.Fatal(err)
	}
	if p, _, _, err := mine.inclusion(ctx, c); err != nil || p.Leaf != receipts || p.Kept == nil {
		t.Errorf("%+v %v", p, err)
	}
	look("with more behind", mine)

	a, err := Check(ctx, s.Shelf(), s)
	if err != nil || len(a.Problems) > 0 || a.Receipts != receipts+1 {
		t.Fatalf("%+v %v", a, err)
	}
	row := indexID(numbered(5)[0], 0)
	it, err := s.Shelf().Item(ctx, indexKind, row)
	if err != nil {
		t.Fatal(err)
	}
	it.Body[7] ^= 1
	for _, c := range []struct {
		change shelf.Change
		want   string
	}{
		{shelf.Change{Body: it.Body}, fmt.Sprintf("row %s of the index of receipts is not what the leaves from 0 on give", row)},
		{shelf.Change{Gone: true}, fmt.Sprintf("row %s of the index of receipts is gone", row)},
	} {
		c.change.Kind, c.change.ID, c.change.Version = indexKind, row, shelf.Any
		if _, err := s.Shelf().Write(ctx, c.change); err != nil {
			t.Fatal(err)
		}
		if a, err := Check(ctx, s.Shelf(), s); err != nil || strings.Join(a.Problems, "; ") != c.want || a.WrongRows != 1 {
			t.Errorf("%q %v, want %q", a.Problems, err, c.want)
		}
		if n, err := RepairIndex(ctx, s.Shelf()); err != nil || n != 1 {
			t.Errorf("%d rows repaired, %v; want 1", n, err)
		}
		if a, err := Check(ctx, s.Shelf(), s); err != nil || len(a.Problems) > 0 {
			t.Errorf("repaired: %q %v", a.Problems, err)
		}
		repaired, _ := open()
		look("repaired", repaired)
	}
}

// counted counts the bytes read of the shelf.
type counted struct {
	shelf.Store
	read int
}

func (c *counted) Item(ctx context.Context, k shelf.Kind, id shelf.ID) (shelf.Item, error) {
	it, err := c.Store.Item(ctx, k, id)
	c.read += len(it.Body)
	return it, err
}

func (c *counted) Items(ctx context.Context, k shelf.Kind, after shelf.ID, limit int) ([]shelf.Item, error) {
	items, err := c.Store.Items(ctx, k, after, limit)
	for _, it := range items {
		c.read += len(it.Body)
	}
	return items, err
}

// BenchmarkFind proves receipts of a log of a million, by a process that issued none
// of them; "unknown" asks for those that never were.
func BenchmarkFind(b *testing.B) {
	if testing.Short() {
		b.Skip("did not run: logs a million receipts")
	}
	const receipts = 1_000_000
	s := postgrestest.File(b)()
	l, _ := loggedAs(b, s.Shelf(), receipts)
	if err := l.Follow(b.Context(), s); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		from int
		err  error
	}{{"logged", 0, nil}, {"unknown", receipts, record.ErrNotFound}} {
		b.Run(c.name, func(b *testing.B) {
			disk := &counted{Store: s.Shelf()}
			l, err := OpenLog(b.Context(), disk)
			if err != nil {
				b.Fatal(err)
			}
			l.find(b.Context(), numbered(0)) // what lies behind the index is read once
			disk.read = 0
			n := 0
			for b.Loop() {
				if _, err := l.find(b.Context(), numbered(c.from+n*7919%receipts)); !errors.Is(err, c.err) {
					b.Fatal(err)
				}
				n++
			}
			b.ReportMetric(float64(disk.read)/float64(n), "B-read/op")
		})
	}
}

// FuzzHandover: no note but the one both keys signed hands over from the first.
func FuzzHandover(f *testing.F) {
	old, fresh := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32)), ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, 32))
	was := publicText(old.Public().(ed25519.PublicKey))
	at := time.Unix(1_700_000_000, 0).UTC()
	next := Signer{Key: publicText(fresh.Public().(ed25519.PublicKey)), From: &at}
	text, err := signHandover(was, next, tlog.Tree{N: 5, Hash: tlog.Hash{1}}, old, fresh)
	if err != nil {
		f.Fatal(err)
	}
	alone, err := signHandover(was, next, tlog.Tree{N: 5, Hash: tlog.Hash{1}}, nil, fresh)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(alone)
	f.Fuzz(func(t *testing.T, in string) {
		if to, size, err := openHandover(in, was); err == nil && (to != next.Key || size != 5) {
			t.Errorf("%q hands over to %s at %d", in, to, size)
		}
	})
}
