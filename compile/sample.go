package compile

import (
	"fmt"
	"strconv"
	"strings"

	"article41/country"
	"article41/date"
)

// fromSample adds the drafts whose ballots the sample names. Its meeting and its
// year are known, its day is not; so it adds to drafts that another source dates.
func (rec *book) fromSample(shared string, at func(string) *failure) error {
	rows, err := sheet(shared, fileFailed, ',')
	if err != nil {
		return err
	}
	for i, r := range rows {
		draft := sampleDraft(r)
		if draft == "" {
			continue
		}
		f := at(draft)
		if f.day.IsZero() {
			day, ok := rec.dayOf(r["Meeting Number"])
			if !ok {
				return fmt.Errorf("%s: row %d: %s: no source dates meeting %s", fileFailed, i+2, draft, r["Meeting Number"])
			}
			f.day, f.meeting, f.outcome = day, "S/PV."+tidy(r["Meeting Number"]), OutcomeNotAdopted
		}
		f.source(sourceFailed)
		if n := meetingNumber(r["Meeting Number"]); f.meeting == "" && n > 0 {
			f.meeting = "S/PV." + strconv.Itoa(n)
		}
		if own := draftSymbol.FindString(r["Voting On"]); own != "" && own != draft {
			f.note(sourceFailed + " calls it " + own)
		}
		if f.sponsors == "" {
			f.sponsors, _, _ = readSponsors(strings.Join(listOf(r["Submitted By"]), ", "))
			f.sponsors = seatedWords(f.sponsors, f.day)
		}
		if f.casts != nil {
			continue
		}
		seated := Seated(rec.seats, f.day)
		casts := map[string][]country.Code{}
		var bad error
		for col, g := range map[string]string{"In Favor": Yes, "Against": No, "Abstain": Abstain} {
			for _, n := range listOf(r[col]) {
				c, err := seatedCode(n, seated)
				if err != nil {
					bad = err
					continue
				}
				casts[g] = append(casts[g], c)
			}
		}
		t := Tally{len(casts[Yes]), len(casts[No]), len(casts[Abstain])}
		if f.tally == nil {
			f.tally = &t
		}
		switch {
		case bad != nil:
			f.note(sourceFailed + " names a state that was not seated")
		case *f.tally != t:
			f.note(sourceFailed + " counts " + t.String())
		default:
			if rest := missing(seated, casts); len(rest) > 0 {
				casts[NotParticipating] = rest
				f.callNote = "the source names no ballot of " + codesOf(rest)
			}
			f.casts, f.callFrom = casts, sourceFailed
		}
	}
	return nil
}

// dayOf is the day of a meeting by its number.
func (rec *book) dayOf(number string) (date.Day, bool) {
	n, _ := strconv.Atoi(tidy(number))
	for _, m := range rec.meetings {
		if m.number == n && n > 0 {
			return m.day, true
		}
	}
	for _, v := range rec.votes {
		if v.meeting == n && n > 0 {
			return v.day, true
		}
	}
	return date.Day{}, false
}

// sampleDraft is the sample's draft as a key; votes on paragraphs are not votes
// on the draft, and it has S/2017/962 twice, once with the ballots of S/2017/968.
func sampleDraft(r row) string {
	s := tidy(r["Voting On"])
	if strings.Contains(s, "Paragraph") {
		return ""
	}
	if r["Meeting Number"] == "8105" && s == "S/2017/962" && strings.Contains(r["Submitted By"], "United States") && !strings.Contains(r["Submitted By"], "France") {
		return ""
	}
	if strings.Contains(s, "Meeting Draft") {
		switch r["Meeting Number"] {
		case "174":
			return "S/404" // the Library's table names it
		}
		return ""
	}
	if r["Meeting Number"] == "447" {
		return "S/1391/Rev.1" // the sample has the number of the other draft of that meeting
	}
	return draftSymbol.FindString(s)
}

// listOf reads a cell such as ['China', "Côte d'Ivoire"].
func listOf(cell string) []string {
	var out []string
	s := cell
	for {
		i := strings.IndexAny(s, `'"`)
		if i < 0 {
			return out
		}
		q := s[i]
		j := strings.IndexByte(s[i+1:], q)
		if j < 0 {
			return out
		}
		out = append(out, s[i+1:i+1+j])
		s = s[i+j+2:]
	}
}

// seatedWords writes the Soviet Union where a source writes its successor.
func seatedWords(sponsors string, on date.Day) string {
	if on.Before(date.MustDay("1991-12-31")) {
		words := strings.Fields(sponsors)
		for i, w := range words {
			if w == "RUS" {
				words[i] = "SUN"
			}
		}
		return strings.Join(words, " ")
	}
	return sponsors
}
