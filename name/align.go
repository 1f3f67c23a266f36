package name

// Edge is one possible meeting: AN tokens of one name from A on, with BN tokens
// of the other from B on.
type Edge struct {
	A, AN, B, BN int8
	Likeness     float32
	How          How
}

// Edges lists every possible meeting of two readings by comparing all their
// tokens. An index finds the same edges by looking tokens up; EdgesInto is the
// measure it is tested against.
func EdgesInto(out []Edge, a, b Reading) []Edge {
	for i := range a {
		for j := range b {
			if s, h := Meet(&a[i], &b[j]); s > 0 {
				out = append(out, Edge{A: int8(i), AN: 1, B: int8(j), BN: 1, Likeness: s, How: h})
			}
		}
	}
	return JoinsInto(out, a, b)
}

// Meet compares two tokens in their classes: words by Relate, numbers by value,
// an initial with the word it begins, anything else by its letters.
func Meet(a, b *Token) (float32, How) {
	if a.Class == Form && b.Class == Form {
		if a.Fold == b.Fold {
			return 1, Equal
		}
		return 0, NoMeeting
	}
	if (a.Class == Form) != (b.Class == Form) {
		return 0, NoMeeting
	}
	if a.Class == Initial || b.Class == Initial {
		return meetInitial(a, b)
	}
	if a.Class != b.Class && (a.Class == Number || b.Class == Number) {
		return 0, NoMeeting
	}
	if a.Class != b.Class && (a.Class == Particle || a.Class == Title || b.Class == Particle || b.Class == Title) && a.Fold != b.Fold {
		return 0, NoMeeting // a word near a title is no title
	}
	return Relate(a, b)
}

func meetInitial(a, b *Token) (float32, How) {
	if a.Fold == "" || b.Fold == "" || a.Class == Number || b.Class == Number || a.Class == Particle || b.Class == Particle {
		return 0, NoMeeting
	}
	if a.Fold == b.Fold {
		return 1, Equal
	}
	if a.Vowels == Absent || b.Vowels == Absent {
		return 0, NoMeeting
	}
	if a.Fold[0] == b.Fold[0] && (a.Class != Initial || b.Class != Initial) {
		return 0.9, InitialOf
	}
	return 0, NoMeeting
}

// MeetInitial is the meeting of a token with another where one is an initial;
// an index asks it for every pair, for initials are not looked up.
func MeetInitial(a, b *Token) (float32, How) {
	if a.Class != Initial && b.Class != Initial {
		return 0, NoMeeting
	}
	if a.Class == Form || b.Class == Form {
		return 0, NoMeeting
	}
	return meetInitial(a, b)
}

// JoinsInto adds the meetings of joined, split and shifted tokens. Joined tokens
// meet by their letters: two tokens with one if the letters are equal, or if one
// of the two is found whole and the rest is within one edit; three with one, and
// two with two (a letter moved over the border), only if all letters are equal.
func JoinsInto(out []Edge, a, b Reading) []Edge {
	out = joins(out, a, b, false)
	return joins(out, b, a, true)
}

// Joinable says whether a token may be joined with its neighbour.
func Joinable(t *Token) bool {
	return t.Class != Form && t.Class != Number && t.Vowels != Absent
}

// joins finds one token of x against two or three of y; and, once, two with two.
func joins(out []Edge, x, y Reading, turned bool) []Edge {
	add := func(i, in, j, jn int, s float32, h How) {
		e := Edge{A: int8(i), AN: int8(in), B: int8(j), BN: int8(jn), Likeness: s, How: h}
		if turned {
			e.A, e.AN, e.B, e.BN = e.B, e.BN, e.A, e.AN
		}
		out = append(out, e)
	}
	for j := 0; j+1 < len(y); j++ {
		p, q := &y[j], &y[j+1]
		if !Joinable(p) || !Joinable(q) || len(p.Fold)+len(q.Fold) < 4 || p.Table == Pinyin {
			continue // a Chinese name keeps its surname apart
		}
		for i := range x {
			t := &x[i]
			if !Joinable(t) || t.Class == Initial {
				continue
			}
			if s := joinLikeness(t.Fold, p.Fold, q.Fold, t.syllabic() || p.syllabic() || q.syllabic()); s > 0 {
				add(i, 1, j, 2, s, Joined)
			}
			if j+2 < len(y) && Joinable(&y[j+2]) {
				if r := y[j+2].Fold; len(p.Fold) >= 2 && len(q.Fold) >= 2 && len(r) >= 2 && len(t.Fold) >= len(p.Fold)+len(q.Fold)+len(r)-2 && glued(t.Fold, p.Fold, q.Fold, r) {
					add(i, 1, j, 3, 0.97, Joined)
				}
			}
		}
		if turned {
			continue
		}
		for i := 0; i+1 < len(x); i++ {
			t, u := &x[i], &x[i+1]
			if Joinable(t) && Joinable(u) && t.Table != Pinyin && t.Fold != p.Fold && Shifts(t.Fold, u.Fold, p.Fold, q.Fold) {
				add(i, 2, j, 2, 0.95, Shifted)
			}
		}
	}
	return out
}

// Shifts says whether t+u and p+q are the same letters with another border.
func Shifts(t, u, p, q string) bool {
	if len(t) == len(p) || len(t)+len(u) > 60 || len(t) < 2 || len(u) < 2 || len(p) < 2 || len(q) < 2 {
		return false
	}
	n, m := len(t)+len(u), len(p)+len(q)
	if n-m > 1 || m-n > 1 || n < 5 {
		return false
	}
	return glued2(t, u, p, q)
}

// Glue joins two folds as one word would be written: no letter twice in a row.
func Glue(buf []byte, parts ...string) []byte {
	for _, p := range parts {
		for i := 0; i < len(p); i++ {
			if len(buf) > 0 && buf[len(buf)-1] == p[i] && p[i] >= 'a' {
				continue
			}
			buf = append(buf, p[i])
		}
	}
	return buf
}

func glued(t, p, q, r string) bool {
	var buf [3*maxFold + 8]byte
	return string(Glue(buf[:0], p, q, r)) == t
}

func glued2(t, u, p, q string) bool {
	var b1, b2 [2*maxFold + 8]byte
	return string(Glue(b1[:0], t, u)) == string(Glue(b2[:0], p, q))
}

// JoinLikeness compares one word with two put together: 0 if they do not meet.
func JoinLikeness(t, p, q string) float32 {
	return joinLikeness(t, p, q, false)
}

func joinLikeness(t, p, q string, exact bool) float32 {
	n := len(p) + len(q)
	if len(t) < 4 || len(t) > n+1 || len(t) < n-2 || p == "" || q == "" || len(p) < 2 && len(q) < 3 ||
		len(p) >= len(t) || len(q) >= len(t) {
		return 0
	}
	if gluedPair(t, p, q) {
		return 0.98
	}
	if len(t) < 6 || exact {
		return 0
	}
	// One part whole, the rest within one edit.
	if len(p) >= 2 && len(q) >= 3 && len(t) >= len(p)+3 && t[:len(p)] == p && Edits(t[len(p):], q, 1) <= 1 ||
		len(q) >= 2 && len(p) >= 3 && len(t) >= len(q)+3 && t[len(t)-len(q):] == q && Edits(t[:len(t)-len(q)], p, 1) <= 1 {
		return 0.98 - 0.8/float32(len(t))
	}
	return 0
}

func gluedPair(t, p, q string) bool {
	switch len(t) {
	case len(p) + len(q):
		return t[:len(p)] == p && t[len(p):] == q
	case len(p) + len(q) - 1:
		// a letter that ends one and begins the other is written once
		return p[len(p)-1] == q[0] && t[:len(p)] == p && t[len(p):] == q[1:]
	}
	return false
}

// Alignment says which tokens of two names met and which were left over.
type Alignment struct {
	Met          []Edge
	LeftA, LeftB uint32 // bits of the tokens that met nothing
}

// Align picks meetings that do not overlap, the best first. Ties go to the
// earlier tokens, so the same names always align the same way.
func Align(al *Alignment, edges []Edge, a, b Reading) {
	al.Met = al.Met[:0]
	al.LeftA, al.LeftB = uint32(1)<<len(a)-1, uint32(1)<<len(b)-1
	for {
		best, value := -1, float32(0)
		for k := range edges {
			e := &edges[k]
			am, bm := span(e.A, e.AN), span(e.B, e.BN)
			if al.LeftA&am != am || al.LeftB&bm != bm {
				continue
			}
			v := edgeValue(e, a, b)
			if best < 0 || v > value || v == value && before(e, &edges[best]) {
				best, value = k, v
			}
		}
		if best < 0 {
			return
		}
		e := edges[best]
		al.Met = append(al.Met, e)
		al.LeftA &^= span(e.A, e.AN)
		al.LeftB &^= span(e.B, e.BN)
	}
}

func span(i, n int8) uint32 { return (uint32(1)<<n - 1) << i }

// edgeValue prefers much weight met well, and among equals tokens in the same
// place.
func edgeValue(e *Edge, a, b Reading) float32 {
	wa, wb := float32(0), float32(0)
	for i := e.A; i < e.A+e.AN; i++ {
		wa += a[i].Weight
	}
	for j := e.B; j < e.B+e.BN; j++ {
		wb += b[j].Weight
	}
	l := e.Likeness
	return (wa + wb) * l * l * l
}

// before breaks ties so that the same meetings are picked whichever name comes
// first: a word that stands twice in both names meets itself in either order. All
// it goes by is the same from both sides, but for the last two, which only tell
// two meetings apart that never overlap or mirror each other.
func before(e, f *Edge) bool {
	for _, x := range [...]int8{
		e.A + e.B - f.A - f.B,
		gap(e.A, e.B) - gap(f.A, f.B),
		e.AN + e.BN - f.AN - f.BN,
		int8(e.How) - int8(f.How),
		e.A - f.A,
		e.AN - f.AN,
	} {
		if x != 0 {
			return x < 0
		}
	}
	return false
}

func gap(a, b int8) int8 { return max(a-b, b-a) }
