package receipt_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"article41/receipt"
)

// Text that nobody signed is no checkpoint; of text that the key signed only a
// head of a log is one.
func FuzzOpenCheckpoint(f *testing.F) {
	pub := key.Public().(ed25519.PublicKey)
	name := receipt.Origin(pub)
	vkey, err := note.NewEd25519VerifierKey(name, pub)
	if err != nil {
		f.Fatal(err)
	}
	signer, err := note.NewSigner("PRIVATE+KEY+" + name + "+" + strings.Split(vkey, "+")[1] + "+" +
		base64.StdEncoding.EncodeToString(append([]byte{1}, key.Seed()...)))
	if err != nil {
		f.Fatal(err)
	}
	root := tlog.Hash{1, 2}
	for _, s := range []string{name + "\n5\n" + root.String() + "\n", name + "\n-5\n" + root.String() + "\n", name + "\n5\nno root\n", "\n\n\n", "x\n\n— x y\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if tree, _, err := receipt.OpenCheckpoint(s, pub); err == nil {
			t.Fatalf("%q is the checkpoint %v, and nobody signed it", s, tree)
		}
		signed, err := note.Sign(&note.Note{Text: s}, signer)
		if err != nil {
			return
		}
		if tree, _, err := receipt.OpenCheckpoint(string(signed), pub); err == nil && (tree.N < 0 || !strings.HasPrefix(s, name+"\n")) {
			t.Fatalf("%q is the checkpoint %v", s, tree)
		}
	})
}
