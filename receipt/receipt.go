// Package receipt proves later what was answered: a signed statement of one
// screening, that a third party can check offline and replay.
//
// A [Receipt] holds the question and the answer as bytes, the versions of the
// lists and of the record they rest on by digest, the engine, and the ledger's
// position. It claims no more than this: these bytes, this engine, this
// threshold, this result. It never says that a name is cleared. The package knows
// no keys' owners: whose key it is, is for the reader to decide.
//
//	r, err := receipt.Issue(key, statement)
//	err = r.Verify()
package receipt

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"article41/date"
	"article41/record"
)

// Format is the version of the statement's shape.
const Format = 1

// Claim is what a receipt says and what it does not.
const Claim = "These bytes, this engine, this threshold, this result on these lists. It does not say who somebody is, and it clears nobody."

// ErrForged says that the signature does not fit the statement.
var ErrForged = errors.New("the signature does not fit the statement")

// Statement is what is signed.
type Statement struct {
	Format    int             `json:"format"`
	Claim     string          `json:"claim"`
	Issued    time.Time       `json:"issued"` // UTC, whole milliseconds; by the issuer's own clock
	AsOf      date.Day        `json:"as_of"`
	KnownAt   date.Day        `json:"known_at"`
	Position  record.Position `json:"position"` // of the ledger
	Ledger    record.Digest   `json:"ledger"`   // its head there; zero: the shipped record alone
	Record    string          `json:"record"`   // version of the curated record
	Edition   uint64          `json:"edition"`
	Lists     []List          `json:"lists"`
	Engine    string          `json:"engine"`
	Rarity    string          `json:"rarity"`
	Threshold float64         `json:"threshold"`
	Policy    *Policy         `json:"policy,omitempty"` // null: made before there were policies
	Query     json.RawMessage `json:"query"`
	Answer    json.RawMessage `json:"answer"`
}

// Policy is the screening policy the answer was given under.
type Policy struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Digest  string `json:"digest"`
}

// List is one list in the version that was searched.
type List struct {
	List    record.SourceID `json:"list"`
	Version *date.Day       `json:"version"` // null: not held for that day
	Digest  string          `json:"digest,omitempty"`
}

// Receipt is a statement with its signature.
type Receipt struct {
	Statement json.RawMessage `json:"statement"`       // kept as bytes: these are what was signed
	Key       string          `json:"key"`             // the issuer's public Ed25519 key, base64
	Signature string          `json:"signature"`       // over the statement, base64
	Salt      string          `json:"salt,omitempty"`  // of its commitment in the log, base64
	Proof     *Proof          `json:"proof,omitempty"` // that it is in the log; to be had as soon as the receipt is
}

// signed are the bytes under the signature.
func signed(statement []byte) []byte {
	return append([]byte("article41 receipt 1\n"), statement...)
}

// Issue signs a statement.
func Issue(key ed25519.PrivateKey, s Statement) (Receipt, error) {
	s.Format, s.Claim, s.Issued = Format, Claim, s.Issued.UTC().Truncate(time.Millisecond)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return Receipt{}, fmt.Errorf("receipt: %w", err)
	}
	statement := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	return Receipt{
		Statement: statement,
		Key:       base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey)),
		Signature: base64.StdEncoding.EncodeToString(ed25519.Sign(key, signed(statement))),
	}, nil
}

// maxBytes bounds what is read as a receipt.
const maxBytes = 16 << 20

// Read reads a receipt. White space between its fields does not matter; inside
// the statement every byte does, but for the indentation that a printer adds.
func Read(r io.Reader) (Receipt, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return Receipt{}, err
	}
	if len(b) > maxBytes {
		return Receipt{}, fmt.Errorf("%w: a receipt of more than %d bytes", record.ErrInvalid, maxBytes)
	}
	var out Receipt
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&out); err != nil {
		return Receipt{}, fmt.Errorf("%w: no receipt: %w", record.ErrInvalid, err)
	}
	if dec.More() {
		return Receipt{}, fmt.Errorf("%w: something stands behind the receipt", record.ErrInvalid)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, out.Statement); err != nil {
		return Receipt{}, fmt.Errorf("%w: the statement: %w", record.ErrInvalid, err)
	}
	out.Statement = compact.Bytes()
	return out, nil
}

// Write writes a receipt for people to read: indented.
func (r Receipt) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(r)
}

// Verify checks the signature and answers what was stated. It says nothing about
// whose key it is.
func (r Receipt) Verify() (Statement, error) {
	key, err := base64.StdEncoding.DecodeString(r.Key)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return Statement{}, fmt.Errorf("%w: the receipt's key is no Ed25519 key", record.ErrInvalid)
	}
	sig, err := base64.StdEncoding.DecodeString(r.Signature)
	if err != nil || !ed25519.Verify(key, signed(r.Statement), sig) {
		return Statement{}, ErrForged
	}
	var s Statement
	if err := json.Unmarshal(r.Statement, &s); err != nil {
		return Statement{}, fmt.Errorf("%w: the statement: %w", record.ErrInvalid, err)
	}
	if s.Format != Format {
		return s, fmt.Errorf("%w: a receipt of format %d: this program reads format %d", record.ErrNewer, s.Format, Format)
	}
	return s, nil
}
