package article41_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var wordLink = regexp.MustCompile("\\[`([a-z0-9]+)\\.([A-Za-z]+)(?:\\.([A-Za-z]+))?`\\]\\(\\.\\./([a-z0-9/]*)(?:doc\\.go)?\\)")

// TestWords: each name of the glossary is declared in the package it leads to.
func TestWords(t *testing.T) {
	links := wordLink.FindAllStringSubmatch(string(read(t, "docs/words.md")), -1)
	if n := strings.Count(string(read(t, "docs/words.md")), "`]("); len(links) != n || n < 40 {
		t.Errorf("%d of %d links of docs/words.md were understood", len(links), n)
	}
	said := map[string]map[string]bool{}
	for _, l := range links {
		pkg, name, member, dir := l[1], l[2], l[3], path.Clean(l[4])
		if said[dir] == nil {
			said[dir] = declared(t, dir)
		}
		if want := path.Base(dir); pkg != want && !(dir == "." && pkg == module) {
			t.Errorf("`%s.%s` leads to package %s", pkg, name, want)
		}
		if member != "" {
			name += "." + member
		}
		if !said[dir][name] {
			t.Errorf("package %s declares no %s", dir, name)
		}
	}
}

// declared is what a package declares at its top, with the fields of
// its structs.
func declared(t *testing.T, dir string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(filepath.FromSlash(dir), "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no Go files (%v)", dir, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					names[d.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.ValueSpec:
						for _, n := range s.Names {
							names[n.Name] = true
						}
					case *ast.TypeSpec:
						names[s.Name.Name] = true
						if st, ok := s.Type.(*ast.StructType); ok {
							for _, f := range st.Fields.List {
								for _, n := range f.Names {
									names[s.Name.Name+"."+n.Name] = true
								}
							}
						}
					}
				}
			}
		}
	}
	return names
}
