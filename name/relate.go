package name

// How says in which way two tokens met.
type How uint8

const (
	NoMeeting      How = iota
	Equal              // the same letters
	Transliterated     // the same letters once written in Latin
	Variant            // another usual spelling of one name
	Nickname           // William and Bill
	Spelling           // sounds the same: other vowels or kindred consonants
	Typo               // a letter or two changed, added, lost or swapped
	InitialOf          // V. for Vladimir
	Joined             // one token on one side, two or three on the other
	Shifted            // a letter on the other side of a border
	SameNumber         //
	Skeleton           // the consonants meet across scripts
)

var howWords = [...]string{"", "equal", "transliteration", "variant", "nickname", "spelling", "typo",
	"initial", "joined", "border shift", "number", "skeleton"}

func (h How) String() string { return howWords[min(int(h), len(howWords)-1)] }

// MarshalText writes the word for how.
func (h How) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// The likeness of two tokens below which they do not meet at all.
const likenessFloor = 0.55

// Relate compares two tokens of class Word: 1 is the same, 0 is no meeting. It
// is symmetric. An index may rely on this: tokens meet only if
//
//   - their Folds are equal, or within one edit (both of at least three
//     letters), or within two edits (both of at least six), or
//   - they share a variant or nickname group, or
//   - their Skels are equal and not empty, or
//   - their Scripts differ and their Skels, both of at least three classes, are
//     within one edit.
//
// An edit is a letter changed, added, lost, or swapped with its neighbour.
func Relate(a, b *Token) (float32, How) {
	if a.Class == Number || b.Class == Number {
		if a.Class == b.Class && a.Fold == b.Fold {
			return 1, SameNumber
		}
		return 0, NoMeeting
	}
	if a.Native != "" && b.Native != "" && a.Native != b.Native {
		return relateNative(a, b)
	}
	if a.Fold == b.Fold {
		if a.Table != b.Table {
			return 1, Transliterated
		}
		return 1, Equal
	}
	if a.Group[0] != 0 && a.Group[0] == b.Group[0] {
		return 0.95, Variant
	}
	best, how := float32(0), NoMeeting
	if a.Group[1] != 0 && a.Group[1] == b.Group[1] {
		best, how = 0.85, Nickname
	}
	s, h := relateLetters(a, b)
	if s > best {
		best, how = s, h
	}
	if best < likenessFloor {
		return 0, NoMeeting
	}
	return best, how
}

// relateNative compares two spellings in Han or in Hangul: there each sign is a
// word, and another sign is another name.
func relateNative(a, b *Token) (float32, How) {
	if a.Fold == b.Fold && a.Table == b.Table && a.Script == Han {
		// The same sound by other signs: simplified and traditional, or a homophone.
		return 0.9, Spelling
	}
	if a.Table != b.Table || a.Script == Hangul && len(a.Native) <= 3 || len(b.Native) <= 3 {
		if a.Group[0] != 0 && a.Group[0] == b.Group[0] && a.Table == b.Table && len(a.Native) == 3 {
			return variantSyllable(a, b)
		}
		return 0, NoMeeting
	}
	ra, rb := []rune(a.Native), []rune(b.Native)
	if len(ra) < 4 || len(rb) < 4 {
		return 0, NoMeeting
	}
	if s, h := relateLetters(a, b); s > 0.8 {
		return s, h
	}
	return 0, NoMeeting
}

// variantSyllable: 이 and 리 are one surname south and north; 정 and 종 are not one
// syllable though both are written Jong.
func variantSyllable(a, b *Token) (float32, How) {
	switch {
	case dropsInitial(a.Fold, b.Fold), dropsInitial(b.Fold, a.Fold):
		return 0.95, Variant
	}
	return 0, NoMeeting
}

func dropsInitial(long, short string) bool {
	return len(long) == len(short)+1 && (long[0] == 'r' || long[0] == 'n') && long[1:] == short
}

// relateLetters compares by edits, sounds and consonants.
func relateLetters(a, b *Token) (float32, How) {
	la, lb := len(a.Fold), len(b.Fold)
	vowels := max(a.Vowels, b.Vowels)
	foreign := a.Script != b.Script
	if !foreign && vowels == Absent {
		// Two words in a script without vowels: what is written must agree.
		if la >= 5 && lb >= 5 && a.Fold[0] == b.Fold[0] && Edits(a.Fold, b.Fold, 1) <= 1 {
			return 1 - 0.9/float32(max(la, lb)), Typo
		}
		return 0, NoMeeting
	}
	if vowels == Sure && la >= 3 && lb >= 3 && !a.syllabic() && !b.syllabic() {
		limit := 1
		if la >= 6 && lb >= 6 {
			limit = 2
		}
		if d := Edits(a.Fold, b.Fold, limit); d <= limit {
			c := min(soundDistance(a.Sound, b.Sound, Sure, Sure), float32(d))
			c = max(c, 0.25)
			if d == 2 && c > 0.2*float32(max(la, lb)) {
				return 0, NoMeeting
			}
			how := Typo
			if c < 0.7*float32(d) && a.Skel == b.Skel {
				how = Spelling
			}
			return 1 - c/float32(max(la, lb)), how
		}
	}
	if a.Skel == "" || b.Skel == "" {
		return 0, NoMeeting
	}
	if a.syllabic() || b.syllabic() {
		// A syllable of a Chinese or Korean name is a name: near is another one.
		if a.Skel != b.Skel {
			return 0, NoMeeting
		}
		s := 1 - 0.8*soundDistance(a.Sound, b.Sound, a.Vowels, b.Vowels)/float32(max(len(a.Sound), len(b.Sound)))
		if s < 0.955 {
			return 0, NoMeeting
		}
		return s, Skeleton
	}
	same := a.Skel == b.Skel
	if !same && !(foreign && len(a.Skel) >= 3 && len(b.Skel) >= 3 && Edits(a.Skel, b.Skel, 1) <= 1) {
		return 0, NoMeeting
	}
	if gap := max(len(a.Sound), len(b.Sound)) - min(len(a.Sound), len(b.Sound)); vowels == Sure && !foreign &&
		0.34*float32(gap) > 0.2*float32(max(len(a.Sound), len(b.Sound))) {
		return 0, NoMeeting // every sound left out costs at least 0.35
	}
	c := soundDistance(a.Sound, b.Sound, a.Vowels, b.Vowels)
	n := float32(max(len(a.Sound), len(b.Sound)))
	if vowels != Sure {
		n = float32(len(a.Sound)+len(b.Sound)) / 2
		if vowels == Absent {
			// Mostly the consonants speak.
			n = min(n, float32(len(a.Skel)+len(b.Skel))/2+1.5)
		}
	} else if foreign {
		c *= 0.8 // a table writes one sound where people write several
	}
	s := 1 - c/n
	switch {
	case vowels != Sure && (same || s >= 0.75):
		return s, Skeleton
	case foreign && s >= 0.7:
		return s, Skeleton
	case !foreign && s >= 0.8:
		return min(s, 0.93), Spelling
	}
	return 0, NoMeeting
}

// Edits counts letters changed, added, lost or swapped with a neighbour; more
// than limit (at most 2) is told as limit+1.
func Edits(a, b string, limit int) int {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > limit {
		return limit + 1
	}
	for len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(b) == 0 {
		return min(len(a), limit+1)
	}
	if limit == 1 {
		if len(a) == 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0] {
			return 1
		}
		return 2
	}
	if len(b) > maxFold*4 {
		return limit + 1
	}
	var r0, r1, r2 [maxFold*4 + 1]uint8
	prev2, prev, cur := &r0, &r1, &r2
	for j := 0; j <= len(b); j++ {
		prev[j] = uint8(min(j, 200))
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = uint8(min(i, 200))
		low := cur[0]
		for j := 1; j <= len(b); j++ {
			v := prev[j-1]
			if a[i-1] != b[j-1] {
				v++
			}
			v = min(v, prev[j]+1, cur[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				v = min(v, prev2[j-2]+1)
			}
			cur[j] = v
			low = min(low, v)
		}
		if int(low) > limit+1 {
			return limit + 1
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return min(int(prev[len(b)]), limit+1)
}

// syllabic tokens are Han or Hangul read as a name's own syllables.
func (t *Token) syllabic() bool {
	return (t.Script == Han || t.Script == Hangul) && t.Vowels == Sure
}

// soundDistance weighs the steps from one sound to the other, with what each
// side writes of its vowels.
func soundDistance(a, b string, va, vb Vowels) float32 {
	if len(a) > maxFold {
		a = a[:maxFold]
	}
	if len(b) > maxFold {
		b = b[:maxFold]
	}
	var r0, r1, r2, db [maxFold + 1]float32
	prev2, prev, cur := &r0, &r1, &r2
	for j := 1; j <= len(b); j++ {
		db[j] = dropCost(b, j-1, vb, va)
		prev[j] = prev[j-1] + db[j]
	}
	for i := 1; i <= len(a); i++ {
		da := dropCost(a, i-1, va, vb)
		cur[0] = prev[0] + da
		for j := 1; j <= len(b); j++ {
			v := prev[j-1]
			if a[i-1] != b[j-1] {
				v += swapCost(a[i-1], b[j-1], va, vb, i == 1 && j == 1)
			}
			v = min(v, prev[j]+da, cur[j-1]+db[j])
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && a[i-1] != b[j-1] {
				v = min(v, prev2[j-2]+0.9)
			}
			cur[j] = v
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}

// dropCost is what a sound left out costs; own says what the side it stands on
// writes of its vowels, other the side where it is missing.
func dropCost(s string, i int, own, other Vowels) float32 {
	c := s[i]
	switch {
	case c == '\'':
		return 0.1
	case own == Absent && (isVowel(c) || c == 'w'):
		// A script that writes only long vowels means them.
		return 0.45
	case isVowel(c) && other == Absent:
		switch {
		case c == 'W':
			return 0.4
		case i == 0:
			return 0.55
		case i == len(s)-1:
			return 0.35
		}
		return 0.1
	case isVowel(c) && (own == Near || other == Near):
		return 0.3
	case isVowel(c):
		if i == 0 {
			return 0.8
		}
		return 0.5
	case c == 'g' && i > 0 && s[i-1] == 'N':
		return 0.4
	case c == 'v' && (own != Sure || other != Sure):
		return 0.7
	case c == 'w':
		if own != Sure || other != Sure {
			return 0.3
		}
		return 0.7
	case c == 'h':
		if i == 0 {
			return 0.7
		}
		return 0.35
	}
	return 1
}

// swapCost is what one sound put for another costs.
func swapCost(a, b byte, va, vb Vowels, first bool) float32 {
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
func longVowel(l, o byte, first bool) (float32, bool) {
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

func vowelCost(a, b byte) float32 {
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
