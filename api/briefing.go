package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"article41/account"
	"article41/briefing"
	"article41/date"
	"article41/record"
)

// Readers is asked to lay a story beside the record.
type Readers interface {
	Story(ctx context.Context, at record.At, text string, written date.Day) (briefing.Checked, error)
}

// briefingRoutes are the addresses of briefings and of what readers answer.
var briefingRoutes = []struct {
	pattern string
	action  account.Action
	answer  func(*server, *http.Request) (any, error)
}{
	{"GET " + own + "briefings", account.ReadRecord, (*server).briefings},
	{"GET " + own + "briefings/{slug}", account.ReadRecord, (*server).briefing},
	{"GET " + own + "briefings/{slug}/comments", account.ReadRecord, (*server).comments},
	{"GET " + own + "comments/{token}", account.ReadRecord, (*server).ownComments},
	{"GET " + own + "moderation", account.Moderate, (*server).moderation},
}

// storyBody is a story to be laid beside the record.
type storyBody struct {
	Text string `json:"text"`
	// Written is the story's own day, from which it counts others ("last month");
	// empty: the one that it states.
	Written string `json:"written,omitempty"`
	days
}

func (s *server) story(ctx context.Context, body []byte) (any, error) {
	var q storyBody
	if err := decode(body, &q); err != nil {
		return nil, err
	}
	at, err := s.readAt(q.AsOf, q.KnownAt, q.position())
	if err != nil {
		return nil, err
	}
	if q.Text == "" {
		return nil, wrong("text", "there is no story", "the text of an article")
	}
	var written date.Day
	if q.Written != "" {
		if written, err = date.ParseDay(q.Written); err != nil {
			return nil, wrong("written", fmt.Sprintf("%q is no day", q.Written), "the story's own day, as 2023-08-31")
		}
	}
	return s.Story(ctx, at, q.Text, written)
}

// told answers what is kept on the desk of briefings, which changes without the
// ledger: nothing of it is kept by a cache.
func (s *server) told(answer func(*server, *http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowReads(w)
		defer s.caught(w, r)
		if s.Options.Briefings == nil {
			s.refuse(w, r, newProblem(http.StatusNotFound, "this server holds no briefings"))
			return
		}
		v, err := answer(s, r)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		s.write(w, r, v)
	})
}

func (s *server) now() time.Time {
	if s.Options.Now != nil {
		return s.Options.Now()
	}
	return s.Today().At(12, 0)
}

// briefingShort is a briefing in the list.
type briefingShort struct {
	Slug      briefing.Slug `json:"slug"`
	Title     string        `json:"title"`
	Lead      string        `json:"lead"`
	Lang      string        `json:"lang"`
	Published time.Time     `json:"published"`
	Updated   time.Time     `json:"updated"`
	Comments  int           `json:"comments"`
}

type briefingsDocument struct {
	Briefings []briefingShort `json:"briefings"`
}

func (s *server) briefings(r *http.Request) (any, error) {
	out := briefingsDocument{Briefings: []briefingShort{}}
	now := s.now()
	for _, p := range s.Options.Briefings.Briefings(now) {
		out.Briefings = append(out.Briefings, briefingShort{p.Slug, p.Title, p.Lead, p.Lang, p.Published, p.Updated, s.Options.Briefings.Thread(p.Slug, 1, now).Count})
	}
	return out, nil
}

// briefingDocument is a briefing with its parts; a block says what to ask, and
// the addresses of this API answer it.
type briefingDocument struct {
	briefing.Public
	Minutes int              `json:"minutes"`
	Rating  briefing.Average `json:"rating"`
}

func (s *server) briefing(r *http.Request) (any, error) {
	now := s.now()
	p, err := s.Options.Briefings.Briefing(briefing.Slug(r.PathValue("slug")), now)
	if err != nil {
		return nil, err
	}
	return briefingDocument{p, p.Minutes(), s.Options.Briefings.Thread(p.Slug, 1, now).Rating}, nil
}

func (s *server) comments(r *http.Request) (any, error) {
	slug, now := briefing.Slug(r.PathValue("slug")), s.now()
	if _, err := s.Options.Briefings.Briefing(slug, now); err != nil {
		return nil, err
	}
	page := 1
	if text := r.URL.Query().Get("page"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, wrong("page", fmt.Sprintf("%q does not fit", text), "a whole number from 1")
		}
		page = n
	}
	return s.Options.Briefings.Thread(slug, page, now), nil
}

// ownComments is the export of an author's own data, by the private link.
func (s *server) ownComments(r *http.Request) (any, error) {
	return s.Options.Briefings.Export(r.PathValue("token"))
}

// moderationDocument is what waits for a moderator.
type moderationDocument struct {
	Waiting []briefing.InQueue   `json:"waiting"`
	Notices []briefing.InNotices `json:"notices"`
}

func (s *server) moderation(r *http.Request) (any, error) {
	d := s.Options.Briefings
	return moderationDocument{append([]briefing.InQueue{}, d.Queue()...), append([]briefing.InNotices{}, d.Notices()...)}, nil
}
