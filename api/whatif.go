package api

import (
	"context"
	"fmt"
	"strings"

	"article41"
	"article41/council"
	"article41/country"
	"article41/symbol"
)

// changesOf reads what a what-if alters, in the form of the pages' addresses:
// vote=RUS:abstain (a comma joins several), adopt=S/2023/639.
func changesOf(sym symbol.Symbol, votes, adopt []string) ([]article41.Change, error) {
	var out []article41.Change
	ch := article41.Change{Draft: sym}
	for _, v := range strings.Split(strings.Join(votes, ","), ",") {
		if v == "" {
			continue
		}
		who, how, ok := strings.Cut(v, ":")
		if !ok {
			who, how, ok = strings.Cut(v, "=")
		}
		if !ok {
			return nil, wrong("vote", fmt.Sprintf("%q names no ballot", v), "MEMBER:ballot, such as RUS:abstain")
		}
		sw, err := switchOf("vote", who, how)
		if err != nil {
			return nil, err
		}
		ch.Votes = append(ch.Votes, sw)
	}
	if len(ch.Votes) > 0 {
		out = append(out, ch)
	}
	for _, text := range adopt {
		rival, err := symbolOf("adopt", text)
		if err != nil {
			return nil, err
		}
		out = append(out, article41.Change{Draft: rival, Adopt: true})
	}
	return out, nil
}

func switchOf(field, who, how string) (council.Switch, error) {
	member, err := country.Parse(who)
	if err != nil {
		return council.Switch{}, wrong(field, told(err), "a member that sat that day, such as RUS")
	}
	ballot, err := council.ParseBallot(how)
	if err != nil {
		return council.Switch{}, wrong(field, told(err), "yes, no, abstain, obligatory-abstain, not-participating or absent")
	}
	return council.Switch{Member: member, Ballot: ballot}, nil
}

// whatIfBody is the same question as a body. Votes is by member; Adopt are the
// symbols of drafts taken as adopted.
type whatIfBody struct {
	Symbol string            `json:"symbol"`
	Votes  map[string]string `json:"votes"`
	Adopt  []string          `json:"adopt"`
	days
}

// days are the coordinates as they stand in a body.
type days struct {
	AsOf     string `json:"as_of"`
	KnownAt  string `json:"known_at"`
	Position uint64 `json:"position"`
}

func (d days) position() string {
	if d.Position == 0 {
		return ""
	}
	return fmt.Sprint(d.Position)
}

func (s *server) whatIf(ctx context.Context, body []byte) (any, error) {
	var q whatIfBody
	if err := decode(body, &q); err != nil {
		return nil, err
	}
	at, err := s.readAt(q.AsOf, q.KnownAt, q.position())
	if err != nil {
		return nil, err
	}
	sym, err := symbolOf("symbol", q.Symbol)
	if err != nil {
		return nil, err
	}
	changes, err := changesOf(sym, nil, q.Adopt)
	if err != nil {
		return nil, err
	}
	if len(q.Votes) > 0 {
		ch := article41.Change{Draft: sym}
		for who, how := range sorted(q.Votes) {
			sw, err := switchOf("votes."+who, who, how)
			if err != nil {
				return nil, err
			}
			ch.Votes = append(ch.Votes, sw)
		}
		changes = append([]article41.Change{ch}, changes...)
	}
	if len(changes) == 0 {
		return nil, newProblem(400, "nothing is changed: give votes or adopt",
			fault{"votes", "no ballot is changed", `an object such as {"RUS": "abstain"}`},
			fault{"adopt", "no draft is taken as adopted", `an array such as ["S/2023/639"]`})
	}
	return s.WhatIf(ctx, at, sym, changes)
}
