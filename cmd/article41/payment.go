package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"article41"
	"article41/payment"
	"article41/record"
)

func paymentCommand(a *app) *cobra.Command {
	var q asked
	var how article41.Query
	var lists []string
	var threshold float64
	c := &cobra.Command{
		Use:   "payment FILE",
		Short: "Screen every party of a payment message: ISO 20022 or MT103, MT202; - reads standard input",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			from := a.in
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return errUnable{err}
				}
				defer f.Close()
				from = f
			}
			m, err := payment.Read(from)
			if errors.Is(err, payment.ErrFormat) {
				return errUnable{fmt.Errorf("%s: %w", args[0], err)}
			}
			if err != nil {
				return errUnable{err}
			}
			if c.Flags().Changed("threshold") {
				how.Threshold = &threshold
			}
			for _, l := range lists {
				how.Lists = append(how.Lists, record.SourceID(l))
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			s, err := arc.ScreenPayment(c.Context(), at, m, how)
			if err != nil {
				return err
			}
			if q.asJSON {
				err = a.writeJSON(s)
			} else {
				writePayment(a.out, s)
			}
			if err != nil {
				return err
			}
			for _, p := range s.Parties {
				if len(p.Hits) > 0 {
					return nil
				}
			}
			return errNothing
		},
	}
	q.flags(c)
	f := c.Flags()
	f.StringSliceVar(&lists, "list", nil, "only these lists, by `id`; may be repeated")
	f.Float64Var(&threshold, "threshold", 0, "the `score` from which a hit is shown, from 0 to 1 (default the engine's)")
	f.IntVar(&how.Limit, "limit", 0, "at most this many hits a party")
	return c
}

func writePayment(w io.Writer, s article41.PaymentScreening) {
	fmt.Fprintf(w, "%s\n%s %s, %d transactions\n", s.Verdict, s.Format, s.ID, s.Transactions)
	for _, p := range s.Parties {
		who := strings.Join(p.Names[:min(1, len(p.Names))], "")
		if who == "" {
			who = strings.Join(p.Identifiers, ", ")
		}
		fmt.Fprintf(w, "\n%s of transaction %d (%s): %s\n  %s\n", p.Role, p.Transaction, p.Where, who, p.Verdict)
		for _, h := range p.Hits {
			fmt.Fprintf(w, "  %s  %s  score %.3f, %s\n    %s\n", h.ID, h.Caption, h.Score, h.Class, h.Sentence)
			for _, m := range h.Law {
				fmt.Fprintf(w, "    %s: %s\n", m.Name, m.Sentence)
			}
		}
	}
	for _, t := range s.Territories {
		fmt.Fprintf(w, "\naddress in %s: regimes that reach it: %v. A regime over a territory does not forbid a payment there.\n", t.Name, t.Regimes)
	}
}
