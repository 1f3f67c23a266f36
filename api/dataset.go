package api

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"article41"
	"article41/record"
)

// The collections of the catalog: everything, under the two names clients use.
const (
	allDatasets      = "default"
	sanctionDatasets = "sanctions"
)

// heldDataset is a dataset with the list it stands for.
type heldDataset struct {
	dataset
	article41.ListUse
}

// hold takes the datasets that there are: one for each list held. The Council's
// is always among them, as our own record tells of its entries. A list that is
// not held has no dataset: "no such dataset" is a better answer than "no match".
func (sh *shelf) hold(lists []article41.ListUse) {
	if !slices.ContainsFunc(lists, func(u article41.ListUse) bool { return u.List == councilList }) {
		lists = append(lists, article41.ListUse{List: councilList})
	}
	for _, u := range lists {
		sh.held = append(sh.held, heldDataset{sh.terms.dataset(u.List), u})
	}
	slices.SortFunc(sh.held, func(a, b heldDataset) int { return cmp.Compare(a.name, b.name) })
}

// scope is the lists a dataset's name covers; nil: all.
func (sh *shelf) scope(name string) (lists map[record.SourceID]bool, ok bool) {
	if name == allDatasets || name == sanctionDatasets {
		return nil, true
	}
	for _, d := range sh.held {
		if d.name == name {
			return map[record.SourceID]bool{d.List: true}, true
		}
	}
	return nil, false
}

// narrow is the scope less what is not included or is excluded. A name that no
// dataset has includes nothing.
func (sh *shelf) narrow(scope map[record.SourceID]bool, include, exclude []string) map[record.SourceID]bool {
	if len(include) == 0 && len(exclude) == 0 {
		return scope
	}
	if scope == nil {
		scope = map[record.SourceID]bool{}
		for _, d := range sh.held {
			scope[d.List] = true
		}
	} else {
		scope = maps.Clone(scope)
	}
	covers := func(names []string, list record.SourceID) bool {
		return slices.ContainsFunc(names, func(n string) bool {
			lists, ok := sh.scope(n)
			return ok && (lists == nil || lists[list])
		})
	}
	for list := range scope {
		if len(include) > 0 && !covers(include, list) || covers(exclude, list) {
			delete(scope, list)
		}
	}
	return scope
}

// version is a dataset's version in the form clients parse: an instant, a dash
// and a tag. The instant is the newest list's day; the tag moves with the ledger.
func (sh *shelf) version(u article41.ListUse) string {
	day := sh.At.KnownAt
	if u.Newest != nil {
		day = *u.Newest
	}
	n := uint64(sh.At.Position)
	tag := []byte{byte('a' + n/676%26), byte('a' + n/26%26), byte('a' + n%26)}
	return strings.ReplaceAll(day.String(), "-", "") + "000000-" + string(tag)
}
