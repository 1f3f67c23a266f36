package main

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// notJSON are the commands that have no --json, and why.
var notJSON = map[string]string{
	"serve":          "answers over HTTP",
	"mcp":            "speaks JSON-RPC",
	"answers":        "prints the answers as they are: JSON lines",
	"record keygen":  "writes a file, and prints the key that others need",
	"record sign":    "writes a file, and prints the line that others add",
	"compile ideals": "writes a table of the record; for who builds it",
	"anchor":         "prints a note in the form its standard sets",
}

// TestEveryCommandAnswersInJSON walks all commands: each that answers can answer in
// JSON, or stands in the table above with its reason.
func TestEveryCommandAnswersInJSON(t *testing.T) {
	a := &app{world: world{getenv: func(string) string { return "" }, now: time.Now}}
	seen := map[string]bool{}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			walk(sub)
		}
		path := strings.TrimPrefix(c.CommandPath(), "article41 ")
		if !c.Runnable() || c.HasSubCommands() {
			return
		}
		seen[path] = true
		has := c.Flag("json") != nil
		if _, without := notJSON[path]; has == without {
			t.Errorf("%s: --json %v, and in the table %v", path, has, without)
		}
	}
	for _, command := range commands {
		walk(command(a))
	}
	for path := range notJSON {
		if !seen[path] {
			t.Errorf("there is no command %q", path)
		}
	}
}
