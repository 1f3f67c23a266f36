package curated

import (
	"fmt"
	"slices"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// rollcalls is the table of whole roll calls; elsewhere some members may be named.
const rollcalls = "votes/rollcalls.csv"

// vote is a Vote under construction, with the place that stated it first.
type vote struct {
	record.Vote
	file string
	line int
}

func (r *reader) readMeasures() {
	for _, w := range r.table("measures.csv", false, "word", "type", "name") {
		r.words[w.text("word")] = w.text("type")
	}
}

func (r *reader) readSeats() {
	for _, w := range r.table("seats.csv", false, "seat", "member", "holder", "from", "to", "permanent", "source", "sureness") {
		s := record.Seat{Seat: w.text("seat"), Holder: w.text("holder"), From: w.day("from"), To: w.day("to"),
			Permanent: w.text("permanent") == "true" || w.text("permanent") == "yes" || w.text("permanent") == "1", Cite: w.cite()}
		if codes := w.codes("member"); len(codes) == 1 {
			s.Member = codes[0]
		} else {
			w.complain("member: want one code")
			continue
		}
		if !s.To.IsZero() && s.To.Before(s.From) {
			w.complain("to %s is before from %s", s.To, s.From)
		}
		r.seats = append(r.seats, s)
		id := fmt.Sprintf("seat/%s/%s/%s", s.Seat, s.Member, s.From)
		r.state(w.file, w.line, record.FactID(id), firstDay, s)
	}
}

func (r *reader) readVotes() {
	for _, w := range r.table("votes/resolutions.csv", true, "resolution", "date", "mode", "yes", "source", "sureness") {
		v := record.Vote{ID: w.symbol("resolution"), Resolution: w.symbol("resolution"), Draft: w.symbol("draft"),
			Title: w.text("title"), Agenda: w.text("agenda"), Date: w.day("date"), Meeting: w.symbol("meeting"),
			MeetingOn: w.day("meeting_on"), Nature: w.nature(), Mode: record.Mode(w.text("mode")), Tally: w.tally(), Recorded: record.FateAdopted,
			Cites: []record.Cite{w.cite()}}
		v.Tabled, v.Sponsors = w.tabled()
		r.addVote(w, v)
	}
	for _, w := range r.table("votes/failed.csv", true, "draft", "date", "yes", "outcome", "source", "sureness") {
		v := record.Vote{ID: w.symbol("draft"), Draft: w.symbol("draft"), Agenda: w.text("agenda"), Date: w.day("date"),
			Meeting: w.symbol("meeting"), MeetingOn: w.day("meeting_on"), Amends: w.symbol("amends"),
			Nature: w.nature(), Mode: record.ByVote, Tally: w.tally(),
			Recorded: record.Fate(w.text("outcome")), Rivals: w.symbols("rivals"), Cites: []record.Cite{w.cite()}}
		v.Tabled, v.Sponsors = w.tabled()
		if by := w.codes("blocked_by"); len(by) > 0 {
			v.Ballots = &record.Ballots{No: by}
		}
		r.addVote(w, v)
	}
	for _, w := range r.table(rollcalls, true, "vote", "yes", "no", "abstain", "source", "sureness") {
		id := w.symbol("vote")
		v, ok := r.votes[id]
		if !ok {
			w.complain("%s is in neither resolutions.csv nor failed.csv", id)
			continue
		}
		v.Ballots = &record.Ballots{Yes: w.codes("yes"), No: w.codes("no"), Abstain: w.codes("abstain"),
			NotParticipating: w.codes("not_participating"), Absent: w.codes("absent")}
		note(&r.rollAt, id, w.file, w.line)
		if c := w.cite(); !slices.Contains(v.Cites, c) {
			v.Cites = append(v.Cites, c)
		}
	}
}

func (r *reader) addVote(w row, v record.Vote) {
	if v.ID == "" {
		return
	}
	if v.Date.IsZero() {
		w.complain("%s has no date", v.ID)
		return
	}
	if old, ok := r.votes[v.ID]; ok {
		w.complain("%s stands already at %s:%d", v.ID, old.file, old.line)
		return
	}
	r.votes[v.ID] = &vote{v, w.file, w.line}
}

// overlay lays what a regime's file says of a vote over what the tables say. A
// tally or date that differs is a problem: one of the two is a slip, or both are
// claims.
func (r *reader) overlay(file string, line int, v record.Vote) {
	old, ok := r.votes[v.ID]
	if !ok {
		if v.Date.IsZero() {
			r.complain(file, line, "%s is in no table of votes: give its vote a date", v.ID)
			return
		}
		r.votes[v.ID] = &vote{v, file, line}
		return
	}
	o := &old.Vote
	if !v.Date.IsZero() && v.Date != o.Date {
		r.complain(file, line, "%s: date %s, but %s:%d says %s", v.ID, v.Date, old.file, old.line, o.Date)
	}
	if v.Tally != nil && o.Tally != nil && *v.Tally != *o.Tally {
		r.complain(file, line, "%s: tally %v, but %s:%d says %v", v.ID, *v.Tally, old.file, old.line, *o.Tally)
	}
	set(&o.Draft, v.Draft)
	set(&o.Title, v.Title)
	set(&o.Agenda, v.Agenda)
	set(&o.MeetingOn, v.MeetingOn)
	set(&o.Published, v.Published)
	set(&o.Meeting, v.Meeting)
	set(&o.President, v.President)
	set(&o.Nature, v.Nature)
	set(&o.Mode, v.Mode)
	set(&o.Amends, v.Amends)
	if v.Tally != nil {
		if o.Tally == nil {
			note(&r.tallyAt, v.ID, file, line)
		}
		o.Tally = v.Tally
	}
	if v.Ballots != nil {
		o.Ballots = v.Ballots
		note(&r.rollAt, v.ID, file, line)
	}
	over(&o.Letters, v.Letters)
	over(&o.Sponsors, v.Sponsors)
	over(&o.Penholders, v.Penholders)
	over(&o.Acts, v.Acts)
	over(&o.Rivals, v.Rivals)
	over(&o.Statements, v.Statements)
	over(&o.Claims, v.Claims)
	if v.Meaning != nil {
		o.Meaning = v.Meaning
	}
	o.Cites = append(o.Cites, v.Cites...)
}

func note(at *map[symbol.Symbol]place, id symbol.Symbol, file string, line int) {
	if *at == nil {
		*at = map[symbol.Symbol]place{}
	}
	(*at)[id] = place{file, line}
}

func set[T comparable](to *T, v T) {
	var zero T
	if v != zero {
		*to = v
	}
}

func over[T any](to *[]T, v []T) {
	if len(v) > 0 {
		*to = v
	}
}

// stateVotes states every vote, by day and id, and checks each against the
// Council that sat.
func (r *reader) stateVotes() {
	all := make([]*vote, 0, len(r.votes))
	for _, v := range r.votes {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b *vote) int {
		if n := a.Date.Compare(b.Date); n != 0 {
			return n
		}
		an, _ := a.ID.Number()
		bn, _ := b.ID.Number()
		if an != bn {
			return an - bn
		}
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	for _, v := range all {
		if v.Nature == "" {
			v.Nature = record.Substantive
		}
		if v.Mode == "" {
			v.Mode = record.ByVote
		}
		r.lintVote(v)
		r.state(v.file, v.line, record.FactID("vote/"+string(v.ID)), knownOn(v.Date), v.Vote)
	}
}

// sat are the members on the day.
func (r *reader) sat(on date.Day) map[country.Code]record.Seat {
	out := map[country.Code]record.Seat{}
	for _, s := range r.seats {
		if on.Within(s.From, s.To) {
			out[s.Member] = s
		}
	}
	return out
}

func (r *reader) lintVote(v *vote) {
	seats := 15
	if v.Date.Year() < 1966 {
		seats = 11
	}
	count, roll := place{v.file, v.line}, place{v.file, v.line}
	if p, ok := r.tallyAt[v.ID]; ok {
		count = p
	}
	if p, ok := r.rollAt[v.ID]; ok {
		roll = p
	}
	switch v.Mode {
	case record.ByVote, record.WithoutVote, record.Consensus, record.Acclamation, record.UnanimousUnrecorded, record.NotPut:
	default:
		r.complain(v.file, v.line, "%s: mode %q: want vote, without-vote, consensus, acclamation, unanimous-unrecorded or not-put", v.ID, v.Mode)
	}
	switch v.Nature {
	case record.Substantive, record.Procedural, record.Preliminary:
	default:
		r.complain(v.file, v.line, "%s: nature %q: want substantive, procedural or preliminary", v.ID, v.Nature)
	}
	switch v.Recorded {
	case "", record.FateAdopted, record.FateVeto, record.FateLackOfVotes, record.FateNotAdopted, record.FateWithdrawn:
	default:
		r.complain(v.file, v.line, "%s: outcome %q: want adopted, veto, lack-of-votes, not-adopted or withdrawn", v.ID, v.Recorded)
	}
	if t := v.Tally; t != nil && t.Yes+t.No+t.Abstain+t.NotVoting > seats {
		r.complain(count.file, count.line, "%s: tally %d-%d-%d adds up to more than the %d seats of %d",
			v.ID, t.Yes, t.No, t.Abstain, seats, v.Date.Year())
	}
	if n, ok := v.ID.Number(); ok {
		if y := symbol.Year(n); y != 0 && y != v.Date.Year() {
			r.complain(v.file, v.line, "%s is dated %s", v.ID, v.Date)
		}
	}
	if v.Ballots == nil {
		return
	}
	sat, seen := r.sat(v.Date), map[country.Code]string{}
	b := v.Ballots
	for _, g := range []struct {
		name    string
		members []country.Code
	}{{"yes", b.Yes}, {"no", b.No}, {"abstain", b.Abstain}, {"obligatory_abstain", b.ObligatoryAbstain}, {"not_participating", b.NotParticipating}, {"absent", b.Absent}} {
		for _, m := range g.members {
			if _, ok := sat[m]; !ok {
				r.complain(roll.file, roll.line, "%s: %s did not sit in the Council on %s", v.ID, m, v.Date)
			}
			if was, twice := seen[m]; twice {
				r.complain(roll.file, roll.line, "%s: %s stands under %s and under %s", v.ID, m, was, g.name)
			}
			seen[m] = g.name
		}
	}
	if t := v.Tally; t != nil && ((len(seen) == seats || roll.file == rollcalls) && (len(b.Yes) != t.Yes || len(b.No) != t.No || len(b.Abstain)+len(b.ObligatoryAbstain) != t.Abstain) ||
		len(b.Yes) > t.Yes || len(b.No) > t.No || len(b.Abstain)+len(b.ObligatoryAbstain) > t.Abstain) {
		r.complain(roll.file, roll.line, "%s: the roll call counts %d-%d-%d, the tally says %d-%d-%d", v.ID,
			len(b.Yes), len(b.No), len(b.Abstain)+len(b.ObligatoryAbstain), t.Yes, t.No, t.Abstain)
	}
}
