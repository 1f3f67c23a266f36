package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"article41"
	"article41/api"
	"article41/council"
	"article41/date"
	"article41/door"
	"article41/record"
	"article41/regime"
	"article41/sqlite"
	"article41/symbol"
	"article41/web"
)

// noon is the clock of every test: a day at which the record is known.
var noon = time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)

// question is one question of a story and what must hold of its answer.
type question struct {
	line    int
	ask     []string // verb, subject, and pairs of words
	expects []string
}

func readStory(t *testing.T, path string) []question {
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []question
	for _, f := range a.Files {
		for n, l := range strings.Split(string(f.Data), "\n") {
			switch l = strings.TrimSpace(l); {
			case l == "" || strings.HasPrefix(l, "#"):
			case strings.HasPrefix(l, "ask "):
				out = append(out, question{n + 1, split(l[4:]), nil})
			default:
				out[len(out)-1].expects = append(out[len(out)-1].expects, l)
			}
		}
	}
	return out
}

// split cuts at spaces outside quotes.
func split(s string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`"([^"]*)"|(\S+)`).FindAllStringSubmatch(s, -1) {
		out = append(out, m[1]+m[2])
	}
	return out
}

func (q question) pairs() map[string]string {
	m := map[string]string{}
	for i := 2; i+1 < len(q.ask); i += 2 {
		m[q.ask[i]] = q.ask[i+1]
	}
	return m
}

// answer is what all ways of asking are brought to.
type answer struct {
	outcome  string
	status   string
	hits     []string
	listings int
	states   []regime.State
}

// way is one way of asking.
type way struct {
	name string
	ask  func(t *testing.T, q question) answer
}

// TestStories asks every question of every story in every way.
func TestStories(t *testing.T) {
	rec, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	folds, err := article41.Open(ctx, nil, rec, noon)
	if err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(t.TempDir(), "story.db")
	store, err := sqlite.Open(ctx, db, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	stored, err := article41.Open(ctx, store, rec, noon)
	if err != nil {
		t.Fatal(err)
	}
	today := func() date.Day { return date.DayOf(noon) }
	answers := httptest.NewServer(door.Local(api.New(stored, api.Options{Today: today})))
	defer answers.Close()
	pages := httptest.NewServer(door.Local(web.New(stored, web.Options{Today: today})))
	defer pages.Close()

	ways := []way{
		{"folds", func(t *testing.T, q question) answer { return askArchive(t, folds, q) }},
		{"sqlite", func(t *testing.T, q question) answer { return askArchive(t, stored, q) }},
		{"cli", func(t *testing.T, q question) answer { return askCommand(t, db, q) }},
		{"json", func(t *testing.T, q question) answer { return askJSON(t, answers.URL, q) }},
	}
	files, _ := filepath.Glob("../../testdata/story/*.txtar")
	if len(files) == 0 {
		t.Fatal("no stories")
	}
	for _, f := range files {
		for _, q := range readStory(t, f) {
			name := fmt.Sprintf("%s:%d", filepath.Base(f), q.line)
			for _, w := range ways {
				t.Run(name+"/"+w.name, func(t *testing.T) {
					got := w.ask(t, q)
					for _, e := range q.expects {
						if err := got.holds(e); err != nil {
							t.Errorf("ask %q: %v", q.ask, err)
						}
					}
				})
			}
			t.Run(name+"/page", func(t *testing.T) { askPage(t, pages.URL, q, askArchive(t, stored, q)) })
		}
	}
}

// holds checks one line of a story.
func (a answer) holds(line string) error {
	f := strings.Fields(line)
	switch f[0] {
	case "outcome":
		if want := strings.TrimPrefix(line, "outcome "); a.outcome != want {
			return fmt.Errorf("outcome %q, want %q", a.outcome, want)
		}
		return nil
	case "status":
		if a.status != f[1] {
			return fmt.Errorf("status %q, want %q", a.status, f[1])
		}
		return nil
	case "listings":
		if fmt.Sprint(a.listings) != f[1] {
			return fmt.Errorf("%d listings, want %s", a.listings, f[1])
		}
		return nil
	case "hit":
		if !slices.Contains(a.hits, f[1]+" "+f[2]) {
			return fmt.Errorf("hits %q, want %q", a.hits, f[1:])
		}
		return nil
	case "nil":
		if len(a.hits) > 0 {
			return fmt.Errorf("hits %q, want none", a.hits)
		}
		return nil
	case "only":
		for _, s := range a.states {
			if string(s.ID) != f[1] {
				return fmt.Errorf("%s binds too, want only %s", s.ID, f[1])
			}
		}
		if len(a.states) == 0 {
			return fmt.Errorf("nothing binds, want %s", f[1])
		}
		return nil
	}
	i := slices.IndexFunc(a.states, func(s regime.State) bool { return string(s.ID) == f[0] })
	if i < 0 {
		return fmt.Errorf("no state of %s", f[0])
	}
	s := a.states[i]
	if string(s.Status) != f[1] {
		return fmt.Errorf("%s is %s, want %s", f[0], s.Status, f[1])
	}
	return terms(s, line, f[2:])
}

// terms checks the rest of a line about one state.
func terms(s regime.State, line string, rest []string) error {
	day := func(d *date.Day) string {
		if d == nil {
			return "none"
		}
		return d.String()
	}
	for len(rest) > 0 {
		var got string
		want, n := "", 2
		switch rest[0] {
		case "until":
			got, want = day(s.Until), rest[1]
		case "since":
			got, want = day(s.Since), rest[1]
		case "by", "extended":
			r := s.ImposedBy
			if rest[0] == "extended" {
				r = s.ExtendedBy
			}
			if r != nil {
				got = string(r.Symbol)
			}
			want, n = symbolAt(rest)
		case "not-renewed", "void":
			var have []string
			if rest[0] == "void" {
				for _, v := range s.Void {
					have = append(have, string(v.Symbol))
				}
			} else if s.Ended != nil {
				for _, f := range s.Ended.NotRenewed {
					have = append(have, string(f.Symbol))
				}
			}
			var wanted []string
			for n = 1; n < len(rest); {
				sym, k := symbolAt(rest[n-1:])
				wanted, n = append(wanted, sym), n+k-1
			}
			got, want = strings.Join(have, " "), strings.Join(wanted, " ")
		default:
			return fmt.Errorf("line %q: what is %q?", line, rest[0])
		}
		if got != want {
			return fmt.Errorf("%s: %s %s, want %s", s.ID, rest[0], got, want)
		}
		rest = rest[n:]
	}
	return nil
}

// symbolAt reads the symbol behind the first word, with or without its year, and
// how many words both take.
func symbolAt(f []string) (string, int) {
	n := 2
	if len(f) > 2 && strings.HasPrefix(f[2], "(") {
		n = 3
	}
	return string(symbol.Must(strings.Join(f[1:n], " "))), n
}

func at(t *testing.T, q question) record.At {
	a := record.At{AsOf: date.DayOf(noon), KnownAt: date.DayOf(noon)}
	if s := q.pairs()["as-of"]; s != "" {
		a.AsOf = date.MustDay(s)
	}
	if s := q.pairs()["known-at"]; s != "" {
		a.KnownAt = date.MustDay(s)
	}
	return a
}

func changes(t *testing.T, q question) []council.Change {
	var votes, adopt []string
	if v := q.pairs()["vote"]; v != "" {
		votes = append(votes, v)
	}
	if v := q.pairs()["adopt"]; v != "" {
		adopt = append(adopt, v)
	}
	out, err := changesOf(symbol.Must(q.ask[1]), votes, adopt)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func askArchive(t *testing.T, a *article41.Archive, q question) answer {
	t.Helper()
	ctx := context.Background()
	var v any
	var err error
	switch q.ask[0] {
	case "status":
		v, err = a.Status(ctx, at(t, q), record.RegimeID(q.ask[1]))
	case "vote":
		v, err = a.Vote(ctx, at(t, q), symbol.Must(q.ask[1]))
	case "whatif":
		v, err = a.WhatIf(ctx, at(t, q), symbol.Must(q.ask[1]), changes(t, q))
	case "listing":
		v, err = a.Entry(ctx, at(t, q), "un", q.ask[1], false)
	case "screen":
		v, err = a.Screen(ctx, at(t, q), article41.Query{Name: q.ask[1]})
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return readAnswer(t, q, b)
}

// readAnswer reads the documented JSON, whoever gave it.
func readAnswer(t *testing.T, q question, b []byte) answer {
	t.Helper()
	var out answer
	into := func(v any) {
		if err := json.Unmarshal(b, v); err != nil {
			t.Fatalf("%v in %.300s", err, b)
		}
	}
	switch q.ask[0] {
	case "status":
		var s struct{ Measures, Authorizations, Bodies []regime.State }
		into(&s)
		out.states = slices.Concat(s.Measures, s.Authorizations, s.Bodies)
	case "vote":
		var v struct{ Outcome council.Outcome }
		into(&v)
		out.outcome = v.Outcome.Sentence
	case "whatif":
		var w struct {
			Counterfactual struct {
				Outcome          council.Outcome
				Measures, Bodies []regime.State
				Authorizations   []regime.State
				Listings         []struct{ ID string }
			}
			Assumes []string
		}
		into(&w)
		if len(w.Assumes) == 0 {
			t.Error("a what-if that assumes nothing")
		}
		out.outcome, out.listings = w.Counterfactual.Outcome.Sentence, len(w.Counterfactual.Listings)
		out.states = slices.Concat(w.Counterfactual.Measures, w.Counterfactual.Authorizations, w.Counterfactual.Bodies)
	case "listing":
		var e struct{ Standing regime.Standing }
		into(&e)
		out.status, out.states = e.Standing.Status, e.Standing.Law
	case "screen":
		var s struct {
			Verdict string
			Hits    []struct {
				ID, Status string
				Law        []regime.State
			}
		}
		into(&s)
		if len(s.Hits) == 0 && !strings.HasPrefix(s.Verdict, "Not found in these lists as of ") {
			t.Errorf("a nil is worded %q", s.Verdict)
		}
		for _, h := range s.Hits {
			out.hits = append(out.hits, h.ID+" "+h.Status)
			out.states = append(out.states, h.Law...)
		}
	}
	return out
}

func askCommand(t *testing.T, db string, q question) answer {
	t.Helper()
	var args []string
	p := q.pairs()
	switch q.ask[0] {
	case "whatif":
		args = []string{"whatif", q.ask[1]}
		for _, k := range []string{"vote", "adopt"} {
			if p[k] != "" {
				args = append(args, "--"+k, p[k])
			}
		}
	default:
		args = []string{q.ask[0], q.ask[1]}
	}
	for _, k := range []string{"as-of", "known-at"} {
		if p[k] != "" {
			args = append(args, "--"+k, p[k])
		}
	}
	out, errs, code := command(t, append(args, "--db", db, "--json")...)
	want := exitAnswered
	if slices.Contains(q.expects, "nil") {
		want = exitNothing
	}
	if code != want {
		t.Fatalf("exit %d, want %d: %s", code, want, errs)
	}
	return readAnswer(t, q, []byte(out))
}

// command runs the program in this process.
func command(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e strings.Builder
	code = run(context.Background(), world{strings.NewReader(""), &o, &e, func(string) string { return "" }, func() time.Time { return noon }}, args)
	return o.String(), e.String(), code
}

func query(q question) url.Values {
	v := url.Values{}
	for k, name := range map[string]string{"as-of": "as_of", "known-at": "known_at", "adopt": "adopt"} {
		if s := q.pairs()[k]; s != "" {
			v.Set(name, s)
		}
	}
	if s := q.pairs()["vote"]; s != "" {
		v.Set("vote", strings.Replace(s, "=", ":", 1))
	}
	return v
}

func fetchText(t *testing.T, method, address, contentType, body string) []byte {
	t.Helper()
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var b strings.Builder
	buf := make([]byte, 1<<16)
	for {
		n, err := resp.Body.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			break
		}
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s: %.300s", method, address, resp.Status, b.String())
	}
	return []byte(b.String())
}

func askJSON(t *testing.T, base string, q question) answer {
	t.Helper()
	v := query(q)
	tail := map[string]string{"status": "regimes/" + q.ask[1] + "/status", "vote": "votes/" + q.ask[1], "whatif": "votes/" + q.ask[1], "listing": "listings/" + q.ask[1]}[q.ask[0]]
	if q.ask[0] == "screen" {
		body, _ := json.Marshal(map[string]any{"name": q.ask[1], "as_of": q.pairs()["as-of"]})
		return readAnswer(t, q, fetchText(t, "POST", base+"/api/v1/screen", "application/json", string(body)))
	}
	return readAnswer(t, q, fetchText(t, "GET", base+"/api/v1/"+tail+"?"+v.Encode(), "", ""))
}

var tags = regexp.MustCompile(`(?s)<(style|script|svg)\b.*?</(style|script|svg)>|<[^>]*>`)

// askPage asks the page and looks for the words of the answer in it.
func askPage(t *testing.T, base string, q question, want answer) {
	t.Helper()
	v := query(q)
	var b []byte
	switch q.ask[0] {
	case "screen":
		form := url.Values{"name": {q.ask[1]}, "as_of": {q.pairs()["as-of"]}}
		b = fetchText(t, "POST", base+"/screen", "application/x-www-form-urlencoded", form.Encode())
	default:
		tail := map[string]string{"status": "regimes/", "vote": "votes/", "whatif": "votes/", "listing": "listings/"}[q.ask[0]]
		b = fetchText(t, "GET", base+"/"+tail+q.ask[1]+"?"+v.Encode(), "", "")
	}
	text := strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(string(b), " "))), " ")
	find := func(what string) {
		if !strings.Contains(plain(text), plain(what)) {
			t.Errorf("ask %q: the page does not say %q", q.ask, what)
		}
	}
	if want.outcome != "" {
		find(want.outcome)
	}
	for _, h := range want.hits {
		find(strings.Fields(h)[0])
	}
	for _, s := range want.states {
		if s.Until != nil && s.Status != regime.NotYet {
			if !strings.Contains(text, s.Until.Text()) && !strings.Contains(text, s.Until.String()) {
				t.Errorf("ask %q: the page does not give %s of %s", q.ask, s.Until, s.ID)
			}
		}
		if s.Ended != nil {
			for _, f := range s.Ended.NotRenewed {
				find(f.Symbol.String())
			}
		}
	}
	if slices.Contains(q.expects, "nil") {
		find("Not found in these lists as of")
	}
	if os.Getenv("ARTICLE41_SHOW") != "" {
		t.Log(text)
	}
}

// plain drops the spaces that markup puts between a word and its full stop.
func plain(s string) string {
	return strings.NewReplacer(" .", ".", " ,", ",", "( ", "(", " )", ")", " ;", ";", " :", ":").Replace(s)
}
