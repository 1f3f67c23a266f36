package api

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"article41/name"
	"article41/record"
)

// The tables of the other contract's words: facts about FollowTheMoney and about
// what datasets are called elsewhere, kept as data.
//
//go:embed schemata.csv properties.csv datasets.csv programs.csv algorithms.csv features.csv labels.csv watchman_parameters.csv
var tables embed.FS

// terms are the tables, read.
type terms struct {
	schemata   map[string]schema
	datasets   map[record.SourceID]dataset // by list
	programs   map[record.RegimeID]string
	algorithms []algorithm
	features   []feature
	labels     map[[2]string]string // by kind and name, for people
}

// schema is one of FollowTheMoney's: which kind of bearer it names, what it may
// be beside itself, and how its properties are used.
type schema struct {
	name       string
	matchable  bool
	kind       name.Kind
	empty      bool // no list holds such things
	family     []string
	properties map[string]use
}

// use is what a query's property is good for.
type use string

const (
	useName       use = "name"
	usePart       use = "part" // of a name
	useBirth      use = "birth"
	useDate       use = "date"
	useCountry    use = "country"
	usePlace      use = "place" // a country that says nothing of allegiance
	useGender     use = "gender"
	useIdentifier use = "identifier"
	useText       use = "text"
	useEntity     use = "entity" // names another entity
)

// dataset is how a list is called in the contract.
type dataset struct {
	list      record.SourceID
	name      string
	id        string // what entity ids begin with
	title     string
	publisher string
	country   string
	url       string
	watchman  string // what Watchman calls the list; empty: our own name for it
}

type algorithm struct{ name, description string }

type feature struct {
	name        string
	coefficient float64
	description string
}

// readTerms reads the tables. They are part of the program: a fault in them is a
// fault of the build, which a test finds first.
func readTerms() terms {
	t := terms{schemata: map[string]schema{}, datasets: map[record.SourceID]dataset{}, programs: map[record.RegimeID]string{}, labels: map[[2]string]string{}}
	parents := map[string][]string{}
	for _, r := range rows("schemata.csv") {
		s := schema{name: r[0], matchable: r[2] == "yes", empty: r[3] == "none", properties: map[string]use{}}
		s.kind, _ = name.ReadKind(r[3])
		parents[r[0]] = strings.Fields(r[1])
		t.schemata[r[0]] = s
	}
	for name := range t.schemata {
		s := t.schemata[name]
		s.family = ancestors(name, parents)
		t.schemata[name] = s
	}
	for _, r := range rows("properties.csv") {
		for _, s := range t.schemata {
			if slices.Contains(s.family, r[1]) {
				s.properties[r[0]] = use(r[2])
			}
		}
	}
	for _, r := range rows("datasets.csv") {
		d := dataset{record.SourceID(r[0]), r[1], r[2], r[3], r[4], r[5], r[6], r[7]}
		t.datasets[d.list] = d
	}
	for _, r := range rows("programs.csv") {
		t.programs[record.RegimeID(r[0])] = r[1]
	}
	for _, r := range rows("labels.csv") {
		t.labels[[2]string{r[0], r[1]}] = r[2]
	}
	for _, r := range rows("algorithms.csv") {
		t.algorithms = append(t.algorithms, algorithm{r[0], r[1]})
	}
	for _, r := range rows("features.csv") {
		c, err := strconv.ParseFloat(r[1], 64)
		if err != nil {
			panic(fmt.Errorf("features.csv: %w", err))
		}
		t.features = append(t.features, feature{r[0], c, r[2]})
	}
	return t
}

// ancestors are a schema and everything it extends.
func ancestors(name string, parents map[string][]string) []string {
	out := []string{name}
	for _, p := range parents[name] {
		for _, a := range ancestors(p, parents) {
			if !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	return out
}

func rows(file string) [][]string {
	b, err := tables.ReadFile(file)
	if err == nil {
		var out [][]string
		if out, err = csv.NewReader(bytes.NewReader(b)).ReadAll(); err == nil {
			return out[1:]
		}
	}
	panic(fmt.Errorf("%s: %w", file, err))
}

// dataset is how a list is called; one that the table does not know keeps its
// own name.
func (t terms) dataset(list record.SourceID) dataset {
	if d, ok := t.datasets[list]; ok {
		return d
	}
	n := strings.ReplaceAll(string(list), "-", "_")
	return dataset{list: list, name: n, id: string(list), title: string(list)}
}

// related reports whether one schema may stand for the other: a Company may be
// an Organization, a Person never a Vessel.
func (t terms) related(a, b string) bool {
	return slices.Contains(t.schemata[a].family, b) || slices.Contains(t.schemata[b].family, a)
}
