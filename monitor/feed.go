package monitor

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"article41/country"
	"article41/date"
	"article41/record"
)

// Feed is a publisher of event data whose files are read with their own codes.
type Feed struct {
	ID      record.SourceID
	Title   string
	Licence string // shown with every record; the files themselves are not passed on
	needs   []string
	read    func(*eventRow) record.Incident
}

// Feeds are the publishers whose files are read.
func Feeds() []Feed {
	return []Feed{
		{"ucdp", "UCDP Georeferenced Event Dataset", "UCDP GED, CC BY 4.0: cite the dataset and its version",
			[]string{"id", "type_of_violence", "date_start", "date_end", "best", "high", "low", "country", "side_a", "side_b"}, readGED},
		{"acled", "Armed Conflict Location & Event Data", "ACLED: under the terms of your own account; not to be passed on",
			[]string{"event_id_cnty", "event_date", "event_type", "actor1", "country", "fatalities"}, readACLED},
	}
}

// FeedOf is the publisher of an id.
func FeedOf(id string) (Feed, error) {
	for _, f := range Feeds() {
		if string(f.ID) == id {
			return f, nil
		}
	}
	return Feed{}, fmt.Errorf("%w: %q: want ucdp or acled", record.ErrInvalid, clip(id))
}

const (
	mostEvents = 2_000_000
	mostCell   = 20_000 // bytes of a field
)

// eventRow is a row of a publisher's file; its readers collect what is wrong.
type eventRow struct {
	line  int
	cells []string
	at    map[string]int
	bad   []Problem // why it is left out
	odd   []Problem // what is kept, and was not understood
}

func (r *eventRow) text(col string) string {
	i, ok := r.at[col]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// whole complains of cells that are not text, are too long, or are not as many as
// the header has: a quote that was left open takes in the rows behind it.
func (r *eventRow) whole(head []string) {
	if len(r.cells) != len(head) {
		r.complain("row", "has %d fields, and the header %d: is a quote left open, or a comma not quoted?", len(r.cells), len(head))
	}
	for i, c := range r.cells {
		col := "a further field"
		if i < len(head) {
			col = head[i]
		}
		switch {
		case len(c) > mostCell:
			r.complain(col, "has %d bytes, at most %d: is a quote left open?", len(c), mostCell)
		case !utf8.ValidString(c):
			r.complain(col, "%q is not UTF-8: save the file in that encoding", clip(strings.ToValidUTF8(c, "?")))
		case strings.ContainsRune(c, 0):
			r.complain(col, "holds a NUL")
		}
	}
}

// kept notes what is not understood of a row that is taken in all the same.
func (r *eventRow) kept(col, format string, args ...any) {
	r.odd = append(r.odd, Problem{fmt.Sprintf("line %d, %s", r.line, col), Kept + fmt.Sprintf(format, args...)})
}

// Kept begins what is said of a row that was taken in with something in it that
// was not understood; any other row that is named was left out.
const Kept = "kept; "

func (r *eventRow) complain(col, format string, args ...any) {
	r.bad = append(r.bad, Problem{fmt.Sprintf("line %d, %s", r.line, col), fmt.Sprintf(format, args...)})
}

func (r *eventRow) count(col string) *int {
	t := r.text(col)
	if t == "" {
		return nil
	}
	n, err := strconv.Atoi(t)
	if err != nil || n < 0 || n > 100_000_000 {
		r.complain(col, "%q is no count", clip(t))
		return nil
	}
	return &n
}

func (r *eventRow) degrees(lat, lon string) (x, y *float64) {
	a, err1 := strconv.ParseFloat(r.text(lat), 64)
	b, err2 := strconv.ParseFloat(r.text(lon), 64)
	if err1 != nil || err2 != nil || a != a || b != b || a < -90 || a > 90 || b < -180 || b > 180 {
		if r.text(lat) != "" || r.text(lon) != "" {
			r.complain(lat, "%q, %q is no place on earth", clip(r.text(lat)), clip(r.text(lon)))
		}
		return nil, nil
	}
	return &a, &b
}

func (r *eventRow) day(col string) date.Day {
	t := r.text(col)
	if len(t) > 10 && t[4] == '-' {
		t = t[:10] // "2022-03-27 00:00:00.000"
	}
	d, err := date.ParseDay(t)
	if err != nil {
		r.complain(col, "%q is no day", clip(t))
	}
	return d
}

func (r *eventRow) codes(scheme string, cols ...string) []record.Code {
	var out []record.Code
	for _, c := range cols {
		if v := r.text(c); v != "" {
			out = append(out, record.Code{Scheme: scheme, Field: c, Value: v})
		}
	}
	return out
}

func clipTo(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

var bracketed = regexp.MustCompile(`\s*\(.*\)$`)

func (r *eventRow) state(col string) country.Code {
	for _, name := range []string{r.text(col), bracketed.ReplaceAllString(r.text(col), "")} {
		if c, err := country.Parse(name); err == nil {
			return c
		}
	}
	r.kept(col, "%q is no state we know", clip(r.text(col)))
	return ""
}

// precisions are our codes by a publisher's column and code.
var precisions = sync.OnceValue(func() map[[2]string]string {
	out := map[[2]string]string{}
	for _, row := range cells(precisionText)[1:] {
		for _, column := range []string{"ged", "acled"} {
			out[[2]string{column, row[column]}] = row["code"]
		}
	}
	return out
})

// precision is our code for a publisher's, or the least precise.
func (r *eventRow) precision(column, col string) string {
	code := r.text(col)
	if p, ok := precisions()[[2]string{column, code}]; ok && code != "" {
		return p
	} else if code != "" {
		r.kept(col, "%q is no precision of the codebook; taken as the country", clip(code))
	}
	return "country"
}

// Read reads a publisher's file. A row that cannot be read is left out and named by
// its line and field; one with a code that is not understood is kept, and named
// too ([Kept]); the rest comes whole. An error says that the file is none of the publisher's.
func (f Feed) Read(in io.Reader) ([]record.Incident, []Problem, error) {
	text := bufio.NewReader(in)
	if mark, _ := text.Peek(2); len(mark) == 2 && (mark[0] == 0xff && mark[1] == 0xfe || mark[0] == 0xfe && mark[1] == 0xff) {
		return nil, nil, fmt.Errorf("%w: %s: the file is UTF-16: save it as UTF-8", record.ErrInvalid, f.Title)
	}
	c := csv.NewReader(text)
	c.ReuseRecord = true
	c.FieldsPerRecord = -1
	c.LazyQuotes = true
	head, err := c.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s: no header: %v", record.ErrInvalid, f.Title, err)
	}
	at := make(map[string]int, len(head))
	head = slices.Clone(head)
	for i, h := range head {
		head[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
		if _, twice := at[head[i]]; twice && head[i] != "" {
			return nil, nil, fmt.Errorf("%w: %s: the column %q stands twice", record.ErrInvalid, f.Title, clip(head[i]))
		}
		at[head[i]] = i
	}
	for _, n := range f.needs {
		if _, ok := at[n]; !ok {
			return nil, nil, fmt.Errorf("%w: %s: the file has no column %q", record.ErrInvalid, f.Title, n)
		}
	}
	var out []record.Incident
	var problems []Problem
	seen := map[record.IncidentID]int{}
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return out, problems, nil
		}
		line, _ := c.FieldPos(0)
		if err != nil {
			var bad *csv.ParseError
			if !errors.As(err, &bad) {
				return out, problems, err
			}
			problems = append(problems, Problem{fmt.Sprintf("line %d", bad.Line), bad.Err.Error()})
			continue
		}
		if len(out) >= mostEvents {
			return nil, nil, fmt.Errorf("%w: %s: more than %d events", record.ErrInvalid, f.Title, mostEvents)
		}
		r := &eventRow{line: line, cells: cells, at: at}
		if r.whole(head); len(r.bad) > 0 {
			problems = append(problems, r.bad...)
			continue
		}
		if r.text(f.needs[0]) == "" {
			r.complain(f.needs[0], "an event needs an id")
		}
		v := f.read(r)
		v.Licence = f.Licence
		if len(r.bad) == 0 {
			for _, p := range Check(v, date.Day{}) {
				r.complain(p.Field, "%s", p.Says)
			}
		}
		if before, twice := seen[v.ID]; twice && len(r.bad) == 0 {
			r.complain("id", "%s stands on line %d already", v.ID, before)
		}
		if len(r.bad) > 0 {
			problems = append(problems, r.bad...)
			continue
		}
		problems = append(problems, r.odd...)
		seen[v.ID] = line
		out = append(out, v)
	}
}

// readGED reads a row of UCDP GED. Its three numbers are one claim, of UCDP.
func readGED(r *eventRow) record.Incident {
	from, to := r.day("date_start"), r.day("date_end")
	acts := "armed-clash"
	switch r.text("type_of_violence") {
	case "1", "2":
	case "3":
		acts = "attack-on-civilians"
	default:
		r.complain("type_of_violence", "%q: want 1, 2 or 3", clip(r.text("type_of_violence")))
	}
	place := r.text("where_coordinates")
	if place == "" {
		place = r.text("country")
	}
	in := record.Incident{ID: record.IncidentID("ucdp-" + strings.ToLower(r.text("id"))), Title: clipTo(r.text("side_a")+" and "+r.text("side_b")+", "+place, 200),
		When:  date.About{From: from, To: to},
		Place: record.IncidentPlace{Name: place, Within: joinNonEmpty(r.text("adm_2"), r.text("adm_1")), Country: r.state("country"), Precision: r.precision("ged", "where_prec")},
		Acts:  []string{acts},
		Codes: r.codes("UCDP GED", "id", "relid", "code_status", "type_of_violence", "conflict_new_id", "conflict_name", "dyad_new_id", "dyad_name", "side_a_new_id", "side_b_new_id", "number_of_sources", "where_prec", "date_prec", "event_clarity", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "priogrid_gid", "country", "country_id", "region", "gwnoa", "gwnob"),
		Cites: []record.Cite{{Source: "ucdp", Place: "event " + r.text("id"), Sure: record.Verified}}}
	in.Place.Lat, in.Place.Lon = r.degrees("latitude", "longitude")
	for i, c := range []string{"side_a", "side_b"} {
		role := "party"
		if strings.EqualFold(r.text(c), "civilians") {
			role = "harmed"
		}
		if n := r.text(c); n != "" {
			in.Actors = append(in.Actors, record.Actor{ID: "ab"[i : i+1], Name: n, Role: role})
		}
	}
	low, best, high := r.count("low"), r.count("best"), r.count("high")
	in.Claims = []record.Testimony{{ID: "ucdp", Claim: record.Claim{About: "people killed", Says: "deaths in this event", Speaker: "UCDP", Hedge: record.Stated, Source: "ucdp", Sure: record.Verified}, Counts: "killed", Low: low, Best: best, High: high}}
	return in
}

// readACLED reads a row of ACLED. It gives one number, and no direction.
func readACLED(r *eventRow) record.Incident {
	day := r.text("event_date")
	when := date.About{}
	if d, err := date.ParseDay(day); err == nil {
		when = date.Exactly(d)
	} else if d, err := parseLongDay(day); err == nil {
		when = date.Exactly(d)
	} else {
		r.complain("event_date", "%q is no day", clip(day))
	}
	switch r.text("time_precision") { // 2: in the week, 3: in the month
	case "", "1":
	case "2":
		when.Circa = true
	case "3":
		if !when.From.IsZero() {
			if m, err := date.ParseAbout(when.From.String()[:7]); err == nil {
				when = m
			}
		}
	default:
		r.kept("time_precision", "%q is no precision of the codebook", clip(r.text("time_precision")))
	}
	acts := map[string]string{"battles": "armed-clash", "violence against civilians": "attack-on-civilians", "explosions/remote violence": "remote-violence", "protests": "protest", "riots": "protest", "strategic developments": "other"}[strings.ToLower(r.text("event_type"))]
	if acts == "" {
		acts = "other-violence"
		r.kept("event_type", "%q is no type of the codebook; taken as other violence", clip(r.text("event_type")))
	}
	place := r.text("location")
	if place == "" {
		place = r.text("country")
	}
	in := record.Incident{ID: record.IncidentID("acled-" + strings.ToLower(r.text("event_id_cnty"))), Title: clipTo(r.text("event_type")+", "+place, 200), When: when,
		Place: record.IncidentPlace{Name: place, Within: joinNonEmpty(r.text("admin2"), r.text("admin1")), Country: r.state("country"), Precision: r.precision("acled", "geo_precision")},
		Acts:  []string{acts},
		Codes: r.codes("ACLED", "event_id_cnty", "time_precision", "disorder_type", "event_type", "sub_event_type", "inter1", "inter2", "interaction", "civilian_targeting", "country", "iso", "region", "geo_precision", "source_scale", "tags", "timestamp"),
		Cites: []record.Cite{{Source: "acled", Place: "event " + r.text("event_id_cnty"), Sure: record.Verified}}}
	in.Place.Lat, in.Place.Lon = r.degrees("latitude", "longitude")
	for _, c := range []struct{ id, col, role string }{{"1", "actor1", "party"}, {"1a", "assoc_actor_1", "associated"}, {"2", "actor2", "party"}, {"2a", "assoc_actor_2", "associated"}} {
		if n := r.text(c.col); n != "" {
			role := c.role
			if strings.HasPrefix(n, "Civilians") {
				role = "harmed"
			}
			in.Actors = append(in.Actors, record.Actor{ID: c.id, Name: n, Role: role})
		}
	}
	in.Claims = []record.Testimony{{ID: "acled", Claim: record.Claim{About: "people killed", Says: "fatalities in this event, to no side", Speaker: "ACLED", Hedge: record.Stated, Source: "acled", Sure: record.Verified,
		Note: "one conservative number; tens are counted as 10, dozens as 12, hundreds as 100"}, Counts: "killed", Best: r.count("fatalities")}}
	return in
}

// parseLongDay reads "27 March 2022".
func parseLongDay(s string) (date.Day, error) {
	f := strings.Fields(s)
	if len(f) == 3 {
		for m := 1; m <= 12; m++ {
			d := date.MustDay(fmt.Sprintf("2000-%02d-01", m))
			if day, err := strconv.Atoi(f[0]); err == nil && strings.EqualFold(d.Month().String(), f[1]) {
				return date.ParseDay(fmt.Sprintf("%s-%02d-%02d", f[2], m, day))
			}
		}
	}
	return date.Day{}, fmt.Errorf("day %q", clip(s))
}

func joinNonEmpty(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, ", ")
}
