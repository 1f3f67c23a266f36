// Package ofac reads the lists of the US Treasury's Office of Foreign Assets
// Control: the Specially Designated Nationals ([SDN]) and the non-SDN lists
// together ([NonSDN]), each as the legacy CSV set or as sdn.xml.
//
// The CSV set is several files without headers, joined by the entry's number:
// sdn.csv, alt.csv (other names), add.csv (addresses), sdn_comments.csv (where
// the remarks go on, often in the middle of a word); the non-SDN set is
// cons_prim.csv, cons_alt.csv, cons_add.csv, cons_comments.csv. [Read] takes
// sdn.csv alone, an XML file, or a zip of the set; [ReadSet] takes a folder.
// What was not given is said in the complaints: without alt.csv the list holds
// no strong alias, and no answer may claim that it looked for one.
//
// Dates and places of birth, passports, ships' numbers, coin addresses, weak
// aliases and "Linked To" stand in the remarks as free text; they are taken
// out of it, and the whole text stays in Comments. A name as published,
// "ELMI, Hasan", is kept in Parts; Text has it in reading order.
//
// A list is damaged if its entries' numbers can be read: it loads, and what is
// unreadable is dropped and named. It is cut if it ends inside an entry, or a
// number is missing, or it holds fewer entries than it says: refused ([ErrCut])
// unless accepted as partial by hand. The CSV set carries no date: give one.
//
// It does not read the Advanced XML, and says nothing of the 50 per cent rule,
// which is not in the data. No connection, no clock.
//
//	list, entries, err := ofac.ReadSet(os.DirFS("ofac"), ofac.Options{Date: day})
package ofac

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"

	"article41/date"
	"article41/listing"
	"article41/record"
	"article41/sheet"
)

// The ids of the two lists.
const (
	SDN    record.SourceID = "ofac"
	NonSDN record.SourceID = "ofac-nonsdn"
)

// ErrCut says that the list is not whole. Options.AcceptPartial reads what
// there is.
var ErrCut = errors.New("the list is cut")

// Options says how to read.
type Options struct {
	// List is SDN (the default) or NonSDN: the shapes are the same, the list is
	// what the caller says it is, unless its programmes say otherwise.
	List record.SourceID
	// AcceptPartial reads a cut list as far as it goes.
	AcceptPartial bool
	// Date is the list's date if it states none (the CSV set never does);
	// DateBasis says where it comes from ("given", "import-day"; empty: given).
	Date      date.Day
	DateBasis string
	Name      string // where the bytes come from, such as a file's base name
	Origin    string // "import" (the default) or "record"
	// MaxBytes bounds all files together after decompression (0: 256 MiB, ten
	// times the real list), MaxEntry one entry of a file (0: 1 MiB), MaxElement
	// one cell or element (0: 256 KiB).
	MaxBytes, MaxEntry, MaxElement int
}

func (o Options) orDefault() Options {
	or := func(n, otherwise int) int {
		if n > 0 {
			return n
		}
		return otherwise
	}
	o.MaxBytes, o.MaxEntry, o.MaxElement = or(o.MaxBytes, 256<<20), or(o.MaxEntry, 1<<20), or(o.MaxElement, 256<<10)
	if o.List == "" {
		o.List = SDN
	}
	if o.Origin == "" {
		o.Origin = "import"
	}
	if o.DateBasis == "" {
		o.DateBasis = "given"
	}
	return o
}

// Read reads one version of a list from one file: XML, a CSV set in a zip, or
// sdn.csv (cons_prim.csv) alone; each plain or gzipped. The entries are in the
// order of the file. Errors name the line; a list that is damaged is no error.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	o = o.orDefault()
	list, entries, err := readOne(r, o)
	if err != nil {
		return record.List{}, nil, fmt.Errorf("%s list: %w", o.List, err)
	}
	return list, entries, nil
}

func readOne(r io.Reader, o Options) (record.List, []record.Listed, error) {
	if o.List != SDN && o.List != NonSDN {
		return record.List{}, nil, fmt.Errorf("%w: no list of OFAC: want %s or %s", record.ErrInvalid, SDN, NonSDN)
	}
	plain, err := sheet.Decompressed(r)
	if err != nil {
		return record.List{}, nil, err
	}
	if head, _ := plain.Peek(4); bytes.Equal(head, []byte("PK\x03\x04")) {
		b, err := io.ReadAll(sheet.Bound(plain, o.MaxBytes, o.MaxBytes))
		if err != nil {
			return record.List{}, nil, err
		}
		zr, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return record.List{}, nil, fmt.Errorf("%w: zip: %w", record.ErrInvalid, err)
		}
		return readSet(zr, o)
	}
	hash := sha256.New()
	in := sheet.Bound(plain, o.MaxBytes, o.MaxEntry)
	br, err := sheet.Unmarked(io.TeeReader(in, hash))
	if err != nil {
		return record.List{}, nil, err
	}
	x := newReading(o)
	switch head := sheet.Begins(br); {
	case sheet.IsHTML(head):
		return x.list, nil, fmt.Errorf("%w: an HTML page, not a list of OFAC", record.ErrInvalid)
	case head == "":
		return x.list, nil, fmt.Errorf("%w: the file holds nothing but space", record.ErrInvalid)
	case strings.HasPrefix(head, "<"):
		err = x.xml(br, in)
	default:
		if err = x.primary("", newTable(br, in)); err == nil {
			x.missing(setOf(o.List)[1:])
		}
	}
	if err != nil {
		return x.list, nil, err
	}
	x.list.Digest = record.Digest(hash.Sum(nil))
	return x.finished()
}

// Bounds of what is held: complaints of one list, and its entries (the SDN list
// has some 18,000).
const (
	maxComplaints = 20_000
	maxEntries    = 200_000
)

// reading is a list while it is read.
type reading struct {
	opt        Options
	list       record.List
	entries    []record.Listed
	remarks    []string // as published, by entry
	line       []int    // where each entry begins
	at         map[string]int
	complaints []record.Complaint
	countries  map[string]bool
}

func newReading(o Options) *reading {
	return &reading{opt: o, at: map[string]int{}, countries: map[string]bool{},
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
	return nil
}

// add takes a further entry. The same entry twice is kept once; two entries
// under one number are an error.
func (x *reading) add(place string, line int, e record.Listed, remarks string) error {
	if i, twice := x.at[e.Ref]; twice {
		if listing.Content(x.entries[i]) == listing.Content(e) && x.remarks[i] == remarks {
			x.complain(place, "entry %s stands at line %d already, word for word: kept once", e.Ref, x.line[i])
			return nil
		}
		err := fmt.Errorf("%w: %s: entry %s stands at line %d and again at line %d, and differs", record.ErrInvalid, place, e.Ref, x.line[i], line)
		if !x.opt.AcceptPartial {
			return err
		}
		x.list.Partial = true
		x.complain(place, "entry left out: %v", err)
		return nil
	}
	x.at[e.Ref] = len(x.entries)
	x.entries = append(x.entries, e)
	x.remarks = append(x.remarks, remarks)
	x.line = append(x.line, line)
	return x.tooMany(place)
}

// tooMany refuses what is no list any more.
func (x *reading) tooMany(place string) error {
	if len(x.complaints) > maxComplaints {
		return fmt.Errorf("%w: more than %d complaints, the last at %s", record.ErrInvalid, maxComplaints, place)
	}
	if len(x.entries) > maxEntries {
		return fmt.Errorf("%w: %s: more than %d entries", record.ErrInvalid, place, maxEntries)
	}
	return nil
}

// finished closes the list: what was read of each entry's remarks goes to its
// place, and the whole is counted and digested.
func (x *reading) finished() (record.List, []record.Listed, error) {
	if len(x.entries) == 0 {
		return x.list, nil, fmt.Errorf("%w: the list holds no entry", record.ErrInvalid)
	}
	if err := x.otherList(); err != nil {
		return x.list, nil, err
	}
	if x.list.Date.IsZero() {
		x.list.Basis = ""
	}
	for i := range x.entries {
		x.entries[i].Version = x.list.Date
	}
	x.list.Complaints = x.complaints
	x.list.Damaged = len(x.complaints) > 0
	x.list.Count = len(x.entries)
	x.list.Content = listing.Contents(x.entries)
	return x.list, x.entries, nil
}

// Programmes that tell the two lists apart: hundreds of entries of the SDN list
// are of the first, and no entry of the others; most of the second are on the
// non-SDN lists (some people are on both).
const (
	ofSDN    = "SDNTK"
	ofNonSDN = "NS-PLC"
)

// otherList refuses the other list in the name of the one asked for.
func (x *reading) otherList() error {
	sdn, non := 0, 0
	for _, e := range x.entries {
		for _, p := range e.Programme {
			switch p {
			case ofSDN:
				sdn++
			case ofNonSDN:
				non++
			}
		}
	}
	switch {
	case x.opt.List == SDN && non > 0 && sdn == 0:
		return fmt.Errorf("%w: these are the non-SDN lists (%d entries of programme %s, none of %s): read them as %s", record.ErrInvalid, non, ofNonSDN, ofSDN, NonSDN)
	case x.opt.List == NonSDN && sdn > 0:
		return fmt.Errorf("%w: this is the SDN list (%d entries of programme %s): read it as %s", record.ErrInvalid, sdn, ofSDN, SDN)
	}
	return nil
}
