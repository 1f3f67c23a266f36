package name

// A Timbre is what can be told of a token's sounds in one number: how many there
// are and what its script writes of them. An index keeps it beside the token and
// asks an Ear before it touches the token.
//
//	bits   0-5  how many sounds
//	      6-11  how many consonants in the skeleton
//	     12-13  Vowels
//	     14-18  Script
//	     19-24  how many of its first sounds the token before it has too, if told
type Timbre uint32

// TimbreOf gives a token's timbre.
func TimbreOf(t *Token) Timbre {
	return Timbre(min(len(t.Sound), 63)) | Timbre(min(len(t.Skel), 63))<<6 | Timbre(t.Vowels)<<12 | Timbre(t.Script)<<14
}

// After tells a token's timbre how many of its first sounds the one before it in
// a row has too; none, if the two do not write the same of their vowels.
func (m Timbre) After(before Timbre, sound, last string) Timbre {
	n := 0
	for m.vowels() == before.vowels() && n < min(len(sound), len(last), maxFold) && sound[n] == last[n] {
		n++
	}
	return m&(1<<19-1) | Timbre(n)<<19
}

// Shared is what After told.
func (m Timbre) Shared() int { return int(m >> 19) }

// Sounds is how many sounds there are.
func (m Timbre) Sounds() int { return int(m.sounds()) }

func (m Timbre) sounds() int32   { return int32(m & 63) }
func (m Timbre) skeleton() int32 { return int32(m >> 6 & 63) }
func (m Timbre) vowels() Vowels  { return Vowels(m >> 12 & 3) }
func (m Timbre) script() Script  { return Script(m >> 14 & 31) }
func (m Timbre) isSyllabic() bool {
	s := m.script()
	return (s == Han || s == Hangul) && m.vowels() == Sure
}

// An Ear tells cheaply that a token cannot meet others by their sounds: it
// measures how far these are apart. It says nothing of edits and groups.
//
// Tokens asked one after another share their first sounds if they lie in order:
// what was measured of these is used again. So is what was measured of one first
// sound, whatever follows it.
type Ear struct {
	own   Timbre
	sound string
	known [3]bool // the other's vowels: drops is filled
	pairs uint64  // two sounds here that follow each other, by pairBit

	drops     [3][maxFold]uint8         // the other's vowels, a place here: left out
	swaps     [3][sounds][maxFold]uint8 // the other's vowels, a sound of the other, a place here: put for it
	swapping  [3]uint64                 // the sounds that swaps holds
	begin     [maxFold]uint8
	columns   [maxFold + 2][maxFold + 1]uint16
	lowest    [maxFold + 2]uint16            // of each column
	firsts    [3][sounds][maxFold + 1]uint16 // the other's vowels, its first sound: the column of it
	lows      [3][sounds]uint16              // of each of firsts
	beginning [3]uint64                      // the sounds that firsts holds
	measured  int                            // columns that hold the first sounds of the token asked last
	// Measured counts the columns measured, for those who bound the work.
	Measured int
}

// Set tunes the ear to a token.
func (e *Ear) Set(t *Token) {
	e.own, e.sound, e.known, e.measured = TimbreOf(t), t.Sound[:min(len(t.Sound), maxFold)], [3]bool{}, 0
	e.swapping, e.beginning, e.pairs = [3]uint64{}, [3]uint64{}, 0
	for i := 1; i < len(e.sound); i++ {
		e.pairs |= pairBit(e.sound[i-1], e.sound[i])
	}
}

// pairBit is a bit for two sounds; other pairs may have the same.
func pairBit(a, b byte) uint64 { return 1 << ((a*7 + b) & 63) }

func (e *Ear) tune(vb Vowels) {
	for i := range e.sound {
		e.drops[vb][i] = uint8(dropAt(e.sound, i, &costs.drop[e.own.vowels()][vb]))
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
	return limit == noLimit || limit >= 0 && e.near(sound, m.vowels(), limit)
}

// near measures the distance of soundDistance, column by column of the other
// token's sounds, and says whether it is at most limit hundredths.
func (e *Ear) near(sound string, vb Vowels, limit int32) bool {
	if !e.known[vb] {
		e.tune(vb)
	}
	sound = sound[:min(len(sound), maxFold)]
	n, last := len(e.sound), len(sound)-1
	from := min(e.measured, max(last, 0)) // what ends a word may cost otherwise
	e.measured = from
	ours := e.drops[vb][:n]
	if from == 0 {
		e.columns[0][0], e.lowest[0] = 0, 0
		for i, d := range ours {
			e.columns[0][i+1] = e.columns[0][i] + uint16(d)
		}
	}
	most := uint16(min(limit, 1<<16-1))
	if from > 0 && e.lowest[from] > most && e.lowest[from-1] > most {
		return false
	}
	drop := &costs.drop[vb][e.own.vowels()]
	for j := from; j <= last; j++ {
		c := sound[j]
		switch {
		case j == 0:
			e.first(c, vb, uint16(dropAt(sound, 0, drop)), ours)
		case e.pairs&pairBit(c, sound[j-1]) != 0:
			e.Measured++
			e.turned(j, c, sound[j-1], e.putFor(c, vb), uint16(dropAt(sound, j, drop)), ours)
		default:
			e.Measured++
			dropped := uint32(0)
			if j == last || c == 'g' {
				dropped = uint32(dropAt(sound, j, drop))
			} else {
				dropped = uint32(drop[between][costs.of[c]])
			}
			e.lowest[j+1] = fill(e.columns[j+1][:n+1], e.columns[j][:n+1], e.putFor(c, vb)[:n], ours, dropped)
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

// fill fills the column behind prev, where no two sounds are in the other order,
// and gives its lowest.
func fill(cur, prev []uint16, put, ours []uint8, dropped uint32) uint16 {
	diagonal := uint32(prev[0])
	left := diagonal + dropped
	low := left
	cur[0] = uint16(left)
	prev, cur = prev[1:][:len(put)], cur[1:][:len(put)]
	ours = ours[:len(put)]
	for i, p := range put {
		up := uint32(prev[i])
		v := min(diagonal+uint32(p), up+dropped)
		diagonal = up
		left = min(v, left+uint32(ours[i]))
		cur[i] = uint16(left)
		low = min(low, left)
	}
	return uint16(low)
}

// turned is fill for the sound c in place j behind the sound before, where the
// other order of the two may stand here.
func (e *Ear) turned(j int, c, before byte, put *[maxFold]uint8, dropped uint16, ours []uint8) {
	own, prev, cur := e.sound, &e.columns[j], &e.columns[j+1]
	left := prev[0] + dropped
	low := left
	cur[0] = left
	for i := range len(own) {
		v := prev[i] + uint16(put[i])
		if i > 0 && own[i] == before && own[i-1] == c {
			v = min(v, e.columns[j-1][i-1]+swapped)
		}
		left = min(v, prev[i+1]+dropped, left+uint16(ours[i]))
		cur[i+1] = left
		low = min(low, left)
	}
	e.lowest[j+1] = low
}

// first fills the column of the sound c that begins the other word.
func (e *Ear) first(c byte, vb Vowels, dropped uint16, ours []uint8) {
	n, k := len(ours), costs.of[c]
	known := &e.firsts[vb][k]
	if bit := uint64(1) << k; e.beginning[vb]&bit == 0 || k == otherSound {
		e.Measured++
		e.begin = *e.putFor(c, vb)
		if n > 0 && e.sound[0] != c {
			e.begin[0] = costs.swap[e.own.vowels()][vb][1][costs.of[e.sound[0]]][k]
		}
		e.lowest[1] = fill(e.columns[1][:n+1], e.columns[0][:n+1], e.begin[:n], ours, uint32(dropped))
		copy(known[:n+1], e.columns[1][:n+1])
		e.lows[vb][k] = e.lowest[1]
		e.beginning[vb] |= bit
		return
	}
	copy(e.columns[1][:n+1], known[:n+1])
	e.lowest[1] = e.lows[vb][k]
}

// swapped is what two neighbours in the other order cost.
const swapped = 90

// putFor gives, for each place here, what it costs to put its sound for c.
func (e *Ear) putFor(c byte, vb Vowels) *[maxFold]uint8 {
	k := costs.of[c]
	row := &e.swaps[vb][k]
	if bit := uint64(1) << k; e.swapping[vb]&bit == 0 || k == otherSound {
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
