package compile

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A row is one line of a table, by column name.
type row map[string]string

// The files read, under shared/data, and the names that a table's source column
// has for them: ids of data/sources.yaml.
const (
	fileMeetings   = "council-votes/sc_meetings_outcomes_1946_2019.csv.gz"
	fileVoting     = "council-votes/sc_voting_1994_2025_clean.csv.gz"
	fileTitles     = "council-votes/sc_resolutions_titles_1946_2015.csv.gz"
	fileVetoes     = "vetoes/vetoes_1946_sept2022.csv"
	fileFailed     = "vetoes/failed_drafts_1947_2022.csv"
	fileMembers    = "membership-regimes/DPPA-SCMEMBERSHIP.csv"
	fileTerms      = "membership-regimes/council_membership_1992_2024.csv"
	fileUkraine    = "assembly-votes/ga_votes_ukraine_68-262_ES-11-1.json"
	sourceMeetings = "DHLm"
	sourceVoting   = "sc-voting"
	sourceVetoes   = "WPD"
	sourceFailed   = "failed-drafts"
	sourceMembers  = "DPPA"
	sourceLibrary  = "DHLm"
	sourceComputed = "computed"
)

// sheet reads a file of the shared folder as rows by column name. A byte order
// mark and lines that begin with # are dropped.
func sheet(shared, name string, comma rune) ([]row, error) {
	f, err := os.Open(filepath.Join(shared, "data", filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		defer z.Close()
		in = z
	}
	rows, err := rowsOf(in, comma)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows, nil
}

// table reads one of our own tables.
func table(path string) ([]row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := rowsOf(f, ',')
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return rows, nil
}

func rowsOf(in io.Reader, comma rune) ([]row, error) {
	b, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	text := strings.TrimPrefix(strings.ToValidUTF8(string(b), "\uFFFD"), "\uFEFF")
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.Comment, r.LazyQuotes, r.FieldsPerRecord = comma, '#', true, -1
	all, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("empty table")
	}
	head := all[0]
	out := make([]row, 0, len(all)-1)
	for i, rec := range all[1:] {
		if len(rec) > len(head) {
			return nil, fmt.Errorf("row %d: %d cells under %d columns", i+2, len(rec), len(head))
		}
		x := row{}
		for j, v := range rec {
			x[head[j]] = v
		}
		out = append(out, x)
	}
	return out, nil
}

// write makes the file whole or not at all.
func write(path string, head []string, rows [][]string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	w := csv.NewWriter(tmp)
	if err := w.Write(head); err != nil {
		return err
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	if err := tmp.Chmod(0o644); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// tidy makes one line of a cell: the sources hold line breaks, tabs, hard
// spaces and the literal _x000D_ of a spreadsheet.
func tidy(s string) string {
	s = strings.ReplaceAll(s, "_x000D_", " ")
	s = strings.ReplaceAll(s, "\u00A0", " ")
	return strings.Join(strings.Fields(s), " ")
}

// short cuts an agenda item to its topic: no text of a document is copied.
func short(s string) string {
	s = tidy(s)
	const most = 100
	if r := []rune(s); len(r) > most {
		cut := string(r[:most])
		if i := strings.LastIndex(cut, " "); i > most/2 {
			cut = cut[:i]
		}
		return strings.TrimRight(cut, " ,;-") + "…"
	}
	return s
}
