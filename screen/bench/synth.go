package main

import (
	"math/rand"
	"sort"
	"strconv"
	"strings"

	"article41/name"
	"article41/screen"
)

// The synthetic names cannot flatter: their tokens follow Zipf's law over more
// than half a million distinct ones, the commonest is over 1 % of all, aliases
// are spelling variants, a fifth of the subjects has names in another script,
// and tokens are built from few syllables, so that many look alike.

type maker struct {
	r      *rand.Rand
	tokens []string
	cum    []float64
}

var (
	onsets = strings.Fields("b d f g h j k l m n p r s t v z sh ch kh br dr gr kr tr st sl al ab an ar el is mu ma ba ra sa ha ka")
	nuclei = strings.Fields("a a a e i i o u u ai ou ia ee")
	codas  = strings.Fields("- - - - n r l m s d t k b sh n r")
	ends   = strings.Fields("- - - - - ov ev ova in i y an ullah ez son sen ski ko ian idis yan oglu ani awi")
)

func newMaker(seed int64, distinct int) *maker {
	m := &maker{r: rand.New(rand.NewSource(seed))}
	seen := make(map[string]bool, distinct)
	for len(m.tokens) < distinct {
		// the rarer the longer
		n := 1 + len(m.tokens)*2/distinct + m.r.Intn(2)
		var b strings.Builder
		for ; n >= 0; n-- {
			b.WriteString(onsets[m.r.Intn(len(onsets))])
			b.WriteString(nuclei[m.r.Intn(len(nuclei))])
			if c := codas[m.r.Intn(len(codas))]; c != "-" {
				b.WriteString(c)
			}
		}
		if e := ends[m.r.Intn(len(ends))]; e != "-" {
			b.WriteString(e)
		}
		if t := b.String(); !seen[t] && len(t) > 2 && len(t) < 18 {
			seen[t] = true
			m.tokens = append(m.tokens, t)
		}
	}
	m.cum = make([]float64, distinct)
	sum := 0.0
	for i := range m.cum {
		sum += 1 / (float64(i) + 3)
		m.cum[i] = sum
	}
	return m
}

func (m *maker) token() string {
	x := m.r.Float64() * m.cum[len(m.cum)-1]
	return m.tokens[sort.SearchFloat64s(m.cum, x)]
}

func (m *maker) full() []string {
	n := 2 + m.r.Intn(3)
	if n == 4 && m.r.Intn(2) == 0 {
		n = 2
	}
	out := make([]string, n)
	for i := range out {
		out[i] = m.token()
	}
	return out
}

// variant spells one token another way.
func (m *maker) variant(s string) string {
	b := []byte(s)
	i := m.r.Intn(len(b))
	switch m.r.Intn(6) {
	case 0:
		if len(b) > 4 {
			b = append(b[:i:i], b[i+1:]...)
		}
	case 1:
		b = append(b[:i:i], append([]byte{b[i]}, b[i:]...)...)
	case 2:
		if i > 0 {
			b[i], b[i-1] = b[i-1], b[i]
		}
	default:
		for k := range b {
			j := (i + k) % len(b)
			if p := strings.IndexByte("aeiou", b[j]); p >= 0 {
				b[j] = "eioua"[p]
				break
			}
		}
	}
	return string(b)
}

var toCyrillic = strings.NewReplacer("sh", "ш", "ch", "ч", "kh", "х", "zh", "ж", "ts", "ц", "ya", "я", "a", "а", "b", "б", "c", "к", "d", "д", "e", "е", "f", "ф", "g", "г", "h", "х", "i", "и", "j", "дж", "k", "к", "l", "л", "m", "м", "n", "н", "o", "о", "p", "п", "r", "р", "s", "с", "t", "т", "u", "у", "v", "в", "w", "в", "y", "й", "z", "з")
var toArabic = strings.NewReplacer("sh", "ش", "ch", "تش", "kh", "خ", "ou", "و", "ee", "ي", "ai", "ي", "ia", "يا", "a", "ا", "b", "ب", "c", "ك", "d", "د", "e", "", "f", "ف", "g", "غ", "h", "ه", "i", "ي", "j", "ج", "k", "ك", "l", "ل", "m", "م", "n", "ن", "o", "و", "p", "ب", "r", "ر", "s", "س", "t", "ت", "u", "", "v", "ف", "w", "و", "y", "ي", "z", "ز")

func (m *maker) inScript(ts []string) string {
	switch x := m.r.Intn(10); {
	case x < 4:
		return toCyrillic.Replace(strings.Join(ts, " "))
	case x < 8:
		return toArabic.Replace(strings.Join(ts, " "))
	case x < 9:
		out := []rune{}
		for range 3 {
			out = append(out, rune(0xAC00+m.r.Intn(11172)))
		}
		return string(out)
	}
	out := []rune{}
	for range 3 {
		out = append(out, rune(0x4E00+m.r.Intn(6000)))
	}
	return string(out)
}

// subjects makes n subjects of three names each.
func (m *maker) subjects(n int) []screen.Subject {
	out := make([]screen.Subject, n)
	for i := range out {
		ts := m.full()
		v := append([]string(nil), ts...)
		k := m.r.Intn(len(v))
		v[k] = m.variant(v[k])
		w := m.full()
		w[len(w)-1] = ts[len(ts)-1]
		third := screen.Name{Text: strings.Join(w, " "), Strength: screen.Strong}
		if m.r.Intn(5) == 0 {
			third = screen.Name{Text: m.inScript(ts), Strength: screen.Strong, Script: true}
		}
		out[i] = screen.Subject{
			ID:   screen.SubjectID("s:" + strconv.Itoa(i)),
			List: "synthetic",
			Kind: name.Person,
			Names: []screen.Name{
				{Text: strings.Join(ts, " ")},
				{Text: strings.Join(v, " "), Strength: screen.Strong},
				third,
			},
		}
	}
	return out
}

// queries makes questions of three sorts: as listed, with typos, unlisted; a
// fifth of each in another script.
func (m *maker) queries(subjects []screen.Subject, n int) map[string][]string {
	out := map[string][]string{}
	for i := 0; i < n; i++ {
		s := subjects[m.r.Intn(len(subjects))]
		ts := strings.Fields(s.Names[0].Text)
		script := i%5 == 0
		put := func(sort string, ts []string) {
			if script {
				out[sort] = append(out[sort], m.inScript(ts))
			} else {
				out[sort] = append(out[sort], strings.Join(ts, " "))
			}
		}
		put("listed", ts)
		v := append([]string(nil), ts...)
		k := m.r.Intn(len(v))
		v[k] = m.variant(v[k])
		put("typo", v)
		put("unlisted", m.full())
	}
	return out
}
