// Package un reads the UN Security Council Consolidated List, in the XML that
// the Council's secretariat publishes.
//
// The list is read as it comes: pretty-printed or on one line, with either
// quotes, gzipped, in UTF-8 or UTF-16, with a bare "&" in a name, or saved by
// someone who kept only the low byte of every character. A list is damaged if
// its root closes and every entry's reference can be read: it loads, and each
// field unreadable as published is dropped and named, in the entry's Dropped
// and in the list's Complaints. It is cut if the root does not close or a
// reference is missing: refused ([ErrCut]) unless accepted as partial by hand.
//
// What is said of law in the comments is read as facts: which measures the text
// limits itself to, and whether the person is said to be dead. A reference
// inside a comment is not an entry. Nothing here says what is in force.
//
// The package opens no file but in [Compile], no connection, and no clock.
//
//	list, entries, err := un.Read(file, un.Options{})
package un

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"article41/listing"
	"article41/record"
	"article41/sheet"
)

// Source is the id of this list.
const Source record.SourceID = "un"

// ErrCut says that the list is not whole: its root does not close, or an entry
// has no readable reference. Options.AcceptPartial reads what there is.
var ErrCut = sheet.ErrCut

// Options says how to read. The bounds are 64 MiB for the whole list, thirty times
// the real one, 1 MiB for an entry and 256 KiB for an element's text.
type Options = sheet.Options

// Read reads one version of the list. The entries are in the order of the
// file. Errors name the line; a list that is damaged is no error.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	list, entries, err := read(r, o.Or(64<<20, 1<<20, 256<<10))
	if err != nil {
		return record.List{}, nil, fmt.Errorf("un list: %w", err)
	}
	return list, entries, nil
}

func read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	list := record.List{List: Source, Origin: o.Origin, Name: o.Name}
	plain, err := sheet.Decompressed(r)
	if err != nil {
		return list, nil, err
	}
	hash := sha256.New()
	bounded := sheet.Bound(plain, o.MaxBytes, o.MaxBytes) // an entry's bound is the scanner's
	text, err := decoded(io.TeeReader(bounded, hash))
	if err != nil {
		return list, nil, err
	}
	s := newScanner(text, o)
	if err := s.scan(); err != nil {
		return list, nil, err
	}
	list.Digest = record.Digest(hash.Sum(nil))
	list.Narrowed = s.narrowed()
	complaints := s.complaints

	list.Date, list.Basis = o.Date, o.DateBasis
	if s.generated != "" {
		// The calendar date in the attribute is the list's date, whatever zone
		// follows it: 2026-02-27T00:00:09Z is the list of 27 February.
		if d, ok := sheet.Day(s.generated); ok {
			list.Date, list.Basis = d, "stated"
		} else {
			complaints = append(complaints, record.Complaint{Place: "line 1: dateGenerated", Problem: fmt.Sprintf("not a date: %.40q", s.generated)})
		}
	}
	if list.Date.IsZero() {
		list.Basis = ""
	}

	var entries []record.Listed
	first := map[string]int{} // reference → line
	for _, raw := range s.entries {
		e, found, err := listed(raw, list)
		complaints = append(complaints, found...)
		if err == nil {
			if line, twice := first[e.Ref]; twice {
				err = fmt.Errorf("%w: entry %s stands at line %d and again at line %d", record.ErrInvalid, e.Ref, line, raw.line)
			}
		}
		if err != nil {
			if !o.AcceptPartial {
				return list, nil, err
			}
			list.Partial = true
			complaints = append(complaints, record.Complaint{Place: fmt.Sprintf("line %d", raw.line), Problem: "entry left out: " + err.Error()})
			continue
		}
		if len(complaints) > maxComplaints {
			return list, nil, fmt.Errorf("%w: more than %d complaints, the last at line %d", record.ErrInvalid, maxComplaints, raw.line)
		}
		first[e.Ref] = raw.line
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return list, nil, fmt.Errorf("%w: the list holds no entry", record.ErrInvalid)
	}
	if !s.closed {
		list.Partial = true // scan refused it unless accepted
	}
	list.Complaints = complaints
	list.Damaged = len(complaints) > 0
	list.Count = len(entries)
	list.Content = listing.Contents(entries)
	return list, entries, nil
}

var declared = regexp.MustCompile(`^\s*<\?xml[^>]*\sencoding=["']([A-Za-z0-9._-]+)["']`)

// decoded turns the document into UTF-8 by its byte order mark or declaration.
// What is declared UTF-8 passes as it is: its damage is judged field by field.
func decoded(r io.Reader) (io.Reader, error) {
	br := bufio.NewReader(r)
	head, err := br.Peek(256)
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return nil, err
	}
	var enc encoding.Encoding
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		enc = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case bytes.HasPrefix(head, []byte("<\x00")):
		enc = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case bytes.HasPrefix(head, []byte("\x00<")):
		enc = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		_, err := br.Discard(3)
		return br, err
	default:
		m := declared.FindSubmatch(head)
		if m == nil {
			return br, nil
		}
		switch name := strings.ToLower(string(m[1])); name {
		case "utf-8", "utf8", "us-ascii", "ascii":
			return br, nil
		case "iso-8859-1", "latin1":
			enc = charmap.ISO8859_1
		case "windows-1252", "cp1252":
			enc = charmap.Windows1252
		default:
			return nil, fmt.Errorf("%w: the list declares the encoding %s, which this reader does not know", record.ErrInvalid, name)
		}
	}
	return enc.NewDecoder().Reader(br), nil
}
