package door

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"article41/account"
)

const password = "correct horse battery"

// TestSessions: what becomes of a session, one that somebody stole among them.
func TestSessions(t *testing.T) {
	for _, c := range []struct {
		reason string
		do     func(t *testing.T, h *house, id string, b *http.Client)
		stays  bool
	}{
		{"in use", func(t *testing.T, h *house, _ string, b *http.Client) { h.clock.add(time.Hour) }, true},
		{"signed out", func(t *testing.T, h *house, _ string, b *http.Client) { h.ask(t, b, "/out") }, false},
		{"left alone", func(t *testing.T, h *house, _ string, b *http.Client) { h.clock.add(2*time.Hour + time.Minute) }, false},
		{"in use all day", func(t *testing.T, h *house, _ string, b *http.Client) {
			for range 13 {
				h.clock.add(time.Hour)
				h.ask(t, b, "/who")
			}
		}, false}, // whatever is done with it, it ends after twelve hours
		{"its account's roles changed", func(t *testing.T, h *house, id string, _ *http.Client) {
			must(t, h.reg.SetRoles(t.Context(), id, []account.Role{account.Reader}))
		}, false},
		{"a new password", func(t *testing.T, h *house, id string, _ *http.Client) {
			must(t, h.reg.SetPassword(t.Context(), id, password+"2"))
		}, false},
		{"all sessions ended", func(t *testing.T, h *house, id string, _ *http.Client) { must(t, h.reg.SignOut(t.Context(), id)) }, false},
		{"its account removed", func(t *testing.T, h *house, id string, _ *http.Client) { must(t, h.reg.Remove(t.Context(), id)) }, false},
	} {
		t.Run(c.reason, func(t *testing.T) {
			h := newHouse(t, nil)
			acc, err := h.reg.NewAccount(t.Context(), h.clock.now(), account.Account{Issuer: account.Here, Login: "amina", Roles: []account.Role{account.Screener}})
			must(t, err)
			must(t, h.reg.SetPassword(t.Context(), acc.ID, password))
			b := browser()
			h.ask(t, b, "/away-from-nowhere")
			if status, text := h.ask(t, b, "/in?login=Amina&password="+url.QueryEscape(password)); status != 200 {
				t.Fatal(status, text)
			}
			at, _ := url.Parse(h.URL)
			stolen := b.Jar.Cookies(at)
			if len(stolen) != 1 {
				t.Fatal(stolen)
			}
			c.do(t, h, acc.ID, b)
			status, who := h.ask(t, http.DefaultClient, "/who", "Cookie: "+stolen[0].Name+"="+stolen[0].Value)
			if status != 200 || strings.HasPrefix(who, acc.ID) != c.stays {
				t.Errorf("%d, asks as %s", status, who)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestPasswordsAreNotGuessed: wrong ones say no more than that, and many are
// stopped, the right one too.
func TestPasswordsAreNotGuessed(t *testing.T) {
	h := newHouse(t, nil)
	acc, err := h.reg.NewAccount(t.Context(), h.clock.now(), account.Account{Issuer: account.Here, Login: "amina", Roles: []account.Role{account.Screener}})
	must(t, err)
	must(t, h.reg.SetPassword(t.Context(), acc.ID, password))
	_, wrong := h.ask(t, browser(), "/in?login=amina&password=wrong-wrong-wrong")
	_, nobody := h.ask(t, browser(), "/in?login=nobody&password=wrong-wrong-wrong")
	if wrong != nobody || !strings.Contains(wrong, "no account with this name and password") {
		t.Errorf("%q, and for nobody's name %q", wrong, nobody)
	}
	for range 12 {
		h.ask(t, browser(), "/in?login=amina&password=wrong-wrong-wrong")
	}
	if status, text := h.ask(t, browser(), "/in?login=amina&password="+url.QueryEscape(password)); status == 200 || !strings.Contains(text, "too many") {
		t.Errorf("after many tries: %d %s", status, text)
	}
	h.clock.add(time.Minute)
	if status, text := h.ask(t, browser(), "/in?login=amina&password="+url.QueryEscape(password)); status != 200 {
		t.Errorf("a minute later: %d %s", status, text)
	}
}

// TestKeys: expired, rotated, revoked, over its rate and over its quota.
func TestKeys(t *testing.T) {
	h := newHouse(t, nil)
	ctx, now := t.Context(), h.clock.now()
	end := now.Add(time.Hour)
	k, first, err := h.reg.NewKey(ctx, now, account.Key{Label: "hub", Roles: []account.Role{account.Screener}, Expires: &end, Quota: 6})
	must(t, err)
	as := func(token string) (int, string) {
		return h.ask(t, http.DefaultClient, "/who", "Authorization: Bearer "+token)
	}
	if status, who := as(first); status != 200 || who != k.ID+" hub [screener]" {
		t.Fatalf("%d %s", status, who)
	}
	for _, bad := range []string{"", "a41_", first[:len(first)-1], first + "A", strings.ToUpper(first), "a41_ffffffffffffffff" + first[20:]} {
		if status, text := as(bad); status != 401 {
			t.Errorf("%q: %d %s", bad, status, text)
		}
	}
	second, err := h.reg.RotateKey(ctx, now, k.ID, time.Minute)
	must(t, err)
	for _, token := range []string{first, second} {
		if status, text := as(token); status != 200 {
			t.Errorf("within the grace: %d %s", status, text)
		}
	}
	h.clock.add(2 * time.Minute)
	if status, text := as(first); status != 401 || !strings.Contains(text, "replaced by a newer one") {
		t.Errorf("after the grace: %d %s", status, text)
	}
	for range 3 {
		as(second)
	}
	if status, text := as(second); status != 429 {
		t.Errorf("over the quota: %d %s", status, text)
	}
	must(t, h.door.Keep(ctx))
	if u, err := h.reg.Usage(ctx, k.ID); err != nil || u.Count != 6 || u.Last.IsZero() {
		t.Errorf("%+v %v", u, err)
	}
	h.clock.add(time.Hour)
	if status, text := as(second); status != 401 || !strings.Contains(text, "expired") {
		t.Errorf("expired: %d %s", status, text)
	}
	slow, token, err := h.reg.NewKey(ctx, h.clock.now(), account.Key{Label: "slow", Roles: []account.Role{account.Reader}, Rate: 1})
	must(t, err)
	for range 2 {
		as(token)
	}
	if status, _ := as(token); status != 429 {
		t.Errorf("over its rate: %d", status)
	}
	h.clock.add(10 * time.Second)
	if status, _ := as(token); status != 200 {
		t.Errorf("a little later: %d", status)
	}
	must(t, h.reg.RevokeKey(ctx, h.clock.now(), slow.ID))
	if status, text := as(token); status != 401 {
		t.Errorf("revoked: %d %s", status, text)
	}
}

// TestProxies: only a proxy that is named says who asks.
func TestProxies(t *testing.T) {
	d := &Door{Options: Options{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}
	for _, c := range []struct{ reason, remote, forwarded, want string }{
		{"directly", "192.0.2.1:5", "", "192.0.2.1"},
		{"a stranger claims to be another", "192.0.2.1:5", "127.0.0.1", "192.0.2.1"},
		{"our proxy", "10.1.1.1:5", "192.0.2.7", "192.0.2.7"},
		{"what the asker wrote before our proxy", "10.1.1.1:5", "127.0.0.1, 192.0.2.7", "192.0.2.7"},
		{"two proxies of ours", "10.1.1.1:5", "192.0.2.7, 10.2.2.2", "192.0.2.7"},
		{"our proxy writes the port too", "10.1.1.1:5", "127.0.0.1, 192.0.2.7:4711", "192.0.2.7"},
		{"and of IPv6", "10.1.1.1:5", "[2001:db8::7]:4711", "2001:db8::7"},
		{"nonsense", "10.1.1.1:5", "somebody", "10.1.1.1"},
	} {
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		r = d.direct(r)
		if got := addrOf(r.RemoteAddr).String(); got != c.want || r.Header.Get("X-Forwarded-For") != "" {
			t.Errorf("%s: %s, want %s", c.reason, got, c.want)
		}
	}
}

// TestDeeds: a request that may change something is put on record without what
// was typed.
func TestDeeds(t *testing.T) {
	h := newHouse(t, nil)
	resp, err := http.Post(h.URL+"/change/Amina?name=Traore", "text/plain", strings.NewReader("Amina"))
	must(t, err)
	resp.Body.Close()
	all, err := Deeds(t.Context(), h.door.Deeds, h.clock.now().Add(-time.Hour), 10)
	if err != nil || len(all) != 1 || all[0].Who != "anyone" || all[0].Path != "/change/{name}" || all[0].Status != 200 || resp.Header.Get("X-Request-Id") != all[0].Request {
		t.Errorf("%+v %v", all, err)
	}
}
