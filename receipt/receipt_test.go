package receipt_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"article41/date"
	"article41/receipt"
)

func issue(t testing.TB) receipt.Receipt {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	r, err := receipt.Issue(key, receipt.Statement{
		Issued: time.Date(2026, 11, 23, 17, 0, 0, 123456789, time.UTC), AsOf: date.MustDay("2023-08-01"), KnownAt: date.MustDay("2026-11-23"),
		Position: 6788, Record: "2026-11-23", Engine: "e", Rarity: "r", Threshold: .7,
		Query: json.RawMessage(`{"name":"Houka <Houka> & Ag"}`), Answer: json.RawMessage(`{"hits":[{"id":"MLi.005","score":0.97}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRoundTrip(t *testing.T) {
	var b bytes.Buffer
	if err := issue(t).Write(&b); err != nil {
		t.Fatal(err)
	}
	r, err := receipt.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Verify()
	if err != nil {
		t.Fatal(err)
	}
	if s.Position != 6788 || s.Claim != receipt.Claim || s.Issued.Nanosecond() != 123000000 {
		t.Errorf("%+v", s)
	}
	if strings.Contains(strings.ToLower(receipt.Claim), "cleared") {
		t.Error("a receipt that clears somebody")
	}
}

// TestForged changes every byte of a receipt in turn: none passes as another
// statement.
func TestForged(t *testing.T) {
	var b bytes.Buffer
	if err := issue(t).Write(&b); err != nil {
		t.Fatal(err)
	}
	was, err := issue(t).Verify()
	if err != nil {
		t.Fatal(err)
	}
	whole, _ := json.Marshal(was)
	for i := range b.Len() {
		forged := bytes.Clone(b.Bytes())
		forged[i] ^= 1
		r, err := receipt.Read(bytes.NewReader(forged))
		if err != nil {
			continue
		}
		s, err := r.Verify()
		if err != nil {
			continue
		}
		if now, _ := json.Marshal(s); !bytes.Equal(now, whole) {
			t.Fatalf("byte %d: a forged receipt passes: %s", i, now)
		}
	}
}

func TestAnotherKey(t *testing.T) {
	r := issue(t)
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, 32))
	r2, err := receipt.Issue(other, receipt.Statement{Query: json.RawMessage(`{}`), Answer: json.RawMessage(`{}`)})
	if err != nil {
		t.Fatal(err)
	}
	r.Key = r2.Key
	if _, err := r.Verify(); !errors.Is(err, receipt.ErrForged) {
		t.Errorf("another's key: %v", err)
	}
}

// FuzzRead: what is no receipt of ours is refused, its proof and its key history
// too, and nothing breaks on it.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	mine := issue(f)
	mine.Write(&b)
	f.Add(b.Bytes())
	mine.Proof = &receipt.Proof{Leaf: 3, Checkpoint: "x\n4\n\n", Handovers: []string{"article41 handover 1\na\nb\n4\n"}, Kept: &receipt.Kept{Kind: "k", ID: "i"}}
	b.Reset()
	mine.Write(&b)
	f.Add(b.Bytes())
	f.Add([]byte(`{"statement":{},"key":"","signature":""}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		r, err := receipt.Read(bytes.NewReader(in))
		if err != nil {
			return
		}
		s, err := r.Verify()
		if err == nil && r.Key == mine.Key && !bytes.Equal(r.Statement, mine.Statement) {
			t.Errorf("a statement that was never signed verifies: %s", r.Statement)
		}
		(receipt.History{{Key: r.Key}}).Check(r, s)
		if r.Proof != nil {
			if tree, err := r.Proof.Check(r); err == nil {
				t.Errorf("a proof of no log leads to %v", tree)
			}
			r.Proof.Signer(r)
		}
	})
}

func BenchmarkIssue(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		issue(b)
	}
}

func BenchmarkVerify(b *testing.B) {
	r := issue(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Verify(); err != nil {
			b.Fatal(err)
		}
	}
}
