package un

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"article41/record"
)

// The list is scanned by its known element names, because a strict XML reader
// stops at the first bare "&" and a list saved with one byte a character is
// full of "<" that open nothing.

// rawEntry is an INDIVIDUAL or ENTITY as it stands, its texts undecoded.
type rawEntry struct {
	sort   string // INDIVIDUAL or ENTITY
	line   int
	fields []rawField
}

// rawField is an element of an entry, with its elements if it is a group.
type rawField struct {
	name  string
	line  int
	text  string // bytes as in the file
	stray bool   // holds a "<" that opens nothing
	kids  []rawField
}

// maxComplaints bounds what is said of one list; the worst real one has 1,100.
const maxComplaints = 20_000

const root = "CONSOLIDATED_LIST"

// leaves are the elements that hold text; inside one, only a known name is a
// tag.
var leaves = set(`DATAID VERSIONNUM FIRST_NAME SECOND_NAME THIRD_NAME FOURTH_NAME UN_LIST_TYPE
	REFERENCE_NUMBER LISTED_ON GENDER NAME_ORIGINAL_SCRIPT COMMENTS1 VALUE QUALITY ALIAS_NAME NOTE
	DATE_OF_BIRTH CITY_OF_BIRTH COUNTRY_OF_BIRTH STREET CITY STATE_PROVINCE ZIP_CODE COUNTRY
	TYPE_OF_DATE DATE YEAR FROM_YEAR TO_YEAR TYPE_OF_DOCUMENT TYPE_OF_DOCUMENT2 NUMBER ISSUING_COUNTRY
	COUNTRY_OF_ISSUE CITY_OF_ISSUE DATE_OF_ISSUE SORT_KEY SORT_KEY_LAST_MOD SUBMITTED_BY SUBMITTED_ON`)

// groups are the elements that hold elements.
var groups = set(`CONSOLIDATED_LIST INDIVIDUALS ENTITIES INDIVIDUAL ENTITY TITLE DESIGNATION NATIONALITY
	LIST_TYPE LAST_DAY_UPDATED INDIVIDUAL_ALIAS INDIVIDUAL_ADDRESS INDIVIDUAL_DATE_OF_BIRTH
	INDIVIDUAL_PLACE_OF_BIRTH INDIVIDUAL_DOCUMENT ENTITY_ALIAS ENTITY_ADDRESS`)

// known gives each known name itself, so that a tag costs no allocation.
var known = func() map[string]string {
	m := map[string]string{}
	for _, names := range []map[string]bool{leaves, groups} {
		for n := range names {
			m[n] = n
		}
	}
	return m
}()

func set(names string) map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(names) {
		m[n] = true
	}
	return m
}

type scanner struct {
	in   *bufio.Reader
	opt  Options
	line int // of the next byte

	stack     []string
	text      []byte // of the open leaf
	stray     bool
	entry     *rawEntry
	entryAt   int // depth of the open entry on the stack
	entrySize int
	closed    bool

	generated  string
	entries    []rawEntry
	complaints []record.Complaint

	controls, invalid, wide int // evidence of a cut to low bytes
}

func newScanner(r io.Reader, o Options) *scanner {
	return &scanner{in: bufio.NewReaderSize(r, 32<<10), opt: o, line: 1}
}

// narrowed reports whether the whole list was saved with one byte a character:
// control bytes where there were other scripts, and next to no other script.
// (A byte that is no UTF-8 is not needed: the cut may leave plain ASCII.)
func (s *scanner) narrowed() bool {
	return s.controls > 0 && 20*s.wide < s.controls+s.invalid
}

func (s *scanner) complain(line int, format string, args ...any) {
	s.complaints = append(s.complaints, record.Complaint{Place: fmt.Sprintf("line %d", line), Problem: fmt.Sprintf(format, args...)})
}

func (s *scanner) fail(format string, args ...any) error {
	return fmt.Errorf("%w: line %d: %s", record.ErrInvalid, s.line, fmt.Sprintf(format, args...))
}

// scan reads to the end of the input.
func (s *scanner) scan() error {
	for {
		chunk, err := s.in.ReadSlice('<')
		if len(s.complaints) > maxComplaints {
			return s.fail("more than %d complaints: this is no list any more", maxComplaints)
		}
		tag := err == nil
		if tag {
			chunk = chunk[:len(chunk)-1]
		}
		if err := s.take(chunk); err != nil {
			return err
		}
		switch {
		case tag:
			if err := s.markup(); err != nil {
				return err
			}
		case errors.Is(err, bufio.ErrBufferFull):
		case err == io.EOF:
			return s.end()
		default:
			return fmt.Errorf("line %d: %w", s.line, err)
		}
	}
}

func (s *scanner) end() error {
	if s.closed {
		return nil
	}
	if s.stack == nil {
		return fmt.Errorf("%w: the file holds nothing but space: no %s element: not the UN list", record.ErrInvalid, root)
	}
	if !s.opt.AcceptPartial {
		return fmt.Errorf("%w: %w: line %d: the input ends before </%s>, after %d entries", record.ErrInvalid, ErrCut, s.line, root, len(s.entries))
	}
	s.complain(s.line, "the list is cut: it ends before </%s>", root)
	if s.entry != nil {
		s.complain(s.entry.line, "entry left out: it is cut")
		s.entry = nil
	}
	return nil
}

// take adds text to the open leaf. Between elements only space has a meaning.
func (s *scanner) take(b []byte) error {
	s.weigh(b)
	if s.entry == nil || len(s.stack) == s.entryAt || len(bytes.TrimSpace(b)) == 0 && len(s.text) == 0 {
		if len(bytes.TrimSpace(b)) > 0 {
			if s.stack == nil {
				return s.fail("not the UN list: it begins with %.30q", bytes.TrimSpace(b))
			}
			s.complain(s.line, "text outside any field: %.30q", bytes.TrimSpace(b))
		}
		s.line += bytes.Count(b, []byte{'\n'})
		return nil
	}
	if len(s.text)+len(b) > s.opt.MaxElement {
		return s.fail("element %s is larger than %d bytes", s.top(), s.opt.MaxElement)
	}
	if s.entrySize += len(b); s.entrySize > s.opt.MaxEntry {
		return s.fail("the entry that begins at line %d is larger than %d bytes", s.entry.line, s.opt.MaxEntry)
	}
	s.text = append(s.text, b...)
	s.line += bytes.Count(b, []byte{'\n'})
	return nil
}

// weigh counts what tells a list cut to low bytes from a good one.
func (s *scanner) weigh(b []byte) {
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(b[i:])
			switch {
			case r == utf8.RuneError && n <= 1:
				s.invalid++
			case r > 0xFF:
				s.wide++
			}
			i += n
			continue
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r', c == 0x7F:
			s.controls++
		}
		i++
	}
}

func (s *scanner) top() string {
	if len(s.stack) == 0 {
		return ""
	}
	return s.stack[len(s.stack)-1]
}

const maxTag = 4096

var (
	openTag  = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_.:-]{0,60})((?:\s+[A-Za-z_][A-Za-z0-9_.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>`)
	closeTag = regexp.MustCompile(`^/([A-Za-z_][A-Za-z0-9_.:-]{0,60})\s*>`)
	dated    = regexp.MustCompile(`\sdateGenerated\s*=\s*["']([^"']*)["']`)
)

// tag is an element's begin or end, from behind its "<".
type tag struct {
	name, attrs   string
	closes, empty bool
	length        int
}

func tagAt(ahead []byte) (tag, bool) {
	// Nearly every tag of the list is a plain <NAME>, </NAME> or <NAME/>.
	if end := bytes.IndexByte(ahead[:min(len(ahead), 40)], '>'); end > 0 {
		inner := ahead[:end]
		closes := inner[0] == '/'
		empty := !closes && inner[end-1] == '/'
		name := bytes.TrimSuffix(bytes.TrimPrefix(inner, []byte("/")), []byte("/"))
		if known, ok := known[string(name)]; ok && !(closes && inner[end-1] == '/') {
			return tag{name: known, closes: closes, empty: empty, length: end + 1}, true
		}
	}
	if m := closeTag.FindSubmatch(ahead); m != nil {
		return tag{name: string(m[1]), closes: true, length: len(m[0])}, true
	}
	if m := openTag.FindSubmatch(ahead); m != nil {
		return tag{name: string(m[1]), attrs: string(m[2]), empty: len(m[3]) > 0, length: len(m[0])}, true
	}
	return tag{}, false
}

// markup reads what follows a "<".
func (s *scanner) markup() error {
	ahead, err := s.in.Peek(maxTag)
	if err != nil && err != io.EOF && !errors.Is(err, bufio.ErrBufferFull) {
		return fmt.Errorf("line %d: %w", s.line, err)
	}
	switch {
	case bytes.HasPrefix(ahead, []byte("!--")):
		return s.skip(3, "-->", nil)
	case bytes.HasPrefix(ahead, []byte("![CDATA[")):
		return s.skip(8, "]]>", s.take)
	case bytes.HasPrefix(ahead, []byte("?")):
		return s.skip(1, "?>", nil)
	case len(ahead) > 8 && bytes.EqualFold(ahead[:8], []byte("!DOCTYPE")):
		if bytes.EqualFold(bytes.TrimSpace(ahead[8:min(14, len(ahead))]), []byte("html")) || bytes.Contains(bytes.ToLower(ahead[:min(60, len(ahead))]), []byte("html")) {
			return s.fail("an HTML page, not the UN list")
		}
		return s.fail("a document type declaration: refused, the UN list has none")
	}
	leaf := s.entry != nil && leaves[s.top()]
	if t, ok := tagAt(ahead); ok && (!leaf || leaves[t.name] || groups[t.name]) {
		s.advance(ahead[:t.length])
		if t.closes {
			return s.shut(t.name)
		}
		if err := s.open(t.name, t.attrs); err != nil || !t.empty {
			return err
		}
		return s.shut(t.name)
	}
	// A "<" that opens nothing is text.
	if s.stack == nil {
		return s.fail("not the UN list: it begins with %.30q", "<"+string(ahead[:min(30, len(ahead))]))
	}
	if s.entry == nil || !leaf {
		s.complain(s.line, `a stray "<"`)
	}
	s.stray = true
	return s.take([]byte{'<'})
}

func (s *scanner) advance(b []byte) {
	s.line += bytes.Count(b, []byte{'\n'})
	s.in.Discard(len(b))
}

// skip passes over a comment, an instruction or a CDATA section, handing what
// it holds to keep.
func (s *scanner) skip(head int, end string, keep func([]byte) error) error {
	s.in.Discard(head)
	last := end[len(end)-1]
	var held []byte
	for {
		b, err := s.in.ReadSlice(last)
		if held = append(held, b...); len(held) > s.opt.MaxElement {
			return s.fail("a comment or section larger than %d bytes", s.opt.MaxElement)
		}
		if err == io.EOF {
			return s.end()
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return fmt.Errorf("line %d: %w", s.line, err)
		}
		if bytes.HasSuffix(held, []byte(end)) {
			break
		}
	}
	if keep == nil {
		s.line += bytes.Count(held, []byte{'\n'})
		return nil
	}
	return keep(bytes.ReplaceAll(held[:len(held)-len(end)], []byte("&"), []byte("&amp;")))
}

const maxDepth = 12

func (s *scanner) open(name, attrs string) error {
	switch {
	case s.closed:
		s.complain(s.line, "<%s> after the end of the list", name)
		return nil
	case s.stack == nil:
		if name != root {
			if strings.EqualFold(name, "html") {
				return s.fail("an HTML page, not the UN list")
			}
			return s.fail("not the UN list: its root is <%s>, not <%s>", name, root)
		}
		if m := dated.FindStringSubmatch(attrs); m != nil {
			s.generated = strings.TrimSpace(m[1])
		}
	case len(s.stack) >= maxDepth:
		return s.fail("elements nested deeper than %d", maxDepth)
	case name == "INDIVIDUAL" || name == "ENTITY":
		if s.entry != nil {
			s.complain(s.line, "the entry that begins at line %d is not closed", s.entry.line)
			s.pop(s.entryAt - 1)
		}
		s.entry = &rawEntry{sort: name, line: s.line}
		s.entryAt = len(s.stack) + 1
		s.entrySize = 0
	case s.entry != nil:
		if leaves[s.top()] {
			s.complain(s.line, "%s is not closed", s.top())
			s.pop(len(s.stack) - 1)
		}
		if len(s.entry.fields) > 5000 {
			return s.fail("the entry that begins at line %d has more than 5000 fields", s.entry.line)
		}
		s.begin(name)
	}
	s.stack = append(s.stack, name)
	s.text, s.stray = s.text[:0], false
	return nil
}

// begin adds a field to the entry, or an element to the field that is open.
func (s *scanner) begin(name string) {
	f := rawField{name: name, line: s.line}
	depth := len(s.stack) - s.entryAt
	if depth == 0 {
		s.entry.fields = append(s.entry.fields, f)
		return
	}
	if depth > 1 { // deeper than the list goes: one level, by its path
		f.name = strings.Join(append(s.stack[s.entryAt+1:len(s.stack):len(s.stack)], name), "/")
	}
	group := &s.entry.fields[len(s.entry.fields)-1]
	group.kids = append(group.kids, f)
	s.entrySize += 64
}

func (s *scanner) shut(name string) error {
	if s.closed || s.stack == nil {
		s.complain(s.line, "</%s> closes nothing", name)
		return nil
	}
	at := len(s.stack) - 1
	for at >= 0 && s.stack[at] != name {
		at--
	}
	if at < 0 {
		s.complain(s.line, "</%s> closes nothing", name)
		return nil
	}
	for _, open := range s.stack[at+1:] {
		s.complain(s.line, "%s is not closed", open)
	}
	s.pop(at)
	if at == 0 {
		s.closed = true
	}
	return nil
}

// pop closes the open elements down to the given depth.
func (s *scanner) pop(depth int) {
	for len(s.stack) > depth {
		at := len(s.stack) - 1
		if s.entry != nil {
			switch level := at - s.entryAt; {
			case level < 0:
				s.entries = append(s.entries, *s.entry)
				s.entry = nil
			default:
				s.settle(level)
			}
		}
		s.stack = s.stack[:at]
		s.text, s.stray = s.text[:0], false
	}
}

// settle gives the text just read to the element that closes.
func (s *scanner) settle(level int) {
	if len(s.text) == 0 || len(s.entry.fields) == 0 {
		return
	}
	f := &s.entry.fields[len(s.entry.fields)-1]
	if level > 0 && len(f.kids) > 0 {
		f = &f.kids[len(f.kids)-1]
	}
	f.text += string(s.text)
	f.stray = f.stray || s.stray
}
