package web

import (
	"cmp"
	"fmt"
	"slices"

	"article41"
	"article41/name"
)

// tokenPicture shows two names as rows of tokens, with a line between those that
// met: its thickness says how much the meeting tells, its style how they met.
type tokenPicture struct {
	Title, Words string
	Width        float64
	Top, Bottom  []tokenBox
	Lines        []tokenLine
	Hows         []string // those that occur, for the key
}

type tokenBox struct {
	X, W  float64
	Text  string
	Lang  string
	Dir   string
	Left  bool // it met nothing
	Class string
}

type tokenLine struct {
	X1, X2, Width float64
	How           string
	Class         string
	Title         string
}

// lineClasses are the styles of lines: what met alike is drawn alike.
var lineClasses = map[name.How]string{
	name.Equal: "equal", name.SameNumber: "equal",
	name.Transliterated: "transliterated",
	name.Variant:        "variant", name.Nickname: "variant",
	name.Spelling: "typo", name.Typo: "typo",
	name.InitialOf: "initial",
	name.Joined:    "joined", name.Shifted: "joined",
	name.Skeleton: "skeleton",
}

// drawTokens lays the tokens of a hit out, each row in the order of its name.
func drawTokens(h article41.Hit) tokenPicture {
	e := h.Explanation
	p := tokenPicture{Title: "How the name asked about met “" + e.Listed.Text + "”", Words: e.Words()}
	type token struct {
		text string
		met  int // index of the meeting, -1: left over
	}
	var top, bottom []token
	for i, m := range e.Meetings {
		top = append(top, token{m.Query, i})
		bottom = append(bottom, token{m.Listed, i})
	}
	for _, l := range e.QueryLeft {
		top = append(top, token{l.Token, -1})
	}
	for _, l := range e.ListedLeft {
		bottom = append(bottom, token{l.Token, -1})
	}
	order := func(ts []token, places map[string]int) {
		slices.SortStableFunc(ts, func(a, b token) int { return cmp.Compare(places[a.text], places[b.text]) })
	}
	order(top, places(e.Query, "", func(s string) bool { return slices.ContainsFunc(top, func(t token) bool { return t.text == s }) }))
	order(bottom, places(e.Listed.Text, e.Listed.Lang, func(s string) bool { return slices.ContainsFunc(bottom, func(t token) bool { return t.text == s }) }))
	lay := func(ts []token) (boxes []tokenBox, middle map[int]float64, width float64) {
		middle = map[int]float64{}
		x := 4.0
		for _, t := range ts {
			w := float64(len([]rune(t.text)))*9.2 + 18
			tag, dir := tongue(t.text, "")
			boxes = append(boxes, tokenBox{X: x, W: w, Text: t.text, Lang: tag, Dir: dir, Left: t.met < 0})
			middle[t.met] = x + w/2
			x += w + 14
		}
		return boxes, middle, x
	}
	var tm, bm map[int]float64
	var tw, bw float64
	p.Top, tm, tw = lay(top)
	p.Bottom, bm, bw = lay(bottom)
	p.Width = max(tw, bw, 200)
	for i, m := range e.Meetings {
		how := m.How.String()
		if !slices.Contains(p.Hows, how) {
			p.Hows = append(p.Hows, how)
		}
		title := fmt.Sprintf("%s met %s: %s, likeness %.2f, weight %.2f", m.Query, m.Listed, how, m.Likeness, m.Weight)
		if m.Table != "" {
			title += ", by " + m.Table
		}
		p.Lines = append(p.Lines, tokenLine{X1: tm[i], X2: bm[i], Width: min(8, max(1.2, m.Weight*m.Likeness*4)), How: how, Class: lineClasses[m.How], Title: title})
	}
	return p
}

// places tells where in the name each run of tokens stands, by the reading of the
// name that holds most of those met.
func places(text, lang string, met func(string) bool) map[string]int {
	best := map[string]int{}
	p := name.Trace(text, name.Unknown, lang)
	for k, r := range p.Readings {
		at := map[string]int{}
		for i := range r {
			for n := 1; n <= min(3, len(r)-i); n++ { // tokens meet joined by threes at most
				run := p.Show(k, i, n)
				if _, ok := at[run]; !ok && met(run) {
					at[run] = i
				}
			}
		}
		if len(at) > len(best) {
			best = at
		}
	}
	return best
}
