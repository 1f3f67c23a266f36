package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"article41/api"
)

// asker asks over one connection of its own, with requests written beforehand:
// the client stands beside the server and must cost as little as it can.
type asker struct {
	conn     net.Conn
	read     *bufio.Reader
	requests [][]byte
}

// askers gives connections to an address, each with the same requests.
func askers(address string, bodies [][]byte) (func(context.Context) (*asker, error), error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	}
	requests := make([][]byte, len(bodies))
	for i, b := range bodies {
		requests[i] = fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", u.RequestURI(), u.Host, len(b), b)
	}
	return func(ctx context.Context) (*asker, error) {
		var d net.Dialer
		c, err := d.DialContext(ctx, "tcp", host)
		if err == nil {
			c = stampedBy(c)
		}
		if err == nil && u.Scheme == "https" {
			c = tls.Client(c, &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12})
		}
		if err != nil {
			return nil, err
		}
		return &asker{c, bufio.NewReader(c), requests}, nil
	}, nil
}

// ask sends one request and reads its answer; status 0 is no answer. It took from
// just before it was sent until its last byte came into this machine, where the
// system tells that, else until it was read: how late this client looks is not the
// server's doing.
func (a *asker) ask(n int) (status int, took time.Duration) {
	sent := time.Now()
	a.conn.SetDeadline(sent.Add(30 * time.Second))
	if _, err := a.conn.Write(a.requests[n%len(a.requests)]); err != nil {
		return 0, 0
	}
	resp, err := http.ReadResponse(a.read, nil)
	if err != nil {
		return 0, 0
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return 0, 0
	}
	took = time.Since(sent)
	if c, ok := a.conn.(api.Arrival); ok {
		if came := time.Duration(c.Arrived() - sent.UnixNano()); came > 0 && came < took {
			took = came
		}
	}
	return resp.StatusCode, took
}

// tally gathers answers.
type tally struct {
	mu     sync.Mutex
	took   []time.Duration
	lates  []time.Duration
	away   int
	failed int
}

// late notes how much later than it was due a request was sent.
func (t *tally) late(by time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lates = append(t.lates, by)
}

func (t *tally) add(status int, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch status {
	case http.StatusOK:
		t.took = append(t.took, took)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		t.away++
	default:
		t.failed++
	}
}

func (t *tally) spell(name string, asked int, long time.Duration, cpu *float64) loadSpell {
	of := func(all []time.Duration) func(float64) float64 {
		slices.Sort(all)
		return func(q float64) float64 {
			if len(all) == 0 {
				return 0
			}
			return float64(all[min(len(all)-1, int(q*float64(len(all))))].Microseconds()) / 1000
		}
	}
	at := of(t.took)
	return loadSpell{name, float64(asked) / long.Seconds(), float64(len(t.took)) / long.Seconds(), len(t.took), t.away, t.failed, at(.5), at(.95), at(.99), at(1), of(t.lates)(.99), cpu}
}

// closed asks from some clients, each when it has its answer.
func (l *loader) closed(ctx context.Context, name string, clients int, each time.Duration) (loadSpell, error) {
	return l.spell(ctx, name, clients, func(all []*asker, t *tally) int {
		began := time.Now()
		var wait sync.WaitGroup
		for c, a := range all {
			wait.Go(func() {
				for n := c; time.Since(began) < each && ctx.Err() == nil; n += clients {
					t.add(a.ask(n))
				}
			})
		}
		wait.Wait()
		return len(t.took) + t.away + t.failed
	})
}

// open asks at a rate, whether answers come or not, and at moments of chance, as
// many who do not know of each other do. What would need a connection more than
// there are is not asked.
func (l *loader) open(ctx context.Context, name string, rate float64, each time.Duration) (loadSpell, error) {
	return l.spell(ctx, name, mostConnections, func(all []*asker, t *tally) int {
		type job struct {
			n   int
			due time.Time
		}
		jobs := make(chan job)
		var wait sync.WaitGroup
		for _, a := range all {
			wait.Go(func() {
				for j := range jobs {
					t.late(time.Since(j.due))
					t.add(a.ask(j.n))
				}
			})
		}
		chance := rand.New(rand.NewPCG(41, 41))
		runtime.LockOSThread() // pause holds a thread
		defer runtime.UnlockOSThread()
		asked, began := 0, time.Now()
		for n, due := 0, began; due.Sub(began) < each && ctx.Err() == nil; n++ {
			due = due.Add(time.Duration(chance.ExpFloat64() / rate * float64(time.Second)))
			if early := time.Until(due); early > 0 {
				pause(early)
			}
			select {
			case jobs <- job{n, due}:
				asked++
			default:
			}
		}
		close(jobs)
		wait.Wait()
		return asked
	})
}

// spell opens the connections, asks, and counts.
func (l *loader) spell(ctx context.Context, name string, connections int, ask func([]*asker, *tally) int) (loadSpell, error) {
	all := make([]*asker, connections)
	for i := range all {
		a, err := l.dial(ctx)
		if err != nil {
			return loadSpell{}, err
		}
		defer a.conn.Close()
		all[i] = a
	}
	var t tally
	before, err := l.processorTime(ctx)
	if err != nil {
		return loadSpell{}, err
	}
	began := time.Now()
	asked := ask(all, &t)
	long := time.Since(began)
	after, err := l.processorTime(ctx)
	if err != nil {
		return loadSpell{}, err
	}
	var cpu *float64
	if l.metrics != "" && asked > 0 {
		each := (after - before) * 1000 / float64(asked)
		cpu = &each
	}
	return t.spell(name, asked, long, cpu), nil
}

// processorTime is what the server used since it began, in seconds, as its own
// metrics tell; 0 if nobody told where they are.
func (l *loader) processorTime(ctx context.Context) (float64, error) {
	if l.metrics == "" {
		return 0, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.metrics, nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxMetrics))
	if err != nil {
		return 0, err
	}
	const of = "\nprocess_cpu_seconds_total "
	if i := bytes.Index(b, []byte(of)); i >= 0 {
		value, _, _ := strings.Cut(string(b[i+len(of):]), "\n")
		return strconv.ParseFloat(value, 64)
	}
	return 0, fmt.Errorf("%s: no process_cpu_seconds_total there", l.metrics)
}

// maxMetrics bounds what is read of a server's metrics.
const maxMetrics = 4 << 20
