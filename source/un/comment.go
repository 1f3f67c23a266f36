package un

import (
	"regexp"
	"strings"
)

// stated takes two facts from the entry's own words: which measures the text
// limits itself to, and that the person is said to be dead. Words of ours, not
// the list's sentences, are kept.
func (p *page) stated() {
	e := &p.entry
	e.Only = measures(e.Comments)
	if e.Sort != "person" {
		return
	}
	said := []string{e.Comments}
	for _, a := range e.Addresses {
		said = append(said, a.Note)
	}
	said = append(said, e.Positions...)
	for _, n := range e.Names {
		said = append(said, n.Note)
	}
	for _, s := range said {
		if e.Died = death(s); e.Died != "" {
			return
		}
	}
}

// The Libya and Mali lists, and the Houthis' entry in Yemen's, name an entry's
// measures in parentheses behind the paragraph; other lists leave them to the
// regime.
var inParentheses = regexp.MustCompile(`(?i)\(\s*((?:` + oneMeasure + `)(?:\s*(?:,|and)\s*(?:` + oneMeasure + `))*)\s*\)`)

const oneMeasure = `travel ban|assets? freeze|(?:targeted )?arms embargo`

// measureWords are the measures as the text names them and as we do.
var measureWords = []struct{ theirs, ours string }{
	{"travel", "travel-ban"}, {"freeze", "assets-freeze"}, {"arms", "arms-embargo"},
}

// measures are the measure words that the text limits the listing to.
func measures(comments string) []string {
	if !strings.Contains(comments, "(") {
		return nil
	}
	var said strings.Builder
	for _, m := range inParentheses.FindAllStringSubmatch(comments, -1) {
		said.WriteString(strings.ToLower(m[1]))
	}
	var out []string
	for _, w := range measureWords {
		if strings.Contains(said.String(), w.theirs) {
			out = append(out, w.ours)
		}
	}
	return out
}

var (
	// A word on another person's death stands in parentheses behind the name.
	aside  = regexp.MustCompile(`\([^()]*\)`)
	mortal = regexp.MustCompile(`eceased|illed|ied\b|décédé`)
	// hedge, word, and what follows up to the end of the sentence.
	hedged = regexp.MustCompile(`(?i)\b(reportedly|reported|confirmed|believed)\s+(to\s+have\s+)?(deceased|killed|died)\b([^;]*)`)
	plain  = regexp.MustCompile(`(?:^|[.;]\s*|status(?:/location)?:\s*)(Deceased|deceased|Killed|Died)\b([^;]*)`)
	french = regexp.MustCompile(`(?i)\bserait\s+décédé([^;]*)`)
	when   = regexp.MustCompile(`^[^.]{0,60}?\b(as of|as at|on|in|le)\s+((?:early |late )?(?:[0-9]{1,2}(?:er)?\s+)?(?:\p{L}{3,9}\.?\s+)?[12][0-9]{3})\b`)
	others = regexp.MustCompile(`(?i)\b(?:who|whose|father|brother|son|leader)\b[^.]{0,30}$`)
)

// death is what the text says of the person's death, in few words: "reportedly
// deceased, as of April 2013", "confirmed died, 19 Sep. 2006", "deceased".
func death(s string) string {
	if !mortal.MatchString(s) {
		return ""
	}
	s = aside.ReplaceAllString(s, " ")
	if m := french.FindStringSubmatch(s); m != nil {
		return "reportedly deceased" + dateOf(m[1])
	}
	best := ""
	if m := hedged.FindStringSubmatchIndex(s); m != nil && !others.MatchString(s[:m[0]]) {
		hedge, word, rest := strings.ToLower(s[m[2]:m[3]]), strings.ToLower(s[m[6]:m[7]]), s[m[8]:m[9]]
		if hedge == "reported" {
			hedge = "reportedly"
		}
		best = hedge + " " + word + dateOf(rest)
	} else if m := plain.FindStringSubmatch(s); m != nil {
		best = strings.ToLower(m[1]) + dateOf(m[2])
		if strings.Contains(strings.ToLower(s), "believed status/location") && best == "deceased" {
			best = "believed deceased"
		}
	}
	return best
}

func dateOf(rest string) string {
	m := when.FindStringSubmatch(rest)
	switch {
	case m == nil:
		return ""
	case strings.HasPrefix(m[1], "as"):
		return ", as of " + m[2]
	}
	return ", " + m[2]
}
