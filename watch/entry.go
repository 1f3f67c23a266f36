package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"article41/date"
	"article41/policy"
	"article41/record"
	"article41/screen"
)

// Lists is what customers are screened against: every entry of every list, on one
// day. It does not change while it is used.
type Lists interface {
	// Mark is what the lists rest on; the policy of it is the desk's.
	Mark() Mark
	// Search finds entries by name, Explain says how one came about.
	Search(q screen.Query) []screen.Hit
	Explain(q screen.Query, id screen.SubjectID) screen.Explanation
	// Changed are the entries that may be described otherwise, or stand otherwise,
	// than in the lists of an earlier mark; false: any may.
	Changed(was Mark) ([]screen.SubjectID, bool)
	// Entry tells of one entry; false if nothing was known of it by the day.
	Entry(id screen.SubjectID) (Entry, bool)
	// Each calls yield for every entry, told without its measures.
	Each(yield func(Entry) error) error
}

// Entry is one entry of a list on the day.
type Entry struct {
	Subject  screen.Subject
	Caption  string
	Standing Standing
	// Also are other references that this entry had, or that were merged into it.
	Also []screen.SubjectID
}

// Standing is where an entry stands on a day, as the law and its list say.
type Standing struct {
	Alive  bool      `json:"alive"`  // something binds it on the day
	Status string    `json:"status"` // listed, was-listed, not-yet, named, not-held
	From   *date.Day `json:"from"`
	Until  *date.Day `json:"until"` // the last day it was bound
	Cause  string    `json:"cause,omitempty"`
	Law    []string  `json:"law,omitempty"` // each measure in words, with its status
	// Measures are what the policy judges by. They follow other lists and other
	// authorities' law too, so what is remembered of an entry leaves them out, and
	// alerts are judged anew whenever anything changed.
	Measures []policy.Measure `json:"measures,omitempty"`
}

// Words says where the entry stands, for people: "lapsed since 1 September 2023".
func (s Standing) Words() string {
	switch s.Status {
	case "listed":
		if s.From != nil {
			return "listed since " + s.From.Text()
		}
		return "listed"
	case "was-listed":
		word := map[string]string{"lapse": "lapsed", "termination": "terminated", "decision": "removed", "death": "removed"}[s.Cause]
		if word == "" {
			word = "no longer listed"
		}
		if s.Until != nil {
			word += " since " + s.Until.AddDays(1).Text()
		}
		return word
	case "not-yet":
		return "not yet listed on that day"
	case "named":
		return "named with a condition, not listed"
	case "not-held":
		return "no version of the list is held for that day"
	case "":
		return "no longer known"
	}
	return s.Status
}

// Version is one list in the version that was screened against.
type Version struct {
	List    record.SourceID `json:"list"`
	Version *date.Day       `json:"version"` // null: not held for that day
	Digest  string          `json:"digest,omitempty"`
	Entries int             `json:"entries"`
}

// Mark is what a screening rests on.
type Mark struct {
	AsOf      date.Day        `json:"as_of"`
	Position  record.Position `json:"position"` // of the ledger
	Record    string          `json:"record"`
	Engine    string          `json:"engine"`
	Rarity    string          `json:"rarity"`
	Policy    string          `json:"policy"` // its name and version
	Digest    string          `json:"policy_digest"`
	Threshold float64         `json:"threshold"`
	Lists     []Version       `json:"lists"`
	// Missing are lists that the policy wants searched and that are not held.
	Missing []record.SourceID `json:"missing,omitempty"`
}

// list is the version of one list.
func (m Mark) list(id record.SourceID) *date.Day {
	for _, v := range m.Lists {
		if v.List == id {
			return v.Version
		}
	}
	return nil
}

// rules says whether customers screened under one mark need no new screening of
// their own under the other: the same engine and policy.
func (m Mark) rules(o Mark) bool {
	return m.Engine == o.Engine && m.Rarity == o.Rarity && m.Policy == o.Policy && m.Digest == o.Digest && m.Threshold == o.Threshold
}

// same says whether nothing that a screening rests on has changed.
func (m Mark) same(o Mark) bool {
	return m.rules(o) && m.AsOf == o.AsOf && m.Position == o.Position && m.Record == o.Record && slices.EqualFunc(m.Lists, o.Lists, func(a, b Version) bool {
		return a.List == b.List && a.Digest == b.Digest && a.Entries == b.Entries
	})
}

// print is what is remembered of an entry: whether it is described as it was, and
// whether it stands as it did.
type print struct {
	Facts string `json:"f"`
	Stand string `json:"s"`
	Alive bool   `json:"a,omitempty"`
}

func (e Entry) print() print {
	e.Standing.Measures = nil
	return print{digest(e.Subject, e.Also), digest(e.Standing), e.Standing.Alive}
}

// digest is 16 hex digits over values as JSON: to see a change, not to prove one.
func digest(values ...any) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, v := range values {
		enc.Encode(v) // plain structs; a hash takes every byte
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// prints are those of all entries.
type prints map[screen.SubjectID]print

// printAll are those of the lists, and which entries took over which references.
func printAll(l Lists) (out prints, heirs map[screen.SubjectID][]screen.SubjectID, err error) {
	out, heirs = prints{}, map[screen.SubjectID][]screen.SubjectID{}
	err = l.Each(func(e Entry) error {
		out[e.Subject.ID] = e.print()
		for _, id := range e.Also {
			heirs[id] = append(heirs[id], e.Subject.ID)
		}
		return nil
	})
	return out, heirs, err
}

// printChanged are those of an earlier printing, with the entries that may have
// changed printed anew.
func (was prints) printChanged(l Lists, heirs map[screen.SubjectID][]screen.SubjectID, changed []screen.SubjectID) (prints, map[screen.SubjectID][]screen.SubjectID) {
	out, over := maps.Clone(was), maps.Clone(heirs)
	for _, id := range changed {
		e, ok := l.Entry(id)
		if !ok {
			delete(out, id)
			continue
		}
		out[id] = e.print()
		for _, former := range e.Also {
			if !slices.Contains(over[former], id) {
				over[former] = append(slices.Clip(over[former]), id)
			}
		}
	}
	return out, over
}

// change is what became of entries between two screenings.
type change struct {
	again []screen.SubjectID // new, or described otherwise, or bound anew: screened again
	stand []screen.SubjectID // only stands otherwise: shown on its alerts
	gone  []screen.SubjectID // known no more
}

// to tells the change. An entry whose earlier reference changed is screened again
// too: what was decided on that one may now be its own.
func (was prints) to(now prints, heirs map[screen.SubjectID][]screen.SubjectID) (c change) {
	for id, p := range now {
		switch old, ok := was[id]; {
		case !ok || old.Facts != p.Facts || p.Alive && !old.Alive:
			c.again = append(c.again, id)
		case old.Stand != p.Stand:
			c.stand = append(c.stand, id)
		}
	}
	for id := range was {
		if _, ok := now[id]; !ok {
			c.gone = append(c.gone, id)
		}
	}
	for _, id := range slices.Concat(c.again, c.stand, c.gone) {
		c.again = append(c.again, heirs[id]...)
	}
	for _, s := range []*[]screen.SubjectID{&c.again, &c.stand, &c.gone} {
		slices.Sort(*s)
		*s = slices.Compact(*s)
	}
	return c
}
