package web

import (
	"fmt"
	"slices"

	"article41"
	"article41/date"
	"article41/listing"
	"article41/record"
)

// listingView is a page of one entry of a list.
type listingView struct {
	article41.Entry
	Now     *record.Listed // as the nearest version says
	History []historyRow
	Owners  *article41.Ownership // nil if its list gives no link
}

// historyRow is one day on which a held version said something new.
type historyRow struct {
	On   date.Day
	What string
}

func (s *site) listing(a *ask) (page, error) {
	list := record.SourceID(a.form.Get("list"))
	if list == "" {
		list = "un"
	}
	e, err := s.q.Entry(a.Context(), a.At, list, a.PathValue("ref"), false)
	if err != nil {
		return page{}, err
	}
	v := listingView{Entry: e, Now: e.Presence.Entry, History: history(e.Spans)}
	if v.Now == nil && len(e.Spans) > 0 {
		said := e.Spans[len(e.Spans)-1].Said
		v.Now = &said[len(said)-1]
	}
	if v.Now != nil && len(v.Now.Links) > 0 {
		o, err := s.q.Ownership(a.Context(), a.At, list, e.ID)
		if err != nil {
			return page{}, err
		}
		v.Owners = &o
	}
	return page{Title: e.ID, Body: listingPage(a, v), NoIndex: e.Sort == "person", Feed: &following{e.ID, "/listings/" + e.ID + "/feed", []string{"list", otherList(list)}}}, nil
}

// history tells what the held versions showed, newest first.
func history(spans []listing.Span) []historyRow {
	var out []historyRow
	for _, sp := range spans {
		for i, said := range sp.Said {
			if i > 0 {
				out = append(out, historyRow{said.Version, "Amended: " + amended(sp.Said[i-1], said) + "."})
				continue
			}
			t := "First held version that shows it."
			if !sp.Absent.IsZero() {
				t = "Shown; the version of " + sp.Absent.Text() + " did not."
			}
			out = append(out, historyRow{said.Version, t})
		}
		if !sp.Gone.IsZero() {
			out = append(out, historyRow{sp.Gone, "No longer shown; last in the version of " + sp.Last.Text() + "."})
		} else if len(sp.Said) > 0 && sp.Last != sp.Said[len(sp.Said)-1].Version {
			out = append(out, historyRow{sp.Last, "Newest held version: still shown."})
		}
	}
	slices.SortStableFunc(out, func(a, b historyRow) int { return b.On.Compare(a.On) })
	return out
}

// amended names the fields in which two versions differ.
func amended(old, new record.Listed) string {
	d := listing.Diff([]record.Listed{old}, []record.Listed{new}, record.List{}, record.List{})
	if len(d.Amended) == 0 {
		return "a detail that was unreadable in one of the two"
	}
	return list(d.Amended[0].Fields)
}

// presence says what the dated lists show of the day, and what they lack.
func (v listingView) presence() string {
	if v.Held != "" {
		return v.onList() + " " + capital(v.Held) + "."
	}
	return v.onList()
}

func (v listingView) onList() string {
	p := v.Presence
	switch p.Presence {
	case listing.On:
		return fmt.Sprintf("On the list of that day, by the version of %s.", p.Version.Text())
	case listing.Off:
		return fmt.Sprintf("Not on the list of that day, by the version of %s.", p.Version.Text())
	case listing.Removed:
		return fmt.Sprintf("Removed after the version of %s and at the latest with that of %s; the lists do not tell the day.", p.After.Text(), p.By.Text())
	case listing.Added:
		return fmt.Sprintf("Added after the version of %s and at the latest with that of %s; the lists do not tell the day.", p.After.Text(), p.By.Text())
	}
	return "No version of that day or before is held; the entry is told by the listing day it carries."
}

func birthPlace(b record.Birth) string {
	var parts []string
	for _, p := range []string{b.City, b.State, b.Country} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	t := parts[0]
	for _, p := range parts[1:] {
		t += ", " + p
	}
	return "in " + t
}

func sortWord(s string) string {
	switch s {
	case "person":
		return "a person"
	case "entity":
		return "a group, body or undertaking"
	case "vessel":
		return "a ship"
	case "aircraft":
		return "an aircraft"
	}
	return "kind not given"
}

func stepWord(do string) string {
	if w, ok := stepWords[do]; ok {
		return w
	}
	return capital(do)
}

// stepLine is what a step did, and to which measures.
func stepLine(x record.Step) string {
	if len(x.Measures) == 0 {
		return stepWord(x.Do)
	}
	return stepWord(x.Do) + ": " + components(x.Measures)
}
