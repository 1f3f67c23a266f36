package listing

import (
	"slices"

	"article41/record"
)

// Carry fills what damage hid in the later version with what the version before
// it said. A field that could not be read is no amendment: what stood there
// before stands. The field stays named in Dropped, so that everyone can see
// which version it was read in.
//
// A field with several values keeps those that were read, and takes from the
// version before the values that a cut to low bytes would have hidden.
func Carry(was, now record.Listed) record.Listed {
	lost := map[string]bool{}
	for _, d := range now.Dropped {
		lost[DroppedField(d)] = true
	}
	if len(lost) == 0 {
		return now
	}
	if lost["names"] {
		now.Names = carryNames(was.Names, now.Names)
		now.Extra = slices.DeleteFunc(slices.Clone(now.Extra), func(x record.Extra) bool {
			return hasPrimary(now.Names) && isSlot(x.Name)
		})
	}
	if lost["births"] {
		now.Births = carried(was.Births, now.Births, func(b record.Birth) []string { return []string{b.City, b.State, b.Country, b.Note} })
	}
	if lost["positions"] {
		now.Positions = carried(was.Positions, now.Positions, func(s string) []string { return []string{s} })
	}
	if lost["titles"] {
		now.Titles = carried(was.Titles, now.Titles, func(s string) []string { return []string{s} })
	}
	if lost["nationalities"] {
		now.Nationalities = carried(was.Nationalities, now.Nationalities, func(s string) []string { return []string{s} })
	}
	if lost["addresses"] {
		now.Addresses = carried(was.Addresses, now.Addresses, func(a record.Address) []string {
			return []string{a.Street, a.City, a.State, a.Zip, a.Country, a.Note}
		})
	}
	if lost["documents"] {
		now.Documents = carried(was.Documents, now.Documents, func(d record.Document) []string {
			return []string{d.Type, d.Type2, d.Number, d.Country, d.City, d.Issued, d.Note}
		})
	}
	if lost["comments"] && now.Comments == "" {
		now.Comments, now.Died, now.Only = was.Comments, was.Died, was.Only
	}
	if lost["data_id"] && now.DataID == "" {
		now.DataID = was.DataID
	}
	if lost["programme"] && len(now.Programme) == 0 {
		now.Programme = was.Programme
	}
	if lost["listed_on"] && now.ListedOn.IsZero() {
		now.ListedOn = was.ListedOn
	}
	if lost["gender"] && now.Gender == "" {
		now.Gender = was.Gender
	}
	if lost["submitted_by"] && now.Submitted == "" {
		now.Submitted = was.Submitted
	}
	return now
}

func carryNames(was, now []record.Name) []record.Name {
	out := carried(was, now, func(n record.Name) []string { return []string{n.Text, n.Note} })
	// The primary name, if it was lost, comes back whatever its letters.
	if !hasPrimary(out) {
		for _, n := range was {
			if n.Quality == record.Primary {
				out = slices.Insert(out, 0, n)
				break
			}
		}
	}
	slices.SortStableFunc(out, func(a, b record.Name) int { return rank(a) - rank(b) })
	return out
}

func rank(n record.Name) int {
	switch n.Quality {
	case record.Primary:
		return 0
	case record.Original:
		return 2
	}
	return 1
}

func hasPrimary(names []record.Name) bool {
	return slices.ContainsFunc(names, func(n record.Name) bool { return n.Quality == record.Primary })
}

func isSlot(name string) bool {
	switch name {
	case "FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME":
		return true
	}
	return false
}

// carried adds to the values read those of the version before that a cut would
// have hidden, each in place of what the cut left of it.
func carried[T any](was, now []T, texts func(T) []string) []T {
	out := slices.Clone(now)
	for _, w := range was {
		if !lossy(texts(w)) {
			continue
		}
		i := slices.IndexFunc(out, func(n T) bool { return narrowEqual(texts(w), texts(n)) })
		if i >= 0 {
			out[i] = w
		} else {
			out = append(out, w)
		}
	}
	return out
}
