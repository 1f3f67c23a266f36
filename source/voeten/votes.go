package voeten

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Source is the id of these files in the record.
const Source = "voeten"

// Options bound what is read.
type Options struct {
	MostBytes int64 // of the unpacked file; 0: 256 MiB
}

const mostBytes = 256 << 20

// fixed are the columns that are no state's.
var fixed = []string{"rcid", "year", "session", "abstain", "yes", "no", "importantvote", "date", "unres", "amend", "para", "short", "descr",
	"me", "nu", "di", "hr", "co", "ec", "ident", "resid"}

var needed = []string{"rcid", "session", "date", "unres"}

// issues are the subjects the data set codes, by column.
var issues = []struct{ column, words string }{
	{"me", "Palestinian conflict"}, {"nu", "Nuclear weapons and nuclear material"}, {"di", "Arms control and disarmament"},
	{"hr", "Human rights"}, {"co", "Colonialism"}, {"ec", "Economic development"},
}

// Read reads the wide file of roll calls, plain or gzipped: a row a roll call, a
// column a state. What cannot be read in a row is named in the complaints and the
// row left out; a file that is not of this form is an error.
func Read(r io.Reader, o Options) ([]record.Assembly, []record.Complaint, error) {
	in, err := plain(r, o)
	if err != nil {
		return nil, nil, err
	}
	rows := csv.NewReader(in)
	rows.ReuseRecord = true
	head, err := rows.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: roll calls: no header: %w", record.ErrInvalid, err)
	}
	head = slices.Clone(head)
	at := map[string]int{}
	for i, h := range head {
		h = strings.TrimPrefix(strings.TrimSpace(h), "\ufeff")
		head[i] = h
		if _, twice := at[h]; twice {
			return nil, nil, fmt.Errorf("%w: roll calls: column %q stands twice", record.ErrInvalid, h)
		}
		at[h] = i
	}
	for _, n := range needed {
		if _, ok := at[n]; !ok {
			return nil, nil, fmt.Errorf("%w: roll calls: no column %q: want the wide form, one column a state by Correlates of War number", record.ErrInvalid, n)
		}
	}
	type column struct {
		i int
		line
	}
	var states []column
	for i, h := range head {
		if slices.Contains(fixed, h) {
			continue
		}
		l, ok := lines()[h]
		if !ok {
			return nil, nil, fmt.Errorf("%w: roll calls: column %q is no Correlates of War number that is known", record.ErrInvalid, h)
		}
		states = append(states, column{i, l})
	}
	var out []record.Assembly
	var complaints []record.Complaint
	seen := map[string]bool{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		where := fmt.Sprintf("line %d", lineOf(rows, row))
		if err != nil {
			var parse *csv.ParseError
			if errors.As(err, &parse) && errors.Is(err, csv.ErrFieldCount) {
				complaints = append(complaints, record.Complaint{Place: where, Problem: fmt.Sprintf("%d cells, want %d: the row is left out", len(row), len(head))})
				continue
			}
			return nil, nil, fmt.Errorf("%w: roll calls: %w", record.ErrInvalid, err)
		}
		cell := func(name string) string {
			if i, ok := at[name]; ok && row[i] != "NA" {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		id := cell("rcid")
		if _, err := strconv.Atoi(id); err != nil || seen[id] {
			complaints = append(complaints, record.Complaint{Place: where, Problem: fmt.Sprintf("rcid %q: want a number that no other row has: the row is left out", id)})
			continue
		}
		seen[id] = true
		v, err := call(cell)
		if err != nil {
			complaints = append(complaints, record.Complaint{Place: where, Problem: err.Error() + ": the row is left out"})
			continue
		}
		b := &record.Ballots{}
		// A membership can have two lines in one year, as China's seat in 1971: the one
		// that was not seated stands as absent and gives way.
		cast := map[country.Code]string{}
		var order []country.Code
		for _, l := range states {
			code := l.code
			if l.before != "" && !v.Date.After(l.until) {
				code = l.before
			}
			switch vote := row[l.i]; vote {
			case "1", "2", "3", "8":
				was, twice := cast[code]
				switch {
				case !twice:
					order = append(order, code)
					cast[code] = vote
				case was == "8":
					cast[code] = vote
				case vote != "8" && vote != was:
					complaints = append(complaints, record.Complaint{Place: where + ", " + head[l.i], Problem: string(code) + " has two ballots: the second is left out"})
				}
			case "", "9", "NA":
			default:
				complaints = append(complaints, record.Complaint{Place: where + ", " + head[l.i], Problem: fmt.Sprintf("vote %q: want 1, 2, 3, 8 or 9", vote)})
			}
		}
		for _, code := range order {
			to := map[string]*[]country.Code{"1": &b.Yes, "2": &b.Abstain, "3": &b.No, "8": &b.Absent}[cast[code]]
			*to = append(*to, code)
		}
		for _, g := range []*[]country.Code{&b.Yes, &b.No, &b.Abstain, &b.Absent} {
			slices.Sort(*g)
		}
		v.Ballots, v.Tally = b, &record.Tally{Yes: len(b.Yes), No: len(b.No), Abstain: len(b.Abstain), NotVoting: len(b.Absent)}
		out = append(out, v)
	}
	if len(out) == 0 {
		return nil, complaints, fmt.Errorf("%w: roll calls: no row could be read", record.ErrInvalid)
	}
	return out, complaints, nil
}

// lineOf is the line a row began on; a row that could not be read has none.
func lineOf(r *csv.Reader, row []string) int {
	if len(row) == 0 {
		return 0
	}
	l, _ := r.FieldPos(0)
	return l
}

var numbered = regexp.MustCompile(`^(?:R|A/RES)/(\d+)/(\d+)([A-Z]*)$`)

// call is what a row says beside the ballots.
func call(cell func(string) string) (record.Assembly, error) {
	v := record.Assembly{RollCall: cell("rcid"), Session: cell("session"), Title: cell("short"),
		Cites: []record.Cite{{Source: Source, Place: "rcid " + cell("rcid"), Sure: record.Verified}}}
	day, err := date.ParseDay(cell("date"))
	if err != nil {
		return v, err
	}
	v.Date = day
	session, err := strconv.Atoi(v.Session)
	if err != nil {
		return v, fmt.Errorf("session %q: want a number", v.Session)
	}
	v.Resolution = symbol.Symbol("GA/ROLLCALL/" + v.RollCall)
	if m := numbered.FindStringSubmatch(cell("unres")); m != nil && session >= 31 && m[1] == v.Session {
		v.Resolution = symbol.Symbol("A/RES/" + m[1] + "/" + m[2] + m[3])
	}
	switch {
	case cell("amend") == "1" && cell("para") == "1":
		v.Part = "amendment to a paragraph"
	case cell("amend") == "1":
		v.Part = "amendment"
	case cell("para") == "1":
		v.Part = "paragraph"
	}
	for _, i := range issues {
		if cell(i.column) == "1" {
			v.Issues = append(v.Issues, i.words)
		}
	}
	return v, nil
}

// plain unpacks a gzipped file and bounds what is read.
func plain(r io.Reader, o Options) (io.Reader, error) {
	most := o.MostBytes
	if most == 0 {
		most = mostBytes
	}
	b := bufio.NewReaderSize(r, 1<<16)
	if magic, _ := b.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("%w: not a whole gzip file: %w", record.ErrInvalid, err)
		}
		return &bounded{z, most}, nil
	}
	return &bounded{b, most}, nil
}

type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("%w: the file is larger than may be read", record.ErrInvalid)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
