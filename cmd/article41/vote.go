package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"article41"
	"article41/council"
	"article41/country"
	"article41/record"
	"article41/symbol"
)

func voteCommand(a *app) *cobra.Command {
	var q asked
	c := &cobra.Command{
		Use:     "vote SYMBOL",
		Short:   "What became of a draft, by whose votes, and why",
		Example: "  article41 vote S/2023/638\n  article41 vote \"S/RES/2374 (2017)\"",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			sym, err := symbol.Parse(strings.Join(args, " "))
			if err != nil {
				return errUse{err}
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			v, err := arc.Vote(c.Context(), at, sym)
			if err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(v)
			}
			writeVote(a.out, v)
			return nil
		},
	}
	q.flags(c)
	return c
}

func writeVote(w io.Writer, v article41.Vote) {
	fmt.Fprintf(w, "%s, %s", v.ID, v.Date.Text())
	if v.Meeting != "" {
		fmt.Fprintf(w, ", %s", v.Meeting)
	}
	fmt.Fprintf(w, "\n%s\n", v.Outcome.Sentence)
	if v.Agenda != "" {
		fmt.Fprintf(w, "%s\n", v.Agenda)
	}
	if len(v.Sponsors) > 0 {
		fmt.Fprintf(w, "sponsors: %s\n", council.Names(v.Sponsors))
	}
	fmt.Fprintln(w)
	if v.RollKnown {
		rows := [][]string{}
		for _, b := range v.Rollcall {
			mark := ""
			if b.Permanent {
				mark = "permanent"
			}
			if b.Vetoes {
				mark = "permanent, veto"
			}
			rows = append(rows, []string{b.Name, string(b.Vote), mark})
		}
		table(w, rows)
	} else {
		fmt.Fprintln(w, "The sources do not give the roll call.")
	}
	for _, e := range v.Acts {
		fmt.Fprintf(w, "%s %s %s %s\n", e.On, e.What, codes(e.By), e.Note)
	}
	for _, r := range v.Rivals {
		fmt.Fprintf(w, "rival: %s: %s\n", r.ID, r.Outcome.Sentence)
	}
	for _, e := range v.Effects {
		for _, f := range e.Effects {
			would := ""
			if !v.Outcome.Adopted {
				would = "would "
			}
			fmt.Fprintf(w, "%s: %s%s %s", e.Name, would, f.Do, components(f.What))
			if !f.Until.IsZero() {
				fmt.Fprintf(w, " until %s", f.Until)
			} else if f.Term != "" {
				fmt.Fprintf(w, " for %s", f.Term)
			}
			fmt.Fprintln(w)
		}
	}
	for _, s := range v.Statements {
		fmt.Fprintf(w, "%s (%s, %s): %s [%s, %s]\n", s.Member, s.On, s.Where, s.Says, s.Cite.Source, s.Cite.Sure)
	}
	for _, k := range v.Claims {
		fmt.Fprintf(w, "claim: %s (%s): %s: %s [%s, %s]\n", k.Speaker, k.Hedge, k.About, k.Says, k.Source, k.Sure)
	}
	for _, c := range v.Cites {
		fmt.Fprintf(w, "source: %s, %s", c.Source, c.Sure)
		for _, more := range []string{c.Place, c.Note} {
			if more != "" {
				fmt.Fprintf(w, "; %s", more)
			}
		}
		fmt.Fprintln(w)
	}
}

func components(ids []record.ComponentID) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return strings.Join(out, ", ")
}

func codes(cs []country.Code) string {
	out := make([]string, len(cs))
	for i, c := range cs {
		out[i] = string(c)
	}
	return strings.Join(out, " ")
}

func whatifCommand(a *app) *cobra.Command {
	var q asked
	var votes, adopt []string
	c := &cobra.Command{
		Use:   "whatif SYMBOL [--vote RUS=abstain] [--adopt SYMBOL]",
		Short: "What other ballots, or the adoption of a rival, would have changed",
		Example: "  article41 whatif S/2023/638 --vote RUS=abstain --as-of 2024-03-01\n" +
			"  article41 whatif S/2023/638 --adopt S/2023/639 --as-of 2023-10-15",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			sym, err := symbol.Parse(args[0])
			if err != nil {
				return errUse{err}
			}
			changes, err := changesOf(sym, votes, adopt)
			if err != nil {
				return errUse{err}
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			out, err := arc.WhatIf(c.Context(), at, sym, changes)
			if err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(out)
			}
			writeWhatIf(a.out, out)
			return nil
		},
	}
	q.flags(c)
	c.Flags().StringArrayVar(&votes, "vote", nil, "a member's other `ballot`, such as RUS=abstain; may be repeated")
	c.Flags().StringArrayVar(&adopt, "adopt", nil, "take a rival `draft` as adopted; may be repeated")
	return c
}

func changesOf(sym symbol.Symbol, votes, adopt []string) ([]council.Change, error) {
	var out []council.Change
	ch := council.Change{Draft: sym}
	for _, v := range votes {
		who, how, ok := strings.Cut(v, "=")
		if !ok {
			return nil, fmt.Errorf("--vote %q: want MEMBER=ballot, such as RUS=abstain", v)
		}
		m, err := country.Parse(who)
		if err != nil {
			return nil, fmt.Errorf("--vote %q: %w", v, err)
		}
		b, err := council.ParseBallot(how)
		if err != nil {
			return nil, fmt.Errorf("--vote %q: %w", v, err)
		}
		if slices.ContainsFunc(ch.Votes, func(s council.Switch) bool { return s.Member == m }) {
			return nil, fmt.Errorf("--vote %q: %s stands twice", v, m)
		}
		ch.Votes = append(ch.Votes, council.Switch{Member: m, Ballot: b})
	}
	if len(ch.Votes) > 0 {
		out = append(out, ch)
	}
	for _, s := range adopt {
		sym, err := symbol.Parse(s)
		if err != nil {
			return nil, fmt.Errorf("--adopt: %w", err)
		}
		out = append(out, council.Change{Draft: sym, Adopt: true})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("nothing to change: give --vote MEMBER=ballot or --adopt SYMBOL")
	}
	return out, nil
}

func writeWhatIf(w io.Writer, o article41.WhatIf) {
	for _, ch := range o.Changes {
		if ch.Adopt {
			fmt.Fprintf(w, "Suppose %s had been adopted.\n", ch.Symbol)
		} else {
			fmt.Fprintf(w, "Suppose %s had voted %s, not %s, on %s.\n", ch.Name, ch.To, ch.From, ch.Symbol)
		}
	}
	for _, side := range []struct {
		name string
		s    article41.World
	}{{"As it was", o.Actual}, {"As it would have been", o.Counterfactual}} {
		fmt.Fprintf(w, "\n%s, on %s\n%s\n", side.name, o.AsOf.Text(), side.s.Outcome.Sentence)
		writeStates(w, side.s.Measures)
		writeStates(w, side.s.Authorizations)
		writeStates(w, side.s.Bodies)
		fmt.Fprintf(w, "listings alive: %d\n", len(side.s.Listings))
		for _, l := range side.s.Listings {
			fmt.Fprintf(w, "    %s  %s\n", l.Ref, l.Caption)
		}
	}
	if len(o.Pivotal) > 0 {
		fmt.Fprintln(w, "\nWho alone could have turned the outcome:")
		for _, p := range o.Pivotal {
			to := make([]string, len(p.To))
			for i, b := range p.To {
				to[i] = string(b)
			}
			fmt.Fprintf(w, "    %s (voted %s): by %s\n", p.Name, p.From, strings.Join(to, " or "))
		}
	}
	fmt.Fprintln(w, "\nThis assumes:")
	for _, s := range o.Assumes {
		fmt.Fprintf(w, "    %s\n", s)
	}
}
