package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
)

func loadCommand(a *app) *cobra.Command {
	var asJSON bool
	var clients int
	var each time.Duration
	c := &cobra.Command{
		Use:   "load URL",
		Short: "Put load on a server's /match, up to twice what it can bear, and tell its latencies",
		Long: "Three spells: one client, as a server without load; then clients that ask as fast as they are answered,\n" +
			"which is what it can bear; then requests sent at twice that rate whether they are answered or not.\n" +
			"The last must turn requests away (503) and answer those it takes about as fast as before.",
		Example: "  article41 load http://127.0.0.1:8041 --clients 8 --for 10s",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if clients < 1 || clients > 1000 || each < time.Second/10 {
				return errUse{fmt.Errorf("--clients %d, --for %s: want 1 to 1000 clients and a tenth of a second or more", clients, each)}
			}
			l := loader{base: strings.TrimSuffix(args[0], "/"), client: &http.Client{Timeout: 30 * time.Second,
				Transport: &http.Transport{MaxIdleConns: 1024, MaxIdleConnsPerHost: 1024}}}
			defer l.client.CloseIdleConnections()
			if err := l.prepare(c.Context()); err != nil {
				return errUnable{fmt.Errorf("%s: %w", l.base, err)}
			}
			out := l.run(c.Context(), clients, each)
			if asJSON {
				return a.writeJSON(out)
			}
			rows := [][]string{{"spell", "asked/s", "answered/s", "turned away", "failed", "p50 ms", "p99 ms", "max ms"}}
			for _, s := range out.Spells {
				rows = append(rows, []string{s.Name, fmt.Sprintf("%.0f", s.AskedPerSecond), fmt.Sprintf("%.0f", s.AnsweredPerSecond),
					fmt.Sprint(s.TurnedAway), fmt.Sprint(s.Failed), fmt.Sprintf("%.2f", s.P50), fmt.Sprintf("%.2f", s.P99), fmt.Sprintf("%.2f", s.Max)})
			}
			table(a.out, rows)
			fmt.Fprintf(a.out, "at twice what it bears, p99 of the accepted is %.1f times that without load\n", out.Ratio)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	c.Flags().IntVar(&clients, "clients", 8, "clients of the second `spell`")
	c.Flags().DurationVar(&each, "for", 10*time.Second, "how `long` each spell takes")
	return c
}

// connectionsEach is how many connections a client of the second spell becomes in
// the third.
const connectionsEach = 16

// loader asks with names that the server lists, half of them misspelt.
type loader struct {
	base   string
	client *http.Client
	bodies [][]byte
}

// loadReport is what the spells showed.
type loadReport struct {
	Spells []loadSpell `json:"spells"`
	Ratio  float64     `json:"ratio"` // p99 of the accepted at overload, over p99 without load
}

// loadSpell is one spell; times are in milliseconds, of accepted requests, at the
// client.
type loadSpell struct {
	Name              string  `json:"name"`
	AskedPerSecond    float64 `json:"asked_per_second"`
	AnsweredPerSecond float64 `json:"answered_per_second"`
	Answered          int     `json:"answered"`
	TurnedAway        int     `json:"turned_away"`
	Failed            int     `json:"failed"`
	P50               float64 `json:"p50_ms"`
	P99               float64 `json:"p99_ms"`
	Max               float64 `json:"max_ms"`
}

func (l *loader) prepare(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.base+"/search/default?limit=500", nil)
	if err != nil {
		return err
	}
	resp, err := l.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var found struct {
		Results []struct{ Caption, Schema string }
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("/search answers %s", resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(&found); err != nil {
		return err
	}
	for i, e := range found.Results {
		name := []rune(e.Caption)
		if n := len(name); i%2 == 1 && n > 4 {
			name[n/2], name[n/2+1] = name[n/2+1], name[n/2]
		}
		b, err := json.Marshal(map[string]any{"queries": map[string]any{"q": map[string]any{"schema": e.Schema, "properties": map[string][]string{"name": {string(name)}}}}})
		if err != nil {
			return err
		}
		l.bodies = append(l.bodies, b)
	}
	if len(l.bodies) == 0 {
		return fmt.Errorf("it lists nobody to ask for")
	}
	return nil
}

// tally gathers answers.
type tally struct {
	mu     sync.Mutex
	took   []time.Duration
	away   int
	failed int
}

func (l *loader) ask(ctx context.Context, n int, t *tally) {
	began := time.Now()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.base+"/match/default", bytes.NewReader(l.bodies[n%len(l.bodies)]))
	status := 0
	if err == nil {
		var resp *http.Response
		if resp, err = l.client.Do(req); err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			status = resp.StatusCode
		}
	}
	took := time.Since(began)
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case err == nil && status == http.StatusOK:
		t.took = append(t.took, took)
	case status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests:
		t.away++
	default:
		t.failed++
	}
}

func (t *tally) spell(name string, asked int, long time.Duration) loadSpell {
	slices.Sort(t.took)
	at := func(q float64) float64 {
		if len(t.took) == 0 {
			return 0
		}
		return float64(t.took[min(len(t.took)-1, int(q*float64(len(t.took))))].Microseconds()) / 1000
	}
	return loadSpell{name, float64(asked) / long.Seconds(), float64(len(t.took)) / long.Seconds(), len(t.took), t.away, t.failed, at(.5), at(.99), at(1)}
}

// closed asks from some clients, each when it has its answer.
func (l *loader) closed(ctx context.Context, name string, clients int, each time.Duration) loadSpell {
	var t tally
	var wait sync.WaitGroup
	began := time.Now()
	for c := range clients {
		wait.Go(func() {
			for n := c; time.Since(began) < each && ctx.Err() == nil; n += clients {
				l.ask(ctx, n, &t)
			}
		})
	}
	wait.Wait()
	return t.spell(name, len(t.took)+t.away+t.failed, time.Since(began))
}

// open asks at a rate, whether answers come or not, on so many connections: what
// would need one more is not asked.
func (l *loader) open(ctx context.Context, name string, rate float64, connections int, each time.Duration) loadSpell {
	var t tally
	var wait sync.WaitGroup
	free := make(chan struct{}, connections)
	began := time.Now()
	asked, n := 0, 0
	for time.Since(began) < each && ctx.Err() == nil {
		for due := int(rate * time.Since(began).Seconds()); n < due; n++ {
			select {
			case free <- struct{}{}:
			default:
				continue
			}
			asked++
			wait.Go(func() {
				l.ask(ctx, n, &t)
				<-free
			})
		}
		time.Sleep(time.Millisecond)
	}
	wait.Wait()
	return t.spell(name, asked, time.Since(began))
}

func (l *loader) run(ctx context.Context, clients int, each time.Duration) loadReport {
	l.closed(ctx, "warm", clients, each/5)
	quiet := l.closed(ctx, "one client", 1, each)
	full := l.closed(ctx, fmt.Sprintf("%d clients", clients), clients, each)
	over := l.open(ctx, "twice that", 2*full.AnsweredPerSecond, connectionsEach*clients, each)
	out := loadReport{Spells: []loadSpell{quiet, full, over}}
	if quiet.P99 > 0 {
		out.Ratio = over.P99 / quiet.P99
	}
	return out
}
