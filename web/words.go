package web

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"article41/council"
	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/symbol"
)

// statusWords are the statuses as the pages write them.
var statusWords = map[regime.Status]string{
	regime.InForce:      "in force",
	regime.Lapsed:       "lapsed",
	regime.Terminated:   "terminated",
	regime.Suspended:    "suspended",
	regime.Contested:    "contested",
	regime.Unknown:      "unknown, presumed in force",
	regime.NotYet:       "not yet imposed",
	regime.Undetermined: "undetermined",
}

// stopped is a text with one full stop at its end.
func stopped(text string) string { return strings.TrimRight(text, ".") + "." }

// supposedWords complete "what if Gabon had …".
var supposedWords = map[council.Ballot]string{
	council.Yes:               "voted yes",
	council.No:                "voted no",
	council.Abstain:           "abstained",
	council.ObligatoryAbstain: "abstained as a party to the dispute",
	council.NotParticipating:  "not taken part",
	council.Absent:            "been absent",
}

var reasonWords = map[council.Reason]string{
	council.Adopted:            "Adopted",
	council.AdoptedWithoutVote: "Adopted without a vote",
	council.Vetoed:             "Vetoed",
	council.LackOfVotes:        "Lack of votes",
	council.NotPut:             "Not put to the vote",
	council.Undecided:          "Not known",
	council.Assumption:         "Assumed",
}

var deedWords = map[record.Deed]string{
	record.Impose:    "Imposes",
	record.Extend:    "Extends",
	record.Amend:     "Amends",
	record.Ease:      "Eases",
	record.Suspend:   "Suspends",
	record.Revive:    "Revives",
	record.Terminate: "Terminates",
	record.Establish: "Establishes",
	record.End:       "Ends",
	record.Review:    "Sets a review of",
}

// deed is what an effect does, or, of a draft that failed, would have done.
func deed(do record.Deed, adopted bool) string {
	if adopted {
		return deedWords[do]
	}
	would := map[record.Deed]string{
		record.Impose: "imposed", record.Extend: "extended", record.Amend: "amended", record.Ease: "eased", record.Suspend: "suspended",
		record.Revive: "revived", record.Terminate: "terminated", record.Establish: "established", record.End: "ended", record.Review: "set a review of",
	}
	return "Would have " + would[do]
}

var stepWords = map[string]string{
	"list":               "Listed",
	"delist":             "Removed",
	"impose":             "Measure added",
	"lift":               "Measure lifted",
	"amend":              "Entry amended",
	"name-conditionally": "Named with a condition",
}

var qualityWords = map[record.Quality]string{
	record.Primary:  "primary name",
	record.Good:     "good alias",
	record.Low:      "low-quality alias: never opens a hit alone",
	record.Also:     "also known as",
	record.Formerly: "formerly",
	record.Unrated:  "alias, quality not given",
	record.Original: "original script",
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// list joins words: "a, b and c".
func list(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// distance is how far a day lies from another, for beside the date.
func distance(from, to date.Day) string {
	n := to.Sub(from)
	switch {
	case n == 0:
		return "today"
	case n == 1:
		return "tomorrow"
	case n == -1:
		return "yesterday"
	case n > 800:
		return fmt.Sprintf("in %d years", n/365)
	case n > 0:
		return fmt.Sprintf("in %d days", n)
	case n < -800:
		return fmt.Sprintf("%d years ago", -n/365)
	}
	return fmt.Sprintf("%d days ago", -n)
}

// short is a symbol without its series, for where space is tight: "2374" for
// S/RES/2374 (2017).
func short(s symbol.Symbol) string {
	if n, ok := s.Number(); ok {
		return fmt.Sprint(n)
	}
	return strings.TrimPrefix(s.String(), "S/")
}

// votePath is the page of a vote.
func votePath(s symbol.Symbol) string { return "/votes/" + s.Path() }

// isVote reports whether a document is one that a page of votes is sure to hold.
func isVote(s symbol.Symbol) bool {
	_, ok := s.Number()
	return ok
}

// place is the paragraph of a decision in words.
func place(r *regime.Ref) string {
	if r == nil || r.Paragraph == nil {
		return ""
	}
	return inParagraph(*r.Paragraph)
}

func inParagraph(p string) string {
	switch {
	case p == "":
		return ""
	case strings.ContainsAny(p, "-,") && !strings.HasPrefix(p, "annex"):
		return "paras " + p
	case strings.HasPrefix(p, "annex"):
		return p
	}
	return "para " + p
}

// capital is the text with a capital first letter.
func capital(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

// dashed is a tally as it is printed: "13–1–1".
func dashed(tally string) string { return strings.ReplaceAll(tally, "-", "–") }

func partyNames(ps []council.Party) string {
	names := make([]string, len(ps))
	for i, p := range ps {
		names[i] = p.Name
	}
	return list(names)
}

// scripts of names, by the first letter that is not Latin: what a browser needs
// to set the name apart and a reader's voice to read it.
var scripts = []struct {
	table *unicode.RangeTable
	lang  string
	rtl   bool
}{
	{unicode.Arabic, "und-Arab", true},
	{unicode.Hebrew, "und-Hebr", true},
	{unicode.Cyrillic, "und-Cyrl", false},
	{unicode.Han, "und-Hani", false},
	{unicode.Hangul, "und-Hang", false},
	{unicode.Hiragana, "ja", false},
	{unicode.Katakana, "ja", false},
	{unicode.Greek, "und-Grek", false},
	{unicode.Georgian, "und-Geor", false},
	{unicode.Armenian, "und-Armn", false},
	{unicode.Devanagari, "und-Deva", false},
	{unicode.Thai, "und-Thai", false},
}

// firstForeign is where the scripts begin; the Latin letters lie before it.
const firstForeign = 0x370

// tongue is the language tag and direction of a name; empty for Latin letters.
func tongue(text, lang string) (tag, dir string) {
	dir = "ltr"
	for _, r := range text {
		if r < firstForeign {
			continue
		}
		for _, s := range scripts {
			if unicode.Is(s.table, r) {
				if s.rtl {
					dir = "rtl"
				}
				if lang != "" {
					return lang, dir
				}
				return s.lang, dir
			}
		}
	}
	return lang, dir
}

// run is a stretch of a text in one script; Lang is empty for Latin letters.
type run struct{ Text, Lang, Dir string }

// runs cuts a text where its letters change. What is no letter goes with the letters
// of another script only between two of them.
func runs(text string) (out []run) {
	start, end, lang, dir := 0, 0, "", ""
	flush := func(to int) {
		if to > start {
			out = append(out, run{text[start:to], lang, dir})
		}
		start = to
	}
	for i, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			continue
		}
		tag, d := tongue(string(r), "")
		if tag == lang {
			end = i + utf8.RuneLen(r)
			continue
		}
		if lang != "" {
			flush(end)
			lang, dir = "", ""
		}
		if tag != "" {
			flush(i)
			lang, dir = tag, d
		}
		end = i + utf8.RuneLen(r)
	}
	if lang != "" {
		flush(end)
		lang, dir = "", ""
	}
	flush(len(text))
	return out
}

func listName(l record.SourceID) string {
	if n, ok := listNames[l]; ok {
		return n
	}
	if act, ok := strings.CutPrefix(string(l), "eu-"); ok { // one act's table
		return "EU Official Journal, " + strings.ToUpper(act)
	}
	return string(l)
}

// listNames are what readers call the lists.
var listNames = map[record.SourceID]string{
	"un":          "UN Consolidated List",
	"ofac":        "US list (OFAC, SDN)",
	"ofac-nonsdn": "US list (OFAC, non-SDN)",
	"us-csl":      "US Consolidated Screening List",
	"eu":          "EU list",
	"eu-journal":  "EU Official Journal",
	"uk":          "UK list",
	"uk-ofsi":     "UK list (OFSI, to January 2026)",
	"ch":          "Swiss list (SECO)",
	"ca":          "Canadian list (SEMA)",
	"ftm":         "FollowTheMoney file",
	"house":       "House list",
}

// outcomeClass names the colour and mark of an outcome.
func outcomeClass(o council.Outcome) string {
	switch {
	case !o.Known:
		return "unrecorded"
	case o.Adopted:
		return "yes"
	}
	return "no"
}

// verdict is the outcome in one or two words.
func verdict(o council.Outcome) string {
	switch o.Reason {
	case council.Vetoed:
		return "Vetoed"
	case council.LackOfVotes:
		return "Not adopted"
	case council.Assumption:
		if o.Adopted {
			return "Taken as adopted"
		}
		return "Taken as failed"
	}
	return reasonWords[o.Reason]
}

// components are the ids of a regime's parts as words.
func components(ids []record.ComponentID) string {
	var out []string
	for _, id := range ids {
		out = append(out, strings.ReplaceAll(string(id), "-", " "))
	}
	return list(out)
}
