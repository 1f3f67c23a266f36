package listing

import (
	"cmp"
	"crypto/sha256"
	"slices"

	"article41/record"
)

// Content is the digest of what a version says of an entry, whatever its date.
func Content(l record.Listed) record.Digest {
	l.Version = record.Listed{}.Version
	b, err := record.Encode(l)
	if err != nil {
		panic(err) // a Listed holds nothing that JSON cannot write
	}
	return sha256.Sum256(b)
}

// Contents is the digest of a whole version: its entries' content digests in
// order of reference.
func Contents(entries []record.Listed) record.Digest {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, byRef)
	h := sha256.New()
	for _, e := range sorted {
		d := Content(e)
		h.Write(d[:])
	}
	return record.Digest(h.Sum(nil))
}

func byRef(a, b record.Listed) int { return cmp.Compare(a.Ref, b.Ref) }
