package name

import (
	"strconv"
	"strings"
	"sync"
)

// Class is what a token does in a name.
type Class uint8

const (
	Word     Class = iota // carries the name
	Particle              // al, bin, de la, the, of: never decides
	Title                 // Mr, Haji, General: nothing is lost without it
	Form                  // Ltd, AG, joint stock company
	Initial               // one letter standing for a word
	Number                // 5, V, five: compared by value
	Abd                   // abd al-, abdul: half of a name
)

var classWords = [...]string{"word", "particle", "title", "form", "initial", "number", "abd"}

func (c Class) String() string { return classWords[min(int(c), len(classWords)-1)] }

// MarshalText writes the class's word.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Token is one part of a name, ready to be compared. Two tokens with the same
// Fold, Sound, Native, Class, Script and Vowels are the same token.
type Token struct {
	Fold   string   // plain Latin letters, none doubled
	Sound  string   // one byte a sound
	Skel   string   // consonant classes
	Native string   // the Han or Hangul spelling, which decides between two of them
	Class  Class    //
	Script Script   // the script it was written in
	Vowels Vowels   // whether its vowels can be trusted
	Group  [2]int16 // spelling variants (0) and nicknames (1): same number, same name; 0 none
	Soft   bool     // a patronymic or an honour: left over on one side it costs little
	Weight float32  // how much it tells, by the rarity table
	Table  Table    // the transliteration table
	// where it stands in what was read of the text (Prepared.read), if that was
	// asked for (Trace)
	from, upto uint16
}

// Reading is one way to read a name: its tokens in order.
type Reading []Token

// Prepared is a name ready to be compared. Text in another script may have more
// than one reading: 金正恩 is Jin Zhengen in Mandarin and Kim Jong Un in Korean.
type Prepared struct {
	Text     string
	Kind     Kind
	Readings []Reading
	Body     []bool // by reading: read as a body's name and not a person's
	read     string // the text as it was read, in plain forms of its letters
}

// wordRole is what a word does beside a name.
type wordRole uint8

const (
	noRole wordRole = iota
	titleRole
	particleRole
)

type wordEntry struct {
	number    string
	family    string
	isRoman   bool
	isNumber  bool
	title     bool
	honour    bool
	particle  bool
	bare      wordRole // of the consonants of a script without vowels
	stop      bool
	form      bool
	vesselPre bool
	troops    bool
}

var words = sync.OnceValue(func() map[string]*wordEntry {
	m := map[string]*wordEntry{}
	for _, row := range rows("words.csv") {
		w := squeeze(row[0])
		if row[1] == "roman" {
			w = row[0] // I, II and III are three numbers
		}
		e := m[w]
		if e == nil {
			e = &wordEntry{}
			m[w] = e
		}
		switch row[1] {
		case "title":
			e.title = true
		case "particle":
			e.particle = true
		case "bare title":
			e.bare = titleRole
		case "bare particle":
			e.bare = particleRole
		case "honour":
			e.honour = true
		case "stop":
			e.stop = true
		case "form":
			e.form, e.family = true, row[2]
		case "number":
			e.isNumber, e.number = true, row[2]
		case "roman":
			e.isRoman, e.number = true, row[2]
		case "vessel":
			e.vesselPre = true
		case "troops":
			e.troops = true
		}
	}
	return m
})

type formPhrase struct {
	words  []string
	family string
}

// formPhrases holds the company forms of several words, by their first word.
var formPhrases = sync.OnceValue(func() map[string][]formPhrase {
	m := map[string][]formPhrase{}
	for _, row := range rows("forms.csv") {
		ws := strings.Fields(row[0])
		for i := range ws {
			ws[i] = squeeze(ws[i])
		}
		m[ws[0]] = append(m[ws[0]], formPhrase{ws, row[1]})
	}
	return m
})

type groupTable struct {
	of       map[string][2]int16
	bare     map[string][2]int16 // by the consonants of a script without vowels
	words    [][]string          // by group number
	contrary map[string]int16    // words near in letters that say the contrary
}

var groups = sync.OnceValue(func() groupTable {
	t := groupTable{of: map[string][2]int16{}, bare: map[string][2]int16{}, words: [][]string{nil}, contrary: map[string]int16{}}
	for i, row := range rows("groups.csv") {
		if row[0] == "contrary" {
			for _, w := range strings.Fields(row[1]) {
				t.contrary[squeeze(w)] = int16(i) + 1
			}
			continue
		}
		n := int16(len(t.words))
		var ws []string
		k := 0
		if row[0] == "nickname" {
			k = 1
		}
		for _, w := range strings.Fields(row[1]) {
			of := t.of
			w, bare := strings.CutPrefix(squeeze(w), "~")
			if bare {
				of = t.bare
			}
			g := of[w]
			if g[k] == 0 {
				g[k] = n
				of[w] = g
				ws = append(ws, w)
			}
		}
		t.words = append(t.words, ws)
	}
	return t
})

// GroupWords lists the folds that share a spelling-variant or nickname group
// with a token; an index looks them up.
func GroupWords(g [2]int16) (variants, nicknames []string) {
	t := groups()
	if g[0] > 0 {
		variants = t.words[g[0]]
	}
	if g[1] > 0 {
		nicknames = t.words[g[1]]
	}
	return
}

// pinyinSounds writes what pinyin spells in a way of its own.
var pinyinSounds = strings.NewReplacer("q", "ch", "x", "sh", "zh", "j", "ch", "ch", "c", "ts")

// newToken builds a token from its Latin spelling. Its three spellings share one
// string.
func newToken(latin, native string, table Table, s Script, kind Kind) Token {
	t := Token{Native: native, Table: table, Script: s, Vowels: s.vowels()}
	var room [4 * (maxFold + 4)]byte
	fold := appendSqueezed(room[:0], latin, true, false)
	n := len(fold)
	var long [maxFold + 4]byte
	sounded := latin
	if table == Pinyin {
		sounded = pinyinSounds.Replace(strings.Clone(latin)) // so that latin stays where it is
	}
	b := appendSound(fold, appendSqueezed(long[:0], sounded, false, s == Latin))
	m := len(b)
	b = appendSkeleton(b, b[n:m])
	all := string(b)
	t.Fold, t.Sound, t.Skel = all[:n], all[n:m], all[m:]
	if kind != Person && table == NoTable && len(latin) <= 5 && len(latin) != n {
		if e := words()[latin]; e != nil && e.isRoman {
			t.Fold = strings.Clone(latin)
		}
	}
	switch {
	case t.Vowels == Absent:
		t.Group = groups().bare[t.Fold]
	case table != Pinyin && (len(t.Fold) > 1 || s == Hangul): // 이 is Lee, and I is not
		t.Group = groups().of[t.Fold]
	}
	return t
}

// classify gives each token its class and weight; it may join tokens (company
// forms of several words, number words, abd al-) and so appends to another slice.
func classify(out, ts []Token, kind Kind) []Token {
	if kind == Person {
		return classifyPerson(out, ts)
	}
	return classifyBody(out, ts, kind)
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// ordinal is the number of 1st, 22nd, 103rd.
func ordinal(s string) (digits string, ok bool) {
	if len(s) < 3 || !isDigits(s[:len(s)-2]) {
		return "", false
	}
	switch digits = s[:len(s)-2]; s[len(s)-2:] {
	case "st", "nd", "rd", "th":
		return digits, true
	}
	return "", false
}

// serial is the number of a body or a ship, with the letter that some have: 12, 12th,
// 12a.
func serial(s string) (string, bool) {
	digits, ok := ordinal(s)
	switch {
	case ok:
	case isDigits(s), len(s) > 1 && isDigits(s[:len(s)-1]) && s[len(s)-1] >= 'a' && s[len(s)-1] <= 'z':
		digits = s
	default:
		return "", false
	}
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		digits = "0"
	}
	return digits, true
}

// isIMO knows the seven digits of a ship's number by the check digit, the sum of the
// others times their places from the end (IMO resolution A.1117(30)).
func isIMO(s string) bool {
	if len(s) != 7 || !isDigits(s) {
		return false
	}
	sum := 0
	for i := range 6 {
		sum += int(s[i]-'0') * (7 - i)
	}
	return sum%10 == int(s[6]-'0')
}

func classifyPerson(dst, ts []Token) []Token {
	table := words()
	out := dst[len(dst):]
	nwords := 0
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		e := table[t.Fold]
		role := e.roleOf(&t)
		// abd al-X and abdul X are one thing.
		if abd, rest := splitAbd(t); abd {
			a := t
			a.Fold, a.Sound, a.Skel, a.Native, a.Group = "abdul", "abdul", "PTR", "", [2]int16{}
			a.Class, a.Weight = Abd, 0
			if rest == "" {
				if i+1 < len(ts) && isArticle(ts[i+1].Fold) {
					i++
					a.upto = ts[i].upto
				}
				if i+1 < len(ts) && isAllah(ts[i+1].Fold) {
					n := newToken("abdullah", "", t.Table, Latin, Person)
					n.Script, n.Vowels = t.Script, t.Vowels
					n.from, n.upto = t.from, ts[i+1].upto
					out = append(out, n)
					nwords++
					i++
					continue
				}
				if i+1 < len(ts) {
					out = append(out, a)
					continue
				}
				a = t
				a.Class = Word
				out = append(out, a)
				nwords++
				continue
			}
			r := newToken(rest, "", t.Table, Latin, Person)
			r.Script, r.Vowels, r.from, r.upto = t.Script, t.Vowels, t.from, t.upto
			out = append(out, a, r)
			nwords++
			continue
		}
		switch {
		case isDigits(t.Fold):
			t.Class = Number
		case nwords > 0 && halfOf(t.Fold) != "":
			h := newToken(halfOf(t.Fold), "", t.Table, Latin, Person)
			t.Fold, t.Sound, t.Skel, t.Group = h.Fold, h.Sound, h.Skel, [2]int16{}
			t.Class, t.Weight = Abd, 0
		case nwords > 0 && isAllah(t.Fold):
			t.Fold, t.Sound, t.Skel, t.Group = "alah", "alah", "R", [2]int16{}
			t.Class, t.Weight = Abd, 0
		case role == titleRole && !(i == len(ts)-1 && i > 0 && isArticle(ts[i-1].Fold)):
			t.Class = Title // but the last word behind an article is a name: Al al-Shaykh
		case i > 0 && i+1 < len(ts) && isSunArticle(&t, ts[i+1].Fold):
			t.Class = Particle
		case role == particleRole && !(len(ts) <= 2 && !isArticle(t.Fold) && !isSon(t.Fold)):
			t.Class = Particle
		case len(t.Fold) == 1 && t.Fold[0] < 0x80 && t.Native == "" && t.Vowels != Absent:
			t.Class = Initial
		case e != nil && e.form && i == len(ts)-1 && nwords >= 2 && t.Table == NoTable && len(t.Fold) <= 4 && t.Fold != "co" && t.Fold != "jo" && t.Group == [2]int16{}:
			t.Class = Title // a company form behind a person's name says nothing
		default:
			nwords++
		}
		out = append(out, t)
	}
	// A name of nothing but titles and particles is compared by them.
	if nwords == 0 {
		for i := range out {
			out[i].Class = Word
		}
	}
	for i := range out {
		if out[i].Class == Word && out[i].Weight != 0 {
			continue // weighed when it was read
		}
		out[i].Soft = out[i].Class == Word && isSoft(out[i].Fold, table)
		out[i].Weight = weigh(out[i], Person)
	}
	return append(dst, out...)
}

// isSoft knows patronymics by their endings, and honours that follow a name.
func isSoft(fold string, table map[string]*wordEntry) bool {
	if e := table[fold]; e != nil && e.honour {
		return true
	}
	if len(fold) < 7 {
		return false
	}
	for _, end := range []string{"ovich", "evich", "ovych", "evych", "yovych", "ovitch", "evitch", "ovic", "evna", "ovna", "ivna", "yivna", "ogly", "oglu", "kyzy"} {
		if strings.HasSuffix(fold, end) {
			return true
		}
	}
	return false
}

// roleOf says whether a token is a title or a particle. Consonants alone have
// entries of their own, for عمر is Omar and no Mr; a syllable of a Chinese or
// Korean name is never one.
func (e *wordEntry) roleOf(t *Token) wordRole {
	switch {
	case e == nil || t.Script == Hangul || t.Script == Han:
		return noRole
	case t.Vowels == Absent:
		return e.bare
	case e.title:
		return titleRole
	case e.particle && !t.isDrawn():
		return particleRole
	}
	return noRole
}

// isDrawn says whether a Latin word has a drawn vowel that its fold does not show:
// Lee is a surname and no le, Dee no de.
func (t *Token) isDrawn() bool {
	var room [2 * maxFold]byte
	return t.Table == NoTable && t.Script == Latin && string(appendSound(room[:0], []byte(t.Fold))) != t.Sound
}

func isArticle(s string) bool {
	switch s {
	case "al", "el", "ul", "ur", "a", "l", "il":
		return true
	}
	return false
}

// isSunArticle knows the Arabic article that took over the sound of the sun
// letter behind it: az-Zawahiri, аш-Шариф, en-Nahda.
func isSunArticle(t *Token, next string) bool {
	if t.Vowels != Sure || t.Script == Hangul || t.Script == Han || len(t.Fold) < 2 || t.Fold[0] != 'a' && t.Fold[0] != 'e' {
		return false
	}
	switch l := t.Fold[1:]; l {
	case "d", "dh", "l", "n", "r", "s", "sh", "t", "th", "z":
		return strings.HasPrefix(next, l) && len(next) >= 3
	}
	return false
}

// halfOf knows the halves of names that other spellings write apart or together:
// Salah Eddine, Kaka Zadeh, Shahid Khel; else it is empty.
func halfOf(s string) string {
	switch s {
	case "din", "deen", "dine", "udin", "edin", "adin", "edine", "udine", "adine", "aldin", "eldin", "uldin", "aldine", "eldine":
		return "din"
	case "zada", "zade", "zadah", "zadeh", "zadh":
		return "zada"
	case "khel", "khil", "khail", "kheil", "khyl":
		return "khel"
	}
	return ""
}

func isAllah(s string) bool {
	switch s {
	case "alah", "ulah", "elah", "olah", "lah":
		return true
	}
	return false
}

func isSon(s string) bool {
	switch s {
	case "bin", "ben", "ibn", "bint", "ould", "uld":
		return true
	}
	return false
}

// splitAbd tells abd, abdul, abdel and what is glued to them ("abdulwali").
// Abdullah is a name of its own.
func splitAbd(t Token) (abd bool, rest string) {
	f := t.Fold
	if !strings.HasPrefix(f, "abd") && !strings.HasPrefix(f, "'bd") && !strings.HasPrefix(f, "bd") {
		return false, ""
	}
	if t.Vowels == Absent { // Arabic writes عبد: ayn, b, d
		switch f {
		case "bd", "bdal":
			return true, ""
		}
		if t.Table != NoTable && strings.HasPrefix(f, "bdal") && len(f) >= 7 && f != "bdalh" && f != "bdalah" {
			return true, f[4:]
		}
		return false, ""
	}
	if f == "abd" {
		return true, ""
	}
	if len(f) < 5 {
		return false, ""
	}
	switch f[3] {
	case 'a', 'e', 'u', 'o', 'i':
	default:
		return false, ""
	}
	// the article's l is taken over by a sun letter: abdur-rahman, abdus-salam
	if len(f) == 5 {
		switch f[4] {
		case 'l', 'r', 's', 'z', 'n':
			return true, ""
		}
		return false, ""
	}
	if f[4] == 'l' && len(f) >= 8 && !strings.HasPrefix(f[4:], "lah") && !strings.HasPrefix(f[4:], "lae") {
		return true, f[5:]
	}
	// abdurrahman, squeezed to abdurahman
	if len(f) >= 8 && (f[4] == 'r' || f[4] == 's' || f[4] == 'z' || f[4] == 'n') && f[3] != 'i' {
		return true, f[4:]
	}
	return false, ""
}

func classifyBody(dst, ts []Token, kind Kind) []Token {
	table, phrases := words(), formPhrases()
	out := dst[len(dst):]
	nwords := 0
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		if n, family := matchPhrase(phrases, ts[i:]); n > 0 {
			t.Fold, t.Class = family, Form
			t.Sound, t.Skel, t.Native, t.Script, t.Vowels, t.Group, t.Weight = family, "", "", Latin, Sure, [2]int16{}, 0
			i += n - 1
			t.upto = ts[i].upto
			out = append(out, t)
			continue
		}
		e := table[t.Fold]
		n, isSerial := serial(t.Fold)
		switch {
		case kind == Vessel && t.Fold == "imo" && i+1 < len(ts) && isIMO(ts[i+1].Fold):
			// The number is no part of the name.
			i++
			t.Class, t.upto = Title, ts[i].upto
		case isSerial && (i > 0 || isDigits(n)):
			t.Class, t.Fold, t.Weight = Number, n, 0
			if (kind == Vessel || kind == Aircraft) && i+2 == len(ts) && isDigits(n) && len(ts[i+1].Fold) == 1 && ts[i+1].Fold[0] >= 'a' && ts[i+1].Fold[0] <= 'z' {
				i++ // 12 A is 12A
				t.Fold += ts[i].Fold
				t.upto = ts[i].upto
			}
		case e != nil && e.isNumber && t.Table == NoTable:
			v := e.number
			// forty-four is 44
			if n, _ := strconv.Atoi(v); n >= 20 && n%10 == 0 && i+1 < len(ts) {
				if f := table[ts[i+1].Fold]; f != nil && f.isNumber {
					if m, _ := strconv.Atoi(f.number); m > 0 && m < 10 {
						v = strconv.Itoa(n + m)
						i++
						t.upto = ts[i].upto
					}
				}
			}
			t.Class, t.Fold, t.Weight = Number, v, 0
		case e != nil && e.isRoman && nwords > 0 && t.Table == NoTable && (len(t.Fold) > 1 || t.Fold == "i" || t.Fold == "v" || t.Fold == "x"):
			t.Class, t.Fold, t.Weight = Number, e.number, 0
		case e != nil && e.form && !(i == 0 && len(ts) == 1) && (kind != Vessel && kind != Aircraft):
			t.Class, t.Fold, t.Weight = Form, e.family, 0
			t.Sound, t.Skel, t.Native, t.Group = t.Fold, "", "", [2]int16{}
		case e != nil && e.vesselPre && kind == Vessel && len(ts) > 1:
			t.Class = Title
		case e != nil && e.stop && len(ts) > 1:
			t.Class = Particle
		default:
			nwords++
		}
		if t.Class == Number {
			t.Sound, t.Skel, t.Native, t.Group = t.Fold, "", "", [2]int16{}
		}
		out = append(out, t)
	}
	if nwords == 0 {
		for i := range out {
			out[i].Class = Word
		}
	}
	for i := range out {
		if out[i].Class != Word || out[i].Weight == 0 {
			out[i].Weight = weigh(out[i], kind)
		}
	}
	return append(dst, out...)
}

// matchPhrase finds the longest company form of several words at the start.
func matchPhrase(phrases map[string][]formPhrase, ts []Token) (n int, family string) {
	for _, p := range phrases[ts[0].Fold] {
		if len(p.words) <= n || len(p.words) > len(ts) {
			continue
		}
		same := true
		for i, w := range p.words {
			if ts[i].Fold != w {
				same = false
				break
			}
		}
		if same {
			n, family = len(p.words), p.family
		}
	}
	return
}

// Foreign says whether the token was written in another script than Latin.
func (t *Token) Foreign() bool { return t.Table != NoTable }

// familyNames say what the families of company forms are: AG, АО and S.A. are read
// as one.
var familyNames = map[string]string{"share": "joint-stock company", "limited": "limited-liability company", "partner": "partnership", "company": "company"}

// Show is a token as it is read: its own spelling with its reading, of a company
// form what it is read as.
func (t Token) Show() string {
	if t.Class == Form && familyNames[t.Fold] != "" {
		return familyNames[t.Fold]
	}
	if t.Native != "" {
		return t.Native + " (" + t.Fold + ")"
	}
	return t.Fold
}
