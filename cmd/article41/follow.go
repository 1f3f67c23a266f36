package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"strings"
	"time"

	"article41"
	"article41/briefing"
	"article41/follow"
	"article41/web"
)

// tellEvery is how often those who follow a feed by e-mail are written to, at most.
const tellEvery = 15 * time.Minute

// followers opens the desk of those who follow a feed by e-mail; nil where no mail
// server was named.
func (a *app) followers(ctx context.Context, arc *article41.Archive, shown web.Options, l letters) (*follow.Desk, error) {
	send, err := l.mailer()
	if err != nil || send == nil {
		return nil, err
	}
	store, err := a.shelf()
	if err != nil {
		return nil, err
	}
	v, err := a.vault(ctx)
	if err != nil {
		return nil, err
	}
	site := strings.TrimSuffix(l.site, "/")
	return follow.Open(follow.Options{Store: store, Vault: v, Random: rand.Reader, Site: site, Feed: web.Feeds(arc, shown, site),
		Words: func(lang string) follow.Words { return briefing.ParseLang(lang) },
		Mail: func(ctx context.Context, x follow.Letter) error {
			return send(ctx, x.To, x.Subject, x.Body, "List-Unsubscribe: <"+x.Stop+">", "List-Unsubscribe-Post: List-Unsubscribe=One-Click")
		}}), nil
}

func tellFollowers(ctx context.Context, d *follow.Desk, now func() time.Time, log *slog.Logger) {
	if d == nil {
		return
	}
	for tick := time.NewTicker(tellEvery); ctx.Err() == nil; {
		if n, err := d.Tell(ctx, now()); err != nil && ctx.Err() == nil {
			log.Warn("write to those who follow a feed", "sent", n, "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			tick.Stop()
		}
	}
}
