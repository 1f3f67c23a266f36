package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"article41/account"
)

// within is an app on a database of its own, as a command has it.
func within(t *testing.T, dir string, env map[string]string) *app {
	t.Helper()
	a := &app{world: world{out: &bytes.Buffer{}, err: &bytes.Buffer{}, now: func() time.Time { return noon },
		getenv: func(name string) string { return env[name] }}}
	if err := a.open(context.Background(), filepath.Join(dir, "a.db"), true); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.close() })
	return a
}

func TestMasterKey(t *testing.T) {
	dir := t.TempDir()
	a := within(t, dir, nil)
	v, err := a.vault(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := v.Seal(t.Context(), "customer/1", []byte("Amina"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.db.keys", "a.db.keys.master"} {
		st, err := os.Stat(filepath.Join(dir, name))
		if err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v; want it for its owner alone", name, st.Mode(), err)
		}
	}
	master, err := os.ReadFile(filepath.Join(dir, "a.db.keys.master"))
	if err != nil {
		t.Fatal(err)
	}
	other := account.Master{9}.String()
	elsewhere := filepath.Join(t.TempDir(), "m")
	if err := os.WriteFile(elsewhere, master, 0o600); err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		reason string
		env    map[string]string
		set    func(*sealing)
		gone   bool // the generated file
		wrong  string
	}{
		{"found again beside the keys", nil, nil, false, ""},
		{"from the environment", map[string]string{"ARTICLE41_MASTER_KEY": strings.TrimSpace(string(master))}, nil, true, ""},
		{"from a file", nil, func(s *sealing) { s.file = elsewhere }, true, ""},
		{"from a command", nil, func(s *sealing) { s.command = "cat " + elsewhere }, true, ""},
		{"another key", map[string]string{"ARTICLE41_MASTER_KEY": other}, nil, true, "not the master key"},
		{"no key at all", map[string]string{"ARTICLE41_MASTER_KEY": "x"}, nil, true, "32 bytes"},
		{"a file that is not there", nil, func(s *sealing) { s.file = filepath.Join(dir, "none") }, true, "no such file"},
		{"a command that fails", nil, func(s *sealing) { s.command = "false" }, true, "--master-key-command"},
		{"gone: none is made in its place", nil, nil, true, "was begun under one that is not here"},
		{"served to others: none is found by itself", nil, func(s *sealing) { s.configured = true }, false, "--master-key-file"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			beside := filepath.Join(dir, "a.db.keys.master")
			if c.gone {
				if err := os.Rename(beside, beside+".away"); err != nil {
					t.Fatal(err)
				}
				defer os.Rename(beside+".away", beside)
			}
			a := within(t, dir, c.env)
			if c.set != nil {
				c.set(&a.sealing)
			}
			v, err := a.vault(t.Context())
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) || strings.Contains(err.Error(), strings.TrimSpace(string(master))) {
					t.Fatalf("%v: want a word of %q, and no key", err, c.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if p, err := v.Open(t.Context(), "customer/1", sealed); err != nil || string(p) != "Amina" {
				t.Errorf("reads %q (%v)", p, err)
			}
		})
	}
}

// TestKeysGone: where the keys were lost and the master key made for them is still
// here, no empty keys take their place.
func TestKeysGone(t *testing.T) {
	dir := t.TempDir()
	keys := filepath.Join(dir, "a.db.keys")
	if err := os.WriteFile(keys+".master", []byte(account.Master{9}.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := within(t, dir, nil).vault(t.Context()); err == nil || !strings.Contains(err.Error(), "a.db.keys is gone") {
		t.Error(err)
	}
	if _, err := os.Stat(keys); err == nil {
		t.Error("keys were made")
	}
}

func TestShelfNeedsADatabase(t *testing.T) {
	a := &app{world: world{getenv: func(string) string { return "" }}}
	if _, err := a.shelf(); err == nil || !strings.Contains(err.Error(), "there is no database") {
		t.Error(err)
	}
	if _, err := a.vault(t.Context()); err == nil || !strings.Contains(err.Error(), "--db") {
		t.Error(err)
	}
	if err := a.open(t.Context(), filepath.Join(t.TempDir(), "none.db"), false); err == nil || a.store != nil {
		t.Error("a database was made of a mistyped name")
	}
}
