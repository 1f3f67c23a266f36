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
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"article41/date"
	"article41/listing"
	"article41/record"
)

// Source is the id of this list.
const Source record.SourceID = "un"

// ErrCut says that the list is not whole: its root does not close, or an entry
// has no readable reference. Options.AcceptPartial reads what there is.
var ErrCut = errors.New("the list is cut")

// Options says how to read.
type Options struct {
	// AcceptPartial reads a cut list as far as it goes.
	AcceptPartial bool
	// Date is the list's date if it states none; DateBasis says where it comes
	// from ("given", "import-day"; empty: given).
	Date      date.Day
	DateBasis string
	Name      string // where the bytes come from, such as a file's base name
	Origin    string // "import" (the default) or "record"
	// MaxBytes bounds the whole list after decompression (0: 64 MiB, thirty times the real list), MaxEntry
	// one entry (0: 1 MiB), MaxElement one element's text (0: 256 KiB).
	MaxBytes, MaxEntry, MaxElement int
}

func (o Options) orDefault() Options {
	or := func(n, otherwise int) int {
		if n > 0 {
			return n
		}
		return otherwise
	}
	o.MaxBytes, o.MaxEntry, o.MaxElement = or(o.MaxBytes, 64<<20), or(o.MaxEntry, 1<<20), or(o.MaxElement, 256<<10)
	if o.Origin == "" {
		o.Origin = "import"
	}
	if o.DateBasis == "" {
		o.DateBasis = "given"
	}
	return o
}

// Read reads one version of the list. The entries are in the order of the
// file. Errors name the line; a list that is damaged is no error.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	list, entries, err := read(r, o.orDefault())
	if err != nil {
		return record.List{}, nil, fmt.Errorf("un list: %w", err)
	}
	return list, entries, nil
}

func read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	list := record.List{List: Source, Origin: o.Origin, Name: o.Name}
	plain, err := decompressed(r)
	if err != nil {
		return list, nil, err
	}
	hash := sha256.New()
	bounded := &boundedReader{r: plain, left: int64(o.MaxBytes), max: o.MaxBytes}
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
		if d, ok := day(s.generated); ok {
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

// decompressed sees through gzip.
func decompressed(r io.Reader) (io.Reader, error) {
	br := bufio.NewReader(r)
	magic, err := br.Peek(2)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("cannot read: %w", err)
	}
	if len(magic) == 0 {
		return nil, fmt.Errorf("%w: the file is empty", record.ErrInvalid)
	}
	if bytes.Equal(magic, []byte{0x1F, 0x8B}) {
		zr, err := gzip.NewReader(br)
		if err != nil {
			return nil, fmt.Errorf("%w: gzip: %w", record.ErrInvalid, err)
		}
		return cutShort{zr}, nil
	}
	return br, nil
}

// cutShort lets a gzip stream that breaks off end like a plain file that does:
// whether the list is whole is seen by its root.
type cutShort struct{ r io.Reader }

func (c cutShort) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
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

// boundedReader refuses what is longer than the bound, where io.LimitReader
// would make it look cut.
type boundedReader struct {
	r    io.Reader
	left int64
	max  int
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		var one [1]byte
		if n, err := b.r.Read(one[:]); n == 0 {
			return 0, err
		}
		return 0, fmt.Errorf("%w: the list is larger than %d bytes", record.ErrInvalid, b.max)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// day reads the calendar date at the head of the text; a time or a zone behind
// it never moves it.
func day(s string) (date.Day, bool) {
	if len(s) < 10 || len(s) > 10 && !slices.Contains([]byte("T+-Z "), s[10]) {
		return date.Day{}, false
	}
	d, err := date.ParseDay(s[:10])
	return d, err == nil
}
