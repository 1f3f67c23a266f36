package article41_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "article41"

// file is one Go file as the nevers see it.
type file struct {
	name  string // relative to the root
	pkg   string // its folder; "." is the root
	test  bool
	room  room
	lines int
	made  bool   // generated
	uses  []used // imports, names of imports, declarations
	vars  []string
	sets  []used // assignments to what may be a variable of the package
}

type used struct {
	what string
	line int
}

func (f file) in(pkg string) bool {
	return f.pkg == pkg || strings.HasPrefix(f.pkg, pkg+"/")
}

// pure: a domain package or a reader, outside its tests.
func (f file) pure() bool {
	return !f.test && (f.room.part == domain || f.room.part == reader)
}

func isPackage(use, pkg string) bool {
	return use == module+"/"+pkg || strings.HasPrefix(use, module+"/"+pkg+"/")
}

// target is the room of an import of our own.
func target(use string) (room, bool) {
	if use == module {
		return roomOf(rooms, ".")
	}
	pkg, ours := strings.CutPrefix(use, module+"/")
	if !ours || strings.Contains(pkg, ".") { // a name of a package, not the package
		return room{}, false
	}
	return roomOf(rooms, pkg)
}

func TestLayers(t *testing.T) {
	files := sources(t)
	for _, f := range files {
		if f.room.path == "" {
			t.Errorf("%s: package %q has no row in layers_test.go", f.name, f.pkg)
			continue
		}
		for _, u := range f.uses {
			for _, n := range nevers {
				if n.breaks(f, u.what) {
					t.Errorf("%s:%d: %s\n\tnever: %s\n\twhy:   %s", f.name, u.line, u.what, n.name, n.reason)
				}
			}
		}
		if f.lines > longest && !f.made {
			t.Errorf("%s: %d lines; a file holds one noun or one rule, split it before %d", f.name, f.lines, longest)
		}
	}
	if len(files) < 100 {
		t.Errorf("only %d Go files were seen: this test has lost the tree", len(files))
	}
}

// TestNoMutableGlobals: what a package knows when it starts is all it will know,
// so two questions at once, or one after another, cannot disturb each other.
func TestNoMutableGlobals(t *testing.T) {
	files := sources(t)
	for _, g := range mutable(files) {
		t.Error(g)
	}
	if len(files) < 100 {
		t.Errorf("only %d Go files were seen: this test has lost the tree", len(files))
	}
	var pair []file
	for name, src := range map[string]string{
		"p/a.go": "var n, kept int; var m = map[int]int{}; var s struct{ x int }",
		"p/b.go": "func f(kept int) { n++; m[1] = 2; s.x = 3; kept = 4; m := m; m[1] = 5; _ = kept }",
	} {
		f, err := readFile(name, []byte("package p; "+src))
		if err != nil {
			t.Fatal(err)
		}
		pair = append(pair, f)
	}
	if got := mutable(pair); len(got) != 3 {
		t.Errorf("want n, m and s refused, and neither the parameter nor the local: %q", got)
	}
}

// mutable names the assignments to a variable of a package.
func mutable(files []file) []string {
	globals := map[string]bool{}
	for _, f := range files {
		for _, v := range f.vars {
			globals[f.pkg+"."+v] = !f.test && v != "_"
		}
	}
	var bad []string
	for _, f := range files {
		for _, s := range f.sets {
			if !f.test && !f.made && globals[f.pkg+"."+s.what] {
				bad = append(bad, fmt.Sprintf("%s:%d: assigns to %s, a variable of the package", f.name, s.line, s.what))
			}
		}
	}
	slices.Sort(bad)
	return bad
}

// TestPackageNames: one lower-case noun of the field.
func TestPackageNames(t *testing.T) {
	out, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		t.Fatalf("go list std: %v", err)
	}
	std := map[string]string{}
	for p := range strings.FieldsSeq(string(out)) {
		if !strings.Contains(p, "internal") && !strings.HasPrefix(p, "vendor/") {
			std[path.Base(p)] = p
		}
	}
	seen := map[string]bool{}
	for _, f := range sources(t) {
		name := path.Base(f.pkg)
		if f.pkg == "." || seen[f.pkg] {
			continue
		}
		seen[f.pkg] = true
		if why := misnamed(name, std); why != "" {
			t.Errorf("package %s: %s", f.pkg, why)
		}
	}
}

func misnamed(name string, std map[string]string) string {
	switch {
	case slices.Contains(misnomers, name):
		return fmt.Sprintf("%q says nothing about the field", name)
	case std[name] != "":
		return fmt.Sprintf("%q is the standard library's %s", name, std[name])
	case strings.ToLower(name) != name || strings.ContainsAny(name, "_-"):
		return fmt.Sprintf("%q is not one lower-case word", name)
	}
	return ""
}

// TestNevers: each rule refuses what it is for and lets its neighbour pass.
func TestNevers(t *testing.T) {
	for _, c := range []struct {
		name string // of the never
		file string
		src  string
		want bool
	}{
		{"an import goes only to a lower floor", "date/x.go", `import _ "article41/record"`, true},
		{"an import goes only to a lower floor", "council/x.go", `import _ "article41/listing"`, true},
		{"an import goes only to a lower floor", "sqlite/x.go", `import _ "article41"`, true},
		{"an import goes only to a lower floor", "compile/x.go", `import "article41/source/un"; var s = un.Source`, false},
		{"an import goes only to a lower floor", "record/x.go", `import _ "article41/date"`, false},
		{"an import goes only to a lower floor", "date/x_test.go", `import _ "article41/recordtest"`, false},
		{"api and web never import each other", "api/x.go", `import _ "article41/web"`, true},
		{"api and web never import each other", "web/x_test.go", `import _ "article41/api"`, true},
		{"api and web never import each other", "cmd/article41/x.go", `import _ "article41/api"`, false},
		{"a face imports no store and no source", "web/x.go", `import _ "article41/sqlite"`, true},
		{"a face imports no store and no source", "api/x.go", `import _ "article41/source/un"`, true},
		{"a face imports no store and no source", "export/x.go", `import _ "article41/record"`, false},
		{"a face imports no store and no source", "web/x_test.go", `import _ "article41/sqlite"`, false},
		{"the domain imports no store", "x.go", `import _ "article41/sqlite"`, true},
		{"the domain imports no store", "x_test.go", `import _ "article41/sqlite"`, false},
		{"the domain imports no net/http, no net and no database/sql", "screen/x.go", `import _ "net/http"`, true},
		{"the domain imports no net/http, no net and no database/sql", "source/un/x.go", `import _ "database/sql"`, true},
		{"the domain imports no net/http, no net and no database/sql", "web/x.go", `import _ "net/http"`, false},
		{"the domain imports no net/http, no net and no database/sql", "source/un/x.go", `import _ "net/url"`, false},
		{"the domain does not read the clock", "regime/x.go", `import "time"; var now = time.Now`, true},
		{"the domain does not read the clock", "regime/x.go", `import clock "time"; var old = clock.Since(clock.Time{})`, true},
		{"the domain does not read the clock", "cmd/article41/x.go", `import "time"; var now = time.Now`, false},
		{"the domain does not read the clock", "regime/x.go", `import "time"; var day = time.UTC`, false},
		{"the domain keeps no log", "record/x.go", `import _ "log/slog"`, true},
		{"the domain keeps no log", "web/x.go", `import _ "log/slog"`, false},
		{"nothing but cmd imports fetch", "source/un/x.go", `import _ "article41/fetch"`, true},
		{"nothing but cmd imports fetch", "web/x_test.go", `import _ "article41/fetch"`, true},
		{"nothing but cmd imports fetch", "cmd/article41/x.go", `import _ "article41/fetch"`, false},
		{"nothing but cmd imports fetch", "fetch/x_test.go", `import _ "article41/fetch"`, false},
		{"only fetch and cmd dial out", "web/x.go", `import "net/http"; var c http.Client`, true},
		{"only fetch and cmd dial out", "sqlite/x.go", `import "net"; var d = net.Dial`, true},
		{"only fetch and cmd dial out", "fetch/x.go", `import "net/http"; var c http.Client`, false},
		{"only fetch and cmd dial out", "api/x_test.go", `import "net/http"; var c http.Client`, false},
		{"only fetch and cmd dial out", "web/x.go", `import "net/http"; var h http.Handler`, false},
		{"source/a never imports source/b", "source/un/x.go", `import _ "article41/source/curated"`, true},
		{"source/a never imports source/b", "source/un/x_test.go", `import _ "article41/source/curated"`, true},
		{"source/a never imports source/b", "source/un/x_test.go", `import _ "article41/source/un"`, false},
		{"source/a never imports source/b", "source/curated/pack/main.go", `import _ "article41/source/curated"`, false},
		{"a driver stays in its store", "cmd/article41/x.go", `import _ "modernc.org/sqlite"`, true},
		{"a driver stays in its store", "sqlite/x.go", `import _ "modernc.org/sqlite"`, false},
		{"only a test imports what is made for tests", "cmd/article41/x.go", `import _ "article41/shareddata"`, true},
		{"only a test imports what is made for tests", "record/x.go", `import _ "testing"`, true},
		{"only a test imports what is made for tests", "recordtest/x.go", `import _ "testing"`, false},
		{"only a test imports what is made for tests", "record/x_test.go", `import _ "testing"`, false},
		{"no init()", "web/x.go", `func init() {}`, true},
		{"no init()", "web/x.go", `type t int; func (t) init() {}`, false},
		{"no Get…, …Impl, …DTO or …Info", "web/x.go", `type PageInfo int`, true},
		{"no Get…, …Impl, …DTO or …Info", "web/x.go", `type t int; func (t) GetPage() {}`, true},
		{"no Get…, …Impl, …DTO or …Info", "web/x.go", `func Getaway() {}`, false},
	} {
		f, err := readFile(c.file, []byte("package x; "+c.src))
		if err != nil {
			t.Fatalf("%s: %s: %v", c.file, c.src, err)
		}
		i := slices.IndexFunc(nevers, func(n never) bool { return n.name == c.name })
		if i < 0 {
			t.Errorf("there is no never %q", c.name)
			continue
		}
		got := slices.ContainsFunc(f.uses, func(u used) bool { return nevers[i].breaks(f, u.what) })
		if got != c.want {
			t.Errorf("%s: %s %s: refused %v, want %v", c.name, c.file, c.src, got, c.want)
		}
	}
	for name, want := range map[string]bool{"util": true, "time": true, "screenIndex": true, "un_list": true, "screen": false, "un": false} {
		if got := misnamed(name, map[string]string{"time": "time"}) != ""; got != want {
			t.Errorf("package name %q: refused %v, want %v", name, got, want)
		}
	}
}

// TestRooms: the table itself is sound.
func TestRooms(t *testing.T) {
	seen := map[string]bool{}
	for i, r := range rooms {
		if r.what == "" || r.reason == "" {
			t.Errorf("%s: a row says what the package is and why it stands there", r.path)
		}
		if seen[r.path] {
			t.Errorf("%s has two rows", r.path)
		}
		seen[r.path] = true
		if i > 0 && r.floor < rooms[i-1].floor {
			t.Errorf("%s: rows go from the lowest floor up", r.path)
		}
	}
}

// sources reads every Go file of the tree, with its tests, but no testdata.
func sources(t *testing.T) []file {
	t.Helper()
	var files []file
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"testdata", "node_modules", "bin", "dist"}, d.Name())):
			return fs.SkipDir
		case d.IsDir() && name != "." && isModule(name):
			return fs.SkipDir // what has a go.mod of its own is no part of the program
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		src, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			return err
		}
		f, err := readFile(name, src)
		files = append(files, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(filepath.FromSlash(dir), "go.mod"))
	return err == nil
}

func readFile(name string, src []byte) (file, error) {
	f := file{name: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), lines: bytes.Count(src, []byte("\n"))}
	f.room, _ = roomOf(rooms, f.pkg)
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, name, src, parser.ParseComments)
	if err != nil {
		return f, err
	}
	f.made = ast.IsGenerated(tree)
	use := func(at token.Pos, what string) { f.uses = append(f.uses, used{what, set.Position(at).Line}) }
	imports := map[string]string{} // local name → path
	for _, i := range tree.Imports {
		target, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return f, err
		}
		use(i.Pos(), target)
		local := path.Base(target)
		if i.Name != nil {
			local = i.Name.Name
		}
		imports[local] = target
	}
	top := map[any]bool{} // the specs that declare the package's variables
	for _, d := range tree.Decls {
		if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.VAR {
			for _, s := range d.Specs {
				top[s] = true
				for _, n := range s.(*ast.ValueSpec).Names {
					f.vars = append(f.vars, n.Name)
				}
			}
		}
	}
	// A name that the file's own scopes do not resolve stands in another file.
	assign := func(e ast.Expr) {
		if x := root(e); x != nil && (x.Obj == nil || top[x.Obj.Decl]) {
			f.sets = append(f.sets, used{x.Name, set.Position(e.Pos()).Line})
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				if n.Tok != token.DEFINE {
					assign(e)
				}
			}
		case *ast.IncDecStmt:
			assign(n.X)
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && imports[x.Name] != "" {
				use(n.Pos(), imports[x.Name]+"."+n.Sel.Name)
			}
		case *ast.FuncDecl:
			kind := "func "
			if n.Recv != nil {
				kind = "method "
			}
			use(n.Pos(), kind+n.Name.Name)
		case *ast.TypeSpec:
			use(n.Pos(), "type "+n.Name.Name)
		}
		return true
	})
	return f, nil
}

// root is the variable in which an assignment to e changes something.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}
