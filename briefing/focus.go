package briefing

import (
	"regexp"
	"slices"
	"strings"

	"article41/council"
	"article41/country"
	"article41/record"
	"article41/symbol"
)

// A story speaks of one vote after another. Which one a claim is about is told by
// the symbol that stands nearest in its sentence, else by whose draft is named, else
// by the day that the story named last.

var (
	regimeWord    = regexp.MustCompile(`(?i)\b(?:sanctions?|embargo|measures|mesures|panel|experts?|travel ban|freeze|regime|régime|snapback|committee|comité)\b`)
	committeeText = regexp.MustCompile(`\b(\d{3,4}) (?:Committee|regime|sanctions|list)\b|\b(?:Comité|régime) (\d{3,4})\b`)
)

// findRegimes finds the regimes that a story is about: those whose territory stands
// in a sentence about measures, whose name it uses, whose committee it numbers or
// whose decisions it names. The one most spoken of comes first.
func (k *reading) findRegimes(named map[country.Code]bool) {
	score := map[record.RegimeID]int{}
	for _, s := range sentences(k.text) {
		if !regimeWord.MatchString(s.text) {
			continue
		}
		in := map[country.Code]bool{}
		for _, p := range statesIn(s.text) {
			in[p.code] = true
		}
		for _, g := range k.Regimes {
			if slices.ContainsFunc(g.Territories, func(c country.Code) bool { return in[c] }) || len(g.Short) > 3 && strings.Contains(s.text, g.Short) {
				score[g.ID]++
			}
		}
	}
	for _, g := range k.Regimes {
		for _, m := range committeeText.FindAllStringSubmatch(k.text, -1) {
			if strings.HasPrefix(string(g.Founding), "S/RES/"+m[1]+m[2]+" ") {
				score[g.ID] += 3
			}
		}
	}
	for _, x := range symbolsIn(k.text) {
		d, err := k.Council.Draft(x.symbol)
		if err != nil {
			continue
		}
		for _, id := range k.Law.Touched(d.ID) {
			if score[id] > 0 || len(k.Law.Touched(d.ID)) == 1 && slices.ContainsFunc(k.Regimes, func(g record.Regime) bool {
				return g.ID == id && (len(named) == 0 || slices.ContainsFunc(g.Territories, func(c country.Code) bool { return named[c] }))
			}) {
				score[id] += 3
			}
		}
	}
	for _, g := range k.Regimes {
		if g.Type == "sanctions" && score[g.ID] > 0 {
			k.regimes = append(k.regimes, g)
		}
	}
	slices.SortStableFunc(k.regimes, func(a, b record.Regime) int { return score[b.ID] - score[a.ID] })
}

// order puts the votes of the story's main day first: the day of a vote that it
// names first; and of each day the vetoed one.
func (k *reading) order(all []span) {
	veto := func(d *council.Draft) int {
		if k.Council.OutcomeOf(d).IsVeto() {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(k.drafts, func(a, b *council.Draft) int { return veto(a) - veto(b) })
	for _, s := range all {
		if k.focusOn(s); k.focus != nil {
			break
		}
	}
	main := k.focus
	k.focus, k.resume = nil, nil
	slices.SortStableFunc(k.drafts, func(a, b *council.Draft) int {
		switch in, other := slices.Contains(main, a), slices.Contains(main, b); {
		case in == other:
			return 0
		case in:
			return -1
		}
		return 1
	})
	if len(k.drafts) > 0 {
		k.year = k.drafts[0].Date.Year()
	}
}

// focusOn takes a sentence's day of a vote, or the symbol of one that it says was
// voted on, as what the story goes on with. An older vote is what lay before: only
// that sentence is about it.
func (k *reading) focusOn(s span) {
	if k.resume != nil {
		k.focus, k.resume = k.resume, nil
	}
	turn := func(d *council.Draft) {
		if k.focus != nil && d.Date.Before(k.focus[0].Date) {
			k.resume = k.focus
		}
		k.focus = k.sameDay(d)
	}
	for _, x := range daysIn(s.text) {
		on, ok := x.in(k.yearNow())
		if !ok || x.year == 0 && k.yearNow() == 0 || termWord.MatchString(s.text[:x.from]) {
			continue
		}
		for _, d := range k.drafts {
			if d.Date == on {
				turn(d)
				return
			}
		}
	}
	if k.focus != nil && !voteWord.MatchString(s.text) {
		return
	}
	for _, x := range symbolsIn(s.text) {
		if d := k.named(x.symbol); d != nil && (k.focus == nil || d.Date.After(k.focus[0].Date)) {
			turn(d)
			return
		}
	}
}

// yearNow is the year of days that name none.
func (k *reading) yearNow() int {
	if len(k.focus) > 0 {
		return k.focus[0].Date.Year()
	}
	return k.year
}

// named is the story's vote of a symbol; nil: none of it.
func (k *reading) named(x symbol.Symbol) *council.Draft {
	for _, d := range k.drafts {
		if x == d.ID || x == d.Draft || x == d.Resolution {
			return d
		}
	}
	return nil
}

// draftAt is the vote that a place of a sentence speaks of; nil: none is known.
func (k *reading) draftAt(s span, at int) *council.Draft {
	if all := k.draftsAt(s, at); len(all) > 0 {
		return all[0]
	}
	return nil
}

// draftsAt are the votes that a place of a sentence may speak of: one that is named,
// or all of the day.
func (k *reading) draftsAt(s span, at int) []*council.Draft {
	if d := k.nearest(s, at); d != nil {
		return []*council.Draft{d}
	}
	day := k.focus
	if len(day) == 0 && len(k.drafts) > 0 {
		day = k.sameDay(k.drafts[0])
	}
	if m := ownDraft.FindStringIndex(s.text); m != nil {
		for _, p := range statesIn(s.text[:m[1]]) {
			for _, d := range slices.Concat(day, k.drafts) {
				if slices.Contains(d.Sponsors, p.code) {
					return []*council.Draft{d}
				}
			}
		}
	}
	return day
}

// nearest is the vote whose symbol stands nearest before the place, else the first
// after it.
func (k *reading) nearest(s span, at int) (found *council.Draft) {
	for _, x := range symbolsIn(s.text) {
		if d := k.named(x.symbol); d != nil && (x.from <= at || found == nil) {
			found = d
		}
	}
	return found
}

// sameDay are the story's votes of a vote's day.
func (k *reading) sameDay(d *council.Draft) (out []*council.Draft) {
	for _, x := range k.drafts {
		if d != nil && x.Date == d.Date {
			out = append(out, x)
		}
	}
	return out
}

var monthText = regexp.MustCompile(`\b(?:in|of|since|en|depuis) (` + monthWords + `) (\d{4})\b`)

// months compares a month without a day with the day of the vote that its sentence
// names or says was taken.
func (k *reading) months(s span, _ string) {
	for _, m := range monthText.FindAllStringSubmatchIndex(s.text, -1) {
		if slices.ContainsFunc(daysIn(s.text), func(d dayIn) bool { return d.from < m[5] && m[2] < d.to }) {
			continue
		}
		month := monthOf(s.text[m[2]:m[3]])
		year, _ := numeral(s.text[m[4]:m[5]])
		d := k.nearest(s, m[0])
		if d == nil && voteWord.MatchString(s.text) {
			d = k.draftAt(s, m[0])
		}
		if d == nil {
			continue
		}
		in := d.Date.Year() == year && int(d.Date.Month()) == month
		k.lay("date", s, m[2], m[5], verdictOf(in), string(d.ID), d.ID.String()+" was put to the vote on "+d.Date.Text()+".", d.Cites...)
	}
}
