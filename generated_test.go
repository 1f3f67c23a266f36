package article41_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"article41/data"
	"article41/source/curated"
)

// TestPackIsFresh: data/record.pack is what go generate would write now.
func TestPackIsFresh(t *testing.T) {
	rec, problems := curated.Read(os.DirFS("data"))
	for _, p := range problems {
		t.Errorf("data/%s", p)
	}
	var b bytes.Buffer
	if err := curated.Pack(&b, rec); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), data.Pack) {
		t.Errorf("data/record.pack is stale (%d bytes, now %d): make generate", len(data.Pack), b.Len())
	}
}

// TestTemplatesAreFresh: every page's Go file is what templ would write now, and
// none is left over from a template that is gone.
func TestTemplatesAreFresh(t *testing.T) {
	out, err := exec.Command("go", "tool", "-n", "templ").Output()
	if err != nil {
		t.Fatalf("go tool -n templ: %v", err)
	}
	templ := strings.TrimSpace(string(out))
	dir := t.TempDir()
	made := map[string][]byte{}
	for _, name := range tree(t) {
		b := read(t, name)
		switch {
		case strings.HasSuffix(name, "_templ.go"):
			made[name] = b
		case strings.HasSuffix(name, ".templ") || name == "go.mod":
			write(t, filepath.Join(dir, filepath.FromSlash(name)), b)
		}
	}
	c := exec.Command(templ, "generate", "-log-level", "error")
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("templ generate: %v\n%s", err, out)
	}
	fresh, err := filepath.Glob(filepath.Join(dir, "*", "*_templ.go"))
	if err != nil {
		t.Fatal(err)
	}
	if len(fresh) == 0 {
		t.Error("templ wrote nothing: this test has lost the templates")
	}
	for _, full := range fresh {
		name, _ := filepath.Rel(dir, full)
		name = filepath.ToSlash(name)
		if got, err := os.ReadFile(full); err != nil || !bytes.Equal(got, made[name]) {
			t.Errorf("%s is stale: make generate, from the root (%v)", name, err)
		}
		delete(made, name)
	}
	for name := range made {
		t.Errorf("%s has no template any more", name)
	}
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
