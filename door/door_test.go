package door

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"article41/account"
)

func TestLocal(t *testing.T) {
	for _, c := range []struct {
		reason, method, host string
		header               map[string]string
		status               int
		who                  string
	}{
		{"the machine itself", "GET", "127.0.0.1:8041", nil, 200, "local"},
		{"by name", "GET", "localhost:8041", nil, 200, "local"},
		{"IPv6", "GET", "[::1]:8041", nil, 200, "local"},
		{"another host's name: DNS rebinding", "GET", "evil.example:8041", nil, 421, ""},
		{"a host that ends like ours", "GET", "localhost.evil.example", nil, 421, ""},
		{"no host", "GET", "", nil, 421, ""},
		{"the network's address", "GET", "192.0.2.7:8041", nil, 421, ""},
		{"a proxy", "GET", "127.0.0.1", map[string]string{"X-Forwarded-For": "192.0.2.1"}, 403, ""},
		{"a proxy that marks nothing else", "GET", "127.0.0.1", map[string]string{"X-Real-Ip": "192.0.2.1"}, 403, ""},
		{"a proxy by the standard", "GET", "127.0.0.1", map[string]string{"Via": "1.1 front"}, 403, ""},
		{"a proxy by the RFC", "GET", "127.0.0.1", map[string]string{"Forwarded": "for=192.0.2.1"}, 403, ""},
		{"a proxy's host", "GET", "127.0.0.1", map[string]string{"X-Forwarded-Host": "sanctions.example"}, 403, ""},
		{"a proxy's scheme", "GET", "127.0.0.1", map[string]string{"X-Forwarded-Proto": "https"}, 403, ""},
		{"a mark of a kind not known yet", "GET", "127.0.0.1", map[string]string{"X-Forwarded-Something": ""}, 403, ""},
		{"a content network", "GET", "127.0.0.1", map[string]string{"Cf-Connecting-Ip": "192.0.2.1"}, 403, ""},
		{"nginx as it comes: no mark, HTTP/1.0, our own name", "GET", "127.0.0.1:8041", map[string]string{"proto": "1.0"}, 403, ""},
		{"a proxy without marks that rewrites the name, when a form is sent", "POST", "127.0.0.1:8041",
			map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "https://sanctions.example"}, 403, ""},
		{"a proxy here that does TLS", "POST", "localhost:8041",
			map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "https://localhost:8041"}, 403, ""},
		{"from another machine", "GET", "127.0.0.1:8041", map[string]string{"from": "192.0.2.1:999"}, 421, ""},
		{"our own page, with its origin", "POST", "127.0.0.1:8041",
			map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8041"}, 200, "local"},
		{"our own page", "POST", "127.0.0.1", map[string]string{"Sec-Fetch-Site": "same-origin"}, 200, "local"},
		{"typed in", "GET", "127.0.0.1", map[string]string{"Sec-Fetch-Site": "none"}, 200, "local"},
		{"a link on another site", "GET", "127.0.0.1", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200, "local"},
		{"a script on another site", "GET", "127.0.0.1", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, 200, "anyone"},
		{"a form on another site", "POST", "127.0.0.1", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200, "anyone"},
		{"another port here is another origin", "POST", "127.0.0.1", map[string]string{"Sec-Fetch-Site": "same-site"}, 200, "anyone"},
		{"an old browser", "POST", "127.0.0.1:8041", map[string]string{"Origin": "https://evil.example"}, 200, "anyone"},
		{"an old browser, our page", "POST", "127.0.0.1:8041", map[string]string{"Origin": "http://127.0.0.1:8041"}, 200, "local"},
		{"a file opened in a browser", "POST", "127.0.0.1:8041", map[string]string{"Origin": "null"}, 200, "anyone"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			var who string
			h := Local(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { who = account.Of(r.Context()).ID }))
			r := httptest.NewRequest(c.method, "/", nil)
			r.Host = c.host
			r.RemoteAddr = "127.0.0.1:50000"
			for k, v := range c.header {
				switch k {
				case "proto":
					r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.0", 1, 0
				case "from":
					r.RemoteAddr = v
				default:
					r.Header.Set(k, v)
				}
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != c.status || who != c.who {
				t.Errorf("%d as %q; want %d as %q", w.Code, who, c.status, c.who)
			}
		})
	}
}
