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
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"article41/date"
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
var ErrCut = errors.New("the list is cut")

// Options says how to read.
type Options struct {
	// List is the list's id; empty: Source, Journal or a table's own.
	List record.SourceID
	// Regulation is the CELEX number of a table's regulation, "32017R1770"; empty:
	// that of the file's name or of the first row.
	Regulation string
	// AcceptPartial reads a cut list as far as it goes.
	AcceptPartial bool
	// Date is the list's date if it states none, as the tables do not; DateBasis
	// says where it comes from ("given", "import-day"; empty: given).
	Date      date.Day
	DateBasis string
	Name      string // where the bytes come from, such as a file's base name
	Origin    string // "import" (the default) or "record"
	// MaxBytes bounds the whole list after decompression (0: 512 MiB, twenty times
	// the real one), MaxEntry one entry (0: 4 MiB), MaxElement one field (0: 256
	// KiB).
	MaxBytes, MaxEntry, MaxElement int
}

func (o Options) orDefault() Options {
	or := func(n, otherwise int) int {
		if n > 0 {
			return n
		}
		return otherwise
	}
	o.MaxBytes, o.MaxEntry, o.MaxElement = or(o.MaxBytes, 512<<20), or(o.MaxEntry, 4<<20), or(o.MaxElement, 256<<10)
	if o.Origin == "" {
		o.Origin = "import"
	}
	if o.DateBasis == "" {
		o.DateBasis = "given"
	}
	return o
}

// Read reads one version of a list from one file, plain or gzipped: the XML, or
// one regulation's table. The entries are in the order of the file. Errors name
// the line; a list that is damaged is no error.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	x := newReading(o.orDefault())
	if err := x.readOne(r); err != nil {
		return x.failed(err)
	}
	return x.list, x.entries, nil
}

func (x *reading) failed(err error) (record.List, []record.Listed, error) {
	id := x.list.List
	if id == "" {
		id = Source
	}
	return record.List{}, nil, fmt.Errorf("%s list: %w", id, err)
}

func (x *reading) readOne(r io.Reader) error {
	plain, err := sheet.Decompressed(r)
	if err != nil {
		return err
	}
	hash := sha256.New()
	in := sheet.Bound(plain, x.opt.MaxBytes, x.opt.MaxEntry)
	text, err := sheet.Unmarked(io.TeeReader(in, hash))
	if err != nil {
		return err
	}
	switch head := sheet.Begins(text); {
	case sheet.IsHTML(head):
		return fmt.Errorf("%w: an HTML page, not a list of the EU", record.ErrInvalid)
	case head == "":
		return fmt.Errorf("%w: the file holds nothing but space", record.ErrInvalid)
	case head[0] == '{', head[0] == '[', strings.HasPrefix(head, "pk\x03\x04"):
		return fmt.Errorf("%w: not a list of the EU: it begins with %.30q", record.ErrInvalid, head)
	case strings.HasPrefix(head, "<"):
		x.list.List = orID(x.opt.List, Source)
		err = x.xml(text, in)
	default:
		err = x.oneTable(text, in)
	}
	if err != nil {
		return err
	}
	x.list.Digest = record.Digest(hash.Sum(nil))
	return x.finished()
}

func orID(id, otherwise record.SourceID) record.SourceID {
	if id != "" {
		return id
	}
	return otherwise
}

// maxComplaints bounds what is said of one list.
const maxComplaints = 20_000

// reading is a list while it is read.
type reading struct {
	opt        Options
	list       record.List
	entries    []record.Listed
	at         map[string]int                      // of an entry, by reference
	said       map[string]map[string]record.Digest // of a reference: what each regulation says
	line       map[string]int                      // where it first stands
	complaints []record.Complaint
}

func newReading(o Options) *reading {
	return &reading{opt: o, at: map[string]int{}, said: map[string]map[string]record.Digest{}, line: map[string]int{},
		list: record.List{List: o.List, Origin: o.Origin, Name: o.Name, Date: o.Date, Basis: o.DateBasis}}
}

func (x *reading) complain(place, format string, args ...any) {
	x.complaints = append(x.complaints, record.Complaint{Place: place, Problem: fmt.Sprintf(format, args...)})
}

// cut is the answer to something missing: an error, or a complaint where a cut
// list is accepted.
func (x *reading) cut(place, format string, args ...any) error {
	if !x.opt.AcceptPartial {
		return fmt.Errorf("%w: %w: %s: %s", record.ErrInvalid, ErrCut, place, fmt.Sprintf(format, args...))
	}
	x.list.Partial = true
	x.complain(place, format, args...)
	return x.tooMany(place)
}

func (x *reading) tooMany(place string) error {
	if len(x.complaints) > maxComplaints {
		return fmt.Errorf("%w: more than %d complaints, the last at %s", record.ErrInvalid, maxComplaints, place)
	}
	return nil
}

// add takes what one regulation says of an entry. What a second one says of it is
// joined to the first. The same twice is kept once; two things said by one
// regulation under one reference are an error.
func (x *reading) add(place string, line int, by string, e record.Listed) error {
	content := listing.Content(e)
	i, known := x.at[e.Ref]
	if !known {
		x.at[e.Ref] = len(x.entries)
		x.line[e.Ref] = line
		x.said[e.Ref] = map[string]record.Digest{by: content}
		x.entries = append(x.entries, e)
		return x.tooMany(place)
	}
	switch was, twice := x.said[e.Ref][by]; {
	case twice && was == content:
		x.complain(place, "entry %s stands at line %d already, word for word: kept once", e.Ref, x.line[e.Ref])
	case twice:
		err := fmt.Errorf("%w: %s: entry %s stands at line %d and again at line %d, and differs", record.ErrInvalid, place, e.Ref, x.line[e.Ref], line)
		if !x.opt.AcceptPartial {
			return err
		}
		x.list.Partial = true
		x.complain(place, "entry left out: %v", err)
	case x.entries[i].Sort != e.Sort:
		x.complain(place, "entry %s is of kind %q at line %d and of kind %q here", e.Ref, x.entries[i].Sort, x.line[e.Ref], e.Sort)
		fallthrough
	default:
		x.said[e.Ref][by] = content
		join(&x.entries[i], e)
	}
	return x.tooMany(place)
}

// finished closes the list.
func (x *reading) finished() error {
	if len(x.entries) == 0 {
		return fmt.Errorf("%w: the list holds no entry", record.ErrInvalid)
	}
	if x.list.Date.IsZero() {
		x.list.Basis = ""
	}
	for i := range x.entries {
		x.entries[i].List, x.entries[i].Version = x.list.List, x.list.Date
	}
	x.list.Complaints = x.complaints
	x.list.Damaged = len(x.complaints) > 0
	x.list.Count = len(x.entries)
	x.list.Content = listing.Contents(x.entries)
	return nil
}

// isUN is a reference of the UN's list.
var isUN = regexp.MustCompile(`^[A-Z]{2}[ie]\.[0-9]{3,5}$`)
