package house

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"article41/record"
	"article41/sheet"
)

// decompressed sees through gzip. A stream that breaks off is an error: a table
// has no end by which a cut could be seen.
func decompressed(r io.Reader) (*bufio.Reader, error) {
	br := bufio.NewReader(r)
	head, _ := br.Peek(2)
	if !bytes.Equal(head, []byte{0x1F, 0x8B}) {
		return sheet.Decompressed(br)
	}
	zr, err := gzip.NewReader(br)
	if err != nil {
		return nil, fmt.Errorf("%w: gzip: %w", record.ErrInvalid, err)
	}
	return bufio.NewReader(zr), nil
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
