package country

import (
	"encoding/csv"
	"strings"
)

// Nationalities are the words for states' nationals ("Malian"), each with its
// state; a word that two states share is not among them.
func Nationalities() map[string]Code {
	rows, err := csv.NewReader(strings.NewReader(nationalitiesCSV)).ReadAll()
	if err != nil {
		return nil // the table of states would not have loaded either
	}
	out := make(map[string]Code, len(rows))
	for _, r := range rows[1:] {
		out[r[0]] = Code(r[1])
	}
	return out
}
