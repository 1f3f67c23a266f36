package monitortest

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What is withheld of [Entered]. The name has a mark and an apostrophe, so that
// each way of writing it for a page, an address or JSON differs from the others.
const (
	Planted     = "Zoubéida N'Testname"
	PlantedNote = "the daughter of " + Planted + " spoke to us"
	PlantedHash = "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789"
)

// secrets are what is looked for: the name whole, each half of it, and what else
// is withheld.
var secrets = []string{Planted, "Zoubéida", "Zoubeida", "Testname", "the daughter of", PlantedHash}

// Found are the secrets that a text holds, each with the way in which it is
// written there: as it is, in any capitals, escaped for an address, a page or
// JSON, with its marks apart, backwards, in hexadecimal or in base64.
func Found(text string) []string {
	var out []string
	low := strings.ToLower(text)
	for _, s := range secrets {
		for _, f := range forms(s) {
			if f.exact && strings.Contains(text, f.text) || !f.exact && strings.Contains(low, strings.ToLower(f.text)) {
				out = append(out, fmt.Sprintf("%q (%s)", s, f.how))
				break
			}
		}
	}
	return out
}

type form struct {
	how, text string
	exact     bool // capitals count
}

func forms(s string) []form {
	quoted, _ := json.Marshal(s)
	out := []form{
		{"plain", s, false},
		{"marks apart", norm.NFD.String(s), false},
		{"in an address", url.QueryEscape(s), false},
		{"in a path", url.PathEscape(s), false},
		{"in HTML", html.EscapeString(s), false},
		{"in HTML, by number", each(s, func(r rune) string { return fmt.Sprintf("&#%d;", r) }), false},
		{"in HTML, by hexadecimal number", each(s, func(r rune) string { return fmt.Sprintf("&#x%x;", r) }), false},
		{"in JSON", strings.Trim(string(quoted), `"`), false},
		{"in ASCII JSON", each(s, func(r rune) string { return fmt.Sprintf(`\u%04x`, r) }), false},
		{"in hexadecimal", hex.EncodeToString([]byte(s)), false},
		{"backwards", backwards(s), false},
	}
	// Base64 depends on how many bytes stand before: three ways, without the ends
	// that other bytes share.
	for before := range 3 {
		b := append(make([]byte, before), s...)
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			t := e.EncodeToString(b)
			from, to := (before*8+5)/6, len(b)*8/6
			out = append(out, form{"in base64", t[from:to], true})
		}
	}
	return out
}

// each writes what is no ASCII letter, digit or space by f.
func each(s string, f func(rune) string) string {
	var b strings.Builder
	for _, r := range s {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ') {
			b.WriteRune(r)
		} else {
			b.WriteString(f(r))
		}
	}
	return b.String()
}

func backwards(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}
