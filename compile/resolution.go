package compile

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"article41/country"
	"article41/date"
)

var resolutionHead = []string{"resolution", "draft", "date", "meeting", "mode", "yes", "no", "abstain", "not_voting",
	"title", "agenda", "sponsors", "source", "sureness", "note", "nature", "meeting_on"}

// Natures of the question put. The tally rule differs: Article 27(2) for
// procedural questions, (3) for all other; the question whether a matter is
// procedural is itself decided by (3).
const (
	natureSubstantive = "substantive"
	natureProcedural  = "procedural"
	naturePreliminary = "preliminary"
)

// resolution is what the sources say of one adopted resolution.
type resolution struct {
	number    int
	year      int // of the number, known even where the day is not
	draft     string
	day       date.Day
	until     date.Day // the last day its meeting sat, of the meetings table
	meeting   string
	mode      string
	tally     *Tally
	notVoting int
	nature    string   // see natures
	meetingOn date.Day // the day the meeting is dated, where that is not the day of adoption
	title     string
	agenda    string
	sponsors  string
	sources   []string
	sureness  string
	notes     []string

	casts    map[string][]country.Code // the roll call, where there is one
	callNote string
	callFrom string
}

func (r *resolution) symbol() string { return resolutionSymbol(r.number, r.year) }

func (r *resolution) source(s string) {
	for _, have := range r.sources {
		if have == s {
			return
		}
	}
	r.sources = append(r.sources, s)
}

func (r *resolution) note(s string) {
	if s == "" {
		return
	}
	for _, have := range r.notes {
		if have == s {
			return
		}
	}
	r.notes = append(r.notes, s)
}

// book is everything read, once, for all tables.
type book struct {
	seats       []Seat
	meetings    []meeting
	votes       []vote
	resolutions []*resolution
	failed      []*failure
}

// readRecord reads every source and joins them by resolution and by draft.
func readRecord(shared string) (*book, error) {
	rec := &book{}
	var err error
	if rec.seats, err = seatsOf(shared); err != nil {
		return nil, err
	}
	if rec.meetings, err = readMeetings(shared); err != nil {
		return nil, err
	}
	if rec.votes, err = readVotes(shared, rec.seats); err != nil {
		return nil, err
	}
	known, err := anchors(shared, rec.meetings, rec.votes)
	if err != nil {
		return nil, err
	}
	number(rec.meetings, known)
	if rec.resolutions, err = rec.joinResolutions(shared); err != nil {
		return nil, err
	}
	if rec.failed, err = rec.joinFailures(shared); err != nil {
		return nil, err
	}
	return rec, nil
}

func (rec *book) joinResolutions(shared string) ([]*resolution, error) {
	byNumber := map[int]*resolution{}
	most := 0
	at := func(n int) *resolution {
		if byNumber[n] == nil {
			byNumber[n] = &resolution{number: n, sureness: "verified", nature: natureSubstantive}
		}
		most = max(most, n)
		return byNumber[n]
	}
	titles, err := sheet(shared, fileTitles, ';')
	if err != nil {
		return nil, err
	}
	for i, r := range titles {
		n, err1 := strconv.Atoi(r["Number"])
		y, err2 := strconv.Atoi(r["Year"])
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("%s: row %d: number %q, year %q", fileTitles, i+2, r["Number"], r["Year"])
		}
		x := at(n)
		x.year, x.title = y, short(r["Topic"])
	}
	for _, m := range rec.meetings {
		for _, it := range m.items {
			if it.resolution > 0 {
				at(it.resolution).fromMeeting(m, it)
			}
		}
	}
	for i := range rec.votes {
		if v := &rec.votes[i]; v.resolution > 0 {
			at(v.resolution).fromVote(v)
		}
	}
	for _, r := range embedded(libraryCSV) {
		if r["kind"] != "resolution" {
			continue
		}
		n, _ := strconv.Atoi(r["symbol"])
		if err := at(n).fromLibrary(r); err != nil {
			return nil, err
		}
	}
	for _, r := range embedded(briefCSV) {
		if r["kind"] != "resolution" {
			continue
		}
		n, _ := strconv.Atoi(r["symbol"])
		if err := at(n).fromBrief(r, rec.seats); err != nil {
			return nil, err
		}
	}
	var out []*resolution
	for n := 1; n <= most; n++ {
		if r := byNumber[n]; r != nil {
			r.settle(rec.seats)
			out = append(out, r)
		}
	}
	return out, nil
}

func (r *resolution) fromMeeting(m meeting, it item) {
	if !r.day.IsZero() && r.day != m.day {
		r.note("the meetings table has it on " + r.day.String() + " too")
	}
	r.day, r.until, r.year = m.day, m.until, m.day.Year()
	r.meeting, r.mode, r.tally = m.symbol(), it.mode, it.tally
	r.agenda = short(it.topic)
	r.source(sourceMeetings)
	if m.counted {
		r.note("meeting number counted between two known ones in the order of the meetings table")
	}
	if it.absent > 0 {
		r.notVoting = it.absent
	}
	if !it.day.IsZero() {
		r.meetingOn = m.day
		r.day, r.until = it.day, it.day
		r.note(it.note)
	}
	// S/RES/918 was voted in parts after midnight: the meeting opened the day before.
	if r.number == 918 {
		r.meetingOn = m.day
		r.day = date.MustDay("1994-05-17")
		r.note("the meeting of 1994-05-16 sat past midnight; adopted on 1994-05-17 (brief 1.6); voted in parts, which the brief has unverified")
	}
}

func (r *resolution) fromVote(v *vote) {
	r.source(sourceVoting)
	if r.year == 0 {
		r.year = v.day.Year()
	}
	if r.day.IsZero() {
		r.day = v.day
	} else if v.day.Within(r.day, r.until) && r.day != r.until {
		r.note("the meeting sat from " + r.day.String() + " to " + r.until.String())
		r.meetingOn, r.day = r.day, v.day
	} else if r.day != v.day {
		r.note(sourceVoting + " has the day " + v.day.String())
	}
	if v.meeting > 0 {
		pv := "S/PV." + strconv.Itoa(v.meeting)
		if r.meeting != "" && r.meeting != pv {
			r.note("meeting " + r.meeting + " in the order of the meetings table")
		}
		r.meeting = pv
		r.notes = without(r.notes, "meeting number counted")
	} else if v.written {
		r.note("written procedure: votes by letter, no meeting")
	}
	r.draft, r.agenda = v.draft, short(v.agenda)
	if v.note != "" {
		r.note(v.note)
	}
	var by string
	r.sponsors, by, _ = readSponsors(v.sponsors)
	r.note(by)
	if v.procedural {
		r.nature = natureProcedural
	}
	mode := map[string]string{"Adopted by consensus": ModeConsensus, "Adopted by acclamation": ModeAcclaimed}[v.stated]
	switch {
	case mode != "" && r.mode == ModeVote:
		r.note(sourceVoting + " says " + strings.ToLower(v.stated) + "; the meetings table counts " + r.tally.String())
		return // the numbers are the stronger statement, and they name no member
	case mode == ModeConsensus && r.mode == ModeWithout:
		r.note(sourceVoting + " says adopted by consensus")
		return
	case mode != "":
		r.mode, r.tally = mode, nil
		return
	case r.mode == ModeWithout || r.mode == ModeConsensus:
		r.note(sourceVoting + " gives fifteen ballots, the meetings table says " + r.mode)
		return
	}
	if v.casts == nil {
		return
	}
	t := v.tally()
	if r.tally != nil && *r.tally != t {
		r.note("the meetings table counts " + r.tally.String())
	}
	r.mode, r.tally, r.casts = ModeVote, &t, v.casts
	r.callFrom, r.callNote = sourceVoting, v.note
}

func (r *resolution) fromLibrary(row row) error {
	day, err := date.ParseDay(row["date"])
	if err != nil {
		return err
	}
	if !r.day.IsZero() && r.day != day {
		r.note("the source of the ballots has " + r.day.String() + "; the Library's table has " + day.String())
	}
	r.day, r.year = day, day.Year()
	if row["meeting"] != "" {
		r.meeting = row["meeting"]
	}
	if r.agenda == "" {
		r.agenda = short(row["agenda"])
	}
	if it := readAdopted("S/RES/" + row["symbol"] + " (" + strconv.Itoa(r.year) + ") " + row["tally"]); r.casts == nil {
		r.mode, r.tally = it.mode, it.tally
	}
	r.source(sourceLibrary)
	r.note(row["note"])
	return nil
}

func (r *resolution) fromBrief(row row, seats []Seat) error {
	day, err := date.ParseDay(row["date"])
	if err != nil {
		return err
	}
	r.day, r.year, r.mode, r.sureness = day, day.Year(), row["mode"], row["sureness"]
	r.sources = append(r.sources, row["source"])
	if row["meeting"] != "" {
		r.meeting = row["meeting"]
	}
	if r.agenda == "" {
		r.agenda = short(row["agenda"])
	}
	if t, ok := parseTally(row["tally"]); ok {
		r.tally = &t
	}
	r.note(row["note"])
	if row["groups"] == "" {
		return nil
	}
	casts, err := readGroups(row["groups"])
	if err != nil {
		return fmt.Errorf("brief.csv: %s: %w", row["symbol"], err)
	}
	casts[Yes] = missing(Seated(seats, day), casts)
	r.casts, r.callFrom = casts, row["source"]
	r.callNote = "the brief names those who did not vote yes; the others by elimination from the tally"
	return nil
}

// readGroups reads "abstain=CHN RUS;no=JPN".
func readGroups(s string) (map[string][]country.Code, error) {
	out := map[string][]country.Code{}
	for _, part := range strings.Split(s, ";") {
		g, who, ok := strings.Cut(part, "=")
		if !ok {
			return nil, fmt.Errorf("group %q: want group=CODE CODE", part)
		}
		for _, c := range strings.Fields(who) {
			code, err := country.Parse(c)
			if err != nil {
				return nil, err
			}
			out[g] = append(out[g], code)
		}
	}
	return out, nil
}

// settle closes a resolution when all sources have spoken: who did not vote, and
// the roll call that a tally of all members in favour implies.
func (r *resolution) settle(seats []Seat) {
	if r.day.IsZero() {
		r.note("no source gives the day of adoption")
		return
	}
	if r.tally == nil {
		r.notVoting = 0
		if r.mode == ModeUnrecorded {
			r.note("no source gives the tally")
		}
		return
	}
	r.notVoting = size(r.day) - r.tally.cast()
	if r.casts == nil && r.tally.Yes == size(r.day) {
		r.casts = map[string][]country.Code{Yes: Seated(seats, r.day)}
		r.callFrom = sourceComputed
		r.callNote = "every seated member, as the tally is " + r.tally.String()
	}
}

func without(notes []string, prefix string) []string {
	var out []string
	for _, n := range notes {
		if !strings.HasPrefix(n, prefix) {
			out = append(out, n)
		}
	}
	return out
}

// Resolutions writes votes/resolutions.csv.
func Resolutions(shared, out string) error {
	rec, err := readRecord(shared)
	if err != nil {
		return err
	}
	return rec.writeResolutions(out)
}

func (rec *book) writeResolutions(out string) error {
	var rows [][]string
	for _, r := range rec.resolutions {
		y, n, a, nv := "", "", "", ""
		if r.tally != nil {
			y, n, a, nv = strconv.Itoa(r.tally.Yes), strconv.Itoa(r.tally.No), strconv.Itoa(r.tally.Abstain), strconv.Itoa(r.notVoting)
		}
		rows = append(rows, []string{r.symbol(), r.draft, r.day.String(), r.meeting, r.mode, y, n, a, nv,
			r.title, r.agenda, r.sponsors, strings.Join(r.sources, "; "), r.sureness, strings.Join(r.notes, "; "), r.nature, r.meetingOn.String()})
	}
	return write(filepath.Join(out, "votes", "resolutions.csv"), resolutionHead, rows)
}
