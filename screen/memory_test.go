package screen

import (
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"article41/name"
)

// Whatever is one edit from a skeleton is named by eachSkelNear.
func TestSkeletonsNearAreAllNamed(t *testing.T) {
	const classes = "KNPRST"
	skeleton := rapid.StringOfN(rapid.SampledFrom([]rune(classes)), 3, 7, -1)
	rapid.Check(t, func(rt *rapid.T) {
		s := skeleton.Draw(rt, "skeleton")
		b := []byte(s)
		i := rapid.IntRange(0, len(b)-1).Draw(rt, "at")
		c := rapid.SampledFrom([]byte(classes)).Draw(rt, "class")
		switch rapid.IntRange(0, 3).Draw(rt, "edit") {
		case 0:
			b[i] = c
		case 1:
			b = slices.Insert(b, i+rapid.IntRange(0, 1).Draw(rt, "after"), c)
		case 2:
			b = slices.Delete(b, i, i+1)
		case 3:
			if i > 0 {
				b[i], b[i-1] = b[i-1], b[i]
			}
		}
		if len(b) < 3 {
			return // shorter ones never meet this way
		}
		named := false
		eachSkelNear(s, classes, func(h uint32) { named = named || h == hashOf(string(b)) })
		if !named {
			rt.Fatalf("%s is one edit from %s and not named", b, s)
		}
	})
}

func TestMemory(t *testing.T) {
	m := newMemory(1)
	a, b := name.Token{Fold: "lavrov"}, name.Token{Fold: "lavrov", Script: name.Cyrillic}
	met := []meeting{{token: 7, likeness: 1, how: name.Equal}}
	m.keep(&a, met)
	met[0].token = 8 // the searcher uses its list again
	if got, ok := m.recall(&a); !ok || len(got) != 1 || got[0].token != 7 {
		t.Errorf("a kept word is recalled as %v, %v", got, ok)
	}
	if got, ok := m.recall(&b); ok {
		t.Errorf("the same letters in another script are another word, recalled as %v", got)
	}
	m.keep(&b, make([]meeting, memoryMeetings+1))
	if _, ok := m.recall(&b); ok {
		t.Error("a word that meets too much is not kept")
	}
}

// Many goroutines share what is remembered and give the same answers.
func TestSearchersShareMemory(t *testing.T) {
	ix, fresh := small(), small()
	asked := []string{"Vladimir Putin", "Wladimir Putin", "Kim Jong-un", "Mohamed Abdullah Omar", "Владимир Путин", "Nobody Listed Here"}
	want := make([][]string, len(asked))
	for i, q := range asked {
		hits, _ := fresh.Scan(Query{Names: []string{q}, Kind: name.Person})
		want[i] = ids(hits)
	}
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for k := range 200 {
				i := (k + w) % len(asked)
				if got := ids(ix.Search(Query{Names: []string{asked[i]}, Kind: name.Person})); !slices.Equal(got, want[i]) {
					t.Errorf("%q: %v, the scan says %v", asked[i], got, want[i])
				}
			}
		})
	}
	wg.Wait()
}
