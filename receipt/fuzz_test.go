package receipt_test

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
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

// FuzzHistory: a history that somebody made lets nothing of a key pass that it does
// not name.
func FuzzHistory(f *testing.F) {
	text, err := receipt.SignTree(seeded(1), tlog.Tree{N: 5, Hash: tlog.Hash{1, 2}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`[{"key":"` + issue(f).Key + `","first":0,"end":null,"from":null}]`))
	f.Add([]byte(`[{"key":"x","first":0,"end":4},{"key":"y","first":4,"handover":"article41 handover 1\nx\ny\n4\n"}]`))
	f.Add([]byte(`[]`))
	mine := base64.StdEncoding.EncodeToString(seeded(1).Public().(ed25519.PublicKey))
	f.Fuzz(func(t *testing.T, in []byte) {
		var h receipt.History
		if json.Unmarshal(in, &h) != nil {
			return
		}
		tree, err := h.Open(text)
		if err == nil && !slices.ContainsFunc(h, func(s receipt.Signer) bool { return strings.TrimRight(s.Key, "\r\n") == mine }) {
			t.Errorf("a checkpoint opens by a key that the history does not name: %+v", h)
		}
		h.Lasting(text, tree)
		for i := range h {
			h.Vouched(i)
			h[i].Origin()
		}
	})
}

// FuzzToken: whatever somebody sends for a timestamp, nothing breaks on it.
func FuzzToken(f *testing.F) {
	text, err := receipt.SignTree(seeded(1), tlog.Tree{N: 5, Hash: tlog.Hash{1, 2}})
	if err != nil {
		f.Fatal(err)
	}
	request, err := receipt.TimestampRequest(text)
	if err != nil {
		f.Fatal(err)
	}
	root, rootKey := certificate(f, "root", nil, nil, 0)
	cert, certKey := certificate(f, "authority", root, rootKey, x509.ExtKeyUsageTimeStamping)
	f.Add(authority(f, cert, certKey, request))
	f.Add([]byte{0x30, 0x80, 0, 0})
	roots := pool(root)
	f.Fuzz(func(t *testing.T, token []byte) {
		a := receipt.Anchor{Checkpoint: text, Key: base64.StdEncoding.EncodeToString(seeded(1).Public().(ed25519.PublicKey)), Token: token}
		a.Tree(nil)
		a.Tree(roots)
	})
}
