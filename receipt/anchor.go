package receipt

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
	"golang.org/x/mod/sumdb/tlog"

	"article41/record"
	"article41/shelf"
)

// Anchor is somebody else's word that a checkpoint was there at a time: a
// timestamp token (RFC 3161), or witnesses' signatures on the checkpoint itself.
// Whoever holds the signing key can write another past; not with these.
type Anchor struct {
	Checkpoint string   `json:"checkpoint"`
	Key        string   `json:"key"`                 // that signed the checkpoint, base64
	Token      []byte   `json:"token,omitempty"`     // of the checkpoint's SHA-256
	Witnesses  []string `json:"witnesses,omitempty"` // their public keys, whose signatures the checkpoint has
}

const anchorKind shelf.Kind = "log-anchor"

// TimestampRequest asks a timestamp authority about a checkpoint.
func TimestampRequest(checkpoint string) ([]byte, error) {
	return timestamp.CreateRequest(bytes.NewReader([]byte(checkpoint)), &timestamp.RequestOptions{Hash: crypto.SHA256, Certificates: true})
}

// Tree is what the anchor vouches for, and who does: a name and, for a token, when.
// It checks every signature. With roots, a token's certificate must lead to one of
// them at the token's time and be one for timestamps; without, the words say that it
// was not checked to any, and anybody may have made it. A certificate that was
// revoked is not found out: nobody is asked.
func (a Anchor) Tree(roots *x509.CertPool) (tlog.Tree, string, error) {
	key, err := base64.StdEncoding.DecodeString(a.Key)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return tlog.Tree{}, "", fmt.Errorf("%w: the anchor's key is no Ed25519 key", record.ErrInvalid)
	}
	tree, witnesses, err := OpenCheckpoint(a.Checkpoint, key, a.Witnesses...)
	if err != nil {
		return tree, "", err
	}
	if a.Token == nil {
		if len(a.Witnesses) == 0 || len(witnesses) < len(a.Witnesses) {
			return tree, "", fmt.Errorf("%w: not every witness named signed the checkpoint", record.ErrInvalid)
		}
		return tree, fmt.Sprintf("cosigned by %v", witnesses), nil
	}
	ts, err := timestamp.ParseResponse(a.Token)
	if err != nil {
		return tree, "", fmt.Errorf("%w: the timestamp token: %w", record.ErrInvalid, err)
	}
	if sum := sha256.Sum256([]byte(a.Checkpoint)); ts.HashAlgorithm != crypto.SHA256 || !bytes.Equal(ts.HashedMessage, sum[:]) {
		return tree, "", fmt.Errorf("%w: the timestamp token is of something else", record.ErrInvalid)
	}
	if len(ts.Certificates) == 0 {
		return tree, "", fmt.Errorf("%w: the timestamp token has no certificate, so its signature cannot be checked", record.ErrInvalid)
	}
	signed, err := pkcs7.Parse(ts.RawToken)
	if err != nil {
		return tree, "", fmt.Errorf("%w: the timestamp token: %w", record.ErrInvalid, err)
	}
	by := signed.GetOnlySigner()
	if by == nil {
		return tree, "", fmt.Errorf("%w: the timestamp token does not have one signer", record.ErrInvalid)
	}
	says := fmt.Sprintf("timestamped %s by %s", ts.Time.UTC().Format(time.RFC3339), by.Subject)
	if roots == nil {
		return tree, says + " (its chain was not checked to a root)", nil
	}
	err = signed.VerifyWithOpts(x509.VerifyOptions{Roots: roots, CurrentTime: ts.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}})
	if err != nil {
		return tree, "", fmt.Errorf("%w: %s: its certificate leads to none of the roots given: %w", record.ErrInvalid, says, err)
	}
	return tree, says + ", whose certificate leads to a root that was given", nil
}

// Roots reads the roots that timestamp authorities' certificates must lead to: PEM.
func Roots(pem []byte) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%w: there is no certificate in PEM in it", record.ErrInvalid)
	}
	return pool, nil
}

// KeepAnchor keeps an anchor that checks out against the log on the shelf.
func KeepAnchor(ctx context.Context, s shelf.Store, a Anchor, roots *x509.CertPool) error {
	if _, _, err := checkAnchor(ctx, s, a, roots); err != nil {
		return err
	}
	sum := sha256.Sum256(append([]byte(a.Checkpoint), a.Token...))
	id := shelf.ID(fmt.Sprintf("%x", sum[:16]))
	_, err := s.Write(ctx, shelf.Drawer[Anchor]{Store: s, Kind: anchorKind}.Change(id, shelf.Any, a))
	return err
}

// Anchors calls yield for every anchor that is kept, checked again: what it vouches
// for must still be the beginning of the log.
func Anchors(ctx context.Context, s shelf.Store, roots *x509.CertPool, yield func(size int64, says string)) error {
	return shelf.Drawer[Anchor]{Store: s, Kind: anchorKind}.Each(ctx, func(_ shelf.ID, _ int64, a Anchor) error {
		tree, says, err := checkAnchor(ctx, s, a, roots)
		if err == nil {
			yield(tree.N, says)
		}
		return err
	})
}

func checkAnchor(ctx context.Context, s shelf.Store, a Anchor, roots *x509.CertPool) (tlog.Tree, string, error) {
	tree, says, err := a.Tree(roots)
	if err != nil {
		return tree, "", err
	}
	l, err := OpenLog(ctx, s)
	if err != nil {
		return tree, "", err
	}
	if tree.N > l.head.Size {
		return tree, "", fmt.Errorf("%w: others vouched for a log of %d leaves, this one has %d (%s)", record.ErrInvalid, tree.N, l.head.Size, says)
	}
	if _, err := l.signers.Open(a.Checkpoint); err != nil {
		return tree, "", fmt.Errorf("%w (%s)", err, says)
	}
	here, err := l.tree(ctx, tree.N)
	if err == nil && here != tree {
		err = fmt.Errorf("%w: the first %d leaves are not those that others vouched for (%s)", record.ErrInvalid, tree.N, says)
	}
	return tree, says, err
}
