// Command pack reads the curated record from a folder, lints it, and writes the
// packed file that the program embeds: see the go:generate line in package data.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"

	"article41/source/curated"
)

func main() {
	dir := flag.String("dir", ".", "the data folder")
	out := flag.String("o", "record.pack", "the packed record")
	flag.Parse()
	rec, problems := curated.Read(os.DirFS(*dir))
	for _, p := range problems {
		fmt.Fprintln(os.Stderr, p)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
	var b bytes.Buffer
	if err := curated.Pack(&b, rec); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := os.WriteFile(*out, b.Bytes(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%s: edition %s, %d entries, %d bytes\n", *out, rec.Edition.Version, len(rec.Entries), b.Len())
}
