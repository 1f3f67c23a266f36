package api

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"article41/screen"
)

var plainJSON = []string{"application/json"}

// giveBack returns a buffer to the pool, unless it has grown beyond what the
// next answer is likely to need.
func giveBack(b *bytes.Buffer) {
	if b.Cap() <= keepBuffer {
		buffers.Put(b)
	}
}

const hexDigits = "0123456789abcdef"

// appendText appends a JSON string. Bytes that are not UTF-8 become U+FFFD, as
// encoding/json writes them.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			switch {
			case r == utf8.RuneError && n == 1:
				b = append(append(b, s[from:i]...), `\ufffd`...)
			case r == '\u2028' || r == '\u2029': // would end a line of JavaScript
				b = append(append(b, s[from:i]...), `\u202`...)
				b = append(b, hexDigits[r&0xF])
			default:
				i += n
				continue
			}
			i += n
			from = i
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[from:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		default:
			b = append(b, `\u00`...)
			b = append(b, hexDigits[c>>4], hexDigits[c&0xF])
		}
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}

// appendScore writes a score with four decimals: more would be noise, and two
// runs must agree to the byte.
func appendScore(b []byte, f float64) []byte { return strconv.AppendFloat(b, f, 'f', 4, 64) }

// featureOf names what spoke for or against a hit, in the contract's words where
// it has one.
func featureOf(kind string, against bool) string {
	switch kind {
	case "birth":
		if against {
			return "dob_disjoint"
		}
		return "birth_date_match"
	case "country":
		if against {
			return "country_mismatch"
		}
		return "country_match"
	case "gender":
		if against {
			return "gender_mismatch"
		}
		return "gender_match"
	case "identifier":
		return "identifier_match"
	}
	return kind
}

// appendExplanations appends why a hit scored: the name first, then every other
// fact, each once.
func (sh *shelf) appendExplanations(b []byte, q *understood, h screen.Hit) []byte {
	met := ""
	switch len(q.query.Names) {
	case 0:
	case 1:
		met = q.query.Names[0]
	default:
		met = sh.Explain(q.query, h.ID).Query
	}
	b = appendExplanation(b, "name_match", max(h.NameScore, 0), h.Class, met, h.Matched.Text)
	seen := ""
	for i, e := range h.For {
		if e.Kind == seen || e.Kind == "name" {
			continue
		}
		seen = h.For[i].Kind
		b = append(b, ',')
		b = appendExplanation(b, featureOf(e.Kind, false), e.Weight, e.Detail, "", "")
	}
	for _, e := range h.Against {
		b = append(b, ',')
		b = appendExplanation(b, featureOf(e.Kind, true), e.Weight, e.Detail, "", "")
	}
	return b
}

func appendExplanation(b []byte, feature string, score float64, detail, query, candidate string) []byte {
	b = appendText(b, feature)
	b = append(b, `:{"score":`...)
	b = appendScore(b, score)
	b = append(b, `,"detail":`...)
	b = appendText(b, detail)
	b = appendOrNull(append(b, `,"query":`...), query)
	b = appendOrNull(append(b, `,"candidate":`...), candidate)
	return append(b, '}')
}

func appendOrNull(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return appendText(b, s)
}
