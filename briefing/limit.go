package briefing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"article41/date"
	"article41/shelf"
)

// The budgets of posts. Addresses are never kept: what is counted is a hash of the
// address under a key of the day, so yesterday's counts cannot be tied to today's.

// budget is how many posts of a sort are taken in an hour.
type budget struct {
	sort       string
	perNetwork int
	all        int // from everywhere; 0: any number
}

// budgets of comments, by whether they bring a proof.
var budgets = map[bool]budget{false: {"plain", 5, 60}, true: {"proof", 20, 0}}

// reports is the budget of notices.
var reports = budget{"report", 10, 0}

// Limits counts the posts of the hour. What is counted lies on the shelf too, so a
// restart empties no budget and processes that share a shelf share it.
type Limits struct {
	key []byte

	mu   sync.Mutex
	hour int64
	seen map[string]map[string]bool // by hash: the posts counted
}

// NewLimits counts under hashes keyed by the key.
func NewLimits(key []byte) *Limits { return &Limits{key: key, seen: map[string]map[string]bool{}} }

// ErrBudget says that too many posts came; Retry is when there is room again.
type ErrBudget struct{ Retry time.Duration }

func (e ErrBudget) Error() string {
	return fmt.Sprintf("too many posts; there is room again in %d minutes", int(e.Retry.Minutes())+1)
}

// Network is the address's network as counted: a /24, or a /48 of IPv6.
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		if ap, err2 := netip.ParseAddrPort(address); err2 == nil {
			a, err = ap.Addr(), nil
		}
	}
	if err != nil {
		return "unknown"
	}
	a = a.Unmap()
	bits := 24
	if a.Is6() {
		bits = 48
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return p.String()
}

func (l *Limits) hash(what, network string, now time.Time) string {
	day := hmac.New(sha256.New, l.key)
	day.Write([]byte("day " + date.DayOf(now).String()))
	h := hmac.New(sha256.New, day.Sum(nil))
	h.Write([]byte(what + " " + network))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// spent is one post as it is counted: id names it, and nothing else of it. On the
// shelf it is "hour.network.everywhere.id", all hashes, until the hour has passed.
type spent struct {
	hour                    int64
	network, everywhere, id string
}

func (x spent) kept() shelf.Change {
	return shelf.Change{Kind: kindSpent, ID: shelf.ID(strconv.FormatInt(x.hour, 10) + "." + x.network + "." + x.everywhere + "." + x.id), Body: []byte("1")}
}

func readSpent(id shelf.ID) (x spent, ok bool) {
	parts := strings.Split(string(id), ".")
	if len(parts) != 4 {
		return x, false
	}
	hour, err := strconv.ParseInt(parts[0], 10, 64)
	return spent{hour, parts[1], parts[2], parts[3]}, err == nil
}

// take counts one post, within all the bounds or not at all.
func (l *Limits) take(b budget, address, id string, now time.Time) (spent, error) {
	x := spent{now.Unix() / 3600, l.hash(b.sort, Network(address), now), l.hash(b.sort, "everywhere", now), id}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn(x.hour)
	if len(l.seen[x.network]) >= b.perNetwork || b.all > 0 && len(l.seen[x.everywhere]) >= b.all {
		return spent{}, ErrBudget{time.Duration(3600-now.Unix()%3600) * time.Second}
	}
	l.count(x)
	return x, nil
}

// follow counts what another process took, or this one before it was started anew.
func (l *Limits) follow(x spent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if x.hour > l.hour {
		l.turn(x.hour)
	}
	if x.hour == l.hour {
		l.count(x)
	}
}

func (l *Limits) turn(hour int64) {
	if hour != l.hour {
		l.hour = hour
		clear(l.seen)
	}
}

func (l *Limits) count(x spent) {
	for _, hash := range []string{x.network, x.everywhere} {
		if l.seen[hash] == nil {
			l.seen[hash] = map[string]bool{}
		}
		l.seen[hash][x.id] = true
	}
}

// Stamp says when a form was opened, signed so that it cannot be made earlier.
func (l *Limits) Stamp(now time.Time) string {
	t := strconv.FormatInt(now.Unix(), 10)
	return t + "." + l.mac(t)
}

func (l *Limits) mac(t string) string {
	h := hmac.New(sha256.New, l.key)
	h.Write([]byte("stamp " + t))
	return fmt.Sprintf("%x", binary.BigEndian.Uint64(h.Sum(nil)))
}

const (
	quick = 3 * time.Second // nobody writes a comment in less
	stale = 24 * time.Hour
)

// age is how long ago the stamp was made; not ok: it is none of ours, or old.
func (l *Limits) age(stamp string, now time.Time) (time.Duration, bool) {
	t, mac, _ := strings.Cut(stamp, ".")
	n, err := strconv.ParseInt(t, 10, 64)
	if err != nil || !hmac.Equal([]byte(mac), []byte(l.mac(t))) {
		return 0, false
	}
	d := now.Sub(time.Unix(n, 0))
	return d, d >= 0 && d < stale
}
