package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"article41/record"
)

// askAlign runs one of the two commands on the shipped record alone.
func askAlign(t *testing.T, command func(*app) *cobra.Command, args string) (string, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	var out, said bytes.Buffer
	c := command(&app{world: world{out: &out, err: &said, now: func() time.Time { return noon }, getenv: func(string) string { return "" }}})
	c.SetArgs(strings.Fields(args))
	c.SilenceErrors, c.SilenceUsage = true, true
	err := c.Execute()
	return out.String(), err
}

func TestAlignJSON(t *testing.T) {
	got, err := askAlign(t, alignCommand, "FRA JPN --votes S/2023/638,S/2023/639 --json")
	if err != nil {
		t.Fatal(err)
	}
	var g map[string]any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatal(err)
	}
	for k, want := range map[string]float64{"n": 2, "raw": 0.5, "lijphart": 0.75, "s": 0.5, "kappa": 0.5, "pi": 3.0 / 7} {
		if g[k] != want {
			t.Errorf("%s is %v, want %v", k, g[k], want)
		}
	}
	got, err = askAlign(t, alignCommand, "FRA USA --votes S/2023/638 --json")
	if err != nil || !strings.Contains(got, `"kappa": null`) || !strings.Contains(got, `"pi": null`) {
		t.Errorf("one vote, the same position: %v\n%s", err, got)
	}
}

func TestPowerJSON(t *testing.T) {
	for _, c := range []struct {
		args string
		want []string
	}{
		{"--rule 1966 --json", []string{`"421/2145"`, `"4/2145"`, `"106/635"`, `"21/1270"`, `"53/1995"`, `"36112/1594323"`}},
		{"--rule 1946 --json", []string{`"76/385"`, `"1/462"`, `"632/19683"`}},
		{"--seats 25 --quota 15 --vetoes 0 --json", []string{`"1/25"`, `"permanent": null`}},
		{"--record --from 2023 --to 2023", []string{"fell to the no of", "RUS"}},
		{"--csv", []string{"Shapley-Shubik,421/2145,0.196270,4/2145,0.001865"}},
	} {
		got, err := askAlign(t, powerCommand, c.args)
		if err != nil {
			t.Errorf("%s: %v", c.args, err)
		}
		for _, w := range c.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %s in\n%s", c.args, w, got)
			}
		}
	}
}

func TestAlignText(t *testing.T) {
	for _, c := range []struct {
		args string
		want []string
	}{
		{"mali", []string{"Mali voted no, one of seven", "Not known:", "doi:10.7910/DVN/LEJUQZ"}},
		{"drift --pole RUS", []string{"Mali is 33 of 191", "own rank", "Missing:"}},
		{"map --year 2023", []string{"Map of 15 states", "Method: Classical scaling"}},
		{"blocs --year 2023", []string{"stability"}},
		{"expected --year 2023", []string{"Least expected of", "minority index"}},
		{"ideals MLI RUS --from 2020", []string{"MLI    2020  -0.3260"}},
		{"MLI --body GA", []string{"Missing: Of the General Assembly"}},
		{"P3 RUS --from 2023", []string{"pairs of ballots were the same"}},
	} {
		got, err := askAlign(t, alignCommand, c.args)
		if err != nil {
			t.Errorf("%s: %v", c.args, err)
		}
		for _, w := range c.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%.2000s", c.args, w, got)
			}
		}
	}
}

func TestAlignUse(t *testing.T) {
	for _, c := range []struct {
		why     string
		command func(*app) *cobra.Command
		args    string
	}{
		{"a state that is none", alignCommand, "FRA atlantis"},
		{"a day that is none", alignCommand, "FRA JPN --from soon"},
		{"a body that is none", alignCommand, "FRA JPN --body ICJ"},
		{"a symbol that is none", alignCommand, "FRA JPN --votes what"},
		{"a group alone", alignCommand, "P5"},
		{"years the wrong way about", alignCommand, "drift --before 2020-2018"},
		{"a measure that is none", alignCommand, "drift --by feeling"},
		{"a rule that is none", powerCommand, "--rule 1967"},
		{"a rule and a reform", powerCommand, "--rule 1966 --seats 20"},
		{"too many seats", powerCommand, "--seats 31"},
	} {
		_, err := askAlign(t, c.command, c.args)
		var use errUse
		if !errors.As(err, &use) && !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
	if _, err := askAlign(t, alignCommand, "FRA RUS --from 2026-10 --body SC"); !errors.Is(err, errNothing) {
		t.Errorf("no vote in common: %v", err)
	}
}

// A file of roll calls is counted beside the record, without a database.
func TestBallotsOfAFile(t *testing.T) {
	file := t.TempDir() + "/calls.csv"
	text := "rcid,session,date,unres,amend,para,short,me,365,432\n" +
		"1,74,2019-12-18,R/74/1,0,0,A,0,1,1\n2,74,2019-12-19,R/74/2,0,0,B,0,3,1\n3,74,2019-12-20,R/74/3,0,0,C,0,1,8\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := askAlign(t, alignCommand, "MLI RUS --body GA --from 2019 --to 2019 --json --ballots "+file)
	if err != nil || !strings.Contains(got, `"n": 2`) || !strings.Contains(got, `"absent": 1`) || !strings.Contains(got, `"lijphart": 0.5,`) {
		t.Errorf("%v\n%s", err, got)
	}
}
