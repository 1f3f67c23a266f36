package main

import (
	"strings"
	"testing"
)

// TestChangesCommand: the end of the log without a cursor, what is no cursor said
// in words, and a log that goes on where an answer ended.
func TestChangesCommand(t *testing.T) {
	for _, c := range []struct {
		why  string
		args []string
		code int
		want string
		not  string
	}{
		{"without a cursor the newest", []string{"changes", "--limit", "3"}, exitAnswered, "the log ends here; what comes next: --after ", "1946"},
		{"from the beginning", []string{"changes", "--after", "0", "--limit", "3"}, exitAnswered, "… there is more: --after 3", ""},
		{"what is no number", []string{"changes", "--after", "x"}, exitUse, `--after "x": not a cursor`, "strconv"},
		{"less than nothing", []string{"changes", "--after=-1"}, exitUse, "not a cursor", "strconv"},
		{"a cursor of another database", []string{"changes", "--after", "99999999"}, exitNothing, "the log ends at", ""},
	} {
		out, errs, code := runOn(t, noon, nil, c.args...)
		all := out + errs
		if code != c.code || !strings.Contains(all, c.want) || c.not != "" && strings.Contains(all, c.not) {
			t.Errorf("%s: status %d\n%.600s", c.why, code, all)
		}
	}
}
