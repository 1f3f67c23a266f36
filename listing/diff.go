package listing

import (
	"maps"
	"slices"

	"article41/record"
)

// Difference is what one version of a list changed against another. Each part
// is in order of reference.
type Difference struct {
	Listed   []record.Listed `json:"listed"`
	Amended  []Amendment     `json:"amended"`
	Delisted []record.Listed `json:"delisted"`
}

// Amendment is an entry whose content changed, with the fields that did.
type Amendment struct {
	Ref    string        `json:"ref"`
	Fields []string      `json:"fields"`
	Old    record.Listed `json:"old"`
	New    record.Listed `json:"new"`
}

// Diff compares two versions of a list. Fields that were unreadable as
// published on either side never count; if either version was cut to low bytes
// (Narrowed), nor does what such a cut explains. What a cut list (Partial) lacks
// is not delisted.
func Diff(old, new []record.Listed, oldList, newList record.List) Difference {
	narrowed := oldList.Narrowed || newList.Narrowed
	before, after := index(old), index(new)
	var d Difference
	for _, ref := range slices.Sorted(maps.Keys(after)) {
		was, held := before[ref]
		if !held {
			d.Listed = append(d.Listed, after[ref])
			continue
		}
		if fields := Amended(was, after[ref], narrowed); len(fields) > 0 {
			d.Amended = append(d.Amended, Amendment{ref, fields, was, after[ref]})
		}
	}
	for _, ref := range slices.Sorted(maps.Keys(before)) {
		if _, held := after[ref]; !held && !newList.Partial {
			d.Delisted = append(d.Delisted, before[ref])
		}
	}
	return d
}

func index(entries []record.Listed) map[string]record.Listed {
	m := make(map[string]record.Listed, len(entries))
	for _, e := range entries {
		m[e.Ref] = e
	}
	return m
}
