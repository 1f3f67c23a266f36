package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReceipts: a screening, a nil included, carries a receipt that verifies and
// replays to the byte, on the shipped record and on a database; a changed one is
// refused, and one of another engine names it.
func TestReceipts(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, c := range []struct {
		name, db string
		want     int
	}{
		{"Houka Houka Ag Alhousseini", "", exitAnswered},
		{"Marguerite Entwhistle-Okafor", "", exitNothing},
		{"Houka Houka Ag Alhousseini", filepath.Join(dir, "r.db"), exitAnswered},
	} {
		file := filepath.Join(dir, "receipt.json")
		args := []string{"screen", c.name, "--as-of", "2023-08-01", "--receipt", file}
		more := []string{}
		if c.db != "" {
			makeDB(t, c.db)
			more = []string{"--db", c.db}
		}
		if _, errs, code := command(t, append(args, more...)...); code != c.want {
			t.Fatalf("%s: exit %d: %s", c.name, code, errs)
		}
		out, errs, code := command(t, append([]string{"verify", file, "--replay"}, more...)...)
		if code != 0 || !strings.Contains(out, "Replayed: the same bytes came out.") || !strings.Contains(out, "the known key") {
			t.Errorf("%s: exit %d: %s%s", c.name, code, out, errs)
		}
		if strings.Contains(strings.ToLower(out), "cleared") {
			t.Errorf("it says cleared: %s", out)
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		forged := filepath.Join(dir, "forged.json")
		if err := os.WriteFile(forged, []byte(strings.Replace(string(b), "2023-08-01", "2023-08-02", 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, _, code := command(t, append([]string{"verify", forged}, more...)...); code != exitNothing || !strings.Contains(out, "Not sound") {
			t.Errorf("forged: exit %d: %s", code, out)
		}
	}
	if _, errs, code := command(t, "verify", "receipt.json", "--replay"); code != exitUnable || !strings.Contains(errs, "database") {
		t.Errorf("on another ledger: exit %d: %s", code, errs)
	}
	if info, err := os.Stat("article41.key"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v, %v", info, err)
	}
}
