package main

import (
	"strings"

	"github.com/spf13/cobra"

	"article41/record"
)

// A shell asks what an argument may be; see cobra's ValidArgsFunction.

// regimes of the shipped record, each with its short name beside it.
func (a *app) regimes(c *cobra.Command, args []string, begun string) (out []string, _ cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	arc, err := a.archive(c.Context(), asked{}, false)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	at, err := a.at(asked{})
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	all, err := arc.Statuses(c.Context(), record.At{AsOf: at.AsOf, KnownAt: at.KnownAt})
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	for _, s := range all {
		if strings.HasPrefix(string(s.Regime), begun) {
			out = append(out, string(s.Regime))
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// sourceNames are the publishers whose files import reads; then come files.
func sourceNames(_ *cobra.Command, args []string, begun string) (out []string, _ cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	for _, s := range sources {
		if strings.HasPrefix(string(s.id), begun) {
			out = append(out, string(s.id)+"\t"+s.title)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
