package ofac

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"article41/record"
	"article41/sheet"
)

// The columns of sdn.csv and cons_prim.csv.
const (
	colNumber = iota
	colName
	colType
	colProgram
	colTitle
	colCallSign
	colVesselType
	colTonnage
	colGross
	colFlag
	colOwner
	colRemarks
	columns
)

// number is an entry's number, OFAC's own stable reference.
var number = regexp.MustCompile(`^[0-9]{1,9}$`)

// end is the character that closes a file of the set on its own line. A
// spreadsheet that saved the file again pads it with commas; who joined two
// files has it before the first number of the second.
const end = "\x1a"

func ends(r sheet.Row) bool {
	return r.Cell(0) == end && !slices.ContainsFunc(r.Cells[1:], func(s string) bool { return s != "" })
}

// refOf is the entry's number as the row gives it.
func refOf(r sheet.Row) string { return strings.TrimSpace(strings.TrimPrefix(r.Cell(colNumber), end)) }

// isHeader knows the header that someone who saved the file again may have put
// on it; as published there is none.
func isHeader(r sheet.Row) bool {
	switch strings.ToLower(strings.TrimSpace(r.Cell(0))) {
	case "id", "uid", "ent_num", "entnum", "number":
		return true
	}
	return false
}

// value is a cell's content; "-0-", usually with a space behind it, is none.
func value(cell string) string {
	if v := strings.TrimSpace(cell); v == "-0-" || v == "" {
		return ""
	}
	return cell
}

func why(r sheet.Row, want int) string {
	if r.Broken != "" {
		return r.Broken
	}
	return fmt.Sprintf("%d columns, not %d", len(r.Cells), want)
}

// primary reads sdn.csv or cons_prim.csv.
func (x *reading) primary(file string, t *sheet.Table) error {
	in := func(line int) string {
		if file == "" {
			return fmt.Sprintf("line %d", line)
		}
		return fmt.Sprintf("%s: line %d", file, line)
	}
	begun := false
	for n := 0; ; n++ {
		r, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if ends(r) || n == 0 && isHeader(r) {
			continue
		}
		if !begun && len(r.Cells) != columns && r.Broken == "" {
			return notPrimary(in(r.Line), r)
		}
		if r.Cut {
			if err := x.Cut(in(r.Line), "%s", r.Broken); err != nil {
				return err
			}
		}
		ref := refOf(r)
		if !number.MatchString(ref) {
			if !begun {
				return notPrimary(in(r.Line), r)
			}
			if err := x.Cut(in(r.Line), "the entry's number cannot be read: %.40q", ref); err != nil {
				return err
			}
			continue
		}
		begun = true
		e, remarks := x.entry(in(r.Line), ref, r)
		if err := x.take(in(r.Line), r.Line, e, remarks); err != nil {
			return err
		}
		// A row that lacks columns is damage if rows follow, or the closing
		// character; it is the cut end of the list if nothing does.
		if r.Last && (len(r.Cells) < columns || r.Broken != "") {
			return x.Cut(in(r.Line), "the list ends inside an entry: %s", why(r, columns))
		}
	}
}

func notPrimary(place string, r sheet.Row) error {
	switch len(r.Cells) {
	case 5, 6, 2:
		if number.MatchString(strings.TrimSpace(r.Cell(0))) {
			what := map[int]string{5: "alt.csv (other names)", 6: "add.csv (addresses)", 2: "sdn_comments.csv (remarks)"}[len(r.Cells)]
			return fmt.Errorf("%w: %s: this looks like %s, which says nothing without sdn.csv: give a folder or a zip of the set", record.ErrInvalid, place, what)
		}
	}
	return fmt.Errorf("%w: %s: not a list of OFAC: it begins with %.40q", record.ErrInvalid, place, strings.Join(r.Cells, ","))
}

var sorts = map[string]string{"": "entity", "individual": "person", "entity": "entity", "vessel": "vessel", "aircraft": "aircraft"}

// behind are our fields that the cells behind an entry's type fill.
var behind = []string{"programme", "births", "nationalities", "gender", "positions", "documents", "comments", "links", "extra"}

// entry reads one row of the primary file. Behind a fault only what stands
// before it is trusted.
func (x *reading) entry(place, ref string, r sheet.Row) (record.Listed, string) {
	e := record.Listed{List: x.Opt.List, Ref: ref, Sort: "entity"}
	p := &page{x: x, entry: &e, place: place + ": " + ref}
	if r.Broken != "" || len(r.Cells) != columns {
		// Too few or too many cells: those behind the type may be one another's.
		p.complain("row", why(r, columns)+": what stands behind the type is dropped")
		for _, ours := range behind {
			p.drop(ours, "the row", why(r, columns))
		}
		if kind := strings.TrimSpace(r.Cell(colType)); kind != "" {
			if sort, known := sorts[strings.ToLower(value(kind))]; known {
				e.Sort = sort
				p.primaryName(p.read("names", "SDN_Name", r.Cell(colName)))
			}
		}
		if len(e.Names) == 0 {
			p.drop("names", "the row", why(r, columns))
		}
		return e, ""
	}
	kind := p.read("sort", "SDN_Type", r.Cell(colType))
	sort, known := sorts[strings.ToLower(kind)]
	if !known {
		p.complain("SDN_Type", fmt.Sprintf("unknown type of an entry: %.40q", kind))
	}
	e.Sort = sort
	p.primaryName(p.read("names", "SDN_Name", r.Cell(colName)))
	// Several programmes stand in one cell with the inner brackets only: A] [B.
	for s := range strings.SplitSeq(p.read("programme", "Program", r.Cell(colProgram)), "] [") {
		if s = strings.Trim(s, " []"); s != "" && !slices.Contains(e.Programme, s) {
			e.Programme = append(e.Programme, s)
		}
	}
	p.positions(p.read("positions", "Title", r.Cell(colTitle)))
	if s := p.read("documents", "Call_Sign", r.Cell(colCallSign)); s != "" {
		e.Documents = append(e.Documents, record.Document{Type: "Call Sign", Number: s})
	}
	p.extra("vessel_type", p.read("extra", "Vess_type", r.Cell(colVesselType)))
	p.extra("tonnage", p.read("extra", "Tonnage", r.Cell(colTonnage)))
	p.extra("gross_registered_tonnage", p.read("extra", "GRT", r.Cell(colGross)))
	p.extra("vessel_flag", p.read("extra", "Vess_flag", r.Cell(colFlag)))
	if s := p.read("links", "Vess_owner", r.Cell(colOwner)); s != "" {
		e.Links = append(e.Links, record.Relation{To: s, Kind: "vessel owner"})
	}
	return e, value(r.Cell(colRemarks))
}

// alias reads a row of alt.csv: number, its own number, aka|fka|nka, name,
// remarks. All of these are strong; weak aliases stand in the remarks.
func (x *reading) alias(p *page, r sheet.Row) {
	kind := p.read("names", "alt_type", r.Cell(2))
	p.otherName(p.read("names", "alt_name", r.Cell(3)), kind, false, p.read("names", "alt_remarks", r.Cell(4)))
}

// address reads a row of add.csv: number, its own number, street, city with
// state and postal code, country, remarks.
func (x *reading) address(p *page, r sheet.Row) {
	note := r.Cell(5)
	if strings.TrimSpace(note) == "-0" {
		// The last row of a file that lost its last bytes.
		p.complain("add_remarks", "the file ends inside its last cell, read as empty")
		note = ""
	}
	a := record.Address{
		Street:  p.read("addresses", "address", r.Cell(2)),
		City:    p.read("addresses", "city", r.Cell(3)),
		Country: p.read("addresses", "country", r.Cell(4)),
		Note:    p.read("addresses", "add_remarks", note),
	}
	if a != (record.Address{}) && !slices.Contains(p.entry.Addresses, a) {
		p.entry.Addresses = append(p.entry.Addresses, a)
	}
}

// overflow reads a row of sdn_comments.csv: the remarks go on where sdn.csv
// broke off, often in the middle of a word, so no space is put between.
func (x *reading) overflow(p *page, r sheet.Row) {
	x.remarks[p.at] += value(r.Cell(1))
}
