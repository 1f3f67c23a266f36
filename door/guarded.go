package door

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"golang.org/x/time/rate"

	"article41/account"
	"article41/record"
	"article41/shelf"
)

// Options are what a door that others reach is told by the program.
type Options struct {
	Register *account.Register
	Sessions shelf.Store // where sessions lie: beside the keys, so in no backup
	Deeds    shelf.Store // where writes are kept on record
	Now      func() time.Time
	Log      *slog.Logger
	Proxies  []netip.Prefix // whose word on who asks is taken
	Secure   bool           // browsers reach this over TLS
	Outside  *Outside       // who else vouches for people; nil: nobody
	// Rate and Burst are what one asker may send: requests a second.
	Rate  float64
	Burst int
}

// Door lets people in by their session and programs by their key, everybody else
// as a reader without a name.
type Door struct {
	Options
	sessions *scs.SessionManager
	limits   limits
	tries    limits // of passwords
	hashing  chan struct{}

	mu    sync.Mutex
	uses  map[string]use // by key
	swept time.Time      // when ended sessions were thrown away
}

// New is the door of a server that more than its own machine reaches.
func New(o Options) *Door {
	d := &Door{Options: o, hashing: make(chan struct{}, 2), uses: map[string]use{}}
	d.limits = limits{rate: rate.Limit(o.Rate), burst: o.Burst}
	d.tries = limits{rate: rate.Every(10 * time.Second), burst: 10}
	d.sessions = newSessions(o)
	return d
}

// limits are the buckets of those who ask, the idle ones thrown away.
type limits struct {
	rate  rate.Limit
	burst int
	mu    sync.Mutex
	kept  map[string]*rate.Limiter
}

// mostLimits bounds the buckets kept; when they are full, all begin anew.
const mostLimits = 100_000

// after is how long who has to wait; 0: not at all.
func (l *limits) after(who string, now time.Time, own float64) time.Duration {
	limit, burst := l.rate, l.burst
	if own > 0 {
		limit, burst = rate.Limit(own), max(1, int(2*own))
	}
	if limit <= 0 {
		return 0
	}
	l.mu.Lock()
	b := l.kept[who]
	if b == nil || b.Limit() != limit {
		if l.kept == nil || len(l.kept) >= mostLimits {
			l.kept = map[string]*rate.Limiter{}
		}
		b = rate.NewLimiter(limit, burst)
		l.kept[who] = b
	}
	l.mu.Unlock()
	r := b.ReserveN(now, 1)
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait
	}
	return 0
}

// Handler stands before the faces.
func (d *Door) Handler(next http.Handler) http.Handler {
	inside := d.sessions.LoadAndSave(d.named(next))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = d.direct(r)
		w.Header().Set("X-Request-Id", requestID(r))
		if d.Secure {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		if text := r.Header.Get("Authorization"); text != "" {
			d.program(next).ServeHTTP(w, r)
			return
		}
		inside.ServeHTTP(w, r)
	})
}

type idKey struct{}

// requestID makes the request's id: ours, as one from outside could carry a name.
func requestID(r *http.Request) string {
	if id, ok := r.Context().Value(idKey{}).(string); ok {
		return id
	}
	return ""
}

// direct finds who asks behind trusted proxies, and drops what others claim.
func (d *Door) direct(r *http.Request) *http.Request {
	r = r.WithContext(context.WithValue(r.Context(), idKey{}, rand.Text()[:16]))
	ip := addrOf(r.RemoteAddr)
	if d.trusted(ip) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0; i-- { // the nearest last
			hop := addrOf(strings.TrimSpace(hops[i])) // some proxies write the port too
			if !hop.IsValid() {
				break
			}
			ip = hop
			if !d.trusted(hop) {
				break
			}
		}
	}
	r.RemoteAddr = net.JoinHostPort(ip.String(), "0")
	for _, h := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip"} {
		r.Header.Del(h)
	}
	return r
}

func (d *Door) trusted(ip netip.Addr) bool {
	for _, p := range d.Proxies {
		if p.Contains(ip.Unmap()) {
			return true
		}
	}
	return false
}

// network is who asks, for the limits: one household or host has a whole /64 of
// IPv6 addresses, and would have as many limits.
func network(remote string) string {
	ip := addrOf(remote)
	if !ip.Is6() {
		return ip.String()
	}
	p, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return ip.String()
	}
	return p.String()
}

func addrOf(remote string) netip.Addr {
	if ap, err := netip.ParseAddrPort(remote); err == nil {
		return ap.Addr().Unmap()
	}
	a, _ := netip.ParseAddr(remote)
	return a
}

// program lets a program in by its key.
func (d *Door) program(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		now := d.Now()
		if !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, "ApiKey") {
			d.unknown(w, r, errors.New("this server reads keys as Authorization: Bearer a41_…"))
			return
		}
		// Whoever guesses is slowed down by address, before anything is looked up.
		if wait := d.limits.after("try "+network(r.RemoteAddr), now, 1000); wait > 0 {
			late(w, wait)
			return
		}
		k, err := d.Register.Check(r.Context(), now, strings.TrimSpace(token))
		switch {
		case errors.Is(err, account.ErrNoKey), errors.Is(err, account.ErrExpired):
			d.unknown(w, r, err)
			return
		case err != nil:
			d.failed(w, r, "a key could not be read", err)
			return
		}
		wait, err := d.count(r.Context(), k, now)
		if err != nil {
			d.failed(w, r, "a key's use could not be read", err)
			return
		}
		if wait > 0 {
			late(w, wait)
			return
		}
		d.on(w, r, next, k.Person())
	})
}

func (d *Door) unknown(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="article41", error="invalid_token"`)
	problem(w, r, http.StatusUnauthorized, err.Error())
}

func (d *Door) failed(w http.ResponseWriter, r *http.Request, what string, err error) {
	d.Log.Error(what, "request", requestID(r), "error", err)
	problem(w, r, http.StatusServiceUnavailable, what+"; the log has the reason under "+requestID(r))
}

func late(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
	problem(w, nil, http.StatusTooManyRequests, "too many requests; see Retry-After")
}

// problem answers before any face is asked, in a form both APIs' clients read.
func problem(w http.ResponseWriter, r *http.Request, status int, detail string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", "application/problem+json")
	if r == nil || r.ContentLength != 0 {
		h.Set("Connection", "close") // the body is not waited for
	}
	w.WriteHeader(status)
	w.Write([]byte(`{"title":` + strconv.Quote(http.StatusText(status)) + `,"status":` + strconv.Itoa(status) + `,"detail":` + strconv.Quote(detail) + "}\n"))
}

// named lets in who has a session, and everybody else as a reader.
func (d *Door) named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := d.Now()
		p := account.Anyone()
		if !foreign(r) {
			var err error
			if p, err = d.whose(r.Context(), now); err != nil {
				d.failed(w, r, "a session could not be read", err)
				return
			}
		}
		who := p.ID
		if who == account.Anyone().ID {
			who = "from " + network(r.RemoteAddr)
		}
		if wait := d.limits.after(who, now, 0); wait > 0 {
			late(w, wait)
			return
		}
		d.on(w, r, next, p)
	})
}

// on hands the request to the faces, and keeps a record of it if it may change
// something.
func (d *Door) on(w http.ResponseWriter, r *http.Request, next http.Handler, p account.Person) {
	r = r.WithContext(account.With(r.Context(), p))
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
		next.ServeHTTP(w, r)
		return
	}
	s := &seen{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(s, r)
	if err := d.write(context.WithoutCancel(r.Context()), Deed{At: d.Now().UTC(), Who: p.ID, Method: r.Method, Path: deedPath(r), Status: s.status, Request: requestID(r)}); err != nil {
		d.Log.Error("a write could not be put on record", "request", requestID(r), "error", err)
	}
}

// seen remembers the status.
type seen struct {
	http.ResponseWriter
	status int
	told   bool
}

func (s *seen) WriteHeader(status int) {
	if !s.told {
		s.status, s.told = status, true
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *seen) Write(b []byte) (int, error) {
	s.told = true
	return s.ResponseWriter.Write(b)
}

// Unwrap lets a handler set deadlines.
func (s *seen) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// deedKind keeps one deed an item.
const deedKind shelf.Kind = "deed"

// Deed is a request that may have changed something: who did it, where, when, and
// whether it was let; or what was erased, by which hand (method ERASE). It holds no
// name and nothing of a body or a query string.
type Deed struct {
	At      time.Time `json:"at"`
	Who     string    `json:"who"`
	Method  string    `json:"method"`
	Path    string    `json:"path"`
	Status  int       `json:"status"`
	Request string    `json:"request"`
}

// questions are addresses that are posted to and change nothing: what is asked
// there is put on no record.
var questions = []string{"/match/", "/reconcile/", "/api/v1/screen", "/api/v1/whatif", "/screen", "/find"}

// deedPath is the address without what somebody may have typed into it.
func deedPath(r *http.Request) string {
	if r.Pattern != "" { // the route's own words
		_, path, _ := strings.Cut(r.Pattern, " ")
		return path
	}
	return r.URL.Path
}

func (d *Door) write(ctx context.Context, deed Deed) error {
	for _, q := range questions {
		if strings.HasPrefix(deed.Path, q) {
			return nil
		}
	}
	return Record(ctx, d.Deeds, deed)
}

// Record puts a deed on record.
func Record(ctx context.Context, s shelf.Store, deed Deed) error {
	id := shelf.ID(deed.At.Format("20060102T150405.000Z") + "-" + deed.Request)
	_, err := s.Write(ctx, shelf.Drawer[Deed]{Kind: deedKind}.Change(id, shelf.Any, deed))
	return err
}

// Deeds are those on record from a moment on, at most limit.
func Deeds(ctx context.Context, s shelf.Store, from time.Time, limit int) ([]Deed, error) {
	items, err := s.Items(ctx, deedKind, shelf.ID(from.UTC().Format("20060102T150405.000Z")), limit)
	if err != nil {
		return nil, err
	}
	out := make([]Deed, 0, len(items))
	for _, it := range items {
		v, err := (shelf.Drawer[Deed]{Kind: deedKind}).Value(it)
		if err != nil {
			return out, err
		}
		out = append(out, v)
	}
	return out, nil
}

// In signs somebody in by their password, for the session of the context.
func (d *Door) In(ctx context.Context, from, login, password string) error {
	now := d.Now()
	for _, who := range []string{"from " + network(from), "as " + d.Register.Vault.Blind("try", strings.ToLower(login))} {
		if d.tries.after(who, now, 0) > 0 {
			return account.ErrTries
		}
	}
	d.hashing <- struct{}{} // 19 MiB each
	a, err := d.Register.SignIn(ctx, login, password)
	<-d.hashing
	if err != nil {
		return err
	}
	return d.begin(ctx, a)
}

// Out ends the session of the context.
func (d *Door) Out(ctx context.Context) error { return d.sessions.Destroy(ctx) }

// OutsideName is who else vouches for people; "" if nobody.
func (d *Door) OutsideName() string {
	if d.Outside == nil {
		return ""
	}
	return d.Outside.Name
}

// begin makes the session of the context the account's, under a new token: one
// that somebody planted before is void.
func (d *Door) begin(ctx context.Context, a account.Account) error {
	if err := d.sessions.RenewToken(ctx); err != nil {
		return err
	}
	d.sessions.Put(ctx, "account", a.ID)
	d.sessions.Put(ctx, "epoch", a.Epoch)
	d.sessions.Put(ctx, "seen", d.Now().Unix())
	d.sessions.Put(ctx, "began", d.Now().Unix())
	return nil
}

// Sessions end so long after their last use, and at the latest so long after they
// began.
const (
	idle     = 2 * time.Hour
	lifetime = 12 * time.Hour
)

func ended(now, seen, began time.Time) bool {
	return now.Sub(seen) > idle || now.Sub(began) > lifetime
}

// whose is who has the session of the context.
func (d *Door) whose(ctx context.Context, now time.Time) (account.Person, error) {
	id := d.sessions.GetString(ctx, "account")
	if id == "" {
		return account.Anyone(), nil
	}
	// The library counts the lifetime by the engine's clock; the door by the one it
	// was given, so that both end a session.
	seen, began := time.Unix(d.sessions.GetInt64(ctx, "seen"), 0), time.Unix(d.sessions.GetInt64(ctx, "began"), 0)
	a, err := d.Register.Account(ctx, id)
	if errors.Is(err, record.ErrNotFound) || err == nil && (a.Epoch != d.sessions.GetInt64(ctx, "epoch") || ended(now, seen, began)) {
		return account.Anyone(), d.sessions.Destroy(ctx) // removed, signed out, or left alone
	}
	if err != nil {
		return account.Anyone(), err
	}
	if now.Sub(seen) > 5*time.Minute {
		d.sessions.Put(ctx, "seen", now.Unix())
	}
	return a.Person(), nil
}
