package compile

import (
	"regexp"
	"strconv"
	"strings"

	"article41/country"
	"article41/date"
)

// An item is one decision that a row of the meetings table records.
type item struct {
	resolution int    // its number, or 0 for a draft that was not adopted
	draft      string // the draft's symbol, for one that was not adopted
	note       string // what else the table says of the draft: "as amended", …
	mode       string // see Modes
	tally      *Tally
	vetoed     bool
	blocked    []country.Code // who the table says vetoed
	topic      string         // the agenda item of its own row
	absent     int            // "(1 absent)", "X did not participate"
	day        date.Day       // where corrections.csv gives another day than the meeting's first
}

// Modes of adoption. An old row says "adopted unanimously" without numbers: that
// is not known to be 11-0-0, as members did stay away.
const (
	ModeVote       = "vote"
	ModeWithout    = "without-vote"
	ModeConsensus  = "consensus"
	ModeAcclaimed  = "acclamation"
	ModeUnanimous  = "unanimous-unrecorded"
	ModeUnrecorded = "" // the source gives neither numbers nor a word
)

var (
	startOfItem = regexp.MustCompile(`(?i)S/RES/ ?\d+|(?:draft resolutions?\s*\(?\s*S/)|S/[0-9/A-Za-z.]+ not adopted`)
	resNumber   = regexp.MustCompile(`^S/RES/ ?(\d+)`)
	draftSymbol = regexp.MustCompile(`S/(?:PV\.)?\d+(?:/\d+)?(?:/Rev\.\d+)?`)
	place       = regexp.MustCompile(`^ *\(([A-Z][a-z]+)\)`)
)

// readOutcome reads the Library's result cell, such as
// "S/RES/12 (1946) 11-0-0 Draft resolution S/1408/Rev.1 vetoed by USSR8-2-1".
func readOutcome(cell string) []item {
	s := tidy(cell)
	var starts []int
	for _, m := range startOfItem.FindAllStringIndex(s, -1) {
		// "Draft resolutions S/507 & Add.1 & S/516 not adopted" is one vote.
		if k := len(starts); k > 0 && s[m[0]] == 'S' && !strings.HasPrefix(s[m[0]:], "S/RES") && open(s[starts[k-1]:m[0]]) {
			continue
		}
		starts = append(starts, m[0])
	}
	var out []item
	for i, from := range starts {
		to := len(s)
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		part := strings.TrimSpace(s[from:to])
		if resNumber.MatchString(part) {
			if it := readAdopted(part); it.resolution > 0 { // resolutions are numbered from 1
				out = append(out, it)
			}
		} else if it, ok := readNotAdopted(part); ok {
			out = append(out, it)
		}
	}
	return out
}

// open reports whether a draft's verdict is still to come.
func open(part string) bool {
	low := strings.ToLower(part)
	return strings.HasPrefix(low, "draft") && !strings.Contains(low, "vetoed") && !strings.Contains(low, "not adopted")
}

func readAdopted(s string) item {
	m := resNumber.FindStringSubmatch(s)
	n, _ := strconv.Atoi(m[1])
	it := item{resolution: n}
	low := strings.ToLower(s)
	if t, ok := parseTally(afterYear(s)); ok {
		it.tally, it.mode = &t, ModeVote
	} else {
		switch {
		case strings.Contains(low, "unanimously"):
			it.mode = ModeUnanimous
		case strings.Contains(low, "without"):
			it.mode = ModeWithout
		case strings.Contains(low, "consensus"):
			it.mode = ModeConsensus
		}
	}
	switch {
	case strings.Contains(low, "did not participate"):
		it.absent, it.note = 1, "not-participating"
	case strings.Contains(low, "1 absent"):
		it.absent, it.note = 1, "absent"
	}
	return it
}

// afterYear drops "S/RES/12 (1946)" so that the year is not read as a tally, and
// stops at the next document, whose symbol could look like one.
func afterYear(s string) string {
	if i := strings.Index(s, ")"); i >= 0 {
		s = s[i+1:]
	}
	if i := strings.Index(s, "S/"); i >= 0 {
		s = s[:i]
	}
	return s
}

func readNotAdopted(s string) (item, bool) {
	sym := draftSymbol.FindString(s)
	if sym == "" {
		return item{}, false
	}
	it := item{draft: sym}
	rest := s[strings.Index(s, sym)+len(sym):]
	end := len(rest)
	for _, w := range []string{"vetoed by", "not adopted"} {
		if i := strings.Index(strings.ToLower(rest), w); i >= 0 && i < end {
			end = i
		}
	}
	about, verdict := strings.TrimSpace(rest[:end]), rest[end:]
	if m := place.FindStringSubmatch(rest); m != nil {
		it.draft, about = sym+"/"+strings.ToUpper(m[1]), ""
	}
	it.note = strings.Trim(about, " )")
	if strings.HasPrefix(it.note, "(") {
		it.note += ")"
	}
	if t, ok := parseTally(verdict); ok {
		it.tally = &t
		verdict = tallyShape.ReplaceAllString(verdict, "")
	}
	if strings.HasPrefix(strings.ToLower(verdict), "vetoed by") {
		it.vetoed = true
		it.blocked = blockers(verdict[len("vetoed by"):])
	}
	return it, true
}

var blockerName = map[string]country.Code{
	"ussr": "SUN", "uk": "GBR", "usa": "USA", "united states": "USA", "france": "FRA", "china": "CHN",
	"russian federation": "RUS", "russia": "RUS",
}

func blockers(s string) []country.Code {
	s = strings.NewReplacer(" and ", ",", "PRST", "", "the ", "").Replace(s)
	var out []country.Code
	for _, p := range strings.Split(s, ",") {
		if c, ok := blockerName[strings.ToLower(strings.TrimSpace(p))]; ok {
			out = append(out, c)
		}
	}
	return sorted(out)
}
