package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"article41"
	"article41/account"
	"article41/date"
	"article41/record"
	"article41/shareddata"
	"article41/sqlite"
	"article41/stream"
)

// flow is a queue within this program, on a database that others write to as well.
type flow struct {
	testing.TB
	db   string
	arc  *article41.Archive
	line *stream.Line
	rows int // handed in
}

// flowing starts a queue whose answers are for the day that at says.
func flowing(t testing.TB, at func() record.At) *flow {
	t.Helper()
	db := filepath.Join(t.TempDir(), "a.db")
	makeDB(t, db)
	store, err := sqlite.Open(t.Context(), db, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	rec, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	arc, err := article41.Open(t.Context(), store, rec, noon)
	if err != nil {
		t.Fatal(err)
	}
	arc.Warm(at())
	var m account.Master
	cover, err := account.NewVault(store.Shelf(), m, rand.Reader).Cover("queue/q")
	if err != nil {
		t.Fatal(err)
	}
	bus, err := stream.Embedded(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	l := &stream.Line{Queue: "q", Store: store.Queue(), Bus: bus, Cover: cover, Failed: func(err error) { t.Log(err) }}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- together(ctx, l.Listen,
			func(ctx context.Context) error {
				l.Work(ctx, func(ctx context.Context, q article41.Query) (article41.Sifted, error) { return arc.Sift(ctx, at(), q) }, 2)
				return nil
			})
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return &flow{TB: t, db: db, arc: arc, line: l}
}

// give hands a hundred rows in, twice.
func (f *flow) give() {
	f.Helper()
	var part [][]byte
	for range 100 {
		part = append(part, fmt.Appendf(nil, `{"id":%d,"name":"Houka Houka Ag Alhousseini"}`, f.rows))
		f.rows++
	}
	for range 2 {
		if _, err := f.line.Take(f.Context(), part); err != nil {
			f.Fatal(err)
		}
	}
}

// answered waits until all that was handed in has an answer.
func (f *flow) answered() {
	f.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		c, err := f.line.Store.Counts(f.Context(), "q")
		if err != nil || time.Now().After(end) {
			f.Fatalf("%+v of %d rows are answered (%v)", c, f.rows, err)
		}
		if c.Answered >= int64(f.rows) {
			return
		}
	}
}

// coordinate is what an answer rests on.
type coordinate struct {
	asOf, knownAt date.Day
	position      record.Position
}

// check holds that each row has one answer, and that the answers that rest on the
// same are the same to the byte but for their ids. It returns what they rest on.
func (f *flow) check() map[coordinate]string {
	f.Helper()
	f.answered()
	same := map[coordinate]string{}
	seen := map[string]bool{}
	for after := int64(0); ; {
		page, err := f.line.Store.Answers(f.Context(), "q", after, 1000)
		if err != nil {
			f.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, one := range page {
			after = one.Settled
			var a stream.Answer
			if err := json.Unmarshal(one.Body, &a); err != nil || a.Sifted == nil {
				f.Fatalf("%s (%v)", one.Body, err)
			}
			if seen[string(a.ID)] {
				f.Fatalf("row %s has two answers", a.ID)
			}
			seen[string(a.ID)] = true
			b, err := json.Marshal(a.Sifted)
			if err != nil {
				f.Fatal(err)
			}
			at := coordinate{a.AsOf, a.KnownAt, a.Basis.Position}
			if held, ok := same[at]; ok && held != string(b) {
				f.Fatalf("two answers at %+v:\n%s\n%s", at, held, b)
			}
			same[at] = string(b)
		}
	}
	if len(seen) != f.rows {
		f.Fatalf("%d answers to %d rows", len(seen), f.rows)
	}
	return same
}

// A list is imported while rows stream through, each handed in twice: every answer
// names the position that it rests on, the answers of one position are the same to
// the byte but for their ids, and each row has one.
func TestListUpdateInTheMiddleOfAStream(t *testing.T) {
	list := shareddata.Path(t, "data/un-list/un_consolidated_2022-09-15.xml.gz")
	at := record.At{AsOf: date.MustDay("2022-10-01"), KnownAt: date.DayOf(noon)}
	f := flowing(t, func() record.At { return at })
	f.give()
	f.answered()
	imported := make(chan string, 1)
	go func() {
		_, errs, code := command(t, "import", "un", list, "--db", f.db)
		if code == 0 {
			errs = ""
		}
		imported <- errs
	}()
	for done := false; !done; {
		f.give()
		select {
		case errs := <-imported:
			if errs != "" {
				t.Fatal(errs)
			}
			done = true
		case <-time.After(10 * time.Millisecond):
		}
		if err := f.arc.Follow(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	f.give()
	same := f.check()
	if len(same) < 2 {
		t.Fatalf("all is answered at %v", same)
	}
	t.Logf("%d rows, each delivered twice, answered at %d positions", f.rows, len(same))
}

// The clock jumps ahead, far back, and home, while rows stream through, and a list
// is imported under the clock that is behind: each row has one answer, which names
// the day that it is for; the ledger keeps its order and is sound.
func TestClockJumpsInTheMiddleOfAStream(t *testing.T) {
	var clock atomic.Int64 // days from noon
	now := func() time.Time { return noon.AddDate(0, 0, int(clock.Load())) }
	f := flowing(t, func() record.At {
		today := date.DayOf(now())
		return record.At{AsOf: today, KnownAt: today}
	})
	jumps := []int{0, 400, -1500, -1, 0}
	for _, days := range jumps {
		clock.Store(int64(days))
		if days == -1500 {
			var out, errs strings.Builder
			list := shareddata.Path(t, "data/un-list/un_consolidated_2022-09-15.xml.gz")
			if code := run(t.Context(), world{strings.NewReader(""), &out, &errs, func(string) string { return "" }, now}, []string{"import", "un", list, "--db", f.db}); code != 0 {
				t.Fatalf("exit %d: %s", code, &errs)
			}
			if err := f.arc.Follow(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		f.give()
		f.answered()
	}
	days := map[date.Day]string{}
	for at, answer := range f.check() {
		days[at.asOf] = answer
	}
	for _, jump := range jumps {
		if a := days[date.DayOf(noon.AddDate(0, 0, jump))]; a == "" {
			t.Errorf("no answer is for the day %+d days off: %v", jump, days)
		}
	}
	if out, errs, code := command(t, "audit", "--db", f.db); code != 0 || !strings.Contains(out, "is sound") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	// The clock is home: doctor sees nothing; under the clock that is behind it does.
	if out, _, _ := command(t, "doctor", "--db", f.db); !strings.Contains(out, "no range was recorded after now") {
		t.Error(out)
	}
	clock.Store(-2000)
	var out, errs strings.Builder
	if code := run(t.Context(), world{strings.NewReader(""), &out, &errs, func(string) string { return "" }, now}, []string{"doctor", "--db", f.db}); code != exitNothing || !strings.Contains(out.String(), "after now; set this machine's clock") {
		t.Errorf("exit %d: %s%s", code, &out, &errs)
	}
	t.Logf("%d rows at %d days", f.rows, len(days))
}
