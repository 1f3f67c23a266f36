package main

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"article41"
	"article41/account"
	"article41/monitor"
	"article41/monitortest"
	"article41/web"
)

// waits are commands that serve, wait or ask others; each has its own tests.
var waits = []string{"serve", "worker", "submit", "update", "mcp", "compare", "load", "compile", "copy", "record", "restore", "account", "key"}

// Every command of the program is run on a database in which a name is withheld,
// by every argument that could lead to it; then every file that is there is
// searched, the database first.
func TestAWithheldNameIsInNoCommandAndNoFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	a := &app{world: world{in: strings.NewReader(""), out: io.Discard, err: io.Discard, now: monitortest.Now, getenv: func(string) string { return "" }}}
	arc, err := a.archive(t.Context(), asked{db: "a.db", overlay: "none"}, true)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := a.incidentDesk(t.Context(), arc)
	if err != nil {
		t.Fatal(err)
	}
	h := monitortest.Over(arc, desk, func(arc *article41.Archive, desk *monitor.Desk) http.Handler {
		return web.New(arc, web.Options{Today: monitortest.Today, Version: "test", Monitor: desk, Now: monitortest.Now})
	})
	draft := h.Publish(t, monitortest.Entered())
	if x, err := desk.Draft(account.With(t.Context(), h.Person("ben")), monitor.DraftID(draft)); err != nil || x.Withheld == nil || len(x.Withheld.Names) != 1 {
		t.Fatal("nothing is withheld: the test would prove nothing", err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	ran := 0
	try := func(args ...string) {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		var out, errs bytes.Buffer
		code := run(ctx, world{strings.NewReader("Sampletown"), &out, &errs, func(string) string { return "" }, monitortest.Now}, args)
		ran++
		if f := monitortest.Found(out.String() + errs.String()); len(f) > 0 {
			t.Errorf("article41 %s (exit %d) says %v", strings.Join(args, " "), code, f)
		}
	}
	var walk func(c *cobra.Command, path []string)
	walk = func(c *cobra.Command, path []string) {
		for _, sub := range c.Commands() {
			walk(sub, append(slices.Clone(path), sub.Name()))
		}
		if !c.Runnable() || slices.Contains(waits, path[0]) {
			return
		}
		for _, more := range [][]string{{}, {"sampletown-2025"}, {draft}, {"Sampletown"}, {"out-" + strings.Join(path, "-") + ".zip", "sampletown-2025"}, {"out-" + strings.Join(path, "-") + ".csv", "sampletown-2025"}} {
			args := append(slices.Clone(path), more...)
			if c.Flags().Lookup("db") != nil {
				args = append(args, "--db", "a.db")
			}
			try(args...)
			if c.Flags().Lookup("json") != nil {
				try(append(args, "--json")...)
			}
		}
	}
	for _, c := range commands {
		c := c(&app{world: a.world})
		if testing.Short() && c.Name() != "monitor" {
			continue
		}
		walk(c, []string{c.Name()})
	}
	if ran < 30 {
		t.Errorf("only %d commands were run", ran)
	}
	files, zips := 0, 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		all := [][]byte{b}
		if strings.HasSuffix(path, ".zip") {
			zips++
			all = append(all, unzipped(t, b)...)
		}
		for _, b := range all {
			if f := monitortest.Found(string(b)); len(f) > 0 {
				t.Errorf("%s holds %v", filepath.Base(path), f)
			}
		}
		return nil
	})
	if err != nil || files < 3 || zips == 0 {
		t.Errorf("%d files, %d of them archives: %v", files, zips, err)
	}
	t.Logf("%d commands were run, %d files searched", ran, files)
}

func unzipped(t *testing.T, b []byte) (out [][]byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil // a backup may be of another form
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if r.Close(); err != nil {
			t.Fatal(err)
		}
		out = append(out, body)
	}
	return out
}
