// Package web shows the archive's answers as pages.
//
// Every page is rendered on the server, works without script, and says its
// answer in its first line; then come why, the picture and the table. A page's
// address carries the two days of a question ([ask]): as_of, the legal day asked
// about, and known_at, the last day whose publications count. Names that
// somebody screens are posted and never stand in an address.
//
// The package asks [Questions] and computes no law of its own: what it adds is
// wording, order and drawing (horseshoe, timeline, tokens). It knows no store,
// no publisher and no clock; the JSON face is package api.
//
//	http.ListenAndServe(addr, web.New(archive, web.Options{Today: today}))
package web

import (
	"context"
	"net/http"
	"time"

	"article41"
	"article41/account"
	"article41/briefing"
	"article41/country"
	"article41/date"
	"article41/follow"
	"article41/monitor"
	"article41/record"
	"article41/symbol"
	"article41/watch"
)

// Questions is what the pages ask; *article41.Archive answers them.
type Questions interface {
	lawQuestions
	voteQuestions
	listQuestions
	readerQuestions
	monitorQuestions
	logQuestions
	alignQuestions
	Basis() article41.Basis
}

type lawQuestions interface {
	Statuses(context.Context, record.At) ([]article41.Status, error)
	Regime(context.Context, record.At, record.RegimeID) (article41.Regime, error)
	Course(context.Context, record.At, record.RegimeID) (article41.Regime, error)
	Carried(context.Context, record.At, record.RegimeID) (article41.Carried, error)
	Over(context.Context, record.At, country.Code) ([]article41.Status, error)
	Calendar(ctx context.Context, at record.At, from, to date.Day) ([]article41.Due, error)
}

type voteQuestions interface {
	Vote(context.Context, record.At, symbol.Symbol) (article41.Vote, error)
	Votes(context.Context, record.At, article41.VoteFilter) ([]article41.Decision, error)
	WhatIf(context.Context, record.At, symbol.Symbol, []article41.Change) (article41.WhatIf, error)
	Seats(context.Context, record.At, country.Code) ([]record.Seat, error)
}

type listQuestions interface {
	Sources(context.Context, record.At) ([]record.Source, error)
	Screen(context.Context, record.At, article41.Query) (article41.Screening, error)
	Entry(ctx context.Context, at record.At, list record.SourceID, ref string, private bool) (article41.Entry, error)
	Lists(context.Context, record.At) ([]article41.ListUse, error)
}

// Options are what the pages need beside the answers.
type Options struct {
	Today   func() date.Day // the legal day at Headquarters
	Version string          // of the program
	// Sign is how people sign in; nil where whoever asks is the local owner.
	Sign     Sign
	Receipts Receipts // nil: none can be had
	// Failed, if set, is told of an error whose text the reader was not shown,
	// under the reference that the reader was.
	Failed func(reference string, err error)
	// Desk holds the briefings and their comments; nil: there are none.
	Desk *briefing.Desk
	// Monitor keeps drafts of incidents and the notices of those named; nil: none.
	Monitor *monitor.Desk
	Now     func() time.Time // the instant of a post; nil: noon of Today
	// Follow sends what is new in feeds by e-mail; nil: no letters go out.
	Follow *follow.Desk
	// Watch opens the desk of customers and alerts; nil: none are kept.
	Watch func(context.Context) (*watch.Desk, error)
}

// site is the handler's state; nothing in it changes but the pages kept.
type site struct {
	q        Questions
	o        Options
	kept     keptPages
	articles articles
	cards    cards
	pieces   pieces
	jobs     *jobs
}

// route is one row of the table of pages.
type route struct {
	pattern string
	action  account.Action // that whoever asks must be allowed
	page    func(*site, *ask) (page, error)
}

// routes is every address the site answers.
var routes = []route{
	{"GET /{$}", account.ReadRecord, (*site).home},
	{"GET /regimes", account.ReadRecord, (*site).regimes},
	{"GET /regimes/{id}", account.ReadRecord, (*site).regime},
	{"GET /regimes/{id}/law", account.ReadRecord, (*site).regimeLaw},
	{"GET /votes", account.ReadRecord, (*site).votes},
	{"GET /votes/{symbol...}", account.ReadRecord, (*site).vote},
	{"GET /members/{code}", account.ReadRecord, (*site).member},
	{"GET /calendar", account.ReadRecord, (*site).calendar},
	{"GET /screen", account.ScreenNames, (*site).screenForm},
	{"POST /screen", account.ScreenNames, (*site).screenAnswer},
	{"POST /find", account.ReadRecord, (*site).find},
	{"GET /listings/{ref}", account.ReadRecord, (*site).listing},
	{"GET /incidents", account.ReadRecord, (*site).incidents},
	{"GET /incidents/{id}", account.ReadRecord, (*site).incident},
	{"GET /alignment", account.ReadRecord, (*site).alignment},
	{"GET /alignment/mali", account.ReadRecord, (*site).alignMali},
	{"GET /alignment/ideals", account.ReadRecord, (*site).alignIdeals},
	{"GET /alignment/map", account.ReadRecord, (*site).alignMap},
	{"GET /alignment/drift", account.ReadRecord, (*site).alignDrift},
	{"GET /alignment/blocs", account.ReadRecord, (*site).alignBlocs},
	{"GET /alignment/expected", account.ReadRecord, (*site).alignExpected},
	{"GET /power", account.ReadRecord, (*site).power},
	{"GET /power/record", account.ReadRecord, (*site).powerRecord},
	{"GET /sources", account.ReadRecord, (*site).sources},
	{"GET /glossary", account.ReadRecord, (*site).glossary},
	{"GET /about", account.ReadRecord, (*site).about},
	{"GET /sign-in", account.ReadRecord, (*site).signIn},
	{"POST /sign-in", account.ReadRecord, (*site).signInPosted},
	{"GET /sign-in/away", account.ReadRecord, (*site).signAway},
	{"GET /sign-in/return", account.ReadRecord, (*site).signBack},
	{"POST /sign-out", account.ReadRecord, (*site).signOut},
	{"GET /", account.ReadRecord, (*site).nowhere},
}

// New is the site.
func New(q Questions, o Options) http.Handler {
	s := &site{q: q, o: o, jobs: newJobs()}
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(s.show(account.ReadRecord, (*site).crossOrigin))
	return guarded(guard.Handler(s.addresses()))
}
