package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"article41/api"
	"article41/record"
)

// screenLines screens a file of JSON lines. Exit 1 if some line could not be
// answered: each says why, in its place.
func (a *app) screenLines(c *cobra.Command, q asked, at record.At, in, to string) (err error) {
	if c.Flags().NArg() > 0 {
		return errUse{fmt.Errorf("a NAME and --in: want one of them")}
	}
	for _, f := range []string{"born", "country", "gender", "kind", "list", "threshold", "limit", "identifier", "receipt"} {
		if c.Flags().Changed(f) {
			return errUse{fmt.Errorf("--%s and --in: each line says its own", f)}
		}
	}
	from := a.in
	if in != "-" {
		f, err := os.Open(in)
		if err != nil {
			return errUnable{err}
		}
		defer f.Close()
		from = f
	}
	arc, err := a.archive(c.Context(), q, false)
	if err != nil {
		return err
	}
	out := a.out
	if to != "-" {
		f, e := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) // it holds names
		if e != nil {
			return errUnable{e}
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	sum, err := api.ScreenLines(c.Context(), arc, at, from, out)
	if err != nil && !errors.Is(err, context.Canceled) {
		return errUnable{fmt.Errorf("batch: after line %d: %w", sum.Lines, err)}
	}
	if to != "-" {
		fmt.Fprintf(a.out, "%d lines, %d with hits, %d errors: %s\n", sum.Lines, sum.WithHits, sum.Errors, to)
	}
	if err == nil && sum.Errors > 0 {
		err = errNothing
	}
	return err
}
