package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// postOffice is a mail server of one letter.
func postOffice(t *testing.T) (address string, letter chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	letter = make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		var got strings.Builder
		in := bufio.NewReader(c)
		fmt.Fprint(c, "220 here\r\n")
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			got.WriteString(line)
			switch word := strings.ToUpper(strings.Fields(line + " .")[0]); word {
			case "DATA":
				fmt.Fprint(c, "354 go on\r\n")
				for {
					line, err := in.ReadString('\n')
					if err != nil || line == ".\r\n" {
						break
					}
					got.WriteString(line)
				}
				fmt.Fprint(c, "250 kept\r\n")
			case "QUIT":
				fmt.Fprint(c, "221 bye\r\n")
				letter <- got.String()
				return
			default:
				fmt.Fprint(c, "250 yes\r\n")
			}
		}
	}()
	return l.Addr().String(), letter
}

func TestLetters(t *testing.T) {
	address, letter := postOffice(t)
	send, err := (&letters{server: address, from: "desk@example.org", site: "https://example.org"}).mailer()
	if err != nil {
		t.Fatal(err)
	}
	if err := send(context.Background(), "ada@example.net", "Wörter", "One line.\nAnother.\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-letter:
		for _, want := range []string{"MAIL FROM:<desk@example.org>", "RCPT TO:<ada@example.net>", "Subject: =?utf-8?q?W=C3=B6rter?=", "One line.\r\nAnother.\r\n"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q\nlacks %q", got, want)
			}
		}
	case <-time.After(10 * time.Second):
		t.Fatal("no letter came")
	}
	for _, to := range []string{"", "a@b\r\nRCPT TO:<x@y>", "nobody"} {
		if err := send(context.Background(), to, "s", "b"); err == nil {
			t.Errorf("a letter went to %q", to)
		}
	}
	for name, l := range map[string]letters{"no port": {server: "example.org"}, "no sender": {server: "a:25"}, "no site": {server: "a:25", from: "a@example.org"}, "confirm without a server": {confirm: true}} {
		if _, err := l.mailer(); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if send, err := (&letters{}).mailer(); send != nil || err != nil {
		t.Error("letters are sent though no server was named")
	}
}

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
