package sheet

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"crypto/sha256"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"

	"article41/record"
)

// Opened is a list opened to be read: its text in UTF-8, its bounds and the digest
// of its bytes.
type Opened struct {
	Text *bufio.Reader
	In   *Bounded
	Head string // what it begins with, in lower case; never empty
	Hash hash.Hash
}

// Open opens a list and refuses what is none: an empty file, and a page with
// status 200. what is the list's name in an error: "the Swiss list".
func Open(r io.Reader, o Options, what string) (Opened, error) {
	plain, err := Decompressed(r)
	if err != nil {
		return Opened{}, err
	}
	return Decode(plain, o, what)
}

// Decode does what [Open] does of text that was decompressed.
func Decode(plain io.Reader, o Options, what string) (Opened, error) {
	f := Opened{In: Bound(plain, o.MaxBytes, o.MaxEntry), Hash: sha256.New()}
	var err error
	if f.Text, err = Unmarked(io.TeeReader(f.In, f.Hash)); err != nil {
		return f, err
	}
	switch f.Head = Begins(f.Text); {
	case IsHTML(f.Head):
		return f, fmt.Errorf("%w: an HTML page, not %s", record.ErrInvalid, what)
	case f.Head == "":
		return f, fmt.Errorf("%w: the file holds nothing but space", record.ErrInvalid)
	}
	return f, nil
}

// XML says what a list in XML is made of.
type XML struct {
	What, Entry string // its name in an error, and that of an entry: "the Swiss list", "target"
	// Root is the root's name, behind which the list is whole. Rooted, if there is
	// one, is told the root as it stands; it may refuse it.
	Root   string
	Rooted func(line int, root xml.StartElement) error
	// Element reads one element below the root, up to its end, or descends into it
	// by doing nothing.
	Element func(d *xml.Decoder, line int, t xml.StartElement) error
	// Count is how many entries were read so far.
	Count func() int
}

// Walk reads a list in XML, an element at a time. A bare "&" is read as text; a
// character that XML does not know is marked, and loses its field only. There are
// no entities but the five, so none that grow.
func (x *Reading) Walk(f Opened, l XML) error {
	d := xml.NewDecoder(transform.NewReader(f.Text, runes.Map(Legal)))
	d.Strict = false
	d.CharsetReader = Charset
	root, closed := false, false
	for {
		f.In.Next()
		line, _ := d.InputPos()
		t, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return x.broken(line, err, l, root) // nil where a cut list is accepted
		}
		switch t := t.(type) {
		case xml.Directive:
			if strings.HasPrefix(strings.ToLower(string(t)), "doctype html") {
				return fmt.Errorf("%w: line %d: an HTML page, not %s", record.ErrInvalid, line, l.What)
			}
			return fmt.Errorf("%w: line %d: a document type declaration: refused, the list has none", record.ErrInvalid, line)
		case xml.EndElement:
			closed = closed || t.Name.Local == l.Root
		case xml.StartElement:
			if root {
				err = l.Element(d, line, t)
			} else {
				root = true
				switch {
				case strings.EqualFold(t.Name.Local, "html"):
					return fmt.Errorf("%w: an HTML page, not %s", record.ErrInvalid, l.What)
				case t.Name.Local != l.Root:
					return fmt.Errorf("%w: not %s: its root is <%.40s>, not <%s>", record.ErrInvalid, l.What, t.Name.Local, l.Root)
				case l.Rooted != nil:
					err = l.Rooted(line, t)
				}
			}
			if err != nil {
				return x.broken(line, err, l, root)
			}
		}
	}
	if x.End, _ = d.InputPos(); !root || !closed {
		return x.Cut(fmt.Sprintf("line %d", x.End), "the input ends before </%s>, after %d entries", l.Root, l.Count())
	}
	return nil
}

// Skip passes an element over that the reader does not know, and says so.
func (x *Reading) Skip(d *xml.Decoder, line int, t xml.StartElement) error {
	place := fmt.Sprintf("line %d", line)
	x.Complain(place, "unknown element <%.40s>: passed over", t.Name.Local)
	if err := d.Skip(); err != nil {
		return err
	}
	return x.TooMany(place)
}

// broken is the answer to XML that cannot be read on.
func (x *Reading) broken(line int, err error, l XML, root bool) error {
	var wrong *xml.SyntaxError
	switch {
	case errors.Is(err, ErrLong):
		return fmt.Errorf("%w: the %s that begins at line %d is larger than %d bytes", record.ErrInvalid, l.Entry, line, x.Opt.MaxEntry)
	case errors.Is(err, record.ErrInvalid):
		return err
	case !errors.As(err, &wrong):
		return fmt.Errorf("%w: line %d: %w", record.ErrInvalid, line, err)
	case !root:
		return fmt.Errorf("%w: not %s: %w", record.ErrInvalid, l.What, err)
	}
	return x.Cut(fmt.Sprintf("line %d", wrong.Line), "cannot be read on, after %d entries: %s", l.Count(), wrong.Msg)
}
