package compile

import (
	"fmt"
	"slices"
	"strconv"

	"article41/country"
)

// seatYears compares who sat in each year with the per-year file.
func (c *comparison) seatYears() error {
	rows, err := sheet(c.shared, fileMembers, ',')
	if err != nil {
		return err
	}
	theirs := map[string][]country.Code{}
	var years []string
	for _, r := range rows {
		code, err := country.Parse(tidy(r["security_council_member"]))
		if err != nil {
			code = "" // an empty name
		}
		if theirs[r["year"]] == nil {
			years = append(years, r["year"])
		}
		theirs[r["year"]] = append(theirs[r["year"]], code)
	}
	slices.Sort(years)
	count := c.line("per-year members: members of the year")
	for _, y := range years {
		n, _ := strconv.Atoi(y)
		ours := seatedIn(c.t.seats, n)
		for _, code := range ours {
			t := string(code)
			if !slices.Contains(theirs[y], code) {
				t = ""
			}
			count(y+" "+string(code), t, string(code))
		}
		for _, code := range theirs[y] {
			if !slices.Contains(ours, code) {
				count(y+" a name of the file", orNone(string(code)), "")
			}
		}
	}
	return nil
}

func seatedIn(seats []Seat, year int) []country.Code {
	var out []country.Code
	for _, s := range seats {
		if s.From.Year() <= year && s.To.Year() >= year {
			out = append(out, s.Member)
		}
	}
	return sorted(out)
}

// seatTerms compares the years of each term with the file of terms.
func (c *comparison) seatTerms() error {
	rows, err := sheet(c.shared, fileTerms, ',')
	if err != nil {
		return err
	}
	count := c.line("terms file: years of the term")
	for _, r := range rows {
		code, err := country.Parse(tidy(r["country_org"]))
		if err != nil {
			return fmt.Errorf("%s: %w", fileTerms, err)
		}
		first, _ := strconv.Atoi(r["start_year"])
		last, _ := strconv.Atoi(r["end_year"])
		ours := ""
		for _, s := range c.t.seats {
			if s.Member != code || s.From.Year() > first || s.To.Year() < first {
				continue
			}
			if s.Permanent { // the file is cut to 1992-2023
				ours = fmt.Sprintf("%d-%d", max(s.From.Year(), first), min(s.To.Year(), last))
			} else {
				ours = fmt.Sprintf("%d-%d", s.From.Year(), s.To.Year())
			}
		}
		count(string(code)+" "+r["start_year"], fmt.Sprintf("%d-%d", first, last), ours)
	}
	return nil
}

func (c *comparison) assemblyTallies() error {
	count := c.line("Assembly: ballots and tally")
	counts := map[string]map[string]int{}
	for _, b := range c.t.ballots {
		if b["source"] != "GA-votes" {
			continue
		}
		if counts[b["resolution"]] == nil {
			counts[b["resolution"]] = map[string]int{}
		}
		counts[b["resolution"]][b["vote"]]++
	}
	for _, v := range c.t.votes {
		if n := counts[v["resolution"]]; n != nil {
			count(v["resolution"], Tally{n["yes"], n["no"], n["abstain"]}.String(), tallyText(v))
		}
	}
	return nil
}
