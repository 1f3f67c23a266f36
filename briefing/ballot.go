package briefing

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"article41/council"
	"article41/country"
	"article41/record"
)

// casts are the words that say how a state voted. A veto as a noun is none: it has
// to be cast or used.
var casts = []struct {
	words  *regexp.Regexp
	ballot council.Ballot
	veto   bool
}{
	{regexp.MustCompile(`(?i)\bveto(?:ed|es|ing)\b|\b(?:cast|casts|casting|used|uses|using|wielded|exercised) (?:a|its|their|the) veto\b|\b(?:a|ont) (?:opposé|mis|utilisé) (?:son|leur) (?:droit de )?veto`), council.No, true},
	{regexp.MustCompile(`(?i)\babstain(?:ed|s|ing)\b|s['’]est abstenue?|se sont abstenue?s`), council.Abstain, false},
	{regexp.MustCompile(`(?i)\bvot(?:ed|es|ing) (?:against|no)\b|\boppos(?:ed|es) (?:it|the (?:draft|text|resolution|measure))|\b(?:a|ont) voté contre`), council.No, false},
	{regexp.MustCompile(`(?i)\bvot(?:ed|es|ing) (?:for|in favou?r|yes)\b|\b(?:supported|backed) (?:it|the (?:draft|text|resolution|measure))|\b(?:a|ont) voté (?:pour|en faveur)`), council.Yes, false},
}

// between are the words that may stand between two states of one list.
var between = regexp.MustCompile(`(?i)^[\s,]*(?:and|&|et|the|la|le|les|l['’]|both|plus|along with|as well as|ainsi que|(?:[\w-]+ ){0,4}members?)?[\s,]*(?:the|la|le|les|l['’])?\s*$`)

// otherVerb are words after which a state named before is no longer who voted.
var otherVerb = regexp.MustCompile(`(?i)\b(?:said|says|told|called|noted|argued|that|which|who|while|but|whereas|because|voted|abstained|vetoed)\b|[;:]`)

// voters are the states whom a word at the place speaks of: the list that ends
// nearest before it.
func (k *reading) voters(s span, at int) []placeIn {
	var out []placeIn
	states := statesIn(s.text[:at])
	for i := len(states) - 1; i >= 0; i-- {
		p := states[i]
		if len(out) == 0 {
			gap := s.text[p.to:at]
			if len(gap) >= 60 || otherVerb.MatchString(gap) {
				return nil
			}
			out = append(out, p)
			continue
		}
		if !between.MatchString(s.text[p.to:out[0].from]) {
			break
		}
		out = slices.Insert(out, 0, p)
	}
	return out
}

// ballots compares how states are said to have voted.
func (k *reading) ballots(s span, _ string) {
	if len(k.drafts) == 0 {
		return
	}
	for _, c := range casts {
		for _, m := range c.words.FindAllStringIndex(s.text, -1) {
			drafts := k.draftsAt(s, m[0])
			who := slices.DeleteFunc(k.voters(s, m[0]), func(p placeIn) bool { return !k.Council.Sat(p.code, drafts[0].Date) })
			if len(who) == 0 {
				continue
			}
			v := Agrees
			var says []string
			var cites []record.Cite
			for _, p := range who {
				ok := false
				for _, d := range drafts {
					is, told := k.cast(d, p.code, c.ballot, c.veto)
					ok = ok || is
					if told != "" {
						says = append(says, told)
						cites = append(cites, d.Cites...)
					}
				}
				if !ok {
					v = Differs
				}
			}
			k.lay("ballot", s, who[0].from, m[1], v, string(drafts[0].ID), strings.Join(says, "; ")+end(says[len(says)-1]), cites...)
		}
	}
}

// cast reports whether a state cast such a ballot, and what the record holds.
func (k *reading) cast(d *council.Draft, who country.Code, ballot council.Ballot, veto bool) (bool, string) {
	o := k.Council.OutcomeOf(d)
	name := who.Name(d.Date)
	is := k.ballotOf(d, who)
	if is == council.Unrecorded {
		return false, fmt.Sprintf("%s: %s: no ballot is recorded", d.ID, name)
	}
	if !veto {
		return is == ballot, fmt.Sprintf("%s: %s: %s", d.ID, name, is)
	}
	if slices.ContainsFunc(o.VetoedBy, func(p council.Party) bool { return p.Code == who }) {
		return true, d.ID.String() + ": " + o.Sentence
	}
	return false, fmt.Sprintf("%s: no veto of %s, which voted: %s", d.ID, name, is)
}

func end(s string) string {
	if strings.HasSuffix(s, ".") {
		return ""
	}
	return "."
}

func (k *reading) ballotOf(d *council.Draft, who country.Code) council.Ballot {
	for _, c := range k.Council.Rollcall(d) {
		if c.Member == who {
			return c.Ballot
		}
	}
	return council.Unrecorded
}

var onlyText = regexp.MustCompile(`(?i)\b(?:the )?(?:only|sole|lone|single) (?:country|member|state|nation|power|one|government|delegation|council member)?\s*(?:on the council )?(?:to|that|which|who)\s+(?:had |has |have )?(oppose[d]?|vote[d]? against|vote[d]? no|abstain(?:ed)?|veto(?:ed)?|vote[d]? (?:for|in favou?r)|back(?:ed)?|support(?:ed)?)`)

// onlyVoter compares "the only country to oppose the draft" with the roll call. What
// speaks of the Assembly or of Ukraine is no matter of the Council's roll calls.
func (k *reading) onlyVoter(s span, before string) {
	for _, m := range onlyText.FindAllStringSubmatchIndex(s.text, -1) {
		if ukraine.MatchString(s.text) || assemblyWord.MatchString(s.text) {
			continue
		}
		d := k.draftAt(s, m[0])
		who := k.subjectOf(s, m[0], before)
		if d == nil || who == "" || !k.Council.Sat(who, d.Date) {
			k.lay("superlative", s, m[0], m[1], Unheld, "", "Which vote, or whose, this is about could not be read.")
			continue
		}
		ballot := council.No
		switch word := strings.ToLower(s.text[m[2]:m[3]]); {
		case strings.HasPrefix(word, "abst"):
			ballot = council.Abstain
		case strings.Contains(word, "for"), strings.Contains(word, "favo"), strings.HasPrefix(word, "back"), strings.HasPrefix(word, "supp"):
			ballot = council.Yes
		}
		var same []string
		for _, c := range k.Council.Rollcall(d) {
			if c.Ballot == ballot {
				same = append(same, c.Member.Name(d.Date))
			}
		}
		mine := k.ballotOf(d, who)
		says := fmt.Sprintf("%s: %s: %s; voting %s: %s.", d.ID, who.Name(d.Date), mine, ballot, strings.Join(same, ", "))
		k.lay("superlative", s, m[0], m[1], verdictOf(mine == ballot && len(same) == 1), string(d.ID), says, d.Cites...)
	}
}

// subjectOf is the state that stands nearest before a place, in the sentence or in
// the one before.
func (k *reading) subjectOf(s span, at int, before string) country.Code {
	for _, text := range []string{s.text[:at], before} {
		if states := statesIn(text); len(states) > 0 {
			return states[len(states)-1].code
		}
	}
	return ""
}
