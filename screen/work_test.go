package screen

import (
	"math/rand"
	"strings"
	"testing"

	"article41/name"
)

// Whatever is asked, a search looks at each name of a small list once at most, and
// at few of its tokens. What is counted is work, for time says more of the machine.
func TestHostileQueriesAreBounded(t *testing.T) {
	r := rand.New(rand.NewSource(41))
	syllables := strings.Fields("ab al an ar ba da el fa ha ib ka kha la ma mu na or ra sa sha ta va ya za")
	word := func() string {
		s := ""
		for range 2 + r.Intn(3) {
			s += syllables[r.Intn(len(syllables))]
		}
		return s
	}
	const n = 3000
	subjects := make([]Subject, n)
	for i := range subjects {
		subjects[i] = Subject{ID: SubjectID(word() + word() + word()), Kind: name.Person, Names: []Name{{Text: word() + " " + word() + " " + word()}}}
	}
	ix := Build(subjects)
	many := func(count int, f func() string) string {
		var b strings.Builder
		for range count {
			b.WriteString(f())
			b.WriteByte(' ')
		}
		return b.String()
	}
	plain := func() string { return "muhamad" }
	cases := map[string]string{
		"100 kB of one letter":           strings.Repeat("a", 100_000),
		"100 kB of one Arabic letter":    strings.Repeat("م", 50_000),
		"ten thousand equal words":       many(10_000, plain),
		"ten thousand words":             many(10_000, word),
		"ten thousand letters apart":     many(10_000, func() string { return "a" }),
		"ten thousand Arabic words":      strings.Repeat("محمد علي ", 5_000),
		"ten thousand strokes":           strings.Repeat("a/b/", 5_000),
		"ten thousand dots":              strings.Repeat("a.", 10_000),
		"marks upon marks":               "a" + strings.Repeat("\u0301", 50_000),
		"signs that cannot be seen":      strings.Repeat("\u200b\u200e", 50_000) + "ali",
		"directions that change":         strings.Repeat("\u202eعلي\u202c ali ", 5_000),
		"letters of two scripts in turn": strings.Repeat("aа", 25_000),
		"syllables of Hangul":            strings.Repeat("김정은", 10_000),
		"signs of Han":                   strings.Repeat("金正恩", 10_000),
		"bytes that are no text":         strings.Repeat("\xff\xfe", 50_000),
	}
	for what, text := range cases {
		readings := name.Prepare(text, name.Unknown, "").Readings
		k := len(readings)
		if k > 16 {
			t.Errorf("%s: %d readings", what, k)
		}
		for _, p := range readings {
			if len(p) > name.MaxTokens {
				t.Errorf("%s: %d tokens are compared", what, len(p))
			}
		}
		w, tokens := ix.Work(Query{Names: []string{text}, Kind: name.Unknown}), ix.Tokens()
		if w.Rows > n || w.Scored > n/10 || w.Looked > 2*tokens || w.Compared > tokens || w.Sounds > tokens {
			t.Errorf("%s: %+v with %d readings, of %d names and %d tokens", what, w, k, n, tokens)
		}
		t.Logf("%-32s %d readings %+v", what, k, w)
	}
}
