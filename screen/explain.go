package screen

import (
	"fmt"
	"strings"

	"article41/name"
)

// Explanation says why a query met a subject, token by token.
type Explanation struct {
	Engine        string     `json:"engine"`
	RarityVersion string     `json:"rarity_version"`
	Query         string     `json:"query"`  // the query's name that met best
	Listed        Name       `json:"listed"` // the subject's name it met
	ID            SubjectID  `json:"id"`
	Score         float64    `json:"score"`
	NameScore     float64    `json:"name_score"`
	Class         string     `json:"class"`
	Meetings      []Meeting  `json:"meetings"`
	QueryLeft     []LeftOver `json:"query_left,omitempty"`  // tokens of the query that met nothing
	ListedLeft    []LeftOver `json:"listed_left,omitempty"` // tokens of the listed name that met nothing
	For           []Evidence `json:"for,omitempty"`
	Against       []Evidence `json:"against,omitempty"`
}

// Meeting is one query token (or a few joined) that met one of the listed name.
type Meeting struct {
	Query    string   `json:"query"`
	Listed   string   `json:"listed"`
	How      name.How `json:"how"`
	Table    string   `json:"table,omitempty"` // the transliteration tables used
	Likeness float64  `json:"likeness"`
	Weight   float64  `json:"weight"` // how much the token tells
}

// LeftOver is a token that met nothing.
type LeftOver struct {
	Token  string     `json:"token"`
	Class  name.Class `json:"class"`
	Weight float64    `json:"weight"`
}

// Words tells the explanation in plain sentences.
func (e Explanation) Words() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q met %q: %.2f, %s.", e.Query, e.Listed.Text, e.Score, e.Class)
	for _, m := range e.Meetings {
		fmt.Fprintf(&b, " %s met %s (%s", m.Query, m.Listed, m.How)
		if m.Table != "" {
			fmt.Fprintf(&b, ", by %s", m.Table)
		}
		fmt.Fprintf(&b, ", likeness %.2f, weight %.2f).", m.Likeness, m.Weight)
	}
	sayLeft(&b, "the query", e.QueryLeft)
	sayLeft(&b, "the listed name", e.ListedLeft)
	for _, v := range e.For {
		fmt.Fprintf(&b, " For it: %s %s (+%.2f).", v.Kind, v.Detail, v.Weight)
	}
	for _, v := range e.Against {
		fmt.Fprintf(&b, " Against it: %s %s (%.2f).", v.Kind, v.Detail, v.Weight)
	}
	return b.String()
}

func sayLeft(b *strings.Builder, side string, ls []LeftOver) {
	if len(ls) == 0 {
		return
	}
	fmt.Fprintf(b, " Left over in %s:", side)
	for i, l := range ls {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(b, " %s (%s)", l.Token, l.Class)
	}
	b.WriteByte('.')
}

// Explain tells how the query met one subject, whether or not it reached the
// threshold. An unknown id gives an Explanation without a listed name.
func (ix *Index) Explain(q Query, id SubjectID) Explanation {
	e := Explanation{Engine: Engine, RarityVersion: RarityVersion, ID: id}
	sub, ok := ix.Subject(id)
	if !ok {
		return e
	}
	e.compareNames(&q, &sub)
	var identified bool
	e.For, e.Against, identified = weigh(&q, &sub)
	e.Score = joinEvidence(e.NameScore, e.For, e.Against, identified)
	e.Class = classOf(e.NameScore, e.For, e.Against, identified)
	return e
}

// compareNames finds the pair of names that met best. Weak aliases are left out,
// as they are in a search; an equal one is shown as evidence.
func (e *Explanation) compareNames(q *Query, s *Subject) {
	for i, t := range q.Names {
		a := name.Trace(t, q.Kind, "")
		for _, n := range s.Names {
			if n.Strength == Weak {
				continue
			}
			b := name.Trace(n.Text, s.Kind, n.Lang)
			r := name.Compare(a, b)
			if r.Score <= e.NameScore && (e.Listed.Text != "" || i > 0) {
				continue
			}
			e.Query, e.Listed, e.NameScore = t, n, r.Score
			e.Meetings, e.QueryLeft, e.ListedLeft = nil, nil, nil
			if len(a.Readings) > 0 && len(b.Readings) > 0 {
				e.Meetings, e.QueryLeft, e.ListedLeft = Meetings(&a, &b, &r)
			}
		}
	}
}

// Meetings puts an alignment of two names (name.Trace) in words, these as they were
// written.
func Meetings(a, b *name.Prepared, r *name.Result) (ms []Meeting, leftA, leftB []LeftOver) {
	for _, m := range r.Met {
		ta, tb := a.Readings[r.ReadingA][m.A:m.A+m.AN], b.Readings[r.ReadingB][m.B:m.B+m.BN]
		x := Meeting{
			Query:    a.Show(r.ReadingA, int(m.A), int(m.AN)),
			Listed:   b.Show(r.ReadingB, int(m.B), int(m.BN)),
			How:      m.How,
			Likeness: float64(m.Likeness),
		}
		for _, t := range ta {
			x.Weight += float64(t.Weight) / 2
		}
		for _, t := range tb {
			x.Weight += float64(t.Weight) / 2
		}
		x.Table = ta[0].Table.String()
		if u := tb[0].Table; u != name.NoTable && u != ta[0].Table {
			if x.Table != "" {
				x.Table += " and "
			}
			x.Table += u.String()
		}
		ms = append(ms, x)
	}
	return ms, leftOvers(a, r.ReadingA, r.LeftA), leftOvers(b, r.ReadingB, r.LeftB)
}

func leftOvers(p *name.Prepared, reading int, mask uint32) (out []LeftOver) {
	for i, t := range p.Readings[reading] {
		if mask&(1<<i) != 0 {
			out = append(out, LeftOver{p.Show(reading, i, 1), t.Class, float64(t.Weight)})
		}
	}
	return
}
