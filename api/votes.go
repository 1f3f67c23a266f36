package api

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"article41"
	"article41/council"
	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

const (
	votesPage    = 50
	votesPageMax = 500
	// sameDay is how many drafts of one day a page looks past for its cursor; the
	// busiest day of the record has fewer than twenty.
	sameDay = 64
)

// votesDocument is one page of drafts. Next goes on where it ends; null at the
// end.
type votesDocument struct {
	AsOf    date.Day             `json:"as_of"`
	KnownAt date.Day             `json:"known_at"`
	Votes   []article41.Decision `json:"votes"`
	Next    *string              `json:"next"`
	Basis   article41.Basis      `json:"basis"`
}

func (s *server) votes(a *ask) (any, error) {
	f, err := filterOf(a)
	if err != nil {
		return nil, err
	}
	limit := f.Limit
	out := votesDocument{AsOf: a.at.AsOf, KnownAt: a.at.KnownAt, Basis: s.basis(a)}
	after, on, err := readCursor(a.params.Get("cursor"))
	if err != nil {
		return nil, err
	}
	if after != "" {
		if f.Newest {
			f.To = on
		} else {
			f.From = on
		}
	}
	f.Limit = limit + sameDay
	skip, err := pageOf(a, limit)
	if err != nil {
		return nil, err
	}
	f.Limit += skip
	found, err := s.Votes(a.Context(), a.at, f)
	if err != nil {
		return nil, err
	}
	found = past(found, after, on)
	found = found[min(skip, len(found)):]
	more := len(found) > limit
	if more {
		found = found[:limit]
		last := found[limit-1]
		next := base64.RawURLEncoding.EncodeToString([]byte(last.Date.String() + " " + last.ID.Path()))
		out.Next = &next
	}
	out.Votes = append([]article41.Decision{}, found...)
	return out, nil
}

// mostSkipped bounds what page may skip; a cursor has no bound.
const mostSkipped = 100_000

// pageOf is how many drafts lie before the numbered page, as the pages of the
// site count; a cursor is the better way, as it stands firm while votes come in.
func pageOf(a *ask, limit int) (int, error) {
	text := a.params.Get("page")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mostSkipped/limit || a.params.Has("cursor") {
		return 0, wrong("page", fmt.Sprintf("%q does not fit", text), "a whole number from 1, and no cursor beside it")
	}
	return (n - 1) * limit, nil
}

// past drops what an earlier page has shown. If the record has lost the draft
// that the page ended with, its whole day counts as shown.
func past(found []article41.Decision, after symbol.Symbol, on date.Day) []article41.Decision {
	if after == "" {
		return found
	}
	day := 0
	for i, d := range found {
		if d.ID == after {
			return found[i+1:]
		}
		if d.Date == on {
			day = i + 1
		}
	}
	return found[day:]
}

func readCursor(text string) (symbol.Symbol, date.Day, error) {
	if text == "" {
		return "", date.Day{}, nil
	}
	bad := wrong("cursor", "this is no cursor of this address", "the value of next in the page before, unchanged")
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return "", date.Day{}, bad
	}
	day, sym, ok := strings.Cut(string(b), " ")
	on, err := date.ParseDay(day)
	if !ok || err != nil {
		return "", date.Day{}, bad
	}
	id, err := symbol.Parse(sym)
	if err != nil {
		return "", date.Day{}, bad
	}
	return id, on, nil
}

var reasons = []council.Reason{council.Adopted, council.AdoptedWithoutVote, council.Vetoed, council.LackOfVotes, council.NotPut, council.Undecided}

func filterOf(a *ask) (article41.VoteFilter, error) {
	f := article41.VoteFilter{Text: a.params.Get("topic"), Regime: record.RegimeID(a.params.Get("regime")), Limit: votesPage, Newest: true}
	var faults []fault
	add := func(field, detail, want string) { faults = append(faults, fault{field, detail, want}) }
	for _, c := range []struct {
		name string
		day  *date.Day
	}{{"from", &f.From}, {"to", &f.To}} {
		text := a.params.Get(c.name)
		if text == "" {
			continue
		}
		span, err := date.ParseAbout(text)
		if err != nil || strings.ContainsAny(text, "/~") {
			add(c.name, fmt.Sprintf("%q is neither a day nor a year", text), "a day as 2023-08-30, or a month or year: 2023-08, 2023")
		}
		if *c.day = span.From; c.name == "to" {
			*c.day = span.To
		}
	}
	if text := a.params.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > votesPageMax {
			add("limit", fmt.Sprintf("%q does not fit", text), fmt.Sprintf("a whole number from 1 to %d", votesPageMax))
		}
		f.Limit = n
	}
	if text := a.params.Get("by"); text != "" {
		code, err := country.Parse(text)
		if err != nil {
			add("by", told(err), "an ISO 3166 code or a name, such as RUS")
		}
		f.By = code
	}
	if text := a.params.Get("sponsor"); text != "" {
		code, err := country.Parse(text)
		if err != nil {
			add("sponsor", told(err), "an ISO 3166 code or a name, such as FRA")
		}
		f.Sponsor = code
	}
	if text := a.params.Get("margin"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 15 {
			add("margin", fmt.Sprintf("%q is no number of votes", text), "a whole number from 0 to 15")
		}
		f.Margin = &n
	}
	if text := a.params.Get("region"); text != "" {
		if f.Region = council.Region(text); !slices.Contains(council.Regions, f.Region) {
			add("region", fmt.Sprintf("%q is no region", text), fmt.Sprintf("one of %v", council.Regions))
		}
	}
	switch text := a.params.Get("order"); text {
	case "", "newest":
	case "oldest":
		f.Newest = false
	default:
		add("order", fmt.Sprintf("%q is no order", text), "newest or oldest")
	}
	if text := a.params.Get("reason"); text != "" {
		var words []string
		for _, r := range reasons {
			if string(r) == text {
				f.Reason = r
			}
			words = append(words, string(r))
		}
		if f.Reason == "" {
			add("reason", fmt.Sprintf("%q is no outcome", text), "one of "+strings.Join(words, ", "))
		}
	}
	if len(faults) > 0 {
		return f, newProblem(400, faults[0].Field+": "+faults[0].Detail, faults...)
	}
	return f, nil
}

// vote answers for one draft; with other ballots, for what they would have
// changed.
func (s *server) vote(a *ask) (any, error) {
	sym, err := symbolOf("symbol", a.PathValue("symbol"))
	if err != nil {
		return nil, err
	}
	if len(a.params["vote"]) == 0 && len(a.params["adopt"]) == 0 {
		return s.Vote(a.Context(), a.at, sym)
	}
	changes, err := changesOf(sym, a.params["vote"], a.params["adopt"])
	if err != nil {
		return nil, err
	}
	return s.WhatIf(a.Context(), a.at, sym, changes)
}

func symbolOf(field, text string) (symbol.Symbol, error) {
	sym, err := symbol.Parse(text)
	if err != nil {
		return "", wrong(field, told(err), "a symbol such as S/2023/638 or S/RES/2374")
	}
	return sym, nil
}
