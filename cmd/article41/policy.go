package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"article41"
	"article41/policy"
	"article41/record"
	"article41/watch"
)

// ruled adds the flag of the screening policy to a command that screens.
func (q *asked) ruled(c *cobra.Command) {
	c.Flags().StringVar(&q.policy, "policy", "", "screen under the policy of this `file` (default the one kept in the database, or the shipped one; see policy)")
}

// archive opens the archive and puts it under the policy that was named.
func (a *app) archive(ctx context.Context, q asked, create bool) (*article41.Archive, error) {
	p, err := readPolicy(q.policy)
	if err != nil {
		return nil, err
	}
	arc, err := a.unruled(ctx, q, create)
	if err != nil {
		return nil, err
	}
	if a.ruling = p; p == nil && a.store != nil {
		kept, err := a.housePolicy(ctx)
		if err != nil {
			return nil, err
		}
		p = &kept
	}
	if p != nil {
		arc.Use(*p)
	}
	return arc, a.reach(ctx, arc, record.Position(q.least))
}

// housePolicy is what everything on the database is screened by: the file that
// was named, or the policy kept there, or the shipped one.
func (a *app) housePolicy(ctx context.Context) (policy.Policy, error) {
	if a.ruling != nil {
		return *a.ruling, nil
	}
	s, err := a.shelf()
	if err != nil {
		return policy.Policy{}, err
	}
	return watch.ReadPolicy(ctx, s)
}

// readPolicy reads a policy file; nil if none was named.
func readPolicy(file string) (*policy.Policy, error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, errUnable{err}
	}
	defer f.Close()
	p, err := policy.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &p, nil
}

func policyCommand(a *app) *cobra.Command {
	var q asked
	c := &cobra.Command{
		Use:     "policy [FILE]",
		Short:   "The screening policy: the shipped one, or a file of one's own, checked",
		Example: "  article41 policy\n  article41 policy ours.yaml",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p := policy.Default()
			if len(args) == 1 {
				own, err := readPolicy(args[0])
				if err != nil {
					return err
				}
				p = *own
			}
			return a.writePolicy(p, q.asJSON)
		},
	}
	c.Flags().BoolVar(&q.asJSON, "json", false, "answer in JSON")
	return c
}

// writePolicy shows what a policy says.
func (a *app) writePolicy(p policy.Policy, asJSON bool) error {
	if asJSON {
		return a.writeJSON(struct {
			policy.Used
			Policy policy.Policy `json:"policy"`
		}{p.Used(), p})
	}
	u := p.Used()
	fmt.Fprintf(a.out, "%s, version %s\ndigest %s\n%s\n\n", u.Name, u.Version, u.Digest, p.Note)
	fmt.Fprintf(a.out, "law that counts: %s\nlists: %s\ncontested counts as %s, unknown as %s; four eyes: %v\n\n",
		everyone(p.Jurisdictions, "every authority's"), everyone(p.Lists, "all that are loaded"), p.Contested, p.Unknown, p.FourEyes)
	rows := [][]string{}
	for _, r := range p.Rules {
		score := ""
		if r.Threshold > 0 {
			score = fmt.Sprintf("from %.2f", r.Threshold)
		}
		rows = append(rows, []string{string(r.Do), r.Name, everyone(r.Jurisdictions, "any"), everyone(r.Lists, "any list"), everyone(r.Measures, "any measure"), score})
	}
	table(a.out, append(rows, []string{string(p.Otherwise), "whatever no rule fits"}))
	return nil
}

func everyone[T ~string](of []T, none string) string {
	if len(of) == 0 {
		return none
	}
	t := ""
	for i, x := range of {
		if i > 0 {
			t += ", "
		}
		t += string(x)
	}
	return t
}
