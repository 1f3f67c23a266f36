package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net"
	"net/mail"
	"net/smtp"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"article41"
	"article41/account"
	"article41/briefing"
	"article41/data"
	"article41/date"
	"article41/monitor"
	"article41/record"
)

// letters is how mails are sent: by the one server that was named, or not at all.
type letters struct {
	server, from, user, password, site string
	confirm                            bool
	overlay                            string // the folder to which accepted errata go; empty: none
}

func (l *letters) flags(f *pflag.FlagSet) {
	f.StringVar(&l.server, "smtp", "", "send mails, to commenters and to those who follow a feed, by this `server`, HOST:PORT (default: send none)")
	f.StringVar(&l.from, "smtp-from", "", "the `address` that mails come from")
	f.StringVar(&l.user, "smtp-user", "", "the `name` to sign in to the mail server with; the password is ARTICLE41_SMTP_PASSWORD")
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
	host, _, err := net.SplitHostPort(l.server)
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
		return smtp.SendMail(l.server, auth, from.Address, []string{to}, []byte(head+strings.ReplaceAll(body, "\n", "\r\n")))
	}, nil
}

// briefings opens the desk of the briefings. Where nothing personal can be kept, it
// holds what was shipped and takes no comments, and says so in the log.
func (a *app) briefings(ctx context.Context, arc *article41.Archive, l letters, log *slog.Logger) (*briefing.Desk, error) {
	send, err := l.mailer()
	if err != nil {
		return nil, err
	}
	o := briefing.Options{Random: rand.Reader, Shipped: data.Briefings(), Confirm: l.confirm, Site: strings.TrimSuffix(l.site, "/"), Hedges: hedgedWords,
		Named: func(ctx context.Context, text string) ([]string, error) {
			today := date.DayOf(a.now())
			return arc.Named(ctx, record.At{AsOf: today, KnownAt: today}, text)
		}}
	if send != nil {
		o.Mail = func(ctx context.Context, to, subject, body string) error { return send(ctx, to, subject, body) }
	}
	var v *account.Vault
	if o.Store, err = a.shelf(); err == nil {
		v, err = a.vault(ctx)
	}
	if err != nil {
		o.Store = nil
		log.Warn("comments are off", "error", err)
	}
	o.Vault = v
	if l.overlay != "" {
		o.Overlay = ownFacts{a, arc, l.overlay}
	}
	return briefing.Open(ctx, o)
}

// hedgedWords are the hedges of a text that has no speaker marked.
func hedgedWords(text string) []string {
	var out []string
	for _, h := range monitor.Hedges(text) {
		out = append(out, h.Words)
	}
	return out
}

// followDesk keeps the desk in step with other processes, and forgets old proofs.
func followDesk(ctx context.Context, d *briefing.Desk, now func() time.Time, log *slog.Logger) {
	each := time.NewTicker(time.Second)
	defer each.Stop()
	swept := now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-each.C:
		}
		err := d.Follow(ctx)
		if err == nil && now().Sub(swept) > 10*time.Minute {
			swept = now()
			err = d.Sweep(ctx, swept)
		}
		if err != nil && ctx.Err() == nil {
			log.Warn("follow the desk", "error", err)
		}
	}
}
