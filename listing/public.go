package listing

import (
	"regexp"
	"slices"
	"strings"

	"article41/record"
)

var digits = regexp.MustCompile(`[0-9]`)

// Limits of what counts as a fact in few words; a longer text is the
// publisher's sentence.
const (
	longestNote     = 40
	longestPosition = 90
)

// Public leaves out what may not be in the curated record, nor be shown to
// who may not see it: addresses, documents and comments, notes with numbers, and
// the publisher's sentences. Names,
// dates, places of birth, nationalities, positions and the facts taken from
// the comments stay.
func Public(l record.Listed) record.Listed {
	l.Addresses, l.Documents, l.Comments = nil, nil, ""
	l.Names = slices.Clone(l.Names)
	for i := range l.Names {
		l.Names[i].Note = short(l.Names[i].Note)
	}
	l.Births = slices.Clone(l.Births)
	for i := range l.Births {
		b := &l.Births[i]
		if b.Type == "alias" && !digits.MatchString(b.Note) {
			continue // "as" and a name, which is a fact however long
		}
		b.Note = short(b.Note)
	}
	l.Positions = slices.DeleteFunc(slices.Clone(l.Positions), func(s string) bool { return len(s) > longestPosition })
	l.Titles = slices.DeleteFunc(slices.Clone(l.Titles), func(s string) bool { return len(s) > longestPosition })
	l.Extra = slices.DeleteFunc(slices.Clone(l.Extra), func(x record.Extra) bool {
		switch x.Name {
		case "FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME", "SUBMITTED_ON":
			return false
		}
		return true
	})
	l.Dropped = slices.DeleteFunc(slices.Clone(l.Dropped), func(c record.Complaint) bool {
		return strings.HasPrefix(c.Place, "addresses:") || strings.HasPrefix(c.Place, "documents:") || strings.HasPrefix(c.Place, "extra:")
	})
	return emptied(l)
}

// emptied makes empty lists nil, so that equal entries have equal bytes.
func emptied(l record.Listed) record.Listed {
	l.Names, l.Births = orNil(l.Names), orNil(l.Births)
	l.Positions, l.Titles = orNil(l.Positions), orNil(l.Titles)
	l.Extra, l.Dropped = orNil(l.Extra), orNil(l.Dropped)
	return l
}

func orNil[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return s
}

func short(note string) string {
	if len(note) > longestNote || digits.MatchString(note) {
		return ""
	}
	return note
}
