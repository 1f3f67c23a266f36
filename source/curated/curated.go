// Package curated reads the record that we keep ourselves: the YAML and CSV of
// the data folder. It turns them into ledger entries, lints them with every
// complaint at once, each with its file and line, and packs them into the one
// file that the program embeds.
//
// It states nothing of its own: a fact without a source, or an effect of a draft
// the record does not hold, is a [Problem].
//
//	r, problems := curated.Read(os.DirFS("data"))
//	err := curated.Pack(w, r)
package curated

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"article41/record"
	"article41/symbol"
)

// Source is the id under which our own record's entries stand in the ledger.
const Source record.SourceID = "curated"

// Record is the curated record as entries, in the order they are appended.
type Record struct {
	Edition record.Edition
	Entries []record.Entry
}

// Problem is something wrong in the record, with its place and, where it can be
// said, what would be right.
type Problem struct {
	File string `json:"file"`
	Line int    `json:"line"`
	What string `json:"what"`
}

func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.What
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.What)
}

// reader collects facts and problems while it walks the folder.
type reader struct {
	fsys        fs.FS
	problems    []Problem
	entries     []record.Entry
	sources     map[string]bool
	also        map[string]string // another id for a source → its id
	words       map[string]string // measure vocabulary: word → type
	votes       map[symbol.Symbol]*vote
	tallyAt     map[symbol.Symbol]place // where a vote's tally stands, if not where the vote does
	rollAt      map[symbol.Symbol]place // where its ballots stand
	regimes     []*regimeDoc
	rules       []record.Rule
	seats       []record.Seat
	listings    int
	instruments map[record.InstrumentID]bool
}

// place is a line of a file.
type place struct {
	file string
	line int
}

func (r *reader) complain(file string, line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{file, line, fmt.Sprintf(format, args...)})
}

// Read reads the whole folder. Entries are only to be used when there is no
// problem; the problems come sorted by file and line.
func Read(fsys fs.FS) (Record, []Problem) {
	r := &reader{fsys: fsys, sources: map[string]bool{}, also: map[string]string{}, words: map[string]string{}, votes: map[symbol.Symbol]*vote{}, instruments: map[record.InstrumentID]bool{}}
	edition := r.readVersion()
	r.readSources()
	r.readMeasures()
	r.readSeats()
	r.readVotes()
	r.readRegimes()
	r.readRules()
	r.readInstruments()
	r.readAssembly()
	r.stateVotes()
	r.readLists()
	r.readIncidents()
	r.lint()
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line)
	})
	edition.Entries = len(r.entries)
	for _, e := range r.entries {
		edition.Digest = record.Roll(edition.Digest, e.Digest())
	}
	return Record{edition, r.entries}, r.problems
}

// yaml decodes one file strictly: an unknown key is a problem, with its line. A
// panic of the library, which some broken files cause, is a problem too.
func (r *reader) yaml(name string, into any) (ok bool) {
	b, err := fs.ReadFile(r.fsys, name)
	if err != nil {
		r.complain(name, 0, "%v", err)
		return false
	}
	defer func() {
		if recover() != nil {
			r.complain(name, 0, "cannot be read as YAML")
			ok = false
		}
	}()
	if err := yaml.UnmarshalWithOptions(b, into, yaml.Strict()); err != nil {
		line, what := yamlError(err)
		if line == 0 { // the decoder does not place what a type of ours refused
			line = r.lines(name).quoted(what)
		}
		r.complain(name, line, "%s", what)
		return false
	}
	return true
}

func yamlError(err error) (line int, what string) {
	what = yaml.FormatError(err, false, false)
	if i := strings.IndexByte(what, ']'); strings.HasPrefix(what, "[") && i > 0 {
		fmt.Sscanf(what[1:i], "%d", &line)
		what = strings.TrimSpace(what[i+1:])
	}
	if i := strings.IndexByte(what, '\n'); i >= 0 {
		what = what[:i]
	}
	return line, what
}

type versionDoc struct {
	Number  uint64 `yaml:"number"`
	Version string `yaml:"version"`
}

func (r *reader) readVersion() record.Edition {
	var v versionDoc
	if r.yaml("version.yaml", &v) && (v.Number == 0 || v.Version == "") {
		r.complain("version.yaml", 1, "want a number that only rises and a version")
	}
	return record.Edition{Number: v.Number, Version: v.Version}
}

func (r *reader) readSources() {
	var docs []struct {
		record.Source `yaml:",inline"`
		Also          []string `yaml:"also,omitempty"` // other ids the tables use for it
	}
	const file = "sources.yaml"
	if !r.yaml(file, &docs) {
		return
	}
	lines := r.lines(file)
	for i, s := range docs {
		line := lines.of("$[%d].id", i)
		switch {
		case s.ID == "" || s.Title == "":
			r.complain(file, line, "a source needs an id and a title")
		case r.sources[s.ID]:
			r.complain(file, line, "source %q stands twice", s.ID)
		}
		r.sources[s.ID] = true
		for _, alias := range s.Also {
			r.also[alias] = s.ID
		}
		r.state(file, line, record.FactID("source/"+s.ID), firstDay, s.Source)
	}
}

func (r *reader) state(file string, line int, id record.FactID, known knownDay, b record.Body) {
	e, err := record.State(id, Source, known(), b)
	if err != nil {
		r.complain(file, line, "%v", err)
		return
	}
	r.entries = append(r.entries, e)
}

// cited checks that a fact names a source that sources.yaml knows.
func (r *reader) cited(file string, line int, what string, c record.Cite) {
	switch {
	case c.Source == "":
		r.complain(file, line, "%s names no source: add cite: verified <source>, or cite: unverified <source>", what)
	case !r.sources[c.Source]:
		r.complain(file, line, "%s: source %q is not in sources.yaml", what, c.Source)
	}
	switch c.Sure {
	case record.Verified, record.Unverified, record.Unknown:
	default:
		r.complain(file, line, "%s: sureness %q: want verified, unverified or unknown", what, c.Sure)
	}
}
