package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"article41"
	"article41/postgres"
	"article41/record"

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
	Host        string
	Port, Route int
}

// node is one server of a cluster.
func node() {
	var c nodeConf
	must(json.Unmarshal([]byte(os.Getenv("ARTICLE41_TEST_NODE")), &c))
	s, err := server.NewServer(&server.Options{ServerName: c.Name, Host: c.Host, Port: c.Port, JetStream: true, StoreDir: c.Dir,
		Cluster: server.ClusterOpts{Name: "a41", Host: c.Host, Port: c.Route, PingInterval: time.Second}, PingInterval: time.Second, NoSigs: true, NoLog: true,
		Routes: server.RoutesFromStr(os.Getenv("ARTICLE41_TEST_ROUTES"))})
	must(err)
	s.Start()
	select {}
}

// workerProcess works on the queue "q" of a database and a cluster.
func workerProcess() {
	ctx := context.Background()
	// As one that is started again until it runs.
	store, err := postgres.Open(ctx, os.Getenv("ARTICLE41_TEST_DB"), postgres.Options{Connections: 4})
	for ; err != nil && pause(ctx, 200*time.Millisecond); store, err = postgres.Open(ctx, os.Getenv("ARTICLE41_TEST_DB"), postgres.Options{Connections: 4}) {
	}
	bus, err := Connect(os.Getenv("ARTICLE41_TEST_NATS"), 3)
	for ; err != nil && pause(ctx, 200*time.Millisecond); bus, err = Connect(os.Getenv("ARTICLE41_TEST_NATS"), 3) {
	}
	l := &Line{Queue: "q", Store: store.Queue(), Bus: bus, Cover: plain{}, Failed: func(err error) { fmt.Fprintln(os.Stderr, err) }}
	// The ledger's head stands for an archive that follows it.
	var head atomic.Int64
	go func() {
		for pause(ctx, 100*time.Millisecond) {
			if h, err := store.Head(ctx); err == nil {
				head.Store(int64(h.Position))
			}
		}
	}()
	go l.Listen(ctx)
	go l.Relay(ctx)
	l.Work(ctx, func(ctx context.Context, q article41.Query) (article41.Sifted, error) {
		if q.Name == poison {
			panic("poison")
		}
		a, err := echo(ctx, q)
		a.Basis.Position = record.Position(head.Load())
		return a, err
	}, 2)
}

// poison is the name of rows on which the engine fails.
const poison = "Poison"

// part starts a process of the test's own binary on a host; it is killed when the
// test ends.
func part(t testing.TB, on host, what string, env ...string) *exec.Cmd {
	t.Helper()
	run := append(on.within(), os.Args[0])
	c := exec.Command(run[0], run[1:]...)
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
	hosts [3]host
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

func startCluster(t testing.TB, hosts [3]host) *cluster {
	t.Helper()
	c := &cluster{t: t, hosts: hosts}
	p := ports(t, 6)
	for i := range c.nodes {
		b, err := json.Marshal(nodeConf{Name: fmt.Sprint("n", i), Dir: t.TempDir(), Host: hosts[i].address(), Port: p[i], Route: p[3+i]})
		if err != nil {
			t.Fatal(err)
		}
		c.conf[i] = string(b)
		c.addr[i] = "nats://" + net.JoinHostPort(hosts[i].address(), strconv.Itoa(p[i]))
		c.route[i] = "nats://" + net.JoinHostPort(hosts[i].address(), strconv.Itoa(p[3+i]))
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
	c.nodes[i] = part(c.t, c.hosts[i], "node", "ARTICLE41_TEST_NODE="+c.conf[i], "ARTICLE41_TEST_ROUTES="+strings.Join(c.route[:], ","))
}

// leader is the node that leads the stream of rows.
func (c *cluster) leader(b *Bus) int {
	if info := c.state(b); info != nil {
		for i := range c.nodes {
			if info.Leader == fmt.Sprint("n", i) {
				return i
			}
		}
	}
	return 0
}

// whole says whether the stream of rows has a leader and two others that follow.
func (c *cluster) whole(b *Bus) bool {
	info := c.state(b)
	return info != nil && info.Leader != "" && len(info.Replicas) == 2 && info.Replicas[0].Current && info.Replicas[1].Current
}

func (c *cluster) state(b *Bus) *jetstream.ClusterInfo {
	ctx, cancel := context.WithTimeout(c.t.Context(), 5*time.Second)
	defer cancel()
	s, err := b.js.Stream(ctx, "article41-q-rows")
	if err != nil {
		return nil
	}
	info, err := s.Info(ctx)
	if err != nil {
		return nil
	}
	return info.Cluster
}
