package briefing

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"article41/council"
)

// How stories count votes: "13 out of 15", "13-1-1", "by 12 to 2, with one
// abstention", "thirteen in favour, one against", "nobody voted against",
// "unanimously"; and in French.

const (
	// who are those who vote, between a number and what they did.
	voters = `(?:(?:other |permanent |elected |non-permanent |council )?(?:members?|countries|country|nations?|states?|votes?|delegations?|of them|membres?|pays|états|voix|délégations?)\s+)?`
	verb   = `(?:(?:had |have |has |were |was |cast |ont |a )?(?:voted|voting|votes?|voté|voix)\s+)?`
)

var (
	outOf      = regexp.MustCompile(`(?i)\b` + aNumber + ` (?:members |countries |states |membres )?(?:out )?(?:of|sur) (?:the |its |all |les )?(?:council's |council’s )?(?:15|fifteen|quinze)\b`)
	allFifteen = regexp.MustCompile(`(?i)\ball (?:15|fifteen)\b|\b(?:les quinze|tous les membres) `)
	threeParts = regexp.MustCompile(`\b(\d{1,2})[-–](\d{1,2})[-–](\d{1,2})\b`)
	toPair     = regexp.MustCompile(`(?i)\b(?:by|voted|votes?|vote was|par) (?:a (?:vote|margin|tally|count) of |un vote de )?` + aNumber + `(?: votes?| voix)?(?: to |[-–]| contre | à )` + aNumber +
		`\b(?:,? (?:with|and|avec|et) ` + aNumber + ` abst\w*)?`)
	castCount = regexp.MustCompile(`(?i)\b` + aNumber + `\s+` + voters + verb +
		`(in favou?r|for|against|oppos(?:ed|ing)|no votes?|yes votes?|abstained|abstaining|abstentions?|pour|contre|en faveur|se sont abstenue?s|s['’]est abstenue?)(?:$|[\s,.;:)])`)
	nobody     = regexp.MustCompile(`(?i)\b(?:no (?:country|member|state|nation|delegation|one)|nobody|none|aucun (?:membre|pays|état))\s+(?:of (?:the|its) members\s+)?(?:n['’]a |ne s['’]est )?(?:voted |voting |voté )?(against|abstained|oppos(?:ed|ing)|contre|abstenu)`)
	unanimous  = regexp.MustCompile(`(?i)\bunanimous(?:ly)?\b|\bunanimity\b|à l['’]unanimité`)
	minimum    = regexp.MustCompile(`(?i)\bbare(?:st)? (?:minimum|majority)\b|\bminimum (?:number )?(?:of (?:nine )?votes )?(?:needed|required)\b|\bjust enough votes\b`)
	against    = regexp.MustCompile(`(?i)\b(?:against|opposed|objected|contre)\b`)
	abstained  = regexp.MustCompile(`(?i)\babst(?:ain|ention|enu)`)
	notBallots = regexp.MustCompile(`(?i)\bfor (?:a|an|another|one|two|three|six|twelve|\d+) (?:more |further )?(?:years?|months?|days?|weeks?)`)
)

// counted is what a stretch of a sentence says of a vote; -1: nothing.
type counted struct {
	from, to         int
	yes, no, abstain int
}

// tallies compares counts of votes.
func (k *reading) tallies(s span, _ string) {
	var taken [][2]int
	free := func(m []int) bool {
		for _, t := range taken {
			if m[0] < t[1] && t[0] < m[1] {
				return false
			}
		}
		return true
	}
	number := func(m []int, i int) int {
		if m[2*i] < 0 {
			return -1
		}
		n, _ := numeral(s.text[m[2*i]:m[2*i+1]])
		return n
	}
	for _, m := range outOf.FindAllStringSubmatchIndex(s.text, -1) {
		taken = append(taken, [2]int{m[0], m[1]})
		n := number(m, 1)
		tail := s.text[m[1]:min(len(s.text), m[1]+60)]
		k.tally(s, m[0], m[1], func(o council.Outcome) (bool, string) {
			count, word := o.Yes, "in favour"
			switch {
			case against.MatchString(firstClause(tail)):
				count, word = o.No, "against"
			case abstained.MatchString(firstClause(tail)):
				count, word = o.Abstain, "abstaining"
			}
			return n == count && o.Seats == 15, fmt.Sprintf("%d of %d members %s.", count, o.Seats, word)
		})
	}
	for _, m := range threeParts.FindAllStringSubmatchIndex(s.text, -1) {
		text := strings.ReplaceAll(s.text[m[0]:m[1]], "–", "-")
		if d, err := strconv.Atoi(s.text[m[4]:m[5]]); err != nil || d > 15 {
			continue // a day, or a number of a document
		}
		taken = append(taken, [2]int{m[0], m[1]})
		k.tally(s, m[0], m[1], func(o council.Outcome) (bool, string) { return o.Tally == text, o.Sentence })
	}
	for _, m := range toPair.FindAllStringSubmatchIndex(s.text, -1) {
		if free(m) && number(m, 1)+number(m, 2) <= 15 && number(m, 1)+number(m, 2) >= 9 {
			taken = append(taken, [2]int{m[0], m[1]})
			k.count(s, counted{m[0], m[1], number(m, 1), number(m, 2), number(m, 3)})
		}
	}
	for _, c := range k.castCounts(s, free, number) {
		k.count(s, c)
		taken = append(taken, [2]int{c.from, c.to})
	}
	if m := nobody.FindStringSubmatchIndex(s.text); m != nil && free(m) {
		c := counted{m[0], m[1], -1, 0, -1}
		if abstained.MatchString(s.text[m[2]:m[3]]) {
			c = counted{m[0], m[1], -1, -1, 0}
		}
		k.count(s, c)
	}
	for _, re := range []*regexp.Regexp{unanimous, allFifteen} {
		if m := re.FindStringIndex(s.text); m != nil {
			k.tally(s, m[0], m[1], func(o council.Outcome) (bool, string) { return o.No+o.Abstain+o.NotVoting == 0, o.Sentence })
		}
	}
	if m := minimum.FindStringIndex(s.text); m != nil {
		k.tally(s, m[0], m[1], func(o council.Outcome) (bool, string) {
			return o.Yes == o.Needed, fmt.Sprintf("%d in favour, %d needed.", o.Yes, o.Needed)
		})
	}
}

// castCounts are the stretches of a sentence that count ballots by kind: "nine in
// favour and six abstentions" is one, and a second number in favour begins another.
func (k *reading) castCounts(s span, free func([]int) bool, number func([]int, int) int) (out []counted) {
	for _, m := range castCount.FindAllStringSubmatchIndex(s.text, -1) {
		words := strings.ToLower(s.text[m[4]:m[5]])
		if !free(m) || notBallots.MatchString(s.text[m[4]:]) && strings.HasPrefix(words, "for") {
			continue
		}
		n, end := number(m, 1), m[5]
		last := len(out) - 1
		fresh := last < 0 || strings.ContainsAny(s.text[out[last].to:m[0]], ";")
		kind := "yes"
		switch {
		case abstained.MatchString(words):
			kind = "abstain"
		case strings.HasPrefix(words, "against"), strings.HasPrefix(words, "oppos"), strings.HasPrefix(words, "no "), strings.HasPrefix(words, "contre"):
			kind = "no"
		}
		if !fresh {
			was := map[string]int{"yes": out[last].yes, "no": out[last].no, "abstain": out[last].abstain}
			fresh = was[kind] >= 0
		}
		if fresh {
			out = append(out, counted{m[0], end, -1, -1, -1})
			last = len(out) - 1
		}
		out[last].to = end
		switch kind {
		case "yes":
			out[last].yes = n
		case "no":
			out[last].no = n
		default:
			out[last].abstain = n
		}
	}
	return out
}

func (k *reading) count(s span, c counted) {
	k.tally(s, c.from, c.to, func(o council.Outcome) (bool, string) {
		ok := true
		for _, x := range [][2]int{{c.yes, o.Yes}, {c.no, o.No}, {c.abstain, o.Abstain}} {
			ok = ok && (x[0] < 0 || x[0] == x[1])
		}
		return ok, o.Sentence
	})
}

// tally lays one count beside the vote that the place speaks of.
func (k *reading) tally(s span, from, to int, compare func(o council.Outcome) (bool, string)) {
	d := k.draftAt(s, from)
	if text := strings.ReplaceAll(s.text[from:to], "–", "-"); threeParts.MatchString(text) { // it may name another vote of the day by its numbers
		for _, x := range k.sameDay(d) {
			if k.Council.OutcomeOf(x).Tally == text {
				d = x
			}
		}
	}
	if d == nil {
		k.lay("tally", s, from, to, Unheld, "", "Which vote this is about could not be read from the story.")
		return
	}
	o := k.Council.OutcomeOf(d)
	if !o.Counted {
		k.lay("tally", s, from, to, Unheld, string(d.ID), "The record holds no count of the vote on "+d.ID.String()+".", d.Cites...)
		return
	}
	ok, says := compare(o)
	k.lay("tally", s, from, to, verdictOf(ok), string(d.ID), d.ID.String()+": "+says+" The whole vote: "+strings.ReplaceAll(o.Tally, "-", "–")+".", d.Cites...)
}

func verdictOf(agrees bool) Verdict {
	if agrees {
		return Agrees
	}
	return Differs
}

// firstClause is a text up to its first comma or semicolon.
func firstClause(s string) string {
	if i := strings.IndexAny(s, ",;"); i >= 0 {
		return s[:i]
	}
	return s
}
