package un

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"article41/listing"
	"article41/record"
)

// Line is one line of the compiled history: a body of the ledger and its kind.
type Line struct {
	Kind record.Kind     `json:"kind"`
	Body json.RawMessage `json:"body"`
}

// version is one dated list on its way into the compiled history.
type version struct {
	list    record.List
	entries []record.Listed
}

// Compile reads every dated list (*.xml, *.xml.gz) in a folder and writes the
// history for the curated record: one line a body, each version as changes
// against the one before it, without what may not be in the record (see
// [Strip]). The same files give the same bytes. Of two files with one date the
// undamaged one counts; two with the same date and content are one.
func Compile(dir string, out io.Writer) error {
	versions, err := readAll(dir)
	if err != nil {
		return fmt.Errorf("compile the UN list's history: %w", err)
	}
	var held listing.Histories
	for _, v := range versions {
		in, err := listing.Changes(held.List(Source), v.list, v.entries)
		if err != nil {
			return fmt.Errorf("compile the UN list's history: %s: %w", v.list.Name, err)
		}
		for _, s := range in.Statements {
			body, err := record.Encode(s.Body)
			if err != nil {
				return err
			}
			var line bytes.Buffer
			enc := json.NewEncoder(&line)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(Line{s.Body.Kind(), body}); err != nil {
				return err
			}
			if _, err := out.Write(line.Bytes()); err != nil {
				return err
			}
			switch b := s.Body.(type) {
			case record.List:
				held.AddList(b)
			case record.Listed:
				held.AddListed(b, listing.Recorded)
			}
		}
	}
	return nil
}

func readAll(dir string) ([]version, error) {
	var versions []version
	for _, pattern := range []string{"*.xml", "*.xml.gz"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			v, err := readFile(name)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", filepath.Base(name), err)
			}
			versions = append(versions, v)
		}
	}
	if len(versions) == 0 {
		return nil, fmt.Errorf("%w: no *.xml or *.xml.gz in %s", record.ErrNotFound, dir)
	}
	slices.SortFunc(versions, func(a, b version) int {
		return cmp.Or(a.list.Date.Compare(b.list.Date), len(a.list.Complaints)-len(b.list.Complaints), cmp.Compare(a.list.Name, b.list.Name))
	})
	versions = slices.CompactFunc(versions, func(a, b version) bool { return a.list.Date == b.list.Date })
	for i := range versions {
		versions[i].list.Complaints = summed(versions[i].list.Complaints)
	}
	return versions, nil
}

func readFile(name string) (version, error) {
	f, err := os.Open(name)
	if err != nil {
		return version{}, err
	}
	defer f.Close()
	list, entries, err := Read(f, Options{Name: filepath.Base(name), Origin: listing.Recorded})
	if err != nil {
		return version{}, err
	}
	if list.Date.IsZero() {
		return version{}, fmt.Errorf("%w: the list states no date", record.ErrInvalid)
	}
	for i := range entries {
		entries[i] = listing.Public(entries[i])
	}
	list.Stripped = true
	list.Content = listing.Contents(entries)
	return version{list, entries}, nil
}

// summed counts complaints by field and problem where there are many: the
// record needs to say what was lost, not each place.
func summed(all []record.Complaint) []record.Complaint {
	if len(all) <= 20 {
		return all
	}
	counts := map[record.Complaint]int{}
	for _, c := range all {
		field := c.Place[strings.LastIndex(c.Place, ": ")+1:]
		counts[record.Complaint{Place: strings.TrimSpace(field), Problem: c.Problem}]++
	}
	out := slices.SortedFunc(maps.Keys(counts), func(a, b record.Complaint) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Problem, b.Problem))
	})
	for i, c := range out {
		out[i].Problem = fmt.Sprintf("%d times: %s", counts[c], c.Problem)
	}
	return out
}
