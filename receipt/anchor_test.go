package receipt_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
	"golang.org/x/mod/sumdb/note"

	"article41/postgrestest"
	"article41/receipt"
)

// certificate is one and its key, signed by another or by itself.
func certificate(t testing.TB, name string, by *x509.Certificate, key *ecdsa.PrivateKey, use x509.ExtKeyUsage) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{use}}
	if by == nil {
		by, key, template.IsCA, template.BasicConstraintsValid, template.ExtKeyUsage = template, k, true, true, nil
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by, k.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, k
}

func pool(certs ...*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certs {
		p.AddCert(c)
	}
	return p
}

// authority answers timestamp requests, as one outside would.
func authority(t testing.TB, cert *x509.Certificate, k *ecdsa.PrivateKey, request []byte) []byte {
	t.Helper()
	asked, err := timestamp.ParseRequest(request)
	if err != nil {
		t.Fatal(err)
	}
	ts := timestamp.Timestamp{HashAlgorithm: crypto.SHA256, HashedMessage: asked.HashedMessage, Time: time.Now(), SerialNumber: big.NewInt(7),
		Policy: asn1.ObjectIdentifier{1, 2, 3}, AddTSACertificate: true}
	b, err := ts.CreateResponseWithOpts(cert, k, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestAnchors: a timestamp and a witness vouch for the log; neither of another
// checkpoint, nor of a log that was written anew with the same key.
func TestAnchors(t *testing.T) {
	ctx := t.Context()
	s := ledger(t, postgrestest.File, 900)
	l, err := receipt.OpenLog(ctx, s.Shelf())
	if err != nil {
		t.Fatal(err)
	}
	iss := issuer(t, l)
	if err := l.Follow(ctx, s); err != nil {
		t.Fatal(err)
	}
	first, err := iss.Checkpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	request, err := receipt.TimestampRequest(first)
	if err != nil {
		t.Fatal(err)
	}
	pub := base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	root, rootKey := certificate(t, "root of the test", nil, nil, 0)
	cert, certKey := certificate(t, "authority of the test", root, rootKey, x509.ExtKeyUsageTimeStamping)
	token := receipt.Anchor{Checkpoint: first, Key: pub, Token: authority(t, cert, certKey, request)}
	if err := receipt.KeepAnchor(ctx, s.Shelf(), token, nil); err != nil {
		t.Fatal(err)
	}
	skey, vkey, err := note.GenerateKey(rand.Reader, "witness.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(first, "\n\n")
	alone, err := note.Sign(&note.Note{Text: text + "\n"}, signer)
	if err != nil {
		t.Fatal(err)
	}
	_, signature, _ := strings.Cut(string(alone), "\n\n")
	witness := receipt.Anchor{Checkpoint: first + signature, Key: pub, Witnesses: []string{vkey}}
	if err := receipt.KeepAnchor(ctx, s.Shelf(), witness, nil); err != nil {
		t.Fatal(err)
	}
	grow(t, s, 900, 50)
	if err := l.Follow(ctx, s); err != nil {
		t.Fatal(err)
	}
	var says []string
	if err := receipt.Anchors(ctx, s.Shelf(), nil, func(size int64, word string) {
		if size != 900 {
			t.Errorf("size %d", size)
		}
		says = append(says, word)
	}); err != nil || len(says) != 2 || !strings.Contains(strings.Join(says, ";"), "authority of the test") || !strings.Contains(strings.Join(says, ";"), "witness.example") {
		t.Errorf("%q %v", says, err)
	}

	other, _ := certificate(t, "root of the test", nil, nil, 0) // the same name, another key
	page, pageKey := certificate(t, "a server's", root, rootKey, x509.ExtKeyUsageServerAuth)
	for _, c := range []struct {
		reason string
		a      receipt.Anchor
		roots  *x509.CertPool
		want   string
	}{
		{"no roots given", token, nil, "its chain was not checked to a root"},
		{"the root given", token, pool(other, root), "leads to a root that was given"},
		{"another root given", token, pool(other), "none of the roots given"},
		{"a certificate for something else", receipt.Anchor{Checkpoint: first, Key: pub, Token: authority(t, page, pageKey, request)}, pool(root), "none of the roots given"},
		{"a witness has no chain", witness, pool(other), "cosigned by"},
	} {
		_, says, err := c.a.Tree(c.roots)
		if err != nil {
			says = err.Error()
		}
		if !strings.Contains(says, c.want) {
			t.Errorf("%s: %s", c.reason, says)
		}
	}

	second, err := iss.Checkpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	another := ledger(t, postgrestest.File, 901) // the same key, another past
	l2, err := receipt.OpenLog(ctx, another.Shelf())
	if err != nil {
		t.Fatal(err)
	}
	backdated := issuer(t, l2)
	if _, err := backdated.Issue(ctx, statement(1)); err != nil { // it stands where an entry stood
		t.Fatal(err)
	}
	if err := l2.Follow(ctx, another); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		reason string
		a      receipt.Anchor
		want   string
	}{
		{"a token of another checkpoint", receipt.Anchor{Checkpoint: second, Key: pub, Token: token.Token}, "of something else"},
		{"a token that is none", receipt.Anchor{Checkpoint: first, Key: pub, Token: []byte("x")}, "the timestamp token"},
		{"no witness", receipt.Anchor{Checkpoint: first, Key: pub}, "not every witness"},
		{"a witness that did not sign", receipt.Anchor{Checkpoint: first, Key: pub, Witnesses: []string{vkey}}, "not every witness"},
		{"another key", receipt.Anchor{Checkpoint: first, Key: base64.StdEncoding.EncodeToString(make([]byte, 32)), Token: token.Token}, "not signed by this key"},
	} {
		if err := receipt.KeepAnchor(ctx, s.Shelf(), c.a, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.reason, err)
		}
	}
	if err := receipt.KeepAnchor(ctx, another.Shelf(), token, nil); err == nil || !strings.Contains(err.Error(), "not those that others vouched for") {
		t.Errorf("a log written anew: %v", err)
	}
	sum := sha256.Sum256([]byte(first))
	if strings.Contains(string(token.Token), first) || !strings.Contains(string(request), string(sum[:])) {
		t.Error("the authority was to learn a hash and nothing else")
	}
}
