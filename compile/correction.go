package compile

import (
	_ "embed"
	"strings"
)

//go:embed corrections.csv
var correctionsCSV string

//go:embed library.csv
var libraryCSV string

//go:embed brief.csv
var briefCSV string

//go:embed splits.csv
var splitsCSV string

// A correction reads one cell of a source again, with its reason.
type correction struct{ field, value, reason string }

// corrections are those of a source, by the key of the row they touch.
func corrections(source string) map[string][]correction {
	out := map[string][]correction{}
	for _, r := range embedded(correctionsCSV) {
		if r["source"] == source {
			out[r["key"]] = append(out[r["key"]], correction{r["field"], r["value"], r["reason"]})
		}
	}
	return out
}

// embedded reads a table packed in the binary; a fault in it is a fault of the program.
func embedded(text string) []row {
	rows, err := rowsOf(strings.NewReader(text), ',')
	if err != nil {
		panic(err)
	}
	return rows
}
