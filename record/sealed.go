package record

import (
	"crypto/hmac"
	"crypto/sha256"
)

// Sealed stands in the ledger for personal or withheld matter that lies beside
// it under a key of its subject. The ledger keeps only a salted commitment, so
// erasure destroys the key and every proof still verifies. Sealed entries have
// no place in the public sequence.
type Sealed struct {
	Subject    string `json:"subject"` // an opaque id, never a name
	Matter     string `json:"matter"`  // what sort of thing is sealed, such as "customer"
	Commitment Digest `json:"commitment"`
}

const KindSealed Kind = "sealed"

func (Sealed) Kind() Kind { return KindSealed }

// IsSealed reports whether the entry has no public content.
func (e Entry) IsSealed() bool { return e.Kind == KindSealed }

// Commit is the commitment to sealed bytes: HMAC-SHA-256 keyed by a salt of at
// least 32 random bytes that lies with them, so that nobody can guess a name by
// trying.
func Commit(salt, plain []byte) Digest {
	m := hmac.New(sha256.New, salt)
	m.Write(plain)
	return Digest(m.Sum(nil))
}
