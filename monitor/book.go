package monitor

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"article41/date"
	"article41/record"
)

// Book is all versions of the incidents and findings that a ledger holds, in its
// order. A version stays as it came (its bytes), and is read when it is shown.
type Book struct {
	incidents map[record.IncidentID][]Version
	findings  map[record.FindingID][]findingVersion
	order     []record.IncidentID
	gone      map[record.FactID]Taken // the newest withdrawal of each fact
	shared    bool                    // another state reads it: copy before writing

	mu    sync.Mutex
	built map[date.Day]*Index
}

// Version is one statement of an incident.
type Version struct {
	Position record.Position `json:"position"`
	Known    date.Day        `json:"known"`
	Source   record.SourceID `json:"source"`
	body     []byte
}

type findingVersion struct {
	Version
	finding record.Finding
}

// NewBook is an empty book.
func NewBook() *Book {
	return &Book{incidents: map[record.IncidentID][]Version{}, findings: map[record.FindingID][]findingVersion{}, gone: map[record.FactID]Taken{}}
}

// Share is the same book for a later state: whichever of the two takes an entry
// first copies it before.
func (b *Book) Share() *Book {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shared = true
	return &Book{incidents: b.incidents, findings: b.findings, order: b.order, gone: b.gone, shared: true, built: maps.Clone(b.built)}
}

func (b *Book) own() {
	if b.shared {
		b.incidents, b.findings, b.gone = maps.Clone(b.incidents), maps.Clone(b.findings), maps.Clone(b.gone)
		b.order = slices.Clip(b.order)
		b.shared = false
	}
	b.built = nil
}

// Add takes an entry of the ledger in, if it is one of monitoring's.
func (b *Book) Add(e record.Entry) error {
	switch e.Kind {
	case record.KindIncident:
		id, ok := strings.CutPrefix(string(e.Fact), "incident/")
		if !ok {
			return fmt.Errorf("%w: entry %d: an incident under the fact %q", record.ErrInvalid, e.Position, e.Fact)
		}
		b.own()
		k := record.IncidentID(id)
		if len(b.incidents[k]) == 0 {
			b.order = append(b.order, k)
		}
		b.incidents[k] = append(slices.Clip(b.incidents[k]), Version{e.Position, e.Known, e.Source, e.Body})
	case record.KindFinding:
		var f record.Finding
		if err := e.Decode(&f); err != nil {
			return err
		}
		b.own()
		b.findings[f.ID] = append(slices.Clip(b.findings[f.ID]), findingVersion{Version{e.Position, e.Known, e.Source, e.Body}, f})
	case record.KindWithdrawal:
		var w record.Withdrawal
		if err := e.Decode(&w); err != nil {
			return err
		}
		if strings.HasPrefix(string(w.Fact), "incident/") || strings.HasPrefix(string(w.Fact), "finding/") {
			b.own()
			b.gone[w.Fact] = Taken{e.Position, e.Known, w.Reason}
		}
	}
	return nil
}

func latest[V any](vs []V, known date.Day, when func(V) date.Day) (v V, n int) {
	for i := len(vs) - 1; i >= 0; i-- {
		if !when(vs[i]).After(known) {
			return vs[i], i + 1
		}
	}
	return v, 0
}

// Taken says that a record was withdrawn. What stood there stays in the ledger, and
// is shown with the reason; it is not counted and in no list.
type Taken struct {
	Position record.Position `json:"position"`
	On       date.Day        `json:"on"`
	Why      string          `json:"why"`
}

// withdrawn reports whether a version was withdrawn, as known by a day: a version
// that was published behind the withdrawal stands.
func (b *Book) withdrawn(fact record.FactID, at record.Position, known date.Day) bool {
	t, ok := b.gone[fact]
	return ok && t.Position > at && !t.On.After(known)
}

// Withdrawn is an incident that was withdrawn, as it stood, with the reason.
func (b *Book) Withdrawn(id record.IncidentID, known date.Day) (record.Incident, []Version, Taken, error) {
	fact := "incident/" + record.FactID(id)
	v, n := latest(b.incidents[id], known, func(v Version) date.Day { return v.Known })
	if n == 0 || !b.withdrawn(fact, v.Position, known) {
		return record.Incident{}, nil, Taken{}, fmt.Errorf("%w: no incident %q was withdrawn by %s", record.ErrNotFound, clip(string(id)), known)
	}
	in, err := v.read()
	return in, b.incidents[id][:n], b.gone[fact], err
}

// TakenFinding is a finding that was withdrawn, as it stood.
type TakenFinding struct {
	record.Finding
	Withdrawn Taken `json:"withdrawn"`
}

// TakenFindings are the findings about an incident that were withdrawn.
func (b *Book) TakenFindings(about record.IncidentID, known date.Day) []TakenFinding {
	out := []TakenFinding{}
	for _, vs := range b.findings {
		v, n := latest(vs, known, func(v findingVersion) date.Day { return v.Known })
		if fact := "finding/" + record.FactID(v.finding.ID); n > 0 && slices.Contains(v.finding.Incidents, about) && b.withdrawn(fact, v.Position, known) {
			out = append(out, TakenFinding{v.finding, b.gone[fact]})
		}
	}
	slices.SortFunc(out, func(a, c TakenFinding) int { return strings.Compare(string(a.ID), string(c.ID)) })
	return out
}

// Incident is the incident as known by a day, and all its versions known by then,
// oldest first.
func (b *Book) Incident(id record.IncidentID, known date.Day) (record.Incident, []Version, error) {
	v, n := latest(b.incidents[id], known, func(v Version) date.Day { return v.Known })
	if n == 0 || b.withdrawn("incident/"+record.FactID(id), v.Position, known) {
		return record.Incident{}, nil, fmt.Errorf("%w: no incident %q known by %s", record.ErrNotFound, clip(string(id)), known)
	}
	in, err := v.read()
	if err != nil {
		return in, nil, err
	}
	return in, slices.DeleteFunc(slices.Clone(b.incidents[id]), func(v Version) bool { return v.Known.After(known) }), nil
}

func (v Version) read() (in record.Incident, err error) {
	if err = json.Unmarshal(v.body, &in); err != nil {
		err = fmt.Errorf("%w: the incident at position %d: %w", record.ErrInvalid, v.Position, err)
	}
	return in, err
}

// Incident is the incident as this version stated it.
func (v Version) Incident() (record.Incident, error) { return v.read() }

// Merged are the incidents that were merged into this one, as known by a day.
func (b *Book) Merged(into record.IncidentID, known date.Day) []record.Incident {
	out := []record.Incident{}
	for _, r := range b.Index(known).rows {
		if r.merged == into {
			if in, _, err := b.Incident(r.id, known); err == nil {
				out = append(out, in)
			}
		}
	}
	return out
}

// Findings are the findings about an incident as known by a day, by id; with an
// empty id, all.
func (b *Book) Findings(about record.IncidentID, known date.Day) []record.Finding {
	out := []record.Finding{}
	for _, vs := range b.findings {
		v, n := latest(vs, known, func(v findingVersion) date.Day { return v.Known })
		if n > 0 && (about == "" || slices.Contains(v.finding.Incidents, about)) && !b.withdrawn("finding/"+record.FactID(v.finding.ID), v.Position, known) {
			out = append(out, v.finding)
		}
	}
	slices.SortFunc(out, func(a, c record.Finding) int { return strings.Compare(string(a.ID), string(c.ID)) })
	return out
}

// Finding is one finding as known by a day, with how it stood before.
func (b *Book) Finding(id record.FindingID, known date.Day) (f record.Finding, before []record.Finding, err error) {
	v, n := latest(b.findings[id], known, func(v findingVersion) date.Day { return v.Known })
	if n == 0 || b.withdrawn("finding/"+record.FactID(id), v.Position, known) {
		return f, nil, fmt.Errorf("%w: no finding %q known by %s", record.ErrNotFound, clip(string(id)), known)
	}
	for _, o := range b.findings[id][:n-1] {
		before = append(before, o.finding)
	}
	return v.finding, before, nil
}

// Last is what was last published of an incident, with its withdrawal if it does
// not stand any more.
func (b *Book) Last(id record.IncidentID, known date.Day) (record.Incident, *Taken, error) {
	v, n := latest(b.incidents[id], known, func(v Version) date.Day { return v.Known })
	if n == 0 {
		return record.Incident{}, nil, fmt.Errorf("%w: no incident %q known by %s", record.ErrNotFound, clip(string(id)), known)
	}
	in, err := v.read()
	return in, b.takenAt("incident/"+record.FactID(id), v.Position, known), err
}

// LastFinding is Last of a finding.
func (b *Book) LastFinding(id record.FindingID, known date.Day) (record.Finding, *Taken, error) {
	v, n := latest(b.findings[id], known, func(v findingVersion) date.Day { return v.Known })
	if n == 0 {
		return record.Finding{}, nil, fmt.Errorf("%w: no finding %q known by %s", record.ErrNotFound, clip(string(id)), known)
	}
	return v.finding, b.takenAt("finding/"+record.FactID(id), v.Position, known), nil
}

func (b *Book) takenAt(fact record.FactID, at record.Position, known date.Day) *Taken {
	if !b.withdrawn(fact, at, known) {
		return nil
	}
	t := b.gone[fact]
	return &t
}

// Revised is a publisher's new statement of an incident that stands already: what
// the desk wrote over it (errata, a merger) stays, and each change of what stands
// gets an erratum that names the publisher's file. same says that the publisher
// states what it stated before: whatever stands then goes on to stand.
func (b *Book) Revised(e record.Entry) (_ record.Entry, same bool, err error) {
	id := record.IncidentID(strings.TrimPrefix(string(e.Fact), "incident/"))
	vs := b.incidents[id]
	own := -1
	for i, v := range vs {
		if v.Source == e.Source {
			own = i
		}
	}
	if own >= 0 {
		if again, _, err := over(e, vs[own]); err != nil || string(again.Body) == string(vs[own].body) {
			return e, err == nil, err
		}
	}
	again, cs, err := over(e, vs[len(vs)-1])
	if err != nil || len(cs) == 0 {
		return again, false, err
	}
	var in record.Incident
	if err := again.Decode(&in); err != nil {
		return e, false, err
	}
	in.Errata = append(in.Errata, errata(cs, e.Known, "the publisher changed its record: file of "+e.Known.String(), string(e.Source))...)
	again, err = record.State(e.Fact, e.Source, e.Known, in)
	return again, false, err
}

// over is an entry with what the desk laid over the version before it, and what it
// changes of that.
func over(e record.Entry, v Version) (record.Entry, []Change, error) {
	was, err := v.read()
	if err != nil {
		return e, nil, err
	}
	var in record.Incident
	if err := e.Decode(&in); err != nil {
		return e, nil, err
	}
	in.Errata, in.Merged = was.Errata, was.Merged
	for _, l := range was.Links {
		if l.Cite.Source == string(DeskSource) && !slices.Contains(in.Links, l) {
			in.Links = append(in.Links, l)
		}
	}
	again, err := record.State(e.Fact, e.Source, e.Known, in)
	return again, Changes(was, in), err
}

// indexesKept bounds for how many days an index is kept.
const indexesKept = 4

// Index is the index of what is known by a day. It is built at the first question.
func (b *Book) Index(known date.Day) *Index {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ix := b.built[known]; ix != nil {
		return ix
	}
	var rows []row
	w := newWordlist()
	for _, id := range b.order {
		v, n := latest(b.incidents[id], known, func(v Version) date.Day { return v.Known })
		if n == 0 || b.withdrawn("incident/"+record.FactID(id), v.Position, known) {
			continue
		}
		if in, err := v.read(); err == nil {
			rows = append(rows, w.row(in, v.Source))
		}
	}
	ix := w.finish(rows)
	if b.built == nil || len(b.built) >= indexesKept {
		b.built = map[date.Day]*Index{}
	}
	b.built[known] = ix
	return ix
}

// Len is how many incidents the book holds, whenever known.
func (b *Book) Len() int { return len(b.order) }

// Newest is the newest version of a fact that stands, with its bytes; none if it
// was withdrawn.
func (b *Book) Newest(fact record.FactID) (v Version, body []byte, ok bool) {
	if id, is := strings.CutPrefix(string(fact), "incident/"); is {
		if vs := b.incidents[record.IncidentID(id)]; len(vs) > 0 {
			v = vs[len(vs)-1]
		}
	}
	if id, is := strings.CutPrefix(string(fact), "finding/"); is {
		if vs := b.findings[record.FindingID(id)]; len(vs) > 0 {
			v = vs[len(vs)-1].Version
		}
	}
	if v.body == nil || b.gone[fact].Position > v.Position {
		return Version{}, nil, false
	}
	return v, v.body, true
}
