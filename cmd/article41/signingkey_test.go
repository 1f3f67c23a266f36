package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"article41/receipt"
)

// TestRotatedKeys changes the signing key while a server runs: it signs on with the
// new key, what the old one signed verifies, and what the old one signs after its end
// is refused. A rotation that was cut off is finished; a lost key is asked for.
func TestRotatedKeys(t *testing.T) {
	exe := program(t)
	dir := t.TempDir()
	db := filepath.Join(dir, "r.db")
	makeDB(t, db)
	if _, errs, code := command(t, "anchor", "--db", db); code != 0 { // the entries are the first leaves
		t.Fatal(errs)
	}
	server := begin(t, exe, db)
	ask := func(name string) (receipt.Receipt, string) {
		t.Helper()
		var h handed
		answered(t, server.url+"/api/v1/screen", `{"name":"`+name+`","receipt":true}`, &h)
		var p receipt.Proof
		answered(t, server.url+"/api/v1/receipts/"+h.Commitment, "", &p)
		h.Receipt.Proof = &p
		return h.Receipt, save(t, filepath.Join(dir, name+".json"), h.Receipt)
	}
	old, oldFile := ask("Before")
	ask("Between") // so that the key's end is not the tree of the proof before
	oldKey, err := os.ReadFile(filepath.Join(dir, "r.key"))
	if err != nil {
		t.Fatal(err)
	}
	out, errs, code := now(t, exe, "signing-key", "rotate", "--db", db)
	if code != 0 || strings.Count(out, "\n") != 3 || !strings.Contains(out, "the key before") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	fresh, freshFile := ask("After")
	if fresh.Key == old.Key {
		t.Error("the server signs on with the old key")
	}
	history := filepath.Join(dir, "keys.json")
	var published json.RawMessage
	answered(t, server.url+"/api/v1/log/keys", "", &published)
	if err := os.WriteFile(history, published, 0o600); err != nil {
		t.Fatal(err)
	}
	again := old
	var p receipt.Proof
	c, _ := old.Commitment()
	answered(t, server.url+"/api/v1/receipts/"+c.String(), "", &p)
	again.Proof = &p
	againFile := save(t, filepath.Join(dir, "again.json"), again)
	bare := old
	bare.Proof = nil
	bareFile := save(t, filepath.Join(dir, "bare.json"), bare)

	// The old key in other hands: a receipt of today, in a log of its own.
	thief := filepath.Join(dir, "thief.db")
	makeDB(t, thief)
	if err := os.WriteFile(filepath.Join(dir, "thief.key"), oldKey, 0o600); err != nil {
		t.Fatal(err)
	}
	forged := filepath.Join(dir, "forged.json")
	if _, errs, code := now(t, exe, "screen", "Forged", "--db", thief, "--receipt", forged); code > exitNothing {
		t.Fatalf("exit %d: %s", code, errs)
	}
	st, err := old.Verify()
	if err != nil {
		t.Fatal(err)
	}
	st.Issued = st.Issued.AddDate(0, 1, 0)
	stolen, err := signingKey(filepath.Join(dir, "thief.key"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := receipt.Issue(stolen, st)
	if err != nil {
		t.Fatal(err)
	}
	late := save(t, filepath.Join(dir, "late.json"), r)
	for _, c := range []struct {
		reason string
		args   []string
		code   int
		want   string
	}{
		{"before the change, its first proof, offline: whoever has the old key could have made it", []string{oldFile, "--keys-file", history}, 0, "get a newer proof"},
		{"before the change, its first proof, by the database", []string{oldFile, "--db", db}, 0, "a known key, which ended on"},
		{"before the change, a proof of today", []string{againFile, "--db", db}, 0, "Logged"},
		{"the same offline, by the published history", []string{againFile, "--keys-file", history}, 0, "a known key, which ended on"},
		{"the same offline, knowing the new key alone", []string{againFile, "--key", fresh.Key}, 0, "the known key"},
		{"the same offline, knowing the old key alone", []string{againFile, "--key", old.Key}, 0, "the known key"},
		{"before the change, without a proof", []string{bareFile, "--db", db}, 0, "word alone"},
		{"after the change", []string{freshFile, "--keys-file", history}, 0, "the known key"},
		{"signed by the old key in a log of its own", []string{forged, "--keys-file", history}, 0, "get a newer proof"},
		{"the same, by the database", []string{forged, "--db", db}, exitNothing, "none that this database's log ever had"},
		{"signed by the old key after its end", []string{late, "--keys-file", history}, exitNothing, "had ended before"},
		{"no history", []string{oldFile, "--keys-file", freshFile}, exitUnable, "no key history"},
	} {
		out, errs, code := command(t, append([]string{"verify"}, c.args...)...)
		if code != c.code || !strings.Contains(out+errs, c.want) {
			t.Errorf("%s: exit %d: %s%s", c.reason, code, out, errs)
		}
	}

	// Cut off after the log was written: the new key lies beside.
	key := filepath.Join(dir, "r.key")
	if err := os.Rename(key, key+".next"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, oldKey, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := command(t, "anchor", "--db", db); code != 0 || !strings.Contains(out, "article41-") {
		t.Errorf("a rotation cut off: exit %d: %s%s", code, out, errs)
	}
	if left, err := readKey(key); err != nil || left != fresh.Key {
		t.Errorf("the key is %s (%v)", left, err)
	}
	server.kill()

	// Lost.
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := command(t, "screen", "Lost", "--db", db, "--receipt", filepath.Join(dir, "lost.json")); code != exitUnable || !strings.Contains(errs, "rotate --lost") {
		t.Errorf("a lost key: exit %d: %s", code, errs)
	}
	if exists(key) {
		t.Error("a new key was made in silence")
	}
	if out, errs, code := now(t, exe, "signing-key", "rotate", "--lost", "--db", db); code != 0 || !strings.Contains(out, "nobody: the key before was lost") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if _, errs, code := now(t, exe, "screen", "Found", "--db", db, "--receipt", filepath.Join(dir, "found.json")); code > exitNothing {
		t.Errorf("exit %d: %s", code, errs)
	}
	for _, f := range []string{"found.json", "again.json"} {
		if out, errs, code := command(t, "verify", filepath.Join(dir, f), "--db", db); code != 0 {
			t.Errorf("%s: exit %d: %s%s", f, code, out, errs)
		}
	}
	if out, errs, code := command(t, "audit", "--db", db); code != 0 {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}

func save(t *testing.T, path string, r receipt.Receipt) string {
	t.Helper()
	b, err := json.Marshal(r)
	if err == nil {
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// now runs the program as it is, with the clock of the machine.
func now(t *testing.T, exe string, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e strings.Builder
	c := exec.Command(exe, args...)
	c.Stdout, c.Stderr = &o, &e
	var exit *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return o.String(), e.String(), c.ProcessState.ExitCode()
}

// answered gets an address, or posts a body to it, and reads the answer.
func answered(t *testing.T, address, body string, into any) {
	t.Helper()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	q, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode == http.StatusOK {
		err = json.Unmarshal(text, into)
	}
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %.300s (%v)", address, r.Status, text, err)
	}
}
