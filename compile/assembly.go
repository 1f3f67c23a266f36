package compile

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"article41/country"
	"article41/date"
)

//go:embed assembly.csv
var assemblyCSV string

//go:embed assembly_ballots.csv
var assemblyBallotsCSV string

var (
	assemblyHead = []string{"resolution", "session", "date", "yes", "no", "abstain", "title", "source", "sureness", "note"}
	ballotHead   = []string{"resolution", "state", "vote", "source", "sureness"}
)

// Assembly writes assembly/votes.csv and assembly/ballots.csv: the votes of the
// General Assembly on Ukraine that the Mali story needs. The tallies are the
// brief's; ballots of all states are known for 68/262 and ES-11/1 only.
func Assembly(shared, out string) error {
	ballots, err := readUkraine(shared)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, b := range ballots {
		have[b[0]+" "+b[1]] = true
	}
	for _, r := range embedded(assemblyBallotsCSV) {
		if have[r["resolution"]+" "+r["state"]] {
			return fmt.Errorf("assembly: %s of %s stands twice", r["state"], r["resolution"])
		}
		ballots = append(ballots, []string{r["resolution"], r["state"], r["vote"], r["source"], r["sureness"]})
	}
	var votes [][]string
	for _, r := range embedded(assemblyCSV) {
		var line []string
		for _, c := range assemblyHead {
			line = append(line, r[c])
		}
		votes = append(votes, line)
	}
	slices.SortStableFunc(ballots, func(a, b []string) int {
		if c := strings.Compare(a[0], b[0]); c != 0 {
			return c
		}
		return strings.Compare(a[1], b[1])
	})
	if err := write(filepath.Join(out, "assembly", "votes.csv"), assemblyHead, votes); err != nil {
		return err
	}
	return write(filepath.Join(out, "assembly", "ballots.csv"), ballotHead, ballots)
}

// readUkraine reads the one file with the ballots of all states.
func readUkraine(shared string) ([][]string, error) {
	b, err := os.ReadFile(filepath.Join(shared, "data", filepath.FromSlash(fileUkraine)))
	if err != nil {
		return nil, err
	}
	var all []struct {
		Code    string   `json:"code"`
		Approve []string `json:"approve"`
		Against []string `json:"against"`
		Abstain []string `json:"abstain"`
		Absent  []string `json:"absent"`
	}
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", fileUkraine, err)
	}
	on := map[string]date.Day{}
	for _, r := range embedded(assemblyCSV) {
		day, err := date.ParseDay(r["date"])
		if err != nil {
			return nil, err
		}
		on[r["resolution"]] = day
	}
	var out [][]string
	for _, v := range all {
		name := "A/RES/" + v.Code
		seen := map[country.Code]bool{}
		for vote, states := range map[string][]string{"yes": v.Approve, "no": v.Against, "abstain": v.Abstain, "absent": v.Absent} {
			for _, s := range states {
				c, err := country.Parse(s)
				if err != nil {
					return nil, fmt.Errorf("%s: %s: %w", fileUkraine, v.Code, err)
				}
				if seen[c] {
					return nil, fmt.Errorf("%s: %s: %s votes twice", fileUkraine, v.Code, c)
				}
				if !country.Member(c, on[name]) {
					return nil, fmt.Errorf("%s: %s: %s was no Member", fileUkraine, v.Code, c)
				}
				seen[c] = true
				out = append(out, []string{name, string(c), vote, "GA-votes", "verified"})
			}
		}
	}
	return out, nil
}
