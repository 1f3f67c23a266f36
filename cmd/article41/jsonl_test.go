package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestScreenLines(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.jsonl"), filepath.Join(dir, "out.jsonl")
	os.WriteFile(in, []byte(`{"id":"a","name":"Houka Houka Ag Alhousseini"}`+"\n"+`{"id":"b","name":"Tzvetanka Brouwershaven"}`+"\n"), 0o600)
	o := asks(t, dir, "screen", "--in", in, "--out", out, "--as-of", "2023-08-01")
	if o.code != exitAnswered || !strings.Contains(o.out, "2 lines, 1 with hits, 0 errors") {
		t.Fatalf("%d %s %s", o.code, o.out, o.err)
	}
	b, err := os.ReadFile(out)
	if err != nil || strings.Count(string(b), "\n") != 3 || !strings.Contains(string(b), `"MLi.005"`) {
		t.Errorf("%v %.300s", err, b)
	}
	for why, args := range map[string][]string{
		"a name and a file":         {"screen", "x", "--in", in},
		"a fact beside a file":      {"screen", "--in", in, "--born", "1970"},
		"neither":                   {"screen"},
		"an output without a batch": {"screen", "x", "--out", out},
	} {
		if o := asks(t, dir, args...); o.code != exitUse {
			t.Errorf("%s: exit %d: %s", why, o.code, o.err)
		}
	}
	if o := asks(t, dir, "screen", "--in", filepath.Join(dir, "none")); o.code != exitUnable {
		t.Errorf("a file that is not there: exit %d", o.code)
	}
	os.WriteFile(in, []byte("{\n"), 0o600)
	if o := asks(t, dir, "screen", "--in", in); o.code != exitNothing || !strings.Contains(o.out, `"error"`) {
		t.Errorf("a line that is none: exit %d: %s", o.code, o.out)
	}
}

func TestPayment(t *testing.T) {
	dir := t.TempDir()
	messages, err := filepath.Abs(filepath.Join("..", "..", "api", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"pacs008.xml", "mt103.txt"} {
		o := asks(t, dir, "payment", filepath.Join(messages, file), "--as-of", "2025-01-01")
		if o.code != exitAnswered || !strings.Contains(o.out, "debtor of transaction 1") || !strings.Contains(o.out, "Listed as QDi") {
			t.Errorf("%s: %d %s %s", file, o.code, o.out, o.err)
		}
	}
	bad := filepath.Join(dir, "bad")
	os.WriteFile(bad, []byte("hello"), 0o600)
	if o := asks(t, dir, "payment", bad); o.code != exitUnable || !strings.Contains(o.err, "not a payment message") {
		t.Errorf("%d %s", o.code, o.err)
	}
	os.WriteFile(bad, []byte("{4:\n:59:TZVETANKA BROUWERSHAVEN\n-}"), 0o600)
	if o := asks(t, dir, "payment", bad, "--json"); o.code != exitNothing || !strings.Contains(o.out, `"role": "creditor"`) {
		t.Errorf("%d %s", o.code, o.out)
	}
}

// spoken is what a command said.
type spoken struct {
	code     int
	out, err string
}

// asks runs a command in a folder of its own, on the shipped record alone.
func asks(t *testing.T, dir string, args ...string) spoken {
	t.Helper()
	t.Chdir(dir)
	var out, err strings.Builder
	now := func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	code := run(context.Background(), world{strings.NewReader(""), &out, &err, func(string) string { return "" }, now}, args)
	return spoken{code, out.String(), err.String()}
}
