// Package record is the ledger: what it holds, in which bytes, and how it is
// chained.
//
// Publishers' bytes are read into dated, sourced entries; entries are appended
// to one ledger; every answer is a fold of that ledger as of a day, as known on
// a day, at a position ([At]). An [Entry] states one fact under a stable id; a
// later entry of the same id corrects it. Entries lie in ranges: a range is
// published by one short commit and is the unit of the digest chain. A [Store]
// keeps the ledger; the package itself does no input or output, folds nothing
// and knows no law.
//
//	e, err := record.State("vote/S/RES/2374", "curated", day, record.Vote{…})
package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"article41/date"
)

// Kinds of error that faces map to a status. Wrap them with what was tried.
var (
	ErrNotFound = errors.New("not found")
	ErrInvalid  = errors.New("invalid")
	ErrConflict = errors.New("conflict")
	// ErrNewer says that the ledger was written by a newer article41.
	ErrNewer = errors.New("the ledger is newer than this program")
)

// Position is the length of the ledger after an entry: the first entry has
// position 1. A receipt pins one.
type Position uint64

// At is the three coordinates of every question. AsOf is the legal day asked
// about; KnownAt the last day whose publications count; Position how much of
// the ledger counts (0: all of it). An append never changes an answer at an
// earlier Position; correcting our own slip moves Position, never KnownAt.
type At struct {
	AsOf     date.Day `json:"as_of"`
	KnownAt  date.Day `json:"known_at"`
	Position Position `json:"position,omitempty"`
}

// FactID names a fact for good, such as "vote/S/RES/2374" or
// "effects/mali/S/RES/2374". An entry of the same id replaces the earlier one.
type FactID string

// SourceID names where an entry was read: "curated" for our own record, a
// publisher's id ("un", "ofac", …) for an imported list.
type SourceID string

// Kind is the type of an entry's body.
type Kind string

// Entry is one fact as stated at one position.
type Entry struct {
	Position Position  // given by the store
	Public   uint64    // place among the public entries, dense; 0 for a sealed one
	Recorded time.Time // when its range was published, UTC, to the millisecond

	Fact   FactID
	Kind   Kind
	Source SourceID
	Known  date.Day // the day on which the source had published it
	Body   []byte   // canonical JSON; see Encode
}

// Digest is SHA-256.
type Digest [sha256.Size]byte

func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// IsZero reports whether there is no digest.
func (d Digest) IsZero() bool { return d == Digest{} }

func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

func (d *Digest) UnmarshalText(b []byte) error {
	if hex.DecodedLen(len(b)) != len(d) {
		return fmt.Errorf("digest: want %d hexadecimal digits, have %d", 2*len(d), len(b))
	}
	_, err := hex.Decode(d[:], b)
	return err
}

// Canonical is the one byte form of what an entry states: a version line, then
// each field behind its length. It holds nothing a store assigns, so that two
// stores, and two imports of the same bytes, agree to the byte.
func (e Entry) Canonical() []byte {
	out := make([]byte, 0, len(e.Body)+len(e.Fact)+64)
	out = append(out, "article41 entry 1\n"...)
	for _, f := range [][]byte{[]byte(e.Kind), []byte(e.Fact), []byte(e.Source), []byte(e.Known.String()), e.Body} {
		out = binary.AppendUvarint(out, uint64(len(f)))
		out = append(out, f...)
	}
	return out
}

// Digest is the leaf hash of the entry, in the form of RFC 6962 section 2.1, so
// that the same leaf can stand in a Merkle log.
func (e Entry) Digest() Digest {
	h := sha256.New()
	h.Write([]byte{0x00})
	h.Write(e.Canonical())
	return Digest(h.Sum(nil))
}

// Roll extends the running digest of a range by one entry's digest. A range
// starts from the zero digest.
func Roll(running, entry Digest) Digest {
	h := sha256.New()
	h.Write([]byte{0x02})
	h.Write(running[:])
	h.Write(entry[:])
	return Digest(h.Sum(nil))
}

// Link extends the chain of the whole ledger by one range: the head before it,
// the range's first position, its count, its running digest, and the instant of
// its publication in Unix milliseconds.
func Link(head Digest, first Position, count uint64, running Digest, recorded time.Time) Digest {
	h := sha256.New()
	h.Write([]byte{0x03})
	h.Write(head[:])
	var n [24]byte
	binary.BigEndian.PutUint64(n[0:], uint64(first))
	binary.BigEndian.PutUint64(n[8:], count)
	binary.BigEndian.PutUint64(n[16:], uint64(recorded.UnixMilli()))
	h.Write(n[:])
	h.Write(running[:])
	return Digest(h.Sum(nil))
}

// Validate refuses what no store could give back unchanged.
func (e Entry) Validate() error {
	switch {
	case e.Fact == "" || e.Kind == "" || e.Source == "":
		return fmt.Errorf("%w: entry %q needs a fact id, a kind and a source", ErrInvalid, e.Fact)
	case e.Known.IsZero():
		return fmt.Errorf("%w: entry %s: no day on which it was known", ErrInvalid, e.Fact)
	case !utf8.Valid(e.Body) || !utf8.ValidString(e.header()):
		return fmt.Errorf("%w: entry %q: not UTF-8", ErrInvalid, e.Fact)
	case bytes.IndexByte(e.Body, 0) >= 0 || escapesNUL(e.Body) || strings.ContainsRune(e.header(), 0):
		return fmt.Errorf("%w: entry %q: holds a NUL character", ErrInvalid, e.Fact)
	case len(e.Body) == 0:
		return fmt.Errorf("%w: entry %s: no body", ErrInvalid, e.Fact)
	}
	return nil
}

func (e Entry) header() string { return string(e.Fact) + string(e.Kind) + string(e.Source) }

// escapesNUL finds a NUL written as a JSON escape, which is one unless its
// backslash is itself escaped.
func escapesNUL(body []byte) bool {
	for rest := body; ; {
		i := bytes.Index(rest, []byte(`\u0000`))
		if i < 0 {
			return false
		}
		before := 0
		for j := i - 1; j >= 0 && rest[j] == '\\'; j-- {
			before++
		}
		if before%2 == 0 {
			return true
		}
		rest = rest[i+1:]
	}
}

// Body is one of the types an entry can carry; each lies in a file of its own.
type Body interface{ Kind() Kind }

// Encode writes a body in the canonical form: JSON with the fields in the
// order of the type, no spaces, no HTML escapes, no trailing newline.
func Encode(b Body) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(b); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrInvalid, b.Kind(), err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// State makes the entry of one fact.
func State(fact FactID, source SourceID, known date.Day, body Body) (Entry, error) {
	b, err := Encode(body)
	if err != nil {
		return Entry{}, fmt.Errorf("fact %s: %w", fact, err)
	}
	e := Entry{Fact: fact, Kind: body.Kind(), Source: source, Known: known, Body: b}
	return e, e.Validate()
}

// Decode reads the entry's body into the given pointer.
func (e Entry) Decode(into any) error {
	if err := json.Unmarshal(e.Body, into); err != nil {
		return fmt.Errorf("%w: entry %d (%s): %w", ErrInvalid, e.Position, e.Fact, err)
	}
	return nil
}

// Range is one published stretch of the ledger.
type Range struct {
	First    Position  `json:"first"`
	Count    uint64    `json:"count"`
	Public   uint64    `json:"public"`   // public entries in it
	Running  Digest    `json:"running"`  // of its entries
	Head     Digest    `json:"head"`     // of the ledger after it
	Recorded time.Time `json:"recorded"` // UTC, to the millisecond
}

// Last is the position of the range's last entry.
func (r Range) Last() Position { return r.First + Position(r.Count) - 1 }

// Head is where the ledger stands.
type Head struct {
	Position Position `json:"position"`
	Public   uint64   `json:"public"`
	Digest   Digest   `json:"digest"`
	// Edition is the number of the newest record that a program brought with it; a
	// program whose own record is older refuses the ledger (ErrNewer). A record
	// that came by a signed bundle does not count here.
	Edition uint64 `json:"edition"`
}
