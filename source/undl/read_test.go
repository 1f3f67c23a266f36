package undl

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"

	"article41/record"
)

const councilHead = "undl_id,ms_code,ms_name,permanent_member,ms_vote,date,resolution,draft,meeting,description,agenda,subjects,vote_note,modality,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link\n"

// council writes a voting record of the Council in the Library's form.
func council(id, resolution, day, votes, note, modality, totals string) string {
	var b strings.Builder
	for i, m := range strings.Fields("CHN FRA RUS GBR USA DZA DNK GRC GUY PAK PAN KOR SLE SVN SOM") {
		fmt.Fprintf(&b, "%s,%s,NAME,%v,%c,%s,%s,S/2025/719,S/PV.10036,\"a topic, with a comma\",An item,SUBJECT,%s,%s,%s,15.0,https://example.org/%s\n",
			id, m, i < 5, votes[i], day, resolution, note, modality, totals, id)
	}
	return b.String()
}

func readCouncil(t *testing.T, text string) ([]record.Vote, Report) {
	t.Helper()
	var out []record.Vote
	rep, err := ReadCouncil(strings.NewReader(text), func(v record.Vote) error { out = append(out, v); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return out, rep
}

func TestCouncil(t *testing.T) {
	text := councilHead + council("1", "S/RES/2799(2025)", "2025-11-06", "AYYYYYYYYYYYYYY", "", "Vote", "14.0,0.0,1.0,0.0") +
		council("2", "S/RES/2797(2025)", "2025-10-31", "AYAYYXYYYAYYYYY", "Algeria did not participate", "Vote", "11.0,0.0,3.0,1.0") +
		council("3", "S/RES/2580(2021)", "2021-06-08", "YYYYYYYYYYYYYYY", "adopted by acclamation", "Without a vote", "15,0,0,0")
	votes, rep := readCouncil(t, text)
	if len(votes) != 3 || rep.Rows != 45 || rep.Votes != 3 || len(rep.Complaints) != 0 || rep.Digest.IsZero() ||
		rep.First.String() != "2021-06-08" || rep.Last.String() != "2025-11-06" {
		t.Fatalf("%d votes, %+v", len(votes), rep)
	}
	v := votes[0]
	if v.ID != "S/RES/2799" || v.Draft != "S/2025/719" || v.Meeting != "S/PV.10036" || *v.Tally != (record.Tally{Yes: 14, Abstain: 1}) ||
		len(v.Ballots.Yes) != 14 || v.Ballots.Abstain[0] != "CHN" || v.Title != "a topic, with a comma" || v.Cites[0].Place != "record 1" {
		t.Errorf("%+v %+v", v, v.Ballots)
	}
	if v := votes[1]; v.Tally.NotVoting != 1 || len(v.Ballots.NotParticipating) != 1 || v.Ballots.NotParticipating[0] != "DZA" {
		t.Errorf("a member that took no part: %+v", v.Ballots)
	}
	if v := votes[2]; v.Mode != record.Acclamation || v.Ballots != nil || v.Tally != nil {
		t.Errorf("nobody voted, though the Library writes yes: %+v", v)
	}
}

func TestAssembly(t *testing.T) {
	const head = "undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,title,agenda_title,subjects,vote_note,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link\n"
	text := head + "9,FRA,FRANCE,Y,2025-02-24,ES-11,A/RES/ES-11/7,A/ES-11/L.10,,A/ES-11/PV.28,A title,An item,S,,2.0,1.0,1.0,1.0,5.0,x\n" +
		"9,MLI,MALI,N,2025-02-24,ES-11,A/RES/ES-11/7,,,,,,,,2.0,1.0,1.0,1.0,5.0,x\n" +
		"9,CHN,CHINA,A,2025-02-24,ES-11,A/RES/ES-11/7,,,,,,,,2.0,1.0,1.0,1.0,5.0,x\n" +
		"9,DEU,GERMANY,Y,2025-02-24,ES-11,A/RES/ES-11/7,,,,,,,,2.0,1.0,1.0,1.0,5.0,x\n" +
		"9,VEN,VENEZUELA,X,2025-02-24,ES-11,A/RES/ES-11/7,,,,,,,,2.0,1.0,1.0,1.0,5.0,x\n" +
		"10,,CZECHOSLOVAKIA,Y,1979-12-12,34,A/RES/34/93[A],,,,,,,,1,0,0,0,1,x\n"
	var out []record.Assembly
	rep, err := ReadAssembly(strings.NewReader(text), func(v record.Assembly) error { out = append(out, v); return nil })
	if err != nil || len(out) != 2 || len(rep.Complaints) != 0 {
		t.Fatalf("%v %+v %v", out, rep, err)
	}
	v := out[0]
	if v.Resolution != "A/RES/ES-11/7" || v.Session != "ES-11" || *v.Tally != (record.Tally{Yes: 2, No: 1, Abstain: 1, NotVoting: 1}) || v.Ballots.No[0] != "MLI" || v.Ballots.Absent[0] != "VEN" {
		t.Errorf("%+v %+v", v, v.Ballots)
	}
	if v := out[1]; v.Resolution != "A/RES/34/93A" || v.Ballots.Yes[0] != "CSK" {
		t.Errorf("a part in brackets, a state by its name of then: %+v %+v", v, v.Ballots)
	}
}

// TestOlderLayout: the columns of 2024 had other names.
func TestOlderLayout(t *testing.T) {
	var out []record.Assembly
	_, err := ReadAssembly(strings.NewReader("\ufeffundl_id,ms_codes,ms_names,ms_votes,resolutions,title,modality,date,yes,no\n1,MLI,MALI,NV,A/RES/78/1,t,Vote,2023-10-01,0,0\n"),
		func(v record.Assembly) error { out = append(out, v); return nil })
	if err != nil || len(out) != 1 || out[0].Ballots.Absent[0] != "MLI" {
		t.Errorf("%+v %v", out, err)
	}
}

func TestPacked(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(councilHead + council("1", "S/RES/2799(2025)", "2025-11-06", "AYYYYYYYYYYYYYY", "", "", "14,0,1,0")))
	z.Close()
	votes, _ := readCouncil(t, b.String())
	if len(votes) != 1 {
		t.Errorf("%d votes of a gzipped file", len(votes))
	}
}

// TestComplaints: what is wrong in a row is named with its line, and no more is lost.
func TestComplaints(t *testing.T) {
	good := council("1", "S/RES/2799(2025)", "2025-11-06", "AYYYYYYYYYYYYYY", "", "Vote", "14,0,1,0")
	for _, c := range []struct {
		why, old, new, says string
		votes               int
	}{
		{"a ballot that is none", "1,CHN,NAME,true,A", "1,CHN,NAME,true,Q", `line 2: S/RES/2799 (2025): CHN: ms_vote "Q"`, 1},
		{"a state nobody knows", "1,CHN,NAME", "1,ZZZ,NOWHERE", `line 2: S/RES/2799 (2025): member "ZZZ"`, 1},
		{"a state twice", "1,FRA,", "1,CHN,", "line 3: S/RES/2799 (2025): CHN stands at line 2 already", 1},
		{"a year that is not the resolution's", "S/RES/2799(2025)", "S/RES/2799(2019)", "is of 2025, not 2019", 0},
		{"a day that does not exist", "2025-11-06", "2025-11-36", "line 2", 0},
		{"no day", "2025-11-06", "soon", `date "soon"`, 0},
		{"totals against the ballots", "14,0,1,0", "13,0,2,0", "its totals are 13-0-2, its ballots 14-0-1", 1},
		{"a total that is no count", "14,0,1,0", "many,0,1,0", `total_yes "many"`, 1},
		{"a cell too few", "1,FRA,NAME,false,Y,", "1,FRA,NAME,Y,", "line 3: ", 1},
		{"a draft without a symbol", "S/2025/719", "see text", "draft: symbol", 1},
	} {
		text := strings.ReplaceAll(good, c.old, c.new)
		if text == good && c.why != "a cell too few" {
			t.Fatal(c.why)
		}
		if c.why == "a cell too few" {
			text = strings.Replace(good, "1,FRA,NAME,true,Y,", "1,FRA,NAME,Y,", 1)
		}
		votes, rep := readCouncil(t, councilHead+text)
		found := false
		for _, k := range rep.Complaints {
			found = found || strings.Contains(k.Place+": "+k.Problem, c.says)
		}
		if !found || len(votes) != c.votes {
			t.Errorf("%s: %d votes, %v; want %d and %q", c.why, len(votes), rep.Complaints, c.votes, c.says)
		}
	}
	apart := good + council("2", "S/RES/2798(2025)", "2025-11-05", "YYYYYYYYYYYYYYY", "", "", "15,0,0,0") + good
	votes, rep := readCouncil(t, councilHead+apart)
	if len(votes) != 2 || len(rep.Complaints) == 0 || !strings.Contains(rep.Complaints[0].Problem, "stands apart") {
		t.Errorf("rows of one record in two places: %d votes, %v", len(votes), rep.Complaints)
	}
}

func TestRefused(t *testing.T) {
	none := func(record.Vote) error { return nil }
	for _, c := range []struct{ why, text, says string }{
		{"an empty file", "", "no header"},
		{"a page with status 200", "<!DOCTYPE html><html>", "not CSV"},
		{"another table", "a,b,c\n1,2,3\n", "no column undl_id"},
		{"a header alone", councilHead, "a header alone"},
		{"the Assembly's file under the Council's name", "undl_id,ms_code,ms_vote,date,resolution\n1,FRA,Y,2025-01-01,A/RES/79/1\n", "want S/RES/"},
		{"a quote that is never closed", councilHead + "1,\"FRA,x", "line 2"},
		{"a row without an end", councilHead + "1,\"" + strings.Repeat("x", 2*mostRow), "a row of more than"},
	} {
		if _, err := ReadCouncil(strings.NewReader(c.text), none); err == nil || !strings.Contains(err.Error(), c.says) || !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: %v, want it to say %q", c.why, err, c.says)
		}
	}
	stop := errors.New("stop")
	_, err := ReadCouncil(strings.NewReader(councilHead+council("1", "S/RES/2799(2025)", "2025-11-06", "AYYYYYYYYYYYYYY", "", "", "14,0,1,0")), func(record.Vote) error { return stop })
	if !errors.Is(err, stop) {
		t.Errorf("the taker's error is lost: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(councilHead + council("1", "S/RES/2799(2025)", "2025-11-06", "AYYYYYYYYYYYYYY", "", "", "14,0,1,0"))
	f.Add("undl_id,ms_code,ms_vote,date,resolution\n1,FRA,Y,2025-01-01,S/RES/1(1946)\n")
	f.Fuzz(func(t *testing.T, text string) {
		rep, err := ReadCouncil(strings.NewReader(text), func(v record.Vote) error {
			if _, err := record.State("undl-sc/vote/x", Council, v.Date, v); err != nil {
				t.Errorf("a vote that no ledger can hold: %v", err)
			}
			return nil
		})
		if err == nil && rep.Rows == 0 {
			t.Error("nothing was read, and nothing was said")
		}
		ReadAssembly(strings.NewReader(text), func(record.Assembly) error { return nil })
	})
}
