package receipt

import (
	"context"
	"crypto/sha256"
	"errors"

	"golang.org/x/mod/sumdb/tlog"

	"article41/record"
	"article41/shelf"
)

// Kept is a document on the shelf that holds a receipt: the leaf of that receipt
// binds its bytes too, so that neither can be changed or taken away unseen.
type Kept struct {
	Kind   shelf.Kind    `json:"kind"`
	ID     shelf.ID      `json:"id"`
	Digest record.Digest `json:"digest"` // SHA-256 of its bytes
}

// leaf is the leaf of a receipt: alone, or with the document it is kept in.
func (k *Kept) leaf(commitment record.Digest) tlog.Hash {
	if k == nil {
		return tlog.RecordHash(append([]byte{'R'}, commitment[:]...))
	}
	b := append([]byte{'D'}, k.Kind...)
	b = append(append(b, 0), k.ID...)
	b = append(append(b, 0), k.Digest[:]...)
	return tlog.RecordHash(append(b, commitment[:]...))
}

// Keep signs a statement, and in one write keeps the document that item makes of its
// receipt and makes both a leaf of the log.
func (i *Issuer) Keep(ctx context.Context, s Statement, item func(Receipt, record.Digest) shelf.Change) (err error) {
	for range 3 { // as in Issue
		key, by, e := i.signer()
		if e != nil {
			return e
		}
		r, c, e := i.salted(key, s)
		if e != nil {
			return e
		}
		if err = i.log.keep(ctx, by, c, item(r, c)); !errors.Is(err, ErrSigner) {
			break
		}
	}
	return err
}

func (l *Log) keep(ctx context.Context, by string, c record.Digest, item shelf.Change) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return again(func() error {
		if err := fits(l.signers.signer(), by); err != nil {
			return err
		}
		g := l.grow()
		p := part{First: g.head.Size, Count: 1, Commitments: c[:], Kept: &Kept{item.Kind, item.ID, sha256.Sum256(item.Body)}}
		g.add(p.leaf(c))
		g.head.Open = 0
		if err := l.write(ctx, g, item, parts(l.shelf).Change(partID(p.First), 0, p)); err != nil {
			return err
		}
		l.remember(p)
		return nil
	})
}

// kept is the document of a receipt's leaf; nil: it is kept in none. Such a leaf is a
// stretch by itself.
func (l *Log) kept(ctx context.Context, leaf int64) (*Kept, error) {
	p, _, err := parts(l.shelf).Read(ctx, partID(leaf))
	if errors.Is(err, record.ErrNotFound) {
		return nil, nil
	}
	return p.Kept, err
}

// checkKept compares a document on the shelf with what was logged of it.
func (a *auditor) checkKept(p part) error {
	it, err := a.log.shelf.Item(a.ctx, p.Kept.Kind, p.Kept.ID)
	switch {
	case errors.Is(err, record.ErrNotFound):
		a.say("%s %s is gone; it was logged as leaf %d", p.Kept.Kind, p.Kept.ID, p.First)
		return nil
	case err != nil:
		return err
	case sha256.Sum256(it.Body) != p.Kept.Digest:
		a.say("%s %s: its bytes are not those that were logged as leaf %d", p.Kept.Kind, p.Kept.ID, p.First)
	}
	return nil
}
