package compile

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"article41/country"
	"article41/date"
)

// Groups of a roll call.
const (
	Yes              = "yes"
	No               = "no"
	Abstain          = "abstain"
	NotParticipating = "not_participating"
	Absent           = "absent"
)

// groups in the order of the table's columns.
var groups = []string{Yes, No, Abstain, NotParticipating, Absent}

// A vote is one draft of the voting sheet, its cells read again where
// corrections.csv says so.
type vote struct {
	id         string
	resolution int
	draft      string
	day        date.Day
	meeting    int
	written    bool // decided by letters in 2020 and 2021, without a meeting
	agenda     string
	sponsors   string
	stated     string // the sheet's outcome
	casts      map[string][]country.Code
	note       string
	judged     bool // a suspect row that corrections.csv accepts or mends
	procedural bool
	amends     string // the draft an amendment would have changed
}

func (v vote) tally() Tally {
	return Tally{len(v.casts[Yes]), len(v.casts[No]), len(v.casts[Abstain])}
}

func resolutionSymbol(n, year int) string { return fmt.Sprintf("S/RES/%d (%d)", n, year) }

var written = regexp.MustCompile(`^V\d+`)

// readVotes reads the voting sheet: 29,929 ballots, one a row.
func readVotes(shared string, seats []Seat) ([]vote, error) {
	rows, err := sheet(shared, fileVoting, ',')
	if err != nil {
		return nil, err
	}
	var ids []string
	byID := map[string][]row{}
	for _, r := range rows {
		k := r["ID"]
		if byID[k] == nil {
			ids = append(ids, k)
		}
		byID[k] = append(byID[k], r)
	}
	mend := corrections(sourceVoting)
	var out []vote
	for _, id := range ids {
		v, keep, err := readVote(id, byID[id], mend[id], seats)
		if err != nil {
			return nil, fmt.Errorf("%s: ID %s: %w", fileVoting, id, err)
		}
		if keep {
			out = append(out, v)
		}
	}
	return out, nil
}

func readVote(id string, rows []row, mend []correction, seats []Seat) (vote, bool, error) {
	r := rows[0]
	v := vote{id: id, draft: draftKey(r["Draft"]), agenda: tidy(r["Agenda item"]), sponsors: tidy(r["Submitted by"]),
		stated: r["Outcome results"], meeting: meetingNumber(r["Meeting"]), written: written.MatchString(r["Meeting"])}
	v.resolution, _ = strconv.Atoi(r["resolution_no"])
	if v.written {
		v.meeting = 0
	}
	var err error
	if v.day, err = date.ParseDay(r["date_fixed"]); err != nil {
		return v, false, err
	}
	type ballot struct{ who, how string }
	var ballots []ballot
	for _, x := range rows {
		ballots = append(ballots, ballot{x["Member State"], x["Vote"]})
	}
	lost, dropped := "", false
	for _, c := range mend {
		v.judged = true
		switch c.field {
		case "drop":
			return v, false, nil
		case "drop-ballots":
			dropped = true
		case "sponsors":
			v.sponsors = c.value
		case "resolution":
			v.resolution, _ = strconv.Atoi(c.value)
		case "draft":
			v.draft = c.value
		case "date":
			if v.day, err = date.ParseDay(c.value); err != nil {
				return v, false, err
			}
		case "meeting":
			v.meeting = meetingNumber(c.value)
		case "amends":
			v.amends = c.value
		case "agenda":
			v.agenda = c.value
		case "note":
			v.note = joined(v.note, c.value)
		case "accept":
			lost = c.value
		case "strike":
			who, how, _ := strings.Cut(c.value, "=")
			i := slices.Index(ballots, ballot{who, how})
			if i < 0 {
				return v, false, fmt.Errorf("correction strikes a ballot %q that is not there", c.value)
			}
			ballots = slices.Delete(ballots, i, i+1)
		case "replace":
			was, is, _ := strings.Cut(c.value, ">")
			who, how, _ := strings.Cut(was, "=")
			i := slices.Index(ballots, ballot{who, how})
			if i < 0 {
				return v, false, fmt.Errorf("correction replaces a ballot %q that is not there", c.value)
			}
			ballots[i].who, ballots[i].how, _ = strings.Cut(is, "=")
		default:
			return v, false, fmt.Errorf("correction of an unknown field %q", c.field)
		}
		if c.field != "sponsors" && c.field != "amends" {
			v.note = joined(v.note, c.reason)
		}
		if strings.HasPrefix(c.reason, "procedural") {
			v.procedural = true
		}
	}
	if dropped {
		return v, true, nil
	}
	if r["suspect"] != "" && !v.judged {
		return v, false, fmt.Errorf("marked suspect (%s) and not judged in corrections.csv", r["suspect"])
	}
	v.casts = map[string][]country.Code{}
	seated := Seated(seats, v.day)
	for _, b := range ballots {
		c, err := seatedCode(b.who, seated)
		if err != nil {
			return v, false, err
		}
		group := map[string]string{"Yes": Yes, "No": No, "Abstain": Abstain}[b.how]
		if group == "" {
			return v, false, fmt.Errorf("vote %q of %s", b.how, b.who)
		}
		v.casts[group] = append(v.casts[group], c)
	}
	if lost != "" {
		v.casts[lost] = missing(seated, v.casts)
	}
	return v, true, v.whole(seated)
}

// whole holds that every seated member has one ballot and nobody else has one.
func (v vote) whole(seated []country.Code) error {
	var all []country.Code
	for _, g := range groups {
		v.casts[g] = slices.Compact(sortedCopy(v.casts[g]))
		all = append(all, v.casts[g]...)
	}
	slices.Sort(all)
	if !slices.Equal(all, seated) {
		return fmt.Errorf("ballots of %v, seated %v", all, seated)
	}
	return nil
}

func missing(seated []country.Code, casts map[string][]country.Code) []country.Code {
	var out []country.Code
	for _, c := range seated {
		if !slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(casts[g], c) }) {
			out = append(out, c)
		}
	}
	return out
}

// seatedCode is the code a name stands for among those seated: sources write
// "Russian Federation" for the Soviet Union's vote too.
func seatedCode(name string, seated []country.Code) (country.Code, error) {
	c, err := country.Parse(tidy(name))
	if err != nil {
		return "", err
	}
	if slices.Contains(seated, c) {
		return c, nil
	}
	for _, other := range [][2]country.Code{{"RUS", "SUN"}, {"SUN", "RUS"}, {"YEM", "YMD"}, {"CZE", "CSK"}} {
		if c == other[0] && slices.Contains(seated, other[1]) {
			return other[1], nil
		}
	}
	return "", fmt.Errorf("%s (%s) was not seated", name, c)
}

var (
	caseOfS  = regexp.MustCompile(`^s/`)
	allDraft = regexp.MustCompile(`S/\d+(?:/\d+)?(?:/Rev\.\d+)?`)
)

// draftKey is the symbol of a draft cell. "S/2019/37; S/2019/89" names a report
// and the draft: the last is the draft.
func draftKey(cell string) string {
	s := caseOfS.ReplaceAllString(tidy(cell), "S/")
	all := allDraft.FindAllString(s, -1)
	if len(all) == 0 {
		return ""
	}
	if strings.Contains(s, ";") {
		return all[len(all)-1]
	}
	return all[0]
}

func sortedCopy(c []country.Code) []country.Code {
	out := slices.Clone(c)
	slices.Sort(out)
	return out
}

// codesOf joins codes with spaces, as the tables hold them.
func codesOf(codes []country.Code) string {
	var out []string
	for _, c := range sortedCopy(codes) {
		out = append(out, string(c))
	}
	return strings.Join(out, " ")
}

func parseCodes(s string) []country.Code {
	var out []country.Code
	for _, f := range strings.Fields(s) {
		out = append(out, country.Code(f))
	}
	return out
}
