// Package fetch asks a publisher for the bytes at an address. It is the only
// package of the program that contacts anybody; docs/connections.md lists whom,
// and only cmd imports it.
//
// A [Client] is polite and bounded: one request at a time, under a name of its
// own; a copy held from before is only asked after ([Options.Cache], by ETag and
// Last-Modified); a publisher that is busy is asked again later, as it says when;
// a size, a time, a count of tries and a count of redirects end it. It speaks
// https; plain http only to this machine. It does not know what the bytes say,
// follows no link in them, and sends nothing but the request: no cookie, no
// password.
//
//	a, err := fetch.New(fetch.Options{Limit: 64 << 20}).Fetch(ctx, "https://example.org/record.a41")
//	a.SHA256 // of a.Bytes, as they came
package fetch

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// Kinds of failure. A publisher that could not be reached is none of them: that
// error is the network's own.
var (
	// ErrAddress: this client does not ask there.
	ErrAddress = errors.New("address refused")
	// ErrTooLarge: there is more than the limit.
	ErrTooLarge = errors.New("too large")
	// ErrStatus: the publisher answered, and not with the bytes.
	ErrStatus = errors.New("no bytes")
)

// Options bound a client. The zero value of each field stands for its default.
type Options struct {
	Agent string        // how the client names itself; default "article41"
	Limit int64         // bytes of one answer; default 64 MiB
	Time  time.Duration // for one Fetch, all tries and waits included; default 2 minutes
	Tries int           // default 4
	Cache string        // a folder for copies with their validators; "" keeps none
	// Progress, if there is one, is told how much of an answer came; whole is -1
	// where the publisher does not say. A new try begins again at 0.
	Progress func(address string, got, whole int64)
	// Sleep waits between tries; tests stand in for it.
	Sleep func(context.Context, time.Duration) error
}

const (
	redirects = 5                // followed at most
	firstWait = time.Second      // before the second try; doubled each time
	longWait  = 30 * time.Second // the longest wait we choose; a publisher may name a longer one
)

// Client fetches. It is safe for concurrent use and asks one thing at a time.
type Client struct {
	o    Options
	http http.Client
	one  sync.Mutex
}

// New makes a client.
func New(o Options) *Client {
	if o.Agent == "" {
		o.Agent = "article41"
	}
	if o.Limit == 0 {
		o.Limit = 64 << 20
	}
	if o.Time == 0 {
		o.Time = 2 * time.Minute
	}
	if o.Tries == 0 {
		o.Tries = 4
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	c := &Client{o: o}
	c.http.CheckRedirect = follow
	c.http.Transport = &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   20 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		MaxConnsPerHost:       1,
		IdleConnTimeout:       30 * time.Second,
		// The bytes are hashed as the publisher sent them, so nothing unpacks
		// them on the way.
		DisableCompression: true,
		ForceAttemptHTTP2:  true,
	}
	return c
}

// Answer is what came.
type Answer struct {
	URL       string // where the bytes were, after redirects
	Bytes     []byte
	SHA256    [sha256.Size]byte
	Unchanged bool // the publisher says that the copy held from before is still its own
}

// Fetch asks for the bytes at an address.
func (c *Client) Fetch(ctx context.Context, address string) (Answer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Answer{}, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	if err := allowed(u); err != nil {
		return Answer{}, err
	}
	c.one.Lock()
	defer c.one.Unlock()
	ctx, cancel := context.WithTimeout(ctx, c.o.Time)
	defer cancel()
	held, have := c.held(address)
	for try := 1; ; try++ {
		a, after, err := c.once(ctx, u, held, have)
		if err == nil {
			if !a.Unchanged {
				c.keep(address, a)
			}
			return a.Answer, nil
		}
		if after == never || try == c.o.Tries || ctx.Err() != nil {
			return Answer{}, fmt.Errorf("fetch %s: %w", u.Redacted(), err)
		}
		wait := max(after, min(firstWait<<(try-1), longWait))
		if end, ok := ctx.Deadline(); ok && time.Until(end) < wait {
			return Answer{}, fmt.Errorf("fetch %s: %w (asked again only after %s, which is later than this client waits)", u.Redacted(), err, wait)
		}
		if waited := c.o.Sleep(ctx, wait); waited != nil {
			return Answer{}, fmt.Errorf("fetch %s: %w (%w)", u.Redacted(), err, waited)
		}
	}
}

// never is how long to wait before trying what cannot get better.
const never time.Duration = -1

// once is one request. The duration is how long the publisher wants to be left
// alone before the next, or never.
func (c *Client) once(ctx context.Context, u *url.URL, held answer, have bool) (answer, time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return answer{}, never, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	req.Header.Set("User-Agent", c.o.Agent)
	if have {
		if held.etag != "" {
			req.Header.Set("If-None-Match", held.etag)
		}
		if held.modified != "" {
			req.Header.Set("If-Modified-Since", held.modified)
		}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		var unknown *tls.CertificateVerificationError
		if errors.Is(err, ErrAddress) || errors.As(err, &unknown) {
			return answer{}, never, err
		}
		return answer{}, 0, err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotModified && have:
		held.Unchanged, held.URL = true, resp.Request.URL.String()
		return held, 0, nil
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented:
		return answer{}, retryAfter(resp.Header), fmt.Errorf("%w: the publisher answered %s", ErrStatus, resp.Status)
	case resp.StatusCode != http.StatusOK:
		return answer{}, never, fmt.Errorf("%w: the publisher answered %s", ErrStatus, resp.Status)
	case resp.ContentLength > c.o.Limit:
		return answer{}, never, fmt.Errorf("%w: %d bytes, at most %d are taken", ErrTooLarge, resp.ContentLength, c.o.Limit)
	}
	b, err := io.ReadAll(io.LimitReader(c.watched(u, resp), c.o.Limit+1))
	if err != nil {
		return answer{}, 0, fmt.Errorf("after %d bytes: %w", len(b), err)
	}
	if int64(len(b)) > c.o.Limit {
		return answer{}, never, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, c.o.Limit)
	}
	return answer{Answer{URL: resp.Request.URL.String(), Bytes: b, SHA256: sha256.Sum256(b)},
		resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")}, 0, nil
}

// watched tells of the bytes of an answer as they come.
func (c *Client) watched(u *url.URL, resp *http.Response) io.Reader {
	if c.o.Progress == nil {
		return resp.Body
	}
	w := &watched{r: resp.Body, tell: func(got int64) { c.o.Progress(u.Redacted(), got, resp.ContentLength) }}
	w.tell(0)
	return w
}

type watched struct {
	r    io.Reader
	got  int64
	tell func(int64)
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.got += int64(n)
	w.tell(w.got)
	return n, err
}

// answer is an Answer with what the publisher knows it by.
type answer struct {
	Answer
	etag, modified string
}

// retryAfter is how long the publisher asks to be left alone. A date is taken
// from the publisher's own clock, so that ours does not matter.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n > 0 && n < 1<<20 {
		return time.Duration(n) * time.Second
	}
	then, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return max(0, then.Sub(now))
}

// allowed says whether this client asks there.
func allowed(u *url.URL) error {
	switch {
	case u.Host == "":
		return fmt.Errorf("%w: %q: want https://HOST/PATH", ErrAddress, u.Redacted())
	case u.User != nil:
		return fmt.Errorf("%w: %s: a password in an address is read by everybody on the way", ErrAddress, u.Redacted())
	case u.Scheme == "https", u.Scheme == "http" && loopback(u):
		return nil
	}
	return fmt.Errorf("%w: %s: only https is asked, and http on this machine", ErrAddress, u.Redacted())
}

// loopback: the address is this machine's own.
func loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// follow bounds redirects: a few, each to an address that could have been asked
// itself, and none that leads from outside into this machine.
func follow(to *http.Request, via []*http.Request) error {
	if err := allowed(to.URL); err != nil {
		return err
	}
	if loopback(to.URL) && !loopback(via[0].URL) {
		return fmt.Errorf("%w: %s leads to %s on this machine", ErrAddress, via[0].URL.Redacted(), to.URL.Redacted())
	}
	if len(via) > redirects {
		return fmt.Errorf("%w: more than %d redirects", ErrAddress, redirects)
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
