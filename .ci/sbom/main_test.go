package main

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"
)

// The document of a program names every module that it links, each reference once
// and none that is not there, and is the same twice.
func TestWrite(t *testing.T) {
	program := filepath.Join(t.TempDir(), "article41_test")
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/article41").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v: %s", err, out)
	}
	var one, two bytes.Buffer
	if err := write(&one, []string{program}); err != nil {
		t.Fatal(err)
	}
	if err := write(&two, []string{program}); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Fatalf("two documents of one program differ (%v)", err)
	}
	var doc struct {
		Metadata     struct{ Component component }
		Components   []component
		Dependencies []dependency
	}
	if err := json.Unmarshal(one.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{doc.Metadata.Component.Ref: true}
	names := map[string]bool{}
	for _, c := range doc.Components {
		if there[c.Ref] {
			t.Errorf("%s stands twice", c.Ref)
		}
		there[c.Ref], names[c.Name] = true, true
	}
	for _, d := range doc.Dependencies {
		for _, ref := range append(d.On, d.Ref) {
			if !there[ref] {
				t.Errorf("%s is referred to and is no component", ref)
			}
		}
	}
	for _, name := range []string{"std", "modernc.org/sqlite", "github.com/jackc/pgx/v5", "github.com/nats-io/nats-server/v2"} {
		if !names[name] {
			t.Errorf("%s is linked and not named", name)
		}
	}
	if err := write(&one, []string{"main.go"}); err == nil {
		t.Error("a file that is no program is taken for one")
	}
}
