package account

import (
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// Cover seals what is personal and lies only for moments, such as a row that
// waits to be screened, under a key derived from the master key. Programs on
// several machines that share the master key read each other's; nobody is erased
// singly here: what it seals is deleted when it has served.
type Cover struct {
	aead   cipher.AEAD
	mark   []byte
	about  []byte
	random io.Reader
}

// Cover is the cover for a purpose, such as "queue/payments". What one purpose
// seals, another does not open.
func (v *Vault) Cover(purpose string) (*Cover, error) {
	keys, err := hkdf.Key(sha256.New, v.master[:], nil, "article41 cover "+purpose, 2*chacha20poly1305.KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive the keys for %s: %w", purpose, err)
	}
	aead, err := chacha20poly1305.NewX(keys[:chacha20poly1305.KeySize])
	if err != nil {
		return nil, err
	}
	return &Cover{aead: aead, mark: keys[chacha20poly1305.KeySize:], about: []byte(purpose), random: v.random}, nil
}

// Seal answers the sealed form of plain.
func (c *Cover) Seal(_ context.Context, plain []byte) ([]byte, error) {
	return seal(c.random, c.aead, plain, c.about)
}

// Open reads what was sealed for the same purpose under the same master key.
func (c *Cover) Open(_ context.Context, sealed []byte) ([]byte, error) {
	return open(c.aead, sealed, c.about)
}

// Mark is a digest that tells whether two texts are the same, and nothing to
// whoever lacks the key.
func (c *Cover) Mark(plain []byte) []byte {
	h := hmac.New(sha256.New, c.mark)
	h.Write(plain)
	return h.Sum(nil)[:16]
}
