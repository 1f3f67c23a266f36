package screen

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"article41/name"
)

type pair struct {
	schema, a, b, quality, category, group string
	same                                   bool
	score                                  float64
}

func readPairs(t testing.TB) []pair {
	var out []pair
	for _, r := range csvRows(t, "data/names/name_pairs.csv")[1:] {
		out = append(out, pair{schema: r[1], a: r[2], b: r[3], same: r[4] == "true", quality: r[5], category: r[6], group: r[0]})
	}
	return out
}

func scorePair(schema, a, b string) float64 {
	k, _ := name.ReadKind(schema)
	return ScorePair(a, b, k)
}

type prf struct{ tp, fp, tn, fn int }

func (p *prf) add(same, match bool) {
	switch {
	case same && match:
		p.tp++
	case same:
		p.fn++
	case match:
		p.fp++
	default:
		p.tn++
	}
}

func (p prf) f1() (precision, recall, f float64) {
	if p.tp == 0 {
		return
	}
	precision = float64(p.tp) / float64(p.tp+p.fp)
	recall = float64(p.tp) / float64(p.tp+p.fn)
	return precision, recall, 2 * precision * recall / (precision + recall)
}

func (p prf) String() string {
	a, b, f := p.f1()
	return fmt.Sprintf("n=%-4d TP=%-3d FP=%-3d TN=%-3d FN=%-3d P=%.3f R=%.3f F1=%.3f", p.tp+p.fp+p.tn+p.fn, p.tp, p.fp, p.tn, p.fn, a, b, f)
}

// TestPairFaults prints every wrong pair (-v) and fails below the target.
func TestPairFaults(t *testing.T) {
	var all, strong prf
	for _, p := range readPairs(t) {
		s := scorePair(p.schema, p.a, p.b)
		all.add(p.same, s >= DefaultThreshold)
		if p.quality == "STRONG" {
			strong.add(p.same, s >= DefaultThreshold)
		}
		if p.same != (s >= DefaultThreshold) {
			t.Logf("%-5v %.3f %-8s %s | %s  [%s %s]", p.same, s, p.schema, p.a, p.b, p.quality, p.category)
		}
	}
	t.Logf("all    %v", all)
	t.Logf("strong %v", strong)
	if _, _, f := all.f1(); f < 0.85 {
		t.Errorf("all pairs: F1 %.3f, the floor is 0.85", f)
	}
	if _, _, f := strong.f1(); f < 0.99 {
		t.Errorf("strong pairs: F1 %.3f, the floor is 0.99", f)
	}
}

type wordPair struct{ latin, other string }

func readWords(t testing.TB, lang string, n int) []wordPair {
	var out []wordPair
	s := bufio.NewScanner(bytes.NewReader(readShared(t, "data/names/netransliteration_wd_"+lang+".tsv.gz")))
	for s.Scan() {
		f := strings.Split(s.Text(), "\t")
		out = append(out, wordPair{f[0], strings.ReplaceAll(f[1], " ", "")})
	}
	r := rand.New(rand.NewSource(41))
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:min(n, len(out))]
}

// wordF1 decides each pair and ten seeded other rows.
func wordF1(t testing.TB, lang string, n int, faults func(string, ...any)) prf {
	ws := readWords(t, lang, n)
	r := rand.New(rand.NewSource(10))
	a := make([]name.Prepared, len(ws))
	b := make([]name.Prepared, len(ws))
	for i, w := range ws {
		a[i], b[i] = name.Prepare(w.latin, name.Person, ""), name.Prepare(w.other, name.Person, "")
	}
	var p prf
	for i, w := range ws {
		s := name.Compare(a[i], b[i]).Score
		p.add(true, s >= DefaultThreshold)
		if s < DefaultThreshold && faults != nil {
			faults("missed %.3f %s %s %v %v", s, w.latin, w.other, a[i].Readings, b[i].Readings)
		}
		for k := 0; k < 10; k++ {
			j := r.Intn(len(ws))
			if ws[j].latin == w.latin || ws[j].other == w.other {
				continue
			}
			s := name.Compare(a[i], b[j]).Score
			p.add(false, s >= DefaultThreshold)
			if s >= DefaultThreshold && faults != nil {
				faults("false  %.3f %s %s", s, w.latin, ws[j].other)
			}
		}
	}
	return p
}

func TestWordFaults(t *testing.T) {
	floor := map[string]float64{"russian_80": 0.94, "arabic_80": 0.90, "hebrew_80": 0.88, "korean_80": 0.84, "katakana_20": 0.88, "chinese_80": 0.55}
	for _, lang := range []string{"russian_80", "arabic_80", "hebrew_80", "korean_80", "katakana_20", "chinese_80"} {
		n := 0
		p := wordF1(t, lang, 1500, func(f string, a ...any) {
			if n++; n <= 90 && testing.Verbose() {
				s := fmt.Sprintf(f, a...)
				t.Logf("%.200s", s)
			}
		})
		t.Logf("%-12s %v", lang, p)
		if _, _, f := p.f1(); f < floor[lang] {
			t.Errorf("%s: F1 %.3f, the floor is %.2f", lang, f, floor[lang])
		}
	}
}
