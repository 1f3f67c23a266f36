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

// Outcomes of a draft that was not adopted, as recorded. Whether it was a veto
// in the strict sense is derived where the law is, not here.
const (
	OutcomeVeto       = "veto"
	OutcomeLack       = "lack-of-votes"
	OutcomeNotAdopted = "not-adopted"
)

var failedHead = []string{"draft", "date", "meeting", "yes", "no", "abstain", "not_voting", "outcome", "blocked_by", "rivals",
	"sponsors", "agenda", "source", "sureness", "note", "nature", "meeting_on", "amends"}

// failure is what the sources say of one draft that was put to the vote and not
// adopted.
type failure struct {
	draft    string
	day      date.Day
	meeting  string
	tally    *Tally
	outcome  string
	nature   string
	amends   string   // the draft an amendment would have changed
	opened   date.Day // the day the meeting is dated, where the vote was later
	blocked  []country.Code
	rivals   []string
	sponsors string
	agenda   string
	sources  []string
	sureness string
	notes    []string

	casts    map[string][]country.Code
	callFrom string
	callNote string
}

func (f *failure) source(s string) {
	if !slices.Contains(f.sources, s) {
		f.sources = append(f.sources, s)
	}
}

func (f *failure) note(s string) {
	if s != "" && !slices.Contains(f.notes, s) {
		f.notes = append(f.notes, s)
	}
}

func (v vote) adopted() bool { return strings.HasPrefix(v.stated, "Adopted") }

// joinFailures joins five sources by draft: the meetings table to 2019, the
// voting sheet from 1994, the veto list, the sample with states named, and what
// the Library's tables and the brief add.
func (rec *book) joinFailures(shared string) ([]*failure, error) {
	byDraft := map[string]*failure{}
	var order []*failure
	at := func(draft string) *failure {
		f := byDraft[draft]
		if f == nil {
			f = &failure{draft: draft, sureness: "verified", nature: natureSubstantive}
			if strings.HasSuffix(draft, "/PRELIMINARY") {
				f.nature = naturePreliminary
			}
			byDraft[draft] = f
			order = append(order, f)
		}
		return f
	}
	vetoes, err := readVetoList(shared)
	if err != nil {
		return nil, err
	}
	for i := range rec.meetings {
		m := &rec.meetings[i]
		nameUnnumbered(m, vetoes)
		for _, it := range m.items {
			if it.resolution == 0 {
				at(it.draft).fromMeeting(*m, it)
			}
		}
	}
	for _, r := range embedded(libraryCSV) {
		if r["kind"] == "draft" {
			if err := at(r["symbol"]).fromLibrary(r); err != nil {
				return nil, err
			}
		}
	}
	for i := range rec.votes {
		v := &rec.votes[i]
		if v.resolution == 0 && !v.adopted() {
			if err := at(v.draft).fromVote(v); err != nil {
				return nil, err
			}
		}
	}
	if err := rec.fromSample(shared, at); err != nil {
		return nil, err
	}
	for _, v := range vetoes {
		at(v.key()).fromVetoList(v)
	}
	for _, r := range embedded(briefCSV) {
		switch r["kind"] {
		case "draft":
			if err := at(r["symbol"]).fromBrief(r); err != nil {
				return nil, err
			}
		case "blocked":
			f := byDraft[r["symbol"]]
			if f == nil {
				return nil, fmt.Errorf("brief.csv: %s is not in the sources", r["symbol"])
			}
			f.note(sourceVetoes + " names " + codesOf(f.blocked) + " only")
			f.blocked = parseCodes(strings.TrimPrefix(r["groups"], "no="))
			f.source(r["source"])
			f.note(r["note"])
		case "fact":
			f := byDraft[r["symbol"]]
			if f == nil || f.tally == nil || f.tally.String() != r["tally"] || f.day.String() != r["date"] {
				return nil, fmt.Errorf("brief.csv: %s: the sources do not bear the brief out", r["symbol"])
			}
			f.source(r["source"])
			f.note(r["note"])
		}
	}
	for _, f := range order {
		if f.day.IsZero() {
			return nil, fmt.Errorf("failed: %s has no day", f.draft)
		}
		f.settle(rec.seats)
	}
	slices.SortStableFunc(order, func(a, b *failure) int {
		if c := a.day.Compare(b.day); c != 0 {
			return c
		}
		return strings.Compare(a.meeting, b.meeting)
	})
	rec.findRivals(order)
	return order, nil
}

func (f *failure) fromMeeting(m meeting, it item) {
	f.day, f.meeting, f.tally, f.blocked = m.day, m.symbol(), it.tally, it.blocked
	f.agenda = short(it.topic)
	f.outcome = OutcomeNotAdopted
	if it.vetoed {
		f.outcome = OutcomeVeto
	}
	if !it.day.IsZero() {
		f.opened = m.day
		f.day = it.day
	}
	f.note(it.note)
	f.source(sourceMeetings)
	if m.counted {
		f.note("meeting number counted between two known ones in the order of the meetings table")
	}
}

func (f *failure) fromLibrary(r row) error {
	day, err := date.ParseDay(r["date"])
	if err != nil {
		return err
	}
	it, _ := readNotAdopted(r["symbol"] + " " + r["outcome"] + " " + r["tally"])
	f.day, f.meeting, f.tally, f.blocked = day, r["meeting"], it.tally, it.blocked
	f.agenda, f.outcome = short(r["agenda"]), OutcomeNotAdopted
	if it.vetoed {
		f.outcome = OutcomeVeto
	}
	f.source(sourceLibrary)
	f.note(r["note"])
	return nil
}

func (f *failure) fromVote(v *vote) error {
	if f.day.IsZero() {
		f.day = v.day
	} else if f.day != v.day {
		f.note(sourceVoting + " has the day " + v.day.String())
	}
	if v.meeting > 0 {
		pv := "S/PV." + strconv.Itoa(v.meeting)
		if f.meeting != "" && f.meeting != pv {
			f.note("meeting " + f.meeting + " in the order of the meetings table")
		}
		f.meeting = pv
		f.notes = without(f.notes, "meeting number counted")
	} else if v.written {
		f.note("written procedure: votes by letter, no meeting")
	}
	f.agenda = short(v.agenda)
	var by string
	f.sponsors, by, _ = readSponsors(v.sponsors)
	f.note(by)
	f.amends = v.amends
	f.note(v.note)
	f.source(sourceVoting)
	stated := OutcomeLack
	if strings.HasSuffix(v.stated, "veto") {
		stated = OutcomeVeto
	}
	if f.outcome == "" || f.outcome == OutcomeNotAdopted {
		f.outcome = stated
	} else if f.outcome != stated {
		return fmt.Errorf("failed: %s: %s in one source, %s in %s", f.draft, f.outcome, stated, sourceVoting)
	}
	if v.casts == nil {
		return nil
	}
	t := v.tally()
	if f.tally != nil && *f.tally != t {
		f.note("the Library's table counts " + f.tally.String())
	}
	f.tally, f.casts, f.callFrom, f.callNote = &t, v.casts, sourceVoting, v.note
	return nil
}

func (f *failure) fromVetoList(v listed) {
	fresh := f.day.IsZero()
	if fresh {
		f.day, f.agenda = v.day, short(v.agenda)
		f.outcome = OutcomeVeto
	}
	f.source(sourceVetoes)
	if f.day != v.day {
		f.note(sourceVetoes + " has the day " + v.day.String())
	}
	pv := ""
	if v.meeting > 0 {
		pv = "S/PV." + strconv.Itoa(v.meeting)
	}
	switch {
	case f.meeting == "" && fresh:
		f.meeting = pv
	case pv != "" && f.meeting != pv:
		f.note(sourceVetoes + " has the meeting " + pv)
	}
	if f.outcome != OutcomeVeto {
		f.note("not in so many words a veto in " + strings.Join(without2(f.sources, sourceVetoes), ", ") + "; a veto in " + sourceVetoes)
		f.outcome = OutcomeVeto
	}
	if len(f.blocked) == 0 {
		f.blocked = v.by
	} else if !slices.Equal(f.blocked, v.by) {
		f.note(sourceVetoes + " names " + codesOf(v.by) + " as voting no")
	}
}

func without2(list []string, drop string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == drop })
}

func (f *failure) fromBrief(r row) error {
	day, err := date.ParseDay(r["date"])
	if err != nil {
		return err
	}
	f.day, f.meeting, f.agenda = day, r["meeting"], short(r["agenda"])
	f.source(r["source"])
	f.sureness = r["sureness"]
	f.note(r["note"])
	f.outcome = OutcomeVeto
	if t, ok := parseTally(r["tally"]); ok {
		f.tally = &t
		if t.Yes < need(day) {
			f.outcome = OutcomeLack
		}
	}
	if r["groups"] == "" {
		return nil
	}
	casts, err := readGroups(r["groups"])
	if err != nil {
		return fmt.Errorf("brief.csv: %s: %w", r["symbol"], err)
	}
	if f.tally == nil {
		f.blocked = casts[No]
		return nil
	}
	f.casts, f.callFrom = casts, r["source"]
	return nil
}

// settle closes a failed draft: who of the permanent members voted no, the lack
// of votes that a tally shows, and the roll call that a tally and the names of
// those against imply.
func (f *failure) settle(seats []Seat) {
	if f.casts != nil {
		var no []country.Code
		for _, c := range f.casts[No] {
			if country.Permanent(c) {
				no = append(no, c)
			}
		}
		no = sortedCopy(no)
		if len(f.blocked) > 0 && !slices.Equal(f.blocked, no) {
			f.note("another source names " + codesOf(f.blocked) + " as voting no")
		}
		f.blocked = no
	}
	if f.outcome == OutcomeNotAdopted && f.tally != nil && f.tally.Yes < need(f.day) {
		f.outcome = OutcomeLack
	}
	if f.tally == nil {
		f.note("no source gives the tally")
		return
	}
	full := f.tally.cast() == size(f.day)
	if f.casts == nil && full && f.tally.Abstain == 0 && f.tally.No > 0 && len(f.blocked) == f.tally.No {
		f.casts = map[string][]country.Code{No: f.blocked}
		f.casts[Yes] = missing(Seated(seats, f.day), f.casts)
		f.callFrom = sourceComputed
		f.callNote = "the permanent members named against are all who voted no in " + f.tally.String() + "; the others by elimination"
	}
}

// findRivals names for each failed draft what else was put to the vote at the
// same meeting on the same item, adopted or not.
func (rec *book) findRivals(failed []*failure) {
	type sitting struct {
		day    date.Day
		agenda string
	}
	put := map[sitting][]string{}
	for _, r := range rec.resolutions {
		k := sitting{r.day, r.agenda}
		put[k] = append(put[k], "S/RES/"+strconv.Itoa(r.number)+"@"+r.meeting)
	}
	for _, f := range failed {
		k := sitting{f.day, f.agenda}
		put[k] = append(put[k], f.draft+"@"+f.meeting)
	}
	for _, f := range failed {
		for _, s := range put[sitting{f.day, f.agenda}] {
			sym, meeting, _ := strings.Cut(s, "@")
			if sym != f.draft && meeting == f.meeting {
				f.rivals = append(f.rivals, sym)
			}
		}
		slices.Sort(f.rivals)
	}
}

// Failed writes votes/failed.csv: every draft that was put to the vote and not
// adopted.
func Failed(shared, out string) error {
	rec, err := readRecord(shared)
	if err != nil {
		return err
	}
	return rec.writeFailed(out)
}

func (rec *book) writeFailed(out string) error {
	var rows [][]string
	for _, f := range rec.failed {
		y, n, a, nv := "", "", "", ""
		if f.tally != nil {
			y, n, a = strconv.Itoa(f.tally.Yes), strconv.Itoa(f.tally.No), strconv.Itoa(f.tally.Abstain)
			nv = strconv.Itoa(size(f.day) - f.tally.cast())
		}
		rows = append(rows, []string{f.draft, f.day.String(), f.meeting, y, n, a, nv, f.outcome, codesOf(f.blocked),
			strings.Join(f.rivals, "; "), f.sponsors, f.agenda, strings.Join(f.sources, "; "), f.sureness, strings.Join(f.notes, "; "), f.nature, f.opened.String(), f.amends})
	}
	return write(filepath.Join(out, "votes", "failed.csv"), failedHead, rows)
}

// All writes every table.
func All(shared, out string) error {
	rec, err := readRecord(shared)
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return Seats(shared, out) },
		func() error { return rec.writeResolutions(out) },
		func() error { return rec.writeRollcalls(out) },
		func() error { return rec.writeFailed(out) },
		func() error { return Assembly(shared, out) },
		func() error { return Lists(shared, out) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
