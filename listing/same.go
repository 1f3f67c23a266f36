package listing

import (
	"math"
	"slices"
	"strings"

	"article41/date"
	"article41/record"
)

// Same reports whether two versions say the same of an entry. Narrowed: one of
// them was cut to low bytes.
func Same(a, b record.Listed, narrowed bool) bool {
	return len(Amended(a, b, narrowed)) == 0
}

// Amended names the fields (by their JSON names) in which the later version
// differs from the earlier. The order of names, addresses or documents is not
// a difference, nor is a field that either version could not be read in.
func Amended(old, new record.Listed, narrowed bool) []string {
	var out []string
	for _, f := range fields {
		if !alike(f.of(old), f.of(new), missing(old, f.name), missing(new, f.name), narrowed) {
			out = append(out, f.name)
		}
	}
	return out
}

// missing counts the values of a field that a version lost to damage. What is
// taken from the comments is lost with them, whatever it was.
func missing(l record.Listed, field string) int {
	n := 0
	for _, c := range l.Dropped {
		switch d := DroppedField(c); {
		case d == field:
			n++
		case d == "comments" && (field == "died" || field == "only"):
			return math.MaxInt
		}
	}
	return n
}

// A value is compared part by part, so that a lost note does not make the whole
// address another.
type value []string

// fields are what makes an entry's content; names as in the JSON.
var fields = []struct {
	name string
	of   func(record.Listed) []value
}{
	{"data_id", func(l record.Listed) []value { return one(l.DataID) }},
	{"sort", func(l record.Listed) []value { return one(l.Sort) }},
	{"programme", func(l record.Listed) []value { return each(l.Programme) }},
	{"names", func(l record.Listed) []value {
		return as(l.Names, func(n record.Name) value { return value{n.Text, string(n.Quality), n.Lang, n.Note} })
	}},
	{"births", func(l record.Listed) []value {
		return as(l.Births, func(b record.Birth) value {
			// Without the type: "EXACT" is said of a mere year too, and what it adds
			// (about, between) is in the date.
			return value{b.On.String(), b.On.Note, b.City, b.State, b.Country, b.Note}
		})
	}},
	{"died", func(l record.Listed) []value { return one(l.Died) }},
	{"only", func(l record.Listed) []value { return each(l.Only) }},
	{"nationalities", func(l record.Listed) []value { return each(l.Nationalities) }},
	{"gender", func(l record.Listed) []value { return one(l.Gender) }},
	{"titles", func(l record.Listed) []value { return each(l.Titles) }},
	{"positions", func(l record.Listed) []value { return each(l.Positions) }},
	{"listed_on", func(l record.Listed) []value { return one(l.ListedOn.String()) }},
	{"updated", func(l record.Listed) []value {
		return as(l.Updated, func(d date.Day) value { return value{d.String()} })
	}},
	{"submitted_by", func(l record.Listed) []value { return one(l.Submitted) }},
	{"addresses", func(l record.Listed) []value {
		return as(l.Addresses, func(a record.Address) value {
			return value{a.Street, a.City, a.State, a.Zip, a.Country, a.Note}
		})
	}},
	{"documents", func(l record.Listed) []value {
		return as(l.Documents, func(d record.Document) value {
			return value{d.Type, d.Type2, d.Number, d.Country, d.City, d.Issued, d.Note}
		})
	}},
	{"comments", func(l record.Listed) []value { return one(l.Comments) }},
	{"links", func(l record.Listed) []value {
		return as(l.Links, func(r record.Relation) value {
			return value{r.To, r.Kind, r.Percent, r.From, r.Until, r.Note}
		})
	}},
	{"extra", func(l record.Listed) []value {
		// The slots of a name that could not be read whole are names' business.
		rest := slices.DeleteFunc(slices.Clone(l.Extra), func(x record.Extra) bool { return isSlot(x.Name) })
		return as(rest, func(x record.Extra) value { return value{x.Name, x.Value} })
	}},
}

func one(s string) []value {
	if s == "" {
		return nil
	}
	return []value{{s}}
}

func each(list []string) []value { return as(list, func(s string) value { return value{s} }) }

func as[T any](list []T, of func(T) value) []value {
	out := make([]value, len(list))
	for i, x := range list {
		out[i] = of(x)
	}
	return out
}

// alike compares two sets of values; lostOld and lostNew are how many either
// side lost to damage, a value or a part of one.
func alike(old, new []value, lostOld, lostNew int, narrowed bool) bool {
	if slices.EqualFunc(old, new, slices.Equal) {
		return true
	}
	old, new = pair(old, new, slices.Equal)
	if narrowed {
		old, new = pair(old, new, narrowEqual)
	}
	if lostOld > 0 || lostNew > 0 {
		old, new = pair(old, new, func(a, b value) bool { return partEqual(a, b, lostOld > 0, lostNew > 0, narrowed) })
	}
	if narrowed && lostNew > 0 {
		old = slices.DeleteFunc(old, lossy)
	}
	if narrowed && lostOld > 0 {
		new = slices.DeleteFunc(new, lossy)
	}
	return len(old) <= lostNew && len(new) <= lostOld
}

// partEqual: the values agree but for parts that a side lost.
func partEqual(a, b value, lostA, lostB, narrowed bool) bool {
	for i := range a {
		switch {
		case a[i] == b[i], a[i] == "" && lostA, b[i] == "" && lostB, narrowed && tidy(a[i]) == tidy(b[i]):
		default:
			return false
		}
	}
	return true
}

// pair leaves what has no counterpart on the other side.
func pair(a, b []value, equal func(a, b value) bool) (restA, restB []value) {
	restB = slices.Clone(b)
	for _, v := range a {
		if i := slices.IndexFunc(restB, func(w value) bool { return equal(v, w) }); i >= 0 {
			restB = slices.Delete(restB, i, i+1)
		} else {
			restA = append(restA, v)
		}
	}
	return restA, restB
}

// narrowEqual: every part agrees once cut, or one side lacks a part that the
// cut made illegible on the other.
func narrowEqual(a, b value) bool {
	for i := range a {
		x, y := tidy(a[i]), tidy(b[i])
		if x == y || x == "" && lossyText(b[i]) || y == "" && lossyText(a[i]) {
			continue
		}
		return false
	}
	return true
}

// tidy cuts to low bytes and collapses space as readers do.
func tidy(s string) string { return strings.Join(strings.Fields(Narrow(s)), " ") }

// lossy: the value holds what a cut list cannot show.
func lossy(v value) bool { return slices.ContainsFunc(v, lossyText) }

func lossyText(s string) bool { return s != "" && (Wide(s) || !Legible(Narrow(s))) }
