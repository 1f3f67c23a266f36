package compile

import (
	"fmt"
	"slices"
	"strings"

	"article41/country"
	"article41/date"
	"article41/symbol"
)

// Lint reads the written tables alone and returns every complaint with its
// place; none means that the tables are sound in themselves.
func Lint(dataDir string) ([]string, error) {
	t, err := readTables(dataDir)
	if err != nil {
		return nil, err
	}
	l := &linter{t: t, resolutions: byKey(t.resolutions, "resolution"), failed: byKey(t.failed, "draft"), adopted: map[int]bool{}}
	for _, r := range t.resolutions {
		l.adopted[numberOf(r["resolution"])] = true
	}
	if err := checkSeats(t.seats); err != nil {
		l.say("seats.csv", 0, "%v", err)
	}
	l.lintResolutions()
	l.lintFailed()
	l.lintOrder()
	l.lintRollcalls()
	l.lintAssembly()
	return l.complaints, nil
}

type linter struct {
	t           *tables
	resolutions map[string]row
	adopted     map[int]bool // by number
	failed      map[string]row
	complaints  []string
}

func (l *linter) say(file string, line int, format string, args ...any) {
	place := file
	if line > 0 {
		place = fmt.Sprintf("%s:%d", file, line)
	}
	l.complaints = append(l.complaints, place+": "+fmt.Sprintf(format, args...))
}

var modes = []string{ModeVote, ModeWithout, ModeConsensus, ModeAcclaimed, ModeUnanimous}

func (l *linter) lintResolutions() {
	const file = "resolutions.csv"
	seen := map[string]bool{}
	last := 0
	for i, r := range l.t.resolutions {
		line := i + 2
		name := r["resolution"]
		s, err := symbol.Parse(name)
		if err != nil {
			l.say(file, line, "%v", err)
		} else if s.String() != name {
			l.say(file, line, "resolution %q: want %q", name, s.String())
		}
		if seen[name] {
			l.say(file, line, "%s stands twice", name)
		}
		seen[name] = true
		if n := numberOf(name); n <= last {
			l.say(file, line, "%s is out of order", name)
		} else {
			last = n
		}
		l.lintCommon(file, line, r, name)
		if !slices.Contains(modes, r["mode"]) {
			l.say(file, line, "mode %q: want one of %s", r["mode"], strings.Join(modes, ", "))
		}
		t, has, err := r.tallyOf()
		if err != nil {
			continue // said by lintCommon
		}
		if has != (r["mode"] == ModeVote) {
			l.say(file, line, "mode %s and tally %q do not go together", r["mode"], r["yes"]+"-"+r["no"]+"-"+r["abstain"])
		}
		if day, err := r.dayOf(); err == nil && has && t.Yes < need(day) {
			l.say(file, line, "%s adopted with %d yes, %d needed that day", name, t.Yes, need(day))
		}
	}
}

func (l *linter) lintFailed() {
	const file = "failed.csv"
	seen := map[string]bool{}
	for i, r := range l.t.failed {
		line, name := i+2, r["draft"]
		if seen[name] {
			l.say(file, line, "%s stands twice", name)
		}
		seen[name] = true
		if _, err := symbol.Parse(name); err != nil {
			l.say(file, line, "%v", err)
		}
		l.lintCommon(file, line, r, name)
		if !slices.Contains([]string{OutcomeVeto, OutcomeLack, OutcomeNotAdopted}, r["outcome"]) {
			l.say(file, line, "outcome %q: want veto, lack-of-votes or not-adopted", r["outcome"])
		}
		if r["outcome"] == OutcomeVeto && r["blocked_by"] == "" {
			l.say(file, line, "%s: a veto by nobody", name)
		}
		day, err := r.dayOf()
		if err != nil {
			continue
		}
		seated := Seated(l.t.seats, day)
		for _, c := range parseCodes(r["blocked_by"]) {
			if !slices.Contains(seated, c) || !country.Permanent(c) {
				l.say(file, line, "%s: blocked by %s, no permanent member that day", name, c)
			}
		}
		for _, rival := range strings.Split(r["rivals"], "; ") {
			if rival == "" {
				continue
			}
			adopted := l.adopted[numberOf(rival)]
			if _, not := l.failed[rival]; !adopted && !not {
				l.say(file, line, "%s: rival %s is in no table", name, rival)
			}
		}
	}
}

// lintOrder holds that days rise with the number of the resolution and with the
// number of the meeting. It finds a day and a month exchanged, which no range
// check does: so S/RES/2513 and 2550 to 2552 were found.
func (l *linter) lintOrder() {
	type held struct {
		number int
		day    date.Day
		name   string
	}
	var numbers, meetings []held
	for _, r := range l.t.resolutions {
		if day, err := r.dayOf(); err == nil {
			numbers = append(numbers, held{numberOf(r["resolution"]), day, r["resolution"]})
		}
	}
	for _, rows := range [][]row{l.t.resolutions, l.t.failed} {
		for _, r := range rows {
			day, err := r.dayOf()
			if n := meetingNumber(r["meeting"]); err == nil && n > 0 {
				name := r["resolution"]
				if name == "" {
					name = r["draft"]
				}
				meetings = append(meetings, held{n, day, name})
			}
		}
	}
	slices.SortStableFunc(meetings, func(a, b held) int { return a.number - b.number })
	for what, list := range map[string][]held{"resolution": numbers, "meeting": meetings} {
		for i := 1; i < len(list); i++ {
			if a, b := list[i-1], list[i]; b.number > a.number && b.day.Before(a.day) {
				l.say("votes", 0, "%s of %s stands after %s of %s by the number of the %s", b.name, b.day, a.name, a.day, what)
			}
		}
	}
}

// lintCommon checks what both tables have: day, meeting, counts, sureness.
func (l *linter) lintCommon(file string, line int, r row, name string) {
	day, err := r.dayOf()
	if err != nil {
		l.say(file, line, "%s: %v", name, err)
		return
	}
	if day.Before(firstSitting) {
		l.say(file, line, "%s: %s is before the Council first sat", name, day)
	}
	if m := r["meeting"]; m != "" && meetingNumber(m) == 0 {
		l.say(file, line, "%s: meeting %q: want S/PV.n", name, m)
	}
	if !slices.Contains([]string{"verified", "unverified", "unknown"}, r["sureness"]) {
		l.say(file, line, "%s: sureness %q: want verified, unverified or unknown", name, r["sureness"])
	}
	if n := r["nature"]; n != natureSubstantive && n != natureProcedural && n != naturePreliminary {
		l.say(file, line, "%s: nature %q: want substantive, procedural or preliminary", name, n)
	}
	if on := r["meeting_on"]; on != "" {
		if opened, err := date.ParseDay(on); err != nil || !opened.Before(day) {
			l.say(file, line, "%s: meeting_on %q: want a day before %s", name, on, day)
		}
	}
	for _, c := range parseCodes(r["sponsors"]) {
		if _, ok := country.Of(c); !ok {
			l.say(file, line, "%s: sponsor %q is no country code", name, c)
		}
	}
	if r["source"] == "" {
		l.say(file, line, "%s: no source", name)
	}
	t, has, err := r.tallyOf()
	if err != nil {
		l.say(file, line, "%s: %v", name, err)
		return
	}
	if has && t.cast() > size(day) {
		l.say(file, line, "%s: %s are %d votes of %d seats", name, t, t.cast(), size(day))
	}
	if has && fmt.Sprint(size(day)-t.cast()) != r["not_voting"] {
		l.say(file, line, "%s: not_voting %q: want %d", name, r["not_voting"], size(day)-t.cast())
	}
}

func (l *linter) lintRollcalls() {
	const file = "rollcalls.csv"
	seen := map[string]bool{}
	for i, r := range l.t.rollcalls {
		line, name := i+2, r["vote"]
		if seen[name] {
			l.say(file, line, "%s stands twice", name)
		}
		seen[name] = true
		casts := r.castsOf()
		of, ok := l.resolutions[name]
		if !ok {
			of, ok = l.failed[name]
		}
		if !ok {
			l.say(file, line, "%s is in no table", name)
			continue
		}
		day, err := of.dayOf()
		if err != nil {
			continue
		}
		seated := Seated(l.t.seats, day)
		var all []country.Code
		for _, g := range groups {
			for _, c := range casts[g] {
				if !slices.Contains(seated, c) {
					l.say(file, line, "%s: %s did not sit on %s", name, c, day)
				}
				if slices.Contains(all, c) {
					l.say(file, line, "%s: %s stands twice", name, c)
				}
				all = append(all, c)
			}
		}
		if len(all) != len(seated) {
			l.say(file, line, "%s: %d votes of %d members seated", name, len(all), len(seated))
		}
		if t, has, err := of.tallyOf(); err == nil && has && t != tallyOfCasts(casts) {
			l.say(file, line, "%s: the roll call counts %s, the table %s", name, tallyOfCasts(casts), t)
		}
	}
}

func (l *linter) lintAssembly() {
	on := map[string]date.Day{}
	votes := byKey(l.t.votes, "resolution")
	for i, r := range l.t.votes {
		day, err := r.dayOf()
		if err != nil {
			l.say("assembly/votes.csv", i+2, "%v", err)
			continue
		}
		on[r["resolution"]] = day
		if s, err := symbol.Parse(r["resolution"]); err != nil || s.String() != r["resolution"] {
			l.say("assembly/votes.csv", i+2, "resolution %q: %v", r["resolution"], err)
		}
	}
	counts := map[string]map[string]int{}
	seen := map[string]bool{}
	for i, r := range l.t.ballots {
		line, name := i+2, r["resolution"]
		day, ok := on[name]
		if !ok {
			l.say("assembly/ballots.csv", line, "%s is not in votes.csv", name)
			continue
		}
		if k := name + " " + r["state"]; seen[k] {
			l.say("assembly/ballots.csv", line, "%s stands twice", k)
		} else {
			seen[k] = true
		}
		if !country.Member(country.Code(r["state"]), day) {
			l.say("assembly/ballots.csv", line, "%s was no Member on %s", r["state"], day)
		}
		if !slices.Contains([]string{"yes", "no", "abstain", "absent"}, r["vote"]) {
			l.say("assembly/ballots.csv", line, "vote %q", r["vote"])
		}
		if counts[name] == nil {
			counts[name] = map[string]int{}
		}
		counts[name][r["vote"]]++
	}
	for name, c := range counts {
		t, has, err := votes[name].tallyOf()
		if err != nil || !has {
			continue
		}
		if c["yes"] > t.Yes || c["no"] > t.No || c["abstain"] > t.Abstain {
			l.say("assembly/ballots.csv", 0, "%s: more ballots %v than the tally %s", name, c, t)
		}
	}
}
