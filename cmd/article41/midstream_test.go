package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"path/filepath"
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

// A list is imported while rows stream through, each handed in twice: every answer
// names the position that it rests on, the answers of one position are the same to
// the byte but for their ids, and each row has one.
func TestListUpdateInTheMiddleOfAStream(t *testing.T) {
	list := shareddata.Path(t, "data/un-list/un_consolidated_2022-09-15.xml.gz")
	db := filepath.Join(t.TempDir(), "a.db")
	makeDB(t, db)
	store, err := sqlite.Open(t.Context(), db, sqlite.Options{})
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
	at := record.At{AsOf: date.MustDay("2022-10-01"), KnownAt: date.DayOf(noon)}
	arc.Warm(at)
	var m account.Master
	cover, err := account.NewVault(store.Shelf(), m, rand.Reader).Cover("queue/q")
	if err != nil {
		t.Fatal(err)
	}
	bus, err := stream.Embedded(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	l := &stream.Line{Queue: "q", Store: store.Queue(), Bus: bus, Cover: cover, Failed: func(err error) { t.Log(err) }}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- together(ctx, l.Listen,
			func(ctx context.Context) error {
				l.Work(ctx, func(ctx context.Context, q article41.Query) (article41.Sifted, error) { return arc.Sift(ctx, at, q) }, 2)
				return nil
			})
	}()
	defer func() { cancel(); <-ended }()
	rows := 0
	give := func() {
		var part [][]byte
		for range 100 {
			part = append(part, fmt.Appendf(nil, `{"id":%d,"name":"Houka Houka Ag Alhousseini"}`, rows))
			rows++
		}
		for range 2 { // delivered twice
			if _, err := l.Take(ctx, part); err != nil {
				t.Fatal(err)
			}
		}
	}
	answered := func() {
		for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
			c, err := l.Store.Counts(ctx, "q")
			if err != nil || time.Now().After(end) {
				t.Fatalf("%+v of %d rows are answered (%v)", c, rows, err)
			}
			if c.Answered >= int64(rows) {
				return
			}
		}
	}
	give()
	answered()
	imported := make(chan string, 1)
	go func() {
		_, errs, code := command(t, "import", "un", list, "--db", db)
		if code == 0 {
			errs = ""
		}
		imported <- errs
	}()
	for done := false; !done; {
		give()
		select {
		case errs := <-imported:
			if errs != "" {
				t.Fatal(errs)
			}
			done = true
		case <-time.After(10 * time.Millisecond):
		}
		if err := arc.Follow(ctx); err != nil {
			t.Fatal(err)
		}
	}
	give()
	answered()

	same := map[record.Position]string{}
	seen := map[string]bool{}
	for after := int64(0); ; {
		page, err := l.Store.Answers(ctx, "q", after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, one := range page {
			after = one.Settled
			var a stream.Answer
			if err := json.Unmarshal(one.Body, &a); err != nil || a.Sifted == nil {
				t.Fatalf("%s (%v)", one.Body, err)
			}
			if seen[string(a.ID)] {
				t.Fatalf("row %s has two answers", a.ID)
			}
			seen[string(a.ID)] = true
			b, err := json.Marshal(a.Sifted)
			if err != nil {
				t.Fatal(err)
			}
			if held, ok := same[a.Basis.Position]; ok && held != string(b) {
				t.Fatalf("two answers at position %d:\n%s\n%s", a.Basis.Position, held, b)
			}
			same[a.Basis.Position] = string(b)
		}
	}
	if len(seen) != rows || len(same) < 2 {
		t.Fatalf("%d answers to %d rows, at %d positions", len(seen), rows, len(same))
	}
	t.Logf("%d rows, each delivered twice, answered at %d positions", rows, len(same))
}
