package monitor

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"article41/record"
)

// The story is our own; the hedges in it are the ones that a reader must not lose.
func TestAStorysHedgesEachComeOutWithTheirSpeaker(t *testing.T) {
	text, err := os.ReadFile("testdata/story.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		words   string
		code    record.Hedge
		speaker string
	}{
		{"implicitly linked", record.Alleged, "A fresh paper by the expert panel"},
		{"believed to be", record.Believed, TheText},
		{"ostensibly", record.Reported, TheText},
		{"According to", record.Reported, "a teacher from the village"},
		{"allegedly", record.Alleged, "a teacher from the village"},
		{"interpreted by", record.Believed, "Western powers"},
		{"reportedly", record.Reported, "ministry"},
	}
	found := Hedges(string(text))
	if len(found) != len(want) {
		t.Fatalf("%d hedges, want %d: %+v", len(found), len(want), found)
	}
	for i, w := range want {
		h := found[i]
		if h.Words != w.words || h.Code != w.code || h.Speaker != w.speaker || h.Named != (w.speaker != TheText) {
			t.Errorf("hedge %d: %+v, want %+v", i, h, w)
		}
		if string(text[h.From:h.To]) != h.Words {
			t.Errorf("%q does not stand at %d", h.Words, h.From)
		}
	}
}

func TestHedges(t *testing.T) {
	for _, c := range []struct{ why, text, words, speaker string }{
		{"a passive names its agent", "The site was widely believed by two diplomats to be theirs.", "widely believed", "two diplomats"},
		{"an agent after the words", "It was described as a massacre by the Office.", "described as", TheText},
		{"whoever the sentence quotes", "The men were allegedly paid in gold, a trader said.", "allegedly", "a trader"},
		{"said before the name", "The men were allegedly paid in gold, said Aminata Traore.", "allegedly", "Aminata Traore"},
		{"a verb's own subject", "The Office found reasonable grounds to believe that 500 died.", "reasonable grounds to believe", "Office"},
		{"they are who was named before", "The panel wrote of gold. They believe that it left by air.", "believe", "panel"},
		{"an abbreviation does not end a sentence", "The U.N. team concluded that shells were used.", "concluded that", "U.N. team"},
		{"nobody named", "The gold presumably left by air.", "presumably", TheText},
	} {
		hs := Hedges(c.text)
		if len(hs) != 1 || hs[0].Words != c.words || hs[0].Speaker != c.speaker {
			t.Errorf("%s: %+v, want %q by %q", c.why, hs, c.words, c.speaker)
		}
	}
}

func TestALongerHedgeIsReadBeforeAShorterOne(t *testing.T) {
	hs := Hedges("He is alleged to have fled.")
	if len(hs) != 1 || hs[0].Words != "alleged to have" {
		t.Errorf("%+v", hs)
	}
}

func TestEveryRowOfTheTableIsFound(t *testing.T) {
	for _, rows := range hedgeRows() {
		for _, r := range rows {
			text := "The panel " + r.words + " the group."
			hs := Hedges(text)
			if len(hs) == 0 || !strings.Contains(hs[0].Words, r.words) && !strings.Contains(r.words, hs[0].Words) {
				t.Errorf("%q: %+v", r.words, hs)
			}
		}
	}
}

func TestTheLadder(t *testing.T) {
	for i, h := range []record.Hedge{"reported", "alleged", "believed", "assessed", "established", "stated"} {
		if Rank(h) != i {
			t.Errorf("%s: rank %d, want %d", h, Rank(h), i)
		}
	}
	if Rank("sure") != -1 {
		t.Error("a word that is no hedge has a rank")
	}
}

func FuzzHedges(f *testing.F) {
	for _, s := range []string{"", "allegedly", "According to", "by by by", "He, who believes, said", "a\x80 is believed by\n\nthe", "interpreted by"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, h := range Hedges(text) {
			if h.From < last || h.To <= h.From || h.To > len(text) || text[h.From:h.To] != h.Words || h.Speaker == "" || Rank(h.Code) < 0 {
				t.Fatalf("%+v", h)
			}
			if utf8.ValidString(text) && !utf8.ValidString(h.Speaker) {
				t.Fatalf("a speaker cut inside a letter: %q", h.Speaker)
			}
			last = h.To
		}
	})
}
