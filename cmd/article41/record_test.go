package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"article41"
	"article41/data"
	"article41/record"
	"article41/source/curated"
	"article41/sqlite"
)

// bench is one machine: a folder, a database in it, and the program run there.
type bench struct {
	t   *testing.T
	dir string
	db  string
	now time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	// Nothing of the machine that runs the test is read or written.
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "AppData", "LocalAppData"} {
		t.Setenv(name, t.TempDir())
	}
	known := slices.ContainsFunc(commands, func(c func(*app) *cobra.Command) bool {
		return c(&app{world: world{getenv: func(string) string { return "" }}}).Name() == "record"
	})
	if !known {
		before := commands
		commands = append(slices.Clone(commands), recordCommand)
		t.Cleanup(func() { commands = before })
	}
	dir := t.TempDir()
	return &bench{t, dir, filepath.Join(dir, "a.db"), noon}
}

// run runs the program; in is what is typed.
func (b *bench) run(in string, args ...string) (code int, out, errs string) {
	b.t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), world{strings.NewReader(in), &o, &e, func(string) string { return "" }, func() time.Time { return b.now }}, args)
	return code, o.String(), e.String()
}

// must runs it and wants an answer.
func (b *bench) must(args ...string) string {
	b.t.Helper()
	code, out, errs := b.run("", args...)
	if code != exitAnswered {
		b.t.Fatalf("article41 %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// refused runs it and wants what is said about it.
func (b *bench) refused(why string, want int, says string, args ...string) {
	b.t.Helper()
	code, out, errs := b.run("", args...)
	if code != want || !strings.Contains(out+errs, says) {
		b.t.Errorf("%s: article41 %s: exit %d, want %d with %q\n%s%s", why, strings.Join(args, " "), code, want, says, out, errs)
	}
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) write(name, text string) string {
	b.t.Helper()
	p := b.path(name)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (b *bench) read(name string) string {
	b.t.Helper()
	text, err := os.ReadFile(b.path(name))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

// head is where the ledger stands, after it was verified.
func (b *bench) head() record.Head {
	b.t.Helper()
	s, err := sqlite.Open(context.Background(), b.db, sqlite.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	defer s.Close()
	if err := record.Verify(context.Background(), s); err != nil {
		b.t.Error(err)
	}
	h, err := s.Head(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	return h
}

// edition writes a pack: the shipped record under another number, with one chain
// known further, or another entry in the place of one.
func (b *bench) edition(name string, number uint64, change ...record.Entry) string {
	b.t.Helper()
	rec, err := curated.Unpack(bytes.NewReader(data.Pack))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range change {
		if i := slices.IndexFunc(rec.Entries, func(e record.Entry) bool { return e.Fact == c.Fact }); i >= 0 {
			rec.Entries[i] = c
		} else {
			rec.Entries = append(rec.Entries, c)
		}
	}
	rec.Edition = record.Edition{Number: number, Version: fmt.Sprintf("test-%d", number), Entries: len(rec.Entries)}
	for _, e := range rec.Entries {
		rec.Edition.Digest = record.Roll(rec.Edition.Digest, e.Digest())
	}
	var p bytes.Buffer
	if err := curated.Pack(&p, rec); err != nil {
		b.t.Fatal(err)
	}
	return b.write(name, p.String())
}

// shippedNumber is the number of the record in the binary.
func shippedNumber(t *testing.T) uint64 {
	t.Helper()
	rec, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return rec.Edition.Number
}

// fact is the entry that the overlay of one file states first.
func facts(t *testing.T, file, text string) []record.Entry {
	t.Helper()
	rec, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	over, problems := curated.ReadOverlay(curated.Edited(os.DirFS(t.TempDir()), file, []byte(text)), curated.Record{Edition: rec.Edition, Entries: rec.Entries})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i := range over.Entries {
		over.Entries[i].Source = curated.Source
	}
	return over.Entries
}

const renewalFile = "regimes/south-sudan.yaml"

// renewal is a file of an overlay that renews South Sudan's measures until a day.
func renewal(until string) string {
	return `id: south-sudan
decisions:
  - symbol: S/RES/9001
    vote: {date: 2026-05-29, meeting: S/PV.10160, tally: 9-0-6, cites: [verified UN-press SC/16400]}
    effects:
      - {do: extend, what: [travel-ban, assets-freeze, arms-embargo], paragraph: "1", until: ` + until + `, cite: verified UN-press SC/16400}
`
}

// travelBan is what status says of South Sudan's travel ban on a day.
func (b *bench) travelBan(day string, more ...string) string {
	b.t.Helper()
	out := b.must(append([]string{"status", "south-sudan", "--as-of", day, "--db", b.db}, more...)...)
	for l := range strings.SplitSeq(out, "\n") {
		if strings.HasPrefix(l, "travel ban:") {
			return l
		}
	}
	b.t.Fatalf("no travel ban in\n%s", out)
	return ""
}

// TestBundleStory: a publisher makes a key and signs; an installation trusts the
// key, takes the bundle in, answers from it, and stays open to its own program.
func TestBundleStory(t *testing.T) {
	b := newBench(t)
	n := shippedNumber(t)
	if out := b.must("record", "keygen", "--out", b.path("desk"), "--name", "the desk"); !strings.Contains(out, "keep it to yourself") {
		t.Error(out)
	}
	if s, err := os.Stat(b.path("desk.key")); err != nil || runtime.GOOS != "windows" && s.Mode().Perm() != 0o600 {
		t.Errorf("the private key: %v, %v", s.Mode(), err)
	}
	b.refused("a key is not overwritten", exitUnable, "exists", "record", "keygen", "--out", b.path("desk"))

	pack := b.edition("next.pack", n+1, facts(t, renewalFile, renewal("2027-05-31"))...)
	b.must("record", "sign", pack, "--private-key", b.path("desk.key"), "--out", b.path("next.a41"))
	b.refused("no key is trusted", exitUse, "no publisher's key is trusted here yet", "record", "update", b.path("next.a41"), "--db", b.db)
	if exists(b.db) {
		t.Error("a bundle that was refused made a database")
	}

	if got := b.travelBan("2026-06-15"); !strings.HasPrefix(got, "travel ban: Unknown since 1 June 2026") {
		t.Errorf("before: %s", got)
	}
	makeDB(t, b.db)
	before := b.head()
	b.write("article41.keys", "# publishers we trust\n"+b.read("desk.pub"))
	out := b.must("record", "update", b.path("next.a41"), "--db", b.db)
	if !strings.Contains(out, "2 facts new or corrected") || !strings.Contains(out, "signed by") || !strings.Contains(out, "the desk") || !strings.Contains(out, "made 2026-11-23T17:00:00Z") {
		t.Error(out)
	}
	after := b.head()
	if after.Position != before.Position+3 || after.Edition != before.Edition {
		t.Errorf("two facts and the mark took the ledger from %+v to %+v", before, after)
	}
	// The program's own record is older than the ledger's now: no reason to refuse,
	// and nothing is appended again.
	if got := b.travelBan("2026-06-15"); !strings.Contains(got, "S/RES/9001") || !strings.Contains(got, "31 May 2027") {
		t.Errorf("after: %s", got)
	}
	if out := b.must("status", "--db", b.db); !strings.Contains(out, fmt.Sprintf("record test-%d", n+1)) {
		t.Errorf("the table does not name the record: %s", out)
	}
	if out := b.must("record", "update", b.path("next.a41"), "--db", b.db); !strings.Contains(out, "is held already") {
		t.Error(out)
	}
	var again updated
	if err := json.Unmarshal([]byte(b.must("record", "update", b.path("next.a41"), "--db", b.db, "--json")), &again); err != nil || !again.Changed.Again || again.Signer != "the desk" || again.Bundle.Edition.Number != n+1 {
		t.Errorf("%+v, %v", again, err)
	}
	if h := b.head(); h != after {
		t.Errorf("asking moved the ledger from %+v to %+v", after, h)
	}

	// Detached, from a key that is named.
	pack = b.edition("later.pack", n+2, facts(t, renewalFile, renewal("2027-06-30"))...)
	b.must("record", "sign", pack, "--private-key", b.path("desk.key"), "--detached")
	if out := b.must("record", "update", pack, "--db", b.db, "--key", b.path("desk.pub")); !strings.Contains(out, "1 facts new or corrected") {
		t.Error(out)
	}
	if got := b.travelBan("2026-06-15"); !strings.Contains(got, "30 June 2027") {
		t.Errorf("after the correction: %s", got)
	}
	if out := b.must("record", "--db", b.db); !strings.Contains(out, fmt.Sprintf("record test-%d (edition %d)", n+2, n+2)) {
		t.Error(out)
	}

	// Older, and another one of the same number.
	b.refused("a downgrade", exitUse, "an older record never replaces a newer one", "record", "update", b.path("next.a41"), "--db", b.db)
	b.must("record", "sign", b.edition("own.pack", n+2), "--private-key", b.path("desk.key"), "--out", b.path("other.a41"))
	b.refused("two records of one number", exitUse, "two records of one number", "record", "update", b.path("other.a41"), "--db", b.db)
	b.must("record", "sign", b.edition("zero.pack", max(n, 2)-1), "--private-key", b.path("desk.key"), "--out", b.path("zero.a41"))
	fresh := b.path("fresh.db")
	if n > 1 {
		b.refused("older than the program's own", exitUse, "an older record", "record", "update", b.path("zero.a41"), "--db", fresh)
	}

	// A program that ships a newer record still brings the ledger up to it, and one
	// that ships what came by the bundle adds nothing.
	store, err := sqlite.Open(t.Context(), b.db, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	open := func(pack string) record.Head {
		t.Helper()
		rec, err := curated.Unpack(strings.NewReader(b.read(pack)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := article41.Open(t.Context(), store, article41.Shipped{Edition: rec.Edition, Entries: rec.Entries}, noon); err != nil {
			t.Fatal(err)
		}
		h, err := store.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	held := b.head()
	if h := open("later.pack"); h != held {
		t.Errorf("a program that ships what the bundle brought took the ledger from %+v to %+v", held, h)
	}
	b.edition("newest.pack", n+3, facts(t, renewalFile, renewal("2027-06-30"))...)
	if h := open("newest.pack"); h.Position != held.Position+1 || h.Edition != n+3 {
		t.Errorf("a program with edition %d and the same facts took the ledger from %+v to %+v", n+3, held, h)
	}
	b.refused("a program with a newer record wrote to it", exitUnable, "use a newer article41", "status", "--db", b.db)
}

// TestBadBundlesAreRefused: none of these makes or moves a database.
func TestBadBundlesAreRefused(t *testing.T) {
	b := newBench(t)
	n := shippedNumber(t)
	for _, k := range []string{"good", "bad"} {
		b.must("record", "keygen", "--out", b.path(k))
	}
	b.write("article41.keys", b.read("good.pub"))
	pack := b.edition("next.pack", n+1)
	b.must("record", "sign", pack, "--private-key", b.path("good.key"), "--out", b.path("good.a41"))
	b.must("record", "sign", pack, "--private-key", b.path("bad.key"), "--out", b.path("unknown.a41"))
	b.must("record", "sign", pack, "--private-key", b.path("good.key"), "--out", b.path("beside.sig"), "--detached")
	good := b.read("good.a41")
	b.write("forged.a41", strings.Replace(good, fmt.Sprintf(`"number":%d`, n+1), fmt.Sprintf(`"number":%d`, n+9), 1))
	b.write("changed.a41", good[:len(good)-20]+"x"+good[len(good)-19:])
	b.write("cut.a41", good[:len(good)/2])
	b.write("list.xml", "<CONSOLIDATED_LIST/>")
	b.write("alone.pack", b.read("next.pack"))
	b.write("beside", b.read("next.pack")+"x")
	b.write("empty.keys", "# none yet\n")
	b.write("private.keys", b.read("good.key"))
	for _, c := range []struct {
		why  string
		code int
		says string
		args []string
	}{
		{"a key nobody trusts", exitUse, "which is not trusted here; trusted:", []string{"unknown.a41"}},
		{"the same, its key named", exitAnswered, "edition", []string{"unknown.a41", "--key", b.path("bad.pub"), "--db", b.path("other.db")}},
		{"only the named key counts", exitUse, "not trusted here", []string{"good.a41", "--key", b.path("bad.pub")}},
		{"a wrong signature", exitUse, "the signature is not key", []string{"forged.a41"}},
		{"a changed pack", exitUse, "SHA-256", []string{"changed.a41"}},
		{"a cut pack", exitUse, "were signed", []string{"cut.a41"}},
		{"something else", exitUnable, "is no bundle, and its envelope cannot be read", []string{"list.xml"}},
		{"a pack without its envelope", exitUnable, "alone.pack.sig", []string{"alone.pack"}},
		{"a pack that is not the envelope's", exitUse, "were signed", []string{"beside"}},
		{"no such file", exitUnable, "none.a41", []string{"none.a41"}},
		{"no such key", exitUnable, "none.pub", []string{"good.a41", "--key", b.path("none.pub")}},
		{"a file of keys without one", exitUse, "holds no key", []string{"good.a41", "--key", b.path("empty.keys")}},
		{"a private key as one to trust", exitUse, "private.keys:2: want a line", []string{"good.a41", "--key", b.path("private.keys")}},
		{"an address that is not asked", exitUse, "only https", []string{"http://example.org/a.a41"}},
		{"two files", exitUse, "usage:", []string{"good.a41", "unknown.a41"}},
	} {
		args := slices.Clone(c.args)
		if !strings.Contains(args[0], "://") {
			for i, a := range args[:1] {
				args[i] = b.path(a)
			}
		}
		if !slices.Contains(args, "--db") {
			args = append(args, "--db", b.db)
		}
		b.refused(c.why, c.code, c.says, append([]string{"record", "update"}, args...)...)
	}
	if exists(b.db) {
		t.Error("a database was made")
	}
	big := b.write("big.a41", good)
	if err := os.Truncate(big, curated.MaxBundle+1); err != nil {
		t.Fatal(err)
	}
	b.refused("too large", exitUse, "more than", "record", "update", big, "--db", b.db)

	private := func(p string) string {
		if err := os.Chmod(p, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	b.refused("no private key", exitUse, "--private-key is missing", "record", "sign", pack)
	b.refused("a public key to sign with", exitUse, "want a line", "record", "sign", pack, "--private-key", private(b.write("public.key", b.read("good.pub"))), "--out", b.path("x"))
	if runtime.GOOS != "windows" {
		open := b.write("open.key", b.read("good.key"))
		b.refused("a private key that all can read", exitUse, "can be read by others", "record", "sign", pack, "--private-key", open, "--out", b.path("x"))
	}
	b.refused("no pack", exitUse, "packed record", "record", "sign", b.path("list.xml"), "--private-key", b.path("good.key"), "--out", b.path("x"))
	b.refused("a bundle is not overwritten", exitUnable, "exists", "record", "sign", pack, "--private-key", b.path("good.key"), "--out", b.path("good.a41"))
	b.refused("a folder with problems", exitUse, "a record with problems is not signed", "record", "sign", t.TempDir(), "--private-key", b.path("good.key"), "--out", b.path("x"))
}

// TestUpdateFromAddress: the publisher is asked once for what did not change, and
// for the envelope where it lies beside.
func TestUpdateFromAddress(t *testing.T) {
	b := newBench(t)
	b.must("record", "keygen", "--out", b.path("desk"))
	b.write("article41.keys", b.read("desk.pub"))
	pack := b.edition("next.pack", shippedNumber(t)+1)
	b.must("record", "sign", pack, "--private-key", b.path("desk.key"), "--out", b.path("next.a41"))
	b.must("record", "sign", pack, "--private-key", b.path("desk.key"), "--detached")
	var asked []string
	p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+" "+r.Header.Get("If-None-Match"))
		if !strings.HasPrefix(r.UserAgent(), "article41/") {
			t.Errorf("asked by %q", r.UserAgent())
		}
		text, err := os.ReadFile(b.path(filepath.Base(r.URL.Path)))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", `"one"`)
		if r.Header.Get("If-None-Match") == `"one"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Write(text)
	}))
	defer p.Close()
	b.must("record", "update", p.URL+"/next.a41", "--db", b.db)
	if out := b.must("record", "update", p.URL+"/next.a41", "--db", b.db); !strings.Contains(out, "is held already") {
		t.Error(out)
	}
	b.must("record", "update", p.URL+"/next.pack", "--db", b.path("other.db"))
	want := []string{"/next.a41 ", `/next.a41 "one"`, "/next.pack ", "/next.pack.sig "}
	if !slices.Equal(asked, want) {
		t.Errorf("asked for %q, want %q", asked, want)
	}
	b.refused("what is not there", exitUnable, "404", "record", "update", p.URL+"/none.a41", "--db", b.db)
}

// TestOverlayStory: a folder adds and corrects, every answer says so, a newer
// record does not undo it, and taking it out leaves the record as published.
func TestOverlayStory(t *testing.T) {
	b := newBench(t)
	n := shippedNumber(t)
	plain := b.travelBan("2026-06-15")
	b.write("mine/"+renewalFile, renewal("2027-05-31"))
	out := b.must("record", "overlay", b.path("mine"), "--db", b.db)
	if !strings.Contains(out, "effects/south-sudan/S/RES/9001\nvote/S/RES/9001\n") || !strings.Contains(out, "+overlay: 2 facts of the overlay, 0 problems") {
		t.Error(out)
	}
	if got := b.travelBan("2026-06-15"); !strings.Contains(got, "S/RES/9001") {
		t.Errorf("with the overlay: %s", got)
	}
	for _, ask := range [][]string{{"status"}, {"status", "mali"}, {"status", "south-sudan"}, {"screen", "Malek Reuben Riak"}, {"record"}} {
		if out := b.must(append(ask, "--db", b.db)...); !strings.Contains(out, "+overlay") {
			t.Errorf("%v does not say that there is an overlay:\n%s", ask, out)
		}
	}
	var st article41.Status
	if err := json.Unmarshal([]byte(b.must("status", "mali", "--db", b.db, "--json")), &st); err != nil || !strings.HasPrefix(st.Basis.Overlay, "2 facts, ") || !strings.HasSuffix(st.Basis.Record, "+overlay") {
		t.Errorf("basis %+v, %v", st.Basis, err)
	}
	laid := b.head()
	b.must("record", "overlay", b.path("mine"), "--db", b.db)
	b.must("status", "--db", b.db)
	if h := b.head(); h != laid {
		t.Errorf("laid twice, the ledger went from %+v to %+v", laid, h)
	}

	// A newer record that says otherwise stays under the overlay.
	b.must("record", "keygen", "--out", b.path("desk"))
	b.must("record", "sign", b.edition("next.pack", n+1, facts(t, renewalFile, renewal("2026-11-30"))...), "--private-key", b.path("desk.key"), "--out", b.path("next.a41"))
	b.must("record", "update", b.path("next.a41"), "--key", b.path("desk.pub"), "--db", b.db)
	if got := b.travelBan("2026-06-15"); !strings.Contains(got, "31 May 2027") {
		t.Errorf("after a newer record: %s", got)
	}
	if out := b.must("record", "--db", b.db); !strings.Contains(out, fmt.Sprintf("record test-%d+overlay", n+1)) {
		t.Error(out)
	}

	// A changed overlay, which is now one fact of its own.
	b.write("mine/"+renewalFile, renewal("2028-05-31"))
	if out := b.must("record", "overlay", b.path("mine"), "--db", b.db); !strings.Contains(out, "1 facts of the overlay") {
		t.Error(out)
	}
	if got := b.travelBan("2026-06-15"); !strings.Contains(got, "31 May 2028") {
		t.Errorf("after the change: %s", got)
	}

	// One with a problem is not laid, and changes nothing.
	laid = b.head()
	b.write("mine/"+renewalFile, renewal("2026-05-01"))
	b.refused("an until before it begins", exitNothing, filepath.Join(b.path("mine"), renewalFile)+":6: S/RES/9001: until 2026-05-01 is before 2026-05-29", "record", "overlay", b.path("mine"), "--db", b.db)
	b.refused("no folder", exitUse, "want a folder", "record", "overlay", b.path("nowhere"), "--db", b.db)
	if h := b.head(); h != laid {
		t.Errorf("refused, and yet the ledger went from %+v to %+v", laid, h)
	}

	// Taken out: the record as published, and at the earlier position as it was.
	b.must("record", "overlay", "none", "--db", b.db)
	if got := b.travelBan("2026-06-15"); !strings.Contains(got, "30 November 2026") {
		t.Errorf("without the overlay: %s", got)
	}
	if out := b.must("status", "--db", b.db); strings.Contains(out, "overlay") {
		t.Error("the overlay is still named")
	}
	store, err := sqlite.Open(t.Context(), b.db, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	rec, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	arc, err := article41.Open(t.Context(), store, rec, noon)
	if err != nil {
		t.Fatal(err)
	}
	at := record.At{AsOf: st.AsOf, KnownAt: st.KnownAt, Position: laid.Position}
	then, err := arc.Status(t.Context(), at, "south-sudan")
	if err != nil || then.Measures[0].Until.String() != "2028-05-31" || !strings.HasPrefix(then.Basis.Overlay, "1 fact, ") {
		t.Errorf("at the earlier position: %s, %+v, %v", then.Measures[0].Sentence, then.Basis, err)
	}

	// A fact that only the overlay stated is withdrawn with it, and not for good.
	only := newBench(t)
	only.write("mine/"+renewalFile, renewal("2027-05-31"))
	only.must("record", "overlay", only.path("mine"), "--db", only.db)
	only.must("record", "overlay", "none", "--db", only.db)
	if got := only.travelBan("2026-06-15"); got != plain {
		t.Errorf("laid and taken out: %s\nwant %s", got, plain)
	}
	only.must("record", "update", b.path("next.a41"), "--key", b.path("desk.pub"), "--db", only.db)
	if got := only.travelBan("2026-06-15"); !strings.Contains(got, "30 November 2026") {
		t.Errorf("the record states it later: %s", got)
	}
	only.head()
}

// TestLay: the folder that is named, or the one beside the database.
func TestLay(t *testing.T) {
	b := newBench(t)
	a := &app{world: world{strings.NewReader(""), io.Discard, io.Discard, func(string) string { return "" }, func() time.Time { return noon }}}
	rec, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	basis := func(named, db string) (article41.Basis, error) {
		arc, err := article41.Open(t.Context(), nil, rec, noon)
		if err != nil {
			t.Fatal(err)
		}
		err = a.lay(t.Context(), arc, named, db)
		return arc.Basis(), err
	}
	if got, err := basis("", b.db); err != nil || got.Overlay != "" {
		t.Errorf("no folder: %+v, %v", got, err)
	}
	b.write("overlay/"+renewalFile, renewal("2027-05-31"))
	for why, c := range map[string]struct{ named, db, want string }{
		"beside the database":            {"", b.db, "2 facts, "},
		"named":                          {b.path("overlay"), "", "2 facts, "},
		"named none":                     {"none", b.db, ""},
		"no database, none named":        {"", "", ""},
		"a database that is no file":     {"", "postgres://" + b.db, ""},
		"a database somewhere else":      {"", filepath.Join(t.TempDir(), "a.db"), ""},
		"named, whatever lies beside it": {b.path("overlay"), filepath.Join(t.TempDir(), "a.db"), "2 facts, "},
	} {
		if got, err := basis(c.named, c.db); err != nil || !strings.HasPrefix(got.Overlay, c.want) || c.want == "" && got.Overlay != "" {
			t.Errorf("%s: %+v, %v", why, got, err)
		}
	}
	b.write("overlay/"+renewalFile, renewal("2026-05-01"))
	if _, err := basis("", b.db); err == nil || !strings.Contains(err.Error(), "south-sudan.yaml:6: ") {
		t.Errorf("an overlay with a problem: %v", err)
	}
}
