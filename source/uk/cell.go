package uk

import (
	"regexp"
	"strconv"
	"strings"

	"article41/date"
)

// A date of birth is as precise as its parts: "00/00/1980" and "dd/mm/1978" are
// years, "00/08/1977" a month.
var birthDate = regexp.MustCompile(`^(?:([0-9]{1,2}|dd)/)?(?:([0-9]{1,2}|mm)/)?([0-9]{4})$`)

func about(s string) (date.About, bool) {
	m := birthDate.FindStringSubmatch(strings.ToLower(s))
	if m == nil {
		return date.About{}, false
	}
	d, month, iso := m[1], m[2], m[3]
	if month == "" { // 01/1957 is a month
		d, month = "", d
	}
	if n, err := strconv.Atoi(month); err == nil && n > 0 {
		iso += "-" + two(n)
		if n, err := strconv.Atoi(d); err == nil && n > 0 {
			iso += "-" + two(n)
		}
	}
	a, err := date.ParseAbout(iso)
	return a, err == nil
}

func two(n int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(2-len(s), 0)) + s
}

// A numbered list in one cell: "(1) Tunis (2) Tripoli", "a) French, b)
// Tunisian", "(1)-(2) Libya (3) Morocco", "(1) to (6) Algeria".
var marker = regexp.MustCompile(`(?:(?:^|[\s,.;)])\(?|\()(?:([0-9]{1,2})|([a-h]))\)?(?:\s*(?:-|to)\s*\(?([0-9]{1,2}))?\)`)

const mostNumbered = 60

// numbered gives the items of a numbered list by their numbers, less one; a
// text that is none is its only item. A dash stands for nothing.
func numbered(s string) []string {
	if s == "" {
		return nil
	}
	found := marker.FindAllStringSubmatchIndex(s, -1)
	if len(found) == 0 || strings.TrimLeft(s[:found[0][0]], " ") != "" || found[0][0] > 0 {
		return []string{s}
	}
	var out []string
	from := 0
	for i, m := range found {
		number := func(at int) int {
			if m[at] < 0 {
				return 0
			}
			n, _ := strconv.Atoi(s[m[at]:m[at+1]])
			return n
		}
		first := number(2)
		if m[4] >= 0 {
			first = int(s[m[4]]-'a') + 1
		}
		last := max(number(6), first)
		// A list counts up; anything else is a text with a number in it.
		if i == 0 && first != 1 || first > mostNumbered || last > mostNumbered || first <= from {
			return []string{s}
		}
		end := len(s)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		item := strings.Trim(strings.TrimSpace(s[m[1]:end]), ".,; ")
		if item == "-" {
			item = ""
		}
		for len(out) < last {
			out = append(out, "")
		}
		for n := first; n <= last; n++ {
			out[n-1] = item
		}
		from = last
	}
	return out
}

func nth(items []string, i int) string {
	if i < len(items) {
		return items[i]
	}
	return ""
}
