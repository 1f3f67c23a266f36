package monitor

import (
	_ "embed"
	"encoding/csv"
	"strconv"
	"strings"
	"sync"

	"article41/record"
)

// Word is a row of a table of codes.
type Word struct {
	Code   string `json:"code"`
	Words  string `json:"words"`
	Family string `json:"family,omitempty"` // of a violation
	Rank   int    `json:"rank,omitempty"`   // of a standard of proof; 0: outside the ladder
}

var (
	//go:embed violations.csv
	violationsText string
	//go:embed levels.csv
	levelsText string
	//go:embed precision.csv
	precisionText string
	//go:embed roles.csv
	rolesText string
	//go:embed links.csv
	linksText string
	//go:embed replies.csv
	repliesText string
)

// Violations are the codes of what was done.
var Violations = table(violationsText)

// Levels are the standards of proof, lowest first.
var Levels = table(levelsText)

// Precisions say how precisely a place is known.
var Precisions = table(precisionText)

// Roles are how an actor may stand to an incident.
var Roles = table(rolesText)

// LinkKinds are what an incident or a finding is tied to.
var LinkKinds = table(linksText)

// ReplySorts are what somebody named answered, or that they did not.
var ReplySorts = table(repliesText)

// Hedges of the ladder in words.
func ladderHas(h record.Hedge) bool { return Rank(h) >= 0 }

func table(text string) func() []Word {
	return sync.OnceValue(func() []Word {
		var out []Word
		rows := cells(text)
		for _, c := range rows[1:] {
			w := Word{Code: c["code"], Words: c["words"], Family: c["family"]}
			w.Rank, _ = strconv.Atoi(c["rank"])
			out = append(out, w)
		}
		return out
	})
}

// cells are a table's rows by the names of its columns; the first is the header.
func cells(text string) []map[string]string {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic(err) // the table is ours and held by a test
	}
	out := make([]map[string]string, len(rows))
	for i, row := range rows {
		out[i] = map[string]string{}
		for k, c := range row {
			out[i][rows[0][k]] = c
		}
	}
	return out
}

// Find is the row of a code.
func Find(rows []Word, code string) (Word, bool) {
	for _, w := range rows {
		if w.Code == code {
			return w, true
		}
	}
	return Word{}, false
}

// WordsOf is what a code says; of an unknown code, the code itself.
func WordsOf(rows []Word, code string) string {
	if w, ok := Find(rows, code); ok {
		return w.Words
	}
	return code
}
