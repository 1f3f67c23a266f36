package regime_test

import (
	"errors"
	"testing"

	"article41/record"
	"article41/regime"
)

func TestMonths(t *testing.T) {
	for phrase, want := range map[string]int{
		"one year from adoption": 12, "12 months from adoption": 12, "13 months": 13, "thirteen months": 13, "a year": 12, "Two Years": 24,
		"six months from adoption": 6, " 1 month ": 1, "twelve-month": 12, "24 months": 24,
	} {
		if n, err := regime.Months(phrase); err != nil || n != want {
			t.Errorf("%q: %d, %v, want %d", phrase, n, err, want)
		}
	}
	for _, phrase := range []string{"", "year", "12", "0 months", "-3 months", " -3 months", "90 days", "12 months from signature", "some months", "one", "12 months from adoption and more"} {
		if n, err := regime.Months(phrase); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%q read as %d: %v", phrase, n, err)
		}
	}
}
