package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go"

	"article41/listing"
	"article41/record"
)

// Entries hands on the entries of a list, one by one.
type Entries func(yield func(record.Listed) error) error

// ListFormats are the formats of WriteList, by name.
var ListFormats = []string{"jsonl", "csv", "ftm", "parquet"}

// WriteList writes a list in a format: jsonl (an entry a line, as this program
// keeps it), csv, ftm (FollowTheMoney entities), parquet. None holds more than an
// entry in memory but parquet, which holds a group of rows.
func WriteList(w io.Writer, format string, all Entries) error {
	buf := bufio.NewWriterSize(w, 64<<10)
	var err error
	switch format {
	case "jsonl":
		enc := json.NewEncoder(buf)
		enc.SetEscapeHTML(false)
		err = all(func(e record.Listed) error { return enc.Encode(e) })
	case "csv":
		err = writeRows(buf, all)
	case "ftm":
		err = writeEntities(buf, all)
	case "parquet":
		err = writeParquet(buf, all)
	default:
		return fmt.Errorf("%w: format %q: want one of %s", record.ErrInvalid, format, strings.Join(ListFormats, ", "))
	}
	if err != nil {
		return err
	}
	return buf.Flush()
}

// Row is an entry in one row; several values stand in a list, in CSV between
// semicolons.
type Row struct {
	List          string   `parquet:"list,dict"`
	Version       string   `parquet:"version,dict"`
	Ref           string   `parquet:"ref"`
	Sort          string   `parquet:"sort,dict"`
	Name          string   `parquet:"name"`
	Aliases       []string `parquet:"aliases,list"`
	WeakAliases   []string `parquet:"weak_aliases,list"`
	Births        []string `parquet:"births,list"`
	BirthPlaces   []string `parquet:"birth_places,list"`
	Nationalities []string `parquet:"nationalities,list"`
	Gender        string   `parquet:"gender"`
	Positions     []string `parquet:"positions,list"`
	Programmes    []string `parquet:"programmes,list"`
	ListedOn      string   `parquet:"listed_on"`
	Only          []string `parquet:"only,list"`
	Identifiers   []string `parquet:"identifiers,list"`
	Addresses     []string `parquet:"addresses,list"`
	Links         []string `parquet:"links,list"`
	Comments      string   `parquet:"comments"`
}

var columns = []string{"list", "version", "ref", "sort", "name", "aliases", "weak_aliases", "births", "birth_places", "nationalities", "gender",
	"positions", "programmes", "listed_on", "only", "identifiers", "addresses", "links", "comments"}

// RowOf is an entry as a row.
func RowOf(e record.Listed) Row {
	r := Row{List: string(e.List), Version: e.Version.String(), Ref: e.Ref, Sort: e.Sort, Name: listing.Caption(e), Gender: e.Gender,
		Nationalities: e.Nationalities, Positions: e.Positions, Programmes: e.Programme, ListedOn: e.ListedOn.String(), Only: e.Only, Comments: e.Comments}
	for _, n := range e.Names {
		switch {
		case n.Text == r.Name:
		case n.Quality == record.Low:
			r.WeakAliases = append(r.WeakAliases, n.Text)
		default:
			r.Aliases = append(r.Aliases, n.Text)
		}
	}
	for _, b := range e.Births {
		if on := b.On.String(); on != "" {
			r.Births = append(r.Births, on)
		}
		if place := joined(b.City, b.State, b.Country); place != "" {
			r.BirthPlaces = append(r.BirthPlaces, place)
		}
	}
	for _, d := range e.Documents {
		if d.Number != "" {
			r.Identifiers = append(r.Identifiers, strings.TrimSpace(joined(d.Type, d.Country)+": "+d.Number))
		}
	}
	for _, a := range e.Addresses {
		r.Addresses = append(r.Addresses, joined(a.Street, a.City, a.State, a.Zip, a.Country))
	}
	for _, l := range e.Links {
		s := l.Kind + " " + l.To
		if l.Percent != "" {
			s += " (" + l.Percent + " percent)"
		}
		r.Links = append(r.Links, s)
	}
	return r
}

func joined(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, ", ")
}

func writeRows(w io.Writer, all Entries) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	many := func(s []string) string {
		clean := make([]string, len(s))
		for i, v := range s {
			clean[i] = strings.ReplaceAll(v, ";", ",")
		}
		return strings.Join(clean, "; ")
	}
	err := all(func(e record.Listed) error {
		r := RowOf(e)
		cells := []string{r.List, r.Version, r.Ref, r.Sort, r.Name, many(r.Aliases), many(r.WeakAliases), many(r.Births), many(r.BirthPlaces), many(r.Nationalities),
			r.Gender, many(r.Positions), many(r.Programmes), r.ListedOn, many(r.Only), many(r.Identifiers), many(r.Addresses), many(r.Links), r.Comments}
		for i := range cells {
			cells[i] = unformula(cells[i])
		}
		return out.Write(cells)
	})
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

// unformula keeps a spreadsheet from taking a cell of a list for a formula.
func unformula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func writeParquet(w io.Writer, all Entries) error {
	out := parquet.NewGenericWriter[Row](w, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(50_000))
	err := all(func(e record.Listed) error {
		_, err := out.Write([]Row{RowOf(e)})
		return err
	})
	if closing := out.Close(); err == nil {
		err = closing
	}
	return err
}
