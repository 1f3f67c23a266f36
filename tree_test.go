package article41_test

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// tree is every file that is in git or would be added to it.
func tree(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z").Output()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("did not run: git ls-files: %v", err)
		}
		t.Skipf("did not run: this is no git clone, or git is missing (%v)", err)
	}
	var names []string
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if _, err := os.Lstat(filepath.FromSlash(name)); err == nil && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFormat(t *testing.T) {
	for _, name := range tree(t) {
		if path.Ext(name) != ".go" {
			continue
		}
		b := read(t, name)
		if got, err := format.Source(b); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%s: gofmt would change it (%v)", name, err)
		}
	}
}

// A path of one machine works on no other; a registry's host is each machine's
// own business. The words are put together here so that this file passes.
var (
	machinePath  = regexp.MustCompile(`(^|[^A-Za-z0-9_.*])/(` + strings.Join([]string{"wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers", "tm" + "p"}, "|") + `)/`)
	registryHost = regexp.MustCompile(`(?i)\b(` + strings.Join([]string{"proxy\\.gol" + "ang\\.org", "sum\\.gol" + "ang\\.org", "registry\\.np" + "mjs\\.org",
		"py" + "pi\\.org", "pythonho" + "sted\\.org", "crat" + "es\\.io", "repo1?\\.mav" + "en\\.", "(deb|security)\\.deb" + "ian\\.org"}, "|") + `)`)
)

// stray is what of one machine stands in a line.
func stray(line []byte, hosts []string) string {
	if m := machinePath.Find(line); m != nil {
		return "a path of one machine: " + string(m)
	}
	if m := registryHost.Find(line); m != nil {
		return "a registry's host: " + string(m)
	}
	for _, h := range hosts {
		if bytes.Contains(line, []byte(h)) {
			return "this machine's registry"
		}
	}
	return ""
}

func TestNothingOfOneMachine(t *testing.T) {
	hosts := registries(t)
	for _, name := range tree(t) {
		b := read(t, name)
		if path.Ext(name) == ".sum" || !utf8.Valid(b) {
			continue
		}
		for i, line := range bytes.Split(b, []byte("\n")) {
			if what := stray(line, hosts); what != "" {
				t.Errorf("%s:%d: %s", name, i+1, what)
			}
		}
	}
	for line, want := range map[string]bool{
		"see /wo" + "rk/main": true, `"/tm` + `p/x"`: true, "/wo" + "rk/x": true,
		"https://proxy.gol" + "ang.org": true, "the framework/main": false, "a/wo" + "rk/b": false, "data/ho" + "me": false,
	} {
		if got := stray([]byte(line), nil) != ""; got != want {
			t.Errorf("%q: stray %v, want %v", line, got, want)
		}
	}
}

// registries are the hosts that this machine's Go client asks.
func registries(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOPROXY").Output()
	if err != nil {
		t.Fatal(err)
	}
	var hosts []string
	for p := range strings.FieldsFuncSeq(string(out), func(r rune) bool { return r == ',' || r == '|' || r == '\n' }) {
		if u, err := url.Parse(p); err == nil && u.Hostname() != "" && u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" {
			hosts = append(hosts, u.Hostname())
		}
	}
	return hosts
}

func TestLicence(t *testing.T) {
	b := read(t, "LICENSE")
	for _, want := range []string{"Apache License", "Version 2.0, January 2004", "END OF TERMS AND CONDITIONS"} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("LICENSE does not hold %q", want)
		}
	}
}

// TestCIScript: what is not executable is not run.
func TestCIScript(t *testing.T) {
	info, err := os.Stat(".ci/run")
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode()&0o111 == 0 {
		t.Error(".ci/run is not executable")
	}
}

// TestSkipsSayWhy: a test that does not run says so in words that the tally of
// make test can sort.
func TestSkipsSayWhy(t *testing.T) {
	seen := 0
	for _, name := range tree(t) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_templ.go") {
			continue
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, filepath.FromSlash(name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			s, ok := c.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, s.Sel.Name) {
				return true
			}
			if x, ok := s.X.(*ast.Ident); !ok || x.Name != "t" && x.Name != "b" && x.Name != "tb" && x.Name != "f" {
				return true
			}
			seen++
			if len(c.Args) > 0 {
				if lit, ok := c.Args[0].(*ast.BasicLit); ok {
					if text, err := strconv.Unquote(lit.Value); err == nil && strings.HasPrefix(text, "did not run: ") {
						return true
					}
				}
			}
			t.Errorf("%s: a test that is skipped says \"did not run: …\" and why", set.Position(c.Pos()))
			return true
		})
	}
	if seen == 0 {
		t.Error("no skip was seen, not even shareddata's: this test has lost the tree")
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestLinks: a link of our own pages leads somewhere.
func TestLinks(t *testing.T) {
	seen := 0
	for _, name := range tree(t) {
		if path.Ext(name) != ".md" {
			continue
		}
		for _, m := range link.FindAllSubmatch(read(t, name), -1) {
			to, _, _ := strings.Cut(string(m[1]), "#")
			if to == "" || strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
				continue
			}
			seen++
			if _, err := os.Stat(filepath.FromSlash(path.Join(path.Dir(name), to))); err != nil {
				t.Errorf("%s: the link %s leads nowhere", name, to)
			}
		}
	}
	if seen == 0 {
		t.Error("no link was seen, not even the map's: this test has lost the tree")
	}
}

// TestConnections: each file that can open or take a connection is named in
// docs/connections.md.
func TestConnections(t *testing.T) {
	const page = "docs/connections.md"
	said := string(read(t, page))
	for _, f := range sources(t) {
		if f.test || f.room.part == forTest {
			continue
		}
		for _, u := range f.uses {
			if slices.Contains(dialling, u.what) || slices.Contains(listening, u.what) {
				if !strings.Contains(said, "`"+f.name+"`") {
					t.Errorf("%s:%d uses %s; %s does not name the file", f.name, u.line, u.what, page)
				}
			}
		}
	}
	for m := range strings.FieldsFuncSeq(said, func(r rune) bool { return r == '`' || r == '\n' }) {
		if strings.HasSuffix(m, ".go") {
			if _, err := os.Stat(filepath.FromSlash(m)); err != nil {
				t.Errorf("%s names %s, which is not there", page, m)
			}
		}
	}
}

var listening = []string{"net.Listen", "net.ListenConfig", "net.ListenTCP", "net.ListenPacket", "net.ListenUDP", "net.ListenUnix",
	"net/http.ListenAndServe", "net/http.ListenAndServeTLS"}
