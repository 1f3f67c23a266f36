package house

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	utf "golang.org/x/text/encoding/unicode"

	"article41/record"
)

// errLong says that one row is larger than it may be.
var errLong = errors.New("larger than a row may be")

// bounded passes on what may be read: so much altogether, and so much for one
// row, so that a gigabyte in one cell is refused and never held. What is longer
// is an error, where io.LimitReader would make it look cut.
type bounded struct {
	r            io.Reader
	total, entry int64 // left
	max, perItem int
}

// ahead is what the readers above may take beyond the row they are at.
const ahead = 64 << 10

func bound(r io.Reader, max, perItem int) *bounded {
	return &bounded{r: r, total: int64(max), entry: int64(perItem) + ahead, max: max, perItem: perItem}
}

// next begins another row.
func (b *bounded) next() { b.entry = int64(b.perItem) + ahead }

func (b *bounded) Read(p []byte) (int, error) {
	if b.total <= 0 || b.entry <= 0 {
		var one [1]byte
		n, err := b.r.Read(one[:])
		switch {
		case n == 0:
			return 0, err
		case b.total <= 0:
			return 0, fmt.Errorf("%w: the list is larger than %d bytes", record.ErrInvalid, b.max)
		}
		return 0, errLong
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.total, b.entry)])
	b.total -= int64(n)
	b.entry -= int64(n)
	return n, err
}

// decompressed sees through gzip. A stream that breaks off is an error: a table
// has no end by which a cut could be seen.
func decompressed(r io.Reader) (*bufio.Reader, error) {
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
	return bufio.NewReader(zr), nil
}

// unmarked takes away a byte order mark and turns UTF-16 into UTF-8.
func unmarked(r io.Reader) (*bufio.Reader, error) {
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

// notTable refuses what is no table at all.
func notTable(head []byte) error {
	s := strings.ToLower(strings.TrimSpace(string(head)))
	switch {
	case s == "":
		return fmt.Errorf("%w: the file holds nothing but space", record.ErrInvalid)
	case strings.HasPrefix(s, "<!doctype html"), strings.HasPrefix(s, "<html"):
		return fmt.Errorf("%w: an HTML page, not a table", record.ErrInvalid)
	case strings.HasPrefix(s, "pk\x03\x04"):
		return fmt.Errorf("%w: a workbook or zip, not a table: save it as CSV in UTF-8", record.ErrInvalid)
	case s[0] == '<', s[0] == '{', s[0] == '[':
		return fmt.Errorf("%w: not a table: it begins with %.30q", record.ErrInvalid, s)
	}
	return nil
}

// text is a cell on one line with single spaces; what is not ok cannot be read.
func text(raw string, max int) (s, problem string, ok bool) {
	if len(raw) > max {
		return "", fmt.Sprintf("larger than %d bytes", max), false
	}
	if !utf8.ValidString(raw) {
		return "", "not UTF-8: save the table as CSV in UTF-8", false
	}
	for _, r := range raw {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0x7F && r < 0xA0 || r == utf8.RuneError || r >= 0xE000 && r < 0xF900 {
			return "", fmt.Sprintf("holds the character U+%04X", r), false
		}
	}
	return strings.Join(strings.Fields(raw), " "), "", true
}
