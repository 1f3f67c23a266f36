package article41

import (
	"context"
	"fmt"
	"slices"

	"article41/align"
	"article41/council"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// AlignMap is a map of states for a window.
type AlignMap struct {
	Sentence string     `json:"sentence"`
	Points   []MapPoint `json:"points"`
	N        int        `json:"n"`      // votes in the selection
	Stress   float64    `json:"stress"` // Kruskal's stress-1
	Share    [2]float64 `json:"share"`  // of the spread, by dimension
	// Published is the correlation of the first dimension, before turning, with the
	// published ideal points of the year; null for other windows than one year.
	Published  *float64        `json:"published_r"`
	PublishedN int             `json:"published_n"`
	Fixed      string          `json:"fixed"`
	LeftOut    []council.Party `json:"left_out"` // too few votes in common with the others
	Window     Window          `json:"window"`
	Method     string          `json:"method"`
	Basis      Basis           `json:"basis"`
}

// MapPoint is one state on it.
type MapPoint struct {
	council.Party
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

const mapMethod = "Classical scaling (Torgerson) of 1 minus Lijphart's index of every pair, two dimensions; pairs with fewer than 5 votes in common have no distance, and states are left out until every pair has one."

// MapQuery asks for a map: of one year, or of a window. Year is that of the
// Assembly's session, which opens in September, or the Council's calendar year.
type MapQuery struct {
	align.Filter
	Year    int
	Ballots []record.Assembly
}

// AlignMap draws the map. Every map of a body is turned to lie nearest the map of
// all its votes, so that two windows compare.
func (a *Archive) AlignMap(ctx context.Context, at record.At, q MapQuery) (AlignMap, error) {
	s, v, set, win, err := a.selection(ctx, at, q)
	if err != nil {
		return AlignMap{}, err
	}
	whole := v.Matrix(set, nil)
	m, ok := align.Scale(whole, win.Selected, align.LeastMet)
	if !ok {
		return AlignMap{}, fmt.Errorf("%w: a map needs at least three states with %d votes in common each; %s", record.ErrNotFound, align.LeastMet, tooFew(win))
	}
	out := AlignMap{Points: []MapPoint{}, N: win.Selected, Stress: m.Stress, Share: m.Share, LeftOut: []council.Party{}, Window: win, Method: mapMethod, Basis: s.basis()}
	if ideals := align.Published(); q.Year != 0 {
		r, n := m.Published(ideals, q.Year)
		if n >= 10 {
			out.Published, out.PublishedN = &r, n
		}
	}
	all, err := v.Select(align.Filter{Body: q.Body, To: at.AsOf})
	if err != nil {
		return AlignMap{}, err
	}
	if frame, ok := align.Scale(v.Matrix(all, nil), all.Len(), align.LeastMet); ok {
		m.Toward(frame)
		m.Fixed = fmt.Sprintf("turned to lie nearest the map of all %s votes held of %s, on which lie %s", thousands(all.Len()), bodyWords(q.Body), frame.Fixed)
	}
	out.Fixed = m.Fixed
	for i, c := range m.States {
		out.Points = append(out.Points, MapPoint{partyOf(c), m.At[i][0], m.At[i][1]})
	}
	for _, c := range whole.States {
		if m.Index(c) < 0 {
			out.LeftOut = append(out.LeftOut, partyOf(c))
		}
	}
	out.Sentence = fmt.Sprintf("Map of %s from %s: stress %.2f, the first dimension holds %.0f %% of the spread, the second %.0f %%.",
		plural(len(out.Points), "state", "states"), plural(out.N, "vote", "votes"), out.Stress, 100*out.Share[0], 100*out.Share[1])
	return out, nil
}

// selection are the votes of a year or a window, by default of one body.
func (a *Archive) selection(ctx context.Context, at record.At, q MapQuery) (*state, *align.Votes, align.Set, Window, error) {
	s, v, err := a.votesFor(ctx, at, q.Ballots)
	if err != nil {
		return nil, nil, nil, Window{}, err
	}
	set, win, err := window(v, at, q.Filter, q.Year)
	return s, v, set, win, err
}

func tooFew(w Window) string {
	t := fmt.Sprintf("the selection has %s", plural(w.Selected, "vote", "votes"))
	if w.Body == align.Assembly && len(w.Missing) > 0 {
		t += ". " + w.Missing[len(w.Missing)-1]
	}
	return t
}

// AlignBlocs is how a selection's states fall into blocs.
type AlignBlocs struct {
	Sentence   string          `json:"sentence"`
	Blocs      []AlignBloc     `json:"blocs"`
	Silhouette float64         `json:"silhouette"`
	Tried      map[int]float64 `json:"tried"`
	Draws      int             `json:"draws"`
	Seed       uint64          `json:"seed"`
	LeftOut    []council.Party `json:"left_out"`
	N          int             `json:"n"`
	Window     Window          `json:"window"`
	Method     string          `json:"method"`
	Basis      Basis           `json:"basis"`
}

// AlignBloc is one of them.
type AlignBloc struct {
	States    []council.Party `json:"states"`
	Cohesion  *float64        `json:"cohesion"`
	Stability float64         `json:"stability"`
}

const (
	blocsMethod = "Average linkage of 1 minus Lijphart's index; the number of blocs is that with the best mean silhouette unless given. Stability: mean best Jaccard similarity over random halves of the votes; from 0.75 stable, below 0.60 not to be trusted."
	blocDraws   = 50
)

// Blocs clusters the states of a selection; want 0 lets the silhouette decide.
func (a *Archive) Blocs(ctx context.Context, at record.At, q MapQuery, want int) (AlignBlocs, error) {
	if want < 0 || want > 20 {
		return AlignBlocs{}, fmt.Errorf("%w: blocs %d: want 2 to 20, or none to let the silhouette decide", record.ErrInvalid, want)
	}
	s, v, set, win, err := a.selection(ctx, at, q)
	if err != nil {
		return AlignBlocs{}, err
	}
	b := v.Blocs(set, want, blocDraws, align.Seed)
	if len(b.Blocs) == 0 {
		return AlignBlocs{}, fmt.Errorf("%w: blocs need at least three states with %d votes in common each; %s", record.ErrNotFound, align.LeastMet, tooFew(win))
	}
	out := AlignBlocs{Blocs: []AlignBloc{}, Silhouette: b.Silhouette, Tried: b.Tried, Draws: b.Draws, Seed: b.Seed, LeftOut: namesOf(b.LeftOut), N: win.Selected, Window: win, Method: blocsMethod, Basis: s.basis()}
	n, firm := 0, 0
	for _, x := range b.Blocs {
		out.Blocs = append(out.Blocs, AlignBloc{namesOf(x.States), x.Cohesion, x.Stability})
		n += len(x.States)
		if x.Stability >= 0.75 {
			firm++
		}
	}
	out.Sentence = fmt.Sprintf("%s of %s from %s: %d of them stable (0.75 or more), mean silhouette %.2f.",
		plural(len(out.Blocs), "bloc", "blocs"), plural(n, "state", "states"), plural(out.N, "vote", "votes"), firm, out.Silhouette)
	return out, nil
}

// Expectations are the most and least expected votes of a selection, and how
// often each state stood outside the majority.
type Expectations struct {
	Sentence   string     `json:"sentence"`
	Least      []Expected `json:"least_expected"`
	Most       []Expected `json:"most_expected"`
	Minorities []Minority `json:"minority"`
	N          int        `json:"n"` // votes rated
	Window     Window     `json:"window"`
	Method     string     `json:"method"`
	Basis      Basis      `json:"basis"`
}

// Expected is one vote with how unexpected it was.
type Expected struct {
	ID    symbol.Symbol `json:"id"`
	Part  string        `json:"part,omitempty"`
	Body  align.Body    `json:"body"`
	On    date.Day      `json:"on"`
	Title string        `json:"title,omitempty"`
	Bits  float64       `json:"bits"` // mean surprise of a ballot
	N     int           `json:"n"`    // ballots
	Odd   []OddBallot   `json:"least_expected_ballots"`
}

// OddBallot is a ballot with the chance it was given.
type OddBallot struct {
	council.Party
	Vote   council.Ballot `json:"vote"`
	Chance float64        `json:"chance"`
}

// Minority is a state's minority index.
type Minority struct {
	council.Party
	N        int             `json:"n"`
	Against  int             `json:"against_majority"`
	Alone    int             `json:"alone"`
	Index    *float64        `json:"index"`
	Interval *align.Interval `json:"interval"`
}

const expectMethod = "Each ballot is foretold from the others' ballots in the same vote, weighted by the 8th power of Lijphart's index over all other votes of the selection; a vote's surprise is the mean of -log2 of the chance given to each ballot. Minority index: share of a state's positions that differ from the one most of the others took; Wilson interval."

// mostRated bounds the work of one answer: ballots foretold from ballots.
const mostRated = 2500

// Expectations rates the votes of a selection; show is how many at each end.
func (a *Archive) Expectations(ctx context.Context, at record.At, q MapQuery, show int) (Expectations, error) {
	s, v, set, win, err := a.selection(ctx, at, q)
	if err != nil {
		return Expectations{}, err
	}
	if win.Assembly > mostRated {
		return Expectations{}, fmt.Errorf("%w: %s of the Assembly are more than are rated at once (%d): narrow the window", record.ErrInvalid, plural(win.Assembly, "vote", "votes"), mostRated)
	}
	out := Expectations{Least: []Expected{}, Most: []Expected{}, Minorities: []Minority{}, Window: win, Method: expectMethod, Basis: s.basis()}
	rated := v.Surprises(set)
	out.N = len(rated)
	if out.N == 0 {
		return Expectations{}, fmt.Errorf("%w: no vote with at least %d ballots; %s", record.ErrNotFound, align.LeastSurprise, tooFew(win))
	}
	show = min(max(show, 1), 100)
	for _, x := range rated[:min(show, len(rated))] {
		out.Least = append(out.Least, expected(x))
	}
	slices.Reverse(rated)
	for _, x := range rated[:min(show, len(rated))] {
		out.Most = append(out.Most, expected(x))
	}
	for _, m := range v.Minorities(set) {
		out.Minorities = append(out.Minorities, Minority{partyOf(m.State), m.N, m.Against, m.Alone, m.Index, m.Interval})
	}
	l := out.Least[0]
	out.Sentence = fmt.Sprintf("Least expected of %s: %s of %s", plural(out.N, "vote", "votes"), l.ID, l.On.Text())
	if len(l.Odd) > 0 {
		out.Sentence += fmt.Sprintf("; its oddest ballot is the %s of %s", map[council.Ballot]string{council.Yes: "yes", council.No: "no", council.Abstain: "abstention"}[l.Odd[0].Vote], theName(l.Odd[0].Party))
	}
	out.Sentence += "."
	return out, nil
}

func expected(x align.Surprise) Expected {
	e := Expected{ID: x.Call.ID, Part: x.Call.Part, Body: x.Call.Body, On: x.Call.On, Title: x.Call.Title, Bits: x.Bits, N: x.N, Odd: []OddBallot{}}
	for _, b := range x.Ballots[:min(3, len(x.Ballots))] {
		e.Odd = append(e.Odd, OddBallot{partyOf(b.State), b.Ballot, b.Chance})
	}
	return e
}
