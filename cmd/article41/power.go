package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"article41"
	"article41/align"
	"article41/date"
)

func powerCommand(a *app) *cobra.Command {
	var q aligned
	var rule string
	var seats, quota, vetoes, block int
	var votes bool
	c := &cobra.Command{
		Use:   "power",
		Short: "What a seat is worth under a voting rule, exactly; who was pivotal in the real votes",
		Long: "What a permanent and an elected seat is worth under Article 27 as it was and as it is, or\nunder a reform that you type in: Shapley-Shubik, Banzhaf, Coleman, and the game of three\n" +
			"choices in which an abstention does not block. Exact fractions. With --record, who was\npivotal in the Council's real votes and whose no alone stopped a draft that had the votes.",
		Example: "  article41 power --rule 1966\n  article41 power --seats 25 --quota 15 --vetoes 5\n  article41 power --record --from 1991",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if votes {
				return a.powerRecord(c, &q)
			}
			r, err := align.RuleOf(rule)
			if c.Flags().Changed("seats") || c.Flags().Changed("quota") || c.Flags().Changed("vetoes") || c.Flags().Changed("block") {
				if c.Flags().Changed("rule") {
					return errUse{fmt.Errorf("--rule and a reform: want one of the two")}
				}
				r, err = align.Reform(seats, quota, vetoes, block)
			}
			if err != nil {
				return err
			}
			p, err := r.Power()
			if err != nil {
				return err
			}
			return a.show(&q, p, article41.PowerRows(p), func(w io.Writer) {
				fmt.Fprintf(w, "%s\n\n", article41.PowerSentence(p))
				table(w, article41.PowerRows(p))
				fmt.Fprintf(w, "\nYes/no game: %s of %s coalitions win.\nThree-way game (%s): %s of %s configurations pass.\n", p.Winning, p.Of, p.ThreeWay.Game, p.ThreeWay.Passing, p.ThreeWay.Of)
			})
		},
	}
	q.flags(c)
	c.Flags().BoolVar(&q.asCSV, "csv", false, "answer in CSV")
	c.Flags().StringVar(&rule, "rule", "1966", "the `rule`: 1946 (seven of eleven) or 1966 (nine of fifteen)")
	c.Flags().IntVar(&seats, "seats", 15, "a reform: how many `seats`")
	c.Flags().IntVar(&quota, "quota", 9, "a reform: how many affirmative `votes` a decision takes")
	c.Flags().IntVar(&vetoes, "vetoes", 5, "a reform: how many `seats` have a veto")
	c.Flags().IntVar(&block, "block", 1, "a reform: how many of them it takes to `block`")
	c.Flags().BoolVar(&votes, "record", false, "count the Council's real votes instead")
	c.Flags().StringVar(&q.from, "from", "", "with --record: from this `day`, month or year on")
	c.Flags().StringVar(&q.to, "to", "", "with --record: to this `day`, month or year, included")
	return c
}

func (a *app) powerRecord(c *cobra.Command, q *aligned) error {
	at, arc, _, err := a.withRolls(c.Context(), q)
	if err != nil {
		return err
	}
	f, err := q.filter()
	if err != nil {
		return err
	}
	var from, to date.Day = f.From, f.To
	p, err := arc.PowerRecord(c.Context(), at, from, to)
	if err != nil {
		return err
	}
	return a.show(q, p, article41.PivotRows(p), func(w io.Writer) {
		fmt.Fprintf(w, "%s\n\n", p.Sentence)
		table(w, article41.PivotRows(p))
		writeMissing(w, p.Missing)
		fmt.Fprintf(w, "Method: %s\n", p.Method)
	})
}
