package compile

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"article41/country"
	"article41/date"
)

// Report is how far the tables agree with the sources.
type Report struct {
	Lines       []Line
	Differences []Difference
	Stale       []Difference // judgements of differences that are no more
}

// Line counts one comparison.
type Line struct {
	Source                             string
	Compared, Equal, Differing, Judged int
}

// Difference is one thing on which a source and the tables differ. Judgement is
// what judgements.csv says of it, "" where nothing.
type Difference struct{ Source, Key, Difference, Judgement string }

// Unjudged are the differences nobody has looked at.
func (r Report) Unjudged() []Difference {
	var out []Difference
	for _, d := range r.Differences {
		if d.Judgement == "" {
			out = append(out, d)
		}
	}
	return out
}

// Err is nil if every difference is judged and no judgement is stale.
func (r Report) Err() error {
	var errs []error
	for _, d := range r.Unjudged() {
		errs = append(errs, fmt.Errorf("%s: %s: %s: not judged in judgements.csv", d.Source, d.Key, d.Difference))
	}
	for _, d := range r.Stale {
		errs = append(errs, fmt.Errorf("%s: %s: %s: judged, but there is no such difference", d.Source, d.Key, d.Difference))
	}
	return errors.Join(errs...)
}

// Write prints the agreement as a table, then every difference.
func (r Report) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "source\tcompared\tequal\tdiffering\tjudged\t")
	for _, l := range r.Lines {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t\n", l.Source, l.Compared, l.Equal, l.Differing, l.Judged)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, d := range r.Differences {
		j := d.Judgement
		if j == "" {
			j = "NOT JUDGED"
		}
		if _, err := fmt.Fprintf(w, "%s | %s | %s | %s\n", d.Source, d.Key, d.Difference, j); err != nil {
			return err
		}
	}
	return nil
}

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
	c := &comparison{shared: sharedDir, t: t, judged: judged, used: map[string]bool{},
		resolutions: map[int]row{}, failed: byKey(t.failed, "draft"), rollcalls: byKey(t.rollcalls, "vote")}
	for _, r := range t.resolutions {
		c.resolutions[numberOf(r["resolution"])] = r
	}
	for _, step := range []func() error{
		c.meetingsTallies, c.meetingsDays, c.votingTallies, c.votingDays, c.votingOutcomes, c.rollcallTallies,
		c.titleYears, c.vetoList, c.vetoVoters, c.failedSample, c.briefVetoes, c.seatYears, c.seatTerms, c.assemblyTallies,
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

func (d Difference) id() string { return d.Source + "\x00" + d.Key + "\x00" + d.Difference }

func readJudgements(path string) (map[string]Difference, error) {
	rows, err := table(path)
	if err != nil {
		return nil, err
	}
	out := map[string]Difference{}
	for i, r := range rows {
		d := Difference{r["source"], r["key"], r["difference"], r["judgement"]}
		if d.Judgement == "" {
			return nil, fmt.Errorf("judgements.csv:%d: no judgement", i+2)
		}
		if _, twice := out[d.id()]; twice {
			return nil, fmt.Errorf("judgements.csv:%d: %s of %s stands twice", i+2, d.Key, d.Source)
		}
		out[d.id()] = d
	}
	return out, nil
}

type comparison struct {
	shared      string
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

// strict reports whether a failed draft was vetoed in the strict sense: a
// permanent no with enough yes votes. Where no source gives the tally the
// recorded outcome has to do.
func strict(r row) bool {
	day, err := r.dayOf()
	if err != nil {
		return false
	}
	t, has, err := r.tallyOf()
	if err != nil || !has {
		return r["outcome"] == OutcomeVeto
	}
	return computed(t, anyPermanent(parseCodes(r["blocked_by"])), day) == OutcomeVeto
}

func (c *comparison) vetoList() error {
	list, err := readVetoList(c.shared)
	if err != nil {
		return err
	}
	count := c.line("veto list: strict vetoes")
	listed := map[string]bool{}
	for _, v := range list {
		listed[v.key()] = true
		ours := ""
		if r, ok := c.failed[v.key()]; ok && strict(r) {
			ours = OutcomeVeto
		}
		count(v.key(), OutcomeVeto, ours)
	}
	end := list[len(list)-1].day
	for _, r := range c.t.failed {
		day, err := r.dayOf()
		if err != nil {
			return err
		}
		if !day.After(end) && strict(r) && !listed[r["draft"]] {
			count(r["draft"], "", OutcomeVeto)
		}
	}
	return nil
}

func (c *comparison) vetoVoters() error {
	list, err := readVetoList(c.shared)
	if err != nil {
		return err
	}
	count := c.line("veto list: who voted no, and when")
	for _, v := range list {
		r, ok := c.failed[v.key()]
		if !ok {
			continue
		}
		count(v.key(), v.day.String()+" "+codesOf(v.by), r["date"]+" "+r["blocked_by"])
	}
	return nil
}

// failedSample compares the states named in each group, for drafts as a whole.
func (c *comparison) failedSample() error {
	rows, err := sheet(c.shared, fileFailed, ',')
	if err != nil {
		return err
	}
	count := c.line("failed drafts: who voted how")
	for _, r := range rows {
		name := tidy(r["Voting On"])
		if strings.Contains(name, "Paragraph") || strings.Contains(name, "Meeting Draft") {
			continue
		}
		draft := draftSymbol.FindString(name)
		if tidy(r["Meeting Number"]) == "447" {
			draft = "S/1391/Rev.1"
		}
		day, err := date.ParseDay(c.failed[draft]["date"])
		if err != nil {
			count(r["Meeting Number"]+" "+name, "listed", "")
			continue
		}
		seated := Seated(c.t.seats, day)
		theirs := map[string][]country.Code{}
		for col, g := range map[string]string{"In Favor": Yes, "Against": No, "Abstain": Abstain} {
			for _, n := range listOf(r[col]) {
				if code, err := seatedCode(n, seated); err == nil {
					theirs[g] = append(theirs[g], code)
				}
			}
		}
		ours := c.rollcalls[draft].castsOf()
		text := func(m map[string][]country.Code) string {
			if len(m) == 0 {
				return ""
			}
			return codesOf(m[Yes]) + " / " + codesOf(m[No]) + " / " + codesOf(m[Abstain])
		}
		count(r["Meeting Number"]+" "+name, text(theirs), text(ours))
	}
	return nil
}

// briefVetoes holds the brief's list of vetoes since 2022, most of it from
// memory, against the table, which has them from the sheet.
func (c *comparison) briefVetoes() error {
	count := c.line("brief: vetoes since July 2022")
	named := map[string]bool{}
	for _, r := range embedded(briefCSV) {
		if r["kind"] != "veto" {
			continue
		}
		named[r["symbol"]] = true
		ours := ""
		if f, ok := c.failed[r["symbol"]]; ok && strict(f) {
			ours = f["date"] + " no=" + f["blocked_by"]
		}
		count(r["symbol"], r["date"]+" "+r["groups"], ours)
	}
	for _, f := range c.t.failed {
		if f["date"] >= "2022-07-08" && strict(f) && !named[f["draft"]] {
			count(f["draft"], "", f["date"]+" no="+f["blocked_by"])
		}
	}
	return nil
}

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
		if b["source"] != "ga_votes_ukraine" {
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
