package compile

import (
	"strings"
	"testing"
)

func read(t *testing.T) *tables {
	t.Helper()
	tb, err := readTables(data)
	if err != nil {
		t.Fatal(err)
	}
	return tb
}

// What the brief has verified, in the tables.
func TestResolutionsOfTheBrief(t *testing.T) {
	rows := byKey(read(t).resolutions, "resolution")
	for _, c := range []struct{ name, day, meeting, what string }{
		{"S/RES/82 (1950)", "1950-06-25", "S/PV.473", "9-0-1"}, // the USSR was away
		{"S/RES/83 (1950)", "1950-06-27", "S/PV.474", "7-1-2"},
		{"S/RES/84 (1950)", "1950-07-07", "S/PV.476", "7-0-3"},
		{"S/RES/218 (1965)", "1965-11-23", "S/PV.1268", "7-0-4"}, // seven of eleven
		{"S/RES/220 (1966)", "1966-03-16", "", "15-0-0"},
		{"S/RES/232 (1966)", "1966-12-16", "", "11-0-4"},
		{"S/RES/338 (1973)", "1973-10-21", "", "14-0-0"},
		{"S/RES/344 (1973)", "1973-12-15", "", "10-0-4"},
		{"S/RES/418 (1977)", "1977-11-04", "", "15-0-0"},
		{"S/RES/591 (1986)", "1986-11-28", "", "consensus"},
		{"S/RES/661 (1990)", "1990-08-06", "S/PV.2933", "13-0-2"},
		{"S/RES/666 (1990)", "1990-09-13", "S/PV.2939", "13-2-0"}, // printed 663 in the table
		{"S/RES/695 (1991)", "1991-05-30", "S/PV.2990", "15-0-0"}, // printed 701 in the table
		{"S/RES/725 (1991)", "1991-12-31", "S/PV.3025", "15-0-0"},
		{"S/RES/918 (1994)", "1994-05-17", "S/PV.3377", "without-vote"},
		{"S/RES/1483 (2003)", "2003-05-22", "S/PV.4761", "14-0-0"},
		{"S/RES/1973 (2011)", "2011-03-17", "S/PV.6498", "10-0-5"},
		{"S/RES/2100 (2013)", "2013-04-25", "S/PV.6952", "15-0-0"},
		{"S/RES/2374 (2017)", "2017-09-05", "S/PV.8040", "15-0-0"},
		{"S/RES/2402 (2018)", "2018-02-26", "S/PV.8190", "15-0-0"},
		{"S/RES/2418 (2018)", "2018-05-31", "", "9-0-6"},
		{"S/RES/2432 (2018)", "2018-08-30", "S/PV.8336", "15-0-0"},
		{"S/RES/2484 (2019)", "2019-08-29", "S/PV.8607", "15-0-0"},
		{"S/RES/2513 (2020)", "2020-03-10", "S/PV.8742", "15-0-0"}, // day and month exchanged in the sheet
		{"S/RES/2551 (2020)", "2020-11-12", "S/PV.8775", "13-0-2"}, // the same; brief 2.4 has 12 November
		{"S/RES/2541 (2020)", "2020-08-31", "-", "15-0-0"},         // written procedure
		{"S/RES/2590 (2021)", "2021-08-30", "S/PV.8844", "15-0-0"},
		{"S/RES/2638 (2022)", "2022-06-22", "S/PV.9073", "without-vote"},
		{"S/RES/2640 (2022)", "2022-06-29", "S/PV.9082", "13-0-2"},
		{"S/RES/2649 (2022)", "2022-08-30", "S/PV.9119", "15-0-0"},
		{"S/RES/2690 (2023)", "2023-06-30", "S/PV.9365", "15-0-0"},
		{"S/RES/2772 (2025)", "2025-02-17", "", "13-0-2"},
		{"S/RES/2775 (2025)", "2025-02-28", "-", "unanimous-unrecorded"},
		{"S/RES/2781 (2025)", "2025-05-30", "S/PV.9928", "9-0-6"},
		{"S/RES/2801 (2025)", "2025-11-14", "S/PV.10044", "13-0-2"},
		{"S/RES/2816 (2026)", "2026-02-12", "-", "unanimous-unrecorded"},
	} {
		r, ok := rows[c.name]
		if !ok {
			t.Errorf("%s is not in the table", c.name)
			continue
		}
		meeting := c.meeting
		switch meeting {
		case "":
			meeting = r["meeting"]
		case "-":
			meeting = ""
		}
		if r["date"] != c.day || r["meeting"] != meeting || tallyText(r) != c.what {
			t.Errorf("%s: %s %s %s, want %s %s %s", c.name, r["date"], r["meeting"], tallyText(r), c.day, c.meeting, c.what)
		}
	}
	if r := rows["S/RES/2623 (2022)"]; r["nature"] != "procedural" || tallyText(r) != "11-1-3" {
		t.Errorf("the calling of an emergency special session is procedural: %v", r)
	}
	if r := rows["S/RES/918 (1994)"]; r["meeting_on"] != "1994-05-16" {
		t.Errorf("S/RES/918: the meeting is dated 16 May: %v", r)
	}
	// What nobody states stays absent.
	if r, ok := rows["S/RES/2807 (2025)"]; ok {
		t.Errorf("%v is in the table; no source was read for it", r)
	}
}

func TestFailedDraftsOfTheBrief(t *testing.T) {
	rows := byKey(read(t).failed, "draft")
	for _, c := range []struct{ draft, day, tally, outcome, blocked, rivals string }{
		{"S/2018/156", "2018-02-26", "11-2-2", OutcomeVeto, "RUS", "S/RES/2402"},
		{"S/2018/321", "2018-04-10", "12-2-1", OutcomeVeto, "RUS", "S/2018/175; S/2018/322"},
		{"S/2018/322", "2018-04-10", "5-4-6", OutcomeLack, "FRA GBR USA", "S/2018/175; S/2018/321"},
		{"S/2019/186", "2019-02-28", "9-3-3", OutcomeVeto, "CHN RUS", "S/2019/190"},
		{"S/2019/962", "2019-12-20", "5-6-4", OutcomeLack, "FRA GBR USA", "S/2019/961"},
		{"S/2016/847", "2016-10-08", "4-9-2", OutcomeLack, "FRA GBR USA", "S/2016/846"},
		{"S/2020/797", "2020-08-14", "2-2-11", OutcomeLack, "CHN RUS", ""},
		{"S/2020/852", "2020-08-31", "14-1-0", OutcomeVeto, "USA", ""},
		{"S/2023/638", "2023-08-30", "13-1-1", OutcomeVeto, "RUS", "S/2023/639"},
		{"S/2023/639", "2023-08-30", "1-1-13", OutcomeLack, "", "S/2023/638"},
		{"S/2024/255", "2024-03-28", "13-1-1", OutcomeVeto, "RUS", ""},
		{"S/PV.10001/DRAFT", "2025-09-19", "4-9-2", OutcomeLack, "FRA GBR USA", ""},
		{"S/552/PRELIMINARY", "1947-09-15", "8-2-1", OutcomeVeto, "SUN", "S/552; S/RES/34"},
		{"S/980", "1948-08-19", "4-0-6", OutcomeLack, "", "S/968"}, // S/RES/56 of that meeting is on another item
		{"S/PV.193/DRAFT", "1947-08-22", "4-0-7", OutcomeLack, "", ""},
		{"S/10771", "1972-08-25", "11-1-3", OutcomeVeto, "CHN", "S/10768"},
	} {
		r, ok := rows[c.draft]
		if !ok {
			t.Errorf("%s is not in the table", c.draft)
			continue
		}
		if r["date"] != c.day || tallyText(r) != c.tally || r["outcome"] != c.outcome || r["blocked_by"] != c.blocked || r["rivals"] != c.rivals {
			t.Errorf("%s: %s %s %s by %q, rivals %q", c.draft, r["date"], tallyText(r), r["outcome"], r["blocked_by"], r["rivals"])
		}
	}
	for draft, want := range map[string]bool{"S/2023/638": true, "S/2023/639": false, "S/2020/797": false, "S/PV.10001/DRAFT": false, "S/2018/322": false} {
		if strict(rows[draft]) != want {
			t.Errorf("strict veto of %s: %v", draft, !want)
		}
	}
	for draft, want := range map[string]string{"S/2023/638": "substantive", "S/552/PRELIMINARY": "preliminary", "S/PV.303/PRELIMINARY": "preliminary"} {
		if got := rows[draft]["nature"]; got != want {
			t.Errorf("%s is %s, want %s", draft, got, want)
		}
	}
	if a := rows["S/2025/116"]; a["amends"] != "S/2025/112" || a["outcome"] != OutcomeVeto {
		t.Errorf("an amendment to the draft of S/RES/2774: %v", a)
	}
	if m := rows["S/2023/638"]; m["sponsors"] != "FRA ARE" || rows["S/2023/639"]["sponsors"] != "RUS" {
		t.Errorf("sponsors of the Mali drafts: %q and %q", m["sponsors"], rows["S/2023/639"]["sponsors"])
	}
}

// The fifteen votes of 30 August 2023, as brief 3.3 has them member by member.
func TestMaliRollCalls(t *testing.T) {
	rows := byKey(read(t).rollcalls, "vote")
	for _, c := range []struct{ vote, yes, no, abstain string }{
		{"S/2023/638", "ALB ARE BRA CHE ECU FRA GAB GBR GHA JPN MLT MOZ USA", "RUS", "CHN"},
		{"S/2023/639", "RUS", "JPN", "ALB ARE BRA CHE CHN ECU FRA GAB GBR GHA MLT MOZ USA"},
		{"S/RES/2640 (2022)", "ALB ARE BRA FRA GAB GBR GHA IND IRL KEN MEX NOR USA", "", "CHN RUS"},
		{"S/RES/2683 (2023)", "ALB ARE BRA CHE ECU FRA GBR JPN MLT USA", "", "CHN GAB GHA MOZ RUS"},
		{"S/RES/2801 (2025)", "DNK DZA FRA GBR GRC GUY KOR PAK PAN SLE SOM SVN USA", "", "CHN RUS"},
	} {
		r := rows[c.vote]
		if r["yes"] != c.yes || r["no"] != c.no || r["abstain"] != c.abstain || r["absent"]+r["not_participating"] != "" {
			t.Errorf("%s: %v", c.vote, r)
		}
	}
	if r := rows["S/RES/1483 (2003)"]; r["not_participating"] != "SYR" {
		t.Errorf("S/RES/1483: %v", r)
	}
	if r := rows["S/RES/725 (1991)"]; !strings.Contains(r["yes"], "RUS") || strings.Contains(r["yes"], "SUN") {
		t.Errorf("S/RES/725 is the Russian Federation's vote: %v", r)
	}
	if r := rows["S/RES/724 (1991)"]; !strings.Contains(r["yes"], "SUN") || strings.Contains(r["yes"], "RUS") {
		t.Errorf("S/RES/724 is the USSR's vote: %v", r)
	}
}

func TestAssemblyOfTheBrief(t *testing.T) {
	tb := read(t)
	votes := byKey(tb.votes, "resolution")
	for name, want := range map[string]string{"A/RES/68/262": "100-11-58", "A/RES/ES-11/1": "141-5-35", "A/RES/ES-11/3": "93-24-58", "A/RES/ES-11/6": "141-7-32", "A/RES/ES-11/7": "93-18-65", "A/RES/ES-11/8": "93-8-73"} {
		if got := tallyText(votes[name]); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	mali, six := map[string]string{}, 0
	for _, b := range tb.ballots {
		if b["state"] == "MLI" {
			mali[b["resolution"]] = b["vote"] + " " + b["sureness"]
		}
		if b["resolution"] == "A/RES/ES-11/6" && b["vote"] == "no" {
			six++
		}
	}
	for name, want := range map[string]string{
		"A/RES/ES-11/1": "abstain verified", "A/RES/ES-11/2": "abstain unverified", "A/RES/ES-11/3": "no unverified", "A/RES/ES-11/4": "abstain verified",
		"A/RES/ES-11/5": "no verified", "A/RES/ES-11/6": "no verified", "A/RES/ES-11/7": "no unverified", "A/RES/ES-11/8": "no unverified",
	} {
		if mali[name] != want {
			t.Errorf("Mali on %s: %q, want %q", name, mali[name], want)
		}
	}
	if six != 7 {
		t.Errorf("%d against ES-11/6, want 7", six)
	}
}

// Numbers counted in the order of the meetings table, against numbers read in
// the Library's own tables that are no anchors of the count.
func TestCountedMeetings(t *testing.T) {
	rows := byKey(read(t).resolutions, "resolution")
	counted := 0
	for name, want := range map[string]string{
		"S/RES/72 (1949)": "S/PV.437", "S/RES/81 (1950)": "S/PV.472", "S/RES/86 (1950)": "S/PV.503", "S/RES/87 (1950)": "S/PV.506",
		"S/RES/91 (1951)": "S/PV.539", "S/RES/92 (1951)": "S/PV.545", "S/RES/93 (1951)": "S/PV.547", "S/RES/95 (1951)": "S/PV.558",
		"S/RES/97 (1952)": "S/PV.571", "S/RES/98 (1952)": "S/PV.611", "S/RES/100 (1953)": "S/PV.631",
		"S/RES/107 (1955)": "S/PV.696", "S/RES/108 (1955)": "S/PV.700",
		"S/RES/134 (1960)": "S/PV.856", "S/RES/138 (1960)": "S/PV.868", "S/RES/143 (1960)": "S/PV.873", "S/RES/145 (1960)": "S/PV.879",
		"S/RES/146 (1960)": "S/PV.886", "S/RES/147 (1960)": "S/PV.891", "S/RES/156 (1960)": "S/PV.895",
		"S/RES/162 (1961)": "S/PV.949", "S/RES/163 (1961)": "S/PV.956", "S/RES/170 (1961)": "S/PV.986",
		"S/RES/178 (1963)": "S/PV.1033", "S/RES/179 (1963)": "S/PV.1039", "S/RES/180 (1963)": "S/PV.1049", "S/RES/181 (1963)": "S/PV.1056",
		"S/RES/295 (1971)": "S/PV.1573", "S/RES/298 (1971)": "S/PV.1582", "S/RES/301 (1971)": "S/PV.1598", "S/RES/302 (1971)": "S/PV.1601",
		"S/RES/569 (1985)": "S/PV.2602", "S/RES/573 (1985)": "S/PV.2615", "S/RES/579 (1985)": "S/PV.2637",
		"S/RES/612 (1988)": "S/PV.2812", "S/RES/620 (1988)": "S/PV.2825", "S/RES/623 (1988)": "S/PV.2830",
		"S/RES/660 (1990)": "S/PV.2932", "S/RES/662 (1990)": "S/PV.2934", "S/RES/674 (1990)": "S/PV.2951", "S/RES/678 (1990)": "S/PV.2963",
		"S/RES/692 (1991)": "S/PV.2987", "S/RES/700 (1991)": "S/PV.2994", "S/RES/713 (1991)": "S/PV.3009", "S/RES/720 (1991)": "S/PV.3017",
	} {
		r := rows[name]
		if r["meeting"] != want {
			t.Errorf("%s: %s, the Library has %s", name, r["meeting"], want)
		}
		if strings.Contains(r["note"], "counted between") {
			counted++
		}
	}
	if counted < 40 {
		t.Errorf("only %d of these were counted: the test has lost its object", counted)
	}
}
