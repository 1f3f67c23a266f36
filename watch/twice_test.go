package watch_test

import (
	"testing"

	"article41/watch"
)

func TestGivenTwice(t *testing.T) {
	var g watch.Given
	for i, c := range []struct {
		why    string
		c      watch.Customer
		before int
	}{
		{"the first", watch.Customer{ID: "1", Name: "Ann"}, 0},
		{"another", watch.Customer{ID: "2", Name: "Ann"}, 0},
		{"the same again loses nothing", watch.Customer{ID: "1", Name: "Ann"}, 0},
		{"other words under the same id", watch.Customer{ID: "1", Name: "Bob"}, 1},
		{"a birth date more", watch.Customer{ID: "2", Name: "Ann", Gender: "f"}, 2},
	} {
		if got := g.Twice(i+1, c.c); got != c.before {
			t.Errorf("%s: row %d, want %d", c.why, got, c.before)
		}
	}
}
