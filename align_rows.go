package article41

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"article41/align"
	"article41/record"
)

// The answers as tables, head first: for CSV, and for a terminal.

// Undefined is what stands where an index is not defined.
const Undefined = "–"

func num(x *float64, digits int) string {
	if x == nil {
		return Undefined
	}
	return strconv.FormatFloat(*x, 'f', digits, 64)
}

func bounds(i *align.Interval, digits int) (string, string) {
	if i == nil {
		return Undefined, Undefined
	}
	return num(&i.Low, digits), num(&i.High, digits)
}

// AgreementRows is an agreement, an index a row.
func AgreementRows(g Agreement) [][]string {
	rows := [][]string{{"index", "value", "fraction", "low", "high", "n"}}
	for _, x := range []struct {
		name  string
		value *float64
	}{{"raw", g.Raw}, {"lijphart", g.Lijphart}, {"s", g.S}, {"kappa", g.Kappa}, {"pi", g.Pi}} {
		fraction := Undefined
		if f := g.Fractions[x.name]; f != nil {
			fraction = *f
		}
		var i *align.Interval
		if v := g.Intervals; v != nil {
			i = map[string]*align.Interval{"raw": v.Raw, "lijphart": v.Lijphart, "s": v.S, "kappa": v.Kappa, "pi": v.Pi}[x.name]
		}
		low, high := bounds(i, 4)
		rows = append(rows, []string{x.name, num(x.value, 4), fraction, low, high, strconv.Itoa(g.N)})
	}
	return rows
}

// NeighbourRows is a list of agreements, a state a row.
func NeighbourRows(g Neighbours) [][]string {
	rows := [][]string{{"state", "name", "n", "raw", "lijphart", "low", "high", "s", "kappa", "pi"}}
	for _, r := range g.Rows {
		low, high := bounds(r.Interval, 3)
		rows = append(rows, []string{string(r.Code), r.Name, strconv.Itoa(r.N), num(r.Raw, 3), num(r.Lijphart, 3), low, high, num(r.S, 3), num(r.Kappa, 3), num(r.Pi, 3)})
	}
	return rows
}

// ShiftRows are the years of a shift.
func ShiftRows(x Shift) [][]string {
	rows := [][]string{{"body", "year", "n", "both with majority", "together against it", "first only with it", "second only with it", "each its own", "no majority", "not counted", "ideal point distance"}}
	distance := map[int]*float64{}
	for _, y := range x.Ideals {
		distance[y.Year] = y.ToSecond
	}
	row := func(body string, y align.Against, d string) {
		rows = append(rows, []string{body, strconv.Itoa(y.Year), strconv.Itoa(y.N), strconv.Itoa(y.All), strconv.Itoa(y.WithEach), strconv.Itoa(y.OnlyFirst),
			strconv.Itoa(y.OnlySecond), strconv.Itoa(y.Apart), strconv.Itoa(y.Tied), strconv.Itoa(y.Left), d})
	}
	for _, y := range x.Council {
		row("SC", y, "")
	}
	years := map[int]align.Against{}
	for _, y := range x.Years {
		years[y.Year] = y
	}
	all := maps.Clone(years)
	for y := range distance {
		all[y] = align.Against{}
	}
	for _, y := range slices.Sorted(maps.Keys(all)) {
		if held, ok := years[y]; ok {
			row("GA", held, num(distance[y], 3))
		} else {
			rows = append(rows, []string{"GA", strconv.Itoa(y), "", "", "", "", "", "", "", "", num(distance[y], 3)}) // no roll call held
		}
	}
	return rows
}

// MapRows is a map, a state a row.
func MapRows(m AlignMap) [][]string {
	rows := [][]string{{"state", "name", "x", "y"}}
	for _, p := range m.Points {
		rows = append(rows, []string{string(p.Code), p.Name, num(&p.X, 4), num(&p.Y, 4)})
	}
	return rows
}

// DriftRows is a drift, a state a row.
func DriftRows(d AlignDrift) [][]string {
	rows := [][]string{{"rank", "state", "name", "change", "low", "high", "before", "after", "n before", "n after", "own move", "own rank"}}
	for _, r := range d.Rows {
		low, high := bounds(r.Interval, 3)
		rows = append(rows, []string{strconv.Itoa(r.Rank), string(r.Code), r.Name, fmt.Sprintf("%+.3f", r.Change), low, high, num(&r.Before, 3), num(&r.After, 3), strconv.Itoa(r.NBefore), strconv.Itoa(r.NAfter), num(r.Own, 3), ownRank(r)})
	}
	return rows
}

func ownRank(r DriftRow) string {
	if r.Own == nil {
		return Undefined
	}
	return strconv.Itoa(r.OwnRank)
}

// IdealRows are published points, a state and year a row.
func IdealRows(x IdealSeries) [][]string {
	rows := [][]string{{"state", "year", "all votes", "low", "high", "votes", "foreign policy", "low", "high"}}
	for _, l := range x.Lines {
		for _, p := range l.Points {
			low, high := bounds(p.Band, 4)
			flow, fhigh := bounds(p.FBand, 4)
			rows = append(rows, []string{string(l.Code), strconv.Itoa(p.Year), num(p.All, 4), low, high, num(p.Votes, 0), num(p.Foreign, 4), flow, fhigh})
		}
	}
	return rows
}

// BlocRows are blocs, a state a row.
func BlocRows(b AlignBlocs) [][]string {
	rows := [][]string{{"bloc", "state", "name", "cohesion", "stability"}}
	for i, x := range b.Blocs {
		for _, s := range x.States {
			rows = append(rows, []string{strconv.Itoa(i + 1), string(s.Code), s.Name, num(x.Cohesion, 3), num(&x.Stability, 3)})
		}
	}
	return rows
}

// ExpectedRows are the votes at both ends.
func ExpectedRows(x Expectations) [][]string {
	rows := [][]string{{"end", "vote", "day", "bits", "n", "least expected ballots"}}
	for _, part := range []struct {
		end  string
		list []Expected
	}{{"least expected", x.Least}, {"most expected", x.Most}} {
		for _, e := range part.list {
			var odd []string
			for _, b := range e.Odd {
				odd = append(odd, fmt.Sprintf("%s %s %.2f", b.Code, b.Vote, b.Chance))
			}
			rows = append(rows, []string{part.end, e.ID.String(), e.On.String(), num(&e.Bits, 3), strconv.Itoa(e.N), strings.Join(odd, "; ")})
		}
	}
	return rows
}

// MinorityRows are the minority indices.
func MinorityRows(x Expectations) [][]string {
	rows := [][]string{{"state", "name", "minority index", "low", "high", "against", "alone", "n"}}
	for _, m := range x.Minorities {
		low, high := bounds(m.Interval, 3)
		rows = append(rows, []string{string(m.Code), m.Name, num(m.Index, 3), low, high, strconv.Itoa(m.Against), strconv.Itoa(m.Alone), strconv.Itoa(m.N)})
	}
	return rows
}

// PowerRows are the indices of a rule, a row each.
func PowerRows(p align.Power) [][]string {
	cell := func(s *align.Share) (string, string) {
		if s == nil {
			return Undefined, Undefined
		}
		return s.Fraction, strconv.FormatFloat(s.Decimal, 'f', 6, 64)
	}
	rows := [][]string{{"index", "permanent", "decimal", "elected", "decimal"}}
	for _, x := range []struct {
		name string
		in   align.Seats
	}{
		{"Shapley-Shubik", p.ShapleyShubik}, {"Banzhaf", p.Banzhaf}, {"Banzhaf absolute (Penrose)", p.BanzhafAbsolute},
		{"Coleman to prevent", p.ColemanPrevent}, {"Coleman to initiate", p.ColemanInitiate},
		{"three-way power", p.ThreeWay.Power}, {"three-way share", p.ThreeWay.Share},
	} {
		pf, pd := cell(x.in.Permanent)
		ef, ed := cell(x.in.Elected)
		rows = append(rows, []string{x.name, pf, pd, ef, ed})
	}
	f, d := cell(p.ColemanAct)
	return append(rows, []string{"Coleman to act (of the council)", f, d, "", ""})
}

// PowerSentence says what the rule does to the two kinds of seat.
func PowerSentence(p align.Power) string {
	head := fmt.Sprintf("%d seats, %d with a veto, %d affirmative votes needed", p.Seats, p.Permanent, p.Quota)
	if p.Permanent > 0 && p.Block > 1 {
		head += fmt.Sprintf(", %d noes of permanent members to block", p.Block)
	}
	if p.ShapleyShubik.Permanent == nil || p.ShapleyShubik.Elected == nil {
		return head + ": all seats are worth the same."
	}
	t := fmt.Sprintf("%s: by Shapley-Shubik a permanent seat has %.1f %% of the power and an elected one %.2f %%", head, 100*p.ShapleyShubik.Permanent.Decimal, 100*p.ShapleyShubik.Elected.Decimal)
	if r := p.ThreeWay.Ratio; r != nil {
		t += fmt.Sprintf("; where abstaining does not block, a permanent seat is worth %.2f elected ones", r.Decimal)
	}
	return t + "."
}

// PivotRows are the members of a power record.
func PivotRows(p PowerRecord) [][]string {
	rows := [][]string{{"member", "name", "stopped alone", "stopped with others", "pivotal", "votes"}}
	for _, m := range p.Members {
		rows = append(rows, []string{string(m.Code), m.Name, strconv.Itoa(m.StoppedAlone), strconv.Itoa(m.StoppedWith), strconv.Itoa(m.Pivotal), strconv.Itoa(m.Sat)})
	}
	return rows
}

// ParseYears reads a year or a run of them: 2020, 2018-2020.
func ParseYears(s string) ([2]int, error) {
	first, last, two := strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), "–", "-"), "-")
	if !two {
		last = first
	}
	a, errA := strconv.Atoi(first)
	b, errB := strconv.Atoi(last)
	if errA != nil || errB != nil || a < 1946 || b > 2100 || a > b {
		return [2]int{}, fmt.Errorf("%w: years %q: want a year or a run of years from 1946 on, such as 2018-2020", record.ErrInvalid, s)
	}
	return [2]int{a, b}, nil
}
