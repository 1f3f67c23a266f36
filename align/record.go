package align

import (
	"strconv"
	"strings"

	"article41/council"
	"article41/country"
	"article41/record"
)

// CallOf is a recorded vote of the Assembly as a roll call. A Member whose ballot
// no source gives stands in it unrecorded, if the record has some ballots only.
func CallOf(a record.Assembly) Call {
	c := Call{ID: a.Resolution, Part: a.Part, Body: Assembly, On: a.Date, Title: a.Title, Topics: a.Issues, Year: sessionYear(a)}
	if t := a.Tally; t != nil {
		c.Tally = &[3]int{t.Yes, t.Abstain, t.No}
	}
	for _, s := range a.Unsure {
		c.Unsure = append(c.Unsure, Seat(country.Code(s)))
	}
	if len(a.Cites) > 0 {
		c.Source = a.Cites[0].Source
	}
	if a.Ballots == nil {
		return c
	}
	named := map[country.Code]bool{}
	add := func(codes []country.Code, b council.Ballot) {
		for _, s := range codes {
			if s = Seat(s); !named[s] {
				named[s] = true
				c.Casts = append(c.Casts, Cast{s, b})
			}
		}
	}
	b := a.Ballots
	add(b.Yes, council.Yes)
	add(b.No, council.No)
	add(b.Abstain, council.Abstain)
	add(b.ObligatoryAbstain, council.ObligatoryAbstain)
	add(b.NotParticipating, council.NotParticipating)
	add(b.Absent, council.Absent)
	if a.RollCall == "" { // a data set's row names every Member; ours may not
		for _, s := range country.All() {
			if !named[Seat(s.Code)] && country.Member(s.Code, a.Date) {
				add([]country.Code{s.Code}, council.Unrecorded)
			}
		}
	}
	return c
}

// sessionYear is the year in which a regular session opens: session 75 is 2020. An
// emergency special session's vote belongs to its own year.
func sessionYear(a record.Assembly) int {
	if n, err := strconv.Atoi(strings.TrimSpace(a.Session)); err == nil && n > 0 && n < 1000 {
		return 1945 + n
	}
	return a.Date.Year()
}
