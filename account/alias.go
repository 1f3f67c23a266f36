package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// Alias is a stable name for a subject that tells nothing about it: 32 hex digits
// that only the holder of the master key can make, so that what is kept about
// somebody can be found by an id that is not personal. It outlives an erasure.
func (v *Vault) Alias(s Subject) string {
	h := hmac.New(sha256.New, v.master[:])
	h.Write([]byte("alias\x00"))
	h.Write([]byte(s))
	return hex.EncodeToString(h.Sum(nil)[:16])
}
