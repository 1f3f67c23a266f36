package receipt_test

import (
	"crypto/ed25519"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"article41/receipt"
)

// FuzzCheckpoint: no text but the signed one opens as a checkpoint of the key.
func FuzzCheckpoint(f *testing.F) {
	tree := tlog.Tree{N: 5, Hash: tlog.Hash{1, 2}}
	text, err := receipt.SignTree(key, tree)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add("")
	f.Fuzz(func(t *testing.T, in string) {
		if got, _, err := receipt.OpenCheckpoint(in, key.Public().(ed25519.PublicKey)); err == nil && got != tree {
			t.Errorf("%q opens as %v", in, got)
		}
	})
}
