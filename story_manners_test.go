package article41_test

import (
	"os"
	"strings"
	"testing"

	"article41/briefing"
	"article41/date"
	"article41/record"
)

// TestStoriesInManyManners lays short stories of our own beside the record: dates and
// counts in many forms, several votes in one story, a list of states, a story full of
// mistakes, one in French and one in a language that no rule reads.
func TestStoriesInManyManners(t *testing.T) {
	const yes, no, unheld = briefing.Agrees, briefing.Differs, briefing.Unheld
	type claim struct {
		words   string
		verdict briefing.Verdict
		says    string
	}
	day := date.MustDay("2026-11-23")
	arc := openShipped(t)
	for _, c := range []struct {
		file   string
		claims []claim
		unread []string
	}{
		{"southsudan", []claim{
			{"May 30, 2025", yes, "S/RES/2781"}, {"nine votes in favour and six abstentions", yes, "9–0–6"}, {"bare minimum", yes, "9 needed"},
			{"May 31, 2026", yes, "measures until 31 May 2026"}, {"July 1, 2026", yes, "panel until 1 July 2026"},
			{"China, Russia, Pakistan and the three African members, Algeria, Sierra Leone and Somalia, abstained", yes, "Somalia: abstain"},
			{"No country voted against", yes, "9–0–6"}, {"the first ever", unheld, "ranks nothing"}, {"allegedly", unheld, "A hedge of"},
			{"2018", yes, "arms embargo imposed by S/RES/2428"}, {"2015", yes, "S/RES/2206"},
		}, []string{`The Chinese ambassador called sanctions "outdated".`}},
		{"dprk", []claim{
			{"28th of March 2024", yes, "S/2024/255"}, {"Moscow vetoed", yes, "is a veto"}, {"Thirteen members voted in favor, one against", yes, "13–1–1"},
			{"China abstained", yes, "S/2024/255: China: abstain"}, {"April 30, 2024", yes, "30 April 2024"}, {"2006", yes, "S/RES/1718"},
			{"the only country to oppose", yes, "voting no: Russian Federation"}, {"unanimously", yes, "S/RES/2397"}, {"22 December 2017", yes, "S/RES/2397"},
		}, []string{"South Korea said the veto"}},
		{"iran", []claim{
			{"19 September 2025", yes, "S/PV.10001"}, {"four countries voted for it, nine against and two abstained", yes, "4–9–2"},
			{"Algeria, China, Pakistan and Russia voted for", yes, "Pakistan: yes"}, {"September 26, 2025", yes, "S/DRAFT/2025-09-26"}, {"4-9-2", yes, "S/DRAFT/2025-09-26"},
			{"27 September 2025", yes, "contested since"}, {"28 August 2025", yes, "notify the Council"}, {"July 2015", yes, "20 July 2015"}, {"unanimously", yes, "S/RES/2231"},
		}, []string{"Tehran says the move is void"}},
		{"yemen", []claim{
			{"14 November 2025", yes, "S/RES/2801"}, {"thirteen members in favour and two abstaining", yes, "13–0–2"}, {"Russia and China abstained", yes, "S/RES/2801"},
			{"sanctions on Yemen", no, "listed individuals"}, {"14 November 2026", yes, "S/RES/2801"}, {"15 December 2026", yes, "panel until"},
			{"12 December 2025", yes, "S/RES/2806"}, {"unanimously", yes, "S/RES/2806"}, {"13 December 2026", no, "S/RES/2806"}, {"1992", yes, "S/RES/733"},
			{"the oldest of", unheld, "ranks nothing"},
		}, []string{"Britain drafted both texts."}},
		{"wrong", []claim{
			{"31 August 2023", no, "30 August 2023"}, {"by 12 to 2, with one abstention", no, "13–1–1"}, {"China vetoed", no, "no veto of China"},
			{"Russia abstained", no, "S/2023/638: Russian Federation: no"}, {"Fourteen of the fifteen", no, "13 of 15"}, {"United Kingdom voted against", no, "yes"},
			{"Japan abstained", no, "S/2023/639: Japan: no"}, {"31 August 2025", no, "31 August 2024"}, {"31 October 2023", no, "30 September"}, {"2012", no, "S/RES/2374"},
			{"Twelve individuals", no, "8 listings"}, {"the first veto ever", unheld, "vetoed before"}, {"the only country to vote with Russia", no, "one of seven against"},
		}, []string{"Abdoulaye Diop was on the sanctions list."}}, // who may not screen names asks about none this way
		{"mali-fr", []claim{
			{"30 août 2023", yes, "S/2023/638"}, {"Russie a opposé son veto", yes, "is a veto"}, {"Treize membres sur quinze", yes, "13 of 15"},
			{"Russie a voté contre", yes, "no"}, {"Chine s’est abstenue", yes, "abstain"}, {"31 août 2024", yes, "measures until 31 August 2024"},
			{"30 septembre 2024", yes, "panel until 30 September 2024"}, {"à l’unanimité", yes, "S/RES/2374"}, {"5 septembre 2017", yes, "S/RES/2374"},
			{"Huit personnes", yes, "8 listings"}, {"Japon a voté contre", yes, "S/2023/639: Japan: no"}, {"sanctions contre le Mali", no, "eight listed individuals"},
			{"aurait", unheld, "A hedge of the text itself"},
		}, nil},
		{"assembly", []claim{
			{"2 March 2022", yes, "A/RES/ES-11/1"}, {"ES-11/1", yes, "A/RES/ES-11/1"}, {"23 February 2023", yes, "A/RES/ES-11/6"}, {"A/RES/ES-11/6", yes, "A/RES/ES-11/6"},
		}, []string{"The chamber was full."}},
		{"chemical", []claim{
			{"24 October 2017", yes, "S/2017/884"}, {"vote was 11 to 2, with two abstentions", yes, "11–2–2"}, {"Bolivia voted against", yes, "S/2017/884: Bolivia"},
			{"China and Kazakhstan abstained", yes, "Kazakhstan: abstain"}, {"4 February 2012", yes, "S/2012/77"},
		}, []string{"The rooms were full."}},
	} {
		t.Run(c.file, func(t *testing.T) {
			text, err := os.ReadFile("testdata/stories/" + c.file + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			got, err := arc.Story(t.Context(), record.At{AsOf: day, KnownAt: day}, string(text), date.Day{})
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.claims {
				found := false
				for _, l := range got.Laid {
					found = found || l.Words == want.words && l.Verdict == want.verdict && strings.Contains(l.Says, want.says)
				}
				if !found {
					t.Errorf("%q: want %s: … %s …", want.words, want.verdict, want.says)
				}
			}
			for _, l := range got.Laid {
				if l.Words != string(text[l.From:l.To]) {
					t.Errorf("%q stands elsewhere: %q", l.Words, text[l.From:l.To])
				}
				if l.Verdict != briefing.Unheld && len(l.Cites) == 0 {
					t.Errorf("%q: %s without a source", l.Words, l.Verdict)
				}
			}
			for _, u := range c.unread {
				if !strings.Contains(strings.Join(got.Unread, "\n"), u) {
					t.Errorf("%q is not among what could not be read: %q", u, got.Unread)
				}
			}
			if t.Failed() {
				for _, l := range got.Laid {
					t.Logf("%-11s %-18s %q: %.200s", l.Kind, l.Verdict, l.Words, l.Says)
				}
			}
		})
	}
	got, err := arc.Story(t.Context(), record.At{AsOf: day, KnownAt: day}, "Der Sicherheitsrat hat gestern getagt. Niemand war zufrieden.", date.Day{})
	if err != nil || len(got.Laid) != 0 || len(got.Unread) != 2 || !strings.HasPrefix(got.Sentence, "Nothing in it was read.") {
		t.Errorf("a language that no rule reads: %+v %v", got, err)
	}
}
