package compile

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"article41/country"
	"article41/date"
)

// Seat is one holder's time in one seat of the Council, both days included.
type Seat struct {
	ID        string // "permanent-china", "1994-3"
	Member    country.Code
	Holder    string // full name at the time
	From, To  date.Day
	Permanent bool
	Source    string
	Sureness  string
	Note      string
}

var (
	firstSitting = date.MustDay("1946-01-17")
	lastSeat     = date.MustDay("2027-12-31")
	fullUntil    = date.MustDay("2026-12-31")
	seatHead     = []string{"seat", "member", "holder", "from", "to", "permanent", "source", "sureness", "note"}
)

// Seated are the members that sat on that day, by code.
func Seated(seats []Seat, on date.Day) []country.Code {
	var out []country.Code
	for _, s := range seats {
		if on.Within(s.From, s.To) {
			out = append(out, s.Member)
		}
	}
	return sorted(out)
}

// seatsOf makes the seats from the per-year file, which is without a gap from
// 1946 to 2024, and the brief for 2025 to 2027.
func seatsOf(shared string) ([]Seat, error) {
	years, err := memberYears(shared)
	if err != nil {
		return nil, err
	}
	seats := permanentSeats()
	elected, err := electedSeats(years)
	if err != nil {
		return nil, err
	}
	return append(seats, elected...), nil
}

// memberYears are the elected members by year. The per-year file has an empty
// name for Türkiye and for Côte d'Ivoire.
func memberYears(shared string) (map[int][]country.Code, error) {
	rows, err := sheet(shared, fileMembers, ',')
	if err != nil {
		return nil, err
	}
	years := map[int][]country.Code{}
	for _, r := range rows {
		y, err := strconv.Atoi(r["year"])
		if err != nil {
			return nil, fmt.Errorf("%s: year %q", fileMembers, r["year"])
		}
		name := tidy(r["security_council_member"])
		if name == "" {
			name = namelessMember(y)
		}
		c, err := country.Parse(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %d: %w", fileMembers, y, err)
		}
		if !country.Permanent(c) {
			years[y] = append(years[y], c)
		}
	}
	// Brief 1.10: five newcomers a year; those of 2024 sit on in 2025.
	for _, e := range []struct {
		from int
		who  []country.Code
	}{
		{2024, []country.Code{"DZA", "GUY", "KOR", "SLE", "SVN"}},
		{2025, []country.Code{"DNK", "GRC", "PAK", "PAN", "SOM"}},
		{2026, []country.Code{"BHR", "COL", "COD", "LVA", "LBR"}},
		{2027, []country.Code{"ZWE", "KGZ", "TTO", "AUT", "PRT"}},
	} {
		for y := e.from; y <= e.from+1 && y <= 2027; y++ {
			if y > 2024 {
				years[y] = append(years[y], e.who...)
			}
		}
	}
	return years, nil
}

// namelessMember is who the empty cell of a year is: the two members whose names
// the file lost sat in different years (brief 1.10 and the terms file).
func namelessMember(year int) string {
	switch year {
	case 1964, 1965, 1990, 1991, 2018, 2019:
		return "Côte d'Ivoire"
	}
	return "Türkiye"
}

func permanentSeats() []Seat {
	d := date.MustDay
	const charter = "Charter" // Article 23(1)
	return []Seat{
		{"permanent-china", "CHN", country.Code("CHN").FullName(d("1971-10-24")), firstSitting, d("1971-10-24"), true, charter + "; MEM26", "verified", "the seat is one; its holder changed by A/RES/2758 (XXVI)"},
		{"permanent-china", "CHN", country.Code("CHN").FullName(d("1971-10-25")), d("1971-10-25"), lastSeat, true, charter + "; MEM26", "verified", "A/RES/2758 (XXVI) of 1971-10-25; first sat on 1971-11-23 and 24 (S/PV.1599 ff.), which the brief has unverified"},
		{"permanent-france", "FRA", "French Republic", firstSitting, lastSeat, true, charter, "verified", ""},
		{"permanent-united-kingdom", "GBR", "United Kingdom of Great Britain and Northern Ireland", firstSitting, lastSeat, true, charter, "verified", ""},
		{"permanent-ussr-russia", "SUN", "Union of Soviet Socialist Republics", firstSitting, d("1991-12-30"), true, charter + "; MEM26; memory", "unverified", "S/RES/724 is its last vote; sources differ on the last day: letter of 1991-12-24, end of the state 1991-12-26, first sitting of Russia 1991-12-31"},
		{"permanent-ussr-russia", "RUS", "Russian Federation", d("1991-12-31"), lastSeat, true, charter + "; MEM26; memory", "unverified", "S/RES/725 of 1991-12-31 is its first vote; sources differ on the first day: 1991-12-24, 1991-12-26 or 1991-12-31"},
		{"permanent-united-states", "USA", "United States of America", firstSitting, lastSeat, true, charter, "verified", ""},
	}
}

// electedSeats makes terms of the years. A term is two calendar years; a state
// with one year is half of a split term (splits.csv), of the first Council of
// 1946, or of the enlargement of 1966.
func electedSeats(years map[int][]country.Code) ([]Seat, error) {
	type term struct {
		who         country.Code
		first, last int
	}
	var terms []term
	for y := 1946; y <= 2027; y++ {
		for _, c := range years[y] {
			i := slices.IndexFunc(terms, func(t term) bool { return t.who == c && t.last == y-1 && t.first == y-1 })
			if i >= 0 {
				terms[i].last = y
			} else {
				terms = append(terms, term{c, y, y})
			}
		}
	}
	second := map[string]row{} // "PHL 1957" → its split
	for _, r := range embedded(splitsCSV) {
		second[r["second"]+" "+r["to"]] = r
	}
	slices.SortStableFunc(terms, func(a, b term) int {
		if a.first != b.first {
			return a.first - b.first
		}
		return strings.Compare(string(a.who), string(b.who))
	})
	var out []Seat
	number := map[int]int{}
	id := map[string]string{} // "YUG 1956" → seat
	for _, t := range terms {
		from, to := yearStart(t.first), yearEnd(t.last)
		s := Seat{Member: t.who, From: from, To: to, Source: sourceMembers, Sureness: "verified"}
		split, isSecond := second[fmt.Sprintf("%s %d", t.who, t.first)]
		if isSecond {
			s.ID = id[split["first"]+" "+split["from"]]
			s.Note = "second year of a term shared with " + country.Code(split["first"]).Name(from)
			s.Source, s.Sureness = split["source"], split["sureness"]
		} else {
			number[t.first]++
			s.ID = fmt.Sprintf("%d-%d", t.first, number[t.first])
		}
		id[fmt.Sprintf("%s %d", t.who, t.first)] = s.ID
		for _, r := range embedded(splitsCSV) {
			if r["first"] == string(t.who) && r["from"] == strconv.Itoa(t.first) {
				s.Note = "first year of a term shared with " + country.Code(r["second"]).Name(yearStart(t.first+1))
				s.Source, s.Sureness = r["source"], r["sureness"]
			}
		}
		switch {
		case t.first == 1946:
			s.Note = "elected on 1946-01-12 (unverified); the days run from the first meeting"
		case t.first == t.last && t.first == 1966:
			s.Note = "one year, from the enlargement of the Council"
		case t.first >= 2025 || t.last == 2025:
			s.Source = "MEM26"
		}
		if t.first == 2027 {
			s.Note = "elected; the table ends with 2027"
		}
		if t.first <= 1990 && t.last >= 1990 && t.who == "YEM" {
			out = append(out, democraticYemen(s)...)
			continue
		}
		s.Holder = s.Member.FullName(s.From)
		out = append(out, s)
	}
	for _, t := range terms {
		if t.first == t.last && t.first != 1946 && t.first != 1966 && t.first != 2027 {
			if _, ok := second[fmt.Sprintf("%s %d", t.who, t.first)]; ok {
				continue
			}
			if !slices.ContainsFunc(embedded(splitsCSV), func(r row) bool {
				return r["first"] == string(t.who) && r["from"] == strconv.Itoa(t.first)
			}) {
				return nil, fmt.Errorf("seats: %s sat in %d only and splits.csv does not say with whom", t.who, t.first)
			}
		}
	}
	return out, nil
}

// democraticYemen: the term of 1990-1991 was Democratic Yemen's until it united
// with Yemen on 22 May 1990; the per-year file knows Yemen only.
func democraticYemen(s Seat) []Seat {
	union := date.MustDay("1990-05-22")
	a, b := s, s
	a.Member, a.To = "YMD", union.AddDays(-1)
	b.From = union
	for _, x := range []*Seat{&a, &b} {
		x.Holder = x.Member.FullName(x.From)
		x.Sureness, x.Note = "unverified", "elected as Democratic Yemen, which united with Yemen on 1990-05-22; the per-year file has Yemen for both years"
	}
	return []Seat{a, b}
}

func yearStart(y int) date.Day {
	if y == 1946 {
		return firstSitting
	}
	return date.MustDay(fmt.Sprintf("%d-01-01", y))
}

func yearEnd(y int) date.Day { return date.MustDay(fmt.Sprintf("%d-12-31", y)) }

// Seats writes seats.csv: who sat in which seat of the Council from when to when.
func Seats(shared, out string) error {
	seats, err := seatsOf(shared)
	if err != nil {
		return err
	}
	if err := checkSeats(seats); err != nil {
		return err
	}
	var rows [][]string
	for _, s := range seats {
		rows = append(rows, []string{s.ID, string(s.Member), s.Holder, s.From.String(), s.To.String(),
			strconv.FormatBool(s.Permanent), s.Source, s.Sureness, s.Note})
	}
	return write(filepath.Join(out, "seats.csv"), seatHead, rows)
}

// checkSeats holds that every day from the first sitting to the end of 2026 has
// exactly eleven or fifteen holders, and no seat two at once.
func checkSeats(seats []Seat) error {
	for d := firstSitting; !d.After(fullUntil); d = d.Next() {
		held := map[string]country.Code{}
		for _, s := range seats {
			if !d.Within(s.From, s.To) {
				continue
			}
			if c, twice := held[s.ID]; twice {
				return fmt.Errorf("seats: %s: seat %s held by %s and %s", d, s.ID, c, s.Member)
			}
			held[s.ID] = s.Member
		}
		if len(held) != size(d) {
			return fmt.Errorf("seats: %s: %d holders, want %d", d, len(held), size(d))
		}
	}
	return nil
}

// ReadSeats reads a written seats.csv.
func ReadSeats(path string) ([]Seat, error) {
	rows, err := table(path)
	if err != nil {
		return nil, err
	}
	var out []Seat
	for i, r := range rows {
		from, err1 := date.ParseDay(r["from"])
		to, err2 := date.ParseDay(r["to"])
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("seats.csv:%d: days %q to %q", i+2, r["from"], r["to"])
		}
		if _, ok := country.Of(country.Code(r["member"])); !ok {
			return nil, fmt.Errorf("seats.csv:%d: member %q is not a country code", i+2, r["member"])
		}
		out = append(out, Seat{r["seat"], country.Code(r["member"]), r["holder"], from, to,
			r["permanent"] == "true", r["source"], r["sureness"], r["note"]})
	}
	return out, nil
}

func sorted(codes []country.Code) []country.Code {
	slices.Sort(codes)
	return slices.Compact(codes)
}
