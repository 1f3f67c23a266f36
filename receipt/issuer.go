package receipt

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"io"
	"sync"

	"article41/record"
)

// Issuer signs receipts, and hands none out that is not in the log: a crash can
// lose a receipt that nobody holds yet, and no other (design 0013). Those who ask
// at the same time share one write of the log: while one group is written, the
// next gathers.
type Issuer struct {
	key    ed25519.PrivateKey
	log    *Log
	random io.Reader
	turn   chan struct{} // held by whoever writes a group

	mu   sync.Mutex
	next *group // gathers; nil: nobody waits
}

// group is what one write of the log commits.
type group struct {
	commitments []record.Digest
	done        chan struct{} // closed once written, or not
	err         error
}

// NewIssuer makes one. random is crypto/rand.Reader outside tests.
func NewIssuer(key ed25519.PrivateKey, l *Log, random io.Reader) *Issuer {
	return &Issuer{key: key, log: l, random: random, turn: make(chan struct{}, 1)}
}

// Issue signs statements and answers their receipts once all are in the log. With
// an error there are none: what could not be logged is not handed out.
func (i *Issuer) Issue(ctx context.Context, statements ...Statement) ([]Receipt, error) {
	receipts := make([]Receipt, len(statements))
	commitments := make([]record.Digest, len(statements))
	for n, s := range statements {
		r, err := Issue(i.key, s)
		if err != nil {
			return nil, err
		}
		salt := make([]byte, saltBytes)
		if _, err := io.ReadFull(i.random, salt); err != nil {
			return nil, err
		}
		r.Salt = base64.StdEncoding.EncodeToString(salt)
		if commitments[n], err = r.Commitment(); err != nil {
			return nil, err
		}
		receipts[n] = r
	}
	if err := i.commit(ctx, commitments); err != nil {
		return nil, err
	}
	return receipts, nil
}

// commit joins the group that gathers and waits until it is written, by whoever of
// it has the turn first.
func (i *Issuer) commit(ctx context.Context, commitments []record.Digest) error {
	if len(commitments) == 0 {
		return nil
	}
	i.mu.Lock()
	if i.next == nil {
		i.next = &group{done: make(chan struct{})}
	}
	g := i.next
	g.commitments = append(g.commitments, commitments...)
	i.mu.Unlock()
	select {
	case <-g.done:
		return g.err
	case <-ctx.Done(): // the others' are written all the same
		return ctx.Err()
	case i.turn <- struct{}{}:
	}
	defer func() { <-i.turn }()
	select {
	case <-g.done:
		return g.err
	default:
	}
	i.mu.Lock()
	i.next = nil
	i.mu.Unlock()
	g.err = i.log.Commit(context.WithoutCancel(ctx), g.commitments...)
	close(g.done)
	return g.err
}

// Prove is the proof of a receipt by its commitment: record.ErrNotFound if it was
// never issued here.
func (i *Issuer) Prove(ctx context.Context, c record.Digest) (Proof, error) {
	leaf, tree, path, err := i.log.Inclusion(ctx, c)
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
