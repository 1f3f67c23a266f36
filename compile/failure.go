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
	"sponsors", "agenda", "source", "sureness", "note"}

// failure is what the sources say of one draft that was put to the vote and not
// adopted.
type failure struct {
	draft    string
	day      date.Day
	meeting  string
	tally    *Tally
	outcome  string
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
func (rec *record) joinFailures(shared string) ([]*failure, error) {
	byDraft := map[string]*failure{}
	var order []*failure
	at := func(draft string) *failure {
		f := byDraft[draft]
		if f == nil {
			f = &failure{draft: draft, sureness: "verified"}
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

// nameUnnumbered gives a draft without a document symbol, which the table calls
// by its meeting, a key of its own: by the applicant where the veto list tells
// which, else by a number.
func nameUnnumbered(m *meeting, vetoes []listed) {
	same := map[string][]int{} // S/PV.57 → items that go by it and nothing else
	for i := range m.items {
		it := &m.items[i]
		if strings.Contains(strings.ToLower(it.note), "preliminary question") {
			it.draft += " (Preliminary question)"
			it.note = "the preliminary question, whether the matter is procedural"
			continue
		}
		if it.resolution == 0 && strings.HasPrefix(it.draft, "S/PV.") && !strings.Contains(it.draft, "(") {
			same[it.draft] = append(same[it.draft], i)
		}
	}
	for sym, at := range same {
		var vetoed []int
		for _, i := range at {
			if m.items[i].vetoed {
				vetoed = append(vetoed, i)
			}
		}
		var named []listed
		for _, v := range vetoes {
			if strings.HasPrefix(v.key(), sym+" (") && v.day == m.day && v.key() != sym+" (Draft)" {
				named = append(named, v)
			}
		}
		if len(named) > 0 && len(named) == len(vetoed) {
			var tallies []string
			alike := true
			for _, i := range vetoed {
				t := ""
				if m.items[i].tally != nil {
					t = m.items[i].tally.String()
				}
				tallies = append(tallies, t)
				alike = alike && t == tallies[0]
			}
			for k, i := range vetoed {
				m.items[i].draft = named[k].key()
				if !alike {
					m.items[i].tally = nil
					m.items[i].note = "the meetings table counts " + strings.Join(tallies, ", ") + " for the drafts of this meeting and does not say which is whose"
				}
			}
			at = slices.DeleteFunc(slices.Clone(at), func(i int) bool { return slices.Contains(vetoed, i) })
		}
		for k, i := range at {
			m.items[i].draft = sym + " (Draft)"
			if len(at) > 1 {
				m.items[i].draft = sym + " (Draft " + strconv.Itoa(k+1) + ")"
			}
		}
	}
}

// key is the listed draft's name among the other sources.
func (v listed) key() string {
	switch {
	case strings.Contains(v.agenda, "preliminary question") && strings.HasPrefix(v.draft, "S/PV."):
		return v.draft + " (Preliminary question)"
	case strings.Contains(v.raw, ", S/PV."):
		return v.draft + " (Preliminary question)"
	case v.raw == "S/PV.45": // put at the meeting 45, voted at 47
		return "S/PV.45 (Draft)"
	case v.ordinal > 0:
		return v.draft + " (Draft " + strconv.Itoa(v.ordinal) + ")"
	case strings.HasPrefix(v.draft, "S/PV.") && !strings.Contains(v.draft, "("):
		return v.draft + " (Draft)"
	}
	return v.draft
}

func (f *failure) fromMeeting(m meeting, it item) {
	f.day, f.meeting, f.tally, f.blocked = m.day, m.symbol(), it.tally, it.blocked
	f.agenda = short(m.topics)
	f.outcome = OutcomeNotAdopted
	if it.vetoed {
		f.outcome = OutcomeVeto
	}
	if !it.day.IsZero() {
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
	f.sponsors, _ = readSponsors(v.sponsors)
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
		if slices.Contains(f.sources, sourceLibrary) {
			f.note("the Library's table counts " + f.tally.String())
		} else {
			f.note("the meetings table counts " + f.tally.String())
		}
	}
	f.tally, f.casts, f.callFrom, f.callNote = &t, v.casts, sourceVoting, v.note
	return nil
}

// fromSample adds the drafts whose ballots the sample names. Its meeting and its
// year are known, its day is not; so it adds to drafts that another source dates.
func (rec *record) fromSample(shared string, at func(string) *failure) error {
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
			f.sponsors, _ = readSponsors(strings.Join(listOf(r["Submitted By"]), ", "))
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
func (rec *record) dayOf(number string) (date.Day, bool) {
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
func (rec *record) findRivals(failed []*failure) {
	type sitting struct {
		day    date.Day
		agenda string
	}
	put := map[sitting][]string{}
	for _, r := range rec.resolutions {
		k := sitting{r.day, r.agenda}
		put[k] = append(put[k], r.symbol()+"@"+r.meeting)
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

func (rec *record) writeFailed(out string) error {
	var rows [][]string
	for _, f := range rec.failed {
		y, n, a, nv := "", "", "", ""
		if f.tally != nil {
			y, n, a = strconv.Itoa(f.tally.Yes), strconv.Itoa(f.tally.No), strconv.Itoa(f.tally.Abstain)
			nv = strconv.Itoa(size(f.day) - f.tally.cast())
		}
		rows = append(rows, []string{f.draft, f.day.String(), f.meeting, y, n, a, nv, f.outcome, codesOf(f.blocked),
			strings.Join(f.rivals, "; "), f.sponsors, f.agenda, strings.Join(f.sources, "; "), f.sureness, strings.Join(f.notes, "; ")})
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
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
