package un

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"article41/listing"
	"article41/record"
)

// primary joins the four name slots. If one of them cannot be read there is no
// primary name: what is left would be another name, often the father's.
func (p *page) primary(raw rawEntry) {
	var parts []string
	var slots []record.Extra
	whole := true
	for _, f := range raw.fields {
		switch f.name {
		case "FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME":
			s, ok := p.read("names", f)
			whole = whole && ok
			if s != "" {
				parts = append(parts, s)
				slots = append(slots, record.Extra{Name: f.name, Value: s})
			}
		}
	}
	switch {
	case !whole:
		p.entry.Extra = append(p.entry.Extra, slots...)
	case len(parts) > 0:
		n := record.Name{Text: strings.Join(parts, " "), Quality: record.Primary}
		if len(parts) > 1 {
			n.Parts = parts
		}
		p.entry.Names = append(p.entry.Names, n)
	}
}

var qualities = map[string]record.Quality{
	"good": record.Good, "low": record.Low, "a.k.a.": record.Also, "f.k.a.": record.Formerly, "": record.Unrated,
}

// alias reads one alias, which may hold several names, and what is said of it.
func (p *page) alias(f rawField) {
	var quality, note, born, city, country string
	var name rawField
	for _, k := range f.kids {
		if k.name == "ALIAS_NAME" {
			name = k
		}
	}
	rest := rawField{name: f.name, line: f.line, kids: slices.DeleteFunc(slices.Clone(f.kids), func(k rawField) bool { return k.name == "ALIAS_NAME" })}
	p.parts("names", rest, map[string]*string{"QUALITY": &quality, "NOTE": &note,
		"DATE_OF_BIRTH": &born, "CITY_OF_BIRTH": &city, "COUNTRY_OF_BIRTH": &country})
	grade, known := qualities[strings.ToLower(quality)]
	if !known {
		p.complain(f, "unknown quality of a name: "+quality)
		grade = record.Unrated
	}
	names := p.aliasNames(name)
	for _, n := range names {
		n.Note = strings.Trim(n.Note+"; "+note, "; ")
		if n.Quality == "" {
			n.Quality = grade
		}
		p.add(n)
	}
	for _, text := range otherScript(note) {
		p.add(record.Name{Text: text, Quality: record.Original})
	}
	if strings.EqualFold(born, "null") {
		born = ""
	}
	if born == "" && city == "" && country == "" {
		return
	}
	// Lists of 2024 put a person's further dates of birth into an alias without
	// a name.
	b := record.Birth{City: city, Country: country}
	if born != "" {
		b.On = p.about(f, born)
	}
	if len(names) > 0 {
		b.Type, b.Note = "alias", "as "+names[0].Text
	} else if strings.TrimSpace(name.text) != "" {
		p.drop("births", name, "the name it belongs to is unreadable")
	}
	if !b.On.IsZero() || b.City != "" || b.Country != "" {
		p.entry.Births = append(p.entry.Births, b)
	}
}

// The bounds of one entry's names and of one alias; the longest real ones have
// some 60 names and 600 bytes.
const (
	maxNames = 2000
	maxAlias = 8 << 10
)

// add keeps a name once; an original-script name may stand in several places.
func (p *page) add(n record.Name) {
	same := func(m record.Name) bool {
		return m.Text == n.Text && m.Quality == n.Quality && (m.Note == n.Note || n.Quality == record.Original)
	}
	switch {
	case n.Text == "" || slices.ContainsFunc(p.entry.Names, same):
	case len(p.entry.Names) < maxNames:
		p.entry.Names = append(p.entry.Names, n)
	case !p.crowded:
		p.crowded = true
		problem := fmt.Sprintf("more than %d names: the rest is left out", maxNames)
		p.found = append(p.found, record.Complaint{Place: p.ref, Problem: problem})
		p.entry.Dropped = append(p.entry.Dropped, record.Complaint{Place: "names: ALIAS_NAME", Problem: problem})
	}
}

// aliasNames reads the names of one ALIAS_NAME. In a list cut to low bytes each
// is judged by itself, so that one lost name does not take the others with it.
func (p *page) aliasNames(f rawField) []record.Name {
	if len(f.text) > maxAlias {
		problem := fmt.Sprintf("longer than %d bytes: no name", maxAlias)
		p.complain(f, problem)
		p.drop("names", f, problem)
		return nil
	}
	if !p.narrowed {
		s, _ := p.read("names", f)
		return namesIn(s)
	}
	var out []record.Name
	plain := strings.ReplaceAll(unescape(latin1(f.text)), "\t", "\x00") // a tab is a lost character here
	for _, piece := range pieces(strings.Join(strings.Fields(plain), " ")) {
		kept, whole := legibleName(piece)
		if kept != "" {
			out = append(out, namesIn(kept)...)
		}
		if !whole {
			p.complain(f, cutProblem)
			p.drop("names", f, cutProblem)
		}
	}
	return out
}

const cutProblem = "unreadable as published: characters were cut to their low byte"

var small = regexp.MustCompile(`[a-z]{2}`)

// legibleName is what can be read of a name in a list cut to low bytes: all of
// it, none, or the one of "Latin (other script)" that is Latin.
func legibleName(s string) (kept string, whole bool) {
	if listing.Legible(s) {
		return s, true
	}
	if m := trailing.FindStringSubmatch(s); m != nil {
		for _, part := range m[1:3] {
			if listing.Legible(part) && small.MatchString(part) && strings.Count(part, "(") == strings.Count(part, ")") {
				return part, false
			}
		}
	}
	return "", false
}

// original reads NAME_ORIGINAL_SCRIPT. A list cut to low bytes has none left
// that could be told from rubbish.
func (p *page) original(f rawField) {
	if p.narrowed && strings.TrimSpace(f.text) != "" {
		p.complain(f, cutProblem)
		p.drop("names", f, cutProblem)
		return
	}
	s, _ := p.read("names", f)
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '؛' }) {
		n := record.Name{Quality: record.Original}
		if m := trailing.FindStringSubmatch(part); m != nil && !hasOther(m[2]) && hasOther(m[1]) {
			part, n.Note = m[1], m[2] // "(Tigrinya)"
		}
		n.Text = trimName(part)
		p.add(n)
	}
}

var (
	trailing = regexp.MustCompile(`^(.*\S)\s*\(((?:[^()]|\([^()]*\))*)\)[,.;]?$`)
	marker   = regexp.MustCompile(`(?i)\s*(\(original script\)|original script:|in arabic(?: script)?:)\s*`)
	lettered = regexp.MustCompile(`\s[a-z]\)\s`) // "…Sabet b) M. Javad…"
)

// pieces cuts a text into the names it holds: at ";", and where a parenthesis
// at its end holds several or holds the name in the other script.
func pieces(s string) []string { return piecesWithin(s, 4) }

// piecesWithin looks into that many parentheses at the end, one behind the
// other; real names have two.
func piecesWithin(s string, depth int) []string {
	s = marker.ReplaceAllString(s, " ")
	s = strings.ReplaceAll(strings.TrimSpace(s), "( ", "(")
	if m := trailing.FindStringSubmatch(s); m != nil && depth > 0 {
		if head, inner := m[1], m[2]; strings.Contains(inner, ";") || hasOther(inner) && !hasLatin(inner) && hasLatin(head) || hasOther(head) && !hasLatin(head) && !hasOther(inner) {
			return append(piecesWithin(head, depth-1), piecesWithin(inner, depth-1)...)
		}
	}
	s = lettered.ReplaceAllString(s, "; ")
	var out []string
	for part := range strings.SplitSeq(s, ";") {
		if part = trimName(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// namesIn reads the names of a text; those in another script are marked
// Original, the others are left for the caller to grade.
func namesIn(s string) []record.Name {
	var out []record.Name
	for _, piece := range pieces(s) {
		if !hasOther(piece) {
			text, note := apart(piece)
			out = append(out, record.Name{Text: text, Note: note})
			continue
		}
		if latin := trimName(strings.Join(words(piece, false), " ")); latin != "" && hasLatin(latin) {
			out = append(out, record.Name{Text: latin})
		}
		for _, text := range otherScript(piece) {
			out = append(out, record.Name{Text: text, Quality: record.Original})
		}
	}
	return out
}

var remark = regexp.MustCompile(`(?i)^(.+?)(?:,?\s+(born\s.*)|\s*\(([^()]*(?:passport|number|identity|sub-unit)[^()]*)\)|\s+-\s+(sub-unit name))$`)

// apart takes off a name what is said of it in the same field: a birth, a
// passport.
func apart(s string) (name, note string) {
	m := remark.FindStringSubmatch(s)
	if m == nil {
		return s, ""
	}
	return trimName(m[1]), m[2] + m[3] + m[4]
}

// otherScript gives the runs of words in another script than Latin.
func otherScript(s string) []string {
	if !hasOther(s) {
		return nil
	}
	var out []string
	var run []string
	flush := func() {
		if text := trimName(strings.Join(run, " ")); text != "" {
			out = append(out, text)
		}
		run = nil
	}
	for _, w := range strings.Fields(s) {
		if hasOther(w) {
			run = append(run, w)
		} else if hasLatin(w) || len(run) == 0 {
			flush()
		}
	}
	flush()
	return out
}

func words(s string, other bool) []string {
	return slices.DeleteFunc(strings.Fields(s), func(w string) bool { return hasOther(w) != other })
}

func hasLatin(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
}

func hasOther(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Lm, r)
	})
}

// trimName takes stray punctuation off a name's ends and closes no parenthesis
// that was never opened.
func trimName(s string) string {
	s = strings.Trim(s, " ,;:،")
	for {
		open, shut := strings.Count(s, "("), strings.Count(s, ")")
		switch {
		case shut > open && strings.HasSuffix(s, ")"):
			s = strings.TrimSuffix(s, ")")
		case open > shut && strings.HasPrefix(s, "("):
			s = strings.TrimPrefix(s, "(")
		case strings.HasPrefix(s, ")"), strings.HasSuffix(s, "("):
			s = strings.Trim(strings.TrimSuffix(strings.TrimPrefix(s, ")"), "("), " ,;:،")
		case open == 1 && shut == 1 && strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")"):
			s = s[1 : len(s)-1]
		default:
			return strings.Trim(s, " ,;:،")
		}
	}
}
