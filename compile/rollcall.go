package compile

import (
	"path/filepath"

	"article41/country"
)

var rollcallHead = append(append([]string{"vote"}, groups...), "source", "sureness", "note")

// Rollcalls writes votes/rollcalls.csv: who voted how, one line a vote.
func Rollcalls(shared, out string) error {
	rec, err := readRecord(shared)
	if err != nil {
		return err
	}
	return rec.writeRollcalls(out)
}

func (rec *book) writeRollcalls(out string) error {
	var rows [][]string
	add := func(name string, casts map[string][]country.Code, source, sureness, note string) {
		line := []string{name}
		for _, g := range groups {
			line = append(line, codesOf(casts[g]))
		}
		rows = append(rows, append(line, source, sureness, note))
	}
	for _, r := range rec.resolutions {
		if r.casts != nil {
			add(r.symbol(), r.casts, r.callFrom, r.sureness, r.callNote)
		}
	}
	for _, f := range rec.failed {
		if f.casts != nil {
			add(f.draft, f.casts, f.callFrom, f.sureness, f.callNote)
		}
	}
	// Amendments that were adopted have no row of their own elsewhere.
	for _, v := range rec.votes {
		if v.resolution == 0 && v.casts != nil && v.adopted() {
			add(v.draft, v.casts, sourceVoting, "verified", v.note)
		}
	}
	return write(filepath.Join(out, "votes", "rollcalls.csv"), rollcallHead, rows)
}
