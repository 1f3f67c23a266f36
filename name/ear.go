package name

import "math/bits"

// A Timbre is what can be told of a token's sounds in one number: which there
// are, how many, and what its script writes of them. An index keeps it beside
// the token and asks an Ear before it touches the token.
//
//	bits  0-38  the sounds, as costTable numbers them
//	     39-44  how many sounds
//	     45-50  how many consonants in the skeleton
//	     51-52  Vowels
//	     53-57  Script
//	     58-63  how many of its first sounds the token before it has too, if told
type Timbre uint64

const (
	soundBits   = 39
	soundMask   = 1<<soundBits - 1
	vowelSounds = Timbre(1<<0 | 1<<('e'-'a') | 1<<('i'-'a') | 1<<('o'-'a') | 1<<('u'-'a') | 1<<('y'-'a') | 1<<36 | 1<<37) // W and '
)

// TimbreOf gives a token's timbre.
func TimbreOf(t *Token) Timbre {
	m := Timbre(0)
	for i := 0; i < len(t.Sound); i++ {
		m |= 1 << costs.of[t.Sound[i]]
	}
	return m | Timbre(min(len(t.Sound), 63))<<39 | Timbre(min(len(t.Skel), 63))<<45 | Timbre(t.Vowels)<<51 | Timbre(t.Script)<<53
}

// After tells a token's timbre how many of its first sounds the one before it in
// a row has too; none, if the two do not write the same of their vowels.
func (m Timbre) After(before Timbre, sound, last string) Timbre {
	n := 0
	for m.vowels() == before.vowels() && n < min(len(sound), len(last), maxFold) && sound[n] == last[n] {
		n++
	}
	return m&(1<<58-1) | Timbre(n)<<58
}

// Shared is what After told.
func (m Timbre) Shared() int { return int(m >> 58) }

// Sounds is how many sounds there are.
func (m Timbre) Sounds() int { return int(m.sounds()) }

func (m Timbre) sounds() int32   { return int32(m >> 39 & 63) }
func (m Timbre) skeleton() int32 { return int32(m >> 45 & 63) }
func (m Timbre) vowels() Vowels  { return Vowels(m >> 51 & 3) }
func (m Timbre) script() Script  { return Script(m >> 53 & 31) }
func (m Timbre) isSyllabic() bool {
	s := m.script()
	return (s == Han || s == Hangul) && m.vowels() == Sure
}

// An Ear tells cheaply that a token cannot meet others by their sounds: each
// sound that only one of two tokens has must be left out or put for another, and
// the least that costs is tabled. What passes is measured sound by sound. It says
// nothing of edits and groups.
//
// Tokens asked one after another share their first sounds if they lie in order:
// what was measured of these is used again.
type Ear struct {
	own   Timbre
	sound string
	least [3][soundBits]uint8 // the other's vowels, a sound of the other that is not here: its least cost
	known [3]bool

	drops    [3][maxFold]uint8         // the other's vowels, a place here: left out
	swaps    [3][sounds][maxFold]uint8 // the other's vowels, a sound of the other, a place here: put for it
	swapping [3]uint64                 // the sounds that swaps holds
	begin    [maxFold]uint8
	columns  [maxFold + 2][maxFold + 1]uint16
	lowest   [maxFold + 2]uint16 // of each column
	measured int                 // columns that hold the first sounds of the token asked last
	// Measured counts the columns measured, for those who bound the work.
	Measured int
}

// Set tunes the ear to a token.
func (e *Ear) Set(t *Token) {
	e.own, e.sound, e.known, e.swapping, e.measured = TimbreOf(t), t.Sound[:min(len(t.Sound), maxFold)], [3]bool{}, [3]uint64{}, 0
}

func (e *Ear) tune(vb Vowels) {
	va := e.own.vowels()
	for y := range e.least[vb] {
		least := costs.left[vb][va][y]
		for m := e.own & soundMask; m != 0; m &= m - 1 {
			x := bits.TrailingZeros64(uint64(m))
			least = min(least, costs.put[va][vb][x][y])
		}
		e.least[vb][y] = least
	}
	for i := range e.sound {
		e.drops[vb][i] = uint8(dropAt(e.sound, i, &costs.drop[va][vb]))
	}
	e.known[vb] = true
}

// Another begins a row of tokens that share nothing with the one asked last.
func (e *Ear) Another() { e.measured = 0 }

// MayMeet says whether a token with this timbre and these sounds may meet the
// ear's token by them, sameSkel if their skeletons are equal. False is sure, true
// is not. If the timbre knows which sounds are shared (After), the tokens are asked
// in their order.
func (e *Ear) MayMeet(m Timbre, sound string, sameSkel bool) bool {
	e.measured = min(e.measured, m.Shared())
	limit := e.limit(m, sameSkel)
	if limit < 0 || !e.mayHear(m, limit) {
		return false
	}
	return limit == noLimit || e.near(sound, m.vowels(), limit)
}

// near measures the distance of soundDistance, column by column of the other
// token's sounds, and says whether it is at most limit hundredths.
func (e *Ear) near(sound string, vb Vowels, limit int32) bool {
	sound = sound[:min(len(sound), maxFold)]
	n, last := len(e.sound), len(sound)-1
	from := min(e.measured, max(last, 0)) // what ends a word may cost otherwise
	e.measured = from
	if from == 0 {
		e.columns[0][0], e.lowest[0] = 0, 0
		for i := range n {
			e.columns[0][i+1] = e.columns[0][i] + uint16(e.drops[vb][i])
		}
	}
	most := uint16(min(limit, 1<<16-1))
	if from > 0 && e.lowest[from] > most && e.lowest[from-1] > most {
		return false
	}
	drop, ours := &costs.drop[vb][e.own.vowels()], e.drops[vb][:n]
	for j := from; j <= last; j++ {
		e.Measured++
		c := sound[j]
		dropped := uint16(dropAt(sound, j, drop))
		left := e.columns[j][0] + dropped
		e.columns[j+1][0] = left
		switch {
		case j == 0 && n > 0:
			e.column(j, c, 0, e.first(c, vb), left, dropped, ours)
		case j > 0 && (e.own>>costs.of[sound[j-1]])&(e.own>>costs.of[c])&1 != 0:
			e.column(j, c, sound[j-1], e.putFor(c, vb), left, dropped, ours)
		default:
			// the same as column, where no two sounds can be in the other order
			prev := e.columns[j][1 : n+1]
			cur, put := e.columns[j+1][1 : n+1][:len(prev)], e.putFor(c, vb)[:len(prev)]
			diagonal, low, own := e.columns[j][0], left, ours[:len(prev)]
			for i, up := range prev {
				left = min(diagonal+uint16(put[i]), up+dropped, left+uint16(own[i]))
				diagonal = up
				cur[i] = left
				low = min(low, left)
			}
			e.lowest[j+1] = low
		}
		if j < last {
			e.measured = j + 1
		}
		if e.lowest[j+1] > most && e.lowest[j] > most {
			return false
		}
	}
	return e.columns[last+1][n] <= most
}

// column fills one column: that of the sound c in place j behind the sound before.
func (e *Ear) column(j int, c, before byte, put *[maxFold]uint8, left, dropped uint16, ours []uint8) {
	own, prev, cur := e.sound, &e.columns[j], &e.columns[j+1]
	low := left
	for i := range len(own) {
		v := prev[i] + uint16(put[i])
		if j > 0 && i > 0 && own[i] == before && own[i-1] == c {
			v = min(v, e.columns[j-1][i-1]+swapped)
		}
		left = min(v, prev[i+1]+dropped, left+uint16(ours[i]))
		cur[i+1] = left
		low = min(low, left)
	}
	e.lowest[j+1] = low
}

// first is putFor where both words begin.
func (e *Ear) first(c byte, vb Vowels) *[maxFold]uint8 {
	e.begin = *e.putFor(c, vb)
	if e.sound[0] != c {
		e.begin[0] = costs.swap[e.own.vowels()][vb][1][costs.of[e.sound[0]]][costs.of[c]]
	}
	return &e.begin
}

// swapped is what two neighbours in the other order cost.
const swapped = 90

// putFor gives, for each place here, what it costs to put its sound for c.
func (e *Ear) putFor(c byte, vb Vowels) *[maxFold]uint8 {
	k := costs.of[c]
	row := &e.swaps[vb][k]
	if bit := uint64(1) << k; e.swapping[vb]&bit == 0 || k == soundBits-1 {
		swap := &costs.swap[e.own.vowels()][vb][0]
		for i := range len(e.sound) {
			row[i] = 0
			if e.sound[i] != c {
				row[i] = swap[costs.of[e.sound[i]]][k]
			}
		}
		e.swapping[vb] |= bit
	}
	return row
}

const noLimit = 1 << 20

// limit is how far apart in hundredths of a sound the tokens may be, as
// relateLetters has it and a little more, for costs are rounded; below 0 if they
// never meet by their sounds.
func (e *Ear) limit(m Timbre, sameSkel bool) int32 {
	vowels := max(e.own.vowels(), m.vowels())
	la, lb := e.own.sounds(), m.sounds()
	if la >= maxFold || lb >= maxFold || m.isSyllabic() || e.own.isSyllabic() {
		return noLimit
	}
	switch foreign := m.script() != e.own.script(); {
	case !foreign && (vowels == Absent || vowels == Sure && !sameSkel):
		return -1
	case !foreign && vowels == Sure:
		return 18*max(la, lb) + 1
	case vowels == Sure:
		return 75*max(la, lb)/2 + 1
	}
	n2 := la + lb // twice n
	if vowels == Absent {
		n2 = min(n2, e.own.skeleton()+m.skeleton()+3)
	}
	if !sameSkel {
		return 30*n2/2 + 1
	}
	return 45*n2/2 + 1
}

// mayHear adds up the least that the sounds cost which only one has.
func (e *Ear) mayHear(m Timbre, limit int32) bool {
	va, vb := e.own.vowels(), m.vowels()
	if !e.known[vb] {
		e.tune(vb)
	}
	theirs := (m &^ e.own) & soundMask
	ours := (e.own &^ m) & soundMask
	vowelsTheirs, vowelsOurs, othersTheirs, othersOurs := int32(0), int32(0), int32(0), int32(0)
	least := &e.least[vb]
	for x := theirs & vowelSounds; x != 0; x &= x - 1 {
		vowelsTheirs += int32(least[bits.TrailingZeros64(uint64(x))])
	}
	for x := theirs &^ vowelSounds; x != 0; x &= x - 1 {
		othersTheirs += int32(least[bits.TrailingZeros64(uint64(x))])
	}
	if vowelsTheirs+othersTheirs > limit {
		return false
	}
	kin, near, far := &costs.kin[va][vb], &costs.near[va][vb], &costs.far[va][vb]
	for x := ours & vowelSounds; x != 0; x &= x - 1 {
		vowelsOurs += leastOf(bits.TrailingZeros64(uint64(x)), m, kin, near, far)
	}
	for x := ours &^ vowelSounds; x != 0; x &= x - 1 {
		othersOurs += leastOf(bits.TrailingZeros64(uint64(x)), m, kin, near, far)
	}
	return max(vowelsTheirs, vowelsOurs)+max(othersTheirs, othersOurs) <= limit
}

func leastOf(x int, m Timbre, kin *[soundBits]Timbre, near, far *[soundBits]uint8) int32 {
	if kin[x]&m != 0 {
		return int32(near[x])
	}
	return int32(far[x])
}

// leastTables are the least that a sound costs which the other side has not.
type leastTables struct {
	left [3][3][soundBits]uint8            // own, other: left out
	put  [3][3][soundBits][soundBits]uint8 // put for one of the other; half, where one is a vowel and one is not, for both sides count it
	kin  [3][3][soundBits]Timbre           // the sounds it is cheaply put for
	near [3][3][soundBits]uint8            // where the other has one of them
	far  [3][3][soundBits]uint8            // and where it has none
}

const kinCost = 60

func (t *costTable) fillLeast(letters string) {
	for va := Sure; va <= Absent; va++ {
		for vb := Sure; vb <= Absent; vb++ {
			for x := range soundBits {
				left := uint8(255)
				for place := range t.drop[va][vb] {
					left = min(left, t.drop[va][vb][place][x])
				}
				if letters[x] == 'g' {
					left = min(left, gAfterN)
				}
				t.left[va][vb][x] = left
				near, far := left, left
				for y := range soundBits {
					c := min(t.swap[va][vb][0][x][y], t.swap[va][vb][1][x][y])
					if vowelSounds>>x&1 != vowelSounds>>y&1 {
						c /= 2
					}
					t.put[va][vb][x][y] = c
					if x == y {
						continue
					}
					if c < kinCost {
						t.kin[va][vb][x] |= 1 << y
						near = min(near, c)
					} else {
						far = min(far, c)
					}
				}
				t.near[va][vb][x], t.far[va][vb][x] = min(near, far), far
			}
		}
	}
}
