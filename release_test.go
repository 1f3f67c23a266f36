package article41_test

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"article41/recordtest"
)

// The same sources give the same bytes in two folders, with no path of either in
// them, and what comes out needs no other library. The long form builds all that is
// released, each time from nothing.
func TestReleaseIsReproducible(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: builds the program twice; left out by -short")
	}
	if _, err := os.Stat(".git"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("did not run: there is no repository here to copy the sources from")
		}
		t.Skip("did not run: there is no repository here to copy the sources from")
	}
	platforms := "PLATFORMS=linux/amd64"
	if recordtest.Soak() {
		platforms = "PLATFORMS=linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64"
	}
	built := map[string][]byte{}
	for _, name := range []string{"one", "a second folder/with another path"} {
		dir := filepath.Join(t.TempDir(), name)
		if out, err := exec.Command("git", "clone", "--quiet", "--no-hardlinks", ".", dir).CombinedOutput(); err != nil {
			t.Fatalf("git clone: %v: %s", err, out)
		}
		c := exec.Command("make", "binaries", platforms)
		c.Dir = dir
		if recordtest.Soak() {
			c.Env = append(os.Environ(), "GOCACHE="+t.TempDir())
		}
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("make binaries: %v: %s", err, out)
		}
		files, err := filepath.Glob(filepath.Join(dir, "dist", "article41_*"))
		if err != nil || len(files) == 0 {
			t.Fatal("nothing was built", err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(b, []byte(dir)) {
				t.Errorf("%s tells where it was built", filepath.Base(f))
			}
			first, again := built[filepath.Base(f)]
			if built[filepath.Base(f)] = b; again && !bytes.Equal(first, b) {
				t.Errorf("%s: two folders give other bytes", filepath.Base(f))
			}
		}
	}
	program, err := elf.NewFile(bytes.NewReader(built["article41_linux_amd64"]))
	if err != nil {
		t.Fatal(err)
	}
	libraries, err := program.ImportedLibraries()
	if err != nil || len(libraries) > 0 || program.Section(".interp") != nil {
		t.Errorf("the program is not static: it needs %v (%v)", libraries, err)
	}
	t.Logf("%d binaries, each built twice", len(built))
}
