package curated

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"

	"article41/date"
	"article41/record"
)

type packLine struct {
	Kind  record.Kind     `json:"kind"`
	Fact  record.FactID   `json:"fact"`
	Known date.Day        `json:"known"`
	Body  json.RawMessage `json:"body"`
}

// Pack writes the record as one file: a gzip of JSON lines, the edition first.
// The same record packs to the same bytes.
func Pack(w io.Writer, rec Record) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	head, err := json.Marshal(rec.Edition)
	if err != nil {
		return err
	}
	z.Write(append(head, '\n'))
	for _, e := range rec.Entries {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(packLine{e.Kind, e.Fact, e.Known, e.Body}); err != nil {
			return err
		}
		if _, err := z.Write(b.Bytes()); err != nil {
			return err
		}
	}
	return z.Close()
}

// Unpack reads what Pack wrote and checks it against the edition's digest.
func Unpack(r io.Reader) (Record, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return Record{}, fmt.Errorf("%w: the packed record: %w", record.ErrInvalid, err)
	}
	in := bufio.NewReaderSize(z, 1<<16)
	var rec Record
	line, err := in.ReadBytes('\n')
	if err != nil {
		return Record{}, fmt.Errorf("%w: the packed record: %w", record.ErrInvalid, err)
	}
	if err := json.Unmarshal(line, &rec.Edition); err != nil {
		return Record{}, fmt.Errorf("%w: the packed record: edition: %w", record.ErrInvalid, err)
	}
	var sum record.Digest
	rec.Entries = make([]record.Entry, 0, rec.Edition.Entries)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			break
		}
		if err != nil {
			return Record{}, fmt.Errorf("%w: the packed record: %w", record.ErrInvalid, err)
		}
		var l packLine
		if err := json.Unmarshal(line, &l); err != nil {
			return Record{}, fmt.Errorf("%w: the packed record: line %d: %w", record.ErrInvalid, len(rec.Entries)+2, err)
		}
		e := record.Entry{Fact: l.Fact, Kind: l.Kind, Source: Source, Known: l.Known, Body: l.Body}
		sum = record.Roll(sum, e.Digest())
		rec.Entries = append(rec.Entries, e)
	}
	if sum != rec.Edition.Digest || len(rec.Entries) != rec.Edition.Entries {
		return Record{}, fmt.Errorf("%w: the packed record does not add up to its own digest", record.ErrInvalid)
	}
	return rec, nil
}
