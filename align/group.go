package align

import (
	"fmt"
	"slices"
	"strings"

	"article41/country"
	"article41/date"
	"article41/record"
)

// Side is one side of a comparison: a state, several, or a group whose members
// are those of the day of each vote.
type Side struct {
	Name    string // as asked
	Words   string // in words
	States  []country.Code
	members func(body Body, seated []country.Code) []country.Code
}

// regional are the United Nations' regional groups of elections, as the table of
// states cuts them today.
var regional = []struct{ word, name string }{
	{"african", "African"}, {"asia-pacific", "Asia-Pacific"}, {"eastern-european", "Eastern European"},
	{"latin-american-and-caribbean", "Latin American and Caribbean"}, {"western-european-and-others", "Western European and Others"},
}

var short = map[string]string{"agg": "african", "apg": "asia-pacific", "eeg": "eastern-european", "grulac": "latin-american-and-caribbean", "weog": "western-european-and-others"}

// GroupWords are the names of groups that ParseSide knows.
func GroupWords() []string {
	out := []string{"P3", "P5", "E10", "A3"}
	for _, r := range regional {
		out = append(out, r.word)
	}
	return out
}

// ParseSide reads a state (FRA, "Mali"), several joined by + (MLI+BFA+NER), or a
// group: P3, P5, E10, A3, or a regional group (african, weog, …).
func ParseSide(s string) (Side, error) {
	s = strings.TrimSpace(s)
	low := strings.ToLower(s)
	out := Side{Name: strings.ToUpper(s)}
	switch low {
	case "":
		return out, fmt.Errorf("%w: a state or group is missing", record.ErrInvalid)
	case "p3":
		out.Words, out.States = "the P3 (France, United Kingdom, United States)", country.P3()
		return out, nil
	case "p5":
		out.Words, out.States = "the five permanent members", []country.Code{"CHN", "FRA", "GBR", "RUS", "USA"}
		return out, nil
	case "e10":
		out.Words = "the elected members of the Council on the day of each vote"
		out.members = func(b Body, seated []country.Code) []country.Code { return ifCouncil(b, country.E10(seated)) }
		return out, nil
	case "a3":
		out.Words = "the elected African members of the Council on the day of each vote"
		out.members = func(b Body, seated []country.Code) []country.Code { return ifCouncil(b, country.A3(seated)) }
		return out, nil
	}
	if long, ok := short[low]; ok {
		low = long
	}
	for _, r := range regional {
		if low == r.word {
			out.Name, out.Words = r.word, "the "+r.name+" States (regional group as cut today)"
			out.members = func(_ Body, seated []country.Code) []country.Code {
				return slices.DeleteFunc(slices.Clone(seated), func(c country.Code) bool { return c.Group() != r.name })
			}
			return out, nil
		}
	}
	var names []string
	for _, part := range strings.Split(s, "+") {
		c, err := country.Parse(part)
		if err != nil {
			return out, fmt.Errorf("%w: %w, or a group: %s", record.ErrInvalid, err, strings.Join(GroupWords(), ", "))
		}
		if c = Seat(c); slices.Contains(out.States, c) {
			return out, fmt.Errorf("%w: %s stands twice in %q", record.ErrInvalid, c, s)
		}
		out.States = append(out.States, c)
		names = append(names, c.Name(date.Day{}))
	}
	codes := make([]string, len(out.States))
	for i, c := range out.States {
		codes[i] = string(c)
	}
	out.Name, out.Words = strings.Join(codes, "+"), strings.Join(names, ", ")
	return out, nil
}

func ifCouncil(b Body, in []country.Code) []country.Code {
	if b == Council {
		return in
	}
	return nil
}

// One reports whether the side is a single state.
func (s Side) One() bool { return len(s.States) == 1 }

func (s Side) of(b Body, seated []country.Code) []country.Code {
	if s.members != nil {
		return s.members(b, seated)
	}
	return slices.DeleteFunc(slices.Clone(s.States), func(c country.Code) bool { return !slices.Contains(seated, c) })
}

// Sides is how two sides voted: every pair of one member of each, over every vote.
type Sides struct {
	Table     Table
	Votes     int // votes with at least one pair
	Pairs     int // pairs of ballots
	Abstained int // pairs in which one or both abstained
	Agreed    int // votes without a roll call, counted as yes
	Left      Left
	each      []Table
}

// Sides pools the pairs. A state is never paired with itself.
func (v *Votes) Sides(a, b Side, set Set, consensus bool) Sides {
	var out Sides
	v.Each(set, func(i int, c *Call) {
		seated := make([]country.Code, 0, len(c.Casts))
		mark := make(map[country.Code]int, len(c.Casts))
		for _, k := range c.Casts {
			s := Seat(k.State)
			seated = append(seated, s)
			mark[s] = markOf(k.Ballot)
			if c.Consensus {
				mark[s] = yes
			}
		}
		as, bs := a.of(c.Body, seated), b.of(c.Body, seated)
		if len(as) == 0 || len(bs) == 0 {
			out.Left.NotMember++
			return
		}
		if c.Consensus && !consensus {
			out.Left.Consensus++
			return
		}
		var t Table
		var away [marks]bool
		done := map[[2]country.Code]bool{}
		for _, x := range as {
			for _, y := range bs {
				if x == y || done[[2]country.Code{y, x}] {
					continue
				}
				done[[2]country.Code{x, y}] = true
				if mark[x] > no || mark[y] > no {
					away[mark[x]], away[mark[y]] = true, true
					continue
				}
				t[mark[x]][mark[y]]++
				if mark[x] == abstain || mark[y] == abstain {
					out.Abstained++
				}
			}
		}
		switch n := t.N(); {
		case n > 0:
			out.Votes++
			out.Pairs += n
			out.Table.plus(t)
			out.each = append(out.each, t)
			if c.Consensus {
				out.Agreed++
			}
		case away[unrecorded]:
			out.Left.Unrecorded++
		case away[absent]:
			out.Left.Absent++
		case away[aside]:
			out.Left.NotParticipating++
		case away[obliged]:
			out.Left.Obliged++
		default:
			out.Left.NotMember++
		}
	})
	return out
}

// Bootstrap resamples whole votes.
func (s Sides) Bootstrap(resamples int, seed uint64) Intervals {
	if len(s.each) == 0 {
		return Intervals{Level: 0.95, Resamples: resamples, Seed: seed}
	}
	return bootstrapVotes(s.each, resamples, seed)
}
