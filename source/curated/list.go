package curated

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io/fs"

	"article41/record"
)

// line is one line of data/lists/*.jsonl, as package source/un compiles it from
// the dated lists: a version, or what changed in an entry.
type listLine struct {
	Kind record.Kind     `json:"kind"`
	Fact record.FactID   `json:"fact"`
	Body json.RawMessage `json:"body"`
}

// readLists reads the history of the published lists.
func (r *reader) readLists() {
	files, _ := fs.Glob(r.fsys, "lists/*.jsonl")
	for _, name := range files {
		f, err := r.fsys.Open(name)
		if err != nil {
			r.complain(name, 0, "%v", err)
			continue
		}
		in := bufio.NewScanner(f)
		in.Buffer(make([]byte, 1<<20), 1<<24)
		for n := 1; in.Scan(); n++ {
			var l listLine
			if err := json.Unmarshal(in.Bytes(), &l); err != nil {
				r.complain(name, n, "%v", err)
				continue
			}
			r.listLine(name, n, l)
		}
		if err := in.Err(); err != nil {
			r.complain(name, 0, "%v", err)
		}
		f.Close()
	}
}

func (r *reader) listLine(file string, n int, l listLine) {
	switch l.Kind {
	case record.KindList:
		var b record.List
		if err := json.Unmarshal(l.Body, &b); err != nil {
			r.complain(file, n, "%v", err)
			return
		}
		r.state(file, n, record.FactID(fmt.Sprintf("list/%s/%s/%s", b.List, b.Date, b.Origin)), knownOn(b.Date), b)
	case record.KindListed:
		var b record.Listed
		if err := json.Unmarshal(l.Body, &b); err != nil {
			r.complain(file, n, "%v", err)
			return
		}
		if len(b.Addresses) > 0 || len(b.Documents) > 0 || b.Comments != "" {
			r.complain(file, n, "%s: addresses, documents and comments are private: keep them out of the record", b.Ref)
		}
		r.state(file, n, record.FactID(fmt.Sprintf("listed/%s/%s/%s/record", b.List, b.Ref, b.Version)), knownOn(b.Version), b)
	default:
		r.complain(file, n, "kind %q: want list or listed", l.Kind)
	}
}
