package ofac

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"article41/record"
	"article41/sheet"
)

// part is one file of the CSV set.
type part struct {
	name   string // "alt.csv"
	absent string // what the list lacks without it
}

// setOf is the set of files of a list, the primary one first.
func setOf(list record.SourceID) []part {
	const names, places, more = "strong aliases and former names", "addresses", "the rest of long remarks"
	if list == NonSDN {
		return []part{{"cons_prim.csv", ""}, {"cons_alt.csv", names}, {"cons_add.csv", places}, {"cons_comments.csv", more}}
	}
	return []part{{"sdn.csv", ""}, {"alt.csv", names}, {"add.csv", places}, {"sdn_comments.csv", more}}
}

// ReadSet reads one version of a list from a folder or an opened zip that holds
// the files of the CSV set, under their own names in any case, plain or with
// ".gz". The primary file must be there. Other files are passed over.
func ReadSet(set fs.FS, o Options) (record.List, []record.Listed, error) {
	o = orDefault(o)
	list, entries, err := readSet(set, o)
	if err != nil {
		return record.List{}, nil, fmt.Errorf("%s list: %w", o.List, err)
	}
	return list, entries, nil
}

func readSet(set fs.FS, o Options) (record.List, []record.Listed, error) {
	if o.List != SDN && o.List != NonSDN {
		return record.List{}, nil, fmt.Errorf("%w: no list of OFAC: want %s or %s", record.ErrInvalid, SDN, NonSDN)
	}
	x := newReading(o)
	held, err := fs.ReadDir(set, ".")
	if err != nil {
		return x.List, nil, fmt.Errorf("the set of files: %w", err)
	}
	digest := sha256.New()
	left := o.MaxBytes
	var absent []part
	for i, p := range setOf(o.List) {
		at := slices.IndexFunc(held, func(e fs.DirEntry) bool {
			return !e.IsDir() && strings.TrimSuffix(strings.ToLower(e.Name()), ".gz") == p.name
		})
		switch {
		case at < 0 && i == 0:
			return x.List, nil, fmt.Errorf("%w: no %s among the files", record.ErrInvalid, p.name)
		case at < 0:
			absent = append(absent, p)
			continue
		}
		used, sum, err := x.file(set, held[at].Name(), p.name, i, left)
		if err != nil {
			return x.List, nil, err
		}
		left = max(left-used, 1)
		fmt.Fprintf(digest, "%s %x\n", p.name, sum)
	}
	x.missing(absent)
	// The digest of a set is over its files' names and digests, in this order.
	return x.finished(digest.Sum(nil))
}

// file reads the nth file of the set.
func (x *reading) file(set fs.FS, path, name string, nth, left int) (used int, sum []byte, err error) {
	f, err := set.Open(path)
	if err != nil {
		return 0, nil, fmt.Errorf("%s: %w", name, err)
	}
	defer f.Close()
	plain, err := sheet.Decompressed(f)
	if err != nil {
		return 0, nil, fmt.Errorf("%s: %w", name, err)
	}
	opt := x.Opt
	opt.MaxBytes = left
	opened, err := sheet.Decode(plain, opt, "a list of OFAC")
	if err != nil {
		return 0, nil, fmt.Errorf("%s: %w", name, err)
	}
	t := sheet.NewTable(opened.Text, opened.In)
	switch nth {
	case 0:
		err = x.primary(name, t)
	case 1:
		err = x.joined(name, t, 5, x.alias)
	case 2:
		err = x.joined(name, t, 6, x.address)
	default:
		err = x.joined(name, t, 2, x.overflow)
	}
	if err != nil {
		return 0, nil, err
	}
	return left - int(opened.In.Left()), opened.Hash.Sum(nil), nil
}

// missing says what the list lacks, and reads the remarks: they are whole now,
// or will not be.
func (x *reading) missing(absent []part) {
	long := false
	for _, p := range absent {
		x.Complain(p.name, "not given; not read: %s", p.absent)
		long = long || strings.HasSuffix(p.name, "comments.csv")
	}
	for i := range x.Entries {
		x.readRemarks(i, long)
	}
}

// joined reads a file whose rows belong to entries of the primary one.
func (x *reading) joined(file string, t *sheet.Table, columns int, take func(p *page, r sheet.Row)) error {
	begun := false
	for n := 0; ; n++ {
		r, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if ends(r) || n == 0 && isHeader(r) {
			continue
		}
		place := fmt.Sprintf("%s: line %d", file, r.Line)
		ref := refOf(r)
		i, _, known := x.Held(ref)
		switch {
		case r.Cut || r.Last && (r.Broken != "" || len(r.Cells) < columns):
			err = x.Cut(place, "the file ends inside a row: %s", why(r, columns))
		case len(r.Cells) != columns && r.Broken == "" && !begun:
			err = fmt.Errorf("%w: %s: %d columns: this is not %s", record.ErrInvalid, place, len(r.Cells), file)
		case r.Broken != "" || len(r.Cells) != columns:
			x.Complain(place, "row of entry %.20q left out: %s", ref, why(r, columns))
			if known {
				x.Entries[i].Dropped = append(x.Entries[i].Dropped, record.Complaint{Place: fmt.Sprintf("%s: %s, line %d", fieldOf[columns], file, r.Line), Problem: why(r, columns)})
			}
		case !known:
			x.Complain(place, "row of entry %.20q, which %s does not hold: left out", ref, setOf(x.Opt.List)[0].name)
		default:
			take(&page{x: x, entry: &x.Entries[i], place: place, at: i}, r)
		}
		begun = true
		if err != nil {
			return err
		}
		if err := x.TooMany(place); err != nil {
			return err
		}
	}
}

// fieldOf is our field that the rows of so many columns fill.
var fieldOf = map[int]string{5: "names", 6: "addresses", 2: "comments"}
