package article41_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// This file is the house as data: where each package stands and why, and what no
// package may do. docs/map.md is printed from it; layers_rule_test.go holds the
// tree to it.

// room is a package, or with a * a family of packages, on its floor.
type room struct {
	floor  int
	path   string // relative to the module; "." is the root
	part   part
	what   string
	reason string // why it stands there
}

// part is what a room is to the rest; the nevers speak of parts.
type part string

const (
	domain  part = "domain"  // facts and rules: pure functions
	reader  part = "reader"  // bytes of one publisher → entries; as pure as the domain
	fetcher part = "fetcher" // contacts publishers
	store   part = "store"   // keeps what the domain needs kept
	face    part = "face"    // shows answers
	command part = "command" // wiring, and the tools beside it
	forTest part = "test"    // imported by tests only
)

var rooms = []room{
	{1, "symbol", domain, "UN document symbols and paragraph anchors: parse, canonical form, link",
		"a symbol means the same to everybody; it needs nobody"},
	{1, "date", domain, "days with precision, terms, \"until and including\"",
		"a legal day is a calendar day in New York, whoever asks"},
	{1, "name", domain, "names of people, bodies and ships: scripts, folding, transliteration, keys",
		"two spellings are compared without knowing whose list they stand on"},
	{1, "fetch", fetcher, "the only package that contacts publishers: polite, cached, hashed, bounded",
		"it hands on bytes and must not know what they say"},
	{1, "data", domain, "the curated record as YAML and CSV, and the packed file made of it; no logic",
		"facts that people edit depend on no code"},

	{2, "country", domain, "states by date: membership, name at the time, seat holders, groups",
		"a ballot and a seat name a country.Code, so it lies below the record (design 0001)"},
	{2, "calendar", domain, "working days, UN holidays, due dates",
		"it needs dates only; clocks above it need due dates"},

	{3, "record", domain, "the ledger: entry, bodies, source, claim, digest, Store, At, kinds of error",
		"all that reads, folds or keeps facts speaks of its entries"},

	{4, "shelf", domain, "what changes: documents with versions, and the one store of them",
		"one small store for all that is not in the ledger (design 0007); its errors are record's"},
	{4, "council", domain, "drafts, meetings, votes; the outcome and its reason; the Assembly's votes",
		"an outcome needs entries and states, and no regime"},
	{4, "listing", domain, "listed people, bodies and ships; each entry's history; what differs between lists",
		"an entry has a history whatever law it stands under"},

	{5, "regime", domain, "measures, mandates, sunsets, exemptions; in force on a day by which paragraph; what-if",
		"an effect counts only if the council's outcome is adopted"},
	{5, "sheet", domain, "what publishers send, opened: bounded, decompressed, its characters checked; rows, elements and entries as they come",
		"every reader opens alike; it speaks of entries and of the kinds of error of the record, and of no list"},
	{5, "account", domain, "people, keys, roles; sealed subjects and their keys",
		"beside the ledger, not in it: personal matter must be erasable; kept on the shelf"},
	{5, "align", domain, "who votes with whom; power; drift",
		"it counts what council answers"},

	{6, "source/*", reader, "bytes of one publisher → entries; source/curated reads our own record",
		"our own record is linted by the regime's clocks as it is read (design 0001); others need listing"},
	{6, "instrument", domain, "the law of other authorities that carries the regimes on: EU, UK, US, Swiss; whom it binds on a day",
		"its parts have a regime's clocks and statuses, and an entry of another list is tied to the Council's"},
	{6, "policy", domain, "what a hit means for a payment: jurisdictions, lists, measures and scores, named and versioned",
		"it judges by a regime's statuses and is judged by no answer"},
	{6, "screen", domain, "name index, matching, the explanation in words, the law joined on",
		"a hit is a name that matched and the law on that entry"},
	{6, "monitor", domain, "panel reports, incidents, findings with hedge and speaker",
		"a finding refers to a regime's criteria and a mandate's clock"},
	{6, "payment", domain, "payment messages (ISO 20022, MT) → the parties that they name",
		"it reads a message and knows no list; the root screens what it found"},
	{6, "receipt", domain, "signed answers, the Merkle log, proofs",
		"it signs answers of the floors below and needs no face"},

	{6, "follow", domain, "who follows a feed by e-mail: confirmed, told what is new, ended by a link",
		"it keeps sealed addresses on the shelf; what stands in a feed and how a letter goes out it is handed"},

	{7, "queue", domain, "rows taken in to be screened, and the one answer each gets: the promise of the commit",
		"the stores keep it, and stream, above them, moves it"},
	{7, "watch", domain, "customers kept, what a change can touch, alerts and decisions",
		"it screens again what a change touches"},
	{7, "briefing", domain, "pages for readers, comments, ratings, moderation, robot check",
		"its blocks draw from every answer below"},
	{7, "compile", domain, "our own tables of votes and lists, compiled from the public files and checked against them",
		"it reads the lists with source/un and writes what source/curated reads; nothing that answers questions needs it"},

	{8, "sqlite", store, "the stores on SQLite, and nothing else",
		"a store implements interfaces of the floors below and decides nothing"},
	{8, "postgres", store, "the stores on PostgreSQL, and nothing else",
		"as sqlite; both pass recordtest"},
	{8, ".", domain, "Archive: is handed a ledger, answers every question",
		"beside the stores, not above them: it sees record.Store only"},

	{9, "export", face, "answers → CSV, FollowTheMoney, Popolo, iCalendar, Atom; one file a format",
		"it prints what the Archive answers; api, web and cmd share it"},
	{9, "stream", face, "streams and batches of screening",
		"a transport of answers, shared by the faces above"},

	{10, "api", face, "JSON over HTTP",
		"a face; what it says is decided below"},
	{10, "door", face, "who makes a request: the local owner, a session, a program's key; limits",
		"it stands before both faces and shows neither"},
	{10, "web", face, "pages rendered on the server",
		"a face; what it says is decided below"},

	{11, "cmd/article41", command, "wiring, flags, a file per command",
		"the one place that knows every part: it joins stores, sources and faces"},
	{11, "source/curated/pack", command, "packs the folder data/ into data/record.pack (go generate)",
		"a command of its own, so that the program needs no YAML to start"},
	{11, "name/gen/*", command, "writes tables of name/tables from the modules they come from",
		"a command of its own, so that the program does not carry those modules"},
	{11, "screen/bench", command, "measures screening, and writes the table of its speed",
		"a command of its own, so that the program carries no generator of names"},

	{12, "recordtest", forTest, "one suite that every store of the ledger passes",
		"for tests: it may see a store's interface, never a store"},
	{12, "postgrestest", forTest, "starts a real PostgreSQL for a test; runs one on every kind of store",
		"for tests: the store's own, of what rests on one, and of the program"},
	{12, "monitortest", forTest, "an installation with its desk of incidents, and the search for a withheld name",
		"for tests: pages alone are asked from web, both faces from cmd, by the same visitors"},
	{12, "shareddata", forTest, "finds the public files that tests are run against",
		"for tests: says that a test did not run, or fails where it must"},
}

// roomOf finds the room of a package: the exact path, else the longest family.
func roomOf(rooms []room, pkg string) (room, bool) {
	var found room
	for _, r := range rooms {
		if r.path == pkg {
			return r, true
		}
		if ok, _ := path.Match(r.path, pkg); ok && len(r.path) > len(found.path) {
			found = r
		}
	}
	return found, found.path != ""
}

// never is one thing that no file may do. It sees a file and one thing the file
// uses: an import ("article41/web", "net/http"), a name of one ("time.Now"), or
// something it declares ("func init", "type Result").
type never struct {
	name   string
	reason string
	breaks func(f file, use string) bool
}

var nevers = []never{
	{"an import goes only to a lower floor",
		"a reader who knows the floors below knows all that a package can depend on",
		func(f file, use string) bool {
			to, ours := target(use)
			return ours && !f.test && to.floor >= f.room.floor
		}},
	{"api and web never import each other",
		"what both need is an answer, and answers live below",
		func(f file, use string) bool {
			return f.in("api") && isPackage(use, "web") || f.in("web") && isPackage(use, "api")
		}},
	{"a face imports no store and no source",
		"it shows what the Archive answers, wherever that is kept and whoever published it",
		func(f file, use string) bool {
			to, ours := target(use)
			return f.room.part == face && !f.test && ours && (to.part == store || to.part == reader)
		}},
	{"the domain imports no store",
		"a rule is tested without a database, and holds on every one",
		func(f file, use string) bool {
			to, ours := target(use)
			return f.pure() && ours && to.part == store
		}},
	{"the domain imports no net/http, no net and no database/sql",
		"an answer is a function of the ledger and three coordinates",
		func(f file, use string) bool {
			return f.pure() && slices.Contains([]string{"net", "net/http", "database/sql"}, use)
		}},
	{"the domain does not read the clock",
		"time is an argument: yesterday's answer can be asked for again",
		func(f file, use string) bool {
			return f.pure() && slices.Contains([]string{"time.Now", "time.Since", "time.Until"}, use)
		}},
	{"the domain keeps no log",
		"what went wrong is an error, and the caller decides who hears of it",
		func(f file, use string) bool { return f.pure() && (use == "log" || use == "log/slog") }},
	{"nothing but cmd imports fetch",
		"who is contacted is decided in one place that can be read",
		func(f file, use string) bool {
			return isPackage(use, "fetch") && !f.in("fetch") && f.room.path != "cmd/article41"
		}},
	{"only fetch and cmd dial out",
		"a start without flags dials nothing; every connection stands in docs/connections.md",
		func(f file, use string) bool {
			return !f.test && !f.in("fetch") && f.room.path != "cmd/article41" && slices.Contains(dialling, use)
		}},
	{"source/a never imports source/b",
		"a publisher's format changes alone",
		func(f file, use string) bool {
			to, ours := target(use)
			return f.room.part == reader && ours && to.part == reader && use != module+"/"+f.pkg
		}},
	{"a driver stays in its store",
		"another engine is one package, not a search through all",
		func(f file, use string) bool {
			driver := strings.HasPrefix(use, "modernc.org/sqlite") || strings.HasPrefix(use, "github.com/jackc/pgx")
			return driver && f.room.part != store && !f.test
		}},
	{"only a test imports what is made for tests",
		"a program that ships carries no test",
		func(f file, use string) bool {
			to, ours := target(use)
			return !f.test && f.room.part != forTest && (use == "testing" || ours && to.part == forTest)
		}},
	{"no init()",
		"what a program consists of is read in cmd's tables, not found out at start",
		func(_ file, use string) bool { return use == "func init" }},
	{"no Get…, …Impl, …DTO or …Info",
		"a name says what a thing is or which question it answers",
		func(_ file, use string) bool { return vague.MatchString(use) }},
}

// dialling are the names with which Go code opens a connection.
var dialling = []string{"net.Dial", "net.DialTimeout", "net.DialTCP", "net.DialUDP", "net.DialIP", "net.DialUnix", "net.Dialer",
	"net.LookupHost", "net.LookupIP", "net.LookupAddr", "net.DefaultResolver", "net.Resolver", "crypto/tls.Dial", "crypto/tls.Dialer",
	"net/http.Get", "net/http.Head", "net/http.Post", "net/http.PostForm", "net/http.Client", "net/http.DefaultClient",
	"net/http.Transport", "net/http.DefaultTransport", "net/rpc.Dial", "net/smtp.Dial", "net/smtp.SendMail"}

var vague = regexp.MustCompile(`^(func|type|method) (Get[A-Z]\w*|\w+(Impl|DTO|Info))$`)

// misnomers are package names that say how, not what.
var misnomers = []string{"util", "utils", "common", "helper", "helpers", "manager", "service", "services", "core", "base", "type", "types",
	"model", "models", "misc", "shared", "lib", "internal", "pkg"}

// longest is the length at which a file is split.
const longest = 700
