package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"strings"
	"time"

	"article41"
	"article41/account"
	"article41/briefing"
	"article41/data"
	"article41/date"
	"article41/monitor"
	"article41/record"
)

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
