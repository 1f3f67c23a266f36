package web

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"article41/account"
	"article41/export"
	"article41/follow"
	"article41/record"
)

// followRoutes are the addresses of what is followed by e-mail.
var followRoutes = []route{
	{"GET /follow", account.ReadRecord, (*site).followForm},
	{"POST /follow", account.ReadRecord, (*site).followPosted},
	{"GET /follow/{token}", account.ReadRecord, (*site).followed},
	{"POST /follow/{token}", account.ReadRecord, (*site).followedDo},
}

var errNoLetters = fmt.Errorf("%w: this site sends no letters; take the feed instead", record.ErrNotFound)

// Feeds answers for the address of a feed, without its ending, what stands in it as
// any reader sees it: follow.Options.Feed. origin is how addresses begin.
func Feeds(q Questions, o Options, origin string) func(context.Context, string) (follow.Feed, error) {
	s := &site{q: q, o: o}
	mux := http.NewServeMux()
	for path, f := range feeds {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			c := w.(*caught)
			a, err := read(r, o.Today())
			if err == nil {
				c.feed, err = f(s, a)
			}
			c.err = err
		})
	}
	return func(ctx context.Context, address string) (follow.Feed, error) {
		at, err := url.Parse(address)
		if err != nil || at.IsAbs() || at.Host != "" || !strings.HasPrefix(at.Path, "/") {
			return follow.Feed{}, fmt.Errorf("%w: %q is the address of no feed of this site", record.ErrInvalid, clip(address))
		}
		q := at.Query()
		q.Del("as_of") // a day that stands still has no news
		q.Del("known_at")
		at.RawQuery = q.Encode()
		r, err := http.NewRequestWithContext(account.With(ctx, account.Anyone()), http.MethodGet, origin+at.String(), nil)
		if err != nil {
			return follow.Feed{}, fmt.Errorf("%w: %w", record.ErrInvalid, err)
		}
		r.Header.Set("X-Forwarded-Proto", r.URL.Scheme)
		if _, pattern := mux.Handler(r); pattern == "" {
			return follow.Feed{}, fmt.Errorf("%w: %q is the address of no feed of this site", record.ErrNotFound, clip(address))
		}
		var c caught
		mux.ServeHTTP(&c, r)
		out := follow.Feed{Title: c.feed.Title}
		for _, x := range c.feed.Stories {
			out.Stories = append(out.Stories, follow.Story{ID: x.ID, Address: x.Address, Title: x.Title, Lead: x.Lead, Updated: x.Updated})
		}
		return out, c.err
	}
}

// caught takes a feed from its handler.
type caught struct {
	head http.Header
	feed export.Feed
	err  error
}

func (c *caught) Header() http.Header {
	if c.head == nil {
		c.head = http.Header{}
	}
	return c.head
}

func (c *caught) Write(b []byte) (int, error) { return len(b), nil }

func (c *caught) WriteHeader(code int) {
	c.err = fmt.Errorf("%w: the feed's address answers %d", record.ErrNotFound, code)
}

func (s *site) followForm(a *ask) (page, error) {
	if s.o.Follow == nil {
		return page{}, errNoLetters
	}
	feed := a.form.Get("feed")
	title, err := s.o.Follow.Title(a.Context(), feed)
	if err != nil {
		return page{}, err
	}
	l := uiLang(a, "en")
	return page{Title: l.Say("follow-title"), Lang: string(l), Body: followFormPage(a, l, feed, title, "", ""), NoIndex: true, Twin: "-"}, nil
}

func (s *site) followPosted(a *ask) (page, error) {
	if s.o.Follow == nil {
		return page{}, errNoLetters
	}
	feed, email := a.form.Get("feed"), a.form.Get("email")
	title, err := s.o.Follow.Title(a.Context(), feed)
	if err != nil {
		return page{}, err
	}
	l := uiLang(a, "en")
	p := page{Title: l.Say("follow-title"), Lang: string(l), Private: true, NoIndex: true, Twin: "-"}
	if err := follow.Fault(email); err != nil {
		p.Status, p.Body = http.StatusBadRequest, followFormPage(a, l, feed, title, email, l.Say("follow-email-fault"))
		return p, nil
	}
	if err := s.o.Follow.Ask(a.Context(), feed, email, string(l), s.now()); err != nil {
		return page{}, err
	}
	p.Body = followAsked(a, l, feed, title)
	return p, nil
}

func (s *site) followed(a *ask) (page, error) {
	if s.o.Follow == nil {
		return page{}, errNoLetters
	}
	f, err := s.o.Follow.At(a.Context(), a.PathValue("token"))
	if err != nil {
		return page{}, err
	}
	l := uiLang(a, f.Lang)
	return page{Title: l.Say("follow-title"), Lang: string(l), Body: followedPage(a, l, f, a.PathValue("token")), Private: true, NoIndex: true, Twin: "-"}, nil
}

// followedDo confirms or ends; a mail program's one-click post (RFC 8058) ends.
func (s *site) followedDo(a *ask) (page, error) {
	if s.o.Follow == nil {
		return page{}, errNoLetters
	}
	token := a.PathValue("token")
	switch do := a.form.Get("do"); {
	case do == "confirm":
		return page{Moved: "/follow/" + token}, s.o.Follow.Confirm(a.Context(), token)
	case do == "end", a.form.Get("List-Unsubscribe") == "One-Click":
		f, _ := s.o.Follow.At(a.Context(), token) // for its language; it may have ended before
		l := uiLang(a, f.Lang)
		if err := s.o.Follow.End(a.Context(), token); err != nil {
			return page{}, err
		}
		return page{Title: l.Say("follow-ended"), Lang: string(l), Body: followEnded(a, l), Private: true, NoIndex: true, Twin: "-"}, nil
	default:
		return page{}, fmt.Errorf("%w: there is nothing to do called %q", record.ErrInvalid, clip(do))
	}
}

// feedPath and feedPairs are the parts of a feed's address.
func feedPath(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path
}

func feedPairs(address string) []string {
	_, tail, _ := strings.Cut(address, "?")
	q, _ := url.ParseQuery(tail)
	var out []string
	for _, k := range slices.Sorted(maps.Keys(q)) {
		out = append(out, k, q.Get(k))
	}
	return out
}
