package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"article41"
	"article41/country"
	"article41/record"
	"article41/source/undl"
	"article41/symbol"
)

// voteSource is one publisher's file of votes.
type voteSource struct {
	id    record.SourceID
	title string
	read  func(io.Reader) ([]record.Entry, undl.Report, error)
}

// voteSources is the table of publishers whose votes can be imported.
var voteSources = []voteSource{
	{undl.Council, "Security Council voting data of the UN Digital Library, CSV", func(r io.Reader) (out []record.Entry, rep undl.Report, err error) {
		rep, err = undl.ReadCouncil(r, func(v record.Vote) error {
			e, err := record.State(article41.VoteFact(undl.Council, v.ID), undl.Council, v.Date, v)
			out = append(out, e)
			return err
		})
		return out, rep, err
	}},
	{undl.Assembly, "General Assembly voting data of the UN Digital Library, CSV", func(r io.Reader) (out []record.Entry, rep undl.Report, err error) {
		rep, err = undl.ReadAssembly(r, func(v record.Assembly) error {
			e, err := record.State(article41.VoteFact(undl.Assembly, v.Resolution), undl.Assembly, v.Date, v)
			out = append(out, e)
			return err
		})
		return out, rep, err
	}},
}

func voteTitles() string {
	var b strings.Builder
	for _, s := range voteSources {
		fmt.Fprintf(&b, "  %-12s %s\n", s.id, s.title)
	}
	return b.String()
}

// voteSourceOf finds a source of votes; false if the id is none.
func voteSourceOf(id string) (voteSource, bool) {
	for _, s := range voteSources {
		if string(s.id) == id {
			return s, true
		}
	}
	return voteSource{}, false
}

// takeVotes brings in files of votes.
func (a *app) takeVotes(ctx context.Context, arc *article41.Archive, s voteSource, paths []string, asJSON bool) error {
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return errUnable{err}
		}
		entries, rep, err := s.read(f)
		f.Close()
		if err != nil {
			return errUnable{fmt.Errorf("%s: %w", path, err)}
		}
		out, err := arc.TakeVotes(ctx, a.now(), s.id, entries)
		if err != nil {
			return errUnable{fmt.Errorf("%s: %w", path, err)}
		}
		out.Complaints = append(out.Complaints, rep.Complaints...)
		if asJSON {
			if err := a.writeJSON(out); err != nil {
				return err
			}
			continue
		}
		writeVotesTaken(a.out, path, out, rep.More)
	}
	return nil
}

func writeVotesTaken(w io.Writer, path string, v article41.VotesTaken, more int) {
	fmt.Fprintf(w, "%s: %s: %d votes of %s to %s: %d added, %d changed, %d held already\n", path, v.Source, v.Votes, v.First, v.Last, v.Added, v.Changed, v.Same)
	fmt.Fprintf(w, "    the record has %d of them as they are, %d otherwise, and %d not at all; nothing of the record was overwritten\n", v.Agree, v.Differ, v.New)
	for i, d := range v.Differences {
		if i == 20 {
			fmt.Fprintf(w, "    … and %d more differences (--json shows all)\n", len(v.Differences)-i)
			break
		}
		fmt.Fprintf(w, "    %s: %s: the record says %s, the file %s\n", d.Symbol, d.About, d.Record, d.Import)
	}
	for i, k := range v.Complaints {
		if i == 20 {
			fmt.Fprintf(w, "    … and %d more complaints (--json shows those kept)\n", len(v.Complaints)-i+more)
			break
		}
		fmt.Fprintf(w, "    %s: %s\n", k.Place, k.Problem)
	}
}

func assemblyCommand(a *app) *cobra.Command {
	var q asked
	c := &cobra.Command{
		Use:     "assembly SYMBOL",
		Short:   "A recorded vote of the General Assembly",
		Example: "  article41 assembly A/RES/ES-11/6",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.at(q)
			if err != nil {
				return err
			}
			id, err := symbol.Parse(args[0])
			if err != nil {
				return errUse{err}
			}
			arc, err := a.archive(c.Context(), q, false)
			if err != nil {
				return err
			}
			v, err := arc.AssemblyVote(c.Context(), at, id)
			if err != nil {
				return err
			}
			if q.asJSON {
				return a.writeJSON(v)
			}
			fmt.Fprintf(a.out, "%s of %s", v.Resolution, v.Date.Text())
			if v.Title != "" {
				fmt.Fprintf(a.out, ": %s", v.Title)
			}
			fmt.Fprintln(a.out)
			if t := v.Tally; t != nil {
				fmt.Fprintf(a.out, "%d in favour, %d against, %d abstaining\n", t.Yes, t.No, t.Abstain)
			}
			if b := v.Ballots; b != nil {
				for _, g := range []struct {
					word  string
					codes []country.Code
				}{{"in favour", b.Yes}, {"against", b.No}, {"abstaining", b.Abstain}, {"not voting", b.Absent}} {
					if len(g.codes) > 0 {
						fmt.Fprintf(a.out, "%s: %s\n", g.word, everyone(marked(g.codes, v.Unsure), ""))
					}
				}
			}
			for _, k := range v.Claims {
				fmt.Fprintf(a.out, "%s %s: %s: %s [%s, %s]\n", k.Speaker, k.Hedge, k.About, k.Says, k.Source, k.Sure)
			}
			for _, k := range v.Cites {
				fmt.Fprintf(a.out, "source: %s %s, %s %s\n", k.Source, k.Place, k.Sure, k.Note)
			}
			writeBasis(a.out, at, v.Basis)
			return nil
		},
	}
	q.flags(c)
	return c
}

// marked are the codes, those whose ballot is unverified with that word.
func marked(codes []country.Code, unsure []string) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		if out[i] = string(c); slices.Contains(unsure, out[i]) {
			out[i] += " (unverified)"
		}
	}
	return out
}
