// Package listing answers who stands on a published list, as that list said it
// at each of its dates, and what differs between two of them.
//
// A list is published again and again under the same stable references. The
// ledger keeps each held version as changes: a [record.List] for the version,
// and a [record.Listed] for each entry whose content differs from the version
// before it. [Changes] says what an import must append, [Fold] reads it back,
// [Diff] compares two versions. A version is known from its own date on; an
// entry's absence from a version is evidence that it was removed, never the
// cause (the decision and its day are a [record.Listing]'s business, not this
// package's), and before the first held version a list answers "not held".
//
// A field that was unreadable as published never counts as amended, and text
// that agrees once every character is cut to its low byte does not differ from
// what such a cut left of it.
//
// The package does no input or output and knows no publisher's format.
//
//	h, err := listing.Fold(entries)
//	h.List("un").OnList("MLi.005", day, day).Presence // "on the list"
package listing

import (
	"strings"

	"article41/record"
)

// Caption is the name by which to call an entry: its primary name, else its
// first other name, else its reference.
func Caption(l record.Listed) string {
	for _, n := range l.Names {
		if n.Quality == record.Primary {
			return n.Text
		}
	}
	for _, n := range l.Names {
		if n.Quality != record.Original && n.Quality != record.Low {
			return n.Text
		}
	}
	if len(l.Names) > 0 {
		return l.Names[0].Text
	}
	return l.Ref
}

// DroppedField is the field of [record.Listed] (its JSON name) that a complaint
// of Listed.Dropped is about. Readers write the place as "names: ALIAS_NAME,
// line 26953": our field, the publisher's, the line.
func DroppedField(c record.Complaint) string {
	field, _, _ := strings.Cut(c.Place, ":")
	return field
}
