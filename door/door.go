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
	"strings"

	"article41/account"
)

// Local lets everybody in as the local owner: right for a server that listens on
// loopback alone. Two things do not come from there, though their packets do, and
// are refused: a request for another host's name, by which a page of that host
// would read this server (DNS rebinding), and one that a proxy passed on. What a
// page of another site makes a browser send counts as nobody's.
func Local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !loopback(r.Host):
			refuse(w, http.StatusMisdirectedRequest, "This server answers for this machine only, under the name localhost or its loopback address.")
			return
		case passedOn(r.Header):
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

// passedOn reports whether a proxy put its mark on the request. One that puts none
// cannot be told from this machine.
func passedOn(h http.Header) bool {
	for _, k := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "X-Forwarded-Host", "X-Forwarded-Proto", "Via"} {
		if h.Get(k) != "" {
			return true
		}
	}
	return false
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
