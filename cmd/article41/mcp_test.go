package main

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// TestAgent drives the command with the protocol's own client.
func TestAgent(t *testing.T) {
	t.Chdir(t.TempDir())
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	ended := make(chan int, 1)
	var errs strings.Builder
	go func() {
		now := func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
		ended <- run(context.Background(), world{toServer, fromServer, &errs, func(string) string { return "" }, now}, []string{"mcp"})
		fromServer.Close()
	}()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(ctx, &mcp.IOTransport{Reader: toClient, Writer: fromClient}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tools, err := session.ListTools(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, one := range tools.Tools {
		names = append(names, one.Name)
		if one.Annotations == nil || !one.Annotations.ReadOnlyHint {
			t.Errorf("%s is not said to be read-only", one.Name)
		}
	}
	if got := strings.Join(names, " "); got != "history in_force screen vote what_if" {
		t.Errorf("tools %s", got)
	}
	for _, c := range []struct {
		why, tool, args string
		says            string // a part of the answer
		fails           bool
	}{
		{"the last day", "in_force", `{"regime":"mali","as_of":"2023-08-31"}`, `"status":"in-force"`, false},
		{"the day after", "in_force", `{"regime":"mali","as_of":"2023-09-01"}`, `"status":"lapsed"`, false},
		{"a state", "in_force", `{"territory":"South Sudan","as_of":"2019-01-01"}`, `"south-sudan"`, false},
		{"every regime", "in_force", `{}`, `"libya-2"`, false},
		{"a vote", "vote", `{"symbol":"S/2023/638"}`, `"13-1-1"`, false},
		{"another vote", "what_if", `{"symbol":"S/2023/638","votes":{"RUS":"abstain"},"as_of":"2024-03-01"}`, `"13-0-2"`, false},
		{"the rival adopted", "what_if", `{"symbol":"S/2023/638","adopt":["S/2023/639"],"as_of":"2024-03-01"}`, `"counterfactual"`, false},
		{"a name", "screen", `{"name":"Houka Houka Ag Alhousseini","as_of":"2023-08-01"}`, `"MLi.005"`, false},
		{"a name on a day before anyone knew", "screen", `{"name":"Houka Houka Ag Alhousseini","as_of":"2010-01-01","known_at":"2010-01-01"}`, `Not`, false},
		{"a history", "history", `{"entry":"MLi.005"}`, `"spans"`, false},
		{"no such regime", "in_force", `{"regime":"atlantis"}`, "atlantis", true},
		{"two questions at once", "in_force", `{"regime":"mali","territory":"SSD"}`, "one of them", true},
		{"no day", "in_force", `{"as_of":"soon"}`, "day", true},
		{"no symbol", "vote", `{"symbol":"hello"}`, "hello", true},
		{"nothing changed", "what_if", `{"symbol":"S/2023/638"}`, "nothing is changed", true},
		{"no ballot", "what_if", `{"symbol":"S/2023/638","votes":{"RUS":"maybe"}}`, "maybe", true},
		{"nothing to screen", "screen", `{"name":" "}`, "nothing to screen", true},
		{"a field that is none", "vote", `{"symbol":"S/2023/638","zeal":1}`, "zeal", true},
	} {
		r, err := session.CallTool(ctx, &mcp.CallToolParams{Name: c.tool, Arguments: json.RawMessage(c.args)})
		var text string
		if err == nil {
			b, _ := json.Marshal(r.StructuredContent)
			text = string(b)
			for _, part := range r.Content {
				if one, ok := part.(*mcp.TextContent); ok {
					text += one.Text
				}
			}
		} else {
			text = err.Error()
		}
		if failed := err != nil || r.IsError; failed != c.fails || !strings.Contains(text, c.says) {
			t.Errorf("%s: failed %v, %.300s", c.why, failed, text)
		}
	}
	session.Close()
	fromClient.Close()
	select {
	case code := <-ended:
		if code != exitAnswered {
			t.Errorf("exit %d: %s", code, errs.String())
		}
	case <-time.After(10 * time.Second):
		t.Error("the command does not end with its client")
	}
}

// TestCompletion: a shell can ask for what may follow.
func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if o := asks(t, t.TempDir(), "completion", shell); o.code != exitAnswered || !strings.Contains(o.out, "article41") {
			t.Errorf("%s: %d %s", shell, o.code, o.err)
		}
	}
	for _, c := range []struct{ args, wants string }{
		{"status ma", "mali\n"}, {"law south", "south-sudan\n"}, {"import of", "ofac\t"}, {"import ofac ", ":0\n"},
	} {
		if o := asks(t, t.TempDir(), append([]string{"__complete"}, strings.Split(c.args, " ")...)...); !strings.Contains(o.out, c.wants) {
			t.Errorf("%s: %s %s", c.args, o.out, o.err)
		}
	}
	if o := asks(t, t.TempDir(), "__complete", "scr"); !strings.Contains(o.out, "screen\t") {
		t.Errorf("%s", o.out)
	}
}

// TestAgentLines: a line that is no message is answered as JSON-RPC has it, and the
// session goes on.
func TestAgentLines(t *testing.T) {
	t.Chdir(t.TempDir())
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(t.Context(), world{in, out, io.Discard, func(string) string { return "" }, time.Now}, []string{"mcp"})
		out.Close()
	}()
	go io.WriteString(toServer, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
rubbish {

{"jsonrpc":"2.0","id":2,"method":"nothing/known"}
{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"in_force","arguments":{"regime":"mali","as_of":"2023-09-01"}}}
`)
	got := map[string]bool{}
	dec := json.NewDecoder(fromServer)
	for len(got) < 4 {
		var m struct {
			ID     any
			Error  *struct{ Code int }
			Result json.RawMessage
		}
		if err := dec.Decode(&m); err != nil {
			t.Fatal(err, got)
		}
		switch {
		case m.ID == nil && m.Error != nil && m.Error.Code == -32700:
			got["rubbish"] = true
		case m.ID == 2.0 && m.Error != nil:
			got["unknown"] = true
		case m.ID == 3.0 && strings.Contains(string(m.Result), "lapsed"):
			got["answer"] = true
		case m.ID == 1.0 && m.Error == nil:
			got["begun"] = true
		}
	}
	toServer.Close()
	if code := <-ended; code != exitAnswered {
		t.Errorf("exit %d", code)
	}
}
