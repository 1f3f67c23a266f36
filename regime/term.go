package regime

import (
	"fmt"
	"strconv"
	"strings"

	"article41/record"
)

// Months reads a term given as a period: "12 months from adoption", "one year
// from adoption", "13 months". The count runs from the day of adoption; the last
// day in force is the same day number that many months on (date.Day.AddMonths).
func Months(phrase string) (int, error) {
	phrase = strings.TrimSpace(phrase)
	f := strings.Fields(strings.ToLower(strings.ReplaceAll(phrase, "-", " ")))
	if strings.HasPrefix(phrase, "-") {
		f = nil // no count below zero
	}
	if len(f) >= 2 {
		n, err := strconv.Atoi(f[0])
		if err != nil {
			n = words[f[0]]
		}
		if rest := strings.Join(f[2:], " "); n > 0 && (rest == "" || rest == "from adoption") {
			switch strings.TrimSuffix(f[1], "s") {
			case "month":
				return n, nil
			case "year":
				return 12 * n, nil
			}
		}
	}
	return 0, fmt.Errorf("%w: term %q: want a count of months or years, such as \"one year from adoption\"", record.ErrInvalid, phrase)
}

var words = map[string]int{"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
	"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15}
