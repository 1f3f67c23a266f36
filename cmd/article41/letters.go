package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"article41/follow"
	"article41/record"
)

// letters is how mails are sent: by the one server that was named, or not at all.
type letters struct {
	server, from, user, password, site string
	confirm                            bool
	plain                              bool           // letters may go without TLS
	roots                              *x509.CertPool // nil: the system's
	within                             time.Duration  // that one letter may take; 0: letterWithin
	overlay                            string         // the folder to which accepted errata go; empty: none
}

func (l *letters) flags(f *pflag.FlagSet) {
	f.StringVar(&l.server, "smtp", "", "send mails, to commenters and to those who follow a feed, by this `server`, HOST:PORT (default: send none)")
	f.StringVar(&l.from, "smtp-from", "", "the `address` that mails come from")
	f.StringVar(&l.user, "smtp-user", "", "the `name` to sign in to the mail server with; the password is ARTICLE41_SMTP_PASSWORD")
	f.BoolVar(&l.plain, "smtp-plain", false, "send mails also to a server that offers no TLS (default: only on this machine)")
	f.BoolVar(&l.confirm, "confirm-comments", false, "ask each commenter to confirm by mail first (needs --smtp)")
	f.StringVar(&l.site, "site", "", "how this site's addresses begin in mails and in the catalog, such as https://sanctions.example.org")
}

// sender sends a plain letter, with further lines for its head.
type sender func(ctx context.Context, to, subject, body string, head ...string) error

// mailer is nil where no server was named.
func (l *letters) mailer() (sender, error) {
	if l.server == "" {
		if l.confirm {
			return nil, errUse{errors.New("--confirm-comments needs --smtp")}
		}
		return nil, nil
	}
	host, port, err := net.SplitHostPort(l.server)
	if err != nil {
		return nil, errUse{fmt.Errorf("--smtp %q: want HOST:PORT", l.server)}
	}
	from, err := mail.ParseAddress(l.from)
	if err != nil {
		return nil, errUse{fmt.Errorf("--smtp-from %q: want an address", l.from)}
	}
	if l.site == "" {
		return nil, errUse{errors.New("--smtp needs --site: mails hold links to it")}
	}
	var auth smtp.Auth
	if l.user != "" {
		auth = smtp.PlainAuth("", l.user, l.password, host)
	}
	return func(ctx context.Context, to, subject, body string, further ...string) error {
		if _, err := mail.ParseAddress(to); err != nil || strings.ContainsAny(to, "\r\n") {
			return fmt.Errorf("%w: no letter goes to %q", record.ErrInvalid, to)
		}
		head := "From: " + from.String() + "\r\nTo: <" + to + ">\r\nSubject: " + mime.QEncoding.Encode("utf-8", subject) +
			"\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nAuto-Submitted: auto-generated\r\n"
		for _, line := range further {
			head += line + "\r\n"
		}
		head += "\r\n"
		return l.deliver(ctx, host, port, auth, from.Address, to, head+strings.ReplaceAll(body, "\n", "\r\n"))
	}, nil
}

// letterWithin bounds one letter: a server that hangs keeps nobody else waiting.
const letterWithin = 30 * time.Second

// deliver hands one letter to the server. The talk is under TLS: from its first byte
// at port 465, else by STARTTLS; without it only to this machine, or where
// --smtp-plain allows it. A server that refuses for good (5xx) wraps
// follow.ErrRefused.
func (l *letters) deliver(ctx context.Context, host, port string, auth smtp.Auth, from, to, letter string) (err error) {
	within := l.within
	if within == 0 {
		within = letterWithin
	}
	ctx, stop := context.WithTimeout(ctx, within)
	defer stop()
	defer func() {
		var said *textproto.Error
		switch {
		case err == nil:
		case ctx.Err() != nil:
			err = fmt.Errorf("the mail server %s did not answer in time: %w", l.server, ctx.Err())
		case errors.As(err, &said) && said.Code >= 500:
			err = fmt.Errorf("the mail server %s: %w: %w", l.server, follow.ErrRefused, err)
		default:
			err = fmt.Errorf("the mail server %s: %w", l.server, err)
		}
	}()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", l.server)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	under := &tls.Config{ServerName: host, RootCAs: l.roots, MinVersion: tls.VersionTLS12}
	if port == "465" {
		conn = tls.Client(conn, under)
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		conn.Close()
		return err
	}
	defer c.Close()
	if port != "465" {
		switch offers, _ := c.Extension("STARTTLS"); {
		case offers:
			if err := c.StartTLS(under); err != nil {
				return err
			}
		case !l.plain && !here(host):
			return errors.New("it offers no TLS, and --smtp-plain is not given: no letter was sent")
		}
	}
	if auth != nil {
		if err := c.Auth(auth); err != nil {
			return err
		}
	}
	if err := c.Mail(from); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, letter); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.Quit() // it has the letter; how it says goodbye changes nothing
	return nil
}

// here reports whether a host is this machine.
func here(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
