package curated

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"article41/record"
)

// A bundle is the packed record with an envelope that says who vouches for it:
//
//	article41 bundle 1
//	{"format":1,"edition":{…},"created":"…","key":"…","size":…,"sha256":"…"}
//	<Ed25519 signature over the two lines above, base64>
//	<the pack>
//
// The pack lies behind the envelope, or in a file of its own beside it. The
// signature covers the pack by its SHA-256. docs/design/0005-record-bundles.md
// says why it is so.

// Format is the schema of the entries' bodies. It rises when a program that does
// not know the change would misread them; such a program refuses the bundle.
const Format = 1

// Bounds of what is taken. The record of November 2026 packs to half a megabyte
// and unpacks to four.
const (
	MaxBundle   = 64<<20 + maxEnvelope
	maxEnvelope = 8 << 10
	maxUnpacked = 512 << 20
)

const (
	magic     = "article41 bundle "
	firstLine = magic + "1\n"
)

// Bundle is what an envelope says of the record in it.
type Bundle struct {
	Format  int            `json:"format"`
	Edition record.Edition `json:"edition"`
	Created time.Time      `json:"created"` // UTC, to the second
	Key     KeyID          `json:"key"`     // who signed
	Size    int64          `json:"size"`    // of the pack
	SHA256  record.Digest  `json:"sha256"`  // of the pack
}

// WriteBundle signs a packed record: the envelope, and behind it the pack unless
// it is to lie beside.
func WriteBundle(w io.Writer, pack []byte, key PrivateKey, created time.Time, detached bool) (Bundle, error) {
	rec, err := unpackBounded(pack)
	if err != nil {
		return Bundle{}, err
	}
	b := Bundle{Format, rec.Edition, created.UTC().Truncate(time.Second), key.Public().ID(), int64(len(pack)), sha256.Sum256(pack)}
	envelope, err := b.seal(key)
	if err != nil {
		return Bundle{}, err
	}
	if !detached {
		envelope = append(envelope, pack...)
	}
	_, err = w.Write(envelope)
	return b, err
}

func (b Bundle) seal(key PrivateKey) ([]byte, error) {
	said, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	signed := append([]byte(firstLine), append(said, '\n')...)
	return append(signed, base64.StdEncoding.EncodeToString(ed25519.Sign(key.key, signed))+"\n"...), nil
}

// ReadBundle opens an envelope and the record it vouches for. A pack that lies
// beside it is handed in; nil: it follows the envelope. Nothing of the record is
// read before one of the keys has vouched for the envelope and the envelope for
// the pack.
func ReadBundle(envelope, pack []byte, keys []PublicKey) (Bundle, Record, error) {
	b, rest, err := readEnvelope(envelope, keys)
	if err != nil {
		return Bundle{}, Record{}, err
	}
	switch {
	case pack == nil:
		pack = rest
	case len(rest) > 0:
		return b, Record{}, fmt.Errorf("%w: bundle: %d bytes follow the envelope of a pack that lies beside it", record.ErrInvalid, len(rest))
	}
	switch sum := record.Digest(sha256.Sum256(pack)); {
	case int64(len(pack)) != b.Size:
		return b, Record{}, fmt.Errorf("%w: bundle: the pack has %d bytes, %d were signed", record.ErrInvalid, len(pack), b.Size)
	case sum != b.SHA256:
		return b, Record{}, fmt.Errorf("%w: bundle: the pack's SHA-256 is %s, signed was %s", record.ErrInvalid, sum, b.SHA256)
	}
	rec, err := unpackBounded(pack)
	switch {
	case err != nil:
		return b, Record{}, fmt.Errorf("bundle: %w", err)
	case rec.Edition != b.Edition:
		return b, Record{}, fmt.Errorf("%w: bundle: the pack is edition %d (%s, %s), signed was edition %d (%s, %s)", record.ErrInvalid,
			rec.Edition.Number, rec.Edition.Version, rec.Edition.Digest, b.Edition.Number, b.Edition.Version, b.Edition.Digest)
	}
	if err := readable(rec); err != nil {
		return b, Record{}, err
	}
	return b, rec, nil
}

// IsBundle reports whether the bytes begin as an envelope does.
func IsBundle(b []byte) bool { return bytes.HasPrefix(b, []byte(magic)) }

// readEnvelope reads the three lines and checks the signature.
func readEnvelope(in []byte, keys []PublicKey) (b Bundle, rest []byte, err error) {
	fail := func(format string, args ...any) (Bundle, []byte, error) {
		return Bundle{}, nil, fmt.Errorf("%w: bundle: "+format, append([]any{record.ErrInvalid}, args...)...)
	}
	if len(in) > MaxBundle {
		return fail("%d bytes, at most %d are taken", len(in), MaxBundle)
	}
	if !IsBundle(in) {
		return fail("line 1: want %q", strings.TrimSpace(firstLine))
	}
	var ends [3]int
	for i, from := 0, 0; i < 3; i++ {
		n := bytes.IndexByte(in[from:min(len(in), maxEnvelope)], '\n')
		if n < 0 {
			return fail("line %d does not end within %d bytes", i+1, maxEnvelope)
		}
		from += n + 1
		ends[i] = from
	}
	signed, said, signature := in[:ends[1]], in[ends[0]:ends[1]], in[ends[1]:ends[2]-1]
	if string(in[:ends[0]]) != firstLine {
		return fail("line 1: %q, this program reads %q: use a newer article41", bytes.TrimSpace(in[:ends[0]]), strings.TrimSpace(firstLine))
	}
	dec := json.NewDecoder(bytes.NewReader(said))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&b); err != nil {
		return fail("line 2: %w", err)
	}
	sig, err := base64.StdEncoding.Strict().DecodeString(string(signature))
	if err != nil || len(sig) != ed25519.SignatureSize {
		return fail("line 3: want an Ed25519 signature in base64")
	}
	known, good := false, false
	for _, k := range keys {
		if k.ID() == b.Key {
			known = true
			good = good || ed25519.Verify(k.Key, signed, sig)
		}
	}
	switch {
	case !known:
		return fail("signed by key %s, which is not trusted here; trusted: %s", b.Key, nameKeys(keys))
	case !good:
		return fail("the signature is not key %s's: the envelope was changed, or another key made it", b.Key)
	case b.Format > Format:
		return Bundle{}, nil, fmt.Errorf("%w: bundle: edition %d has format %d, this program reads %d: use a newer article41", record.ErrNewer, b.Edition.Number, b.Format, Format)
	case b.Format < 1 || b.Edition.Number == 0 || b.Edition.Version == "" || b.Created.IsZero():
		return fail("line 2: want a format, an edition with number and version, and the instant it was made")
	}
	return b, in[ends[2]:], nil
}

// unpackBounded is Unpack for bytes from elsewhere: it looks how much there is
// before it takes it in.
func unpackBounded(pack []byte) (Record, error) {
	z, err := gzip.NewReader(bytes.NewReader(pack))
	if err != nil {
		return Record{}, fmt.Errorf("%w: the packed record: %w", record.ErrInvalid, err)
	}
	in := bufio.NewReader(io.LimitReader(z, maxUnpacked+1))
	lines, size := 0, 0
	for {
		part, err := in.ReadSlice('\n')
		if size += len(part); err == nil {
			lines++
		}
		switch {
		case size > maxUnpacked:
			return Record{}, fmt.Errorf("%w: the packed record unpacks to more than %d bytes", record.ErrInvalid, maxUnpacked)
		case err == io.EOF:
			// The edition states a count for which Unpack makes room: it must be that
			// of the lines.
			var e record.Edition
			if err := firstOf(pack, &e); err != nil {
				return Record{}, err
			}
			if len(part) > 0 || e.Entries != lines-1 {
				return Record{}, fmt.Errorf("%w: the packed record states %d entries and has %d whole lines after the first", record.ErrInvalid, e.Entries, lines-1)
			}
			return Unpack(bytes.NewReader(pack))
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return Record{}, fmt.Errorf("%w: the packed record: %w", record.ErrInvalid, err)
		}
	}
}

func firstOf(pack []byte, e *record.Edition) error {
	z, err := gzip.NewReader(bytes.NewReader(pack))
	if err != nil {
		return fmt.Errorf("%w: the packed record: %w", record.ErrInvalid, err)
	}
	line, err := bufio.NewReader(io.LimitReader(z, maxEnvelope)).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, e)
	}
	if err != nil {
		return fmt.Errorf("%w: the packed record: edition: %w", record.ErrInvalid, err)
	}
	return nil
}

// readable finds entries that this program would misread once they lie in a
// ledger, where nothing is taken back.
func readable(rec Record) error {
	seen := make(map[record.FactID]bool, len(rec.Entries))
	for i, e := range rec.Entries {
		body := bodyOf(e.Kind)
		if body == nil {
			return fmt.Errorf("%w: bundle: entry %d (%s): this program knows no kind %q", record.ErrInvalid, i+1, e.Fact, e.Kind)
		}
		dec := json.NewDecoder(bytes.NewReader(e.Body))
		dec.DisallowUnknownFields()
		if err := dec.Decode(body); err != nil {
			return fmt.Errorf("%w: bundle: entry %d (%s): %w", record.ErrInvalid, i+1, e.Fact, err)
		}
		if err := e.Validate(); err != nil {
			return fmt.Errorf("bundle: entry %d: %w", i+1, err)
		}
		if seen[e.Fact] {
			return fmt.Errorf("%w: bundle: entry %d: %s stands twice", record.ErrInvalid, i+1, e.Fact)
		}
		seen[e.Fact] = true
	}
	return nil
}

// bodyOf is an empty body of a kind that a curated record may state.
func bodyOf(k record.Kind) record.Body {
	switch k {
	case record.KindVote:
		return new(record.Vote)
	case record.KindSeat:
		return new(record.Seat)
	case record.KindRegime:
		return new(record.Regime)
	case record.KindEffects:
		return new(record.Effects)
	case record.KindCoverage:
		return new(record.Coverage)
	case record.KindRule:
		return new(record.Rule)
	case record.KindListing:
		return new(record.Listing)
	case record.KindInstrument:
		return new(record.Instrument)
	case record.KindList:
		return new(record.List)
	case record.KindListed:
		return new(record.Listed)
	case record.KindSource:
		return new(record.Source)
	case record.KindAssembly:
		return new(record.Assembly)
	case record.KindWithdrawal:
		return new(record.Withdrawal)
	case record.KindIncident:
		return new(record.Incident)
	case record.KindFinding:
		return new(record.Finding)
	}
	return nil
}
