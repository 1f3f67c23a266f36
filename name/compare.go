package name

import (
	"math"
	"slices"
)

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
	typo      float64 // a likeness below 1, by the token's share of the name
	rough     float64 // each word that is off by more than roughAt: several at once are no slip
	against   float64 // words left over on both sides: they contradict
	againstW  float64 // and by their weight
	extra     float64 // words left over on one side, by their share
	extraThin float64 // and more so when what met tells little
	extraAt   float64 // in bits
	across    float64 // what a meeting across scripts tells, as a part of the full bits
	thin      float64 // how much worse faults are when little is in common
	thinAt    float64 // from this many bits in common on, nothing is thin
	lone      float64 // only one word met, and the other side has more
	short     float64 // and that word has three letters or less
	number    float64 // numbers differ
	numberX   float64 // a number on one side only
	unnamed   float64 // and it names its bearer
	form      float64 // other company form
	initial   float64 // a word met only by its initial
	turned    float64 // the same order, begun elsewhere
	order     float64 // the tokens stand in another order
}

const roughAt = 0.08

var personRule = weights{typo: 0.30, rough: 1.00, against: 0.32, againstW: 0.10, extra: 0.46, extraThin: 0.15, extraAt: 32, across: 1,
	thin: 2.3, thinAt: 27, lone: 0.70, short: 0.10, number: 0.20, numberX: 0.20, form: 0.03, initial: 0.12, turned: 0.08, order: 0.15}
var bodyRule = weights{typo: 0.20, rough: 1.00, against: 0.32, againstW: 0.10, extra: 0.30, extraThin: 0, extraAt: 32, across: 1,
	thin: 4.0, thinAt: 8, lone: 0.10, short: 0.10, number: 0.22, numberX: 0.265, unnamed: 0.32, form: 0.15, initial: 0.06, turned: 0.08, order: 0.05}

// Score gives the score of an alignment of two persons' names, or of two
// bodies'. It depends on the two readings and their meetings only.
func Score(a, b Reading, al *Alignment, body bool) float64 {
	f := findingsOf(a, b, al)
	if body {
		return bodyRule.score(&f)
	}
	return personRule.score(&f)
}

// findings are what an alignment shows before it is weighed.
type findings struct {
	met          float64 // weight that met
	typo         float64 // weight that met, by how far off it is
	rough        float64 // how far off words are, beyond a slip
	bits, across float64 // what the meetings tell, within a script and across
	words        int     // words that met
	against      float64 // weight of the words that contradict, if any do
	contradicts  bool
	extra        float64 // weight left over on one side
	leftOver     bool    // any word left over
	numbers      int     // numbers left over: on 0, 1 or 2 sides
	otherNumber  bool    // numbers left over on both sides that tell the names apart
	unnamed      bool    // a number left over on one side only that names its bearer
	forms        bool    // company forms left over on both sides
	initials     int     // words that met an initial
	order        int     // 0 the same, 1 turned (the last name first), 2 mixed
	loneLetters  int     // letters of the word that met, if it is one
	openInitial  bool    // an initial met nothing
	jumbled      bool    // mixed, of a name whose syllables are names
}

func findingsOf(a, b Reading, al *Alignment) (f findings) {
	roughs, foreignRough, others := 0, false, false
	openA, openB := false, false
	for i := range al.Met {
		e := &al.Met[i]
		var wa, wb float64
		wordA, wordB := false, false
		for k := e.A; k < e.A+e.AN; k++ {
			wa += float64(a[k].Weight)
			wordA = wordA || a[k].Class == Word
		}
		for k := e.B; k < e.B+e.BN; k++ {
			wb += float64(b[k].Weight)
			wordB = wordB || b[k].Class == Word
		}
		// A misspelt common name is no rarer than the name.
		w, off := min(wa, wb), float64(1-e.Likeness)
		if e.How == InitialOf {
			// The word behind an initial is still open: it cannot stand against
			// a word left over on the other side, nor be all that met.
			openA = openA || a[e.A].Class == Word || a[e.A].Class == Abd
			openB = openB || b[e.B].Class == Word || b[e.B].Class == Abd
			w, wordA = 0.15, false
			f.initials++
		}
		f.met += w
		f.typo += w * off
		if wordA && wordB {
			f.words++
			f.loneLetters = max(f.loneLetters, min(len(a[e.A].Fold), len(b[e.B].Fold)))
			if off > roughAt {
				f.rough += off - roughAt
				roughs++
				foreignRough = foreignRough || a[e.A].Script != b[e.B].Script
			} else if e.How == Typo || e.How == Spelling {
				others = true
			}
		}
		bits := bitsPerWeight * w * max(0, 1-3*off)
		if a[e.A].Script != b[e.B].Script {
			f.across += bits
		} else {
			f.bits += bits
		}
	}
	f.order = orderOf(al.Met)
	f.jumbled = f.order == 2 && (whole(a) || whole(b))
	la, na, numA := left(a, al.LeftA)
	lb, nb, numB := left(b, al.LeftB)
	f.leftOver = na+nb > 0
	if roughs == 1 && !f.leftOver && (f.words == 1 || !foreignRough && !others) {
		f.rough = 0 // one slip, and all the rest met
	}
	// Words on both sides that met nothing contradict each other. A name in Han
	// or Hangul is written whole, so there a word too many is enough.
	f.against = min(la, lb)
	f.extra = max(la, lb) - f.against
	switch {
	case (na > 0 || openA) && (nb > 0 || openB):
		f.contradicts = true
	case f.leftOver && (whole(a) || whole(b)):
		f.contradicts = true
		f.against, f.extra = max(la, lb), 0
	}
	f.openInitial = leftOf(a, al.LeftA, Initial) || leftOf(b, al.LeftB, Initial)
	if numA {
		f.numbers++
	}
	if numB {
		f.numbers++
	}
	designated := isDesignation(a, al.LeftA) || isDesignation(b, al.LeftB)
	f.otherNumber = f.numbers == 2 && (f.words <= 1 || designated)
	f.unnamed = f.numbers == 1 && designated
	f.forms = leftOf(a, al.LeftA, Form) && leftOf(b, al.LeftB, Form)
	return f
}

func (r *weights) score(f *findings) float64 {
	if f.met == 0 {
		return 0
	}
	bits := f.bits + r.across*f.across
	fault := 0.0
	if f.contradicts {
		fault += r.against + r.againstW*f.against
	}
	total := f.met + f.extra + f.against
	fault += r.typo*f.typo/total + r.rough*f.rough
	if f.leftOver {
		fault += r.extra*f.extra/total + r.extraThin*min(1, max(0, (r.extraAt-bits)/8))
		if f.words == 1 {
			fault += r.lone
			if f.loneLetters <= 3 {
				fault += r.short // an alias of three letters is nobody's name alone
			}
		}
	} else if f.words == 1 && f.openInitial {
		fault += r.lone // M. Saeed is not whoever is called Said
	}
	if f.words == 0 {
		fault += 0.4
	}
	switch f.numbers {
	case 2:
		fault += r.number
	case 1:
		fault += r.numberX
	}
	if f.otherNumber {
		fault += r.against
	}
	if f.unnamed {
		fault += r.unnamed
	}
	if f.forms {
		fault += r.form
	}
	if f.initials > 0 {
		fault += r.initial + 0.03*float64(f.initials-1)
	}
	if f.words == 1 && f.initials > 1 && (f.leftOver || f.openInitial) {
		fault += r.lone // one word and some letters
	}
	switch f.order {
	case 1:
		fault += r.turned
	case 2:
		fault += r.order
	}
	if f.jumbled {
		fault += r.against // 광수 is not 수광
	}
	score := near(1 - fault*(1+r.thin*max(0, 1-bits/r.thinAt)))
	// Never saturate: the same name with more in it ranks higher.
	return score * (0.93 + 0.07*(1-math.Exp(-bits/30)))
}

// near keeps a score below a half above 0 and in its order: there two names are
// not one name, and the score only says how much they have in common.
func near(score float64) float64 {
	if score >= 0.5 {
		return score
	}
	return 0.25 / (1 - score)
}

// orderOf compares the order in which tokens stand in both names.
func orderOf(met []Edge) int {
	var to [MaxTokens + 1]int8
	for i := range to {
		to[i] = -1
	}
	for i := range met {
		to[met[i].A] = met[i].B
	}
	downs, first, last := 0, int8(-1), int8(-1)
	for _, b := range to {
		if b < 0 {
			continue
		}
		if last >= 0 && b < last {
			downs++
		}
		if first < 0 {
			first = b
		}
		last = b
	}
	switch {
	case downs == 0:
		return 0
	case downs == 1 && last < first:
		return 1
	}
	return 2
}

const (
	bitsPerWeight = 13
	softExtra     = 0.3
)

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
			w := float64(r[i].Weight)
			if r[i].Soft {
				w *= softExtra
			}
			weight += w
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

// isDesignation says whether a number left over names its bearer: one of three
// digits or more that is no year, or any of a body of troops. Brigade 103 is not
// Brigade 104, nor any brigade, while the funds of 2005 and 2006 are near, and so are
// the labelled pairs with Unit 1 and Unit 2.
func isDesignation(r Reading, mask uint32) bool {
	for i := range r {
		if mask&(1<<i) != 0 && r[i].Class == Number && hasTroops(r) {
			return true
		}
		if s := r[i].Fold; mask&(1<<i) != 0 && r[i].Class == Number && len(s) >= 3 && !(len(s) == 4 && (s[:2] == "19" || s[:2] == "20")) {
			return true
		}
	}
	return false
}

func hasTroops(r Reading) bool {
	return slices.ContainsFunc(r, func(t Token) bool { e := words()[t.Fold]; return e != nil && e.troops })
}

// leftOf says whether a token of a class met nothing.
func leftOf(r Reading, mask uint32, c Class) bool {
	for i := range r {
		if mask&(1<<i) != 0 && r[i].Class == c {
			return true
		}
	}
	return false
}
