package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/spf13/pflag"

	"article41/account"
	"article41/door"
	"article41/record"
	"article41/web"
)

// entrance are the flags of serve that say who is let in, and how. None given, the
// server listens on loopback and takes whoever asks for its owner.
type entrance struct {
	signIn    bool
	cert, key string
	proxies   []string
	url       string
	issuer    string
	client    string
	secret    string
	name      string
	claim     string
	grants    []string
	rate      float64
	burst     int
}

func (e *entrance) flags(f *pflag.FlagSet) {
	f.BoolVar(&e.signIn, "sign-in", false, "whoever asks must sign in or show a key, on loopback too; elsewhere it is always so")
	f.StringVar(&e.cert, "tls-cert", "", "the certificate `file` (PEM) to serve over TLS")
	f.StringVar(&e.key, "tls-key", "", "the `file` (PEM) of its key")
	f.StringSliceVar(&e.proxies, "trusted-proxy", nil, "an `address or network` whose word on who asks is taken; it does the TLS. May be repeated")
	f.StringVar(&e.url, "url", "", "the `address` at which browsers reach this, such as https://sanctions.example")
	f.StringVar(&e.issuer, "oidc-issuer", "", "the OpenID Connect `issuer` with whom people sign in")
	f.StringVar(&e.client, "oidc-client", "", "our client `id` there")
	f.StringVar(&e.secret, "oidc-secret-file", "", "the `file` with our client secret")
	f.StringVar(&e.name, "oidc-name", "", "what the sign-in page calls the issuer (default its host)")
	f.StringVar(&e.claim, "oidc-claim", "", "the `claim` that lists somebody's groups (default: roles are given with article41 account roles)")
	f.StringSliceVar(&e.grants, "oidc-grant", nil, "a `group=role`; may be repeated")
	f.Float64Var(&e.rate, "rate", 50, "requests a `second` of one asker, where the key has no rate of its own; 0 is any")
	f.IntVar(&e.burst, "burst", 200, "requests one asker may send at once")
}

// guarded says whether whoever asks must say who they are.
func (e *entrance) guarded(addr string) bool {
	return e.signIn || !onLoopback(addr) || e.cert != "" || len(e.proxies) > 0 || e.issuer != ""
}

func onLoopback(addr string) bool {
	host, _, _ := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// admission makes the door, or says why the server may not start.
func (a *app) admission(ctx context.Context, e *entrance, addr string, log *slog.Logger) (*door.Door, *tls.Config, error) {
	secure := e.cert != "" || strings.HasPrefix(e.url, "https://")
	switch {
	case (e.cert == "") != (e.key == ""):
		return nil, nil, errUse{errors.New("--tls-cert and --tls-key go together")}
	case e.rate < 0 || e.burst < 1:
		return nil, nil, errUse{errors.New("--rate is not below 0, --burst not below 1")}
	case !onLoopback(addr) && e.cert == "" && len(e.proxies) == 0:
		return nil, nil, errUse{fmt.Errorf("--addr %q: others reach this, and keys and passwords would travel in the clear: give --tls-cert and --tls-key, or name the proxy that does TLS with --trusted-proxy", addr)}
	case len(e.proxies) > 0 && e.cert == "" && !onLoopback(addr) && !secure:
		return nil, nil, errUse{errors.New("--trusted-proxy: say with --url https://… how browsers reach the proxy")}
	}
	a.sealing.configured = !onLoopback(addr) || len(e.proxies) > 0
	r, err := a.register(ctx)
	if err != nil {
		return nil, nil, err
	}
	o := door.Options{Register: r, Sessions: a.sealing.store.Shelf(), Deeds: r.Shelf, Now: a.now, Log: log, Secure: secure, Rate: e.rate, Burst: e.burst}
	for _, p := range e.proxies {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			ip, err := netip.ParseAddr(p)
			if err != nil {
				return nil, nil, errUse{fmt.Errorf("--trusted-proxy %q: want an address or a network such as 10.0.0.0/8", p)}
			}
			prefix = netip.PrefixFrom(ip, ip.BitLen())
		}
		o.Proxies = append(o.Proxies, prefix)
	}
	if o.Outside, err = e.outside(); err != nil {
		return nil, nil, err
	}
	any, err := r.Any(ctx, a.now())
	if err != nil {
		return nil, nil, errUnable{err}
	}
	if !any && o.Outside == nil {
		return nil, nil, errUse{errors.New("nobody could sign in: make an account (article41 account new) or a key (article41 key new), or name an issuer with --oidc-issuer")}
	}
	var secured *tls.Config
	if e.cert != "" {
		pair, err := tls.LoadX509KeyPair(e.cert, e.key)
		if err != nil {
			return nil, nil, errUnable{fmt.Errorf("--tls-cert: %w", err)}
		}
		secured = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	return door.New(o), secured, nil
}

func (e *entrance) outside() (*door.Outside, error) {
	if e.issuer == "" {
		return nil, nil
	}
	u, err := url.Parse(e.issuer)
	if err != nil || u.Host == "" || u.Scheme != "https" && !onLoopback(net.JoinHostPort(u.Hostname(), "0")) {
		return nil, errUse{fmt.Errorf("--oidc-issuer %q: want an https address", e.issuer)}
	}
	if e.client == "" || e.secret == "" || e.url == "" {
		return nil, errUse{errors.New("--oidc-issuer goes with --oidc-client, --oidc-secret-file and --url")}
	}
	b, err := os.ReadFile(e.secret)
	if err != nil {
		return nil, errUnable{fmt.Errorf("--oidc-secret-file: %w", err)}
	}
	// An issuer that does not answer must not hold a sign-in for long.
	client := &http.Client{Timeout: 15 * time.Second}
	o := &door.Outside{Name: cmp.Or(e.name, u.Host), Issuer: e.issuer, Client: e.client, Secret: strings.TrimSpace(string(b)),
		Return: strings.TrimSuffix(e.url, "/") + "/sign-in/return", Claim: e.claim, Grants: map[string]account.Role{},
		Reach: func(ctx context.Context) context.Context { return oidc.ClientContext(ctx, client) }}
	for _, g := range e.grants {
		group, role, ok := strings.Cut(g, "=")
		if !ok {
			return nil, errUse{fmt.Errorf("--oidc-grant %q: want group=role", g)}
		}
		if err := account.CheckRoles([]account.Role{account.Role(role)}); err != nil {
			return nil, fmt.Errorf("--oidc-grant %q: %w", g, err)
		}
		o.Grants[group] = account.Role(role)
	}
	if len(o.Grants) > 0 && o.Claim == "" {
		return nil, fmt.Errorf("%w: --oidc-grant needs --oidc-claim", record.ErrInvalid)
	}
	return o, nil
}

// signing is the door as the pages see it; none where whoever asks is the owner.
func signing(d *door.Door) web.Sign {
	if d == nil {
		return nil
	}
	return d
}
