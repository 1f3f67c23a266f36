package monitor

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"article41/record"
)

// Hedge is one place of a text where a speaker holds back, denies, or says that
// they could not establish something.
type Hedge struct {
	From    int          `json:"from"` // bytes of the text, To excluded
	To      int          `json:"to"`
	Words   string       `json:"words"` // as they stand in the text
	Code    record.Hedge `json:"hedge"` // of a denial and an absence, stated
	Kind    HedgeKind    `json:"kind"`
	Speaker string       `json:"speaker"` // as named in the text, or [TheText]
	// Named says that the sentence names the speaker; else the writer speaks.
	Named bool `json:"named"`
	// Negated is the word that turns the hedge round, such as "not" before "believed
	// to be": the speaker does not believe it, which is no claim of the contrary.
	Negated string `json:"negated_by,omitempty"`
	Lang    string `json:"lang"` // of the sentence: en, fr
}

// HedgeKind is what a speaker does with the words.
type HedgeKind string

const (
	HoldsBack HedgeKind = "hedge"
	Denies    HedgeKind = "denial"  // a claim of the speaker's that it is not so; it proves nothing
	Lacks     HedgeKind = "absence" // found nothing, or could not verify: no claim that it is not so
)

// Reading is what was read of a text, and what was not.
type Reading struct {
	Hedges []Hedge  `json:"hedges"`
	Unread []Unread `json:"unread"`
}

// Unread is a place of a text that no rule could read, and why.
type Unread struct {
	From  int    `json:"from"`
	To    int    `json:"to"`
	Words string `json:"words"`
	Why   string `json:"why"`
}

// TheText is the speaker of a hedge that nobody is named for: whoever wrote the
// text. A hedge is never without a speaker.
const TheText = "the text itself"

// Where a hedge's speaker is looked for: the column speaker of hedges.csv.
const (
	speakerBefore = "before"
	speakerAfter  = "after"
	speakerBy     = "by"
	speakerNear   = "near"
)

type hedgeRow struct {
	words   string
	code    record.Hedge
	speaker string
	kind    HedgeKind
}

var (
	//go:embed hedges.csv
	hedgesText string
	//go:embed hedges_fr.csv
	hedgesFrenchText string
)

// readHedges are the rows of a table by their first word, longest first, so that
// "believed to be" is found before "believed".
func readHedges(text string) (map[string][]hedgeRow, error) {
	out := map[string][]hedgeRow{}
	for _, c := range cells(text)[1:] {
		h := hedgeRow{c["words"], record.Hedge(c["code"]), c["speaker"], HedgeKind(c["kind"])}
		if Rank(h.code) < 0 || (h.code == record.Stated) != (h.kind != HoldsBack) {
			return nil, fmt.Errorf("hedges: %q: no hedge %q", h.words, h.code)
		}
		if !slices.Contains([]HedgeKind{HoldsBack, Denies, Lacks}, h.kind) {
			return nil, fmt.Errorf("hedges: %q: no kind %q", h.words, h.kind)
		}
		if !slices.Contains([]string{speakerBefore, speakerAfter, speakerBy, speakerNear}, h.speaker) {
			return nil, fmt.Errorf("hedges: %q: no place %q for a speaker", h.words, h.speaker)
		}
		first, _, _ := strings.Cut(h.words, " ")
		out[first] = append(out[first], h)
	}
	for _, rows := range out {
		slices.SortStableFunc(rows, func(a, b hedgeRow) int { return len(b.words) - len(a.words) })
	}
	return out, nil
}

// ladder is the order of commitment, weakest first; Stated is outside it.
var ladder = []record.Hedge{record.Reported, record.Alleged, record.Believed, record.Assessed, record.Established}

// Rank is how far a hedge commits, 0 for reported to 4 for established; 5 where
// none was used; -1 for a word that is none.
func Rank(h record.Hedge) int {
	if h == record.Stated {
		return len(ladder)
	}
	return slices.Index(ladder, h)
}

// Hedges are the places of a text where a speaker holds back, in order. Denials and
// what could not be verified are no hedges: [ReadHedges] has them too.
func Hedges(text string) []Hedge {
	return slices.DeleteFunc(ReadHedges(text).Hedges, func(h Hedge) bool { return h.Kind != HoldsBack })
}

// ReadHedges reads a text in English or French, sentence by sentence, by tables of
// words (hedges.csv, hedges_fr.csv) and closed lists (tongues.csv). It knows no
// grammar: a speaker is looked for in the same sentence where the table says it
// stands, and is the text itself where nobody is named. What it could not read is
// in Unread: a sentence in another language, or a negation whose reach it does
// not know.
func ReadHedges(text string) Reading {
	out := Reading{[]Hedge{}, []Unread{}}
	var last string // whom "they" may mean
	before := tongues()[0]
	for _, words := range sentences(text) {
		t := tongueOf(text, words, before)
		if t == nil {
			out.Unread = append(out.Unread, unread(text, words, "it is in no language that the tables hold (English, French)"))
			continue
		}
		before = t
		s := sentence{text, words, t}
		found := s.hedges()
		quoted := s.attribution()
		for i := range found {
			h := &found[i].Hedge
			h.Lang, h.Kind = t.code, found[i].row.kind
			h.Speaker = s.speaker(found[i], quoted)
			if t.is("pronoun", h.Speaker) {
				h.Speaker = last
			}
			if h.Named = h.Speaker != ""; h.Named {
				last = h.Speaker
			} else {
				h.Speaker = TheText
			}
			var far bool
			if h.Kind == Lacks {
				// its own words are the negation
			} else if h.Negated, far = s.negation(found[i].first); far {
				out.Unread = append(out.Unread, unread(text, words, fmt.Sprintf("a negation stands before %q; whether it reaches that far was not read", h.Words)))
			}
			out.Hedges = append(out.Hedges, *h)
		}
		if quoted != "" && !t.is("pronoun", quoted) {
			last = quoted
		}
	}
	return out
}

func unread(text string, s []word, why string) Unread {
	from, to := s[0].from, s[len(s)-1].to
	return Unread{from, to, clip(text[from:to]), why}
}

// sentence is the words of one sentence, read in one language.
type sentence struct {
	text string
	w    []word
	t    *tongue
}

// word is a word of the text and where it stands.
type word struct {
	from, to int
	low      string // lower case
}

// sentences are the words of each sentence. A full stop ends one if white space
// follows it and no single letter stands before it ("U.N.", "S. Lavrov").
func sentences(text string) [][]word {
	var out [][]word
	var now []word
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case inWord(r):
			j := i
			for j < len(text) {
				r, n := utf8.DecodeRuneInString(text[j:])
				if !inWord(r) && (r != '-' && r != '\'' && r != '’' || !letterAfter(text, j+n)) {
					break
				}
				j += n
			}
			now = append(now, word{i, j, lower(text[i:j])})
			i = j
			continue
		case r == '.' || r == '!' || r == '?' || r == '\n':
			ends := r != '.' || i+1 >= len(text) || strings.ContainsRune(" \n\t\r\"”'’)", rune(text[i+1])) || text[i+1] >= utf8.RuneSelf
			if r == '.' && len(now) > 0 && now[len(now)-1].to == i && utf8.RuneCountInString(now[len(now)-1].low) == 1 {
				ends = false
			}
			if r == '\n' && (i+1 >= len(text) || text[i+1] != '\n') {
				ends = false // a line is wrapped, not ended
			}
			if ends && len(now) > 0 {
				out, now = append(out, now), nil
			}
		}
		i += n
	}
	if len(now) > 0 {
		out = append(out, now)
	}
	return out
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func letterAfter(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return i < len(text) && inWord(r)
}

// place is a hedge found, with its row and its words' numbers in the sentence.
type place struct {
	Hedge
	row         hedgeRow
	first, past int
}

func (s sentence) hedges() []place {
	var out []place
	for i := 0; i < len(s.w); i++ {
		for _, row := range s.t.rows[s.t.plain(s.w[i].low)] {
			n, ok := row.at(s, i)
			if !ok {
				continue
			}
			from, to := s.w[i].from, s.w[i+n-1].to
			out = append(out, place{Hedge{From: from, To: to, Words: s.text[from:to], Code: row.code}, row, i, i + n})
			i += n - 1
			break
		}
	}
	return out
}

// at reports whether the row's words stand from word i on, and how many they are.
// Only white space may stand between them.
func (h hedgeRow) at(s sentence, i int) (int, bool) {
	words := strings.Fields(h.words)
	if i+len(words) > len(s.w) {
		return 0, false
	}
	for k, w := range words {
		if s.t.plain(s.w[i+k].low) != w || k > 0 && strings.TrimSpace(s.text[s.w[i+k-1].to:s.w[i+k].from]) != "" {
			return 0, false
		}
	}
	return len(words), true
}

// speaker is whose hedge it is, or nothing.
func (s sentence) speaker(p place, quoted string) string {
	switch p.row.speaker {
	case speakerAfter:
		return s.phraseAfter(p.past)
	case speakerBefore:
		if !s.passive(p.first) {
			return s.phraseBefore(p.first)
		}
	}
	_, last, _ := cutLast(p.row.words)
	if s.t.is("by", last) {
		return s.phraseAfter(p.past)
	}
	if p.row.speaker != speakerNear && p.past < len(s.w) && s.t.is("by", s.w[p.past].low) && s.joined(p.past) {
		return s.phraseAfter(p.past + 1)
	}
	return quoted
}

func cutLast(words string) (before, last string, ok bool) {
	i := strings.LastIndexByte(words, ' ')
	return words[:max(i, 0)], words[i+1:], i >= 0
}

// negation is the word before a hedge that turns it round: nothing but adverbs,
// auxiliaries and forms of "be" stand between. far says that one stands further
// off in the same clause, with other words between.
func (s sentence) negation(first int) (words string, far bool) {
	if w := s.w[first]; s.t.code == "fr" && strings.HasPrefix(w.low, "n'") {
		return s.text[w.from:w.to], false
	}
	other := false
	for i := first - 1; i >= 0 && s.joined(i+1); i-- {
		w := s.w[i].low
		if s.t.is("open", w) {
			break
		}
		switch {
		case s.t.is("none", w) && i+1 == first, s.t.is("not", w) && !s.t.is("only", s.w[i+1].low):
			if other {
				return "", true
			}
			return s.text[s.w[i].from:s.w[i].to], false
		case !s.t.is("aux", w) && !s.t.is("be", w) && !s.t.isAdverb(w):
			other = true
		}
	}
	return "", false
}
