// Package article41 answers every question the product answers.
//
// An [Archive] is handed a ledger and folds it: votes and seats into a Council,
// decisions into regimes with their clocks, dated lists into histories of their
// entries, and all of it into an index of names. Each answer is a pure function
// of three coordinates ([record.At]): the legal day asked about, the day up to
// which publications count, and the ledger's position. Faces (package api, web,
// cmd/article41) only show answers.
//
// The way through the house, lowest floor first:
//
//	symbol date name data → country calendar → record → council listing →
//	regime source/… → screen → article41 → api web → cmd/article41
//
// docs/map.md, generated from the layer table, says what lies where.
package article41
