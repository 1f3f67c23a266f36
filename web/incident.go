package web

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"article41"
	"article41/country"
	"article41/date"
	"article41/monitor"
	"article41/record"
)

// monitorQuestions is what the pages on incidents ask.
type monitorQuestions interface {
	Incidents(ctx context.Context, at record.At, f monitor.Filter) (monitor.Found, error)
	Incident(ctx context.Context, at record.At, id record.IncidentID) (article41.Incident, error)
	Reports(ctx context.Context, at record.At, id record.RegimeID) ([]article41.PanelReport, error)
	Findings(ctx context.Context, at record.At, about record.IncidentID) ([]record.Finding, error)
	Finding(ctx context.Context, at record.At, id record.FindingID) (record.Finding, []record.Finding, error)
}

// incidentsView is the list of incidents with what narrows it.
type incidentsView struct {
	monitor.Found
	Sentence string
	Filter   monitor.Filter
	Page     int
	Pages    int
	Choices  []facetChoice
	Marks    []incidentMark
	Bars     []yearBar
	Problem  string
	Desk     bool // drafts and notices are kept here
}

type facetChoice struct {
	Name, Label, Chosen string
	Options             []facetOption
}

type facetOption struct {
	Code, Words string
	N           int
}

// incidentMark is a square of the map.
type incidentMark struct {
	X, Y, R float64
	N       int
	Title   string
	Link    string
}

type yearBar struct {
	Year      string
	N         int
	X, H      float64
	Link      string
	Chosen    bool
	ShowLabel bool
}

const incidentsPage = 50

var facetLabels = map[string]string{"country": "State", "violation": "What was done", "source": "Whose record", "year": "Year", "hedge": "Hedge of a claim", "regime": "Regime"}

func (s *site) incidents(a *ask) (page, error) {
	v, err := readIncidentFilter(a)
	if err != nil {
		return page{}, err
	}
	v.Desk = s.o.Monitor != nil
	f := v.Filter
	f.Skip, f.Limit = (v.Page-1)*incidentsPage, incidentsPage
	if v.Found, err = s.q.Incidents(a.Context(), a.At, f); err != nil {
		return page{}, err
	}
	v.Pages = (v.Total + incidentsPage - 1) / incidentsPage
	v.Sentence = incidentsSentence(v)
	v.choices()
	for _, c := range v.Cells {
		m := incidentMark{X: (c.Lon + 180) * mapScale, Y: (mapTop - c.Lat) * mapScale, R: 4 + 2*math.Log2(float64(c.N)+1), N: c.N, Title: count(c.N, "incident", "incidents")}
		if c.One != "" {
			m.Link, m.Title = a.link("/incidents/"+string(c.One)), string(c.One)
		}
		v.Marks = append(v.Marks, m)
	}
	v.bars(a)
	return page{Title: "Incidents", Body: incidentsListPage(a, v), Nav: "/incidents", TwinPairs: v.pairs(0)}, nil
}

func readIncidentFilter(a *ask) (incidentsView, error) {
	get := func(k string) string { return strings.TrimSpace(a.form.Get(k)) }
	v := incidentsView{Page: 1, Filter: monitor.Filter{Words: get("q"), Country: country.Code(get("country")), Violation: get("violation"), Source: record.SourceID(get("source")),
		Year: get("year"), Hedge: record.Hedge(get("hedge")), Regime: record.RegimeID(get("regime")), Merged: get("merged") == "yes"}}
	if n, err := strconv.Atoi(get("page")); err == nil && n > 0 && n < 1_000_000 {
		v.Page = n
	}
	for _, d := range []struct {
		name string
		to   *date.Day
	}{{"from", &v.Filter.From}, {"to", &v.Filter.To}} {
		t := get(d.name)
		if t == "" {
			continue
		}
		day, err := date.ParseDay(t)
		if err != nil {
			return v, fmt.Errorf("%w: %s: %q is not a day: write it as 2023-08-31", record.ErrInvalid, d.name, clip(t))
		}
		*d.to = day
	}
	return v, nil
}

func incidentsSentence(v incidentsView) string {
	switch {
	case v.All == 0:
		return "The record holds no incident known by that day."
	case v.Total == v.All:
		return fmt.Sprintf("%s in the record, each with who says what of it.", capital(count(v.All, "incident", "incidents")))
	}
	return fmt.Sprintf("%s of %s fit.", capital(number(v.Total)), number(v.All))
}

// pairs are what the address asks, on another page.
func (v incidentsView) pairs(page int) []string {
	f := v.Filter
	out := []string{"q", f.Words, "country", string(f.Country), "violation", f.Violation, "source", string(f.Source), "year", f.Year, "hedge", string(f.Hedge), "regime", string(f.Regime)}
	if !f.From.IsZero() {
		out = append(out, "from", f.From.String())
	}
	if !f.To.IsZero() {
		out = append(out, "to", f.To.String())
	}
	if f.Merged {
		out = append(out, "merged", "yes")
	}
	if page > 1 {
		out = append(out, "page", strconv.Itoa(page))
	}
	return out
}

func (v incidentsView) filtered() bool {
	f := v.Filter
	return f.Words+string(f.Country)+f.Violation+string(f.Source)+f.Year+string(f.Hedge)+string(f.Regime) != "" || !f.From.IsZero() || !f.To.IsZero() || f.Merged
}

func (v *incidentsView) choices() {
	chosen := map[string]string{"country": string(v.Filter.Country), "violation": v.Filter.Violation, "source": string(v.Filter.Source), "year": v.Filter.Year,
		"hedge": string(v.Filter.Hedge), "regime": string(v.Filter.Regime)}
	for _, name := range monitor.FacetNames {
		c := facetChoice{Name: name, Label: facetLabels[name], Chosen: chosen[name]}
		for _, n := range v.Facets[name] {
			words := n.Code
			switch name {
			case "country":
				if st, ok := country.Of(country.Code(n.Code)); ok {
					words = st.Code.Name(date.Day{})
				}
			case "violation":
				words = monitor.WordsOf(monitor.Violations(), n.Code)
			case "source":
				words = incidentSource(record.SourceID(n.Code))
			}
			c.Options = append(c.Options, facetOption{n.Code, words, n.N})
		}
		if c.Chosen != "" && !slices.ContainsFunc(c.Options, func(o facetOption) bool { return o.Code == c.Chosen }) {
			c.Options = append(c.Options, facetOption{c.Chosen, c.Chosen, 0})
		}
		v.Choices = append(v.Choices, c)
	}
}

func incidentSource(id record.SourceID) string {
	switch id {
	case "curated":
		return "our own record"
	case "ucdp":
		return "UCDP GED"
	case "acled":
		return "ACLED"
	case monitor.DeskSource:
		return "this installation's desk"
	}
	return string(id)
}

const (
	barsWidth = 960.0
	barsTall  = 80.0
)

// bars are the years, each as high as what lies in it.
func (v *incidentsView) bars(a *ask) {
	years := v.Facets["year"]
	most := 1
	for _, y := range years {
		most = max(most, y.N)
	}
	step := barsWidth / float64(max(len(years), 12))
	for i, y := range years {
		w := *v
		w.Filter.Year = y.Code
		v.Bars = append(v.Bars, yearBar{Year: y.Code, N: y.N, X: float64(i) * step, H: math.Max(3, barsTall*float64(y.N)/float64(most)), Link: a.link("/incidents", w.pairs(0)...),
			Chosen: v.Filter.Year == y.Code, ShowLabel: len(years) <= 16 || i%5 == 0})
	}
}

func (v incidentsView) barStep() float64 { return barsWidth / float64(max(len(v.Bars), 12)) }

// incidentView is one incident, with the picture of its numbers.
type incidentView struct {
	article41.Incident
	Groups []testimonies
	Spans  spanPicture
	Line   []record.ContextNote
	Desk   bool // the reader may work on it
}

// testimonies are the claims on one matter.
type testimonies struct {
	About  string
	Claims []record.Testimony
}

func (s *site) incident(a *ask) (page, error) {
	id := strings.TrimSuffix(a.PathValue("id"), ".json")
	in, err := s.q.Incident(a.Context(), a.At, record.IncidentID(id))
	if err != nil {
		return page{}, err
	}
	if strings.HasSuffix(a.PathValue("id"), ".json") {
		return page{Moved: a.link("/api/v1/incidents/" + id)}, nil
	}
	v := incidentView{Incident: in, Groups: byMatter(in.Claims), Spans: drawSpans(in.Claims), Line: slices.Clone(in.Context)}
	slices.SortStableFunc(v.Line, func(x, y record.ContextNote) int { return x.On.From.Compare(y.On.From) })
	return page{Title: in.Title, Body: incidentPage(a, v), Nav: "/incidents", NoIndex: in.Source != "curated"}, nil
}

func byMatter(claims []record.Testimony) []testimonies {
	var out []testimonies
	for _, c := range claims {
		i := slices.IndexFunc(out, func(t testimonies) bool { return t.About == c.About })
		if i < 0 {
			i, out = len(out), append(out, testimonies{About: c.About})
		}
		out[i].Claims = append(out[i].Claims, c)
	}
	return out
}

// spanPicture is what speakers give for those killed: a dot for a number, a line
// from low to high, an arrow where the top is open.
type spanPicture struct {
	Rows  []spanRow
	Ticks []spanTick
	Tall  float64
}

type spanRow struct {
	Y               float64
	Speaker, Words  string
	Low, Best, High float64 // x; below 0: none
	Open            bool
}

type spanTick struct {
	X     float64
	Label string
}

const (
	spanLeft  = 8.0
	spanWidth = 480.0
	spanRow1  = 46.0
)

func drawSpans(claims []record.Testimony) spanPicture {
	var p spanPicture
	most := 0
	var rows []record.Testimony
	for _, c := range claims {
		if c.Counts != "killed" || c.Low == nil && c.Best == nil && c.High == nil {
			continue
		}
		rows = append(rows, c)
		for _, n := range []*int{c.Low, c.Best, c.High} {
			if n != nil {
				most = max(most, *n)
			}
		}
	}
	if len(rows) == 0 || most == 0 {
		return p
	}
	step := niceStep(float64(most) * 1.25)
	top := math.Ceil(float64(most)*1.25/step) * step
	x := func(n *int) float64 {
		if n == nil {
			return -1
		}
		return spanLeft + (spanWidth-spanLeft-20)*float64(*n)/top
	}
	for i, c := range rows {
		p.Rows = append(p.Rows, spanRow{Y: 30 + float64(i)*spanRow1, Speaker: c.Speaker, Words: article41.Counted(c), Low: x(c.Low), Best: x(c.Best), High: x(c.High),
			Open: c.Low != nil && c.High == nil})
	}
	p.Tall = float64(len(rows)) * spanRow1
	for t := 0.0; t <= top; t += step {
		n := int(t)
		p.Ticks = append(p.Ticks, spanTick{x(&n), number(n)})
	}
	return p
}

// niceStep divides a scale into four to eight steps of 1, 2 or 5.
func niceStep(top float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(top/5)))
	for _, m := range []float64{1, 2, 5, 10} {
		if top/(m*p) <= 7 {
			return math.Max(1, m*p)
		}
	}
	return math.Max(1, 10*p)
}

// linkPath is where an incident's link leads on this site.
func linkPath(a *ask, l record.IncidentLink) string {
	switch l.Kind {
	case "regime":
		return a.link("/regimes/" + l.To)
	case "criterion":
		id, _, _ := strings.Cut(l.To, "/")
		return a.link("/regimes/" + id)
	case "incident":
		return a.link("/incidents/" + l.To)
	case "listing":
		return a.link("/listings/" + l.To)
	case "evidence":
		return "#evidence-" + l.To
	case "finding":
		return "/api/v1/findings/" + l.To
	case "decision":
		return a.link("/votes/" + l.To)
	}
	return ""
}

var changedAt = regexp.MustCompile(`^(claim|actor|evidence|named)s?\[(.*)\](?:\.([a-z0-9_.]+))?$`)

// changedWhat is the place of a change in words: "claim c1, low".
func changedWhat(what string) string {
	field := strings.NewReplacer(".", ", ", "_", " ")
	if m := changedAt.FindStringSubmatch(what); m != nil {
		return strings.TrimSuffix(m[1]+" "+m[2]+", "+field.Replace(m[3]), ", ")
	} else if !strings.Contains(what, " ") {
		return field.Replace(what)
	}
	return what
}

func quoted(s string) string {
	if s == "" {
		return "nothing"
	}
	return "“" + s + "”"
}

func levelWords(code string) string { return monitor.WordsOf(monitor.Levels(), code) }

func doneWords(codes []string) string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = monitor.WordsOf(monitor.Violations(), c)
	}
	return list(words)
}

func killedWords(b monitor.Brief) string {
	switch {
	case b.Fewest == nil:
		return ""
	case *b.Fewest == *b.Most && b.Open:
		return "at least " + number(*b.Fewest)
	case *b.Fewest == *b.Most:
		return number(*b.Fewest)
	case b.Open:
		return number(*b.Fewest) + " to " + number(*b.Most) + " or more"
	}
	return number(*b.Fewest) + " to " + number(*b.Most)
}
