package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"article41/account"
	"article41/briefing"
	"article41/record"
)

// now is the instant of the request.
func (s *site) now() time.Time {
	if s.o.Now != nil {
		return s.o.Now()
	}
	return s.o.Today().At(12, 0)
}

func langOf(p page) string {
	if p.Lang != "" {
		return p.Lang
	}
	return "en"
}

// formLimit bounds a posted form; an editor's text and picture may be larger.
func formLimit(r *http.Request) int64 {
	switch {
	case strings.HasPrefix(r.URL.Path, "/desk/") && strings.HasSuffix(r.URL.Path, "/picture"):
		return 13 << 20
	case strings.HasPrefix(r.URL.Path, "/desk/incidents/drafts/") && strings.Contains(r.URL.Path, "/evidence"):
		return maxTaken + 64<<10
	case strings.HasPrefix(r.URL.Path, "/desk/"):
		return 1 << 20
	case r.URL.Path == "/screen/batch":
		return maxUpload + 64<<10
	case r.URL.Path == "/check":
		return 256 << 10
	}
	return maxForm
}

// noDesk is the error where an installation keeps no briefings.
var errNoDesk = fmt.Errorf("%w: this installation holds no briefings", record.ErrNotFound)

// uiLang is the language of the interface: the one asked for, else the
// briefing's own.
func uiLang(a *ask, own string) briefing.Lang {
	if l := a.URL.Query().Get("lang"); l != "" {
		return briefing.ParseLang(l)
	}
	if l := a.form.Get("lang"); l != "" {
		return briefing.ParseLang(l)
	}
	return briefing.ParseLang(own)
}

func (s *site) briefings(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	all, l := s.o.Desk.Briefings(s.now()), uiLang(a, "en")
	return page{Title: l.Say("briefings"), Lang: string(l), Nav: "/briefings", Fresh: true, Body: briefingsPage(a, l, all), Head: feedLinks()}, nil
}

// briefingView is one briefing as a page.
type briefingView struct {
	briefing.Public
	L        briefing.Lang
	Blocks   []blockView // by part; empty for text
	Article  string      // the text with its blocks, drawn
	Sources  []sourceView
	Thread   briefing.Thread
	Form     commentForm
	Address  string // of the page, from the host on
	Picture  string
	Discuss  bool // comments are kept here at all
	Embedded bool
}

type sourceView struct {
	briefing.Source
	Title, Publisher, Link string
}

func (s *site) briefing(a *ask) (page, error) {
	v, err := s.briefingView(a, briefing.Slug(a.PathValue("slug")))
	if err != nil {
		return page{}, err
	}
	if v.Discuss {
		v.Form = s.emptyForm(a, v.L)
		v.Form.Fields.ReplyTo = a.URL.Query().Get("reply")
		v.Form.Replying = s.replying(v.Form.Fields.ReplyTo)
	}
	return s.briefingShown(a, v), nil
}

func (s *site) briefingShown(a *ask, v briefingView) page {
	return page{Title: v.Title, Nav: "/briefings", Lang: string(v.L), Fresh: true, Body: briefingPage(a, v), Head: briefingHead(a, v), Twin: "/briefings/" + string(v.Slug)}
}

func (s *site) briefingView(a *ask, slug briefing.Slug) (briefingView, error) {
	if s.o.Desk == nil {
		return briefingView{}, errNoDesk
	}
	p, err := s.o.Desk.Briefing(slug, s.now())
	if err != nil {
		return briefingView{}, err
	}
	v := briefingView{Public: p, L: uiLang(a, p.Lang), Address: "/briefings/" + string(slug), Discuss: s.o.Desk.TakesComments()}
	key := fmt.Sprint(slug, p.Versions, p.Updated.UnixNano(), len(p.Corrections), a.At, a.AsOfChosen, a.KnownChosen, s.q.Basis().Position, v.L)
	if kept, ok := s.articles.find(key); ok {
		v.Sources, v.Article, v.Picture = kept.Sources, kept.Article, kept.Picture
	} else {
		if err := s.fill(a, &v); err != nil {
			return v, err
		}
		var b strings.Builder
		if err := articleText(a, v).Render(a.Context(), &b); err != nil {
			return v, err
		}
		v.Article = b.String()
		s.articles.keep(key, v)
	}
	n, _ := strconv.Atoi(a.URL.Query().Get("comments"))
	v.Thread = s.o.Desk.Thread(slug, n, s.now())
	return v, nil
}

// fill asks the record what the blocks and the sources need.
func (s *site) fill(a *ask, v *briefingView) error {
	for _, part := range v.Parts {
		var b blockView
		if part.Block != nil {
			b = s.block(a, v.L, *part.Block)
		}
		v.Blocks = append(v.Blocks, b)
	}
	known, err := s.q.Sources(a.Context(), a.At)
	if err != nil {
		return err
	}
	for _, src := range v.Public.Sources {
		x := sourceView{Source: src, Title: src.Key}
		for _, k := range known {
			if k.ID == src.Key {
				x.Title, x.Publisher, x.Link = k.Title, k.Publisher, k.Link
			}
		}
		v.Sources = append(v.Sources, x)
	}
	if v.Public.Picture != nil {
		v.Picture = "/briefings/" + string(v.Slug) + "/picture"
	}
	return nil
}

// origin is how this site's addresses begin, as the browser reached it: for what
// leaves the site, as feeds, cards and embeds.
func origin(r *http.Request) string {
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// linkedData is the page's schema.org description. json.Marshal writes <, > and &
// as escapes, so it cannot end the element it stands in.
func linkedData(a *ask, v briefingView) string {
	m := map[string]any{
		"@context": "https://schema.org", "@type": "NewsArticle", "headline": v.Title, "description": v.Lead, "inLanguage": v.Lang,
		"datePublished": v.Published.UTC().Format(time.RFC3339), "dateModified": v.Updated.UTC().Format(time.RFC3339),
		"author": map[string]any{"@type": "Organization", "name": v.By}, "mainEntityOfPage": origin(a.Request) + v.Address,
		"image": origin(a.Request) + v.Address + "/card.png", "wordCount": v.Words, "commentCount": v.Thread.Count,
		"isAccessibleForFree": true,
	}
	var cites []string
	for _, s := range v.Sources {
		cites = append(cites, strings.TrimSpace(s.Title+" "+s.Place))
	}
	m["citation"] = cites
	if len(v.Corrections) > 0 {
		var fixes []string
		for _, c := range v.Corrections {
			fixes = append(fixes, c.On.String()+": "+c.Says)
		}
		m["correction"] = fixes
	}
	if r := v.Thread.Rating; r.Shown {
		m["aggregateRating"] = map[string]any{"@type": "AggregateRating", "ratingValue": fmt.Sprintf("%.1f", r.Mean), "ratingCount": r.Count, "bestRating": 5, "worstRating": 1}
	}
	b, err := json.Marshal(m)
	if err != nil {
		return "{}"
	}
	return `<script type="application/ld+json">` + string(b) + `</script>`
}

// briefingFiles are the addresses that answer with something else than a page of
// the site.
func (s *site) briefingFiles(mux *addresses) {
	mux.file("GET /briefings/challenge", account.ReadRecord, s.challenge)
	mux.file("GET /briefings/{slug}/picture", account.ReadRecord, s.picture)
	mux.file("GET /desk/briefings/{slug}/picture", account.ReadDrafts, s.draftPicture)
	mux.file("GET /briefings/{slug}/card.svg", account.ReadRecord, s.cardSVG)
	mux.file("GET /briefings/{slug}/card.png", account.ReadRecord, s.cardPNG)
	mux.file("GET /briefings/{slug}/embed", account.ReadRecord, s.embed)
	mux.file("GET /oembed", account.ReadRecord, s.oembed)
	mux.file("GET /briefings.atom", account.ReadRecord, s.feed)
	mux.file("GET /briefings.json", account.ReadRecord, s.feed)
}

// challenge is what the robot check begins with.
func (s *site) challenge(w http.ResponseWriter, r *http.Request) {
	if s.o.Desk == nil || !s.o.Desk.TakesComments() {
		http.Error(w, "No comments are taken here.", http.StatusNotFound)
		return
	}
	c, err := s.o.Desk.Proofs.Challenge(s.now())
	if err != nil {
		s.tell(newReference(), err)
		http.Error(w, "No challenge could be made.", http.StatusInternalServerError)
		return
	}
	writeJSON(w, c, "no-store")
}

func writeJSON(w http.ResponseWriter, v any, cache string) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "The answer could not be written.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", cache)
	w.Write(b)
}

// picture is the briefing's picture: shipped with the program, or uploaded and
// made anew.
func (s *site) picture(w http.ResponseWriter, r *http.Request) {
	if s.o.Desk == nil {
		http.NotFound(w, r)
		return
	}
	slug := briefing.Slug(r.PathValue("slug"))
	p, err := s.o.Desk.Briefing(slug, s.now())
	if err != nil || p.Picture == nil {
		http.NotFound(w, r)
		return
	}
	s.sendPicture(w, r, slug, p.Picture.File)
}

func (s *site) sendPicture(w http.ResponseWriter, r *http.Request, slug briefing.Slug, file string) {
	b, kind, err := s.o.Desk.PictureOf(r.Context(), slug, file)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	w.Write(b)
}

// draftPicture is the picture that a draft names, for those who may read drafts.
func (s *site) draftPicture(w http.ResponseWriter, r *http.Request) {
	slug := briefing.Slug(r.PathValue("slug"))
	if s.o.Desk == nil || !account.Of(r.Context()).May(account.ReadDrafts) {
		http.NotFound(w, r)
		return
	}
	e, err := s.o.Desk.Editing(slug, s.now())
	if err != nil || e.Preview == nil || e.Preview.Picture == nil {
		http.NotFound(w, r)
		return
	}
	s.sendPicture(w, r, slug, e.Preview.Picture.File)
}

// articles are drawn briefings, kept as long as neither they nor what the record
// says on the page's day can have changed. Comments lie outside.
type articles struct {
	mu   sync.Mutex
	made map[string]briefingView
}

// mostArticles bounds what is kept; when it is full, everything goes.
const mostArticles = 64

func (k *articles) find(key string) (briefingView, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, ok := k.made[key]
	return v, ok
}

func (k *articles) keep(key string, v briefingView) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.made == nil || len(k.made) >= mostArticles {
		k.made = map[string]briefingView{}
	}
	k.made[key] = v
}
