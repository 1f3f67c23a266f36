package compile

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
)

// Report is how far the tables agree with the sources.
type Report struct {
	Lines       []Line
	Differences []Difference
	Stale       []Difference // judgements of differences that are no more
}

// Line counts one comparison.
type Line struct {
	Source                             string
	Compared, Equal, Differing, Judged int
}

// Difference is one thing on which a source and the tables differ. Judgement is
// what judgements.csv says of it, "" where nothing.
type Difference struct{ Source, Key, Difference, Judgement string }

// Unjudged are the differences nobody has looked at.
func (r Report) Unjudged() []Difference {
	var out []Difference
	for _, d := range r.Differences {
		if d.Judgement == "" {
			out = append(out, d)
		}
	}
	return out
}

// Err is nil if every difference is judged and no judgement is stale.
func (r Report) Err() error {
	var errs []error
	for _, d := range r.Unjudged() {
		errs = append(errs, fmt.Errorf("%s: %s: %s: not judged in judgements.csv", d.Source, d.Key, d.Difference))
	}
	for _, d := range r.Stale {
		errs = append(errs, fmt.Errorf("%s: %s: %s: judged, but there is no such difference", d.Source, d.Key, d.Difference))
	}
	return errors.Join(errs...)
}

// Write prints the agreement as a table, then every difference.
func (r Report) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "source\tcompared\tequal\tdiffering\tjudged\t")
	for _, l := range r.Lines {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t\n", l.Source, l.Compared, l.Equal, l.Differing, l.Judged)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, d := range r.Differences {
		j := d.Judgement
		if j == "" {
			j = "NOT JUDGED"
		}
		if _, err := fmt.Fprintf(w, "%s | %s | %s | %s\n", d.Source, d.Key, d.Difference, j); err != nil {
			return err
		}
	}
	return nil
}

func (d Difference) id() string { return d.Source + "\x00" + d.Key + "\x00" + d.Difference }

func readJudgements(path string) (map[string]Difference, error) {
	rows, err := table(path)
	if err != nil {
		return nil, err
	}
	out := map[string]Difference{}
	for i, r := range rows {
		d := Difference{r["source"], r["key"], r["difference"], r["judgement"]}
		if d.Judgement == "" {
			return nil, fmt.Errorf("judgements.csv:%d: no judgement", i+2)
		}
		if _, twice := out[d.id()]; twice {
			return nil, fmt.Errorf("judgements.csv:%d: %s of %s stands twice", i+2, d.Key, d.Source)
		}
		out[d.id()] = d
	}
	return out, nil
}
