package account

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"article41/record"
	"article41/shelf"
)

// ErrMaster says that the master key is not the one the keys were made under.
var ErrMaster = errors.New("this is not the master key that these keys were made under")

// ParseMaster reads a master key as people keep it: 32 bytes in base64 or in
// hexadecimal digits.
func ParseMaster(text string) (m Master, err error) {
	text = strings.TrimSpace(text)
	b, err := hex.DecodeString(text)
	if err != nil {
		b, err = base64.StdEncoding.DecodeString(text)
	}
	if err != nil || len(b) != len(m) {
		return m, fmt.Errorf("%w: a master key is %d bytes in base64 or hexadecimal", record.ErrInvalid, len(m)) // and never shown
	}
	copy(m[:], b)
	return m, nil
}

// String is the form that ParseMaster reads; print it to the key's own file only.
func (m Master) String() string { return base64.StdEncoding.EncodeToString(m[:]) }

const (
	masterKind shelf.Kind = "master"
	masterID   shelf.ID   = "check"
)

// Begun says whether a master key has been used on these keys: another must then
// not be made.
func Begun(ctx context.Context, keys shelf.Store) (bool, error) {
	for _, k := range []shelf.Kind{masterKind, keyKind} {
		if items, err := keys.Items(ctx, k, "", 1); err != nil || len(items) > 0 {
			return err == nil, err
		}
	}
	return false, nil
}

// Fits checks the master key against the mark that its first use left, or leaves
// that mark. It answers ErrMaster for another key: sealing under two would lose
// what the first sealed.
func (v *Vault) Fits(ctx context.Context) error {
	mac := hmac.New(sha256.New, v.master[:])
	mac.Write([]byte("article41: the keys beside this were made under this master key"))
	mark := mac.Sum(nil)
	it, err := v.keys.Item(ctx, masterKind, masterID)
	if errors.Is(err, record.ErrNotFound) {
		_, err = v.keys.Write(ctx, shelf.Change{Kind: masterKind, ID: masterID, Body: mark})
		if !errors.Is(err, record.ErrConflict) {
			return err
		}
		it, err = v.keys.Item(ctx, masterKind, masterID) // another was first
	}
	if err == nil && !bytes.Equal(it.Body, mark) {
		err = ErrMaster
	}
	return err
}
