package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"article41/account"
	"article41/receipt"
)

// TestReceiptOverHTTP asks for a receipt, sees its proof within a second, and
// verifies both offline with the command.
func TestReceiptOverHTTP(t *testing.T) {
	g := startGuarded(t)
	_, token, err := g.reg.NewKey(t.Context(), time.Now(), account.Key{Label: "hub", Roles: []account.Role{account.Screener}})
	if err != nil {
		t.Fatal(err)
	}
	nobody := g.browser("")
	r, text := g.send(nobody, "POST", "/api/v1/screen", `{"name":"Nobody Of That Name","receipt":true}`, "Authorization: Bearer "+token)
	var answer struct {
		Receipt    receipt.Receipt `json:"receipt"`
		Commitment string          `json:"commitment"`
		Hits       []any           `json:"hits"`
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil || r.StatusCode != 200 || len(answer.Hits) != 0 {
		t.Fatalf("%v %s: %.300s", err, r.Status, text)
	}
	var proof receipt.Proof
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		r, text := g.send(nobody, "GET", "/api/v1/receipts/"+answer.Commitment, "")
		if r.StatusCode == 200 {
			if err := json.Unmarshal([]byte(text), &proof); err != nil {
				t.Fatal(err)
			}
			t.Logf("the proof came after %s", time.Since(began))
			break
		}
		if time.Since(began) > 30*time.Second {
			t.Fatalf("no proof: %s %s", r.Status, text)
		}
	}
	if _, err := proof.Check(answer.Receipt); err != nil {
		t.Error(err)
	}
	answer.Receipt.Proof = &proof
	path := filepath.Join(t.TempDir(), "r.json")
	b, _ := json.Marshal(answer.Receipt)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, code := command(t, "verify", path, "--replay", "--db", g.a.db, "--overlay", "none")
	if code != 0 || !strings.Contains(out, "Logged: it is in the issuer's log") || !strings.Contains(out, "the same bytes came out") || !strings.Contains(out, "signed by the known key") {
		t.Errorf("exit %d: %s", code, out)
	}

	// Another's proof, a forged one, and one with the path cut short.
	forged := *answer.Receipt.Proof
	forged.Leaf++
	answer.Receipt.Proof = &forged
	b, _ = json.Marshal(answer.Receipt)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _, code := command(t, "verify", path, "--db", g.a.db); code != 1 || !strings.Contains(out, "Not sound") {
		t.Errorf("a forged proof: exit %d: %s", code, out)
	}

	for _, c := range []struct{ path, want string }{
		{"/api/v1/receipts/" + strings.Repeat("0", 64), "404"},
		{"/api/v1/receipts/x", "400"},
		{"/api/v1/log/checkpoint", "200"},
		{"/api/v1/log/consistency?from=1", "200"},
		{"/api/v1/log/consistency?from=99999999", "400"},
		{"/api/v1/log/consistency", "400"},
	} {
		if r, text := g.send(nobody, "GET", c.path, ""); r.Status[:3] != c.want {
			t.Errorf("%s: %s: %.200s", c.path, r.Status, text)
		}
	}

	// The page's button.
	owner := g.browser(account.Owner)
	resp, err := owner.PostForm(g.url+"/screen/receipt", url.Values{"name": {"Nobody Of That Name"}})
	if err != nil || resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Disposition") == "" {
		t.Fatalf("%v %v", err, resp)
	}
	defer resp.Body.Close()
	page, err := receipt.Read(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := page.Verify(); err != nil {
		t.Error(err)
	}
}
