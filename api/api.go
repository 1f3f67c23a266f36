package api

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"article41"
	"article41/account"
	"article41/briefing"
	"article41/country"
	"article41/date"
	"article41/payment"
	"article41/record"
	"article41/symbol"
	"article41/watch"
)

// Questions is what the API asks; *article41.Archive answers.
type Questions interface {
	Law
	Votes
	Listings
	Calendar
	Matcher
	Monitoring
	Logs
	Alignment
	Owners
	Readers
}

// Law is asked for regimes and what of them is in force.
type Law interface {
	Statuses(ctx context.Context, at record.At) ([]article41.Status, error)
	Status(ctx context.Context, at record.At, id record.RegimeID) (article41.Status, error)
	Over(ctx context.Context, at record.At, territory country.Code) ([]article41.Status, error)
	Regime(ctx context.Context, at record.At, id record.RegimeID) (article41.Regime, error)
	Carried(ctx context.Context, at record.At, id record.RegimeID) (article41.Carried, error)
	AssemblyVote(ctx context.Context, at record.At, id symbol.Symbol) (article41.AssemblyVote, error)
}

// Votes is asked for drafts and for what other ballots would have changed.
type Votes interface {
	Votes(ctx context.Context, at record.At, f article41.VoteFilter) ([]article41.Decision, error)
	Vote(ctx context.Context, at record.At, sym symbol.Symbol) (article41.Vote, error)
	WhatIf(ctx context.Context, at record.At, sym symbol.Symbol, changes []article41.Change) (article41.WhatIf, error)
	Seats(ctx context.Context, at record.At, member country.Code) ([]record.Seat, error)
}

// Listings is asked for lists, their entries, and whom a name may mean.
type Listings interface {
	Entry(ctx context.Context, at record.At, list record.SourceID, ref string, private bool) (article41.Entry, error)
	Lists(ctx context.Context, at record.At) ([]article41.ListUse, error)
	Sources(ctx context.Context, at record.At) ([]record.Source, error)
	Screen(ctx context.Context, at record.At, q article41.Query) (article41.Screening, error)
	ScreenPayment(ctx context.Context, at record.At, m payment.Message, how article41.Query) (article41.PaymentScreening, error)
}

// Calendar is asked for what falls due, and how far the record knows vetoes,
// which set days of their own.
type Calendar interface {
	Calendar(ctx context.Context, at record.At, from, to date.Day) ([]article41.Due, error)
	FailedThrough(ctx context.Context, at record.At) (date.Day, error)
}

// Matcher is asked for the register that /match searches, and for what answers
// rest on now.
type Matcher interface {
	Basis() article41.Basis
	Register(ctx context.Context, at record.At) (*article41.Register, error)
}

// Options are what the API is told by the program.
type Options struct {
	Today   func() date.Day // the legal day at Headquarters
	Version string          // of the program, for ETag and /catalog
	Log     *slog.Logger    // errors that no client may read; nil: nowhere
	// Receipts signs answers; nil where there is no database to log them in.
	Receipts Receipts

	// Briefings holds what readers read and answer; nil: there are none.
	Briefings *briefing.Desk
	Now       func() time.Time // nil: noon of Today

	// Watch opens the desk of customers and alerts; nil: none are kept.
	Watch func(context.Context) (*watch.Desk, error)

	Site    string                          // how clients reach this server, such as https://sanctions.example; empty: as they asked
	Token   string                          // that /updatez wants; empty: nobody may
	Refresh func(ctx context.Context) error // reads what was appended to the ledger; nil: nothing is

	Cold    bool                                                      // not ready before Warm was called
	Gate    Gate                                                      // how many requests are answered at once
	Observe func(route string, status, bytes int, took time.Duration) // told of every answer; nil: nobody is
	Tracer  trace.Tracer                                              // makes spans of requests; nil: nobody does
}

type server struct {
	Questions
	Options
	terms        terms
	bodyTime     time.Duration
	shelves      shelves
	refreshing   refreshing
	started      time.Time
	watchmanUses map[string]watchmanUse
	phase        phase
	gate         *gate
	streams      *gate
	shed         atomic.Uint64
	mux          *http.ServeMux
	patterns     []string // of every route
	actions      map[string]account.Action
	reads        map[string][]string // of own reads: the parameters beside the coordinates
}

// New is the handler of both faces.
func New(q Questions, o Options) Operated {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &server{Questions: q, Options: o, terms: readTerms(), bodyTime: slowest, mux: http.NewServeMux(), started: time.Now().UTC().Truncate(time.Second), watchmanUses: watchmanUses(),
		gate: newGate(o.Gate), streams: newGate(Gate{Working: 2 * runtime.GOMAXPROCS(0), Waiting: 1, Wait: 50 * time.Millisecond})}
	s.phase.cold.Store(o.Cold)
	s.routes()
	return s
}

// routes is every address there is. docs/api.md has them all; a test holds it.
func (s *server) routes() {
	s.actions, s.reads = map[string]account.Action{}, map[string][]string{}
	// The action is what whoever asks must be allowed (account/roles.csv).
	handle := func(pattern string, action account.Action, h http.Handler) {
		s.patterns = append(s.patterns, pattern)
		s.actions[pattern] = action
		refuse := s.refuser(pattern)
		s.mux.Handle(pattern, s.traced(pattern, s.observed(pattern, s.guard(pattern, action, s.reached(refuse, s.gated(pattern, refuse, h))))))
	}
	read := func(tail string, answer func(*ask) (any, error), params ...string) {
		s.reads["GET "+own+tail] = params
		handle("GET "+own+tail, account.ReadRecord, s.read(answer, params))
	}
	read("regimes", s.regimes)
	read("regimes/{id}", s.regime)
	read("regimes/{id}/status", s.regimeStatus)
	read("regimes/{id}/law", s.regimeLaw)
	read("status", s.status, "territory")
	read("status/{id}", s.regimeStatus)
	read("votes", s.votes, "from", "to", "reason", "by", "regime", "region", "topic", "sponsor", "margin", "limit", "order", "cursor", "page")
	read("votes/{symbol...}", s.vote, "vote", "adopt")
	read("assembly/{symbol...}", s.assembly)
	read("listings/{ref}", s.listing, "list")
	read("listings/{ref}/history", s.history, "list")
	read("listings/{ref}/ownership", s.ownership, "list")
	read("changes", s.changes, "after", "limit", "kind", "list")
	read("lists", s.lists)
	read("sources", s.sources)
	read("members/{code}", s.member)
	read("incidents", s.incidents, incidentParams...)
	read("incidents/{id}", s.incident, "form")
	read("findings", s.findings, "incident", "limit", "cursor")
	read("findings/{id}", s.finding)
	read("regimes/{id}/reports", s.panelReports)
	read("calendar", s.calendar, "from", "to", "regime")
	s.alignment(read)
	read("problems/{type}", s.problemType)
	handle("POST "+own+"screen", account.ScreenNames, s.ask(s.screen))
	handle("POST "+own+"screen/batch", account.ScreenNames, http.HandlerFunc(s.screenLines))
	handle("POST "+own+"payments/screen", account.ScreenNames, http.HandlerFunc(s.payments))
	handle("GET "+own+"receipts/{commitment}", account.ReadRecord, s.logRead(s.receiptProof))
	handle("GET "+own+"log/checkpoint", account.ReadRecord, s.logRead(s.checkpoint))
	handle("GET "+own+"log/keys", account.ReadRecord, s.logRead(s.logKeys))
	handle("GET "+own+"log/consistency", account.ReadRecord, s.logRead(s.consistency))
	handle("POST "+own+"whatif", account.ReadRecord, s.ask(s.whatIf))
	handle("POST "+own+"check", account.ReadRecord, s.ask(s.story))
	for _, r := range briefingRoutes {
		handle(r.pattern, r.action, s.told(r.answer))
	}
	for _, r := range deskRoutes {
		handle(r.pattern, r.action, s.desk(r.answer, r.params))
	}
	handle("POST "+own+"customers", account.KeepCustomers, http.HandlerFunc(s.addCustomers))
	handle("GET "+own+"openapi.json", account.ReadRecord, s.openapi("application/json", openapiJSON))
	handle("GET "+own+"openapi.yaml", account.ReadRecord, s.openapi("application/yaml", openapiYAML))
	handle("GET "+own+"docs", account.ReadRecord, http.HandlerFunc(s.docs))
	handle("GET /openapi.json", account.ReadRecord, s.openapi("application/json", openapiJSON))
	s.mux.HandleFunc(own, s.nowhere)

	yente := func(pattern string, action account.Action, h http.HandlerFunc) {
		handle(pattern, action, s.contract(h))
	}
	yente("POST /match/{dataset}", account.ScreenNames, s.match)
	yente("GET /search/{dataset}", account.ScreenNames, s.tagged(s.search))
	yente("GET /entities/{id}", account.ReadRecord, s.tagged(s.entity))
	yente("GET /entities/{id}/adjacent", account.ReadRecord, s.tagged(s.adjacent))
	yente("GET /entities/{id}/adjacent/{property}", account.ReadRecord, s.tagged(s.adjacent))
	yente("GET /reconcile/{dataset}", account.ScreenNames, s.reconcile)
	yente("POST /reconcile/{dataset}", account.ScreenNames, s.reconcile)
	yente("GET /reconcile/{dataset}/suggest/{what}", account.ScreenNames, s.suggest)
	yente("GET /datasets/{dataset}/delta", account.ScreenNames, s.deltas)
	yente("GET /datasets/{dataset}/delta/{version}", account.ScreenNames, s.delta)
	yente("GET /datasets/{dataset}/entities", account.ScreenNames, s.entities)
	yente("POST /updatez", account.ChangeLists, s.updatez)
	yente("GET /catalog", account.ReadRecord, s.catalog)
	yente("GET /manifest", account.ReadRecord, s.catalog)
	yente("GET /algorithms", account.ReadRecord, s.tagged(s.algorithms))
	yente("GET /healthz", account.ReadRecord, s.healthz)
	yente("GET /readyz", account.ReadRecord, s.readyz)
	s.mux.Handle("/", s.contract(s.noRoute))

	watchman := func(pattern string, action account.Action, h http.HandlerFunc) {
		handle(pattern, action, s.watchman(h))
	}
	watchman("GET /v2/search", account.ScreenNames, s.watchmanSearch)
	watchman("GET /v2/listinfo", account.ReadRecord, s.watchmanLists)
	watchman("GET /v2/data/refresh", account.ReadRecord, s.watchmanRefreshed)
	watchman("POST /v2/data/refresh", account.ChangeLists, s.watchmanRefresh)
	watchman("GET /ping", account.ReadRecord, s.watchmanPing)
	s.mux.Handle("/v2/", s.watchman(s.watchmanNowhere))
}

// refuser answers with an error in the form of the contract that a route is of.
func (s *server) refuser(pattern string) func(http.ResponseWriter, *http.Request, error) {
	_, path, _ := strings.Cut(pattern, " ")
	switch {
	case strings.HasPrefix(path, own):
		return s.refuse
	case strings.HasPrefix(path, "/v2/"), path == "/ping":
		return s.watchmanFail
	}
	return s.fail
}

// own is where the own API begins.
const own = "/api/v1/"

// begins is how the addresses begin that programs ask; on a server that has
// pages too, all others are pages.
var begins = []string{"/api/", "/match/", "/search/", "/entities/", "/reconcile/", "/datasets/", "/catalog", "/manifest", "/algorithms",
	"/healthz", "/readyz", "/updatez", "/openapi.json", "/-/version", "/v2/", "/ping"}

// Serves reports whether an address is the API's.
func Serves(path string) bool {
	return slices.ContainsFunc(begins, func(b string) bool { return strings.HasPrefix(path, b) })
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
		s.preflight(w, r)
		return
	}
	w, done := compressed(w, r)
	defer done()
	s.mux.ServeHTTP(w, r)
}

// methods are the methods that have a route at the address.
func (s *server) methods(r *http.Request) (out []string) {
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		probe := *r
		probe.Method = m
		if _, pattern := s.mux.Handler(&probe); pattern != own && pattern != "/" && pattern != "/v2/" && pattern != "" {
			out = append(out, m)
			if m == http.MethodGet {
				out = append(out, http.MethodHead)
			}
		}
	}
	return out
}
