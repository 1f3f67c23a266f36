package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"article41/date"
	"article41/follow"
	"article41/record"
	"article41/web"
)

// postOffice is a small mail server (RFC 5321) that keeps what it is told.
type postOffice struct {
	address string
	letters chan string // each talk from its first line to its last
	tls     *tls.Config // nil: it offers none
	roots   *x509.CertPool

	mu     sync.Mutex
	refuse string // the answer to RCPT, such as "550 5.1.1 nobody here"
	mute   bool   // it takes the call and says nothing
}

func openPostOffice(t *testing.T, secure bool) *postOffice {
	t.Helper()
	p := &postOffice{letters: make(chan string, 20)}
	if secure {
		cert := httptest.NewTLSServer(nil) // for its certificate, of 127.0.0.1
		cert.Close()
		p.tls, p.roots = &tls.Config{Certificates: cert.TLS.Certificates}, x509.NewCertPool()
		p.roots.AddCert(cert.Certificate())
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	p.address = l.Addr().String()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.talk(c)
		}
	}()
	return p
}

func (p *postOffice) set(refuse string, mute bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse, p.mute = refuse, mute
}

func (p *postOffice) talk(c net.Conn) {
	defer func() { c.Close() }()
	p.mu.Lock()
	refuse, mute := p.refuse, p.mute
	p.mu.Unlock()
	if mute {
		io.Copy(io.Discard, c)
		return
	}
	var got strings.Builder
	in := bufio.NewReader(c)
	fmt.Fprint(c, "220 here\r\n")
	for secured := false; ; {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		got.WriteString(line)
		switch strings.ToUpper(strings.Fields(line + " .")[0]) {
		case "EHLO":
			if p.tls != nil && !secured {
				fmt.Fprint(c, "250-here\r\n250 STARTTLS\r\n")
			} else {
				fmt.Fprint(c, "250 here\r\n")
			}
		case "STARTTLS":
			fmt.Fprint(c, "220 go on\r\n")
			c, secured = tls.Server(c, p.tls), true
			in = bufio.NewReader(c)
		case "RCPT":
			if refuse != "" {
				fmt.Fprint(c, refuse+"\r\n")
				continue
			}
			fmt.Fprint(c, "250 yes\r\n")
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
			p.letters <- got.String()
		case "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			fmt.Fprint(c, "250 yes\r\n")
		}
	}
}

func (p *postOffice) next(t *testing.T) string {
	t.Helper()
	select {
	case got := <-p.letters:
		return got
	case <-time.After(10 * time.Second):
		t.Fatal("no letter came")
		return ""
	}
}

func (p *postOffice) sender(t *testing.T, l letters) sender {
	t.Helper()
	l.from, l.site, l.roots = "desk@example.org", "https://example.org", p.roots
	if l.server == "" {
		l.server = p.address
	}
	send, err := l.mailer()
	if err != nil {
		t.Fatal(err)
	}
	return send
}

func TestLetters(t *testing.T) {
	p := openPostOffice(t, false)
	send := p.sender(t, letters{})
	if err := send(t.Context(), "ada@example.net", "Wörter", "One line.\nAnother.\n", "List-Unsubscribe: <https://example.org/x>"); err != nil {
		t.Fatal(err)
	}
	got := p.next(t)
	for _, want := range []string{"MAIL FROM:<desk@example.org>", "RCPT TO:<ada@example.net>", "Subject: =?utf-8?q?W=C3=B6rter?=", "List-Unsubscribe: <https://example.org/x>\r\n\r\n", "One line.\r\nAnother.\r\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q\nlacks %q", got, want)
		}
	}
	for _, to := range []string{"", "a@b\r\nRCPT TO:<x@y>", "nobody"} {
		if err := send(t.Context(), to, "s", "b"); err == nil {
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

// TestLettersThatCannotGo: a server that refuses, that says nothing, that is away,
// or whose talk cannot be kept secret.
func TestLettersThatCannotGo(t *testing.T) {
	p := openPostOffice(t, false)
	send := p.sender(t, letters{})
	p.set("550 5.1.1 nobody here", false)
	if err := send(t.Context(), "ada@example.net", "s", "b"); !errors.Is(err, follow.ErrRefused) || !strings.Contains(err.Error(), "nobody here") {
		t.Errorf("refused for good: %v", err)
	}
	p.set("451 4.7.1 try later", false)
	if err := send(t.Context(), "ada@example.net", "s", "b"); err == nil || errors.Is(err, follow.ErrRefused) {
		t.Errorf("refused for now: %v", err)
	}
	p.set("", true)
	if err := p.sender(t, letters{within: 50 * time.Millisecond})(t.Context(), "ada@example.net", "s", "b"); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), p.address) {
		t.Errorf("it says nothing: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := send(ctx, "ada@example.net", "s", "b"); !errors.Is(err, context.Canceled) {
		t.Errorf("the program ends: %v", err)
	}
	p.set("", false)
	_, port, _ := net.SplitHostPort(p.address)
	// Another name of this machine, as another machine would be called.
	elsewhere := letters{server: "0.0.0.0:" + port}
	if err := p.sender(t, elsewhere)(t.Context(), "ada@example.net", "s", "b"); err == nil || !strings.Contains(err.Error(), "offers no TLS") {
		t.Errorf("without TLS: %v", err)
	}
	elsewhere.plain = true
	if err := p.sender(t, elsewhere)(t.Context(), "ada@example.net", "s", "b"); err != nil {
		t.Errorf("--smtp-plain: %v", err)
	}
	p.next(t)
	elsewhere.user, elsewhere.password = "desk", "secret"
	if err := p.sender(t, elsewhere)(t.Context(), "ada@example.net", "s", "b"); err == nil {
		t.Error("a password goes over a talk that is not secret")
	}
	if len(p.letters) != 0 {
		t.Error("a letter went out all the same")
	}
}

// TestLettersUnderTLS: where the server offers it, nothing is told it before it has
// shown a certificate that is good.
func TestLettersUnderTLS(t *testing.T) {
	p := openPostOffice(t, true)
	if err := p.sender(t, letters{})(t.Context(), "ada@example.net", "s", "b"); err != nil {
		t.Fatal(err)
	}
	if got := p.next(t); !regexp.MustCompile(`(?s)^EHLO [^\r]*\r\nSTARTTLS\r\nEHLO .*MAIL FROM`).MatchString(got) {
		t.Errorf("the talk: %q", got)
	}
	p.roots = x509.NewCertPool()
	if err := p.sender(t, letters{})(t.Context(), "ada@example.net", "s", "b"); !errors.As(err, new(*tls.CertificateVerificationError)) {
		t.Errorf("a certificate of nobody: %v", err)
	}
	if len(p.letters) != 0 {
		t.Error("a letter went out all the same")
	}
}

// TestFollowersAreWritten: what serve opens sends over SMTP: the letter to confirm,
// in the reader's language, what is new, once, with the head for one-click ends; and
// an address that is refused for good again and again is forgotten.
func TestFollowersAreWritten(t *testing.T) {
	p := openPostOffice(t, false)
	now := time.Date(2023, 8, 1, 17, 0, 0, 0, time.UTC)
	a := &app{world: world{in: strings.NewReader(""), out: io.Discard, err: io.Discard, now: func() time.Time { return now }, getenv: func(string) string { return "" }}}
	ctx := t.Context()
	arc, err := a.archive(ctx, asked{db: filepath.Join(t.TempDir(), "site.db"), overlay: "none"}, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.close() })
	shown := web.Options{Today: func() date.Day { return date.DayOf(now) }, Version: "test"}
	d, err := a.followers(ctx, arc, shown, letters{server: p.address, from: "desk@example.org", site: "https://example.org/"})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Ask(ctx, "/calendar?regime=mali", "ada@example.net", "fr", now); err != nil {
		t.Fatal(err)
	}
	first := p.next(t)
	link := regexp.MustCompile(`https://example\.org/follow/([0-9a-f.]+)`).FindStringSubmatch(first)
	if link == nil || !strings.Contains(first, "Veuillez_confirmer") || !strings.Contains(first, "ouvrez cette page") || !strings.Contains(first, "List-Unsubscribe: <"+link[0]+">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n") {
		t.Fatalf("the letter to confirm: %q", first)
	}
	if err := d.Confirm(ctx, link[1]); err != nil {
		t.Fatal(err)
	}
	now = time.Date(2023, 8, 25, 17, 0, 0, 0, time.UTC)
	p.set("451 4.7.1 try later", false)
	if n, err := d.Tell(ctx, now); n != 0 || err == nil {
		t.Fatalf("refused for now: %d, %v", n, err)
	}
	p.set("", false)
	if n, err := d.Tell(ctx, now); n != 1 || err != nil {
		t.Fatalf("%d letters, %v", n, err)
	}
	if news := p.next(t); !strings.Contains(news, "Within 7 days") || !strings.Contains(news, "Pour ne plus recevoir ces courriels\u00a0: "+link[0]) {
		t.Errorf("the news: %q", news)
	}
	if n, err := d.Tell(ctx, now); n != 0 || err != nil {
		t.Errorf("told twice: %d, %v", n, err)
	}
	now = time.Date(2023, 9, 28, 17, 0, 0, 0, time.UTC) // the panel's term is near
	p.set("550 5.1.1 nobody here", false)
	for i := range 5 {
		if _, err := d.At(ctx, link[1]); err != nil {
			t.Fatalf("forgotten after %d letters were refused", i)
		}
		if n, err := d.Tell(ctx, now); n != 0 || !errors.Is(err, follow.ErrRefused) {
			t.Fatalf("refused for good: %d, %v", n, err)
		}
	}
	if _, err := d.At(ctx, link[1]); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("an address that is no more is kept: %v", err)
	}
}
