package country

import "slices"

// The Council's own groupings. Which states sit on a day is the seats' matter,
// so each takes the members seated that day.

// P3 are the three western permanent members.
func P3() []Code { return []Code{"FRA", "GBR", "USA"} }

// Permanent reports whether the code holds, or held, a permanent seat: the
// Soviet Union's is continued by the Russian Federation.
func Permanent(c Code) bool {
	return slices.Contains([]Code{"CHN", "FRA", "GBR", "RUS", "SUN", "USA"}, c)
}

// P5 are the permanent ones among the members seated.
func P5(seated []Code) []Code { return pick(seated, Permanent) }

// E10 are the elected ones among the members seated; before 1966 they were six.
func E10(seated []Code) []Code {
	return pick(seated, func(c Code) bool { return !Permanent(c) })
}

// A3 are the elected African members among the members seated.
func A3(seated []Code) []Code {
	return pick(seated, func(c Code) bool { return !Permanent(c) && c.Group() == "African" })
}

func pick(seated []Code, in func(Code) bool) []Code {
	var out []Code
	for _, c := range seated {
		if in(c) {
			out = append(out, c)
		}
	}
	return out
}
