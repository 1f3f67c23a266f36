package eu

import (
	"slices"
	"strings"
	"unicode"

	"article41/date"
	"article41/record"
	"article41/sheet"
)

// page is one entry while it is read, with what was wrong with it.
type page struct {
	sheet.Page
	x *reading
}

// maxNames bounds one entry's names; the longest real one has some 150.
const maxNames = 2000

// name keeps a name once, however many languages spell it so.
func (p *page) name(n record.Name) {
	switch e := p.Entry; {
	case n.Text == "" || slices.ContainsFunc(e.Names, func(m record.Name) bool { return m.Text == n.Text && m.Quality == n.Quality }):
	case len(e.Names) >= maxNames:
		if !slices.ContainsFunc(e.Dropped, func(c record.Complaint) bool { return c.Place == "names: all" }) {
			p.Drop("names", "all", "more than 2000 names: the rest is left out")
		}
	default:
		e.Names = append(e.Names, n)
	}
}

// primary makes one of the names the one that the entry is known under, and puts
// it first: the first in Latin letters that is of no language or English, which
// is how the English text of the regulation lists it, else the first that is not
// low.
func (p *page) primary() {
	names := p.Entry.Names
	best := slices.IndexFunc(names, func(n record.Name) bool {
		return n.Quality == record.Good && (n.Lang == "" || n.Lang == "en")
	})
	if best < 0 {
		best = slices.IndexFunc(names, func(n record.Name) bool { return n.Quality != record.Low })
	}
	if best < 0 {
		return
	}
	n := names[best]
	n.Quality = record.Primary
	p.Entry.Names = slices.Insert(slices.Delete(names, best, best+1), 0, n)
}

// foreign reports a name in another script than Latin.
func foreign(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r > 0x7F && unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Lm, r)
	})
}

// late says that an entry may have been listed before its day of listing.
var late = record.Extra{Name: "listed_on", Value: "at the latest: an amendment's entry into force"}

// join adds what a second regulation says of an entry to what the first says.
func join(to *record.Listed, e record.Listed) {
	sheet.Once(&to.Programme, e.Programme...)
	for _, n := range e.Names {
		if slices.ContainsFunc(to.Names, func(m record.Name) bool { return m.Text == n.Text }) {
			continue
		}
		if n.Quality == record.Primary { // the first regulation's stays
			n.Quality = record.Good
		}
		to.Names = append(to.Names, n)
	}
	sheet.Once(&to.Births, e.Births...)
	sheet.Once(&to.Nationalities, e.Nationalities...)
	sheet.Once(&to.Titles, e.Titles...)
	sheet.Once(&to.Positions, e.Positions...)
	sheet.Once(&to.Only, e.Only...)
	sheet.Once(&to.Addresses, e.Addresses...)
	sheet.Once(&to.Documents, e.Documents...)
	if slices.Contains(to.Extra, late) != slices.Contains(e.Extra, late) { // the other one knows better
		of := func(x record.Extra) bool { return x == late }
		to.Extra, e.Extra = slices.DeleteFunc(to.Extra, of), slices.DeleteFunc(e.Extra, of)
	}
	sheet.Once(&to.Extra, e.Extra...)
	sheet.Once(&to.Dropped, e.Dropped...)
	if to.Gender == "" {
		to.Gender = e.Gender
	}
	to.ListedOn = earlier(to.ListedOn, e.ListedOn)
	switch {
	case to.Comments == "":
		to.Comments = e.Comments
	case e.Comments != "" && e.Comments != to.Comments:
		to.Comments += "\n" + e.Comments
	}
}

func earlier(a, b date.Day) date.Day {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
