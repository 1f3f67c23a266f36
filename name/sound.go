package name

// The cost of one sound put for another, and of one left out, by what each side
// writes of its vowels. The rules stand in dropRule and swapRule; they are
// tabled once, in hundredths, for every pair is asked for often.

const sounds = 64 // a to z, the capitals of the digraphs, the apostrophe, and one for all else

// otherSound stands for every byte that is no sound: these differ from each other.
const otherSound = 38

type costTable struct {
	of   [256]uint8                     // byte → sound
	swap [3][3][2][sounds][sounds]uint8 // own vowels, other's vowels, both first
	drop [3][3][3][sounds]uint8         // own, other; first, last or between
}

const (
	atFirst = iota
	atLast
	between
)

var costs = newCosts()

func newCosts() *costTable {
	t := &costTable{}
	letters := "abcdefghijklmnopqrstuvwxyzSCXGTDZJQNW'"
	for i := range t.of {
		t.of[i] = uint8(len(letters))
	}
	for i := range letters {
		t.of[letters[i]] = uint8(i)
	}
	letters += "#" // otherSound
	for va := Sure; va <= Absent; va++ {
		for vb := Sure; vb <= Absent; vb++ {
			for i := range letters {
				for place := range 3 {
					t.drop[va][vb][place][i] = hundredths(dropRule(letters[i], place, va, vb))
				}
				for j := range letters {
					for first := range 2 {
						t.swap[va][vb][first][i][j] = hundredths(swapRule(letters[i], letters[j], va, vb, first == 1))
					}
				}
			}
		}
	}
	return t
}

const gAfterN = 40 // a g behind ng, left out

func hundredths(c float64) uint8 { return uint8(c*100 + 0.5) }

// soundDistance weighs the steps from one sound to the other, with what each
// side writes of its vowels. More than limit is told as more than limit.
func soundDistance(a, b string, va, vb Vowels, limit float32) float32 {
	if len(a) > maxFold {
		a = a[:maxFold]
	}
	if len(b) > maxFold {
		b = b[:maxFold]
	}
	most := int32(limit*100) + 1
	swap := &costs.swap[va][vb]
	var rows [3][maxFold + 1]int32
	var db [maxFold + 1]int32
	var ib [maxFold + 1]uint8
	prev2, prev, cur := &rows[0], &rows[1], &rows[2]
	for j := 1; j <= len(b); j++ {
		ib[j] = costs.of[b[j-1]]
		db[j] = dropAt(b, j-1, &costs.drop[vb][va])
		prev[j] = prev[j-1] + db[j]
	}
	low := int32(0)
	for i := 1; i <= len(a); i++ {
		c := a[i-1]
		da := dropAt(a, i-1, &costs.drop[va][vb])
		row := &swap[0][costs.of[c]]
		cur[0] = prev[0] + da
		last := low
		low = cur[0]
		for j := 1; j <= len(b); j++ {
			v := prev[j-1]
			if c != b[j-1] {
				if i == 1 && j == 1 {
					v += int32(swap[1][costs.of[c]][ib[1]])
				} else {
					v += int32(row[ib[j]])
				}
				if i > 1 && j > 1 && c == b[j-2] && a[i-2] == b[j-1] {
					v = min(v, prev2[j-2]+swapped)
				}
			}
			v = min(v, prev[j]+da, cur[j-1]+db[j])
			cur[j] = v
			low = min(low, v)
		}
		if low > most && last > most {
			return float32(most) / 100
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return float32(prev[len(b)]) / 100
}

func dropAt(s string, i int, t *[3][sounds]uint8) int32 {
	c := s[i]
	if c == 'g' && i > 0 && s[i-1] == 'N' {
		return gAfterN
	}
	place := between
	if i == 0 {
		place = atFirst
	} else if i == len(s)-1 {
		place = atLast
	}
	return int32(t[place][costs.of[c]])
}

// dropRule is what a sound left out costs; own says what the side it stands on
// writes of its vowels, other the side where it is missing.
func dropRule(c byte, place int, own, other Vowels) float64 {
	switch {
	case c == '\'':
		return 0.1
	case own == Absent && c == 'y' && place == atLast:
		return 0.8 // a final y is always said: Kamali is not Kamel
	case own == Absent && (isVowel(c) || c == 'w'):
		// A script that writes only long vowels means them.
		return 0.45
	case isVowel(c) && other == Absent:
		switch {
		case c == 'W':
			return 0.4
		case place == atFirst:
			return 0.55
		case place == atLast:
			return 0.35
		}
		return 0.1
	case isVowel(c) && (own == Near || other == Near):
		return 0.3
	case isVowel(c):
		if place == atFirst {
			return 0.8
		}
		return 0.5
	case c == 'v' && (own != Sure || other != Sure):
		return 0.7
	case c == 'w':
		if own != Sure || other != Sure {
			return 0.3
		}
		return 0.7
	case c == 'h':
		switch {
		case place == atFirst:
			return 0.7
		case place == atLast && own == Absent:
			return 0.1 // ه for ة, as Persian writes it: Usama ends in a vowel
		}
		return 0.35
	}
	return 1
}

// swapRule is what one sound put for another costs.
func swapRule(a, b byte, va, vb Vowels, first bool) float64 {
	sure := va == Sure && vb == Sure
	if va == Absent && vb != Absent {
		if c, ok := longVowel(a, b, first); ok {
			return c
		}
	} else if vb == Absent && va != Absent {
		if c, ok := longVowel(b, a, first); ok {
			return c
		}
	}
	vowelA, vowelB := isVowel(a) || a == '\'', isVowel(b) || b == '\''
	if vowelA && vowelB {
		if va == Near || vb == Near {
			return 0.6 * vowelCost(a, b)
		}
		return vowelCost(a, b)
	}
	if vowelA || vowelB {
		switch {
		case a == 'w' && (b == 'u' || b == 'o'), b == 'w' && (a == 'u' || a == 'o'):
			return 0.15
		case a == 'J' && (b == 'i' || b == 'y'), b == 'J' && (a == 'i' || a == 'y'):
			return 0.3
		}
		return 1.2
	}
	ca, cb := class(a), class(b)
	switch {
	case a == 'w' && b == 'v' || a == 'v' && b == 'w':
		return 0.2
	case a == 'v' && cb == 'P' || b == 'v' && ca == 'P':
		if !sure || a == 'f' || b == 'f' {
			return 0.35
		}
		return 0.7
	case a == 'G' && b == 'q' || a == 'q' && b == 'G':
		return 0.1 // Persian ق is written q or gh
	case a == 'C' && cb == 'K' || b == 'C' && ca == 'K':
		return 0.6 // ch is k in Greek, kh in German and Polish
	case (a == 'J' || a == 'Z') && (b == 'g' || b == 'y') || (b == 'J' || b == 'Z') && (a == 'g' || a == 'y'):
		return 0.5
	}
	if ca != cb || ca == 0 {
		return 1
	}
	switch {
	case ca == 'R':
		if va == Near || vb == Near {
			return 0.15
		}
		return 1
	case ca == 'P':
		if !sure {
			return 0.3
		}
		if (a == 'b' || a == 'p') && (b == 'b' || b == 'p') || (a == 'f' || a == 'v') && (b == 'f' || b == 'v') {
			return 0.45
		}
		return 0.7
	case ca == 'N' && a != b:
		if sure {
			return 0.5
		}
		return 0.2
	case ca == 'K' && (a == 'h' || b == 'h') && a != 'X' && b != 'X':
		return 0.6
	}
	return 0.35
}

// longVowel compares a letter of a script without short vowels that stands for a
// long vowel (or an ayn) with what the other side writes there.
func longVowel(l, o byte, first bool) (float64, bool) {
	switch l {
	case '\'':
		if isVowel(o) {
			return 0.05, true
		}
	case 'a':
		switch {
		case o == 'a':
			return 0, true
		case first && isVowel(o):
			return 0.05, true
		case o == 'e':
			return 0.1, true
		case isVowel(o):
			return 0.35, true
		}
	case 'w':
		switch {
		case o == 'o', o == 'u', o == 'W':
			return 0, true
		case o == 'v':
			return 0.1, true
		case isVowel(o):
			return 0.5, true
		}
	case 'y':
		switch {
		case o == 'i', o == 'y':
			return 0, true
		case o == 'e':
			return 0.1, true
		case o == 'J':
			return 0.3, true
		case isVowel(o):
			return 0.45, true
		}
	}
	return 0, false
}

func vowelCost(a, b byte) float64 {
	if a > b {
		a, b = b, a
	}
	switch {
	case a == 'i' && b == 'y', a == 'o' && b == 'u':
		return 0.2
	case a == 'W' && (b == 'u' || b == 'o'):
		return 0.1
	case a == 'e' && b == 'i', a == 'a' && b == 'e', a == 'e' && b == 'y':
		return 0.35
	}
	return 0.5
}
