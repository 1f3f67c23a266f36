package eu

import (
	"crypto/sha256"
	_ "embed"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"article41/record"
	"article41/sheet"
)

// columns.csv says where the columns of the Journal's tables go.
//
//go:embed columns.csv
var columnsCSV string

type column struct{ name, place, kind string }

var columns = sync.OnceValue(func() map[string]column {
	rows, err := csv.NewReader(strings.NewReader(columnsCSV)).ReadAll()
	if err != nil {
		panic("eu: columns.csv: " + err.Error())
	}
	m := map[string]column{}
	for _, r := range rows[1:] {
		m[r[0]] = column{r[0], r[1], r[2]}
	}
	return m
})

// celex is the number of an act, such as 32017R1770.
var celex = regexp.MustCompile(`^3[0-9]{4}[A-Z]{1,2}[0-9]{4}$`)

// ReadSet reads the tables of a folder, plain or gzipped, as one version of the
// list. A table without a row is an annex that names nobody any more.
func ReadSet(folder fs.FS, o Options) (record.List, []record.Listed, error) {
	x := newReading(o)
	x.List.List = orID(o.List, Journal)
	if err := x.set(folder); err != nil {
		return x.failed(err)
	}
	return x.List, x.Entries, nil
}

func (x *reading) set(folder fs.FS) error {
	names, err := fs.ReadDir(folder, ".")
	if err != nil {
		return fmt.Errorf("%w: %w", record.ErrInvalid, err)
	}
	hash := sha256.New()
	left, tables := int64(x.Opt.MaxBytes), 0
	for _, f := range names { // in order of their names
		number := regulation(f.Name())
		if f.IsDir() || number == "" {
			continue
		}
		tables++
		fmt.Fprintf(hash, "%s\n", number)
		if err := x.member(folder, f.Name(), number, hash, &left); err != nil {
			return fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	if tables == 0 {
		return fmt.Errorf("%w: no table of a regulation in the folder, such as 32017R1770.csv", record.ErrInvalid)
	}
	return x.Finish(hash.Sum(nil))
}

func (x *reading) member(folder fs.FS, name, number string, hash io.Writer, left *int64) error {
	f, err := folder.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	plain, err := sheet.Decompressed(f)
	if err != nil {
		return err
	}
	in := sheet.Bound(plain, int(*left), x.Opt.MaxEntry)
	text, err := sheet.Unmarked(io.TeeReader(in, hash))
	if err != nil {
		return err
	}
	err = x.table(text, in, number, name+": ")
	*left = in.Left()
	return err
}

// regulation is the number that a file is named for.
func regulation(file string) string {
	base := path.Base(strings.ReplaceAll(file, `\`, "/"))
	base = strings.TrimSuffix(strings.TrimSuffix(base, ".gz"), ".csv")
	if celex.MatchString(base) {
		return base
	}
	return ""
}

// oneTable reads a table alone, as a list of its own.
func (x *reading) oneTable(text io.Reader, in *sheet.Bounded) error {
	number := regulation(x.Opt.Name)
	if err := x.table(text, in, number, ""); err != nil {
		return err
	}
	if x.List.List == "" && len(x.Entries) > 0 {
		number, _, _ = strings.Cut(x.Entries[0].Ref, "-")
		x.List.List = record.SourceID("eu-" + strings.ToLower(number))
	}
	return nil
}

// maxRows bounds one table; the largest real one has 2,802.
const maxRows = 200_000

// table reads the rows of one regulation.
func (x *reading) table(text io.Reader, in *sheet.Bounded, number, file string) error {
	t := sheet.NewTable(text, in)
	head, err := t.Next()
	if err == io.EOF || err == nil && head.Broken != "" {
		return fmt.Errorf("%w: no header", record.ErrInvalid)
	}
	if err != nil {
		return err
	}
	at := map[string]int{}
	var header []column
	for i, cell := range head.Cells {
		c, known := columns()[strings.TrimSpace(cell)]
		if !known {
			c = column{name: strings.TrimSpace(cell), place: "extra"}
		}
		if _, twice := at[c.name]; twice {
			return fmt.Errorf("%w: line 1: the column %.40q stands there twice", record.ErrInvalid, c.name)
		}
		at[c.name] = i
		header = append(header, c)
	}
	for _, needed := range []string{"celex", "recordId", "annex", "measure", "schema", "name"} {
		if _, ok := at[needed]; !ok {
			return fmt.Errorf("%w: not a table of the EU's annexes: its header lacks %s", record.ErrInvalid, needed)
		}
	}
	var rows []sheet.Row
	shared := map[string]int{} // annex and name → rows without a number
	for {
		r, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if r.Broken == "" && len(r.Cells) != len(header) {
			r.Broken = fmt.Sprintf("%d columns, not %d: the reference cannot be trusted", len(r.Cells), len(header))
		}
		if r.Broken == "" && r.Cells[at["recordId"]] == "" {
			shared[r.Cells[at["annex"]]+"\x00"+r.Cells[at["name"]]]++
		}
		if rows = append(rows, r); len(rows) > maxRows {
			return fmt.Errorf("%w: more than %d rows", record.ErrInvalid, maxRows)
		}
	}
	for _, r := range rows {
		place := fmt.Sprintf("%sline %d", file, r.Line)
		if r.Broken != "" {
			if err := x.Cut(place, "%s", r.Broken); err != nil {
				return err
			}
			continue
		}
		cell := func(name string) string { return r.Cells[at[name]] }
		ref, wrong := reference(number, cell("celex"), cell("annex"), cell("recordId"))
		if wrong != "" {
			if err := x.Cut(place, "%s", wrong); err != nil {
				return err
			}
			continue
		}
		if cell("recordId") == "" {
			// Where two rows without a number share a name, each is known by all that it
			// says.
			key := cell("name")
			if shared[cell("annex")+"\x00"+key] > 1 {
				key = strings.Join(r.Cells, "\x00")
			}
			sum := sha256.Sum256([]byte(key))
			ref += "~" + hex.EncodeToString(sum[:6])
		}
		e := record.Listed{Ref: ref}
		p := &page{Page: sheet.Page{Of: &x.Reading, Entry: &e, Place: place + ": " + ref}, x: x}
		p.row(header, r)
		if err := x.add(p.Place, r.Line, number, e); err != nil {
			return err
		}
	}
	return nil
}

// reference is a row's, but for its number where it has none.
func reference(number, theirs, annex, id string) (ref, wrong string) {
	parts := []string{theirs, annex, id}
	for i, s := range parts {
		s, _, ok := sheet.Text(s, maxRef)
		if !ok || strings.Contains(s, "~") {
			return "", "the row's reference cannot be read"
		}
		parts[i] = strings.ReplaceAll(s, " ", "") // "7 (a)"
	}
	switch {
	case !celex.MatchString(parts[0]):
		return "", fmt.Sprintf("the row's regulation cannot be read: %.40q", theirs)
	case number != "" && parts[0] != number:
		return "", fmt.Sprintf("a row of the regulation %s in the table of %s", parts[0], number)
	}
	return strings.Join(parts, "-"), ""
}

var tableSorts = map[string]string{"Person": "person", "LegalEntity": "entity", "Company": "entity", "Organization": "entity", "PublicBody": "entity",
	"Vessel": "vessel", "Airplane": "aircraft", "Asset": "asset"}

// measures are the tables' words as our measure words name them; they are of the
// annex, not of the person: a travel ban stands in the Council's decision.
var measures = map[string]string{"asset freeze": "assets-freeze", "transportation restrictions": "transport-ban", "financial restrictions": "financial-restrictions"}

// row reads the cells of a row into their places.
func (p *page) row(header []column, r sheet.Row) {
	e := p.Entry
	other := record.Also
	for i, c := range header {
		if c.name == "schema" {
			kind := p.Read("sort", c.name, r.Cells[i])
			sort, known := tableSorts[kind]
			if !known {
				p.Complain(c.name, fmt.Sprintf("unknown kind of an entry: %.40q", kind))
			}
			if e.Sort = sort; sort == "person" {
				other = record.Unrated
			}
		}
	}
	for i, c := range header {
		if c.name == "name" {
			p.listedName(p.Read("names", c.name, r.Cells[i]))
		}
	}
	if len(e.Names) == 0 {
		p.Complain("name", "the entry has no name")
	}
	for i, c := range header {
		raw := r.Cells[i]
		if raw == "" {
			continue
		}
		switch c.place {
		case "row":
			if c.name == "annex" {
				p.Extra("annex", p.Read("extra", c.name, raw))
			}
		case "programme":
			sheet.Once(&e.Programme, p.Read("programme", c.name, raw))
		case "measure":
			s := strings.ToLower(p.Read("only", c.name, raw))
			if ours, ok := measures[s]; ok {
				s = ours
			}
			sheet.Once(&e.Only, strings.ReplaceAll(s, " ", "-"))
		case "listed":
			s := p.Read("listed_on", c.name, raw)
			if on, ok := when(s); ok && on.From == on.To {
				e.ListedOn = on.From
			} else {
				p.Drop("listed_on", c.name, fmt.Sprintf("not a day: %.30q", s))
			}
		case "comment":
			p.Comment(p.Read("comments", c.name, raw))
		case "alias":
			p.otherNames(c.name, raw, other)
		case "weak":
			p.otherNames(c.name, raw, record.Low)
		case "former":
			p.otherNames(c.name, raw, record.Formerly)
		case "nationality":
			for _, s := range parted(p.Read("nationalities", c.name, raw), ";,") {
				sheet.Once(&e.Nationalities, s)
			}
		case "born":
			p.days(c.name, raw)
		case "birthplace":
			for _, s := range parted(p.Read("births", c.name, raw), ";") {
				b := record.Birth{City: s}
				if i := strings.LastIndex(s, ", "); i >= 0 {
					b.City, b.Country = s[:i], s[i+2:]
				}
				sheet.Once(&e.Births, b)
			}
		case "position":
			sheet.Once(&e.Positions, parted(p.Read("positions", c.name, raw), ";")...)
		case "gender":
			e.Gender = strings.ToLower(strings.Trim(p.Read("gender", c.name, raw), ". "))
		case "address":
			for _, s := range parted(p.Read("addresses", c.name, raw), ";") {
				sheet.Once(&e.Addresses, record.Address{Street: s})
			}
		case "document":
			for _, d := range numbers(c.kind, p.Read("documents", c.name, raw)) {
				sheet.Once(&e.Documents, d)
			}
		default:
			p.Extra(c.name, p.Read("extra", c.name, raw))
		}
	}
	slices.SortStableFunc(e.Births, func(a, b record.Birth) int { // dates before places
		switch {
		case a.On.IsZero() == b.On.IsZero():
			return 0
		case a.On.IsZero():
			return 1
		}
		return -1
	})
}
