package council

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"sync"
)

// regionsCSV files an item of the agenda in a part of the world. A row with a
// verified source is how that source files at least nine in ten of its votes on
// the item; an unverified one goes by the place that the item names. Items that
// name no place, or several, have no row.
//
//go:embed regions.csv
var regionsCSV string

// Region is a part of the world, as the compiled votes of 1994 to 2025 name them.
type Region string

const (
	Africa     Region = "africa"
	Americas   Region = "americas"
	Asia       Region = "asia"
	Europe     Region = "europe"
	MiddleEast Region = "middle-east"
	NoRegion   Region = "none" // asks for what is filed nowhere
)

// Regions are those that can be asked for.
var Regions = []Region{Africa, Americas, Asia, Europe, MiddleEast, NoRegion}

// Filing is where an item is filed, and by whom.
type Filing struct {
	Region   Region
	Source   string
	Sureness string
	Note     string
}

var filings = sync.OnceValue(func() map[string]Filing {
	rows, err := csv.NewReader(strings.NewReader(regionsCSV)).ReadAll()
	if err != nil {
		panic("council: regions.csv: " + err.Error()) // embedded: a test reads it
	}
	out := make(map[string]Filing, len(rows))
	for _, r := range rows[1:] {
		out[r[0]] = Filing{Region(strings.ReplaceAll(strings.ToLower(r[1]), " ", "-")), r[2], r[3], r[4]}
	}
	return out
})

// Filed is where an item of the agenda is filed; its region is empty where it is
// nowhere.
func Filed(agenda string) Filing { return filings()[agenda] }

// In reports whether an item is filed in the region; everything is in "".
func (r Region) In(agenda string) bool {
	at := Filed(agenda).Region
	return r == "" || r == at || r == NoRegion && at == ""
}
