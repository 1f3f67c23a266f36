package curated

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"article41/country"
	"article41/date"
	"article41/record"
	"article41/symbol"
)

// Adoption is one adopted text as an editor states it: what a regime's file says
// of one decision.
type Adoption struct {
	Regime  record.RegimeID
	Symbol  symbol.Symbol
	Vote    record.Vote // its id and cites are the adoption's
	Effects []record.Effect
	Cite    record.Cite // of the vote, and of each effect that has none of its own
	// KnownThrough, if not zero, is the day up to which the chain was looked at; the
	// same source stands for it.
	KnownThrough date.Day
}

// ParseEffect reads an effect as an editor says it:
//
//	extend travel-ban,assets-freeze until 2027-05-31 paragraph 1
//	establish panel term "13 months from adoption" paragraph 18
//	revive assets-freeze from 2025-09-27 hour 20:00 note "…"
//
// A deed, the components, and then in any order until, from, hour, paragraph,
// term, scope, note, each with a value; final; gap.
func ParseEffect(s string) (record.Effect, error) {
	fail := func(format string, args ...any) (record.Effect, error) {
		return record.Effect{}, fmt.Errorf("%w: effect %q: "+format, append([]any{record.ErrInvalid, s}, args...)...)
	}
	words, err := cut(s)
	if err != nil {
		return fail("%v", err)
	}
	if len(words) < 2 {
		return fail(`want a deed and components, such as "extend travel-ban,assets-freeze until 2027-05-31 paragraph 1"`)
	}
	e := record.Effect{Do: record.Deed(words[0])}
	for _, w := range strings.Split(words[1], ",") {
		if w = strings.TrimSpace(w); w != "" {
			e.What = append(e.What, record.ComponentID(w))
		}
	}
	for words = words[2:]; len(words) > 0; words = words[1:] {
		switch words[0] {
		case "final":
			e.Final = true
			continue
		case "gap":
			e.Gap = true
			continue
		}
		key := words[0]
		if words = words[1:]; len(words) == 0 {
			return fail("%s: nothing follows it", key)
		}
		var err error
		switch value := words[0]; key {
		case "until":
			e.Until, err = date.ParseDay(value)
		case "from":
			e.From, err = date.ParseDay(value)
		case "hour":
			_, err = time.Parse("15:04", value)
			e.Hour = value
		case "paragraph":
			e.Paragraph = value
		case "term":
			e.Term = value
		case "scope":
			e.Scope = value
		case "note":
			e.Note = value
		default:
			return fail("%q: want until, from, hour, paragraph, term, scope, note, final or gap", key)
		}
		if err != nil {
			return fail("%s: %v", key, err)
		}
	}
	return e, nil
}

// cut cuts at spaces outside quotes.
func cut(s string) ([]string, error) {
	var out []string
	for s = strings.TrimLeft(s, " \t"); s != ""; s = strings.TrimLeft(s, " \t") {
		if s[0] == '"' {
			end := strings.IndexByte(s[1:], '"')
			if end < 0 {
				return nil, fmt.Errorf("a quote is not closed")
			}
			out, s = append(out, s[1:1+end]), s[end+2:]
			continue
		}
		end := strings.IndexAny(s, " \t")
		if end < 0 {
			end = len(s)
		}
		out, s = append(out, s[:end]), s[end:]
	}
	return out, nil
}

// Write writes the decision as an item of a regime's list of decisions.
func (a Adoption) Write(indent string) string {
	var b strings.Builder
	line := func(depth int, format string, args ...any) {
		fmt.Fprintf(&b, indent+strings.Repeat("  ", depth)+format+"\n", args...)
	}
	line(0, "- symbol: %s", plain(a.Symbol.String()))
	v := a.Vote
	line(1, "vote:")
	field := func(key, value string) {
		if value != "" {
			line(2, "%s: %s", key, plain(value))
		}
	}
	field("draft", v.Draft.String())
	field("title", v.Title)
	field("date", v.Date.String())
	field("published", v.Published.String())
	field("meeting", v.Meeting.String())
	if v.Mode != record.ByVote {
		field("mode", string(v.Mode))
	}
	if t := v.Tally; t != nil {
		counts := fmt.Sprintf("%d-%d-%d", t.Yes, t.No, t.Abstain)
		if t.NotVoting > 0 {
			counts += fmt.Sprintf("-%d", t.NotVoting)
		}
		line(2, "tally: %s", counts)
	}
	if v.Ballots != nil {
		line(2, "ballots:")
		for _, g := range []struct {
			key string
			who []country.Code
		}{{`"yes"`, v.Ballots.Yes}, {`"no"`, v.Ballots.No}, {"abstain", v.Ballots.Abstain}, {"not_participating", v.Ballots.NotParticipating}, {"absent", v.Ballots.Absent}} {
			if len(g.who) > 0 {
				line(3, "%s: %s", g.key, flow(g.who))
			}
		}
	}
	if len(v.Penholders) > 0 {
		line(2, "penholders: %s", flow(v.Penholders))
	}
	line(2, "cites:")
	line(3, "- %s", writeCite(a.Cite))
	if len(a.Effects) > 0 {
		line(1, "effects:")
	}
	for _, e := range a.Effects {
		line(2, "- {%s}", strings.Join(a.effect(e), ", "))
	}
	return b.String()
}

func (a Adoption) effect(e record.Effect) []string {
	f := []string{"do: " + plain(string(e.Do)), "what: " + flow(e.What)}
	add := func(key, value string) {
		if value != "" {
			f = append(f, key+": "+value)
		}
	}
	quoted := func(key, value string) {
		if value != "" {
			add(key, quotedText(value))
		}
	}
	quoted("paragraph", e.Paragraph)
	add("from", e.From.String())
	quoted("hour", e.Hour)
	add("until", e.Until.String())
	quoted("term", e.Term)
	if e.Final {
		add("final", "true")
	}
	if e.Gap {
		add("gap", "true")
	}
	quoted("scope", e.Scope)
	quoted("note", e.Note)
	c := e.Cite
	if c == (record.Cite{}) {
		c = a.Cite
	}
	return append(f, "cite: "+writeCite(c))
}

// simple text can stand in YAML as it is, in a list too.
var simple = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9./()-]*( [A-Za-z0-9(][A-Za-z0-9./()-]*)*$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// reserved words are no text where they stand alone.
var reserved = regexp.MustCompile(`^(?i:true|false|null|yes|no|on|off|y|n|nan|inf)$`)

func plain(s string) string {
	if simple.MatchString(s) && !reserved.MatchString(s) {
		return s
	}
	return quotedText(s)
}

func quotedText(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return strings.TrimSpace(b.String())
}

func flow[T ~string](list []T) string {
	var out []string
	for _, x := range list {
		out = append(out, plain(string(x)))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func writeCite(c record.Cite) string {
	short := strings.TrimSpace(string(c.Sure) + " " + c.Source + " " + c.Place)
	if c.Note == "" && simple.MatchString(short) && !strings.Contains(c.Source, " ") {
		return short
	}
	f := []string{"source: " + plain(c.Source), "sureness: " + plain(string(c.Sure))}
	if c.Place != "" {
		f = append(f, "place: "+quotedText(c.Place))
	}
	if c.Note != "" {
		f = append(f, "note: "+quotedText(c.Note))
	}
	return "{" + strings.Join(f, ", ") + "}"
}

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
