package receipt

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"article41/postgrestest"
	"article41/record"
	"article41/shelf"
)

// held is a shelf whose first write of receipts waits until it is let go.
type held struct {
	shelf.Store
	mu     sync.Mutex
	writes int
	begun  chan struct{}
	let    chan struct{}
}

func (h *held) Write(ctx context.Context, changes ...shelf.Change) (int64, error) {
	h.mu.Lock()
	h.writes++
	first := h.writes == 1
	h.mu.Unlock()
	if first {
		close(h.begun)
		<-h.let
	}
	return h.Store.Write(ctx, changes...)
}

// TestGroup: who asks again as soon as answered shares the next write with those who
// asked meanwhile; one who asks alone waits for nobody, and one who is not followed by
// those who were due is answered without them.
func TestGroup(t *testing.T) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	s := postgrestest.File(t)()
	shelf := &held{Store: s.Shelf(), begun: make(chan struct{}), let: make(chan struct{}), writes: 1 << 20}
	l, err := OpenLog(t.Context(), shelf)
	if err != nil {
		t.Fatal(err)
	}
	i, err := NewIssuer(t.Context(), func() (ed25519.PrivateKey, error) { return key, nil }, l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i.patience = time.Hour // a wait that is not ended by who was due hangs
	ask := func() {
		if _, err := i.Issue(t.Context(), Statement{Issued: time.Unix(1, 0), Query: json.RawMessage(`{}`), Answer: json.RawMessage(`{}`)}); err != nil {
			t.Error(err)
		}
	}
	for range 3 {
		ask() // alone
	}
	shelf.writes = 0
	var all sync.WaitGroup
	all.Go(func() { ask(); ask() }) // the first of these is held
	<-shelf.begun
	for range 7 {
		all.Go(ask)
	}
	for {
		i.mu.Lock()
		there := i.next != nil && i.next.askers == 7
		i.mu.Unlock()
		if there {
			break
		}
		runtime.Gosched()
	}
	close(shelf.let)
	all.Wait()
	if shelf.writes != 2 || i.due != 8 {
		t.Errorf("%d writes for 1 and 8 receipts, %d due; want 2 and 8", shelf.writes, i.due)
	}
	i.patience = time.Nanosecond
	ask() // 8 are due, nobody else comes
	i.patience = time.Hour
	ask() // and now one is due
	if a, err := Check(t.Context(), s.Shelf(), s); err != nil || len(a.Problems) > 0 || a.Receipts != 14 {
		t.Errorf("%+v %v", a, err)
	}
}

// TestRoot: the root that a log keeps as it grows is the one its leaves give.
func TestRoot(t *testing.T) {
	s := postgrestest.File(t)()
	l, _ := loggedAs(t, s.Shelf(), 0)
	for _, n := range []int{0, 1, 2, 3, 250, 1, 255, 256, 513, 65_536 - 1281, 1, 1} {
		some := make([]record.Digest, n)
		for i := range some {
			some[i] = numbered(i)
		}
		if err := l.commit(t.Context(), l.signers.signer(), some); err != nil {
			t.Fatal(err)
		}
		want, err := tlog.TreeHash(l.head.Size, l.reader(t.Context()))
		if err != nil || l.head.Root != want.String() {
			t.Errorf("%d leaves: root %s, want %s %v", l.head.Size, l.head.Root, want, err)
		}
		again, err := OpenLog(t.Context(), s.Shelf())
		if err != nil || fmt.Sprint(again.peaks) != fmt.Sprint(l.peaks) {
			t.Errorf("%d leaves: opened anew the peaks are not the same: %v", l.head.Size, err)
		}
	}
}
