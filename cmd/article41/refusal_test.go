package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"article41/account"
	"article41/receipt"
)

// TestRefusalComesFirst: what serve lacks is said before an address is bound or
// told. Each start is given an address that is taken, so that one which got as far
// as binding would say that instead.
func TestRefusalComesFirst(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := t.TempDir()
	t.Chdir(dir)
	write := func(name, body string) string {
		if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	// Two databases that have signed and sealed, one without its signing key, one
	// under another master key.
	for _, db := range []string{"lost.db", "other.db"} {
		a := within(t, t.TempDir(), nil)
		if err := a.store.Close(); err != nil {
			t.Fatal(err)
		}
		if err := a.open(t.Context(), db, true); err != nil {
			t.Fatal(err)
		}
		v, err := a.vault(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Seal(t.Context(), "customer/1", []byte("Amina")); err != nil {
			t.Fatal(err)
		}
		if _, err := a.receipts(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove("lost.key"); err != nil {
		t.Fatal(err)
	}
	write("wrong.master", account.Master{9}.String()+"\n")
	write("cert.pem", "no certificate")
	pass, says := strings.NewReader(goodPassword), &bytes.Buffer{}
	if code := run(t.Context(), world{pass, says, says, func(string) string { return "" }, func() time.Time { return noon }}, []string{"account", "new", "amina", "--role", "owner", "--db", "tls.db"}); code != exitAnswered {
		t.Fatalf("no account: exit %d: %s", code, says)
	}
	master, err := filepath.Abs("tls.db.keys.master")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		reason string
		args   []string
		code   int
		word   string
	}{
		{"the signing key is lost", []string{"--db", "lost.db"}, exitUnable, receipt.ErrSigner.Error()},
		{"another master key", []string{"--db", "other.db", "--master-key-file", "wrong.master"}, exitUnable, "not the master key"},
		{"no such master key file", []string{"--db", "other.db", "--master-key-file", "none"}, exitUnable, "none"},
		{"nobody could sign in", []string{"--db", "a.db", "--sign-in"}, exitUse, "nobody could sign in"},
		{"a certificate without its key", []string{"--db", "tls.db", "--tls-cert", "cert.pem"}, exitUse, "--tls-key"},
		{"a certificate that is none", []string{"--db", "tls.db", "--master-key-file", master, "--tls-cert", "cert.pem", "--tls-key", "cert.pem"}, exitUnable, "--tls-cert"},
		{"a proxy that is no address", []string{"--db", "tls.db", "--master-key-file", master, "--trusted-proxy", "proxy.example"}, exitUse, "proxy.example"},
		{"an issuer without a client", []string{"--db", "tls.db", "--oidc-issuer", "https://id.example"}, exitUse, "--oidc-client"},
		{"profiles for everybody", []string{"--pprof-addr", "0.0.0.0:0"}, exitUse, "--pprof-addr"},
		{"a folder of lists and no schedule", []string{"--update-from", "."}, exitUse, "--update-every"},
		{"a folder of lists that is nowhere", []string{"--update-every", "1h", "--update-from", "nowhere"}, exitUse, "no such folder"},
		{"spans to half an address", []string{"--traces-to", "127.0.0.1:4318"}, exitUse, "--traces-to"},
		{"spans of more than all", []string{"--traced", "2"}, exitUse, "--traced"},
		{"metrics on no address", []string{"--metrics-addr", "9041"}, exitUse, "--metrics-addr"},
		{"no such schedule", []string{"--retention-schedule", "none.csv"}, exitUnable, "none.csv"},
		{"an address that is none", []string{"--addr", "8041"}, exitUse, `--addr "8041"`},
		{"nothing amiss but the address, which is taken", []string{"--db", "a.db"}, exitUnable, "in use"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			out, errs, code := command(t, append([]string{"serve", "--addr", taken.Addr().String()}, c.args...)...)
			if code != c.code || !strings.Contains(errs, c.word) || out != "" || strings.Count(errs, "\n") != 1 {
				t.Errorf("exit %d, says %q and %q; want %d, nothing and one line with %q", code, out, errs, c.code, c.word)
			}
		})
	}
}
