package screen

import "strconv"

// span is a birth as days counted from year zero in months of 31: enough to
// order and compare, never shown.
type span struct {
	from, to int
	digits   int // 4 year, 7 month, 10 day: the coarser of the two ends
	about    bool
}

func birthSpan(b Birth) (span, bool) {
	f, flen, ok := dayOf(b.From, false)
	if !ok {
		return span{}, false
	}
	s := span{from: f, digits: flen, about: b.About}
	s.to, _, _ = dayOf(b.From, true)
	if b.To != "" {
		t, tlen, ok := dayOf(b.To, true)
		if ok && t >= f {
			s.to, s.digits = t, min(flen, tlen, 4)
		}
	}
	return s, true
}

// dayOf reads YYYY, YYYY-MM or YYYY-MM-DD; a day or month may have one digit.
// The last day of what is stated if end.
func dayOf(s string, end bool) (day, precision int, ok bool) {
	parts := [3]int{0, 0, 0}
	n := 0
	for len(s) > 0 && n < 3 {
		i := 0
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		v, err := strconv.Atoi(s[:i])
		if err != nil {
			return 0, 0, false
		}
		parts[n] = v
		n++
		if i == len(s) {
			s = ""
			break
		}
		if s[i] != '-' {
			break
		}
		s = s[i+1:]
	}
	if n == 0 || parts[0] < 1000 || parts[0] > 9999 || parts[1] > 12 || parts[2] > 31 {
		return 0, 0, false
	}
	precision = 4
	m, d := parts[1], parts[2]
	switch {
	case m == 0:
		m, d = 1, 1
		if end {
			m, d = 12, 31
		}
	case d == 0:
		precision = 7
		d = 1
		if end {
			d = 31
		}
	default:
		precision = 10
	}
	return (parts[0]*12+m-1)*31 + d - 1, precision, true
}

// weighBirths compares births at the precision both sides state: a year of
// birth is a year, not its first of January. The best pair counts.
func weighBirths(asked, listed []Birth) (Evidence, bool) {
	best, found := Evidence{}, false
	for _, a := range asked {
		sa, ok := birthSpan(a)
		if !ok {
			continue
		}
		for _, b := range listed {
			sb, ok := birthSpan(b)
			if !ok {
				continue
			}
			e := Evidence{Kind: "birth", Detail: showBirth(a) + " asked, " + showBirth(b) + " listed"}
			gap := max(sa.from-sb.to, sb.from-sa.to)
			switch {
			case gap <= 0 && min(sa.digits, sb.digits) == 10:
				e.Weight = birthAgrees
			case gap <= 0 && min(sa.digits, sb.digits) == 7:
				e.Weight = birthMonthAgrees
			case gap <= 0:
				e.Weight = birthYearAgrees
			case swapped(a, b):
				// Day and month the other way round, a common slip.
				e.Weight = birthYearAgrees
			case gap <= 372*2 && (sa.about || sb.about):
				e.Weight = 0
			case sa.digits == 10 && sb.digits == 10 && sa.from/372 == sb.from/372:
				e.Weight = -birthNear // the same year, another day
			case gap <= 372:
				e.Weight = -birthNear * 2
			default:
				e.Weight = -birthDiffers
			}
			if !found || e.Weight > best.Weight {
				best, found = e, true
			}
		}
	}
	return best, found
}

func swapped(a, b Birth) bool {
	x, y := a.From, b.From
	return len(x) == 10 && len(y) == 10 && x[:4] == y[:4] && x[5:7] == y[8:] && x[8:] == y[5:7]
}

func showBirth(b Birth) string {
	s := b.From
	if b.About {
		s = "about " + s
	}
	if b.To != "" && b.To != b.From {
		s += " to " + b.To
	}
	return s
}
