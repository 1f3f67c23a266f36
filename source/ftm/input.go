package ftm

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"article41/date"
	"article41/record"
)

// lines gives the lines of a file that may be gzipped.
type lines struct {
	in    *bufio.Reader
	zip   *cutShort
	hash  io.Writer
	opt   Options
	left  int64
	line  int  // of the one given last
	short bool // a gzip stream broke off
	held  []byte
}

func openLines(r io.Reader, hash io.Writer, o Options) (*lines, error) {
	l := &lines{in: bufio.NewReaderSize(r, 256<<10), hash: hash, opt: o, left: int64(o.MaxBytes)}
	head, err := l.in.Peek(3)
	switch {
	case err != nil && err != io.EOF:
		return nil, fmt.Errorf("cannot read: %w", err)
	case len(head) == 0:
		return nil, fmt.Errorf("%w: the file is empty", record.ErrInvalid)
	case bytes.HasPrefix(head, []byte{0x1F, 0x8B}):
		zr, err := gzip.NewReader(l.in)
		if err != nil {
			return nil, fmt.Errorf("%w: gzip: %w", record.ErrInvalid, err)
		}
		l.zip = &cutShort{r: zr}
		l.in = bufio.NewReaderSize(l.zip, 256<<10)
	}
	if head, _ := l.in.Peek(3); bytes.Equal(head, []byte("\xEF\xBB\xBF")) {
		l.in.Discard(3)
	}
	return l, nil
}

// cutShort lets a gzip stream that breaks off end like a file, and remembers.
type cutShort struct {
	r     io.Reader
	short bool
}

func (c *cutShort) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		c.short, err = true, io.EOF
	}
	return n, err
}

// next gives one line, good until the next is asked for.
func (l *lines) next() ([]byte, error) {
	l.held = l.held[:0]
	for {
		part, err := l.in.ReadSlice('\n')
		l.hash.Write(part)
		if l.left -= int64(len(part)); l.left < 0 {
			return nil, fmt.Errorf("%w: the list is larger than %d bytes", record.ErrInvalid, l.opt.MaxBytes)
		}
		if len(l.held)+len(part) > l.opt.MaxEntry {
			return nil, fmt.Errorf("%w: line %d is larger than %d bytes", record.ErrInvalid, l.line+1, l.opt.MaxEntry)
		}
		switch {
		case err == nil && len(l.held) == 0:
			l.line++
			return part, nil
		case errors.Is(err, bufio.ErrBufferFull):
			l.held = append(l.held, part...)
			continue
		case err == io.EOF:
			l.short = l.zip != nil && l.zip.short
			if l.held = append(l.held, part...); len(l.held) == 0 {
				return nil, io.EOF
			}
		case err != nil:
			return nil, fmt.Errorf("line %d: %w", l.line+1, err)
		default:
			l.held = append(l.held, part...)
		}
		l.line++
		return l.held, nil
	}
}

func isHTML(line []byte) bool {
	s := strings.ToLower(string(bytes.TrimSpace(line[:min(len(line), 64)])))
	return strings.HasPrefix(s, "<!doctype html") || strings.HasPrefix(s, "<html")
}

// text is a value on one line with single spaces. A problem says what was wrong,
// whether it could be mended or not; what is not ok cannot be read as published.
func text(raw string, max int) (s, problem string, ok bool) {
	if len(raw) > max {
		return "", fmt.Sprintf("larger than %d bytes", max), false
	}
	if plain(raw) {
		return raw, "", true
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

// plain reports ASCII without anything that text would change.
func plain(s string) bool {
	space := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < 0x20 || c >= 0x7F || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return !space || s == ""
}

// day reads the calendar date at the head of the text; a time behind it never
// moves it.
func day(s string) (date.Day, bool) {
	if len(s) < 10 || len(s) > 10 && s[10] != 'T' && s[10] != ' ' {
		return date.Day{}, false
	}
	d, err := date.ParseDay(s[:10])
	return d, err == nil
}

// about reads a date as precise as it is given: 1962, 1962-05, 1962-05-07.
func about(s string) (date.About, bool) {
	if d, ok := day(s); ok {
		return date.Exactly(d), true
	}
	if len(s) != 4 && len(s) != 7 {
		return date.About{}, false
	}
	a, err := date.ParseAbout(s)
	return a, err == nil
}
