package receipt

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"sync"

	"article41/record"
)

// Issuer signs receipts and logs them in groups: to sign takes microseconds, to
// log one write for all that were signed meanwhile. Who wants a receipt does not
// wait for the log; its proof follows once [Issuer.Flush] has run.
type Issuer struct {
	key    ed25519.PrivateKey
	log    *Log
	random io.Reader

	mu      sync.Mutex
	pending []record.Digest
}

// NewIssuer makes one. random is crypto/rand.Reader outside tests.
func NewIssuer(key ed25519.PrivateKey, l *Log, random io.Reader) *Issuer {
	return &Issuer{key: key, log: l, random: random}
}

// Issue signs a statement and puts it in line for the log.
func (i *Issuer) Issue(s Statement) (Receipt, error) {
	r, err := Issue(i.key, s)
	if err != nil {
		return r, err
	}
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(i.random, salt); err != nil {
		return r, err
	}
	r.Salt = base64.StdEncoding.EncodeToString(salt)
	c, err := r.Commitment()
	if err != nil {
		return r, err
	}
	i.mu.Lock()
	i.pending = append(i.pending, c)
	i.mu.Unlock()
	return r, nil
}

// Flush logs what was issued since the last call, and the ledger's entries that
// are not logged yet, if a ledger is given. What cannot be logged stays in line.
func (i *Issuer) Flush(ctx context.Context, ledger record.Store) error {
	if ledger != nil {
		if err := i.log.Follow(ctx, ledger); err != nil {
			return err
		}
	}
	i.mu.Lock()
	batch := i.pending
	i.pending = nil
	i.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	if err := i.log.Commit(ctx, batch...); err != nil {
		i.mu.Lock()
		i.pending = append(batch, i.pending...)
		i.mu.Unlock()
		return err
	}
	return nil
}

// ErrPending says that a receipt is in line for the log: ask again in a second.
var ErrPending = errors.New("the receipt is not in the log yet; ask again in a second")

// Prove is the proof of a receipt by its commitment: record.ErrNotFound if it was
// never issued here.
func (i *Issuer) Prove(ctx context.Context, c record.Digest) (Proof, error) {
	leaf, tree, path, err := i.log.Inclusion(ctx, c)
	if errors.Is(err, record.ErrNotFound) {
		i.mu.Lock()
		waits := slices.Contains(i.pending, c)
		i.mu.Unlock()
		if waits {
			return Proof{}, ErrPending
		}
	}
	if err != nil {
		return Proof{}, err
	}
	text, err := SignTree(i.key, tree)
	return Proof{leaf, path, text}, err
}

// Checkpoint is the log's signed head.
func (i *Issuer) Checkpoint(ctx context.Context) (string, error) {
	tree, err := i.log.Tree(ctx)
	if err != nil {
		return "", err
	}
	return SignTree(i.key, tree)
}
