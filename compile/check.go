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

// Against compares the tables in dataDir with the sources in sharedDir, source
// by source, from the sources' own bytes: no correction is applied on the way,
// so that each correction shows as a difference and needs its judgement.
func Against(sharedDir, dataDir string) (Report, error) {
	t, err := readTables(dataDir)
	if err != nil {
		return Report{}, err
	}
	judged, err := readJudgements(filepath.Join(dataDir, "judgements.csv"))
	if err != nil {
		return Report{}, err
	}
	c := &comparison{shared: sharedDir, data: dataDir, t: t, judged: judged, used: map[string]bool{},
		resolutions: map[int]row{}, failed: byKey(t.failed, "draft"), rollcalls: byKey(t.rollcalls, "vote")}
	for _, r := range t.resolutions {
		c.resolutions[numberOf(r["resolution"])] = r
	}
	for _, step := range []func() error{
		c.meetingsTallies, c.meetingsDays, c.votingTallies, c.votingDays, c.votingOutcomes, c.rollcallTallies,
		c.titleYears, c.vetoList, c.vetoVoters, c.failedSample, c.briefVetoes, c.briefNamed, c.seatYears, c.seatTerms, c.assemblyTallies, c.datedLists,
	} {
		if err := step(); err != nil {
			return Report{}, err
		}
	}
	for k, d := range judged {
		if !c.used[k] {
			c.report.Stale = append(c.report.Stale, d)
		}
	}
	slices.SortFunc(c.report.Stale, func(a, b Difference) int { return strings.Compare(a.id(), b.id()) })
	return c.report, nil
}

type comparison struct {
	shared      string
	data        string
	t           *tables
	resolutions map[int]row
	failed      map[string]row
	rollcalls   map[string]row
	judged      map[string]Difference
	used        map[string]bool
	report      Report
}

// line starts a comparison and returns the function that counts into it: same
// is what both say, or the two values that differ.
func (c *comparison) line(source string) func(key, theirs, ours string) {
	c.report.Lines = append(c.report.Lines, Line{Source: source})
	l := &c.report.Lines[len(c.report.Lines)-1]
	return func(key, theirs, ours string) {
		l.Compared++
		if theirs == ours {
			l.Equal++
			return
		}
		l.Differing++
		d := Difference{Source: source, Key: key, Difference: "source " + orNone(theirs) + ", table " + orNone(ours)}
		if j, ok := c.judged[d.id()]; ok {
			d.Judgement = j.Judgement
			c.used[d.id()] = true
			l.Judged++
		}
		c.report.Differences = append(c.report.Differences, d)
	}
}

func orNone(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// tallyText is a row's tally, or its mode where it has none.
func tallyText(r row) string {
	if t, has, err := r.tallyOf(); err == nil && has {
		return t.String()
	}
	if m := r["mode"]; m != "" {
		return m
	}
	return ""
}

// rawMeetings is the meetings table without a correction.
func (c *comparison) rawMeetings(each func(day date.Day, it item)) error {
	rows, err := sheet(c.shared, fileMeetings, ',')
	if err != nil {
		return err
	}
	for i, r := range rows {
		y, err := strconv.Atoi(r["year"])
		if err != nil {
			return fmt.Errorf("%s: row %d: year %q", fileMeetings, i+2, r["year"])
		}
		day, err := civil(y, tidy(r["date"]))
		if err != nil {
			day = date.Day{} // a further item of the meeting above it
		}
		for _, it := range readOutcome(r["result"]) {
			each(day, it)
		}
	}
	return nil
}

func (c *comparison) meetingsTallies() error {
	count := c.line("meetings: tally or mode")
	return c.rawMeetings(func(day date.Day, it item) {
		theirs := it.mode
		if it.tally != nil {
			theirs = it.tally.String()
		}
		if it.resolution > 0 {
			count(it.name(), theirs, tallyText(c.resolutions[it.resolution]))
			return
		}
		r, ok := c.failed[it.draft]
		if !ok {
			if strings.HasPrefix(it.draft, "S/PV.") {
				return // unnumbered drafts go by other keys; the veto list counts them
			}
			count(day.String()+" "+it.draft, theirs, "")
			return
		}
		if theirs != "" && !strings.Contains(it.note, "preliminary") {
			count(day.String()+" "+it.draft, theirs, tallyText(r))
		}
	})
}

func (c *comparison) meetingsDays() error {
	count := c.line("meetings: day")
	return c.rawMeetings(func(day date.Day, it item) {
		if day.IsZero() {
			return
		}
		if it.resolution > 0 {
			count(it.name(), day.String(), c.resolutions[it.resolution]["date"])
		} else if r, ok := c.failed[it.draft]; ok {
			count(it.draft, day.String(), r["date"])
		}
	})
}

// rawVote is a draft of the voting sheet as it stands there.
type rawVote struct {
	id, name string
	row      row
	ballots  Tally
	no       []country.Code
	suspect  bool
}

func (c *comparison) rawVotes() ([]rawVote, error) {
	rows, err := sheet(c.shared, fileVoting, ',')
	if err != nil {
		return nil, err
	}
	var ids []string
	by := map[string]*rawVote{}
	for _, r := range rows {
		v := by[r["ID"]]
		if v == nil {
			v = &rawVote{id: r["ID"], row: r, suspect: r["suspect"] != ""}
			v.name = draftKey(r["Draft"])
			if n, _ := strconv.Atoi(r["resolution_no"]); n > 0 {
				v.name = "S/RES/" + strconv.Itoa(n)
			}
			by[v.id], ids = v, append(ids, v.id)
		}
		switch r["Vote"] {
		case "Yes":
			v.ballots.Yes++
		case "No":
			v.ballots.No++
			if code, err := country.Parse(tidy(r["Member State"])); err == nil {
				v.no = append(v.no, code)
			}
		case "Abstain":
			v.ballots.Abstain++
		}
	}
	var out []rawVote
	for _, id := range ids {
		out = append(out, *by[id])
	}
	return out, nil
}

// ours finds the row of a raw vote in our tables.
func (c *comparison) ours(v rawVote) row {
	if n := numberOf(v.name); n > 0 {
		return c.resolutions[n]
	}
	return c.failed[v.name]
}

func (c *comparison) votingTallies() error {
	vs, err := c.rawVotes()
	if err != nil {
		return err
	}
	count := c.line("voting sheet: tally of ballots")
	for _, v := range vs {
		count("ID "+v.id+" "+v.name, v.ballots.String(), tallyText(c.ours(v)))
	}
	return nil
}

func (c *comparison) votingDays() error {
	vs, err := c.rawVotes()
	if err != nil {
		return err
	}
	count := c.line("voting sheet: day")
	for _, v := range vs {
		if r := c.ours(v); r != nil {
			count("ID "+v.id+" "+v.name, v.row["date_fixed"], r["date"])
		}
	}
	return nil
}

// votingOutcomes holds the sheet's outcome against the rule, on the sheet's own
// ballots, for every draft that is not marked suspect.
func (c *comparison) votingOutcomes() error {
	vs, err := c.rawVotes()
	if err != nil {
		return err
	}
	count := c.line("voting sheet: outcome by the tally rule")
	for _, v := range vs {
		if v.suspect {
			continue
		}
		day, err := date.ParseDay(v.row["date_fixed"])
		if err != nil {
			return err
		}
		stated := "adopted"
		switch {
		case strings.HasSuffix(v.row["Outcome results"], "veto"):
			stated = OutcomeVeto
		case strings.HasPrefix(v.row["Outcome results"], "Not adopted"):
			stated = OutcomeLack
		}
		count("ID "+v.id+" "+v.name, stated, computed(v.ballots, anyPermanent(v.no), day))
	}
	return nil
}

// rollcallTallies holds each roll call against the table of its vote.
func (c *comparison) rollcallTallies() error {
	count := c.line("roll calls: tally in their own table")
	for _, r := range c.t.rollcalls {
		name := r["vote"]
		of := c.failed[name]
		if n := numberOf(name); n > 0 {
			of = c.resolutions[n]
		}
		if of == nil {
			continue // an amendment that was adopted has no row of its own
		}
		count(name, tallyOfCasts(r.castsOf()).String(), tallyText(of))
	}
	return nil
}

func (c *comparison) titleYears() error {
	rows, err := sheet(c.shared, fileTitles, ';')
	if err != nil {
		return err
	}
	count := c.line("titles: year of the resolution")
	for _, r := range rows {
		n, _ := strconv.Atoi(r["Number"])
		day := c.resolutions[n]["date"]
		count("S/RES/"+r["Number"], r["Year"], day[:min(4, len(day))])
	}
	return nil
}
