package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"article41"
	"article41/account"
	"article41/briefing"
	"article41/record"
	"article41/symbol"
)

// The desks of editors and moderators. Each form carries the version it was made
// from: of two who decide the same thing, the second is told.

func (s *site) deskPage(a *ask, title string, p page) page {
	p.Lang = string(deskLang(a))
	p.Title, p.Nav, p.Private, p.NoIndex, p.Twin, p.Head = title, "/briefings", true, true, "-", briefingSheet()
	return p
}

// deskView is the editors' list.
type deskView struct {
	All    []briefing.InEditing
	Offers []article41.Decision // new decisions that no briefing shows
	May    bool
}

// mostOffers bounds the decisions for which a draft is offered.
const mostOffers = 8

func (s *site) desk(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	v := deskView{All: s.o.Desk.AllEditing(s.now()), May: account.Of(a.Context()).May(account.WriteDrafts)}
	recent, err := s.q.Votes(a.Context(), a.At, article41.VoteFilter{Newest: true, Limit: 40})
	if err != nil {
		return page{}, err
	}
	for _, d := range recent {
		shown := false
		for _, e := range v.All {
			shown = shown || e.Preview != nil && e.Preview.Shows(string(d.ID))
		}
		if !shown && len(v.Offers) < mostOffers {
			v.Offers = append(v.Offers, d)
		}
	}
	return s.deskPage(a, deskTitle(a, "briefings"), page{Body: deskPage(a, v)}), nil
}

// deskOffer makes a draft: of a decision with its facts filled in, or an empty one.
func (s *site) deskOffer(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	text := "---\ntitle: \"\"\nlead: \"\"\nlang: en\nby: article41\n---\n\n"
	name := strings.TrimSpace(a.form.Get("slug"))
	if of := strings.TrimSpace(a.form.Get("of")); of != "" {
		sym, err := symbol.Parse(of)
		if err != nil {
			return page{}, fmt.Errorf("%w: %q is no symbol of a document", record.ErrInvalid, clip(of))
		}
		x, err := s.q.Vote(a.Context(), a.At, sym)
		if err != nil {
			return page{}, err
		}
		text = article41.BriefingDraft(x, a.Today)
		if name == "" {
			name = strings.ToLower(strings.NewReplacer("/", "-", ".", "-", "_", "-", "(", "", ")", "", " ", "-").Replace(x.ID.String()))
		}
	}
	slug, err := briefing.ParseSlug(name)
	if err != nil {
		return page{}, err
	}
	if err := s.o.Desk.Save(a.Context(), slug, 0, text, account.Of(a.Context()).ID, s.now()); err != nil {
		return s.collided(a, err)
	}
	return page{Moved: "/desk/briefings/" + string(slug)}, nil
}

// editingView is one text on the desk.
type editingView struct {
	briefing.InEditing
	Shown      *briefingView // the preview
	MayPublish bool
	MayWrite   bool
}

func (s *site) editing(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	e, err := s.o.Desk.Editing(briefing.Slug(a.PathValue("slug")), s.now())
	if err != nil {
		return page{}, err
	}
	who := account.Of(a.Context())
	v := editingView{InEditing: e, MayPublish: who.May(account.Publish), MayWrite: who.May(account.WriteDrafts)}
	if e.Preview != nil {
		shown := briefingView{Public: briefing.Public{Slug: e.Slug, Briefing: *e.Preview, Published: s.now(), Updated: s.now(), Corrections: e.Preview.Fixes},
			L: briefing.ParseLang(e.Preview.Lang), Address: "/briefings/" + string(e.Slug)}
		if err := s.fill(a, &shown); err != nil {
			return page{}, err
		}
		if shown.Picture != "" {
			shown.Picture = "/desk/briefings/" + string(e.Slug) + "/picture"
		}
		v.Shown = &shown
	}
	return s.deskPage(a, deskLang(a).Say("desk")+": "+string(e.Slug), page{Body: editingPage(a, v)}), nil
}

func (s *site) editingDo(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	slug, by, now := briefing.Slug(a.PathValue("slug")), account.Of(a.Context()), s.now()
	version, err := strconv.ParseInt(a.form.Get("version"), 10, 64)
	if err != nil {
		return page{}, fmt.Errorf("%w: the form lacks the version it was made from", record.ErrInvalid)
	}
	do, note := a.form.Get("do"), a.form.Get("note")
	if do != "save" && !by.May(account.Publish) {
		return page{}, errDenied{account.Publish}
	}
	switch do {
	case "save":
		err = s.o.Desk.Save(a.Context(), slug, version, a.form.Get("text"), by.ID, now)
	case "publish":
		at := time.Time{}
		if t := strings.TrimSpace(a.form.Get("at")); t != "" {
			if at, err = time.ParseInLocation("2006-01-02T15:04", t, time.UTC); err != nil {
				return page{}, fmt.Errorf("%w: %q: write the time as 2026-12-01T08:00, in UTC", record.ErrInvalid, clip(t))
			}
		}
		err = s.o.Desk.Publish(a.Context(), slug, version, at, note, by.ID, now)
	case "unpublish":
		err = s.o.Desk.Unpublish(a.Context(), slug, version, note, by.ID, now)
	case "close", "open":
		err = s.o.Desk.CloseComments(a.Context(), slug, version, do == "close", by.ID, now)
	default:
		err = fmt.Errorf("%w: there is nothing to do called %q", record.ErrInvalid, clip(do))
	}
	if err != nil {
		return s.collided(a, err)
	}
	return page{Moved: "/desk/briefings/" + string(slug)}, nil
}

// collided says that somebody else was first; other errors go on.
func (s *site) collided(a *ask, err error) (page, error) {
	if !errors.Is(err, record.ErrConflict) {
		return page{}, err
	}
	l := deskLang(a)
	return s.deskPage(a, l.Say("first-was"), page{Status: http.StatusConflict, Body: failurePage(a, failure{Title: l.Say("first-was"), Says: l.Say("first-was-says")})}), nil
}

func (s *site) setPicture(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	slug := briefing.Slug(a.PathValue("slug"))
	f, _, err := a.FormFile("picture")
	if err != nil {
		return page{}, fmt.Errorf("%w: choose a picture of at most 12 MB", record.ErrInvalid)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return page{}, fmt.Errorf("%w: the picture did not arrive", record.ErrInvalid)
	}
	if _, err := s.o.Desk.SetPicture(a.Context(), slug, b, account.Of(a.Context()).ID, s.now()); err != nil {
		return s.collided(a, err)
	}
	return page{Moved: "/desk/briefings/" + string(slug)}, nil
}

// queueView is the moderators' page.
type queueView struct {
	Waiting []briefing.InQueue
	Notices []briefing.InNotices
	Decided []briefing.InQueue
	Now     time.Time
	Bans    map[briefing.ID]banView
}

// banView is what a ban of a comment's author would be of, and its most days.
type banView struct {
	Of   string
	Most int
}

func (s *site) queue(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	d := s.o.Desk
	v := queueView{d.Queue(), d.Notices(), d.Shelved(30), s.now(), map[briefing.ID]banView{}}
	for _, c := range slices.Concat(v.Waiting, v.Decided) {
		of, most := d.BanOf(c.ID)
		v.Bans[c.ID] = banView{of, most}
	}
	return s.deskPage(a, deskTitle(a, "desk-comments"), page{Body: queuePage(a, v)}), nil
}

func (s *site) judge(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	id, by, now := briefing.ID(a.PathValue("id")), account.Of(a.Context()).ID, s.now()
	version, err := strconv.ParseInt(a.form.Get("version"), 10, 64)
	if err != nil {
		return page{}, fmt.Errorf("%w: the form lacks the version it was made from", record.ErrInvalid)
	}
	why := briefing.Reason(a.form.Get("reason"))
	ctx := context.WithoutCancel(a.Context()) // a decision and its mail belong together
	switch do := a.form.Get("do"); do {
	case "ban":
		days, err := strconv.Atoi(a.form.Get("days"))
		if err != nil {
			return page{}, fmt.Errorf("%w: days: want a whole number", record.ErrInvalid)
		}
		if err := s.o.Desk.Ban(ctx, id, days, why, by, now); err != nil {
			return page{}, err
		}
	case "erratum":
		if _, err := s.o.Desk.Draft(ctx, id, version, by, now); err != nil {
			return s.collided(a, err)
		}
	default:
		err := s.o.Desk.Judge(ctx, briefing.Judgement{Comment: id, Version: version, Do: briefing.Deed(do), Reason: why, Note: a.form.Get("note"), By: by}, now)
		if err != nil {
			return s.collided(a, err)
		}
	}
	return page{Moved: "/desk/comments"}, nil
}

func (s *site) settle(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	version, err := strconv.ParseInt(a.form.Get("version"), 10, 64)
	if err != nil {
		return page{}, fmt.Errorf("%w: the form lacks the version it was made from", record.ErrInvalid)
	}
	err = s.o.Desk.Settle(context.WithoutCancel(a.Context()), briefing.ID(a.PathValue("id")), version, a.form.Get("do") == "keep", briefing.Reason(a.form.Get("reason")), a.form.Get("words"), account.Of(a.Context()).ID, s.now())
	if err != nil {
		return s.collided(a, err)
	}
	return page{Moved: "/desk/comments"}, nil
}

func (s *site) errata(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	return s.errataShown(a, errataView{}), nil
}

// errataView is the desk of errata; of the one that was tried, what the linter says
// and what was typed.
type errataView struct {
	All      []briefing.InErrata
	Overlay  bool // there is one to write to
	Tried    briefing.ID
	Problems []string
	Clean    bool
	typed    briefing.Conclusion
}

func (v errataView) overlayOf(e briefing.InErrata) string {
	if e.ID == v.Tried {
		return v.typed.Overlay
	}
	return e.Overlay
}

func (v errataView) wordsOf(e briefing.InErrata) string {
	if e.ID == v.Tried {
		return v.typed.Words
	}
	return ""
}

func (s *site) errataShown(a *ask, v errataView) page {
	v.All, v.Overlay = s.o.Desk.Errata(), s.o.Desk.Overlay != nil && account.Of(a.Context()).May(account.Publish)
	return s.deskPage(a, deskTitle(a, "desk-errata"), page{Body: errataPage(a, v)})
}

// conclude lints, accepts or declines a draft erratum. What is laid over the record
// is published with it, so whoever accepts must be allowed to publish.
func (s *site) conclude(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	version, err := strconv.ParseInt(a.form.Get("version"), 10, 64)
	if err != nil {
		return page{}, fmt.Errorf("%w: the form lacks the version it was made from", record.ErrInvalid)
	}
	who, do := account.Of(a.Context()), a.form.Get("do")
	x := briefing.Conclusion{Erratum: briefing.ID(a.PathValue("id")), Version: version, Accept: do == "accept", Words: a.form.Get("words"), Overlay: a.form.Get("overlay"), By: who.ID}
	if x.Accept && strings.TrimSpace(x.Overlay) != "" || do == "lint" {
		if err := admits(a, account.Publish); err != nil {
			return page{}, err
		}
	}
	ctx := context.WithoutCancel(a.Context())
	v := errataView{Tried: x.Erratum, typed: x}
	if do == "lint" {
		v.Problems, err = s.o.Desk.LintErratum(ctx, x)
		v.Clean = len(v.Problems) == 0
	} else {
		err = s.o.Desk.Conclude(ctx, x, s.now())
	}
	if refused, ok := errors.AsType[briefing.ErrOverlay](err); ok {
		v.Problems, err = refused.Problems, nil
	} else if err == nil && do != "lint" {
		return page{Moved: "/desk/errata"}, nil
	}
	if err != nil {
		return s.collided(a, err)
	}
	p := s.errataShown(a, v)
	if !v.Clean {
		p.Status = http.StatusUnprocessableEntity
	}
	return p, nil
}

// deskLang is the language of a desk: the one asked for, else what the browser of
// whoever works at it prefers.
func deskLang(a *ask) briefing.Lang {
	if a.URL.Query().Get("lang") != "" || a.form.Get("lang") != "" {
		return uiLang(a, "en")
	}
	tags, _, err := language.ParseAcceptLanguage(a.Header.Get("Accept-Language"))
	for _, t := range tags {
		if base, _ := t.Base(); err == nil && slices.Contains(briefing.Languages, briefing.Lang(base.String())) {
			return briefing.Lang(base.String())
		}
	}
	return briefing.English
}

func deskTitle(a *ask, key string) string {
	l := deskLang(a)
	return l.Say("desk") + ": " + strings.ToLower(l.Say(key))
}

func (s *site) modLog(a *ask) (page, error) {
	if s.o.Desk == nil {
		return page{}, errNoDesk
	}
	l, err := s.o.Desk.Log(a.Context(), 500)
	if err != nil {
		return page{}, err
	}
	return s.deskPage(a, deskTitle(a, "desk-log"), page{Body: logPage(a, l)}), nil
}
