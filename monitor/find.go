package monitor

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"article41/record"
)

// wanted is a filter with its codes as numbers; -1: any.
type wanted struct {
	code     [facets]int
	from, to int32
	held     []bool
	merged   bool
}

func (ix *Index) want(f Filter) wanted {
	w := wanted{from: dayNumber(f.From), to: dayNumber(f.To), held: ix.holding(f.Words), merged: f.Merged}
	for i, c := range [facets]string{string(f.Country), f.Violation, string(f.Source), f.Year, string(f.Hedge), string(f.Regime)} {
		w.code[i] = -1
		if c != "" {
			if w.code[i] = slices.Index(ix.codes[i], c); w.code[i] < 0 {
				w.code[i] = math.MaxUint16 // a code that no row has
			}
		}
	}
	return w
}

// misses are the facets whose filter the row does not pass, as bits; all of them
// if it fails one that is no facet.
func (w *wanted) misses(i int, r *row) (out uint8) {
	if w.held != nil && !w.held[i] || w.from != 0 && r.to < w.from || w.to != 0 && r.from > w.to || r.merged != "" && !w.merged {
		return 1<<facets - 1
	}
	for _, f := range [...]int{byCountry, bySource, byYear} {
		if c := w.code[f]; c >= 0 && int(r.code[f]) != c {
			out |= 1 << f
		}
	}
	if c := w.code[byViolation]; c >= 0 && (c > 63 || r.acts&(1<<c) == 0) {
		out |= 1 << byViolation
	}
	if c := w.code[byHedge]; c >= 0 && (c > 7 || r.hedges&(1<<c) == 0) {
		out |= 1 << byHedge
	}
	if c := w.code[byRegime]; c >= 0 && !slices.Contains(r.regimes, uint16(min(c, math.MaxUint16))) {
		out |= 1 << byRegime
	}
	return out
}

// counted adds the row to the counts of a facet.
func (r *row) counted(f int, n []int) {
	switch f {
	case byViolation:
		for i, m := 0, r.acts; m != 0; i, m = i+1, m>>1 {
			if m&1 != 0 {
				n[i]++
			}
		}
	case byHedge:
		for i, m := 0, r.hedges; m != 0; i, m = i+1, m>>1 {
			if m&1 != 0 {
				n[i]++
			}
		}
	case byRegime:
		for _, c := range r.regimes {
			n[c]++
		}
	default:
		n[r.code[f]]++
	}
}

// cellsShown bounds the marks on a map.
const cellsShown = 400

// Find is what the filter leaves. A facet's counts are those that the other
// filters leave, so that a reader sees what another choice would show.
func (ix *Index) Find(f Filter) Found {
	w := ix.want(f)
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	out := Found{Rows: []Brief{}, Facets: map[string][]Count{}, Cells: []Cell{}}
	var counts [facets][]int
	for k := range counts {
		counts[k] = make([]int, len(ix.codes[k]))
	}
	cells := map[[2]int16]*Cell{}
	skip, waiting, more := f.Skip, f.After != "", false
	for i := range ix.rows {
		r := &ix.rows[i]
		if r.merged == "" || f.Merged {
			out.All++
		}
		missed := w.misses(i, r)
		if missed != 0 {
			if missed&(missed-1) == 0 { // fails one facet only
				for k := range facets {
					if missed == 1<<k {
						r.counted(k, counts[k])
					}
				}
			}
			continue
		}
		for k := range facets {
			r.counted(k, counts[k])
		}
		out.Total++
		if r.placed {
			at := [2]int16{int16(math.Floor(float64(r.lat))), int16(math.Floor(float64(r.lon)))}
			c := cells[at]
			if c == nil {
				c = &Cell{One: r.id}
				cells[at] = c
			}
			c.N++
			c.Lat += float64(r.lat)
			c.Lon += float64(r.lon)
		}
		switch {
		case waiting:
			waiting = r.id != f.After
		case skip > 0:
			skip--
		case len(out.Rows) < limit:
			out.Rows = append(out.Rows, ix.brief(r))
		default:
			more = true
		}
	}
	if more {
		out.Next = out.Rows[len(out.Rows)-1].ID
	}
	for k, name := range FacetNames {
		out.Facets[name] = ix.top(k, counts[k])
	}
	for _, c := range cells {
		c.Lat, c.Lon = c.Lat/float64(c.N), c.Lon/float64(c.N)
		if c.N > 1 {
			c.One = ""
		}
		out.Cells = append(out.Cells, *c)
	}
	slices.SortFunc(out.Cells, func(a, b Cell) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lon, b.Lon)) })
	out.Cells = out.Cells[:min(len(out.Cells), cellsShown)]
	return out
}

// top are the counts above zero: years as they follow, hedges by the ladder, the
// rest by how many.
func (ix *Index) top(facet int, n []int) []Count {
	out := []Count{}
	for i, k := range n {
		if k > 0 && ix.codes[facet][i] != "" {
			out = append(out, Count{ix.codes[facet][i], k})
		}
	}
	switch facet {
	case byYear:
		slices.SortFunc(out, func(a, b Count) int { return strings.Compare(a.Code, b.Code) })
	case byHedge:
	default:
		slices.SortStableFunc(out, func(a, b Count) int { return cmp.Or(b.N-a.N, strings.Compare(a.Code, b.Code)) })
	}
	return out
}

func (ix *Index) brief(r *row) Brief {
	b := Brief{ID: r.id, Title: r.title, When: r.when, Place: r.place, Country: r.country, Violations: []string{}, Claims: int(r.claims),
		Source: ix.codes[bySource][r.code[bySource]], Merged: r.merged}
	if r.placed {
		lat, lon := math.Round(float64(r.lat)*1e4)/1e4, math.Round(float64(r.lon)*1e4)/1e4
		b.Lat, b.Lon = &lat, &lon
	}
	for i, v := range Violations() {
		if r.acts&(1<<i) != 0 {
			b.Violations = append(b.Violations, v.Code)
		}
	}
	if r.killed[0] >= 0 {
		low, high := int(r.killed[0]), int(r.killed[1])
		b.Fewest, b.Most, b.Open = &low, &high, r.topless
	}
	return b
}

// Near are the ids of incidents that may be the same event as this one: the same
// state, days that overlap, and a place whose name agrees or lies within a tenth
// of a degree. They are for a person to look at; nothing is merged by itself.
func (ix *Index) Near(in record.Incident) []record.IncidentID {
	from, to := dayNumber(in.When.From), dayNumber(in.When.To)
	name := strings.ToLower(in.Place.Name)
	var out []record.IncidentID
	for i := range ix.rows {
		r := &ix.rows[i]
		if r.id == in.ID || r.merged != "" || r.country != in.Place.Country || r.from > to || r.to < from {
			continue
		}
		close := in.Place.Lat != nil && in.Place.Lon != nil && r.placed && math.Abs(*in.Place.Lat-float64(r.lat)) < .1 && math.Abs(*in.Place.Lon-float64(r.lon)) < .1
		if close || name != "" && strings.ToLower(r.place) == name {
			out = append(out, r.id)
		}
		if len(out) == 20 {
			break
		}
	}
	return out
}
