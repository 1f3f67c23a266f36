package curated

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"article41/record"
	"article41/symbol"
)

// OverlaySource is the id under which an installation's own facts stand in the
// ledger.
const OverlaySource record.SourceID = "overlay"

// ReadOverlay reads a folder in the form of our own record that adds to the base
// or corrects it, for one installation: sources.yaml, measures.csv, rules.yaml
// and regimes/<id>.yaml, each with only what differs. It answers with the facts
// that the base does not state, or states otherwise.
//
// A regime's file may be partial. What it gives replaces what the base says: a
// field; a component, by its id; a listing, by its reference; of a decision, by
// its symbol, the effects, the claims and the fields of the vote. A decision that
// the base does not have takes its place by its day. The whole of it is linted as
// one record, so that an overlay cannot state what check would refuse.
func ReadOverlay(fsys fs.FS, base Record) (Record, []Problem) {
	r, docs, err := readerOf(fsys, base)
	if err != nil {
		return Record{}, []Problem{{File: "record", What: err.Error()}}
	}
	given := r.overlayFiles()
	if given["sources.yaml"] {
		r.readSources()
	}
	if given["measures.csv"] {
		r.readMeasures()
	}
	for _, file := range slices.Sorted(maps.Keys(given)) {
		if strings.HasPrefix(file, "regimes/") {
			docs = r.layRegime(docs, file)
		}
	}
	if given["withdraw.yaml"] {
		docs = r.readWithdrawals(base, docs)
	}
	r.regimes = docs
	for _, d := range docs {
		r.regimeVotes(d)
	}
	for _, d := range docs {
		r.stateRegime(d)
	}
	if given["rules.yaml"] {
		r.readRules()
	}
	for _, file := range slices.Sorted(maps.Keys(given)) {
		if strings.HasPrefix(file, "instruments/") {
			r.readInstrumentFile(file)
		}
	}
	r.stateVotes()
	r.lint()
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line)
	})
	return r.differing(base), r.problems
}

// differing are the entries that the base does not state so, under the overlay's
// name. The edition marks which overlay it is: what lies in it, not where.
func (r *reader) differing(base Record) Record {
	held := make(map[record.FactID]record.Digest, len(base.Entries))
	for _, e := range base.Entries {
		held[e.Fact] = e.Digest()
	}
	var out Record
	for _, e := range r.entries {
		if held[e.Fact] == e.Digest() {
			continue
		}
		e.Source = OverlaySource
		out.Entries = append(out.Entries, e)
		out.Edition.Digest = record.Roll(out.Edition.Digest, e.Digest())
	}
	out.Edition.Entries = len(out.Entries)
	out.Edition.Version = fmt.Sprintf("%d facts, %.12s", len(out.Entries), out.Edition.Digest)
	if len(out.Entries) == 1 {
		out.Edition.Version = strings.Replace(out.Edition.Version, "facts", "fact", 1)
	}
	return out
}

// baseFile is where a problem lies that shows in the base once the overlay is
// over it.
const baseFile = "the record under the overlay"

// readerOf is a reader that has read the base already.
func readerOf(fsys fs.FS, base Record) (*reader, []*regimeDoc, error) {
	r := &reader{fsys: fsys, sources: map[string]bool{}, also: map[string]string{}, words: map[string]string{}, votes: map[symbol.Symbol]*vote{}, instruments: map[record.InstrumentID]bool{}}
	var docs []*regimeDoc
	of := map[record.RegimeID]*regimeDoc{}
	doc := func(id record.RegimeID) *regimeDoc {
		if of[id] == nil {
			of[id] = &regimeDoc{file: baseFile}
			docs = append(docs, of[id])
		}
		return of[id]
	}
	for _, e := range base.Entries {
		body := bodyOf(e.Kind)
		if body == nil || e.Kind == record.KindListed {
			continue
		}
		if err := json.Unmarshal(e.Body, body); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", e.Fact, err)
		}
		switch b := body.(type) {
		case *record.Source:
			r.sources[b.ID] = true
		case *record.Seat:
			r.seats = append(r.seats, *b)
		case *record.Vote:
			r.votes[b.ID] = &vote{*b, baseFile, 0}
		case *record.Regime:
			doc(b.ID).Regime = *b
			for _, c := range b.Components {
				r.words[c.Word] = string(c.Type)
			}
		case *record.Coverage:
			d := doc(record.RegimeID(b.Chain))
			d.KnownThrough, d.KnownThroughCite = b.Through, b.Cite
		case *record.Effects:
			d := doc(b.Regime)
			d.Decisions = append(d.Decisions, decisionDoc{Symbol: b.Decision, On: b.On, Effects: b.Effects, Claims: b.Claims})
		case *record.Listing:
			d := doc(b.Regime)
			d.Listings = append(d.Listings, listingDoc{b.Ref, b.Name, b.Sort, b.Former, b.Conditional, b.Note, b.Steps, b.Cites})
		case *record.Rule:
			r.rules = append(r.rules, *b)
		}
	}
	return r, docs, nil
}

// overlayFiles are the files that an overlay gives. One that nothing reads is a
// problem: a slip in its name must not pass for a fact that was taken in.
func (r *reader) overlayFiles() map[string]bool {
	given := map[string]bool{}
	err := fs.WalkDir(r.fsys, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
		case e.IsDir() || path.Ext(name) == ".md":
		case name == "sources.yaml", name == "measures.csv", name == "rules.yaml", name == "withdraw.yaml", (path.Dir(name) == "regimes" || path.Dir(name) == "instruments") && path.Ext(name) == ".yaml":
			given[name] = true
		default:
			r.complain(name, 0, "an overlay is sources.yaml, measures.csv, rules.yaml, withdraw.yaml, regimes/<id>.yaml and instruments/<name>.yaml; a vote stands under its decision in a regime's file")
		}
		return nil
	})
	if err != nil {
		r.complain(".", 0, "%v", err)
	}
	return given
}

// layRegime lays one regime's file over the base.
func (r *reader) layRegime(docs []*regimeDoc, file string) []*regimeDoc {
	own := &regimeDoc{file: file}
	if !r.yaml(file, own) {
		return docs
	}
	own.lines = r.lines(file)
	if string(own.ID)+".yaml" != path.Base(file) {
		r.complain(file, own.lines.of("$.id"), "id %q: the file must be called regimes/%s.yaml", own.ID, own.ID)
		return docs
	}
	i := slices.IndexFunc(docs, func(d *regimeDoc) bool { return d.ID == own.ID })
	if i < 0 { // a regime of one's own
		if own.Type == "" {
			own.Type = "sanctions"
		}
		r.correctVotes(own)
		return append(docs, own)
	}
	r.correctVotes(own)
	docs[i] = r.over(docs[i], own)
	return docs
}

// correctVotes lets an overlay state another day or tally than the base: where
// our own files disagree one of them is a slip, but an overlay is laid over the
// base to correct it.
func (r *reader) correctVotes(d *regimeDoc) {
	for _, k := range d.Decisions {
		old, ok := r.votes[k.Symbol]
		if !ok || k.Vote == nil {
			continue
		}
		set(&old.Date, k.Vote.Date)
		if k.Vote.Tally != nil {
			old.Tally = nil
		}
		k.Vote.Cites = slices.DeleteFunc(k.Vote.Cites, func(c record.Cite) bool { return slices.Contains(old.Cites, c) })
	}
}

// over is the base's regime with what the overlay's file gives.
func (r *reader) over(base, own *regimeDoc) *regimeDoc {
	d := *base
	d.file, d.lines = own.file, own.lines
	set(&d.Name, own.Name)
	set(&d.Short, own.Short)
	set(&d.Type, own.Type)
	set(&d.Purpose, own.Purpose)
	set(&d.Founding, own.Founding)
	set(&d.Delisting, own.Delisting)
	set(&d.Note, own.Note)
	set(&d.KnownThrough, own.KnownThrough)
	set(&d.KnownThroughCite, own.KnownThroughCite)
	over(&d.Territories, own.Territories)
	over(&d.ListLabels, own.ListLabels)
	over(&d.Prefixes, own.Prefixes)
	over(&d.Predecessors, own.Predecessors)
	over(&d.Successors, own.Successors)
	over(&d.Criteria, own.Criteria)
	over(&d.Exemptions, own.Exemptions)
	over(&d.Reports, own.Reports)
	over(&d.Context, own.Context)
	over(&d.Regime.Claims, own.Regime.Claims)
	over(&d.Cites, own.Cites)

	var from []int
	d.Components, from = layItems(base.Components, own.Components, func(c record.Component) string { return string(c.ID) },
		func(_, c record.Component) record.Component { return c }, nil)
	d.lines.spread("components", from)
	d.Listings, from = layItems(base.Listings, own.Listings, func(l listingDoc) string { return l.Ref },
		func(_, l listingDoc) listingDoc { return l }, nil)
	d.lines.spread("listings", from)
	d.Decisions, from = layItems(base.Decisions, own.Decisions, func(k decisionDoc) string { return string(k.Symbol) },
		func(old, k decisionDoc) decisionDoc {
			set(&old.On, k.On)
			over(&old.Effects, k.Effects)
			over(&old.Claims, k.Claims)
			old.Vote = k.Vote
			return old
		},
		func(k, old decisionDoc) bool {
			on := r.day(k)
			if k.Vote != nil && !k.Vote.Date.IsZero() {
				on = k.Vote.Date
			}
			return on.Before(r.day(old))
		})
	d.lines.spread("decisions", from)
	return &d
}

// layItems lays items over those of the same id. A new one goes before the first
// that it precedes, or to the end. from says of each which of the overlay's items
// it is, or -1.
func layItems[T any](base, own []T, id func(T) string, merge func(old, own T) T, precedes func(own, old T) bool) (out []T, from []int) {
	out = slices.Clone(base)
	for range base {
		from = append(from, -1)
	}
	for n, x := range own {
		at := slices.IndexFunc(out, func(o T) bool { return id(o) == id(x) })
		if at >= 0 && from[at] < 0 {
			out[at], from[at] = merge(out[at], x), n
			continue
		}
		at = len(out)
		if precedes != nil {
			if i := slices.IndexFunc(out, func(o T) bool { return precedes(x, o) }); i >= 0 {
				at = i
			}
		}
		out, from = slices.Insert(out, at, x), slices.Insert(from, at, n)
	}
	return out, from
}

// spread moves a list's items to where they stand once they are laid over the
// base, so that a problem of the whole is found at its line in the overlay.
func (l lines) spread(key string, from []int) {
	if l.file == nil || len(l.file.Docs) == 0 {
		return
	}
	for _, p := range pairs(l.file.Docs[0].Body) {
		s, ok := p.Value.(*ast.SequenceNode)
		if !ok || p.Key.String() != key {
			continue
		}
		values := make([]ast.Node, len(from))
		for i, n := range from {
			if n >= 0 && n < len(s.Values) {
				values[i] = s.Values[n]
			} else {
				values[i] = ast.Null(nil) // of the base: no line here
			}
		}
		s.Values = values
	}
}

// quoted is the line of the first value that a problem quotes: the decoder does
// not say where a value stood that its own type refused, such as a symbol.
func (l lines) quoted(what string) int {
	if l.file == nil {
		return 0
	}
	q := quote{what: what}
	for _, d := range l.file.Docs {
		if d.Body != nil {
			ast.Walk(&q, d.Body)
		}
	}
	return q.line
}

type quote struct {
	what string
	line int
}

func (q *quote) Visit(n ast.Node) ast.Visitor {
	if s, ok := n.(ast.ScalarNode); ok && q.line == 0 && n.GetToken() != nil {
		if v := fmt.Sprint(s.GetValue()); v != "" && strings.Contains(q.what, strconv.Quote(v)) {
			q.line = n.GetToken().Position.Line
		}
	}
	return q
}

// pairs are the keys and values of a mapping; one of a single pair is the pair.
func pairs(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}
