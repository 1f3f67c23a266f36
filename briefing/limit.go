package briefing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"article41/date"
)

// The budgets of posts. Addresses are never kept: what is counted is a hash of the
// address under a key of the day, so yesterday's counts cannot be tied to today's.

const (
	plainHour   = 5  // posts without proof from one network in an hour
	plainAll    = 60 // posts without proof from everywhere in an hour
	proofHour   = 20 // posts with proof from one network in an hour
	reportsHour = 10 // notices from one network in an hour
)

// Limits counts posts in memory. Each process has its own.
type Limits struct {
	key []byte

	mu   sync.Mutex
	hour int64
	seen map[[16]byte]int
}

// NewLimits counts under hashes keyed by the key.
func NewLimits(key []byte) *Limits { return &Limits{key: key, seen: map[[16]byte]int{}} }

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

func (l *Limits) hash(what, network string, now time.Time) [16]byte {
	day := hmac.New(sha256.New, l.key)
	day.Write([]byte("day " + date.DayOf(now).String()))
	h := hmac.New(sha256.New, day.Sum(nil))
	h.Write([]byte(what + " " + network))
	return [16]byte(h.Sum(nil))
}

// take counts one post of a sort, within all the bounds or not at all.
func (l *Limits) take(what, address string, perNetwork, all int, now time.Time) error {
	key := l.hash(what, Network(address), now)
	every := l.hash(what, "everywhere", now)
	l.mu.Lock()
	defer l.mu.Unlock()
	if hour := now.Unix() / 3600; hour != l.hour {
		l.hour = hour
		clear(l.seen)
	}
	if l.seen[key] >= perNetwork || all > 0 && l.seen[every] >= all {
		return ErrBudget{time.Duration(3600-now.Unix()%3600) * time.Second}
	}
	l.seen[key]++
	l.seen[every]++
	return nil
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
