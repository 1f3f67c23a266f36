package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"article41/name"
	"article41/screen"
)

func compareCommand(a *app) *cobra.Command {
	var kind, pairs, to string
	var threshold float64
	var asJSON bool
	c := &cobra.Command{
		Use:   "compare NAME1 NAME2 | --pairs FILE.csv",
		Short: "How two names meet, or how well a file of labelled pairs is told apart",
		Long:  "How two names meet, token by token. With --pairs a CSV with the columns schema, name1,\nname2 and perhaps is_match is written again with score and match (true or false) added;\nwhere labels are there, precision, recall, F1 and the curve go to standard error.",
		Example: "  article41 compare \"Amadou Ag Isriw\" \"Ахмаду Аг Исрив\" --kind person\n" +
			"  article41 compare --pairs pairs.csv --out scored.csv",
		Args: func(_ *cobra.Command, args []string) error {
			if want := 2; (pairs == "") != (len(args) == want) {
				return errors.New("want two names, or --pairs FILE.csv")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if pairs == "" {
				k := name.Unknown
				if kind != "" {
					var ok bool
					if k, ok = name.ReadKind(kind); !ok {
						return errUse{fmt.Errorf("--kind %q: want person, entity, company, vessel or aircraft", kind)}
					}
				}
				for i, n := range args {
					if !strings.ContainsFunc(n, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
						return errUse{fmt.Errorf("NAME%d %q holds no letter and no digit: nothing that can be compared", i+1, n)}
					}
				}
				return screen.WritePair(a.out, args[0], args[1], k, asJSON)
			}
			if !(threshold > 0 && threshold <= 1) {
				return errUse{fmt.Errorf("--threshold %v: want a score above 0 and up to 1", threshold)}
			}
			in, err := os.Open(pairs)
			if err != nil {
				return errUnable{err}
			}
			defer in.Close()
			out := a.out
			var file *os.File
			if to != "" {
				if file, err = os.Create(to); err != nil {
					return errUnable{err}
				}
				out = file
			}
			err = screen.ComparePairs(in, out, a.err, threshold)
			if file != nil {
				err = errors.Join(err, file.Close())
			}
			if err != nil {
				return errUnable{fmt.Errorf("%s: %w", pairs, err)}
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&kind, "kind", "", "`person`, entity, company, vessel or aircraft")
	f.StringVar(&pairs, "pairs", "", "a CSV `file` of pairs")
	f.StringVar(&to, "out", "", "write the scored pairs to this `file` (default standard output)")
	f.Float64Var(&threshold, "threshold", screen.DefaultThreshold, "the `score` from which a pair is a match")
	f.BoolVar(&asJSON, "json", false, "explain in JSON")
	return c
}
