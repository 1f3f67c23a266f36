package compile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"article41/listing"
	"article41/record"
	"article41/source/un"
)

// Lists writes the history of the dated UN lists.
func Lists(shared, out string) error {
	var b bytes.Buffer
	if err := un.Compile(filepath.Join(shared, "data", "un-list"), &b); err != nil {
		return err
	}
	dir := filepath.Join(out, "lists")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "un.jsonl"), b.Bytes(), 0o644)
}

// history folds the compiled history back.
func history(path string) (*listing.History, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all listing.Histories
	in := bufio.NewScanner(f)
	in.Buffer(make([]byte, 1<<20), 1<<24)
	for in.Scan() {
		var l un.Line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			return nil, err
		}
		switch l.Kind {
		case record.KindList:
			var v record.List
			if err := json.Unmarshal(l.Body, &v); err != nil {
				return nil, err
			}
			all.AddList(v)
		case record.KindListed:
			var e record.Listed
			if err := json.Unmarshal(l.Body, &e); err != nil {
				return nil, err
			}
			all.AddListed(e, listing.Recorded)
		}
	}
	return all.List(un.Source), in.Err()
}

// datedLists compares the compiled history, entry by entry, with each dated list
// as it was published, less what may not be in the record.
func (c *comparison) datedLists() error {
	h, err := history(filepath.Join(c.data, "lists", "un.jsonl"))
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(c.shared, "data", "un-list", "*.xml.gz"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no dated UN lists in %s: %v", c.shared, err)
	}
	count := c.line("un lists: entries of each date")
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		list, entries, err := un.Read(f, un.Options{})
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		day := list.Date.String()
		versions := h.Versions(list.Date)
		at := slices.IndexFunc(versions, func(v record.List) bool { return v.Date == list.Date })
		if at < 0 {
			// A date whose entries are those of the version before it is not kept twice.
			at = len(versions) - 1
		}
		if at < 0 {
			count(day, "a list", "")
			continue
		}
		theirs := map[string]bool{}
		for _, e := range entries {
			theirs[e.Ref] = true
			ours, held := h.At(versions[at], e.Ref)
			switch {
			case !held:
				count(day+" "+e.Ref, "listed", "")
			case listing.Same(listing.Public(e), ours, list.Narrowed):
				count(day+" "+e.Ref, "listed", "listed")
			default:
				count(day+" "+e.Ref, "other content", fmt.Sprint(listing.Amended(listing.Public(e), ours, list.Narrowed)))
			}
		}
		for _, e := range h.Entries(versions[at]) {
			if !theirs[e.Ref] {
				count(day+" "+e.Ref, "", "listed")
			}
		}
	}
	return nil
}
