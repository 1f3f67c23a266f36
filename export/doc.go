// Package export prints answers in formats that other programs read, one file a
// format: so far [WriteCalendar] for iCalendar.
//
// It decides nothing: what falls due, and how sure that is, comes from the
// Archive. Addresses of pages are the caller's, as a printer does not know where
// it is served; the time is an argument.
//
//	export.WriteCalendar(w, due, export.Calendar{Name: "UN sanctions", Stamp: now})
package export
