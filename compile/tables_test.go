package compile

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"article41/country"
	"article41/date"
	"article41/shareddata"
)

const data = "../data"

// shared is the folder above data/, as the compiler takes it.
func shared(t *testing.T) string {
	t.Helper()
	return filepath.Dir(shareddata.Path(t, "data"))
}

var tableNames = []string{"seats.csv", "votes/resolutions.csv", "votes/rollcalls.csv", "votes/failed.csv", "assembly/votes.csv", "assembly/ballots.csv"}

func TestTablesAreSound(t *testing.T) {
	complaints, err := Lint(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range complaints {
		t.Error(c)
	}
}

// The committed tables are what the compiler makes today.
func TestTablesAreFresh(t *testing.T) {
	dir := t.TempDir()
	if err := All(shared(t), dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range tableNames {
		want, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the sources give: compile it again, or carry the edit into compile/", name)
		}
	}
}

// Each step alone writes the same bytes as all of them.
func TestStepsAgreeWithAll(t *testing.T) {
	sh, dir := shared(t), t.TempDir()
	for _, step := range []func(string, string) error{Seats, Resolutions, Rollcalls, Failed, Assembly} {
		if err := step(sh, dir); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range tableNames {
		one, err1 := os.ReadFile(filepath.Join(dir, name))
		all, err2 := os.ReadFile(filepath.Join(data, name))
		if err1 != nil || err2 != nil || !bytes.Equal(one, all) {
			t.Errorf("%s: %v %v, or other bytes", name, err1, err2)
		}
	}
}

func TestAgainstTheSources(t *testing.T) {
	r, err := Against(shared(t), data)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Err(); err != nil {
		t.Error(err)
	}
	if len(r.Lines) != 16 {
		t.Errorf("%d comparisons, want 16", len(r.Lines))
	}
	least := map[string]int{
		"meetings: tally or mode": 2700, "voting sheet: tally of ballots": 1997, "voting sheet: outcome by the tally rule": 1900,
		"roll calls: tally in their own table": 2400, "veto list: strict vetoes": 214, "per-year members: members of the year": 1100, "un lists: entries of each date": 18000,
	}
	for _, l := range r.Lines {
		if l.Compared == 0 || l.Compared != l.Equal+l.Differing || l.Compared < least[l.Source] {
			t.Errorf("%+v", l)
		}
	}
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + b.String()[:strings.Index(b.String(), "meetings: tally or mode |")])
}

// A difference without a judgement fails, and so does a judgement of nothing.
func TestJudgementsAreHeld(t *testing.T) {
	sh := shared(t)
	dir := copyOf(t)
	path := filepath.Join(dir, "judgements.csv")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(b), "\n")
	if err := os.WriteFile(path, []byte(lines[0]+strings.Join(lines[2:], "")), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Against(sh, dir)
	if err != nil {
		t.Fatal(err)
	}
	if r.Err() == nil || len(r.Unjudged()) != 1 {
		t.Errorf("a judgement taken away is not missed: %v", r.Err())
	}
	if err := os.WriteFile(path, []byte(string(b)+"meetings: day,S/RES/2374,\"source 2017-09-04, table 2017-09-05\",of nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err = Against(sh, dir); err != nil {
		t.Fatal(err)
	}
	if r.Err() == nil || len(r.Stale) != 1 {
		t.Errorf("a judgement of nothing is not missed: %v", r.Err())
	}
	// A slip of the hand in a table is a difference nobody has judged.
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	edit(t, dir, "votes/resolutions.csv", "S/PV.8040,vote,15,0,0,0", "S/PV.8040,vote,14,0,1,0")
	if r, err = Against(sh, dir); err != nil {
		t.Fatal(err)
	}
	if len(r.Unjudged()) != 3 { // the meetings table, the ballots, the roll call
		t.Errorf("a changed tally of S/RES/2374 gives %v", r.Unjudged())
	}
}

func copyOf(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range append(slices.Clone(tableNames), "judgements.csv", "lists/un.jsonl") {
		b, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func edit(t *testing.T, dir, name, old, new string) {
	t.Helper()
	path := filepath.Join(dir, name)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(b), old) != 1 {
		t.Fatalf("%s holds %q %d times", name, old, strings.Count(string(b), old))
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(b), old, new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLintFinds(t *testing.T) {
	for _, c := range []struct{ why, file, old, new, want string }{
		{"more votes than seats", "votes/resolutions.csv", "S/PV.8040,vote,15,0,0,0", "S/PV.8040,vote,15,1,0,0", "16 votes of 15 seats"},
		{"a malformed symbol", "votes/resolutions.csv", "S/RES/2374 (2017),", "S/RES/23x4 (2017),", "S/RES/23x4"},
		{"a wrong year in a symbol", "votes/resolutions.csv", "S/RES/2374 (2017),", "S/RES/2374 (2016),", "2374"},
		{"a day that does not exist", "votes/resolutions.csv", "2017-09-05,S/PV.8040", "2017-09-31,S/PV.8040", "2017-09-31"},
		{"an unknown mode", "votes/resolutions.csv", "S/PV.8040,vote,", "S/PV.8040,shouting,", "shouting"},
		{"adopted with too few", "votes/resolutions.csv", "S/PV.8040,vote,15,0,0,0", "S/PV.8040,vote,8,0,7,0", "9 needed"},
		{"a member that did not sit", "votes/rollcalls.csv", "S/2023/639,RUS,JPN,", "S/2023/639,RUS,IND,", "IND did not sit"},
		{"a member twice", "votes/rollcalls.csv", "S/2023/639,RUS,JPN,", "S/2023/639,RUS JPN,JPN,", "JPN stands twice"},
		{"a roll call against its tally", "votes/failed.csv", "S/2023/638,2023-08-30,S/PV.9408,13,1,1,0", "S/2023/638,2023-08-30,S/PV.9408,12,1,2,0", "the roll call counts 13-1-1"},
		{"a rival that is no draft", "votes/failed.csv", "RUS,S/2023/639,", "RUS,S/2023/6390,", "S/2023/6390 is in no table"},
		{"a veto by an elected member", "votes/failed.csv", "S/2023/638,2023-08-30,S/PV.9408,13,1,1,0,veto,RUS", "S/2023/638,2023-08-30,S/PV.9408,13,1,1,0,veto,JPN", "no permanent member"},
		{"day and month exchanged", "votes/resolutions.csv", "2020-11-12,S/PV.8775", "2020-12-11,S/PV.8775", "stands after"},
		{"an unknown nature", "votes/failed.csv", ",preliminary,,\nS/552,", ",wild,,\nS/552,", "nature \"wild\""},
		{"a seat without a holder", "seats.csv", "2018-12-31,false,MEMf", "2018-11-30,false,MEMf", "14 holders"},
		{"a vote of no Member", "assembly/ballots.csv", "A/RES/ES-11/6,MLI", "A/RES/ES-11/6,XKX", "XKX was no Member"},
	} {
		dir := copyOf(t)
		edit(t, dir, c.file, c.old, c.new)
		got, err := Lint(dir)
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		if !strings.Contains(strings.Join(got, "\n"), c.want) {
			t.Errorf("%s: want a complaint with %q, got %q", c.why, c.want, got)
		}
	}
}

func TestSeatsOnDays(t *testing.T) {
	seats, err := ReadSeats(filepath.Join(data, "seats.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if err := checkSeats(seats); err != nil {
		t.Error(err)
	}
	for _, c := range []struct{ why, on, want string }{
		{"the first sitting", "1946-01-17", "AUS BRA CHN EGY FRA GBR MEX NLD POL SUN USA"},
		{"a split term, first year", "1956-06-01", "AUS BEL CHN CUB FRA GBR IRN PER SUN USA YUG"},
		{"a split term, second year", "1957-06-01", "AUS CHN COL CUB FRA GBR IRQ PHL SUN SWE USA"},
		{"eleven to the end of 1965", "1965-12-31", "BOL CHN CIV FRA GBR JOR MYS NLD SUN URY USA"},
		{"fifteen from 1966", "1966-01-01", "ARG BGR CHN FRA GBR JOR JPN MLI NGA NLD NZL SUN UGA URY USA"},
		{"Democratic Yemen before the union", "1990-05-21", "CAN CHN CIV COD COL CUB ETH FIN FRA GBR MYS ROU SUN USA YMD"},
		{"Yemen after the union", "1990-05-22", "CAN CHN CIV COD COL CUB ETH FIN FRA GBR MYS ROU SUN USA YEM"},
		{"the day of S/RES/724 is the USSR's", "1991-12-15", "AUT BEL CHN CIV CUB ECU FRA GBR IND ROU SUN USA YEM COD ZWE"},
		{"the day of S/RES/725 is Russia's", "1991-12-31", "AUT BEL CHN CIV CUB ECU FRA GBR IND ROU RUS USA YEM COD ZWE"},
		{"Italy's year", "2017-12-31", "BOL CHN EGY ETH FRA GBR ITA JPN KAZ RUS SEN SWE UKR URY USA"},
		{"the Netherlands' year", "2018-01-01", "BOL CHN CIV ETH FRA GBR GNQ KAZ KWT NLD PER POL RUS SWE USA"},
		{"Jordan took the seat Saudi Arabia declined", "2014-06-01", "ARG AUS CHL CHN FRA GBR JOR KOR LTU LUX NGA RUS RWA TCD USA"},
		{"the day of the Mali veto", "2023-08-30", "ALB ARE BRA CHE CHN ECU FRA GAB GBR GHA JPN MLT MOZ RUS USA"},
		{"2026", "2026-11-23", "BHR CHN COD COL DNK FRA GBR GRC LBR LVA PAK PAN RUS SOM USA"},
		{"2027, as elected", "2027-01-01", "AUT BHR CHN COD COL FRA GBR KGZ LBR LVA PRT RUS TTO USA ZWE"},
	} {
		want := codesOf(parseCodes(c.want))
		if got := codesOf(Seated(seats, date.MustDay(c.on))); got != want {
			t.Errorf("%s, %s:\n got %s\nwant %s", c.why, c.on, got, want)
		}
	}
	holder := func(on string, who country.Code) (string, string) {
		for _, s := range seats {
			if s.Member == who && date.MustDay(on).Within(s.From, s.To) {
				return s.ID, s.Holder
			}
		}
		return "", ""
	}
	before, roc := holder("1971-10-24", "CHN")
	after, prc := holder("1971-10-25", "CHN")
	if before != after || roc != "Republic of China" || prc != "People's Republic of China" {
		t.Errorf("the China seat: %s %q, %s %q", before, roc, after, prc)
	}
	ita, _ := holder("2017-06-01", "ITA")
	nld, _ := holder("2018-06-01", "NLD")
	if ita == "" || ita != nld {
		t.Errorf("Italy sat in %q, the Netherlands in %q: one seat", ita, nld)
	}
	ussr, _ := holder("1991-12-30", "SUN")
	if rus, _ := holder("1991-12-31", "RUS"); ussr != rus {
		t.Errorf("the USSR sat in %q, Russia in %q: one seat", ussr, rus)
	}
}
