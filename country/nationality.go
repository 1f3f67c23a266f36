package country

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
)

// The words for a state's nationals, as lists print them ("Malian"), one meaning
// each: a word that two states share (Congolese, Dominican, Korean) is left out,
// as a wrong state would speak against a match.
//
//go:embed nationalities.csv
var nationalitiesCSV string

// nationalities reads the words into the table; a state's own name stands before
// any word.
func (t *table) nationalities(text string) error {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return fmt.Errorf("nationalities.csv: %w", err)
	}
	for i, r := range rows[1:] {
		c := Code(r[1])
		if _, known := t.byCode[c]; !known {
			return fmt.Errorf("nationalities.csv:%d: %s is not in states.csv", i+2, c)
		}
		k := fold(r[0])
		if other, taken := t.bySlip[k]; taken && other != c {
			return fmt.Errorf("nationalities.csv:%d: %q means %s already", i+2, r[0], other)
		}
		t.bySlip[k] = c
	}
	return nil
}

// national takes away what lists write behind or before a state's name or word:
// "Russian Federation national", "citizen of Mali".
func national(k string) string {
	for _, tail := range []string{" national", " nationals", " nationality", " citizen", " citizens", " citizenship"} {
		if rest, ok := strings.CutSuffix(k, tail); ok {
			return rest
		}
	}
	for _, head := range []string{"national of ", "citizen of ", "nationality of ", "citizenship of "} {
		if rest, ok := strings.CutPrefix(k, head); ok {
			return rest
		}
	}
	return k
}

// unknown is the error of a name that is none. What is near is looked for only
// when somebody reads the error: readers of lists try thousands.
type unknown struct{ name, folded string }

func (u unknown) Error() string {
	if near := near(u.folded); len(near) > 0 {
		return fmt.Sprintf("country %q: not known; near: %s", u.name, strings.Join(near, ", "))
	}
	return fmt.Sprintf("country %q: not known: want an ISO 3166 code, an M49 number or a name, such as MLI, 466 or Mali", u.name)
}
