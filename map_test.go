package article41_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the files that tests compare against")

// TestMap holds docs/map.md to the tables of layers_test.go and to the tree.
func TestMap(t *testing.T) {
	got := drawMap(func(pkg string) bool {
		found, err := filepath.Glob(filepath.Join(filepath.FromSlash(pkg), "*.go"))
		return err == nil && len(found) > 0
	})
	const name = "docs/map.md"
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is stale; write it with: go test . -run TestMap -update\n%s", name, diff)
	}
}

func drawMap(there func(pkg string) bool) []byte {
	var b bytes.Buffer
	b.WriteString(`# The map

Written by ` + "`go test . -run TestMap -update`" + ` from the tables in layers_test.go, which hold the tree to it.

An import goes only to a lower floor. Data goes one way: a publisher's bytes are read into entries, entries are appended to one ledger, every answer is a fold of it, and the faces show answers.

`)
	table := func(title string, want bool) {
		var rows bytes.Buffer
		for _, r := range rooms {
			if there(r.path) != want {
				continue
			}
			fmt.Fprintf(&rows, "| %d | %s | %s | %s | %s |\n", r.floor, door(r, want), r.part, r.what, r.reason)
		}
		if rows.Len() > 0 {
			fmt.Fprintf(&b, "## %s\n\n| floor | package | part | what it is | why it stands there |\n|---|---|---|---|---|\n%s\n", title, rows.Bytes())
		}
	}
	table("What is there", true)
	table("What is drawn and not built yet", false)
	b.WriteString("## What nobody does\n\n| never | because |\n|---|---|\n")
	for _, n := range nevers {
		fmt.Fprintf(&b, "| %s | %s |\n", n.name, n.reason)
	}
	b.WriteString("| an assignment to a variable of a package | two questions at once cannot disturb each other |\n")
	fmt.Fprintf(&b, "| a file of more than %d lines | it holds one noun or one rule |\n", longest)
	fmt.Fprintf(&b, "| a package called %s, or as one of the standard library | the folder list is the table of contents |\n", strings.Join(misnomers, ", "))
	return b.Bytes()
}

// door is the room's name, a link if there is a folder to open.
func door(r room, there bool) string {
	switch {
	case !there:
		return "`" + r.path + "`"
	case r.path == ".":
		return "[`article41`](../doc.go)"
	case strings.Contains(r.path, "*"):
		return "[`" + strings.Replace(r.path, "*", "…", 1) + "`](../" + strings.TrimSuffix(r.path, "/*") + "/)"
	}
	return "[`" + r.path + "`](../" + r.path + "/)"
}
