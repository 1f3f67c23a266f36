package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"article41/account"
	"article41/briefing"
	"article41/date"
)

func storyCommand(a *app) *cobra.Command {
	var q asked
	var day string
	c := &cobra.Command{
		Use:   "story FILE",
		Short: "Lay an article beside the record: what agrees, differs, is not in it",
		Long: "story reads an article (a text file, or - for standard input) by rules and compares its symbols,\n" +
			"days, counts, names, superlatives and hedges with the record. It asks nobody, and says which\n" +
			"sentences it could not read.",
		Example: "  article41 story article.txt\n  article41 story - --json < article.txt\n  article41 story article.txt --written 2023-09-15",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			var written date.Day
			if day != "" {
				if written, err = date.ParseDay(day); err != nil {
					return fmt.Errorf("--written: %w", err)
				}
			}
			var in io.Reader = a.in
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return errUnable{err}
				}
				defer f.Close()
				in = f
			}
			text, err := io.ReadAll(io.LimitReader(in, 1<<20))
			if err != nil {
				return errUnable{fmt.Errorf("%s: %w", args[0], err)}
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			got, err := arc.Story(account.With(c.Context(), account.Local()), at, strings.ToValidUTF8(string(text), "\uFFFD"), written)
			if err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(got)
			}
			writeStory(a.out, got)
			return nil
		},
	}
	q.flags(c)
	c.Flags().StringVar(&day, "written", "", "the story's own `day`, from which it counts others (“last month”); without it the one that it states")
	return c
}

func writeStory(w io.Writer, c briefing.Checked) {
	fmt.Fprintln(w, c.Sentence)
	for _, l := range c.Laid {
		fmt.Fprintf(w, "\n%s: “%s” (%s)\n  %s\n", l.Verdict, l.Words, l.Kind, l.Says)
		for i, x := range l.Cites {
			if i == 3 {
				fmt.Fprintf(w, "  … %d more sources\n", len(l.Cites)-i)
				break
			}
			fmt.Fprintf(w, "  [%s %s, %s]\n", x.Source, x.Place, x.Sure)
		}
	}
	if len(c.Unread) > 0 {
		fmt.Fprintln(w, "\nNo rule could read:")
		for _, s := range c.Unread {
			fmt.Fprintf(w, "  %s\n", s)
		}
	}
}
