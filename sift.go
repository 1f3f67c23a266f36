package article41

import (
	"context"

	"article41/date"
	"article41/record"
	"article41/regime"
	"article41/screen"
)

// Sifted is a screening's answer for one of very many rows: who the name may
// mean, what bound them that day, and what the answer rests on. The picture of
// how the names met is left out; Screen gives it for the same question.
type Sifted struct {
	Verdict string     `json:"verdict"`
	Hits    []Meeting  `json:"hits"`
	AsOf    date.Day   `json:"as_of"`
	KnownAt date.Day   `json:"known_at"`
	Lists   []Searched `json:"lists"`
	Engine  string     `json:"engine"`
	Rarity  string     `json:"rarity"`
	Basis   Basis      `json:"basis"`
}

// Meeting is one entry that a row's name may mean.
type Meeting struct {
	List    record.SourceID   `json:"list"`
	ID      string            `json:"id"`
	Caption string            `json:"caption"`
	Matched string            `json:"matched"` // the entry's name that was met
	Score   float64           `json:"score"`
	Match   bool              `json:"match"` // the score reached the threshold; no more than that
	Class   string            `json:"class"`
	Status  string            `json:"status"`
	Regime  record.RegimeID   `json:"regime,omitempty"`
	Law     []Binding         `json:"law"`
	For     []screen.Evidence `json:"for,omitempty"`
	Against []screen.Evidence `json:"against,omitempty"`
}

// Binding is one measure's state that day.
type Binding struct {
	Measure string    `json:"measure"`
	Status  string    `json:"status"`
	Until   *date.Day `json:"until,omitempty"`
}

// Searched is a list and its version that counted.
type Searched struct {
	List    record.SourceID `json:"list"`
	Version *date.Day       `json:"version"` // null: not held for that day
	Damaged bool            `json:"damaged,omitempty"`
	Partial bool            `json:"partial,omitempty"`
	Note    string          `json:"note,omitempty"`
}

// Sift is Screen for rows by the million.
func (a *Archive) Sift(ctx context.Context, at record.At, q Query) (Sifted, error) {
	s, err := a.screen(ctx, at, q, false)
	if err != nil {
		return Sifted{}, err
	}
	out := Sifted{Verdict: s.Verdict, Hits: make([]Meeting, 0, len(s.Hits)), AsOf: s.AsOf, KnownAt: s.KnownAt,
		Lists: make([]Searched, 0, len(s.Lists)), Engine: s.Engine, Rarity: s.Rarity, Basis: s.Basis}
	for _, l := range s.Lists {
		out.Lists = append(out.Lists, Searched{l.List, l.Version, l.Damaged, l.Partial, l.Note})
	}
	for _, h := range s.Hits {
		m := Meeting{List: h.List, ID: h.ID, Caption: h.Caption, Matched: h.Matched.Text, Score: h.Score, Match: h.Match,
			Class: h.Class, Status: h.Status, Regime: h.Regime, Law: bindings(h.Law), For: h.For, Against: h.Against}
		out.Hits = append(out.Hits, m)
	}
	return out, nil
}

func bindings(law []regime.State) []Binding {
	out := make([]Binding, 0, len(law))
	for _, m := range law {
		out = append(out, Binding{m.Word, string(m.Status), m.Until})
	}
	return out
}
