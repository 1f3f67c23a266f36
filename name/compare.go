package name

import "math"

// Result is how two names compare.
type Result struct {
	Score    float64 // 0 to 1; 1 is never reached, more in common always ranks higher
	ReadingA int     // which readings met best
	ReadingB int
	Alignment
}

// Compare scores two prepared names by their best pair of readings.
func Compare(a, b Prepared) Result {
	var best Result
	best.Score = -1
	var edges []Edge
	for i, ra := range a.Readings {
		for j, rb := range b.Readings {
			edges = EdgesInto(edges[:0], ra, rb)
			var al Alignment
			Align(&al, edges, ra, rb)
			if s := Score(ra, rb, &al, a.Kind, b.Kind); s > best.Score {
				best = Result{s, i, j, al}
			}
		}
	}
	best.Score = max(best.Score, 0)
	return best
}

// The rule of the score. Faults are added up and taken from 1; how they weigh
// was fitted on the open part of the labelled pairs and the unlisted names
// (docs/method.md).
type weights struct {
	typo     float64 // a likeness below 1, by the token's share of the name
	against  float64 // words left over on both sides: they contradict
	againstW float64 // and by their weight
	extra    float64 // words left over on one side, by their share
	thin     float64 // how much worse faults are when little is in common
	thinAt   float64 // from this many bits in common on, nothing is thin
	lone     float64 // only one word met, and the other side has more
	number   float64 // numbers differ
	numberX  float64 // a number on one side only
	form     float64 // other company form
	order    float64 // the tokens stand in another order
}

var personRule = weights{typo: 0.75, against: 0.32, againstW: 0.25, extra: 0.35, thin: 1.0, thinAt: 22, lone: 0.32, number: 0.2, numberX: 0.15, form: 0.0, order: 0.03}
var bodyRule = weights{typo: 0.9, against: 0.32, againstW: 0.25, extra: 0.75, thin: 0.5, thinAt: 14, lone: 0.05, number: 0.24, numberX: 0.2, form: 0.06, order: 0.05}

// Score gives the score of an alignment. It depends on the two readings, the
// kinds and the meetings only.
func Score(a, b Reading, al *Alignment, ka, kb Kind) float64 {
	rule := &personRule
	if body(ka) || body(kb) {
		rule = &bodyRule
	}
	return rule.score(a, b, al)
}

func body(k Kind) bool { return k != Person && k != Unknown }

func (r *weights) score(a, b Reading, al *Alignment) float64 {
	var met, typo, bits, faultW float64
	words, lastB, disorder := 0, int8(-1), 0
	_ = lastB
	for i := range al.Met {
		e := &al.Met[i]
		w, isWord, eb := 0.0, false, 0.0
		for k := e.A; k < e.A+e.AN; k++ {
			w += float64(a[k].Weight) / 2
			isWord = isWord || a[k].Class == Word
		}
		for k := e.B; k < e.B+e.BN; k++ {
			w += float64(b[k].Weight) / 2
			isWord = isWord || b[k].Class == Word
		}
		eb = w * 13
		if e.How == InitialOf {
			w = 0.25
			eb = 2
			isWord = false
		}
		met += w
		typo += w * float64(1-e.Likeness)
		bits += eb * float64(2*e.Likeness-1)
		if isWord {
			words++
		}
		for k := range al.Met[:i] {
			f := &al.Met[k]
			if (f.A < e.A) != (f.B < e.B) {
				disorder++
			}
		}
	}
	if met == 0 {
		return 0
	}
	la, na, numA := left(a, al.LeftA)
	lb, nb, numB := left(b, al.LeftB)
	fault := 0.0
	// words on both sides that met nothing contradict each other
	against := min(la, lb)
	if na > 0 && nb > 0 {
		fault += r.against + r.againstW*against
	}
	_ = faultW
	extra := max(la, lb) - against
	total := met + extra + against
	fault += r.typo * typo / total * 1
	fault += r.extra * extra / total
	if words == 1 && (na > 0 || nb > 0) {
		fault += r.lone
	}
	if words == 0 {
		fault += 0.4
	}
	switch {
	case numA && numB:
		fault += r.number
	case numA || numB:
		fault += r.numberX
	}
	formA, formB := leftForm(a, al.LeftA), leftForm(b, al.LeftB)
	if formA && formB {
		fault += r.form
	}
	if disorder > 0 {
		fault += r.order
	}
	thin := 1 + r.thin*max(0, 1-bits/r.thinAt)
	score := 1 - fault*thin
	if score <= 0 {
		return 0
	}
	// Never saturate: the same name with more in it ranks higher.
	return score * (0.93 + 0.07*(1-math.Exp(-bits/30)))
}

// left adds up the weight of the words that met nothing.
func left(r Reading, mask uint32) (weight float64, words int, number bool) {
	for i := range r {
		if mask&(1<<i) == 0 {
			continue
		}
		switch r[i].Class {
		case Word:
			weight += float64(r[i].Weight)
			words++
		case Number:
			number = true
		case Initial:
			weight += float64(r[i].Weight)
		case Abd:
			weight += float64(r[i].Weight) / 2
		}
	}
	return
}

func leftForm(r Reading, mask uint32) bool {
	for i := range r {
		if mask&(1<<i) != 0 && r[i].Class == Form {
			return true
		}
	}
	return false
}
