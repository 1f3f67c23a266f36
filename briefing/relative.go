package briefing

import (
	"regexp"
	"slices"
	"strings"

	"article41/date"
)

// Days that a story counts from its own: "last Wednesday", "two years ago", "il y a
// huit mois". They can be read only where the story states its own
// day, or whoever asks gives it.

var (
	weekdays = [][]string{{"sunday", "dimanche"}, {"monday", "lundi"}, {"tuesday", "mardi"}, {"wednesday", "mercredi"}, {"thursday", "jeudi"}, {"friday", "vendredi"}, {"saturday", "samedi"}}

	// storyDay is the line in which a story states its day.
	storyDay = regexp.MustCompile(`(?im)^\s*(?:(?:first )?published|updated|posted|date|dateline|publié(?:e)?|mis à jour)(?: on| le)?\s*:?\s+(.{6,40})$`)

	relativeText = regexp.MustCompile(`(?i)\b(?:(?:on|last|this past|this) )?(?:sunday|monday|tuesday|wednesday|thursday|friday|saturday)\b|\b(?:dimanche|lundi|mardi|mercredi|jeudi|vendredi|samedi)(?: dernier)?\b|\b(?:yesterday|today|hier|aujourd['’]hui)\b|\b` + aNumber + ` (day|week|month|year)s? ago\b|\b(a|an) (day|week|month|year) ago\b|\bil y a ` + aNumber + ` (jour|semaine|mois|an)s?\b|\blast (?:week|month|year)\b|\b(?:la semaine dernière|le mois dernier|l['’]an dernier|l['’]année dernière)`)
)

// writtenOn is the day that a story states of itself; zero: it states none.
func writtenOn(text string) date.Day {
	for _, m := range storyDay.FindAllStringSubmatch(text, -1) {
		for _, d := range daysIn(m[1]) {
			if on, ok := d.in(0); ok && d.year != 0 && !d.either {
				return on
			}
		}
	}
	return date.Day{}
}

// relatives compares days that a story counts from its own with the day of the vote
// that its sentence speaks of.
func (k *reading) relatives(s span, _ string) {
	for _, m := range relativeText.FindAllStringSubmatchIndex(s.text, -1) {
		words := s.text[m[0]:m[1]]
		// a weekday beside its date is read with the date
		if slices.ContainsFunc(daysIn(s.text), func(d dayIn) bool { return d.from >= m[1] && d.from-m[1] <= 3 }) {
			continue
		}
		written := k.Written
		if written.IsZero() {
			written = writtenOn(k.text)
		}
		if written.IsZero() {
			k.lay("date", s, m[0], m[1], Unheld, "", "Which day this is could not be read: the story does not state its own day (a line such as “Published 31 August 2023”), and none was given.")
			continue
		}
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return strings.ToLower(s.text[m[2*i]:m[2*i+1]])
		}
		from, to, ok := relativeDays(strings.ToLower(words), group, written)
		if !ok {
			k.lay("date", s, m[0], m[1], Unheld, "", "Which day this is could not be read.")
			continue
		}
		span := from.Text()
		if from != to {
			span = from.Text() + " to " + to.Text()
		}
		d := k.nearest(s, m[0])
		if d == nil && voteWord.MatchString(s.text) {
			d = k.draftAt(s, m[0])
		}
		if d == nil {
			k.lay("date", s, m[0], m[1], Unheld, "", "Counted from "+written.Text()+" that is "+span+"; what is said of that day could not be read.")
			continue
		}
		in := !d.Date.Before(from) && !d.Date.After(to)
		k.lay("date", s, m[0], m[1], verdictOf(in), string(d.ID), "Counted from "+written.Text()+" that is "+span+"; "+d.ID.String()+" was put to the vote on "+d.Date.Text()+".", d.Cites...)
	}
}

// relativeDays are the first and the last day that the words may mean: a count of
// weeks, months or years is taken to half a unit.
func relativeDays(words string, group func(int) string, written date.Day) (from, to date.Day, ok bool) {
	switch {
	case strings.HasPrefix(words, "yesterday"), words == "hier":
		from = written.AddDays(-1)
		return from, from, true
	case words == "today", strings.HasPrefix(words, "aujourd"):
		return written, written, true
	}
	if from, to, ok = unitBefore(words, written); ok {
		return from, to, true
	}
	n, unit, counted := 1, group(4), group(4) != ""
	if group(2) != "" {
		n, counted = numeral(group(1))
		unit = group(2)
	} else if group(6) != "" {
		n, counted = numeral(group(5))
		unit = group(6)
	}
	if counted {
		half := map[string]int{"day": 0, "jour": 0, "week": 3, "semaine": 3, "month": 15, "mois": 15, "year": 183, "an": 183}[unit]
		at := written.AddDays(-n)
		switch unit {
		case "week", "semaine":
			at = written.AddDays(-7 * n)
		case "month", "mois":
			at = written.AddMonths(-n)
		case "year", "an":
			at = written.AddMonths(-12 * n)
		}
		return at.AddDays(-half), at.AddDays(half), true
	}
	for i, names := range weekdays {
		if !slices.ContainsFunc(names, func(w string) bool { return strings.Contains(words, w) }) {
			continue
		}
		back := (int(written.Weekday()) - i + 7) % 7
		if back == 0 && (strings.HasPrefix(words, "last") || strings.HasSuffix(words, "dernier")) {
			back = 7
		}
		from = written.AddDays(-back)
		return from, from, true
	}
	return from, to, false
}

// unitBefore is the whole week (from Monday), month or year before that of the day.
func unitBefore(words string, written date.Day) (from, to date.Day, ok bool) {
	switch {
	case words == "last week", strings.HasPrefix(words, "la semaine"):
		monday := written.AddDays(-(int(written.Weekday()) + 6) % 7)
		return monday.AddDays(-7), monday.AddDays(-1), true
	case words == "last month", strings.HasPrefix(words, "le mois"):
		first := written.AddDays(1 - written.Day())
		return first.AddMonths(-1), first.AddDays(-1), true
	case words == "last year", strings.HasPrefix(words, "l'an"), strings.HasPrefix(words, "l’an"):
		first := written.AddDays(1 - written.Day()).AddMonths(1 - int(written.Month()))
		return first.AddMonths(-12), first.AddDays(-1), true
	}
	return from, to, false
}
