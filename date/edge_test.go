package date

import "testing"

func TestParseEdge(t *testing.T) {
	for _, c := range []struct{ in, first, last string }{
		{"2011", "2011-01-01", "2011-12-31"},
		{"2012-02", "2012-02-01", "2012-02-29"},
		{" 2011-05-31 ", "2011-05-31", "2011-05-31"},
	} {
		a, errA := ParseEdge(c.in, false)
		b, errB := ParseEdge(c.in, true)
		if errA != nil || errB != nil || a.String() != c.first || b.String() != c.last {
			t.Errorf("%q: %s %v, %s %v", c.in, a, errA, b, errB)
		}
	}
	for _, bad := range []string{"", "11", "20111", "2011-13", "2011-02-30", "May 2011", "2011-5"} {
		if d, err := ParseEdge(bad, false); err == nil {
			t.Errorf("%q was taken for %s", bad, d)
		}
	}
}
