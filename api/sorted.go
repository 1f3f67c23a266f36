package api

import (
	"iter"
	"maps"
	"slices"
)

// sorted walks a map in the order of its keys, so that answers and errors do not
// change from run to run.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
