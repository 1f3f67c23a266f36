package door

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"testing"
	"time"

	"article41/account"
)

// FuzzHeaders: whatever stands in the headers that say who asks, nobody is let in who
// has no key and no session, and nothing fails.
func FuzzHeaders(f *testing.F) {
	h := newHouse(f, func(o *Options) {
		o.Rate, o.Burst = 1e9, 1e9
		o.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	})
	f.Add("Bearer a41_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "article41=x", "203.0.113.1, 192.0.2.1")
	f.Add("", "article41=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "fe80::1%]x")
	f.Add("ApiKey \xff", "article41=\"", ",,")
	f.Fuzz(func(t *testing.T, key, cookie, hops string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = "192.0.2.7:1"
		for k, v := range map[string]string{"Authorization": key, "Cookie": cookie, "X-Forwarded-For": hops} {
			if v != "" {
				r.Header.Set(k, v)
			}
		}
		asked := false
		w := httptest.NewRecorder()
		h.door.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			asked = true
			if p := account.Of(r.Context()); p.ID != account.Anyone().ID {
				t.Errorf("%q %q let in %+v", key, cookie, p)
			}
			if _, err := netip.ParseAddrPort(r.RemoteAddr); err != nil || r.Header.Get("X-Forwarded-For") != "" {
				t.Errorf("%q leaves %q %q", hops, r.RemoteAddr, r.Header.Get("X-Forwarded-For"))
			}
		})).ServeHTTP(w, r)
		if key != "" && (asked || w.Code != http.StatusUnauthorized && w.Code != http.StatusTooManyRequests) || key == "" && !asked {
			t.Errorf("%q %q: %d, asked %t", key, cookie, w.Code, asked)
		}
	})
}

// FuzzSession: bytes that are no session of ours are over, or hold text and whole
// numbers that read the same when written again.
func FuzzSession(f *testing.F) {
	now := time.Unix(1_700_000_000, 0)
	b, err := plainCodec{}.Encode(now, map[string]any{"account": "a", "seen": int64(5), "began": int64(4)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"whole":{"began":9223372036854775807}}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		until, values, err := plainCodec{}.Decode(in)
		over := session{now.Add(time.Hour), in}.over(now)
		if err != nil {
			if !over {
				t.Errorf("%q cannot be read and is not over", in)
			}
			return
		}
		out, err := plainCodec{}.Encode(until, values)
		if err != nil {
			return // a year beyond 9999 is written by nobody
		}
		again, same, err := plainCodec{}.Decode(out)
		if err != nil || !again.Equal(until) || len(same) != len(values) {
			t.Errorf("%q reads as %v, then as %v (%v)", in, values, same, err)
		}
	})
}

// FuzzBack: an answer that belongs to no sign-in begun in this browser lets nobody in,
// and what groups an issuer names gives no role beyond those granted.
func FuzzBack(f *testing.F) {
	h := newHouse(f, nil)
	h.door.Outside = &Outside{Issuer: "https://id.example", Claim: "groups", Grants: map[string]account.Role{"aml": account.Screener}}
	f.Add("state=&code=x", []byte(`{"groups":["aml","root"]}`))
	f.Add("state=x&iss=https://id.example", []byte(`{"groups":"aml"}`))
	f.Add("", []byte(`{"groups":[["owner"],{"aml":1},null]}`))
	f.Fuzz(func(t *testing.T, query string, claims []byte) {
		q, _ := url.ParseQuery(query)
		ctx, err := h.door.sessions.Load(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.door.Back(ctx, q); err == nil || h.door.sessions.GetString(ctx, "account") != "" {
			t.Errorf("%q lets somebody in", query)
		}
		var c map[string]any
		if json.Unmarshal(claims, &c) != nil {
			return
		}
		for _, r := range h.door.Outside.roles(c) {
			if !slices.Contains([]account.Role{account.Reader, account.Screener}, r) {
				t.Errorf("%s gives %s", claims, r)
			}
		}
	})
}
