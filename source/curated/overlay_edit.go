package curated

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"article41/date"
	"article41/record"
	"article41/symbol"
)

// AddDecision writes the adoption into the text of a regime's file, at its place
// by the day, and answers in which line it begins. Nothing else of the file
// changes: comments and order are the editor's. day tells when the decisions were
// taken that the file itself does not date. An empty text is a new overlay's.
func AddDecision(text []byte, a Adoption, day func(symbol.Symbol) date.Day) (out []byte, line int, err error) {
	fail := func(line int, format string, args ...any) ([]byte, int, error) {
		return nil, 0, fmt.Errorf("%w: line %d: "+format, append([]any{record.ErrInvalid, line}, args...)...)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		text = fmt.Appendf(nil, "# What this installation adds to the regime or corrects in it: docs/record.md.\nid: %s\n", a.Regime)
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil || len(file.Docs) != 1 {
		return fail(1, "not one YAML document: %v", err)
	}
	p := page{lines: strings.Split(strings.TrimRight(string(text), "\n"), "\n"), keys: pairs(file.Docs[0].Body)}
	id, at := p.key("id")
	if id == nil || id.Value.String() != string(a.Regime) {
		return fail(1, "the file is not that of the regime %s", a.Regime)
	}
	if !a.KnownThrough.IsZero() {
		if err := p.know(a, at); err != nil {
			return nil, 0, err
		}
	}
	indent, before := "  ", p.end(len(p.keys))
	block, k := "", -1
	if d, i := p.key("decisions"); d == nil {
		block = "decisions:\n"
	} else {
		s, ok := d.Value.(*ast.SequenceNode)
		if !ok || s.IsFlowStyle || len(s.Entries) != len(s.Values) {
			return fail(d.Key.GetToken().Position.Line, "decisions: is not a list with one decision a line: write it by hand")
		}
		before = p.end(i + 1)
		for n, v := range s.Values {
			had, on := ofDecision(v, day)
			start := s.Entries[n].Start.Position
			if had == a.Symbol {
				return fail(start.Line, "%s stands here already: correct it by hand", a.Symbol)
			}
			indent = strings.Repeat(" ", start.Column-1)
			if k < 0 && on.After(a.Vote.Date) {
				k = start.Line
			}
		}
	}
	if k >= 0 {
		before = p.above(k, indent+"#")
	}
	block += a.Write(indent)
	p.put(before, before, strings.Split(strings.TrimRight(block, "\n"), "\n"))
	out, line = p.text(before)
	return out, line + strings.Count(block[:strings.Index(block, "- symbol")], "\n"), nil
}

// ofDecision is the symbol of one item of decisions, and its day.
func ofDecision(n ast.Node, day func(symbol.Symbol) date.Day) (s symbol.Symbol, on date.Day) {
	for _, p := range pairs(n) {
		switch p.Key.String() {
		case "symbol":
			s, _ = symbol.Parse(scalarText(p.Value))
		case "on":
			on, _ = date.ParseDay(scalarText(p.Value))
		case "vote":
			for _, q := range pairs(p.Value) {
				if q.Key.String() == "date" && on.IsZero() {
					on, _ = date.ParseDay(scalarText(q.Value))
				}
			}
		}
	}
	if on.IsZero() {
		on = day(s)
	}
	return s, on
}

func scalarText(n ast.Node) string {
	if s, ok := n.(ast.ScalarNode); ok {
		return fmt.Sprint(s.GetValue())
	}
	return ""
}

// page is a file as lines, with changes to be made to it.
type page struct {
	lines   []string
	keys    []*ast.MappingValueNode // at the top
	changes []change
}

// change puts lines in the place of those from…to-1, counted from 1.
type change struct {
	from, to int
	lines    []string
}

func (p *page) key(name string) (*ast.MappingValueNode, int) {
	for i, k := range p.keys {
		if k.Key.String() == name {
			return k, i
		}
	}
	return nil, 0
}

// end is the line behind what stands before the key of that place: comments and
// empty lines above a key are its own.
func (p *page) end(key int) int {
	if key >= len(p.keys) {
		return len(p.lines) + 1
	}
	return p.above(p.keys[key].Key.GetToken().Position.Line, "#")
}

// above is the line of the first of the comments, and of empty lines, over a line.
func (p *page) above(line int, comment string) int {
	for line > 1 && (strings.HasPrefix(p.lines[line-2], comment) || strings.TrimSpace(p.lines[line-2]) == "") {
		line--
	}
	return line
}

func (p *page) put(from, to int, lines []string) {
	p.changes = append(p.changes, change{from, to, lines})
}

// know raises known_through, or states it behind the id.
func (p *page) know(a Adoption, id int) error {
	through := "known_through: " + a.KnownThrough.String()
	cite := "known_through_cite: " + writeCite(a.Cite)
	k, i := p.key("known_through")
	c, j := p.key("known_through_cite")
	if k == nil || c == nil {
		if k != nil || c != nil {
			return fmt.Errorf("%w: line %d: known_through and known_through_cite go together", record.ErrInvalid, p.end(id+1)-1)
		}
		p.put(p.end(id+1), p.end(id+1), []string{through, cite})
		return nil
	}
	line := k.Key.GetToken().Position.Line
	if was, err := date.ParseDay(scalarText(k.Value)); err == nil && a.KnownThrough.Before(was) {
		return fmt.Errorf("%w: line %d: the chain is known through %s already, which is after %s", record.ErrInvalid, line, was, a.KnownThrough)
	}
	p.put(line, p.end(i+1), []string{through})
	p.put(c.Key.GetToken().Position.Line, p.end(j+1), []string{cite})
	return nil
}

// text makes the changes, and tells where the line is then.
func (p *page) text(line int) ([]byte, int) {
	slices.SortStableFunc(p.changes, func(a, b change) int { return cmp.Compare(b.from, a.from) })
	out, at := p.lines, line
	for _, c := range p.changes {
		out = slices.Concat(out[:c.from-1], c.lines, out[c.to-1:])
		if c.from < line {
			at += len(c.lines) - (c.to - c.from)
		}
	}
	return []byte(strings.Join(out, "\n") + "\n"), at
}

// Edited is the folder with one file as it would be.
func Edited(fsys fs.FS, name string, text []byte) fs.FS { return edited{fsys, name, text} }

type edited struct {
	fs.FS
	name string
	text []byte
}

func (e edited) Open(name string) (fs.File, error) {
	if name != e.name {
		return e.FS.Open(name)
	}
	return &draft{edited: e, Reader: bytes.NewReader(e.text)}, nil
}

// ReadDir lists the file though it is not there yet.
func (e edited) ReadDir(name string) ([]fs.DirEntry, error) {
	out, err := fs.ReadDir(e.FS, name)
	switch {
	case name == path.Dir(e.name):
		has := slices.ContainsFunc(out, func(d fs.DirEntry) bool { return d.Name() == path.Base(e.name) })
		if !has {
			out = append(out, fs.FileInfoToDirEntry(&draft{edited: e}))
		}
		return out, nil
	case name == "." && path.Dir(e.name) != ".":
		dir := folderEntry(strings.Split(e.name, "/")[0])
		if !slices.ContainsFunc(out, func(d fs.DirEntry) bool { return d.Name() == dir.Name() }) {
			out = append(out, fs.FileInfoToDirEntry(dir))
		}
		return out, nil
	}
	return out, err
}

// Stat knows the folder of a file that is not there yet.
func (e edited) Stat(name string) (fs.FileInfo, error) {
	switch name {
	case e.name:
		return &draft{edited: e}, nil
	case ".", path.Dir(e.name):
		return folderEntry(path.Base(name)), nil
	}
	return fs.Stat(e.FS, name)
}

// draft is the file as it would be.
type draft struct {
	edited
	*bytes.Reader
}

func (d *draft) Stat() (fs.FileInfo, error) { return d, nil }
func (d *draft) Close() error               { return nil }
func (d *draft) Name() string               { return path.Base(d.name) }
func (d *draft) Size() int64                { return int64(len(d.text)) }
func (d *draft) Mode() fs.FileMode          { return 0o444 }
func (d *draft) ModTime() time.Time         { return time.Time{} }
func (d *draft) IsDir() bool                { return false }
func (d *draft) Sys() any                   { return nil }

// folderEntry is a folder that is to hold a file.
type folderEntry string

func (f folderEntry) Name() string       { return string(f) }
func (f folderEntry) Size() int64        { return 0 }
func (f folderEntry) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (f folderEntry) ModTime() time.Time { return time.Time{} }
func (f folderEntry) IsDir() bool        { return true }
func (f folderEntry) Sys() any           { return nil }
