package compile

import (
	"regexp"
	"strings"

	"article41/country"
)

// Sponsors who are no single state, as the note says them.
var bodies = map[string]string{
	"president":           "submitted by the President",
	"president?":          "submitted by the President",
	"e10":                 "submitted by the ten elected members",
	"all council members": "submitted by all members",
	"committee on the admission of new members": "submitted by the Committee on the Admission of New Members",
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

// readSponsors turns a cell of names into codes, and into words where a sponsor
// is no state; what it cannot read it gives back, to be left out and named.
func readSponsors(cell string) (codes, words string, unread []string) {
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
		if body, ok := bodies[strings.ToLower(p)]; ok {
			words = joined(words, body)
			continue
		}
		c, err := country.Parse(spelled(p))
		if err != nil {
			unread = append(unread, p)
			continue
		}
		if token := string(c); !seen[token] {
			seen[token] = true
			tokens = append(tokens, token)
		}
	}
	return strings.Join(tokens, " "), words, unread
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
