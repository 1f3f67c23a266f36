package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"article41/compile"
)

func compileCommand(a *app) *cobra.Command {
	var folder string
	c := &cobra.Command{
		Use:    "compile SHARED",
		Short:  "Make the record's tables anew from the public files in a folder",
		Long:   "Make the tables of votes, seats and dated lists anew from the public files in a folder\n(docs/votes-data.md, docs/record.md). What is written by hand is not touched. Afterwards\nrun go generate ./data, and look at the difference.",
		Args:   cobra.ExactArgs(1),
		Hidden: true,
		RunE: func(c *cobra.Command, args []string) error {
			shared := args[0]
			if err := compile.All(shared, folder); err != nil {
				return err
			}
			fmt.Fprintf(a.out, "the tables in %s are made anew; now run go generate ./data\n", folder)
			return nil
		},
	}
	c.Flags().StringVar(&folder, "data", "data", "the record's `folder`")
	c.AddCommand(compileIdealsCommand(a))
	return c
}

func compileIdealsCommand(a *app) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "ideals FILE",
		Short: "Make the shipped table of ideal points from the published file",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			n, err := compile.Ideals(args[0], out)
			if err != nil {
				return errUnable{err}
			}
			fmt.Fprintf(a.out, "%s: %d rows\n", out, n)
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "align/idealpoints.csv", "the table's `file`")
	return c
}
