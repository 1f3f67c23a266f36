package briefing

import (
	"fmt"
	"slices"
	"strings"

	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Block is a place in a briefing where the record speaks. What it shows is asked
// when the page is read, for the page's day unless as_of fixes another.
type Block struct {
	Kind string            `json:"kind"`
	Args []string          `json:"args,omitempty"` // canonical: symbols, regimes, members
	Opts map[string]string `json:"opts,omitempty"` // from, to, as_of, on, vote
}

// blocks is the table of blocks: the arguments each has, and the options.
var blocks = []struct {
	kind string
	args []string // symbol, symbol*, regime, member, matter
	opts []string
	what string
}{
	{"vote", []string{"symbol"}, nil, "the horseshoe of a vote and its sentence"},
	{"rollcall", []string{"symbol", "symbol*"}, nil, "how members voted, a column a draft"},
	{"status", []string{"regime"}, []string{"as_of"}, "a regime's status as of the day"},
	{"timeline", []string{"regime"}, []string{"from", "to"}, "a slice of a regime's decisions and clocks"},
	{"whatif", []string{"symbol", "ballot"}, []string{"as_of"}, "what one other ballot would have changed"},
	{"disagree", []string{"symbol", "matter"}, nil, "the box in which sources disagree"},
	{"quote", []string{"symbol", "member"}, []string{"on"}, "what a member said, with its speaker and source"},
	{"picture", nil, nil, "where the briefing's picture stands"},
}

// parseBlock reads "vote S/2023/638" or "timeline mali from=2022-08-01".
func parseBlock(line string) (Block, error) {
	words := strings.Fields(line)
	i := slices.IndexFunc(blocks, func(b struct {
		kind string
		args []string
		opts []string
		what string
	}) bool {
		return b.kind == words[0]
	})
	if i < 0 {
		var names []string
		for _, b := range blocks {
			names = append(names, b.kind)
		}
		return Block{}, fmt.Errorf("%w: there is no block %q; there are %s", record.ErrInvalid, clip(words[0]), strings.Join(names, ", "))
	}
	spec := blocks[i]
	out := Block{Kind: spec.kind}
	for _, w := range words[1:] {
		if k, v, ok := strings.Cut(w, "="); ok {
			if !slices.Contains(spec.opts, k) {
				return Block{}, fmt.Errorf("%w: %s has no %q", record.ErrInvalid, spec.kind, clip(k))
			}
			if _, err := date.ParseDay(v); err != nil {
				return Block{}, fmt.Errorf("%w: %s: %s: %q is no day, such as 2023-08-31", record.ErrInvalid, spec.kind, k, clip(v))
			}
			if out.Opts == nil {
				out.Opts = map[string]string{}
			}
			out.Opts[k] = v
			continue
		}
		n := len(out.Args)
		want := ""
		switch {
		case n < len(spec.args):
			want = spec.args[n]
		case len(spec.args) > 0 && strings.HasSuffix(spec.args[len(spec.args)-1], "*"):
			want = spec.args[len(spec.args)-1]
		default:
			return Block{}, fmt.Errorf("%w: %s: %q is one word too many", record.ErrInvalid, spec.kind, clip(w))
		}
		arg, err := argument(strings.TrimSuffix(want, "*"), w)
		if err != nil {
			return Block{}, fmt.Errorf("%s: %w", spec.kind, err)
		}
		out.Args = append(out.Args, arg)
	}
	need := len(spec.args)
	if need > 0 && strings.HasSuffix(spec.args[need-1], "*") {
		need--
	}
	if len(out.Args) < need {
		return Block{}, fmt.Errorf("%w: %s needs a %s", record.ErrInvalid, spec.kind, spec.args[len(out.Args)])
	}
	return out, nil
}

func argument(want, w string) (string, error) {
	switch want {
	case "symbol":
		s, err := symbol.Parse(w)
		if err != nil {
			return "", fmt.Errorf("%w: %q is no symbol, such as S/2023/638", record.ErrInvalid, clip(w))
		}
		return string(s), nil // as the record keys it; String is how it is shown
	case "member":
		c, err := country.Parse(w)
		if err != nil {
			return "", fmt.Errorf("%w: %q is no state's code, such as RUS", record.ErrInvalid, clip(w))
		}
		return string(c), nil
	case "ballot":
		m, b, _ := strings.Cut(w, ":")
		c, err := country.Parse(m)
		if err != nil {
			return "", fmt.Errorf("%w: %q: want a member and a ballot, such as RUS:abstain", record.ErrInvalid, clip(w))
		}
		x, err := council.ParseBallot(b)
		if err != nil {
			return "", fmt.Errorf("%w: %q: want a member and a ballot, such as RUS:abstain", record.ErrInvalid, clip(w))
		}
		return string(c) + ":" + string(x), nil
	}
	return w, nil
}

// Day is an option that is a day, or the other where it is not given.
func (b Block) Day(option string, or date.Day) date.Day {
	if d, err := date.ParseDay(b.Opts[option]); err == nil {
		return d
	}
	return or
}
