package article41

import (
	"context"
	"fmt"
	"slices"

	"article41/align"
	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// AlignQuery asks how two sides voted.
type AlignQuery struct {
	A, B align.Side
	align.Filter
	Resamples int    // of the bootstrap; 0: align.Resamples, below 0: no interval
	Seed      uint64 // 0: align.Seed
	// Ballots are roll calls of the Assembly from a file, beside those held.
	Ballots []record.Assembly
}

func (q *AlignQuery) defaults() {
	if q.Resamples == 0 {
		q.Resamples = align.Resamples
	}
	if q.Seed == 0 {
		q.Seed = align.Seed
	}
}

// MostResamples bounds how often the votes are resampled for one answer.
const MostResamples = 10_000

// Window is the votes that an answer rests on, and what is missing from them.
type Window struct {
	Body      align.Body      `json:"body,omitempty"` // empty: both
	From      *date.Day       `json:"from"`
	To        *date.Day       `json:"to"`
	Year      int             `json:"year,omitempty"` // of the Assembly: in which its session opened
	Topic     string          `json:"topic,omitempty"`
	Votes     []symbol.Symbol `json:"votes,omitempty"` // asked for by symbol
	Consensus bool            `json:"consensus"`       // adoptions without a vote count as a yes of all who sat
	Selected  int             `json:"selected"`        // roll calls in the selection
	Council   int             `json:"council"`         // of them
	Assembly  int             `json:"assembly"`
	First     *date.Day       `json:"first"` // day of the first and last of them
	Last      *date.Day       `json:"last"`
	Unheld    int             `json:"without_ballots"` // votes of the selection of which no ballot is held
	Missing   []string        `json:"missing"`
}

// AlignSide is one side as understood.
type AlignSide struct {
	Name   string          `json:"name"`
	Words  string          `json:"words"`
	States []council.Party `json:"states,omitempty"` // empty where they change with the day
}

// Agreement is how alike two sides voted.
type Agreement struct {
	A        AlignSide `json:"a"`
	B        AlignSide `json:"b"`
	Sentence string    `json:"sentence"`

	N        int      `json:"n"` // votes counted
	Raw      *float64 `json:"raw"`
	Lijphart *float64 `json:"lijphart"`
	S        *float64 `json:"s"`
	Kappa    *float64 `json:"kappa"`
	Pi       *float64 `json:"pi"`
	// Fractions are the same indices exactly.
	Fractions map[string]*string `json:"fractions"`
	Intervals *align.Intervals   `json:"intervals"`

	// Table counts pairs of ballots: rows are A's yes, abstain, no, columns B's.
	Table      align.Table `json:"table"`
	Pairs      int         `json:"pairs"` // of ballots: n for two states, more for groups
	Abstained  int         `json:"abstentions"`
	Consensus  int         `json:"consensus_counted"`
	Unverified int         `json:"unverified"` // votes counted in which a ballot of either is unverified
	Left       align.Left  `json:"not_counted"`

	Window Window `json:"window"`
	Method string `json:"method"`
	Basis  Basis  `json:"basis"`
}

const agreementMethod = "Yes 1, abstain 2, no 3; a vote counts if both took a position. Raw: share identical. Lijphart: (same + half of one step apart)/n. S = 1 - 2 sum d/sum dmax. Kappa and pi: 1 - observed/expected distance, expected by each side's own marginals (kappa) or the pooled ones (pi); not defined where the expected distance is 0. Intervals: middle 95 of 100 percentile bootstrap over votes."

// Align answers how two sides voted over a selection of votes. The window ends on
// the day asked about.
func (a *Archive) Align(ctx context.Context, at record.At, q AlignQuery) (Agreement, error) {
	q.defaults()
	if q.Resamples > MostResamples {
		return Agreement{}, fmt.Errorf("%w: resamples %d: at most %d", record.ErrInvalid, q.Resamples, MostResamples)
	}
	s, v, err := a.votesFor(ctx, at, q.Ballots)
	if err != nil {
		return Agreement{}, err
	}
	set, win, err := window(v, at, q.Filter, 0)
	if err != nil {
		return Agreement{}, err
	}
	out := agreementOf(v, q, set)
	out.Window, out.Basis = win, s.basis()
	out.Sentence = out.sentence()
	return out, nil
}

// votesFor are the roll calls known by the day.
func (a *Archive) votesFor(ctx context.Context, at record.At, ballots []record.Assembly) (*state, *align.Votes, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return nil, nil, err
	}
	w := s.world(at.KnownAt)
	if len(ballots) > 0 {
		return s, align.Fold(w.callsWith(ballots)), nil
	}
	return s, w.rollCalls(), nil
}

// window selects the votes of the filter up to the day asked about; of one year,
// if that is not 0.
func window(v *align.Votes, at record.At, f align.Filter, year int) (align.Set, Window, error) {
	if f.To.IsZero() || f.To.After(at.AsOf) {
		f.To = at.AsOf
	}
	if !f.From.IsZero() && f.To.Before(f.From) {
		return nil, Window{}, fmt.Errorf("%w: from %s to %s: the end is before the beginning", record.ErrInvalid, f.From, f.To)
	}
	set, err := v.Select(f)
	if err != nil {
		return nil, Window{}, err
	}
	if year != 0 {
		of := v.Year(f.Body, year)
		for i := range set {
			set[i] &= of[i]
		}
	}
	w := Window{Body: f.Body, Year: year, Topic: f.Topic, Votes: f.IDs, Consensus: f.Consensus, To: &f.To, Missing: []string{}}
	if !f.From.IsZero() {
		w.From = &f.From
	}
	var whole, agreed int
	v.Each(set, func(_ int, c *align.Call) {
		w.Selected++
		if c.Body == align.Council {
			w.Council++
		} else {
			w.Assembly++
		}
		if w.First == nil || c.On.Before(*w.First) {
			on := c.On
			w.First = &on
		}
		if w.Last == nil || w.Last.Before(c.On) {
			on := c.On
			w.Last = &on
		}
		switch {
		case c.Consensus:
			agreed++
		case !c.Known():
			w.Unheld++
		case c.Whole():
			whole++
		}
	})
	if w.Unheld > 0 {
		w.Missing = append(w.Missing, fmt.Sprintf("Of %s in the selection the record holds no ballots, only what became of them.", plural(w.Unheld, "vote", "votes")))
	}
	if part := w.Selected - whole - agreed - w.Unheld; part > 0 {
		w.Missing = append(w.Missing, fmt.Sprintf("Of %s it holds some ballots only.", plural(part, "vote", "votes")))
	}
	if f.Body != align.Council && len(f.IDs) == 0 {
		w.Missing = append(w.Missing, assemblyHeld(v))
	}
	if f.Body != align.Assembly {
		if f.Consensus {
			w.Missing = append(w.Missing, fmt.Sprintf("%s without a vote %s counted as a yes of all who sat.", plural(agreed, "item adopted", "items adopted"), isAre(agreed)))
		} else if agreed > 0 {
			w.Missing = append(w.Missing, fmt.Sprintf("%s without a vote %s not counted.", plural(agreed, "item adopted", "items adopted"), isAre(agreed)))
		}
	}
	return set, w, nil
}

// assemblyHeld says what is held of the Assembly's roll calls.
func assemblyHeld(v *align.Votes) string {
	n, first, last := 0, 0, 0
	for i := range v.Len() {
		c := v.Call(i)
		if c.Body != align.Assembly || !c.Known() {
			continue
		}
		n++
		if first == 0 || c.On.Year() < first {
			first = c.On.Year()
		}
		last = max(last, c.On.Year())
	}
	switch {
	case n == 0:
		return "No roll call of the General Assembly is held."
	case n < 100:
		return fmt.Sprintf("Of the General Assembly %s held, %d to %d, out of several thousand taken: import a file of roll calls for the rest. What it adopts without a vote has none.", plural(n, "roll call is", "roll calls are"), first, last)
	}
	return fmt.Sprintf("Of the General Assembly %s roll calls are held, %d to %d; recorded votes outside the imported files are missing, and what it adopts without a vote has none.", thousands(n), first, last)
}

func agreementOf(v *align.Votes, q AlignQuery, set align.Set) Agreement {
	out := Agreement{A: sideOf(q.A), B: sideOf(q.B), Method: agreementMethod}
	var m align.Measures
	if q.A.One() && q.B.One() {
		p := v.Pair(q.A.States[0], q.B.States[0], set, q.Consensus)
		m = p.Table.Measures()
		out.N, out.Pairs, out.Table, out.Abstained, out.Consensus, out.Left = m.N, m.N, p.Table, p.Abstained, p.Agreed, p.Left
		if q.Resamples > 0 && m.N > 0 {
			i := p.Table.Bootstrap(q.Resamples, q.Seed)
			out.Intervals = &i
		}
		v.Each(set, func(i int, c *align.Call) {
			x, y := q.A.States[0], q.B.States[0]
			if len(c.Unsure) == 0 || !slices.Contains(c.Unsure, x) && !slices.Contains(c.Unsure, y) {
				return
			}
			bx, okX := v.Ballot(x, i)
			by, okY := v.Ballot(y, i)
			if okX && okY && align.Position(bx) && align.Position(by) {
				out.Unverified++
			}
		})
	} else {
		g := v.Sides(q.A, q.B, set, q.Consensus)
		m = g.Table.Measures()
		out.N, out.Pairs, out.Table, out.Abstained, out.Consensus, out.Left = g.Votes, g.Pairs, g.Table, g.Abstained, g.Agreed, g.Left
		if q.Resamples > 0 && g.Votes > 0 {
			i := g.Bootstrap(q.Resamples, q.Seed)
			out.Intervals = &i
		}
	}
	out.Fractions = map[string]*string{}
	for _, x := range []struct {
		name string
		in   *align.Share
		to   **float64
	}{{"raw", m.Raw, &out.Raw}, {"lijphart", m.Lijphart, &out.Lijphart}, {"s", m.S, &out.S}, {"kappa", m.Kappa, &out.Kappa}, {"pi", m.Pi, &out.Pi}} {
		out.Fractions[x.name] = nil
		if x.in != nil {
			f, text := x.in.Decimal, x.in.Fraction
			*x.to, out.Fractions[x.name] = &f, &text
		}
	}
	return out
}

func sideOf(s align.Side) AlignSide { return AlignSide{s.Name, s.Words, namesOf(s.States)} }

// inText is the side as it stands within a sentence.
func (s AlignSide) inText() string {
	if len(s.States) == 1 {
		return theName(s.States[0])
	}
	return s.Words
}

func (g Agreement) sentence() string {
	if g.N == 0 {
		return fmt.Sprintf("%s and %s: no vote in the selection in which both took a position.", upper(g.A.inText()), g.B.inText())
	}
	same := 0
	for i := range g.Table {
		same += g.Table[i][i]
	}
	var t string
	if g.Pairs == g.N {
		t = fmt.Sprintf("%s and %s took the same position in %s of %s", upper(g.A.inText()), g.B.inText(), thousands(same), plural(g.N, "vote", "votes"))
	} else {
		t = fmt.Sprintf("%s and %s: %s of %s pairs of ballots were the same, over %s", upper(g.A.inText()), g.B.inText(), thousands(same), thousands(g.Pairs), plural(g.N, "vote", "votes"))
	}
	t += fmt.Sprintf(" (Lijphart %.2f", *g.Lijphart)
	if g.Intervals != nil && g.Intervals.Lijphart != nil {
		t += fmt.Sprintf(", 95 %% interval %.2f to %.2f", g.Intervals.Lijphart.Low, g.Intervals.Lijphart.High)
	}
	t += ")."
	if g.Unverified > 0 {
		t += fmt.Sprintf(" In %s a ballot is unverified.", plural(g.Unverified, "of these votes", "of these votes"))
	}
	return t
}

// Neighbours is how alike a state voted with each other.
type Neighbours struct {
	Of     council.Party `json:"of"`
	Rows   []Neighbour   `json:"rows"`
	Window Window        `json:"window"`
	Method string        `json:"method"`
	Basis  Basis         `json:"basis"`
}

// Neighbour is one of them.
type Neighbour struct {
	council.Party
	N        int             `json:"n"`
	Raw      *float64        `json:"raw"`
	Lijphart *float64        `json:"lijphart"`
	S        *float64        `json:"s"`
	Kappa    *float64        `json:"kappa"`
	Pi       *float64        `json:"pi"`
	Interval *align.Interval `json:"lijphart_interval"`
}

// neighbourResamples is enough for a list: two hundred states at once.
const neighbourResamples = 200

// Neighbours ranks the states by agreement with one, over a selection.
func (a *Archive) Neighbours(ctx context.Context, at record.At, of country.Code, q AlignQuery) (Neighbours, error) {
	q.defaults()
	s, v, err := a.votesFor(ctx, at, q.Ballots)
	if err != nil {
		return Neighbours{}, err
	}
	set, win, err := window(v, at, q.Filter, 0)
	if err != nil {
		return Neighbours{}, err
	}
	out := Neighbours{Of: partyOf(align.Seat(of)), Rows: []Neighbour{}, Window: win, Method: agreementMethod, Basis: s.basis()}
	for _, c := range v.States() {
		if c == align.Seat(of) {
			continue
		}
		t := v.Pair(of, c, set, q.Consensus).Table
		if t.N() == 0 {
			continue
		}
		m := t.Measures()
		out.Rows = append(out.Rows, Neighbour{partyOf(c), m.N, decimal(m.Raw), decimal(m.Lijphart), decimal(m.S), decimal(m.Kappa), decimal(m.Pi),
			t.Bootstrap(neighbourResamples, q.Seed).Lijphart})
	}
	slices.SortStableFunc(out.Rows, func(x, y Neighbour) int {
		switch {
		case *x.Lijphart > *y.Lijphart:
			return -1
		case *x.Lijphart < *y.Lijphart:
			return 1
		}
		return y.N - x.N
	})
	return out, nil
}

func decimal(s *align.Share) *float64 {
	if s == nil {
		return nil
	}
	return &s.Decimal
}
