package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
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
	key, err := signingKey(a.signingKeyFile())
	if err != nil {
		return nil, errUnable{err}
	}
	l, err := receipt.OpenLog(ctx, s)
	if err != nil {
		return nil, errUnable{err}
	}
	return &receipts{a: a, log: l, issuer: receipt.NewIssuer(key, l, rand.Reader)}, nil
}

// signingKeyFile is where the key of the open database lies.
func (a *app) signingKeyFile() string {
	if strings.Contains(a.db, ":") {
		return keyFile("")
	}
	return keyFile(a.db)
}

// Receipt signs a screening.
func (r *receipts) Receipt(ctx context.Context, s article41.Screening) (receipt.Receipt, error) {
	r.mu.Lock()
	head := r.head
	r.mu.Unlock()
	if head.Position != s.Basis.Position {
		var err error
		if head, err = r.a.store.Head(ctx); err != nil {
			return receipt.Receipt{}, err
		}
		r.mu.Lock()
		r.head = head
		r.mu.Unlock()
	}
	st, err := r.a.statement(s, head)
	if err != nil {
		return receipt.Receipt{}, err
	}
	return r.issuer.Issue(st)
}

// Prove is the proof of a receipt by its commitment.
func (r *receipts) Prove(ctx context.Context, c record.Digest) (receipt.Proof, error) {
	return r.issuer.Prove(ctx, c)
}

// Checkpoint is the log's signed head.
func (r *receipts) Checkpoint(ctx context.Context) (string, error) { return r.issuer.Checkpoint(ctx) }

// Consistency proves that the log as it stands is an older one with more behind.
func (r *receipts) Consistency(ctx context.Context, older int64) (receipt.Growth, error) {
	tree, path, err := r.log.Consistency(ctx, older)
	return receipt.Growth{From: older, To: tree.N, Path: path}, err
}

// logEvery logs what was issued and what the ledger has more, four times a second,
// so that a proof follows within one; and once more at the end.
func (r *receipts) logEvery(ctx context.Context, log *slog.Logger) {
	t := time.NewTicker(250 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
		if err := r.issuer.Flush(ctx, r.a.store); err != nil && ctx.Err() == nil && !errors.Is(err, record.ErrConflict) {
			log.Error("receipts could not be logged; they stay in line", "error", err)
		}
	}
}

// finish logs what is left in line.
func (r *receipts) finish(ctx context.Context) error {
	return r.issuer.Flush(ctx, nil)
}
