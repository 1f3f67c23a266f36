// Package shareddata finds the real public files that tests are run against.
//
// They lie beside the repository, in ../shared, or where ARTICLE41_SHARED
// points. They are not part of the repository: a test that needs one and does
// not find it says that it did not run; with CI=true it fails instead, so that
// no check is ever skipped in silence.
package shareddata

import (
	"os"
	"path/filepath"
	"testing"
)

// Path returns the full path of a file or folder of the shared data, such as
// "data/un-list". Without it the test is skipped with a word, or fails when CI=true.
func Path(t testing.TB, rel string) string {
	t.Helper()
	p := filepath.Join(Dir(), filepath.FromSlash(rel))
	if _, err := os.Stat(p); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("did not run: shared data %q is missing (set ARTICLE41_SHARED)", rel)
		}
		t.Skipf("did not run: shared data %q is missing (set ARTICLE41_SHARED)", rel)
	}
	return p
}

// Dir is the folder of the shared data, whether it exists or not.
func Dir() string {
	if dir := os.Getenv("ARTICLE41_SHARED"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	if err != nil {
		return "shared"
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(filepath.Dir(dir), "shared")
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "shared"
		}
		dir = up
	}
}
