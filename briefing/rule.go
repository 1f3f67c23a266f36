package briefing

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"article41/council"
	"article41/country"
	"article41/monitor"
	"article41/record"
	"article41/regime"
)

// The rules, each for one sort of claim.

var sinceText = regexp.MustCompile(`(?i)\b(?:imposed|established|created|introduced|adopted|set up|first|in place|since|dating|instaurée?s?|imposée?s?|depuis)\b[^.;]{0,40}?\b(?:in|since|from|en|depuis) (20\d\d|19\d\d)\b`)

// measureNames are the words by which stories name a measure, and the record's word.
var measureNames = []struct {
	re   *regexp.Regexp
	word string
}{
	{regexp.MustCompile(`(?i)\b(?:arms )?embargo\b|embargo sur les armes`), "arms-embargo"},
	{regexp.MustCompile(`(?i)\btravel bans?\b|interdiction de voyager`), "travel-ban"},
	{regexp.MustCompile(`(?i)\bassets? freezes?\b|gel des avoirs`), "assets-freeze"},
}

// years compares the year in which a measure, or a regime's sanctions, were first
// imposed.
func (k *reading) years(s span, _ string) {
	for _, m := range sinceText.FindAllStringSubmatchIndex(s.text, -1) {
		if !measureWord.MatchString(s.text) || len(k.regimes) == 0 {
			continue
		}
		year, _ := strconv.Atoi(s.text[m[2]:m[3]])
		if slices.ContainsFunc(daysIn(s.text), func(d dayIn) bool { return d.from < m[3] && d.to >= m[3] }) {
			continue
		}
		g := k.regimeAt(s)
		if began := k.imposed(g, s.text[:m[2]]); len(began) > 0 {
			x := began[0]
			for _, y := range began {
				if y.Began.Year() == year {
					x = y
				}
			}
			k.lay("date", s, m[2], m[3], verdictOf(x.Began.Year() == year), string(g.ID), fmt.Sprintf("%s: %s imposed by %s, in force from %s.", g.Name, x.Name, x.ImposedBy.Symbol, x.Began.Text()), stateCites(x)...)
			continue
		}
		d, err := k.Council.Draft(g.Founding)
		if err != nil {
			continue
		}
		k.lay("date", s, m[2], m[3], verdictOf(d.Date.Year() == year), string(g.ID), g.Name+": imposed by "+d.ID.String()+" on "+d.Date.Text()+".", d.Cites...)
	}
}

// imposed are the measures of the sort that a text names last, with the days on
// which they began.
func (k *reading) imposed(g record.Regime, text string) (found []regime.State) {
	at, word := -1, ""
	for _, name := range measureNames {
		if all := name.re.FindAllStringIndex(text, -1); len(all) > 0 && all[len(all)-1][0] > at {
			at, word = all[len(all)-1][0], name.word
		}
	}
	for _, st := range k.states(g.ID, k.At.AsOf) {
		if st.Word == word && st.Began != nil && st.ImposedBy != nil {
			found = append(found, st)
		}
	}
	return found
}

// regimeAt is the regime that a sentence speaks of: the first whose territory it
// names, else the story's.
func (k *reading) regimeAt(s span) record.Regime {
	for _, g := range k.regimes {
		for _, p := range statesIn(s.text) {
			if slices.Contains(g.Territories, p.code) {
				return g
			}
		}
	}
	return k.regimes[0]
}

var targetText = regexp.MustCompile(`(?i)\bsanctions (?:(?:against|on|imposed on|contre|visant)) (?:the |le |la |les |l['’])?`)

// targets says whom the measures bind, where a story says they are against a State.
func (k *reading) targets(s span, _ string) {
	for _, m := range targetText.FindAllStringIndex(s.text, -1) {
		for _, p := range statesIn(s.text) {
			if p.from < m[1] || p.from > m[1]+4 {
				continue
			}
			for _, g := range k.regimes {
				if !slices.Contains(g.Territories, p.code) {
					continue
				}
				on := k.At.AsOf
				if len(k.drafts) > 0 {
					on = k.drafts[0].Date
				}
				listed := true
				for _, c := range g.Components {
					if c.Type == record.MeasureType && c.Binds != "listed" {
						listed = false
					}
				}
				if !listed {
					k.lay("target", s, m[0], p.to, Agrees, string(g.ID), "Of the measures of "+g.Name+", some bind more than listed names.", g.Components[0].Cite)
					continue
				}
				n := 0
				if k.Listed != nil {
					n = k.Listed(g.ID, on)
				}
				what := fmt.Sprintf("%s listed individuals", council.Numeral(n))
				if n == 1 {
					what = "one listed individual"
				}
				k.lay("target", s, m[0], p.to, Differs, string(g.ID), fmt.Sprintf("The measures were not against the State: on %s they bound %s.", on.Text(), what), g.Components[0].Cite)
			}
		}
	}
}

var peopleCount = regexp.MustCompile(`(?i)\b` + aNumber + ` (?:listed |named |sanctioned )?(?:individuals|people|persons|men|Malians|names|personnes|individus)\b`)

var listingWord = regexp.MustCompile(`(?i)sanction|list|travel ban|freeze|interdiction de voyager|gel des avoirs`)

// counts compares how many were listed.
func (k *reading) counts(s span, _ string) {
	if k.Listed == nil || len(k.regimes) == 0 || !listingWord.MatchString(s.text) {
		return
	}
	for _, m := range peopleCount.FindAllStringSubmatchIndex(s.text, -1) {
		n, _ := numeral(s.text[m[2]:m[3]])
		on := k.At.AsOf
		if len(k.drafts) > 0 {
			on = k.drafts[0].Date
		}
		g := k.regimeAt(s)
		have := k.Listed(g.ID, on)
		v := Differs
		if n == have {
			v = Agrees
		}
		k.lay("count", s, m[0], m[1], v, string(g.ID), fmt.Sprintf("%s: %d listings were alive on %s.", g.Name, have, on.Text()), g.Cites...)
	}
}

var causeText = regexp.MustCompile(`(?i)\b(?:in retaliation|in response|in revenge|as punishment|as payback|to punish|because of the|prompted by)\b(?:[^.;]{0,80}?\b(?:suggest(?:ed|s)?|sa(?:id|ys)|appear(?:ed|s)?)\b)?`)

// causes lays the order of events beside a cause that a story tells: why somebody
// acted is not in the record, when they did is.
func (k *reading) causes(s span, _ string) {
	for _, m := range causeText.FindAllStringIndex(s.text, -1) {
		var says []string
		var cites []record.Cite
		for _, d := range k.drafts {
			for _, a := range d.Acts {
				if a.What != "in-blue" || a.On.IsZero() {
					continue
				}
				when := "on " + a.On.Text()
				if d.Date.Sub(a.On) == 1 {
					when = "the night before the vote, on " + a.On.Text()
					if a.Note != "" {
						when += " (" + a.Note + ")"
					}
				}
				says = append(says, fmt.Sprintf("the text of %s, %s, was in blue %s", names(a.By, d), d.ID, when))
				cites = append(cites, a.Cite)
			}
		}
		t := "Why somebody acted is not in the record."
		if len(says) > 0 {
			t += " What is: " + strings.Join(says, "; ") + "."
		}
		about := ""
		if len(k.drafts) > 0 {
			about = string(k.drafts[0].ID)
		}
		k.lay("cause", s, m[0], m[1], Unheld, about, t, cites...)
	}
}

func names(by []country.Code, d *council.Draft) string {
	var out []string
	for _, c := range by {
		out = append(out, c.Name(d.Date))
	}
	return strings.Join(out, " and ")
}

var fewText = regexp.MustCompile(`(?i)\b(?:one of (?:the |only |just )*(?:a )?(?:few|handful of|small number of|only [a-z]+|` + aNumber + `) (?:nations|countries|States|governments|members)|the only (?:nation|country|State|member))(?: (?:that|which|to|in the world that))?(?: have| had| has)? (back(?:ed)?|support(?:ed)?|side[sd]?(?: with)?|oppose[d]?|voted? (?:against|for|with|alongside)|condemn(?:ed)?)(?: (?:it|them|the [a-z]+|Russia|Moscow|Ukraine))?`)

var (
	assemblyWord = regexp.MustCompile(`(?i)\b(?:general assembly|assemblée générale)\b`)
	onlyWord     = regexp.MustCompile(`(?i)^the only `)
	rankText     = regexp.MustCompile(`(?i)\b(?:the )?(?:first(?:[- ]ever)? (?:\w+ ){0,3}(?:ever|in history|of its kind|time)|first[- ]ever|(?:first|last|only|latest|rare) veto(?: \w+){0,2}|never before|unprecedented|for the first time|(?:the )(?:oldest|largest|longest|biggest|toughest|strictest|strongest|harshest|most \w+|worst)(?: \w+)?|in living memory|pour la première fois|sans précédent)\b`)
)

// ranks names the superlatives that no rule can count: they are laid as not in the
// record, with what the record can say beside them.
func (k *reading) ranks(s span, _ string) {
	for _, m := range rankText.FindAllStringIndex(s.text, -1) {
		says := "The record ranks nothing; that something was the first or the most of its kind is the story's own word."
		if d := k.draftAt(s, m[0]); d != nil && strings.Contains(strings.ToLower(s.text[m[0]:m[1]]), "veto") {
			n := 0
			for _, x := range k.Council.Drafts() {
				if x.Date.Before(d.Date) && k.Council.OutcomeOf(x).IsVeto() {
					n++
				}
			}
			says += fmt.Sprintf(" It holds %d drafts of any matter that were vetoed before %s.", n, d.Date.Text())
		}
		k.lay("superlative", s, m[0], m[1], Unheld, "", says)
	}
}

var ukraine = regexp.MustCompile(`(?i)\b(?:Ukrain|invasion|war)`)

// superlatives lays the Assembly's votes beside "one of the few that …".
func (k *reading) superlatives(s span, before string) {
	for _, m := range fewText.FindAllStringIndex(s.text, -1) {
		if onlyText.MatchString(s.text[m[0]:]) && !ukraine.MatchString(s.text) && !assemblyWord.MatchString(s.text) {
			continue // of a vote of the Council: onlyVoter
		}
		if !ukraine.MatchString(k.text) {
			k.lay("superlative", s, m[0], m[1], Unheld, "", "The record holds the Assembly's votes on Ukraine only; which votes this is about could not be read.")
			continue
		}
		who := k.subject(s, m[0], before)
		if who == "" {
			k.lay("superlative", s, m[0], m[1], Unheld, "", "Which state this is about could not be read.")
			continue
		}
		k.assembly(s, m, who)
	}
}

// subject is the state a superlative speaks of: named nearest before it, or in
// the sentence before; else the one the story's sanctions are about.
func (k *reading) subject(s span, at int, before string) country.Code {
	var who country.Code
	for _, text := range []string{before, s.text[:at], s.text} {
		for _, p := range statesIn(text) {
			if p.code != "RUS" && p.code != "UKR" && (text != s.text || who == "") {
				who = p.code
			}
		}
	}
	for _, g := range k.regimes {
		if slices.Contains(g.Territories, who) {
			return who
		}
	}
	if len(k.regimes) > 0 && len(k.regimes[0].Territories) == 1 {
		for _, p := range statesIn(s.text) {
			if p.code == who && who != "" {
				return who
			}
		}
		return k.regimes[0].Territories[0]
	}
	return who
}

const few = 10

// assembly lays the state's votes on Ukraine beside the claim: where it was one of
// few against, the claim agrees; where it abstained, it differs.
func (k *reading) assembly(s span, m []int, who country.Code) {
	var agree, differ []string
	var agreeCites, differCites []record.Cite
	var agreeAbout, differAbout string
	only := onlyWord.MatchString(s.text[m[0]:m[1]])
	votes := slices.Clone(k.Assembly)
	slices.SortStableFunc(votes, func(a, b record.Assembly) int { return b.Date.Compare(a.Date) })
	for _, a := range votes {
		if a.Session != "ES-11" || a.Ballots == nil || a.Tally == nil || a.Date.After(k.At.KnownAt) || len(k.drafts) > 0 && a.Date.After(k.drafts[0].Date) {
			continue
		}
		unsure := ""
		if slices.Contains(a.Unsure, string(who)) {
			unsure = " (unverified)"
		}
		state := who.Name(a.Date)
		switch council.BallotOf(a.Ballots, who) {
		case council.No:
			t := fmt.Sprintf("%s of %s: %s was one of %s against%s", a.Resolution, a.Date.Text(), state, council.Numeral(a.Tally.No), unsure)
			if only && a.Tally.No > 2 { // it and the state it is said to have backed
				differ, differCites, differAbout = append(differ, t), append(differCites, a.Cites...), string(a.Resolution)
			} else if a.Tally.No <= few {
				agree, agreeCites = append(agree, t), append(agreeCites, a.Cites...)
				if agreeAbout == "" {
					agreeAbout = string(a.Resolution)
				}
			}
		case council.Abstain:
			differ, differCites = append(differ, fmt.Sprintf("%s of %s: %s abstained%s, as %d did; %s were against", a.Resolution, a.Date.Text(), state, unsure, a.Tally.Abstain, council.Numeral(a.Tally.No))), append(differCites, a.Cites...)
			differAbout = string(a.Resolution)
		}
	}
	if len(agree) > 0 {
		k.lay("superlative", s, m[0], m[1], Agrees, agreeAbout, strings.Join(agree, "; ")+".", agreeCites...)
	}
	if len(differ) > 0 {
		k.lay("superlative", s, m[0], m[1], Differs, differAbout, strings.Join(differ, "; ")+".", differCites...)
	}
	if len(agree)+len(differ) == 0 {
		k.lay("superlative", s, m[0], m[1], Unheld, "", "The record holds no vote of "+string(who)+" on this.")
	}
}

// hedges lays each hedge with its speaker; a hedge stays one.
func (k *reading) hedges(s span, _ string) {
	for _, h := range monitor.Hedges(s.text) {
		k.lay("hedge", s, h.From, h.To, Unheld, "", "A hedge of "+h.Speaker+": what follows is said by that speaker and is no fact of the record.")
		k.laid[len(k.laid)-1].Speaker = h.Speaker
	}
}

var listedWord = regexp.MustCompile(`(?i)\b(?:sanctioned|listed|blacklisted|designated|sanctions list)\b`)

// names compares persons: who spoke in the Council, and whose name stands on a
// list. A name that met an entry is no more than that.
func (k *reading) names(s span, _ string) {
	for _, p := range People(s.text) {
		at := strings.Index(s.text, p)
		if at < 0 || len(statesIn(p)) > 0 {
			continue
		}
		words := strings.Fields(p)
		last := words[len(words)-1]
		found := false
		for _, d := range k.drafts {
			for _, st := range d.Statements {
				if st.Speaker != "" && strings.EqualFold(st.Speaker, last) && !found {
					found = true
					k.lay("name", s, at, at+len(p), Agrees, string(d.ID), fmt.Sprintf("The record has %s speaking for %s, %s, on %s.", st.Speaker, st.Member.Name(st.On), st.Where, st.On.Text()), st.Cite)
				}
			}
		}
		if found || k.Named == nil {
			continue
		}
		if says, cites, ok := k.Named(p); ok {
			k.lay("name", s, at, at+len(p), Agrees, "", says, cites...)
		} else if listedWord.MatchString(s.text) {
			k.lay("name", s, at, at+len(p), Unheld, "", "This name was not found in the lists held, as of "+k.At.AsOf.Text()+".")
		}
	}
}
