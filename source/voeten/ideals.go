package voeten

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"article41/align"
	"article41/date"
	"article41/record"
)

// ReadIdeals reads the published ideal points, plain or gzipped: a row a state
// and year. Every number is kept as it stands; a cell that is empty or NA is
// absent. A row whose state or year cannot be read, or that stands twice, makes
// the file an error: half a scale is none.
func ReadIdeals(r io.Reader, o Options) ([]align.Ideal, error) {
	in, err := plain(r, o)
	if err != nil {
		return nil, err
	}
	rows := csv.NewReader(in)
	rows.ReuseRecord = true
	head, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: ideal points: no header: %w", record.ErrInvalid, err)
	}
	at := map[string]int{}
	for i, h := range head {
		at[strings.ToLower(strings.TrimPrefix(strings.TrimSpace(h), "\ufeff"))] = i
	}
	for _, n := range []string{"ccode", "year", "idealpointall"} {
		if _, ok := at[n]; !ok {
			return nil, fmt.Errorf("%w: ideal points: no column %q", record.ErrInvalid, n)
		}
	}
	var out []align.Ideal
	type key struct {
		line string
		year int
	}
	seen := map[key]bool{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: ideal points: %w", record.ErrInvalid, err)
		}
		where := fmt.Sprintf("ideal points: line %d", lineOf(rows, row))
		var fault error
		number := func(name string) *float64 {
			i, ok := at[name]
			if !ok || row[i] == "" || row[i] == "NA" {
				return nil
			}
			x, err := strconv.ParseFloat(row[i], 64)
			if err != nil || x != x || x-x != 0 {
				fault = fmt.Errorf("%w: %s: %s %q: want a number", record.ErrInvalid, where, name, row[i])
				return nil
			}
			return &x
		}
		year, err := strconv.Atoi(row[at["year"]])
		if err != nil || year < 1946 || year > 2100 {
			return nil, fmt.Errorf("%w: %s: year %q", record.ErrInvalid, where, row[at["year"]])
		}
		// A year's estimate is of the session that opens in September.
		code, err := StateOf(row[at["ccode"]], date.MustDay(fmt.Sprintf("%d-12-31", year)))
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %w", record.ErrInvalid, where, err)
		}
		p := align.Ideal{State: code, Line: row[at["ccode"]], Year: year}
		for _, x := range []struct {
			to   *align.Estimate
			tail string
		}{{&p.All, "all"}, {&p.Foreign, "fp"}, {&p.Legacy, "legacy"}} {
			x.to.Point = number("idealpoint" + x.tail)
			x.to.Votes = number("nvotes" + x.tail)
			for i, q := range []string{"qo", "q5", "q10", "q50", "q90", "q95", "q100"} {
				x.to.Quantiles[i] = number(q + x.tail)
			}
		}
		if fault != nil {
			return nil, fault
		}
		k := key{p.Line, year}
		if seen[k] {
			return nil, fmt.Errorf("%w: %s: state %s of %d stands twice", record.ErrInvalid, where, p.Line, year)
		}
		seen[k] = true
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: ideal points: there is no row", record.ErrInvalid)
	}
	return out, nil
}
