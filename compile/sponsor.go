package compile

import (
	"regexp"
	"strings"

	"article41/country"
)

// Words that stand for sponsors who are no state.
var bodies = map[string]string{
	"president":           "president",
	"president?":          "president",
	"e10":                 "e10",
	"all council members": "all",
	"committee on the admission of new members": "admission-committee",
	"-none-": "",
	"none":   "",
}

var (
	count   = regexp.MustCompile(` \(\d+\)`)
	joiners = regexp.MustCompile(`\s*(?:,|;| and (?:the )?)\s*`)
)

// Names that hold the word "and", which else parts two states.
var andNames = []string{
	"Bosnia and Herzegovina", "Antigua and Barbuda", "Trinidad and Tobago", "Saint Kitts and Nevis",
	"Saint Vincent and the Grenadines", "Sao Tome and Principe",
	"United Kingdom of Great Britain and Northern Ireland",
}

// readSponsors turns a cell of names into codes and words; what it cannot read
// it gives back, to be left out and named.
func readSponsors(cell string) (out string, unread []string) {
	s := count.ReplaceAllString(tidy(strings.Trim(cell, `"`)), "")
	for i, n := range andNames {
		s = strings.ReplaceAll(s, n, "\x00"+string(rune('A'+i)))
	}
	var tokens []string
	seen := map[string]bool{}
	for _, p := range joiners.Split(s, -1) {
		p = strings.TrimPrefix(strings.TrimSpace(strings.TrimSuffix(p, ".")), "the ")
		for i, n := range andNames {
			p = strings.ReplaceAll(p, "\x00"+string(rune('A'+i)), n)
		}
		if p == "" {
			continue
		}
		token, isBody := bodies[strings.ToLower(p)]
		if !isBody {
			c, err := country.Parse(spelled(p))
			if err != nil {
				unread = append(unread, p)
				continue
			}
			token = string(c)
		}
		if token != "" && !seen[token] {
			seen[token] = true
			tokens = append(tokens, token)
		}
	}
	return strings.Join(tokens, " "), unread
}

// spelled mends misspellings that only this source has.
func spelled(s string) string {
	switch strings.ToLower(s) {
	case "united kindgom":
		return "United Kingdom"
	case "côte d`ivoire":
		return "Côte d'Ivoire"
	}
	return s
}
