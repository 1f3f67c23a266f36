// Package data is the curated record: YAML and CSV that a researcher can read
// and edit, and the packed file made from it. It holds no logic; package
// source/curated reads it, and docs/record.md documents every field.
package data

import _ "embed"

//go:generate go run ../source/curated/pack -dir . -o record.pack

// Pack is the packed record; a test holds it fresh.
//
//go:embed record.pack
var Pack []byte

// Measures is the table of words for measures, bodies and authorizations.
//
//go:embed measures.csv
var Measures []byte
