package account

import (
	"context"
	"crypto/cipher"
	"fmt"
	"io"

	"article41/record"
	"article41/shelf"

	"golang.org/x/crypto/chacha20poly1305"
)

// maxKnown bounds the keys held open in memory.
const maxKnown = 100_000

func (v *Vault) key(ctx context.Context, id shelf.ID) (cipher.AEAD, error) {
	v.mu.Lock()
	aead := v.known[id]
	v.mu.Unlock()
	if aead != nil {
		return aead, nil
	}
	it, err := v.keys.Item(ctx, keyKind, id)
	if err != nil {
		return nil, err
	}
	if len(it.Body) == 0 {
		return nil, ErrErased
	}
	if aead, err = v.unwrap(it); err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.remember(id, aead)
	return aead, nil
}

// unwrap opens a subject's key as it is kept.
func (v *Vault) unwrap(it shelf.Item) (cipher.AEAD, error) {
	wrap, err := chacha20poly1305.NewX(v.master[:])
	if err != nil {
		return nil, err
	}
	raw, err := open(wrap, it.Body, []byte(it.ID))
	if err != nil {
		return nil, fmt.Errorf("a subject's key: is this the right master key? %w", err)
	}
	return chacha20poly1305.NewX(raw)
}

// remember keeps a key open; v.mu is held.
func (v *Vault) remember(id shelf.ID, a cipher.AEAD) {
	if len(v.known) >= maxKnown {
		clear(v.known)
	}
	v.known[id] = a
}

// make is a new key, wrapped for the shelf and open for use.
func (v *Vault) make(id shelf.ID) ([]byte, cipher.AEAD, error) {
	raw := make([]byte, chacha20poly1305.KeySize)
	if _, err := io.ReadFull(v.random, raw); err != nil {
		return nil, nil, err
	}
	wrap, err := chacha20poly1305.NewX(v.master[:])
	if err != nil {
		return nil, nil, err
	}
	body, err := seal(v.random, wrap, raw, []byte(id))
	if err != nil {
		return nil, nil, err
	}
	aead, err := chacha20poly1305.NewX(raw)
	return body, aead, err
}

// The sealed form: a byte for the form, 24 of nonce, then the box.
const form1 = 1

func seal(random io.Reader, a cipher.AEAD, plain, about []byte) ([]byte, error) {
	out := make([]byte, 1+a.NonceSize(), 1+a.NonceSize()+len(plain)+a.Overhead())
	out[0] = form1
	if _, err := io.ReadFull(random, out[1:]); err != nil {
		return nil, err
	}
	return a.Seal(out, out[1:], plain, about), nil
}

func open(a cipher.AEAD, sealed, about []byte) ([]byte, error) {
	if len(sealed) < 1+a.NonceSize()+a.Overhead() || sealed[0] != form1 {
		return nil, fmt.Errorf("%w: this is not sealed matter", record.ErrInvalid)
	}
	n := 1 + a.NonceSize()
	plain, err := a.Open(nil, sealed[1:n], sealed[n:], about)
	if err != nil {
		return nil, fmt.Errorf("%w: the sealed matter was changed, or is another's", record.ErrInvalid)
	}
	return plain, nil
}
