// Package eu reads the European Union's lists: the consolidated list of
// financial sanctions in the Commission's XML 1.1 ([Source]), and the annexes of
// the regulations as tables made from the Official Journal ([Journal]).
//
// In the XML the data stand in attributes. An entity that two regulations name
// stands there twice under one reference ("EU.472.57"), once for each programme;
// it is one entry here, with both. A name keeps its language; "strong" names are
// good, and the remark "low quality alias" makes a name low. The UN's reference,
// where the list gives one, is kept as the extra field "un_reference". The day
// of listing is the earlier of the designation date and the day on which the
// regulation named last entered into force; without a designation date that may
// be an amendment, and the extra field "listed_on" says so. The programme UNLI
// means "newly transposed from the UN", not a regime. Which act brought each
// single name is not kept.
//
// A table of the Journal is one regulation's, "32017R1770.csv"; [ReadSet] reads a
// folder of them as one list, and a table alone is a list of its own, so that
// bringing in one never delists the others. A row is an entry; its reference is
// the regulation, the annex and the row's own number ("32017R1770-Ia-1"), or,
// where it has none, a digest of the name. The annexes say which measure they
// are of; a travel ban stands in the Council's decision, in none of these lists.
//
// The Journal's text is the law, these lists are not. A list is damaged if every
// entry's reference can be read: it loads, and what is unreadable is dropped and
// named. It is cut if it ends before its end or a reference is missing: refused
// ([ErrCut]) unless accepted as partial by hand. No connection, no clock.
//
//	list, entries, err := eu.Read(file, eu.Options{})
//	list, entries, err := eu.ReadSet(os.DirFS("journal"), eu.Options{Date: day})
package eu

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"article41/listing"
	"article41/record"
	"article41/sheet"
)

// The ids of the two lists; a table alone is "eu-32017r1770".
const (
	Source  record.SourceID = "eu"
	Journal record.SourceID = "eu-journal"
)

// ErrCut says that the list is not whole. Options.AcceptPartial reads what
// there is.
var ErrCut = sheet.ErrCut

// Options says how to read. List is the list that is asked for, Source or Journal, and
// what is of the other form is refused; empty: the form decides. One table alone is a
// list of its own, so that bringing it in never delists what stands in the others. A table's regulation is the one its file is named for, else that of
// its first row. The bounds are 512 MiB for the whole list, twenty times the real
// one, 4 MiB for an entry and 256 KiB for a field.
type Options = sheet.Options

// Read reads one version of a list from one file, plain or gzipped: the XML, or
// one regulation's table. The entries are in the order of the file. Errors name
// the line; a list that is damaged is no error.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	x := newReading(o)
	if err := x.readOne(r); err != nil {
		return x.failed(err)
	}
	return x.List, x.Entries, nil
}

func (x *reading) failed(err error) (record.List, []record.Listed, error) {
	id := x.List.List
	if id == "" {
		id = orID(x.Opt.List, Source)
	}
	return record.List{}, nil, fmt.Errorf("%s list: %w", id, err)
}

func (x *reading) readOne(r io.Reader) error {
	f, err := sheet.Open(r, x.Opt, "a list of the EU")
	if err != nil {
		return err
	}
	switch head := f.Head; {
	case head[0] == '{', head[0] == '[', strings.HasPrefix(head, "pk\x03\x04"):
		return fmt.Errorf("%w: not a list of the EU: it begins with %.30q", record.ErrInvalid, head)
	case strings.HasPrefix(head, "<") && x.Opt.List == Journal:
		return fmt.Errorf("%w: XML, not a table of the Journal's annexes: it begins with %.60q; the consolidated list is %s", record.ErrInvalid, head, Source)
	case strings.HasPrefix(head, "<"):
		x.List.List = orID(x.Opt.List, Source)
		err = x.consolidated(f)
	case x.Opt.List == Source:
		return fmt.Errorf("%w: not the XML of the EU's list: it begins with %.60q; tables of its annexes are %s", record.ErrInvalid, head, Journal)
	default:
		x.List.List = ""
		err = x.oneTable(f.Text, f.In)
	}
	if err != nil {
		return err
	}
	return x.Finish(f.Hash.Sum(nil))
}

func orID(id, otherwise record.SourceID) record.SourceID {
	if id != "" {
		return id
	}
	return otherwise
}

// reading is a list while it is read.
type reading struct {
	sheet.Reading
	at   map[string]int                      // of an entry, by reference
	said map[string]map[string]record.Digest // of a reference: what each regulation says
	line map[string]int                      // where it first stands
}

func newReading(o Options) *reading {
	return &reading{Reading: sheet.Begin(o.List, o.Or(512<<20, 4<<20, 256<<10)),
		at: map[string]int{}, said: map[string]map[string]record.Digest{}, line: map[string]int{}}
}

// add takes what one regulation says of an entry. What a second one says of it is
// joined to the first. The same twice is kept once; two things said by one
// regulation under one reference are an error.
func (x *reading) add(place string, line int, by string, e record.Listed) error {
	content := listing.Content(e)
	i, known := x.at[e.Ref]
	if !known {
		x.at[e.Ref] = len(x.Entries)
		x.line[e.Ref] = line
		x.said[e.Ref] = map[string]record.Digest{by: content}
		x.Entries = append(x.Entries, e)
		return x.TooMany(place)
	}
	switch was, twice := x.said[e.Ref][by]; {
	case twice && was == content:
		x.Complain(place, "entry %s stands at line %d already, word for word: kept once", e.Ref, x.line[e.Ref])
	case twice:
		err := fmt.Errorf("%w: %s: entry %s stands at line %d and again at line %d, and differs", record.ErrInvalid, place, e.Ref, x.line[e.Ref], line)
		if !x.Opt.AcceptPartial {
			return err
		}
		x.List.Partial = true
		x.Complain(place, "entry left out: %v", err)
	case x.Entries[i].Sort != e.Sort:
		x.Complain(place, "entry %s is of kind %q at line %d and of kind %q here", e.Ref, x.Entries[i].Sort, x.line[e.Ref], e.Sort)
		fallthrough
	default:
		x.said[e.Ref][by] = content
		join(&x.Entries[i], e)
	}
	return x.TooMany(place)
}

// isUN is a reference of the UN's list.
var isUN = regexp.MustCompile(`^[A-Z]{2}[ie]\.[0-9]{3,5}$`)
