package briefing_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"article41/briefing"
)

// byOthers is a proof that ALTCHA's own library (npm altcha-lib 2.8.0) made and
// solved under the key "a key of the test", with the prefix 00 and an expiry in 2030.
const byOthers = "eyJjaGFsbGVuZ2UiOnsicGFyYW1ldGVycyI6eyJhbGdvcml0aG0iOiJTSEEtMjU2IiwiY29zdCI6MSwiZXhwaXJlc0F0IjoxOTAwMDAwMDAwLCJrZXlMZW5ndGgiOjMyLCJrZXlQcmVmaXgiOiIwMCIsIm5vbmNlIjoiMzUyYWZiYTNmNTgzNDg1MDJhNjI1ZmQwYWU4NmE0ZTUiLCJzYWx0IjoiOWRkMTBmNTIxZjg1ZmRkOTlkZjgzMDhlODcwZDk1YzUifSwic2lnbmF0dXJlIjoiNThkODU0MmQxMGVhYTY1YWQ3YWIyYzRlNGY2NTk5YjUzN2FkODI0NTI3MTNlODFiYWIxM2FjYzYwNTY5OGRiMyJ9LCJzb2x1dGlvbiI6eyJjb3VudGVyIjoxNjEsImRlcml2ZWRLZXkiOiIwMDAzYzcyY2YyZmIyNWU4Zjg0MmNlNjk4ZTQ1NTYyN2E2MDg4YTE1MGU4OWUyYzdlYWI5NWUxNjk3YWFkNGQ5IiwidGltZSI6OS43fX0="

func proofs() *briefing.Proofs { return briefing.NewProofs([]byte("a key of the test"), rand.Reader) }

func TestWireFormat(t *testing.T) {
	if _, err := proofs().Verify(byOthers, noon); err != nil {
		t.Errorf("a proof of the library that defines the format: %v", err)
	}
	if _, err := briefing.NewProofs([]byte("another key"), rand.Reader).Verify(byOthers, noon); !errors.Is(err, briefing.ErrForged) {
		t.Errorf("under another key: %v", err)
	}
}

func solved(t testing.TB, p *briefing.Proofs) (briefing.Challenge, string) {
	t.Helper()
	c, err := p.Challenge(noon)
	if err != nil {
		t.Fatal(err)
	}
	s, err := briefing.Solve(c)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

// posted is a proof with something of it changed.
func posted(t testing.TB, proof string, change func(m map[string]any)) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(proof)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&m); err != nil {
		t.Fatal(err)
	}
	change(m)
	out, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(out)
}

func parameters(m map[string]any) map[string]any {
	return m["challenge"].(map[string]any)["parameters"].(map[string]any)
}

func TestProofs(t *testing.T) {
	p := proofs()
	_, good := solved(t, p)
	for _, c := range []struct {
		name   string
		posted string
		now    time.Time
		want   error
	}{
		{"nothing", "", noon, briefing.ErrProof},
		{"no base64", "<>", noon, briefing.ErrForged},
		{"no JSON", "Zm9v", noon, briefing.ErrForged},
		{"too long", strings.Repeat("A", 4096), noon, briefing.ErrForged},
		{"a later expiry than was signed", posted(t, good, func(m map[string]any) { parameters(m)["expiresAt"] = 4000000000 }), noon, briefing.ErrForged},
		{"a shorter prefix than was signed", posted(t, good, func(m map[string]any) { parameters(m)["keyPrefix"] = "" }), noon, briefing.ErrForged},
		{"a cost of its own", posted(t, good, func(m map[string]any) { parameters(m)["cost"] = 0 }), noon, briefing.ErrForged},
		{"another algorithm", posted(t, good, func(m map[string]any) { parameters(m)["algorithm"] = "SHA-1" }), noon, briefing.ErrForged},
		{"no signature", posted(t, good, func(m map[string]any) { delete(m["challenge"].(map[string]any), "signature") }), noon, briefing.ErrForged},
		{"another counter", posted(t, good, func(m map[string]any) { m["solution"].(map[string]any)["counter"] = 1 << 30 }), noon, briefing.ErrUnsolved},
		{"another key", posted(t, good, func(m map[string]any) { m["solution"].(map[string]any)["derivedKey"] = "0000" }), noon, briefing.ErrUnsolved},
		{"a counter that wraps", posted(t, good, func(m map[string]any) { m["solution"].(map[string]any)["counter"] = 1<<32 + 1 }), noon, briefing.ErrUnsolved},
		{"expired", good, noon.Add(21 * time.Minute), briefing.ErrExpired},
		{"right", good, noon, nil},
		{"used before", good, noon, briefing.ErrReplayed},
		{"used before, its nonce in capitals", posted(t, good, func(m map[string]any) {
			q := parameters(m)
			q["nonce"] = strings.ToUpper(q["nonce"].(string))
		}), noon, briefing.ErrProof},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := p.Verify(c.posted, c.now); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// FuzzProof: whatever is posted, only a proof that is right and unused passes. What
// passes is checked here anew, from the parts: it must be the one challenge that
// was made, with a key that fits.
func FuzzProof(f *testing.F) {
	// The fuzzer's processes have to make the same challenge.
	p := briefing.NewProofs([]byte("a key of the test"), bytes.NewReader(bytes.Repeat([]byte("x7"), 16)))
	c, good := solved(f, p)
	f.Add([]byte(good))
	raw, _ := base64.StdEncoding.DecodeString(good)
	f.Add(raw)
	f.Add([]byte(`{"challenge":{"parameters":{}},"solution":{}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, s := range []string{string(b), base64.StdEncoding.EncodeToString(b)} {
			if _, err := p.Look(s, noon); err != nil {
				continue
			}
			raw, err := base64.StdEncoding.DecodeString(s)
			var m struct {
				Challenge briefing.Challenge
				Solution  briefing.Solution
			}
			if err != nil || json.Unmarshal(raw, &m) != nil {
				t.Fatalf("%q passed", s)
			}
			got := m.Challenge.Parameters
			got.Nonce, got.Salt = strings.ToLower(got.Nonce), strings.ToLower(got.Salt)
			if got != c.Parameters || !strings.HasPrefix(m.Solution.DerivedKey, "0000") {
				t.Fatalf("%s passed", raw)
			}
		}
	})
}

// BenchmarkRefuse: what a bad proof costs. The bound is 50 µs.
func BenchmarkRefuse(b *testing.B) {
	p := proofs()
	_, good := solved(b, p)
	_, used := solved(b, p)
	if _, err := p.Verify(used, noon); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name, posted string
		now          time.Time
	}{
		{"invalid", posted(b, good, func(m map[string]any) { m["solution"].(map[string]any)["counter"] = 7 }), noon},
		{"forged", posted(b, good, func(m map[string]any) { parameters(m)["expiresAt"] = 4000000000 }), noon},
		{"expired", good, noon.Add(time.Hour)},
		{"replayed", used, noon},
		{"longest", base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("{"), 1500)), noon},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Verify(c.posted, c.now); err == nil {
					b.Fatal("it passed")
				}
			}
		})
	}
}

// BenchmarkRefusedPost is a whole post that is refused for its proof.
func BenchmarkRefusedPost(b *testing.B) {
	d := desk(b)
	f := form(1)
	f.ProofAsked = true
	_, f.Proof = solved(b, proofs())
	b.ReportAllocs()
	for b.Loop() {
		got, err := d.Post(b.Context(), mali, f, noon)
		if err != nil || len(got.Faults) != 1 {
			b.Fatal(got, err)
		}
	}
}
