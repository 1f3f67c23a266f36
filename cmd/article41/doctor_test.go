package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// An installation is broken in one way after the other: doctor says what is wrong,
// and what to do, a line each, and ends with exit 1.
func TestDoctor(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "a.db")
	makeDB(t, whole)
	if _, errs, code := command(t, "key", "new", "hub", "--db", whole); code != 0 { // makes the keys
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, c := range []struct {
		why     string
		broken  func(t *testing.T, db string) // in a copy
		env     string                        // the master key
		said    []string
		healthy bool
	}{
		{"nothing is wrong", func(*testing.T, string) {}, "", []string{"opens under the master key", "sound"}, true},
		{"another master key", func(*testing.T, string) {}, strings.Repeat("42", 32), []string{"not the master key", "--master-key-file"}, false},
		{"no master key", func(t *testing.T, db string) { remove(t, db+".keys.master") }, "", []string{"begun under one that is not here", "--master-key-file"}, false},
		{"no keys", func(t *testing.T, db string) { remove(t, db+".keys") }, "", []string{"there are none", "--keys"}, true},
		{"keys that others may read", func(t *testing.T, db string) {
			if err := os.Chmod(db+".keys.master", 0o644); err != nil {
				t.Fatal(err)
			}
		}, "", []string{"can be read by others", "chmod 600"}, false},
		{"half of the file", func(t *testing.T, db string) {
			s, err := os.Stat(db)
			if err == nil {
				err = os.Truncate(db, s.Size()/2)
			}
			if err != nil {
				t.Fatal(err)
			}
		}, "", []string{"damaged", "restore"}, false},
		{"no database at all", func(t *testing.T, db string) {
			if err := os.WriteFile(db, []byte(strings.Repeat("this is no database ", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "", []string{"not an SQLite database", "restore"}, false},
	} {
		t.Run(c.why, func(t *testing.T) {
			db := filepath.Join(t.TempDir(), "a.db")
			for _, end := range []string{"", ".keys", ".keys.master"} {
				b, err := os.ReadFile(whole + end)
				if err == nil {
					err = os.WriteFile(db+end, b, 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			c.broken(t, db)
			var out, errs strings.Builder
			env := func(name string) string {
				if name == "ARTICLE41_MASTER_KEY" {
					return c.env
				}
				return ""
			}
			code := run(context.Background(), world{strings.NewReader(""), &out, &errs, env, func() time.Time { return noon }}, []string{"doctor", "--db", db})
			for _, s := range c.said {
				if !strings.Contains(out.String(), s) {
					t.Errorf("nothing of %q", s)
				}
			}
			if (code == 0) != c.healthy {
				t.Errorf("exit %d", code)
			}
			for line := range strings.Lines(out.String()) {
				if !strings.HasPrefix(line, fine+" ") && !strings.HasPrefix(line, noted+" ") && !strings.HasPrefix(line, ill+" ") {
					t.Errorf("a line is no finding: %q", line)
				}
			}
			if t.Failed() {
				t.Logf("%s%s", &out, &errs)
			}
		})
	}
	_, _, code := command(t, "doctor", "--db", "postgres://me:geheim@127.0.0.1:1/x")
	if out, _, _ := command(t, "doctor", "--db", "postgres://me:geheim@127.0.0.1:1/x"); code != exitNothing || !strings.Contains(out, "is the server up") || strings.Contains(out, "geheim") {
		t.Errorf("a server that is not there: exit %d: %s", code, out)
	}
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}
