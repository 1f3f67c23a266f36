package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"article41"
	"article41/api"
	"article41/briefing"
	"article41/date"
	"article41/door"
	"article41/follow"
	"article41/record"
	"article41/watch"
	"article41/web"
)

const defaultAddr = "127.0.0.1:8041"

func serveCommand(a *app) *cobra.Command {
	var q asked
	var addr string
	var fresh schedule
	post := letters{password: a.getenv("ARTICLE41_SMTP_PASSWORD")}
	var in entrance
	var keep retention
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the pages and the JSON; on loopback, unless told otherwise",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if _, _, err := net.SplitHostPort(addr); err != nil {
				return errUse{fmt.Errorf("--addr %q: want HOST:PORT, such as %s", addr, defaultAddr)}
			}
			if err := fresh.check(); err != nil {
				return err
			}
			sched, err := keep.read()
			if err != nil {
				return err
			}
			if err := a.operation.check(); err != nil {
				return err
			}
			arc, err := a.archive(c.Context(), q, true)
			if err != nil {
				return err
			}
			var secured *tls.Config
			if in.guarded(addr) {
				if a.door, secured, err = a.admission(c.Context(), &in, addr, a.log()); err != nil {
					return err
				}
			}
			post.overlay = overlayFolder(q.overlay, a.db)
			s, err := a.service(c.Context(), arc, post)
			if err != nil {
				return err
			}
			// What could refuse has spoken: only now is anything bound, and said.
			l, err := listen(c.Context(), addr, !c.Flags().Changed("addr"))
			if err != nil {
				return errUnable{fmt.Errorf("--addr %s: %w", addr, err)}
			}
			if err := a.operation.start(c.Context(), s.log); err != nil {
				return errors.Join(err, l.Close())
			}
			l = stamped(l)
			scheme := "http"
			if secured != nil {
				scheme, l = "https", tls.NewListener(l, secured)
			}
			fmt.Fprintf(a.out, "article41 is at %s://%s/\n", scheme, l.Addr())
			if fresh.every != 0 {
				go a.updateEvery(c.Context(), arc, fresh)
			}
			go a.retainEvery(c.Context(), keep, sched, s.log)
			return s.serve(c.Context(), l)
		},
	}
	c.Flags().StringVar(&q.db, "db", "", "the database `file` (default article41.db)")
	q.laid(c)
	post.flags(c.Flags())
	in.flags(c.Flags())
	keep.flags(c.Flags())
	fresh.flags(c.Flags())
	q.ruled(c)
	a.operation.flags(c)
	c.Flags().StringVar(&addr, "addr", defaultAddr, "the `address` to listen on; the default takes the next free port if it is taken")
	return c
}

// listen takes the address; if next, the next free port of sixteen.
func listen(ctx context.Context, addr string, next bool) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	for p, _ := strconv.Atoi(port); err != nil && next && p < 8041+16; {
		p++
		l, err = lc.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(p)))
	}
	return l, err
}

// service is all that a server needs, opened, with no address bound yet.
type service struct {
	a        *app
	arc      *article41.Archive
	log      *slog.Logger
	desk     *briefing.Desk
	follow   *follow.Desk
	receipts *receipts
	watchers func(context.Context) (*watch.Desk, error)
	answers  api.Operated
	pages    http.Handler
}

// service opens what a server needs, or says what is missing.
func (a *app) service(ctx context.Context, arc *article41.Archive, post letters) (*service, error) {
	today := func() date.Day { return date.DayOf(a.now()) }
	log := a.log()
	incidents, err := a.incidentDesk(ctx, arc)
	if err != nil {
		return nil, err
	}
	all, err := a.receipts(ctx)
	if err != nil {
		return nil, err
	}
	desk, err := a.briefings(ctx, arc, post, log)
	if err != nil {
		return nil, err
	}
	watchers := a.watchers()
	shown := web.Options{Monitor: incidents, Today: today, Version: programVersion(), Desk: desk, Now: a.now, Sign: signing(a.door), Watch: watchers, Receipts: proven{all}, Failed: func(reference string, err error) {
		log.Error("unexpected error", "reference", reference, "error", err)
	}}
	if shown.Follow, err = a.followers(ctx, arc, shown, post); err != nil {
		return nil, err
	}
	pages := web.New(arc, shown)
	answers := api.New(arc, api.Options{Cold: true, Today: today, Briefings: desk, Now: a.now, Version: programVersion(), Log: log, Receipts: all, Refresh: arc.Follow, Watch: watchers,
		Site: post.site, Token: a.operation.token, Gate: a.operation.gate, Observe: a.operation.observe(log), Tracer: a.operation.tracer(ctx, log)})
	a.operation.watch(arc, answers, today)
	return &service{a, arc, log, desk, shown.Follow, all, watchers, answers, pages}, nil
}

// serve answers until the context ends, then finishes the requests under way.
func (s *service) serve(ctx context.Context, l net.Listener) error {
	a, arc, log, answers, all := s.a, s.arc, s.log, s.answers, s.receipts
	go followDesk(ctx, s.desk, a.now, log)
	go tellFollowers(ctx, s.follow, a.now, log)
	go all.follow(ctx, log)
	srv := &http.Server{
		Handler:           answers.Shed(a.before(route(answers, s.pages))),
		ConnContext:       arriving,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    1 << 16,
		BaseContext:       func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	go func() {
		today := date.DayOf(a.now())
		arc.Warm(record.At{AsOf: today, KnownAt: today})
		warm(ctx, answers, log)
		if err := arc.Keep(ctx); err != nil && ctx.Err() == nil {
			log.Warn("the next start will be slow", "error", err)
		}
		for tick := time.NewTicker(time.Second); ctx.Err() == nil; {
			select {
			case <-tick.C: // the day or the ledger may have moved
				warm(ctx, answers, log)
			case <-ctx.Done():
				tick.Stop()
			}
		}
	}()
	go a.watchEvery(ctx, arc, s.watchers, a.db, func(doing string, err error) { log.Error(doing, "error", err) })
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	follow := time.NewTicker(time.Second)
	defer follow.Stop()
	defer a.keepUses(context.WithoutCancel(ctx))
	for {
		select {
		case err := <-done:
			return err
		case <-follow.C: // another process may have appended
			if err := arc.Follow(ctx); err != nil && ctx.Err() == nil {
				fmt.Fprintln(a.err, "article41: follow the ledger:", err)
			}
			if err := all.log.Refresh(ctx); err != nil && ctx.Err() == nil {
				fmt.Fprintln(a.err, "article41: follow the log of receipts:", err)
			}
			a.keepUses(ctx)
		case <-ctx.Done():
			answers.Drain()
			select {
			case <-time.After(a.operation.drain):
			case err := <-done:
				return err
			}
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			err := srv.Shutdown(stop)
			if e := <-done; err == nil && !errors.Is(e, http.ErrServerClosed) {
				err = e
			}
			return err
		}
	}
}

// warm lays out today's names; what goes wrong is told to who asks for them too.
func warm(ctx context.Context, answers api.Operated, log *slog.Logger) {
	if err := answers.Warm(ctx); err != nil && ctx.Err() == nil {
		log.Error("lay out today's names", "error", err)
	}
}

func route(answers, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if api.Serves(r.URL.Path) {
			answers.ServeHTTP(w, r)
			return
		}
		if t, ok := twin(r); ok {
			w.Header().Add("Vary", "Accept")
			answers.ServeHTTP(w, t)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

func (a *app) log() *slog.Logger { return slog.New(slog.NewTextHandler(a.err, nil)) }

// before stands who asks before the faces.
func (a *app) before(faces http.Handler) http.Handler {
	if a.door == nil {
		return door.Local(faces)
	}
	return a.door.Handler(faces)
}

// keepUses writes down how keys were used, and learns what other processes erased.
func (a *app) keepUses(ctx context.Context) {
	if v := a.sealing.opened(); v != nil {
		if err := v.Follow(ctx); err != nil && ctx.Err() == nil {
			fmt.Fprintln(a.err, "article41:", err)
		}
	}
	if a.door == nil {
		return
	}
	if err := a.door.Keep(ctx); err != nil && ctx.Err() == nil {
		fmt.Fprintln(a.err, "article41: keep how keys were used:", err)
	}
}
