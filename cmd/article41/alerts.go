package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"article41/account"
	"article41/watch"
)

func alertsCommand(a *app) *cobra.Command {
	var w watching
	var every bool
	c := &cobra.Command{
		Use:   "alerts",
		Short: "The alerts that wait for a reviewer; with --all, every one",
		Long:  "The alerts that wait for a reviewer: whoever something binds on the day first, then the likeliest. An\nalert says that a customer's name met an entry, and never that the two are one.",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			d, _, err := a.watchDesk(c.Context(), w.asked)
			if err != nil {
				return err
			}
			as, err := d.Alerts(c.Context(), func(x watch.Alert) bool { return every || x.Waits() })
			if err != nil {
				return err
			}
			out := []watch.Told{}
			for _, x := range as {
				t, err := d.Tell(c.Context(), x)
				if err != nil {
					return err
				}
				out = append(out, t)
			}
			if w.asJSON {
				return a.writeJSON(map[string]any{"alerts": out})
			}
			if len(out) == 0 {
				fmt.Fprintln(a.out, "No alert waits.")
				return nil
			}
			rows := [][]string{{"alert", "state", "customer", "entry", "listed as", "stands", "score", "class"}}
			for _, t := range out {
				who := "erased"
				if t.Evidence != nil {
					who = t.Evidence.Customer
				}
				rows = append(rows, []string{string(t.ID), string(t.State), who, string(t.Entry), t.Caption, t.Stands, fmt.Sprintf("%.3f", t.Score), t.Class})
			}
			table(a.out, rows)
			return nil
		},
	}
	w.flags(a, c)
	c.Flags().BoolVar(&every, "all", false, "those that were decided too")
	c.AddCommand(alertsShow(a), alertsDecide(a), alertsExport(a))
	return c
}

func alertsShow(a *app) *cobra.Command {
	var w watching
	c := &cobra.Command{
		Use:   "show ALERT",
		Short: "One alert with its evidence and decisions",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			d, _, err := a.watchDesk(c.Context(), w.asked)
			if err != nil {
				return err
			}
			x, _, _, err := d.Alert(c.Context(), watch.AlertID(args[0]))
			if err != nil {
				return err
			}
			t, err := d.Tell(c.Context(), x)
			if err != nil {
				return err
			}
			if w.asJSON {
				return a.writeJSON(t)
			}
			a.writeAlert(t)
			return nil
		},
	}
	w.flags(a, c)
	return c
}

func (a *app) writeAlert(t watch.Told) {
	fmt.Fprintf(a.out, "%s: %s", t.ID, t.State)
	if t.Why != "" {
		fmt.Fprintf(a.out, " (%s)", t.Why)
	}
	fmt.Fprintf(a.out, "\n%s %s: %s\n", t.Entry, t.Caption, t.Stands)
	for _, l := range t.Standing.Law {
		fmt.Fprintf(a.out, "  %s\n", l)
	}
	if t.Evidence == nil {
		fmt.Fprintln(a.out, "The customer was erased; what was compared is gone.")
	} else {
		fmt.Fprintf(a.out, "customer %s, %s: %q met %q, score %.3f, %s\n", t.Evidence.CustomerID, t.Evidence.Customer, t.Evidence.Asked, t.Evidence.Matched.Text, t.Score, t.Class)
		for _, e := range t.Evidence.For {
			fmt.Fprintf(a.out, "  for: %s %s\n", e.Kind, e.Detail)
		}
		for _, e := range t.Evidence.Against {
			fmt.Fprintf(a.out, "  against: %s %s\n", e.Kind, e.Detail)
		}
		for _, r := range t.Evidence.Reasons {
			fmt.Fprintf(a.out, "%s, %s: %s\n", r.At.Format("2006-01-02 15:04"), r.By, r.Says)
		}
	}
	if !t.Meets {
		fmt.Fprintln(a.out, "The two do not meet any more.")
	}
	fmt.Fprintf(a.out, "opened %s on the list of %s; policy %s, engine %s\nevidence %s\n", t.Opened.At.Format("2006-01-02 15:04"), t.Opened.Version, t.Opened.Policy, t.Opened.Engine, t.Alert.Evidence)
}

func alertsDecide(a *app) *cobra.Command {
	var w watching
	var verdict, reason, seen string
	c := &cobra.Command{
		Use:     "decide ALERT --verdict true-hit|not-same --reason WORDS",
		Short:   "Decide an alert; the decision stands as long as the evidence does",
		Example: "  article41 alerts decide 3f…a1.9c…7e --verdict not-same --reason \"born 1990, the listed man 1962; passport seen\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			d, _, err := a.watchDesk(c.Context(), w.asked)
			if err != nil {
				return err
			}
			x, err := d.Decide(c.Context(), watch.AlertID(args[0]), seen, watch.State(verdict), reason, account.Local(), a.now())
			if err != nil {
				return err
			}
			if w.asJSON {
				x.Sealed = nil
				return a.writeJSON(x)
			}
			fmt.Fprintf(a.out, "%s: %s\n", x.ID, x.State)
			return nil
		},
	}
	w.flags(a, c)
	c.Flags().StringVar(&verdict, "verdict", "", "`true-hit` or not-same")
	c.Flags().StringVar(&reason, "reason", "", "why, in `words`; kept sealed")
	c.Flags().StringVar(&seen, "evidence", "", "the `evidence` that was looked at; if it changed since, nothing is decided")
	return c
}

func alertsExport(a *app) *cobra.Command {
	var w watching
	var format, state string
	c := &cobra.Command{
		Use:   "export FILE",
		Short: "Alerts with their evidence and decisions, as a file; - writes to standard output",
		Example: "  article41 alerts export alerts.csv\n" +
			"  article41 alerts export - --state waiting",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if format == "" {
				format = strings.TrimPrefix(filepath.Ext(args[0]), ".")
			}
			if args[0] == "-" && format == "" {
				format = "jsonl"
			}
			if _, err := watch.MediaType(format); err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			want, err := watch.InState(state)
			if err != nil {
				return err
			}
			d, _, err := a.watchDesk(c.Context(), w.asked)
			if err != nil {
				return err
			}
			as, err := d.Alerts(c.Context(), want)
			if err != nil {
				return err
			}
			if args[0] == "-" {
				return d.Write(c.Context(), a.out, format, as)
			}
			return writeWhole(args[0], func(f io.Writer) error { return d.Write(c.Context(), f, format, as) })
		},
	}
	w.flags(a, c)
	c.Flags().StringVar(&format, "format", "", "jsonl, csv, parquet or ftm; without it by the `ending` of FILE")
	c.Flags().StringVar(&state, "state", "all", "`waiting`, open, proposed, true-hit, not-same, noted, merged or all")
	return c
}
