package door

import (
	"crypto/rand"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"article41/account"
	"article41/postgrestest"
)

// TestQuotaIsShared: however many servers on one shelf a key asks, at once or in turn,
// it is let in as often as its quota says; a new day begins anew, and what a server
// took and did not use comes back.
func TestQuotaIsShared(t *testing.T) { postgrestest.Each(t, sharedQuota) }

func sharedQuota(t *testing.T, fresh postgrestest.Fresh) {
	h := newHouseOn(t, fresh, nil)
	ctx := t.Context()
	const quota = 1000
	k, _, err := h.reg.NewKey(ctx, h.clock.now(), account.Key{Label: "hub", Roles: []account.Role{account.Screener}, Quota: quota})
	must(t, err)
	doors := []*Door{h.door}
	for range 3 { // other servers: their own memory, the same shelf
		doors = append(doors, New(Options{Register: &account.Register{Shelf: h.reg.Shelf, Vault: h.reg.Vault, Random: rand.Reader},
			Sessions: h.door.Sessions, Deeds: h.door.Deeds, Now: h.clock.now, Log: h.door.Log}))
	}
	ask := func(d *Door, times int) (let int64) {
		for range times {
			wait, err := d.count(ctx, k, h.clock.now())
			if err != nil {
				t.Error(err)
			}
			if wait == 0 {
				let++
			}
		}
		return let
	}
	var let atomic.Int64
	var all sync.WaitGroup
	for _, d := range doors {
		for range 2 {
			all.Go(func() {
				for range 8 {
					let.Add(ask(d, 25))
					if err := d.Keep(ctx); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	all.Wait()
	for _, d := range doors { // whatever was still out has come back
		let.Add(ask(d, 50))
		must(t, d.Keep(ctx))
	}
	if let.Load() != quota {
		t.Errorf("let in %d times of %d", let.Load(), quota)
	}
	if u, err := h.reg.Usage(ctx, k.ID); err != nil || u.Count != quota {
		t.Errorf("%+v %v", u, err)
	}
	h.clock.add(24 * time.Hour)
	if n := ask(doors[1], 3); n != 3 {
		t.Errorf("the next day: let in %d times of 3", n)
	}
	must(t, doors[1].Keep(ctx))
	if u, err := h.reg.Usage(ctx, k.ID); err != nil || u.Count != 3 {
		t.Errorf("the next day: %+v %v", u, err)
	}
	if got, err := h.reg.Spend(ctx, k.ID, h.clock.now(), "2000-01-01", -2, quota); err != nil || got != 0 {
		t.Errorf("given back of a day that is over: %d %v", got, err)
	}

	open, _, err := h.reg.NewKey(ctx, h.clock.now(), account.Key{Label: "open", Roles: []account.Role{account.Screener}})
	must(t, err)
	k = open
	for _, d := range doors {
		ask(d, 7)
		must(t, d.Keep(ctx))
	}
	if u, err := h.reg.Usage(ctx, k.ID); err != nil || u.Count != 28 {
		t.Errorf("without a quota the servers' counts are added: %+v %v", u, err)
	}
}

// TestEndedSessionsAreSwept: what a session was is not kept after its end.
func TestEndedSessionsAreSwept(t *testing.T) { postgrestest.Each(t, sweptSessions) }

func sweptSessions(t *testing.T, fresh postgrestest.Fresh) {
	h := newHouseOn(t, fresh, nil)
	acc, err := h.reg.NewAccount(t.Context(), h.clock.now(), account.Account{Issuer: account.Here, Login: "amina", Roles: []account.Role{account.Screener}})
	must(t, err)
	must(t, h.reg.SetPassword(t.Context(), acc.ID, password))
	kept := func() int {
		items, err := h.door.Sessions.Items(t.Context(), sessionKind, "", 10)
		must(t, err)
		return len(items)
	}
	in := func() *http.Client {
		b := browser()
		if status, text := h.ask(t, b, "/in?login=amina&password=correct+horse+battery"); status != 200 {
			t.Fatal(status, text)
		}
		return b
	}
	in()
	h.clock.add(7 * time.Hour)
	late := in()
	must(t, h.door.Keep(t.Context()))
	if kept() != 1 {
		t.Errorf("%d sessions are kept, want the one that was not left alone", kept())
	}
	h.ask(t, late, "/out")
	if kept() != 0 {
		t.Error("a session that was signed out is kept")
	}
	in()
	h.clock.add(59 * time.Minute)
	must(t, h.door.Keep(t.Context()))
	if kept() != 1 {
		t.Error("a session in use was thrown away")
	}
	h.clock.add(13 * time.Hour)
	must(t, h.door.Keep(t.Context()))
	if kept() != 0 {
		t.Error("a session is kept after its end")
	}
}
