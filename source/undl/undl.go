// Package undl reads the voting data that the Dag Hammarskjöld Library publishes
// in the UN Digital Library: one CSV of the Security Council's votes, one of the
// General Assembly's, a row a ballot.
//
// It reads what users download: both files have grown columns over the years, so
// columns are found by name, in any order, and one that is not needed may be
// missing. Rows of one voting record stand together and become one
// [record.Vote] or [record.Assembly]; the file is read row by row and never held
// whole. The Library publishes adopted resolutions only, so no vetoed draft comes
// from here. Where a resolution was adopted without a vote the Library writes
// every member down as a yes: those are no ballots, and are left out.
//
// What cannot be read is a complaint with its line; a row that names no
// resolution, or a ballot that is none, is left out, never guessed.
//
//	report, err := undl.ReadCouncil(file, func(v record.Vote) error { … })
package undl

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// The ids under which these votes stand in the ledger and in cites.
const (
	Council  record.SourceID = "undl-sc"
	Assembly record.SourceID = "undl-ga"
)

// Report is what was read.
type Report struct {
	Rows       int
	Votes      int
	First      date.Day // of the votes
	Last       date.Day
	Digest     record.Digest // of the bytes, after decompression
	Complaints []record.Complaint
	More       int // complaints beyond those kept
}

// Bounds, in bytes: a row of the Library's has some 2 kB, its largest file 300 MB.
const (
	mostRow  = 1 << 20
	mostFile = 4 << 30
	// mostSaid bounds how many complaints are kept.
	mostSaid = 1000
)

// columns are the names of each field, the newest first.
var columns = map[string][]string{
	"id": {"undl_id"}, "code": {"ms_code", "ms_codes"}, "name": {"ms_name", "ms_names"}, "vote": {"ms_vote", "ms_votes"},
	"date": {"date"}, "session": {"session"}, "resolution": {"resolution", "resolutions"}, "draft": {"draft"}, "meeting": {"meeting"},
	"title": {"title", "description"}, "agenda": {"agenda_title", "agenda_titles", "agenda"}, "note": {"vote_note"}, "modality": {"modality"},
	"yes": {"total_yes", "yes"}, "no": {"total_no", "no"}, "abstain": {"total_abstentions", "abstentions"},
	"silent": {"total_non_voting", "non_voting"}, "all": {"total_ms"},
}

var needed = []string{"id", "vote", "date", "resolution"}

// ballot is one row.
type ballot struct {
	line int
	cell map[string]string
}

// group is one voting record: its rows.
type group struct {
	id   string
	rows []ballot
}

type reading struct {
	report Report
	seen   map[string]int // voting record → line on which it began
}

func (x *reading) complain(line int, format string, args ...any) {
	if len(x.report.Complaints) == mostSaid {
		x.report.More++
		return
	}
	x.report.Complaints = append(x.report.Complaints, record.Complaint{Place: "line " + strconv.Itoa(line), Problem: fmt.Sprintf(format, args...)})
}

// ReadCouncil reads the Council's file and hands on its votes.
func ReadCouncil(r io.Reader, yield func(record.Vote) error) (Report, error) {
	return read(r, "S/RES/", func(x *reading, g group) error {
		v, ok := x.council(g)
		if !ok {
			return nil
		}
		x.count(v.Date)
		return yield(v)
	})
}

// ReadAssembly reads the Assembly's file and hands on its votes.
func ReadAssembly(r io.Reader, yield func(record.Assembly) error) (Report, error) {
	return read(r, "A/RES/", func(x *reading, g group) error {
		v, ok := x.assembly(g)
		if !ok {
			return nil
		}
		x.count(v.Date)
		return yield(v)
	})
}

func (x *reading) count(on date.Day) {
	x.report.Votes++
	x.report.First, x.report.Last = date.Min(x.report.First, on), date.Max(x.report.Last, on)
}

// ErrOther says that the file is of the other body.
var ErrOther = errors.New("votes of another body")

func read(r io.Reader, prefix string, take func(*reading, group) error) (Report, error) {
	x := &reading{seen: map[string]int{}}
	sum := sha256.New()
	in, err := plain(r)
	if err != nil {
		return x.report, err
	}
	bound := &bounded{r: io.TeeReader(in, sum), whole: mostFile, row: mostRow}
	rows := csv.NewReader(bound)
	rows.ReuseRecord, rows.FieldsPerRecord = true, -1
	head, err := rows.Read()
	if err != nil {
		return x.report, fmt.Errorf("%w: no header: %w", record.ErrInvalid, err)
	}
	at, err := header(head)
	if err != nil {
		return x.report, err
	}
	width := len(head)
	var g group
	for {
		bound.since = 0
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil { // a parse error names its line itself
			return x.report, fmt.Errorf("%w: %w", record.ErrInvalid, err)
		}
		line, _ := rows.FieldPos(0)
		if len(row) == 1 && strings.Trim(row[0], "\x1a \t") == "" {
			continue // the mark with which old programs end a file
		}
		x.report.Rows++
		if len(row) != width {
			x.complain(line, "%d cells, the header has %d: the row is left out", len(row), width)
			continue
		}
		b := ballot{line: line, cell: map[string]string{}}
		for field, i := range at {
			s := strings.TrimSpace(row[i])
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				x.complain(line, "%s: not UTF-8, or a NUL: the cell is left out", columns[field][0])
				continue
			}
			if s != "" {
				b.cell[field] = strings.Clone(s)
			}
		}
		if res := b.cell["resolution"]; x.report.Rows == 1 && !strings.HasPrefix(strings.ToUpper(res), prefix) {
			return x.report, fmt.Errorf("%w: line %d: %w: resolution %.40q, want %s…", record.ErrInvalid, line, ErrOther, res, prefix)
		}
		id := b.cell["id"]
		if id == "" {
			x.complain(line, "no undl_id: the row is left out")
			continue
		}
		if id != g.id {
			if err := x.finish(g, take); err != nil {
				return x.report, err
			}
			g = group{id: id, rows: g.rows[:0]}
			if first, twice := x.seen[id]; twice {
				x.complain(line, "voting record %s stands apart from its rows at line %d: these rows are left out", id, first)
				g.id = "" // its rows come to nothing
			} else {
				x.seen[id] = line
			}
			if g.id == "" {
				g.id = id
				g.rows = append(g.rows, ballot{}) // marks it as refused
			}
		}
		if len(g.rows) > 0 && g.rows[0].cell == nil {
			continue
		}
		if len(g.rows) < 400 { // the largest body has 193 members
			g.rows = append(g.rows, b)
		} else {
			x.complain(line, "voting record %s has more rows than any body has members: the rest is left out", id)
		}
	}
	if err := x.finish(g, take); err != nil {
		return x.report, err
	}
	if x.report.Rows == 0 {
		return x.report, fmt.Errorf("%w: no votes: the file has a header alone", record.ErrInvalid)
	}
	x.report.Digest = record.Digest(sum.Sum(nil))
	return x.report, nil
}

func (x *reading) finish(g group, take func(*reading, group) error) error {
	if len(g.rows) == 0 || g.rows[0].cell == nil {
		return nil
	}
	return take(x, g)
}

// header finds the columns by their names.
func header(head []string) (map[string]int, error) {
	at := map[string]int{}
	names := make([]string, len(head))
	for i, h := range head {
		names[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
	}
	for field, called := range columns {
		for _, c := range called {
			if i := slices.Index(names, c); i >= 0 {
				at[field] = i
				break
			}
		}
	}
	var missing []string
	for _, f := range needed {
		if _, ok := at[f]; !ok {
			missing = append(missing, columns[f][0])
		}
	}
	_, code := at["code"]
	_, name := at["name"]
	if !code && !name {
		missing = append(missing, "ms_code or ms_name")
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%w: line 1: no column %s: not the Library's voting data; it begins %.80q", record.ErrInvalid, strings.Join(missing, ", "), strings.Join(head, ","))
	}
	return at, nil
}

// votes are the notations of a ballot: Y, N, A, and X, NV or nothing for a member
// that did not vote.
func voteOf(s string) (byte, bool) {
	switch strings.ToUpper(s) {
	case "Y", "YES":
		return 'Y', true
	case "N", "NO":
		return 'N', true
	case "A", "ABSTAIN", "ABSTENTION":
		return 'A', true
	case "", "X", "NV", "NON-VOTING":
		return 'X', true
	}
	return 0, false
}

// common is what both bodies' votes share.
type common struct {
	symbol  symbol.Symbol
	on      date.Day
	mode    record.Mode
	tally   *record.Tally
	ballots *record.Ballots
	cite    record.Cite
}

var iso = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})([T ].*)?$`)

// bracket is how the Library writes the letter of a part: A/RES/34/93[A].
var bracket = regexp.MustCompile(`\[([A-Z]+(?:-[A-Z]+)?)\]$`)

func (x *reading) common(g group, source record.SourceID, silent *[]country.Code) (common, bool) {
	first := g.rows[0]
	c := common{mode: record.ByVote, cite: record.Cite{Source: string(source), Place: "record " + g.id, Sure: record.Verified}}
	var err error
	if c.symbol, err = symbol.Parse(bracket.ReplaceAllString(first.cell["resolution"], "$1")); err != nil {
		x.complain(first.line, "%v: the vote is left out", err)
		return c, false
	}
	m := iso.FindStringSubmatch(first.cell["date"])
	if m == nil {
		x.complain(first.line, "%s: date %.40q: want YYYY-MM-DD: the vote is left out", c.symbol, first.cell["date"])
		return c, false
	}
	if c.on, err = date.ParseDay(m[1]); err != nil {
		x.complain(first.line, "%s: %v: the vote is left out", c.symbol, err)
		return c, false
	}
	note := strings.ToLower(first.cell["modality"] + " " + first.cell["note"])
	switch {
	case strings.Contains(note, "acclamation"):
		c.mode = record.Acclamation
	case strings.Contains(note, "consensus"):
		c.mode = record.Consensus
	case strings.Contains(note, "without a vote") || strings.Contains(note, "without vote") || strings.Contains(note, "no vote"):
		c.mode = record.WithoutVote
	}
	if c.mode != record.ByVote {
		return c, true // the members stand as yes though nobody voted
	}
	c.tally = x.tally(c.symbol, first)
	c.ballots = &record.Ballots{}
	named := map[country.Code]int{}
	for _, b := range g.rows {
		if r := b.cell["resolution"]; r != first.cell["resolution"] {
			x.complain(b.line, "voting record %s is of %.40q and of %.40q: the row is left out", g.id, first.cell["resolution"], r)
			continue
		}
		code, err := stateOf(b.cell["code"], b.cell["name"])
		if err != nil {
			x.complain(b.line, "%s: %v: the ballot is left out", c.symbol, err)
			continue
		}
		if at, twice := named[code]; twice {
			x.complain(b.line, "%s: %s stands at line %d already: the ballot is left out", c.symbol, code, at)
			continue
		}
		v, ok := voteOf(b.cell["vote"])
		if !ok {
			x.complain(b.line, "%s: %s: ms_vote %.20q: want Y, N, A or X: the ballot is left out", c.symbol, code, b.cell["vote"])
			continue
		}
		named[code] = b.line
		switch v {
		case 'Y':
			c.ballots.Yes = append(c.ballots.Yes, code)
		case 'N':
			c.ballots.No = append(c.ballots.No, code)
		case 'A':
			c.ballots.Abstain = append(c.ballots.Abstain, code)
		default:
			*silent = append(*silent, code)
		}
	}
	if len(named) == 0 {
		x.complain(first.line, "%s: no ballot could be read", c.symbol)
		c.ballots = nil
		return c, true
	}
	if t, b := c.tally, c.ballots; t != nil && (t.Yes != len(b.Yes) || t.No != len(b.No) || t.Abstain != len(b.Abstain)) {
		x.complain(first.line, "%s: its totals are %d-%d-%d, its ballots %d-%d-%d: both are kept", c.symbol, t.Yes, t.No, t.Abstain, len(b.Yes), len(b.No), len(b.Abstain))
	}
	return c, true
}

// stateOf reads a member by its code, else by its name at the time of the vote.
func stateOf(code, name string) (country.Code, error) {
	if code != "" {
		if c, err := country.Parse(code); err == nil {
			return c, nil
		}
	}
	if name == "" {
		return "", fmt.Errorf("member %.40q: no state has this code", code)
	}
	c, err := country.Parse(name)
	if err != nil {
		return "", fmt.Errorf("member %.10q, %.60q: %w", code, name, err)
	}
	return c, nil
}

// tally reads the totals; nil where the file gives none.
func (x *reading) tally(s symbol.Symbol, b ballot) *record.Tally {
	var n [4]int
	found := false
	for i, field := range []string{"yes", "no", "abstain", "silent"} {
		text, ok := b.cell[field]
		if !ok {
			continue
		}
		f, err := strconv.ParseFloat(text, 64) // "120.0": a spreadsheet's number
		if err != nil || f != float64(int(f)) || f < 0 || f > 400 {
			x.complain(b.line, "%s: %s %.20q: want a count", s, columns[field][0], text)
			return nil
		}
		n[i], found = int(f), found || i < 3
	}
	if !found {
		return nil
	}
	return &record.Tally{Yes: n[0], No: n[1], Abstain: n[2], NotVoting: n[3]}
}

// symbolOf is a draft's or a meeting's symbol, or none if it cannot be read.
func (x *reading) symbolOf(b ballot, field string) symbol.Symbol {
	text, _, _ := strings.Cut(b.cell[field], "|") // several: the first is the text voted on
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	s, err := symbol.Parse(text)
	if err != nil {
		x.complain(b.line, "%s: %v: left out", field, err)
		return ""
	}
	return s
}

func (x *reading) council(g group) (record.Vote, bool) {
	var silent []country.Code
	c, ok := x.common(g, Council, &silent)
	if !ok {
		return record.Vote{}, false
	}
	b := g.rows[0]
	v := record.Vote{ID: c.symbol, Resolution: c.symbol, Draft: x.symbolOf(b, "draft"), Title: b.cell["title"], Agenda: b.cell["agenda"], Date: c.on,
		Meeting: x.symbolOf(b, "meeting"), Nature: record.Substantive, Mode: c.mode, Tally: c.tally, Ballots: c.ballots, Recorded: record.FateAdopted, Cites: []record.Cite{c.cite}}
	if v.Ballots != nil {
		v.Ballots.NotParticipating = silent
	}
	return v, true
}

func (x *reading) assembly(g group) (record.Assembly, bool) {
	var silent []country.Code
	c, ok := x.common(g, Assembly, &silent)
	if !ok {
		return record.Assembly{}, false
	}
	b := g.rows[0]
	v := record.Assembly{Resolution: c.symbol, Session: b.cell["session"], Title: b.cell["title"], Date: c.on, Tally: c.tally, Ballots: c.ballots, Cites: []record.Cite{c.cite}}
	if v.Ballots != nil {
		v.Ballots.Absent = silent // the Library does not tell the absent from those who took no part
	}
	return v, true
}

// plain unpacks a gzipped file.
func plain(r io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if head, _ := in.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("%w: gzip: %w", record.ErrInvalid, err)
		}
		return z, nil
	}
	if head, _ := in.Peek(64); strings.HasPrefix(strings.ToLower(strings.TrimSpace(string(head))), "<") {
		return nil, fmt.Errorf("%w: a page or XML, not CSV", record.ErrInvalid)
	}
	return in, nil
}

// bounded refuses a file, or a row, larger than any real one, before it is held.
type bounded struct {
	r          io.Reader
	whole, row int64
	read       int64
	since      int64 // since the row before
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.since > b.row {
		return 0, fmt.Errorf("a row of more than %d bytes", b.row)
	}
	if b.read > b.whole {
		return 0, fmt.Errorf("more than %d bytes", b.whole)
	}
	n, err := b.r.Read(p)
	b.read += int64(n)
	b.since += int64(n)
	return n, err
}
