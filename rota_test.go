package article41_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// reads are the names of functions that read what others wrote.
var reads = regexp.MustCompile(`^(Parse|Read|Decode|Unpack|Resume|Examine|OpenCheckpoint)`)

// parserOf says whether a function is one that reads bytes or text from outside:
// not a method, and not one that is handed the name of a file.
func parserOf(d ast.Decl) (name string, is bool) {
	f, ok := d.(*ast.FuncDecl)
	if !ok || f.Recv != nil || !reads.MatchString(f.Name.Name) {
		return "", false
	}
	for _, p := range f.Type.Params.List {
		switch t := p.Type.(type) {
		case *ast.ArrayType:
			e, ok := t.Elt.(*ast.Ident)
			is = is || ok && e.Name == "byte"
		case *ast.SelectorExpr:
			is = is || t.Sel.Name == "Reader" || t.Sel.Name == "ReaderAt"
		case *ast.Ident:
			is = is || t.Name == "string" && len(p.Names) > 0 && p.Names[0].Name != "path"
		}
	}
	return f.Name.Name, is
}

// callsOf are the names that a function uses, those of what it calls among them.
func callsOf(f *ast.FuncDecl) (names []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok {
			names = append(names, name.Name)
		}
		return true
	})
	return names
}

// Every exported function that reads what others wrote is called by a fuzz target
// of its package; make fuzz runs them all.
func TestEveryParserIsFuzzed(t *testing.T) {
	parsers := map[string][]string{} // by folder
	called := map[string][]string{}  // by folder and function of a test
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != "." && (strings.HasPrefix(e.Name(), ".") || e.Name() == "testdata"):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil || f.Name.Name == "main" {
			return err
		}
		dir, test := filepath.Dir(path), strings.HasSuffix(path, "_test.go")
		for _, d := range f.Decls {
			if name, is := parserOf(d); is && !test {
				parsers[dir] = append(parsers[dir], name)
			}
			if f, ok := d.(*ast.FuncDecl); ok && test {
				called[dir+" "+f.Name.Name] = append(called[dir+" "+f.Name.Name], callsOf(f)...)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for dir, names := range parsers {
		var fuzzed []string // called by a target, or by a function of the tests that one calls
		for f, calls := range called {
			if strings.HasPrefix(f, dir+" Fuzz") {
				fuzzed = append(fuzzed, calls...)
				for _, c := range calls {
					fuzzed = append(fuzzed, called[dir+" "+c]...)
				}
			}
		}
		for _, name := range names {
			n++
			if !slices.Contains(fuzzed, name) {
				t.Errorf("%s.%s reads what others wrote, and no fuzz target of its package calls it", dir, name)
			}
		}
	}
	if n < 30 {
		t.Errorf("%d parsers are found", n)
	}
	t.Logf("%d parsers", n)
}

// What make fuzz runs is every fuzz target of the tree, by folder and name.
func TestEveryFuzzTargetIsOnTheRota(t *testing.T) {
	out, err := exec.Command("make", "-s", "fuzz-list").Output()
	if err != nil {
		t.Fatalf("make fuzz-list: %v", err)
	}
	rota := strings.Split(strings.TrimSpace(string(out)), "\n")
	var tree []string
	err = filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, d := range f.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || len(f.Type.Params.List) != 1 {
				continue
			}
			star, _ := f.Type.Params.List[0].Type.(*ast.StarExpr)
			if star == nil {
				continue
			}
			if s, ok := star.X.(*ast.SelectorExpr); ok && s.Sel.Name == "F" && strings.HasPrefix(f.Name.Name, "Fuzz") {
				tree = append(tree, "./"+path+":func "+f.Name.Name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(rota)
	slices.Sort(tree)
	if !slices.Equal(rota, tree) || len(tree) < 30 {
		t.Errorf("make fuzz runs %d targets, the tree has %d:\n%s\n\n%s", len(rota), len(tree), strings.Join(rota, "\n"), strings.Join(tree, "\n"))
	}
	t.Logf("%d targets", len(tree))
}
