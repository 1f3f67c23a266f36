package compile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"article41/date"
)

// A meeting is one row of the Library's table of meetings.
type meeting struct {
	day     date.Day
	until   date.Day // the second day of a meeting that sat past midnight
	items   []item
	number  int  // S/PV number, 0 where it could not be had
	counted bool // number counted between two known ones, not read
}

// symbol of the record, or "".
func (m meeting) symbol() string {
	if m.number == 0 {
		return ""
	}
	return "S/PV." + strconv.Itoa(m.number)
}

var dayMonth = regexp.MustCompile(`^(\d{1,2})(?: ?[-–/&+] ?\d{1,2})? ([A-Za-z]{3})`)

// readMeetings reads the table into meetings in the order they were held. A row
// without a day is a further item of the meeting above it in the file.
func readMeetings(shared string) ([]meeting, error) {
	rows, err := sheet(shared, fileMeetings, ',')
	if err != nil {
		return nil, err
	}
	mend := corrections(sourceMeetings)
	byYear := map[int][]meeting{}
	var years []int
	for i, r := range rows {
		y, err := strconv.Atoi(r["year"])
		if err != nil {
			return nil, fmt.Errorf("%s: row %d: year %q", fileMeetings, i+2, r["year"])
		}
		items := readOutcome(r["result"])
		for k := range items {
			items[k].topic = tidy(r["topics"])
		}
		cell := tidy(r["date"])
		ms := byYear[y]
		if cell == "" && len(ms) > 0 {
			last := &ms[len(ms)-1]
			last.items = append(last.items, items...)
			continue
		}
		day, err := civil(y, cell)
		if err != nil {
			return nil, fmt.Errorf("%s: row %d: %w", fileMeetings, i+2, err)
		}
		if ms == nil {
			years = append(years, y)
		}
		byYear[y] = append(ms, meeting{day: day, until: secondDay(day, cell), items: items})
	}
	slices.Sort(years)
	var out []meeting
	for _, y := range years {
		ms := byYear[y]
		slices.Reverse(ms) // the table runs from December to January
		for _, m := range ms {
			m.items = mended(m, mend)
			out = append(out, m)
		}
	}
	return out, nil
}

// mended applies the corrections of a meeting's items, keyed by day and symbol,
// or day, symbol and tally.
func mended(m meeting, mend map[string][]correction) []item {
	var out []item
	for _, it := range m.items {
		key := m.day.String() + " " + it.name()
		list := mend[key]
		if it.tally != nil {
			list = append(slices.Clone(list), mend[key+" "+it.tally.String()]...)
		}
		drop := false
		for _, c := range list {
			switch c.field {
			case "drop":
				drop = true
			case "symbol":
				if n, ok := strings.CutPrefix(c.value, "S/RES/"); ok {
					it.resolution, _ = strconv.Atoi(n)
				} else {
					it.draft = c.value
				}
			case "date":
				it.day, _ = date.ParseDay(c.value)
				it.note = joined(it.note, c.reason)
			case "outcome":
				it.vetoed = strings.HasPrefix(c.value, "vetoed")
				it.blocked = nil
				if it.vetoed {
					it.blocked = blockers(strings.TrimPrefix(c.value, "vetoed by"))
				}
			}
		}
		if !drop {
			out = append(out, it)
		}
	}
	return out
}

// name is the symbol an item goes by.
func (it item) name() string {
	if it.resolution > 0 {
		return "S/RES/" + strconv.Itoa(it.resolution)
	}
	return it.draft
}

func joined(a, b string) string {
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	}
	return a + "; " + b
}

var secondOf = regexp.MustCompile(`^\d{1,2} ?[-–/&+] ?(\d{1,2}) `)

// secondDay is the later day of "29 + 30 March", or the day itself.
func secondDay(day date.Day, cell string) date.Day {
	if m := secondOf.FindStringSubmatch(cell); m != nil {
		n, _ := strconv.Atoi(m[1])
		if d, err := date.New(day.Year(), day.Month(), n); err == nil && d.After(day) {
			return d
		}
	}
	return day
}

func civil(year int, cell string) (date.Day, error) {
	m := dayMonth.FindStringSubmatch(cell)
	if m == nil {
		return date.Day{}, fmt.Errorf("date %q of %d", cell, year)
	}
	t, err := time.Parse("2 Jan 2006", m[1]+" "+m[2]+" "+strconv.Itoa(year))
	if err != nil {
		return date.Day{}, fmt.Errorf("date %q of %d: %w", cell, year, err)
	}
	return date.New(t.Year(), t.Month(), t.Day())
}

// number gives meetings their S/PV numbers. The table has none, but it has a row
// for each meeting in order; so between two meetings whose numbers are known
// from elsewhere and whose distance in rows is the distance of their numbers,
// the rows between carry the numbers between. Anywhere else (a meeting resumed,
// a row missing) the number stays unknown.
func number(ms []meeting, known map[int]int) {
	var at []int
	for i := range known {
		at = append(at, i)
	}
	slices.Sort(at)
	for _, i := range at {
		ms[i].number = known[i]
	}
	for k := 0; k+1 < len(at); k++ {
		i, j := at[k], at[k+1]
		if j-i != known[j]-known[i] {
			continue
		}
		for r := i + 1; r < j; r++ {
			ms[r].number, ms[r].counted = known[i]+r-i, true
		}
	}
}

// anchors are the meetings whose number another source states, by what was
// decided in them: the Library's tables as read, the veto list, the sample of
// failed drafts and the voting sheet. A meeting that two sources number
// differently is no anchor.
func anchors(shared string, ms []meeting, votes []vote) (map[int]int, error) {
	byName := map[string][]int{}
	for i, m := range ms {
		for _, it := range m.items {
			byName[it.name()] = append(byName[it.name()], i)
		}
	}
	said := map[int]map[int]bool{}
	say := func(name string, day date.Day, n int) {
		for _, i := range byName[name] {
			if n > 0 && near(ms[i].day, day) {
				if said[i] == nil {
					said[i] = map[int]bool{}
				}
				said[i][n] = true
			}
		}
	}
	for _, r := range embedded(libraryCSV) {
		day, err := date.ParseDay(r["date"])
		if err != nil {
			return nil, err
		}
		name := r["symbol"]
		if r["kind"] != "draft" {
			name = "S/RES/" + name
		}
		say(name, day, meetingNumber(r["meeting"]))
	}
	vetoes, err := readVetoList(shared)
	if err != nil {
		return nil, err
	}
	for _, v := range vetoes {
		say(v.draft, v.day, v.meeting)
	}
	for _, v := range votes {
		if v.resolution > 0 {
			say("S/RES/"+strconv.Itoa(v.resolution), v.day, v.meeting)
		} else {
			say(v.draft, v.day, v.meeting)
		}
	}
	out := map[int]int{0: 1} // the table's first row is the Council's first meeting
	for i, ns := range said {
		if len(ns) == 1 {
			for n := range ns {
				out[i] = n
			}
		}
	}
	return rising(out), nil
}

// rising drops numbers that break the order of the table: one slip in a source
// must not shift its neighbours.
func rising(known map[int]int) map[int]int {
	var at []int
	for i := range known {
		at = append(at, i)
	}
	slices.Sort(at)
	out := map[int]int{}
	for k, i := range at {
		low := k > 0 && known[at[k-1]] > known[i]
		high := k+1 < len(at) && known[at[k+1]] < known[i]
		if !low && !high {
			out[i] = known[i]
		}
	}
	return out
}

// near: meetings sat past midnight and lists give either day.
func near(a, b date.Day) bool { d := a.Sub(b); return -4 <= d && d <= 4 }

var pv = regexp.MustCompile(`(?:^|PV\.?)\s*(\d{1,5})`)

// meetingNumber reads "S/PV.9408", "PV.8890", "S/PV9180" and "3407"; the "V131"
// of the written procedure has none.
func meetingNumber(s string) int {
	m := pv.FindStringSubmatch(tidy(s))
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}
