package un

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"article41/listing"
	"article41/record"
)

// codes are the elements that hold numbers and dates, where letters beside
// digits are no sign of a cut.
var codes = set(`DATAID LISTED_ON NUMBER STREET ZIP_CODE DATE YEAR FROM_YEAR TO_YEAR DATE_OF_BIRTH
	DATE_OF_ISSUE QUALITY SORT_KEY SORT_KEY_LAST_MOD SUBMITTED_ON REFERENCE_NUMBER`)

// text turns a field's bytes into what was published, on one line with single
// spaces. ok is false if it cannot be read; problem says what was wrong,
// whether it could be mended or not.
func text(f rawField, narrowed bool) (s string, problem string, ok bool) {
	raw := f.text
	if raw == "" {
		return "", "", true
	}
	if narrowed {
		// One byte a character: the bytes are the characters' numbers.
		s = latin1(raw)
		plain := unescape(s)
		flat := strings.Join(strings.Fields(plain), " ")
		if strings.Contains(plain, "\t") || codes[f.name] && !listing.Printable(flat) || !codes[f.name] && !listing.Legible(flat) {
			return "", cutProblem, false
		}
		return flat, "", true
	}
	if !utf8.ValidString(raw) {
		return "", "unreadable as published: not UTF-8", false
	}
	s = raw
	if f.stray {
		problem = `a stray "<", read as text`
	}
	if strings.IndexByte(s, '&') >= 0 {
		if bareAmp.MatchString(s) {
			problem = `a bare "&", read as text`
		}
		s = unescape(s)
	}
	for _, r := range s {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0x7F && r < 0xA0 || r == utf8.RuneError || r >= 0xE000 && r < 0xF900 {
			return "", fmt.Sprintf("unreadable as published: holds the character U+%04X", r), false
		}
	}
	return clean(s), problem, true
}

var (
	knownRef = regexp.MustCompile(`&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});`)
	bareAmp  = regexp.MustCompile(`&(?:[^aglq#]|$|a[^mp]|am[^p]|g[^t]|l[^t]|q[^u]|#[^0-9xX])`)
)

// unescape knows the five entities of XML and numbers; nothing is expanded
// twice, and any other name stays as it stands.
func unescape(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	return knownRef.ReplaceAllStringFunc(s, html.UnescapeString)
}

func latin1(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

// clean collapses the plain spaces. Wider ones stay as published: they are part
// of what a cut to low bytes changes.
func clean(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= 0xFF && unicode.IsSpace(r) }), " ")
}

// cleanName also collapses the wide spaces, and drops marks that show nothing
// (zero width, direction, byte order, soft hyphen) but the joiners that some
// scripts need.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == 0x200B, r == 0x200E, r == 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF, r == 0xAD:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// page collects what an entry says and what was wrong with it.
type page struct {
	ref      string
	narrowed bool
	entry    record.Listed
	found    []record.Complaint
	crowded  bool // has more names than are kept
}

// read gives the field's text. What cannot be read is dropped under the name
// of our field and complained of.
func (p *page) read(ours string, f rawField) (string, bool) {
	s, problem, ok := text(f, p.narrowed)
	if problem != "" {
		p.complain(f, problem)
	}
	if !ok {
		p.drop(ours, f, problem)
	}
	if ours == "names" {
		s = cleanName(s)
	}
	return s, ok
}

func (p *page) complain(f rawField, problem string) {
	p.found = append(p.found, record.Complaint{Place: fmt.Sprintf("line %d: %s: %s", f.line, p.ref, f.name), Problem: problem})
}

func (p *page) drop(ours string, f rawField, problem string) {
	p.entry.Dropped = append(p.entry.Dropped, record.Complaint{Place: fmt.Sprintf("%s: %s, line %d", ours, f.name, f.line), Problem: problem})
}
