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
	for _, rows := range tongues()[0].rows {
		for _, r := range rows {
			text := "The panel " + r.words + " the group."
			hs := ReadHedges(text).Hedges
			if len(hs) == 0 || !strings.Contains(hs[0].Words, r.words) && !strings.Contains(r.words, hs[0].Words) {
				t.Errorf("%q: %+v", r.words, hs)
			}
		}
	}
}

// Each row of the French table has a sentence of our own, read to its words and
// its speaker.
func TestEachFrenchRowReadsItsSentence(t *testing.T) {
	for _, c := range cells(hedgesFrenchText)[1:] {
		got := ReadHedges(c["example"])
		speaker := c["by"]
		if speaker == "-" {
			speaker = TheText
		}
		found := false
		for _, h := range got.Hedges {
			if lower(h.Words) == c["words"] {
				found = true
				if h.Speaker != speaker || string(h.Code) != c["code"] || string(h.Kind) != c["kind"] || h.Lang != "fr" || h.Negated != "" {
					t.Errorf("%s: %+v, want %s by %s", c["example"], h, c["code"], speaker)
				}
			}
		}
		if !found {
			t.Errorf("%q is not read in %q: %+v", c["words"], c["example"], got)
		}
	}
}

// A denial is a claim by its speaker; a negation turns a hedge round and is said;
// and where its reach is not known, that is said.
func TestNegationAndDenial(t *testing.T) {
	for _, c := range []struct {
		why, text, words string
		kind             HedgeKind
		negated, speaker string
		unread           bool
	}{
		{"a hedge that is turned round", "The men are not believed to be theirs.", "believed to be", HoldsBack, "not", TheText, false},
		{"a contraction", "The men weren't widely believed to be theirs.", "widely believed", HoldsBack, "weren't", TheText, false},
		{"not … allegedly", "They did not allegedly take part, the ministry said.", "allegedly", HoldsBack, "not", "ministry", false},
		{"the hedge stands over the negation", "They allegedly did not take part in the raid.", "allegedly", HoldsBack, "", TheText, false},
		{"not only turns nothing round", "He is not only believed to be their chief.", "believed to be", HoldsBack, "", TheText, false},
		{"no grounds", "The panel found no reasonable grounds to believe that they were there.", "reasonable grounds to believe", HoldsBack, "no", "panel", false},
		{"a negation of another verb", "The officer did not say the men were believed to be theirs.", "believed to be", HoldsBack, "", "", true},
		{"a denial is its speaker's", "The government denied the report.", "denied", Denies, "", "government", false},
		{"a denial that is denied", "The government did not deny the report.", "deny", Denies, "not", "government", false},
		{"no evidence is no claim of the contrary", "There is no evidence that they were there, a diplomat said.", "no evidence that", Lacks, "", "a diplomat", false},
		{"what could not be verified", "The video could not be verified by the mission.", "could not be verified", Lacks, "", "mission", false},
		{"French, with its two words", "Il n'est pas considéré comme le chef du groupe.", "considéré comme", HoldsBack, "n'est", TheText, false},
		{"French, elided", "L’unité n’aurait pas quitté la ville.", "n’aurait", HoldsBack, "n’aurait", TheText, false},
		{"French, a conditional that is turned round", "Les hommes ne pourraient pas être des étrangers.", "pourraient", HoldsBack, "ne", TheText, false},
		{"French, never", "Les femmes n'auraient jamais été enlevées, a dit le maire.", "n'auraient", HoldsBack, "n'auraient", "maire", false},
		{"French, an elided conditional of another verb", "La société n'opérerait plus dans le nord du pays.", "n'opérerait", HoldsBack, "n'opérerait", TheText, false},
		{"French, in no way reputed", "Il n'est pas réputé proche du chef de la ville.", "réputé", HoldsBack, "n'est", TheText, false},
		{"a French denial that is denied", "Le ministre n'a jamais nié les faits dans la ville.", "nié", Denies, "jamais", "ministre", false},
	} {
		got := ReadHedges(c.text)
		if len(got.Hedges) != 1 {
			t.Errorf("%s: %+v", c.why, got.Hedges)
			continue
		}
		if h := got.Hedges[0]; h.Words != c.words || h.Kind != c.kind || h.Negated != c.negated || c.speaker != "" && h.Speaker != c.speaker || (len(got.Unread) > 0) != c.unread {
			t.Errorf("%s: %+v, unread %+v", c.why, h, got.Unread)
		}
	}
}

// What the tables cannot read is said, not passed over.
func TestWhatIsNotReadIsSaid(t *testing.T) {
	got := ReadHedges("The men are believed to be theirs. По словам жителей, люди пришли на рассвете и ушли вечером. ويُعتقد أنهم جاؤوا من الشمال عند الفجر. Die Männer sollen angeblich im Dorf gewesen sein. Selon le maire, ils sont partis.")
	if len(got.Unread) != 3 || len(got.Hedges) != 2 || got.Hedges[1].Speaker != "maire" {
		t.Errorf("%+v", got)
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
	for _, s := range []string{"", "allegedly", "According to", "by by by", "He, who believes, said", "a\x80 is believed by\n\nthe", "interpreted by", "n'aurait pas", "Selon l'", "not not not believed to be", "ne ne ne présumé", "par par", "L’"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, h := range ReadHedges(text).Hedges {
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

// The French story is our own too: no hedge of it is lost, each has its speaker,
// and the ministry's denial is the ministry's.
func TestAFrenchStorysHedgesEachComeOutWithTheirSpeaker(t *testing.T) {
	text, err := os.ReadFile("testdata/story_fr.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		words   string
		code    record.Hedge
		kind    HedgeKind
		speaker string
	}{
		{"Selon", record.Reported, HoldsBack, "un nouveau rapport du groupe d'experts"},
		{"seraient", record.Reported, HoldsBack, "un nouveau rapport du groupe d'experts"},
		{"présumés", record.Alleged, HoldsBack, TheText},
		{"auraient", record.Reported, HoldsBack, "Une enseignante"},
		{"interprétée par", record.Believed, HoldsBack, "Occidentaux"},
		{"a nié", record.Stated, Denies, "ministère"},
		{"pas pu vérifier", record.Stated, Lacks, "journal"},
	}
	got := ReadHedges(string(text))
	if len(got.Hedges) != len(want) || len(got.Unread) > 0 {
		t.Fatalf("%+v", got)
	}
	for i, w := range want {
		if h := got.Hedges[i]; h.Words != w.words || h.Code != w.code || h.Kind != w.kind || h.Speaker != w.speaker {
			t.Errorf("%d: %+v, want %+v", i, h, w)
		}
	}
}
