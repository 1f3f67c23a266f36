// Package door says who makes a request, and lets nobody further than that.
//
// It stands before the pages and the JSON: each request gets an [account.Person]
// in its context, and what that person may do is decided behind it, by the routes'
// column of actions. On a server that only loopback reaches, whoever asks is the
// local owner ([Local]). The package shows no page and decides no right.
//
//	handler := door.Local(routes)
package door

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"article41/account"
)

// Local lets everybody in as the local owner: right for a server that listens on
// loopback alone. Some things do not come from there, though their packets do, and
// are refused: a request for another host's name, by which a page of that host
// would read this server (DNS rebinding), and one that a proxy passed on, which
// would make the whole world the owner. What a page of another site makes a browser
// send counts as nobody's.
func Local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !loopback(r.Host), !addrOf(r.RemoteAddr).IsLoopback():
			refuse(w, http.StatusMisdirectedRequest, "This server answers for this machine only, under the name localhost or its loopback address.")
			return
		case passedOn(r):
			refuse(w, http.StatusForbidden, "A proxy passed this on, and this server treats whoever asks as its owner. Start it with --sign-in and --trusted-proxy.")
			return
		}
		p := account.Local()
		if foreign(r) {
			p = account.Anyone()
		}
		next.ServeHTTP(w, r.WithContext(account.With(r.Context(), p)))
	})
}

// passers are the headers in which proxies say that they passed a request on, beside
// all that begin with X-Forwarded.
var passers = []string{"Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "X-Cluster-Client-Ip", "X-Original-Forwarded-For", "X-Original-Host",
	"X-Original-Url", "X-Envoy-External-Address", "X-Proxyuser-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "Fastly-Client-Ip", "Cdn-Loop"}

// passedOn reports whether a proxy passed the request on. Most say so in a header.
// Those that say nothing: nginx as it comes speaks HTTP/1.0 and asks for loopback's
// name, which no browser does; and where the host's name was rewritten, a browser's
// own page has an origin that is not the host asked for. A proxy that keeps quiet,
// speaks HTTP/1.1 and rewrites the name is found at the first form that is sent
// through it, and not before.
func passedOn(r *http.Request) bool {
	for k := range r.Header {
		if strings.HasPrefix(k, "X-Forwarded") || slices.Contains(passers, k) {
			return true
		}
	}
	if !r.ProtoAtLeast(1, 1) {
		return true
	}
	if r.Header.Get("Sec-Fetch-Site") != "same-origin" || r.Header.Get("Origin") == "" {
		return false
	}
	u, err := url.Parse(r.Header.Get("Origin"))
	return err != nil || u.Host != r.Host || u.Scheme == "https" && r.TLS == nil
}

// loopback reports whether a Host header names this machine's loopback.
func loopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") { // RFC 6761: never asked of a name server
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// foreign reports whether a page of another origin made the browser send this.
// Following a link is not: it changes nothing, and the other page cannot read
// what it leads to.
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "": // no browser, or an old one
		o := r.Header.Get("Origin")
		if o == "" {
			return false
		}
		u, err := url.Parse(o)
		return err != nil || u.Host != r.Host
	}
	return r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Method != http.MethodGet && r.Method != http.MethodHead
}

// refuse answers before any face is asked.
func refuse(w http.ResponseWriter, status int, says string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'")
	http.Error(w, says, status)
}
