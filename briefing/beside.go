package briefing

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

// Record is what stories are laid beside: the folds of the record as known on a
// day. Listed and Named ask the lists.
type Record struct {
	At       record.At
	Written  date.Day // the story's own day; zero: the one that it states
	Council  *council.Council
	Law      *regime.World
	Regimes  []record.Regime
	Assembly []record.Assembly
	Listed   func(id record.RegimeID, on date.Day) int        // listings alive on the day
	Named    func(words string) (string, []record.Cite, bool) // a listed name, in words
}

// reading is one story on its way.
type reading struct {
	Record
	text    string
	laid    []Laid
	regimes []record.Regime
	drafts  []*council.Draft // the story's votes: those of its main day first, and of a day the vetoed one
	focus   []*council.Draft // the votes of the day that the story speaks of by now
	resume  []*council.Draft // the focus before a sentence about what lay before
	year    int
}

// Check lays a story beside the record. It knows patterns, not language: what no
// rule reads comes back as unread.
func (r Record) Check(text string) (Checked, error) {
	if strings.TrimSpace(text) == "" {
		return Checked{}, fmt.Errorf("%w: there is no story", record.ErrInvalid)
	}
	if len(text) > maxStory {
		return Checked{}, fmt.Errorf("%w: a story of %d bytes, at most %d", record.ErrInvalid, len(text), maxStory)
	}
	k := &reading{Record: r, text: text}
	k.about()
	all := sentences(text)
	k.order(all)
	for i, s := range all {
		k.focusOn(s)
		before := ""
		if i > 0 {
			before = all[i-1].text
		}
		for _, rule := range []func(span, string){k.symbols, k.days, k.years, k.tallies, k.ballots, k.targets, k.months, k.counts, k.causes, k.superlatives, k.onlyVoter, k.ranks, k.hedges, k.names, k.relatives} {
			rule(s, before)
		}
	}
	slices.SortStableFunc(k.laid, func(a, b Laid) int { return a.From - b.From })
	out := Checked{AsOf: r.At.AsOf, KnownAt: r.At.KnownAt, Laid: append([]Laid{}, k.laid...), Unread: []string{}, Votes: []symbol.Symbol{}, Regimes: []string{}}
	n := map[Verdict]int{}
	for _, l := range k.laid {
		n[l.Verdict]++
	}
	for _, s := range all {
		if !slices.ContainsFunc(k.laid, func(l Laid) bool { return l.From >= s.from && l.From < s.to }) {
			out.Unread = append(out.Unread, s.text)
		}
	}
	for _, d := range k.drafts {
		out.Votes = append(out.Votes, d.ID)
	}
	for _, g := range k.regimes {
		out.Regimes = append(out.Regimes, string(g.ID))
	}
	out.Sentence = fmt.Sprintf("Of %d claims read, %d agree with the record, %d differ from it and %d are not in it; %d of %d sentences could not be read.",
		len(k.laid), n[Agrees], n[Differs], n[Unheld], len(out.Unread), len(all))
	if len(k.laid) == 0 {
		out.Sentence = "Nothing in it was read. The rules are for English, and in French for symbols, days, counts and ballots."
	}
	return out, nil
}

// about finds which regimes and votes the story is about.
func (k *reading) about() {
	named := map[country.Code]bool{}
	for _, p := range statesIn(k.text) {
		named[p.code] = true
	}
	low := strings.ToLower(k.text)
	k.findRegimes(named)
	said := map[symbol.Symbol]bool{}
	for _, s := range symbolsIn(k.text) {
		said[s.symbol] = true
	}
	years := map[int]bool{}
	days := daysIn(k.text)
	for _, d := range days {
		years[d.year] = true
	}
	for _, m := range yearText.FindAllString(k.text, -1) {
		var y int
		fmt.Sscan(m, &y)
		years[y] = true
	}
	var near []*council.Draft
	for _, d := range k.Council.Drafts() {
		if d.Known.After(k.At.KnownAt) {
			continue
		}
		touches := slices.ContainsFunc(k.Law.Touched(d.ID), func(id record.RegimeID) bool {
			return slices.ContainsFunc(k.regimes, func(g record.Regime) bool { return g.ID == id })
		})
		onDay := slices.ContainsFunc(days, func(x dayIn) bool { on, ok := x.in(d.Date.Year()); return ok && on == d.Date })
		if said[d.ID] || said[d.Draft] || said[d.Resolution] || touches && onDay {
			k.drafts = append(k.drafts, d)
		}
		if touches {
			near = append(near, d)
		}
	}
	if len(k.drafts) == 0 && strings.Contains(low, "veto") { // the newest vetoed draft of the regime, and what was voted on that day
		for i := len(near) - 1; i >= 0 && len(k.drafts) == 0; i-- {
			if o := k.Council.OutcomeOf(near[i]); o.IsVeto() && slices.ContainsFunc(o.VetoedBy, func(p council.Party) bool { return named[p.Code] }) {
				k.drafts = append(k.drafts, near[i])
			}
		}
	}
	for _, d := range slices.Clone(k.drafts) {
		for _, r := range k.Council.Rivals(d) {
			if !slices.Contains(k.drafts, r) {
				k.drafts = append(k.drafts, r)
			}
		}
	}
}

var yearText = regexp.MustCompile(`\b(?:19[4-9]\d|20\d\d)\b`)

func (k *reading) lay(kind string, s span, at, end int, v Verdict, about, says string, cites ...record.Cite) {
	k.laid = append(k.laid, Laid{Kind: kind, Words: s.text[at:end], From: s.from + at, To: s.from + end, Verdict: v, About: about, Says: says, Cites: append([]record.Cite{}, cites...)})
}

var ownDraft = regexp.MustCompile(`(?i)\b(?:own|rival|competing|alternative|counter)[- ](?:draft|text|resolution|proposal)|\b(?:Russian|Moscow|French|Emirati)(?:'s|’s)? (?:draft|text|resolution|proposal)`)

func (k *reading) symbols(s span, _ string) {
	for _, x := range symbolsIn(s.text) {
		d, err := k.Council.Draft(x.symbol)
		switch {
		case err == nil:
			k.lay("symbol", s, x.from, x.to, Agrees, string(d.ID), d.ID.String()+", "+d.Date.Text()+": "+k.Council.OutcomeOf(d).Sentence, d.Cites...)
		case strings.HasPrefix(string(x.symbol), "A/RES/"):
			if i := slices.IndexFunc(k.Assembly, func(a record.Assembly) bool { return a.Resolution == x.symbol }); i >= 0 {
				a := k.Assembly[i]
				k.lay("symbol", s, x.from, x.to, Agrees, string(a.Resolution), a.Resolution.String()+", "+a.Date.Text()+": "+a.Title+".", a.Cites...)
				continue
			}
			fallthrough
		default:
			k.lay("symbol", s, x.from, x.to, Unheld, string(x.symbol), "The record holds no vote on "+x.symbol.String()+".")
		}
	}
}

var (
	panelWord   = regexp.MustCompile(`(?i)\b(?:panel|experts?)\b`)
	measureWord = regexp.MustCompile(`(?i)\b(?:sanctions|measures|mesures|embargo|travel ban|asset[s]? freeze|regime|régime|interdiction de voyager|gel des avoirs)\b`)
	endWord     = regexp.MustCompile(`(?i)\b(?:until|expire[sd]?|end(?:s|ed)?|lapse[sd]?|run(?:s)? out|ran out|through|extend(?:ed)?|renew(?:ed)?|keep|kept|prolong(?:ed)?|to)\b|jusqu['’]a?u?|\bexpir`)
	// termWord ends just before a day that is the last of a term.
	termWord   = regexp.MustCompile(`(?i)(?:\b(?:until|till|to|through|expire[sd]?(?: on)?|ends?(?: on)?|lapse[sd]?(?: on)?|run(?:s)? out(?: on)?|prend fin le|expirait le|expire le)|jusqu['’]au|[-–])(?: the)?\s+$`)
	voteWord   = regexp.MustCompile(`(?i)\b(?:vot(?:e|ed|es|ing|é|er)|veto(?:ed|es)?|adopt(?:ed|s|é|ée)?|reject(?:ed|s)?|block(?:ed|s)?|Council met)\b`)
	voteNear   = regexp.MustCompile(`(?i)\b(?:put to the vote|council (?:has |had )?(?:voted|adopted|rejected)|vetoed|voted)\b`)
	debateWord = regexp.MustCompile(`(?i)\b(?:debate[sd]?|General Assembly|débattu|Assemblée générale)\b`)
)

// days compares each day with the event that its sentence speaks of.
func (k *reading) days(s span, _ string) {
	if storyDay.MatchString(s.text) {
		return // the story's own day, no claim
	}
	for _, x := range daysIn(s.text) {
		on, ok := x.in(k.yearNow())
		if !ok || x.year == 0 && k.yearNow() == 0 {
			k.lay("date", s, x.from, x.to, Unheld, "", "The day names no year, and the story no vote that would give it one.")
			continue
		}
		clause := clauseAt(s.text, x.from)
		d := k.draftAt(s, x.from)
		var voted *council.Draft
		if d != nil {
			voted = k.votedOn(on)
		}
		ends := termWord.MatchString(s.text[:x.from])
		matter := panelWord.MatchString(clause) || measureWord.MatchString(clause)
		switch {
		case x.either && x.day != x.month:
			k.lay("date", s, x.from, x.to, Unheld, "", "The day could be read in two ways, day or month first.")
		case ofAssembly.MatchString(clause) && k.inAssembly(s, x.span, on):
		case d != nil && debateWord.MatchString(clause):
			k.debate(s, x.span, on, d)
		case d != nil && ends && matter:
			k.term(s, x.span, on, d, ofPanel(s.text, x.from))
		case d != nil && on == d.Date:
			k.lay("date", s, x.from, x.to, Agrees, string(d.ID), d.ID.String()+" was put to the vote on "+d.Date.Text()+".", d.Cites...)
		case voted != nil && slices.Contains(k.drafts, voted):
			k.lay("date", s, x.from, x.to, Agrees, string(voted.ID), "On that day: "+voted.ID.String()+": "+k.Council.OutcomeOf(voted).Sentence, voted.Cites...)
		case d != nil && voteWord.MatchString(clause):
			if o := voted; o != nil {
				k.lay("date", s, x.from, x.to, Agrees, string(o.ID), "On that day: "+o.ID.String()+": "+k.Council.OutcomeOf(o).Sentence, o.Cites...)
			} else if says, about, cites, ok := k.event(on); ok && !voteNear.MatchString(clause) {
				k.lay("date", s, x.from, x.to, Agrees, about, "On that day, as the record has it: "+says, cites...)
			} else {
				k.lay("date", s, x.from, x.to, Differs, string(d.ID), d.ID.String()+" was put to the vote on "+d.Date.Text()+", not on "+on.Text()+".", d.Cites...)
			}
		default:
			if says, about, cites, ok := k.event(on); ok {
				k.lay("date", s, x.from, x.to, Agrees, about, "On that day, as the record has it: "+says, cites...)
			} else if d != nil && endWord.MatchString(clause) && matter {
				k.term(s, x.span, on, d, ofPanel(s.text, x.from))
			} else {
				k.lay("date", s, x.from, x.to, Unheld, "", "The record holds nothing of this matter on "+on.Text()+".")
			}
		}
	}
}

// ofAssembly speaks of the General Assembly or names a resolution of its own.
var ofAssembly = regexp.MustCompile(`\bAssembl(?:y|ée)\b|\bA/RES/|\bES-\d`)

// inAssembly lays a day beside the Assembly's votes that the record holds.
func (k *reading) inAssembly(s, x span, on date.Day) bool {
	for _, a := range k.Assembly {
		if a.Date == on && !a.Date.After(k.At.KnownAt) {
			k.lay("date", s, x.from, x.to, Agrees, string(a.Resolution), "On that day the General Assembly adopted "+a.Resolution.String()+".", a.Cites...)
			return true
		}
	}
	return false
}

// ofPanel reports whether the panel is spoken of nearest before a place, or, if
// nothing is, at all.
func ofPanel(s string, at int) bool {
	nearest := func(re *regexp.Regexp) int {
		found := re.FindAllStringIndex(s[:at], -1)
		if len(found) == 0 {
			return -1
		}
		return found[len(found)-1][0]
	}
	p, m := nearest(panelWord), nearest(measureWord)
	if p < 0 && m < 0 {
		return panelWord.MatchString(s)
	}
	return p > m
}

// clauseAt is the sentence's part around a place, between semicolons.
func clauseAt(s string, at int) string {
	from := strings.LastIndexAny(s[:at], ";") + 1
	to := strings.IndexAny(s[at:], ";")
	if to < 0 {
		return s[from:]
	}
	return s[from : at+to]
}

func (k *reading) votedOn(on date.Day) *council.Draft {
	for _, d := range k.Council.Drafts() {
		if d.Date == on && slices.ContainsFunc(k.Law.Touched(d.ID), func(id record.RegimeID) bool {
			return slices.ContainsFunc(k.regimes, func(g record.Regime) bool { return g.ID == id })
		}) {
			return d
		}
	}
	return nil
}

// event is something of the story's regimes or votes on a day.
func (k *reading) event(on date.Day) (says, about string, cites []record.Cite, ok bool) {
	if d := k.votedOn(on); d != nil {
		return d.ID.String() + ": " + k.Council.OutcomeOf(d).Sentence, string(d.ID), d.Cites, true
	}
	for _, g := range k.regimes {
		for _, c := range g.Context {
			if c.On.From == on && c.On.To == on {
				return c.Text + ".", string(g.ID), []record.Cite{c.Cite}, true
			}
		}
	}
	for _, d := range k.drafts {
		for _, a := range d.Acts {
			if a.On == on {
				return strings.ReplaceAll(a.What, "-", " ") + ", " + d.ID.String(), string(d.ID), []record.Cite{a.Cite}, true
			}
		}
	}
	for _, g := range k.regimes {
		for _, st := range k.states(g.ID, on) {
			if st.Until != nil && *st.Until == on {
				return st.Name + ": its last day.", string(g.ID), stateCites(st), true
			}
			if st.Since != nil && (*st.Since == on || *st.Since == on.Next()) {
				return upper(st.Name) + ": " + string(st.Status) + " since " + st.Since.Text() + ". " + st.Sentence, string(g.ID), stateCites(st), true
			}
		}
	}
	return "", "", nil, false
}

func (k *reading) states(id record.RegimeID, on date.Day) []regime.State {
	at := k.At
	at.AsOf = on
	a, err := k.Law.InForce(at, id)
	if err != nil {
		return nil
	}
	return slices.Concat(a.Measures, a.Authorizations, a.Bodies)
}

func stateCites(s regime.State) []record.Cite {
	for _, r := range []*regime.Ref{s.ExtendedBy, s.ImposedBy} {
		if r != nil {
			return []record.Cite{r.Sure}
		}
	}
	return nil
}

// term compares a day with the ends of terms: of the draft, and of what ran then.
func (k *reading) term(s span, x span, on date.Day, d *council.Draft, body bool) {
	what := "measures"
	if body {
		what = "panel"
	}
	var found []string
	var cites []record.Cite
	agrees := false
	would := "would have kept"
	if k.Council.OutcomeOf(d).Adopted {
		would = "kept"
	}
	spoken := strings.Contains(strings.ToLower(s.text), "would have") || strings.Contains(strings.ToLower(s.text), "extend") || strings.Contains(strings.ToLower(s.text), "draft") ||
		strings.Contains(strings.ToLower(s.text), "renew") || strings.Contains(strings.ToLower(s.text), "prolong")
	for _, id := range k.Law.Touched(d.ID) {
		c, err := k.Law.Regime(id)
		if err != nil {
			continue
		}
		isBody := func(cid record.ComponentID) bool {
			m, ok := c.Component(cid)
			return ok && m.Type == record.BodyType
		}
		for _, dec := range c.Decisions {
			if dec.Decision != d.ID {
				continue
			}
			for _, e := range dec.Effects.Effects {
				if e.Until.IsZero() || len(e.What) == 0 || isBody(e.What[0]) != body {
					continue
				}
				found = append(found, fmt.Sprintf("%s %s the %s until %s", d.ID, would, what, e.Until.Text()))
				cites = append(cites, e.Cite)
				agrees = agrees || e.Until == on
			}
			for _, cl := range dec.Effects.Claims {
				said, err := date.ParseDay(cl.Says)
				if err == nil && said == on && !agrees && strings.HasPrefix(cl.About, what) {
					found = append(found, fmt.Sprintf("%s prints %s too (%s)", cl.Speaker, cl.Says, cl.Note))
				}
			}
		}
		for _, st := range k.states(id, d.Date) {
			if st.Until == nil || isBody(st.ID) != body {
				continue
			}
			t := fmt.Sprintf("the term that ran then ended with %s", st.Until.Text())
			if !slices.Contains(found, t) {
				found = append(found, t)
				cites = append(cites, stateCites(st)...)
			}
			if *st.Until == on && !spoken {
				agrees = true
			}
		}
	}
	switch {
	case len(found) == 0:
		k.lay("date", s, x.from, x.to, Unheld, string(d.ID), "The record holds no such term.")
	case agrees:
		k.lay("date", s, x.from, x.to, Agrees, string(d.ID), upper(strings.Join(found, "; "))+".", cites...)
	default:
		k.lay("date", s, x.from, x.to, Differs, string(d.ID), upper(strings.Join(found, "; "))+".", cites...)
	}
}

// debate compares a day with what the record's sources say of the Assembly's
// debate; where they differ, each is told.
func (k *reading) debate(s span, x span, on date.Day, d *council.Draft) {
	var says []string
	var cites []record.Cite
	agrees := false
	for _, c := range d.Claims {
		if c.About != "assembly-debate" {
			continue
		}
		says = append(says, c.Says+" ("+c.Speaker+")")
		cites = append(cites, record.Cite{Source: c.Source, Sure: c.Sure, Note: c.Note})
		agrees = agrees || c.Says == on.String()
	}
	switch {
	case len(says) == 0:
		k.lay("date", s, x.from, x.to, Unheld, string(d.ID), "The record holds no day of a debate.")
	case agrees:
		k.lay("date", s, x.from, x.to, Agrees, string(d.ID), "A source of the record gives this day; the sources: "+strings.Join(says, ", ")+".", cites...)
	default:
		k.lay("date", s, x.from, x.to, Differs, string(d.ID), "The record's sources give "+strings.Join(says, ", ")+".", cites...)
	}
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
