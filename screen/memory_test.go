package screen

import (
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"article41/name"
)

// Whatever is one edit from a skeleton is named by skelsNear.
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
		if !slices.Contains(skelsNear(nil, s, classes), hashOf(string(b))) {
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

// Whatever is within one edit of a word, or two of a longer one, is found by the
// letters it lacks and not ruled out by its shape.
func TestWordsNearAreFoundByTheirLetters(t *testing.T) {
	word := rapid.StringOfN(rapid.SampledFrom([]rune("aabbnmoix7")), 3, 12, -1)
	near := 0
	rapid.Check(t, func(rt *rapid.T) {
		s := word.Draw(rt, "word")
		b := []byte(s)
		for range rapid.IntRange(0, 2).Draw(rt, "edits") {
			i := rapid.IntRange(0, len(b)-1).Draw(rt, "at")
			switch rapid.IntRange(0, 3).Draw(rt, "edit") {
			case 0:
				b[i] = word.Draw(rt, "other")[0]
			case 1:
				b = slices.Insert(b, i, word.Draw(rt, "other")[0])
			case 2:
				if len(b) > 1 {
					b = slices.Delete(b, i, i+1)
				}
			case 3:
				if i > 0 {
					b[i], b[i-1] = b[i-1], b[i]
				}
			}
		}
		z, limit := string(b), 1
		if len(s) >= 6 && len(z) >= 6 {
			limit = 2
		}
		if len(z) < 3 || name.Edits(s, z, limit) > limit {
			return
		}
		near++
		if apart(lettersOf(s), lettersOf(z), limit) {
			rt.Fatalf("the shapes of %q and %q rule out what is within %d edits", s, z, limit)
		}
		var listed, asked [mostLess]uint32
		drops := dropsOf(&listed, z)
		if !slices.ContainsFunc(lessOf(&asked, s, limit == 2), func(h uint32) bool { return slices.Contains(drops, h) }) {
			rt.Fatalf("%q and %q are within %d edits and share no letters less", s, z, limit)
		}
	})
	if near == 0 {
		t.Error("no two words were near")
	}
}
