package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestClient: the generated client is fresh, and reads the answers of the program as
// it serves the whole record (its own tests, run here).
func TestClient(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: builds the program and the client's generator; left out by -short")
	}
	const module = "../../client"
	kept, err := os.ReadFile(filepath.Join(module, "client.gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join(module, "oapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	made := filepath.Join(dir, "client.gen.go")
	config = bytes.Replace(config, []byte("output: client.gen.go"), []byte("output: "+made), 1)
	if err := os.WriteFile(filepath.Join(dir, "oapi.yaml"), config, 0o644); err != nil {
		t.Fatal(err)
	}
	inModule := func(env []string, args ...string) {
		t.Helper()
		c := exec.Command("go", args...)
		c.Dir, c.Env = module, append(os.Environ(), env...)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
	}
	inModule(nil, "tool", "oapi-codegen", "-config", filepath.Join(dir, "oapi.yaml"), "../api/openapi.json")
	now, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, now) {
		t.Error("client/client.gen.go is not what api/openapi.json makes: go generate in client")
	}
	srv := served{args: []string{"--addr", "127.0.0.1:0", "--rate", "0"}, dir: dir}
	if err := srv.start(program(t)); err != nil {
		t.Fatal(err)
	}
	defer srv.stop()
	l, err := srv.loader(time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	inModule([]string{"ARTICLE41_CLIENT_TEST_SERVER=" + l.base}, "test", "-count=1", ".")
}
