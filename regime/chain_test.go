package regime_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

// sitting is a Council of fifteen, so that the chains of these tests rest on
// real outcomes and not on a flag.
var sitting = []country.Code{"CHN", "FRA", "RUS", "GBR", "USA", "ALB", "BRA", "ECU", "GAB", "GHA", "JPN", "MLT", "MOZ", "CHE", "ARE"}

func seats() []record.Seat {
	var out []record.Seat
	for i, m := range sitting {
		out = append(out, record.Seat{Seat: string(m), Member: m, From: date.MustDay("1966-01-01"), Permanent: i < 5})
	}
	return out
}

// test is the id of the one regime that these chains make.
const test record.RegimeID = "test"

// parts are its components: two measures on the listed, one on a territory, a
// panel, an authorization, and a committee for the three measures.
var parts = []record.Component{
	{ID: "ban", Type: record.MeasureType, Name: "travel ban", Word: "travel-ban", Binds: "listed"},
	{ID: "freeze", Type: record.MeasureType, Name: "assets freeze", Word: "assets-freeze", Binds: "listed"},
	{ID: "arms", Type: record.MeasureType, Name: "arms embargo", Word: "arms-embargo", Binds: "territory", Territories: []country.Code{"MLI"}, Scope: "the whole territory"},
	{ID: "panel", Type: record.BodyType, Name: "panel", Word: "panel"},
	{ID: "ships", Type: record.AuthorizationType, Name: "inspection", Word: "inspection"},
	{ID: "committee", Type: record.BodyType, Name: "committee", Word: "committee", Oversees: []record.ComponentID{"ban", "freeze", "arms"}},
}

// law is a chain under construction.
type law struct {
	through   string // how far the chain is known; empty: 2030
	drafts    []council.Draft
	decisions []regime.Decision
	rules     []regime.Rule
}

// chain reads one decision a line:
//
//	DAY SYMBOL [veto|short] DEED PART,PART [until DAY] [term PHRASE-WITH-DASHES] [from DAY]
//	    [known DAY] [averted SYMBOL] [scope WORD] [gap] [final]
//
// A second line on a decision adds an effect to it. A veto is Russia's no at
// 13-1-1; "short" is 8-0-7. A committee's decision, "SC/n", is no vote.
func chain(lines ...string) *law {
	l := &law{}
	for _, line := range lines {
		l.add(line)
	}
	return l
}

func (l *law) add(line string) {
	f := strings.Fields(line)
	day, sym := date.MustDay(f[0]), symbol.Must(f[1])
	f = f[2:]
	yes, no := sitting, []country.Code(nil)
	abstain := []country.Code(nil)
	switch f[0] {
	case "veto":
		yes, no, abstain, f = slices.Concat(sitting[:2], sitting[3:14]), sitting[2:3], sitting[14:], f[1:]
	case "short":
		yes, abstain, f = sitting[:8], sitting[8:], f[1:]
	}
	e := record.Effect{Do: record.Deed(f[0]), Cite: record.Cite{Source: "test", Sure: record.Verified}}
	for _, w := range strings.Split(f[1], ",") {
		e.What = append(e.What, record.ComponentID(w))
	}
	known := day
	for f = f[2:]; len(f) > 0; f = f[min(2, len(f)):] {
		switch f[0] {
		case "gap":
			e.Gap, f = true, append([]string{""}, f...)
		case "final":
			e.Final, f = true, append([]string{""}, f...)
		case "until":
			e.Until = date.MustDay(f[1])
		case "term":
			e.Term = strings.ReplaceAll(f[1], "-", " ")
		case "from":
			e.From = date.MustDay(f[1])
		case "known":
			known = date.MustDay(f[1])
		case "scope":
			e.Scope = f[1]
		case "averted":
			e.AvertedBy = append(e.AvertedBy, symbol.Must(f[1]))
		default:
			panic(fmt.Sprintf("%q: what is %q?", line, f[0]))
		}
	}
	if i := slices.IndexFunc(l.decisions, func(d regime.Decision) bool { return d.Decision == sym }); i >= 0 {
		l.decisions[i].Effects.Effects = append(l.decisions[i].Effects.Effects, e)
		return
	}
	d := regime.Decision{Known: known, Effects: record.Effects{Regime: test, Decision: sym, Effects: []record.Effect{e}}}
	if strings.HasPrefix(string(sym), "SC/") {
		d.On = day
	} else {
		l.vote(day, sym, known, record.Ballots{Yes: yes, No: no, Abstain: abstain})
	}
	l.decisions = append(l.decisions, d)
}

// vote adds a vote, also one that has no effects of its own.
func (l *law) vote(day date.Day, sym symbol.Symbol, known date.Day, b record.Ballots) {
	v := record.Vote{ID: sym, Date: day, Nature: record.Substantive, Mode: record.ByVote, Ballots: &b}
	if _, ok := sym.Number(); ok {
		v.Resolution = sym
	}
	l.drafts = append(l.drafts, council.Draft{Vote: v, Known: known})
}

func (l *law) world() *regime.World {
	through := date.MustDay("2030-01-01")
	if l.through != "" {
		through = date.MustDay(l.through)
	}
	c := regime.Chain{Regime: record.Regime{ID: test, Name: "Test regime", Type: "sanctions", Components: parts, Territories: []country.Code{"TCD"}},
		Known: date.MustDay("1966-01-01"), Decisions: slices.Clone(l.decisions), Through: through}
	return regime.Fold(council.Fold(slices.Clone(l.drafts), seats()), []regime.Chain{c}, l.rules)
}

// on asks for a day as known at the end of time.
func on(day string) record.At {
	return record.At{AsOf: date.MustDay(day), KnownAt: date.MustDay("2029-12-31")}
}

func known(day, at string) record.At {
	return record.At{AsOf: date.MustDay(day), KnownAt: date.MustDay(at)}
}

func state(t interface{ Fatal(...any) }, w *regime.World, at record.At, part record.ComponentID) regime.State {
	c, err := w.Regime(test)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.On(at, part)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// told says a state in one line: status, days, decisions.
func told(s regime.State) string {
	out := string(s.Status)
	day := func(word string, d *date.Day) {
		if d != nil {
			out += " " + word + " " + d.String()
		}
	}
	ref := func(word string, r *regime.Ref) {
		if r != nil {
			out += " " + word + " " + string(r.Symbol)
		}
	}
	day("since", s.Since)
	day("until", s.Until)
	ref("by", s.ImposedBy)
	ref("ext", s.ExtendedBy)
	if s.Ended != nil {
		ref("end", s.Ended.By)
		for _, f := range s.Ended.NotRenewed {
			out += " missed " + string(f.Symbol) + " " + string(f.Reason)
		}
	}
	for _, v := range s.Void {
		out += " void " + string(v.Symbol)
	}
	if s.Final {
		out += " final"
	}
	if s.Presumed != "" {
		out += " presumed " + s.Presumed
	}
	return out
}

// claim is a claim on the last day of a term, said on a day.
func claim(about, says, on string) record.Claim {
	return record.Claim{About: about, Says: says, Speaker: "a newspaper", Hedge: record.Stated, On: date.MustDay(on), Source: "test", Sure: record.Verified}
}

func TestDeeds(t *testing.T) {
	year := "2001-01-10 S/RES/1 impose ban until 2002-01-10"
	for _, c := range []struct {
		why   string
		lines []string
		on    string
		part  record.ComponentID
		want  string
	}{
		{"before the decision there is nothing", []string{year}, "2001-01-09", "ban", "not-yet"},
		{"the day of the decision is the first", []string{year}, "2001-01-10", "ban", "in-force since 2001-01-10 until 2002-01-10 by S/RES/1"},
		{"until D includes D", []string{year}, "2002-01-10", "ban", "in-force since 2001-01-10 until 2002-01-10 by S/RES/1"},
		{"the day after D it has lapsed, and nothing was tried", []string{year}, "2002-01-11", "ban", "lapsed since 2002-01-11 until 2002-01-10 by S/RES/1"},
		{"a term as a phrase ends on the same day number", []string{"2001-01-31 S/RES/1 impose ban term one-year-from-adoption"}, "2002-01-31", "ban", "in-force since 2001-01-31 until 2002-01-31 by S/RES/1"},
		{"of a month that has it, else on the month's last day", []string{"2001-01-31 S/RES/1 establish panel term 13-months"}, "2002-03-01", "panel", "lapsed since 2002-03-01 until 2002-02-28 by S/RES/1"},
		{"no term is open-ended", []string{"2001-01-10 S/RES/1 impose ban"}, "2029-12-31", "ban", "in-force since 2001-01-10 by S/RES/1"},
		{"a measure may begin later than its decision", []string{"2001-01-10 S/RES/1 impose ban from 2001-02-01"}, "2001-01-31", "ban", "not-yet"},
		{"from the day the text gives", []string{"2001-01-10 S/RES/1 impose ban from 2001-02-01"}, "2001-02-01", "ban", "in-force since 2001-02-01 by S/RES/1"},
		{"a renewal keeps the first day", []string{year, "2002-01-05 S/RES/2 extend ban until 2003-01-10"}, "2002-01-05", "ban", "in-force since 2001-01-10 until 2003-01-10 by S/RES/1 ext S/RES/2"},
		{"a renewal on the last day leaves no gap", []string{year, "2002-01-10 S/RES/2 extend ban until 2003-01-10"}, "2002-01-11", "ban", "in-force since 2001-01-10 until 2003-01-10 by S/RES/1 ext S/RES/2"},
		{"nor one that was decided in time and begins on the day after", []string{year, "2002-01-05 S/RES/2 extend ban from 2002-01-11 until 2003-01-10"}, "2002-01-11", "ban", "in-force since 2001-01-10 until 2003-01-10 by S/RES/1 ext S/RES/2"},
		{"nothing begins before it is decided", []string{"2001-03-10 S/RES/1 impose ban from 2001-02-01"}, "2001-03-09", "ban", "not-yet"},
		{"but then at once", []string{"2001-03-10 S/RES/1 impose ban from 2001-02-01"}, "2001-03-10", "ban", "in-force since 2001-03-10 by S/RES/1"},
		{"until it begins the old term is the one that runs", []string{year, "2002-01-05 S/RES/2 extend ban from 2002-01-11 until 2003-01-10"}, "2002-01-10", "ban", "in-force since 2001-01-10 until 2002-01-10 by S/RES/1"},
		{"one decided on the day after comes too late", []string{year, "2002-01-11 S/RES/2 extend ban until 2003-01-10"}, "2002-01-11", "ban", "lapsed since 2002-01-11 until 2002-01-10 by S/RES/1 void S/RES/2"},
		{"unless the record says that there was a gap", []string{year, "2002-02-01 S/RES/2 extend ban until 2003-01-10 gap"}, "2002-02-01", "ban", "in-force since 2002-02-01 until 2003-01-10 by S/RES/1 ext S/RES/2"},
		{"in which nothing was in force", []string{year, "2002-02-01 S/RES/2 extend ban until 2003-01-10 gap"}, "2002-01-31", "ban", "lapsed since 2002-01-11 until 2002-01-10 by S/RES/1"},
		{"what was never imposed cannot be extended", []string{"2001-01-10 S/RES/1 extend ban until 2002-01-10"}, "2001-01-10", "ban", "not-yet void S/RES/1"},
		{"a final term is one like any other, and says so", []string{year, "2002-01-05 S/RES/2 extend ban until 2003-01-10 final"}, "2002-06-01", "ban", "in-force since 2001-01-10 until 2003-01-10 by S/RES/1 ext S/RES/2 final"},
		{"an open-ended renewal takes the term away", []string{year, "2002-01-05 S/RES/2 extend ban"}, "2020-01-01", "ban", "in-force since 2001-01-10 by S/RES/1 ext S/RES/2"},
		{"imposed again while it runs: restated, the first day stays", []string{year, "2001-06-01 S/RES/2 impose ban until 2003-01-10"}, "2001-06-01", "ban", "in-force since 2001-01-10 until 2003-01-10 by S/RES/1 ext S/RES/2"},
		{"imposed again after its end: a new beginning", []string{year, "2005-06-01 S/RES/2 impose ban until 2006-01-10"}, "2005-06-01", "ban", "in-force since 2005-06-01 until 2006-01-10 by S/RES/2"},
		{"the vetoed renewal is named", []string{year, "2002-01-09 S/2002/5 veto extend ban until 2003-01-10"}, "2002-01-11", "ban", "lapsed since 2002-01-11 until 2002-01-10 by S/RES/1 missed S/2002/5 veto"},
		{"and does nothing while the term still runs", []string{year, "2002-01-09 S/2002/5 veto extend ban until 2003-01-10"}, "2002-01-10", "ban", "in-force since 2001-01-10 until 2002-01-10 by S/RES/1"},
		{"both rivals are named, in the order of the vote", []string{year, "2002-01-09 S/2002/5 veto extend ban until 2003-01-10", "2002-01-09 S/2002/6 short extend ban until 2003-01-10"}, "2002-01-11", "ban", "lapsed since 2002-01-11 until 2002-01-10 by S/RES/1 missed S/2002/5 veto missed S/2002/6 lack-of-votes"},
		{"also one that would have begun after the term", []string{year, "2002-01-09 S/2002/5 veto extend ban from 2002-01-11 until 2003-01-10"}, "2002-01-11", "ban", "lapsed since 2002-01-11 until 2002-01-10 by S/RES/1 missed S/2002/5 veto"},
		{"but none that failed before the last renewal", []string{year, "2002-01-05 S/2002/5 veto extend ban from 2002-01-11 until 2003-01-10", "2002-01-09 S/RES/2 extend ban until 2003-01-10"}, "2003-01-11", "ban", "lapsed since 2003-01-11 until 2003-01-10 by S/RES/1 ext S/RES/2"},
		{"nor one that came after the lapse", []string{year, "2002-01-11 S/2002/5 veto extend ban until 2003-01-10"}, "2002-01-12", "ban", "lapsed since 2002-01-11 until 2002-01-10 by S/RES/1"},
		{"a draft that would have imposed it imposes nothing", []string{"2001-01-10 S/2001/1 short impose ban"}, "2001-01-10", "ban", "not-yet"},
		{"a decision that ends it ends it on its day", []string{"2001-01-10 S/RES/1 impose ban", "2001-05-05 S/RES/2 terminate ban"}, "2001-05-05", "ban", "terminated since 2001-05-05 until 2001-05-04 by S/RES/1 end S/RES/2"},
		{"and not the day before", []string{"2001-01-10 S/RES/1 impose ban", "2001-05-05 S/RES/2 terminate ban"}, "2001-05-04", "ban", "in-force since 2001-01-10 by S/RES/1"},
		{"an end on the day after the term is an end, not a lapse", []string{year, "2001-12-01 S/RES/2 terminate ban from 2002-01-11"}, "2002-01-11", "ban", "terminated since 2002-01-11 until 2002-01-10 by S/RES/1 end S/RES/2"},
		{"an end after the lapse changes nothing", []string{year, "2002-02-01 S/RES/2 terminate ban"}, "2002-02-01", "ban", "lapsed since 2002-01-11 until 2002-01-10 by S/RES/1"},
		{"a vetoed end ends nothing", []string{"2001-01-10 S/RES/1 impose ban", "2001-05-05 S/2001/9 veto terminate ban"}, "2001-05-05", "ban", "in-force since 2001-01-10 by S/RES/1"},
		{"a committee's decision counts without a vote", []string{"2001-01-10 S/RES/1 impose ban", "2001-05-05 SC/7000 terminate ban"}, "2001-05-05", "ban", "terminated since 2001-05-05 until 2001-05-04 by S/RES/1 end SC/7000"},
		{"suspended", []string{"2001-01-10 S/RES/1 impose ban", "2001-05-05 S/RES/2 suspend ban"}, "2001-05-05", "ban", "suspended since 2001-05-05 by S/RES/1 end S/RES/2"},
		{"what ends while suspended was last in force before the suspension", []string{"2001-01-10 S/RES/1 impose ban", "2001-05-05 S/RES/2 suspend ban", "2003-09-12 S/RES/3 terminate ban"}, "2003-09-12", "ban", "terminated since 2003-09-12 until 2001-05-04 by S/RES/1 end S/RES/3"},
		{"also where the term runs out", []string{year, "2001-05-05 S/RES/2 suspend ban"}, "2002-01-11", "ban", "lapsed since 2002-01-11 until 2001-05-04 by S/RES/1"},
		{"revived", []string{"2001-01-10 S/RES/1 impose ban", "2001-05-05 S/RES/2 suspend ban", "2001-07-01 S/RES/3 revive ban"}, "2001-07-01", "ban", "in-force since 2001-07-01 by S/RES/1 ext S/RES/3"},
		{"and ended while in force: the suspension before does not count", []string{"2001-01-10 S/RES/1 impose ban", "2001-05-05 S/RES/2 suspend ban", "2001-07-01 S/RES/3 revive ban", "2002-01-01 S/RES/4 terminate ban"}, "2002-01-01", "ban", "terminated since 2002-01-01 until 2001-12-31 by S/RES/1 ext S/RES/3 end S/RES/4"},
		{"revived after its end", []string{"2001-01-10 S/RES/1 impose ban", "2001-05-05 S/RES/2 terminate ban", "2009-07-01 S/RES/3 revive ban until 2010-07-01"}, "2009-07-01", "ban", "in-force since 2009-07-01 until 2010-07-01 by S/RES/1 ext S/RES/3"},
		{"a body is established and ended like a measure", []string{"2001-01-10 S/RES/1 establish panel", "2001-05-05 S/RES/2 end panel"}, "2001-05-05", "panel", "terminated since 2001-05-05 until 2001-05-04 by S/RES/1 end S/RES/2"},
		{"a review clause moves no clock", []string{year, "2001-12-01 S/RES/2 review ban until 2005-01-01"}, "2002-01-11", "ban", "lapsed since 2002-01-11 until 2002-01-10 by S/RES/1"},
		{"an amendment moves no clock", []string{year, "2001-12-01 S/RES/2 amend ban until 2005-01-01"}, "2002-01-11", "ban", "lapsed since 2002-01-11 until 2002-01-10 by S/RES/1"},
		{"each part has its own clock: the measure", []string{year, "2001-01-10 S/RES/1 establish panel until 2002-02-10", "2001-01-10 S/RES/1 impose freeze"}, "2002-01-11", "ban", "lapsed since 2002-01-11 until 2002-01-10 by S/RES/1"},
		{"the panel a month longer", []string{year, "2001-01-10 S/RES/1 establish panel until 2002-02-10", "2001-01-10 S/RES/1 impose freeze"}, "2002-02-10", "panel", "in-force since 2001-01-10 until 2002-02-10 by S/RES/1"},
		{"and the freeze for good", []string{year, "2001-01-10 S/RES/1 establish panel until 2002-02-10", "2001-01-10 S/RES/1 impose freeze"}, "2002-02-11", "freeze", "in-force since 2001-01-10 by S/RES/1"},
		{"two decisions of one day count in the order of their numbers, however they are filed", []string{"2001-01-10 S/RES/1 impose ban until 2002-01-01", "2001-01-10 S/RES/2 extend ban until 2003-01-01"}, "2001-01-10", "ban", "in-force since 2001-01-10 until 2003-01-01 by S/RES/1 ext S/RES/2"},
		{"also the other way round", []string{"2001-01-10 S/RES/2 extend ban until 2003-01-01", "2001-01-10 S/RES/1 impose ban until 2002-01-01"}, "2001-01-10", "ban", "in-force since 2001-01-10 until 2003-01-01 by S/RES/1 ext S/RES/2"},
	} {
		if got := told(state(t, chain(c.lines...).world(), on(c.on), c.part)); got != c.want {
			t.Errorf("%s, on %s:\n%s\nwant\n%s", c.why, c.on, got, c.want)
		}
	}
}

// TestWhatIsKnown: nothing past the day of knowledge or past what the chain is
// known through is asserted.
func TestWhatIsKnown(t *testing.T) {
	lines := []string{"2017-09-05 S/RES/1 impose ban until 2023-08-31", "2023-08-30 S/2023/638 veto extend ban until 2024-08-31"}
	lapsed := "lapsed since 2023-09-01 until 2023-08-31 by S/RES/1"
	unknown := "unknown since 2023-09-01 until 2023-08-31 by S/RES/1 presumed in-force"
	for _, c := range []struct {
		why, through string
		at           record.At
		want         string
	}{
		{"before the vote: not yet known what follows the term", "", known("2023-09-01", "2023-08-15"), unknown},
		{"on the term's last day too: there is still time to renew", "", known("2023-09-01", "2023-08-31"), unknown + " missed none"},
		{"on the day after it is known", "", known("2023-09-01", "2023-09-01"), lapsed + " missed S/2023/638 veto"},
		{"the record reaches no further than the term: presumed in force", "2023-08-31", on("2026-06-15"), unknown + " missed none"},
		{"one day further, and the lapse is asserted", "2023-09-01", on("2026-06-15"), lapsed + " missed S/2023/638 veto"},
		{"nothing is known of the chain", "0001-01-01", on("2023-09-01"), unknown + " missed none"},
		{"in its term it is in force however little is known later", "2019-01-01", on("2023-08-31"), "in-force since 2017-09-05 until 2023-08-31 by S/RES/1"},
		{"a decision published later is not known before", "", known("2018-09-10", "2018-09-10"), "in-force since 2017-09-05 until 2023-08-31 by S/RES/1"},
		{"but from that day on", "", known("2018-09-10", "2018-09-11"), "in-force since 2017-09-05 until 2024-08-31 by S/RES/1 ext S/RES/5"},
		{"one filed before its vote is not known before the vote", "", known("2025-01-01", "2017-09-04"), "not-yet"},
		{"before the decision was known there is nothing", "", known("2018-01-01", "2017-09-04"), "not-yet"},
	} {
		l := chain(lines...)
		if strings.HasPrefix(c.want, "in-force") && c.through == "" {
			l.add("2018-09-05 S/RES/5 extend ban until 2024-08-31 known 2018-09-11")
		}
		if strings.HasPrefix(c.why, "one filed") {
			l.decisions[0].Known = date.MustDay("1966-01-01")
		}
		l.through = c.through
		if got := told(state(t, l.world(), c.at, "ban")); got != strings.TrimSuffix(c.want, " missed none") {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
	// A renewal that turns up takes the presumption away, with its first day.
	l := chain("2001-01-10 S/RES/1 impose ban until 2002-01-10", "2002-01-20 S/RES/2 extend ban until 2003-01-10")
	l.through = "2002-01-10"
	if got := told(state(t, l.world(), on("2002-01-20"), "ban")); got != "in-force since 2001-01-10 until 2003-01-10 by S/RES/1 ext S/RES/2" {
		t.Errorf("after an unknown term: %s", got)
	}
	// So does an end.
	l = chain("2001-01-10 S/RES/1 impose ban until 2002-01-10", "2002-01-20 S/RES/2 terminate ban")
	l.through = "2002-01-10"
	if got := told(state(t, l.world(), on("2002-01-20"), "ban")); got != "terminated since 2002-01-20 until 2002-01-19 by S/RES/1 end S/RES/2" {
		t.Errorf("after an unknown term: %s", got)
	}
}

func TestAmendedScope(t *testing.T) {
	w := chain("2001-01-10 S/RES/1 impose arms", "2002-01-10 S/RES/2 ease arms scope government-forces-exempt", "2003-01-10 S/RES/3 extend arms until 2004-01-10 scope armed-groups",
		"2003-06-01 S/2003/1 veto amend arms scope nobody").world()
	for _, c := range []struct {
		on, scope string
		amended   int
	}{{"2001-01-10", "the whole territory", 0}, {"2002-01-09", "the whole territory", 0}, {"2002-01-10", "government-forces-exempt", 1}, {"2003-01-10", "armed-groups", 1}, {"2003-06-01", "armed-groups", 1}} {
		s := state(t, w, on(c.on), "arms")
		if s.Scope != c.scope || len(s.AmendedBy) != c.amended || s.Status != regime.InForce {
			t.Errorf("%s: scope %q, amended by %v, want %q, %d", c.on, s.Scope, s.AmendedBy, c.scope, c.amended)
		}
	}
}

// TestSnapback: what ended comes back unless the Council votes otherwise, and
// claimants differ on whether it did.
func TestSnapback(t *testing.T) {
	build := func(averting string) *law {
		l := chain("2006-12-23 S/RES/1737 impose ban", "2015-07-20 S/RES/2231 terminate ban from 2016-01-16")
		yes := sitting[:4]
		if averting == "adopted" {
			yes = sitting
		}
		l.vote(date.MustDay("2025-09-19"), "S/2025/600", date.MustDay("2025-09-19"), record.Ballots{Yes: yes, Abstain: sitting[len(yes):]})
		l.decisions[1].Effects.Effects = append(l.decisions[1].Effects.Effects, record.Effect{Do: record.Revive, What: []record.ComponentID{"ban"}, From: date.MustDay("2025-09-27"),
			AvertedBy: []symbol.Symbol{"S/2025/600"}, Contested: []record.Stance{
				{Claimant: "Secretariat", Holds: "in-force", From: date.MustDay("2025-09-27")},
				{Claimant: "Russian Federation", Holds: "not-in-force", From: date.MustDay("2025-09-28")},
				{Claimant: "Iran", Holds: "not-in-force", From: date.MustDay("2025-10-19")},
			}})
		return l
	}
	ended := "terminated since 2016-01-16 until 2016-01-15 by S/RES/1737 end S/RES/2231"
	for _, c := range []struct {
		why, averting string
		at            record.At
		want          string
		positions     int
	}{
		{"the day before", "failed", on("2025-09-26"), ended, 0},
		{"nobody has denied it yet", "failed", on("2025-09-27"), "in-force since 2025-09-27 by S/RES/1737 ext S/RES/2231", 1},
		{"contested once somebody does", "failed", on("2025-09-28"), "contested since 2025-09-27 by S/RES/1737 ext S/RES/2231", 2},
		{"a third position on its day", "failed", on("2025-10-19"), "contested since 2025-09-27 by S/RES/1737 ext S/RES/2231", 3},
		{"a position taken later is not known earlier", "failed", known("2026-01-01", "2025-10-18"), "contested since 2025-09-27 by S/RES/1737 ext S/RES/2231", 2},
		{"that it was coming was not known before its day", "failed", known("2025-12-01", "2025-09-26"), ended, 0},
		{"adopted, the draft averts it", "adopted", on("2025-12-01"), ended, 0},
	} {
		s := state(t, build(c.averting).world(), c.at, "ban")
		if got := told(s); got != c.want || len(s.Positions) != c.positions {
			t.Errorf("%s: %s with %d positions, want %s with %d", c.why, got, len(s.Positions), c.want, c.positions)
		}
		if strings.Contains(s.Sentence, "extended by") {
			t.Errorf("%s: what was revived was not extended: %s", c.why, s.Sentence)
		}
	}
	w := build("failed").world()
	was := told(state(t, w, on("2025-12-01"), "ban"))
	supposed, assumed, err := w.Suppose([]council.Change{{Draft: "S/2025/600", Adopt: true}})
	if err != nil || len(assumed) == 0 {
		t.Fatal(assumed, err)
	}
	if got := told(state(t, supposed, on("2025-12-01"), "ban")); got != ended {
		t.Errorf("had the draft been adopted: %s", got)
	}
	if got := told(state(t, w, on("2025-12-01"), "ban")); got != was {
		t.Errorf("the world as it was has changed: %s", got)
	}
	if ids := w.Touched("S/2025/600"); !slices.Equal(ids, []record.RegimeID{test}) {
		t.Errorf("the averting draft touches %v", ids)
	}
}

// TestOverseer: a committee stands as long as one of its measures does; after
// that its end is only told if it is in the record.
func TestOverseer(t *testing.T) {
	lines := []string{"2001-01-10 S/RES/1 impose ban until 2002-01-10", "2001-01-10 S/RES/1 establish committee", "2001-06-01 S/RES/2 impose arms", "2002-06-01 S/RES/3 terminate arms",
		"2002-01-09 S/RES/4 impose freeze until 2002-03-31"}
	w := chain(lines...).world()
	for _, c := range []struct{ why, on, want string }{
		{"a measure runs", "2002-05-31", "in-force since 2001-01-10 by S/RES/1"},
		{"none is left", "2002-06-01", "unknown since 2002-06-01 by S/RES/1"},
	} {
		s := state(t, w, on(c.on), "committee")
		if told(s) != c.want {
			t.Errorf("%s: %s", c.why, told(s))
		}
		if s.Status == regime.Unknown && (!strings.Contains(s.Note, "nothing left to oversee") || s.Presumed != "") {
			t.Errorf("%s: note %q, presumed %q", c.why, s.Note, s.Presumed)
		}
	}
	ended := chain(append(lines, "2002-06-01 S/RES/5 end committee from 2002-11-22")...).world()
	for day, want := range map[string]string{"2002-11-21": "in-force since 2001-01-10 by S/RES/1", "2002-11-22": "terminated since 2002-11-22 until 2002-11-21 by S/RES/1 end S/RES/5"} {
		if got := told(state(t, ended, on(day), "committee")); got != want {
			t.Errorf("with a recorded end, on %s: %s", day, got)
		}
	}
	// A measure that was never imposed is nothing that ended.
	if got := state(t, chain("2001-01-10 S/RES/1 establish committee").world(), on("2001-02-01"), "committee"); got.Status != regime.InForce {
		t.Errorf("before its measures: %s", told(got))
	}
}

// TestConflicts: claims on the running term, and only those said by then.
func TestConflicts(t *testing.T) {
	l := chain("2001-01-10 S/RES/1 impose ban until 2002-01-10", "2002-01-05 S/RES/2 extend ban until 2003-01-10")
	l.decisions[0].Claims = []record.Claim{claim("ban until", "2002-01-11", "2001-01-11")}
	l.decisions[1].Claims = []record.Claim{claim("ban until", "2003-01-01", "2002-01-06"), claim("panel until", "2003-02-10", "2002-01-06"), claim("ban", "2003-01-12", "2002-03-01")}
	w := l.world()
	for _, c := range []struct {
		why  string
		at   record.At
		says []string
	}{
		{"the first term's own", on("2001-05-01"), []string{"2002-01-11"}},
		{"of the newest term, both", on("2002-05-01"), []string{"2003-01-01", "2003-01-12"}},
		{"what was said later was not known", known("2002-05-01", "2002-02-28"), []string{"2003-01-01"}},
	} {
		var says []string
		for _, cl := range state(t, w, c.at, "ban").Conflicts {
			says = append(says, cl.Says)
			if cl.Symbol == "" {
				t.Errorf("%s: the claim does not say on which decision", c.why)
			}
		}
		if !slices.Equal(says, c.says) {
			t.Errorf("%s: %v, want %v", c.why, says, c.says)
		}
	}
}

// TestSentences are the words that a state is told in.
func TestSentences(t *testing.T) {
	lines := []string{"2001-01-10 S/RES/1 impose ban until 2002-01-10", "2002-01-09 S/2002/5 veto extend ban until 2003-01-10", "2002-01-09 S/2002/6 short extend ban until 2003-01-10",
		"2001-01-10 S/RES/1 impose freeze", "2001-05-05 S/RES/2 suspend freeze", "2001-07-01 S/RES/3 revive freeze", "2003-01-01 S/RES/4 terminate freeze", "2001-03-03 S/2001/8 short impose arms",
		"2001-01-10 S/RES/1 establish panel until 2002-01-10", "2002-01-10 S/RES/7 extend panel until 2003-01-10"}
	for _, c := range []struct {
		at   record.At
		part record.ComponentID
		want string
	}{
		{on("2001-01-09"), "ban", "Not yet imposed."},
		{on("2001-01-10"), "ban", "In force until 10 January 2002, by S/RES/1 (1946)."},
		{on("2002-01-10"), "ban", "In force until 10 January 2002, this day included (its last), by S/RES/1 (1946)."},
		{on("2002-01-11"), "ban", "Lapsed: last in force on 10 January 2002; not renewed: S/2002/5 (veto, Russian Federation), S/2002/6 (lack of votes, one short)."},
		{known("2002-01-11", "2002-01-10"), "ban", "Unknown since 11 January 2002: term past, renewal not in the record; presumed in force."},
		{on("2001-05-05"), "freeze", "Suspended since 5 May 2001 by S/RES/2 (1946)."},
		{on("2001-07-01"), "freeze", "In force, open-ended, by S/RES/1 (1946), revived by S/RES/3 (1946)."},
		{on("2003-01-01"), "freeze", "Terminated by S/RES/4 (1946); last in force on 31 December 2002."},
		{on("2001-03-03"), "arms", "Not imposed: the draft that would have imposed it failed: S/2001/8 (lack of votes, one short)."},
		{on("2002-02-01"), "panel", "In force until 10 January 2003, by S/RES/1 (1946), extended by S/RES/7 (1946)."},
	} {
		if got := state(t, chain(lines...).world(), c.at, c.part).Sentence; got != c.want {
			t.Errorf("%s on %s: %q\nwant %q", c.part, c.at.AsOf, got, c.want)
		}
	}
}

func TestOnRefusesWhatIsNotThere(t *testing.T) {
	c, err := chain("2001-01-10 S/RES/1 impose ban").world().Regime(test)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.On(on("2001-01-10"), "submarines"); err == nil {
		t.Error("a component that the regime does not have")
	}
	if _, err := chain().world().Regime("atlantis"); err == nil {
		t.Error("a regime that is not in the record")
	}
}
