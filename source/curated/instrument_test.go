package curated

import (
	"strings"
	"testing"

	"article41/record"
)

const tinyInstrument = `- id: eu-tiny
  authority: EU
  name: Measures of the Union
  short: Regulation 1
  carries: [tiny]
  lists: [eu]
  programme: [TINY]
  parts:
    - {id: freeze, word: assets-freeze, name: assets freeze, basis: UN-derived, place: Annex I, cite: verified lib}
    - {id: own, word: assets-freeze, name: assets freeze, basis: autonomous, cite: unverified memory}
  acts:
    - {id: 2017/1, form: Council Regulation (EU), adopted: 2017-10-01, published: 2017-10-02, effects: [{do: impose, what: [freeze], cite: verified lib}], cite: verified lib}
    - {id: 2018/2, form: Council Decision, adopted: 2018-10-01, effects: [{do: impose, what: [own], until: 2019-10-01, cite: verified lib}], cite: verified lib}
  designations:
    - {un: [TTi.001], list: eu, name: Somebody, steps: [{do: list, on: 2018-10-05, what: [freeze], act: 2018/2, cite: verified lib}], cite: verified lib}
  known_through: 2019-12-31
  known_through_cite: verified lib
`

func withInstrument(text string) map[string]string {
	files := tiny()
	files["instruments/tiny.yaml"] = text
	return files
}

func TestInstrumentIsSound(t *testing.T) {
	rec, problems := Read(folderOf(withInstrument(tinyInstrument)))
	for _, p := range problems {
		t.Error(p)
	}
	for _, e := range rec.Entries {
		if e.Kind == record.KindInstrument {
			if e.Fact != "instrument/eu-tiny" || e.Known.String() != "2017-10-02" {
				t.Errorf("%s is known from %s, want from its first publication", e.Fact, e.Known)
			}
			return
		}
	}
	t.Error("no instrument was stated")
}

// TestInstrumentBadInput: every wrong edit is a problem at its own line.
func TestInstrumentBadInput(t *testing.T) {
	for _, c := range []struct{ why, old, new, marker, says string }{
		{"an authority nobody knows", "authority: EU", "authority: XX", "authority: XX", "want one of"},
		{"a regime that is not there", "carries: [tiny]", "carries: [teeny]", "carries:", "no such regime"},
		{"a word that is no measure", "word: assets-freeze, name: assets freeze, basis: UN-derived", "word: panel, name: assets freeze, basis: UN-derived", "id: freeze", "no measure"},
		{"a basis that is none", "basis: autonomous", "basis: own", "id: own", "want UN-derived or autonomous"},
		{"a part twice", "id: own, word", "id: freeze, word", "", "stands twice"},
		{"an act twice", "id: 2018/2, form", "id: 2017/1, form", "", "stands twice"},
		{"published before it was adopted", "published: 2017-10-02", "published: 2017-09-02", "id: 2017/1", "before it was adopted"},
		{"a deed that an act cannot do", "do: impose, what: [own]", "do: suspend, what: [own]", "do: suspend", "want impose"},
		{"a term that ends before it begins", "until: 2019-10-01", "until: 2018-09-01", "until: 2018-09-01", "when it begins"},
		{"a part that is not there", "what: [own], until", "what: [other], until", "what: [other]", "no part"},
		{"a step on an act that is not there", "act: 2018/2", "act: 2018/3", "act: 2018/3", "rests on act"},
		{"a step before its act", "on: 2018-10-05", "on: 2018-09-05", "on: 2018-09-05", "not by that day"},
		{"a designation on a list of somebody else's", "list: eu, name", "list: ofac, name", "name: Somebody", "one of its lists"},
		{"a source that nobody named", "cite: unverified memory", "cite: unverified gazette", "gazette", "not in sources.yaml"},
		{"no day through which it is known", "  known_through: 2019-12-31\n", "", "id: eu-tiny", "known_through is missing"},
		{"a key that nobody reads", "programme:", "program:", "program:", "unknown field"},
	} {
		text := strings.Replace(tinyInstrument, c.old, c.new, 1)
		if text == tinyInstrument {
			t.Fatalf("%s: nothing was changed", c.why)
		}
		_, problems := Read(folderOf(withInstrument(text)))
		found := false
		for _, p := range problems {
			if !strings.Contains(p.What, c.says) {
				continue
			}
			lines := strings.Split(text, "\n")
			if c.marker == "" || p.Line > 0 && p.Line <= len(lines) && strings.Contains(lines[p.Line-1], c.marker) {
				found = true
			} else {
				t.Errorf("%s: at line %d, want the line with %q: %s", c.why, p.Line, c.marker, p)
			}
		}
		if !found {
			t.Errorf("%s: not among the problems: %v", c.why, problems)
		}
	}
}

// TestOverlayInstrument: an installation can add the law of its own authority.
func TestOverlayInstrument(t *testing.T) {
	base, problems := Read(folderOf(tiny()))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	over, problems := ReadOverlay(folderOf(map[string]string{"instruments/own.yaml": tinyInstrument}), base)
	if len(problems) > 0 || len(over.Entries) != 1 || over.Entries[0].Kind != record.KindInstrument {
		t.Errorf("%d entries, %v", len(over.Entries), problems)
	}
}
