package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"time"

	"article41"
	"article41/receipt"
	"article41/record"
)

// receipts issues receipts of one installation and proves them by its log.
type receipts struct {
	a      *app
	log    *receipt.Log
	issuer *receipt.Issuer

	mu   sync.Mutex
	head record.Head // as last read
}

// receipts opens the log and the signing key of the database that is open.
func (a *app) receipts(ctx context.Context) (*receipts, error) {
	s, err := a.shelf()
	if err != nil {
		return nil, err
	}
	l, err := receipt.OpenLog(ctx, s)
	if err != nil {
		return nil, errUnable{err}
	}
	lasting := context.WithoutCancel(ctx) // the key is read again when it was changed
	issuer, err := receipt.NewIssuer(ctx, func() (ed25519.PrivateKey, error) { return a.logKey(lasting, l) }, l, rand.Reader)
	if err != nil {
		return nil, errUnable{err}
	}
	return &receipts{a: a, log: l, issuer: issuer}, nil
}

// Receipt signs screenings; when it returns, they are in the log.
func (r *receipts) Receipt(ctx context.Context, all ...article41.Screening) ([]receipt.Receipt, error) {
	statements := make([]receipt.Statement, len(all))
	for i, s := range all {
		head, err := r.headAt(ctx, s.Basis.Position)
		if err != nil {
			return nil, err
		}
		if statements[i], err = r.a.statement(s, head); err != nil {
			return nil, err
		}
	}
	return r.issuer.Issue(ctx, statements...)
}

// headAt is the ledger's head, read anew unless the one known is of the position.
func (r *receipts) headAt(ctx context.Context, p record.Position) (record.Head, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.head.Position == p {
		return r.head, nil
	}
	head, err := r.a.store.Head(ctx)
	if err == nil {
		r.head = head
	}
	return head, err
}

// proven are receipts that carry their proof: for people, who keep a file.
type proven struct{ *receipts }

// Receipt signs screenings and proves them.
func (p proven) Receipt(ctx context.Context, all ...article41.Screening) ([]receipt.Receipt, error) {
	out, err := p.receipts.Receipt(ctx, all...)
	for i := range out {
		if err != nil {
			return nil, err
		}
		out[i].Proof, err = p.proofOf(ctx, out[i])
	}
	return out, err
}

func (r *receipts) proofOf(ctx context.Context, one receipt.Receipt) (*receipt.Proof, error) {
	c, err := one.Commitment()
	if err != nil {
		return nil, err
	}
	p, err := r.Prove(ctx, c)
	return &p, err
}

// Prove is the proof of a receipt by its commitment.
func (r *receipts) Prove(ctx context.Context, c record.Digest) (receipt.Proof, error) {
	return r.issuer.Prove(ctx, c)
}

// Checkpoint is the log's signed head.
func (r *receipts) Checkpoint(ctx context.Context) (string, error) { return r.issuer.Checkpoint(ctx) }

// Keys are the keys that sign, and when.
func (r *receipts) Keys(ctx context.Context) (receipt.History, error) { return r.log.History(ctx) }

// Consistency proves that the log as it stands is an older one with more behind.
func (r *receipts) Consistency(ctx context.Context, older int64) (receipt.Growth, error) {
	tree, path, err := r.log.Consistency(ctx, older)
	return receipt.Growth{From: older, To: tree.N, Path: path}, err
}

// follow makes leaves of what the ledger has more, four times a second. Receipts do
// not wait for it.
func (r *receipts) follow(ctx context.Context, log *slog.Logger) {
	t := time.NewTicker(250 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
		if err := r.log.Follow(ctx, r.a.store); err != nil && ctx.Err() == nil && !errors.Is(err, record.ErrConflict) {
			log.Error("the ledger's entries could not be logged", "error", err)
		}
	}
}
