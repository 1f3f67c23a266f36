package screen

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"

	"article41/name"
)

var update = flag.Bool("update", false, "write the board anew")

// TestBoard measures matching quality on the public sets and compares the board
// with the reviewed text: a change shows as a diff.
func TestBoard(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: -short")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "engine %s, %s, default threshold %.2f, names alone\n", Engine, RarityVersion, DefaultThreshold)
	f1 := boardPairs(t, &b)
	l := readUN(t, unCurrent)
	ix := Build(unSubjects(l, false))
	fmt.Fprintf(&b, "\nfinding persons of the UN list of 2026-02-27, original-script field kept out of the index\n")
	for _, f := range []string{"untreated", "treated"} {
		boardRecall(&b, ix, f, mapped(t, l, f))
	}
	as := originals(l)
	isCyrillic := func(a asked) bool {
		return name.Prepare(a.query, name.Person, "").Readings[0][0].Script == name.Cyrillic
	}
	arabic := slices.DeleteFunc(slices.Clone(as), isCyrillic)
	original := boardRecall(&b, ix, "original script", as)
	boardRecall(&b, ix, "  Arabic script", arabic)
	boardRecall(&b, ix, "  Cyrillic", slices.DeleteFunc(slices.Clone(as), func(a asked) bool { return !isCyrillic(a) }))
	hangul, han := kpSpellings(t, l)
	boardRecall(&b, ix, "KPi in Hangul", hangul)
	boardRecall(&b, ix, "KPi in Han", han)
	fmt.Fprintf(&b, "\nfalse hits on unlisted names (negatives_global.csv)\n")
	falseUN := boardNegatives(t, &b, "UN list", Build(unSubjects(l, true)))
	falseAll := boardNegatives(t, &b, "UN, OFAC SDN, US CSL, UK OFSI", Build(allSubjects(t)))
	fmt.Fprintf(&b, "\nword pairs (netransliteration), 3,000 seeded rows, each against ten seeded other rows\n")
	for _, lang := range []string{"russian_80", "arabic_80", "hebrew_80", "korean_80", "katakana_20", "chinese_80"} {
		fmt.Fprintf(&b, "%-28s %v\n", strings.Split(lang, "_")[0], wordF1(t, lang, 3000, nil))
	}
	// The floors hold whatever the text says.
	if f1 < 0.85 || original < 0.9 || falseUN > 0.0005 || falseAll > 0.002 {
		t.Errorf("below the floor: F1 %.3f, original script %.3f, false hits %.4f and %.4f", f1, original, falseUN, falseAll)
	}
	golden(t, "testdata/board.txt", b.String())
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs; see it with git diff after go test ./screen -run %s -update\n%s", path, t.Name(), got)
	}
}

func boardPairs(t *testing.T, b *strings.Builder) float64 {
	var all prf
	parts := map[string]*prf{}
	var order []string
	put := func(slice string, same, match bool) {
		if parts[slice] == nil {
			parts[slice] = &prf{}
			order = append(order, slice)
		}
		parts[slice].add(same, match)
	}
	ps := readPairs(t)
	for i := range ps {
		p := &ps[i]
		p.score = scorePair(p.schema, p.a, p.b)
		match := p.score >= DefaultThreshold
		all.add(p.same, match)
		put(halfOf(p), p.same, match)
		put("evidence "+strings.ToLower(p.quality), p.same, match)
		put("kind "+strings.ToLower(p.schema), p.same, match)
		put("group "+p.group, p.same, match)
		c := p.category
		if c == "" {
			c = "(none)"
		}
		put("category "+c, p.same, match)
	}
	fmt.Fprintf(b, "\nlabelled pairs (name_pairs.csv)\n%-44s %v\n", "all", all)
	best, at := 0.0, 0.0
	for th := 0.40; th <= 0.96; th += 0.01 {
		var p prf
		for _, x := range ps {
			p.add(x.same, x.score >= th)
		}
		if _, _, f := p.f1(); f > best {
			best, at = f, th
		}
	}
	fmt.Fprintf(b, "%-44s %.3f at %.2f\n", "best F1 at any threshold", best, at)
	slices.Sort(order)
	for _, s := range order {
		fmt.Fprintf(b, "%-44s %v\n", s, *parts[s])
	}
	_, _, f := all.f1()
	return f
}

// halfOf parts the labelled pairs in two by a hash of the row: how far the halves
// differ says how much of a figure hangs on which rows are there.
func halfOf(p *pair) string {
	h := fnv.New32a()
	fmt.Fprintf(h, "%s\x00%s\x00%s", p.schema, p.a, p.b)
	return "half " + string("ab"[h.Sum32()>>16&1])
}

func boardRecall(b *strings.Builder, ix *Index, what string, as []asked) float64 {
	first, found := recall(ix, as, nil)
	fmt.Fprintf(b, "%-28s n=%-4d recall@1 %.4f  among ten %.4f\n", what, len(as), float64(first)/float64(len(as)), float64(found)/float64(len(as)))
	return float64(first) / float64(len(as))
}

func boardNegatives(t *testing.T, b *strings.Builder, what string, ix *Index) float64 {
	rows := csvRows(t, "data/names/negatives_global.csv")[1:]
	var hits, n [2]int
	for _, row := range rows {
		k := 1
		if rs := name.Prepare(row[0], name.Person, "").Readings; len(rs) > 0 && rs[0][0].Script == name.Latin {
			k = 0
		}
		n[k]++
		if len(ix.Search(Query{Names: []string{row[0]}, Kind: name.Person, Limit: 1})) > 0 {
			hits[k]++
		}
	}
	rate := func(h, n int) float64 { return float64(h) / float64(max(n, 1)) }
	fmt.Fprintf(b, "%-32s %d subjects: %d of %d = %.4f (Latin %.4f, other scripts %.4f)\n", what, ix.Len(), hits[0]+hits[1], len(rows),
		rate(hits[0]+hits[1], len(rows)), rate(hits[0], n[0]), rate(hits[1], n[1]))
	return rate(hits[0]+hits[1], len(rows))
}

// kpSpellings reads our own spellings of the KPi persons.
func kpSpellings(t *testing.T, l unList) (hangul, han []asked) {
	raw, err := os.ReadFile("testdata/kp_spellings.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	id := map[string]SubjectID{}
	for _, p := range l.Persons {
		id[strings.TrimSuffix(p.Ref, ".")] = SubjectID("UN-" + p.DataID)
	}
	for _, r := range rows[1:] {
		if id[r[0]] == "" {
			t.Errorf("%s is not on the list", r[0])
			continue
		}
		hangul = append(hangul, asked{r[1], []SubjectID{id[r[0]]}})
		han = append(han, asked{r[3], []SubjectID{id[r[0]]}})
	}
	return
}
