package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestStoryCommand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "story.txt")
	if err := os.WriteFile(file, []byte("On 30 August 2023 the Security Council voted on sanctions against Mali: 13 out of 15 members were in favor. Russia vetoed it."), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	w := world{in: strings.NewReader(""), out: &out, err: &errs, getenv: func(string) string { return "" }, now: func() time.Time { return time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC) }}
	t.Chdir(t.TempDir())
	if code := run(t.Context(), w, []string{"story", file}); code != exitAnswered {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	for _, want := range []string{"agrees: “13 out of 15”", "differs: “sanctions against Mali”", "eight listed individuals", "[sc-voting"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s\nlacks %q", out.String(), want)
		}
	}
	if code := run(t.Context(), w, []string{"story", "nothing-here.txt"}); code != exitUnable {
		t.Errorf("a file that is not there: exit %d", code)
	}
}
