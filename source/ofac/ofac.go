// Package ofac reads the lists of the US Treasury's Office of Foreign Assets
// Control: the Specially Designated Nationals ([SDN]) and the non-SDN lists
// together ([NonSDN]), each as the legacy CSV set, as sdn.xml or as the Advanced XML
// (sdn_advanced.xml), which was written to the published shape and was not tried on
// the whole real file.
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
// It says nothing of the 50 per cent rule, which is not in the data. No connection,
// no clock.
//
//	list, entries, err := ofac.ReadSet(os.DirFS("ofac"), ofac.Options{Date: day})
package ofac

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"

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
var ErrCut = sheet.ErrCut

// Options says how to read. List is SDN (the default) or NonSDN: the shapes are the
// same, the list is what the caller says it is, unless its programmes say otherwise.
// The bounds are 1 GiB for all files together, eight times the Advanced XML, 1 MiB
// for an entry of a file and 256 KiB for a cell or element.
type Options = sheet.Options

func orDefault(o Options) Options {
	if o.List == "" {
		o.List = SDN
	}
	return o.Or(1<<30, 1<<20, 256<<10)
}

// Read reads one version of a list from one file: XML, a CSV set in a zip, or
// sdn.csv (cons_prim.csv) alone; each plain or gzipped. The entries are in the
// order of the file. Errors name the line; a list that is damaged is no error.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	o = orDefault(o)
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
		most := min(o.MaxBytes, 256<<20) // a zip is held
		b, err := io.ReadAll(sheet.Bound(plain, most, most))
		if err != nil {
			return record.List{}, nil, err
		}
		zr, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return record.List{}, nil, fmt.Errorf("%w: zip: %w", record.ErrInvalid, err)
		}
		return readSet(zr, o)
	}
	x := newReading(o)
	f, err := sheet.Decode(plain, o, "a list of OFAC")
	if err != nil {
		return x.List, nil, err
	}
	switch {
	case isAdvanced(f.Head):
		err = x.advanced(f)
	case f.Head[0] == '<':
		err = x.xml(f)
	default:
		if err = x.primary("", sheet.NewTable(f.Text, f.In)); err == nil {
			x.missing(setOf(o.List)[1:])
		}
	}
	if err != nil {
		return x.List, nil, err
	}
	return x.finished(f.Hash.Sum(nil))
}

// reading is a list while it is read.
type reading struct {
	sheet.Reading
	remarks   []string // as published, by entry
	countries map[string]bool
}

func newReading(o Options) *reading {
	return &reading{Reading: sheet.Begin(o.List, o), countries: map[string]bool{}}
}

// take takes a further entry with its remarks, which have to be the same too where
// an entry stands twice.
func (x *reading) take(place string, line int, e record.Listed, remarks string) error {
	i, _, twice := x.Held(e.Ref)
	if err := x.Add(place, line, e, !twice || x.remarks[i] == remarks); err != nil {
		return err
	}
	if !twice {
		x.remarks = append(x.remarks, remarks)
	}
	return nil
}

// finished closes the list, whose bytes have this digest.
func (x *reading) finished(digest []byte) (record.List, []record.Listed, error) {
	if err := x.Finish(digest); err != nil {
		return x.List, nil, err
	}
	return x.List, x.Entries, x.otherList()
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
	for _, e := range x.Entries {
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
	case x.Opt.List == SDN && non > 0 && sdn == 0:
		return fmt.Errorf("%w: these are the non-SDN lists (%d entries of programme %s, none of %s): read them as %s", record.ErrInvalid, non, ofNonSDN, ofSDN, NonSDN)
	case x.Opt.List == NonSDN && sdn > 0:
		return fmt.Errorf("%w: this is the SDN list (%d entries of programme %s): read it as %s", record.ErrInvalid, sdn, ofSDN, SDN)
	}
	return nil
}
