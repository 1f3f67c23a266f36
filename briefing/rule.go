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
)

// The rules, each for one sort of claim.

var sinceText = regexp.MustCompile(`(?i)\b(?:imposed|established|created|introduced|adopted|set up|first|in place|since|dating)\b[^.;]{0,40}?\b(?:in|since|from) (20\d\d|19\d\d)\b`)

// years compares the year in which sanctions were first imposed.
func (k *reading) years(s span, _ string) {
	for _, m := range sinceText.FindAllStringSubmatchIndex(s.text, -1) {
		if !measureWord.MatchString(s.text) || len(k.regimes) == 0 {
			continue
		}
		year, _ := strconv.Atoi(s.text[m[2]:m[3]])
		if slices.ContainsFunc(daysIn(s.text), func(d dayIn) bool { return d.from < m[3] && d.to >= m[3] }) {
			continue
		}
		g := k.regimes[0]
		d, err := k.Council.Draft(g.Founding)
		if err != nil {
			continue
		}
		v := Differs
		if d.Date.Year() == year {
			v = Agrees
		}
		k.lay("date", s, m[2], m[3], v, string(g.ID), g.Name+": imposed by "+d.ID.String()+" on "+d.Date.Text()+".", d.Cites...)
	}
}

var (
	outOf      = regexp.MustCompile(`(?i)\b` + aNumber + ` (?:members )?(?:out )?of (?:the |its |all )?(?:Council's |Council’s )?(?:15|fifteen)\b`)
	threeParts = regexp.MustCompile(`\b(\d{1,2})[-–](\d{1,2})[-–](\d{1,2})\b`)
	toNone     = regexp.MustCompile(`(?i)\b` + aNumber + ` (?:votes? )?(?:in favou?r|for)\b(?:[^.;]{0,20}?\b` + aNumber + ` against\b)?(?:[^.;]{0,30}?\b` + aNumber + ` abst)?`)
	unanimous  = regexp.MustCompile(`(?i)\bunanimous(?:ly)?\b`)
	against    = regexp.MustCompile(`(?i)\b(?:against|opposed|objected)\b`)
	abstained  = regexp.MustCompile(`(?i)\babst(?:ain|ention)`)
)

// tallies compares counts of votes.
func (k *reading) tallies(s span, _ string) {
	d := k.draftOf(s)
	held := func(m []int, kind func(o council.Outcome) (bool, string)) {
		if d == nil {
			k.lay("tally", s, m[0], m[1], Unheld, "", "Which vote this is about could not be read from the story.")
			return
		}
		o := k.Council.OutcomeOf(d)
		if !o.Counted {
			k.lay("tally", s, m[0], m[1], Unheld, string(d.ID), "The record holds no count of the vote on "+d.ID.String()+".", d.Cites...)
			return
		}
		ok, says := kind(o)
		v := Differs
		if ok {
			v = Agrees
		}
		k.lay("tally", s, m[0], m[1], v, string(d.ID), d.ID.String()+": "+says+" The whole vote: "+strings.ReplaceAll(o.Tally, "-", "–")+".", d.Cites...)
	}
	for _, m := range outOf.FindAllStringSubmatchIndex(s.text, -1) {
		n, _ := numeral(s.text[m[2]:m[3]])
		tail := s.text[m[1]:min(len(s.text), m[1]+60)]
		held(m, func(o council.Outcome) (bool, string) {
			count, word := o.Yes, "in favour"
			switch {
			case against.MatchString(tail):
				count, word = o.No, "against"
			case abstained.MatchString(tail):
				count, word = o.Abstain, "abstaining"
			}
			return n == count && o.Seats == 15, fmt.Sprintf("%d of %d members %s.", count, o.Seats, word)
		})
	}
	for _, m := range threeParts.FindAllStringSubmatchIndex(s.text, -1) {
		text := strings.ReplaceAll(s.text[m[0]:m[1]], "–", "-")
		if slices.ContainsFunc(k.drafts, func(x *council.Draft) bool { return k.Council.OutcomeOf(x).Tally == text }) {
			for _, x := range k.drafts {
				if o := k.Council.OutcomeOf(x); o.Tally == text {
					d = x
				}
			}
		}
		held(m, func(o council.Outcome) (bool, string) { return o.Tally == text, o.Sentence })
	}
	for _, m := range toNone.FindAllStringSubmatchIndex(s.text, -1) {
		n, _ := numeral(s.text[m[2]:m[3]])
		if slices.ContainsFunc(outOf.FindAllStringIndex(s.text, -1), func(o []int) bool { return m[0] < o[1] && o[0] < m[1] }) {
			continue
		}
		held(m, func(o council.Outcome) (bool, string) {
			ok := n == o.Yes
			for i, want := range []int{o.No, o.Abstain} {
				if a := m[4+2*i]; a >= 0 {
					x, _ := numeral(s.text[a:m[5+2*i]])
					ok = ok && x == want
				}
			}
			return ok, o.Sentence
		})
	}
	if m := unanimous.FindStringIndex(s.text); m != nil {
		held(m, func(o council.Outcome) (bool, string) { return o.No+o.Abstain+o.NotVoting == 0, o.Sentence })
	}
}

var casts = []struct {
	words  *regexp.Regexp
	ballot council.Ballot
	veto   bool
}{
	{regexp.MustCompile(`(?i)\bveto(?:ed|es|ing)?\b`), council.No, true},
	{regexp.MustCompile(`(?i)\babstain(?:ed|s|ing)?\b`), council.Abstain, false},
	{regexp.MustCompile(`(?i)\bvot(?:ed|es|ing) against\b`), council.No, false},
	{regexp.MustCompile(`(?i)\bvot(?:ed|es|ing) (?:for|in favou?r)\b`), council.Yes, false},
}

// ballots compares how a state is said to have voted: the state that stands
// nearest before the word.
func (k *reading) ballots(s span, _ string) {
	if len(k.drafts) == 0 {
		return
	}
	states := statesIn(s.text)
	for _, c := range casts {
		for _, m := range c.words.FindAllStringIndex(s.text, -1) {
			var who *placeIn
			for i := range states {
				if states[i].to <= m[0] && m[0]-states[i].to < 60 && k.Council.Sat(states[i].code, k.drafts[0].Date) {
					who = &states[i]
				}
			}
			if who == nil {
				continue
			}
			drafts := k.drafts
			if ownDraft.MatchString(s.text) || len(symbolsIn(s.text)) > 0 {
				drafts = []*council.Draft{k.draftOf(s)}
			}
			v := Differs
			var says []string
			var cites []record.Cite
			for _, d := range drafts {
				o := k.Council.OutcomeOf(d)
				b := record.Ballots{}
				if d.Ballots != nil {
					b = *d.Ballots
				}
				cast := council.BallotOf(&b, who.code)
				if c.veto {
					is := slices.ContainsFunc(o.VetoedBy, func(p council.Party) bool { return p.Code == who.code })
					if is {
						v = Agrees
						says = append(says, d.ID.String()+": "+o.Sentence)
						cites = append(cites, d.Cites...)
					}
					continue
				}
				if cast == c.ballot {
					v = Agrees
				}
				says = append(says, fmt.Sprintf("%s: %s: %s", d.ID, who.code.Name(d.Date), cast))
				cites = append(cites, d.Cites...)
			}
			if len(says) == 0 {
				says = append(says, "The record holds no veto of "+who.code.Name(k.drafts[0].Date)+" on this day's drafts.")
			}
			k.lay("ballot", s, who.from, m[1], v, string(drafts[0].ID), strings.Join(says, "; ")+end(says[len(says)-1]), cites...)
		}
	}
}

func end(s string) string {
	if strings.HasSuffix(s, ".") {
		return ""
	}
	return "."
}

var targetText = regexp.MustCompile(`(?i)\bsanctions (?:against|on|imposed on)\b `)

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

var peopleCount = regexp.MustCompile(`(?i)\b` + aNumber + ` (?:listed |named |sanctioned )?(?:individuals|people|persons|men|Malians|names)\b`)

// counts compares how many were listed.
func (k *reading) counts(s span, _ string) {
	if k.Listed == nil || len(k.regimes) == 0 || !regexp.MustCompile(`(?i)sanction|list|travel ban|freeze`).MatchString(s.text) {
		return
	}
	for _, m := range peopleCount.FindAllStringSubmatchIndex(s.text, -1) {
		n, _ := numeral(s.text[m[2]:m[3]])
		on := k.At.AsOf
		if len(k.drafts) > 0 {
			on = k.drafts[0].Date
		}
		g := k.regimes[0]
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

var fewText = regexp.MustCompile(`(?i)\b(?:one of (?:the |only |just )*(?:a )?(?:few|handful of|small number of|only [a-z]+|` + aNumber + `) (?:nations|countries|States|governments|members)|the only (?:nation|country|State|member))(?: (?:that|which|to|in the world that))?(?: have| had| has)? (back(?:ed)?|support(?:ed)?|side[sd]?(?: with)?|oppose[d]?|voted? (?:against|for)|condemn(?:ed)?)(?: (?:it|them|the [a-z]+|Russia|Moscow|Ukraine))?`)

var ukraine = regexp.MustCompile(`(?i)\b(?:Ukrain|invasion|war)`)

// superlatives lays the Assembly's votes beside "one of the few that …".
func (k *reading) superlatives(s span, before string) {
	for _, m := range fewText.FindAllStringIndex(s.text, -1) {
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
			if a.Tally.No <= few {
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
