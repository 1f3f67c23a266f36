package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"article41"
	"article41/date"
	"article41/record"
	"article41/sqlite"
)

// unList is a list of the Council's form with so many entries of our own.
func unList(day string, from, to int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="%sT00:00:01.000Z"><INDIVIDUALS>`, day)
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "\n<INDIVIDUAL><DATAID>%d</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>Testman%d</FIRST_NAME><SECOND_NAME>Probe</SECOND_NAME><UN_LIST_TYPE>Test</UN_LIST_TYPE><REFERENCE_NUMBER>TLi.%03d</REFERENCE_NUMBER><LISTED_ON>2019-12-19</LISTED_ON></INDIVIDUAL>", 100+i, i, i)
	}
	b.WriteString("</INDIVIDUALS><ENTITIES></ENTITIES></CONSOLIDATED_LIST>")
	return b.String()
}

// runOn runs the program in this process on a day.
func runOn(t *testing.T, now time.Time, env map[string]string, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), world{in: strings.NewReader(""), out: &o, err: &e, getenv: func(k string) string { return env[k] }, now: func() time.Time { return now }}, args)
	return o.String(), e.String(), code
}

// TestUpdate: what a publisher answers, and what becomes of the version held.
func TestUpdate(t *testing.T) {
	var body, etag, status string
	asked, unchanged := 0, 0
	publisher := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch {
		case status != "":
			w.WriteHeader(http.StatusNotFound)
		case etag != "" && r.Header.Get("If-None-Match") == etag:
			unchanged++
			w.WriteHeader(http.StatusNotModified)
		default:
			w.Header().Set("ETag", etag)
			fmt.Fprint(w, body)
		}
	}))
	defer publisher.Close()
	db := filepath.Join(t.TempDir(), "update.db")
	env := map[string]string{"ARTICLE41_CACHE": t.TempDir()}
	csv := "_id,source,entity_number,type,programs,name\n"
	for _, c := range []struct {
		why, body, etag, status string
		now                     string
		args                    []string
		code                    int
		says                    string
		entries                 int // of the newest version held after it
		failed                  string
	}{
		{"the first version", unList("2026-01-05", 0, 40), `"one"`, "", "2026-01-06", nil, exitAnswered, "40 added", 40, ""},
		{"the publisher says that it has not changed", "", `"one"`, "", "2026-01-07", nil, exitAnswered, "held already", 40, ""},
		{"one entry more, one less", unList("2026-01-08", 1, 41), `"two"`, "", "2026-01-08", nil, exitAnswered, "1 added, 0 changed, 1 removed", 40, ""},
		{"an HTML page with status 200", "<!DOCTYPE html><html><body>Sorry</body></html>", "", "", "2026-01-09", nil, exitUnable, "an HTML page", 40, "HTML"},
		{"a list that breaks off", unList("2026-01-09", 1, 41)[:2000], "", "", "2026-01-09", nil, exitUnable, "cut", 40, "cut"},
		{"a list shrunk by half", unList("2026-01-09", 1, 21), "", "", "2026-01-09", nil, exitUnable, "20 of the 40 entries", 40, "missing"},
		{"another list", csv, "", "", "2026-01-09", nil, exitUnable, "un", 40, ""},
		{"not there", "", "", "gone", "2026-01-09", nil, exitUnable, "404", 40, "404"},
		{"the shrunk list, accepted by hand", unList("2026-01-09", 1, 21), "", "", "2026-01-10", []string{"--accept"}, exitAnswered, "20 removed", 20, ""},
	} {
		body, etag, status = c.body, c.etag, c.status
		now, _ := time.Parse("2006-01-02", c.now)
		now = now.Add(17 * time.Hour)
		out, errs, code := runOn(t, now, env, append([]string{"update", "un", "--url", publisher.URL + "/consolidated.xml?token=a=b", "--db", db}, c.args...)...)
		if code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%s: status %d, want %d; want %q in:\n%s%s", c.why, code, c.code, c.says, out, errs)
		}
		out, errs, _ = runOn(t, now, nil, "screen", "Testman20 Probe", "--db", db, "--json")
		var answer struct {
			Lists []struct {
				List    string `json:"list"`
				Entries int    `json:"entries"`
				Checked string `json:"checked"`
				Failed  string `json:"failed"`
				Stale   string `json:"stale"`
			} `json:"lists"`
		}
		if err := json.Unmarshal([]byte(out), &answer); err != nil {
			t.Fatalf("%s: %v\n%s%s", c.why, err, out, errs)
		}
		for _, l := range answer.Lists {
			if l.List != "un" {
				continue
			}
			if l.Entries != c.entries || !strings.Contains(l.Failed, c.failed) || c.code == exitAnswered && (l.Failed != "" || l.Checked != c.now) {
				t.Errorf("%s: the answer's list: %+v", c.why, l)
			}
		}
	}
	if asked == 0 || unchanged != 1 {
		t.Errorf("asked %d times, of which %d were answered by 304", asked, unchanged)
	}
	month := time.Date(2026, 3, 1, 17, 0, 0, 0, time.UTC)
	if out, _, _ := runOn(t, month, nil, "screen", "Testman20 Probe", "--db", db, "--json"); !strings.Contains(out, "not looked at since 10 January 2026") {
		t.Errorf("seven weeks later the list is not called stale:\n%s", out)
	}
}

// TestUpdateFromFolder takes files that somebody brought, and asks nobody.
func TestUpdateFromFolder(t *testing.T) {
	folder, db := t.TempDir(), filepath.Join(t.TempDir(), "folder.db")
	now := time.Date(2026, 1, 6, 17, 0, 0, 0, time.UTC)
	if _, errs, code := runOn(t, now, nil, "update", "--from", folder, "--db", db); code != exitUse || !strings.Contains(errs, "none of the files") {
		t.Errorf("an empty folder: %d %s", code, errs)
	}
	if err := os.WriteFile(filepath.Join(folder, "consolidated.xml"), []byte(unList("2026-01-05", 0, 40)), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := runOn(t, now, nil, "update", "--from", folder, "--db", db); code != exitAnswered || !strings.Contains(out, "40 added") {
		t.Errorf("the list: %d %s%s", code, out, errs)
	}
	if _, errs, code := runOn(t, now, nil, "update", "eu", "--from", folder, "--db", db); code != exitUnable || !strings.Contains(errs, "not brought up to date") {
		t.Errorf("a list that is not in the folder: %d %s", code, errs)
	}
	if _, errs, code := runOn(t, now, nil, "update", "nobody", "--db", db); code != exitUse || !strings.Contains(errs, "no publisher") {
		t.Errorf("a list without a publisher: %d %s", code, errs)
	}
}

// TestServeUpdates: a server that brings its lists up to date by itself answers from
// what came, and where what came is broken, from the last good one, and says so on
// its pages and in its answers.
func TestServeUpdates(t *testing.T) {
	t.Chdir(t.TempDir())
	folder := t.TempDir()
	type use struct {
		List    string `json:"list"`
		Entries int    `json:"entries"`
		Failed  string `json:"failed"`
	}
	serves := func(body string, until func(use) bool) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, "consolidated.xml"), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		base, errs, stop, ended := started(t, "--update-every", "1h", "--update-from", folder, "--db", "lists.db")
		defer func() {
			stop()
			<-ended
		}()
		var last use
		for range 600 {
			var lists struct{ Lists []use }
			_, text := got(t, base+"api/v1/lists")
			if err := json.Unmarshal([]byte(text), &lists); err != nil {
				t.Fatalf("%v: %.300s", err, text)
			}
			for _, l := range lists.Lists {
				if l.List == "un" {
					last = l
				}
			}
			if until(last) {
				if _, text := got(t, base); last.Failed != "" && !strings.Contains(text, "failed") && !strings.Contains(text, "not brought up to date") {
					t.Error("the front page does not say that a list failed")
				}
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("it does not come: %+v\n%s", last, errs.text())
	}
	serves(unList("2026-10-05", 0, 40), func(u use) bool { return u.Entries == 40 && u.Failed == "" })
	serves(unList("2026-10-09", 1, 41)[:2000], func(u use) bool { return u.Entries == 40 && strings.Contains(u.Failed, "cut") })
	serves("<!DOCTYPE html><html><body>Sorry</body></html>", func(u use) bool { return u.Entries == 40 && strings.Contains(u.Failed, "HTML") })
	serves(unList("2026-10-10", 2, 42), func(u use) bool { return u.Entries == 40 && u.Failed == "" })
}

func TestPublishers(t *testing.T) {
	all, err := publishers()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		src, err := sourceOf(p.list)
		if err != nil || src.read == nil {
			t.Errorf("%s: no reader for it: %v", p.list, err)
		}
		if !strings.HasPrefix(p.address, "https://") || p.file == "" || p.limit < 1<<20 || p.licence == "" {
			t.Errorf("%s: a row that lacks something: %+v", p.list, p)
		}
	}
}

// TestKilledUpdate kills the program at random moments of an update from a
// folder. Whatever the moment, the database opens and verifies, and holds the
// version before or the new one, whole.
func TestKilledUpdate(t *testing.T) {
	exe := program(t)
	kills := 20
	if os.Getenv("ARTICLE41_SOAK") != "" {
		kills = 200
	}
	ctx := context.Background()
	folder, db := t.TempDir(), filepath.Join(t.TempDir(), "kill.db")
	put := func(day string, from, to int) {
		if err := os.WriteFile(filepath.Join(folder, "consolidated.xml"), []byte(unList(day, from, to)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	put("2026-03-05", 0, 3000) // after what the record itself holds
	took := timed(t, exec.Command(exe, "update", "un", "--from", folder, "--db", db))
	random := rand.New(rand.NewSource(41))
	day := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	from, fresh := 0, 0
	for i := range kills {
		day = day.AddDate(0, 0, 1)
		put(day.Format("2006-01-02"), from+100, from+3100)
		update := exec.Command(exe, "update", "un", "--from", folder, "--db", db)
		if err := update.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int63n(int64(took + took/4))))
		update.Process.Kill()
		update.Wait()
		store, err := sqlite.Open(ctx, db, sqlite.Options{})
		if err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		if err := record.Verify(ctx, store); err != nil {
			t.Errorf("kill %d: %v", i, err)
		}
		rec, err := shipped()
		if err != nil {
			t.Fatal(err)
		}
		arc, err := article41.Open(ctx, store, rec, now)
		if err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		at := record.At{AsOf: date.DayOf(now), KnownAt: date.DayOf(now)}
		refs := map[string]bool{}
		use, err := arc.OnList(ctx, at, "un", true, func(e record.Listed) error {
			if refs[e.Ref] {
				t.Errorf("kill %d: %s stands twice", i, e.Ref)
			}
			refs[e.Ref] = true
			return nil
		})
		store.Close()
		if err != nil {
			t.Fatal(err)
		}
		if use.Version.String() == day.Format("2006-01-02") {
			from += 100
			fresh++
		}
		first, last := fmt.Sprintf("TLi.%03d", from), fmt.Sprintf("TLi.%03d", from+2999)
		if len(refs) != 3000 || !refs[first] || !refs[last] {
			t.Errorf("kill %d: version of %s: %d entries, %s %v, %s %v", i, use.Version, len(refs), first, refs[first], last, refs[last])
		}
	}
	t.Logf("%d kills: the new version was held after %d", kills, fresh)
}

// got is what an address answers.
func got(t *testing.T, url string) (status int, text string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b)
}
