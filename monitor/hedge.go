package monitor

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"article41/record"
)

// Hedge is one place of a text where a speaker holds back.
type Hedge struct {
	From    int          `json:"from"` // bytes of the text, To excluded
	To      int          `json:"to"`
	Words   string       `json:"words"` // as they stand in the text
	Code    record.Hedge `json:"hedge"`
	Speaker string       `json:"speaker"` // as named in the text, or [TheText]
	// Named says that the sentence names the speaker; else the writer speaks.
	Named bool `json:"named"`
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
}

//go:embed hedges.csv
var hedgesText string

// hedgeRows are the rows by their first word, longest first, so that "believed to
// be" is found before "believed".
var hedgeRows = sync.OnceValue(func() map[string][]hedgeRow {
	rows, err := readHedges(hedgesText)
	if err != nil {
		panic(err) // the table is ours and held by a test
	}
	return rows
})

func readHedges(text string) (map[string][]hedgeRow, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	out := map[string][]hedgeRow{}
	for _, c := range rows[1:] {
		h := hedgeRow{c[0], record.Hedge(c[1]), c[2]}
		if Rank(h.code) < 0 || h.code == record.Stated {
			return nil, fmt.Errorf("hedges.csv: %q: no hedge %q", h.words, h.code)
		}
		if !slices.Contains([]string{speakerBefore, speakerAfter, speakerBy, speakerNear}, h.speaker) {
			return nil, fmt.Errorf("hedges.csv: %q: no place %q for a speaker", h.words, h.speaker)
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

// Hedges are the places of a text where a speaker holds back, in order, each with
// its speaker. It reads English by a table of words (hedges.csv) and knows no
// grammar: a speaker is looked for in the same sentence where the table says it
// stands, and is the text itself where nobody is named.
func Hedges(text string) []Hedge {
	out := []Hedge{}
	var last string // whom "they" may mean
	for _, sentence := range sentences(text) {
		found := hedgesIn(text, sentence)
		quoted := attribution(text, sentence)
		for i := range found {
			h := &found[i].Hedge
			h.Speaker = found[i].find(text, sentence, quoted)
			if isPronoun(h.Speaker) {
				h.Speaker = last
			}
			if h.Named = h.Speaker != ""; h.Named {
				last = h.Speaker
			} else {
				h.Speaker = TheText
			}
			out = append(out, *h)
		}
		if quoted != "" && !isPronoun(quoted) {
			last = quoted
		}
	}
	return out
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
			now = append(now, word{i, j, strings.ToLower(text[i:j])})
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

func hedgesIn(text string, s []word) []place {
	var out []place
	for i := 0; i < len(s); i++ {
		for _, row := range hedgeRows()[s[i].low] {
			n, ok := row.at(text, s, i)
			if !ok {
				continue
			}
			out = append(out, place{Hedge{From: s[i].from, To: s[i+n-1].to, Words: text[s[i].from:s[i+n-1].to], Code: row.code}, row, i, i + n})
			i += n - 1
			break
		}
	}
	return out
}

// at reports whether the row's words stand from word i on, and how many they are.
// Only white space may stand between them.
func (h hedgeRow) at(text string, s []word, i int) (int, bool) {
	words := strings.Fields(h.words)
	if i+len(words) > len(s) {
		return 0, false
	}
	for k, w := range words {
		if s[i+k].low != w || k > 0 && strings.TrimSpace(text[s[i+k-1].to:s[i+k].from]) != "" {
			return 0, false
		}
	}
	return len(words), true
}

// find is the speaker of a hedge, or nothing.
func (p place) find(text string, s []word, quoted string) string {
	switch p.row.speaker {
	case speakerAfter:
		return phraseAfter(text, s, p.past)
	case speakerBefore:
		if !passive(s, p.first) {
			return phraseBefore(text, s, p.first)
		}
	}
	if strings.HasSuffix(p.row.words, " by") {
		return phraseAfter(text, s, p.past)
	}
	if p.row.speaker != speakerNear && p.past < len(s) && s[p.past].low == "by" && joined(text, s, p.past) {
		return phraseAfter(text, s, p.past+1)
	}
	return quoted
}

// joined reports whether nothing but white space stands between a word and the
// one before, or the full stop of a single letter ("U.N. team").
func joined(text string, s []word, i int) bool {
	gap := strings.TrimSpace(text[s[i-1].to:s[i].from])
	return gap == "" || gap == "." && utf8.RuneCountInString(s[i-1].low) == 1
}
