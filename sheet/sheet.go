// Package sheet opens what publishers send: bounded, decompressed, and with its
// characters checked, before a reader of package source looks at what it says.
//
// A [Bounded] reader passes on so much altogether and so much for one entry, so
// that a gigabyte in one cell is refused and never held. [Decompressed] sees
// through gzip, [Unmarked] through a byte order mark and UTF-16, and [Text] is a
// cell or an element on one line, or what is wrong with it. The package knows no
// list, no column and no element.
//
//	plain, err := sheet.Decompressed(r)
//	in := sheet.Bound(plain, 256<<20, 1<<20) // altogether, and for one entry
package sheet

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"

	"article41/date"
	"article41/record"
)

// ErrLong says that one entry is larger than it may be.
var ErrLong = errors.New("larger than an entry may be")

// Bounded passes on what may be read: so much altogether, and so much for one
// entry, so that a gigabyte in one cell is refused and never held. What is
// longer is an error, where io.LimitReader would make it look cut.
type Bounded struct {
	r            io.Reader
	total, entry int64 // left
	max, perItem int
}

// ahead is what the readers above may take beyond the entry they are at.
const ahead = 64 << 10

// Bound bounds a reader.
func Bound(r io.Reader, max, perItem int) *Bounded {
	return &Bounded{r: r, total: int64(max), entry: int64(perItem) + ahead, max: max, perItem: perItem}
}

// Next begins another entry.
func (b *Bounded) Next() { b.entry = int64(b.perItem) + ahead }

func (b *Bounded) Read(p []byte) (int, error) {
	if b.total <= 0 || b.entry <= 0 {
		var one [1]byte
		n, err := b.r.Read(one[:])
		switch {
		case n == 0:
			return 0, err
		case b.total <= 0:
			return 0, fmt.Errorf("%w: the list is larger than %d bytes", record.ErrInvalid, b.max)
		}
		return 0, ErrLong
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.total, b.entry)])
	b.total -= int64(n)
	b.entry -= int64(n)
	return n, err
}

// Decompressed sees through gzip. A stream that breaks off ends like a plain
// file that does: whether the list is whole is seen by its end.
func Decompressed(r io.Reader) (*bufio.Reader, error) {
	br := bufio.NewReader(r)
	head, err := br.Peek(2)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("cannot read: %w", err)
	}
	if len(head) == 0 {
		return nil, fmt.Errorf("%w: the file is empty", record.ErrInvalid)
	}
	if !bytes.Equal(head, []byte{0x1F, 0x8B}) {
		return br, nil
	}
	zr, err := gzip.NewReader(br)
	if err != nil {
		return nil, fmt.Errorf("%w: gzip: %w", record.ErrInvalid, err)
	}
	return bufio.NewReader(cutShort{zr}), nil
}

// cutShort lets a gzip stream that breaks off end like a file.
type cutShort struct{ r io.Reader }

func (c cutShort) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// Unmarked takes away a byte order mark and turns UTF-16 into UTF-8.
func Unmarked(r io.Reader) (*bufio.Reader, error) {
	br := bufio.NewReader(r)
	head, err := br.Peek(3)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return bufio.NewReader(utf.UTF16(utf.LittleEndian, utf.ExpectBOM).NewDecoder().Reader(br)), nil
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		_, err := br.Discard(3)
		return br, err
	}
	return br, nil
}

// Begins is what the text begins with, in lower case and without its space.
func Begins(br *bufio.Reader) string {
	head, _ := br.Peek(512)
	return strings.ToLower(strings.TrimLeftFunc(string(head), unicode.IsSpace))
}

// IsHTML reports a text that begins as a page does.
func IsHTML(head string) bool {
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html")
}

// Text is a cell or element on one line with single spaces. A problem says what
// was wrong, whether it could be mended or not; what is not ok cannot be read as
// published.
func Text(raw string, max int) (s, problem string, ok bool) {
	if len(raw) > max {
		return "", fmt.Sprintf("larger than %d bytes", max), false
	}
	if !utf8.ValidString(raw) {
		return "", "unreadable as published: not UTF-8", false
	}
	for _, r := range raw {
		switch {
		case r >= 0x80 && r < 0xA0:
			// Windows-1252 that someone took for Latin-1: U+0092 was an apostrophe.
			meant := charmap.Windows1252.DecodeByte(byte(r))
			if meant == utf8.RuneError || meant == r {
				return "", fmt.Sprintf("unreadable as published: holds the character U+%04X", r), false
			}
			raw = strings.ReplaceAll(raw, string(r), string(meant))
			problem = fmt.Sprintf("holds the character U+%04X, read as %q", r, meant)
		case r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0x7F || r == utf8.RuneError || r >= 0xE000 && r < 0xF900:
			return "", fmt.Sprintf("unreadable as published: holds the character U+%04X", r), false
		}
	}
	return strings.Join(strings.Fields(raw), " "), problem, true
}

// Legal marks what XML does not allow, so that its field can be named.
func Legal(r rune) rune {
	switch {
	case r == '\t', r == '\n', r == '\r', r >= 0x20 && r <= 0xD7FF, r >= 0xE000 && r <= 0xFFFD, r >= 0x10000:
		return r
	}
	return utf8.RuneError
}

// Charset is for an XML decoder: the text is UTF-8 by then, whatever it declares of
// the known encodings.
func Charset(name string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(name) {
	case "utf-8", "utf8", "us-ascii", "ascii", "utf-16":
		return in, nil
	}
	return nil, fmt.Errorf("the list declares the encoding %s, which this reader does not know", name)
}

// Day reads the calendar date at the head of the text; a time or a zone behind it
// never moves it.
func Day(s string) (date.Day, bool) {
	if len(s) < 10 || len(s) > 10 && !strings.ContainsRune("T+-Z ", rune(s[10])) {
		return date.Day{}, false
	}
	d, err := date.ParseDay(s[:10])
	return d, err == nil
}

// Most is how large one entry may be.
func (b *Bounded) Most() int { return b.perItem }

// Left is how many bytes of the whole may still be read.
func (b *Bounded) Left() int64 { return b.total }
