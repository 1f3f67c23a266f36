package date

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseEdge reads a day, a month or a year as one end of a run of days: "2011" is
// its first day, or with last its last one.
func ParseEdge(s string, last bool) (Day, error) {
	t := strings.TrimSpace(s)
	switch strings.Count(t, "-") {
	case 0:
		if y, err := strconv.Atoi(t); err == nil && len(t) == 4 {
			if last {
				return New(y, time.December, 31)
			}
			return New(y, time.January, 1)
		}
	case 1:
		if d, err := ParseDay(t + "-01"); err == nil {
			if last {
				return d.AddMonths(1).AddDays(-1), nil
			}
			return d, nil
		}
	case 2:
		return ParseDay(t)
	}
	return Day{}, fmt.Errorf("%q: want a day, month or year, such as 2011, 2011-05 or 2011-05-31", s)
}
