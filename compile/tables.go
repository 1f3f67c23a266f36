package compile

import (
	"fmt"
	"path/filepath"
	"strconv"

	"article41/country"
	"article41/date"
)

// tables are the written tables, read back.
type tables struct {
	seats       []Seat
	resolutions []row
	rollcalls   []row
	failed      []row
	votes       []row // of the Assembly
	ballots     []row // of the Assembly
}

func readTables(dir string) (*tables, error) {
	t := &tables{}
	var err error
	if t.seats, err = ReadSeats(filepath.Join(dir, "seats.csv")); err != nil {
		return nil, err
	}
	for _, x := range []struct {
		into *[]row
		name string
	}{
		{&t.resolutions, "votes/resolutions.csv"}, {&t.rollcalls, "votes/rollcalls.csv"}, {&t.failed, "votes/failed.csv"},
		{&t.votes, "assembly/votes.csv"}, {&t.ballots, "assembly/ballots.csv"},
	} {
		if *x.into, err = table(filepath.Join(dir, filepath.FromSlash(x.name))); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// tallyOf reads the three counts of a row; false where the row has none.
func (r row) tallyOf() (Tally, bool, error) {
	if r["yes"] == "" && r["no"] == "" && r["abstain"] == "" {
		return Tally{}, false, nil
	}
	var n [3]int
	for i, c := range []string{"yes", "no", "abstain"} {
		v, err := strconv.Atoi(r[c])
		if err != nil || v < 0 {
			return Tally{}, false, fmt.Errorf("%s %q: want a count", c, r[c])
		}
		n[i] = v
	}
	return Tally{n[0], n[1], n[2]}, true, nil
}

func (r row) dayOf() (date.Day, error) { return date.ParseDay(r["date"]) }

// castsOf are the groups of a roll call.
func (r row) castsOf() map[string][]country.Code {
	out := map[string][]country.Code{}
	for _, g := range groups {
		if c := parseCodes(r[g]); len(c) > 0 {
			out[g] = c
		}
	}
	return out
}

func tallyOfCasts(casts map[string][]country.Code) Tally {
	return Tally{len(casts[Yes]), len(casts[No]), len(casts[Abstain])}
}

// numberOf is the number of "S/RES/2374 (2017)".
func numberOf(symbol string) int {
	m := resNumber.FindStringSubmatch(symbol)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

func byKey(rows []row, column string) map[string]row {
	out := map[string]row{}
	for _, r := range rows {
		out[r[column]] = r
	}
	return out
}

// computed is the outcome the tally rule gives (Article 27(3)): adopted, veto or
// lack-of-votes. A permanent no on a draft with too few yes votes is no veto.
func computed(t Tally, permanentNo bool, on date.Day) string {
	switch {
	case t.Yes < need(on):
		return OutcomeLack
	case permanentNo:
		return OutcomeVeto
	}
	return "adopted"
}

func anyPermanent(codes []country.Code) bool {
	for _, c := range codes {
		if country.Permanent(c) {
			return true
		}
	}
	return false
}
