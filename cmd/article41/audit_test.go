package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAudit: a sound ledger is sound; one byte changed behind its back is found
// and placed; two installations are compared.
func TestAudit(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one.db"), filepath.Join(dir, "two.db")
	for _, db := range []string{one, two} {
		makeDB(t, db)
	}
	if out, _, code := command(t, "audit", "--db", one, "--with", two); code != 0 || !strings.Contains(out, "is sound") || !strings.Contains(out, "agrees") {
		t.Errorf("exit %d: %s", code, out)
	}
	if out, _, code := command(t, "audit", "--db", one, "--repair-index"); code != 0 || !strings.Contains(out, "0 rows were made anew") || !strings.Contains(out, "is sound") {
		t.Errorf("nothing to repair: exit %d: %s", code, out)
	}
	db, err := sql.Open("sqlite", two)
	if err != nil {
		t.Fatal(err)
	}
	res, err := db.Exec(`UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'Mali', 'Mala') AS BLOB) WHERE fact = 'regime/mali'`)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := res.RowsAffected(); n != 1 {
		t.Fatalf("%d rows changed", n)
	}
	db.Close()
	out, _, code := command(t, "audit", "--db", two, "--with", one)
	if code != exitNothing || !strings.Contains(out, "does not hold together") || !strings.Contains(out, "regime/mali") {
		t.Errorf("exit %d: %s", code, out)
	}
	if _, errs, code := command(t, "audit", "--db", filepath.Join(dir, "none.db")); code != exitUnable || !strings.Contains(errs, "none.db") {
		t.Errorf("exit %d: %s", code, errs)
	}
	if _, _, code := command(t, "audit", "--repair-index", "--db", filepath.Join(dir, "none.db")); code != exitUnable {
		t.Errorf("exit %d", code)
	}
	if _, err := os.Stat(filepath.Join(dir, "none.db")); err == nil {
		t.Error("the audit made a database")
	}
}
