package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"article41/postgres"
	"article41/postgrestest"
	"article41/queue"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
)

// The tests of this file run the real parts as processes of their own, which can
// be killed: nodes of a cluster and workers. The test's own binary is the program.
func TestMain(m *testing.M) {
	switch os.Getenv("ARTICLE41_TEST_PART") {
	case "node":
		node()
	case "worker":
		workerProcess()
	default:
		os.Exit(m.Run())
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type nodeConf struct {
	Name, Dir   string
	Port, Route int
}

// node is one server of a cluster.
func node() {
	var c nodeConf
	must(json.Unmarshal([]byte(os.Getenv("ARTICLE41_TEST_NODE")), &c))
	s, err := server.NewServer(&server.Options{ServerName: c.Name, Host: "127.0.0.1", Port: c.Port, JetStream: true, StoreDir: c.Dir,
		Cluster: server.ClusterOpts{Name: "a41", Host: "127.0.0.1", Port: c.Route}, NoSigs: true, NoLog: true,
		Routes: server.RoutesFromStr(os.Getenv("ARTICLE41_TEST_ROUTES"))})
	must(err)
	s.Start()
	select {}
}

// workerProcess works on the queue "q" of a database and a cluster.
func workerProcess() {
	ctx := context.Background()
	store, err := postgres.Open(ctx, os.Getenv("ARTICLE41_TEST_DB"), postgres.Options{Connections: 4})
	must(err)
	bus, err := Connect(os.Getenv("ARTICLE41_TEST_NATS"), 3)
	must(err)
	l := &Line{Queue: "q", Store: store.Queue(), Bus: bus, Cover: plain{}, Failed: func(err error) { fmt.Fprintln(os.Stderr, err) }}
	go l.Listen(ctx)
	go l.Sweep(ctx, 300*time.Millisecond)
	go l.Relay(ctx)
	must(l.Work(ctx, echo, 2))
}

// part starts a process of the test's own binary; it is killed when the test ends.
func part(t testing.TB, what string, env ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), append(env, "ARTICLE41_TEST_PART="+what)...)
	c.Stderr = os.Stderr
	if !testing.Verbose() {
		c.Stderr = nil
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(c) })
	return c
}

func kill(c *exec.Cmd) {
	c.Process.Kill()
	c.Wait()
}

// cluster is three nodes.
type cluster struct {
	t     testing.TB
	nodes [3]*exec.Cmd
	conf  [3]string
	addr  [3]string
	route [3]string
}

func ports(t testing.TB, n int) (out []int) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		out = append(out, l.Addr().(*net.TCPAddr).Port)
	}
	return out
}

func startCluster(t testing.TB) *cluster {
	t.Helper()
	c := &cluster{t: t}
	p := ports(t, 6)
	for i := range c.nodes {
		b, err := json.Marshal(nodeConf{Name: fmt.Sprint("n", i), Dir: t.TempDir(), Port: p[i], Route: p[3+i]})
		if err != nil {
			t.Fatal(err)
		}
		c.conf[i] = string(b)
		c.addr[i] = "nats://127.0.0.1:" + strconv.Itoa(p[i])
		c.route[i] = "nats://127.0.0.1:" + strconv.Itoa(p[3+i])
	}
	for i := range c.nodes {
		c.start(i)
	}
	until(t, "a cluster", func() bool {
		b, err := Connect(c.all(), 3)
		if err != nil {
			return false
		}
		defer b.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		_, err = b.rows(ctx, "q")
		return err == nil
	})
	return c
}

func (c *cluster) all() string { return strings.Join(c.addr[:], ",") }

func (c *cluster) start(i int) {
	c.nodes[i] = part(c.t, "node", "ARTICLE41_TEST_NODE="+c.conf[i], "ARTICLE41_TEST_ROUTES="+strings.Join(c.route[:], ","))
}

// leader is the node that leads the stream of rows.
func (c *cluster) leader(b *Bus) int {
	ctx, cancel := context.WithTimeout(c.t.Context(), 5*time.Second)
	defer cancel()
	s, err := b.js.Stream(ctx, "article41-q-rows")
	if err == nil {
		var info *jetstream.StreamInfo
		if info, err = s.Info(ctx); err == nil && info.Cluster != nil {
			for i := range c.nodes {
				if info.Cluster.Leader == fmt.Sprint("n", i) {
					return i
				}
			}
		}
	}
	return 0
}

// soak is how many rows the long form hands in; the short form a few.
func soak() int {
	if n, err := strconv.Atoi(os.Getenv("ARTICLE41_SOAK_ROWS")); err == nil {
		return n
	}
	if os.Getenv("ARTICLE41_SOAK") != "" {
		return 1_000_000
	}
	return 6_000
}

// A real cluster, a real PostgreSQL, several workers. While rows are handed in,
// workers are killed, the stream's leader is killed, the database is killed, and
// all come back; producers hand in again what was not acknowledged. In the end
// every row has its one answer, and those acknowledged are all there.
func TestFaultsAtRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("did not run: starts a cluster and a database; left out by -short")
	}
	db := postgrestest.Start(t)
	address := db.Database(t)
	store, err := postgres.Open(t.Context(), address, postgres.Options{Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	c := startCluster(t)
	env := []string{"ARTICLE41_TEST_DB=" + address, "ARTICLE41_TEST_NATS=" + c.all()}
	workers := []*exec.Cmd{part(t, "worker", env...), part(t, "worker", env...)}
	bus, err := Connect(c.all(), 3)
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()

	total, given := soak(), 0
	random := rand.New(rand.NewSource(41))
	var longest time.Duration
	var handing sync.WaitGroup
	var mu sync.Mutex
	handing.Go(func() {
		for {
			mu.Lock()
			from := given
			given = min(given+100, total)
			to := given
			mu.Unlock()
			if from == to {
				return
			}
			begin := time.Now()
			for !handIn(t, bus, lines(from, to)) {
				if time.Since(begin) > 2*time.Minute {
					t.Error("rows are not taken in for two minutes")
					return
				}
			}
			longest = max(longest, time.Since(begin))
		}
	})
	faults := map[string]func(){
		"a worker": func() {
			i := random.Intn(len(workers))
			kill(workers[i])
			workers[i] = part(t, "worker", env...)
		},
		"the stream's leader": func() {
			i := c.leader(bus)
			kill(c.nodes[i])
			time.Sleep(time.Second)
			c.start(i)
		},
		"the database": func() {
			db.Kill(t)
			db.Up(t)
		},
	}
	names := []string{"a worker", "the stream's leader", "the database"}
	done := make(chan struct{})
	go func() { handing.Wait(); close(done) }()
	struck := map[string]int{}
	for i, over := 0, false; !over || i < len(names); i++ { // each at least once
		name := names[i%len(names)]
		faults[name]()
		struck[name]++
		select {
		case <-done:
			over = true
		case <-time.After(time.Duration(1000+random.Intn(2000)) * time.Millisecond):
		}
	}
	l := &Line{Queue: "q", Store: patient{store.Queue()}, Bus: bus}
	got := ids(t, answered(t, l, int64(total)))
	if len(got) != total {
		t.Fatalf("%d answers to %d rows", len(got), total)
	}
	counts, err := l.Store.Counts(t.Context(), "q")
	if err != nil || counts.Taken != int64(total) || counts.Answered != int64(total) {
		t.Fatalf("%+v (%v)", counts, err)
	}
	t.Logf("%d rows, each answered once; killed: %v; the longest that 100 rows took to be taken in: %s", total, struck, longest.Round(time.Millisecond))
}

// handIn hands rows in and says whether all are taken in.
func handIn(t testing.TB, bus *Bus, rows [][]byte) bool {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	acks, err := Submit(ctx, bus, "q", rows)
	if err != nil {
		return false
	}
	for _, a := range acks {
		switch a.State {
		case taken, again:
		case busy:
			return false
		default:
			t.Errorf("%+v", a)
		}
	}
	return true
}

// patient asks a database again that has just come back.
type patient struct{ queue.Store }

func (p patient) Counts(ctx context.Context, q queue.Name) (c queue.Counts, err error) {
	for range 50 {
		if c, err = p.Store.Counts(ctx, q); err == nil || errors.Is(err, context.Canceled) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return c, err
}
