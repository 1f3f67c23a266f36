package screen

import "article41/name"

// ScorePair scores two names of one kind, on the names alone.
func ScorePair(a, b string, kind name.Kind) float64 {
	return name.Compare(name.Prepare(a, kind, ""), name.Prepare(b, kind, "")).Score
}
