package web

import "article41"

// changesShown is how many entries of each kind are named on the first page.
const changesShown = 6

type changeKind struct {
	word    string
	entries []article41.EntryName
	more    int
}

func changeKinds(c article41.ListChange) []changeKind {
	var out []changeKind
	for _, k := range []changeKind{{"Listed", c.Listed, 0}, {"No longer on it", c.Delisted, 0}, {"Amended", c.Amended, 0}} {
		if n := len(k.entries); n > 0 {
			k.entries = k.entries[:min(n, changesShown)]
			k.more = n - len(k.entries)
			out = append(out, k)
		}
	}
	return out
}

// changeWords counts the change: "4 listed, 1 removed and 2 amended".
func changeWords(c article41.ListChange) string {
	var ws []string
	for _, k := range []struct {
		n    int
		word string
	}{{len(c.Listed), "listed"}, {len(c.Delisted), "no longer on it"}, {len(c.Amended), "amended"}} {
		if k.n > 0 {
			ws = append(ws, number(k.n)+" "+k.word)
		}
	}
	t := list(ws)
	if !c.Whole {
		t += "; amendments not compared"
	}
	return t
}
