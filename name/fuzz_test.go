package name

import "testing"

// A kind that is read prints as what reads as itself.
func FuzzReadKind(f *testing.F) {
	for _, s := range []string{"person", "Vessel", "LegalEntity", "", "ship "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, ok := ReadKind(s)
		if again, known := ReadKind(k.String()); !known || again != k || !ok && k != Unknown {
			t.Fatalf("%q reads as %s (%v), which reads as %s (%v)", s, k, ok, again, known)
		}
	})
}
