package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"article41/account"
	"article41/date"
	"article41/door"
)

// TestBackup: a backup made while the database is open for writing is restored and
// sound, has no keys in it, and brings nobody back who was erased since.
func TestBackup(t *testing.T) {
	dir := t.TempDir()
	db, copied := filepath.Join(dir, "a.db"), filepath.Join(dir, "backup.db")
	makeDB(t, db)
	a := within(t, dir, nil) // holds the database open
	ctx := t.Context()
	r, err := a.register(ctx)
	if err != nil {
		t.Fatal(err)
	}
	acc, err := r.NewAccount(ctx, noon, account.Account{Issuer: account.Here, Login: "amina", Name: "Amina Traoré", Roles: []account.Role{account.Screener}})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.SetPassword(ctx, acc.ID, goodPassword); err != nil {
		t.Fatal(err)
	}
	k, token, err := r.NewKey(ctx, noon, account.Key{Label: "hub", Roles: []account.Role{account.Screener}})
	if err != nil {
		t.Fatal(err)
	}
	if out, errs, code := command(t, "anchor", "--db", db); code != 0 || !strings.HasPrefix(out, "article41-") {
		t.Fatalf("anchor: exit %d: %s%s", code, out, errs)
	}
	out, errs, code := command(t, "backup", copied, "--db", db)
	if code != 0 || !strings.Contains(out, "no keys in it") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	if _, errs, code := command(t, "backup", copied, "--db", db); code == 0 || !strings.Contains(errs, "there is a file of this name") {
		t.Errorf("over another file: exit %d: %s", code, errs)
	}
	b, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	master, _ := os.ReadFile(db + ".keys.master")
	for _, secret := range []string{strings.TrimSpace(string(master)), "Amina", "amina", token, goodPassword} {
		if strings.Contains(string(b), secret) {
			t.Errorf("the backup holds %q", secret)
		}
	}

	// Since then all of them are gone.
	if err := r.Remove(ctx, acc.ID); err != nil {
		t.Fatal(err)
	}
	if err := r.RevokeKey(ctx, noon, k.ID); err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	a.store, a.sealing.store = nil, nil

	if _, errs, code := command(t, "restore", copied, "--db", db); code != exitUse || !strings.Contains(errs, "move it away first") {
		t.Errorf("over a database: exit %d: %s", code, errs)
	}
	if out, errs, code := command(t, "restore", copied, "--verify", "--db", db); code != 0 || !strings.Contains(out, "is sound") {
		t.Errorf("verify: exit %d: %s%s", code, out, errs)
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		os.Rename(db+end, db+".gone"+end)
	}
	for _, c := range []struct {
		reason string
		bytes  []byte
	}{
		{"cut in the middle", b[:len(b)/2]},
		{"cut by one page", b[:len(b)-4096]},
		{"cut in its header", b[:50]},
		{"empty", nil},
		{"no database", []byte("not a database at all, but long enough to look at")},
		{"zeros in the middle", append(append(append([]byte{}, b[:len(b)/2]...), make([]byte, 3*4096)...), b[len(b)/2+3*4096:]...)},
	} {
		t.Run(c.reason, func(t *testing.T) {
			bad := filepath.Join(t.TempDir(), "bad.db")
			if err := os.WriteFile(bad, c.bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			_, errs, code := command(t, "restore", bad, "--db", db)
			if code != exitUnable || !strings.Contains(errs, "is not restored") || strings.Contains(errs, "restore it from a backup") {
				t.Errorf("exit %d: %s", code, errs)
			}
			if found, _ := filepath.Glob(db + "*restoring*"); exists(db) || len(found) > 0 {
				t.Errorf("it left %v behind", found)
			}
		})
	}
	if out, errs, code := command(t, "restore", copied, "--db", db); code != 0 || !strings.Contains(out, "restored to") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	if out, errs, code := command(t, "audit", "--db", db); code != 0 || !strings.Contains(out, "is sound") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	back := within(t, dir, nil)
	r2, err := back.register(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r2.SignIn(ctx, "amina", goodPassword); !errors.Is(err, account.ErrSignIn) {
		t.Errorf("the backup brought an erased account back: %v", err)
	}
	if all, err := r2.Accounts(ctx); err != nil || len(all) != 0 {
		t.Errorf("%v %v", all, err)
	}
	if _, err := r2.Check(ctx, noon, token); !errors.Is(err, account.ErrNoKey) {
		t.Errorf("the backup brought a revoked key back: %v", err)
	}
	if _, err := r2.NewAccount(ctx, noon, account.Account{Issuer: account.Here, Login: "amina", Roles: []account.Role{account.Reader}}); err != nil {
		t.Errorf("her login may have a new account: %v", err)
	}
}

// TestErase: by hand, by schedule, and not under a hold.
func TestErase(t *testing.T) {
	dir := t.TempDir()
	a := within(t, dir, nil)
	v, err := a.vault(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sealed := map[account.Subject][]byte{}
	for _, s := range []account.Subject{"customer/1", "customer/2", "customer/3"} {
		if sealed[s], err = v.Seal(t.Context(), s, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	run := func(want int, args ...string) string {
		t.Helper()
		out, errs, code := command(t, append(append([]string{"erase"}, args...), "--db", a.db)...)
		if code != want {
			t.Fatalf("erase %v: exit %d: %s%s", args, code, out, errs)
		}
		return out + errs
	}
	run(0, "customer/2", "--hold", "case 2026/114")
	if text := run(exitUnable, "customer/2"); !strings.Contains(text, "case 2026/114") {
		t.Errorf("a hold is not named: %s", text)
	}
	run(0, "customer/1", "--ended", "2021-11-22")
	run(0, "customer/2", "--ended", "2001-01-01")
	run(0, "customer/3", "--ended", "2021-11-24")
	if text := run(0, "--due"); !strings.Contains(text, "customer: 1 erased") || !strings.Contains(text, "1 due were kept by a hold") {
		t.Error(text)
	}
	run(0, "customer/2", "--release")
	if text := run(0, "--due"); !strings.Contains(text, "customer: 1 erased") {
		t.Error(text)
	}
	if err := v.Follow(t.Context()); err != nil {
		t.Fatal(err)
	}
	for s, erased := range map[account.Subject]bool{"customer/1": true, "customer/2": true, "customer/3": false} {
		if _, err := v.Open(t.Context(), s, sealed[s]); errors.Is(err, account.ErrErased) != erased {
			t.Errorf("%s: %v", s, err)
		}
	}
	run(exitUse, "--due", "customer/3")
	run(exitUse)
	run(exitUse, "customer/3", "--ended", "soon")
}

// TestRetention: serve erases by the clock what is due, keeps what is held, makes no
// keys where none are, and puts on record how many of what it erased.
func TestRetention(t *testing.T) {
	dir := t.TempDir()
	a := within(t, dir, nil)
	sched := account.Schedule{"customer": 5}
	clock := noon
	a.now = func() time.Time { return clock }
	ctx, stop := context.WithCancel(t.Context())
	stop() // one round each
	a.retainEvery(ctx, retention{every: time.Hour}, sched, a.log())
	if exists(a.db + ".keys") {
		t.Fatal("keys were made where nothing is sealed")
	}
	v, err := a.vault(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []account.Subject{"customer/1", "customer/2", "customer/3", "commenter/1"} {
		if _, err := v.Seal(t.Context(), s, []byte("x")); err != nil {
			t.Fatal(err)
		}
		if err := v.End(t.Context(), s, date.DayOf(noon)); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.Resume(t.Context(), "customer/3"); err != nil {
		t.Fatal(err)
	}
	if err := v.Hold(t.Context(), "customer/2", "case 2026/114"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		reason string
		at     time.Time
		erased int
		held   int
	}{
		{"a day before the five years are over", noon.AddDate(5, 0, -1), 0, 0},
		{"on the day", noon.AddDate(5, 0, 0), 1, 1},
		{"again: nothing is erased twice", noon.AddDate(5, 0, 1), 0, 1},
	} {
		got, err := a.retain(t.Context(), c.at, "serve", sched)
		if err != nil || got.Classes["customer"] != c.erased || got.Held != c.held || got.Classes["commenter"] != 0 {
			t.Errorf("%s: %+v %v", c.reason, got, err)
		}
	}
	clock = noon.AddDate(5, 0, 2)
	if err := v.Release(t.Context(), "customer/2"); err != nil {
		t.Fatal(err)
	}
	ctx, stop = context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { a.retainEvery(ctx, retention{every: time.Hour}, sched, a.log()); close(ended) }()
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if _, err := v.Seal(t.Context(), "customer/2", nil); errors.Is(err, account.ErrErased) {
			break
		}
		if time.Since(began) > time.Minute {
			t.Fatal("serve does not erase by itself")
		}
	}
	stop()
	<-ended
	for s, erased := range map[account.Subject]bool{"customer/1": true, "customer/2": true, "customer/3": false, "commenter/1": false} {
		if _, err := v.Seal(t.Context(), s, []byte("x")); errors.Is(err, account.ErrErased) != erased {
			t.Errorf("%s: %v", s, err)
		}
	}
	s, err := a.shelf()
	if err != nil {
		t.Fatal(err)
	}
	deeds, err := door.Deeds(t.Context(), s, time.Time{}, 10)
	if err != nil || len(deeds) != 2 || deeds[0].Who != "serve" || deeds[0].Method != "ERASE" || deeds[0].Path != "due, customer: 1" {
		t.Errorf("%+v %v", deeds, err)
	}
	if _, _, code := command(t, "serve", "--retention-every", "1s", "--db", a.db); code != exitUse {
		t.Errorf("every second: exit %d", code)
	}
	if _, _, code := command(t, "serve", "--retention-schedule", filepath.Join(dir, "none.csv"), "--db", a.db); code != exitUnable {
		t.Errorf("no such schedule: exit %d", code)
	}
}
