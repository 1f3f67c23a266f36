package briefing

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/regime"
)

// What the record answers in a sentence is said here in each language, from the
// same parts. In English the words are the record's own, which a test holds.

// Country is a state's name: in English the record's, which is of its day; else
// the catalogue's, else that of the Unicode CLDR.
func (l Lang) Country(c country.Code, name string) string {
	if l == English {
		return name
	}
	if key := "country-" + string(c); l.holds(key) {
		return l.Say(key)
	}
	if r, err := language.ParseRegion(string(c)); err == nil && l == French {
		if own := display.French.Regions().Name(r); own != "" {
			return own
		}
	}
	return name
}

// List joins words: "a, b and c".
func (l Lang) List(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " " + l.Say("and") + " " + words[n-1]
	}
	return strings.Join(words, "")
}

// Numeral is a small number in words.
func (l Lang) Numeral(n int) string {
	if l == French && n >= 0 && n < len(frenchNumerals) {
		return frenchNumerals[n]
	}
	return council.Numeral(n)
}

func (l Lang) parties(ps []council.Party) string {
	var out []string
	for _, p := range ps {
		out = append(out, l.Country(p.Code, p.Name))
	}
	return l.List(out)
}

// Outcome is what became of a draft, in a sentence.
func (l Lang) Outcome(o council.Outcome) string {
	tally := ""
	if o.Counted {
		tally = l.Say("outcome-count", o.Yes, o.No, l.Count("outcome-abstain", o.Abstain))
		if o.NotVoting > 0 {
			tally += ", " + l.Count("outcome-not-voting", o.NotVoting)
		}
	}
	switch o.Reason {
	case council.Adopted:
		switch {
		case tally == "" && o.Mode == record.UnanimousUnrecorded:
			return l.Say("outcome-unanimous")
		case tally == "":
			return l.Say("outcome-adopted-uncounted")
		case len(o.PermanentNo) > 0:
			return l.Say("outcome-procedural", tally, l.parties(o.PermanentNo))
		}
		return l.Say("outcome-adopted", tally)
	case council.AdoptedWithoutVote:
		switch o.Mode {
		case record.Consensus:
			return l.Say("outcome-consensus")
		case record.Acclamation:
			return l.Say("outcome-acclamation")
		}
		return l.Say("outcome-without-vote")
	case council.Vetoed:
		switch n := len(o.VetoedBy); {
		case !o.Counted:
			return l.Say("outcome-veto-uncounted", l.parties(o.VetoedBy))
		case n > 1:
			return l.Say("outcome-vetoes", tally, l.Numeral(n), l.parties(o.VetoedBy))
		}
		return l.Say("outcome-veto", tally, l.parties(o.VetoedBy))
	case council.LackOfVotes:
		s := l.Say("outcome-short", tally, o.Needed, l.Numeral(o.Short))
		if len(o.PermanentNo) > 0 && o.Nature != record.Procedural {
			s += l.Say("outcome-no-veto", l.parties(o.PermanentNo))
		}
		return s + "."
	case council.NotPut:
		return l.Say("outcome-not-put")
	case council.Assumption:
		if o.Adopted {
			return l.Say("outcome-taken-adopted")
		}
		return l.Say("outcome-taken-failed")
	}
	return l.Say("outcome-unknown")
}

// Verdict is the outcome in one or two words.
func (l Lang) Verdict(o council.Outcome) string {
	if o.Reason == council.Assumption {
		if o.Adopted {
			return l.Say("verdict-taken-adopted")
		}
		return l.Say("verdict-taken-failed")
	}
	return l.Say("verdict-" + string(o.Reason))
}

// Component is the name of a regime's part. Where the record gives it a name of its
// own, that stands beside the word.
func (l Lang) Component(s regime.State) string {
	key := "measure-" + s.Word
	if l == English || !l.holds(key) {
		return s.Name
	}
	word := l.Say(key)
	if strings.EqualFold(s.Name, English.Say(key)) || s.Type == record.BodyType && s.Word != "mission" {
		return word
	}
	return word + " (" + l.Quote(s.Name) + ")"
}

// Status is a status in a word or two.
func (l Lang) Status(s regime.Status) string { return l.Say("status-" + string(s)) }

// Regime is where a regime stands on the day asked about, in a sentence.
func (l Lang) Regime(a regime.Answer) string {
	of := a.Clocks()
	began := keep(of, func(s regime.State) bool { return s.Status != regime.NotYet })
	rest := keep(began, func(s regime.State) bool { return s.Status.Binds() || s.Status == regime.Suspended })
	if last, ok := regime.LastEnded(began); ok && len(rest) == 0 {
		rest = []regime.State{last}
	}
	out := l.standing(a, of)
	switch n := len(keep(rest, regime.State.Doubtful)); {
	case n == 0:
		return out
	case n == len(rest):
		return out + " " + l.Say("regime-unverified")
	}
	return out + " " + l.Say("regime-partly-unverified")
}

func (l Lang) standing(a regime.Answer, of []regime.State) string {
	var parts []string
	for _, status := range []regime.Status{regime.Contested, regime.InForce, regime.Unknown, regime.Suspended, regime.Undetermined} {
		in := keep(of, func(s regime.State) bool { return s.Status == status })
		if len(in) == 0 {
			continue
		}
		var names []string
		one := true
		for _, s := range in {
			names = append(names, l.Component(s))
			one = one && s.Until != nil && in[0].Until != nil && *s.Until == *in[0].Until
		}
		t := l.Say("regime-"+string(status), l.List(names))
		switch {
		case status == regime.Unknown && one:
			t += l.Say("regime-term-past", l.Day(*in[0].Until))
		case status == regime.Unknown:
			t += l.Say("regime-terms-past")
		case status == regime.InForce && one:
			t += l.Say("regime-until", l.Day(*in[0].Until))
		}
		parts = append(parts, t+".")
	}
	if len(parts) > 0 {
		return strings.Join(parts, " ")
	}
	last, ok := regime.LastEnded(of)
	if !ok {
		if i := slices.IndexFunc(of, func(s regime.State) bool { return s.Note != "" }); i >= 0 {
			return l.State(of[i], a.AsOf)
		}
		return l.Say("state-not-yet")
	}
	t := l.Say("regime-nothing")
	if len(a.Measures) > 0 {
		t = l.Say("regime-no-measure")
	}
	if last.Status == regime.Terminated {
		return t + l.Say("regime-terminated", l.Day(*last.Until)) + "."
	}
	t += l.Say("regime-lapsed", l.Day(*last.Until))
	for _, b := range a.Bodies {
		if len(a.Measures) > 0 && b.Status == regime.InForce && b.Until != nil {
			t += l.Say("regime-runs-on", l.Component(b), l.Day(*b.Until))
		}
	}
	return t + "."
}

func keep(in []regime.State, want func(regime.State) bool) []regime.State {
	return slices.DeleteFunc(slices.Clone(in), func(s regime.State) bool { return !want(s) })
}

// State is where one part of a regime stands on the day asked about, in a sentence.
func (l Lang) State(s regime.State, asOf date.Day) string {
	switch s.Status {
	case regime.NotYet:
		if s.Note != "" {
			return l.Say("state-not-imposed", l.note(s.Note))
		}
		return l.Say("state-not-yet")
	case regime.InForce, regime.Contested:
		by := l.ref(s.ImposedBy)
		if s.ExtendedBy != nil {
			key := "state-extended"
			if s.Revived() {
				key = "state-revived"
			}
			by = l.Say(key, by, l.ref(s.ExtendedBy))
		}
		word := l.Say("state-" + string(s.Status))
		switch {
		case s.Until == nil:
			return l.Say("state-open", word, by)
		case *s.Until == asOf:
			return l.Say("state-last-day", word, l.Day(*s.Until), by)
		}
		return l.Say("state-until", word, l.Day(*s.Until), by)
	case regime.Lapsed:
		t := l.Say("state-lapsed", l.Day(*s.Until))
		for i, f := range s.Ended.NotRenewed {
			sep := ", "
			if i == 0 {
				sep = l.Say("colon")
			}
			t += sep + f.Symbol.String() + " (" + l.failed(f) + ")"
		}
		if s.Doubtful() {
			t += l.Say("state-doubtful")
		}
		return t + "."
	case regime.Terminated:
		return l.Say("state-terminated", l.ref(s.Ended.By), l.Day(*s.Until))
	case regime.Suspended:
		return l.Say("state-suspended", l.Day(*s.Since), l.ref(s.Ended.By))
	case regime.Unknown:
		if s.Presumed == "" {
			return l.Say("state-not-known", l.note(s.Note))
		}
		return l.Say("state-unknown", l.Day(*s.Since), l.note(s.Note))
	case regime.Undetermined:
		return l.Say("state-undetermined", l.Day(*s.Since), l.note(s.Note))
	}
	return ""
}

func (l Lang) failed(f regime.Failed) string {
	switch f.Reason {
	case council.Vetoed:
		return l.Say("failed-veto", l.parties(f.VetoedBy))
	case council.LackOfVotes:
		return l.Say("failed-short", l.Numeral(f.Short))
	}
	return string(f.Reason)
}

// ref is a paragraph of a decision.
func (l Lang) ref(r *regime.Ref) string {
	if r == nil {
		return ""
	}
	out := r.Symbol.String()
	if r.Paragraph != nil && *r.Paragraph != "" {
		key := "paragraph"
		if strings.ContainsAny(*r.Paragraph, "-,") {
			key = "paragraphs"
		}
		out += " " + l.Say(key, *r.Paragraph)
	}
	if r.Sure.Sure != record.Verified {
		out += " (" + l.Say("unverified") + ")"
	}
	return out
}

// Quote sets the record's own words, which are English, apart from those of another
// language, between the isolates of Unicode (UAX 9).
func (l Lang) Quote(words string) string {
	if l == English || words == "" {
		return words
	}
	return QuoteOpen + words + QuoteClose
}

// What stands around words that Quote set apart.
const (
	QuoteOpen  = "\u2068"
	QuoteClose = "\u2069"
)

// note is a remark of the record; the one that it makes most is translated.
func (l Lang) note(text string) string {
	if text == English.Say("note-term-past") {
		return l.Say("note-term-past")
	}
	return l.Quote(text)
}

// holds reports whether the catalogue has a key in the language.
func (l Lang) holds(key string) bool {
	_, ok := catalogue()[stringKey{key, 0, l}]
	return ok
}
