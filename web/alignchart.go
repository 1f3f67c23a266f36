package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"article41"
	"article41/align"
	"article41/record"
)

// The pictures of alignment: whiskers (a value with its interval), lines over
// years, and a map. Each carries under its title what it counts.

const chartWidth = 920.0

type gridTick struct {
	At   float64
	Text string
}

// whiskers is a row a value: a dot and the line of its interval.
type whiskers struct {
	ID, Title, Under string
	Height           float64
	Left             float64
	Ticks            []gridTick
	Zero             float64 // 0: none
	Rows             []whisker
}

type whisker struct {
	Label, Text string
	Y           float64
	X, From, To float64
	Has, Band   bool
	Strong, Gap bool
}

// value is one row before it is drawn.
type value struct {
	Label  string
	X      *float64
	In     *align.Interval
	Strong bool
	Gap    bool // a line of dots: rows are left out here
}

// drawWhiskers lays values out between two bounds.
func drawWhiskers(id, title, under string, low, high float64, digits int, values []value) whiskers {
	w := whiskers{ID: id, Title: title, Under: under, Left: 230}
	right := chartWidth - 130
	x := func(v float64) float64 { return w.Left + (min(max(v, low), high)-low)/(high-low)*(right-w.Left) }
	step := tickStep(high - low)
	for t := math.Ceil(low/step) * step; t <= high+1e-9; t += step {
		w.Ticks = append(w.Ticks, gridTick{x(t), strconv.FormatFloat(math.Round(t*1000)/1000, 'f', -1, 64)})
	}
	if low < 0 && high > 0 {
		w.Zero = x(0)
	}
	for i, v := range values {
		r := whisker{Label: shortened(v.Label, 36), Y: 18 + 24*float64(i), Strong: v.Strong, Gap: v.Gap, Text: "not defined"}
		if v.Gap {
			r.Text = ""
		}
		if v.X != nil {
			r.Has, r.X, r.Text = true, x(*v.X), strconv.FormatFloat(*v.X, 'f', digits, 64)
			if v.In != nil {
				r.Band, r.From, r.To = true, x(v.In.Low), x(v.In.High)
				r.Text += fmt.Sprintf(" (%.*f to %.*f)", digits, v.In.Low, digits, v.In.High)
			}
		}
		w.Rows = append(w.Rows, r)
	}
	w.Height = 18 + 24*float64(len(values)) + 18
	return w
}

// tickStep is a round step that gives four to eight ticks.
func tickStep(span float64) float64 {
	step := math.Pow(10, math.Floor(math.Log10(span)))
	for _, k := range []float64{0.1, 0.2, 0.25, 0.5, 1} {
		if span/(step*k) <= 8 {
			return step * k
		}
	}
	return step
}

// lineChart is published points over years.
type lineChart struct {
	ID, Title, Under, Desc string
	Height                 float64
	Years, Levels          []gridTick
	Lines                  []chartLine
	Events                 []chartEvent
	Right                  float64
}

type chartLine struct {
	Name, Class    string
	Path, Band     string
	Late           []chartDot // over votes of foreign policy alone
	LabelX, LabelY float64
}

type chartDot struct {
	X, Y  float64
	Title string
}

type chartEvent struct {
	X, Y   float64
	Text   string
	Title  string
	Anchor string
}

// drawIdeals draws the lines of a series; the first state's has its band.
func drawIdeals(s article41.IdealSeries) lineChart {
	c := lineChart{ID: "ideals", Title: "Ideal points, " + strconv.Itoa(s.From) + " to " + strconv.Itoa(s.To), Height: 498, Right: chartWidth - 130,
		Under: fmt.Sprintf("Published estimates over all recorded Assembly votes to %d; open marks: votes of foreign policy alone. Higher is nearer the United States. Band: 5 to 95 of 100 of the posterior of %s.", s.AllTo, s.Lines[0].Name)}
	low, high := math.Inf(1), math.Inf(-1)
	for _, l := range s.Lines {
		for _, p := range l.Points {
			for _, v := range []*float64{p.All, p.Foreign} {
				if v != nil && (v == p.All || p.Year > s.AllTo) {
					low, high = min(low, *v), max(high, *v)
				}
			}
		}
	}
	if low > high {
		low, high = -1, 1
	}
	low, high = math.Floor(low-0.2), math.Ceil(high+0.2)
	const left, top = 40.0, 92.0
	bottom := c.Height - 24
	x := func(year float64) float64 {
		return left + (year-float64(s.From))/max(1, float64(s.To-s.From))*(c.Right-left)
	}
	y := func(v float64) float64 { return bottom - (v-low)/(high-low)*(bottom-top) }
	for yr := (s.From + 9) / 10 * 10; yr <= s.To; yr += 10 {
		c.Years = append(c.Years, gridTick{x(float64(yr)), strconv.Itoa(yr)})
	}
	for v := low; v <= high; v++ {
		c.Levels = append(c.Levels, gridTick{y(v), strconv.FormatFloat(v, 'f', -1, 64)})
	}
	var ends []*chartLine
	for i, l := range s.Lines {
		line := chartLine{Name: l.Name, Class: "l" + strconv.Itoa(i%4)}
		var path, up strings.Builder
		gap := true
		for k, p := range l.Points {
			if p.All == nil {
				gap = true
				if p.Foreign != nil && p.Year > s.AllTo {
					line.Late = append(line.Late, chartDot{x(float64(p.Year)), y(*p.Foreign), fmt.Sprintf("%s %d: %.2f, votes of foreign policy alone", l.Name, p.Year, *p.Foreign)})
				}
				continue
			}
			if k > 0 && p.Year-l.Points[k-1].Year > 2 {
				gap = true
			}
			verb := "L"
			if gap {
				verb, gap = "M", false
			}
			px := x(float64(p.Year))
			fmt.Fprintf(&path, "%s%s %s", verb, f(px), f(y(*p.All)))
			line.LabelX, line.LabelY = c.Right+8, y(*p.All)
			if i == 0 && p.Band != nil {
				verb = "L"
				if up.Len() == 0 {
					verb = "M"
				}
				fmt.Fprintf(&up, "%s%s %s", verb, f(px), f(y(p.Band.High)))
				line.Band = fmt.Sprintf("L%s %s", f(px), f(y(p.Band.Low))) + line.Band
			}
		}
		if up.Len() > 0 {
			line.Band = up.String() + line.Band + "Z"
		}
		if n := len(line.Late); n > 0 {
			line.LabelY = line.Late[n-1].Y
		}
		line.Path = path.String()
		c.Lines = append(c.Lines, line)
	}
	for i := range c.Lines {
		if c.Lines[i].Path != "" || len(c.Lines[i].Late) > 0 {
			c.Lines[i].LabelX = c.Right + 8
			ends = append(ends, &c.Lines[i])
		}
	}
	apart(ends)
	var taken [6][]float64 // of each row of labels, the stretches that are used
	for _, e := range s.Events {
		ex := x(float64(e.On.Year()) + (float64(e.On.Month())-1)/12 - 0.5) // a point stands for the session that opens in September
		text, anchor := e.Short, "start"
		if e.Cite.Sure != record.Verified {
			text += " ?"
		}
		wide := 6.4 * float64(len(text))
		from, to := ex, ex+wide
		if ex > c.Right-120 {
			anchor, from, to = "end", ex-wide, ex
		}
		row := 0
		for row = range taken {
			free := true
			for i := 0; i+1 < len(taken[row]); i += 2 {
				free = free && (to+6 < taken[row][i] || from-6 > taken[row][i+1])
			}
			if free {
				break
			}
		}
		taken[row] = append(taken[row], from, to)
		c.Events = append(c.Events, chartEvent{X: ex, Y: 12 + 13*float64(row), Text: text, Anchor: anchor,
			Title: e.On.Text() + ": " + e.What + " (" + e.Cite.Source + ", " + string(e.Cite.Sure) + ")"})
	}
	c.Desc = s.Sentence
	return c
}

// apart moves labels apart so that none lies on another.
func apart(lines []*chartLine) {
	for range 40 {
		moved := false
		for i := range lines {
			for j := range lines[:i] {
				a, b := lines[i], lines[j]
				if d := a.LabelY - b.LabelY; math.Abs(d) < 16 {
					push := (16 - math.Abs(d)) / 2
					if d < 0 {
						push = -push
					}
					a.LabelY += push
					b.LabelY -= push
					moved = true
				}
			}
		}
		if !moved {
			return
		}
	}
}

// scatter is the map of states.
type scatter struct {
	Title, Under string
	Height       float64
	CX, CY       float64
	Dots         []scatterDot
}

type scatterDot struct {
	X, Y        float64
	Code, Title string
	Label       bool
	Anchor      string
	Strong      bool
}

func drawMap(m article41.AlignMap) scatter {
	s := scatter{Height: 620, Title: "Who voted alike", Under: fmt.Sprintf("Classical scaling of %s votes; near is alike. Stress %.2f. Axes have no unit but distance.", number(m.N), m.Stress)}
	lowX, highX, lowY, highY := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, p := range m.Points {
		lowX, highX, lowY, highY = min(lowX, p.X), max(highX, p.X), min(lowY, p.Y), max(highY, p.Y)
	}
	// One scale for both axes: a distance means the same whichever way it runs.
	scale := min((chartWidth-120)/max(highX-lowX, 1e-6), (s.Height-60)/max(highY-lowY, 1e-6))
	cx, cy := (lowX+highX)/2, (lowY+highY)/2
	at := func(x, y float64) (float64, float64) { return chartWidth/2 + (x-cx)*scale, s.Height/2 - (y-cy)*scale }
	s.CX, s.CY = at(0, 0)
	var taken [][2]float64
	strong := map[string]bool{"CHN": true, "FRA": true, "GBR": true, "RUS": true, "USA": true, "MLI": true}
	order := make([]int, 0, len(m.Points))
	for _, first := range []bool{true, false} {
		for i, p := range m.Points {
			if strong[string(p.Code)] == first {
				order = append(order, i)
			}
		}
	}
	for _, i := range order {
		p := m.Points[i]
		x, y := at(p.X, p.Y)
		d := scatterDot{X: x, Y: y, Code: string(p.Code), Title: fmt.Sprintf("%s: %.3f, %.3f", p.Name, p.X, p.Y), Strong: strong[string(p.Code)], Label: true}
		for _, t := range taken {
			if math.Abs(t[0]-x) < 34 && math.Abs(t[1]-y) < 13 {
				d.Label = false
				break
			}
		}
		if d.Label {
			taken = append(taken, [2]float64{x, y})
		}
		s.Dots = append(s.Dots, d)
	}
	return s
}

// shortened cuts a label that would run out of its picture.
func shortened(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}
