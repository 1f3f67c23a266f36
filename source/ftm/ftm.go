// Package ftm reads collections in the FollowTheMoney form, one entity in JSON
// a line: entities.ftm.json and targets.nested.json, as OpenSanctions and
// others publish them.
//
// A person, body, ship, aircraft, wallet or other thing is an entry; its
// reference is the entity's id. What is told of it by entities of their own is
// joined to it, wherever in the file they stand: sanctions, identity papers,
// addresses, ownership and other links, offices held. Of a sanction the UN's
// reference is kept as the extra field "un_reference" and the whole as the
// extra field "sanction"; the day of listing is the earliest listingDate, never
// a startDate. Datasets, topics and former ids ("referent") are extra fields,
// as is every property without a place of its own. An entity that the
// publisher marks as no target, such as the owner of a listed firm, is an entry
// with the extra field "target" = "false": it is known, not listed.
//
// The file is read twice: once for what must be joined, which is held packed in
// memory, and once for the entries, which are handed on one by one ([Each]).
// [Read] gathers them, for collections that fit.
//
// A line that cannot be read, or without an id, may have held an entry: the
// list is cut and refused ([ErrCut]) unless accepted as partial by hand. A file
// that was cut between two lines cannot be told from a whole one, unless it is
// gzipped. Licences differ from collection to collection and are not in the
// data. No connection, no clock.
//
//	list, err := ftm.Each(file, ftm.Options{List: "os-peps"}, func(e record.Listed) error { … })
package ftm

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"article41/date"
	"article41/listing"
	"article41/record"
)

// Source is the list's id if Options.List names none.
const Source record.SourceID = "ftm"

// ErrCut says that the list is not whole. Options.AcceptPartial reads what
// there is.
var ErrCut = errors.New("the list is cut")

// Options says how to read.
type Options struct {
	// List is the id of the collection; empty: Source.
	List record.SourceID
	// AcceptPartial reads a cut list as far as it goes.
	AcceptPartial bool
	// TargetsOnly leaves out what the publisher marks as no target.
	TargetsOnly bool
	// Date is the list's date if its entities state none; DateBasis says where it
	// comes from ("given", "import-day"; empty: given). What they state is the
	// newest day on which the publisher saw or changed one.
	Date      date.Day
	DateBasis string
	Name      string // where the bytes come from, such as a file's base name
	Origin    string // "import" (the default) or "record"
	// MaxBytes bounds the whole list after decompression (0: 32 GiB), MaxEntry
	// one line (0: 1 MiB), MaxElement one value (0: 256 KiB), MaxHeld what is held
	// to be joined (0: 1 GiB).
	MaxBytes, MaxEntry, MaxElement, MaxHeld int
}

func (o Options) orDefault() Options {
	or := func(n, otherwise int) int {
		if n > 0 {
			return n
		}
		return otherwise
	}
	o.MaxBytes, o.MaxEntry, o.MaxElement, o.MaxHeld = or(o.MaxBytes, 32<<30), or(o.MaxEntry, 1<<20), or(o.MaxElement, 256<<10), or(o.MaxHeld, 1<<30)
	if o.List == "" {
		o.List = Source
	}
	if o.Origin == "" {
		o.Origin = "import"
	}
	if o.DateBasis == "" {
		o.DateBasis = "given"
	}
	return o
}

// maxBuffered bounds a list that cannot be read twice and must be held.
const maxBuffered = 512 << 20

// Read reads one version of a collection, plain or gzipped, and gathers its
// entries in the order of the file. Errors name the line; a list that is damaged
// is no error.
func Read(r io.Reader, o Options) (record.List, []record.Listed, error) {
	twice, ok := r.(io.ReadSeeker)
	if ok {
		_, err := twice.Seek(0, io.SeekCurrent) // a pipe is an *os.File too
		ok = err == nil
	}
	if !ok {
		b, err := io.ReadAll(io.LimitReader(r, maxBuffered+1))
		if err == nil && len(b) > maxBuffered {
			err = fmt.Errorf("%w: larger than %d bytes, and it cannot be read twice: give a file", record.ErrInvalid, maxBuffered)
		}
		if err != nil {
			return record.List{}, nil, fmt.Errorf("%s list: %w", o.orDefault().List, err)
		}
		twice = bytes.NewReader(b)
	}
	var entries []record.Listed
	list, err := Each(twice, o, func(e record.Listed) error {
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		return record.List{}, nil, err
	}
	return list, entries, nil
}

// Each reads one version of a collection and hands on its entries in the order
// of the file; they are good only if it ends without an error. What it holds
// meanwhile does not grow with the entries but by their ids.
func Each(r io.ReadSeeker, o Options, yield func(record.Listed) error) (record.List, error) {
	c, err := Open(r, o)
	if err != nil {
		return record.List{}, err
	}
	return c.Each(yield)
}

// Collection is a version that was read once: what must be joined is held, and
// its date is known.
type Collection struct {
	List record.List // without its count, its content and half of its complaints
	x    *reading
	r    io.ReadSeeker
	from int64
}

// Open reads a collection for the first time.
func Open(r io.ReadSeeker, o Options) (*Collection, error) {
	o = o.orDefault()
	x := &reading{opt: o, sides: newSides(o.MaxHeld), other: map[string]int{},
		list: record.List{List: o.List, Origin: o.Origin, Name: o.Name, Date: o.Date, Basis: o.DateBasis}}
	from, err := r.Seek(0, io.SeekCurrent)
	if err == nil {
		err = x.begin(r)
	}
	if err != nil {
		return nil, fmt.Errorf("%s list: %w", o.List, err)
	}
	return &Collection{x.list, x, r, from}, nil
}

// Each hands on the entries. It can be called again.
func (c *Collection) Each(yield func(record.Listed) error) (record.List, error) {
	x := *c.x
	x.yield, x.at, x.seen, x.complaints = yield, map[string]int32{}, nil, slices.Clone(c.x.complaints)
	_, err := c.r.Seek(c.from, io.SeekStart)
	if err == nil {
		err = x.finish(c.r)
	}
	if err != nil {
		return record.List{}, fmt.Errorf("%s list: %w", x.opt.List, err)
	}
	return x.list, nil
}

// maxComplaints bounds what is said of one list.
const maxComplaints = 100_000

// reading is a list while it is read.
type reading struct {
	opt        Options
	list       record.List
	yield      func(record.Listed) error
	roles      []role // by line
	blank      int    // lines with nothing on them
	sides      *sides
	newest     date.Day
	at         map[string]int32 // seen, by id
	seen       []seen
	other      map[string]int // schemas passed over, as they are not known
	complaints []record.Complaint
}

// seen is an entry that was handed on.
type seen struct {
	ref     string
	line    int
	content record.Digest
}

func (x *reading) complain(place, format string, args ...any) {
	x.complaints = append(x.complaints, record.Complaint{Place: place, Problem: fmt.Sprintf(format, args...)})
}

// cut is the answer to something missing: an error, or a complaint where a cut
// list is accepted.
func (x *reading) cut(line int, format string, args ...any) error {
	place := fmt.Sprintf("line %d", line)
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

// begin is the first reading.
func (x *reading) begin(r io.Reader) error {
	hash := sha256.New()
	if err := x.first(r, hash); err != nil {
		return err
	}
	x.list.Digest = record.Digest(hash.Sum(nil))
	x.sides.order()
	x.dated()
	return nil
}

// finish is the second.
func (x *reading) finish(r io.Reader) error {
	hash := sha256.New()
	if err := x.second(r, hash); err != nil {
		return err
	}
	if x.list.Digest != record.Digest(hash.Sum(nil)) {
		return fmt.Errorf("%w: the file was written to while it was read", record.ErrConflict)
	}
	if len(x.roles) == x.blank {
		return fmt.Errorf("%w: the file holds nothing but space", record.ErrInvalid)
	}
	if len(x.seen) == 0 {
		return fmt.Errorf("%w: the list holds no entry", record.ErrInvalid)
	}
	x.lost()
	x.list.Complaints = x.complaints
	x.list.Damaged = len(x.complaints) > 0
	x.list.Count = len(x.seen)
	x.list.Content = x.contents()
	return nil
}

// first gathers what must be joined, the role of each line and the list's date.
func (x *reading) first(r io.Reader, hash io.Writer) error {
	in, err := openLines(r, hash, x.opt)
	if err != nil {
		return err
	}
	for {
		line, err := in.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		does, err := x.weigh(in.line, line)
		if err != nil {
			return err
		}
		x.roles = append(x.roles, does)
	}
	if in.short {
		return x.cut(in.line, "the gzip stream breaks off")
	}
	return nil
}

// weigh says what a line holds, and keeps it if it is to be joined.
func (x *reading) weigh(n int, line []byte) (role, error) {
	if len(bytes.TrimSpace(line)) == 0 {
		x.blank++
		return aside, nil
	}
	if len(x.roles) == x.blank && isHTML(line) {
		return aside, fmt.Errorf("%w: an HTML page, not entities in the FollowTheMoney form", record.ErrInvalid)
	}
	if !json.Valid(line) || trimJSON(line)[0] != '{' {
		if len(x.roles) == x.blank {
			return aside, fmt.Errorf("%w: line %d: not an entity in the FollowTheMoney form: %.60q", record.ErrInvalid, n, line)
		}
		return aside, x.cut(n, "it cannot be read as JSON: %.40q", line)
	}
	h, _ := headOf(line) // what is wrong is said in the second pass
	id, _, ok := text(h.ID, maxID)
	if !ok || id == "" || id != h.ID {
		return aside, x.cut(n, "the entity's id cannot be read: %.40q", h.ID)
	}
	if h.Schema == "" {
		return aside, x.cut(n, "entity %s has no schema", id)
	}
	for _, s := range []string{h.LastChange, h.LastSeen} {
		if d, ok := day(s); ok && d.After(x.newest) {
			x.newest = d
		}
	}
	s, known := schemas()[h.Schema]
	switch {
	case !known && h.Caption == "":
		x.other[h.Schema]++
		return aside, nil
	case !known:
		// A schema of a later day. What has a name may be what somebody looks for.
		x.other[h.Schema]++
		return subject, nil
	case s.role == subject && h.Schema != wallet, s.role == aside:
		return s.role, nil
	}
	e, _ := parse(line)
	return s.role, x.sides.add(e, s.role)
}

// second hands on the entries.
func (x *reading) second(r io.Reader, hash io.Writer) error {
	in, err := openLines(r, hash, x.opt)
	if err != nil {
		return err
	}
	for {
		line, err := in.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if in.line > len(x.roles) || x.roles[in.line-1] != subject {
			continue // a file that grew is found by its digest
		}
		if err := x.hand(in.line, line); err != nil {
			return err
		}
	}
}

// hand joins an entry and hands it on. The same entry twice is kept once; two
// entries under one id are an error.
func (x *reading) hand(n int, line []byte) error {
	raw, err := parse(line)
	place := fmt.Sprintf("line %d: %s", n, raw.ID)
	if err != nil {
		x.complain(place, "a part of it is not as it should be: %v", err)
	}
	if x.opt.TargetsOnly && raw.Target != nil && !*raw.Target {
		x.sides.of(raw.ID, 4*x.opt.MaxEntry) // left out with it, not lost
		return nil
	}
	e := x.entry(place, raw)
	now := seen{e.Ref, n, listing.Content(e)}
	if i, twice := x.at[e.Ref]; twice {
		was := x.seen[i]
		if was.content == now.content {
			x.complain(place, "stands at line %d already, word for word: kept once", was.line)
			return x.tooMany(place)
		}
		err := fmt.Errorf("%w: entry %s stands at line %d and again at line %d, and differs", record.ErrInvalid, e.Ref, was.line, n)
		if !x.opt.AcceptPartial {
			return err
		}
		x.list.Partial = true
		x.complain(place, "entry left out: %v", err)
		return x.tooMany(place)
	}
	x.at[e.Ref] = int32(len(x.seen))
	x.seen = append(x.seen, now)
	if err := x.tooMany(place); err != nil {
		return err
	}
	return x.yield(e)
}

// dated gives the list its date.
func (x *reading) dated() {
	l := &x.list
	switch {
	case x.newest.IsZero():
	case l.Basis == "import-day" && !l.Date.IsZero() && x.newest.After(l.Date):
		x.complain("last_seen", "an entity was seen on %s, after the day of import", x.newest)
	default:
		l.Date, l.Basis = x.newest, "stated"
	}
	if l.Date.IsZero() {
		l.Basis = ""
	}
}

// lost says what was read and led nowhere.
func (x *reading) lost() {
	for _, schema := range slices.Sorted(maps.Keys(x.other)) {
		x.complain("schema "+schema, "not known to this reader: of %d entities those with a name are entries, the others were passed over", x.other[schema])
	}
	for _, s := range x.sides.unjoined() {
		x.complain("schema "+s.schema, "%d entities belong to none in this file, such as %s", s.count, s.example)
	}
}

// contents is listing.Contents of the entries that were handed on.
func (x *reading) contents() record.Digest {
	slices.SortFunc(x.seen, func(a, b seen) int { return cmp.Compare(a.ref, b.ref) })
	h := sha256.New()
	for _, s := range x.seen {
		h.Write(s.content[:])
	}
	return record.Digest(h.Sum(nil))
}
