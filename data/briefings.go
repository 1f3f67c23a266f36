package data

import (
	"embed"
	"io/fs"
)

//go:embed briefings
var briefings embed.FS

// Briefings are the briefings that ship with a program, a file <slug>.md each, and
// their pictures; package briefing reads them. They are no part of the record.
func Briefings() fs.FS {
	sub, err := fs.Sub(briefings, "briefings")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}
