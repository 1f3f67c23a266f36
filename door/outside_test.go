package door

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"article41/account"
	"article41/postgrestest"
)

// clock is one that a test turns.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// issuer is a small OpenID provider; its statements can be spoilt.
type issuer struct {
	*httptest.Server
	key   *rsa.PrivateKey
	claim map[string]any // of the next statement
	nonce string
	spoil func(map[string]any)
	other *rsa.PrivateKey // signs instead
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	o := &issuer{key: k}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{"issuer": o.URL, "authorization_endpoint": o.URL + "/auth", "token_endpoint": o.URL + "/token",
			"jwks_uri": o.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{"keys": []any{map[string]any{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1",
			"n": base64.RawURLEncoding.EncodeToString(k.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.E)).Bytes())}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		if r.Form.Get("code") != "good" || r.Form.Get("code_verifier") == "" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": o.statement(t)})
	})
	o.Server = httptest.NewServer(mux)
	t.Cleanup(o.Close)
	return o
}

func (o *issuer) statement(t *testing.T) string {
	c := map[string]any{}
	for k, v := range o.claim {
		c[k] = v
	}
	c["nonce"] = o.nonce
	if o.spoil != nil {
		o.spoil(c)
	}
	body, _ := json.Marshal(c)
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	k := o.key
	if o.other != nil {
		k = o.other
	}
	sig, err := rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, sum[:])
	if err != nil {
		t.Error(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// house is a door with a page behind it that says who asks.
type house struct {
	*httptest.Server
	door  *Door
	clock *clock
	reg   *account.Register
}

func newHouse(t testing.TB, change func(*Options)) *house {
	t.Helper()
	return newHouseOn(t, postgrestest.File, change)
}

func newHouseOn(t testing.TB, fresh postgrestest.Fresh, change func(*Options)) *house {
	t.Helper()
	s, keys := fresh(t)(), fresh(t)()
	h := &house{clock: &clock{t: time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)}}
	h.reg = &account.Register{Shelf: s.Shelf(), Vault: account.NewVault(keys.Shelf(), account.Master{1}, rand.Reader), Random: rand.Reader}
	o := Options{Register: h.reg, Sessions: keys.Shelf(), Deeds: s.Shelf(), Now: h.clock.now, Log: slog.New(slog.DiscardHandler), Rate: 1000, Burst: 1000}
	if change != nil {
		change(&o)
	}
	h.door = New(o)
	mux := http.NewServeMux()
	say := func(w http.ResponseWriter, err error) {
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
		}
	}
	mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
		p := account.Of(r.Context())
		fmt.Fprintf(w, "%s %s %s", p.ID, p.Name, p.Roles)
	})
	mux.HandleFunc("POST /change/{name}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /in", func(w http.ResponseWriter, r *http.Request) {
		say(w, h.door.In(r.Context(), r.RemoteAddr, r.FormValue("login"), r.FormValue("password")))
	})
	mux.HandleFunc("GET /out", func(w http.ResponseWriter, r *http.Request) { say(w, h.door.Out(r.Context())) })
	mux.HandleFunc("GET /away", func(w http.ResponseWriter, r *http.Request) {
		to, err := h.door.Away(r.Context(), "/next")
		say(w, err)
		io.WriteString(w, to)
	})
	mux.HandleFunc("GET /return", func(w http.ResponseWriter, r *http.Request) {
		next, err := h.door.Back(r.Context(), r.URL.Query())
		say(w, err)
		io.WriteString(w, next)
	})
	h.Server = httptest.NewServer(h.door.Handler(mux))
	t.Cleanup(h.Close)
	return h
}

func browser() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar}
}

func (h *house) ask(t *testing.T, c *http.Client, path string, header ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequest("GET", h.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range header {
		k, v, _ := strings.Cut(l, ": ")
		r.Header.Set(k, v)
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b)
}

// TestOutside: somebody signs in with an issuer, and what is wrong with its
// statement is refused with the reason.
func TestOutside(t *testing.T) {
	o := newIssuer(t)
	h := newHouse(t, func(opt *Options) {
		opt.Outside = &Outside{Name: "the ministry", Issuer: o.URL, Client: "us", Secret: "s", Return: "http://here/return", Claim: "groups",
			Grants: map[string]account.Role{"sanctions-unit": account.Screener},
			Reach:  func(ctx context.Context) context.Context { return oidc.ClientContext(ctx, o.Client()) }}
	})
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		reason string
		spoil  func(map[string]any)
		query  func(url.Values)
		other  bool
		want   string // "": signed in
	}{
		{"somebody of the unit", nil, nil, false, ""},
		{"another issuer's statement", func(c map[string]any) { c["iss"] = "https://evil.example" }, nil, false, "different provider"},
		{"made for another client", func(c map[string]any) { c["aud"] = "them" }, nil, false, "audience"},
		{"signed by another key", nil, nil, true, "signature"},
		{"expired", func(c map[string]any) { c["exp"] = h.clock.now().Add(-2 * time.Minute).Unix() }, nil, false, "do the clocks agree"},
		{"expired, within the skew", func(c map[string]any) { c["exp"] = h.clock.now().Add(-30 * time.Second).Unix() }, nil, false, ""},
		{"from the future", func(c map[string]any) { c["iat"] = h.clock.now().Add(5 * time.Minute).Unix() }, nil, false, "do the clocks agree"},
		{"a little from the future", func(c map[string]any) { c["iat"] = h.clock.now().Add(30 * time.Second).Unix() }, nil, false, ""},
		{"replayed from another sign-in", func(c map[string]any) { c["nonce"] = "old" }, nil, false, "another sign-in"},
		{"of nobody", func(c map[string]any) { c["sub"] = "" }, nil, false, "names nobody"},
		{"another browser's state", nil, func(q url.Values) { q.Set("state", "x") }, false, "begun in this browser"},
		{"a code that is none", nil, func(q url.Values) { q.Set("code", "bad") }, false, "was not exchanged"},
		{"refused there", nil, func(q url.Values) { q.Set("error", "access_denied") }, false, "refused"},
		{"mixed up with another issuer", nil, func(q url.Values) { q.Set("iss", "https://evil.example") }, false, "another issuer answered"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			b := browser()
			_, to := h.ask(t, b, "/away")
			u, err := url.Parse(to)
			if err != nil || u.Query().Get("code_challenge_method") != "S256" {
				t.Fatalf("%v: %s", err, to)
			}
			now := h.clock.now()
			o.nonce, o.spoil, o.other = u.Query().Get("nonce"), c.spoil, nil
			if c.other {
				o.other = other
			}
			o.claim = map[string]any{"iss": o.URL, "aud": "us", "sub": "s-1", "name": "Amina", "groups": []string{"sanctions-unit", "canteen"},
				"iat": now.Unix(), "exp": now.Add(time.Minute).Unix()}
			q := url.Values{"state": {u.Query().Get("state")}, "code": {"good"}}
			if c.query != nil {
				c.query(q)
			}
			status, text := h.ask(t, b, "/return?"+q.Encode())
			_, who := h.ask(t, b, "/who")
			if c.want == "" {
				if status != 200 || text != "/next" || !strings.HasSuffix(who, "Amina [reader screener]") {
					t.Errorf("%d %s; asks as %s", status, text, who)
				}
				if status, text := h.ask(t, b, "/return?"+q.Encode()); status != 401 {
					t.Errorf("the same answer twice: %d %s", status, text)
				}
				return
			}
			if status != 401 || !strings.Contains(text, c.want) || !strings.HasPrefix(who, "anyone") {
				t.Errorf("%d %s; asks as %s", status, text, who)
			}
		})
	}
	if all, err := h.reg.Accounts(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("%v: one person signed in several times: %v", err, all)
	}
}
