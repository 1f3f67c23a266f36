package article41

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"article41/country"
	"article41/date"
	"article41/instrument"
	"article41/name"
	"article41/policy"
	"article41/record"
	"article41/regime"
	"article41/screen"
)

// Query is a name somebody asks about, with what else is known of its bearer.
type Query struct {
	Name      string   `json:"name"`
	Names     []string `json:"names,omitempty"` // other spellings of the same bearer
	Kind      string   `json:"kind,omitempty"`  // person, entity, company, vessel, aircraft
	Born      string   `json:"born,omitempty"`  // YYYY, YYYY-MM, YYYY-MM-DD
	Countries []string `json:"countries,omitempty"`
	Gender    string   `json:"gender,omitempty"`
	// Identifiers are numbers the bearer has: of a passport, a ship, a bank. Without
	// a name they are searched alone.
	Identifiers []string          `json:"identifiers,omitempty"`
	Lists       []record.SourceID `json:"lists,omitempty"`     // empty: all
	Threshold   *float64          `json:"threshold,omitempty"` // nil: the engine's; 0 is a threshold too
	Limit       int               `json:"limit,omitempty"`
}

// Screening is the answer: what met the name, and what law binds it on the day.
type Screening struct {
	Query     Query     `json:"query"`
	AsOf      date.Day  `json:"as_of"`
	KnownAt   date.Day  `json:"known_at"`
	Verdict   string    `json:"verdict"` // in words, first
	Lists     []ListUse `json:"lists"`
	Hits      []Hit     `json:"hits"`
	Threshold float64   `json:"threshold"`
	Engine    string    `json:"engine"`
	Rarity    string    `json:"rarity"` // version of the table of token rarity
	Policy    Ruled     `json:"policy"`
	Basis     Basis     `json:"basis"`
}

// Hit is one entry that the name may mean.
type Hit struct {
	ID          string             `json:"id"` // the list's own reference, such as MLi.005
	List        record.SourceID    `json:"list"`
	Caption     string             `json:"caption"`
	Sort        string             `json:"sort"`
	Regime      record.RegimeID    `json:"regime,omitempty"`
	RegimeName  string             `json:"regime_name,omitempty"`
	Score       float64            `json:"score"`
	NameScore   float64            `json:"name_score"`
	Match       bool               `json:"match"` // the score reached the threshold; no more than that
	Class       string             `json:"class"`
	Status      string             `json:"status"` // listed, was-listed, not-yet, named
	Sentence    string             `json:"sentence"`
	From        *date.Day          `json:"from"`
	Until       *date.Day          `json:"until"`
	Cause       string             `json:"cause,omitempty"`
	Note        string             `json:"note,omitempty"`
	Version     *date.Day          `json:"version"` // date of the list that holds what was compared
	Matched     screen.Name        `json:"matched"`
	For         []screen.Evidence  `json:"for"`
	Against     []screen.Evidence  `json:"against"`
	Explanation screen.Explanation `json:"explanation"`
	Law         []regime.State     `json:"law"`
	// Authorities is where the entry stands under the law of the Council and of
	// every authority whose instrument the record holds; Bound says it in one line.
	Authorities []instrument.Standing `json:"authorities"`
	Bound       string                `json:"bound,omitempty"`
	// Decision is what the policy makes of it.
	Decision policy.Decision `json:"decision"`

	only []string // measure words that its own list limits it to
}

// Screen answers whether a name meets an entry of the lists, and which measures
// bound that entry on the day.
func (a *Archive) Screen(ctx context.Context, at record.At, q Query) (Screening, error) {
	return a.screen(ctx, at, q, true)
}

// screen is Screen, without the pictures of how the names met unless they are
// asked for: they cost as much as the search.
func (a *Archive) screen(ctx context.Context, at record.At, q Query, explain bool) (Screening, error) {
	s, err := a.at(ctx, at)
	if err != nil {
		return Screening{}, err
	}
	sq, err := q.read()
	if err != nil {
		return Screening{}, err
	}
	p := a.Policy()
	held := s.lists.Sources()
	for _, l := range q.Lists {
		if !slices.Contains(held, l) {
			return Screening{}, fmt.Errorf("%w: lists: no list %q is held; held are %v", record.ErrInvalid, l, held)
		}
	}
	only := q.Lists
	if len(only) == 0 { // what the policy wants searched, as far as it is there
		only = p.Lists
	}
	if sq.Threshold == 0 {
		sq.Threshold = p.Threshold
	}
	w := s.world(at.KnownAt)
	out := Screening{Query: q, AsOf: at.AsOf, KnownAt: at.KnownAt, Lists: s.uses(at, only), Hits: []Hit{},
		Threshold: screen.DefaultThreshold, Engine: screen.Engine, Rarity: screen.RarityVersion, Basis: s.basis()}
	switch {
	case q.Threshold != nil:
		out.Threshold = *q.Threshold
	case p.Threshold > 0:
		out.Threshold = p.Threshold
	}
	for _, h := range s.screens().index.Search(sq) {
		key := entryOf(h.ID)
		if len(only) > 0 && !slices.Contains(only, key.list) {
			continue
		}
		if hit, ok := s.hit(w, at, sq, key, h, explain); ok {
			hit.Decision = judged(p, hit)
			out.Hits = append(out.Hits, hit)
		}
	}
	// Of equal scores the Council's own list comes first.
	slices.SortStableFunc(out.Hits, func(a, b Hit) int {
		switch {
		case a.Score != b.Score || (a.List == unList) == (b.List == unList):
			return cmp.Compare(b.Score, a.Score)
		case a.List == unList:
			return -1
		}
		return 1
	})
	out.Verdict = out.verdict()
	out.Policy = Ruled{Used: p.Used(), Do: policy.Note, Missing: missing(p, s.uses(at, nil))}
	for _, h := range out.Hits {
		out.Policy.Do = policy.Strongest([]policy.Decision{{Do: out.Policy.Do}, h.Decision})
	}
	return out, nil
}

// maxName bounds one name, in bytes; the longest listed name has a tenth of it.
const maxName = 8 << 10

// Bounds of the numbers of one bearer.
const (
	maxIdentifiers = 20
	maxIdentifier  = 200
)

func (q Query) read() (screen.Query, error) {
	out := screen.Query{Gender: q.Gender, Limit: q.Limit}
	for _, n := range append([]string{q.Name}, q.Names...) {
		if strings.TrimSpace(n) != "" {
			out.Names = append(out.Names, n)
		}
	}
	if len(q.Identifiers) > maxIdentifiers {
		return out, fmt.Errorf("%w: identifiers: %d, want at most %d", record.ErrInvalid, len(q.Identifiers), maxIdentifiers)
	}
	for _, x := range q.Identifiers {
		if len(x) > maxIdentifier || !utf8.ValidString(x) {
			return out, fmt.Errorf("%w: identifiers: one of %d bytes, want text of at most %d", record.ErrInvalid, len(x), maxIdentifier)
		}
		if strings.TrimSpace(x) != "" {
			out.Identifiers = append(out.Identifiers, screen.Identifier{Value: x})
		}
	}
	if len(out.Names) == 0 && len(out.Identifiers) == 0 {
		return out, fmt.Errorf("%w: name: nothing to screen", record.ErrInvalid)
	}
	for _, n := range out.Names {
		switch {
		case len(n) > maxName:
			return out, fmt.Errorf("%w: name: %d bytes, want at most %d", record.ErrInvalid, len(n), maxName)
		case !utf8.ValidString(n):
			return out, fmt.Errorf("%w: name: not UTF-8", record.ErrInvalid)
		case !strings.ContainsFunc(n, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
			return out, fmt.Errorf("%w: name: %q holds no letter and no digit: nothing that can be compared", record.ErrInvalid, n)
		}
	}
	if q.Limit < 0 {
		return out, fmt.Errorf("%w: limit %d: want a count", record.ErrInvalid, q.Limit)
	}
	switch strings.ToLower(q.Gender) {
	case "", "m", "f", "male", "female":
	case "other", "x", "unknown", "u", "nonbinary", "non-binary", "diverse": // what others keep; lists know none, so nothing is compared
	default:
		return out, fmt.Errorf("%w: gender %q: want m, f, other or unknown", record.ErrInvalid, q.Gender)
	}
	if t := q.Threshold; t != nil {
		if !(*t >= 0 && *t <= 1) { // NaN is neither
			return out, fmt.Errorf("%w: threshold %v: want a number from 0 to 1", record.ErrInvalid, *t)
		}
		out.Threshold = max(*t, math.SmallestNonzeroFloat64) // the index takes 0 for its default
	}
	if q.Kind != "" {
		k, ok := name.ReadKind(q.Kind)
		if !ok {
			return out, fmt.Errorf("%w: kind %q: want person, entity, company, vessel or aircraft", record.ErrInvalid, q.Kind)
		}
		out.Kind = k
	}
	if q.Born != "" {
		b, err := date.ParseAbout(q.Born)
		if err != nil {
			return out, fmt.Errorf("%w: born: %w", record.ErrInvalid, err)
		}
		from, to, _ := strings.Cut(strings.TrimPrefix(b.String(), "~"), "/")
		out.Births = []screen.Birth{{From: from, To: to, About: b.Circa}}
	}
	for _, c := range q.Countries {
		code, err := country.Parse(c)
		if err != nil {
			return out, fmt.Errorf("%w: %w", record.ErrInvalid, err)
		}
		out.Countries = append(out.Countries, string(code))
	}
	return out, nil
}

// hit joins the law to what met the name. An entry of which nothing was known by
// the day is none, nor is a name that only a later version carries.
func (s *state) hit(w *world, at record.At, q screen.Query, key entryKey, h screen.Hit, explain bool) (Hit, bool) {
	stood := s.stands(w, at, key)
	if !stood.known {
		return Hit{}, false
	}
	l, st := stood.entry, stood.standing
	said, known := s.said(key, at.KnownAt, h.Matched.Text)
	if h.NameScore <= 0 { // met by a number alone
		said, known = s.numbered(key, at.KnownAt, q.Identifiers)
	}
	if len(l.Seen) > 0 && !known {
		return Hit{}, false
	}
	out := Hit{ID: key.ref, List: key.list, Caption: l.Name, Sort: l.Sort, Regime: l.Regime, RegimeName: w.regimes[l.Regime].Name,
		Score: h.Score, NameScore: h.NameScore, Match: h.Match, Class: h.Class, Status: st.Status, From: st.From, Until: st.Until,
		Cause: st.Cause, Note: st.Note, Matched: h.Matched, For: append([]screen.Evidence{}, h.For...),
		Against: append([]screen.Evidence{}, h.Against...), Law: st.Law}
	if explain {
		out.Explanation = s.screens().index.Explain(q, h.ID)
	}
	if !said.IsZero() {
		out.Version = &said
	}
	out.Sentence = out.sentence(at.AsOf)
	out.Authorities = append([]instrument.Standing{}, stood.authorities...)
	out.Bound = bound(out.Authorities)
	if key.list != unList {
		out.only = s.newest(key, at.KnownAt).Only
	}
	return out, true
}

// said is the newest version known by the day that carries the name.
func (s *state) said(key entryKey, known date.Day, text string) (date.Day, bool) {
	var last date.Day
	for _, sp := range s.lists.List(key.list).Spans(key.ref, known) {
		for i, l := range sp.Said {
			if slices.ContainsFunc(l.Names, func(n record.Name) bool { return n.Text == text }) {
				last = sp.Last
				if i+1 < len(sp.Said) {
					last = sp.Said[i+1].Version
				}
			}
		}
	}
	return last, !last.IsZero()
}

// numbered is the newest version known by the day that carries one of the numbers.
func (s *state) numbered(key entryKey, known date.Day, numbers []screen.Identifier) (date.Day, bool) {
	var last date.Day
	for _, sp := range s.lists.List(key.list).Spans(key.ref, known) {
		for i, l := range sp.Said {
			if !slices.ContainsFunc(l.Documents, func(d record.Document) bool {
				return slices.ContainsFunc(numbers, func(x screen.Identifier) bool { return plainNumber(x.Value) == plainNumber(d.Number) })
			}) {
				continue
			}
			last = sp.Last
			if i+1 < len(sp.Said) {
				last = sp.Said[i+1].Version
			}
		}
	}
	return last, !last.IsZero()
}

// plainNumber is a number by its letters and digits.
func plainNumber(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s))
}

// sentence says where the entry stands, with the law in words.
func (h Hit) sentence(asOf date.Day) string {
	switch h.Status {
	case regime.StandsNotYet:
		if h.From == nil {
			return fmt.Sprintf("%s was not yet named on that day.", h.ID)
		}
		return fmt.Sprintf("Not yet listed: %s was listed on %s.", h.ID, h.From.Text())
	case regime.StandsNotHeld:
		return fmt.Sprintf("Not held: no version of the list %s is held for that day.", h.List)
	case regime.StandsNamed:
		return fmt.Sprintf("%s was named with a condition and was not listed.", h.ID)
	case regime.WasListed:
		t := h.ID + " was listed"
		if h.From != nil {
			t += " from " + h.From.Text()
		}
		if h.Until != nil {
			t += " to " + h.Until.Text()
		}
		switch h.Cause {
		case "lapse":
			t += "; the measures lapsed"
		case "termination":
			t += "; the measures were terminated"
		case "decision":
			t += "; removed by decision"
		case "unknown":
			t += "; no longer on the list"
		}
		return t + "."
	}
	t := "Listed as " + h.ID
	switch {
	case h.From != nil:
		t += " since " + h.From.Text()
	case h.Version != nil:
		t += " on the list " + string(h.List) + " of " + h.Version.Text()
	}
	var binding []string
	for _, m := range h.Law {
		switch m.Status {
		case regime.InForce:
			w := m.Name + " in force"
			if m.Until != nil {
				w += " until " + m.Until.Text()
			}
			binding = append(binding, w)
		case regime.Contested:
			binding = append(binding, m.Name+" contested: claimants differ on whether it is in force")
		case regime.Unknown:
			binding = append(binding, m.Name+": term past, renewal not in the record"+h.still()+"; presumed in force")
		case regime.Suspended:
			binding = append(binding, m.Name+" suspended")
		}
	}
	if len(binding) == 0 {
		return t + "."
	}
	return t + ": " + strings.Join(binding, "; ") + "."
}

func (h Hit) still() string {
	if h.Version == nil {
		return ""
	}
	return "; still on the list of " + h.Version.Text()
}

// verdict is the first line: what was found, or that nothing was found in these
// lists. It never says "cleared".
func (s Screening) verdict() string {
	var listed, former, other int
	for _, h := range s.Hits {
		switch h.Status {
		case regime.StandsListed:
			listed++
		case regime.WasListed:
			former++
		default:
			other++
		}
	}
	switch {
	case listed > 0:
		return fmt.Sprintf("This name meets %s listed on %s. A name alone does not say that it is the same bearer.", plural(listed, "entry", "entries"), s.AsOf.Text())
	case former > 0:
		return fmt.Sprintf("This name meets no entry listed on %s; it meets %s that %s listed before.", s.AsOf.Text(), plural(former, "entry", "entries"), was(former))
	case other > 0:
		return fmt.Sprintf("This name meets no entry listed on %s; it meets %s not listed that day.", s.AsOf.Text(), plural(other, "entry", "entries"))
	}
	var searched, absent []string
	for _, l := range s.Lists {
		switch {
		case l.Version != nil:
			searched = append(searched, fmt.Sprintf("%s (version of %s)", l.List, l.Version.Text()))
		case l.Newest != nil:
			searched = append(searched, fmt.Sprintf("%s (not held for that day; its entries by the listing days they carry)", l.List))
		default:
			absent = append(absent, string(l.List))
		}
	}
	t := ""
	if len(absent) > 0 {
		t = fmt.Sprintf(" Not searched, because no version was known by %s: %s.", s.KnownAt.Text(), strings.Join(absent, ", "))
	}
	if len(searched) == 0 {
		return "Nothing could be searched: no list is held." + t
	}
	return fmt.Sprintf("Not found in these lists as of %s: %s.", s.AsOf.Text(), strings.Join(searched, ", ")) + t
}
