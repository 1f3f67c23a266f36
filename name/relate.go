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
	if best < likenessFloor || (how == Typo || how == Spelling) && contrary(a.Fold, b.Fold) {
		return 0, NoMeeting
	}
	return best, how
}

// contrary knows words that are near in letters and say the contrary: Eastern, Western.
func contrary(a, b string) bool {
	in := groups().contrary
	n := in[a]
	return n != 0 && n == in[b]
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
	syllabic := a.syllabic() || b.syllabic()
	if vowels == Sure && la >= 3 && lb >= 3 && !syllabic {
		limit := 1
		if la >= 6 && lb >= 6 {
			limit = 2
		}
		if d := Edits(a.Fold, b.Fold, limit); d <= limit {
			return relateTypo(a, b, d)
		}
	}
	if a.Skel == "" || b.Skel == "" {
		return 0, NoMeeting
	}
	same := a.Skel == b.Skel
	longest := float32(max(len(a.Sound), len(b.Sound)))
	switch {
	case syllabic:
		// A syllable of a Chinese or Korean name is a name: near is another one.
		if !same {
			return 0, NoMeeting
		}
		s := 1 - 0.8*soundDistance(a.Sound, b.Sound, a.Vowels, b.Vowels, 0.06*longest)/longest
		if s < 0.955 {
			return 0, NoMeeting
		}
		return s, Skeleton
	case !foreign && vowels == Sure:
		if !same {
			return 0, NoMeeting
		}
		s := 1 - soundDistance(a.Sound, b.Sound, Sure, Sure, 0.2*longest)/longest
		if s < 0.82 {
			return 0, NoMeeting
		}
		return min(s, 0.93), Spelling
	case !same && !(len(a.Skel) >= 3 && len(b.Skel) >= 3 && foreign && Edits(a.Skel, b.Skel, 1) <= 1):
		return 0, NoMeeting
	case vowels == Sure:
		// A table writes one sound where people write several.
		s := 1 - 0.8*soundDistance(a.Sound, b.Sound, Sure, Sure, 0.38*longest)/longest
		if s < 0.7 {
			return 0, NoMeeting
		}
		return s, Skeleton
	}
	n := float32(len(a.Sound)+len(b.Sound)) / 2
	if vowels == Absent {
		// Mostly the consonants speak.
		n = min(n, float32(len(a.Skel)+len(b.Skel))/2+1.5)
	}
	floor := float32(likenessFloor)
	if !same {
		floor = 0.70
	}
	s := 1 - soundDistance(a.Sound, b.Sound, a.Vowels, b.Vowels, (1-floor)*n)/n
	if s < floor {
		return 0, NoMeeting
	}
	return s, Skeleton
}

// relateTypo weighs one or two edits by what they change in the sound.
func relateTypo(a, b *Token, d int) (float32, How) {
	longest := float32(max(len(a.Fold), len(b.Fold)))
	c := max(0.25, min(soundDistance(a.Sound, b.Sound, Sure, Sure, float32(d)), float32(d)))
	if d == 2 && c > 0.2*longest {
		return 0, NoMeeting
	}
	if c < 0.7*float32(d) && a.Skel == b.Skel {
		return 1 - c/longest, Spelling
	}
	return 1 - c/longest, Typo
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
	switch {
	case len(b) == 0:
		return min(len(a), limit+1)
	case len(a) == 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]:
		return 1
	case limit == 1:
		return 2
	}
	// The first letters differ, so one of four edits is made here, and what is
	// left of both must be within one more.
	switch {
	case len(a)-len(b) < 2 && withinOne(a[1:], b[1:]), // changed
		withinOne(a[1:], b),                     // lost
		len(a) == len(b) && withinOne(a, b[1:]), // added
		len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && withinOne(a[2:], b[2:]): // swapped
		return 2
	}
	return 3
}

// withinOne says whether two words are at most one edit apart.
func withinOne(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 {
		return false
	}
	for len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	if len(b) == 0 {
		return true
	}
	if len(a) > len(b) {
		return a[1:] == b
	}
	return a[1:] == b[1:] || len(a) > 1 && a[0] == b[1] && a[1] == b[0] && a[2:] == b[2:]
}

// syllabic tokens are Han or Hangul read as a name's own syllables.
func (t *Token) syllabic() bool {
	return (t.Script == Han || t.Script == Hangul) && t.Vowels == Sure
}
