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
			if a.Body[i] != b.Body[j] {
				continue
			}
			edges = EdgesInto(edges[:0], ra, rb)
			var al Alignment
			Align(&al, edges, ra, rb)
			if s := Score(ra, rb, &al, a.Body[i]); s > best.Score {
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
	rough    float64 // each word that is off by more than roughAt: several at once are no slip
	roughAt  float64
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

var personRule = weights{typo: 0.6, rough: 0.7, roughAt: 0.08, against: 0.32, againstW: 0.25, extra: 0.35, thin: 1.0, thinAt: 22, lone: 0.32, number: 0.2, numberX: 0.15, form: 0.0, order: 0.03}
var bodyRule = weights{typo: 0.9, rough: 0.2, roughAt: 0.1, against: 0.32, againstW: 0.25, extra: 0.75, thin: 0.5, thinAt: 14, lone: 0.05, number: 0.24, numberX: 0.2, form: 0.06, order: 0.05}

// Score gives the score of an alignment of two persons' names, or of two
// bodies'. It depends on the two readings and their meetings only.
func Score(a, b Reading, al *Alignment, body bool) float64 {
	if body {
		return bodyRule.score(a, b, al)
	}
	return personRule.score(a, b, al)
}

func (r *weights) score(a, b Reading, al *Alignment) float64 {
	var met, typo, rough, bits float64
	words, roughs, disorder := 0, 0, 0
	openA, openB := false, false
	for i := range al.Met {
		e := &al.Met[i]
		var wa, wb float64
		isWord := false
		for k := e.A; k < e.A+e.AN; k++ {
			wa += float64(a[k].Weight)
			isWord = isWord || a[k].Class == Word
		}
		for k := e.B; k < e.B+e.BN; k++ {
			wb += float64(b[k].Weight)
			isWord = isWord || b[k].Class == Word
		}
		// A misspelt common name is no rarer than the name.
		w, off := min(wa, wb), float64(1-e.Likeness)
		if e.How == InitialOf {
			// The word behind an initial is still open: it cannot stand against
			// a word left over on the other side, nor be all that met.
			openA = openA || a[e.A].Class == Word
			openB = openB || b[e.B].Class == Word
			w, isWord = 0.15, false
		}
		met += w
		typo += w * off
		if isWord {
			words++
			rough += max(0, off-r.roughAt)
			roughs++
		}
		bits += bitsPerWeight * w * max(0, 1-3*off)
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
	// Words on both sides that met nothing contradict each other. A name in Han
	// or Hangul is written whole, so there a word too many is enough.
	against := min(la, lb)
	switch {
	case (na > 0 || openA) && (nb > 0 || openB):
		fault += r.against + r.againstW*against
	case na > 0 && whole(b) || nb > 0 && whole(a):
		fault += r.against + r.againstW*max(la, lb)
	}
	extra := max(la, lb) - against
	total := met + extra + against
	if roughs == 1 && na+nb == 0 {
		rough = 0 // one word against one: nothing else could be off
	}
	fault += r.typo*typo/total + r.rough*rough + r.extra*extra/total
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
	if leftForm(a, al.LeftA) && leftForm(b, al.LeftB) {
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

const bitsPerWeight = 13

// whole says whether a name is written in Han or Hangul as its bearer writes it.
func whole(r Reading) bool {
	for i := range r {
		if s := r[i].Script; s != Han && s != Hangul || r[i].Vowels != Sure {
			return false
		}
	}
	return true
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
			weight += float64(r[i].Weight)
			words++
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
