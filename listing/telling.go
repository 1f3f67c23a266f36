package listing

import (
	"cmp"
	"slices"
	"strings"

	"article41/date"
	"article41/record"
)

// What a version did to an entry.
const (
	DidList    = "listed"
	DidAmend   = "amended"
	DidDelist  = "delisted"
	DidRestate = "restated" // says the same as before; what it rests on changed
)

// Telling is what one version said of an entry where it differs from the version
// before.
type Telling struct {
	Version  date.Day        `json:"version"`
	Origin   string          `json:"origin"`
	Did      string          `json:"did"`
	Fields   []Field         `json:"fields,omitempty"` // that were amended
	Position record.Position `json:"position,omitempty"`
	Caption  string          `json:"caption,omitempty"`
}

// Field is a field that was amended, with its values that the other side lacks.
type Field struct {
	Name string   `json:"name"`
	Was  []string `json:"was"`
	Is   []string `json:"is"`
}

// Told is what the versions known on the day (zero: all) said of an entry, oldest
// first. What a cut list could not show is no amendment. Without private, values
// of private fields are left out.
func (h *History) Told(ref string, knownAt date.Day, private bool) []Telling {
	var out []Telling
	for origin, c := range h.chains {
		for i, st := range c.said[ref] {
			if !knownAt.IsZero() && st.on.After(knownAt) {
				break
			}
			out = append(out, h.tell(c, origin, c.said[ref][:i], st, private))
		}
	}
	slices.SortStableFunc(out, func(a, b Telling) int { return cmp.Or(a.Version.Compare(b.Version), cmp.Compare(a.Origin, b.Origin)) })
	return out
}

// ToldAt is what the statement at a position of the ledger said, against those
// that stood before it then; false if it was replaced since.
func (h *History) ToldAt(f record.FactID, position record.Position) (Telling, bool) {
	list, ref, on, origin, ok := readListedFact(f)
	c := h.chains[origin]
	if !ok || list != h.Source || c == nil {
		return Telling{}, false
	}
	var before []statement
	for _, st := range c.said[ref] {
		if st.on == on && st.position == position {
			return h.tell(c, origin, before, st, false), true
		}
		if st.on.Before(on) && st.position < position {
			before = append(before, st)
		}
	}
	return Telling{}, false
}

func (h *History) tell(c *chain, origin string, before []statement, st statement, private bool) Telling {
	t := Telling{Version: st.on, Origin: origin, Position: st.position}
	var was record.Listed
	stood := len(before) > 0 && !before[len(before)-1].gone
	if stood {
		was = h.pack.listed(before[len(before)-1])
		t.Caption = Caption(was)
	}
	if st.gone {
		t.Did = DidDelist
		return t
	}
	is := h.pack.listed(st)
	t.Caption = Caption(is)
	if !stood {
		t.Did = DidList
		return t
	}
	names := Amended(was, is, c.narrowed(st.on) || c.narrowed(was.Version))
	if !private {
		was, is = Public(was), Public(is)
	}
	for _, f := range fields {
		if !slices.Contains(names, f.name) {
			continue
		}
		old, now := pair(f.of(was), f.of(is), slices.Equal)
		t.Fields = append(t.Fields, Field{f.name, words(old), words(now)})
	}
	if t.Did = DidAmend; len(names) == 0 {
		t.Did = DidRestate
	}
	return t
}

// words writes values for people.
func words(vs []value) []string {
	out := []string{}
	for _, v := range vs {
		if s := strings.Join(slices.DeleteFunc(slices.Clone(v), func(s string) bool { return s == "" }), ", "); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// EntryOf reads whose entry a fact speaks of; empty for another fact.
func EntryOf(f record.FactID) (list record.SourceID, ref string) {
	list, ref, _, _, _ = readListedFact(f)
	return list, ref
}
