package curated

import "testing"

// Keys print as lines that read as themselves; an effect names a deed.
func FuzzParse(f *testing.F) {
	k, err := NewKey(zeros{}, "a key")
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{k.Secret(), k.Public().String(), "# none\n\n", "ed25519 !!! x", "extend travel-ban,assets-freeze until 2027-05-31 paragraph 1",
		`establish panel term "13 months from adoption" paragraph 18`, `revive assets-freeze from 2025-09-27 hour 20:00 note "x"`, `extend x note "`, `"" 0`, "forbid travel-ban"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		keys, _ := ReadKeys("k", []byte(s))
		for _, k := range keys {
			again, err := ReadKeys("k", []byte(k.String()))
			if err != nil || len(again) != 1 || !again[0].Key.Equal(k.Key) {
				t.Fatalf("%q reads as %v (%v)", k, again, err)
			}
		}
		if p, err := ReadPrivateKey("k", []byte(s)); err == nil {
			if again, err := ReadPrivateKey("k", []byte(p.Secret())); err != nil || again.Secret() != p.Secret() {
				t.Fatalf("a private key prints as what does not read (%v)", err)
			}
		}
		if e, err := ParseEffect(s); err == nil && (e.Do == "" || len(e.What) == 0) {
			t.Fatalf("%q: %+v", s, e)
		}
	})
}

// zeros is no chance at all.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
