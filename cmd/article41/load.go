package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func loadCommand(a *app) *cobra.Command {
	var asJSON bool
	l := loader{clients: 8, each: 10 * time.Second, batch: 1}
	c := &cobra.Command{
		Use:   "load URL",
		Short: "Put load on a server's /match, up to twice what it can bear, and tell its latencies",
		Long: "Three spells: one client; then eight (--clients) that ask as fast as they are answered, which is what the\n" +
			"server can bear; then requests sent at twice that rate, at moments of chance, whether they are answered or\n" +
			"not. The last must turn requests away (503) and answer those it takes about as fast as before. An answer\n" +
			"took until its last byte came into this machine, where the system tells that (Linux), else until it was\n" +
			"read; \"sent late\" is how late this client itself was: where it is busier than the server, use another machine.\n" +
			"A quarter of the names are the server's own as listed, a quarter misspelt, half put together from two.",
		Example: "  article41 load http://127.0.0.1:8041 --clients 8 --for 10s",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if l.clients < 1 || l.clients > 1000 || l.each < time.Second/10 || l.batch < 1 || l.batch > 100 {
				return errUse{fmt.Errorf("--clients %d, --for %s, --batch %d: want 1 to 1000 clients, a tenth of a second or more, 1 to 100 queries", l.clients, l.each, l.batch)}
			}
			l.base = strings.TrimSuffix(args[0], "/")
			if err := l.prepare(c.Context()); err != nil {
				return errUnable{fmt.Errorf("%s: %w", l.base, err)}
			}
			out, err := l.run(c.Context())
			if err != nil {
				return errUnable{err}
			}
			if asJSON {
				return a.writeJSON(out)
			}
			rows := [][]string{{"spell", "asked/s", "answered/s", "turned away", "failed", "p50 ms", "p95 ms", "p99 ms", "max ms", "sent late", "CPU ms"}}
			for _, s := range out.Spells {
				cpu := "not measured"
				if s.CPU != nil {
					cpu = fmt.Sprintf("%.3f", *s.CPU)
				}
				rows = append(rows, []string{s.Name, fmt.Sprintf("%.0f", s.AskedPerSecond), fmt.Sprintf("%.0f", s.AnsweredPerSecond),
					fmt.Sprint(s.TurnedAway), fmt.Sprint(s.Failed), fmt.Sprintf("%.2f", s.P50), fmt.Sprintf("%.2f", s.P95), fmt.Sprintf("%.2f", s.P99), fmt.Sprintf("%.2f", s.Max), fmt.Sprintf("%.2f", s.SentLate), cpu})
			}
			table(a.out, rows)
			fmt.Fprintf(a.out, "at twice what it bears, p99 of the accepted is %.1f times that of one client and %.1f times that of %d\n", out.Ratio, out.RatioClients, l.clients)
			return nil
		},
	}
	f := c.Flags()
	f.BoolVar(&asJSON, "json", false, "answer in JSON")
	f.IntVar(&l.clients, "clients", l.clients, "clients of the second `spell`")
	f.DurationVar(&l.each, "for", l.each, "how `long` each spell takes")
	f.IntVar(&l.batch, "batch", l.batch, "queries in one `body`")
	f.StringVar(&l.metrics, "metrics", "", "the server's own metrics, such as http://127.0.0.1:9100/metrics, for its processor time a request (an `address`)")
	return c
}

// mostConnections is how many requests may be under way in the third spell.
const mostConnections = 256

// loader asks with names that the server lists or might.
type loader struct {
	base    string
	metrics string // empty: processor time is not measured
	clients int
	each    time.Duration
	batch   int
	dial    func(context.Context) (*asker, error)
}

// loadReport is what the spells showed.
type loadReport struct {
	Spells []loadSpell `json:"spells"`
	// p99 of the accepted at overload, over p99 of one client, and of the clients
	// of the second spell.
	Ratio        float64 `json:"ratio"`
	RatioClients float64 `json:"ratio_clients"`
}

// loadSpell is one spell; times are in milliseconds, of accepted requests, at the
// client.
type loadSpell struct {
	Name              string   `json:"name"`
	AskedPerSecond    float64  `json:"asked_per_second"`
	AnsweredPerSecond float64  `json:"answered_per_second"`
	Answered          int      `json:"answered"`
	TurnedAway        int      `json:"turned_away"`
	Failed            int      `json:"failed"`
	P50               float64  `json:"p50_ms"`
	P95               float64  `json:"p95_ms"`
	P99               float64  `json:"p99_ms"`
	Max               float64  `json:"max_ms"`
	SentLate          float64  `json:"sent_late_ms"` // p99 of how late this client itself sent what was due
	CPU               *float64 `json:"cpu_ms"`       // of the server, a request asked; null: not measured
}

// prepare takes names of the server's own lists to ask with.
func (l *loader) prepare(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.base+"/search/default?limit=500", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
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
	if len(found.Results) == 0 {
		return fmt.Errorf("it lists nobody to ask for")
	}
	var names []wanted
	for i := range 4 * len(found.Results) {
		e := found.Results[i%len(found.Results)]
		names = append(names, wanted{e.Schema, variant(e.Caption, found.Results[(i*7+3)%len(found.Results)].Caption, i)})
	}
	return l.ask(names)
}

// wanted is one query of a body.
type wanted struct{ schema, name string }

// ask makes the bodies that are sent in turn; what does not fill the last is left out.
func (l *loader) ask(names []wanted) (err error) {
	type example struct {
		Schema     string              `json:"schema"`
		Properties map[string][]string `json:"properties"`
	}
	var bodies [][]byte
	for part := range slices.Chunk(names, l.batch) {
		if len(part) < l.batch && len(bodies) > 0 {
			break
		}
		queries := map[string]example{}
		for i, q := range part {
			queries[fmt.Sprint("q", i)] = example{q.schema, map[string][]string{"name": {q.name}}}
		}
		b, err := json.Marshal(map[string]any{"queries": queries})
		if err != nil {
			return err
		}
		bodies = append(bodies, b)
	}
	l.dial, err = askers(l.base+"/match/default", bodies)
	return err
}

// variant is a name as listed, misspelt, or with the other's last word, by turns.
func variant(name, other string, i int) string {
	switch words, others := strings.Fields(name), strings.Fields(other); {
	case i%4 == 1:
		if r := []rune(name); len(r) > 4 {
			n := len(r) / 2
			r[n], r[n+1] = r[n+1], r[n]
			return string(r)
		}
	case i%4 > 1 && len(words) > 0 && len(others) > 0:
		return strings.Join(append(slices.Clone(words[:max(1, len(words)-1)]), others[len(others)-1]), " ")
	}
	return name
}

func (l *loader) run(ctx context.Context) (loadReport, error) {
	if _, err := l.closed(ctx, "warm", l.clients, l.each/5); err != nil {
		return loadReport{}, err
	}
	one, err := l.closed(ctx, "one client", 1, l.each)
	if err != nil {
		return loadReport{}, err
	}
	full, err := l.closed(ctx, fmt.Sprintf("%d clients", l.clients), l.clients, l.each)
	if err != nil {
		return loadReport{}, err
	}
	over, err := l.open(ctx, "twice that", 2*full.AnsweredPerSecond, l.each)
	out := loadReport{Spells: []loadSpell{one, full, over}}
	if one.P99 > 0 && full.P99 > 0 {
		out.Ratio, out.RatioClients = over.P99/one.P99, over.P99/full.P99
	}
	return out, err
}
