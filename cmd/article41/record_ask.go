package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"article41"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/source/curated"
	"article41/symbol"
)

// editor asks for what was not said.
type editor struct {
	a     *app
	ctx   context.Context
	in    *bufio.Scanner
	arc   *article41.Archive
	talks bool
}

var (
	errEnd   = errors.New("the input ended")
	errEmpty = errors.New("no answer") // to a question that may be left open
)

// gather reads what was said, and asks for the rest if something needed is
// missing.
func (e *editor) gather(s said) (curated.Adoption, error) {
	var k curated.Adoption
	k.Vote.Mode = record.ByVote
	questions := []struct {
		flag, ask string
		needed    bool
		said      string
		read      func(string) error
	}{
		{"regime", "regime, such as south-sudan", true, s.regime, func(v string) error {
			k.Regime = record.RegimeID(v)
			_, err := e.arc.Status(e.ctx, e.today(), k.Regime)
			return err
		}},
		{"symbol", "symbol of the adopted text, such as S/RES/2781 (2025)", true, s.symbol, func(v string) (err error) {
			if k.Symbol, err = symbol.Parse(v); err != nil {
				return err
			}
			if _, ok := k.Symbol.Number(); !ok {
				return fmt.Errorf("%s is no resolution: the effects of a draft count only once it is adopted, then under the resolution's symbol; write what failed by hand (docs/record.md)", k.Symbol)
			}
			return nil
		}},
		{"date", "day of adoption, YYYY-MM-DD", true, s.date, func(v string) (err error) { k.Vote.Date, err = date.ParseDay(v); return err }},
		{"meeting", "meeting, such as S/PV.9928", false, s.meeting, func(v string) (err error) { k.Vote.Meeting, err = symbol.Parse(v); return err }},
		{"tally", "tally, such as 9-0-6; nothing if there was no vote", false, s.tally, func(v string) error {
			t, err := record.ParseTally(v)
			k.Vote.Tally = &t
			return err
		}},
		{"mode", "how, where it was no vote: without-vote, consensus, acclamation", false, s.mode, func(v string) error {
			k.Vote.Mode = record.Mode(v)
			if !slices.Contains([]record.Mode{record.ByVote, record.WithoutVote, record.Consensus, record.Acclamation}, k.Vote.Mode) {
				return fmt.Errorf("%q: want vote, without-vote, consensus or acclamation", v)
			}
			return nil
		}},
		{"ballots", "who voted how, such as no CHN; abstain RUS PAK", false, s.ballots, func(v string) (err error) { k.Vote.Ballots, err = parseBallots(v); return err }},
		{"draft", "the draft's symbol", false, s.draft, func(v string) (err error) { k.Vote.Draft, err = symbol.Parse(v); return err }},
		{"title", "title, in our own words", false, s.title, func(v string) error { k.Vote.Title = v; return nil }},
		{"published", "day of publication", false, s.published, func(v string) (err error) { k.Vote.Published, err = date.ParseDay(v); return err }},
		{"penholders", "penholders, such as USA FRA", false, s.penholders, func(v string) (err error) { k.Vote.Penholders, err = parseCodes(v); return err }},
		{"cite", "source, such as verified UN-press CS/16077", true, s.cite, func(v string) (err error) { k.Cite, err = parseCite(v); return err }},
		{"known-through", "the chain was looked at up to which day, if further than before", false, s.through, func(v string) (err error) { k.KnownThrough, err = date.ParseDay(v); return err }},
	}
	for _, q := range questions {
		e.talks = e.talks || q.needed && q.said == ""
	}
	e.talks = e.talks || len(s.effects) == 0
	for _, q := range questions {
		var err error
		switch {
		case q.said != "":
			if err = q.read(q.said); err != nil {
				err = errUse{fmt.Errorf("--%s: %w", q.flag, err)}
			}
		case e.talks:
			err = e.ask(q.ask, q.needed, q.read)
			switch {
			case errors.Is(err, errEnd) && q.needed:
				err = errUse{fmt.Errorf("--%s is missing", q.flag)}
			case errors.Is(err, errEnd), errors.Is(err, errEmpty):
				err = nil
			}
		}
		if err != nil {
			return k, err
		}
	}
	return k, e.effects(&k, s.effects)
}

// effects reads the effects, or asks for them one by one.
func (e *editor) effects(k *curated.Adoption, lines []string) error {
	for _, s := range lines {
		x, err := curated.ParseEffect(s)
		if err != nil {
			return errUse{fmt.Errorf("--effect: %w", err)}
		}
		k.Effects = append(k.Effects, x)
	}
	if len(k.Effects) > 0 {
		return nil
	}
	st, err := e.arc.Status(e.ctx, record.At{AsOf: k.Vote.Date, KnownAt: k.Vote.Date}, k.Regime)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.a.err, "the components of %s on %s:\n", k.Regime, k.Vote.Date)
	for _, s := range slices.Concat(st.Measures, st.Authorizations, st.Bodies) {
		until := ""
		if s.Until != nil {
			until = " until " + s.Until.String()
		}
		fmt.Fprintf(e.a.err, "  %s: %s%s\n", s.ID, s.Status, until)
	}
	for done := false; !done; {
		err := e.ask("effect, such as extend travel-ban,panel until 2027-05-31 paragraph 1; nothing to end", false, func(v string) error {
			x, err := curated.ParseEffect(v)
			if err == nil {
				k.Effects = append(k.Effects, x)
			}
			return err
		})
		done = errors.Is(err, errEnd) || errors.Is(err, errEmpty)
		if err != nil && !done {
			return err
		}
	}
	if len(k.Effects) == 0 {
		return errUse{errors.New("--effect is missing: an adoption without effects on the regime does not belong in its file")}
	}
	return nil
}

// ask asks until the answer can be read. Questions go where errors go, so that an
// answer in JSON stays one.
func (e *editor) ask(question string, needed bool, read func(string) error) error {
	for {
		fmt.Fprintf(e.a.err, "%s: ", question)
		if !e.in.Scan() {
			fmt.Fprintln(e.a.err)
			if err := e.in.Err(); err != nil {
				return errUnable{err}
			}
			return errEnd
		}
		v := strings.TrimSpace(e.in.Text())
		if v == "" {
			if needed {
				continue
			}
			return errEmpty
		}
		err := read(v)
		if err == nil {
			return nil
		}
		fmt.Fprintf(e.a.err, "  %v\n", err)
	}
}

func (e *editor) yes(question string) bool {
	answer := ""
	_ = e.ask(question+" (yes or no)", true, func(v string) error { answer = strings.ToLower(v); return nil })
	return answer == "yes" || answer == "y"
}

func (e *editor) today() record.At {
	d := date.DayOf(e.a.now())
	return record.At{AsOf: d, KnownAt: d}
}

// parseCite reads the short form, as in the YAML.
func parseCite(s string) (c record.Cite, err error) {
	err = c.UnmarshalYAML(func(into any) error {
		*into.(*string) = s
		return nil
	})
	return c, err
}

func parseCodes(s string) ([]country.Code, error) {
	var out []country.Code
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' }) {
		c := country.Code(strings.ToUpper(f))
		if _, ok := country.Of(c); !ok {
			return nil, fmt.Errorf("%q is no ISO 3166 alpha-3 code the tables know", f)
		}
		out = append(out, c)
	}
	return out, nil
}

// parseBallots reads "no CHN; abstain RUS PAK".
func parseBallots(s string) (*record.Ballots, error) {
	b := &record.Ballots{}
	for _, group := range strings.Split(s, ";") {
		how, who, _ := strings.Cut(strings.TrimSpace(group), " ")
		codes, err := parseCodes(who)
		if err != nil {
			return nil, err
		}
		switch how {
		case "":
		case "yes":
			b.Yes = codes
		case "no":
			b.No = codes
		case "abstain":
			b.Abstain = codes
		case "not-participating":
			b.NotParticipating = codes
		case "absent":
			b.Absent = codes
		default:
			return nil, fmt.Errorf("%q: want yes, no, abstain, not-participating or absent, then codes", how)
		}
	}
	return b, nil
}
