package ftm

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"slices"

	"article41/record"
)

// sides are the entities that are told of others, packed one behind the other
// as JSON, with an index by the id that they are looked up by. A million of them
// take some 300 MB.
type sides struct {
	max  int
	seed maphash.Seed
	buf  []byte
	refs []ref
}

// ref points at a side under the hash of a subject's id, or under that of its
// own id for an address or an office.
type ref struct {
	hash   uint64
	at     int64
	length int32
	role   role
	joined bool
}

func newSides(max int) *sides { return &sides{max: max, seed: maphash.MakeSeed()} }

// keys are the ids that an entity is looked up by.
func (e entity) keys(does role) []string {
	var from []string
	switch does {
	case sanction:
		from = []string{"entity"}
	case document, occupancy, subject: // the subject is a wallet
		from = []string{"holder"}
	case link:
		t := ties()[e.Schema]
		from = []string{t.from, t.to}
	default:
		return []string{e.ID}
	}
	var ids []string
	for _, p := range from {
		for _, v := range e.Properties[p] {
			if id := v.id(); id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// id is what a value of the type entity points at.
func (v value) id() string {
	if v.nested == nil {
		return v.text
	}
	e, _ := headOf(v.nested) // no id: points at nothing
	return e.ID
}

// add keeps an entity.
func (s *sides) add(e entity, does role) error {
	keys := e.keys(does)
	at := len(s.buf)
	for i, field := range []string{e.ID, e.Caption, e.Schema} {
		s.buf = append(s.buf, []string{`{"id":`, `,"caption":`, `,"schema":`}[i]...)
		b, err := json.Marshal(field)
		if err != nil {
			return fmt.Errorf("%w: entity %s: %w", record.ErrInvalid, e.ID, err)
		}
		s.buf = append(s.buf, b...)
	}
	if e.raw != nil {
		s.buf = append(append(s.buf, `,"properties":`...), e.raw...)
	}
	s.buf = append(s.buf, '}')
	length := len(s.buf) - at
	if len(s.buf) > s.max {
		return fmt.Errorf("%w: more than %d bytes of sanctions, papers, addresses and links, which must be held to be joined", record.ErrInvalid, s.max)
	}
	if len(keys) == 0 && does != subject {
		keys = []string{""} // joined to nobody, but counted
	}
	for _, id := range keys {
		s.refs = append(s.refs, ref{hash: maphash.String(s.seed, id), at: int64(at), length: int32(length), role: does})
	}
	return nil
}

// order makes the index ready to be looked up.
func (s *sides) order() {
	s.buf = slices.Clip(s.buf)
	slices.SortFunc(s.refs, func(a, b ref) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.at, b.at)) })
}

// of gives the entities kept under an id, in the order of their ids, and of
// these at most so many bytes; whole says whether that was all.
func (s *sides) of(id string, most int) (out []entity, whole bool) {
	h := maphash.String(s.seed, id)
	i, _ := slices.BinarySearchFunc(s.refs, h, func(r ref, h uint64) int { return cmp.Compare(r.hash, h) })
	for ; i < len(s.refs) && s.refs[i].hash == h; i++ {
		r := &s.refs[i]
		if most -= int(r.length); most < 0 {
			return out, false
		}
		e, err := parse(s.buf[r.at : r.at+int64(r.length)])
		if err != nil || !slices.Contains(e.keys(r.role), id) {
			continue // another id of the same hash
		}
		r.joined = true
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b entity) int { return cmp.Compare(a.ID, b.ID) })
	return out, true
}

// unjoined counts by schema the designations and papers whose subject is not in
// the file. A link whose one end is missing stands at the other; an address or
// an office that nobody names is no loss.
type unjoined struct {
	schema  string
	count   int
	example string
}

func (s *sides) unjoined() []unjoined {
	found := map[string]*unjoined{}
	for _, r := range s.refs {
		if r.joined || r.role != sanction && r.role != document {
			continue
		}
		e, err := parse(s.buf[r.at : r.at+int64(r.length)])
		if err != nil {
			continue
		}
		u := found[e.Schema]
		if u == nil {
			u = &unjoined{schema: e.Schema, example: e.ID}
			found[e.Schema] = u
		}
		u.count++
		u.example = min(u.example, e.ID)
	}
	var out []unjoined
	for _, u := range found {
		out = append(out, *u)
	}
	slices.SortFunc(out, func(a, b unjoined) int { return cmp.Compare(a.schema, b.schema) })
	return out
}
