package main

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"

	"article41/record"
)

//go:embed publishers.csv
var publishersCSV []byte

// publisher is where a list is published, a row of publishers.csv. All rows are
// from memory or from documents that name them; none was asked from here, and
// each says so (tried: no).
type publisher struct {
	list    record.SourceID
	address string
	file    string // its name in a folder that is given instead
	form    string
	limit   int64 // bytes of an answer, at most
	licence string
	tried   string
}

// publishers reads the table.
func publishers() ([]publisher, error) {
	rows, err := csv.NewReader(bytes.NewReader(publishersCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("publishers.csv: %w", err)
	}
	var out []publisher
	for i, r := range rows[1:] {
		mb, err := strconv.Atoi(r[4])
		if err != nil {
			return nil, fmt.Errorf("publishers.csv: line %d: megabytes: %w", i+2, err)
		}
		out = append(out, publisher{list: record.SourceID(r[0]), address: r[1], file: r[2], form: r[3], limit: int64(mb) << 20, licence: r[5], tried: r[6]})
	}
	return out, nil
}
