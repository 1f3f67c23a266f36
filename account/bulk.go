package account

import (
	"context"
	"encoding/hex"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"

	"article41/shelf"
)

// Bulk opens the matter of very many subjects: the vault's keys, read page by page
// rather than one by one. It does not learn of erasures: it is for one reading, and
// its user follows the vault afterwards. It is safe for concurrent use.
type Bulk struct {
	vault *Vault
	keys  map[[16]byte][chacha20poly1305.KeySize]byte
}

// Bulk reads all keys: some 60 bytes of memory each, until it is let go.
func (v *Vault) Bulk(ctx context.Context) (*Bulk, error) {
	wrap, err := chacha20poly1305.NewX(v.master[:])
	if err != nil {
		return nil, err
	}
	out := &Bulk{v, map[[16]byte][chacha20poly1305.KeySize]byte{}}
	err = shelf.Each(ctx, v.keys, keyKind, func(it shelf.Item) error {
		if len(it.Body) == 0 {
			return nil // erased: the vault says so when it is asked
		}
		raw, err := open(wrap, it.Body, []byte(it.ID))
		if err != nil {
			return fmt.Errorf("a subject's key: is this the right master key? %w", err)
		}
		if id, ok := short(it.ID); ok && len(raw) == chacha20poly1305.KeySize {
			out.keys[id] = [chacha20poly1305.KeySize]byte(raw)
		}
		return nil
	})
	return out, err
}

// Open is the vault's Open.
func (b *Bulk) Open(ctx context.Context, s Subject, sealed []byte) ([]byte, error) {
	id, ok := short(b.vault.id(s))
	key, held := b.keys[id]
	if !ok || !held { // made or erased since
		return b.vault.Open(ctx, s, sealed)
	}
	aead, err := chacha20poly1305.NewX(key[:])
	if err == nil {
		var plain []byte
		if plain, err = open(aead, sealed, []byte(s)); err == nil {
			return plain, nil
		}
	}
	return nil, fmt.Errorf("open for %s: %w", s, err)
}

// short is the sixteen bytes that an id is the digits of.
func short(id shelf.ID) (out [16]byte, ok bool) {
	n, err := hex.Decode(out[:], []byte(id)[:min(len(id), 32)])
	return out, err == nil && n == 16 && len(id) == 32
}
