package curated

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"article41/record"
)

// KeyID is short for a public key: the first eight bytes of its SHA-256. It says
// which key to try; the signature decides.
type KeyID string

// PublicKey is a publisher whose bundles are taken.
type PublicKey struct {
	Key  ed25519.PublicKey
	Name string // whatever stands behind the key in its file
}

// ID is the key's short name.
func (k PublicKey) ID() KeyID {
	sum := sha256.Sum256(k.Key)
	return KeyID(hex.EncodeToString(sum[:8]))
}

// String is the key as a line of a file of keys.
func (k PublicKey) String() string {
	return strings.TrimSpace("ed25519 " + base64.StdEncoding.EncodeToString(k.Key) + " " + k.Name)
}

// PrivateKey signs bundles.
type PrivateKey struct {
	key  ed25519.PrivateKey
	name string
}

// NewKey makes a key from 32 random bytes.
func NewKey(random io.Reader, name string) (PrivateKey, error) {
	if strings.ContainsAny(name, "\r\n") {
		return PrivateKey{}, fmt.Errorf("%w: a key's name is one line", record.ErrInvalid)
	}
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return PrivateKey{}, fmt.Errorf("make a key: %w", err)
	}
	return PrivateKey{ed25519.NewKeyFromSeed(seed), name}, nil
}

// Public is the key that others are given.
func (k PrivateKey) Public() PublicKey {
	return PublicKey{k.key.Public().(ed25519.PublicKey), k.name}
}

// Secret is the line to keep: whoever has it can sign.
func (k PrivateKey) Secret() string {
	return strings.TrimSpace("ed25519-private " + base64.StdEncoding.EncodeToString(k.key.Seed()) + " " + k.name)
}

// ReadKeys reads a file of public keys: one a line, "ed25519 <base64> <name>".
// Empty lines and lines that begin with # are left out.
func ReadKeys(file string, b []byte) ([]PublicKey, error) {
	var out []PublicKey
	err := keyLines(file, b, "ed25519", ed25519.PublicKeySize, func(key []byte, name string) {
		out = append(out, PublicKey{key, name})
	})
	return out, err
}

// ReadPrivateKey reads the file of one private key.
func ReadPrivateKey(file string, b []byte) (PrivateKey, error) {
	var out []PrivateKey
	err := keyLines(file, b, "ed25519-private", ed25519.SeedSize, func(seed []byte, name string) {
		out = append(out, PrivateKey{ed25519.NewKeyFromSeed(seed), name})
	})
	if err == nil && len(out) != 1 {
		err = fmt.Errorf("%w: %s: want one private key, have %d", record.ErrInvalid, file, len(out))
	}
	if err != nil {
		return PrivateKey{}, err
	}
	return out[0], nil
}

// keyLines never repeats a line in an error: it may be the wrong, private, file.
func keyLines(file string, b []byte, sort string, size int, yield func(key []byte, name string)) error {
	for i, line := range strings.Split(string(b), "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if f[0] != sort {
			have := "something else"
			if f[0] == "ed25519" || f[0] == "ed25519-private" {
				have = f[0]
			}
			return fmt.Errorf("%w: %s:%d: want a line \"%s <base64> <name>\", have %s", record.ErrInvalid, file, i+1, sort, have)
		}
		if len(f) < 2 {
			return fmt.Errorf("%w: %s:%d: the key is missing", record.ErrInvalid, file, i+1)
		}
		key, err := base64.StdEncoding.Strict().DecodeString(f[1])
		if err != nil || len(key) != size {
			return fmt.Errorf("%w: %s:%d: want a key of %d bytes in base64", record.ErrInvalid, file, i+1, size)
		}
		yield(key, strings.Join(f[2:], " "))
	}
	return nil
}

func nameKeys(keys []PublicKey) string {
	if len(keys) == 0 {
		return "none"
	}
	var names []string
	for _, k := range keys {
		names = append(names, strings.TrimSpace(string(k.ID())+" "+k.Name))
	}
	return strings.Join(names, ", ")
}
